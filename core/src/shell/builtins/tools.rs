//! Builtins that are small tools as well: `test`, `printf`, `help`.
//! Never: what they do (`tools`).

use alloc::string::String;
use alloc::vec::Vec;

use super::{fail, out};
use crate::shell::context::Context;
use crate::shell::task::Task;
use crate::shell::tools;

pub(super) fn test(task: &mut Task, name: &str, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    match tools::test::truth(name, args, cx.fs, &task.state.cwd) {
        Ok(truth) => Some(i32::from(!truth)),
        Err(message) => fail(task, cx, &alloc::format!("{name}: {message}"), 2),
    }
}

pub(super) fn printf(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let dashed = args.first().is_some_and(|first| first == "--");
    let (variable, args) = match args {
        [flag, name, rest @ ..] if flag == "-v" => (Some(name), rest),
        [dashes, rest @ ..] if dashes == "--" => (None, rest),
        args => (None, args),
    };
    let Some((format, args)) = args.split_first() else {
        cx.complain(&task.fds.clone(), "printf: usage: printf [-v var] format [arguments]");
        return Some(2);
    };
    if format.len() > 1
        && variable.is_none()
        && !dashed
        && format.starts_with('-')
        && args.is_empty()
        && !format.contains('%')
        && !format.starts_with("--")
    {
        let letter: String = format.chars().take(2).collect();
        task.complain(&alloc::format!("printf: {letter}: invalid option"), cx);
        cx.complain(&task.fds.clone(), "printf: usage: printf [-v var] format [arguments]");
        return Some(2);
    }
    let (mut text, mut errors) = (String::new(), Vec::new());
    let status = tools::printf::run(format, args, &mut text, &mut errors);
    match variable {
        Some(name) => match name.strip_suffix(']').and_then(|name| name.split_once('[')) {
            Some((name, index)) => {
                if let Some(key) = task.state.vars.key(name, index) {
                    task.state.vars.set_element(name, key, &text);
                }
            }
            None => task.state.vars.set(name, &text),
        },
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

pub(super) fn help(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let text = tools::help::text(args.first().map(String::as_str), cx.host);
    match text {
        Some(text) => out(task, cx, &text),
        None => fail(task, cx, &alloc::format!("help: no help topics match `{}'.", args.join(" ")), 1),
    }
}
