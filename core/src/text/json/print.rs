//! JSON values in, text out, byte for byte as Go's encoding/json: `<`, `>` and `&` escaped, floats in Go's form.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

use serde_json::{Map, Value};

use crate::text::float;

/// Says in which order the keys of a map of shape `S` are printed, and of which shape each value is. Lists pass
/// their shape on to their items. What a shape is, is the order's own business.
pub type Order<'o, S> = &'o dyn for<'v> Fn(S, &'v Map<String, Value>) -> Vec<(&'v str, &'v Value, S)>;

struct Printer<'o, S> {
    indent: Option<&'static str>,
    order: Option<Order<'o, S>>,
}

/// On one line, without blanks, keys sorted: Go's json.Marshal.
pub fn compact(value: &Value) -> String {
    let mut out = String::new();
    compact_into(value, &mut out);
    out
}

/// As [`compact`], appended to `out`.
pub fn compact_into(value: &Value, out: &mut String) {
    Printer { indent: None, order: None }.node(value, (), 0, out);
}

/// Indented by four blanks, keys sorted, without a line break at the end: json.MarshalIndent as `kubectl -o json`.
pub fn indented(value: &Value) -> String {
    let mut out = String::new();
    Printer { indent: Some("    "), order: None }.node(value, (), 0, &mut out);
    out
}

/// As [`indented`], with the keys of maps in the order that `order` gives, beginning with `shape`.
pub fn ordered<S: Copy>(value: &Value, shape: S, order: Order<'_, S>) -> String {
    let mut out = String::new();
    Printer { indent: Some("    "), order: Some(order) }.node(value, shape, 0, &mut out);
    out
}

/// As [`compact`], with the keys of maps in the order that `order` gives, beginning with `shape`.
pub fn ordered_compact<S: Copy>(value: &Value, shape: S, order: Order<'_, S>) -> String {
    let mut out = String::new();
    Printer { indent: None, order: Some(order) }.node(value, shape, 0, &mut out);
    out
}

impl<S: Copy> Printer<'_, S> {
    fn line(&self, depth: usize, out: &mut String) {
        if let Some(indent) = self.indent {
            out.push('\n');
            (0..depth).for_each(|_| out.push_str(indent));
        }
    }

    fn node(&self, value: &Value, shape: S, depth: usize, out: &mut String) {
        match value {
            Value::Null => out.push_str("null"),
            Value::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
            Value::Number(number) => out.push_str(&float::number_text(number)),
            Value::String(text) => quote_into(text, out),
            Value::Array(items) => {
                out.push('[');
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    self.line(depth + 1, out);
                    self.node(item, shape, depth + 1, out);
                }
                if !items.is_empty() {
                    self.line(depth, out);
                }
                out.push(']');
            }
            Value::Object(map) => {
                out.push('{');
                match self.order {
                    Some(order) => {
                        for (i, (key, value, shape)) in order(shape, map).into_iter().enumerate() {
                            self.pair(i, key, value, shape, depth + 1, out);
                        }
                    }
                    None => {
                        for (i, (key, value)) in map.iter().enumerate() {
                            self.pair(i, key, value, shape, depth + 1, out);
                        }
                    }
                }
                if !map.is_empty() {
                    self.line(depth, out);
                }
                out.push('}');
            }
        }
    }

    fn pair(&self, place: usize, key: &str, value: &Value, shape: S, depth: usize, out: &mut String) {
        if place > 0 {
            out.push(',');
        }
        self.line(depth, out);
        quote_into(key, out);
        out.push(':');
        if self.indent.is_some() {
            out.push(' ');
        }
        self.node(value, shape, depth, out);
    }
}

/// Appends `text` as a JSON string with Go's escapes.
pub fn quote_into(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '<' | '>' | '&' | '\0'..='\u{1f}' | '\u{2028}' | '\u{2029}' => {
                // Writing into a String cannot fail.
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            _ => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn prints() {
        let value = json!({"b": [1, 1.5, {}], "a": "<x>&\n\u{1}한", "c": [], "d": null});
        assert_eq!(compact(&value), "{\"a\":\"\\u003cx\\u003e\\u0026\\n\\u0001한\",\"b\":[1,1.5,{}],\"c\":[],\"d\":null}");
        assert_eq!(
            indented(&json!({"a": [1, {"b": {}}], "c": []})),
            "{\n    \"a\": [\n        1,\n        {\n            \"b\": {}\n        }\n    ],\n    \"c\": []\n}"
        );
    }

    #[test]
    fn order_is_asked_for() {
        fn backwards(shape: u8, map: &Map<String, Value>) -> Vec<(&str, &Value, u8)> {
            map.iter().rev().map(|(k, v)| (k.as_str(), v, shape)).collect()
        }
        assert_eq!(ordered(&json!({"a": 1, "b": 2}), 0, &backwards), "{\n    \"b\": 2,\n    \"a\": 1\n}");
    }
}
