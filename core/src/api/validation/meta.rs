//! Validation of metadata: names by kind, labels, annotations, finalizers, and what may not change.
//! Models apimachinery `api/validation/objectmeta.go`.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use super::common::{IMMUTABLE, annotations, labels};
use super::field::{Errors, join, nth};
use crate::api::registry::Resource;
use crate::object::names;
use crate::object::value::{at, items_at, text_at};

/// Kinds whose names are labels (no dots), by group and kind.
const LABEL_NAMES: &[(&str, &str)] = &[("", "Service"), ("", "Namespace"), ("apps", "StatefulSet")];

/// Kinds whose names need only be a part of a path.
const PATH_NAMES: &[&str] = &["Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"];

/// What is wrong with the name of an object of a kind.
fn name_rule(resource: &Resource, name: &str) -> Vec<String> {
    if PATH_NAMES.contains(&&*resource.kind) {
        return path_segment(name);
    }
    if LABEL_NAMES.iter().any(|(group, kind)| *group == resource.group && *kind == resource.kind) {
        return names::dns_label(name);
    }
    names::dns_subdomain(name)
}

/// What is wrong with a name as part of a path.
pub fn path_segment(name: &str) -> Vec<String> {
    if name == "." || name == ".." {
        return alloc::vec![["may not be '", name, "'"].concat()];
    }
    let mut wrong = Vec::new();
    for bad in ["/", "%"] {
        if name.contains(bad) {
            wrong.push(["may not contain '", bad, "'"].concat());
        }
    }
    wrong
}

/// Metadata of a new object.
pub fn create(resource: &Resource, object: &Value, errors: &mut Errors) {
    let empty = Value::Null;
    let meta = at(object, "metadata").unwrap_or(&empty);
    let generate = text_at(meta, "generateName");
    if !generate.is_empty() {
        // A generated name may end in a dash, as something follows.
        let stem = generate.strip_suffix('-').map_or_else(|| generate.to_string(), |stem| [stem, "a"].concat());
        errors.each("metadata.generateName", generate, name_rule(resource, &stem));
    }
    let name = text_at(meta, "name");
    if name.is_empty() {
        if generate.is_empty() {
            errors.required("metadata.name", "name or generateName is required");
        }
    } else {
        errors.each("metadata.name", name, name_rule(resource, name));
    }
    if resource.namespaced {
        let namespace = text_at(meta, "namespace");
        if namespace.is_empty() {
            errors.required("metadata.namespace", "");
        } else {
            errors.each("metadata.namespace", namespace, names::dns_label(namespace));
        }
    }
    common(meta, errors);
}

fn common(meta: &Value, errors: &mut Errors) {
    labels(meta, "labels", "metadata", errors);
    annotations(meta, "metadata", errors);
    for (number, owner) in items_at(meta, "ownerReferences").iter().enumerate() {
        let path = nth("metadata.ownerReferences", number);
        for field in ["apiVersion", "kind", "name", "uid"] {
            if text_at(owner, field).is_empty() {
                errors.invalid(&join(&path, field), text_at(owner, field), "must not be empty");
            }
        }
    }
    for (number, finalizer) in items_at(meta, "finalizers").iter().filter_map(Value::as_str).enumerate() {
        let path = nth("metadata.finalizers", number);
        let wrong = names::qualified_name(finalizer);
        if wrong.is_empty() && !finalizer.contains('/') && !["orphan", "foregroundDeletion", "kubernetes"].contains(&finalizer) {
            errors.invalid(&path, finalizer, "name is neither a standard finalizer name nor is it fully qualified");
        }
        errors.each(&path, finalizer, wrong);
    }
}

/// Metadata of a changed object.
pub fn update(new: &Value, old: &Value, errors: &mut Errors) {
    let empty = Value::Null;
    let (new, old) = (at(new, "metadata").unwrap_or(&empty), at(old, "metadata").unwrap_or(&empty));
    for field in ["name", "namespace", "uid", "creationTimestamp"] {
        let (now, before) = (text_at(new, field), text_at(old, field));
        if now != before && !(field != "name" && now.is_empty()) {
            errors.invalid(&join("metadata", field), now, IMMUTABLE);
        }
    }
    common(new, errors);
}
