//! How Go names and prints values, for texts that quote what they were given. Knows no fields.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Map, Value};

use super::value::{items_at, pairs_at, text_at};

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

/// A label selector as Go prints it in texts.
pub fn label_selector(selector: Option<&Value>) -> String {
    let labels: Vec<String> =
        selector.map(|s| pairs_at(s, "/matchLabels").map(|(k, v)| alloc::format!("{k}: {v},")).collect()).unwrap_or_default();
    let more: Vec<String> = selector.map_or(&[][..], |s| items_at(s, "matchExpressions")).iter().map(requirement).collect();
    let (labels, more) = (labels.join(""), more.join(""));
    alloc::format!("&LabelSelector{{MatchLabels:map[string]string{{{labels}}},MatchExpressions:[]LabelSelectorRequirement{{{more}}},}}")
}

fn requirement(e: &Value) -> String {
    let values: Vec<&str> = items_at(e, "values").iter().filter_map(Value::as_str).collect();
    let (key, operator, values) = (text_at(e, "key"), text_at(e, "operator"), values.join(" "));
    alloc::format!("LabelSelectorRequirement{{Key:{key},Operator:{operator},Values:[{values}],}},")
}
