//! Where a script goes on: `break`, `continue`, `return`, `exit`, `exec`, `eval`, `source`.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::fail;
use crate::shell::context::Context;
use crate::shell::task::{Frame, Saved, Task};
use crate::text::fs::resolve;

pub(super) fn leave(task: &mut Task, args: &[String], again: bool, cx: &mut Context<'_>) -> Option<i32> {
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

pub(super) fn eval(task: &mut Task, args: &[String], _cx: &mut Context<'_>) -> Option<i32> {
    let mut text = args.join(" ");
    text.push('\n');
    task.state.status = 0;
    task.push(Frame::Source { text, line: 1 });
    None
}

pub(super) fn source(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let Some((file, rest)) = args.split_first() else {
        return fail(task, cx, ".: filename argument required\n.: usage: . filename [arguments]", 2);
    };
    let text = match file.as_str() {
        "/dev/stdin" => match task.fds.get(0) {
            Some(crate::shell::fds::Fd::Pipe(id)) => cx.pipes.get(*id).map(|end| end.pipe.take()).unwrap_or_default(),
            _ => String::new(),
        },
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

pub(super) fn exec(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let Some((name, rest)) = args.split_first() else { return Some(0) };
    let (env, fds) = (task.state.vars.env().clone(), task.fds.clone());
    let text = Frame::Source { text: String::from("exit $?\n"), line: 1 };
    task.push(text);
    crate::shell::launch::program(task, name, rest, env, fds, Vec::new(), cx);
    None
}

pub(super) fn exit(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let status = match args.first() {
        None => task.state.status,
        Some(_) if args.len() > 1 && args.first().is_some_and(|arg| arg.parse::<i64>().is_ok()) => {
            return fail(task, cx, "exit: too many arguments", 1);
        }
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

pub(super) fn return_(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let status = args.first().map_or(Ok(i64::from(task.state.status)), |arg| arg.parse::<i64>());
    let Ok(status) = status else {
        return fail(task, cx, &alloc::format!("return: {}: numeric argument required", args.join(" ")), 2);
    };
    if !task.leave_function(cx) {
        return fail(task, cx, "return: can only `return' from a function or sourced script", 2);
    }
    Some(i32::try_from(status.rem_euclid(256)).unwrap_or(0))
}
