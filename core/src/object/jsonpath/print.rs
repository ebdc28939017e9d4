//! JSON values as Go's fmt prints the Go values they stand for: `%v` and `%#v`.

use alloc::borrow::Cow;
use alloc::string::String;

use serde_json::Value;

use crate::text::{float, json, quote};

/// Appends what kubectl prints for the results of one node.
pub(super) fn results(results: &[Cow<'_, Value>], out: &mut String) {
    for (i, value) in results.iter().enumerate() {
        if i > 0 {
            out.push(' ');
        }
        match value.as_ref() {
            Value::Array(_) | Value::Object(_) => json::compact_into(value, out),
            other => go_value_into(other, out),
        }
    }
}

/// `%v`: `map[a:1 b:[x y]]`, `<nil>`, `true`, bare text.
pub fn go_value(value: &Value) -> String {
    let mut out = String::new();
    go_value_into(value, &mut out);
    out
}

fn go_value_into(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("<nil>"),
        Value::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&float::yaml_text(number)),
        Value::String(text) => out.push_str(text),
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(' ');
                }
                go_value_into(item, out);
            }
            out.push(']');
        }
        Value::Object(map) => {
            out.push_str("map[");
            for (i, (key, value)) in map.iter().enumerate() {
                if i > 0 {
                    out.push(' ');
                }
                out.push_str(key);
                out.push(':');
                go_value_into(value, out);
            }
            out.push(']');
        }
    }
}

/// `%#v`: `map[string]interface {}{"a":1}`, as kubectl shows an object on which a template failed.
pub fn go_syntax(value: &Value) -> String {
    let mut out = String::new();
    go_syntax_into(value, &mut out);
    out
}

fn go_syntax_into(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("interface {}(nil)"),
        Value::String(text) => out.push_str(&quote::quote(text)),
        Value::Bool(_) | Value::Number(_) => go_value_into(value, out),
        Value::Array(items) => {
            out.push_str("[]interface {}{");
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                go_syntax_into(item, out);
            }
            out.push('}');
        }
        Value::Object(map) => {
            out.push_str("map[string]interface {}{");
            for (i, (key, value)) in map.iter().enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                out.push_str(&quote::quote(key));
                out.push(':');
                go_syntax_into(value, out);
            }
            out.push('}');
        }
    }
}

/// The name of the Go type that holds such a value.
pub(super) fn go_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "<nil>",
        Value::Bool(_) => "bool",
        Value::Number(n) if n.is_f64() => "float64",
        Value::Number(_) => "int64",
        Value::String(_) => "string",
        Value::Array(_) => "[]interface {}",
        Value::Object(_) => "map[string]interface {}",
    }
}
