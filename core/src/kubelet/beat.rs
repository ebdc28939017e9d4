//! Nodes: taken on when they appear, their leases renewed, and what changes in ConfigMaps and Secrets brought to Pods.

use alloc::rc::Rc;
use alloc::vec::Vec;

use super::Kubelet;
use super::node::Node;
use crate::api::{Change, ChangeKind, Cx, Token};
use crate::object::Key;
use crate::object::resources::LEASES;
use crate::text::timestamp;

/// A token: leases are due.
const BEAT: u32 = 1;
/// Between two renewals of a node's lease.
const BEAT_MS: u64 = 10_000;

impl Kubelet {
    /// Takes in a node's change.
    pub(super) fn observe_node(&mut self, change: &Change, cx: &mut Cx<'_>) {
        let node = &change.object;
        if change.kind == ChangeKind::Deleted {
            self.nodes.remove(&node.meta.name);
            return;
        }
        if !self.nodes.contains_key(&node.meta.name) {
            self.nodes.insert(node.meta.name.clone(), Rc::new(Node::new(node)));
            let pods: Vec<_> = cx.api.pods_on(node.name()).cloned().collect();
            for pod in &pods {
                if !self.workers.contains_key(&pod.meta.uid) {
                    self.take_on(pod, cx);
                }
            }
        }
        if !self.beating {
            self.beating = true;
            cx.wake_later(cx.now + BEAT_MS, Token { what: BEAT, ..Token::default() });
        }
    }

    /// Renews the leases of all nodes that live.
    pub(super) fn beat(&mut self, what: u32, cx: &mut Cx<'_>) {
        if what != BEAT {
            return;
        }
        let now = timestamp::rfc3339_micro(cx.api.wall_ms());
        for node in self.nodes.values().filter(|n| n.lives()) {
            let key = Key { namespace: "kube-node-lease".into(), name: node.name.clone() };
            let _ = cx.api.modify(LEASES, &key, |lease| lease.set("/spec/renewTime", now.as_str()));
        }
        cx.wake_later(cx.now + BEAT_MS, Token { what: BEAT, ..Token::default() });
    }

    /// Renews one node's lease.
    pub(super) fn renew(&mut self, node: &str, cx: &mut Cx<'_>) {
        let now = timestamp::rfc3339_micro(cx.api.wall_ms());
        let _ = cx.api.modify(LEASES, &Key::new("kube-node-lease", node), |lease| lease.set("/spec/renewTime", now.as_str()));
    }

    /// Brings a changed ConfigMap or Secret to the Pods that mount it.
    pub(super) fn observe_data(&mut self, _change: &Change, _cx: &mut Cx<'_>) {}
}
