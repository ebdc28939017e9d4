//! Simple commands: assignments, and finding and starting a function, builtin, tool, program of the host, or script.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use crate::text::fs::resolve;

use super::ast::{Assign, AssignValue, Redirect, Word};
use super::builtins;
use super::context::{Broken, Context};
use super::expand::Stop;
use super::fds::{Fd, Fds, PipeId};
use super::process::{BROKEN_PIPE, Env, MAX_NESTING, Started};
use super::redirect::{self, Ready};
use super::task::{Frame, Saved, Task};
use super::tools;

/// An assignment whose value is known.
enum Value {
    Text(Rc<str>, Option<String>, bool, String),
    List(Rc<str>, bool, Vec<(Option<String>, String)>),
}

/// Where programs are said to be.
pub const BIN_DIRS: [&str; 6] = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/// Expands and begins a simple command.
pub(super) fn simple(
    task: &mut Task,
    (assigns, words, lists): (&[Assign], &[Word], &[Assign]),
    redirects: &[Redirect],
    memory: &[Rc<str>],
    status: Option<i32>,
    cx: &mut Context<'_>,
) -> Result<(), Stop> {
    let (args, values, later, redirects) = task.expanding(memory, cx, |ex| -> Result<_, Stop> {
        let declares = words.first().and_then(Word::plain).is_some_and(builtins::declares);
        let mut args = Vec::new();
        for word in words {
            let assigned = declares && matches!(word.0.first(), Some(super::ast::Part::Text(text)) if text.contains('='));
            if assigned {
                args.push(ex.text(word)?);
            } else {
                args.extend(ex.words(core::slice::from_ref(word))?);
            }
        }
        let mut values = Vec::new();
        for assign in assigns {
            values.push(valued(ex, assign)?);
            // Later assignments may use earlier ones; with a program they are undone below.
            if words.is_empty()
                && let Some(value) = values.last()
            {
                store(ex.vars, value);
            }
        }
        let mut later = Vec::new();
        for list in lists {
            later.push(valued(ex, list)?);
        }
        Ok((args, values, later, redirect::ready(ex, redirects)?))
    })?;
    // Long texts take their share of the poll: a loop that doubles a variable gives way.
    let bytes: usize = args.iter().map(String::len).sum::<usize>()
        + values.iter().map(|value| if let Value::Text(_, _, _, text) = value { text.len() } else { 0 }).sum::<usize>();
    cx.spend(bytes / 64);
    if task.state.options.xtrace {
        trace(task, &values, &args, cx);
    }
    let Some((name, rest)) = args.split_first() else {
        assign_only(task, &values, &redirects, status, cx);
        return Ok(());
    };
    for value in &values {
        let (Value::Text(name, ..) | Value::List(name, ..)) = value;
        if task.state.vars.is_readonly(name) {
            return Err(Stop::Error(alloc::format!("{name}: readonly variable")));
        }
    }
    let cwd = Rc::clone(&task.state.cwd);
    let (fds, pipes) = match redirect::apply(cx, &cwd, &task.fds, &redirects, task.sh()) {
        Ok(opened) => opened,
        Err(message) => {
            task.complain(&message, cx);
            task.state.status = 1;
            return Ok(());
        }
    };
    run(task, name, rest, &values, (fds, pipes), !redirects.is_empty(), cx);
    for value in &later {
        store(&mut task.state.vars, value);
    }
    Ok(())
}

/// An assignment with its words expanded.
fn valued(ex: &mut super::expand::Expander<'_>, assign: &Assign) -> Result<Value, Stop> {
    let index = match &assign.index {
        Some(word) => Some(ex.text(word)?),
        None => None,
    };
    Ok(match &assign.value {
        AssignValue::Word(word) => {
            let text = ex.text(word)?;
            if text.len() >= super::vars::MAX_VALUE_BYTES {
                return Err(Stop::Fatal(alloc::format!("xrealloc: cannot allocate {} bytes", text.len())));
            }
            Value::Text(Rc::clone(&assign.name), index, assign.append, text)
        }
        AssignValue::List(list) => {
            let mut items = Vec::new();
            for (place, word) in list {
                match place {
                    Some(place) => items.push((Some(ex.text(place)?), ex.text(word)?)),
                    None => items.extend(ex.words(core::slice::from_ref(word))?.into_iter().map(|word| (None, word))),
                }
            }
            Value::List(Rc::clone(&assign.name), assign.append, items)
        }
    })
}

fn assign_only(task: &mut Task, values: &[Value], redirects: &[Ready], status: Option<i32>, cx: &mut Context<'_>) {
    task.state.status = status.unwrap_or(0);
    for value in values {
        let (Value::Text(name, ..) | Value::List(name, ..)) = value;
        if task.state.vars.is_readonly(name) {
            let message = alloc::format!("{name}: readonly variable");
            task.complain(&message, cx);
            task.state.status = 1;
            if !task.state.options.interactive {
                task.drop_frames(cx);
                task.exited = Some(1);
            }
        }
    }
    let cwd = Rc::clone(&task.state.cwd);
    match redirect::apply(cx, &cwd, &task.fds, redirects, task.sh()) {
        Ok((fds, pipes)) => {
            if let (Some(_), Some(Fd::Pipe(id))) = (redirect::only_file(redirects), fds.get(0)) {
                let text = cx.pipes.get(*id).map(|end| end.pipe.take()).unwrap_or_default();
                if matches!(task.fds.get(1), Some(Fd::Pipe(_))) {
                    cx.write(&fds, 1, &text).ok();
                }
            }
            cx.pipes.remove(&pipes);
        }
        Err(message) => {
            task.complain(&message, cx);
            task.state.status = 1;
        }
    }
}

fn store(vars: &mut super::vars::Vars, value: &Value) {
    match value {
        Value::Text(name, ..) | Value::List(name, ..) if vars.is_readonly(name) => {}
        Value::Text(name, index, append, text) => {
            let key = match index {
                Some(index) => match vars.key(name, index) {
                    Some(key) => Some(key),
                    None => return,
                },
                None => None,
            };
            let old = match (append, &key) {
                (false, _) => None,
                (true, None) => vars.get(name),
                (true, Some(key)) => vars.element(name, key),
            };
            let whole = match (old, vars.is_integer(name)) {
                (None, _) => text.clone(),
                (Some(old), true) => [&old, "+", text.as_str()].concat(),
                (Some(old), false) => [&*old, text.as_str()].concat(),
            };
            match key {
                None => vars.set(name, &whole),
                Some(key) => vars.set_element(name, key, &whole),
            }
        }
        Value::List(name, append, list) => {
            vars.make_array(name, false);
            if !append {
                vars.set_elements(name, super::vars::Elements::new());
            }
            for (place, text) in list {
                let key = match place {
                    Some(place) => vars.key(name, place),
                    None => vars.next_place(name),
                };
                if let Some(key) = key {
                    vars.set_element(name, key, text);
                }
            }
        }
    }
}

fn trace(task: &Task, values: &[Value], args: &[String], cx: &mut Context<'_>) {
    let mut line = String::from("+");
    for value in values {
        if let Value::Text(name, _, _, text) = value {
            line.push(' ');
            line.push_str(name);
            line.push('=');
            line.push_str(&quoted(text));
        }
    }
    for arg in args {
        line.push(' ');
        line.push_str(&quoted(arg));
    }
    cx.complain(&task.fds.clone(), &line);
}

/// A word as it could be typed to mean this text.
pub fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=@%+,".contains(c) || !c.is_ascii();
    if !text.is_empty() && text.chars().all(plain) {
        return String::from(text);
    }
    alloc::format!("'{}'", text.replace('\'', "'\\''"))
}

/// Finds and begins a command whose descriptors are open.
fn run(
    task: &mut Task,
    name: &str,
    args: &[String],
    values: &[Value],
    (fds, pipes): (Fds, Vec<PipeId>),
    redirected: bool,
    cx: &mut Context<'_>,
) {
    if let Some(body) = task.state.functions.get(name).cloned() {
        let mut saved = save_vars(task, values);
        saved.function = true;
        saved.vars.push((Rc::from("FUNCNAME"), task.state.vars.keep("FUNCNAME")));
        saved.pipes = pipes;
        saved.fds = Some(core::mem::replace(&mut task.fds, fds));
        let args: Vec<Rc<str>> = args.iter().map(|arg| Rc::from(arg.as_str())).collect();
        saved.args = Some(core::mem::replace(&mut task.state.args, Rc::from(args)));
        apply(task, values);
        task.state.vars.set("FUNCNAME", name);
        if task.room(2) {
            task.push(Frame::Restore(saved));
            task.push(Frame::Command { command: body, memory: Vec::new(), status: None });
        } else {
            task.complain(&alloc::format!("{name}: maximum function nesting level exceeded"), cx);
            task.drop_frames(cx);
            task.state.status = 1;
        }
        return;
    }
    if let Some(builtin) = builtins::find(name) {
        let mut saved = save_vars(task, values);
        apply(task, values);
        let keep = name == "exec" && args.is_empty();
        if keep {
            task.fds = fds;
        } else {
            saved.pipes = pipes;
            if redirected {
                saved.fds = Some(core::mem::replace(&mut task.fds, fds));
            }
            if redirected || !saved.vars.is_empty() {
                task.push(Frame::Restore(saved));
            }
        }
        if let Some(status) = builtin(task, args, cx) {
            task.state.status = status;
        }
        return;
    }
    let mut env = task.state.vars.env().clone();
    for value in values {
        if let Value::Text(name, _, _, text) = value {
            env.set(name, text);
        }
    }
    program(task, name, args, env, fds, pipes, cx);
}

fn save_vars(task: &Task, values: &[Value]) -> Saved {
    let mut saved = Saved::default();
    for value in values {
        let (Value::Text(name, ..) | Value::List(name, ..)) = value;
        saved.vars.push((Rc::clone(name), task.state.vars.keep(name)));
    }
    saved
}

fn apply(task: &mut Task, values: &[Value]) {
    for value in values {
        store(&mut task.state.vars, value);
        if let Value::Text(name, ..) = value {
            task.state.vars.export(name);
        }
    }
}

/// Starts something that is not part of the shell.
pub(super) fn program(task: &mut Task, name: &str, args: &[String], env: Env, fds: Fds, pipes: Vec<PipeId>, cx: &mut Context<'_>) {
    // A program costs much more than a step of the shell.
    cx.spend(50);
    let cwd = Rc::clone(&task.state.cwd);
    if cx.nesting >= MAX_NESTING {
        task.complain("fork: retry: Resource temporarily unavailable", cx);
        task.state.status = 254;
        cx.pipes.remove(&pipes);
        return;
    }
    let mut failure = String::new();
    // The echo of dash knows no options but -n, and all escapes.
    let dash = (name == "echo" && task.sh() == Some(false)).then(|| {
        let (format, words) = match args {
            [first, rest @ ..] if first == "-n" => ("%b", rest),
            args => ("%b\\n", args),
        };
        [String::from(format), words.join(" ")]
    });
    let (name, args) = dash.as_ref().map_or((name, args), |words| ("printf", words.as_slice()));
    let (started, sent) = cx.with_io(&env, &cwd, &fds, |io| match find(io, name) {
        Found::Program(base) => tools::start(base, args, io).ok_or(127),
        Found::Script(text) => Ok(Started::Run(super::nested::script(name, &text, args, io))),
        Found::Failed(message, code) => {
            failure = message;
            Err(code)
        }
    });
    match (started, sent) {
        (Err(code), _) => {
            if failure.is_empty() {
                failure = alloc::format!("{name}: {}", if task.state.options.posix { "not found" } else { "command not found" });
                if let Some(text) = cx.host.instead(name).filter(|_| task.state.options.person) {
                    failure = [&failure, "\nkubepie: ", text].concat();
                }
            }
            complain_to(task, &failure, &fds, cx);
            task.state.status = code;
        }
        (Ok(Started::Done(code)), Ok(())) => task.finish(code, &fds, cx),
        (Ok(Started::Done(_)), Err(Broken)) => task.state.status = BROKEN_PIPE,
        (Ok(Started::Run(process)), Ok(())) => {
            task.push(Frame::Process { process, fds, env, pipes });
            return;
        }
        (Ok(Started::Run(mut process)), Err(Broken)) => {
            process.abandon(cx.host);
            task.state.status = BROKEN_PIPE;
        }
    }
    cx.pipes.remove(&pipes);
    // What bash does itself, the shell does.
    if sent.is_err() && matches!(name, "echo" | "printf" | "pwd" | "[" | "test") {
        task.broken_pipe(cx);
    }
}

fn complain_to(task: &mut Task, message: &str, fds: &Fds, cx: &mut Context<'_>) {
    let old = core::mem::replace(&mut task.fds, fds.clone());
    task.complain(message, cx);
    task.fds = old;
}

enum Found<'a> {
    Program(&'a str),
    Script(Rc<String>),
    Failed(String, i32),
}

/// What a command's name stands for.
fn find<'a>(io: &mut super::process::Io<'_>, name: &'a str) -> Found<'a> {
    let Some((dir, base)) = name.rsplit_once('/') else { return Found::Program(name) };
    let path = resolve(io.cwd, name);
    let failed = |what: &str, code| Found::Failed(alloc::format!("{name}: {what}"), code);
    match io.fs.stat(&path) {
        Ok(_) if io.fs.is_dir(&path) => failed("Is a directory", 126),
        Ok(stat) if stat.mode & 0o111 == 0 => failed("Permission denied", 126),
        Ok(_) => match io.fs.read(&path) {
            Ok(text) => Found::Script(text),
            Err(error) => failed(error.text(), 126),
        },
        Err(_) if BIN_DIRS.contains(&dir) && tools::knows(base, io.host) => Found::Program(base),
        Err(error) => failed(error.text(), 127),
    }
}
