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

/// Lists of maps and lists cuddle their brackets; lists with a scalar in them have one item a line.
fn list(items: &[Value], indent: usize, out: &mut String) {
    let cuddled = items.iter().all(|item| item.is_object() || item.is_array());
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

/// A key stands bare when it is a word that no reader of YAML takes for anything else.
fn key(text: &str, out: &mut String) {
    let last = text.chars().count().saturating_sub(1);
    let mut chars = text.chars().enumerate();
    let is_word = chars.all(|(i, c)| c.is_alphanumeric() || c == '_' || (i > 0 && i < last && matches!(c, '-' | '.' | '/')));
    let lower = text.to_lowercase();
    let misleads = needs_quotes(text) || needs_quotes(&lower) || matches!(lower.as_str(), "t" | "f" | "inf" | "infinity" | "nan");
    if is_word && !misleads {
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
        '\u{c}' => 'f',
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        '\u{b}' => 'v',
        '\0' => '0',
        '\u{1b}' => 'e',
        '\u{85}' => 'N',
        '\u{a0}' => '_',
        '\u{2028}' => 'L',
        '\u{2029}' => 'P',
        ' ' => return out.push(c),
        c if c.is_control() || c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{206f}' | '\u{feff}') => {
            let code = c as u32;
            let text = if code < 0x80 { alloc::format!("\\x{code:02x}") } else { alloc::format!("\\u{code:04x}") };
            return out.push_str(&text);
        }
        c => return out.push(c),
    };
    out.push('\\');
    out.push(short);
}

/// A tab inside a value stays a tab.
fn escape_in_value(c: char, out: &mut String) {
    if c == '\t' { out.push(c) } else { escape(c, out) }
}

/// A text of several lines is written one line below the other, each ending with an escaped line break.
fn string(text: &str, indent: usize, out: &mut String) {
    out.push('"');
    if !text.contains('\n') {
        text.chars().for_each(|c| escape_in_value(c, out));
        return out.push('"');
    }
    out.push_str("\\\n");
    for line in text.split_inclusive('\n') {
        pad(indent + 1, out);
        // A leading blank would be folded away when read back; a blank keeps the other lines in line with it.
        let leading_blank = line.starts_with(|c: char| c.is_whitespace() && c != '\n');
        out.push(if leading_blank { '\\' } else { ' ' });
        line.chars().for_each(|c| escape_in_value(c, out));
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

    #[test]
    fn texts_of_several_lines() {
        let value = json!({"data": {"a": "one\n  two\n\nthree", "b": "x\n"}, "e": [{}, []], "0": "\u{a0}"});
        assert_eq!(
            print(&value),
            "---\n{\n  \"0\": \"\\_\",\n  data: {\n    a: \"\\\n       one\\n\\\n      \\  two\\n\\\n       \\n\\\n       three\\\n      \",\n    b: \"\\\n       x\\n\\\n      \",\n  },\n  e: [{}, []],\n}\n"
        );
    }
}
