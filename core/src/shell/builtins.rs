//! Builtins: commands that change the shell itself. Never: commands that could be programs (`tools`).

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use crate::text::fs::resolve;

use super::context::Context;
use super::launch::quoted;
use super::parse::is_identifier;
use super::task::{Frame, Saved, Task};
use super::tools;
use super::vars::Value;

/// A builtin: `None` if it put work on the stack whose status will be its status.
pub type Builtin = fn(&mut Task, &[String], &mut Context<'_>) -> Option<i32>;

/// All builtins, with a line of help.
pub const TABLE: &[(&str, &str, Builtin)] = &[
    (".", "run the commands of a file here", source),
    (":", "do nothing", |_, _, _| Some(0)),
    ("[", "evaluate a condition", |task, args, cx| test(task, "[", args, cx)),
    ("alias", "give a name to a command line", alias),
    ("bg", "go on in the background", |_, _, _| Some(0)),
    ("break", "leave a loop", |task, args, cx| leave(task, args, false, cx)),
    ("builtin", "run a builtin", command),
    ("cd", "change the directory", cd),
    ("command", "run a command, not a function; -v tells what it is", command),
    ("complete", "say how words are completed", |_, _, _| Some(0)),
    ("compopt", "say how words are completed", |_, _, _| Some(0)),
    ("continue", "begin the next round of a loop", |task, args, cx| leave(task, args, true, cx)),
    ("declare", "set variables", declare),
    ("disown", "forget a job", |_, _, _| Some(0)),
    ("eval", "run words as a line", eval),
    ("exec", "run a command in place of the shell", exec),
    ("exit", "leave the shell", exit),
    ("export", "give variables to programs", export),
    ("fg", "wait for a job", wait),
    ("help", "what this shell knows", help),
    ("history", "lines typed so far", history),
    ("jobs", "background jobs", jobs),
    ("kill", "end a background job", kill),
    ("let", "arithmetic", let_),
    ("local", "set variables in a function", local),
    ("logout", "leave the shell", exit),
    ("printf", "show formatted text; -v puts it into a variable", printf),
    ("read", "take a line of input into variables", super::read::start),
    ("readonly", "set variables for good", readonly),
    ("return", "leave a function", return_),
    ("set", "options and parameters", set),
    ("shift", "drop parameters", shift),
    ("shopt", "options", |_, _, _| Some(0)),
    ("source", "run the commands of a file here", source),
    ("test", "evaluate a condition", |task, args, cx| test(task, "test", args, cx)),
    ("trap", "what to do on a signal", |_, _, _| Some(0)),
    ("type", "what a command is", type_),
    ("typeset", "set variables", declare),
    ("ulimit", "limits", |_, _, _| Some(0)),
    ("umask", "permissions of new files", |_, _, _| Some(0)),
    ("unalias", "forget aliases", unalias),
    ("unset", "forget variables", unset),
    ("wait", "wait for background jobs", wait),
];

/// A builtin by name.
pub fn find(name: &str) -> Option<Builtin> {
    TABLE.binary_search_by(|(one, ..)| (*one).cmp(name)).ok().and_then(|at| TABLE.get(at)).map(|(_, _, run)| *run)
}

/// Whether the words after this one may be assignments.
pub fn declares(name: &str) -> bool {
    matches!(name, "export" | "local" | "declare" | "readonly" | "typeset" | "alias")
}

fn out(task: &Task, cx: &mut Context<'_>, text: &str) -> Option<i32> {
    match cx.write(&task.fds.clone(), 1, text) {
        Ok(()) => Some(0),
        Err(_) => Some(1),
    }
}

fn fail(task: &mut Task, cx: &mut Context<'_>, message: &str, status: i32) -> Option<i32> {
    task.complain(message, cx);
    Some(status)
}

fn cd(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let args: Vec<&str> = args.iter().map(String::as_str).filter(|arg| !matches!(*arg, "-L" | "-P" | "--")).collect();
    let target = match args.as_slice() {
        [] => match task.state.vars.get("HOME") {
            Some(home) => String::from(&*home),
            None => return fail(task, cx, "cd: HOME not set", 1),
        },
        ["-"] => match task.state.vars.get("OLDPWD") {
            Some(dir) => String::from(&*dir),
            None => return fail(task, cx, "cd: OLDPWD not set", 1),
        },
        [dir] => String::from(*dir),
        _ => return fail(task, cx, "cd: too many arguments", 1),
    };
    let mut path = resolve(&task.state.cwd, &target);
    if path.len() > 1 && path.ends_with('/') {
        path.pop();
    }
    match cx.fs.list(&path) {
        Ok(_) => {}
        Err(error) => return fail(task, cx, &alloc::format!("cd: {target}: {}", error.text()), 1),
    }
    let old = core::mem::replace(&mut task.state.cwd, Rc::from(path.as_str()));
    task.state.vars.set("OLDPWD", &old);
    task.state.vars.export("OLDPWD");
    task.state.vars.set("PWD", &path);
    task.state.vars.export("PWD");
    if args == ["-"] {
        path.push('\n');
        return out(task, cx, &path);
    }
    Some(0)
}

fn alias(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let show = |name: &str, value: &str| alloc::format!("alias {name}='{}'\n", value.replace('\'', "'\\''"));
    if args.is_empty() || args.iter().all(|arg| arg == "-p") {
        let text: String = task.state.aliases.iter().map(|(name, value)| show(name, value)).collect();
        return out(task, cx, &text);
    }
    let mut status = 0;
    for arg in args {
        match arg.split_once('=') {
            Some((name, value)) => {
                Rc::make_mut(&mut task.state.aliases).insert(Rc::from(name), Rc::from(value));
            }
            None => match task.state.aliases.get(arg.as_str()).map(|value| show(arg, value)) {
                Some(text) => {
                    out(task, cx, &text);
                }
                None => {
                    task.complain(&alloc::format!("alias: {arg}: not found"), cx);
                    status = 1;
                }
            },
        }
    }
    Some(status)
}

fn unalias(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let mut status = 0;
    for arg in args {
        let aliases = Rc::make_mut(&mut task.state.aliases);
        if arg == "-a" {
            aliases.clear();
        } else if aliases.remove(arg.as_str()).is_none() {
            task.complain(&alloc::format!("unalias: {arg}: not found"), cx);
            status = 1;
        }
    }
    Some(status)
}

fn leave(task: &mut Task, args: &[String], again: bool, cx: &mut Context<'_>) -> Option<i32> {
    let name = if again { "continue" } else { "break" };
    if !task.in_loop() {
        return fail(task, cx, &alloc::format!("{name}: only meaningful in a `for', `while', or `until' loop"), 0);
    }
    let count = match args.first().map(|arg| arg.parse::<usize>()) {
        None => 1,
        Some(Ok(count)) if count > 0 => count,
        _ => return fail(task, cx, &alloc::format!("{name}: {}: loop count out of range", args.join(" ")), 1),
    };
    task.leave_loops(count, again, cx);
    Some(0)
}

fn command(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    match args.split_first() {
        None => Some(0),
        Some((flag, names)) if flag == "-v" => {
            let mut status = 1;
            for name in names {
                if let Some(text) = describe(task, name, cx, false) {
                    out(task, cx, &text);
                    status = 0;
                }
            }
            Some(status)
        }
        Some((flag, names)) if flag == "-V" => type_(task, names, cx),
        Some((name, rest)) => {
            if let Some(builtin) = find(name) {
                return builtin(task, rest, cx);
            }
            let (env, fds) = (task.state.vars.env().clone(), task.fds.clone());
            super::launch::program(task, name, rest, env, fds, Vec::new(), cx);
            None
        }
    }
}

/// What `command -v` (short) or `type` says of a name.
fn describe(task: &Task, name: &str, cx: &Context<'_>, long: bool) -> Option<String> {
    if let Some(value) = task.state.aliases.get(name) {
        return Some(if long { alloc::format!("{name} is aliased to `{value}'\n") } else { alloc::format!("alias {name}='{value}'\n") });
    }
    if super::complete::KEYWORDS.contains(&name) {
        return Some(if long { alloc::format!("{name} is a shell keyword\n") } else { alloc::format!("{name}\n") });
    }
    if task.state.functions.contains_key(name) {
        return Some(if long { alloc::format!("{name} is a function\n") } else { alloc::format!("{name}\n") });
    }
    if find(name).is_some() || matches!(name, "echo" | "true" | "false" | "pwd") {
        return Some(if long { alloc::format!("{name} is a shell builtin\n") } else { alloc::format!("{name}\n") });
    }
    let path = tools::path_of(name, cx.host)?;
    Some(if long { alloc::format!("{name} is {path}\n") } else { alloc::format!("{path}\n") })
}

fn type_(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let mut status = 0;
    for name in args.iter().filter(|arg| !arg.starts_with('-')) {
        match describe(task, name, cx, true) {
            Some(text) => {
                out(task, cx, &text);
            }
            None => {
                task.complain(&alloc::format!("type: {name}: not found"), cx);
                status = 1;
            }
        }
    }
    Some(status)
}

fn eval(task: &mut Task, args: &[String], _cx: &mut Context<'_>) -> Option<i32> {
    let mut text = args.join(" ");
    text.push('\n');
    task.state.status = 0;
    task.push(Frame::Source { text, line: 1 });
    None
}

fn source(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let Some((file, rest)) = args.split_first() else {
        return fail(task, cx, ".: filename argument required\n.: usage: . filename [arguments]", 2);
    };
    let text = match file.as_str() {
        "/dev/stdin" | "-" => String::new(),
        _ => match cx.fs.read(&resolve(&task.state.cwd, file)) {
            Ok(text) => String::from(text.as_str()),
            Err(error) => return fail(task, cx, &alloc::format!("{file}: {}", error.text()), 1),
        },
    };
    if !rest.is_empty() {
        let args: Vec<Rc<str>> = rest.iter().map(|arg| Rc::from(arg.as_str())).collect();
        let old = core::mem::replace(&mut task.state.args, Rc::from(args));
        task.push(Frame::Restore(Saved { args: Some(old), ..Saved::default() }));
    }
    task.state.status = 0;
    // A completion script is for the real bash: its functions mean nothing here.
    if text.contains("# bash completion ") {
        return Some(0);
    }
    task.push(Frame::Source { text, line: 1 });
    None
}

fn exec(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let Some((name, rest)) = args.split_first() else { return Some(0) };
    let (env, fds) = (task.state.vars.env().clone(), task.fds.clone());
    let text = Frame::Source { text: String::from("exit $?\n"), line: 1 };
    task.push(text);
    super::launch::program(task, name, rest, env, fds, Vec::new(), cx);
    None
}

fn exit(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let status = match args.first() {
        None => task.state.status,
        Some(arg) => match arg.parse::<i64>() {
            Ok(code) => i32::try_from(code.rem_euclid(256)).unwrap_or(0),
            Err(_) => {
                task.complain(&alloc::format!("exit: {arg}: numeric argument required"), cx);
                2
            }
        },
    };
    task.drop_frames(cx);
    task.exited = Some(status);
    Some(status)
}

fn return_(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let status = args.first().map_or(Ok(i64::from(task.state.status)), |arg| arg.parse::<i64>());
    let Ok(status) = status else {
        return fail(task, cx, &alloc::format!("return: {}: numeric argument required", args.join(" ")), 2);
    };
    if !task.leave_function(cx) {
        return fail(task, cx, "return: can only `return' from a function or sourced script", 1);
    }
    Some(i32::try_from(status.rem_euclid(256)).unwrap_or(0))
}

fn export(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let mut unexport = false;
    let names: Vec<&String> = args.iter().filter(|arg| !arg.starts_with('-')).collect();
    for arg in args.iter().filter(|arg| arg.starts_with('-')) {
        match arg.as_str() {
            "-n" => unexport = true,
            "-p" | "-f" | "--" => {}
            other => return fail(task, cx, &alloc::format!("export: {}: invalid option", other.get(0..2).unwrap_or(other)), 2),
        }
    }
    if names.is_empty() {
        let text: String =
            task.state.vars.env().iter().map(|(name, value)| alloc::format!("declare -x {name}={}\n", double_quoted(value))).collect();
        return out(task, cx, &text);
    }
    assign_each(task, &names, "export", cx, |task, name| {
        if unexport {
            task.state.vars.unexport(name);
        } else {
            task.state.vars.export(name);
        }
    })
}

fn double_quoted(value: &str) -> String {
    let mut text = String::from("\"");
    for c in value.chars() {
        if matches!(c, '"' | '\\' | '$' | '`') {
            text.push('\\');
        }
        text.push(c);
    }
    text.push('"');
    text
}

fn assign_each(task: &mut Task, args: &[&String], what: &str, cx: &mut Context<'_>, then: impl Fn(&mut Task, &str)) -> Option<i32> {
    let mut status = 0;
    for arg in args {
        let (name, value) = match arg.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (arg.as_str(), None),
        };
        let (name, append) = name.strip_suffix('+').map_or((name, false), |name| (name, true));
        if !is_identifier(name) {
            task.complain(&alloc::format!("{what}: `{arg}': not a valid identifier"), cx);
            status = 1;
            continue;
        }
        if task.state.vars.is_readonly(name) && value.is_some() {
            task.complain(&alloc::format!("{name}: readonly variable"), cx);
            status = 1;
            continue;
        }
        if let Some(value) = value {
            let mut whole = String::new();
            if append {
                whole.extend(task.state.vars.get(name).as_deref());
            }
            whole.push_str(value);
            task.state.vars.set(name, &whole);
        } else if what == "export" && !task.state.vars.is_set(name) {
            continue;
        }
        then(task, name);
    }
    Some(status)
}

fn declare(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let flags: String = args.iter().filter(|arg| arg.starts_with('-')).map(|arg| arg.trim_start_matches('-')).collect();
    let names: Vec<&String> = args.iter().filter(|arg| !arg.starts_with('-')).collect();
    if flags.contains('p') {
        let mut text = String::new();
        for (name, value, exported) in task.state.vars.iter() {
            if (names.is_empty() || names.iter().any(|one| *one == name))
                && let Value::Text(value) = value
            {
                text.push_str(&alloc::format!("declare {} {name}={}\n", if exported { "-x" } else { "--" }, double_quoted(value)));
            }
        }
        return out(task, cx, &text);
    }
    assign_each(task, &names, "declare", cx, |task, name| {
        if flags.contains('x') {
            task.state.vars.export(name);
        }
        if flags.contains('r') {
            task.state.vars.make_readonly(name);
        }
    })
}

fn local(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let names: Vec<&String> = args.iter().filter(|arg| !arg.starts_with('-')).collect();
    let mut old = Vec::new();
    for arg in &names {
        let name = arg.split_once('=').map_or(arg.as_str(), |(name, _)| name);
        let value = task.state.vars.iter().find(|(one, ..)| *one == name).map(|(_, value, exported)| (value.clone(), exported));
        old.push((Rc::from(name), value));
    }
    let frame = task.frames.iter_mut().rev().find_map(|frame| match frame {
        Frame::Restore(saved) if saved.function => Some(saved),
        _ => None,
    });
    let Some(saved) = frame else { return fail(task, cx, "local: can only be used in a function", 1) };
    saved.vars.extend(old);
    for arg in &names {
        if !arg.contains('=') {
            task.state.vars.set(arg, "");
        }
    }
    assign_each(task, &names, "local", cx, |_, _| {})
}

fn readonly(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let names: Vec<&String> = args.iter().filter(|arg| !arg.starts_with('-')).collect();
    assign_each(task, &names, "readonly", cx, |task, name| task.state.vars.make_readonly(name))
}

fn unset(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let mut status = 0;
    for arg in args.iter().filter(|arg| !arg.starts_with('-')) {
        if task.state.vars.is_readonly(arg) {
            task.complain(&alloc::format!("unset: {arg}: cannot unset: readonly variable"), cx);
            status = 1;
        } else if task.state.vars.is_set(arg) && !args.iter().any(|arg| arg == "-f") {
            task.state.vars.unset(arg);
        } else {
            Rc::make_mut(&mut task.state.functions).remove(arg.as_str());
        }
    }
    Some(status)
}

fn set(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    if args.is_empty() {
        let mut text = String::new();
        for (name, value, _) in task.state.vars.iter() {
            if let Value::Text(value) = value {
                text.push_str(&alloc::format!("{name}={}\n", quoted(value)));
            }
        }
        return out(task, cx, &text);
    }
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        let on = arg.starts_with('-');
        match arg.as_str() {
            "--" => {
                set_args(task, rest.as_slice());
                break;
            }
            "-o" | "+o" => {
                let options = &mut task.state.options;
                match rest.next().map(String::as_str) {
                    Some("pipefail") => options.pipefail = on,
                    Some("errexit") => options.errexit = on,
                    Some("nounset") => options.nounset = on,
                    Some("xtrace") => options.xtrace = on,
                    Some("noglob") => options.noglob = on,
                    Some("posix" | "vi" | "emacs" | "history" | "monitor" | "notify" | "noclobber") | None => {}
                    Some(other) => return fail(task, cx, &alloc::format!("set: {other}: invalid option name"), 2),
                }
            }
            flags if (on || flags.starts_with('+')) && flags.len() > 1 => {
                for flag in flags.chars().skip(1) {
                    let options = &mut task.state.options;
                    match flag {
                        'e' => options.errexit = on,
                        'x' => options.xtrace = on,
                        'u' => options.nounset = on,
                        'f' => options.noglob = on,
                        'o' => {
                            if let Some("pipefail") = rest.next().map(String::as_str) {
                                options.pipefail = on;
                            }
                        }
                        'a' | 'b' | 'h' | 'm' | 'n' | 'v' | 'C' | 'E' | 'B' | 'H' | 'T' => {}
                        other => return fail(task, cx, &alloc::format!("set: -{other}: invalid option"), 2),
                    }
                }
            }
            _ => {
                let mut all = alloc::vec![arg.clone()];
                all.extend(rest.cloned());
                set_args(task, &all);
                break;
            }
        }
    }
    Some(0)
}

fn set_args(task: &mut Task, args: &[String]) {
    let args: Vec<Rc<str>> = args.iter().map(|arg| Rc::from(arg.as_str())).collect();
    task.state.args = Rc::from(args);
}

fn shift(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let Ok(count) = args.first().map_or(Ok(1), |arg| arg.parse::<usize>()) else {
        return fail(task, cx, &alloc::format!("shift: {}: numeric argument required", args.join(" ")), 1);
    };
    if count > task.state.args.len() {
        return Some(1);
    }
    let left: Vec<Rc<str>> = task.state.args.iter().skip(count).cloned().collect();
    task.state.args = Rc::from(left);
    Some(0)
}

fn let_(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let mut last = 0;
    for arg in args {
        match super::arith::evaluate(arg, &mut task.state.vars) {
            Ok(value) => last = value,
            Err(message) => return fail(task, cx, &alloc::format!("let: {message}"), 1),
        }
    }
    Some(i32::from(last == 0))
}

fn history(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    if args.first().is_some_and(|arg| arg == "-c") {
        task.state.history = Rc::default();
        return Some(0);
    }
    let count = args.first().and_then(|arg| arg.parse::<usize>().ok()).unwrap_or(usize::MAX);
    let skip = task.state.history.len().saturating_sub(count);
    let text: String =
        task.state.history.iter().enumerate().skip(skip).map(|(at, line)| alloc::format!("{:5}  {line}\n", at + 1)).collect();
    out(task, cx, &text)
}

fn jobs(task: &mut Task, _args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    task.poll_jobs(cx);
    let last = task.jobs.iter().map(|job| job.number).max().unwrap_or(0);
    let text: String = task.jobs.iter().filter(|job| !job.hidden).map(|job| super::jobs::line(job, last)).collect();
    task.jobs.retain(|job| job.status.is_none());
    out(task, cx, &text)
}

/// The process id that `%1` or a number means.
fn job_pid(task: &Task, arg: &str) -> Option<u32> {
    match arg.strip_prefix('%') {
        Some("" | "%" | "+") => task.jobs.last().map(|job| job.pid),
        Some(number) => number.parse::<u32>().ok().and_then(|number| task.jobs.iter().find(|job| job.number == number)).map(|job| job.pid),
        None => arg.parse().ok(),
    }
}

fn wait(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let mut pids = Vec::new();
    for arg in args.iter().filter(|arg| !arg.starts_with('-')) {
        match job_pid(task, arg) {
            Some(pid) if task.jobs.iter().any(|job| job.pid == pid) => pids.push(pid),
            Some(pid) => return fail(task, cx, &alloc::format!("wait: pid {pid} is not a child of this shell"), 127),
            None if arg.starts_with('%') => return fail(task, cx, &alloc::format!("wait: {arg}: no such job"), 127),
            None => return fail(task, cx, &alloc::format!("wait: `{arg}': not a pid or valid job spec"), 1),
        }
    }
    task.push(Frame::WaitJobs { pids });
    None
}

fn kill(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let mut status = 143;
    let mut result = 0;
    for arg in args {
        match arg.as_str() {
            "-9" | "-KILL" | "-SIGKILL" => status = 137,
            "-l" => return out(task, cx, " 1) SIGHUP\t 2) SIGINT\t 3) SIGQUIT\t 9) SIGKILL\t15) SIGTERM\n"),
            "-s" => {}
            flag if flag.starts_with('-') => {}
            "TERM" | "KILL" | "INT" | "HUP" => {}
            arg => match job_pid(task, arg) {
                Some(pid) if task.kill_job(pid, status, cx) => {}
                Some(pid) if !arg.starts_with('%') => {
                    // Processes of this machine that are not the shell's jobs (in a container) are the host's.
                    let whole: Vec<String> = args.to_vec();
                    if cx.host.has_program("kill") {
                        let (env, fds) = (task.state.vars.env().clone(), task.fds.clone());
                        super::launch::program(task, "kill", &whole, env, fds, Vec::new(), cx);
                        return None;
                    }
                    task.complain(&alloc::format!("kill: ({pid}) - No such process"), cx);
                    result = 1;
                }
                _ if arg.starts_with('%') => {
                    task.complain(&alloc::format!("kill: {arg}: no such job"), cx);
                    result = 1;
                }
                _ => {
                    task.complain(&alloc::format!("kill: {arg}: arguments must be process or job IDs"), cx);
                    result = 1;
                }
            },
        }
    }
    Some(result)
}

fn test(task: &mut Task, name: &str, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    match tools::test::truth(name, args, cx.fs, &task.state.cwd) {
        Ok(truth) => Some(i32::from(!truth)),
        Err(message) => fail(task, cx, &alloc::format!("{name}: {message}"), 2),
    }
}

fn printf(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let (variable, args) = match args {
        [flag, name, rest @ ..] if flag == "-v" => (Some(name), rest),
        [dashes, rest @ ..] if dashes == "--" => (None, rest),
        args => (None, args),
    };
    let Some((format, args)) = args.split_first() else {
        return fail(task, cx, "printf: usage: printf [-v var] format [arguments]", 2);
    };
    let (mut text, mut errors) = (String::new(), Vec::new());
    let status = tools::printf::run(format, args, &mut text, &mut errors);
    match variable {
        Some(name) => task.state.vars.set(name, &text),
        None => {
            if cx.write(&task.fds.clone(), 1, &text).is_err() {
                task.broken_pipe(cx);
                return Some(task.exit_status());
            }
        }
    }
    for message in errors {
        task.complain(&alloc::format!("printf: {message}"), cx);
    }
    Some(status)
}

fn help(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let text = tools::help::text(args.first().map(String::as_str), cx.host);
    match text {
        Some(text) => out(task, cx, &text),
        None => fail(task, cx, &alloc::format!("help: no help topics match `{}'.", args.join(" ")), 1),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_is_sorted() {
        assert!(super::TABLE.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
