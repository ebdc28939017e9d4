//! Defaults of what belongs to the cluster itself: Namespace, Node, Secret, CustomResourceDefinition.
//! Models kubernetes `pkg/apis/core/v1/defaults.go` and apiextensions `v1/defaults.go`.

use alloc::string::ToString;
use serde_json::{Value, json};

use crate::object::value::{at, set_default, text_at};

/// A Namespace: its own name as a label, its finalizer, its phase.
pub fn namespace(object: &mut Value) {
    let name = text_at(object, "/metadata/name").to_string();
    if !name.is_empty()
        && let Some(slot) = crate::object::value::at_mut(object, "/metadata/labels")
    {
        if slot.is_null() {
            *slot = json!({});
        }
        if let Value::Object(labels) = slot {
            labels.insert("kubernetes.io/metadata.name".to_string(), name.into());
        }
    }
    let finalizers = at(object, "/spec/finalizers").and_then(Value::as_array);
    if finalizers.is_none_or(|list| list.is_empty()) && text_at(object, "/metadata/deletionTimestamp").is_empty() {
        crate::object::value::set(object, "/spec/finalizers", json!(["kubernetes"]));
    }
    set_default(object, "/status/phase", "Active");
}

/// A Node: it can give all it has.
pub fn node(object: &mut Value) {
    if let Some(capacity) = at(object, "/status/capacity").cloned() {
        set_default(object, "/status/allocatable", capacity);
    }
}

/// A Secret: its type, and `stringData` put into `data`.
pub fn secret(object: &mut Value) {
    set_default(object, "type", "Opaque");
    if text_at(object, "/type").is_empty() {
        crate::object::value::set(object, "type", "Opaque");
    }
    let Some(Value::Object(texts)) = crate::object::value::remove(object, "stringData") else { return };
    let Some(data) = crate::object::value::at_mut(object, "/data") else { return };
    if data.is_null() {
        *data = json!({});
    }
    if let Value::Object(data) = data {
        for (key, text) in texts {
            let bytes = text.as_str().unwrap_or_default().as_bytes();
            data.insert(key, crate::text::base64::encode(bytes).into());
        }
    }
}

/// A CustomResourceDefinition: the names that follow from the kind.
pub fn custom_resource_definition(object: &mut Value) {
    let kind = text_at(object, "/spec/names/kind").to_string();
    if !kind.is_empty() {
        set_default(object, "/spec/names/singular", kind.to_ascii_lowercase());
        set_default(object, "/spec/names/listKind", [kind.as_str(), "List"].concat());
    }
    set_default(object, "/spec/conversion/strategy", "None");
}
