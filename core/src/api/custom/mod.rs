//! Kinds of CustomResourceDefinitions: defaulting, pruning and validation by their structural schema.
//! Models apiextensions-apiserver `pkg/apiserver/schema` and the texts of kube-openapi's validator.

use serde_json::Value;

use crate::object::value::{at, bool_at, map_at};

mod check;
pub(super) mod compile;
pub(super) mod defaults;
pub(super) mod formats;
pub(super) mod names;
mod prune;
pub mod regexp;
mod rules;

pub use check::{check, check_update};
pub use prune::prune;
pub use rules::broken_before;

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

#[cfg(test)]
mod tests;
