//! AppArmor profiles that a Pod names in its annotations, as they were named once. Models kubernetes
//! `pkg/registry/core/pod` applyAppArmorVersionSkew.

use alloc::string::String;
use alloc::vec::Vec;
use serde_json::{Value, json};

use crate::object::Object;
use crate::object::value::{at, set, text_at};

/// What the names of such annotations begin with; the name of a container follows.
pub const ANNOTATION: &str = "container.apparmor.security.beta.kubernetes.io/";

/// Writes the profiles of a new Pod's annotations into the fields of its containers, where those say nothing else.
pub fn copy(object: &mut Object, notes: &mut Vec<String>) {
    let old = object.meta.annotations.keys().any(|key| key.starts_with(ANNOTATION));
    if !old || object.text_at("/spec/os/name") == "windows" {
        return;
    }
    let annotations = object.meta.annotations.clone();
    let of_pod = object.at("/spec/securityContext/appArmorProfile").cloned();
    let spec = object.field_mut("spec");
    for list in ["initContainers", "containers"] {
        for container in spec.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
            let key = [ANNOTATION, text_at(container, "name")].concat();
            let annotation = annotations.get(&key);
            let given = at(container, "securityContext/appArmorProfile").is_some_and(|profile| !profile.is_null());
            let Some(annotation) = annotation.filter(|_| !given) else { continue };
            let profile = profile(annotation);
            if profile.is_some() && profile == of_pod {
                continue;
            }
            if let Some(profile) = profile {
                if !container.get("securityContext").is_some_and(Value::is_object) {
                    set(container, "/securityContext", json!({}));
                }
                set(container, "/securityContext/appArmorProfile", profile);
            }
            notes.push(["metadata.annotations[", &key, "]: deprecated since v1.30; use the \"appArmorProfile\" field instead"].concat());
        }
    }
}

/// The profile that an annotation names.
fn profile(annotation: &str) -> Option<Value> {
    match annotation {
        "unconfined" => Some(json!({"type": "Unconfined"})),
        "runtime/default" => Some(json!({"type": "RuntimeDefault"})),
        other => {
            let name = other.strip_prefix("localhost/").filter(|name| !name.is_empty() && name.trim() == *name)?;
            Some(json!({"type": "Localhost", "localhostProfile": name}))
        }
    }
}
