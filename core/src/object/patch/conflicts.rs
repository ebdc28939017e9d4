//! Whether a patch sets what others have set otherwise since the last apply, which `kubectl apply --overwrite=false`
//! refuses. Models apimachinery `util/strategicpatch` MergingMapsHaveConflicts.

use alloc::string::String;
use alloc::vec::Vec;

use serde_json::{Map, Value};

use super::strategic::{PATCH, RETAIN_KEYS, SET_ELEMENT_ORDER};
use super::{diff, facts, key_text};
use crate::arrange::Arrange;
use crate::object::schema::Def;
use crate::text::yaml;

/// The refusal of `patch` where what changed from `original` to `current` is in its way.
pub fn refuse(def: Option<Def>, patch: &Value, original: &Value, current: &Value) -> Result<(), String> {
    let nothing = Value::Object(Map::new());
    let original = if original.is_null() { &nothing } else { original };
    let mut changed = diff::two_way(def, original, current);
    forget_orders(&mut changed);
    if !differ(def, None, patch, &changed) {
        return Ok(());
    }
    let (patch, changed) = (yaml::print(patch), yaml::print(&changed));
    Err(["patch:\n", &patch, "\nconflicts with changes made from original to current:\n", &changed, "\n"].concat())
}

/// Leaves out what a patch says of the order of lists.
fn forget_orders(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|key, _| !key.starts_with(SET_ELEMENT_ORDER));
            map.values_mut().for_each(forget_orders);
        }
        Value::Array(items) => items.iter_mut().for_each(forget_orders),
        _ => {}
    }
}

/// Whether two patches of the same place set something differently; `merge_key` is that of a list that merges.
fn differ(def: Option<Def>, merge_key: Option<&str>, left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => {
            left.get(PATCH) != right.get(PATCH)
                || left.iter().filter(|(key, _)| *key != PATCH && *key != RETAIN_KEYS).any(|(key, mine)| {
                    let facts = facts(def, key);
                    right.get(key).is_some_and(|theirs| differ(facts.def, facts.merge_key, mine, theirs))
                })
        }
        (Value::Array(left), Value::Array(right)) => lists_differ(def, merge_key, left, right),
        _ => left != right,
    }
}

fn lists_differ(def: Option<Def>, merge_key: Option<&str>, left: &[Value], right: &[Value]) -> bool {
    let structs = left.iter().chain(right).any(Value::is_object);
    match (merge_key, structs) {
        (Some(_), false) => false,
        (Some(merge_key), true) => left.iter().any(|mine| {
            let id = key_text(mine, merge_key);
            right.iter().find(|theirs| key_text(theirs, merge_key) == id).is_some_and(|theirs| differ(def, None, mine, theirs))
        }),
        (None, true) => left.len() != right.len() || left.iter().zip(right).any(|(mine, theirs)| differ(def, None, mine, theirs)),
        (None, false) => left.len() != right.len() || sorted(left) != sorted(right),
    }
}

fn sorted(list: &[Value]) -> Vec<String> {
    let mut texts: Vec<String> = list.iter().map(super::super::go::plain).collect();
    texts.arrange();
    texts.dedup();
    texts
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_both_set_differently_is_in_the_way() {
        let def = Def::named("Deployment");
        let spec = |image: &str, replicas: i64| json!({"spec": {"replicas": replicas, "template": {"spec": {"containers": [{"name": "a", "image": image}]}}}});
        let check = |file: Value, live: Value| {
            let last = spec("x:1", 1);
            let patch = diff::three_way(def, &last, &file, &live).unwrap();
            refuse(def, &patch, &last, &live)
        };
        assert_eq!(check(spec("x:2", 1), spec("x:1", 1)), Ok(()));
        assert_eq!(check(spec("x:2", 3), spec("x:2", 3)), Ok(()));
        let why = check(spec("x:2", 1), spec("x:3", 1)).unwrap_err();
        assert!(why.starts_with("patch:\nspec:\n") && why.contains("\nconflicts with changes made from original to current:\nspec:\n"));
        assert!(check(spec("x:1", 1), spec("x:1", 5)).is_err());
    }
}
