//! Pod templates beside each other, and what of a Pod's spec its template had.

use alloc::string::ToString;

use serde_json::Value;

use super::value::{self, at, at_mut, items_at, remove, text_at};

/// The label that tells the Pods of one ReplicaSet of a Deployment from those of the others.
pub const HASH_LABEL: &str = "pod-template-hash";

/// Whether two templates differ in nothing but the hash label. Models `deployment/util` EqualIgnoreHash.
pub fn same_but_hash(a: &Value, b: &Value) -> bool {
    let without = |v: &Value| {
        let mut v = v.clone();
        if let Some(Value::Object(labels)) = value::at_mut(&mut v, "/metadata/labels") {
            labels.remove(HASH_LABEL);
        }
        if let Some(Value::Object(meta)) = v.get_mut("metadata") {
            meta.retain(|_, v| !value::is_empty(v));
        }
        v
    };
    at(a, "/spec") == at(b, "/spec") && without(a) == without(b)
}

/// Takes out of a Pod's spec what it was given when it was made and bound.
pub fn without_what_is_given(spec: &mut Value) {
    for field in ["nodeName", "priority", "preemptionPolicy", "ephemeralContainers"] {
        remove(spec, field);
    }
    without_token(spec, "", "volumes");
    for list in ["containers", "initContainers"] {
        for n in 0..items_at(spec, list).len() {
            without_token(spec, &[list, "/", &n.to_string()].concat(), "volumeMounts");
        }
    }
}

/// Takes the volume with the API's token, which every Pod is given, out of a list.
fn without_token(value: &mut Value, path: &str, list: &str) {
    let Some(Value::Object(holder)) = at_mut(value, path) else { return };
    if let Some(Value::Array(items)) = holder.get_mut(list) {
        items.retain(|item| !text_at(item, "name").starts_with("kube-api-access-"));
    }
    if holder.get(list).is_some_and(value::is_empty) {
        holder.remove(list);
    }
}
