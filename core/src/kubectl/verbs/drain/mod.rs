//! `kubectl drain`: closes a node and evicts its Pods. Models kubectl `pkg/drain` and `pkg/cmd/drain`.
//!
//! ```text
//! $ kubectl drain
//! error: USAGE: drain NODE [flags]
//! See 'kubectl drain -h' for help and examples
//! $ kubectl drain w3-k8s --ignore-daemonsets 2> /dev/null
//! node/w3-k8s cordoned
//! node/w3-k8s drained
//! $ kubectl drain w3-k8s --pod-selector='a in' --dry-run=client
//! error: --pod-selector=<pod_selector> must be a valid label selector
//! ```

mod evict;
mod filters;

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::kubectl::change::DryRun;
use crate::kubectl::groups::DRY_RUN;
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed, Pending, Takes};
use crate::object::selector::{self, Selector};

use evict::Drain;

const FLAGS: &[Flag] = &[
    Flag::text("chunk-size", "How many objects to ask for at a time.").kind(FlagKind::Int, "500"),
    Flag::switch("delete-emptydir-data", "Go on even if Pods use emptyDir, whose data is lost."),
    Flag::switch("disable-eviction", "Delete instead of evicting, past disruption budgets."),
    Flag::switch("force", "Go on even if Pods have no controller and are not made again."),
    Flag::text("grace-period", "Seconds of grace for each Pod; -1 is the Pod's own.").kind(FlagKind::Int, "-1"),
    Flag::switch("ignore-daemonsets", "Leave DaemonSets' Pods where they are."),
    Flag::text("pod-selector", "Only Pods with these labels."),
    Flag::text("selector", "Nodes with these labels.").short('l'),
    Flag::text("skip-wait-for-delete-timeout", "Do not wait for Pods that have been going for longer than this many seconds.")
        .kind(FlagKind::Int, "0"),
    Flag::text("timeout", "How long to try; 0 tries as long as it takes.").kind(FlagKind::Duration, "0s"),
];

/// `kubectl drain NODE`
pub static DRAIN: Command = Command {
    name: "drain",
    takes: Takes::Name("nodes"),
    usage: "drain NODE",
    short: "Drain node in preparation for maintenance",
    examples: "# Empty a node, but for its DaemonSets' Pods\nkubectl drain w3-k8s --ignore-daemonsets",
    flags: &[DRY_RUN, FLAGS],
    run: Some(run),
    ..Command::EMPTY
};

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let by_label = parsed.text("selector");
    if parsed.args.is_empty() && !parsed.given("selector") {
        return Err(Failure::Usage("USAGE: drain NODE [flags]".to_string()));
    }
    if !parsed.args.is_empty() && !by_label.is_empty() {
        return Err(Failure::Usage("error: cannot specify both a node name and a --selector option".to_string()));
    }
    let dry_run = DryRun::of(cx, parsed)?;
    let options = Options::of(parsed, dry_run)?;
    let nodes = super::cordon::nodes(cx, parsed)?;
    for node in &nodes {
        super::cordon::mark(cx, node, true, dry_run)?;
    }
    let nodes: Vec<String> = nodes.iter().map(|node| node.name().to_string()).collect();
    let mut drain = Drain { left: nodes.clone(), nodes, options, evicting: None, drained: Vec::new(), wrong: Vec::new() };
    Ok(drain.poll(cx))
}

#[derive(Clone)]
struct Options {
    ignore_daemonsets: bool,
    force: bool,
    delete_emptydir: bool,
    delete: bool,
    grace_s: Option<i64>,
    pods: Selector,
    timeout_ms: u64,
    skip_s: i64,
    dry_run: DryRun,
}

impl Options {
    fn of(parsed: &Parsed, dry_run: DryRun) -> Result<Options, Failure> {
        let wrong = |_| Failure::Client("--pod-selector=<pod_selector> must be a valid label selector".to_string());
        Ok(Options {
            ignore_daemonsets: parsed.on("ignore-daemonsets"),
            force: parsed.on("force"),
            delete_emptydir: parsed.on("delete-emptydir-data"),
            delete: parsed.on("disable-eviction"),
            grace_s: Some(parsed.number("grace-period")).filter(|g| *g >= 0),
            pods: selector::parse(parsed.text("pod-selector")).map_err(wrong)?,
            timeout_ms: u64::try_from(parsed.duration_ms("timeout")).unwrap_or(0),
            skip_s: parsed.number("skip-wait-for-delete-timeout"),
            dry_run,
        })
    }
}
