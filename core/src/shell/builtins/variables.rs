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

pub(super) fn local(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
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

pub(super) fn readonly(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let names: Vec<&String> = args.iter().filter(|arg| !arg.starts_with('-')).collect();
    assign_each(task, &names, "readonly", cx, |task, name| task.state.vars.make_readonly(name))
}

pub(super) fn unset(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
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

pub(super) fn let_(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let mut last = 0;
    for arg in args {
        match crate::shell::arith::evaluate(arg, &mut task.state.vars) {
            Ok(value) => last = value,
            Err(message) => return fail(task, cx, &alloc::format!("let: {message}"), 1),
        }
    }
    Some(i32::from(last == 0))
}
