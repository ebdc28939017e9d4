//! Binding a Pod to a node, and the conditions of a Pod that components set before its kubelet does.

use alloc::rc::Rc;
use serde_json::{Value, json};

use super::server::Api;
use super::status::Status;
use crate::object::resources::PODS;
use crate::object::value::{self, text_at};
use crate::object::{Key, Object};

/// What a condition is to say.
pub struct Condition<'a> {
    /// `PodScheduled`, `DisruptionTarget`.
    pub kind: &'a str,
    /// `True`, `False` or `Unknown`.
    pub status: &'a str,
    /// One CamelCase word; empty for none.
    pub reason: &'a str,
    /// The text; empty for none.
    pub message: &'a str,
}

/// Puts a condition into a Pod's status; its time of transition changes only with its status.
/// Models `pkg/api/v1/pod` UpdatePodCondition.
pub fn set_condition(pod: &mut Object, condition: &Condition<'_>, now: &str) {
    let mut new = json!({"type": condition.kind, "status": condition.status, "lastProbeTime": null, "lastTransitionTime": now});
    if pod.meta.generation > 0 {
        value::set(&mut new, "observedGeneration", pod.meta.generation);
    }
    for (key, text) in [("reason", condition.reason), ("message", condition.message)] {
        if !text.is_empty() {
            value::set(&mut new, key, text);
        }
    }
    let mut all = pod.items_at("/status/conditions").to_vec();
    match all.iter_mut().find(|c| text_at(c, "type") == condition.kind) {
        Some(old) => {
            if text_at(old, "status") == condition.status {
                value::set(&mut new, "lastTransitionTime", text_at(old, "lastTransitionTime"));
            }
            *old = new;
        }
        None => all.push(new),
    }
    pod.set("/status/conditions", Value::Array(all));
}

impl Api {
    /// Binds a Pod to a node: its spec names the node and its condition says that it is scheduled, but its desired
    /// state counts as the same. Models `pkg/registry/core/pod/storage` assignPod.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` when it is bound or being deleted.
    pub fn bind(&mut self, key: &Key, node: &str) -> Result<Rc<Object>, Status> {
        let Some(old) = self.store.get(PODS, key) else {
            return Err(Status::not_found(PODS, &key.name));
        };
        if old.is_deleting() {
            let why = alloc::format!("pod {} is being deleted, cannot be assigned to a host", key.name);
            return Err(Status::conflict("pods/binding", &key.name, &why));
        }
        let bound = old.text_at("/spec/nodeName");
        if !bound.is_empty() {
            let why = alloc::format!("pod {} is already assigned to node {bound:?}", key.name);
            return Err(Status::conflict("pods/binding", &key.name, &why));
        }
        let mut pod = (**old).clone();
        pod.set("/spec/nodeName", node);
        pod.remove("/status/nominatedNodeName");
        let now = self.timestamp();
        set_condition(&mut pod, &Condition { kind: "PodScheduled", status: "True", reason: "", message: "" }, &now);
        Ok(self.store.put(self.now, pod))
    }
}
