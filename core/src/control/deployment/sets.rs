//! The ReplicaSets of a Deployment: finding the one with the present template, making it, numbering them.

use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Value, json};

use super::scaling::{DESIRED, MAX};
use super::{Deployments, REVISION, Scene, rolling};
use crate::api::{Answer, Api, EventNote, Request, Status, Verb};
use crate::control::{hash, pods, worker::Work};
use crate::object::Object;
use crate::object::resources::{DEPLOYMENTS, REPLICA_SETS};
use crate::object::selector::Selector;
use crate::object::value;

const HASH_LABEL: &str = "pod-template-hash";
const HISTORY: &str = "deployment.kubernetes.io/revision-history";
/// Annotations of a Deployment that its ReplicaSets do not get.
const KEPT_BACK: &[&str] =
    &["kubectl.kubernetes.io/last-applied-configuration", REVISION, HISTORY, DESIRED, MAX, "deprecated.deployment.rollback.to"];

/// The number of a ReplicaSet's template.
pub fn revision(rs: &Object) -> i64 {
    rs.meta.annotation(REVISION).and_then(|r| r.parse().ok()).unwrap_or(0)
}

/// Whether a ReplicaSet was made from the Deployment's present template.
pub fn same_template(deployment: &Object, rs: &Object) -> bool {
    let (Some(wanted), Some(had)) = (deployment.at("/spec/template"), rs.at("/spec/template")) else { return false };
    value::at(wanted, "spec") == value::at(had, "spec") && meta_without_hash(wanted) == meta_without_hash(had)
}

fn meta_without_hash(template: &Value) -> Value {
    let mut meta = value::at(template, "metadata").cloned().unwrap_or_else(|| json!({}));
    if let Some(Value::Object(labels)) = meta.get_mut("labels") {
        labels.remove(HASH_LABEL);
    }
    if let Value::Object(map) = &mut meta {
        map.retain(|_, v| !value::is_empty(v));
    }
    meta
}

/// Takes ReplicaSets without an owner whose labels the Deployment selects.
pub fn adopt(deployment: &Rc<Object>, api: &mut Api) -> Result<(), Status> {
    let Ok(selector) = Selector::from_label_selector(deployment.at("/spec/selector")) else { return Ok(()) };
    let orphans: Vec<_> = api
        .list(REPLICA_SETS, Some(deployment.namespace()))
        .filter(|rs| rs.controller().is_none() && !rs.is_deleting() && selector.matches(&*rs.meta.labels))
        .map(|rs| rs.key())
        .collect();
    for key in orphans {
        let owner = deployment.as_controller();
        api.modify(REPLICA_SETS, &key, |rs| rs.meta.owners = rs.meta.owners.iter().cloned().chain([owner]).collect())?;
    }
    Ok(())
}

impl Deployments {
    /// The scene with the new ReplicaSet brought up to date where there is one; none is made.
    pub(super) fn with_new_set_if_known(&mut self, scene: Scene, work: &mut Work<'_>) -> Result<Scene, Status> {
        match scene.new {
            Some(_) => self.with_new_set(scene, work),
            None => Ok(scene),
        }
    }

    /// The scene with a new ReplicaSet: found and numbered, or made. Models getNewReplicaSet.
    pub(super) fn with_new_set(&mut self, scene: Scene, work: &mut Work<'_>) -> Result<Scene, Status> {
        let next = scene.old().map(|rs| revision(rs)).max().unwrap_or(0) + 1;
        let number = match &scene.new {
            Some(new) => self.renumber(&scene, new, next, work)?,
            None => {
                self.make(&scene, next, work)?;
                next
            }
        };
        let text = number.to_string();
        let deployment = work.api.modify(DEPLOYMENTS, &scene.deployment.key(), |d| d.meta.set_annotation(REVISION, Some(&text)))?;
        Ok(Scene::read(work.api, &deployment))
    }

    fn renumber(&mut self, scene: &Scene, new: &Object, next: i64, work: &mut Work<'_>) -> Result<i64, Status> {
        let had = revision(new);
        let number = had.max(next);
        work.api.modify(REPLICA_SETS, &new.key(), |rs| {
            copy_annotations(&scene.deployment, rs);
            if number > had {
                rs.meta.set_annotation(REVISION, Some(&number.to_string()));
                if had > 0 {
                    let history = match rs.meta.annotation(HISTORY) {
                        Some(h) => [h, ",", &had.to_string()].concat(),
                        None => had.to_string(),
                    };
                    rs.meta.set_annotation(HISTORY, Some(&history));
                }
            }
        })?;
        if crate::control::pods::condition(&scene.deployment, "Progressing").is_none() {
            self.set_progress(&scene.deployment, "FoundNewReplicaSet", &["Found new replica set \"", new.name(), "\""].concat(), work)?;
        }
        Ok(number)
    }

    fn make(&mut self, scene: &Scene, number: i64, work: &mut Work<'_>) -> Result<(), Status> {
        let d = &scene.deployment;
        let template = d.at("/spec/template").cloned().unwrap_or_default();
        let mut collisions = d.i64_at("/status/collisionCount");
        let mut sum = hash::template_hash(&template, collisions);
        while work.api.find(REPLICA_SETS, d.namespace(), &pods::joined(d.name(), &sum)).is_some() && collisions.unwrap_or(0) < 50 {
            collisions = Some(collisions.unwrap_or(0) + 1);
            sum = hash::template_hash(&template, collisions);
        }
        let Some(mut rs) = work.api.new_object(REPLICA_SETS, d.namespace(), &pods::joined(d.name(), &sum)) else { return Ok(()) };
        let mut labelled = template;
        value::set(&mut labelled, "metadata/labels/pod-template-hash", sum.as_str());
        for (k, v) in value::pairs_at(&labelled, "metadata/labels") {
            rs.meta.set_label(k, Some(v));
        }
        let mut selector = d.at("/spec/selector").cloned().unwrap_or_default();
        value::set(&mut selector, "matchLabels/pod-template-hash", sum.as_str());
        copy_annotations(d, &mut rs);
        let (surge, _) = scene.surge_and_unavailable();
        for (key, n) in [(REVISION, number), (DESIRED, scene.replicas()), (MAX, scene.replicas() + surge)] {
            rs.meta.set_annotation(key, Some(&n.to_string()));
        }
        rs.meta.owners = [d.as_controller()].into();
        let size = if scene.is_recreate() { scene.replicas() } else { rolling::new_replicas(scene, 0) };
        let mut spec = json!({"replicas": size, "selector": selector, "template": labelled});
        if let Some(s) = d.i64_at("/spec/minReadySeconds").filter(|s| *s > 0) {
            value::set(&mut spec, "minReadySeconds", s);
        }
        rs.set("/spec", spec);
        rs.set("/status", json!({"replicas": 0}));
        let request = Request::new(Verb::Create, REPLICA_SETS, d.namespace(), "").with_body(rs.to_value());
        let Answer::Object(rs) = work.api.handle(request).result? else { return Ok(()) };
        if size > 0 {
            let text = alloc::format!("Scaled up replica set {} from 0 to {size}", rs.name());
            self.events.record(work.api, d, &EventNote::normal("ScalingReplicaSet", &text));
        }
        self.set_progress(d, "NewReplicaSetCreated", &["Created new replica set \"", rs.name(), "\""].concat(), work)?;
        if let Some(count) = collisions {
            work.api.modify(DEPLOYMENTS, &d.key(), |d| d.set("/status/collisionCount", count))?;
        }
        Ok(())
    }
}

fn copy_annotations(from: &Object, to: &mut Object) {
    let pairs: Vec<(String, String)> =
        from.meta.annotations.iter().filter(|(k, _)| !KEPT_BACK.contains(&k.as_str())).map(|(k, v)| (k.clone(), v.clone())).collect();
    for (k, v) in pairs {
        to.meta.set_annotation(&k, Some(&v));
    }
}
