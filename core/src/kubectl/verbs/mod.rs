//! The verbs, one file each, and the table that lists them. Adding a verb is adding a file and a row.

pub mod about;
pub mod annotate;
pub mod apply;
pub mod autoscale;
pub mod complete;
pub mod config;
pub mod cordon;
pub mod create;
pub mod delete;
pub mod describe;
pub mod drain;
pub mod exec;
pub mod explain;
pub mod expose;
pub mod get;
pub mod globals;
pub mod help;
pub mod label;
pub mod logs;
pub mod patch;
pub mod replace;
pub mod rollout;
pub mod run;
pub mod scale;
pub mod set;
pub mod taint;
pub mod wait;

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
        &annotate::ANNOTATE,
        &apply::APPLY,
        &autoscale::AUTOSCALE,
        &complete::COMPLETE,
        &config::CONFIG,
        &cordon::CORDON,
        &cordon::UNCORDON,
        &create::CREATE,
        &delete::DELETE,
        &describe::DESCRIBE,
        &drain::DRAIN,
        &exec::EXEC,
        &explain::EXPLAIN,
        &expose::EXPOSE,
        &get::GET,
        &help::HELP,
        &help::OPTIONS,
        &label::LABEL,
        &logs::LOGS,
        &patch::PATCH,
        &replace::REPLACE,
        &rollout::ROLLOUT,
        &run::RUN,
        &scale::SCALE,
        &set::SET,
        &taint::TAINT,
        &wait::WAIT,
    ],
    ..Command::EMPTY
};
