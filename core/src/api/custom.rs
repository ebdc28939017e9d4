//! Kinds of CustomResourceDefinitions: defaulting, pruning and validation by their structural schema.
//! Models apiextensions-apiserver `pkg/apiserver/schema` and the texts of kube-openapi's validator.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Value, json};

use super::validation::field::{self, Errors};
use super::validation::{ErrorKind, FieldError};
use crate::object::Object;
use crate::object::value::{at, bool_at, items_at, map_at, text_at};

/// How deep a schema is followed.
const MAX_DEPTH: usize = 64;

/// Fills in the defaults that the schema states.
pub fn fill(schema: &Value, object: &mut Value) {
    fill_at(schema, object, 0);
}

fn fill_at(schema: &Value, value: &mut Value, depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    match value {
        Value::Object(members) => {
            for (name, property) in map_at(schema, "/properties").into_iter().flatten() {
                if depth == 0 && matches!(name.as_str(), "metadata" | "apiVersion" | "kind") {
                    continue;
                }
                let missing = members.get(name).is_none_or(|old| old.is_null() && !bool_at(property, "/nullable"));
                match property.get("default") {
                    Some(default) if missing => {
                        members.insert(name.clone(), default.clone());
                    }
                    None if missing => {
                        members.remove(name);
                    }
                    _ => {}
                }
                if let Some(member) = members.get_mut(name) {
                    fill_at(property, member, depth + 1);
                }
            }
            if let Some(inner) = at(schema, "/additionalProperties").filter(|inner| inner.is_object()) {
                let known = map_at(schema, "/properties");
                for (name, member) in members.iter_mut() {
                    if !known.is_some_and(|known| known.contains_key(name)) {
                        fill_at(inner, member, depth + 1);
                    }
                }
            }
        }
        Value::Array(items) => {
            if let Some(inner) = schema.get("items") {
                items.iter_mut().for_each(|item| fill_at(inner, item, depth + 1));
            }
        }
        _ => {}
    }
}

/// Removes what the schema does not know and returns its paths, as strict decoding names them: `spec.foo`.
pub fn prune(schema: &Value, object: &mut Value) -> Vec<String> {
    let mut unknown = Vec::new();
    prune_at(schema, object, "", 0, &mut unknown);
    unknown
}

fn prune_at(schema: &Value, value: &mut Value, path: &str, depth: usize, unknown: &mut Vec<String>) {
    if depth > MAX_DEPTH || bool_at(schema, "/x-kubernetes-preserve-unknown-fields") && map_at(schema, "/properties").is_none() {
        return;
    }
    let preserve = bool_at(schema, "/x-kubernetes-preserve-unknown-fields");
    match value {
        Value::Object(members) => {
            let properties = map_at(schema, "/properties");
            let extra = at(schema, "/additionalProperties");
            let mut gone = Vec::new();
            for (name, member) in members.iter_mut() {
                if depth == 0 && matches!(name.as_str(), "metadata" | "apiVersion" | "kind") {
                    continue;
                }
                let inner_path = join(path, name);
                match properties.and_then(|properties| properties.get(name)) {
                    Some(property) => prune_at(property, member, &inner_path, depth + 1, unknown),
                    None => match extra {
                        Some(inner) if inner.is_object() => prune_at(inner, member, &inner_path, depth + 1, unknown),
                        Some(Value::Bool(true)) => {}
                        _ if preserve => {}
                        _ => gone.push(name.clone()),
                    },
                }
            }
            for name in gone {
                members.remove(&name);
                unknown.push(join(path, &name));
            }
        }
        Value::Array(items) => {
            if let Some(inner) = schema.get("items") {
                for (number, item) in items.iter_mut().enumerate() {
                    prune_at(inner, item, &alloc::format!("{path}[{number}]"), depth + 1, unknown);
                }
            }
        }
        _ => {}
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_string() } else { [path, ".", name].concat() }
}

/// What is wrong with an object by the schema.
pub fn check(schema: &Value, object: &Value, errors: &mut Errors) {
    check_at(schema, object, "", 0, errors);
}

fn check_at(schema: &Value, value: &Value, path: &str, depth: usize, errors: &mut Errors) {
    if depth > MAX_DEPTH || value.is_null() && (bool_at(schema, "/nullable") || depth == 0) {
        return;
    }
    let before = errors.0.len();
    kind(schema, value, path, errors);
    if errors.0.len() > before {
        return;
    }
    limits(schema, value, path, errors);
    match value {
        Value::Object(members) => {
            for name in items_at(schema, "/required").iter().filter_map(Value::as_str) {
                if !members.contains_key(name) {
                    errors.required(&field::join(path, name), "");
                }
            }
            let properties = map_at(schema, "/properties");
            for (name, member) in members {
                if depth == 0 && matches!(name.as_str(), "metadata" | "apiVersion" | "kind") {
                    continue;
                }
                let inner = properties.and_then(|properties| properties.get(name)).or_else(|| at(schema, "/additionalProperties"));
                if let Some(inner) = inner.filter(|inner| inner.is_object()) {
                    check_at(inner, member, &field::join(path, name), depth + 1, errors);
                }
            }
        }
        Value::Array(items) => {
            if let Some(inner) = schema.get("items") {
                for (number, item) in items.iter().enumerate() {
                    check_at(inner, item, &field::nth(path, number), depth + 1, errors);
                }
            }
        }
        _ => {}
    }
}

/// The type a value should have.
fn kind(schema: &Value, value: &Value, path: &str, errors: &mut Errors) {
    let wanted = text_at(schema, "/type");
    let is = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() || number.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let either = bool_at(schema, "/x-kubernetes-int-or-string") && matches!(is, "integer" | "string");
    let fits = wanted.is_empty() || wanted == is || wanted == "number" && is == "integer" || either;
    if !fits {
        let what = if path.is_empty() { "" } else { path };
        let detail = alloc::format!("{what} in body must be of type {wanted}: {}", crate::text::quote::quote(is));
        errors.0.push(FieldError { kind: ErrorKind::Invalid, field: path.to_string(), value: field::Shown::Value(is.into()), detail });
    }
}

/// Bounds, lengths, allowed values.
fn limits(schema: &Value, value: &Value, path: &str, errors: &mut Errors) {
    let bound = |name: &str| schema.get(name).and_then(Value::as_f64);
    let shown = |name: &str| schema.get(name).map(crate::object::go::plain).unwrap_or_default();
    let mut say = |text: String| errors.invalid(path, value.clone(), text);
    if let Some(number) = value.as_f64() {
        if bound("minimum").is_some_and(|least| number < least) {
            say([path, " in body should be greater than or equal to ", &shown("minimum")].concat());
        }
        if bound("maximum").is_some_and(|most| number > most) {
            say([path, " in body should be less than or equal to ", &shown("maximum")].concat());
        }
    }
    let length = |value: &Value| match value {
        Value::String(text) => text.chars().count() as f64,
        Value::Array(items) => items.len() as f64,
        _ => 0.0,
    };
    let (low, high, unit) = match value {
        Value::String(_) => ("minLength", "maxLength", "chars long"),
        _ => ("minItems", "maxItems", "items"),
    };
    if value.is_string() || value.is_array() {
        let verb = if value.is_string() { "be" } else { "have" };
        if bound(low).is_some_and(|least| length(value) < least) {
            say([path, " in body should ", verb, " at least ", &shown(low), " ", unit].concat());
        }
        if bound(high).is_some_and(|most| length(value) > most) {
            errors.too_long(path, bound(high).unwrap_or(0.0) as usize);
        }
    }
    if let Some(allowed) = schema.get("enum").and_then(Value::as_array)
        && !allowed.contains(value)
    {
        let names: Vec<&str> = allowed.iter().filter_map(Value::as_str).collect();
        errors.unsupported(path, value.clone(), &names);
    }
}

/// The status of a CustomResourceDefinition that is served.
pub fn establish(definition: &mut Object, now: &str) {
    if !definition.items_at("/status/conditions").is_empty() {
        return;
    }
    let condition = |kind: &str, reason: &str, message: &str| json!({"type": kind, "status": "True", "reason": reason, "message": message, "lastTransitionTime": now});
    let conditions = json!([
        condition("NamesAccepted", "NoConflicts", "no conflicts found"),
        condition("Established", "InitialNamesAccepted", "the initial names have been accepted"),
    ]);
    let names = definition.at("/spec/names").cloned().unwrap_or(Value::Null);
    let stored = definition.items_at("/spec/versions").iter().filter(|version| bool_at(version, "storage"));
    let stored: Vec<Value> = stored.map(|version| text_at(version, "name").into()).collect();
    definition.set("/status/conditions", conditions);
    definition.set("/status/acceptedNames", names);
    definition.set("/status/storedVersions", Value::Array(stored));
}
