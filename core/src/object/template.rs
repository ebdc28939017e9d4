//! Pod templates beside each other.

use serde_json::Value;

use super::value::{self, at};

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
