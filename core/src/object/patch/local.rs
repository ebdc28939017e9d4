//! Strategic merge as kustomize does it on files: what a patch adds to a list stands before what was there. Models kyaml
//! `yaml/merge2`.

use serde_json::Value;

use super::{facts, key_text, strategic};
use crate::arrange::Arrange;
use crate::object::schema::Def;

/// Applies `patch` to `target`.
pub fn apply(def: Option<Def>, target: Value, patch: &Value) -> Result<Value, alloc::string::String> {
    let mut merged = strategic::apply(def, target, patch)?;
    order(def, &mut merged, patch);
    Ok(merged)
}

/// Puts the elements of merged lists into the order of the patch, those it does not name behind.
fn order(def: Option<Def>, merged: &mut Value, patch: &Value) {
    let (Value::Object(merged), Value::Object(patch)) = (merged, patch) else { return };
    for (key, wanted) in patch {
        let Some(value) = merged.get_mut(key) else { continue };
        let facts = facts(def, key);
        match (value, wanted) {
            (value @ Value::Object(_), Value::Object(_)) => order(facts.def, value, wanted),
            (Value::Array(items), Value::Array(wanted)) => {
                let Some(merge_key) = facts.merge_key.filter(|key| !key.is_empty()) else { continue };
                let place = |item: &Value| {
                    let id = key_text(item, merge_key);
                    wanted.iter().position(|other| key_text(other, merge_key) == id).unwrap_or(usize::MAX)
                };
                for item in items.iter_mut() {
                    if let Some(other) = wanted.get(place(item)) {
                        order(facts.def, item, other);
                    }
                }
                items.arrange_by(|a, b| place(a).cmp(&place(b)));
            }
            _ => {}
        }
    }
}
