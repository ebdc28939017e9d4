//! `kubectl cordon` and `kubectl uncordon`. Models kubectl `pkg/cmd/drain` RunCordonOrUncordon.

use alloc::format;

use serde_json::json;

use crate::api::{PatchType, Request, Verb};
use crate::kubectl::{Command, Cx, Failure, Flag, Flow, Parsed};
use crate::object::resources::NODES;

const FLAGS: &[Flag] = &[
    Flag::text("dry-run", "Only say what would be done: none, client or server.").default("none").bare("unchanged"),
    Flag::text("selector", "Nodes with these labels.").short('l'),
];

/// `kubectl cordon NODE`
pub static CORDON: Command = Command {
    name: "cordon",
    usage: "cordon NODE",
    short: "Mark node as unschedulable",
    flags: &[FLAGS],
    run: Some(|cx, parsed| run(cx, parsed, true)),
    ..Command::EMPTY
};

/// `kubectl uncordon NODE`
pub static UNCORDON: Command = Command {
    name: "uncordon",
    usage: "uncordon NODE",
    short: "Mark node as schedulable",
    flags: &[FLAGS],
    run: Some(|cx, parsed| run(cx, parsed, false)),
    ..Command::EMPTY
};

fn run(cx: &mut Cx<'_>, parsed: &Parsed, close: bool) -> Result<Flow, Failure> {
    let word = if close { "cordoned" } else { "uncordoned" };
    for name in &parsed.args {
        let Some(node) = cx.api().find(NODES, "", name) else {
            return Err(crate::api::Status::not_found(NODES, name).into());
        };
        if node.bool_at("/spec/unschedulable") == close {
            cx.out(&format!("node/{name} already {word}\n"));
            continue;
        }
        let closed = if close { json!(true) } else { json!(null) };
        let request =
            Request::new(Verb::Patch(PatchType::Strategic), NODES, "", name).with_body(json!({"spec": {"unschedulable": closed}}));
        cx.send(request)?;
        cx.out(&format!("node/{name} {word}\n"));
    }
    Ok(Flow::Done(0))
}
