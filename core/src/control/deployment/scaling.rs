//! Scaling ReplicaSets, one or all in proportion. Models `pkg/controller/deployment` sync.go scale.

use alloc::format;
use alloc::rc::Rc;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::{Deployments, Scene, wanted};
use crate::api::{EventNote, Status};
use crate::control::worker::Work;
use crate::object::Object;
use crate::object::resources::REPLICA_SETS;

/// What a ReplicaSet remembers of the Deployment's size when it was last scaled.
pub const DESIRED: &str = "deployment.kubernetes.io/desired-replicas";

/// The same with the surge.
pub const MAX: &str = "deployment.kubernetes.io/max-replicas";

/// Whether the Deployment's size changed since its active ReplicaSets were last scaled. Models isScalingEvent.
pub fn was_scaled(scene: &Scene) -> bool {
    let desired = |rs: &Object| rs.meta.annotation(DESIRED).and_then(|d| d.parse::<i64>().ok());
    scene.all.iter().filter(|rs| wanted(rs) > 0).any(|rs| desired(rs).is_some_and(|d| d != scene.replicas()))
}

impl Deployments {
    /// Sets a ReplicaSet's size and what it remembers; records the Event. Returns whether the size changed.
    pub(super) fn scale_set(&mut self, scene: &Scene, rs: &Object, size: i64, work: &mut Work<'_>) -> Result<bool, Status> {
        let before = wanted(rs);
        let (surge, _) = scene.surge_and_unavailable();
        let desired = scene.replicas().to_string();
        let most = (scene.replicas() + surge).to_string();
        work.api.modify(REPLICA_SETS, &rs.key(), |r| {
            r.set("/spec/replicas", size);
            r.meta.set_annotation(DESIRED, Some(&desired));
            r.meta.set_annotation(MAX, Some(&most));
        })?;
        if before == size {
            return Ok(false);
        }
        let way = if size > before { "up" } else { "down" };
        let text = format!("Scaled {way} replica set {} from {before} to {size}", rs.name());
        self.events.record(work.api, &scene.deployment, &EventNote::normal("ScalingReplicaSet", &text));
        Ok(true)
    }

    /// Brings all ReplicaSets to the Deployment's new size, in proportion while a rollout goes on.
    pub(super) fn scale_evenly(&mut self, scene: &Scene, work: &mut Work<'_>) -> Result<(), Status> {
        let active: Vec<Rc<Object>> = scene.all.iter().filter(|rs| wanted(rs) > 0).cloned().collect();
        let single = match active.as_slice() {
            [] => scene.new.clone().or_else(|| scene.all.last().cloned()),
            [one] => Some(one.clone()),
            _ => None,
        };
        if let Some(rs) = single {
            if wanted(&rs) != scene.replicas() {
                self.scale_set(scene, &rs, scene.replicas(), work)?;
            } else {
                self.scale_set(scene, &rs, wanted(&rs), work)?;
            }
            return Ok(());
        }
        if let Some(new) = scene.new.as_ref().filter(|n| is_saturated(scene, n)) {
            for rs in active.iter().filter(|rs| rs.name() != new.name()) {
                self.scale_set(scene, rs, 0, work)?;
            }
            return Ok(());
        }
        if scene.is_recreate() {
            return Ok(());
        }
        self.scale_in_proportion(scene, active, work)
    }

    fn scale_in_proportion(&mut self, scene: &Scene, mut active: Vec<Rc<Object>>, work: &mut Work<'_>) -> Result<(), Status> {
        let (surge, _) = scene.surge_and_unavailable();
        let most = if scene.replicas() > 0 { scene.replicas() + surge } else { 0 };
        let total: i64 = active.iter().map(|rs| wanted(rs)).sum();
        let to_add = most - total;
        let newest_first = to_add > 0;
        active.sort_by(|a, b| {
            let age = if newest_first { b.meta.creation.cmp(&a.meta.creation) } else { a.meta.creation.cmp(&b.meta.creation) };
            wanted(b).cmp(&wanted(a)).then(age)
        });
        let mut sizes: Vec<i64> = Vec::new();
        let mut added = 0;
        for rs in &active {
            let before = wanted(rs);
            let mut size = before;
            if to_add != 0 {
                let remembered = rs.meta.annotation(MAX).and_then(|m| m.parse::<i64>().ok()).unwrap_or(total).max(1);
                let share = rounded(before * most, remembered) - before;
                let allowed = to_add - added;
                let fraction = if to_add > 0 { share.min(allowed).max(0) } else { share.max(allowed).min(0) };
                size = before + fraction;
                added += fraction;
            }
            sizes.push(size);
        }
        if let Some(first) = sizes.first_mut() {
            *first = (*first + to_add - added).max(0);
        }
        for (rs, size) in active.iter().zip(sizes) {
            self.scale_set(scene, rs, size, work)?;
        }
        Ok(())
    }
}

fn rounded(a: i64, b: i64) -> i64 {
    (2 * a + b).div_euclid(2 * b)
}

/// Whether the new ReplicaSet has all Pods and they are available. Models IsSaturated.
fn is_saturated(scene: &Scene, new: &Object) -> bool {
    let remembered = new.meta.annotation(DESIRED).and_then(|d| d.parse::<i64>().ok());
    wanted(new) == scene.replicas()
        && remembered == Some(scene.replicas())
        && new.i64_at("/status/availableReplicas").unwrap_or(0) == scene.replicas()
}
