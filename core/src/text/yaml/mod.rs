//! YAML as kubectl reads and writes it: documents in, JSON values out, and back.
//!
//! Reading follows YAML 1.1 as go-yaml v2 under sigs.k8s.io/yaml has it, error texts and line numbers included;
//! printing follows its emitter. Nothing here knows what an object is.

mod compose;
mod fetch;
mod forms;
mod order;
mod print;
mod resolve;
mod scalars;
mod scanner;
mod stream;
mod token;
mod values;

use alloc::format;
use alloc::string::{String, ToString};
use core::fmt;

use serde_json::Value;

pub use print::{print, print_into};
pub use resolve::needs_quotes;
pub use stream::{Documents, parse_documents};

use compose::Composer;
use values::Stop;

/// Texts longer than this many bytes are refused.
pub const MAX_TEXT_BYTES: usize = 1 << 20;
/// More documents than this in one text are refused.
pub const MAX_DOCUMENTS: usize = 10_000;

/// Why a text is not YAML (or JSON), in the words of the Go libraries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(String);

impl Error {
    /// An error with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Error(text.into())
    }

    /// The text, such as `yaml: line 4: did not find expected key`.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Parses the first document of `text`; null when there is none.
///
/// Errors read `yaml: line 4: ...`, as go-yaml's own. Models sigs.k8s.io/yaml's YAMLToJSON.
pub fn parse(text: &str) -> Result<Value, Error> {
    parse_by(text, false)
}

fn parse_by(text: &str, newer: bool) -> Result<Value, Error> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(Error::new("yaml: document is larger than 1 MiB"));
    }
    if let Some(_bad) = text.chars().find(|c| !scalars::is_allowed(*c) && *c != '\u{feff}') {
        return Err(Error::new("yaml: control characters are not allowed"));
    }
    Composer::new(text, newer).document().map_err(|stop| match stop {
        Stop::Said(said) => Error(format!("yaml: {said}")),
        Stop::Convert(said) => Error(said),
        Stop::Fault(fault) => {
            let mut line = if fault.problem_mark.line != 0 { fault.problem_mark.line } else { fault.context_mark.line };
            if fault.problem_mark.line != 0 && fault.in_scanner {
                line += 1;
            }
            let mut message = String::from("yaml: ");
            if line != 0 {
                message.push_str("line ");
                message.push_str(&line.to_string());
                message.push_str(": ");
            }
            message.push_str(fault.problem);
            Error(message)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let got = match parse(text) {
            Ok(value) => value.to_string(),
            Err(error) => error.to_string(),
        };
        assert_eq!(got, expected, "{text}");
    }

    #[test]
    fn values() {
        check("", "null");
        check("# nothing\n", "null");
        check("---\n# here\n", "null");
        check("hello there\n", r#""hello there""#);
        check("- a\n- b\n", r#"["a","b"]"#);
        check("a: 1\nb: \"1\"\nc: 'it''s'\nd: yes\ne:\nf: ~\n", r#"{"a":1,"b":"1","c":"it's","d":true,"e":null,"f":null}"#);
        check("a:\n- b: 1\n  c: 2\n- d\nz: {x: [1, 2], w: }\n", r#"{"a":[{"b":1,"c":2},"d"],"z":{"w":null,"x":[1,2]}}"#);
        check("a: |\n  x\n   y\n\n  z\nb: >-\n  x\n  y\n\n  z\n", r#"{"a":"x\n y\n\nz\n","b":"x y\nz"}"#);
        check("a: |+\n  x\n\nb: |2\n    q\n", r#"{"a":"x\n\n","b":"  q\n"}"#);
        check("a: one\n  two\n  three\n", r#"{"a":"one two three"}"#);
        check("a: \"x\\\n   y\\u0041\\n\"\n", r#"{"a":"xyA\n"}"#);
        check("a: &x {b: 1}\nc: *x\nd:\n  <<: *x\n  e: 2\n", r#"{"a":{"b":1},"c":{"b":1},"d":{"b":1,"e":2}}"#);
        check("1: a\ntrue: b\n1.5: c\n", r#"{"1":"a","1.5":"c","true":"b"}"#);
        check("a: 1\na: 2\n", r#"{"a":2}"#);
        check("a: !!str 1\nb: !!int \"3\"\n", r#"{"a":"1","b":3}"#);
        check("a: http://x:80/y\nb: 10:20\nc: a#b #c\n", r#"{"a":"http://x:80/y","b":"10:20","c":"a#b"}"#);
        check("{\"a\": \"b\", }", r#"{"a":"b"}"#);
        check("? a\n: b\n", r#"{"a":"b"}"#);
        check("- - a\n  - b\n-\n  c: d\n", r#"[["a","b"],{"c":"d"}]"#);
        check("a: 2001-01-01\n", r#"{"a":"2001-01-01"}"#);
        check("a:\tb\n", r#"{"a":"b"}"#);
        check("a: [b, c: d]\n", r#"{"a":["b",{"c":"d"}]}"#);
        check("%YAML 1.1\n---\na: b\n...\n", r#"{"a":"b"}"#);
    }

    #[test]
    fn errors() {
        check("apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n spec:\n  containers:\n", "yaml: line 4: did not find expected key");
        check("apiVersion: v1\nkind: Pod\nmetadata:\n\tname: p\n", "yaml: line 4: found character that cannot start any token");
        check("apiVersion: v1\nkind Pod\nmetadata:\n  name: p\n", "yaml: line 3: could not find expected ':'");
        check("apiVersion: v1\nkind: Pod\nmetadata:\n  name: \"p\nspec: {}\n", "yaml: line 6: found unexpected end of stream");
        check("a: b: c\n", "yaml: mapping values are not allowed in this context");
        check("x: 1\na: b: c\n", "yaml: line 2: mapping values are not allowed in this context");
        check("a: *b\n", "yaml: unknown anchor 'b' referenced");
        check("a: &a [*a]\n", "yaml: anchor 'a' value contains itself");
        check("a: [b\n", "yaml: line 1: did not find expected ',' or ']'");
        check("a: {b\n", "yaml: line 1: did not find expected ',' or '}'");
        check("a: @x\n", "yaml: found character that cannot start any token");
        check("- a\nb: c\n", "yaml: line 1: did not find expected '-' indicator");
        check("a: 'b\n", "yaml: line 2: found unexpected end of stream");
        check("a: \u{1}\n", "yaml: control characters are not allowed");
    }

    #[test]
    fn bounds() {
        let deep = "[".repeat(200);
        assert!(parse(&deep).is_err());
        let mut bomb = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for i in 1..12 {
            bomb.push_str(&format!("a{i}: &a{i} [{}]\n", alloc::vec![format!("*a{}", i - 1); 10].join(",")));
        }
        check(&bomb, "yaml: document contains excessive aliasing");
        assert!(parse(&"- ".repeat(5000)).is_err());
    }
}
