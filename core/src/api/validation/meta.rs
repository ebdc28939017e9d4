//! Validation of metadata: names by kind, labels, annotations, finalizers, and what may not change.
//! Models apimachinery `api/validation/objectmeta.go`.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use super::common::{IMMUTABLE, annotations, labels};
use super::field::{Errors, join, nth};
use crate::api::registry::Resource;
use crate::arrange::Arrange;
use crate::object::names;
use crate::object::value::{at, bool_at, items_at, text_at};

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
    common(meta, resource.custom.is_some(), errors);
}

fn common(meta: &Value, custom: bool, errors: &mut Errors) {
    labels(meta, "labels", "metadata", errors);
    annotations(meta, "metadata", errors);
    owners(meta, errors);
    let finalizers: Vec<&str> = items_at(meta, "finalizers").iter().filter_map(Value::as_str).collect();
    for finalizer in &finalizers {
        errors.each("metadata.finalizers", finalizer, names::qualified_name(finalizer));
    }
    if custom {
        return;
    }
    for (number, finalizer) in finalizers.iter().enumerate() {
        if !finalizer.contains('/') && !["orphan", "foregroundDeletion", "kubernetes"].contains(finalizer) {
            let text = "name is neither a standard finalizer name nor is it fully qualified";
            errors.invalid(&nth("metadata.finalizers", number), *finalizer, text);
        }
    }
}

fn owners(meta: &Value, errors: &mut Errors) {
    const PATH: &str = "metadata.ownerReferences";
    let mut controller: Option<String> = None;
    for owner in items_at(meta, "ownerReferences") {
        for (field, text) in [
            ("apiVersion", "version must not be empty"),
            ("kind", "must not be empty"),
            ("name", "must not be empty"),
            ("uid", "must not be empty"),
        ] {
            if text_at(owner, field).is_empty() {
                errors.invalid(&join(PATH, field), "", text);
            }
        }
        if bool_at(owner, "controller") {
            let own = [text_at(owner, "kind"), "/", text_at(owner, "name")].concat();
            match &controller {
                None => controller = Some(own),
                Some(first) => {
                    let text = alloc::format!(
                        "Only one reference can have Controller set to true. Found \"true\" in references for {first} and {own}"
                    );
                    let all = items_at(meta, "ownerReferences").iter();
                    let all: Vec<String> = all.map(|owner| super::common::in_go_order("OwnerReference", owner)).collect();
                    errors.invalid_raw(PATH, ["[", &all.join(","), "]"].concat(), text);
                }
            }
        }
    }
}

/// Metadata of a changed object.
pub fn update(resource: &Resource, new: &Value, old: &Value, errors: &mut Errors) {
    let empty = Value::Null;
    let (new, old) = (at(new, "metadata").unwrap_or(&empty), at(old, "metadata").unwrap_or(&empty));
    if !text_at(old, "deletionTimestamp").is_empty() {
        let known = items_at(old, "finalizers");
        let mut added: Vec<String> = items_at(new, "finalizers")
            .iter()
            .filter(|one| !known.contains(one))
            .filter_map(Value::as_str)
            .map(crate::text::quote::quote)
            .collect();
        added.arrange();
        if !added.is_empty() {
            errors.forbidden(
                "metadata.finalizers",
                alloc::format!(
                    "no new finalizers can be added if the object is being deleted, found new finalizers []string{{{}}}",
                    added.join(", ")
                ),
            );
        }
    }
    for field in ["name", "namespace", "uid", "creationTimestamp"] {
        let (now, before) = (text_at(new, field), text_at(old, field));
        if now != before && !(field != "name" && now.is_empty()) {
            errors.invalid(&join("metadata", field), now, IMMUTABLE);
        }
    }
    common(new, resource.custom.is_some(), errors);
}
