//! ReplicaSets and ReplicationControllers: as many Pods as wanted. Models `pkg/controller/replicaset`.

mod claim;
mod rank;
mod status;

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::rc::Rc;
use alloc::vec::Vec;

use super::counts::Tally;
use super::pods;
use super::worker::{Reconcile, Todo, Work};
use crate::api::{Api, Change, ChangeKind, DeleteOptions, EventNote, Recorder, Status, Token};
use crate::object::resources::{PODS, REPLICA_SETS};
use crate::object::{Key, Object};
use crate::time::Instant;

/// The most Pods made or deleted in one go.
const BURST: i64 = 500;

/// The most Pods made or deleted before others have their turn; the rest follows in the same instant.
const STRIDE: i64 = 16;

/// How long a batch of creations takes.
const BATCH_MS: u64 = 25;

/// What tells the two kinds apart.
pub struct Flavour {
    /// The kind.
    pub kind: &'static str,
    /// The resource.
    pub resource: &'static str,
    /// The controller's name in Kubernetes.
    pub controller: &'static str,
    /// What it watches.
    pub watches: &'static [&'static str],
}

/// ReplicaSets.
pub const REPLICA_SET: Flavour =
    Flavour { kind: "ReplicaSet", resource: REPLICA_SETS, controller: "replicaset-controller", watches: &[PODS, REPLICA_SETS] };

/// ReplicationControllers.
pub const REPLICATION_CONTROLLER: Flavour = Flavour {
    kind: "ReplicationController",
    resource: "replicationcontrollers",
    controller: "replication-controller",
    watches: &[PODS, "replicationcontrollers"],
};

/// The controller of one of the two kinds.
#[derive(Clone)]
pub struct Replicas {
    flavour: &'static Flavour,
    tally: Tally,
    ranks: rank::Ranks,
    /// Sets whose Pods must be looked through for ones to adopt or release.
    claims: BTreeSet<Key>,
    /// Sets in the middle of making Pods.
    bursts: BTreeMap<Key, Burst>,
    /// Sets in the middle of deleting Pods, with those that are still to go, the next one last.
    going: BTreeMap<Key, Vec<Rc<Object>>>,
    events: Recorder,
}

/// Pods being made in batches of 1, 2, 4 …: a batch at a time, as each takes a round trip to the API server.
#[derive(Clone, Copy)]
struct Burst {
    left: i64,
    batch: i64,
    /// How many of the batch are still to be made.
    rest: i64,
    due: Instant,
}

impl Replicas {
    /// The controller of a kind.
    pub fn new(flavour: &'static Flavour) -> Replicas {
        Replicas {
            flavour,
            tally: Tally::default(),
            ranks: rank::Ranks::default(),
            claims: BTreeSet::new(),
            bursts: BTreeMap::new(),
            going: BTreeMap::new(),
            events: Recorder::new(flavour.controller, ""),
        }
    }

    /// Notes the set that owns a Pod, or the sets that could adopt it.
    fn observe_pod(&mut self, change: &Change, api: &Api, todo: &mut Todo) {
        self.tally.observe(change, self.flavour.kind);
        self.ranks.observe(change);
        let relabelled = change.previous.as_ref().is_none_or(|p| p.meta.labels != change.object.meta.labels);
        // A former state tells something only where the owner was another.
        let former = change.previous.as_ref().filter(|p| p.meta.owners != change.object.meta.owners);
        for pod in former.into_iter().chain([&change.object]) {
            if let Some(owner) = pod.controller().filter(|o| o.kind == self.flavour.kind) {
                let key = Key::new(pod.namespace(), &owner.name);
                if relabelled && change.kind == ChangeKind::Modified {
                    self.claims.insert(key.clone());
                }
                todo.add(key);
            }
        }
        let orphan = change.object.controller().is_none() && change.kind != ChangeKind::Deleted && pods::is_active(&change.object);
        let orphaned = change.previous.as_ref().is_none_or(|p| p.controller().is_some());
        if orphan && (relabelled || orphaned) {
            for set in api.list(self.flavour.resource, Some(change.object.namespace())) {
                if claim::selector(set).matches(&change.object.meta) {
                    self.claims.insert(set.key());
                    todo.add(set.key());
                }
            }
        }
    }

    /// Makes or deletes Pods until there are as many as wanted, at most [`BURST`] at once.
    fn manage(&mut self, set: &Rc<Object>, active: i64, work: &mut Work<'_>) -> Result<(), Status> {
        let wanted = set.i64_at("/spec/replicas").unwrap_or(1);
        match active - wanted {
            0 => Ok(()),
            surplus if surplus > 0 => self.remove(set, surplus.min(BURST), work),
            lack => self.make(set, (-lack).min(BURST), work),
        }
    }

    /// Begins to make Pods: the first at once, then batches of 2, 4 …, until one is refused.
    fn make(&mut self, set: &Rc<Object>, count: i64, work: &mut Work<'_>) -> Result<(), Status> {
        self.make_batch(set, Burst { left: count, batch: 1, rest: 1, due: work.now }, work)
    }

    fn make_batch(&mut self, set: &Rc<Object>, mut burst: Burst, work: &mut Work<'_>) -> Result<(), Status> {
        let Some(template) = set.at("/spec/template") else { return Ok(()) };
        let Some(pod) = pods::from_template(work.api, template, set.namespace(), set) else { return Ok(()) };
        let mut refused = None;
        let stride = burst.rest.min(burst.left).min(STRIDE);
        for _ in 0..stride {
            match pods::create(work.api, pod.clone()) {
                Ok(made) => {
                    let text = alloc::format!("Created pod: {}", made.name());
                    self.events.record(work.api, set, &EventNote::normal("SuccessfulCreate", &text));
                }
                Err(status) if status.message.contains("is being terminated") => return Ok(()),
                Err(status) => {
                    let text = alloc::format!("Error creating: {}", status.message);
                    self.events.record(work.api, set, &EventNote::warning("FailedCreate", &text));
                    refused = Some(status);
                }
            }
        }
        if let Some(status) = refused {
            return Err(status);
        }
        burst.left -= stride;
        burst.rest -= stride;
        // Between batches, and until the Pods of the last one have been seen.
        let wait = if burst.rest > 0 && burst.left > 0 { 0 } else { BATCH_MS };
        if wait > 0 {
            burst.batch *= 2;
            burst.rest = burst.batch;
            burst.due = work.now + BATCH_MS;
        }
        self.bursts.insert(set.key(), burst);
        work.again_in(wait);
        Ok(())
    }

    fn remove(&mut self, set: &Rc<Object>, count: i64, work: &mut Work<'_>) -> Result<(), Status> {
        let mut going = self.ranks.first_to_go(work.api, set, usize::try_from(count).unwrap_or(0));
        going.reverse();
        self.remove_next(set, going, work)
    }

    /// Deletes the next of the Pods that are to go.
    fn remove_next(&mut self, set: &Rc<Object>, mut going: Vec<Rc<Object>>, work: &mut Work<'_>) -> Result<(), Status> {
        for _ in 0..STRIDE {
            let Some(pod) = going.pop() else { break };
            match work.api.delete(PODS, &pod.key(), &DeleteOptions::default()) {
                Ok(_) => {
                    let text = alloc::format!("Deleted pod: {}", pod.name());
                    self.events.record(work.api, set, &EventNote::normal("SuccessfulDelete", &text));
                }
                Err(status) if status.is_not_found() => {}
                Err(status) => {
                    let text = alloc::format!("Error deleting: {}", status.message);
                    self.events.record(work.api, set, &EventNote::warning("FailedDelete", &text));
                    return Err(status);
                }
            }
        }
        if !going.is_empty() {
            self.going.insert(set.key(), going);
            work.again_in(0);
        }
        Ok(())
    }
}

impl Reconcile for Replicas {
    fn name(&self) -> &'static str {
        self.flavour.controller
    }

    fn watches(&self) -> &'static [&'static str] {
        self.flavour.watches
    }

    fn observe(&mut self, change: &Change, api: &Api, todo: &mut Todo) {
        if change.resource() == PODS {
            return self.observe_pod(change, api, todo);
        }
        let selector = |o: &Object| o.at("/spec/selector").cloned();
        if change.previous.as_ref().is_none_or(|p| selector(p) != selector(&change.object)) {
            self.claims.insert(change.object.key());
        }
        if change.kind == ChangeKind::Deleted {
            self.claims.remove(&change.object.key());
            self.bursts.remove(&change.object.key());
            self.going.remove(&change.object.key());
        }
        todo.add(change.object.key());
    }

    fn reconcile(&mut self, token: &Token, work: &mut Work<'_>) -> Result<(), Status> {
        let Some(key) = &token.key else { return Ok(()) };
        let Some(set) = work.api.get(self.flavour.resource, key).cloned() else { return Ok(()) };
        let claim = self.claims.remove(key);
        if claim && claim::claim(work.api, &set) {
            // The claims are seen before the Pods are counted again.
            todo_again(work, key);
            return Ok(());
        }
        let counts = self.tally.of(&set.meta.uid);
        if let Some(burst) = self.bursts.get(key).copied().filter(|_| !set.is_deleting()) {
            match (burst.due > work.now, burst.left) {
                (true, 0) => return status::update(work, &set, counts, None),
                (true, _) => return Ok(()),
                (false, _) => drop(self.bursts.remove(key)),
            }
            if burst.left > 0 {
                let made = self.make_batch(&set, burst, work);
                if self.bursts.get(key).is_none_or(|b| b.left == 0) {
                    status::update(work, &set, counts, made.as_ref().err())?;
                }
                return made;
            }
        }
        if let Some(going) = self.going.remove(key).filter(|_| !set.is_deleting()) {
            self.remove_next(&set, going, work)?;
            if self.going.contains_key(key) {
                return Ok(());
            }
            return status::update(work, &set, counts, None);
        }
        let managed = if set.is_deleting() { Ok(()) } else { self.manage(&set, counts.active, work) };
        if managed.is_ok() && self.going.contains_key(key) {
            return Ok(());
        }
        status::update(work, &set, counts, managed.as_ref().err())?;
        managed
    }

    fn boxed_clone(&self) -> Box<dyn Reconcile> {
        Box::new(self.clone())
    }
}

fn todo_again(work: &mut Work<'_>, key: &Key) {
    let key = key.clone();
    work.todo().add(key);
}
