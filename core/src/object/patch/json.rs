//! JSON patch (RFC 6902) and JSON merge patch (RFC 7386), with the three-way merge that kubectl uses for kinds without
//! a schema. Models `evanphx/json-patch` and apimachinery `util/jsonmergepatch`.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Map, Value};

/// The most operations that one JSON patch may hold, as in the API server.
const MAX_OPERATIONS: usize = 10_000;

/// Why a JSON patch did not apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JsonPatchError {
    /// The patch itself is no patch: the API server answers BadRequest with this text.
    Malformed(String),
    /// An operation failed: the API server answers only that it rejected the request.
    Failed(String),
}

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

/// Applies a JSON patch.
pub fn apply(target: &Value, patch: &Value) -> Result<Value, JsonPatchError> {
    let Some(operations) = patch.as_array() else {
        let kind = super::super::go::kind_word(patch);
        let text = ["json: cannot unmarshal ", kind, " into Go value of type jsonpatch.Patch"].concat();
        return Err(JsonPatchError::Malformed(text));
    };
    if operations.len() > MAX_OPERATIONS {
        return Err(JsonPatchError::Malformed("the JSON patch has too many operations".to_string()));
    }
    let mut result = target.clone();
    for operation in operations {
        one(&mut result, operation).map_err(JsonPatchError::Failed)?;
    }
    Ok(result)
}

/// One operation.
fn one(target: &mut Value, operation: &Value) -> Result<(), String> {
    let word = |key: &str| operation.get(key).and_then(Value::as_str);
    let path = pointer(word("path").ok_or("missing path")?)?;
    let from = || pointer(word("from").ok_or("missing from")?);
    let value = || operation.get("value").cloned().unwrap_or(Value::Null);
    match word("op").unwrap_or_default() {
        "add" => add(target, &path, value()),
        "remove" => take(target, &path).map(|_| ()),
        "replace" => {
            *find(target, &path)? = value();
            Ok(())
        }
        "move" => {
            let moved = take(target, &from()?)?;
            add(target, &path, moved)
        }
        "copy" => {
            let copied = find(target, &from()?)?.clone();
            add(target, &path, copied)
        }
        "test" => {
            let wanted = value();
            let same = match find(target, &path) {
                Ok(found) => *found == wanted,
                Err(_) => wanted.is_null(),
            };
            if same { Ok(()) } else { Err(["testing value ", word("path").unwrap_or_default(), " failed"].concat()) }
        }
        other => Err(["Unexpected kind: ", other].concat()),
    }
}

/// The steps of a JSON pointer.
fn pointer(text: &str) -> Result<Vec<String>, String> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let Some(rest) = text.strip_prefix('/') else { return Err(["bad path: ", text].concat()) };
    Ok(rest.split('/').map(|step| step.replace("~1", "/").replace("~0", "~")).collect())
}

fn missing(step: &str) -> String {
    ["Unable to find key: ", step].concat()
}

/// The place that a path names; it must be there.
fn find<'a>(target: &'a mut Value, path: &[String]) -> Result<&'a mut Value, String> {
    let mut here = target;
    for step in path {
        here = match here {
            Value::Object(map) => map.get_mut(step).ok_or_else(|| missing(step))?,
            Value::Array(items) => {
                let at = index(step, items.len())?;
                items.get_mut(at).ok_or_else(|| missing(step))?
            }
            _ => return Err(missing(step)),
        };
    }
    Ok(here)
}

/// The number of an array's element; negative numbers count from the end.
fn index(step: &str, length: usize) -> Result<usize, String> {
    let number: i64 = step.parse().map_err(|_| missing(step))?;
    let length = i64::try_from(length).map_err(|_| missing(step))?;
    let at = if number < 0 { number.saturating_add(length) } else { number };
    usize::try_from(at).map_err(|_| missing(step))
}

fn add(target: &mut Value, path: &[String], value: Value) -> Result<(), String> {
    let Some((last, parents)) = path.split_last() else {
        *target = value;
        return Ok(());
    };
    match find(target, parents)? {
        Value::Object(map) => {
            map.insert(last.clone(), value);
        }
        Value::Array(items) => {
            let at = if last == "-" { items.len() } else { index(last, items.len().saturating_add(1))? };
            if at > items.len() {
                return Err(missing(last));
            }
            items.insert(at, value);
        }
        _ => return Err(missing(last)),
    }
    Ok(())
}

fn take(target: &mut Value, path: &[String]) -> Result<Value, String> {
    let Some((last, parents)) = path.split_last() else { return Err(missing("")) };
    match find(target, parents)? {
        Value::Object(map) => map.remove(last).ok_or_else(|| missing(last)),
        Value::Array(items) => {
            let at = index(last, items.len())?;
            if at < items.len() { Ok(items.remove(at)) } else { Err(missing(last)) }
        }
        _ => Err(missing(last)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn operations_do_what_the_rfc_says() {
        let v = json!({"a": {"b": [1, 2]}, "c/d": 1});
        let run = |ops: Value| apply(&v, &ops);
        assert_eq!(run(json!([{"op": "add", "path": "/a/b/1", "value": 9}])).unwrap()["a"]["b"], json!([1, 9, 2]));
        assert_eq!(run(json!([{"op": "add", "path": "/a/b/-", "value": 9}])).unwrap()["a"]["b"], json!([1, 2, 9]));
        assert_eq!(run(json!([{"op": "replace", "path": "/c~1d", "value": 2}])).unwrap()["c/d"], 2);
        assert_eq!(run(json!([{"op": "move", "from": "/a/b/0", "path": "/x"}])).unwrap()["x"], 1);
        assert_eq!(run(json!([{"op": "copy", "from": "/a", "path": "/z"}])).unwrap()["z"]["b"], json!([1, 2]));
        for bad in [
            json!([{"op": "remove", "path": "/nope"}]),
            json!([{"op": "replace", "path": "/a/x", "value": 1}]),
            json!([{"op": "test", "path": "/a/b/0", "value": 2}]),
            json!([{"op": "add", "path": "/a/b/7", "value": 2}]),
            json!([{"op": "jump", "path": "/a"}]),
            json!([3]),
        ] {
            assert!(matches!(run(bad), Err(JsonPatchError::Failed(_))));
        }
        assert!(matches!(run(json!({})), Err(JsonPatchError::Malformed(_))));
    }

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
