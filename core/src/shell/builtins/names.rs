//! What a word at the beginning of a line means: `alias`, `unalias`, `command`, `type`.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::{find, out};
use crate::shell::context::Context;
use crate::shell::task::Task;
use crate::shell::tools;

pub(super) fn alias(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
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

pub(super) fn unalias(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
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

pub(super) fn command(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
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
            crate::shell::launch::program(task, name, rest, env, fds, Vec::new(), cx);
            None
        }
    }
}

/// What `command -v` (short) or `type` says of a name.
fn describe(task: &Task, name: &str, cx: &Context<'_>, long: bool) -> Option<String> {
    if let Some(value) = task.state.aliases.get(name) {
        return Some(if long { alloc::format!("{name} is aliased to `{value}'\n") } else { alloc::format!("alias {name}='{value}'\n") });
    }
    if crate::shell::complete::KEYWORDS.contains(&name) {
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

pub(super) fn type_(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
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
