//! The options and the parameters of a shell: `set` and `shift`.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::{fail, out};
use crate::shell::context::Context;
use crate::shell::launch::quoted;
use crate::shell::task::Task;
use crate::shell::vars::Value;

pub(super) fn set(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
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
                let Some(name) = rest.next() else { return listed(task, on, cx) };
                if !switch(task, name, on) {
                    return fail(task, cx, &alloc::format!("set: {name}: invalid option name"), 2);
                }
            }
            flags if (on || flags.starts_with('+')) && flags.len() > 1 => {
                for flag in flags.chars().skip(1) {
                    if flag == 'o' {
                        if !rest.next().is_none_or(|name| switch(task, name, on)) {
                            return fail(task, cx, "set: invalid option name", 2);
                        }
                        continue;
                    }
                    match OPTIONS.iter().find(|(letter, _)| *letter == flag) {
                        Some((_, name)) => {
                            if !switch(task, name, on) {
                                return fail(task, cx, &alloc::format!("set: {name}: kubepie does not have this option"), 2);
                            }
                        }
                        None if "EHTpt".contains(flag) => {}
                        None => {
                            task.complain(&alloc::format!("set: -{flag}: invalid option"), cx);
                            let usage = "set: usage: set [-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]";
                            cx.complain(&task.fds.clone(), usage);
                            return Some(2);
                        }
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

/// The options, by letter and name; those without a letter have a blank.
const OPTIONS: &[(char, &str)] = &[
    ('a', "allexport"),
    ('B', "braceexpand"),
    (' ', "emacs"),
    ('e', "errexit"),
    (' ', "errtrace"),
    (' ', "functrace"),
    ('h', "hashall"),
    (' ', "histexpand"),
    (' ', "history"),
    (' ', "ignoreeof"),
    (' ', "interactive-comments"),
    ('k', "keyword"),
    ('m', "monitor"),
    ('C', "noclobber"),
    ('n', "noexec"),
    ('f', "noglob"),
    (' ', "nolog"),
    ('b', "notify"),
    ('u', "nounset"),
    (' ', "onecmd"),
    ('P', "physical"),
    (' ', "pipefail"),
    (' ', "posix"),
    (' ', "privileged"),
    ('v', "verbose"),
    (' ', "vi"),
    ('x', "xtrace"),
];

/// Switches an option; false if there is none of this name. Those that make no difference here are taken and forgotten.
fn switch(task: &mut Task, name: &str, on: bool) -> bool {
    let options = &mut task.state.options;
    match name {
        "allexport" => {
            options.allexport = on;
            task.state.vars.export_all(on);
        }
        "errexit" => options.errexit = on,
        // Kept out rather than forgotten: files would be lost that it should save.
        "noclobber" | "noexec" if on => return false,
        "noglob" => options.noglob = on,
        "nounset" => options.nounset = on,
        "pipefail" => options.pipefail = on,
        "xtrace" => options.xtrace = on,
        _ => return OPTIONS.iter().any(|(_, one)| *one == name),
    }
    true
}

/// `set -o` and `set +o` alone.
fn listed(task: &mut Task, table: bool, cx: &mut Context<'_>) -> Option<i32> {
    let options = task.state.options;
    let mut text = String::new();
    for (_, name) in OPTIONS {
        let on = match *name {
            "allexport" => options.allexport,
            "errexit" => options.errexit,
            "noglob" => options.noglob,
            "nounset" => options.nounset,
            "pipefail" => options.pipefail,
            "xtrace" => options.xtrace,
            "braceexpand" | "hashall" | "interactive-comments" => true,
            "emacs" | "histexpand" | "history" | "monitor" => options.interactive,
            _ => false,
        };
        text.push_str(&match table {
            true => alloc::format!("{name:<15}\t{}\n", if on { "on" } else { "off" }),
            false => alloc::format!("set {}o {name}\n", if on { '-' } else { '+' }),
        });
    }
    out(task, cx, &text)
}

fn set_args(task: &mut Task, args: &[String]) {
    let args: Vec<Rc<str>> = args.iter().map(|arg| Rc::from(arg.as_str())).collect();
    task.state.args = Rc::from(args);
}

pub(super) fn shift(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let Ok(count) = args.first().map_or(Ok(1), |arg| arg.parse::<usize>()) else {
        return fail(task, cx, &alloc::format!("shift: {}: numeric argument required", args.join(" ")), 1);
    };
    if args.len() > 1 {
        return fail(task, cx, "shift: too many arguments", 1);
    }
    if count > task.state.args.len() {
        return Some(1);
    }
    let left: Vec<Rc<str>> = task.state.args.iter().skip(count).cloned().collect();
    task.state.args = Rc::from(left);
    Some(0)
}
