//! The verbs, one file each, and the table that lists them. Adding a verb is adding a file and a row.

pub mod about;
pub mod cordon;
pub mod create;
pub mod explain;
pub mod globals;
pub mod help;
pub mod logs;

use super::command::Command;

/// `kubectl` itself.
pub static ROOT: Command = Command {
    name: "kubectl",
    usage: "kubectl [flags] [options]",
    short: "kubectl controls the Kubernetes cluster manager.",
    children: &[
        &about::API_RESOURCES,
        &about::API_VERSIONS,
        &about::AUTH,
        &about::CLUSTER_INFO,
        &about::COMPLETION,
        &about::PLUGIN,
        &about::TOP_COMMAND,
        &about::VERSION,
        &cordon::CORDON,
        &cordon::UNCORDON,
        &create::CREATE,
        &explain::EXPLAIN,
        &help::HELP,
        &help::OPTIONS,
        &logs::LOGS,
    ],
    ..Command::EMPTY
};
