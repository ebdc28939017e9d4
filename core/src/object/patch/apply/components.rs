//! What the cluster's own components own of an object. They do not say who they are with each write, as that would
//! double every object; it follows from the object when somebody asks to see it.

use alloc::string::ToString;
use serde_json::{Map, Value};

use super::fields::{Set, touched};
use super::{Entry, entries, written};
use crate::object::schema::Def;
use crate::object::value::{at, bool_at, items_at, map_at, set, text_at};

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
    let mut add = |manager: &str, subresource: &str, set: Set| {
        if !set.is_empty() && !list.iter().any(|entry| entry.is(manager, "Update", subresource)) {
            list.push(Entry::new(manager, "Update", &version, subresource, &time, set));
        }
    };
    let owned = items_at(&object, "metadata/ownerReferences").iter().any(|owner| bool_at(owner, "controller"));
    let said = !items_at(&object, "metadata/managedFields").is_empty();
    if owned && !said {
        add("kube-controller-manager", "", of_parts(def, &object, false));
    }
    let writer = match text_at(&object, "kind") {
        "Pod" if !items_at(&object, "status/containerStatuses").is_empty() => Some("kubelet"),
        "Pod" if !items_at(&object, "status/conditions").is_empty() => Some("kube-scheduler"),
        "Node" => Some("kubelet"),
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

/// The fields of an object's status, or of all else.
fn of_parts(def: Def, object: &Value, status: bool) -> Set {
    let parts: Map<_, _> = object
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, _)| (*name == "status") == status)
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect();
    let mut set = touched(Some(def), &Value::Null, &Value::Object(parts), false);
    if status && at(object, "metadata/annotations").and_then(|notes| notes.get("deployment.kubernetes.io/revision")).is_some() {
        let revision = serde_json::json!({"f:metadata": {"f:annotations": {"f:deployment.kubernetes.io/revision": {}}}});
        set.add(&Set::from_value(&revision));
    }
    set
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
