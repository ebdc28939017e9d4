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

pub(super) fn shift(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
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
