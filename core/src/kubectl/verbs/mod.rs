//! The verbs, one file each, and the table that lists them. Adding a verb is adding a file and a row.

pub mod about;
pub mod annotate;
pub mod apply;
pub mod attach;
pub mod auth;
pub mod autoscale;
pub mod certificate;
pub mod cluster_info;
pub mod complete;
pub mod completion;
pub mod config;
pub mod cordon;
pub mod cp;
pub mod create;
pub mod debug;
mod debug_custom;
pub mod delete;
pub mod describe;
pub mod diff;
pub mod drain;
pub mod edit;
pub mod events;
pub mod exec;
pub mod explain;
pub mod expose;
pub mod get;
pub mod globals;
pub mod help;
pub mod kuberc;
pub mod kustomize;
pub mod label;
pub mod logs;
pub mod patch;
pub mod port_forward;
pub mod proxy;
pub mod replace;
pub mod rollout;
pub mod run;
pub mod scale;
pub mod server;
pub mod set;
pub mod taint;
pub mod top;
mod unreachable;
pub mod wait;

use super::command::Command;

/// `kubectl` itself.
pub static ROOT: Command = Command {
    name: "kubectl",
    usage: "kubectl [flags] [options]",
    short: "kubectl controls the Kubernetes cluster manager",
    long: "kubectl controls the Kubernetes cluster manager.\n\n Find more information at: https://kubernetes.io/docs/reference/kubectl/",
    children: &[
        &create::CREATE,
        &expose::EXPOSE,
        &run::RUN,
        &set::SET,
        &explain::EXPLAIN,
        &get::GET,
        &edit::EDIT,
        &delete::DELETE,
        &rollout::ROLLOUT,
        &scale::SCALE,
        &autoscale::AUTOSCALE,
        &certificate::CERTIFICATE,
        &cluster_info::CLUSTER_INFO,
        &top::TOP,
        &cordon::CORDON,
        &cordon::UNCORDON,
        &drain::DRAIN,
        &taint::TAINT,
        &describe::DESCRIBE,
        &logs::LOGS,
        &attach::ATTACH,
        &exec::EXEC,
        &port_forward::PORT_FORWARD,
        &proxy::PROXY,
        &cp::CP,
        &auth::AUTH,
        &debug::DEBUG,
        &events::EVENTS_COMMAND,
        &diff::DIFF,
        &apply::APPLY,
        &patch::PATCH,
        &replace::REPLACE,
        &wait::WAIT,
        &kustomize::KUSTOMIZE,
        &label::LABEL,
        &annotate::ANNOTATE,
        &completion::COMPLETION,
        &about::ALPHA,
        &config::CONFIG,
        &about::PLUGIN,
        &about::VERSION,
        &about::API_VERSIONS,
        &about::API_RESOURCES,
        &help::OPTIONS,
        &kuberc::KUBERC,
        &help::HELP,
        &complete::COMPLETE,
    ],
    ..Command::EMPTY
};
