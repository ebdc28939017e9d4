//! `trap`: what a shell does when a signal comes, a command fails, or it ends. Never: when that is (`task`).

use alloc::rc::Rc;
use alloc::string::String;

use super::{fail, out};
use crate::shell::context::Context;
use crate::shell::task::Task;

/// Signals by number.
const SIGNALS: [&str; 31] = [
    "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD",
    "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
];

/// The name of a signal without `SIG`, by name or number.
pub(super) fn signal(word: &str) -> Option<&'static str> {
    let upper = word.to_ascii_uppercase();
    let name = upper.strip_prefix("SIG").unwrap_or(&upper);
    match name.parse::<usize>() {
        Ok(0) => Some("EXIT"),
        Ok(number) => SIGNALS.get(number - 1).copied(),
        Err(_) => ["EXIT", "ERR"].iter().chain(&SIGNALS).find(|one| **one == name).copied(),
    }
}

/// The number of a signal.
pub(super) fn number(name: &str) -> i32 {
    SIGNALS.iter().position(|one| *one == name).and_then(|at| i32::try_from(at + 1).ok()).unwrap_or(0)
}

/// All signals, as `kill -l` lists them.
pub(super) fn list() -> String {
    let mut text = String::new();
    for (at, name) in SIGNALS.iter().enumerate() {
        let end = if at % 5 == 4 || at + 1 == SIGNALS.len() { '\n' } else { '\t' };
        text.push_str(&alloc::format!("{:>2}) SIG{name}{end}", at + 1));
    }
    text
}

pub(super) fn trap(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let args = if args.first().is_some_and(|arg| arg == "--") { args.get(1..).unwrap_or_default() } else { args };
    let (first, signals) = match args.split_first() {
        None => ("-p", args),
        Some((first, rest)) => (first.as_str(), rest),
    };
    if first == "-l" {
        return out(task, cx, &list());
    }
    if first == "-p" {
        let text: String = task
            .state
            .traps
            .iter()
            .map(|(name, text)| {
                let sig = if matches!(&**name, "EXIT" | "ERR") { "" } else { "SIG" };
                alloc::format!("trap -- '{}' {sig}{name}\n", text.replace('\'', "'\\''"))
            })
            .collect();
        return out(task, cx, &text);
    }
    // One word alone names a signal whose trap is taken away.
    let (first, signals) = if signals.is_empty() { ("-", args) } else { (first, signals) };
    let mut status = 0;
    for word in signals {
        match signal(word) {
            Some(name) => {
                let traps = Rc::make_mut(&mut task.state.traps);
                if first == "-" {
                    traps.remove(name);
                } else {
                    traps.insert(Rc::from(name), Rc::from(first));
                }
            }
            None if matches!(word.as_str(), "DEBUG" | "RETURN") => {
                status = fail(task, cx, &alloc::format!("trap: {word}: kubepie does not run traps for it"), 1)?;
            }
            None => status = fail(task, cx, &alloc::format!("trap: {word}: invalid signal specification"), 1)?,
        }
    }
    Some(status)
}
