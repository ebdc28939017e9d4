//! The brought objects as rows of a store at instant 0: moved in time, with UIDs, and with what controllers had kept for
//! them. The same data makes the same rows each time. It may come from a link: what is not an object is passed over.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Value, json};

use super::{Brought, plan, seen};
use crate::api::Api;
use crate::api::seen::Seen;
use crate::object::resources::{CONTROLLER_REVISIONS, NODES, SERVICES};
use crate::object::value::{set, text_at};
use crate::object::{Object, OwnerReference};
use crate::text::{sha256, timestamp};

/// The label by which a DaemonSet knows the revision of a Pod, and a StatefulSet the name of one.
const REVISION: &str = "controller-revision-hash";

/// Resources of the page's own cluster that give way to a cluster with nodes.
const GIVE_WAY: [&str; 12] = [
    NODES,
    "pods",
    "deployments.apps",
    "replicasets.apps",
    "daemonsets.apps",
    "statefulsets.apps",
    CONTROLLER_REVISIONS,
    "csinodes.storage.k8s.io",
    "endpoints",
    "endpointslices.discovery.k8s.io",
    SERVICES,
    "leases.coordination.k8s.io",
];

/// Puts the brought objects in the place of the page's own. Returns what their containers were seen to do.
pub fn into_rows(api: &Api, rows: &mut Vec<Object>, brought: &Brought) -> Seen {
    let mut objects: Vec<Object> = match &brought.ready.0 {
        Some(ready) => ready.iter().map(|object| of_this_server(api, object)).collect(),
        None => brought.objects.0.iter().filter_map(|value| understood(api, value)).collect(),
    };
    let shift_ms = api.epoch_ms.saturating_sub(brought.seen_ms);
    objects.iter_mut().for_each(|object| move_in_time(object, shift_ms, api.epoch_ms));
    let uids: BTreeMap<(String, String, String), String> = objects.iter().map(|o| (identity(o), uid(&identity(o)))).collect();
    for object in &mut objects {
        object.meta.uid = uids.get(&identity(object)).map_or("", String::as_str).into();
        name_owners(object, &uids);
    }
    objects.extend(revisions(api, &objects));
    let seen = seen::seen(&objects, api.epoch_ms);
    if objects.iter().any(|o| o.ty.resource == NODES) {
        let keeps = |o: &Object| {
            !GIVE_WAY.contains(&o.ty.resource.as_str())
                || o.namespace() == "default" && o.name() == "kubernetes"
                || o.namespace() == "kube-system" && o.ty.kind == "Lease"
        };
        let ours = |o: &Object| o.namespace() == "metallb-system" || o.ty.kind == "Namespace" && o.name() == "metallb-system";
        rows.retain(|o| keeps(o) && !ours(o));
    }
    let there: BTreeMap<(String, String, String), ()> = objects.iter().map(|o| (identity(o), ())).collect();
    rows.retain(|o| !there.contains_key(&identity(o)));
    rows.append(&mut objects);
    seen
}

/// An object that was understood with the types of another server.
fn of_this_server(api: &Api, object: &Object) -> Object {
    let ty = api.type_of(&object.ty.resource).unwrap_or(&object.ty).clone();
    Object { ty, ..object.clone() }
}

/// An object as a session takes it; `None` if it is none.
pub(super) fn understood(api: &Api, value: &Value) -> Option<Object> {
    let mut kinds: Vec<&str> = plan::TAKEN.to_vec();
    kinds.push("Secret");
    plan::object(api, value, &kinds).ok()
}

fn identity(object: &Object) -> (String, String, String) {
    (object.ty.kind.clone(), object.namespace().to_string(), object.name().to_string())
}

fn uid(of: &(String, String, String)) -> String {
    let hex = sha256::hex(["brought/", &of.0, "/", &of.1, "/", &of.2].concat().as_bytes());
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or("0000");
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}

/// Gives references the UIDs of what they mean; what is not there keeps a UID of its own.
fn name_owners(object: &mut Object, uids: &BTreeMap<(String, String, String), String>) {
    let namespace = object.namespace().to_string();
    let of = |kind: &str, name: &str| {
        let wide = (kind.to_string(), String::new(), name.to_string());
        let here = (kind.to_string(), namespace.clone(), name.to_string());
        uids.get(&here).or(uids.get(&wide)).cloned().unwrap_or_else(|| uid(&here))
    };
    object.meta.owners = object.meta.owners.iter().map(|r| OwnerReference { uid: of(&r.kind, &r.name), ..r.clone() }).collect();
    if object.ty.kind == "PersistentVolume" && object.at("/spec/claimRef").is_some() {
        let claim = (
            "PersistentVolumeClaim".to_string(),
            object.text_at("/spec/claimRef/namespace").to_string(),
            object.text_at("/spec/claimRef/name").to_string(),
        );
        if let Some(own) = uids.get(&claim) {
            object.set("/spec/claimRef/uid", own.as_str());
        }
        object.remove("/spec/claimRef/resourceVersion");
    }
}

/// Moves an object's times, so that the cluster was looked at just now.
fn move_in_time(object: &mut Object, shift_ms: i64, now_ms: i64) {
    let moved = |at: i64| at.saturating_add(shift_ms).min(now_ms);
    let meta = &mut object.meta;
    meta.creation = Some(meta.creation.map_or(now_ms, moved));
    meta.deletion = meta.deletion.map(|at| at.saturating_add(shift_ms));
    meta.generation = meta.generation.max(0);
    if object.field("status").is_some() {
        move_times(object.field_mut("status"), shift_ms);
    }
}

fn move_times(value: &mut Value, shift_ms: i64) {
    match value {
        Value::String(text) if text.len() == 20 && text.ends_with('Z') => {
            if let Some(at) = timestamp::parse_rfc3339_ms(text) {
                *text = timestamp::rfc3339(at.saturating_add(shift_ms));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|v| move_times(v, shift_ms)),
        Value::Object(map) => map.values_mut().for_each(|v| move_times(v, shift_ms)),
        _ => {}
    }
}

/// Whether a node says that it is ready, or says nothing of it.
pub(super) fn is_ready(node: &Object) -> bool {
    let ready = node.items_at("/status/conditions").iter().find(|c| text_at(c, "type") == "Ready");
    ready.is_none_or(|c| text_at(c, "status") == "True")
}

/// The revisions of DaemonSets and StatefulSets that nobody brought: without them every Pod would be of a former template.
fn revisions(api: &Api, objects: &[Object]) -> Vec<Object> {
    let has: Vec<&str> =
        objects.iter().filter(|o| o.ty.resource == CONTROLLER_REVISIONS).flat_map(|o| o.controller()).map(|r| r.uid.as_str()).collect();
    let mut pods: BTreeMap<&str, Vec<&Object>> = BTreeMap::new();
    for pod in objects.iter().filter(|o| o.ty.kind == "Pod") {
        if let Some(owner) = pod.controller() {
            pods.entry(owner.uid.as_str()).or_default().push(pod);
        }
    }
    let mut made = Vec::new();
    for owner in objects.iter().filter(|o| matches!(o.ty.kind.as_str(), "DaemonSet" | "StatefulSet") && !has.contains(&&*o.meta.uid)) {
        let own = pods.get(&*owner.meta.uid).map_or(&[][..], Vec::as_slice);
        if owner.ty.kind == "DaemonSet" {
            made.extend(present(owner, own).and_then(|hash| revision(api, owner, &[owner.name(), "-", hash].concat(), hash, (1, None))));
            continue;
        }
        let (update, current) = (owner.text_at("/status/updateRevision"), owner.text_at("/status/currentRevision"));
        let hash = |name: &str| name.rsplit('-').next().unwrap_or_default().to_string();
        let former = own.iter().find(|pod| current != update && pod.meta.label(REVISION) == Some(current)).copied();
        if let Some(former) = former {
            made.extend(revision(api, owner, current, &hash(current), (1, Some(former))));
        }
        if !update.is_empty() {
            made.extend(revision(api, owner, update, &hash(update), (2, None)));
        }
    }
    made
}

/// The hash of a DaemonSet's present template: that of Pods of its present generation, or of most Pods.
fn present<'a>(set: &Object, pods: &[&'a Object]) -> Option<&'a str> {
    let generation = set.meta.annotation("deprecated.daemonset.template.generation");
    let of_now = |pod: &&&Object| generation.is_some() && pod.meta.label("pod-template-generation") == generation;
    let hash = |pod: &&'a Object| pod.meta.label(REVISION);
    if let Some(found) = pods.iter().filter(of_now).find_map(hash) {
        return Some(found);
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    pods.iter().filter_map(hash).for_each(|hash| *counts.entry(hash).or_default() += 1);
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(hash, _)| hash)
}

/// A revision with the set's template, or with that of a former one as far as a Pod of it tells: its images.
fn revision(api: &Api, owner: &Object, name: &str, hash: &str, (number, former): (i64, Option<&Object>)) -> Option<Object> {
    let mut made = api.new_object(CONTROLLER_REVISIONS, owner.namespace(), name)?;
    let mut template = owner.at("/spec/template").cloned().unwrap_or_else(|| json!({}));
    if let Some(pod) = former {
        for (n, container) in pod.items_at("/spec/containers").iter().enumerate() {
            set_image(&mut template, n, text_at(container, "image"));
        }
    }
    set(&mut template, "$patch", "replace");
    made.meta.uid = uid(&("ControllerRevision".to_string(), owner.namespace().to_string(), name.to_string())).into();
    (made.meta.creation, made.meta.owners) = (owner.meta.creation, [owner.as_controller()].into());
    for (key, value) in owner.at("/spec/template/metadata/labels").and_then(Value::as_object).into_iter().flatten() {
        made.meta.set_label(key, value.as_str());
    }
    let label = if owner.ty.kind == "DaemonSet" { REVISION } else { "controller.kubernetes.io/hash" };
    made.meta.set_label(label, Some(hash));
    made.set("/data", json!({"spec": {"template": template}}));
    made.set("/revision", number);
    Some(made)
}

fn set_image(template: &mut Value, number: usize, image: &str) {
    let path = ["spec/containers/", &number.to_string()].concat();
    if crate::object::value::at(template, &path).is_some() {
        set(template, &[path.as_str(), "/image"].concat(), image);
    }
}
