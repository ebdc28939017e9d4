//! ControllerRevisions: the templates that a DaemonSet or StatefulSet has had. Models `pkg/controller/history`.

use alloc::collections::BTreeSet;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Value, json};

use super::{hash, pods};
use crate::api::{Api, DeleteOptions, Status};
use crate::arrange::Arrange;
use crate::object::resources::CONTROLLER_REVISIONS;
use crate::object::selector::Selector;
use crate::object::value;
use crate::object::{Key, Object};

/// A template as a revision keeps it.
fn data(owner: &Object) -> Value {
    let mut template = owner.at("/spec/template").cloned().unwrap_or_else(|| json!({}));
    value::set(&mut template, "$patch", "replace");
    json!({"spec": {"template": template}})
}

fn number(revision: &Object) -> i64 {
    revision.i64_at("/revision").unwrap_or(0)
}

/// The revisions of an owner, oldest first.
pub fn all(api: &Api, owner: &Object) -> Vec<Rc<Object>> {
    let mut all: Vec<Rc<Object>> = api.owned(&owner.meta.uid, CONTROLLER_REVISIONS).cloned().collect();
    all.arrange_by_key(|r| number(r));
    all
}

/// The revision of the owner's present template: found and made the newest, or made. Its label `hash_label` is the hash.
///
/// # Errors
/// Refusals of the API server, a collision of names among them.
pub fn current(api: &mut Api, owner: &Object, hash_label: &str, labels: Option<&Value>) -> Result<Rc<Object>, Status> {
    let data = data(owner);
    let mut all = all(api, owner);
    if all.is_empty() {
        adopt(api, owner)?;
        all = self::all(api, owner);
    }
    let newest = all.last().map_or(0, |r| number(r));
    let same = |r: &&Rc<Object>| {
        r.field("data").is_some_and(|d| *d == data || value::at(d, "/spec/template") == value::at(&data, "/spec/template"))
    };
    if let Some(known) = all.iter().rev().find(same) {
        if number(known) == newest {
            return Ok(known.clone());
        }
        return api.modify(CONTROLLER_REVISIONS, &known.key(), |r| r.set("/revision", newest + 1));
    }
    let hash = hash::template_hash(&data, owner.i64_at("/status/collisionCount").filter(|c| *c > 0));
    let name = pods::joined(owner.name(), &hash);
    let Some(mut revision) = api.new_object(CONTROLLER_REVISIONS, owner.namespace(), &name) else {
        return Err(Status::internal("there are no ControllerRevisions"));
    };
    for (k, v) in labels.into_iter().flat_map(|l| value::pairs_at(l, "")) {
        revision.meta.set_label(k, Some(v));
    }
    revision.meta.set_label(hash_label, Some(&hash));
    revision.meta.annotations = owner.meta.annotations.clone();
    revision.meta.owners = [owner.as_controller()].into();
    revision.set("/data", data);
    revision.set("/revision", newest + 1);
    match api.create(revision) {
        Err(status) if status.reason == "AlreadyExists" => {
            let count = owner.i64_at("/status/collisionCount").unwrap_or(0);
            api.modify(&owner.ty.resource, &owner.key(), |o| o.set("/status/collisionCount", count + 1))?;
            Err(status)
        }
        result => result,
    }
}

/// Takes over revisions that a former owner has left. Models AdoptOrphanRevisions.
fn adopt(api: &mut Api, owner: &Object) -> Result<(), Status> {
    let selector = Selector::from_label_selector(owner.at("/spec/selector")).unwrap_or_else(|_| Selector::nothing());
    let fits = |r: &&Rc<Object>| r.controller().is_none() && !r.is_deleting() && selector.matches(&r.meta);
    let named = |r: &&Rc<Object>| r.name().starts_with(owner.name());
    let orphans: Vec<Key> = api.list(CONTROLLER_REVISIONS, Some(owner.namespace())).filter(fits).filter(named).map(|r| r.key()).collect();
    for key in orphans {
        let reference = owner.as_controller();
        api.modify(CONTROLLER_REVISIONS, &key, |r| r.meta.owners = r.meta.owners.iter().cloned().chain([reference]).collect())?;
    }
    Ok(())
}

/// Deletes revisions beyond the owner's limit that no Pod (told by names or hashes in `live`) is of.
///
/// # Errors
/// Refusals of the API server.
pub fn truncate(api: &mut Api, owner: &Object, current: &Object, live: &BTreeSet<String>) -> Result<(), Status> {
    let limit = usize::try_from(owner.i64_at("/spec/revisionHistoryLimit").unwrap_or(10)).unwrap_or(0);
    let is_live = |r: &Rc<Object>| {
        r.meta.uid == current.meta.uid || live.contains(r.name()) || r.meta.labels.values().any(|v| live.contains(v.as_str()))
    };
    let old: Vec<Rc<Object>> = all(api, owner).into_iter().filter(|r| !is_live(r)).collect();
    for revision in old.iter().take(old.len().saturating_sub(limit)) {
        api.delete(CONTROLLER_REVISIONS, &revision.key(), &DeleteOptions::default())?;
    }
    Ok(())
}

/// The template that a revision holds.
pub fn template(revision: &Object) -> Value {
    let mut template = revision.at("/data/spec/template").cloned().unwrap_or_else(|| json!({}));
    if let Value::Object(map) = &mut template {
        map.remove("$patch");
    }
    template
}

/// The label of a Pod that tells its revision.
pub const REVISION_LABEL: &str = "controller-revision-hash";

/// The text of an owner's revision label on a Pod, or nothing.
pub fn of_pod(pod: &Object) -> String {
    pod.meta.label(REVISION_LABEL).unwrap_or_default().to_string()
}
