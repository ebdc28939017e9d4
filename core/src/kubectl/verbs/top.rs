//! `kubectl top`. Models kubectl `pkg/cmd/top` and `pkg/metricsutil`.
//!
//! ```text
//! $ kubectl top nodes
//! error: Metrics API not available
//! $ kubectl top pods --sort-by=name
//! error: --sort-by accepts only cpu or memory
//! ```

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::api::usage::{PodUsage, Used};
use crate::arrange::Arrange;
use crate::kubectl::resources::{self, Ask};
use crate::kubectl::{Command, Cx, Failure, Flag, Flow, Parsed, Takes, change};
use crate::object::quantity::Quantity;
use crate::object::resources::{NODES, PODS};
use crate::text::table::{Layout, align};

const SHARED: &[Flag] = &[
    Flag::switch("no-headers", "Leave the header out."),
    Flag::text("selector", "Only objects with these labels.").short('l'),
    Flag::switch("show-swap", "Show swap too."),
    Flag::text("sort-by", "Sort by cpu or memory."),
    Flag::switch("use-protocol-buffers", "How to speak with the metrics server.").default("true"),
];

const POD_FLAGS: &[Flag] = &[
    Flag::switch("all-namespaces", "Pods of all namespaces.").short('A'),
    Flag::switch("containers", "Each container by itself."),
    Flag::text("field-selector", "Only objects with these fields."),
    Flag::switch("sum", "Add a line with the sum."),
];

/// `kubectl top`
pub static TOP: Command = Command {
    name: "top",
    suggest_for: &["stats"],
    usage: "top [flags]",
    short: "Display resource (CPU/memory) usage",
    long: "Display resource (CPU/memory) usage.\n\n This command provides a view of recent resource consumption for nodes and pods. It fetches metrics from the Metrics Server, which aggregates this data from the kubelet on each node. The Metrics Server must be installed and running in the cluster for this command to work.\n\n The metrics shown are specifically optimized for Kubernetes autoscaling decisions, such as those made by the Horizontal Pod Autoscaler (HPA) and Vertical Pod Autoscaler (VPA). Because of this, the values may not match those from standard OS tools like 'top', as the metrics are designed to provide a stable signal for autoscalers rather than for pinpoint accuracy.",
    children: &[&NODE, &POD],
    run: Some(change::group),
    ..Command::EMPTY
};

static NODE: Command = Command {
    name: "node",
    takes: Takes::Name("nodes"),
    aliases: &["nodes", "no"],
    usage: "top node [NAME | -l label]",
    short: "Display resource (CPU/memory) usage of nodes",
    examples: "# All nodes\nkubectl top node",
    flags: &[SHARED, &[Flag::switch("show-capacity", "Of what the node has, not of what it can give.")]],
    run: Some(nodes),
    ..Command::EMPTY
};

static POD: Command = Command {
    name: "pod",
    takes: Takes::Name("pods"),
    aliases: &["pods", "po"],
    usage: "top pod [NAME | -l label]",
    short: "Display resource (CPU/memory) usage of pods",
    examples: "# All Pods of the namespace\nkubectl top pod",
    flags: &[SHARED, POD_FLAGS],
    run: Some(pods),
    ..Command::EMPTY
};

/// One line: the cells before the amounts, and the amounts.
type Line = (Vec<String>, Used);

/// What a node itself uses beside its Pods.
const NODE_ITSELF: Used = Used { cpu_m: 40, memory: 620 << 20 };

/// Bits of a mebibyte.
const MIB_BITS: u32 = 20;

/// What all containers of a Pod use.
fn sum(usage: &PodUsage) -> Used {
    usage.containers.iter().fold(Used::default(), |all, (_, one)| plus(all, *one))
}

fn plus(a: Used, b: Used) -> Used {
    Used { cpu_m: a.cpu_m.saturating_add(b.cpu_m), memory: a.memory.saturating_add(b.memory) }
}

fn check(cx: &Cx<'_>, parsed: &Parsed) -> Result<(), Failure> {
    if parsed.args.len() > 1 {
        let usage = parsed.command.usage.strip_prefix("top ").unwrap_or_default();
        return Err(Failure::Usage(usage.to_string()));
    }
    let fail = |text: &str| Err(Failure::Client(text.to_string()));
    if !matches!(parsed.text("sort-by"), "" | "cpu" | "memory") {
        return fail("--sort-by accepts only cpu or memory");
    }
    let chosen = !parsed.text("selector").is_empty() || !parsed.text("field-selector").is_empty();
    if !parsed.args.is_empty() && chosen {
        return fail("only one of NAME or selector can be provided");
    }
    if !cx.api().usage.served {
        return fail("Metrics API not available");
    }
    Ok(())
}

/// The objects that are meant.
fn found(cx: &mut Cx<'_>, parsed: &Parsed, resource: &str) -> Result<Vec<alloc::rc::Rc<crate::object::Object>>, Failure> {
    let row = resources::resource(cx, resource)?;
    match parsed.args.first() {
        Some(name) => Ok(alloc::vec![resources::get(cx, &row, name)?]),
        None => Ok(resources::list(cx, &row, &Ask { all: true, ..Ask::of(parsed) })?),
    }
}

fn sort(parsed: &Parsed, lines: &mut [Line]) {
    match parsed.text("sort-by") {
        "cpu" => lines.arrange_by_key(|(_, used)| core::cmp::Reverse(used.cpu_m)),
        "memory" => lines.arrange_by_key(|(_, used)| core::cmp::Reverse(used.memory)),
        _ => lines.arrange_by(|(a, _), (b, _)| a.cmp(b)),
    }
}

fn amounts(used: Used) -> [String; 2] {
    [format!("{}m", used.cpu_m), format!("{}Mi", used.memory >> MIB_BITS)]
}

fn nodes(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    check(cx, parsed)?;
    let mut lines: Vec<Line> = Vec::new();
    let nodes = found(cx, parsed, NODES)?;
    for node in &nodes {
        let pods = cx.api().pods_on(node.name()).filter_map(|pod| cx.api().usage.of(&pod.meta.uid));
        let used = pods.fold(NODE_ITSELF, |all, usage| plus(all, sum(usage)));
        lines.push((alloc::vec![node.name().to_string()], used));
    }
    if lines.is_empty() {
        return Err(Failure::Client("metrics not available yet".to_string()));
    }
    sort(parsed, &mut lines);
    let mut rows: Vec<Vec<String>> = Vec::new();
    if !parsed.on("no-headers") {
        rows.push(["NAME", "CPU(cores)", "CPU(%)", "MEMORY(bytes)", "MEMORY(%)"].map(String::from).to_vec());
    }
    let field = if parsed.on("show-capacity") { "/status/capacity/" } else { "/status/allocatable/" };
    for (mut cells, used) in lines {
        let node = nodes.iter().find(|node| cells.first().is_some_and(|name| name == node.name()));
        let whole = |name: &str| {
            let text = node.map_or("", |node| node.text_at(&[field, name].concat()));
            Quantity::parse(text).unwrap_or(Quantity::ZERO)
        };
        let percent = |part: i64, all: i64| format!("{}%", part.saturating_mul(100).checked_div(all).unwrap_or(0));
        let [cpu, memory] = amounts(used);
        cells.extend([cpu, percent(used.cpu_m, whole("cpu").milli_value())]);
        cells.extend([memory, percent(used.memory, whole("memory").value())]);
        rows.push(cells);
    }
    cx.out(&align(Layout::GET, &rows));
    Ok(Flow::Done(0))
}

fn pods(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    check(cx, parsed)?;
    let (all, each) = (parsed.on("all-namespaces"), parsed.on("containers"));
    let mut lines: Vec<Line> = Vec::new();
    let pods = found(cx, parsed, PODS)?;
    for pod in &pods {
        let mut head = Vec::new();
        if all {
            head.push(pod.namespace().to_string());
        }
        head.push(pod.name().to_string());
        let Some(usage) = cx.api().usage.of(&pod.meta.uid) else { continue };
        if !each {
            lines.push((head, sum(usage)));
            continue;
        }
        for (name, used) in &usage.containers {
            let mut cells = head.clone();
            cells.push(name.to_string());
            lines.push((cells, *used));
        }
    }
    if lines.is_empty() && pods.is_empty() {
        let place = if all { String::new() } else { format!(" in {} namespace", cx.globals.namespace) };
        cx.err(&format!("No resources found{place}.\n"));
        return Ok(Flow::Done(0));
    }
    if lines.is_empty() {
        return Err(Failure::Client("metrics not available yet".to_string()));
    }
    sort(parsed, &mut lines);
    let mut rows: Vec<Vec<String>> = Vec::new();
    if !parsed.on("no-headers") {
        let head = [(all, "NAMESPACE"), (each, "POD"), (true, "NAME"), (true, "CPU(cores)"), (true, "MEMORY(bytes)")];
        rows.push(head.iter().filter(|(shown, _)| *shown).map(|(_, title)| title.to_string()).collect());
    }
    let mut total = Used::default();
    for (mut cells, used) in lines {
        total = plus(total, used);
        cells.extend(amounts(used));
        rows.push(cells);
    }
    if parsed.on("sum") {
        let gap = usize::from(all) + usize::from(each);
        let mut line = alloc::vec![String::new(); gap + 1];
        line.extend(["________".to_string(), "________".to_string()]);
        rows.push(line);
        let mut last = alloc::vec![String::new(); gap + 1];
        last.extend(amounts(total));
        rows.push(last);
    }
    cx.out(&align(Layout::GET, &rows));
    Ok(Flow::Done(0))
}
