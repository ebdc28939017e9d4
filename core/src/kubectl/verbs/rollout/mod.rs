//! `kubectl rollout`: watching, listing and taking back what a Deployment, DaemonSet or StatefulSet rolls out.
//! Models kubectl `pkg/cmd/rollout`. One file per subcommand.

pub mod history;
pub mod pause;
pub mod status;
pub mod undo;

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::kubectl::resources::{self, Ask, Item};
use crate::kubectl::{Command, Cx, Failure, Parsed, change, manifests};

/// `kubectl rollout SUBCOMMAND`
pub static ROLLOUT: Command = Command {
    name: "rollout",
    usage: "rollout SUBCOMMAND",
    short: "Manage the rollout of a resource",
    long: "Manage the rollout of one or many resources.\n\n Deployments, DaemonSets and StatefulSets have rollouts.",
    children: &[&history::HISTORY, &pause::PAUSE, &pause::RESUME, &undo::UNDO, &status::STATUS, &pause::RESTART],
    run: Some(change::group_out),
    ..Command::EMPTY
};

/// The objects that a subcommand is about; a type without names means all of it.
pub(super) fn items(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Vec<Result<Item, Failure>>, Failure> {
    if parsed.args.is_empty() && !manifests::given(parsed) {
        return Err(Failure::Client("required resource not specified".to_string()));
    }
    if parsed.number("revision") < 0 {
        return Err(Failure::Client(format!("revision must be a positive integer: {}", parsed.number("revision"))));
    }
    let types_only = parsed.args.len() == 1 && !parsed.args.iter().any(|arg| arg.contains('/'));
    resources::find(cx, parsed, &Ask { all: types_only, ..Ask::of(parsed) })
}

/// Says that there was nothing to do anything to.
pub(super) fn nothing(cx: &mut Cx<'_>) {
    let text = format!("No resources found in {} namespace.\n", cx.globals.namespace);
    cx.err(&text);
}

/// What is said of a kind that has no `thing`: `no history viewer has been implemented for "Pod"`.
pub(super) fn unsupported(item: &Item, doing: &str, thing: &str) -> Failure {
    let known = ["DaemonSet", "Deployment", "Job", "Pod", "ReplicaSet", "ReplicationController", "StatefulSet", "CronJob"];
    let (kind, name): (&str, String) = (&item.row.kind, item.row.group_kind());
    Failure::Client(match known.contains(&kind) {
        true => format!("no {thing} has been implemented for \"{name}\""),
        false => format!("error retrieving {doing} for \"{name}\", no visitor method exists for {{{} {kind}}}", item.row.group),
    })
}
