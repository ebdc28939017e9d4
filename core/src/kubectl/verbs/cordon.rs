//! `kubectl cordon` and `kubectl uncordon`. Models kubectl `pkg/cmd/drain` RunCordonOrUncordon.

use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;

use serde_json::json;

use crate::api::{PatchType, Request, Verb};
use crate::kubectl::change::DryRun;
use crate::kubectl::resources::{self, Ask};
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
    let (verb, word) = if close { ("cordon", "cordoned") } else { ("uncordon", "uncordoned") };
    let selector = parsed.text("selector");
    if parsed.args.is_empty() && selector.is_empty() {
        return Err(Failure::Usage(format!("USAGE: {verb} NODE [flags]")));
    }
    if !parsed.args.is_empty() && !selector.is_empty() {
        return Err(Failure::Client("error: cannot specify both a node name and a --selector option".to_string()));
    }
    let dry_run = DryRun::of(cx, parsed)?;
    let row = resources::resource(cx, "nodes")?;
    let mut nodes = Vec::new();
    if selector.is_empty() {
        for name in &parsed.args {
            let name = ["node/", "nodes/", "no/"].iter().find_map(|head| name.strip_prefix(head)).unwrap_or(name);
            nodes.push(resources::get(cx, &row, name)?);
        }
    } else {
        nodes = resources::list(cx, &row, &Ask { selector: selector.to_string(), ..Ask::default() })?;
    }
    for node in nodes {
        let name = node.name();
        let suffix = dry_run.suffix();
        if node.bool_at("/spec/unschedulable") == close {
            cx.out(&format!("node/{name} already {word}{suffix}\n"));
            continue;
        }
        if dry_run != DryRun::Client {
            let closed = if close { json!(true) } else { json!(null) };
            let mut request =
                Request::new(Verb::Patch(PatchType::Strategic), NODES, "", name).with_body(json!({"spec": {"unschedulable": closed}}));
            request.params.dry_run = dry_run == DryRun::Server;
            cx.send(request)?;
        }
        cx.out(&format!("node/{name} {word}{suffix}\n"));
    }
    Ok(Flow::Done(0))
}
