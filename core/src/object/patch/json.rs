//! JSON merge patch (RFC 7386), with the three-way merge that kubectl uses for kinds without a schema.
//! Models `evanphx/json-patch` and apimachinery `util/jsonmergepatch`.

use serde_json::{Map, Value};

/// Applies a merge patch: members of the patch replace, `null` removes, objects merge.
pub fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(target) = target else { return };
    for (key, value) in patch {
        match value {
            Value::Null => {
                target.remove(key);
            }
            Value::Object(_) => merge(target.entry(key.as_str()).or_insert(Value::Null), value),
            _ => {
                target.insert(key.clone(), value.clone());
            }
        }
    }
}

/// The merge patch that turns `from` into `to`.
pub fn merge_diff(from: &Value, to: &Value) -> Value {
    let (Value::Object(from), Value::Object(to)) = (from, to) else { return to.clone() };
    let mut patch = Map::new();
    for (key, new) in to {
        match from.get(key) {
            Some(old) if old == new => {}
            Some(old) if old.is_object() && new.is_object() => {
                patch.insert(key.clone(), merge_diff(old, new));
            }
            _ => {
                patch.insert(key.clone(), new.clone());
            }
        }
    }
    for key in from.keys().filter(|key| !to.contains_key(*key)) {
        patch.insert(key.clone(), Value::Null);
    }
    Value::Object(patch)
}

/// The merge patch of `kubectl apply`: what `modified` adds to or changes in `current`, and removals of what
/// `original` had and `modified` has not.
pub fn three_way(original: &Value, modified: &Value, current: &Value) -> Value {
    let mut patch = keep(merge_diff(current, modified), false);
    merge_patches(&mut patch, &keep(merge_diff(original, modified), true));
    patch
}

/// Keeps only the removals of a patch, or everything but them.
fn keep(patch: Value, removals: bool) -> Value {
    let Value::Object(map) = patch else { return patch };
    let mut kept = Map::new();
    for (key, value) in map {
        match value {
            Value::Null => {
                if removals {
                    kept.insert(key, Value::Null);
                }
            }
            Value::Object(_) => {
                let inner = keep(value, removals);
                if inner.as_object().is_some_and(|inner| !inner.is_empty()) {
                    kept.insert(key, inner);
                }
            }
            other => {
                if !removals {
                    kept.insert(key, other);
                }
            }
        }
    }
    Value::Object(kept)
}

/// Adds the removals of `other` to a patch.
fn merge_patches(patch: &mut Value, other: &Value) {
    let (Value::Object(patch), Value::Object(other)) = (patch, other) else { return };
    for (key, value) in other {
        match patch.get_mut(key) {
            Some(mine) if mine.is_object() && value.is_object() => merge_patches(mine, value),
            _ => {
                patch.insert(key.clone(), value.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn merge_patches_merge() {
        let mut v = json!({"a": 1, "b": {"c": 1, "d": 2}});
        let patch = json!({"a": null, "b": {"c": 3}, "e": {"f": null, "g": 1}});
        merge(&mut v, &patch);
        assert_eq!(v, json!({"b": {"c": 3, "d": 2}, "e": {"g": 1}}));
        let patch = three_way(&json!({"x": 1, "y": 1}), &json!({"x": 2}), &json!({"x": 1, "y": 1, "z": 1}));
        assert_eq!(patch, json!({"x": 2, "y": null}));
    }
}
