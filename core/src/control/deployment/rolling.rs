//! The arithmetic of a rolling update. Models `pkg/controller/deployment` rolling.go.

use alloc::rc::Rc;
use alloc::vec::Vec;

use super::{Deployments, Scene, wanted};
use crate::api::Status;
use crate::control::worker::Work;
use crate::object::Object;

/// How many Pods the new ReplicaSet may have now. Models NewRSNewReplicas.
pub fn new_replicas(scene: &Scene, now: i64) -> i64 {
    let (surge, _) = scene.surge_and_unavailable();
    let most = scene.replicas() + surge;
    let current = scene.wanted();
    if current >= most {
        return now;
    }
    now + (most - current).min(scene.replicas() - now)
}

impl Deployments {
    pub(super) fn roll(&mut self, scene: Scene, work: &mut Work<'_>) -> Result<(), Status> {
        let scene = self.with_new_set(scene, work)?;
        if let Some(new) = scene.new.clone() {
            let now = wanted(&new);
            let target = match now.cmp(&scene.replicas()) {
                core::cmp::Ordering::Equal => now,
                core::cmp::Ordering::Greater => scene.replicas(),
                core::cmp::Ordering::Less => new_replicas(&scene, now),
            };
            if self.scale_set(&scene, &new, target, work)? {
                let scene = Scene::read(work.api, &scene.deployment);
                return self.write_status(&scene, work);
            }
            if self.shrink_old(&scene, &new, work)? {
                let scene = Scene::read(work.api, &scene.deployment);
                return self.write_status(&scene, work);
            }
        }
        self.finish(scene, work)
    }

    /// Takes Pods from old ReplicaSets: first those that are not available anyway. Models reconcileOldReplicaSets.
    fn shrink_old(&mut self, scene: &Scene, new: &Object, work: &mut Work<'_>) -> Result<bool, Status> {
        let old: Vec<Rc<Object>> = scene.old().filter(|rs| wanted(rs) > 0).cloned().collect();
        if old.is_empty() {
            return Ok(false);
        }
        let (_, unavailable) = scene.surge_and_unavailable();
        let least = scene.replicas() - unavailable;
        let available_in = |rs: &Object| rs.i64_at("/status/availableReplicas").unwrap_or(0);
        let most_down = scene.wanted() - least - (wanted(new) - available_in(new));
        if most_down <= 0 {
            return Ok(false);
        }
        let mut down = 0;
        let mut left: Vec<(Rc<Object>, i64)> = Vec::new();
        for rs in old {
            let (size, available) = (wanted(&rs), available_in(&rs));
            let cut = (most_down - down).min(size - available).max(0);
            if cut > 0 && down < most_down {
                self.scale_set(scene, &rs, size - cut, work)?;
                down += cut;
                left.push((rs, size - cut));
            } else {
                left.push((rs, size));
            }
        }
        let may_go = scene.available() - least;
        let mut gone = 0;
        for (rs, size) in left.iter().filter(|(_, size)| *size > 0) {
            let cut = (*size).min(may_go - gone);
            if cut <= 0 {
                break;
            }
            let rs = work.api.get(crate::object::resources::REPLICA_SETS, &rs.key()).cloned().unwrap_or_else(|| rs.clone());
            self.scale_set(scene, &rs, size - cut, work)?;
            gone += cut;
        }
        Ok(down > 0 || gone > 0)
    }
}
