//! The conditions Progressing and ReplicaFailure, and the deadline. Models `pkg/controller/deployment/progress`.

use alloc::string::String;

use super::status::{is_complete, remove_condition, renew_condition, set_condition};
use super::{Rollout, counted};
use crate::api::Status;
use crate::control::pods;
use crate::object::Object;
use crate::object::value::text_at;
use crate::text::timestamp;

const COMPLETE: &str = "NewReplicaSetAvailable";
const TIMED_OUT: &str = "ProgressDeadlineExceeded";
const PAUSED: &str = "DeploymentPaused";

impl Rollout<'_, '_> {
    /// Writes counts, progress and failures of a rollout.
    pub(super) fn sync_progress(&mut self, new: Option<usize>) -> Result<(), Status> {
        let mut object = self.with_counts(new);
        if !self.has_deadline() {
            remove_condition(&mut object, "Progressing");
        }
        let current = reason(&self.deployment);
        let was_complete =
            counted(&object, "/status/replicas") == counted(&object, "/status/updatedReplicas") && current.as_deref() == Some(COMPLETE);
        if self.has_deadline() && !was_complete {
            self.set_progress(&mut object, new);
        }
        self.set_failure(&mut object, new);
        if object == *self.deployment {
            self.look_again_at_deadline();
            return Ok(());
        }
        self.store(object)
    }

    fn set_progress(&self, object: &mut Object, new: Option<usize>) {
        let now = self.work.api.timestamp();
        let subject = match new.and_then(|i| self.sets.get(i)) {
            Some(set) => alloc::format!("ReplicaSet \"{}\"", set.name()),
            None => alloc::format!("Deployment \"{}\"", self.deployment.name()),
        };
        let text = |rest: &str| [subject.as_str(), rest].concat();
        if is_complete(object, self.wanted()) {
            set_condition(object, ("Progressing", "True", COMPLETE, &text(" has successfully progressed.")), &now);
        } else if self.has_progressed(object) {
            renew_condition(object, ("Progressing", "True", "ReplicaSetUpdated", &text(" is progressing.")), &now);
        } else if self.has_timed_out(object) {
            set_condition(object, ("Progressing", "False", TIMED_OUT, &text(" has timed out progressing.")), &now);
        }
    }

    fn has_progressed(&self, object: &Object) -> bool {
        let old = |o: &Object| counted(o, "/status/replicas") - counted(o, "/status/updatedReplicas");
        let more = |field| counted(object, field) > counted(&self.deployment, field);
        more("/status/updatedReplicas")
            || old(object) < old(&self.deployment)
            || more("/status/readyReplicas")
            || more("/status/availableReplicas")
    }

    fn has_timed_out(&self, object: &Object) -> bool {
        match reason(object).as_deref() {
            None | Some(COMPLETE) => false,
            Some(TIMED_OUT) => true,
            _ => self.deadline_ms(object).is_some_and(|at| at < self.work.api.wall_ms()),
        }
    }

    /// The wall-clock time at which the present lack of progress is too long.
    fn deadline_ms(&self, object: &Object) -> Option<i64> {
        let from = timestamp::parse_rfc3339_ms(text_at(pods::condition(object, "Progressing")?, "lastUpdateTime"))?;
        let seconds = self.deployment.i64_at("/spec/progressDeadlineSeconds")?;
        from.checked_add(seconds.checked_mul(1000)?)
    }

    fn look_again_at_deadline(&mut self) {
        let current = reason(&self.deployment);
        if !self.has_deadline() || self.is_complete() || matches!(current.as_deref(), None | Some(TIMED_OUT)) {
            return;
        }
        if let Some(at) = self.deadline_ms(&self.deployment) {
            let wait = u64::try_from(at.saturating_sub(self.work.api.wall_ms())).unwrap_or(0);
            self.work.again_later(wait + 1000);
        }
    }

    fn set_failure(&self, object: &mut Object, new: Option<usize>) {
        let mut sets = new.and_then(|i| self.sets.get(i)).into_iter().chain(self.sets.iter());
        let failure = sets.find_map(|s| pods::condition(s, "ReplicaFailure")).cloned();
        match failure {
            Some(c) => {
                let now = self.work.api.timestamp();
                set_condition(object, ("ReplicaFailure", text_at(&c, "status"), text_at(&c, "reason"), text_at(&c, "message")), &now);
            }
            None => remove_condition(object, "ReplicaFailure"),
        }
    }

    /// Says that the rollout is paused or goes on.
    pub(super) fn sync_paused_condition(&mut self) -> Result<(), Status> {
        let current = reason(&self.deployment);
        if !self.has_deadline() || current.as_deref() == Some(TIMED_OUT) {
            return Ok(());
        }
        let was_paused = current.as_deref() == Some(PAUSED);
        let condition = match (self.is_paused(), was_paused) {
            (true, false) => ("Progressing", "Unknown", PAUSED, "Deployment is paused"),
            (false, true) => ("Progressing", "Unknown", "DeploymentResumed", "Deployment is resumed"),
            _ => return Ok(()),
        };
        let mut object = (*self.deployment).clone();
        let now = self.work.api.timestamp();
        set_condition(&mut object, condition, &now);
        self.store(object)
    }
}

/// The reason of the condition Progressing.
fn reason(object: &Object) -> Option<String> {
    pods::condition(object, "Progressing").map(|c| text_at(c, "reason").into())
}
