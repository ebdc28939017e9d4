//! Keeps as many Pods as wanted: the ReplicaSet and the ReplicationController. Models `pkg/controller/replicaset`.

use alloc::boxed::Box;
use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cmp::Reverse;

use serde_json::{Value, json};

use super::counts::Tally;
use super::pods;
use super::worker::{Reconcile, Todo, Work};
use crate::api::{Api, Change, ChangeKind, DeleteOptions, EventNote, Recorder, Status, Token};
use crate::object::resources::{PODS, REPLICA_SETS, REPLICATION_CONTROLLERS};
use crate::object::selector::Selector;
use crate::object::value::{self, at};
use crate::object::{Key, Object};

/// The most Pods made or deleted in one go.
const BURST: usize = 500;

/// What tells the two kinds apart.
pub struct Kind {
    name: &'static str,
    kind: &'static str,
    resource: &'static str,
    watches: &'static [&'static str],
}

/// The ReplicaSet controller.
pub static REPLICA_SET: Kind =
    Kind { name: "replicaset-controller", kind: "ReplicaSet", resource: REPLICA_SETS, watches: &[REPLICA_SETS, PODS] };

/// The ReplicationController controller.
pub static REPLICATION_CONTROLLER: Kind = Kind {
    name: "replication-controller",
    kind: "ReplicationController",
    resource: REPLICATION_CONTROLLERS,
    watches: &[REPLICATION_CONTROLLERS, PODS],
};

/// The controller of one of the two kinds.
#[derive(Clone)]
pub struct Replicas {
    kind: &'static Kind,
    tally: Tally,
    events: Recorder,
}

impl Replicas {
    /// The controller of a kind.
    pub fn new(kind: &'static Kind) -> Replicas {
        Replicas { kind, tally: Tally::default(), events: Recorder::new(kind.name, "") }
    }

    fn selector(&self, set: &Object) -> Selector {
        match self.kind.resource {
            REPLICATION_CONTROLLERS => {
                Selector::from_label_selector(Some(&json!({"matchLabels": set.at("/spec/selector").cloned().unwrap_or_default()})))
            }
            _ => Selector::from_label_selector(set.at("/spec/selector")),
        }
        .unwrap_or_default()
    }

    /// Takes orphans that match and lets go of Pods that no longer do.
    fn claim(&self, set: &Object, api: &mut Api) -> Result<(), Status> {
        let selector = self.selector(set);
        let owned: Vec<Rc<Object>> = api.owned(&set.meta.uid, PODS).cloned().collect();
        for pod in owned.iter().filter(|p| !p.is_deleting() && !selector.matches(&*p.meta.labels)) {
            api.modify(PODS, &pod.key(), |p| p.meta.owners = p.meta.owners.iter().filter(|o| o.uid != *set.meta.uid).cloned().collect())?;
        }
        let labels: Vec<(String, String)> = match self.kind.resource {
            REPLICATION_CONTROLLERS => value::pairs_at(set.field("spec").unwrap_or(&Value::Null), "selector").map(own).collect(),
            _ => value::pairs_at(set.field("spec").unwrap_or(&Value::Null), "selector/matchLabels").map(own).collect(),
        };
        let orphans: Vec<Key> = api
            .pods_with_labels(set.namespace(), &labels)
            .into_iter()
            .filter(|p| p.controller().is_none() && pods::is_active(p) && selector.matches(&*p.meta.labels))
            .map(|p| p.key())
            .collect();
        for key in orphans {
            let owner = set.as_controller();
            api.modify(PODS, &key, |p| p.meta.owners = p.meta.owners.iter().cloned().chain([owner]).collect())?;
        }
        Ok(())
    }

    fn grow(&mut self, set: &Object, count: usize, work: &mut Work<'_>) -> Result<(), Status> {
        let template = set.at("/spec/template").cloned().unwrap_or_default();
        for _ in 0..count.min(BURST) {
            let Some(mut pod) = pods::from_template(work.api, &template, set.namespace(), set) else { break };
            let suffix = work.api.random_suffix();
            pod.meta.name = pods::joined(&short_name(set.name()), &suffix).into();
            match pods::create(work.api, pod) {
                Ok(pod) => {
                    self.events.record(work.api, set, &EventNote::normal("SuccessfulCreate", &format!("Created pod: {}", pod.name())))
                }
                Err(status) => {
                    self.events.record(work.api, set, &EventNote::warning("FailedCreate", &format!("Error creating: {}", status.message)));
                    return Err(status);
                }
            }
        }
        Ok(())
    }

    fn shrink(&mut self, set: &Object, mut active: Vec<Rc<Object>>, count: usize, work: &mut Work<'_>) -> Result<(), Status> {
        let ranks: alloc::collections::BTreeMap<String, usize> = related_by_node(set, work.api);
        active.sort_by_cached_key(|p| deletion_order(p, ranks.get(p.text_at("/spec/nodeName")).copied().unwrap_or(0)));
        for pod in active.iter().take(count.min(BURST)) {
            work.api.delete(PODS, &pod.key(), &DeleteOptions::default())?;
            self.events.record(work.api, set, &EventNote::normal("SuccessfulDelete", &format!("Deleted pod: {}", pod.name())));
        }
        Ok(())
    }

    fn write_status(&self, set: &Object, failure: Option<&Status>, work: &mut Work<'_>) -> Result<(), Status> {
        let Some(now) = work.api.get(self.kind.resource, &set.key()) else { return Ok(()) };
        let generation = set.meta.generation;
        let counts = self.tally.of(&set.meta.uid);
        let min_ready_s = set.i64_at("/spec/minReadySeconds").unwrap_or(0);
        let wall = work.api.wall_ms();
        let (mut available, mut next_ms) = (counts.ready, None::<i64>);
        let labels: Vec<(String, String)> =
            value::pairs_at(now.field("spec").unwrap_or(&Value::Null), "template/metadata/labels").map(own).collect();
        if min_ready_s > 0 {
            available = 0;
            for pod in work.api.owned(&set.meta.uid, PODS).filter(|p| pods::is_active(p)) {
                if pods::is_available(pod, min_ready_s, wall) {
                    available += 1;
                } else if let Some(since) = pods::ready_since(pod) {
                    let left = since + min_ready_s * 1000 - wall;
                    next_ms = Some(next_ms.map_or(left, |n| n.min(left)));
                }
            }
        }
        let mut status = json!({"replicas": counts.active});
        for (key, n) in [
            ("fullyLabeledReplicas", if labels.is_empty() { 0 } else { counts.active }),
            ("readyReplicas", counts.ready),
            ("availableReplicas", available),
            ("observedGeneration", generation),
        ] {
            if n > 0 {
                value::set(&mut status, key, n);
            }
        }
        if self.kind.resource == REPLICA_SETS {
            value::set(&mut status, "terminatingReplicas", counts.terminating);
        }
        if let Some(failure) = failure {
            let since = at(now.field("status").unwrap_or(&Value::Null), "conditions/0/lastTransitionTime").cloned();
            let condition = json!([{"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": failure.message,
                "lastTransitionTime": since.unwrap_or_else(|| work.api.timestamp().into())}]);
            value::set(&mut status, "conditions", condition);
        }
        work.api.modify(self.kind.resource, &set.key(), |s| s.set("/status", status))?;
        if let Some(ms) = next_ms {
            work.again_in(u64::try_from(ms.max(1)).unwrap_or(1));
        }
        Ok(())
    }
}

fn own(pair: (&str, &str)) -> (String, String) {
    (pair.0.to_string(), pair.1.to_string())
}

/// The part of an owner's name that fits before a suffix: names have 63 characters.
fn short_name(name: &str) -> String {
    name.chars().take(57).collect()
}

/// How many active Pods of the same owner's owner are on each node.
fn related_by_node(set: &Object, api: &Api) -> alloc::collections::BTreeMap<String, usize> {
    let mut ranks = alloc::collections::BTreeMap::new();
    let siblings: Vec<Rc<Object>> = match set.controller() {
        Some(owner) => api.owned(&owner.uid, REPLICA_SETS).cloned().collect(),
        None => Vec::new(),
    };
    let uids = siblings.iter().map(|s| s.meta.uid.clone()).chain(siblings.is_empty().then(|| set.meta.uid.clone()));
    for uid in uids {
        for pod in api.owned(&uid, PODS).filter(|p| pods::is_active(p)) {
            *ranks.entry(pod.text_at("/spec/nodeName").to_string()).or_insert(0) += 1;
        }
    }
    ranks
}

type Order = (bool, u8, bool, i64, Reverse<usize>, Reverse<i64>, Reverse<i64>, Reverse<i64>, String);

/// Which Pods go first. Models `pkg/controller` ActivePodsWithRanks.
fn deletion_order(pod: &Object, on_node: usize) -> Order {
    let phase = match pod.text_at("/status/phase") {
        "Pending" => 0,
        "Unknown" => 1,
        _ => 2,
    };
    let cost = pod.meta.annotation("controller.kubernetes.io/pod-deletion-cost").and_then(|c| c.parse().ok()).unwrap_or(0);
    (
        !pod.text_at("/spec/nodeName").is_empty(),
        phase,
        pods::is_ready(pod),
        cost,
        Reverse(on_node),
        Reverse(pods::ready_since(pod).unwrap_or(0)),
        Reverse(pods::most_restarts(pod)),
        Reverse(pod.meta.creation.unwrap_or(0)),
        pod.name().to_string(),
    )
}

impl Reconcile for Replicas {
    fn name(&self) -> &'static str {
        self.kind.name
    }

    fn watches(&self) -> &'static [&'static str] {
        self.kind.watches
    }

    fn observe(&mut self, change: &Change, _api: &Api, todo: &mut Todo) {
        if change.resource() != PODS {
            if change.kind != ChangeKind::Deleted {
                todo.add(change.object.key());
            }
            return;
        }
        self.tally.observe(change, self.kind.kind);
        for pod in [Some(&change.object), change.previous.as_ref()].into_iter().flatten() {
            match pod.controller() {
                Some(owner) if owner.kind == self.kind.kind => todo.add_name(pod.namespace(), &owner.name),
                _ => {}
            }
        }
        if change.object.controller().is_none() && change.kind != ChangeKind::Deleted && !change.object.meta.labels.is_empty() {
            let sets: Vec<Key> = _api
                .list(self.kind.resource, Some(change.object.namespace()))
                .filter(|s| self.selector(s).matches(&*change.object.meta.labels))
                .map(|s| s.key())
                .collect();
            sets.into_iter().for_each(|k| todo.add(k));
        }
    }

    fn reconcile(&mut self, token: &Token, work: &mut Work<'_>) -> Result<(), Status> {
        let Some(set) = token.key.as_ref().and_then(|k| work.api.get(self.kind.resource, k)).cloned() else { return Ok(()) };
        if set.is_deleting() {
            return self.write_status(&set, None, work);
        }
        self.claim(&set, work.api)?;
        let active: Vec<Rc<Object>> = work.api.owned(&set.meta.uid, PODS).filter(|p| pods::is_active(p)).cloned().collect();
        let wanted = usize::try_from(set.i64_at("/spec/replicas").unwrap_or(1)).unwrap_or(0);
        let result = match active.len() {
            n if n < wanted => self.grow(&set, wanted - n, work),
            n if n > wanted => self.shrink(&set, active, n - wanted, work),
            _ => Ok(()),
        };
        self.write_status(&set, result.as_ref().err(), work)?;
        result
    }

    fn boxed_clone(&self) -> Box<dyn Reconcile> {
        Box::new(self.clone())
    }
}
