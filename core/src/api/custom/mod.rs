//! Kinds of CustomResourceDefinitions: defaulting, pruning and validation by their structural schema.
//! Models apiextensions-apiserver `pkg/apiserver/schema` and the texts of kube-openapi's validator.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Value, json};

use crate::object::Object;
use crate::object::value::{at, bool_at, map_at, text_at};

mod check;
pub(super) mod formats;
mod rules;

pub use check::{check, check_update};

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
    unknown.sort();
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

#[cfg(test)]
mod tests;
