//! What the cluster's own components own of an object. They do not say who they are with each write, as that would
//! double every object; it follows from the object when somebody asks to see it.

use alloc::string::ToString;
use serde_json::{Map, Value};

use super::fields::{Set, touched};
use super::parts::Holder;
use super::{Entry, entries, written};
use crate::object::schema::Def;
use crate::object::value::{bool_at, items_at, map_at, remove, set, text_at};

/// Kinds whose status the controller manager writes.
const OBSERVED: &[&str] = &[
    "CronJob",
    "DaemonSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "Job",
    "Namespace",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "PodDisruptionBudget",
    "ReplicaSet",
    "ReplicationController",
    "ResourceQuota",
    "StatefulSet",
];

/// An object (or a list of them) with the entries of components among its managedFields.
pub fn complete(object: &Value) -> Value {
    let mut object = object.clone();
    if let Some(items) = object.get_mut("items").and_then(Value::as_array_mut) {
        for item in items {
            *item = complete(item);
        }
        return object;
    }
    let Some(def) = Def::of_api_version(text_at(&object, "apiVersion"), text_at(&object, "kind")) else { return object };
    let mut list = entries(&object);
    let version = text_at(&object, "apiVersion").to_string();
    let time = text_at(&object, "metadata/creationTimestamp").to_string();
    let last = last_word(&object).max(&time).to_string();
    let mut add = |manager: &str, subresource: &str, set: Set| {
        let time = if subresource.is_empty() { &time } else { &last };
        if !set.is_empty() && !list.iter().any(|entry| entry.is(manager, "Update", subresource)) {
            list.push(Entry::new(manager, "Update", &version, subresource, time, set));
        }
    };
    let owned = items_at(&object, "metadata/ownerReferences").iter().any(|owner| bool_at(owner, "controller"));
    let said = !items_at(&object, "metadata/managedFields").is_empty();
    if owned && !said {
        add("kube-controller-manager", "", of_parts(def, &object, false));
    }
    let bound = !text_at(&object, "spec/volumeName").is_empty() || map_at(&object, "spec/claimRef").is_some();
    if bound && text_at(&object, "kind").starts_with("PersistentVolume") {
        add("kube-controller-manager", "", binding(&object));
    }
    let writer = match text_at(&object, "kind") {
        "Pod" if !items_at(&object, "status/containerStatuses").is_empty() => Some("kubelet"),
        "Pod" if !items_at(&object, "status/conditions").is_empty() => Some("kube-scheduler"),
        "Node" => Some("kubelet"),
        "Namespace" if items_at(&object, "status/conditions").is_empty() => None,
        kind if OBSERVED.contains(&kind) && map_at(&object, "status").is_some_and(|status| !status.is_empty()) => {
            Some("kube-controller-manager")
        }
        _ => None,
    };
    if let Some(writer) = writer {
        add(writer, "status", of_parts(def, &object, true));
    }
    if !list.is_empty() {
        set(&mut object, "/metadata/managedFields", written(list));
    }
    object
}

/// When a status last said something new: timestamps of one form, so that the greatest is the latest.
fn last_word(object: &Value) -> &str {
    let conditions = items_at(object, "status/conditions").iter();
    let times = conditions.flat_map(|condition| [text_at(condition, "lastTransitionTime"), text_at(condition, "lastUpdateTime")]);
    times.max().unwrap_or_default()
}

/// The fields of an object's status, or of all else.
fn of_parts(def: Def, object: &Value, status: bool) -> Set {
    let pod = text_at(object, "kind") == "Pod";
    let mut parts: Map<_, _> = object
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, _)| (*name == "status") == status)
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect();
    if let Some(spec) = parts.get_mut("spec").filter(|_| pod) {
        without_admission(spec);
    }
    let mut set = touched(Some(Holder::Def(def)), &Value::Null, &Value::Object(parts), false);
    if status && pod {
        of_running(object, &mut set);
    }
    const REVISION: &str = "deployment.kubernetes.io/revision";
    let notes = map_at(object, "metadata/annotations").filter(|notes| status && notes.contains_key(REVISION));
    if let (Some(notes), "Deployment") = (notes, text_at(object, "kind")) {
        let mut fields = serde_json::json!({"f:deployment.kubernetes.io/revision": {}});
        if notes.len() == 1 {
            self::set(&mut fields, "/.", serde_json::json!({}));
        }
        set.add(&Set::from_value(&serde_json::json!({"f:metadata": {"f:annotations": fields}})));
    }
    set
}

/// Takes from the spec of a Pod what admission and the scheduler have put there: nobody owns it.
fn without_admission(spec: &mut Value) {
    const TOKEN: &str = "kube-api-access-";
    let own = |item: &Value| !text_at(item, "name").starts_with(TOKEN);
    let keep = |holder: &mut Value, list: &str| {
        if let Some(items) = holder.get_mut(list).and_then(Value::as_array_mut) {
            items.retain(own);
            if items.is_empty() {
                remove(holder, list);
            }
        }
    };
    keep(spec, "volumes");
    for list in ["containers", "initContainers"] {
        for container in spec.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
            keep(container, "volumeMounts");
        }
    }
    let lost = |one: &Value| text_at(one, "key").starts_with("node.kubernetes.io/");
    if items_at(spec, "tolerations").iter().all(lost) {
        remove(spec, "tolerations");
    }
    if text_at(spec, "serviceAccountName") == "default" {
        ["serviceAccountName", "serviceAccount"].iter().for_each(|field| drop(remove(spec, field)));
    }
    ["nodeName", "priority", "preemptionPolicy"].iter().for_each(|field| drop(remove(spec, field)));
}

/// Mends what the kubelet or the scheduler owns of a Pod's status: what was there before they came is not theirs.
fn of_running(object: &Value, set: &mut Set) {
    let Some(status) = set.below.get_mut("f:status") else { return };
    status.below.remove("f:qosClass");
    if text_at(object, "status/phase") == "Pending" {
        status.below.remove("f:phase");
    }
    let runs = status.below.contains_key("f:containerStatuses");
    let Some(conditions) = status.below.get_mut("f:conditions") else { return };
    if runs {
        conditions.member = false;
        conditions.below.retain(|key, _| !key.contains("PodScheduled"));
    }
    for condition in conditions.below.values_mut() {
        condition.below.insert("f:lastProbeTime".to_string(), Set { member: true, ..Set::default() });
    }
}

/// What the controller of volumes owns of a volume or claim that it has bound.
fn binding(object: &Value) -> Set {
    let notes = map_at(object, "metadata/annotations").into_iter().flatten();
    let own = notes.filter(|(key, _)| key.starts_with("pv.kubernetes.io/")).map(|(key, _)| (["f:", key].concat(), serde_json::json!({})));
    let mut fields = serde_json::json!({"f:spec": {"f:volumeName": {}}});
    if let Some(claim) = map_at(object, "spec/claimRef") {
        let parts: Map<_, _> = claim.keys().map(|key| (["f:", key].concat(), serde_json::json!({}))).collect();
        fields = serde_json::json!({"f:spec": {"f:claimRef": parts}});
        set(&mut fields, "/f:spec/f:claimRef/.", serde_json::json!({}));
    }
    let own: Map<_, _> = own.collect();
    if !own.is_empty() {
        set(&mut fields, "/f:metadata/f:annotations", own);
    }
    Set::from_value(&fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_running_pod_has_two_managers() {
        let own =
            json!([{"manager": "kubectl-run", "operation": "Update", "apiVersion": "v1", "fieldsV1": {"f:spec": {"f:containers": {}}}}]);
        let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "managedFields": own},
            "status": {"phase": "Running", "containerStatuses": [{"name": "c"}]}});
        let shown = complete(&json!({"kind": "List", "items": [pod]}));
        let managers = items_at(&shown, "items/0/metadata/managedFields").iter().map(|entry| text_at(entry, "manager"));
        assert_eq!(managers.collect::<alloc::vec::Vec<_>>(), ["kubectl-run", "kubelet"]);
    }
}
