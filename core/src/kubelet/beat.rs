//! Nodes: taken on when they appear, their leases renewed, and what changes in ConfigMaps and Secrets brought to Pods.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::Value;

use super::Kubelet;
use super::node::Node;
use crate::api::{Change, ChangeKind, Cx, Token};
use crate::object::resources::{LEASES, NODES};
use crate::object::{Key, Object};
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
            take_up(&token.detail, cx);
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

/// Offers what somebody has written into a node's capacity that its kubelet knows nothing of: extended resources are
/// taken up as they stand. Models the kubelet's `nodestatus` MachineInfo.
fn take_up(node: &str, cx: &mut Cx<'_>) {
    let key = Key { namespace: Default::default(), name: node.into() };
    let new = |object: &Object| -> Vec<(String, Value)> {
        let Some(capacity) = object.at("/status/capacity").and_then(Value::as_object) else { return Vec::new() };
        let offered = object.at("/status/allocatable");
        let extended = capacity.iter().filter(|(name, _)| name.contains('/'));
        extended.filter(|(name, value)| offered.and_then(|o| o.get(name)) != Some(value)).map(|(n, v)| (n.clone(), v.clone())).collect()
    };
    let Some(missing) = cx.api.find(NODES, "", node).map(|object| new(object)).filter(|missing| !missing.is_empty()) else { return };
    let _ = cx.api.modify(NODES, &key, |object| {
        let mut all = object.at("/status/allocatable").cloned().unwrap_or_else(|| serde_json::json!({}));
        if let Some(map) = all.as_object_mut() {
            map.extend(missing.iter().cloned());
        }
        object.set("/status/allocatable", all)
    });
}
