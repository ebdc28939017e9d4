//! The status of a Deployment: its counts and conditions. Models `pkg/controller/deployment` progress.go.

use alloc::format;
use alloc::vec::Vec;
use serde_json::{Value, json};

use super::{Deployments, Scene, wanted};
use crate::api::{Api, Status};
use crate::control::{pods, worker::Work};
use crate::object::Object;
use crate::object::resources::{DEPLOYMENTS, REPLICA_SETS};
use crate::object::value::{self, i64_at, text_at};
use crate::text::timestamp;

/// Counts over all ReplicaSets.
#[derive(Clone, Copy, Default, PartialEq)]
struct Counts {
    replicas: i64,
    updated: i64,
    ready: i64,
    available: i64,
    terminating: i64,
    unavailable: i64,
}

fn counts(scene: &Scene) -> Counts {
    let sum = |path: &str| scene.all.iter().map(|rs| rs.i64_at(path).unwrap_or(0)).sum::<i64>();
    let available = sum("/status/availableReplicas");
    Counts {
        replicas: sum("/status/replicas"),
        updated: scene.new.as_ref().and_then(|n| n.i64_at("/status/replicas")).unwrap_or(0),
        ready: sum("/status/readyReplicas"),
        available,
        terminating: sum("/status/terminatingReplicas"),
        unavailable: (scene.wanted() - available).max(0),
    }
}

/// Whether every Pod is of the present template and available. Models DeploymentComplete.
pub fn is_complete(scene: &Scene) -> bool {
    let c = counts(scene);
    c.updated == scene.replicas() && c.replicas == scene.replicas() && c.available == scene.replicas()
}

impl Deployments {
    /// Puts the condition Progressing, as True.
    pub(super) fn set_progress(&mut self, d: &Object, reason: &str, message: &str, work: &mut Work<'_>) -> Result<(), Status> {
        if d.i64_at("/spec/progressDeadlineSeconds").is_none() {
            return Ok(());
        }
        let now = work.api.timestamp();
        work.api.modify(DEPLOYMENTS, &d.key(), |d| put_condition(d, "Progressing", "True", reason, message, &now))?;
        Ok(())
    }

    /// Writes counts and conditions as they are now.
    pub(super) fn write_status(&mut self, scene: &Scene, work: &mut Work<'_>) -> Result<(), Status> {
        let Some(d) = work.api.get(DEPLOYMENTS, &scene.deployment.key()).cloned() else { return Ok(()) };
        let fresh = Scene::read(work.api, &d);
        let c = counts(&fresh);
        let now = work.api.timestamp();
        let (_, unavailable) = fresh.surge_and_unavailable();
        let enough = c.available >= fresh.replicas() - unavailable;
        let progress = self.progress(&fresh, c, work);
        let failure = fresh.all.iter().find_map(|rs| pods::condition(rs, "ReplicaFailure").filter(|_| wanted(rs) > 0).cloned());
        work.api.modify(DEPLOYMENTS, &d.key(), |d| {
            for (key, n) in [
                ("replicas", c.replicas),
                ("updatedReplicas", c.updated),
                ("readyReplicas", c.ready),
                ("availableReplicas", c.available),
                ("unavailableReplicas", c.unavailable),
                ("observedGeneration", d.meta.generation),
            ] {
                let path = ["/status/", key].concat();
                match n {
                    0 => drop(d.remove(&path)),
                    n => d.set(&path, n),
                }
            }
            d.set("/status/terminatingReplicas", c.terminating);
            match enough {
                true => put_condition(d, "Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability.", &now),
                false => put_condition(
                    d,
                    "Available",
                    "False",
                    "MinimumReplicasUnavailable",
                    "Deployment does not have minimum availability.",
                    &now,
                ),
            }
            if let Some((status, reason, message)) = &progress {
                put_condition(d, "Progressing", status, reason, message, &now);
            }
            match &failure {
                Some(f) => put_condition(d, "ReplicaFailure", "True", text_at(f, "reason"), text_at(f, "message"), &now),
                None => drop_condition(d, "ReplicaFailure"),
            }
        })?;
        Ok(())
    }

    /// What the condition Progressing should say now; `None` leaves it as it is.
    fn progress(&self, scene: &Scene, c: Counts, work: &mut Work<'_>) -> Option<(&'static str, &'static str, alloc::string::String)> {
        let d = &scene.deployment;
        let deadline_s = d.i64_at("/spec/progressDeadlineSeconds")?;
        let name = match &scene.new {
            Some(new) => format!("ReplicaSet \"{}\"", new.name()),
            None => format!("Deployment \"{}\"", d.name()),
        };
        let current = pods::condition(d, "Progressing");
        let reason = current.map_or("", |c| text_at(c, "reason"));
        let before = |key: &str| i64_at(d.field("status").unwrap_or(&Value::Null), key).unwrap_or(0);
        if before("replicas") == before("updatedReplicas") && reason == "NewReplicaSetAvailable" && c.replicas == c.updated {
            return None;
        }
        if is_complete(scene) {
            return Some(("True", "NewReplicaSetAvailable", format!("{name} has successfully progressed.")));
        }
        let old = |c: Counts| c.replicas - c.updated;
        let was = Counts { replicas: before("replicas"), updated: before("updatedReplicas"), ..Counts::default() };
        let moved =
            c.updated > was.updated || old(c) < old(was) || c.ready > before("readyReplicas") || c.available > before("availableReplicas");
        if moved {
            return Some(("True", "ReplicaSetUpdated", format!("{name} is progressing.")));
        }
        let since = current.and_then(|c| timestamp::parse_rfc3339_ms(text_at(c, "lastUpdateTime")))?;
        let left_ms = since + deadline_s * 1000 - work.api.wall_ms();
        if reason == "ProgressDeadlineExceeded" || reason == "NewReplicaSetAvailable" {
            return None;
        }
        if left_ms <= 0 {
            return Some(("False", "ProgressDeadlineExceeded", format!("{name} has timed out progressing.")));
        }
        work.again_later(u64::try_from(left_ms).unwrap_or(0) + 1000);
        None
    }
}

/// Puts a condition; the time of its last transition stays while its status does, and nothing changes when nothing is new.
fn put_condition(d: &mut Object, kind: &str, status: &str, reason: &str, message: &str, now: &str) {
    let old = pods::condition(d, kind).cloned();
    let same = |key: &str, text: &str| old.as_ref().is_some_and(|c| text_at(c, key) == text);
    let moving = kind == "Progressing" && reason == "ReplicaSetUpdated";
    if same("status", status) && same("reason", reason) && (kind != "Progressing" || same("message", message) && !moving) {
        return;
    }
    let since = match &old {
        Some(c) if text_at(c, "status") == status => text_at(c, "lastTransitionTime"),
        _ => now,
    };
    let new =
        json!({"type": kind, "status": status, "reason": reason, "message": message, "lastTransitionTime": since, "lastUpdateTime": now});
    let mut list: Vec<Value> = d.items_at("/status/conditions").iter().filter(|c| text_at(c, "type") != kind).cloned().collect();
    list.push(new);
    d.set("/status/conditions", list);
}

fn drop_condition(d: &mut Object, kind: &str) {
    if pods::condition(d, kind).is_some() {
        let list: Vec<Value> = d.items_at("/status/conditions").iter().filter(|c| text_at(c, "type") != kind).cloned().collect();
        d.set("/status/conditions", list);
    }
}

/// The Pods wanted by a Deployment's ReplicaSets and their status, for whoever asks (views).
pub fn of_sets(api: &Api, uid: &str) -> Vec<(i64, i64)> {
    api.owned(uid, REPLICA_SETS)
        .map(|rs| (wanted(rs), value::i64_at(rs.field("status").unwrap_or(&Value::Null), "readyReplicas").unwrap_or(0)))
        .collect()
}
