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

/// `dirs`: this directory, then those that were left.
pub(super) fn dirs(task: &mut Task, cx: &mut Context<'_>) -> Option<i32> {
    let home = task.state.vars.get("HOME").unwrap_or_else(|| Rc::from("/root"));
    let short = |dir: &str| match dir.strip_prefix(&*home) {
        Some(rest) if home.len() > 1 && (rest.is_empty() || rest.starts_with('/')) => ["~", rest].concat(),
        _ => String::from(dir),
    };
    let all: Vec<String> = core::iter::once(&task.state.cwd).chain(task.state.dirs.iter().rev()).map(|dir| short(dir)).collect();
    out(task, cx, &[all.join(" ").as_str(), "\n"].concat())
}

/// `pushd DIR`
pub(super) fn pushd(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let here = Rc::clone(&task.state.cwd);
    let target = match (args.first(), task.state.dirs.last()) {
        (Some(dir), _) => dir.clone(),
        (None, Some(dir)) => String::from(&**dir),
        (None, None) => return fail(task, cx, "pushd: no other directory", 1),
    };
    if args.is_empty() {
        task.state.dirs.pop();
    }
    match cd(task, &[target], cx) {
        Some(0) => {
            task.state.dirs.push(here);
            dirs(task, cx)
        }
        failed => failed,
    }
}

/// `popd`
pub(super) fn popd(task: &mut Task, _args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    match task.state.dirs.pop() {
        None => fail(task, cx, "popd: directory stack empty", 1),
        Some(dir) => match cd(task, &[String::from(&*dir)], cx) {
            Some(0) => dirs(task, cx),
            failed => failed,
        },
    }
}
