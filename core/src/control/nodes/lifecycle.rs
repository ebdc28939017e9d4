//! Whether nodes are alive: a node whose lease is not renewed becomes Unknown, its Pods not ready, and after a while it
//! is tainted so that they leave, zone by zone. Models `pkg/controller/nodelifecycle` monitorNodeHealth, handleDisruption
//! and doNoExecuteTaintingPass.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::zones::{self, Count, State, Zone};
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
/// Work: taint the next node of a zone's line.
const TAINT: u32 = 2;
/// Work: say that a node has come.
const REGISTER: u32 = 3;
/// Between two looks.
const PERIOD_MS: u64 = 5_000;
/// How long a lease may go without being renewed.
const GRACE_MS: u64 = 50_000;
/// From a node's being put into line until it is tainted.
const TAINT_MS: u64 = 100;
const UNREACHABLE: &str = "unreachable";
const NOT_READY: &str = "not-ready";
const EFFECT: &str = "NoExecute";

/// What is known of a node.
#[derive(Clone, Debug)]
struct Health {
    /// When its lease was last seen to be renewed.
    renewed: Instant,
    /// Whether its object says that it is ready.
    ready: bool,
    /// Whether its object says that nobody knows.
    unknown: bool,
    /// Whether it wears a taint that makes Pods leave.
    tainted: bool,
    /// Its zone.
    zone: Rc<str>,
    /// Whether it counts when its zone is judged.
    counts: bool,
}

/// The controller.
#[derive(Clone)]
pub struct Lifecycle {
    health: Rc<BTreeMap<Rc<str>, Health>>,
    zones: BTreeMap<Rc<str>, Zone>,
    recorder: Recorder,
}

impl Default for Lifecycle {
    fn default() -> Lifecycle {
        Lifecycle { health: Rc::default(), zones: BTreeMap::new(), recorder: Recorder::new("node-controller", "") }
    }
}

impl Lifecycle {
    fn observe_node(&mut self, change: &Change, todo: &mut Todo) {
        let node = &change.object;
        let health = Rc::make_mut(&mut self.health);
        if change.kind == ChangeKind::Deleted {
            health.remove(&node.meta.name);
            self.leave_line(&node.meta.name);
            return;
        }
        let same = |p: &Rc<Object>| p.same_field(node, "spec") && p.same_field(node, "status") && p.meta.labels == node.meta.labels;
        if change.previous.as_ref().is_some_and(same) {
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
        let renewed = health.get(&node.meta.name).map_or(change.at, |h| h.renewed);
        let (zone, counts) = (zones::key(node), zones::counts(node));
        let tainted = has_taint(node, UNREACHABLE, EFFECT) || has_taint(node, NOT_READY, EFFECT);
        let entry = Health { renewed, ready: ready == "True", unknown: ready == "Unknown", tainted, zone, counts };
        if health.get(&node.meta.name).is_some_and(|h| h.zone != entry.zone) {
            self.leave_line(&node.meta.name);
        }
        Rc::make_mut(&mut self.health).insert(node.meta.name.clone(), entry);
    }

    /// A node waits no longer to be tainted.
    fn leave_line(&mut self, name: &str) {
        self.zones.values_mut().for_each(|zone| zone.line.retain(|n| **n != *name));
    }

    /// A node waits to be tainted, in the line of its zone.
    fn join_line(&mut self, name: &Rc<str>) {
        let zone = self.health.get(name).map_or_else(|| Rc::from(""), |h| h.zone.clone());
        let line = &mut self.zones.entry(zone).or_default().line;
        if !line.contains(name) {
            line.push_back(name.clone());
        }
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
            if let Some(health) = Rc::make_mut(&mut self.health).get_mut(name) {
                (health.ready, health.unknown) = (false, true);
            }
        }
        let (not_ready, unreachable) = (has_taint(&node, NOT_READY, EFFECT), has_taint(&node, UNREACHABLE, EFFECT));
        match observed.as_str() {
            "True" if not_ready || unreachable => swap_taints(work.api, &key, EFFECT, &[], &[UNREACHABLE, NOT_READY])?,
            "True" => self.leave_line(name),
            "False" if unreachable => swap_taints(work.api, &key, EFFECT, &[NOT_READY], &[UNREACHABLE])?,
            "Unknown" if not_ready => swap_taints(work.api, &key, EFFECT, &[UNREACHABLE], &[NOT_READY])?,
            _ if not_ready || unreachable => {}
            _ => self.join_line(name),
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

    /// How many nodes of each zone are ready.
    fn count_zones(&self) -> BTreeMap<Rc<str>, Count> {
        let mut counts: BTreeMap<Rc<str>, Count> = BTreeMap::new();
        for health in self.health.values().filter(|h| h.counts) {
            let count = counts.entry(health.zone.clone()).or_default();
            *if health.ready { &mut count.ready } else { &mut count.unready } += 1;
        }
        counts
    }

    /// Judges the zones. When every one of them is down it is the control plane that is cut off: nobody has to leave.
    fn disruption(&mut self, work: &mut Work<'_>) -> Result<(), Status> {
        let now = work.now;
        let counts = self.count_zones();
        for zone in counts.keys() {
            self.zones.entry(zone.clone()).or_default();
        }
        self.zones.retain(|zone, _| counts.contains_key(zone));
        let all_down = counts.values().all(|count| count.state() == State::Full);
        let were_down = self.zones.values().all(|zone| zone.state == State::Full);
        if all_down && !were_down {
            let tainted: Vec<Rc<str>> = self.health.iter().filter(|(_, h)| h.tainted).map(|(name, _)| name.clone()).collect();
            for name in tainted {
                swap_taints(work.api, &Key::new("", &name), EFFECT, &[], &[UNREACHABLE, NOT_READY])?;
            }
            for zone in self.zones.values_mut() {
                zone.line.clear();
                zone.halt(now);
            }
        } else if !all_down {
            if were_down {
                Rc::make_mut(&mut self.health).values_mut().for_each(|h| h.renewed = now);
            }
            for (name, zone) in &mut self.zones {
                let count = counts.get(name).copied().unwrap_or_default();
                if were_down || zone.state != count.state() {
                    zone.enter(count.state(), count, now);
                }
            }
        }
        for (name, zone) in &self.zones {
            let wait = zone.wait_ms(now).map(|ms| ms.max(TAINT_MS));
            wait.into_iter().for_each(|ms| work.todo().add_token_in(taint_of(name), ms, TimerClass::Background));
        }
        Ok(())
    }

    /// Taints the next node of a zone's line, if it is still unwell.
    fn taint_next(&mut self, zone: &str, work: &mut Work<'_>) -> Result<(), Status> {
        let Some(line) = self.zones.get_mut(zone) else { return Ok(()) };
        let taken = line.take(work.now);
        if let Some(ms) = line.wait_ms(work.now) {
            work.todo().add_token_in(taint_of(zone), ms, TimerClass::Background);
        }
        let Some(name) = taken else { return Ok(()) };
        let key = Key::new("", &name);
        let (add, remove) = match work.api.get(NODES, &key).map(|n| readiness(n)) {
            Some("False") => (NOT_READY, UNREACHABLE),
            Some("Unknown" | "") => (UNREACHABLE, NOT_READY),
            _ => return Ok(()),
        };
        swap_taints(work.api, &key, EFFECT, &[add], &[remove])
    }
}

/// Work: taint the next node of this zone.
fn taint_of(zone: &str) -> Token {
    Token { what: TAINT, key: None, detail: zone.into() }
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
            (TAINT, _) => return self.taint_next(&token.detail, work),
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
