//! Variables: `export`, `declare`, `local`, `readonly`, `unset`, and `let`, which sets them by arithmetic.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::{fail, out};
use crate::shell::context::Context;
use crate::shell::parse::is_identifier;
use crate::shell::task::{Frame, Task};
use crate::shell::vars::Value;

pub(super) fn export(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
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

pub(super) fn declare(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let flags: String = args.iter().filter_map(|arg| arg.strip_prefix('-')).collect();
    let names: Vec<&String> = args.iter().filter(|arg| !arg.starts_with(['-', '+'])).collect();
    if let Some(flag) = flags.chars().find(|flag| !"aAfFgipnrxlut".contains(*flag)) {
        return fail(task, cx, &alloc::format!("declare: -{flag}: invalid option"), 2);
    }
    if let Some(flag) = flags.chars().find(|flag| "nlu".contains(*flag)) {
        return fail(task, cx, &alloc::format!("declare: -{flag}: kubepie does not have this attribute"), 2);
    }
    if flags.contains('f') || flags.contains('F') {
        return super::names::functions(task, &names, flags.contains('F'), cx);
    }
    if flags.contains('p') {
        return print(task, &names, cx);
    }
    // In a function what is declared is the function's own.
    if !flags.contains('g') {
        keep(task, &names);
    }
    assign_each(task, &names, "declare", cx, |task, name| {
        if flags.contains('a') || flags.contains('A') {
            task.state.vars.make_array(name, flags.contains('A'));
        }
        if flags.contains('i') {
            let old = task.state.vars.get(name).unwrap_or_default();
            task.state.vars.make_integer(name);
            if !old.is_empty() {
                task.state.vars.set(name, &old);
            }
        }
        if flags.contains('x') {
            task.state.vars.export(name);
        }
        if flags.contains('r') {
            task.state.vars.make_readonly(name);
        }
    })
}

/// `declare -p`
fn print(task: &mut Task, names: &[&String], cx: &mut Context<'_>) -> Option<i32> {
    let mut text = String::new();
    let mut missing = Vec::new();
    let all: Vec<String> = match names {
        [] => task.state.vars.names(""),
        names => names.iter().copied().cloned().collect(),
    };
    for name in all {
        let vars = &task.state.vars;
        let Some((_, value, _)) = vars.iter().find(|(one, ..)| *one == name) else {
            missing.push(name);
            continue;
        };
        let value = match value {
            Value::Text(value) => double_quoted(value),
            Value::List(_) => {
                let pairs = vars.keys(&name).into_iter().zip(vars.list(&name));
                let named = vars.is_named(&name);
                let items: Vec<String> = pairs.map(|(key, one)| alloc::format!("[{key}]={}", double_quoted(&one))).collect();
                ["(", &items.join(" "), if named && !items.is_empty() { " )" } else { ")" }].concat()
            }
        };
        text.push_str(&alloc::format!("declare -{} {name}={value}\n", vars.flags(&name)));
    }
    let status = out(task, cx, &text);
    for name in &missing {
        task.complain(&alloc::format!("declare: {name}: not found"), cx);
    }
    if missing.is_empty() { status } else { Some(1) }
}

/// Lets the function that runs give these variables back as they are now; false outside of functions.
fn keep(task: &mut Task, names: &[&String]) -> bool {
    let kept: Vec<_> = names
        .iter()
        .map(|arg| arg.split_once('=').map_or(arg.as_str(), |(name, _)| name).trim_end_matches('+'))
        .map(|name| (Rc::from(name), task.state.vars.keep(name)))
        .collect();
    let frame = task.frames.iter_mut().rev().find_map(|frame| match frame {
        Frame::Restore(saved) if saved.function => Some(saved),
        _ => None,
    });
    let Some(saved) = frame else { return false };
    saved.vars.extend(kept);
    true
}

pub(super) fn local(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let flags: String = args.iter().filter_map(|arg| arg.strip_prefix('-')).collect();
    let names: Vec<&String> = args.iter().filter(|arg| !arg.starts_with('-')).collect();
    if !keep(task, &names) {
        return fail(task, cx, "local: can only be used in a function", 1);
    }
    for arg in &names {
        let name = arg.split_once('=').map_or(arg.as_str(), |(name, _)| name);
        if !name.ends_with('+') {
            task.state.vars.unset(name);
        }
        if flags.contains('a') || flags.contains('A') {
            task.state.vars.make_array(name, flags.contains('A'));
        } else if !arg.contains('=') {
            task.state.vars.set(arg, "");
        }
        if flags.contains('i') {
            task.state.vars.make_integer(name);
        }
    }
    assign_each(task, &names, "local", cx, |_, _| {})
}

pub(super) fn readonly(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let names: Vec<&String> = args.iter().filter(|arg| !arg.starts_with('-')).collect();
    assign_each(task, &names, "readonly", cx, |task, name| task.state.vars.make_readonly(name))
}

pub(super) fn unset(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let mut status = 0;
    for arg in args.iter().filter(|arg| !arg.starts_with('-')) {
        if let Some((name, index)) = arg.strip_suffix(']').and_then(|arg| arg.split_once('[')) {
            if let Some(key) = task.state.vars.key(name, index) {
                task.state.vars.unset_element(name, &key);
            }
        } else if !is_identifier(arg) && !task.state.functions.contains_key(arg.as_str()) {
            task.complain(&alloc::format!("unset: `{arg}': not a valid identifier"), cx);
            status = 1;
        } else if task.state.vars.is_readonly(arg) {
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

pub(super) fn let_(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    if args.is_empty() {
        return fail(task, cx, "let: expression expected", 1);
    }
    let mut last = 0;
    for arg in args {
        match crate::shell::arith::evaluate(arg, &mut task.state.vars) {
            Ok(value) => last = value,
            Err(message) => return fail(task, cx, &alloc::format!("let: {message}"), 1),
        }
    }
    Some(i32::from(last == 0))
}
