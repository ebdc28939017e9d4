//! JSON patch (RFC 6902): a list of operations on places that are named by JSON pointers.
//! Models `evanphx/json-patch`, in its texts too: `kubectl patch --local` shows them.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use super::super::go;
use crate::text::json;
use crate::text::quote::quote;

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

impl JsonPatchError {
    /// What the library says.
    pub fn text(&self) -> &str {
        match self {
            JsonPatchError::Malformed(text) | JsonPatchError::Failed(text) => text,
        }
    }
}

/// Applies a JSON patch.
///
/// # Errors
/// The patch is no list of operations, or one of them does not apply; nothing has changed then.
pub fn apply(target: &Value, patch: &Value) -> Result<Value, JsonPatchError> {
    apply_as(target, patch, false)
}

/// As [`apply`], with the newer library that kubectl itself has: each operation is checked before any is done, and what is
/// not there cannot be replaced, copied or moved. Models `evanphx/json-patch/v5`.
///
/// # Errors
/// As [`apply`].
pub fn apply_newer(target: &Value, patch: &Value) -> Result<Value, JsonPatchError> {
    malformed(patch).map_or_else(|| apply_as(target, patch, true), |why| Err(JsonPatchError::Malformed(why)))
}

/// What the newer library says of a patch that is none, or has an operation that can never be done.
pub fn malformed(patch: &Value) -> Option<String> {
    if let Value::String(text) = patch {
        // It is no JSON at all.
        let why = json::parse(text).err().map(|why| why.text().to_string()).unwrap_or_default();
        return Some(why.strip_suffix(" literal").unwrap_or(&why).to_string());
    }
    let operations = patch.as_array().map_or(&[][..], Vec::as_slice);
    operations.iter().enumerate().find_map(|(number, operation)| match operation.is_object() {
        true => unfit(operation).map(|why| ["invalid operation ", &json::compact(operation), ": ", why].concat()),
        false => {
            let (kind, number) = (go::kind_word(operation), number.to_string());
            Some(["json: cannot unmarshal ", kind, " into Patch.", &number, " of type jsonpatch.Operation"].concat())
        }
    })
}

/// What is wrong with an operation by itself.
fn unfit(operation: &Value) -> Option<&'static str> {
    let there = |field: &str| operation.get(field).is_some_and(|value| field == "value" || value.is_string());
    match word(operation, "op") {
        "add" | "replace" if !there("value") => Some("failed to decode 'value': operation, missing value field: missing value"),
        "move" | "copy" if !there("from") => Some("failed to decode 'from': operation, missing from field: missing value"),
        "add" | "replace" | "move" | "copy" | "remove" | "test" if there("path") => None,
        "add" | "replace" | "move" | "copy" | "remove" | "test" => {
            Some("failed to decode 'path': operation missing path field: missing value")
        }
        _ => Some("unsupported operation"),
    }
}

fn apply_as(target: &Value, patch: &Value, newer: bool) -> Result<Value, JsonPatchError> {
    let operations = match patch {
        Value::Array(operations) => operations.as_slice(),
        Value::Null => &[],
        other => {
            let text = ["json: cannot unmarshal ", go::kind_word(other), " into Go value of type jsonpatch.Patch"].concat();
            return Err(JsonPatchError::Malformed(text));
        }
    };
    if operations.len() > MAX_OPERATIONS {
        return Err(JsonPatchError::Malformed("the JSON patch has too many operations".to_string()));
    }
    if let Some(other) = operations.iter().find(|operation| !operation.is_object()) {
        let text = ["json: cannot unmarshal ", go::kind_word(other), " into Go value of type jsonpatch.Operation"].concat();
        return Err(JsonPatchError::Malformed(text));
    }
    let mut result = target.clone();
    for operation in operations {
        let done = if newer { there(&mut result, operation) } else { Ok(()) };
        let done = done.and_then(|()| one(&mut result, operation));
        // The newer one begins in small letters here.
        let told = |why: String| if newer { why.replace("Unable to remove", "unable to remove") } else { why };
        done.map_err(|why| JsonPatchError::Failed(told(why)))?;
    }
    Ok(result)
}

/// The text of an operation's member; empty where there is none.
fn word<'a>(operation: &'a Value, key: &str) -> &'a str {
    operation.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// Whether what an operation replaces, copies or moves is there.
fn there(target: &mut Value, operation: &Value) -> Result<(), String> {
    let (path, from, op) = (word(operation, "path"), word(operation, "from"), word(operation, "op"));
    let place = if op == "replace" { path } else { from };
    let Some((holder, key)) = parent(target, place).filter(|_| matches!(op, "replace" | "copy" | "move")) else { return Ok(()) };
    if !holder.is_object() || holder.get(&key).is_some() {
        return Ok(());
    }
    let nonexistent = ["unable to get nonexistent key: ", &key, ": missing value"].concat();
    Err(match op {
        "replace" => ["replace operation does not apply: doc is missing key: ", path, ": missing value"].concat(),
        "copy" => ["error in copy for from: '", from, "': ", &nonexistent].concat(),
        _ => ["error in move for path: '", &key, "': ", &nonexistent].concat(),
    })
}

/// Does one operation. A member that is not there is null to all of them but `remove`, so that `replace` adds it.
fn one(target: &mut Value, operation: &Value) -> Result<(), String> {
    let (path, from) = (word(operation, "path"), word(operation, "from"));
    let value = operation.get("value").cloned().unwrap_or(Value::Null);
    let missing = |doing: &str, place: &str| [doing, " operation does not apply: doc is missing ", place, ": missing value"].concat();
    match word(operation, "op") {
        "add" => {
            let (parent, key) = parent(target, path).ok_or_else(|| missing("add", &["path: ", &quote(path)].concat()))?;
            add(parent, &key, value).map_err(|why| ["error in add for path: '", path, "': ", &why].concat())
        }
        "remove" => {
            let (parent, key) = parent(target, path).ok_or_else(|| missing("remove", &["path: ", &quote(path)].concat()))?;
            take(parent, &key).map(drop).map_err(|why| ["error in remove for path: '", path, "': ", &why].concat())
        }
        "replace" if path.is_empty() => {
            *target = value;
            Ok(())
        }
        "replace" => {
            let (parent, key) = parent(target, path).ok_or_else(|| missing("replace", &["path: ", path].concat()))?;
            put(parent, &key, value).map_err(|_| missing("replace", &["key: ", path].concat()))
        }
        "move" => {
            let (parent_of, key) = parent(target, from).ok_or_else(|| missing("move", &["from path: ", from].concat()))?;
            let failed = |at: &str, why: String| ["error in move for path: '", at, "': ", &why].concat();
            let moved = take(parent_of, &key).map_err(|why| failed(&key, why))?;
            let (parent, key) = parent(target, path).ok_or_else(|| missing("move", &["destination path: ", path].concat()))?;
            add(parent, &key, moved).map_err(|why| failed(path, why))
        }
        "copy" => {
            let (parent_of, key) = parent(target, from).ok_or_else(|| missing("copy", &["from path: ", from].concat()))?;
            let copied = get(parent_of, &key).map_err(|why| ["error in copy for from: '", from, "': ", &why].concat())?;
            let copied = copied.cloned().unwrap_or(Value::Null);
            let (parent, key) = parent(target, path).ok_or_else(|| missing("copy", &["destination path: ", path].concat()))?;
            add(parent, &key, copied).map_err(|why| ["error while adding value during copy: ", &why].concat())
        }
        "test" => test(target, path, &value),
        other => Err(["Unexpected kind: ", other].concat()),
    }
}

/// The operation `test`: what is not there equals null.
fn test(target: &mut Value, path: &str, wanted: &Value) -> Result<(), String> {
    let same = match (path.is_empty(), parent(target, path)) {
        (true, _) => target == wanted,
        (false, None) => return Err(["test operation does not apply: is missing path: ", path, ": missing value"].concat()),
        (false, Some((parent, key))) => {
            let found = get(parent, &key).map_err(|why| ["error in test for path: '", path, "': ", &why].concat())?;
            found.as_deref().unwrap_or(&Value::Null) == wanted
        }
    };
    if same { Ok(()) } else { Err(["testing value ", path, " failed: test failed"].concat()) }
}

/// What holds the place that a pointer names, and the last step to it. What stands before the first `/` does not count.
fn parent<'a>(target: &'a mut Value, path: &str) -> Option<(&'a mut Value, String)> {
    let decoded = |step: &str| step.replace("~1", "/").replace("~0", "~");
    let (before, last) = path.rsplit_once('/')?;
    let mut here = target;
    for step in before.split('/').skip(1) {
        here = get(here, &decoded(step)).ok()??;
    }
    (here.is_object() || here.is_array()).then(|| (here, decoded(last)))
}

/// What is at a step; nothing where a map has no such member.
fn get<'a>(parent: &'a mut Value, key: &str) -> Result<Option<&'a mut Value>, String> {
    match parent {
        Value::Object(map) => Ok(map.get_mut(key)),
        Value::Array(items) => {
            let at = index(key, items.len())?;
            Ok(items.get_mut(at))
        }
        _ => Err(beyond(key)),
    }
}

/// Sets a member, or an element that is there.
fn put(parent: &mut Value, key: &str, value: Value) -> Result<(), String> {
    match get(parent, key)? {
        Some(place) => *place = value,
        None => add(parent, key, value)?,
    }
    Ok(())
}

fn beyond(key: &str) -> String {
    ["Unable to access invalid index: ", key, ": invalid index referenced"].concat()
}

/// The number of an array's element; negative numbers count from the end.
fn index(key: &str, length: usize) -> Result<usize, String> {
    let number: i64 = key.parse().map_err(|_| ["strconv.Atoi: parsing ", &quote(key), ": invalid syntax"].concat())?;
    let at = if number < 0 { number.saturating_add(i64::try_from(length).unwrap_or(i64::MAX)) } else { number };
    usize::try_from(at).ok().filter(|at| *at < length).ok_or_else(|| beyond(key))
}

fn add(parent: &mut Value, key: &str, value: Value) -> Result<(), String> {
    match parent {
        Value::Object(map) => drop(map.insert(key.to_string(), value)),
        Value::Array(items) if key == "-" => items.push(value),
        Value::Array(items) => {
            let at = index(key, items.len().saturating_add(1)).map_err(|why| match key.parse::<i64>() {
                Ok(_) => why,
                Err(_) => ["value was not a proper array index: '", key, "': ", &why].concat(),
            })?;
            items.insert(at, value);
        }
        _ => return Err(beyond(key)),
    }
    Ok(())
}

fn take(parent: &mut Value, key: &str) -> Result<Value, String> {
    match parent {
        Value::Object(map) => map.remove(key).ok_or_else(|| ["Unable to remove nonexistent key: ", key, ": missing value"].concat()),
        Value::Array(items) => {
            let at = index(key, items.len())?;
            Ok(items.remove(at))
        }
        _ => Err(beyond(key)),
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
        assert_eq!(run(json!([{"op": "remove", "path": "/a/b/-1"}])).unwrap()["a"]["b"], json!([1]));
        assert_eq!(run(json!([{"op": "test", "path": "/nope", "value": null}])).unwrap(), v);
        assert_eq!(run(Value::Null).unwrap(), v);
        assert!(matches!(run(json!({})), Err(JsonPatchError::Malformed(_))));
    }

    #[test]
    fn what_does_not_apply_is_told_as_the_library_tells_it() {
        let v = json!({"spec": {"containers": [{"name": "c"}]}, "name": "a"});
        let of = |op: &str, path: &str, value: Value| json!({"op": op, "path": path, "from": "/y", "value": value});
        for (operation, text) in [
            (of("remove", "/spec/x", json!(1)), "error in remove for path: '/spec/x': Unable to remove nonexistent key: x: missing value"),
            (of("remove", "/spec/x/y", json!(1)), "remove operation does not apply: doc is missing path: \"/spec/x/y\": missing value"),
            (of("remove", "/name/x", json!(1)), "remove operation does not apply: doc is missing path: \"/name/x\": missing value"),
            (
                of("remove", "/spec/containers/3", json!(1)),
                "error in remove for path: '/spec/containers/3': Unable to access invalid index: 3: invalid index referenced",
            ),
            (
                of("remove", "/spec/containers/x", json!(1)),
                "error in remove for path: '/spec/containers/x': strconv.Atoi: parsing \"x\": invalid syntax",
            ),
            (
                of("replace", "/spec/containers/4", json!(1)),
                "replace operation does not apply: doc is missing key: /spec/containers/4: missing value",
            ),
            (of("replace", "/spec/x/y", json!(1)), "replace operation does not apply: doc is missing path: /spec/x/y: missing value"),
            (of("add", "", json!(1)), "add operation does not apply: doc is missing path: \"\": missing value"),
            (
                of("add", "/spec/containers/z", json!(1)),
                "error in add for path: '/spec/containers/z': value was not a proper array index: 'z': strconv.Atoi: parsing \"z\": invalid syntax",
            ),
            (of("test", "/name", json!("b")), "testing value /name failed: test failed"),
            (of("test", "/x/y", json!("b")), "test operation does not apply: is missing path: /x/y: missing value"),
            (of("move", "/x", json!(1)), "error in move for path: 'y': Unable to remove nonexistent key: y: missing value"),
            (of("foo", "/x", json!(1)), "Unexpected kind: foo"),
            (json!(3), "json: cannot unmarshal number into Go value of type jsonpatch.Operation"),
        ] {
            assert_eq!(apply(&v, &json!([operation])).unwrap_err().text(), text, "{operation}");
        }
    }

    #[test]
    fn a_member_that_is_not_there_is_replaced_too() {
        let v = json!({"metadata": {"labels": {"a": "b"}}});
        let patched = apply(&v, &json!([{"op": "replace", "path": "/metadata/labels/tier", "value": "front"}])).unwrap();
        assert_eq!(patched["metadata"]["labels"], json!({"a": "b", "tier": "front"}));
        let patched = apply(&v, &json!([{"op": "copy", "path": "/metadata/x", "from": "/metadata/none"}])).unwrap();
        assert_eq!(patched["metadata"]["x"], Value::Null);
    }
}
