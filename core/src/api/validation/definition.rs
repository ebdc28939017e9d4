//! Validation of CustomResourceDefinitions: their names, their versions and the schemas, which must be structural.
//! Models apiextensions-apiserver `pkg/apis/apiextensions/validation` and `pkg/apiserver/schema`.

use alloc::format;
use alloc::string::String;
use serde_json::Value;

use super::common::{IMMUTABLE, needed};
use super::field::{Errors, join, keyed, nth};
use crate::object::names;
use crate::object::value::{at, bool_at, items_at, map_at, text_at};

/// How deep a schema is followed.
const MAX_DEPTH: usize = 64;

const TYPES: &[&str] = &["array", "boolean", "integer", "number", "object", "string"];
const COLUMN_TYPES: &[&str] = &["boolean", "date", "integer", "number", "string"];

/// A CustomResourceDefinition.
pub fn definition(object: &Value, errors: &mut Errors) {
    let empty = Value::Null;
    let spec = at(object, "spec").unwrap_or(&empty);
    let (group, plural) = (text_at(spec, "group"), text_at(spec, "names/plural"));
    let wanted = format!("{plural}.{group}");
    let name = text_at(object, "metadata/name");
    if name != wanted {
        errors.invalid("metadata.name", name, "must be spec.names.plural+\".\"+spec.group");
    }
    approval(object, group, errors);
    if group.is_empty() {
        errors.required("spec.group", "");
    } else {
        errors.each("spec.group", group, names::dns_subdomain(group));
        if !group.contains('.') {
            errors.invalid("spec.group", group, "should be a domain with at least one dot");
        }
    }
    match text_at(spec, "scope") {
        "" => errors.required("spec.scope", ""),
        "Cluster" | "Namespaced" => {}
        other => errors.unsupported("spec.scope", other, &["Cluster", "Namespaced"]),
    }
    versions(spec, errors);
    listed(at(spec, "names").unwrap_or(&empty), errors);
}

/// Groups of Kubernetes itself need somebody's approval.
fn approval(object: &Value, group: &str, errors: &mut Errors) {
    const KEY: &str = "api-approved.kubernetes.io";
    let protected = ["k8s.io", "kubernetes.io"].iter().any(|own| group == *own || group.ends_with(&[".", own].concat()));
    let approved = at(object, "metadata/annotations").and_then(|notes| notes.get(KEY)).is_some();
    if protected && !approved {
        let text = "protected groups must have approval annotation \"api-approved.kubernetes.io\", see https://github.com/kubernetes/enhancements/pull/1111";
        errors.required(&keyed("metadata.annotations", KEY), text);
    }
}

fn listed(listed: &Value, errors: &mut Errors) {
    let word = |field: &str, must: bool, mixed: bool, errors: &mut Errors| {
        let (path, text) = (join("spec.names", field), text_at(listed, field));
        if must && text.is_empty() {
            return errors.required(&path, "");
        }
        for wrong in names::dns_1035_label(&if mixed { text.to_lowercase() } else { text.into() }).into_iter().filter(|_| !text.is_empty())
        {
            let head = if mixed { "may have mixed case, but should otherwise match: " } else { "" };
            errors.invalid(&path, text, [head, &wrong].concat());
        }
    };
    word("plural", true, false, errors);
    word("singular", false, false, errors);
    word("kind", true, true, errors);
    word("listKind", true, true, errors);
    for (field, list) in [("shortNames", items_at(listed, "shortNames")), ("categories", items_at(listed, "categories"))] {
        for (number, text) in list.iter().filter_map(Value::as_str).enumerate() {
            errors.each(&nth(&join("spec.names", field), number), text, names::dns_1035_label(text));
        }
    }
    let kind = text_at(listed, "kind");
    if !kind.is_empty() && kind == text_at(listed, "listKind") {
        errors.invalid("spec.names.listKind", kind, "kind and listKind may not be the same");
    }
}

fn versions(spec: &Value, errors: &mut Errors) {
    let list = items_at(spec, "versions");
    for (number, version) in list.iter().enumerate() {
        let path = nth("spec.versions", number);
        let name = text_at(version, "name");
        errors.each(&join(&path, "name"), name, names::dns_1035_label(name));
        if list.iter().take(number).any(|other| text_at(other, "name") == name) {
            errors.duplicate(&join(&path, "name"), name);
        }
        let field = join(&path, "schema.openAPIV3Schema");
        match at(version, "schema/openAPIV3Schema").filter(|schema| !schema.is_null()) {
            None => errors.required(&field, "schemas are required"),
            Some(schema) => {
                match text_at(schema, "type") {
                    "" => errors.required(&join(&field, "type"), "must not be empty at the root"),
                    "object" => {}
                    other => errors.invalid(&join(&field, "type"), other, "must be object at the root"),
                }
                super::extensions::schema(schema, &field, MAX_DEPTH, errors);
                structural(schema, &field, 0, errors);
            }
        }
        columns(version, &path, errors);
        scale(version, &path, errors);
    }
    let stored = list.iter().filter(|version| bool_at(version, "storage")).count();
    if stored != 1 {
        let shown = at(spec, "versions").cloned().unwrap_or(Value::Null);
        errors.invalid("spec.versions", shown, "must have exactly one version marked as storage version");
    }
}

/// Every value has a type, all the way down.
fn structural(schema: &Value, path: &str, depth: usize, errors: &mut Errors) {
    if depth > MAX_DEPTH {
        return;
    }
    let kind = text_at(schema, "type");
    if !kind.is_empty() && !TYPES.contains(&kind) {
        errors.unsupported(&join(path, "type"), kind, TYPES);
    }
    if kind == "array" && at(schema, "items").is_none_or(Value::is_null) {
        errors.required(&join(path, "items"), "must be specified");
    }
    let mut inner = |value: &Value, field: String, what: &str| {
        let open = bool_at(value, "x-kubernetes-int-or-string") || bool_at(value, "x-kubernetes-preserve-unknown-fields");
        if text_at(value, "type").is_empty() && !open {
            errors.required(&join(&field, "type"), format!("must not be empty for specified {what}"));
        }
        structural(value, &field, depth + 1, errors);
    };
    for (name, property) in map_at(schema, "properties").into_iter().flatten() {
        if depth > 0 || !matches!(name.as_str(), "metadata" | "apiVersion" | "kind") {
            inner(property, keyed(&join(path, "properties"), name), "object fields");
        }
    }
    if let Some(items) = at(schema, "items").filter(|items| items.is_object()) {
        inner(items, join(path, "items"), "array items");
    }
    if let Some(rest) = at(schema, "additionalProperties").filter(|rest| rest.is_object()) {
        inner(rest, join(path, "additionalProperties"), "object fields");
        if map_at(schema, "properties").is_some_and(|properties| !properties.is_empty()) {
            errors.forbidden(&join(path, "additionalProperties"), "additionalProperties and properties are mutual exclusive");
        }
    }
}

fn columns(version: &Value, path: &str, errors: &mut Errors) {
    for (number, column) in items_at(version, "additionalPrinterColumns").iter().enumerate() {
        let field = nth(&join(path, "additionalPrinterColumns"), number);
        needed(column, "name", &field, errors);
        let kind = text_at(column, "type");
        if kind.is_empty() {
            errors.required(&join(&field, "type"), format!("must be one of {}", COLUMN_TYPES.join(",")));
        } else if !COLUMN_TYPES.contains(&kind) {
            errors.invalid(&join(&field, "type"), kind, format!("must be one of {}", COLUMN_TYPES.join(",")));
        }
        let target = text_at(column, "jsonPath");
        if target.is_empty() {
            errors.required(&join(&field, "jsonPath"), "");
        } else if !target.starts_with('.') {
            errors.invalid(&join(&field, "jsonPath"), target, String::from("is an invalid simple json path: unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'"));
        }
    }
}

fn scale(version: &Value, path: &str, errors: &mut Errors) {
    let Some(scale) = at(version, "subresources/scale").filter(|scale| !scale.is_null()) else { return };
    for (field, start) in [("specReplicasPath", ".spec."), ("statusReplicasPath", ".status."), ("labelSelectorPath", ".")] {
        let target = text_at(scale, field);
        let place = format!("{path}.subresources.scale.{field}");
        if target.is_empty() && start != "." {
            errors.required(&place, "");
        } else if !target.is_empty() && !target.starts_with(start) {
            let what = start.trim_end_matches('.');
            errors.invalid(&place, target, format!("should be a json path under {what}"));
        }
    }
}

/// What may not change in a CustomResourceDefinition once it is served.
pub fn update(new: &Value, old: &Value, errors: &mut Errors) {
    for field in ["spec/group", "spec/scope", "spec/names/plural", "spec/names/kind"] {
        let (now, before) = (text_at(new, field), text_at(old, field));
        if now != before && !before.is_empty() {
            errors.invalid(&field.replace('/', "."), now, IMMUTABLE);
        }
    }
}
