//! kubectl's JSONPath dialect: `{.items[*].metadata.name}`, ranges, filters, slices, unions, recursive descent.
//!
//! A template is parsed once and then run on JSON values; output is printed as kubectl prints it. Models
//! k8s.io/client-go/util/jsonpath. Bounded in size and steps; nothing here knows what an object is.

mod eval;
mod parse;
mod print;

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::Value;

pub use parse::relaxed;
pub use print::{go_syntax, go_value};

/// What one node of a template found: parts of the object, or values written in the template.
pub type Results<'v> = Vec<Cow<'v, Value>>;

/// A parsed template.
#[derive(Clone, Debug)]
pub struct JsonPath {
    nodes: parse::Nodes,
    allow_missing: bool,
}

impl JsonPath {
    /// Parses a template; missing fields find nothing. The error is the bare text, such as `unclosed action`.
    pub fn parse(text: &str) -> Result<Self, String> {
        Ok(JsonPath { nodes: parse::parse(text)?.into(), allow_missing: true })
    }

    /// Parses a template for which a missing field is an error: `nope is not found`.
    pub fn parse_strict(text: &str) -> Result<Self, String> {
        Ok(JsonPath { allow_missing: false, ..JsonPath::parse(text)? })
    }

    /// What each node of the template finds in `value`.
    pub fn find<'v>(&'v self, value: &'v Value) -> Result<Vec<Results<'v>>, String> {
        eval::find(&self.nodes, value, self.allow_missing)
    }

    /// Appends what `kubectl -o jsonpath` prints: results of one node apart by blanks, maps and lists as JSON.
    pub fn print(&self, value: &Value, out: &mut String) -> Result<(), String> {
        for results in self.find(value)? {
            print::results(&results, out);
        }
        Ok(())
    }

    /// Appends what `kubectl -o jsonpath-as-json` prints: a JSON list per node.
    pub fn print_as_json(&self, value: &Value, out: &mut String) -> Result<(), String> {
        for results in self.find(value)? {
            let list = Value::Array(results.into_iter().map(Cow::into_owned).collect());
            out.push_str(&crate::text::json::indented(&list));
            out.push('\n');
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(template: &str, expected: &str) {
        let value = json!({
            "kind": "List", "n": 5, "f": 1.5, "null": null,
            "items": [
                {"metadata": {"name": "a", "labels": {"app": "web", "x.y/z": "q"}}, "spec": {"ports": [80, 443]}, "ok": true},
                {"metadata": {"name": "b"}, "spec": {"ports": []}, "ok": false},
                {"metadata": {"name": "c", "labels": {"app": "db"}}, "n": 7}
            ]
        });
        let mut out = String::new();
        if let Err(error) = JsonPath::parse(template).and_then(|path| path.print(&value, &mut out)) {
            out = error;
        }
        assert_eq!(out, expected, "{template}");
    }

    #[test]
    fn finds() {
        check("{.kind}", "List");
        check("{.nope}", "");
        check("{.nope.more}", "");
        check("{.items[*].metadata.name}", "a b c");
        check("{.items[0].metadata.labels}", "{\"app\":\"web\",\"x.y/z\":\"q\"}");
        check("{.items[0].metadata.labels.x\\.y/z}", "q");
        check("{.items[0].metadata.labels['app']}", "web");
        check("{.items[0].metadata.labels['x\\.y/z']}", "q");
        check("{.items[-1].metadata.name}", "c");
        check("{.items[0:2].metadata.name}", "a b");
        check("{.items[1:].metadata.name}", "b c");
        check("{.items[:-1].metadata.name}", "a b");
        check("{.items[::2].metadata.name}", "a c");
        check("{.items[0,2].metadata.name}", "a c");
        check("{.items[*]['metadata.name', 'n']}", "a b c 7");
        check("{range .items[*]}{.metadata.name}{\"\\t\"}{.ok}{\"\\n\"}{end}", "a\ttrue\nb\tfalse\nc\t\n");
        check("x{.kind}y {.n}/{.f}", "xListy 5/1.5");
        check("{.items[?(@.metadata.name==\"b\")].ok}", "false");
        check("{.items[?(@.metadata.name!='b')].metadata.name}", "a c");
        check("{.items[?(@.n>6)].metadata.name}", "c");
        check("{.items[?(@.metadata.labels)].metadata.name}", "a c");
        check("{.items[?(@.ok==true)].metadata.name}", "a");
        check("{..name}", "a b c");
        check("{.items[0].spec.ports}", "[80,443]");
        check("{.items[0].spec.ports[*]}", "80 443");
        check("{.items[*].spec.ports[0]}", "array index out of bounds: index 0, length 0");
        check("{.null}", "<nil>");
        check("{$.kind}{@.n}", "List5");
        check("{'single'} {\"dou\\\"ble\"}", "single dou\"ble");
        check("{range .none[*]}{.x}{end}done", "done");
        check("{range .items[0:2]}[{range .spec.ports[*]}{@},{end}]{end}", "[80,443,][]");
        check("{.items[*].metadata.labels.*}", "web q db");
    }

    #[test]
    fn errors() {
        check("{.status.podIP", "unclosed action");
        check("{.a[0}", "unterminated array");
        check("{.a[x]}", "invalid array index x");
        check("{.a[?(@.b}", "unterminated filter");
        check("{.a[?(@.b)}", "unclosed array expect ]");
        check("{\"x}", "unterminated quoted string");
        check("{*}", "unrecognized character in action: U+002A '*'");
        check("{end}", "not in range, nothing to end");
        check("{nope}", "unrecognized identifier nope");
        check("{.items[7]}", "array index out of bounds: index 7, length 3");
        check("{.kind[0]}", "string is not array or slice");
        check("{.kind[?(@.a)]}", "List is not array or slice and cannot be filtered");
        check("{.items[0:2:0]}", "step must be > 0");
        check("{....x}", "invalid multiple recursive descent");
        check("{.items[?(@.metadata.name=~\"b\")].ok}", "unrecognized character in action: U+007E '~'");
        check("{.items[?(@.metadata.name==5)].ok}", "incompatible types for comparison");
        let mut out = String::new();
        assert_eq!(JsonPath::parse_strict("{.nope}").unwrap().print(&json!({}), &mut out).unwrap_err(), "nope is not found");
    }

    #[test]
    fn relaxed_forms() {
        for text in ["a.b", ".a.b", "{a.b}", "{.a.b}"] {
            assert_eq!(relaxed(text).unwrap(), "{.a.b}");
        }
        assert!(relaxed("{a}{b}").is_err() && relaxed("{a").is_err());
    }

    #[test]
    fn steps_are_bounded() {
        let mut value = json!(1);
        for _ in 0..12 {
            value = json!([value.clone(), value.clone(), value]);
        }
        let path = JsonPath::parse("{..*}{.}").and_then(|p| p.print(&value, &mut String::new()));
        assert!(path.is_err());
        assert!(JsonPath::parse(&"{range @}".repeat(500)).unwrap().find(&json!([1])).is_err());
    }
}
