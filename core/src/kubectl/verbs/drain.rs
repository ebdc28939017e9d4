//! `kubectl drain`: closes a node and evicts its Pods. Models kubectl `pkg/drain` and `pkg/cmd/drain`.

use alloc::boxed::Box;
use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::json;

use crate::api::{PatchType, Request, Verb};
use crate::arrange::Arrange;
use crate::kubectl::change::DryRun;
use crate::kubectl::groups::DRY_RUN;
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed, Pending, Until};
use crate::object::resources::{DAEMON_SETS, NODES, PODS};
use crate::object::selector;
use crate::object::value;
use crate::object::{Key, Object};
use crate::time::Instant;

/// How long a refused eviction waits before it is tried again.
const RETRY_MS: u64 = 5000;

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
    usage: "drain NODE",
    short: "Drain node in preparation for maintenance",
    examples: "# Empty a node, but for its DaemonSets' Pods\nkubectl drain w3-k8s --ignore-daemonsets",
    flags: &[DRY_RUN, FLAGS],
    run: Some(run),
    ..Command::EMPTY
};

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let dry_run = DryRun::of(cx, parsed)?;
    let by_label = parsed.text("selector");
    if parsed.args.is_empty() && by_label.is_empty() {
        return Err(Failure::Usage("USAGE: drain NODE [flags]".to_string()));
    }
    if !parsed.args.is_empty() && !by_label.is_empty() {
        return Err(Failure::Client("error: cannot specify both a node name and a --selector option".to_string()));
    }
    let mut nodes: Vec<String> = Vec::new();
    for arg in &parsed.args {
        let name = arg.split_once('/').map_or(arg.as_str(), |(_, name)| name);
        cx.send(Request::new(Verb::Get, NODES, "", name))?;
        nodes.push(name.to_string());
    }
    if !by_label.is_empty() {
        let wanted = selector::parse(by_label).map_err(|e| Failure::Client(e.to_string()))?;
        nodes.extend(cx.api().list(NODES, None).filter(|n| wanted.matches(&*n.meta.labels)).map(|n| n.name().to_string()));
    }
    for name in &nodes {
        close(cx, name, dry_run)?;
    }
    let mut drain = Drain {
        nodes,
        at: 0,
        options: Options::of(parsed, dry_run),
        end: u64::try_from(parsed.duration_ms("timeout")).ok().filter(|t| *t > 0).map(|t| cx.now() + t),
        evicting: None,
        failed: Vec::new(),
    };
    Ok(drain.poll(cx))
}

fn close(cx: &mut Cx<'_>, name: &str, dry_run: DryRun) -> Result<(), Failure> {
    let closed = cx.api().find(NODES, "", name).is_some_and(|n| n.bool_at("/spec/unschedulable"));
    if closed {
        cx.out(&format!("node/{name} already cordoned{}\n", dry_run.suffix()));
        return Ok(());
    }
    if dry_run != DryRun::Client {
        let mut request =
            Request::new(Verb::Patch(PatchType::Strategic), NODES, "", name).with_body(json!({"spec": {"unschedulable": true}}));
        request.params.dry_run = dry_run == DryRun::Server;
        cx.send(request)?;
    }
    cx.out(&format!("node/{name} cordoned{}\n", dry_run.suffix()));
    Ok(())
}

#[derive(Clone)]
struct Options {
    ignore_daemonsets: bool,
    force: bool,
    delete_emptydir: bool,
    delete: bool,
    grace_s: Option<i64>,
    pods: String,
    dry_run: DryRun,
}

impl Options {
    fn of(parsed: &Parsed, dry_run: DryRun) -> Options {
        Options {
            ignore_daemonsets: parsed.on("ignore-daemonsets"),
            force: parsed.on("force"),
            delete_emptydir: parsed.on("delete-emptydir-data"),
            delete: parsed.on("disable-eviction"),
            grace_s: Some(parsed.number("grace-period")).filter(|g| *g >= 0),
            pods: parsed.text("pod-selector").to_string(),
            dry_run,
        }
    }
}

/// What stands against a Pod's eviction, or is worth a word.
#[derive(Default)]
struct Plan {
    evict: Vec<Rc<Object>>,
    errors: Vec<(&'static str, Vec<String>)>,
    warnings: Vec<(&'static str, Vec<String>)>,
}

fn note(list: &mut Vec<(&'static str, Vec<String>)>, text: &'static str, pod: &Object) {
    let name = format!("{}/{}", pod.namespace(), pod.name());
    match list.iter_mut().find(|(t, _)| *t == text) {
        Some((_, names)) => names.push(name),
        None => list.push((text, alloc::vec![name])),
    }
}

fn joined(list: &[(&'static str, Vec<String>)]) -> Vec<String> {
    list.iter().map(|(text, names)| format!("{text}: {}", names.join(", "))).collect()
}

/// Looks at every Pod of a node. Models `pkg/drain` filters.go.
fn plan(cx: &Cx<'_>, node: &str, options: &Options) -> Plan {
    let mut plan = Plan::default();
    let wanted = selector::parse(&options.pods).ok();
    let pods: Vec<Rc<Object>> = cx.api().pods_on(node).cloned().collect();
    for pod in pods.iter().filter(|p| options.pods.is_empty() || wanted.as_ref().is_some_and(|s| s.matches(&*p.meta.labels))) {
        let over = matches!(pod.text_at("/status/phase"), "Succeeded" | "Failed");
        if pod.meta.annotation("kubernetes.io/config.mirror").is_some() {
            continue;
        }
        if let Some(owner) = pod.controller().filter(|o| o.kind == "DaemonSet")
            && !over
            && cx.api().find(DAEMON_SETS, pod.namespace(), &owner.name).is_some()
        {
            match options.ignore_daemonsets {
                true => note(&mut plan.warnings, "ignoring DaemonSet-managed Pods", pod),
                false => note(&mut plan.errors, "cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore)", pod),
            }
            continue;
        }
        let local = pod.items_at("/spec/volumes").iter().any(|v| value::at(v, "emptyDir").is_some());
        let mut refused = false;
        if local && !over {
            match options.delete_emptydir {
                true => note(&mut plan.warnings, "deleting Pods with local storage", pod),
                false => {
                    note(&mut plan.errors, "cannot delete Pods with local storage (use --delete-emptydir-data to override)", pod);
                    refused = true;
                }
            }
        }
        if pod.controller().is_none() && !over {
            match options.force {
                true => note(&mut plan.warnings, "deleting Pods that declare no controller", pod),
                false => {
                    note(&mut plan.errors, "cannot delete Pods that declare no controller (use --force to override)", pod);
                    refused = true;
                }
            }
        }
        if !refused {
            plan.evict.push(pod.clone());
        }
    }
    let rank = |text: &str| ["ignoring", "deleting Pods that declare"].iter().position(|p| text.starts_with(p)).map_or(9, |i| 1 - i);
    plan.warnings.retain(|(t, _)| *t != "deleting Pods with local storage");
    plan.warnings.arrange_by_key(|(t, _)| rank(t));
    plan.errors.arrange_by_key(|(t, _)| (t.contains("local storage"), *t));
    plan
}

/// Pods of a node on their way out.
#[derive(Clone)]
struct Evicting {
    /// Not asked for yet or refused, with the moment of the next try.
    waiting: Vec<(Key, String, Instant)>,
    /// Asked for and going.
    going: Vec<(Key, String)>,
}

/// A drain that goes on.
#[derive(Clone)]
struct Drain {
    nodes: Vec<String>,
    at: usize,
    options: Options,
    end: Option<Instant>,
    evicting: Option<Evicting>,
    failed: Vec<(String, Vec<String>)>,
}

impl Drain {
    fn finish(&self, cx: &mut Cx<'_>) -> Flow {
        if self.failed.is_empty() {
            return Flow::Done(0);
        }
        cx.err("There are pending nodes to be drained:\n");
        for (node, _) in &self.failed {
            cx.err(&format!(" {node}\n"));
        }
        for text in self.failed.iter().flat_map(|(_, texts)| texts) {
            cx.err(&format!("{text}\n"));
        }
        Flow::Done(1)
    }

    fn begin(&mut self, cx: &mut Cx<'_>, node: &str) -> bool {
        let plan = plan(cx, node, &self.options);
        let errors = joined(&plan.errors);
        if !errors.is_empty() {
            let shown = if let [one] = errors.as_slice() { one.clone() } else { format!("[{}]", errors.join(", ")) };
            cx.err(&format!("error: unable to drain node \"{node}\" due to error: {shown}, continuing command...\n"));
            self.failed.push((node.to_string(), errors));
            return false;
        }
        if !plan.warnings.is_empty() {
            cx.err(&format!("Warning: {}\n", joined(&plan.warnings).join("; ")));
        }
        let dry = self.options.dry_run;
        for pod in &plan.evict {
            cx.out(&format!("evicting pod {}/{}{}\n", pod.namespace(), pod.name(), dry.suffix()));
        }
        let now = cx.now();
        let waiting = match dry {
            DryRun::None => plan.evict.iter().map(|p| (p.key(), p.meta.uid.to_string(), now)).collect(),
            _ => Vec::new(),
        };
        self.evicting = Some(Evicting { waiting, going: Vec::new() });
        true
    }

    fn evict(&self, cx: &mut Cx<'_>, key: &Key) -> Result<(), crate::api::Status> {
        let mut request = match self.options.delete {
            true => Request::new(Verb::Delete, PODS, &key.namespace, &key.name),
            false => {
                let mut body =
                    json!({"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": &*key.name, "namespace": &*key.namespace}});
                if let Some(grace) = self.options.grace_s {
                    value::set(&mut body, "deleteOptions", json!({"gracePeriodSeconds": grace}));
                }
                Request::new(Verb::Create, PODS, &key.namespace, &key.name).with_subresource("eviction").with_body(body)
            }
        };
        request.params.grace_period_s = self.options.grace_s;
        cx.send(request).map(drop)
    }
}

impl Pending for Drain {
    fn poll(&mut self, cx: &mut Cx<'_>) -> Flow {
        loop {
            let Some(node) = self.nodes.get(self.at).cloned() else { return self.finish(cx) };
            if self.evicting.is_none() && !self.begin(cx, &node) {
                self.at += 1;
                continue;
            }
            let Some(mut state) = self.evicting.take() else { continue };
            let now = cx.now();
            let mut still = Vec::new();
            for (key, uid, at) in core::mem::take(&mut state.waiting) {
                if at > now {
                    still.push((key, uid, at));
                    continue;
                }
                match self.evict(cx, &key) {
                    Ok(()) => state.going.push((key, uid)),
                    Err(status) if status.is_not_found() => {}
                    Err(status) if status.reason == "TooManyRequests" => {
                        let text = format!(
                            "error when evicting pods/\"{}\" -n \"{}\" (will retry after 5s): {}\n",
                            key.name, key.namespace, status.message
                        );
                        cx.err(&text);
                        still.push((key, uid, now + RETRY_MS));
                    }
                    Err(status) => {
                        self.failed.push((
                            node.clone(),
                            alloc::vec![format!("error when evicting pods/\"{}\" -n \"{}\": {}", key.name, key.namespace, status.message)],
                        ));
                    }
                }
            }
            state.waiting = still;
            let word = if self.options.delete { "deleted" } else { "evicted" };
            for (key, uid) in core::mem::take(&mut state.going) {
                match cx.api().get(PODS, &key).is_some_and(|p| *p.meta.uid == *uid) {
                    true => state.going.push((key, uid)),
                    false => cx.out(&format!("pod/{} {word}\n", key.name)),
                }
            }
            if state.waiting.is_empty() && state.going.is_empty() {
                cx.out(&format!("node/{node} drained{}\n", self.options.dry_run.suffix()));
                self.at += 1;
                continue;
            }
            if let Some(end) = self.end.filter(|end| now >= *end) {
                let _ = end;
                let text = "global timeout reached".to_string();
                cx.err(&format!("error: unable to drain node \"{node}\" due to error: {text}, continuing command...\n"));
                self.failed.push((node, alloc::vec![text]));
                self.at += 1;
                continue;
            }
            let next = state.waiting.iter().map(|(_, _, at)| *at).chain(self.end).min();
            self.evicting = Some(state);
            let until = next.map_or(Until::Change, Until::ChangeOrAt);
            return Flow::Wait(Box::new(self.clone()), until);
        }
    }

    fn boxed_clone(&self) -> Box<dyn Pending> {
        Box::new(self.clone())
    }
}
