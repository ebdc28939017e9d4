//! Reading and writing inside a dynamic `serde_json::Value` by path, without ever panicking.
//!
//! Paths are JSON pointers without escapes (`/spec/template/spec/containers/0/image`); keys that hold a slash
//! are reached with [`get`].

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Map, Value};

/// The member `key` of an object, or the element of that number of an array.
pub fn get<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    match value {
        Value::Object(map) => map.get(key),
        Value::Array(items) => key.parse::<usize>().ok().and_then(|i| items.get(i)),
        _ => None,
    }
}

/// The first part of a path and what follows it. The parts are too short for a searcher to be worth its while.
pub fn first_part(path: &str) -> (&str, &str) {
    let path = path.strip_prefix('/').unwrap_or(path);
    let end = path.bytes().position(|byte| byte == b'/').unwrap_or(path.len());
    (path.get(..end).unwrap_or_default(), path.get(end + 1..).unwrap_or_default())
}

/// The value at `path`; an empty path is the value itself.
pub fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    let (mut here, mut left) = (value, path);
    while !left.is_empty() {
        let (part, rest) = first_part(left);
        left = rest;
        if !part.is_empty() {
            here = get(here, part)?;
        }
    }
    Some(here)
}

/// The string at `path`.
pub fn str_at<'a>(value: &'a Value, path: &str) -> Option<&'a str> {
    at(value, path).and_then(Value::as_str)
}

/// The string at `path`, or the empty string.
pub fn text_at<'a>(value: &'a Value, path: &str) -> &'a str {
    str_at(value, path).unwrap_or_default()
}

/// The whole number at `path`.
pub fn i64_at(value: &Value, path: &str) -> Option<i64> {
    at(value, path).and_then(Value::as_i64)
}

/// The boolean at `path`; false when there is none.
pub fn bool_at(value: &Value, path: &str) -> bool {
    at(value, path).and_then(Value::as_bool).unwrap_or(false)
}

/// The elements of the array at `path`; none when there is no array.
pub fn items_at<'a>(value: &'a Value, path: &str) -> &'a [Value] {
    at(value, path).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The members of the object at `path`.
pub fn map_at<'a>(value: &'a Value, path: &str) -> Option<&'a Map<String, Value>> {
    at(value, path).and_then(Value::as_object)
}

/// The members of the object at `path` as text pairs (labels, selectors, data).
pub fn pairs_at<'a>(value: &'a Value, path: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
    map_at(value, path).into_iter().flatten().filter_map(|(k, v)| v.as_str().map(|v| (k.as_str(), v)))
}

/// Mutable access to `path`, making objects on the way where there is nothing or null.
/// Array elements are reached by number but never made.
pub fn at_mut<'a>(value: &'a mut Value, path: &str) -> Option<&'a mut Value> {
    let (mut here, mut left) = (value, path);
    while !left.is_empty() {
        let (part, rest) = first_part(left);
        left = rest;
        if part.is_empty() {
            continue;
        }
        if here.is_null() {
            *here = Value::Object(Map::new());
        }
        here = match here {
            Value::Object(map) => map.entry(part.to_string()).or_insert(Value::Null),
            Value::Array(items) => part.parse::<usize>().ok().and_then(|i| items.get_mut(i))?,
            _ => return None,
        };
    }
    Some(here)
}

/// Puts `new` at `path`, making objects on the way. Does nothing where the way is blocked by a scalar.
pub fn set(value: &mut Value, path: &str, new: impl Into<Value>) {
    if let Some(slot) = at_mut(value, path) {
        *slot = new.into();
    }
}

/// Removes the member at the end of `path` and returns it.
pub fn remove(value: &mut Value, path: &str) -> Option<Value> {
    let (parent, key) = path.rsplit_once('/').unwrap_or(("", path));
    let mut here = value;
    for part in parent.split('/').filter(|part| !part.is_empty()) {
        here = match here {
            Value::Object(map) => map.get_mut(part)?,
            Value::Array(items) => part.parse::<usize>().ok().and_then(|i| items.get_mut(i))?,
            _ => return None,
        };
    }
    match here {
        Value::Object(map) => map.remove(key),
        _ => None,
    }
}

/// Puts `new` at `path` only where there is nothing (or null) yet: what defaulting does.
pub fn set_default(value: &mut Value, path: &str, new: impl Into<Value>) {
    if let Some(slot) = at_mut(value, path)
        && slot.is_null()
    {
        *slot = new.into();
    }
}

/// Whether a value is what Go's `omitempty` leaves out.
pub fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(b) => !b,
        Value::Number(n) => n.as_f64() == Some(0.0),
        Value::String(s) => s.is_empty(),
        Value::Array(a) => a.is_empty(),
        Value::Object(o) => o.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn reads_and_writes_by_path() {
        let mut v = json!({"spec": {"replicas": 3, "containers": [{"name": "a"}]}});
        assert_eq!(i64_at(&v, "/spec/replicas"), Some(3));
        assert_eq!(str_at(&v, "spec/containers/0/name"), Some("a"));
        set(&mut v, "/status/phase", "Running");
        set_default(&mut v, "/spec/replicas", 9);
        set(&mut v, "/spec/containers/0/image", "nginx");
        set(&mut v, "/spec/containers/7/image", "lost");
        assert_eq!(remove(&mut v, "/spec/replicas"), Some(json!(3)));
        assert_eq!(v, json!({"spec": {"containers": [{"name": "a", "image": "nginx"}]}, "status": {"phase": "Running"}}));
    }
}
