//! Validation of what belongs to the cluster itself: Node and CustomResourceDefinition. Models kubernetes
//! `pkg/apis/core/validation` and apiextensions-apiserver `pkg/apis/apiextensions/validation`.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use serde_json::Value;

use super::common::needed;
use super::field::{Errors, join, nth};
use crate::object::names;
use crate::object::value::{at, bool_at, items_at, text_at};

const EFFECTS: &[&str] = &["NoSchedule", "PreferNoSchedule", "NoExecute"];

/// A Node: its taints.
pub fn node(object: &Value, errors: &mut Errors) {
    let mut seen = BTreeSet::new();
    for (number, taint) in items_at(object, "spec/taints").iter().enumerate() {
        let path = nth("spec.taints", number);
        let (key, value, effect) = (text_at(taint, "key"), text_at(taint, "value"), text_at(taint, "effect"));
        errors.each(&join(&path, "key"), key, names::qualified_name(key));
        errors.each(&join(&path, "value"), value, names::label_value(value));
        if effect.is_empty() {
            errors.required(&join(&path, "effect"), "");
        } else if !EFFECTS.contains(&effect) {
            errors.unsupported(&join(&path, "effect"), effect, EFFECTS);
        }
        if !seen.insert((key, effect)) {
            let shown = super::internal::internal("Taint", taint);
            errors.0.push(super::field::FieldError {
                kind: super::field::ErrorKind::Duplicate,
                field: path,
                value: super::field::Shown::Raw(shown),
                detail: String::from("taints must be unique by key and effect pair"),
            });
        }
    }
}

/// A CustomResourceDefinition.
pub fn custom_resource_definition(object: &Value, errors: &mut Errors) {
    let empty = Value::Null;
    let spec = at(object, "spec").unwrap_or(&empty);
    let (group, plural) = (text_at(spec, "group"), text_at(spec, "names/plural"));
    let wanted = format!("{plural}.{group}");
    let name = text_at(object, "metadata/name");
    if name != wanted {
        errors.invalid("metadata.name", name, "must be spec.names.plural+\".\"+spec.group");
    }
    if group.is_empty() {
        errors.required("spec.group", "");
    } else {
        errors.each("spec.group", group, names::dns_subdomain(group));
        if group.split('.').count() < 2 {
            errors.invalid("spec.group", group, "should be a domain with at least one dot");
        }
    }
    match text_at(spec, "scope") {
        "" => errors.required("spec.scope", ""),
        "Cluster" | "Namespaced" => {}
        other => errors.unsupported("spec.scope", other, &["Cluster", "Namespaced"]),
    }
    versions(spec, errors);
    let listed = at(spec, "names").unwrap_or(&empty);
    for field in ["plural", "singular", "kind", "listKind"] {
        if needed(listed, field, "spec.names", errors) {
            let word = text_at(listed, field);
            errors.each(&join("spec.names", field), word, names::dns_label(&word.to_lowercase()));
        }
    }
    if !text_at(listed, "kind").is_empty() && text_at(listed, "kind") == text_at(listed, "listKind") {
        errors.invalid("spec.names.listKind", text_at(listed, "listKind"), "kind and listKind may not be the same");
    }
}

fn versions(spec: &Value, errors: &mut Errors) {
    let list = items_at(spec, "versions");
    let stored = list.iter().filter(|version| bool_at(version, "storage")).count();
    if stored != 1 {
        let shown = at(spec, "versions").cloned().unwrap_or(Value::Null);
        errors.invalid("spec.versions", shown, "must have exactly one version marked as storage version");
    }
    for (number, version) in list.iter().enumerate() {
        let path = nth("spec.versions", number);
        let name = text_at(version, "name");
        errors.each(&join(&path, "name"), name, names::dns_label(name));
        let field = join(&path, "schema.openAPIV3Schema");
        match at(version, "schema/openAPIV3Schema").filter(|schema| !schema.is_null()) {
            None => errors.required(&field, "schemas are required"),
            Some(schema) if text_at(schema, "type").is_empty() => errors.required(&join(&field, "type"), "must not be empty at the root"),
            Some(schema) if text_at(schema, "type") != "object" => {
                errors.invalid(&join(&field, "type"), text_at(schema, "type"), "must be object at the root");
            }
            Some(_) => {}
        }
    }
}
