//! The scheduler: gives each waiting Pod a node, and keeps its reasons.
//! Meets the rest of the cluster only in the API server. Models `pkg/scheduler` with the default profile.

mod binding;
pub mod cache;
pub mod cycle;
pub mod decision;
pub mod owners;
pub mod plugins;
pub mod pod;
pub mod preemption;
pub mod queue;
mod stir;

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use core::any::Any;

use crate::api::binding::{Condition, set_condition};
use crate::api::{Change, ChangeKind, Component, Cx, DeleteOptions, EventNote, Recorder, Timing, Token};
use crate::object::Object;
use crate::object::resources::{
    NODES, PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES, PODS, REPLICA_SETS, SERVICES, STATEFUL_SETS, STORAGE_CLASSES,
};
use crate::shared::SharedMap;
use crate::time::Rng;
use cycle::{Bench, Nominated, Outcome};
pub use decision::{Decision, Points, Verdict};
use plugins::Turn;
use pod::PodInfo;
use queue::Queue;

/// The scheduler that Pods name when they name none.
pub const NAME: &str = "default-scheduler";

/// A token: a Pod may be placed.
const PLACE: u32 = 1;
/// A token: a back-off is over.
const BACK_OFF_OVER: u32 = 2;
/// A token: a Pod has waited long enough for its volumes.
const GIVE_UP: u32 = 4;
/// A token: Pods that waited for long get a turn whatever has happened.
const FLUSH: u32 = 3;

/// How long a Pod stays unschedulable when nothing happens that could help.
const FLUSH_MS: u64 = 300_000;
/// Between two Pods that are placed one after another.
const NEXT_POD_MS: u64 = 1;

/// The scheduler.
#[derive(Clone)]
pub struct Scheduler {
    timing: Timing,
    pub(crate) cache: cache::Cache,
    owners: owners::Owners,
    pub(crate) queue: Queue,
    nominated: Nominated,
    /// Pods that wait for the volumes of their claims, by UID.
    held: BTreeMap<Rc<str>, binding::Held>,
    ties: Rng,
    start: usize,
    recorder: Recorder,
    decisions: SharedMap<Rc<str>, Rc<Decision>>,
    armed: bool,
}

impl Scheduler {
    /// The scheduler of a cluster with this seed and pace.
    pub fn new(seed: u64, timing: Timing) -> Scheduler {
        Scheduler {
            timing,
            cache: cache::Cache::default(),
            owners: owners::Owners::default(),
            queue: Queue::default(),
            nominated: Nominated::new(),
            held: BTreeMap::new(),
            ties: Rng::new(seed, "scheduler-ties"),
            start: 0,
            recorder: Recorder::new(NAME, "m-k8s"),
            decisions: SharedMap::new(),
            armed: false,
        }
    }

    /// The last decision about a Pod, by its UID.
    pub fn decision(&self, pod_uid: &str) -> Option<&Rc<Decision>> {
        self.decisions.get(pod_uid)
    }

    fn remember(&mut self, uid: &Rc<str>, decision: Decision) {
        let decisions = &mut self.decisions;
        if decisions.len() >= decision::REMEMBERED {
            decisions.pop_first();
        }
        decisions.insert(uid.clone(), Rc::new(decision));
    }

    fn arm(&mut self, cx: &mut Cx<'_>, ms: u64) {
        if !self.armed && self.queue.has_next() {
            self.armed = true;
            cx.wake_in(ms, Token { what: PLACE, ..Token::default() });
        }
    }

    fn observe_pod(&mut self, change: &Change, cx: &mut Cx<'_>) {
        let pod = &change.object;
        let uid = &pod.meta.uid;
        let over = matches!(pod.text_at("/status/phase"), "Succeeded" | "Failed");
        if change.kind == ChangeKind::Deleted || over {
            let placed = self.cache.place_of(uid).cloned();
            self.queue.remove(uid);
            self.nominated.remove(uid);
            self.held.remove(uid);
            self.cache.drop_pod(uid);
            if change.kind == ChangeKind::Deleted && self.decisions.contains_key(uid) {
                self.decisions.remove(uid);
            }
            if placed.is_some() {
                self.stir_for_freed(pod, cx);
            }
            return;
        }
        let node = pod.text_at("/spec/nodeName");
        if !node.is_empty() {
            self.nominated.remove(uid);
            self.queue.remove(uid);
            if self.cache.place_of(uid).map(Rc::as_ref) == Some(node) && !changes_place(change) {
                return;
            }
            let info = Rc::new(PodInfo::read(pod));
            self.cache.put_pod(node, &info);
            self.stir_for_placed(&info, cx);
            return;
        }
        if pod.is_deleting() || pod.text_at("/spec/schedulerName") != NAME || !pod.items_at("/spec/schedulingGates").is_empty() {
            self.queue.remove(uid);
            return;
        }
        if self.held.contains_key(uid) {
            return;
        }
        let info = Rc::new(PodInfo::read(pod));
        match change.previous.as_deref().filter(|_| self.queue.get(uid).is_some()) {
            Some(before) if before.same_field(pod, "spec") && before.meta.labels == pod.meta.labels => self.queue.refresh(info),
            _ => self.queue.add(info),
        }
        self.arm(cx, self.timing.schedule_ms);
    }

    fn place_next(&mut self, cx: &mut Cx<'_>) {
        let Some(waiting) = self.queue.pop() else { return };
        let pod = waiting.pod.clone();
        let Some(object) = cx.api.get(PODS, &pod.key).filter(|o| o.meta.uid == pod.uid && o.text_at("/spec/nodeName").is_empty()).cloned()
        else {
            return;
        };
        let mut bench = Bench {
            cache: &mut self.cache,
            owners: &mut self.owners,
            nominated: &self.nominated,
            ties: &mut self.ties,
            start: &mut self.start,
        };
        let mut outcome = cycle::attempt(&mut bench, cx.api, &pod, cx.now);
        if let Some(node) = outcome.node.clone() {
            let waiting = outcome.states.2.waiting.clone();
            // What was counted is shared with the cache until here; the bind changes the counts.
            outcome.states = Default::default();
            outcome.refused.clear();
            self.bind(cx, &pod, &node, &waiting);
            self.remember(&pod.uid, outcome.decision);
            return;
        }
        let refused_by = cycle::refusing_plugins(&outcome);
        let nominated = self.give_up(cx, &object, &pod, &mut outcome);
        outcome.decision.nominated = nominated;
        self.remember(&pod.uid, outcome.decision);
        self.queue.failed(waiting, refused_by, cx.now);
        cx.wake_later(cx.now + FLUSH_MS, Token { what: FLUSH, ..Token::default() });
    }

    /// Says why a Pod cannot be placed, and makes room for it if lower Pods can go. Returns the node it was promised.
    fn give_up(&mut self, cx: &mut Cx<'_>, object: &Rc<Object>, pod: &Rc<PodInfo>, outcome: &mut Outcome) -> Option<Rc<str>> {
        let nodes = self.cache.nodes.len();
        let mut promised = None;
        let message = match &outcome.early {
            Some((why, _)) => alloc::format!("0/{nodes} nodes are available: {why}. not found"),
            None => {
                let (spread, affinity, volumes) = core::mem::take(&mut outcome.states);
                let mut turn = Turn { pod, api: cx.api, spread, affinity, volumes };
                let found = preemption::find(&mut turn, &outcome.refused, nodes);
                let reasons = outcome.refused.iter().flat_map(|(_, _, r)| r.reasons.iter().map(|s| &**s));
                let head = alloc::format!("0/{nodes} nodes are available: {}.", cycle::counted_reasons(reasons));
                match found {
                    Ok(candidate) => {
                        promised = Some(candidate.node.clone());
                        self.make_room(cx, pod, &candidate);
                        head
                    }
                    Err(why) => [head.as_str(), " no new claims to deallocate, preemption: ", &why].concat(),
                }
            }
        };
        self.recorder.record_action(cx.api, object, &EventNote::warning("FailedScheduling", &message), "Scheduling");
        let now = cx.api.timestamp();
        let _ = cx.api.modify(PODS, &pod.key, |p| {
            set_condition(p, &Condition { kind: "PodScheduled", status: "False", reason: "Unschedulable", message: &message }, &now);
            if let Some(node) = &promised {
                p.set("/status/nominatedNodeName", &**node);
            }
        });
        outcome.decision.message = message;
        promised
    }

    fn make_room(&mut self, cx: &mut Cx<'_>, pod: &Rc<PodInfo>, candidate: &preemption::Candidate) {
        self.nominated.insert(pod.uid.clone(), (candidate.node.clone(), pod.clone()));
        let now = cx.api.timestamp();
        for victim in &candidate.victims {
            let Some(object) = cx.api.get(PODS, &victim.key).cloned() else { continue };
            let _ = cx.api.modify(PODS, &victim.key, |p| {
                let message = [NAME, ": preempting to accommodate a higher priority pod"].concat();
                let condition = Condition { kind: "DisruptionTarget", status: "True", reason: "PreemptionByScheduler", message: &message };
                set_condition(p, &condition, &now);
            });
            let _ = cx.api.delete(PODS, &victim.key, &DeleteOptions::default());
            let message = alloc::format!("Preempted by pod {} on node {}", pod.uid, candidate.node);
            self.recorder.record_action(cx.api, &object, &EventNote::normal("Preempted", &message), "Preempting");
        }
    }
}

/// Whether a change of a placed Pod changes what it counts for.
fn changes_place(change: &Change) -> bool {
    let pod = &change.object;
    // A Pod of the first generation has never been resized.
    let resize = |o: &Object| if o.meta.generation > 1 { pod::granted_elsewhere(o) } else { None };
    change.previous.as_deref().is_none_or(|b| {
        !b.same_field(pod, "spec") || resize(b) != resize(pod) || b.meta.labels != pod.meta.labels || b.is_deleting() != pod.is_deleting()
    })
}

impl Component for Scheduler {
    fn name(&self) -> &'static str {
        NAME
    }

    fn watches(&self) -> &'static [&'static str] {
        &[PODS, NODES, PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES, STORAGE_CLASSES, SERVICES, REPLICA_SETS, STATEFUL_SETS]
    }

    fn observe(&mut self, change: &Change, cx: &mut Cx<'_>) {
        match change.resource() {
            PODS => self.observe_pod(change, cx),
            NODES => self.observe_node(change, cx),
            SERVICES => self.owners.clear(),
            REPLICA_SETS | STATEFUL_SETS => {
                let selector = |o: &Object| o.at("/spec/selector").cloned();
                if change.previous.as_deref().is_some_and(|b| selector(b) != selector(&change.object)) {
                    self.owners.clear();
                }
            }
            _ => {
                self.bind_held(cx);
                self.stir_for_volumes(cx);
            }
        }
    }

    fn wake(&mut self, token: Token, cx: &mut Cx<'_>) {
        match token.what {
            PLACE => {
                self.armed = false;
                self.place_next(cx);
            }
            BACK_OFF_OVER => self.queue.end_back_offs(cx.now),
            GIVE_UP => self.give_up_waiting(&token.detail, cx),
            FLUSH => {
                let now = cx.now;
                self.stir(cx, &mut |w| now.since(w.failed_at) >= FLUSH_MS);
            }
            _ => {}
        }
        self.arm(cx, NEXT_POD_MS);
    }

    fn boxed_clone(&self) -> Box<dyn Component> {
        Box::new(self.clone())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}
