//! The verbs, one file each, and the table that lists them. Adding a verb is adding a file and a row.

pub mod cordon;
pub mod create;
pub mod globals;
pub mod help;

use super::command::Command;

/// `kubectl` itself.
pub static ROOT: Command = Command {
    name: "kubectl",
    usage: "kubectl [flags] [options]",
    short: "kubectl controls the Kubernetes cluster manager.",
    children: &[&create::CREATE, &cordon::CORDON, &cordon::UNCORDON],
    ..Command::EMPTY
};
