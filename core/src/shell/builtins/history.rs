//! `history`: the lines typed so far.

use alloc::rc::Rc;
use alloc::string::String;

use super::out;
use crate::shell::context::Context;
use crate::shell::task::Task;

pub(super) fn history(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    if args.first().is_some_and(|arg| arg == "-c") {
        task.state.history = Rc::default();
        return Some(0);
    }
    let count = args.first().and_then(|arg| arg.parse::<usize>().ok()).unwrap_or(usize::MAX);
    let skip = task.state.history.len().saturating_sub(count);
    let text: String =
        task.state.history.iter().enumerate().skip(skip).map(|(at, line)| alloc::format!("{:5}  {line}\n", at + 1)).collect();
    out(task, cx, &text)
}
