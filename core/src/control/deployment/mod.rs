//! Deployments: from one ReplicaSet to the next within the bounds of their strategy.
//! Models `pkg/controller/deployment`.

mod annotations;
mod progress;
mod revisions;
mod rolling;
mod scale;
mod status;

use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::rc::Rc;
use alloc::vec::Vec;

use super::pods;
use super::worker::{Reconcile, Todo, Work};
use crate::api::{Api, Change, ChangeKind, EventNote, Recorder, Status, Timing, Token};
use crate::arrange::Arrange;
use crate::object::resources::{DEPLOYMENTS, PODS, REPLICA_SETS};
use crate::object::selector::Selector;
use crate::object::template::same_but_hash;
use crate::object::{Key, Object};

/// The Deployment controller.
#[derive(Clone)]
pub struct Deployments {
    events: Recorder,
    claims: BTreeSet<Key>,
}

impl Default for Deployments {
    fn default() -> Self {
        Deployments { events: Recorder::new("deployment-controller", ""), claims: BTreeSet::new() }
    }
}

/// A Deployment with its ReplicaSets, while it is being reconciled.
pub(super) struct Rollout<'w, 'a> {
    work: &'w mut Work<'a>,
    events: &'w mut Recorder,
    deployment: Rc<Object>,
    /// Every ReplicaSet it owns, oldest first.
    sets: Vec<Rc<Object>>,
}

impl Rollout<'_, '_> {
    fn wanted(&self) -> i64 {
        self.deployment.i64_at("/spec/replicas").unwrap_or(1)
    }

    fn is_rolling(&self) -> bool {
        self.deployment.text_at("/spec/strategy/type") != "Recreate"
    }

    /// maxSurge and maxUnavailable as numbers; one of them is at least 1. Models ResolveFenceposts.
    fn fences(&self) -> (i64, i64) {
        if !self.is_rolling() {
            return (0, 0);
        }
        let at = |path| self.deployment.at(path);
        let wanted = self.wanted();
        let surge = pods::int_or_percent(at("/spec/strategy/rollingUpdate/maxSurge"), wanted, true).unwrap_or(0);
        let unavailable = pods::int_or_percent(at("/spec/strategy/rollingUpdate/maxUnavailable"), wanted, false).unwrap_or(0);
        if surge == 0 && unavailable == 0 { (0, 1) } else { (surge, unavailable) }
    }

    fn max_surge(&self) -> i64 {
        self.fences().0
    }

    /// How many Pods may be missing; never more than are wanted.
    fn max_unavailable(&self) -> i64 {
        if self.wanted() == 0 { 0 } else { self.fences().1.min(self.wanted()) }
    }

    fn has_deadline(&self) -> bool {
        self.deployment.i64_at("/spec/progressDeadlineSeconds").is_some_and(|s| s != i64::from(i32::MAX))
    }

    fn is_paused(&self) -> bool {
        self.deployment.bool_at("/spec/paused")
    }

    /// The number of the ReplicaSet whose template is the Deployment's; the oldest if there are several.
    fn find_new(&self) -> Option<usize> {
        let template = self.deployment.at("/spec/template")?;
        self.sets.iter().position(|set| set.at("/spec/template").is_some_and(|t| same_but_hash(t, template)))
    }

    fn record(&mut self, note: &EventNote<'_>) {
        self.events.record(self.work.api, &self.deployment, note);
    }

    /// Stores what has changed of the Deployment and keeps the stored form.
    fn store(&mut self, object: Object) -> Result<(), Status> {
        self.deployment = self.work.api.update(object)?;
        Ok(())
    }

    /// Stores what has changed of one of the ReplicaSets and keeps the stored form.
    fn store_set(&mut self, i: usize, object: Object) -> Result<(), Status> {
        let stored = self.work.api.update(object)?;
        if let Some(slot) = self.sets.get_mut(i) {
            *slot = stored;
        }
        Ok(())
    }

    fn sync(&mut self) -> Result<(), Status> {
        if self.deployment.is_deleting() {
            return self.sync_status_only();
        }
        self.sync_paused_condition()?;
        if self.is_paused() {
            return self.sync_sizes();
        }
        if self.is_scaling() {
            return self.sync_sizes();
        }
        match self.is_rolling() {
            true => self.roll(),
            false => self.recreate(),
        }
    }

    /// Whether the wanted size changed since the ReplicaSets were last sized.
    fn is_scaling(&self) -> bool {
        let wanted = self.wanted();
        self.sets.iter().filter(|s| replicas(s) > 0).any(|s| annotations::desired(s).is_some_and(|d| d != wanted))
    }
}

/// The size a ReplicaSet is to have.
pub(super) fn replicas(set: &Object) -> i64 {
    set.i64_at("/spec/replicas").unwrap_or(1)
}

/// A count of a ReplicaSet's status.
pub(super) fn counted(set: &Object, field: &str) -> i64 {
    set.i64_at(field).unwrap_or(0)
}

/// The selector of a Deployment; one that selects everything selects nothing.
fn selector(deployment: &Object) -> Selector {
    let selector = Selector::from_label_selector(deployment.at("/spec/selector")).unwrap_or_else(|_| Selector::nothing());
    if selector.is_empty() { Selector::nothing() } else { selector }
}

/// Adopts orphaned ReplicaSets that match and releases own ones that no longer do.
fn claim(api: &mut Api, deployment: &Object) {
    let selector = selector(deployment);
    let uid = &*deployment.meta.uid;
    let released: Vec<Key> = api.owned(uid, REPLICA_SETS).filter(|s| !selector.matches(&s.meta)).map(|s| s.key()).collect();
    for key in released {
        let _ = api.modify(REPLICA_SETS, &key, |s| s.meta.owners = s.meta.owners.iter().filter(|o| o.uid != uid).cloned().collect());
    }
    if deployment.is_deleting() {
        return;
    }
    let orphans: Vec<Key> = api
        .list(REPLICA_SETS, Some(deployment.namespace()))
        .filter(|s| s.controller().is_none() && !s.is_deleting() && selector.matches(&s.meta))
        .map(|s| s.key())
        .collect();
    for key in orphans {
        let owner = deployment.as_controller();
        let _ = api.modify(REPLICA_SETS, &key, |s| s.meta.owners = s.meta.owners.iter().cloned().chain([owner]).collect());
    }
}

impl Deployments {
    fn observe_set(&mut self, change: &Change, api: &Api, todo: &mut Todo) {
        for set in [change.previous.as_ref(), Some(&change.object)].into_iter().flatten() {
            if let Some(owner) = set.controller().filter(|o| o.kind == "Deployment") {
                let key = Key::new(set.namespace(), &owner.name);
                if change.previous.as_ref().is_some_and(|p| p.meta.labels != change.object.meta.labels) {
                    self.claims.insert(key.clone());
                }
                todo.add(key);
            }
        }
        if change.object.controller().is_none() && change.kind != ChangeKind::Deleted {
            for deployment in api.list(DEPLOYMENTS, Some(change.object.namespace())) {
                if selector(deployment).matches(&change.object.meta) {
                    self.claims.insert(deployment.key());
                    todo.add(deployment.key());
                }
            }
        }
    }
}

/// A Pod that is gone may let a Deployment that recreates go on.
fn observe_pod(change: &Change, api: &Api, todo: &mut Todo) {
    if change.kind != ChangeKind::Deleted {
        return;
    }
    let set = change.object.controller().filter(|o| o.kind == "ReplicaSet");
    let set = set.and_then(|o| api.find(REPLICA_SETS, change.object.namespace(), &o.name));
    if let Some(owner) = set.and_then(|s| s.controller())
        && let Some(deployment) = api.find(DEPLOYMENTS, change.object.namespace(), &owner.name)
        && deployment.text_at("/spec/strategy/type") == "Recreate"
    {
        todo.add(deployment.key());
    }
}

impl Reconcile for Deployments {
    fn name(&self) -> &'static str {
        "deployment-controller"
    }

    fn watches(&self) -> &'static [&'static str] {
        &[DEPLOYMENTS, REPLICA_SETS, PODS]
    }

    fn observe(&mut self, change: &Change, api: &Api, todo: &mut Todo) {
        match change.resource() {
            PODS => observe_pod(change, api, todo),
            REPLICA_SETS => self.observe_set(change, api, todo),
            _ => {
                let key = change.object.key();
                let selector = |o: &Object| o.at("/spec/selector").cloned();
                match change.kind {
                    ChangeKind::Deleted => drop(self.claims.remove(&key)),
                    _ if change.previous.as_ref().is_none_or(|p| selector(p) != selector(&change.object)) => {
                        self.claims.insert(key.clone());
                    }
                    _ => {}
                }
                todo.add(key);
            }
        }
    }

    fn reconcile(&mut self, token: &Token, work: &mut Work<'_>) -> Result<(), Status> {
        let Some(key) = &token.key else { return Ok(()) };
        let Some(deployment) = work.api.get(DEPLOYMENTS, key).cloned() else { return Ok(()) };
        if self.claims.remove(key) {
            claim(work.api, &deployment);
        }
        let mut sets: Vec<Rc<Object>> = work.api.owned(&deployment.meta.uid, REPLICA_SETS).cloned().collect();
        sets.arrange_by(|a, b| (a.meta.creation, &a.meta.name).cmp(&(b.meta.creation, &b.meta.name)));
        Rollout { work, events: &mut self.events, deployment, sets }.sync()
    }

    fn delay_ms(&self, timing: Timing) -> u64 {
        // A rollout takes several round trips, in which the ReplicaSets' controller sees the first of them.
        timing.observe_ms * 3
    }

    fn boxed_clone(&self) -> Box<dyn Reconcile> {
        Box::new(self.clone())
    }
}
