//! Whether nodes are alive: a node whose lease is not renewed becomes Unknown, its Pods not ready, and after a while it
//! is tainted so that they leave. Models `pkg/controller/nodelifecycle` monitorNodeHealth and doNoExecuteTaintingPass.

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, VecDeque};
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::{has_taint, readiness, set_node_condition, swap_taints};
use crate::api::binding::{Condition, set_condition};
use crate::api::{Api, Change, ChangeKind, EventNote, Recorder, Status, Token};
use crate::control::pods;
use crate::control::worker::{Reconcile, Todo, Work};
use crate::object::resources::{LEASES, NODES, PODS};
use crate::object::value::text_at;
use crate::object::{Key, Object};
use crate::time::{Instant, TimerClass};

/// Work: look at all nodes.
const MONITOR: u32 = 1;
/// Work: taint the next node of the line.
const TAINT: u32 = 2;
/// Work: say that a node has come.
const REGISTER: u32 = 3;
/// Between two looks.
const PERIOD_MS: u64 = 5_000;
/// How long a lease may go without being renewed.
const GRACE_MS: u64 = 50_000;
/// From a node's being put into line until it is tainted.
const TAINT_MS: u64 = 100;
/// Between two nodes that are tainted, in a healthy zone.
const EVICTION_MS: u64 = 10_000;
/// The same in a large cluster that is mostly unwell; a small one taints no more nodes then.
const SLOW_EVICTION_MS: u64 = 100_000;
/// A cluster of more nodes is large.
const LARGE: usize = 50;
const UNREACHABLE: &str = "unreachable";
const NOT_READY: &str = "not-ready";
const EFFECT: &str = "NoExecute";

/// What is known of a node.
#[derive(Clone, Copy, Debug)]
struct Health {
    /// When its lease was last seen to be renewed.
    renewed: Instant,
    /// Whether its object says that it is ready.
    ready: bool,
    /// Whether its object says that nobody knows.
    unknown: bool,
    /// Whether it wears a taint that makes Pods leave.
    tainted: bool,
}

/// The controller.
#[derive(Clone)]
pub struct Lifecycle {
    health: Rc<BTreeMap<Rc<str>, Health>>,
    line: VecDeque<Rc<str>>,
    next_taint: Instant,
    all_down: bool,
    recorder: Recorder,
}

impl Default for Lifecycle {
    fn default() -> Lifecycle {
        Lifecycle {
            health: Rc::default(),
            line: VecDeque::new(),
            next_taint: Instant(0),
            all_down: false,
            recorder: Recorder::new("node-controller", ""),
        }
    }
}

impl Lifecycle {
    fn observe_node(&mut self, change: &Change, todo: &mut Todo) {
        let node = &change.object;
        let health = Rc::make_mut(&mut self.health);
        if change.kind == ChangeKind::Deleted {
            health.remove(&node.meta.name);
            self.line.retain(|n| *n != node.meta.name);
            return;
        }
        if change.previous.as_ref().is_some_and(|p| p.same_field(node, "spec") && p.same_field(node, "status")) {
            return;
        }
        if health.is_empty() {
            todo.add_token_in(Token { what: MONITOR, ..Token::default() }, PERIOD_MS, TimerClass::Background);
        }
        if change.kind == ChangeKind::Added && change.at > Instant(0) {
            let mut token = Token::about(REGISTER, node.key());
            token.detail = (*node.meta.uid).into();
            todo.add_token_in(token, PERIOD_MS, TimerClass::Background);
        }
        let ready = readiness(node);
        let entry =
            health.entry(node.meta.name.clone()).or_insert(Health { renewed: change.at, ready: false, unknown: false, tainted: false });
        entry.ready = ready == "True";
        entry.unknown = ready == "Unknown";
        entry.tainted = has_taint(node, UNREACHABLE, EFFECT) || has_taint(node, NOT_READY, EFFECT);
    }

    /// Looks at all nodes. Those that are well cost a comparison each.
    fn monitor(&mut self, work: &mut Work<'_>) -> Result<(), Status> {
        let now = work.now;
        let missed = |h: &Health| now.since(h.renewed) > GRACE_MS;
        let unwell: Vec<(Rc<str>, bool)> = (self.health.iter())
            .filter(|(_, h)| missed(h) || !h.ready || h.tainted)
            .map(|(name, h)| (name.clone(), missed(h) && !h.unknown))
            .collect();
        for (name, newly_lost) in &unwell {
            self.examine(name, *newly_lost, work)?;
        }
        self.disruption(work)
    }

    fn examine(&mut self, name: &Rc<str>, newly_lost: bool, work: &mut Work<'_>) -> Result<(), Status> {
        let key = Key::new("", name);
        let Some(node) = work.api.get(NODES, &key).cloned() else { return Ok(()) };
        let observed = String::from(readiness(&node));
        if newly_lost {
            declare_unknown(work.api, &node)?;
        }
        let (not_ready, unreachable) = (has_taint(&node, NOT_READY, EFFECT), has_taint(&node, UNREACHABLE, EFFECT));
        match observed.as_str() {
            "True" if not_ready || unreachable => swap_taints(work.api, &key, EFFECT, &[], &[UNREACHABLE, NOT_READY])?,
            "True" => self.line.retain(|n| n != name),
            "False" if unreachable => swap_taints(work.api, &key, EFFECT, &[NOT_READY], &[UNREACHABLE])?,
            "Unknown" if not_ready => swap_taints(work.api, &key, EFFECT, &[UNREACHABLE], &[NOT_READY])?,
            _ if not_ready || unreachable || self.line.contains(name) => {}
            _ => self.line.push_back(name.clone()),
        }
        if newly_lost && observed == "True" {
            let text = alloc::format!("Node {name} status is now: NodeNotReady");
            self.recorder.record(work.api, &node, &EventNote::normal("NodeNotReady", &text));
            self.mark_pods(name, work.api);
        }
        Ok(())
    }

    /// The Pods of a lost node are not ready. Models MarkPodsNotReady.
    fn mark_pods(&mut self, node: &str, api: &mut Api) {
        let now = api.timestamp();
        let ready: Vec<Rc<Object>> = api.pods_on(node).filter(|p| pods::is_ready(p)).cloned().collect();
        for pod in ready {
            let set = |p: &mut Object| {
                let old = pods::condition(p, "Ready").cloned().unwrap_or_default();
                let (reason, message) = (text_at(&old, "reason"), text_at(&old, "message"));
                set_condition(p, &Condition { kind: "Ready", status: "False", reason, message }, &now);
            };
            if api.modify(PODS, &pod.key(), set).is_ok() {
                self.recorder.record(api, &pod, &EventNote::warning("NodeNotReady", "Node is not ready"));
            }
        }
    }

    /// How long to wait between two nodes that are tainted; `None` when no more are to be. Models handleDisruption.
    fn pace_ms(&self) -> Option<u64> {
        let all = self.health.len();
        let unready = self.health.values().filter(|h| !h.ready).count();
        match () {
            () if unready == all => None,
            () if unready > 2 && unready * 100 >= all * 55 => (all > LARGE).then_some(SLOW_EVICTION_MS),
            () => Some(EVICTION_MS),
        }
    }

    /// When every node is down it is the control plane that is cut off: nobody has to leave.
    fn disruption(&mut self, work: &mut Work<'_>) -> Result<(), Status> {
        let all_down = !self.health.is_empty() && self.health.values().all(|h| !h.ready);
        if all_down && !self.all_down {
            self.line.clear();
            let tainted: Vec<Rc<str>> = self.health.iter().filter(|(_, h)| h.tainted).map(|(name, _)| name.clone()).collect();
            for name in tainted {
                swap_taints(work.api, &Key::new("", &name), EFFECT, &[], &[UNREACHABLE, NOT_READY])?;
            }
        } else if self.all_down && !all_down {
            Rc::make_mut(&mut self.health).values_mut().for_each(|h| h.renewed = work.now);
        }
        self.all_down = all_down;
        if !self.line.is_empty() && self.pace_ms().is_some() {
            let wait = self.next_taint.since(work.now).max(TAINT_MS);
            work.todo().add_token_in(Token { what: TAINT, ..Token::default() }, wait, TimerClass::Background);
        }
        Ok(())
    }

    /// Taints the next node of the line, if it is still unwell.
    fn taint_next(&mut self, work: &mut Work<'_>) -> Result<(), Status> {
        let Some(pace) = self.pace_ms() else { return Ok(()) };
        let Some(name) = self.line.pop_front() else { return Ok(()) };
        let key = Key::new("", &name);
        let (add, remove) = match work.api.get(NODES, &key).map(|n| readiness(n)) {
            Some("False") => (NOT_READY, UNREACHABLE),
            Some("Unknown" | "") => (UNREACHABLE, NOT_READY),
            _ => return Ok(()),
        };
        self.next_taint = work.now + pace;
        if !self.line.is_empty() {
            work.todo().add_token_in(Token { what: TAINT, ..Token::default() }, pace, TimerClass::Background);
        }
        swap_taints(work.api, &key, EFFECT, &[add], &[remove])
    }
}

/// Nothing is heard of a node: what its kubelet said of it counts no more.
fn declare_unknown(api: &mut Api, node: &Object) -> Result<(), Status> {
    let now = api.timestamp();
    api.modify(NODES, &node.key(), |n| {
        for kind in ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"] {
            let old = pods::condition(n, kind);
            let never = old.is_none();
            if old.is_some_and(|c| text_at(c, "status") == "Unknown") {
                continue;
            }
            let (reason, message) = match never {
                true => ("NodeStatusNeverUpdated", "Kubelet never posted node status."),
                false => ("NodeStatusUnknown", "Kubelet stopped posting node status."),
            };
            let fields = [("status", "Unknown"), ("reason", reason), ("message", message), ("lastTransitionTime", now.as_str())];
            set_node_condition(n, kind, &fields);
            if never {
                let created = crate::text::timestamp::rfc3339(n.meta.creation.unwrap_or(0));
                set_node_condition(n, kind, &[("lastHeartbeatTime", created.as_str())]);
            }
        }
    })?;
    Ok(())
}

impl Reconcile for Lifecycle {
    fn name(&self) -> &'static str {
        "node-controller"
    }

    fn watches(&self) -> &'static [&'static str] {
        &[NODES, LEASES]
    }

    fn observe(&mut self, change: &Change, _api: &Api, todo: &mut Todo) {
        if change.resource() == NODES {
            self.observe_node(change, todo);
        } else if change.object.namespace() == "kube-node-lease"
            && change.kind != ChangeKind::Deleted
            && let Some(health) = Rc::make_mut(&mut self.health).get_mut(change.object.name())
        {
            health.renewed = change.at;
        }
    }

    fn reconcile(&mut self, token: &Token, work: &mut Work<'_>) -> Result<(), Status> {
        match (token.what, &token.key) {
            (TAINT, _) => return self.taint_next(work),
            (REGISTER, Some(key)) => {
                if let Some(node) = work.api.get(NODES, key).cloned() {
                    let text = alloc::format!("Node {0} event: Registered Node {0} in Controller", key.name);
                    self.recorder.record(work.api, &node, &EventNote::normal("RegisteredNode", &text));
                }
                return Ok(());
            }
            _ => {}
        }
        if !self.health.is_empty() {
            work.again_later(PERIOD_MS);
        }
        self.monitor(work)
    }

    fn boxed_clone(&self) -> Box<dyn Reconcile> {
        Box::new(self.clone())
    }
}
