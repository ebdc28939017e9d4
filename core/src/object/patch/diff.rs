//! Finding the strategic merge patch between two objects, and the three-way patch of `kubectl apply`.
//! Models apimachinery `util/strategicpatch` CreateTwoWayMergePatch and CreateThreeWayMergePatch.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cmp::Ordering;
use serde_json::{Map, Value};

use super::super::schema::Def;
use super::strategic::{DELETE_FROM_PRIMITIVE_LIST, Options, PATCH, RETAIN_KEYS, SET_ELEMENT_ORDER, merge_maps};
use super::{facts, key_text};
use crate::arrange::{Arrange, order_as_go};

/// Which half of the difference is wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Both,
    Changes,
    Deletions,
}

impl Part {
    fn changes(self) -> bool {
        self != Part::Deletions
    }

    fn deletions(self) -> bool {
        self != Part::Changes
    }
}

/// The strategic merge patch that turns `original` into `modified`.
pub fn two_way(def: Option<Def>, original: &Value, modified: &Value) -> Value {
    diff_values(def, original, modified, Part::Both)
}

/// The patch of `kubectl apply`: what `modified` (the file) changes in `current` (the server's), and removals of what
/// `original` (applied last time) had and the file has no more.
pub fn three_way(def: Option<Def>, original: &Value, modified: &Value, current: &Value) -> Result<Value, String> {
    let delta = diff_values(def, current, modified, Part::Changes);
    // What was never applied has nothing to delete.
    let nothing = Value::Object(Map::new());
    let original = if original.is_null() { &nothing } else { original };
    let deletions = diff_values(def, original, modified, Part::Deletions);
    match (deletions, delta) {
        (Value::Object(deletions), Value::Object(delta)) => {
            merge_maps(def, deletions, delta, Options { to_object: false }).map(Value::Object)
        }
        (_, delta) => Ok(delta),
    }
}

fn diff_values(def: Option<Def>, original: &Value, modified: &Value, part: Part) -> Value {
    match (original, modified) {
        (Value::Object(original), Value::Object(modified)) => Value::Object(diff_maps(def, original, modified, part, false)),
        _ => modified.clone(),
    }
}

fn diff_maps(
    def: Option<Def>,
    original: &Map<String, Value>,
    modified: &Map<String, Value>,
    part: Part,
    retain: bool,
) -> Map<String, Value> {
    let mut patch = Map::new();
    for (key, new) in modified {
        match original.get(key) {
            None => {
                if part.changes() {
                    patch.insert(key.clone(), new.clone());
                }
            }
            Some(old) => diff_member(def, key, old, new, part, &mut patch),
        }
    }
    if part.deletions() {
        for key in original.keys().filter(|key| !modified.contains_key(*key)) {
            patch.insert(key.clone(), Value::Null);
        }
    }
    let adds = modified.keys().any(|key| !original.contains_key(key));
    let keys: Vec<Value> = modified.iter().filter(|(_, new)| !new.is_null()).map(|(key, _)| key.as_str().into()).collect();
    if retain && !keys.is_empty() && (!patch.is_empty() || adds) {
        patch.insert(RETAIN_KEYS.to_string(), Value::Array(keys));
    }
    patch
}

fn diff_member(def: Option<Def>, key: &str, old: &Value, new: &Value, part: Part, patch: &mut Map<String, Value>) {
    let facts = facts(def, key);
    match (old, new) {
        (Value::Object(_), Value::Object(_)) if facts.replaced => {
            if part.changes() {
                patch.insert(key.to_string(), new.clone());
            }
        }
        (Value::Object(old), Value::Object(new)) => {
            let inner = diff_maps(facts.def, old, new, part, facts.retain_keys);
            if !inner.is_empty() {
                patch.insert(key.to_string(), Value::Object(inner));
            }
        }
        (Value::Array(old), Value::Array(new)) if facts.merge_key.is_some() => {
            let merge_key = facts.merge_key.unwrap_or_default();
            let lists = if merge_key.is_empty() {
                diff_scalars(old, new, part)
            } else {
                diff_elements(facts.def, old, new, merge_key, part, facts.retain_keys)
            };
            for (prefix, list) in [("", lists.changed), (DELETE_FROM_PRIMITIVE_LIST, lists.gone), (SET_ELEMENT_ORDER, lists.order)] {
                if !list.is_empty() {
                    patch.insert([prefix, key].concat(), Value::Array(list));
                }
            }
        }
        _ => {
            if old != new && part.changes() {
                patch.insert(key.to_string(), new.clone());
            }
        }
    }
}

/// The difference of two lists.
#[derive(Default)]
struct Lists {
    changed: Vec<Value>,
    gone: Vec<Value>,
    order: Vec<Value>,
}

fn diff_scalars(old: &[Value], new: &[Value], part: Part) -> Lists {
    if old.is_empty() {
        let changed = if part.changes() { new.to_vec() } else { Vec::new() };
        return Lists { changed, ..Lists::default() };
    }
    let mut lists = Lists::default();
    if part.changes() {
        lists.changed = new.iter().filter(|item| !old.contains(item)).cloned().collect();
    }
    if part.deletions() {
        lists.gone = old.iter().filter(|item| !new.contains(item)).cloned().collect();
    }
    if !lists.gone.is_empty() || (part.changes() && old != new) {
        lists.order = new.to_vec();
    }
    lists
}

fn diff_elements(def: Option<Def>, old: &[Value], new: &[Value], merge_key: &str, part: Part, retain: bool) -> Lists {
    if old.is_empty() {
        let changed = if part.changes() { new.to_vec() } else { Vec::new() };
        return Lists { changed, ..Lists::default() };
    }
    let (before, after) = (by_key(old, merge_key), by_key(new, merge_key));
    let (mut lists, mut gone) = (Lists::default(), Vec::new());
    let (mut before, mut after) = (before.into_iter().peekable(), after.into_iter().peekable());
    // Both are gone through together, so that of elements with the same key the first meets the first.
    loop {
        let order = match (before.peek(), after.peek()) {
            (None, None) => break,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((one, _)), Some((other, _))) => one.cmp(other),
        };
        let known = if order.is_le() { before.next() } else { None };
        let item = if order.is_ge() { after.next() } else { None };
        match (known, item) {
            (Some((_, Value::Object(known))), Some((_, Value::Object(item)))) => {
                let mut inner = diff_maps(def, known, item, part, retain);
                if let (false, Some(value)) = (inner.is_empty(), item.get(merge_key)) {
                    inner.insert(merge_key.to_string(), value.clone());
                    lists.changed.push(Value::Object(inner));
                }
            }
            (None, Some((_, item))) if part.changes() => lists.changed.push(item.clone()),
            (Some((_, known)), None) if part.deletions() => gone.extend(known.get(merge_key)),
            _ => {}
        }
    }
    let id = |value: &Value| key_text(value, merge_key);
    lists.changed.arrange_by_key(|item| new.iter().position(|other| id(other) == id(item)));
    for value in gone {
        let mut item = Map::new();
        item.insert(PATCH.to_string(), "delete".into());
        item.insert(merge_key.to_string(), value.clone());
        lists.changed.push(Value::Object(item));
    }
    let reordered = part.changes() && !same_order(old, new, merge_key);
    if !lists.changed.is_empty() || reordered {
        lists.order = new.iter().map(|item| only_key(item, merge_key)).collect();
    }
    lists
}

/// Elements by the text of their key. Go is told that an element comes before another with the same key, and sorts so.
fn by_key<'v>(list: &'v [Value], merge_key: &str) -> Vec<(String, &'v Value)> {
    let keys: Vec<String> = list.iter().map(|item| key_text(item, merge_key).unwrap_or_default()).collect();
    let order = order_as_go(keys.len(), &mut |one, other| keys.get(one) <= keys.get(other));
    order.into_iter().filter_map(|i| Some((keys.get(i)?.clone(), list.get(i)?))).collect()
}

fn only_key(item: &Value, merge_key: &str) -> Value {
    let mut map = Map::new();
    map.insert(merge_key.to_string(), item.get(merge_key).cloned().unwrap_or(Value::Null));
    Value::Object(map)
}

/// Whether both lists have the same elements in the same order.
fn same_order(old: &[Value], new: &[Value], merge_key: &str) -> bool {
    old.len() == new.len() && old.iter().zip(new).all(|(one, other)| one.get(merge_key) == other.get(merge_key))
}

#[cfg(test)]
mod tests {
    use super::super::strategic;
    use super::*;
    use serde_json::json;

    #[test]
    fn what_was_never_applied_has_nothing_to_delete() {
        let def = Def::named("Deployment");
        let current = json!({"kind": "Deployment", "spec": {"replicas": 1, "paused": true}});
        let modified = json!({"kind": "Deployment", "spec": {"replicas": 2}});
        let patch = three_way(def, &Value::Null, &modified, &current);
        assert_eq!(patch, Ok(json!({"spec": {"replicas": 2}})));
    }

    #[test]
    fn a_patch_leads_from_one_to_the_other() {
        let def = Def::named("Deployment");
        let spec = |containers: Value, replicas: i64| json!({"metadata": {"finalizers": ["a", "b"]}, "spec": {"replicas": replicas, "template": {"spec": {"containers": containers}}}});
        let from = spec(json!([{"name": "a", "image": "1"}, {"name": "b"}]), 1);
        let to = spec(json!([{"name": "c"}, {"name": "a", "image": "2"}]), 3);
        let patch = two_way(def, &from, &to);
        let list = json!([{"name": "c"}, {"image": "2", "name": "a"}, {"$patch": "delete", "name": "b"}]);
        assert_eq!(patch["spec"]["template"]["spec"]["containers"], list);
        assert_eq!(patch["spec"]["template"]["spec"]["$setElementOrder/containers"], json!([{"name": "c"}, {"name": "a"}]));
        assert_eq!(strategic::apply(def, from, &patch).unwrap(), to);
    }

    #[test]
    fn apply_leaves_what_others_set() {
        let def = Def::named("Deployment");
        let last = json!({"metadata": {"labels": {"a": "1", "old": "x"}}, "spec": {"replicas": 2}});
        let file = json!({"metadata": {"labels": {"a": "2"}}, "spec": {}});
        let live = json!({"metadata": {"labels": {"a": "1", "old": "x", "theirs": "y"}}, "spec": {"replicas": 2, "paused": true}});
        let patch = three_way(def, &last, &file, &live).unwrap();
        assert_eq!(patch, json!({"metadata": {"labels": {"a": "2", "old": null}}, "spec": {"replicas": null}}));
        let result = strategic::apply(def, live, &patch).unwrap();
        assert_eq!(result, json!({"metadata": {"labels": {"a": "2", "theirs": "y"}}, "spec": {"paused": true}}));
    }

    #[test]
    fn the_strategy_keeps_only_its_keys() {
        let def = Def::named("Deployment");
        let rolling = json!({"spec": {"strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}}}});
        let recreate = json!({"spec": {"strategy": {"type": "Recreate"}}});
        let patch = three_way(def, &json!({}), &recreate, &rolling).unwrap();
        assert_eq!(patch, json!({"spec": {"strategy": {"$retainKeys": ["type"], "type": "Recreate"}}}));
        assert_eq!(strategic::apply(def, rolling, &patch).unwrap(), recreate);
    }

    #[test]
    fn a_struct_that_is_replaced_is_always_in_the_patch() {
        let def = Def::named("PodDisruptionBudget");
        let budget = json!({"spec": {"minAvailable": 1, "selector": {"matchLabels": {"a": "b"}}}});
        let patch = three_way(def, &budget, &budget, &budget).unwrap();
        assert_eq!(patch, json!({"spec": {"selector": {"matchLabels": {"a": "b"}}}}));
        let other = json!({"spec": {"minAvailable": 1, "selector": {"matchLabels": {"c": "d"}}}});
        assert_eq!(strategic::apply(def, other, &patch).unwrap(), budget);
    }
}
