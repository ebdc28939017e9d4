//! Help of any command: usage line, subcommands, flags with their defaults. Models kubectl `pkg/util/templates`.

use alloc::format;

use crate::kubectl::{Cx, Failure, Flow, Parsed};

/// Prints the help of the command that was called.
///
/// # Errors
/// None yet; the shape is that of a verb.
pub fn print(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let command = parsed.command;
    cx.out(&format!("{}\n\nUsage:\n  {}\n", if command.long.is_empty() { command.short } else { command.long }, command.usage));
    Ok(Flow::Done(0))
}
