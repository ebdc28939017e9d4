//! The two strategies: RollingUpdate and Recreate. Models `pkg/controller/deployment/{rolling,recreate}`.

use super::{Rollout, counted, replicas};
use crate::api::Status;
use crate::control::pods;
use crate::object::resources::PODS;

impl Rollout<'_, '_> {
    pub(super) fn roll(&mut self) -> Result<(), Status> {
        let new = self.new_set(true)?;
        if self.size_new(new)? || self.shrink_old(new)? {
            return self.sync_progress(new);
        }
        if self.is_complete() {
            self.clean_up(new)?;
        }
        self.sync_progress(new)
    }

    pub(super) fn recreate(&mut self) -> Result<(), Status> {
        let mut new = self.new_set(false)?;
        let mut shrunk = false;
        for i in self.old_active(new) {
            shrunk |= self.resize(i, 0)?;
        }
        if shrunk || self.old_pods_run(new) {
            return self.sync_progress(new);
        }
        if new.is_none() {
            new = self.new_set(true)?;
        }
        if let Some(i) = new {
            self.resize(i, self.wanted())?;
        }
        if self.is_complete() {
            self.clean_up(new)?;
        }
        self.sync_progress(new)
    }

    /// The size that the new ReplicaSet may have now. Models NewRSNewReplicas.
    pub(super) fn new_size(&self, new: Option<usize>) -> i64 {
        let own = new.map_or(0, |i| self.size(i));
        if !self.is_rolling() {
            return self.wanted();
        }
        let total: i64 = self.sets.iter().map(|s| replicas(s)).sum();
        let most = self.wanted() + self.max_surge();
        if total >= most { own } else { own + (most - total).min(self.wanted() - own) }
    }

    fn size_new(&mut self, new: Option<usize>) -> Result<bool, Status> {
        let Some(i) = new else { return Ok(false) };
        let size = if self.size(i) > self.wanted() { self.wanted() } else { self.new_size(new) };
        self.resize(i, size)
    }

    /// Shrinks old ReplicaSets as far as enough Pods stay available: unhealthy Pods first.
    fn shrink_old(&mut self, new: Option<usize>) -> Result<bool, Status> {
        let old = self.old_active(new);
        if old.is_empty() {
            return Ok(false);
        }
        let total: i64 = self.sets.iter().map(|s| replicas(s)).sum();
        let least = self.wanted() - self.max_unavailable();
        let new_unavailable = new.and_then(|i| self.sets.get(i)).map_or(0, |s| replicas(s) - counted(s, "/status/availableReplicas"));
        let most_down = total - least - new_unavailable;
        if most_down <= 0 {
            return Ok(false);
        }
        let mut cleaned = 0;
        for i in &old {
            let Some(set) = self.sets.get(*i) else { continue };
            let unhealthy = replicas(set) - counted(set, "/status/availableReplicas");
            let size = replicas(set);
            let down = unhealthy.min(most_down - cleaned);
            if down > 0 {
                self.resize(*i, size - down)?;
                cleaned += down;
            }
        }
        let available: i64 = self.sets.iter().map(|s| counted(s, "/status/availableReplicas")).sum();
        let mut left = available - least;
        let mut down_total = 0;
        for i in &old {
            let down = self.size(*i).min(left);
            if down > 0 {
                self.resize(*i, self.size(*i) - down)?;
                left -= down;
                down_total += down;
            }
        }
        Ok(cleaned + down_total > 0)
    }

    fn old_pods_run(&self, new: Option<usize>) -> bool {
        let mut old = self.sets.iter().enumerate().filter(|(i, _)| Some(*i) != new).map(|(_, s)| s);
        old.any(|set| counted(set, "/status/replicas") > 0 || self.work.api.owned(&set.meta.uid, PODS).any(|pod| !pods::is_over(pod)))
    }
}
