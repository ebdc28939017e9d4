//! How Go names and prints values, for texts that quote what they were given. Knows no fields.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Map, Value};

/// What Go's JSON decoder calls a value that it cannot put where it should go.
pub fn kind_word(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// A scalar as `%v` writes it; anything else as JSON.
pub fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A map as `%v` writes it: `map[a:1 b:map[c:d]]`.
pub fn map(map: &Map<String, Value>) -> String {
    let mut text = String::from("map[");
    for (number, (key, member)) in map.iter().enumerate() {
        if number > 0 {
            text.push(' ');
        }
        text.push_str(key);
        text.push(':');
        text.push_str(&value(member));
    }
    text.push(']');
    text
}

/// A value as `%v` writes it.
pub fn value(value: &Value) -> String {
    match value {
        Value::Object(members) => map(members),
        Value::Array(items) => {
            let parts: Vec<String> = items.iter().map(self::value).collect();
            ["[", &parts.join(" "), "]"].concat()
        }
        Value::Null => "<nil>".to_string(),
        other => plain(other),
    }
}
