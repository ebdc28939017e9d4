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

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::json;

use crate::api::{PatchType, Request, Verb};
use crate::kubectl::change::DryRun;
use crate::kubectl::groups::DRY_RUN;
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed, Pending, Until};
use crate::object::resources::{DAEMON_SETS, NODES, PODS};
use crate::object::selector::{self, Selector};
use crate::object::value;
use crate::object::{Key, Object};
use crate::text::duration;
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
    for name in &nodes {
        close(cx, name, dry_run)?;
    }
    let mut drain = Drain { left: nodes.clone(), nodes, options, evicting: None, drained: Vec::new(), wrong: Vec::new() };
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

/// What a filter makes of a Pod.
enum Verdict {
    Okay,
    Skip,
    Warning(bool, String),
    Error(String),
}

const DAEMON_FATAL: &str = "cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore)";
const LOCAL_FATAL: &str = "cannot delete Pods with local storage (use --delete-emptydir-data to override)";
const UNMANAGED_FATAL: &str = "cannot delete Pods that declare no controller (use --force to override)";

type Filter = fn(&Cx<'_>, &Object, &Options) -> Verdict;

/// The filters in their order: the first that keeps a Pod decides, else the last word counts.
const FILTERS: [Filter; 5] = [skip_deleted, daemon_set, mirror, local_storage, unmanaged];

fn is_over(pod: &Object) -> bool {
    matches!(pod.text_at("/status/phase"), "Succeeded" | "Failed")
}

/// Whether a Pod has been going for longer than is waited for.
fn is_skipped(cx: &Cx<'_>, pod: &Object, options: &Options) -> bool {
    let since = pod.meta.deletion.map(|at| cx.api().wall_ms().saturating_sub(at) / 1000);
    options.skip_s > 0 && since.is_some_and(|s| s > options.skip_s)
}

fn skip_deleted(cx: &Cx<'_>, pod: &Object, options: &Options) -> Verdict {
    if is_skipped(cx, pod, options) { Verdict::Skip } else { Verdict::Okay }
}

fn daemon_set(cx: &Cx<'_>, pod: &Object, options: &Options) -> Verdict {
    let Some(owner) = pod.controller().filter(|o| o.kind == "DaemonSet" && !is_over(pod)) else { return Verdict::Okay };
    if cx.api().find(DAEMON_SETS, pod.namespace(), &owner.name).is_none() {
        let text = format!("{DAEMON_SETS} \"{}\" not found", owner.name);
        return if options.force { Verdict::Warning(true, text) } else { Verdict::Error(text) };
    }
    match options.ignore_daemonsets {
        true => Verdict::Warning(false, "ignoring DaemonSet-managed Pods".to_string()),
        false => Verdict::Error(DAEMON_FATAL.to_string()),
    }
}

fn mirror(_: &Cx<'_>, pod: &Object, _: &Options) -> Verdict {
    if pod.meta.annotation("kubernetes.io/config.mirror").is_some() { Verdict::Skip } else { Verdict::Okay }
}

fn local_storage(_: &Cx<'_>, pod: &Object, options: &Options) -> Verdict {
    let local = pod.items_at("/spec/volumes").iter().any(|v| value::at(v, "emptyDir").is_some());
    match local && !is_over(pod) {
        false => Verdict::Okay,
        true if options.delete_emptydir => Verdict::Warning(true, "deleting Pods with local storage".to_string()),
        true => Verdict::Error(LOCAL_FATAL.to_string()),
    }
}

fn unmanaged(_: &Cx<'_>, pod: &Object, options: &Options) -> Verdict {
    match is_over(pod) || pod.controller().is_some() {
        true => Verdict::Okay,
        false if options.force => Verdict::Warning(true, "deleting Pods that declare no controller".to_string()),
        false => Verdict::Error(UNMANAGED_FATAL.to_string()),
    }
}

/// What stands against the Pods' eviction, or is worth a word; each by its text, with the Pods' names.
#[derive(Default)]
struct Plan {
    evict: Vec<Rc<Object>>,
    errors: BTreeMap<String, Vec<String>>,
    warnings: BTreeMap<String, Vec<String>>,
}

fn joined(list: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    list.iter().map(|(text, names)| format!("{text}: {}", names.join(", "))).collect()
}

/// Looks at every Pod of a node. Models `pkg/drain` GetPodsForDeletion.
fn plan(cx: &Cx<'_>, node: &str, options: &Options) -> Plan {
    let mut plan = Plan::default();
    for pod in cx.api().pods_on(node).filter(|pod| options.pods.matches(&*pod.meta.labels)) {
        let name = format!("{}/{}", pod.namespace(), pod.name());
        let mut last = Verdict::Okay;
        for filter in FILTERS {
            last = filter(cx, pod, options);
            if matches!(last, Verdict::Skip | Verdict::Error(_) | Verdict::Warning(false, _)) {
                break;
            }
        }
        match last {
            Verdict::Okay => plan.evict.push(pod.clone()),
            Verdict::Skip => {}
            Verdict::Error(text) => {
                let text = if text.starts_with("cannot delete") { text } else { ["cannot delete ", &text].concat() };
                plan.errors.entry(text).or_default().push(name);
            }
            Verdict::Warning(go, text) => {
                plan.warnings.entry(text).or_default().push(name);
                if go {
                    plan.evict.push(pod.clone());
                }
            }
        }
    }
    plan
}

/// One Pod on its way out.
#[derive(Clone)]
struct Leaving {
    key: Key,
    uid: String,
    /// When its eviction is asked for next; nothing once it has been granted.
    ask_at: Option<Instant>,
}

/// The Pods of a node on their way out.
#[derive(Clone)]
struct Evicting {
    pods: Vec<Leaving>,
    end: Option<Instant>,
    wrong: Vec<String>,
}

/// A drain that goes on.
#[derive(Clone)]
struct Drain {
    nodes: Vec<String>,
    left: Vec<String>,
    options: Options,
    evicting: Option<Evicting>,
    drained: Vec<String>,
    wrong: Vec<String>,
}

impl Drain {
    fn finish(&self, cx: &mut Cx<'_>) -> Flow {
        if self.wrong.is_empty() {
            return Flow::Done(0);
        }
        let mut text = String::from("There are pending nodes to be drained:\n");
        for node in self.nodes.iter().filter(|node| !self.drained.contains(node)) {
            text.push_str(&[" ", node, "\n"].concat());
        }
        self.wrong.iter().for_each(|wrong| text.push_str(&[wrong, "\n"].concat()));
        cx.err(&text);
        Flow::Done(1)
    }

    /// A node that cannot be drained.
    fn failed(&mut self, cx: &mut Cx<'_>, node: &str, errors: Vec<String>) {
        let shown = if let [one] = errors.as_slice() { one.clone() } else { format!("[{}]", errors.join(", ")) };
        cx.err(&format!("error: unable to drain node \"{node}\" due to error: {shown}, continuing command...\n"));
        self.wrong.extend(errors);
    }

    /// Looks at a node's Pods; nothing when it cannot be drained.
    fn begin(&mut self, cx: &mut Cx<'_>, node: &str) -> Option<Evicting> {
        let plan = plan(cx, node, &self.options);
        if !plan.errors.is_empty() {
            self.failed(cx, node, joined(&plan.errors));
            return None;
        }
        if !plan.warnings.is_empty() {
            cx.err(&format!("Warning: {}\n", joined(&plan.warnings).join("; ")));
        }
        let (dry, now) = (self.options.dry_run, cx.now());
        let mut pods = Vec::new();
        for pod in &plan.evict {
            match dry {
                DryRun::None => pods.push(Leaving { key: pod.key(), uid: pod.meta.uid.to_string(), ask_at: Some(now) }),
                _ => cx.out(&format!("evicting pod {}/{}{}\n", pod.namespace(), pod.name(), dry.suffix())),
            }
        }
        let end = Some(self.options.timeout_ms).filter(|ms| *ms > 0).map(|ms| now + ms);
        Some(Evicting { pods, end, wrong: Vec::new() })
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

    /// Asks for a Pod's eviction. Whether the Pod is still to be followed, and from when it is asked for again.
    fn ask(&self, cx: &mut Cx<'_>, pod: &mut Leaving, state: (Option<Instant>, &mut Vec<String>)) -> bool {
        let (end, wrong) = state;
        let (name, namespace) = (&pod.key.name, &pod.key.namespace);
        if !self.options.delete {
            cx.out(&format!("evicting pod {namespace}/{name}\n"));
        }
        let refused = |why: &str| format!("error when evicting pods/\"{name}\" -n \"{namespace}\": {why}");
        if end.is_some_and(|end| cx.now() >= end) {
            wrong.push(refused(&self.too_late()));
            return false;
        }
        match self.evict(cx, &pod.key) {
            Ok(()) => pod.ask_at = None,
            Err(status) if status.is_not_found() => return false,
            Err(status) if status.reason == "TooManyRequests" => {
                let why = &status.message;
                cx.err(&format!("error when evicting pods/\"{name}\" -n \"{namespace}\" (will retry after 5s): {why}\n"));
                pod.ask_at = Some(cx.now() + RETRY_MS);
            }
            Err(status) => {
                wrong.push(refused(&status.message));
                return false;
            }
        }
        true
    }

    fn too_late(&self) -> String {
        let ms = i64::try_from(self.options.timeout_ms).unwrap_or(i64::MAX);
        ["global timeout reached: ", &duration::format_millis(ms)].concat()
    }

    /// Goes on with one Pod; whether it is still to be followed.
    fn follow(&self, cx: &mut Cx<'_>, pod: &mut Leaving, end: Option<Instant>, wrong: &mut Vec<String>) -> bool {
        if pod.ask_at.is_some_and(|at| at <= cx.now()) && !self.ask(cx, pod, (end, wrong)) {
            return false;
        }
        if pod.ask_at.is_some() {
            return true;
        }
        let name = pod.key.name.clone();
        let there = cx.api().get(PODS, &pod.key).filter(|p| *p.meta.uid == *pod.uid).cloned();
        let Some(object) = there else {
            cx.out(&format!("pod/{name} {}\n", if self.options.delete { "deleted" } else { "evicted" }));
            return false;
        };
        if is_skipped(cx, &object, &self.options) {
            cx.out(&format!("pod \"{name}\" has DeletionTimestamp older than {} seconds, skipping\n", self.options.skip_s));
            return false;
        }
        if end.is_some_and(|end| cx.now() >= end) {
            let (late, namespace) = (self.too_late(), object.namespace());
            wrong.push(match self.options.delete {
                true => late,
                false => format!("error when waiting for pod \"{name}\" in namespace \"{namespace}\" to terminate: {late}"),
            });
            return false;
        }
        true
    }

    /// What is said when Pods of a node could not be evicted.
    fn pending(&mut self, cx: &mut Cx<'_>, node: &str, errors: Vec<String>) {
        let pods = plan(cx, node, &self.options).evict;
        if !pods.is_empty() {
            let shown = if let [one] = errors.as_slice() { one.clone() } else { format!("[{}]", errors.join(", ")) };
            cx.err(&format!("There are pending pods in node \"{node}\" when an error occurred: {shown}\n"));
            pods.iter().for_each(|pod| cx.err(&format!("pod/{}\n", pod.name())));
        }
        self.failed(cx, node, errors);
    }
}

impl Pending for Drain {
    fn poll(&mut self, cx: &mut Cx<'_>) -> Flow {
        loop {
            let Some(node) = self.left.first().cloned() else { return self.finish(cx) };
            let state = self.evicting.take().or_else(|| self.begin(cx, &node));
            let Some(Evicting { mut pods, end, mut wrong }) = state else {
                self.left.remove(0);
                continue;
            };
            pods.retain_mut(|pod| self.follow(cx, pod, end, &mut wrong));
            if pods.is_empty() {
                self.left.remove(0);
                if wrong.is_empty() {
                    cx.out(&format!("node/{node} drained{}\n", self.options.dry_run.suffix()));
                    self.drained.push(node);
                } else {
                    self.pending(cx, &node, wrong);
                }
                continue;
            }
            let next = pods.iter().filter_map(|pod| pod.ask_at.or(end)).min();
            let look = (self.options.skip_s > 0).then(|| cx.now() + 1000);
            self.evicting = Some(Evicting { pods, end, wrong });
            let until = [next, look].into_iter().flatten().min().map_or(Until::Change, Until::ChangeOrAt);
            return Flow::Wait(Box::new(self.clone()), until);
        }
    }

    fn boxed_clone(&self) -> Box<dyn Pending> {
        Box::new(self.clone())
    }
}
