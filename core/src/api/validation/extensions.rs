//! Validation of what a schema of a CustomResourceDefinition may not say, and of what Kubernetes adds to schemas: the types
//! of lists and maps, and rules. Models apiextensions-apiserver `pkg/apis/apiextensions/validation`
//! ValidateCustomResourceDefinitionOpenAPISchema.

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use serde_json::Value;

use super::field::{Errors, join, keyed, nth};
use crate::object::value::{at, bool_at, is_empty, items_at, map_at, text_at};

/// How deep a schema is followed.
const MAX_DEPTH: usize = 64;

const TYPES: &[&str] = &["array", "boolean", "integer", "number", "object", "string"];

/// A schema at `path`; `sound` when nothing else is wrong with it, so that its rules can be read.
pub fn openapi(schema: &Value, path: &str, sound: bool, errors: &mut Errors) {
    let mut found = Errors::default();
    let place = Place { defaults: None, meta: false, root: true, depth: MAX_DEPTH };
    part(schema, path, &place, &mut found);
    let sound = sound && found.is_empty();
    errors.0.append(&mut found.0);
    if sound {
        crate::api::custom::compile::check(schema, path, errors);
    }
}

/// What holds where a schema stands.
#[derive(Clone)]
struct Place {
    /// Why there may be no defaults.
    defaults: Option<String>,
    /// Whether it is within metadata.
    meta: bool,
    root: bool,
    depth: usize,
}

fn part(schema: &Value, path: &str, place: &Place, errors: &mut Errors) {
    if place.depth == 0 || !schema.is_object() {
        return;
    }
    standard(schema, path, place, errors);
    if bool_at(schema, "uniqueItems") {
        let text = "uniqueItems cannot be set to true since the runtime complexity becomes quadratic";
        errors.forbidden(&join(path, "uniqueItems"), text);
    }
    let below = Place { root: false, depth: place.depth - 1, ..place.clone() };
    let named = map_at(schema, "properties").filter(|properties| !properties.is_empty());
    if let Some(rest) = at(schema, "additionalProperties").filter(|rest| !rest.is_null()) {
        if named.is_some() && rest != &Value::Bool(true) {
            errors.forbidden(&join(path, "additionalProperties"), "additionalProperties and properties are mutual exclusive");
        }
        let mut below = below.clone();
        if place.meta {
            below.defaults = Some("inside additionalProperties applying to object metadata".to_string());
        }
        part(rest, &join(path, "additionalProperties"), &below, errors);
    }
    for (name, property) in named.into_iter().flatten() {
        let mut below = below.clone();
        if (place.root || bool_at(schema, "x-kubernetes-embedded-resource")) && matches!(name.as_str(), "metadata" | "kind" | "apiVersion")
        {
            below.meta = true;
            if place.root {
                below.defaults = Some(["in top-level ", name].concat());
            }
        }
        part(property, &keyed(&join(path, "properties"), name), &below, errors);
    }
    if let Some(not) = at(schema, "not") {
        part(not, &join(path, "not"), &below, errors);
    }
    for field in ["allOf", "oneOf", "anyOf", "items"] {
        for (number, inner) in items_at(schema, field).iter().enumerate() {
            part(inner, &nth(&join(path, field), number), &below, errors);
        }
    }
    if let Some(items) = at(schema, "items") {
        part(items, &join(path, "items"), &below, errors);
    }
    if at(schema, "x-kubernetes-preserve-unknown-fields") == Some(&Value::Bool(false)) {
        errors.invalid(&join(path, "x-kubernetes-preserve-unknown-fields"), false, "must be true or undefined");
    }
    typed(schema, "x-kubernetes-map-type", "object", &["atomic", "granular"], path, errors);
    typed(schema, "x-kubernetes-list-type", "array", &["atomic", "set", "map"], path, errors);
    list_keys(schema, path, errors);
    unique(schema, path, errors);
    for (number, rule) in items_at(schema, "x-kubernetes-validations").iter().enumerate() {
        self::rule(schema, rule, &nth(&join(path, "x-kubernetes-validations"), number), errors);
    }
}

/// What the version of OpenAPI does not have.
fn standard(schema: &Value, path: &str, place: &Place, errors: &mut Errors) {
    let kind = text_at(schema, "type");
    if !kind.is_empty() && !TYPES.contains(&kind) {
        errors.unsupported(&join(path, "type"), kind, TYPES);
    }
    if let Some(why) = place.defaults.as_ref().filter(|_| schema.get("default").is_some_and(|default| !default.is_null())) {
        errors.forbidden(&join(path, "default"), ["must not be set ", why].concat());
    }
    for field in ["id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref"] {
        let empty = |value: &Value| is_empty(value) && (value.is_null() || field != "dependencies" && field != "additionalItems");
        if schema.get(field).is_some_and(|value| !empty(value)) {
            errors.forbidden(&join(path, field), [field, " is not supported"].concat());
        }
    }
    if kind == "null" {
        errors.forbidden(&join(path, "type"), "type cannot be set to null, use nullable as an alternative");
    }
    if !items_at(schema, "items").is_empty() {
        errors.forbidden(&join(path, "items"), "items must be a schema object and not an array");
    }
    if place.meta && bool_at(schema, "x-kubernetes-embedded-resource") {
        errors.forbidden(&join(path, "x-kubernetes-embedded-resource"), "must not be used inside of resource meta");
    }
}

/// An extension that only a schema of one type may have.
fn typed(schema: &Value, field: &str, wanted: &str, allowed: &[&str], path: &str, errors: &mut Errors) {
    let Some(given) = schema.get(field).and_then(Value::as_str) else { return };
    let kind = text_at(schema, "type");
    let text = ["must be ", wanted, " if ", field, " is specified"].concat();
    if kind.is_empty() {
        errors.required(&join(path, "type"), text);
    } else if kind != wanted {
        errors.invalid(&join(path, "type"), kind, text);
    } else if given == "set" {
        let items = at(schema, "items").unwrap_or(&Value::Null);
        let inner = match text_at(items, "type") {
            "array" => Some("x-kubernetes-list-type").filter(|list| items.get(*list).is_some_and(|kind| kind != "atomic")),
            "object" => Some("x-kubernetes-map-type").filter(|map| items.get(*map).is_none_or(|kind| kind != "atomic")),
            _ => None,
        };
        if let Some(inner) = inner {
            let shown = items.get("x-kubernetes-list-type").cloned().unwrap_or(Value::Null);
            let text = "must be atomic as item of a list with x-kubernetes-list-type=set";
            errors.invalid(&join(&join(path, "items"), inner), shown, text);
        }
    }
    if !allowed.contains(&given) {
        errors.unsupported(&join(path, field), given, allowed);
    }
}

/// The members that name the elements of a list.
fn list_keys(schema: &Value, path: &str, errors: &mut Errors) {
    const NEEDS_MAP: &str = "must be map if x-kubernetes-list-map-keys is non-empty";
    let (kind, keys) = (text_at(schema, "x-kubernetes-list-type"), items_at(schema, "x-kubernetes-list-map-keys"));
    let field = join(path, "x-kubernetes-list-type");
    match kind {
        "map" => {}
        _ if keys.is_empty() => return,
        "" => return errors.required(&field, NEEDS_MAP),
        _ => return errors.invalid(&field, kind, NEEDS_MAP),
    }
    let field = join(path, "x-kubernetes-list-map-keys");
    if keys.is_empty() {
        errors.required(&field, "must not be empty if x-kubernetes-list-type is map");
    }
    let Some(items) = at(schema, "items").filter(|items| !items.is_null()) else {
        return errors.required(&join(path, "items"), "must have a schema if x-kubernetes-list-type is map");
    };
    let kind = text_at(items, "type");
    if kind != "object" {
        let text = "must be object if parent array's x-kubernetes-list-type is map";
        return errors.invalid(&join(path, "items.type"), kind, text);
    }
    let mut seen = BTreeSet::new();
    for key in keys.iter().filter_map(Value::as_str) {
        match map_at(items, "properties").and_then(|properties| properties.get(key)) {
            Some(property) if matches!(text_at(property, "type"), "array" | "object") => {
                let text = "must be a scalar type if parent array's x-kubernetes-list-type is map";
                errors.invalid(&join(&keyed(&join(path, "items.properties"), key), "type"), kind, text);
            }
            Some(_) => {}
            None => errors.invalid(&field, Value::Array(keys.to_vec()), "entries must all be names of item properties"),
        }
        if !seen.insert(key) {
            errors.invalid(&field, Value::Array(keys.to_vec()), "must not contain duplicate entries");
        }
    }
}

/// What tells the elements of a list apart must be there in each.
fn unique(schema: &Value, path: &str, errors: &mut Errors) {
    let kind = text_at(schema, "x-kubernetes-list-type");
    let Some(items) = at(schema, "items").filter(|items| items.is_object() && matches!(kind, "set" | "map")) else { return };
    if bool_at(items, "nullable") {
        let text = ["cannot be nullable when x-kubernetes-list-type is ", kind].concat();
        errors.forbidden(&join(path, "items.nullable"), text);
    }
    let keys = items_at(schema, "x-kubernetes-list-map-keys").iter().filter(|_| kind == "map").filter_map(Value::as_str);
    for key in keys {
        let Some(property) = map_at(items, "properties").and_then(|properties| properties.get(key)) else { continue };
        let field = keyed(&join(path, "items.properties"), key);
        let required = items_at(items, "required").iter().any(|name| name == key);
        if !required && property.get("default").is_none_or(Value::is_null) {
            let text = "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property";
            errors.required(&join(&field, "default"), text);
        }
        if bool_at(property, "nullable") {
            errors.forbidden(&join(&field, "nullable"), "this property is in x-kubernetes-list-map-keys, so it cannot be nullable");
        }
    }
}

/// A rule and what it says when it is broken.
fn rule(schema: &Value, rule: &Value, path: &str, errors: &mut Errors) {
    const REASONS: &[&str] = &["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];
    let (text, message) = (text_at(rule, "rule").trim(), text_at(rule, "message"));
    let lines = |text: &str| text.contains(['\n', '\r']);
    if text.is_empty() {
        errors.required(&join(path, "rule"), "rule is not specified");
    } else if !message.is_empty() && message.trim().is_empty() {
        errors.invalid(&join(path, "message"), message, "must be non-empty if specified");
    } else if lines(message.trim()) {
        errors.invalid(&join(path, "message"), message, "must not contain line breaks");
    } else if lines(text) && message.is_empty() {
        errors.required(&join(path, "message"), "message must be specified if rule contains line breaks");
    }
    let expression = text_at(rule, "messageExpression");
    if !expression.is_empty() && expression.trim().is_empty() {
        errors.required(&join(path, "messageExpression"), "messageExpression must be non-empty if specified");
    }
    let reason = text_at(rule, "reason");
    if !reason.is_empty() && !REASONS.contains(&reason) {
        errors.unsupported(&join(path, "reason"), reason, REASONS);
    }
    let target = text_at(rule, "fieldPath");
    if target.is_empty() {
        return;
    }
    let field = join(path, "fieldPath");
    if target.trim().is_empty() {
        errors.invalid(&field, target, "must be non-empty if specified");
    }
    if lines(target) {
        errors.invalid(&field, target, "must not contain line breaks");
    }
    if !leads_somewhere(schema, target) {
        errors.invalid(&field, target, "must be a valid path");
    }
}

/// Whether a path of names leads to a field of the schema: `.spec.replicas`, `.labels['a.b']`.
fn leads_somewhere(schema: &Value, path: &str) -> bool {
    let (mut here, mut left) = (schema, path);
    while !left.is_empty() {
        let (name, rest) = if let Some(rest) = left.strip_prefix("['") {
            let Some(found) = rest.split_once("']") else { return false };
            found
        } else if let Some(rest) = left.strip_prefix('.') {
            rest.split_at(rest.find(['.', '[']).unwrap_or(rest.len()))
        } else {
            return false;
        };
        let rest_of = at(here, "additionalProperties").filter(|rest| rest.is_object() && left.starts_with('['));
        match map_at(here, "properties").and_then(|properties| properties.get(name)).or(rest_of) {
            Some(inner) => here = inner,
            None => return false,
        }
        left = rest;
    }
    true
}
