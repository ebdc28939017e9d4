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

/// What kind of thing a name is, in the one word of `type -t`.
fn kind(task: &Task, name: &str, cx: &Context<'_>) -> Option<&'static str> {
    if task.state.aliases.contains_key(name) {
        return Some("alias");
    }
    if crate::shell::complete::KEYWORDS.contains(&name) {
        return Some("keyword");
    }
    if task.state.functions.contains_key(name) {
        return Some("function");
    }
    if find(name).is_some() || matches!(name, "echo" | "true" | "false" | "pwd") {
        return Some("builtin");
    }
    tools::path_of(name, cx.host).map(|_| "file")
}

/// A function as it could be typed again.
fn written(task: &Task, name: &str) -> Option<String> {
    use crate::shell::ast::Body;
    let command = task.state.functions.get(name)?;
    let (open, close, list) = match &command.body {
        Body::Group(list) => ("{ ", "}", list),
        Body::Subshell(list) => ("(", ")", list),
        _ => return Some(alloc::format!("{name} () \n")),
    };
    let lines: Vec<String> = list.iter().map(|one| ["    ", one.source.trim_end_matches([';', ' '])].concat()).collect();
    Some(alloc::format!("{name} () \n{open}\n{}\n{close}\n", lines.join(";\n")))
}

/// `declare -f` and `declare -F`: functions, or their names only.
pub(super) fn functions(task: &mut Task, names: &[&String], only_names: bool, cx: &mut Context<'_>) -> Option<i32> {
    let all: Vec<String> = match names {
        [] => task.state.functions.keys().map(|name| String::from(&**name)).collect(),
        names => names.iter().copied().cloned().collect(),
    };
    let mut status = 0;
    for name in all {
        match written(task, &name) {
            Some(_) if only_names && names.is_empty() => out(task, cx, &alloc::format!("declare -f {name}\n")),
            Some(_) if only_names => out(task, cx, &alloc::format!("{name}\n")),
            Some(text) => out(task, cx, &text),
            None => {
                status = 1;
                None
            }
        };
    }
    Some(status)
}

pub(super) fn type_(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let mut status = 0;
    let flags: String = args.iter().filter_map(|arg| arg.strip_prefix('-')).collect();
    for name in args.iter().filter(|arg| !arg.starts_with('-')) {
        let text = match () {
            () if flags.contains('t') => kind(task, name, cx).map(|kind| [kind, "\n"].concat()),
            () if flags.contains('p') || flags.contains('P') => match kind(task, name, cx) {
                Some("file") => tools::path_of(name, cx.host).map(|path| [&path, "\n"].concat()),
                _ if flags.contains('P') => tools::path_of(name, cx.host).map(|path| [&path, "\n"].concat()),
                found => found.map(|_| String::new()),
            },
            () => describe(task, name, cx, true).map(|mut text| {
                text.extend(written(task, name).filter(|_| text.ends_with("is a function\n")));
                if flags.contains('a') && text.ends_with("builtin\n") {
                    text.extend(tools::path_of(name, cx.host).map(|path| alloc::format!("{name} is {path}\n")));
                }
                text
            }),
        };
        match text {
            Some(text) => {
                out(task, cx, &text);
            }
            None => {
                if !flags.contains(['t', 'p', 'P']) {
                    task.complain(&alloc::format!("type: {name}: not found"), cx);
                }
                status = 1;
            }
        }
    }
    Some(status)
}
