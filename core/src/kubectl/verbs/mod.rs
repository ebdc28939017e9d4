//! The verbs, one file each, and the table that lists them. Adding a verb is adding a file and a row.

pub mod about;
pub mod apply;
pub mod cordon;
pub mod create;
pub mod delete;
pub mod drain;
pub mod explain;
pub mod globals;
pub mod help;
pub mod logs;
pub mod rollout;
pub mod run;
pub mod scale;
pub mod set;

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
        &run::RUN,
        &set::SET,
        &delete::DELETE,
        &rollout::ROLLOUT,
        &scale::SCALE,
        &drain::DRAIN,
        &apply::APPLY,
    ],
    ..Command::EMPTY
};
