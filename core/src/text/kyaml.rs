//! KYAML: the flow-style YAML that `kubectl -o kyaml` prints. Printing only.

use alloc::string::String;

use serde_json::Value;

use super::float;
use super::yaml::needs_quotes;

/// `value` as one KYAML document, with its `---` line.
pub fn print(value: &Value) -> String {
    let mut out = String::from("---\n");
    node(value, 0, &mut out);
    out.push('\n');
    out
}

fn pad(indent: usize, out: &mut String) {
    (0..indent).for_each(|_| out.push_str("  "));
}

fn node(value: &Value, indent: usize, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&float::number_text(number)),
        Value::String(text) => string(text, indent, out),
        Value::Object(map) if map.is_empty() => out.push_str("{}"),
        Value::Array(items) if items.is_empty() => out.push_str("[]"),
        Value::Object(map) => {
            out.push_str("{\n");
            for (key, value) in map {
                pad(indent + 1, out);
                self::key(key, out);
                out.push_str(": ");
                node(value, indent + 1, out);
                out.push_str(",\n");
            }
            pad(indent, out);
            out.push('}');
        }
        Value::Array(items) => list(items, indent, out),
    }
}

/// Lists of maps or lists cuddle their brackets; lists with a scalar in them have one item a line.
fn list(items: &[Value], indent: usize, out: &mut String) {
    let cuddled = items.iter().all(|item| match item {
        Value::Object(map) => !map.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    });
    out.push('[');
    if cuddled {
        for (i, item) in items.iter().enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            node(item, indent, out);
        }
    } else {
        out.push('\n');
        for item in items {
            pad(indent + 1, out);
            node(item, indent + 1, out);
            out.push_str(",\n");
        }
        pad(indent, out);
    }
    out.push(']');
}

fn key(text: &str, out: &mut String) {
    let plain = !text.is_empty()
        && !needs_quotes(text)
        && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/'));
    if plain {
        out.push_str(text);
    } else {
        quoted(text, out);
    }
}

fn escape(c: char, out: &mut String) {
    match c {
        '"' | '\\' => {
            out.push('\\');
            out.push(c);
        }
        '\n' => out.push_str("\\n"),
        '\t' => out.push_str("\\t"),
        '\r' => out.push_str("\\r"),
        c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => out.push_str(&alloc::format!("\\u{:04x}", c as u32)),
        c => out.push(c),
    }
}

fn quoted(text: &str, out: &mut String) {
    out.push('"');
    text.chars().for_each(|c| escape(c, out));
    out.push('"');
}

/// A text of several lines is written one line below the other, each ending with an escaped line break.
fn string(text: &str, indent: usize, out: &mut String) {
    let body = text.strip_suffix('\n').unwrap_or(text);
    if !body.contains('\n') {
        return quoted(text, out);
    }
    out.push_str("\"\\\n");
    for line in text.split_inclusive('\n') {
        pad(indent + 1, out);
        // A leading blank would be folded away when read back.
        let (blank, rest) = match line.strip_prefix(' ') {
            Some(rest) => ("\\ ", rest),
            None => (" ", line),
        };
        out.push_str(blank);
        rest.chars().for_each(|c| escape(c, out));
        out.push_str("\\\n");
    }
    pad(indent + 1, out);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn layout() {
        let value = json!({"a": [{"b": [0]}, {"c": {}}], "d": null, "e": "x\"y", "no": true, "k/x.y": []});
        assert_eq!(
            print(&value),
            "---\n{\n  a: [{\n    b: [\n      0,\n    ],\n  }, {\n    c: {},\n  }],\n  d: null,\n  e: \"x\\\"y\",\n  k/x.y: [],\n  \"no\": true,\n}\n"
        );
    }
}
