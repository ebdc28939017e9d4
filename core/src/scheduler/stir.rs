//! Which changes give unschedulable Pods another turn. Models the plugins' EventsToRegister and queueing hints.

use alloc::rc::Rc;

use super::pod::PodInfo;
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
        self.cache.put_node(node);
        if new {
            self.adopt_pods(cx, node);
        }
        self.stir(cx, &mut |w| {
            w.refused_by.iter().any(|plugin| match *plugin {
                "NodeUnschedulable" | "TaintToleration" => taints,
                "NodeAffinity" | "NodeName" => labels,
                "NodeResourcesFit" => size || labels,
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
                "NodeResourcesFit" | "NodePorts" => true,
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
