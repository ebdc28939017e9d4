//! Deployments: hands Pods over from old ReplicaSets to the new one. Models `pkg/controller/deployment`.

pub mod rolling;
pub mod scaling;
pub mod sets;
pub mod status;

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::vec::Vec;

use super::pods;
use super::worker::{Reconcile, Todo, Work};
use crate::api::{Api, Change, ChangeKind, DeleteOptions, Recorder, Status, Token};
use crate::object::resources::{DEPLOYMENTS, PODS, REPLICA_SETS};
use crate::object::{Key, Object};

/// The annotation that numbers a Deployment's templates.
pub const REVISION: &str = "deployment.kubernetes.io/revision";

/// The Deployment controller.
#[derive(Clone)]
pub struct Deployments {
    pub(super) events: Recorder,
}

impl Default for Deployments {
    fn default() -> Self {
        Deployments { events: Recorder::new("deployment-controller", "") }
    }
}

/// A Deployment with its ReplicaSets, as one reconciliation sees them.
pub struct Scene {
    /// The Deployment.
    pub deployment: Rc<Object>,
    /// All its ReplicaSets, oldest first.
    pub all: Vec<Rc<Object>>,
    /// The one with the present template.
    pub new: Option<Rc<Object>>,
}

impl Scene {
    pub(super) fn read(api: &Api, deployment: &Rc<Object>) -> Scene {
        let mut all: Vec<Rc<Object>> = api.owned(&deployment.meta.uid, REPLICA_SETS).cloned().collect();
        all.sort_by(|a, b| (a.meta.creation, a.name()).cmp(&(b.meta.creation, b.name())));
        let new = all.iter().find(|rs| sets::same_template(deployment, rs)).cloned();
        Scene { deployment: deployment.clone(), all, new }
    }

    /// The ReplicaSets of former templates, oldest first.
    pub(super) fn old(&self) -> impl Iterator<Item = &Rc<Object>> {
        self.all.iter().filter(|rs| self.new.as_ref().is_none_or(|n| n.name() != rs.name()))
    }

    pub(super) fn replicas(&self) -> i64 {
        self.deployment.i64_at("/spec/replicas").unwrap_or(1)
    }

    /// Pods wanted over all ReplicaSets.
    pub(super) fn wanted(&self) -> i64 {
        self.all.iter().map(|rs| wanted(rs)).sum()
    }

    /// Pods available over all ReplicaSets.
    pub(super) fn available(&self) -> i64 {
        self.all.iter().map(|rs| rs.i64_at("/status/availableReplicas").unwrap_or(0)).sum()
    }

    fn is_recreate(&self) -> bool {
        self.deployment.text_at("/spec/strategy/type") == "Recreate"
    }

    /// How many Pods there may be beyond those wanted, and how many may be missing. Models ResolveFenceposts.
    pub(super) fn surge_and_unavailable(&self) -> (i64, i64) {
        if self.is_recreate() {
            return (0, 0);
        }
        let of = |path, up| pods::int_or_percent(self.deployment.at(path), self.replicas(), up).unwrap_or(0);
        let surge = of("/spec/strategy/rollingUpdate/maxSurge", true);
        let unavailable = of("/spec/strategy/rollingUpdate/maxUnavailable", false);
        if surge == 0 && unavailable == 0 { (0, 1) } else { (surge, unavailable.min(self.replicas())) }
    }
}

/// Pods that a ReplicaSet wants.
pub(super) fn wanted(rs: &Object) -> i64 {
    rs.i64_at("/spec/replicas").unwrap_or(0)
}

impl Deployments {
    fn recreate(&mut self, scene: Scene, work: &mut Work<'_>) -> Result<(), Status> {
        let mut down = false;
        for rs in scene.old().filter(|rs| wanted(rs) > 0).cloned().collect::<Vec<_>>() {
            down |= self.scale_set(&scene, &rs, 0, work)?;
        }
        let scene = Scene::read(work.api, &scene.deployment);
        let old_pods = scene.old().any(|rs| work.api.owned(&rs.meta.uid, PODS).any(|p| !pods::is_over(p)));
        if down || old_pods {
            return self.write_status(&scene, work);
        }
        let scene = self.with_new_set(scene, work)?;
        if let Some(new) = scene.new.clone() {
            self.scale_set(&scene, &new, scene.replicas(), work)?;
        }
        self.finish(scene, work)
    }

    /// Old ReplicaSets beyond the history limit go once the rollout is over; then the status is written.
    pub(super) fn finish(&mut self, scene: Scene, work: &mut Work<'_>) -> Result<(), Status> {
        let scene = Scene::read(work.api, &scene.deployment);
        if status::is_complete(&scene) {
            let limit = usize::try_from(scene.deployment.i64_at("/spec/revisionHistoryLimit").unwrap_or(10)).unwrap_or(usize::MAX);
            let mut old: Vec<Rc<Object>> = scene.old().filter(|rs| !rs.is_deleting()).cloned().collect();
            old.sort_by_key(|rs| sets::revision(rs));
            let idle = |rs: &Object| {
                rs.i64_at("/status/replicas").unwrap_or(0) == 0
                    && wanted(rs) == 0
                    && rs.i64_at("/status/observedGeneration").unwrap_or(0) >= rs.meta.generation
            };
            for rs in old.iter().take(old.len().saturating_sub(limit)).filter(|rs| idle(rs)) {
                work.api.delete(REPLICA_SETS, &rs.key(), &DeleteOptions::default())?;
            }
        }
        self.write_status(&scene, work)
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
            DEPLOYMENTS if change.kind != ChangeKind::Deleted => todo.add(change.object.key()),
            REPLICA_SETS => {
                if let Some(owner) = change.object.controller().filter(|o| o.kind == "Deployment") {
                    todo.add_name(change.object.namespace(), &owner.name);
                }
            }
            PODS if change.kind == ChangeKind::Deleted || pods::is_over(&change.object) => {
                let set = change.object.controller().filter(|o| o.kind == "ReplicaSet");
                let set = set.and_then(|o| api.find(REPLICA_SETS, change.object.namespace(), &o.name));
                if let Some(owner) = set.and_then(|s| s.controller()) {
                    todo.add_name(change.object.namespace(), &owner.name);
                }
            }
            _ => {}
        }
    }

    fn reconcile(&mut self, token: &Token, work: &mut Work<'_>) -> Result<(), Status> {
        let Some(deployment) = token.key.as_ref().and_then(|k: &Key| work.api.get(DEPLOYMENTS, k)).cloned() else { return Ok(()) };
        sets::adopt(&deployment, work.api)?;
        let scene = Scene::read(work.api, &deployment);
        if deployment.is_deleting() {
            return self.write_status(&scene, work);
        }
        if deployment.bool_at("/spec/paused") {
            self.scale_evenly(&scene, work)?;
            return self.finish(scene, work);
        }
        if scaling::was_scaled(&scene) {
            let scene = self.with_new_set_if_known(scene, work)?;
            self.scale_evenly(&scene, work)?;
            return self.finish(scene, work);
        }
        match scene.is_recreate() {
            true => self.recreate(scene, work),
            false => self.roll(scene, work),
        }
    }

    fn boxed_clone(&self) -> Box<dyn Reconcile> {
        Box::new(self.clone())
    }
}
