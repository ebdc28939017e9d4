//! `kubectl set`: parts of objects by name. Models kubectl `pkg/cmd/set`. One file per part.

pub mod env;
pub mod image;

use crate::kubectl::{Command, change};

/// `kubectl set SUBCOMMAND`
pub static SET: Command = Command {
    name: "set",
    usage: "set SUBCOMMAND",
    short: "Set specific features on objects",
    long: "Configure application resources.\n\n These commands help you make changes to existing application resources.",
    children: &[&env::ENV, &image::IMAGE, &env::SELECT],
    run: Some(change::group),
    ..Command::EMPTY
};
