//! JSON values in, YAML text out: the layout, quoting and folding of go-yaml v2's emitter, as kubectl prints it.
//!
//! Lists are not indented under their key, keys are in natural order, long plain and quoted scalars fold at the
//! first blank past column 80.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

use serde_json::{Map, Value};

use super::forms::{analyze, is_printable};
use super::order::natural_order;
use super::resolve::needs_quotes;
use super::scanner::is_break;
use crate::arrange::Arrange;
use crate::text::float;

/// The column after which a blank becomes a line break.
const BEST_WIDTH: usize = 80;
/// Keys longer than this many bytes are written as `? key`.
const MAX_SIMPLE_KEY: usize = 128;

/// `value` as YAML, with a line break at the end.
pub fn print(value: &Value) -> String {
    let mut out = String::new();
    print_into(value, &mut out);
    out
}

/// Appends `value` as YAML to `out`.
pub fn print_into(value: &Value, out: &mut String) {
    let mut emitter = Emitter { out, column: 0, whitespace: true, indention: true };
    emitter.node(value, -1, false, false);
    if emitter.column > 0 || emitter.out.is_empty() {
        emitter.out.push('\n');
    }
}

struct Emitter<'a> {
    out: &'a mut String,
    column: usize,
    /// The last character was blank.
    whitespace: bool,
    /// Only indentation and indicators stand on this line so far.
    indention: bool,
}

impl Emitter<'_> {
    fn put(&mut self, c: char) {
        self.out.push(c);
        self.column += 1;
    }

    fn put_break(&mut self) {
        self.out.push('\n');
        self.column = 0;
    }

    fn indent_to(&mut self, indent: isize) {
        let indent = usize::try_from(indent).unwrap_or(0);
        if !self.indention || self.column > indent || (self.column == indent && !self.whitespace) {
            self.put_break();
        }
        while self.column < indent {
            self.put(' ');
        }
        self.whitespace = true;
        self.indention = true;
    }

    fn indicator(&mut self, text: &str, need_blank: bool, is_blank: bool, is_indention: bool) {
        if need_blank && !self.whitespace {
            self.put(' ');
        }
        text.chars().for_each(|c| self.put(c));
        self.whitespace = is_blank;
        self.indention = self.indention && is_indention;
    }

    fn node(&mut self, value: &Value, indent: isize, in_mapping: bool, simple_key: bool) {
        match value {
            Value::Object(map) if map.is_empty() => {
                self.indicator("{", true, true, false);
                self.indicator("}", false, false, false);
            }
            Value::Array(items) if items.is_empty() => {
                self.indicator("[", true, true, false);
                self.indicator("]", false, false, false);
            }
            Value::Object(map) => self.mapping(map, if indent < 0 { 0 } else { indent + 2 }),
            Value::Array(items) => {
                let indentless = in_mapping && !self.indention;
                let indent = match indent {
                    ..0 => 0,
                    _ if indentless => indent,
                    _ => indent + 2,
                };
                for item in items {
                    self.indent_to(indent);
                    self.indicator("-", true, false, true);
                    self.node(item, indent, false, false);
                }
            }
            Value::String(text) => self.string(text, indent.max(0) + 2, simple_key),
            Value::Null => self.plain("null", 0, false),
            Value::Bool(b) => self.plain(if *b { "true" } else { "false" }, 0, false),
            Value::Number(number) => self.plain(&float::yaml_text(number), 0, false),
        }
    }

    fn mapping(&mut self, map: &Map<String, Value>, indent: isize) {
        let mut keys: Vec<&String> = map.keys().collect();
        keys.arrange_by(|a, b| natural_order(a, b));
        for key in keys {
            let Some(value) = map.get(key) else { continue };
            self.indent_to(indent);
            if key.len() <= MAX_SIMPLE_KEY && !key.chars().any(is_break) {
                self.string(key, indent + 2, true);
                self.indicator(":", false, false, false);
            } else {
                self.indicator("?", true, false, true);
                self.string(key, indent + 2, false);
                self.indent_to(indent);
                self.indicator(":", true, false, true);
            }
            self.node(value, indent, true, false);
        }
    }

    fn string(&mut self, text: &str, indent: isize, simple_key: bool) {
        let found = analyze(text);
        if text.contains('\n') {
            if found.block && !simple_key {
                return self.literal(text, indent);
            }
        } else if !needs_quotes(text) {
            if found.plain {
                return self.plain(text, indent, !simple_key);
            }
            if found.single_quoted {
                return self.single_quoted(text, indent, !simple_key);
            }
        }
        self.double_quoted(text, indent, !simple_key);
    }

    fn plain(&mut self, text: &str, indent: isize, may_break: bool) {
        if !self.whitespace && !text.is_empty() {
            self.put(' ');
        }
        let mut spaces = false;
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            if c == ' ' {
                if may_break && !spaces && self.column > BEST_WIDTH && chars.peek() != Some(&' ') {
                    self.indent_to(indent);
                } else {
                    self.put(c);
                }
                spaces = true;
            } else {
                self.put(c);
                self.indention = false;
                spaces = false;
            }
        }
        self.whitespace = false;
        self.indention = false;
    }

    fn single_quoted(&mut self, text: &str, indent: isize, may_break: bool) {
        self.indicator("'", true, false, false);
        let mut spaces = false;
        let mut breaks = false;
        let mut first = true;
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            if c == ' ' {
                let inside = !first && chars.peek().is_some_and(|next| *next != ' ');
                if may_break && !spaces && self.column > BEST_WIDTH && inside {
                    self.indent_to(indent);
                } else {
                    self.put(c);
                }
                spaces = true;
            } else if is_break(c) {
                // Only Unicode's own breaks come here; a text with `\n` is a literal block.
                self.out.push(c);
                self.column = 0;
                self.indention = true;
                breaks = true;
            } else {
                if core::mem::take(&mut breaks) {
                    self.indent_to(indent);
                }
                if c == '\'' {
                    self.put(c);
                }
                self.put(c);
                self.indention = false;
                spaces = false;
            }
            first = false;
        }
        self.indicator("'", false, false, false);
        self.whitespace = false;
        self.indention = false;
    }

    fn double_quoted(&mut self, text: &str, indent: isize, may_break: bool) {
        self.indicator("\"", true, false, false);
        let mut spaces = false;
        let mut first = true;
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            if !is_printable(c) || is_break(c) || matches!(c, '"' | '\\') {
                self.escape(c);
                spaces = false;
            } else if c == ' ' {
                if may_break && !spaces && self.column > BEST_WIDTH && !first && chars.peek().is_some() {
                    self.indent_to(indent);
                    if chars.peek() == Some(&' ') {
                        self.put('\\');
                    }
                } else {
                    self.put(c);
                }
                spaces = true;
            } else {
                self.put(c);
                spaces = false;
            }
            first = false;
        }
        self.indicator("\"", false, false, false);
        self.whitespace = false;
        self.indention = false;
    }

    fn escape(&mut self, c: char) {
        let short = match c {
            '\0' => '0',
            '\u{7}' => 'a',
            '\u{8}' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\u{b}' => 'v',
            '\u{c}' => 'f',
            '\r' => 'r',
            '\u{1b}' => 'e',
            '"' | '\\' => c,
            '\u{85}' => 'N',
            '\u{a0}' => '_',
            '\u{2028}' => 'L',
            '\u{2029}' => 'P',
            _ => '\0',
        };
        let before = self.out.len();
        self.out.push('\\');
        let code = c as u32;
        // Writing into a String cannot fail.
        let _ = match (short, code) {
            ('\0', ..=0xff) => write!(self.out, "x{code:02X}"),
            ('\0', ..=0xffff) => write!(self.out, "u{code:04X}"),
            ('\0', _) => write!(self.out, "U{code:08X}"),
            _ => self.out.write_char(short),
        };
        self.column += self.out.len() - before;
    }

    fn literal(&mut self, text: &str, indent: isize) {
        self.indicator("|", true, false, false);
        if text.starts_with(|c| c == ' ' || is_break(c)) {
            self.indicator("2", false, false, false);
        }
        let mut back = text.chars().rev();
        let last = back.next();
        if !last.is_some_and(is_break) {
            self.indicator("-", false, false, false);
        } else if back.next().is_none_or(is_break) {
            self.indicator("+", false, false, false);
        }
        self.put_break();
        self.indention = true;
        self.whitespace = true;
        let mut breaks = true;
        for c in text.chars() {
            if is_break(c) {
                if c == '\n' {
                    self.put_break();
                } else {
                    self.out.push(c);
                    self.column = 0;
                }
                self.indention = true;
                breaks = true;
            } else {
                if breaks {
                    self.indent_to(indent);
                }
                self.put(c);
                self.indention = false;
                breaks = false;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(value: Value, expected: &str) {
        assert_eq!(print(&value), expected);
    }

    #[test]
    fn layout() {
        check(
            json!({"a": {}, "b": [], "c": null, "d": [1, {"x": 1, "y": [true]}], "e": {"f": "g"}}),
            "a: {}\nb: []\nc: null\nd:\n- 1\n- x: 1\n  \"y\":\n  - true\ne:\n  f: g\n",
        );
        check(json!([[1, 2], [], [{"a": [3]}]]), "- - 1\n  - 2\n- []\n- - a:\n    - 3\n");
        check(json!({}), "{}\n");
        check(json!("x"), "x\n");
        check(json!({"f": 1.5, "g": 1e21, "h": 10000000}), "f: 1.5\ng: 1e+21\nh: 10000000\n");
        check(json!({"a10": 1, "a2": 2, "a": 3, "B": 4, "_": 5}), "_: 5\nB: 4\na: 3\na2: 2\na10: 1\n");
    }

    #[test]
    fn quoting() {
        for (text, expected) in [
            ("", "\"\""),
            ("1", "\"1\""),
            ("true", "\"true\""),
            ("yes", "\"yes\""),
            ("<<", "<<"),
            ("null", "\"null\""),
            ("1e3", "\"1e3\""),
            ("2020-01-02", "\"2020-01-02\""),
            ("1:30", "\"1:30\""),
            ("0x1f", "\"0x1f\""),
            ("a: b", "'a: b'"),
            ("a #b", "'a #b'"),
            ("a#b", "a#b"),
            ("a:b", "a:b"),
            ("a:", "'a:'"),
            ("- a", "'- a'"),
            ("-", "'-'"),
            ("-a", "-a"),
            ("*", "'*'"),
            ("[a]", "'[a]'"),
            ("a]", "a]"),
            ("{}", "'{}'"),
            ("@x", "'@x'"),
            (" a", "' a'"),
            ("a ", "'a '"),
            ("it's", "it's"),
            ("'q", "'''q'"),
            ("a\tb", "\"a\\tb\""),
            ("a\"b", "a\"b"),
            ("\"a", "'\"a'"),
            ("100m", "100m"),
            ("25%", "25%"),
            ("%a", "'%a'"),
            ("한글", "한글"),
            ("🥧", "\"\\U0001F967\""),
            ("---", "'---'"),
            ("<none>", "<none>"),
            (">x", "'>x'"),
            ("=", "="),
            ("!x", "'!x'"),
            ("a\nb", "|-\n  a\n  b"),
            ("a\nb\n", "|\n  a\n  b"),
            ("a\n\n", "|+\n  a\n"),
            (" a\nb\n", "|2\n   a\n  b"),
            ("a \nb", "\"a \\nb\""),
            ("a\n b\n", "|\n  a\n   b"),
            ("\n", "|2+\n"),
            ("a\n\nb", "|-\n  a\n\n  b"),
        ] {
            let got = print(&json!({"k": text}));
            assert_eq!(got, alloc::format!("k: {expected}\n"), "{text:?}");
        }
    }

    #[test]
    fn folding() {
        let text = "0/4 nodes are available: 1 node(s) had untolerated taint(s), 3 node(s) were unschedulable. no new claims to deallocate";
        check(
            json!({"message": text}),
            "message: '0/4 nodes are available: 1 node(s) had untolerated taint(s), 3 node(s) were\n  unschedulable. no new claims to deallocate'\n",
        );
    }
}
