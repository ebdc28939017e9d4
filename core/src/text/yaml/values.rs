//! Nodes as JSON values: what scalars, keys and merged maps become. Models the decoder of sigs.k8s.io/yaml.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Map, Value};

use super::resolve::{Resolved, json_number, resolve};
use super::token::{Fault, Style};
use crate::text::float;

/// Why composing stopped: a fault of grammar or a whole sentence.
pub enum Stop {
    /// A fault with its place.
    Fault(Fault),
    /// A sentence as go-yaml prints it, after `yaml: `.
    Said(String),
    /// A sentence of the step that makes JSON of YAML, printed bare.
    Convert(String),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Stop::Fault(fault)
    }
}

/// A node that may be a key: how it was written matters for merging and naming.
pub(super) struct Node {
    /// What it is.
    pub value: Value,
    /// A plain `<<`.
    pub merge: bool,
    /// The text of a scalar key that is not a string, formatted as Go formats it.
    pub key: Result<String, &'static str>,
    /// How many values are in it.
    pub count: usize,
}

/// A node whose value says everything.
pub(super) fn plain_node(value: Value) -> Node {
    let key = match &value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(float::number_text(number)),
        Value::Bool(b) => Ok(b.to_string()),
        Value::Null => Err("<nil>"),
        Value::Array(_) => Err("[]interface {}"),
        Value::Object(_) => Err("map[interface {}]interface {}"),
    };
    Node { value, merge: false, key, count: 0 }
}

/// Puts a pair into a map; `<<` puts in all pairs of another map or of several.
pub(super) fn insert(map: &mut Map<String, Value>, key: Node, value: Value) -> Result<(), Stop> {
    if key.merge {
        let wrong = || Stop::Said("map merge requires map or sequence of maps as the value".to_owned());
        let maps = match value {
            Value::Object(one) => alloc::vec![Value::Object(one)],
            Value::Array(several) => several.into_iter().rev().collect(),
            _ => return Err(wrong()),
        };
        for one in maps {
            let Value::Object(one) = one else { return Err(wrong()) };
            map.extend(one);
        }
        return Ok(());
    }
    match key.key {
        Ok(name) => {
            map.insert(name, value);
            Ok(())
        }
        Err("<nil>") => Err(Stop::Convert("unsupported map key of type: %!s(<nil>), key: <nil>, value: ".to_owned() + &go_value(&value))),
        Err(kind) => Err(Stop::Said(format!("invalid map key: {}", go_key(kind, &key.value)))),
    }
}

fn go_value(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{text:?}"),
        Value::Null => "<nil>".to_owned(),
        other => other.to_string(),
    }
}

fn go_key(kind: &str, value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let pairs: Vec<String> = map.iter().map(|(k, v)| format!("{k:?}:{}", go_value(v))).collect();
            format!("{kind}{{{}}}", pairs.join(", "))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(go_value).collect();
            format!("{kind}{{{}}}", items.join(", "))
        }
        other => other.to_string(),
    }
}

/// The text that go-yaml v3 makes of a plain scalar which v2 takes for something else: only `true` and `false` are
/// booleans there, and a day becomes a time.
pub(super) fn newer_text(text: &str) -> Option<String> {
    let word = matches!(resolve(text), Resolved::Bool(_)) && !matches!(text, "true" | "True" | "TRUE" | "false" | "False" | "FALSE");
    let day = text.len() == 10 && matches!(resolve(text), Resolved::Timestamp);
    (word || day).then(|| [text, if day { "T00:00:00Z" } else { "" }].concat())
}

/// What a scalar with this text, style and tag is.
pub(super) fn scalar(text: &str, style: Style, tag: Option<&str>) -> Result<Node, Stop> {
    let quoted = style == Style::Quoted && tag.is_none();
    let known = matches!(tag, None | Some("!!bool" | "!!int" | "!!float" | "!!null" | "!!timestamp"));
    if tag == Some("!!binary") {
        return match crate::text::base64::decode(&text.split_whitespace().collect::<String>()) {
            Ok(bytes) => Ok(plain_node(Value::String(String::from_utf8_lossy(&bytes).into_owned()))),
            Err(_) => Err(Stop::Said("!!binary value contains invalid base64 data".to_owned())),
        };
    }
    if quoted || !known {
        return Ok(plain_node(Value::String(text.to_owned())));
    }
    let (found, value) = match resolve(text) {
        Resolved::Null => ("!!null", Value::Null),
        Resolved::Bool(b) => ("!!bool", Value::Bool(b)),
        Resolved::Number(number) if number.is_f64() => ("!!float", Value::Number(number)),
        Resolved::Number(number) => ("!!int", Value::Number(number)),
        Resolved::NonFinite(value) => {
            let text = if value.is_nan() {
                "NaN"
            } else if value > 0.0 {
                "+Inf"
            } else {
                "-Inf"
            };
            return Err(Stop::Convert(format!("json: unsupported value: {text}")));
        }
        Resolved::Timestamp => ("!!timestamp", Value::String(text.to_owned())),
        Resolved::Merge => ("!!merge", Value::String(text.to_owned())),
        Resolved::Text => ("!!str", Value::String(text.to_owned())),
    };
    if let Some(tag) = tag
        && tag != found
        && !(tag == "!!float" && found == "!!int")
    {
        return Err(Stop::Said(format!("cannot decode {found} `{text}` as a {tag}")));
    }
    let value = match value {
        // JSON's reader in Go takes whole numbers of 64 signed bits, and everything else as a float.
        Value::Number(n) if !n.is_i64() => json_number(n.as_f64().unwrap_or(0.0)),
        other => other,
    };
    let mut node = plain_node(value);
    node.merge = found == "!!merge";
    Ok(node)
}
