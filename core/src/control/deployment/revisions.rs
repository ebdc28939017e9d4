//! The ReplicaSet of the present template: found, brought up to date or made. Models `pkg/controller/deployment/sync`.

use serde_json::{Value, json};

use super::{Rollout, annotations, replicas};
use crate::api::{EventNote, Status};
use crate::arrange::Arrange;
use crate::control::{hash, pods};
use crate::object::Object;
use crate::object::resources::REPLICA_SETS;
use crate::object::template::HASH_LABEL;
use crate::object::value;

/// The reason why there is no new ReplicaSet.
const NOT_CREATED: &str = "ReplicaSetCreateError";

impl Rollout<'_, '_> {
    /// The number of the ReplicaSet of the present template, with its revision brought up to date; made if `make`.
    pub(super) fn new_set(&mut self, make: bool) -> Result<Option<usize>, Status> {
        let new = self.find_new();
        let old_revision = self.sets.iter().enumerate().filter(|(i, _)| Some(*i) != new).map(|(_, s)| annotations::revision(s)).max();
        let revision = old_revision.unwrap_or(0) + 1;
        match new {
            Some(i) => self.refresh(i, revision).map(|()| Some(i)),
            None if make => self.make_set(revision).map(Some),
            None => Ok(None),
        }
    }

    fn refresh(&mut self, i: usize, revision: i64) -> Result<(), Status> {
        let Some(old) = self.sets.get(i).cloned() else { return Ok(()) };
        let mut set = (*old).clone();
        annotations::set_revision(&self.deployment, &mut set, revision);
        match self.deployment.i64_at("/spec/minReadySeconds").filter(|s| *s > 0) {
            Some(s) => set.set("/spec/minReadySeconds", s),
            None => drop(set.remove("/spec/minReadySeconds")),
        }
        if set != *old {
            return self.store_set(i, set);
        }
        let mut deployment = (*self.deployment).clone();
        deployment.meta.set_annotation(annotations::REVISION, old.meta.annotation(annotations::REVISION));
        if self.has_deadline() && pods::condition(&deployment, "Progressing").is_none() {
            let message = alloc::format!("Found new replica set \"{}\"", old.name());
            let now = self.work.api.timestamp();
            super::status::set_condition(&mut deployment, ("Progressing", "True", "FoundNewReplicaSet", &message), &now);
        }
        self.store(deployment)
    }

    fn make_set(&mut self, revision: i64) -> Result<usize, Status> {
        let template = self.deployment.at("/spec/template").cloned().unwrap_or_else(|| json!({}));
        let hash = hash::template_hash(&template, self.deployment.i64_at("/status/collisionCount"));
        let name = pods::joined(self.deployment.name(), &hash);
        let Some(mut set) = self.work.api.new_object(REPLICA_SETS, self.deployment.namespace(), &name) else {
            return Err(Status::internal("there are no ReplicaSets"));
        };
        self.fill_set(&mut set, template, &hash);
        let size = self.new_size(None);
        set.set("/spec/replicas", size);
        annotations::set_revision(&self.deployment, &mut set, revision);
        annotations::set_sizes(&mut set, self.wanted(), self.wanted() + self.max_surge());
        let made = match self.work.api.create(set) {
            Ok(made) => made,
            Err(status) if status.reason == "AlreadyExists" => return self.collided(status),
            Err(status) => return self.refused(&name, status),
        };
        if size > 0 {
            let text = alloc::format!("Scaled up replica set {name} from 0 to {size}");
            self.record(&EventNote::normal("ScalingReplicaSet", &text));
        }
        let mut deployment = (*self.deployment).clone();
        deployment.meta.set_annotation(annotations::REVISION, made.meta.annotation(annotations::REVISION));
        if self.has_deadline() {
            let message = alloc::format!("Created new replica set \"{name}\"");
            let now = self.work.api.timestamp();
            super::status::set_condition(&mut deployment, ("Progressing", "True", "NewReplicaSetCreated", &message), &now);
        }
        self.sets.push(made);
        self.store(deployment)?;
        Ok(self.sets.len() - 1)
    }

    fn fill_set(&self, set: &mut Object, mut template: Value, hash: &str) {
        value::set_default(&mut template, "/metadata/labels", json!({}));
        if let Some(Value::Object(labels)) = value::at_mut(&mut template, "/metadata/labels") {
            labels.insert(HASH_LABEL.into(), hash.into());
        }
        for (k, v) in value::pairs_at(&template, "/metadata/labels") {
            set.meta.set_label(k, Some(v));
        }
        let mut selector = self.deployment.at("/spec/selector").cloned().unwrap_or_else(|| json!({}));
        if let Some(labels) = value::at_mut(&mut selector, "/matchLabels") {
            if labels.is_null() {
                *labels = json!({});
            }
            if let Value::Object(labels) = labels {
                labels.insert(HASH_LABEL.into(), hash.into());
            }
        }
        set.meta.owners = [self.deployment.as_controller()].into();
        set.set("/spec/selector", selector);
        set.set("/spec/template", template);
        if let Some(s) = self.deployment.i64_at("/spec/minReadySeconds").filter(|s| *s > 0) {
            set.set("/spec/minReadySeconds", s);
        }
        set.set("/status/replicas", 0);
    }

    /// Another ReplicaSet has the name: counts the collision, so that the next hash is another.
    fn collided(&mut self, status: Status) -> Result<usize, Status> {
        let mut deployment = (*self.deployment).clone();
        let count = deployment.i64_at("/status/collisionCount").unwrap_or(0);
        deployment.set("/status/collisionCount", count + 1);
        self.store(deployment)?;
        Err(status)
    }

    fn refused(&mut self, name: &str, status: Status) -> Result<usize, Status> {
        if status.message.contains("is being terminated") {
            return Err(status);
        }
        let message = alloc::format!("Failed to create new replica set \"{name}\": {}", status.message);
        if self.has_deadline() {
            let mut deployment = (*self.deployment).clone();
            let now = self.work.api.timestamp();
            super::status::set_condition(&mut deployment, ("Progressing", "False", NOT_CREATED, &message), &now);
            self.store(deployment)?;
        }
        self.record(&EventNote::warning(NOT_CREATED, &message));
        Err(status)
    }

    /// Deletes old ReplicaSets beyond the history limit, the oldest revisions first.
    pub(super) fn clean_up(&mut self, new: Option<usize>) -> Result<(), Status> {
        let Some(limit) = self.deployment.i64_at("/spec/revisionHistoryLimit").filter(|l| *l != i64::from(i32::MAX)) else {
            return Ok(());
        };
        let mut old: alloc::vec::Vec<_> =
            self.sets.iter().enumerate().filter(|(i, s)| Some(*i) != new && !s.is_deleting()).map(|(_, s)| s.clone()).collect();
        let surplus = old.len().saturating_sub(usize::try_from(limit).unwrap_or(0));
        old.arrange_by_key(|s| annotations::revision(s));
        for set in old.iter().take(surplus) {
            let settled = super::counted(set, "/status/replicas") == 0
                && replicas(set) == 0
                && set.meta.generation <= set.i64_at("/status/observedGeneration").unwrap_or(0);
            if settled {
                self.work.api.delete(REPLICA_SETS, &set.key(), &crate::api::DeleteOptions::default())?;
            }
        }
        Ok(())
    }
}
