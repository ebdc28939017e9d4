//! What a Pod's spec refers to by name. Never: whether it is there.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use crate::object::Object;
use crate::object::value::{at, bool_at, items_at, text_at};

/// A reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ref {
    /// The kind: `ConfigMap`.
    pub kind: &'static str,
    /// The name.
    pub name: String,
    /// The key that must be in it; empty if none is named.
    pub key: String,
}

/// The spec of an object's Pods: its own, or its template's.
pub fn pod_spec(object: &Object) -> Option<&Value> {
    match object.ty.kind.as_str() {
        "Pod" => object.field("spec"),
        "CronJob" => object.at("/spec/jobTemplate/spec/template/spec"),
        "Deployment" | "ReplicaSet" | "DaemonSet" | "StatefulSet" | "Job" | "ReplicationController" => object.at("/spec/template/spec"),
        _ => None,
    }
}

/// All containers of a spec.
pub fn containers(spec: &Value) -> impl Iterator<Item = &Value> {
    items_at(spec, "initContainers").iter().chain(items_at(spec, "containers"))
}

/// All that a spec refers to and cannot be without.
pub fn of(spec: &Value) -> Vec<Ref> {
    let mut all = Vec::new();
    let mut add = |kind: &'static str, name: &str, key: &str| {
        if !name.is_empty() {
            all.push(Ref { kind, name: name.to_string(), key: key.to_string() });
        }
    };
    for (kind, field) in
        [("ServiceAccount", "serviceAccountName"), ("PriorityClass", "priorityClassName"), ("RuntimeClass", "runtimeClassName")]
    {
        add(kind, text_at(spec, field), "");
    }
    for container in containers(spec) {
        for from in items_at(container, "envFrom") {
            for (kind, field) in [("ConfigMap", "configMapRef"), ("Secret", "secretRef")] {
                if let Some(given) = at(from, field).filter(|given| !bool_at(given, "optional")) {
                    add(kind, text_at(given, "name"), "");
                }
            }
        }
        for env in items_at(container, "env") {
            for (kind, field) in [("ConfigMap", "valueFrom/configMapKeyRef"), ("Secret", "valueFrom/secretKeyRef")] {
                if let Some(given) = at(env, field).filter(|given| !bool_at(given, "optional")) {
                    add(kind, text_at(given, "name"), text_at(given, "key"));
                }
            }
        }
    }
    for volume in items_at(spec, "volumes") {
        add("PersistentVolumeClaim", text_at(volume, "persistentVolumeClaim/claimName"), "");
        for source in core::iter::once(volume).chain(items_at(volume, "projected/sources")) {
            for (kind, field, names) in [("ConfigMap", "configMap", ["name", ""]), ("Secret", "secret", ["secretName", "name"])] {
                let Some(given) = at(source, field).filter(|given| !bool_at(given, "optional")) else { continue };
                let name = names.iter().map(|field| text_at(given, field)).find(|name| !name.is_empty()).unwrap_or_default();
                add(kind, name, "");
                items_at(given, "items").iter().for_each(|item| add(kind, name, text_at(item, "key")));
            }
        }
    }
    all
}
