//! `kubectl cordon` and `kubectl uncordon`. Models kubectl `pkg/cmd/drain` RunCordonOrUncordon.
//!
//! ```text
//! $ kubectl cordon w3-k8s
//! node/w3-k8s cordoned
//! $ kubectl cordon w3-k8s
//! node/w3-k8s already cordoned
//! $ kubectl uncordon -l kubernetes.io/hostname=w3-k8s
//! node/w3-k8s uncordoned
//! $ kubectl cordon w3-k8s w3-k8s
//! node/w3-k8s cordoned
//! node/w3-k8s cordoned
//! ```

use alloc::format;
use alloc::rc::Rc;
use alloc::string::ToString;
use alloc::vec::Vec;

use serde_json::json;

use crate::api::{PatchType, Request, Verb};
use crate::kubectl::change::DryRun;
use crate::kubectl::resources::{self, Ask};
use crate::kubectl::{Command, Cx, Failure, Flag, Flow, Parsed, Takes};
use crate::object::Object;
use crate::object::resources::NODES;

const FLAGS: &[Flag] = &[
    Flag::text("dry-run", "Only say what would be done: none, client or server.").default("none").bare("unchanged"),
    Flag::text("selector", "Nodes with these labels.").short('l'),
];

/// `kubectl cordon NODE`
pub static CORDON: Command = Command {
    name: "cordon",
    takes: Takes::Name("nodes"),
    usage: "cordon NODE",
    short: "Mark node as unschedulable",
    flags: &[FLAGS],
    run: Some(|cx, parsed| run(cx, parsed, true)),
    ..Command::EMPTY
};

/// `kubectl uncordon NODE`
pub static UNCORDON: Command = Command {
    name: "uncordon",
    takes: Takes::Name("nodes"),
    usage: "uncordon NODE",
    short: "Mark node as schedulable",
    flags: &[FLAGS],
    run: Some(|cx, parsed| run(cx, parsed, false)),
    ..Command::EMPTY
};

/// The nodes that the command line names, by argument or label.
///
/// # Errors
/// Nodes that are not there, and arguments that name something else.
pub(super) fn nodes(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Vec<Rc<Object>>, Failure> {
    let row = resources::resource(cx, NODES)?;
    let selector = parsed.text("selector");
    if parsed.args.is_empty() {
        return Ok(resources::list(cx, &row, &Ask { selector: selector.to_string(), ..Ask::default() })?);
    }
    let mut nodes = Vec::new();
    for arg in &parsed.args {
        let (word, name) = arg.split_once('/').unwrap_or((NODES, arg));
        let found = resources::resource(cx, word)?;
        let node = resources::get(cx, &found, name)?;
        if found.key() != NODES {
            let got = format!("{}/{}, Resource={}", found.group, found.version, found.plural);
            return Err(Failure::Client(format!("error: expected resource of type node, got \"{got}\"")));
        }
        nodes.push(node);
    }
    Ok(nodes)
}

fn run(cx: &mut Cx<'_>, parsed: &Parsed, close: bool) -> Result<Flow, Failure> {
    let verb = if close { "cordon" } else { "uncordon" };
    if parsed.args.is_empty() && !parsed.given("selector") {
        return Err(Failure::Usage(format!("USAGE: {verb} NODE [flags]")));
    }
    if !parsed.args.is_empty() && !parsed.text("selector").is_empty() {
        return Err(Failure::Usage("error: cannot specify both a node name and a --selector option".to_string()));
    }
    let dry_run = DryRun::of(cx, parsed)?;
    for node in nodes(cx, parsed)? {
        mark(cx, &node, close, dry_run)?;
    }
    Ok(Flow::Done(0))
}

/// Closes or opens a node and tells of it; whether that was needed is decided by the node as it was read.
///
/// # Errors
/// The server's refusal.
pub(super) fn mark(cx: &mut Cx<'_>, node: &Object, close: bool, dry_run: DryRun) -> Result<(), Failure> {
    let (name, word, suffix) = (node.name(), if close { "cordoned" } else { "uncordoned" }, dry_run.suffix());
    if node.bool_at("/spec/unschedulable") == close {
        cx.out(&format!("node/{name} already {word}{suffix}\n"));
        return Ok(());
    }
    if dry_run != DryRun::Client {
        let closed = if close { json!(true) } else { json!(null) };
        let mut request =
            Request::new(Verb::Patch(PatchType::Strategic), NODES, "", name).with_body(json!({"spec": {"unschedulable": closed}}));
        request.params.dry_run = dry_run == DryRun::Server;
        cx.send(request)?;
    }
    cx.out(&format!("node/{name} {word}{suffix}\n"));
    Ok(())
}
