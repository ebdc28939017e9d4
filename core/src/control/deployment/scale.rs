//! Sizing ReplicaSets when the Deployment's own size changed, in proportion while a rollout is under way.
//! Models `pkg/controller/deployment/sync` scale.

use alloc::vec::Vec;

use super::{Rollout, annotations, counted, replicas};
use crate::api::{EventNote, Status};
use crate::arrange::Arrange;

impl Rollout<'_, '_> {
    /// Sizes without rolling: the Deployment is paused or was resized.
    pub(super) fn sync_sizes(&mut self) -> Result<(), Status> {
        let new = self.new_set(false)?;
        self.scale(new)?;
        if self.is_paused() {
            self.clean_up(new)?;
        }
        self.sync_status(new)
    }

    fn scale(&mut self, new: Option<usize>) -> Result<(), Status> {
        let wanted = self.wanted();
        if let Some(only) = self.active_or_latest(new) {
            return self.resize(only, wanted).map(|_| ());
        }
        if new.and_then(|i| self.sets.get(i)).is_some_and(|s| is_saturated(s, wanted)) {
            for i in self.old_active(new) {
                self.resize(i, 0)?;
            }
            return Ok(());
        }
        if self.is_rolling() { self.scale_in_proportion() } else { Ok(()) }
    }

    fn scale_in_proportion(&mut self) -> Result<(), Status> {
        let mut active: Vec<usize> = (0..self.sets.len()).filter(|i| self.size(*i) > 0).collect();
        let total: i64 = active.iter().map(|i| self.size(*i)).sum();
        let allowed = if self.wanted() > 0 { self.wanted() + self.max_surge() } else { 0 };
        let to_add = allowed - total;
        // Bigger first; among equals the newer first when growing, the older first when shrinking.
        let growing = to_add > 0;
        active.arrange_by_key(|i| (-self.size(*i), if growing { usize::MAX - *i } else { *i }));
        let mut sizes: Vec<(usize, i64)> = Vec::new();
        let mut added = 0;
        for i in active {
            let share = if to_add == 0 { 0 } else { self.share(i, to_add, added) };
            sizes.push((i, self.size(i) + share));
            added += share;
        }
        if let Some((_, size)) = sizes.first_mut().filter(|_| to_add != 0) {
            *size = (*size + to_add - added).max(0);
        }
        for (i, size) in sizes {
            self.set_size(i, size)?;
        }
        Ok(())
    }

    /// How much of `to_add` falls to one ReplicaSet. Models GetReplicaSetProportion.
    fn share(&self, i: usize, to_add: i64, added: i64) -> i64 {
        let Some(set) = self.sets.get(i) else { return 0 };
        let size = replicas(set);
        let left = to_add - added;
        if size == 0 || left == 0 {
            return 0;
        }
        let fraction = if self.wanted() == 0 {
            -size
        } else {
            let before = annotations::max(set).unwrap_or_else(|| counted(&self.deployment, "/status/replicas")).max(1);
            let scaled = size.saturating_mul(self.wanted() + self.max_surge());
            (scaled.saturating_mul(2) + before).div_euclid(before * 2) - size
        };
        if to_add > 0 { fraction.min(left) } else { fraction.max(left) }
    }

    /// The only active ReplicaSet, or when there is none the latest.
    fn active_or_latest(&self, new: Option<usize>) -> Option<usize> {
        let mut active = (0..self.sets.len()).filter(|i| self.size(*i) > 0);
        match (active.next(), active.next()) {
            (None, _) => new.or_else(|| self.sets.len().checked_sub(1)),
            (only, None) => only,
            _ => None,
        }
    }

    /// The size of a ReplicaSet.
    pub(super) fn size(&self, i: usize) -> i64 {
        self.sets.get(i).map_or(0, |s| replicas(s))
    }

    /// The old ReplicaSets that are to have Pods, oldest first.
    pub(super) fn old_active(&self, new: Option<usize>) -> Vec<usize> {
        (0..self.sets.len()).filter(|i| Some(*i) != new && self.size(*i) > 0).collect()
    }

    /// Sizes a ReplicaSet, with an Event. Returns whether its size changed.
    pub(super) fn resize(&mut self, i: usize, size: i64) -> Result<bool, Status> {
        if self.size(i) == size { Ok(false) } else { self.set_size(i, size) }
    }

    /// As [`Rollout::resize`], but notes the Deployment's size even where the ReplicaSet's own stays.
    fn set_size(&mut self, i: usize, size: i64) -> Result<bool, Status> {
        let old = self.size(i);
        let Some(set) = self.sets.get(i).cloned() else { return Ok(false) };
        let mut changed = (*set).clone();
        changed.set("/spec/replicas", size);
        annotations::set_sizes(&mut changed, self.wanted(), self.wanted() + self.max_surge());
        if changed != *set {
            self.store_set(i, changed)?;
        }
        if old == size {
            return Ok(false);
        }
        let direction = if old < size { "up" } else { "down" };
        let text = alloc::format!("Scaled {direction} replica set {} from {old} to {size}", set.name());
        self.record(&EventNote::normal("ScalingReplicaSet", &text));
        Ok(true)
    }
}

fn is_saturated(set: &crate::object::Object, wanted: i64) -> bool {
    replicas(set) == wanted && annotations::desired(set) == Some(wanted) && counted(set, "/status/availableReplicas") == wanted
}
