//! Which changes give unschedulable Pods another turn. Models the plugins' EventsToRegister and queueing hints.

use alloc::rc::Rc;

use super::cache::NodeInfo;
use super::plugins::node_affinity::admits;
use super::pod::{Amounts, PodInfo};
use super::queue::Waiting;
use super::{BACK_OFF_OVER, Scheduler};
use crate::api::{Change, ChangeKind, Cx, Token};
use crate::object::Object;

const SPREAD: &str = "PodTopologySpread";
const AFFINITY: &str = "InterPodAffinity";

impl Scheduler {
    /// Gives a turn to the unschedulable Pods that a change could help.
    pub(super) fn stir(&mut self, cx: &mut Cx<'_>, helps: &mut dyn FnMut(&Waiting) -> bool) {
        if self.queue.is_empty() {
            return;
        }
        for end in self.queue.stir(cx.now, helps) {
            cx.wake_at(end, Token { what: BACK_OFF_OVER, ..Token::default() });
        }
        self.arm(cx, self.timing.schedule_ms);
    }

    /// Takes in a node's change and gives a turn to Pods it could help.
    pub(super) fn observe_node(&mut self, change: &Change, cx: &mut Cx<'_>) {
        let node = &change.object;
        if change.kind == ChangeKind::Deleted {
            self.cache.drop_node(node.name());
            self.stir(cx, &mut |w| w.refused_by.contains(SPREAD));
            return;
        }
        let new = !self.cache.nodes.contains_key(&node.meta.name);
        let before = change.previous.as_deref().filter(|_| !new);
        let differs = |path: &str| before.is_none_or(|b| b.at(path) != node.at(path));
        let labels = before.is_none_or(|b| b.meta.labels != node.meta.labels);
        let taints = differs("/spec/taints") || differs("/spec/unschedulable");
        let size = differs("/status/allocatable");
        if !labels && !taints && !size {
            return;
        }
        let old = self.cache.nodes.get(&node.meta.name).cloned();
        self.cache.put_node(node);
        if new {
            self.adopt_pods(cx, node);
        }
        let was = old.filter(|_| before.is_some());
        let Some(now) = self.cache.nodes.get(&node.meta.name).cloned() else { return };
        self.stir(cx, &mut |w| {
            let pod = &w.pod;
            w.refused_by.iter().any(|plugin| match *plugin {
                "NodeUnschedulable" => turns(was.as_deref(), &now, &|n| !n.unschedulable),
                "TaintToleration" => {
                    turns(was.as_deref(), &now, &|n| n.taints.iter().all(|t| t.effect == "PreferNoSchedule" || t.tolerated_by(pod)))
                }
                "NodeAffinity" => turns(was.as_deref(), &now, &|n| admits(&pod.object, &n.object)),
                "NodeResourcesFit" => match was.as_deref() {
                    Some(was) => grows(&was.allocatable, &now.allocatable, &pod.requests) || was.max_pods < now.max_pods,
                    None => true,
                },
                SPREAD | AFFINITY => labels || taints,
                _ => new,
            })
        });
    }

    /// Counts the Pods that were bound to a node before it was known.
    fn adopt_pods(&mut self, cx: &mut Cx<'_>, node: &Rc<Object>) {
        for pod in cx.api.pods_on(node.name()) {
            if !matches!(pod.text_at("/status/phase"), "Succeeded" | "Failed") {
                self.cache.put_pod(node.name(), &Rc::new(PodInfo::read(pod)));
            }
        }
    }

    /// A Pod has left its node.
    pub(super) fn stir_for_freed(&mut self, pod: &Rc<Object>, cx: &mut Cx<'_>) {
        let gone = &pod.meta.labels;
        self.stir(cx, &mut |w| {
            w.refused_by.iter().any(|plugin| match *plugin {
                "NodeResourcesFit" | "NodePorts" | "VolumeRestrictions" => true,
                SPREAD => w.pod.spread.iter().any(|c| c.hard && c.selector.matches(&**gone)),
                AFFINITY => true,
                _ => false,
            })
        });
    }

    /// A Pod has come to a node, or its labels have changed there.
    pub(super) fn stir_for_placed(&mut self, pod: &PodInfo, cx: &mut Cx<'_>) {
        self.stir(cx, &mut |w| {
            w.refused_by.iter().any(|plugin| match *plugin {
                SPREAD => w.pod.spread.iter().any(|c| c.hard && c.selector.matches(&*pod.labels)),
                AFFINITY => w.pod.affinity.iter().any(|t| t.matches(pod)),
                _ => false,
            })
        });
    }

    /// A claim, a volume or a storage class has changed.
    pub(super) fn stir_for_volumes(&mut self, cx: &mut Cx<'_>) {
        self.stir(cx, &mut |w| w.refused_by.contains("VolumeBinding"));
    }
}

/// Whether something holds for a node now that did not hold before.
fn turns(was: Option<&NodeInfo>, now: &NodeInfo, holds: &dyn Fn(&NodeInfo) -> bool) -> bool {
    holds(now) && !was.is_some_and(holds)
}

/// Whether there is more of a resource that is asked for.
fn grows(was: &Amounts, now: &Amounts, asked: &Amounts) -> bool {
    let more = |asked: i64, was: i64, now: i64| asked > 0 && now > was;
    more(asked.cpu_m, was.cpu_m, now.cpu_m)
        || more(asked.memory, was.memory, now.memory)
        || more(asked.storage, was.storage, now.storage)
        || asked.other.iter().any(|(name, n)| more(*n, was.other(name), now.other(name)))
}
