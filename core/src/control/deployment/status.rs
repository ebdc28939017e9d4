//! A Deployment's counts and conditions. Models `pkg/controller/deployment/{sync,util}`.

use alloc::string::ToString;
use alloc::vec::Vec;
use serde_json::{Value, json};

use super::{Rollout, counted, replicas};
use crate::api::Status;
use crate::control::pods;
use crate::object::Object;
use crate::object::value::text_at;

/// Puts a condition (type, status, reason, message) at the end of the list, unless one with the same status and reason
/// is there. The time of transition changes with the status alone.
pub fn set_condition(object: &mut Object, condition: (&str, &str, &str, &str), now: &str) {
    let (kind, status, reason, message) = condition;
    let old = pods::condition(object, kind);
    if old.is_some_and(|c| text_at(c, "status") == status && text_at(c, "reason") == reason) {
        return;
    }
    let since = old.filter(|c| text_at(c, "status") == status).map_or(now, |c| text_at(c, "lastTransitionTime")).to_string();
    put(
        object,
        kind,
        json!({"type": kind, "status": status, "reason": reason, "message": message, "lastUpdateTime": now, "lastTransitionTime": since}),
    );
}

/// Replaces a condition even if its status and reason stay: progress was made just now.
pub fn renew_condition(object: &mut Object, condition: (&str, &str, &str, &str), now: &str) {
    let since = pods::condition(object, condition.0).filter(|c| text_at(c, "status") == condition.1);
    let since = since.map_or(now, |c| text_at(c, "lastTransitionTime")).to_string();
    let (kind, status, reason, message) = condition;
    put(
        object,
        kind,
        json!({"type": kind, "status": status, "reason": reason, "message": message, "lastUpdateTime": now, "lastTransitionTime": since}),
    );
}

/// Removes a condition.
pub fn remove_condition(object: &mut Object, kind: &str) {
    let rest: Vec<Value> = object.items_at("/status/conditions").iter().filter(|c| text_at(c, "type") != kind).cloned().collect();
    match rest.is_empty() {
        true => drop(object.remove("/status/conditions")),
        false => object.set("/status/conditions", Value::Array(rest)),
    }
}

fn put(object: &mut Object, kind: &str, condition: Value) {
    let mut all: Vec<Value> = object.items_at("/status/conditions").iter().filter(|c| text_at(c, "type") != kind).cloned().collect();
    all.push(condition);
    object.set("/status/conditions", Value::Array(all));
}

impl Rollout<'_, '_> {
    /// The Deployment with the counts of its ReplicaSets and the condition Available.
    pub(super) fn with_counts(&self, new: Option<usize>) -> Object {
        let sum = |field: &str| self.sets.iter().map(|s| counted(s, field)).sum::<i64>();
        let available = sum("/status/availableReplicas");
        let total: i64 = self.sets.iter().map(|s| replicas(s)).sum();
        let updated = new.and_then(|i| self.sets.get(i)).map_or(0, |s| counted(s, "/status/replicas"));
        let mut object = (*self.deployment).clone();
        for (field, count) in [
            ("/status/replicas", sum("/status/replicas")),
            ("/status/updatedReplicas", updated),
            ("/status/readyReplicas", sum("/status/readyReplicas")),
            ("/status/availableReplicas", available),
            ("/status/unavailableReplicas", (total - available).max(0)),
        ] {
            match count {
                0 => drop(object.remove(field)),
                n => object.set(field, n),
            }
        }
        object.set("/status/terminatingReplicas", sum("/status/terminatingReplicas"));
        object.set("/status/observedGeneration", self.deployment.meta.generation);
        let now = self.work.api.timestamp();
        let condition = match available >= self.wanted() - self.max_unavailable() {
            true => ("Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability."),
            false => ("Available", "False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability."),
        };
        set_condition(&mut object, condition, &now);
        object
    }

    /// Writes counts and availability only.
    pub(super) fn sync_status(&mut self, new: Option<usize>) -> Result<(), Status> {
        let object = self.with_counts(new);
        self.store(object)
    }

    /// For a Deployment that is on its way out.
    pub(super) fn sync_status_only(&mut self) -> Result<(), Status> {
        let new = self.new_set(false)?;
        self.sync_status(new)
    }

    /// Whether the stored status says that the rollout is complete.
    pub(super) fn is_complete(&self) -> bool {
        is_complete(&self.deployment, self.wanted())
    }
}

/// Whether all Pods are of the new template and available, as the status of `object` has it.
pub fn is_complete(object: &Object, wanted: i64) -> bool {
    ["/status/updatedReplicas", "/status/replicas", "/status/availableReplicas"].iter().all(|f| counted(object, f) == wanted)
        && counted(object, "/status/observedGeneration") >= object.meta.generation
}
