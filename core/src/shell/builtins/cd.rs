//! `cd`: the directory a shell is in.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::{fail, out};
use crate::shell::context::Context;
use crate::shell::task::Task;
use crate::text::fs::resolve;

pub(super) fn cd(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
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
