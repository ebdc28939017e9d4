//! KYAML: the flow-style YAML that `kubectl -o kyaml` prints. Printing only.

use alloc::string::String;

use serde_json::Value;

use super::float;
use super::json::Order;
use super::yaml::needs_quotes;

/// `value` as one KYAML document, with its `---` line; the keys of maps in the order that `order` gives, beginning with
/// `shape`.
pub fn print<S: Copy>(value: &Value, shape: S, order: Order<'_, S>) -> String {
    let mut out = String::from("---\n");
    node(value, (shape, order), 0, &mut out);
    out.push('\n');
    out
}

fn pad(indent: usize, out: &mut String) {
    (0..indent).for_each(|_| out.push_str("  "));
}

fn node<S: Copy>(value: &Value, (shape, order): (S, Order<'_, S>), indent: usize, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&float::number_text(number)),
        Value::String(text) => string(text, indent, out),
        Value::Object(map) if map.is_empty() => out.push_str("{}"),
        Value::Array(items) if items.is_empty() => out.push_str("[]"),
        Value::Object(map) => {
            out.push_str("{\n");
            for (key, value, shape) in order(shape, map) {
                pad(indent + 1, out);
                self::key(key, out);
                out.push_str(": ");
                node(value, (shape, order), indent + 1, out);
                out.push_str(",\n");
            }
            pad(indent, out);
            out.push('}');
        }
        Value::Array(items) => list(items, (shape, order), indent, out),
    }
}

/// Lists of maps or lists cuddle their brackets; lists with a scalar in them have one item a line.
fn list<S: Copy>(items: &[Value], ordered: (S, Order<'_, S>), indent: usize, out: &mut String) {
    let cuddled = items.iter().all(|item| item.is_object() || item.is_array());
    out.push('[');
    if cuddled {
        for (i, item) in items.iter().enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            node(item, ordered, indent, out);
        }
    } else {
        out.push('\n');
        for item in items {
            pad(indent + 1, out);
            node(item, ordered, indent + 1, out);
            out.push_str(",\n");
        }
        pad(indent, out);
    }
    out.push(']');
}

/// A key stands without quotes if nothing can mistake it for something else.
fn key(text: &str, out: &mut String) {
    let last = text.chars().count().saturating_sub(1);
    let inside = |i: usize, c: char| i > 0 && i < last && matches!(c, '-' | '.' | '/');
    let plain =
        !text.is_empty() && !needs_quotes(text) && text.chars().enumerate().all(|(i, c)| c.is_alphanumeric() || c == '_' || inside(i, c));
    if plain {
        out.push_str(text);
    } else {
        out.push('"');
        text.chars().for_each(|c| escape(c, out));
        out.push('"');
    }
}

fn escape(c: char, out: &mut String) {
    let short = match c {
        '"' | '\\' => c,
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\u{b}' => 'v',
        '\u{c}' => 'f',
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        '\0' => '0',
        '\u{1b}' => 'e',
        '\u{85}' => 'N',
        '\u{a0}' => '_',
        '\u{2028}' => 'L',
        '\u{2029}' => 'P',
        c if c.is_ascii_control() => return out.push_str(&alloc::format!("\\x{:02x}", c as u32)),
        c if c.is_control() || c == '\u{feff}' => return out.push_str(&alloc::format!("\\u{:04x}", c as u32)),
        c => return out.push(c),
    };
    out.push('\\');
    out.push(short);
}

/// A text with a line break in it is written one line below the other, each ending with an escaped line break.
fn string(text: &str, indent: usize, out: &mut String) {
    let folded = text.contains('\n');
    out.push('"');
    if folded {
        out.push_str("\\\n");
    }
    for line in text.split_inclusive('\n') {
        if folded {
            pad(indent + 1, out);
            // A leading blank would be folded away when read back.
            out.push(if line.starts_with(|c: char| c.is_whitespace() && c != '\n') { '\\' } else { ' ' });
        }
        line.chars().for_each(|c| escape(c, out));
        if folded {
            out.push_str("\\\n");
        }
    }
    if folded {
        pad(indent + 1, out);
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    fn print(value: &super::Value) -> super::String {
        super::print(value, (), &|(), map| map.iter().map(|(key, value)| (key.as_str(), value, ())).collect())
    }

    #[test]
    fn layout() {
        let value = json!({"a": [{"b": [0]}, {"c": {}}], "d": null, "e": "x\"y", "no": true, "k/x.y": []});
        assert_eq!(
            print(&value),
            "---\n{\n  a: [{\n    b: [\n      0,\n    ],\n  }, {\n    c: {},\n  }],\n  d: null,\n  e: \"x\\\"y\",\n  k/x.y: [],\n  \"no\": true,\n}\n"
        );
    }

    #[test]
    fn lines() {
        let value = json!({"a": "one\n", "b": "x\n  y\n\tz", "c": [{}, []], "-d": "\u{1b}\u{1}", "é": "\n"});
        assert_eq!(
            print(&value),
            "---\n{\n  \"-d\": \"\\e\\x01\",\n  a: \"\\\n     one\\n\\\n    \",\n  b: \"\\\n     x\\n\\\n    \\  y\\n\\\n    \\\\tz\\\n    \",\n  c: [{}, []],\n  é: \"\\\n     \\n\\\n    \",\n}\n"
        );
    }
}
