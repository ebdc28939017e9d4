//! Validation of what Kubernetes adds to schemas: the types of lists and maps, and rules. Models apiextensions-apiserver
//! `pkg/apis/apiextensions/validation` ValidateCustomResourceDefinitionOpenAPISchema.

use alloc::collections::BTreeSet;
use serde_json::Value;

use super::field::{Errors, join, keyed, nth};
use crate::object::value::{at, bool_at, items_at, map_at, text_at};

/// A schema at `path`, its parts first. Deeper than `depth` it is not followed.
pub fn schema(schema: &Value, path: &str, depth: usize, errors: &mut Errors) {
    if depth == 0 || !schema.is_object() {
        return;
    }
    if bool_at(schema, "uniqueItems") {
        let text = "uniqueItems cannot be set to true since the runtime complexity becomes quadratic";
        errors.forbidden(&join(path, "uniqueItems"), text);
    }
    let inner = |field: &str, errors: &mut Errors| {
        if let Some(part) = at(schema, field) {
            self::schema(part, &join(path, field), depth - 1, errors);
        }
    };
    inner("additionalProperties", errors);
    for (name, property) in map_at(schema, "properties").into_iter().flatten() {
        self::schema(property, &keyed(&join(path, "properties"), name), depth - 1, errors);
    }
    inner("items", errors);
    if at(schema, "x-kubernetes-preserve-unknown-fields") == Some(&Value::Bool(false)) {
        errors.invalid(&join(path, "x-kubernetes-preserve-unknown-fields"), false, "must be true or undefined");
    }
    typed(schema, "x-kubernetes-map-type", "object", &["atomic", "granular"], path, errors);
    typed(schema, "x-kubernetes-list-type", "array", &["atomic", "set", "map"], path, errors);
    list_keys(schema, path, errors);
    for (number, rule) in items_at(schema, "x-kubernetes-validations").iter().enumerate() {
        self::rule(rule, &nth(&join(path, "x-kubernetes-validations"), number), errors);
    }
}

/// An extension that only a schema of one type may have.
fn typed(schema: &Value, field: &str, wanted: &str, allowed: &[&str], path: &str, errors: &mut Errors) {
    let (given, kind) = (text_at(schema, field), text_at(schema, "type"));
    if given.is_empty() {
        return;
    }
    let text = ["must be ", wanted, " if ", field, " is specified"].concat();
    if kind.is_empty() {
        errors.required(&join(path, "type"), text);
    } else if kind != wanted {
        errors.invalid(&join(path, "type"), kind, text);
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

/// A rule and what it says when it is broken.
fn rule(rule: &Value, path: &str, errors: &mut Errors) {
    const REASONS: &[&str] = &["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];
    let (text, message) = (text_at(rule, "rule").trim(), text_at(rule, "message"));
    let lines = |text: &str| text.contains(['\n', '\r']);
    if text.is_empty() {
        errors.required(&join(path, "rule"), "rule is not specified");
    } else if !message.is_empty() && message.trim().is_empty() {
        errors.invalid(&join(path, "message"), message, "message must be non-empty if specified");
    } else if lines(message.trim()) {
        errors.invalid(&join(path, "message"), message, "message must not contain line breaks");
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
}
