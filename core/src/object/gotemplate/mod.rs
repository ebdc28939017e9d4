//! The part of Go's text/template that people give to `-o go-template`: fields, pipelines, if, range, with, variables,
//! comparisons, printf, named templates, and kubectl's `exists` and `base64decode`.
//!
//! Whole numbers of the data are int64, as in kubectl. Bounded in size, depth, steps and output.

mod eval;
mod funcs;
mod lex;
mod parse;
mod pipeline;
mod printf;
mod tree;

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

/// A parsed template.
#[derive(Clone, Debug)]
pub struct GoTemplate {
    name: String,
    text: String,
    nodes: Vec<tree::Node>,
    named: tree::Named,
    missing_keys_fail: bool,
}

impl GoTemplate {
    /// Parses a template called `name` (kubectl's are called `output`). The error is Go's:
    /// `template: output:1: unclosed action`.
    pub fn parse(name: &str, text: &str) -> Result<Self, String> {
        match parse::parse(text) {
            Ok((nodes, named)) => Ok(GoTemplate { name: name.to_string(), text: text.to_string(), nodes, named, missing_keys_fail: false }),
            Err((at, error)) => Err(format!("template: {name}:{}: {error}", line_and_column(text, at).0)),
        }
    }

    /// Whether a missing key is an error instead of `<no value>`.
    pub fn missing_keys_fail(mut self, fail: bool) -> Self {
        self.missing_keys_fail = fail;
        self
    }

    /// Appends what the template makes of `data`, up to an error. The error is Go's:
    /// `template: output:1:2: executing "output" at <.a.b>: nil pointer evaluating interface {}.b`.
    pub fn execute(&self, data: &Value, out: &mut String) -> Result<(), String> {
        let mut runner = eval::Runner::new(data, &self.named, out, self.missing_keys_fail);
        runner.run(&self.nodes, data).map_err(|failure| {
            let (line, column) = line_and_column(&self.text, failure.at);
            let name = &self.name;
            format!("template: {name}:{line}:{column}: executing \"{name}\" at <{}>: {}", failure.context, failure.text)
        })
    }
}

/// Line from 1, column in bytes from 0.
fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let column = before.rfind('\n').map_or(before.len(), |newline| before.len() - newline - 1);
    (before.matches('\n').count() + 1, column)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(template: &str, expected: &str) {
        let data = json!({
            "name": "web", "n": 3, "big": 1234567, "t": true, "null": null, "secret": "aGk=",
            "items": [{"name": "a", "ready": true}, {"name": "b", "ready": false}], "labels": {"app": "x", "tier": "y"}
        });
        let mut out = String::new();
        if let Err(error) = GoTemplate::parse("output", template).and_then(|t| t.execute(&data, &mut out)) {
            out = error;
        }
        assert_eq!(out, expected, "{template}");
    }

    #[test]
    fn prints() {
        check("{{.name}}-{{ .n }}\n", "web-3\n");
        check("{{.nope}} {{.nope.more}} {{.null}}", "<no value> <no value> <no value>");
        check("{{range .items}}{{.name}} {{end}}", "a b ");
        check("{{range $i, $x := .items}}{{$i}}={{$x.name}}{{if not $x.ready}}!{{end}};{{end}}", "0=a;1=b!;");
        check("{{range $k, $v := .labels}}{{$k}}={{$v}},{{end}}", "app=x,tier=y,");
        check("{{range .none}}x{{else}}empty{{end}}", "empty");
        check("{{with .labels}}{{.app}}{{$.name}}{{end}}", "xweb");
        check("{{with .nope}}a{{else}}b{{end}}", "b");
        check("{{if eq .name \"web\"}}yes{{else if .t}}maybe{{else}}no{{end}}", "yes");
        check("{{if and .t (gt .n 2)}}big{{end}}", "big");
        check("{{len .items}} {{index .items 1 | printf \"%v\"}}", "2 map[name:b ready:false]");
        check("{{index .labels \"app\"}}{{(index .items 0).name}}", "xa");
        check("{{.secret | base64decode}}", "hi");
        check("{{printf \"%s|%-5s|%5.1f|%q|%05d\" .name .name .n .name 42}}", "web|web  |%!f(int64=    3)|\"web\"|00042");
        check("{{printf \"%d\" .n}} {{.big}}", "3 1234567");
        check("a {{- /* gone */ -}} b", "ab");
        check("x\n{{- range .items }}\n- {{ .name }}\n{{- end }}\n", "x\n- a\n- b\n");
        check("{{$x := 1}}{{if .t}}{{$x = 2}}{{end}}{{$x}}", "2");
        check("{{exists . \"labels\" \"app\"}} {{exists . \"x\"}}", "true false");
        check("{{.labels}} {{.items}}", "map[app:x tier:y] [map[name:a ready:true] map[name:b ready:false]]");
        check("{{range .items}}{{if .ready}}{{continue}}{{end}}{{.name}}{{break}}{{end}}", "b");
        check("{{\"q\\\"\"}}{{`raw\\n`}}{{'a'}}{{1.5}}{{true}}", "q\"raw\\n971.5true");
        check("{{or .nope \"dflt\"}} {{and .t .name}} {{ne .name \"a\"}} {{html \"<a>\"}}", "dflt web true &lt;a&gt;");
        check("{{print 1 2 \"a\" 3}}", "1 2a3");
        check("{{define \"x\"}}[{{.}}]{{end}}{{template \"x\" .name}}{{range .items}}{{template \"x\" .name}}{{end}}", "[web][a][b]");
        check("{{block \"b\" .labels}}{{.app}}{{end}}{{template \"b\"}}", "x<no value>");
    }

    #[test]
    fn errors() {
        check("{{.name", "template: output:1: unclosed action");
        check("{{end}}", "template: output:1: unexpected {{end}}");
        check("{{template \"y\" .}}", "template: output:1:11: executing \"output\" at <{{template \"y\" .}}>: template \"y\" not defined");
        check("\n{{if .t}}", "template: output:2: unexpected EOF");
        check("{{foo .x}}", "template: output:1: function \"foo\" not defined");
        check("{{$x}}", "template: output:1: undefined variable \"$x\"");
        check("{{}}", "template: output:1: missing value for command");
        check("{{if}}{{end}}", "template: output:1: missing value for if");
        check("{{.a}", "template: output:1: bad character U+007D '}'");
        check("{{\"a}}", "template: output:1: unterminated quoted string");
        check("{{.null.x}}", "template: output:1:7: executing \"output\" at <.null.x>: nil pointer evaluating interface {}.x");
        check("{{.name.x}}", "template: output:1:7: executing \"output\" at <.name.x>: can't evaluate field x in type interface {}");
        check(
            "{{index .items 5}}",
            "template: output:1:2: executing \"output\" at <index .items 5>: error calling index: index out of range: 5",
        );
        check(
            "{{if eq .n 3.0}}{{end}}",
            "template: output:1:5: executing \"output\" at <eq .n 3.0>: error calling eq: incompatible types for comparison: int64 and float64",
        );
        check("{{range .name}}{{end}}", "template: output:1:8: executing \"output\" at <.name>: range can't iterate over web");
        check("{{len .n}}", "template: output:1:2: executing \"output\" at <len .n>: error calling len: len of type int64");
        check("{{> .n}}", "template: output:1: unexpected \">\" in command");
        check("{{.n > 1}}", "template: output:1: unexpected \">\" in operand");
        check("{{len .n .n}}", "template: output:1:2: executing \"output\" at <len>: wrong number of args for len: want 1 got 2");
        check("{{html\"<a>\"}}", "template: output:1: bad character U+0022 '\"'");
        check("{{.n\\}}", "template: output:1: bad character U+005C '\\'");
        check("{{ith .n}}{{.>}}", "template: output:1: function \"ith\" not defined");
        check("{{.n|}}{{(.n|)}}", "33");
        check("{{.n | | len}}", "template: output:1: unexpected \"|\" in command");
        check("{{2ind}}", "template: output:1: bad number syntax: \"2i\"");
        check("{{1.2.3}}", "template: output:1: unexpected \".3\" in operand");
        check("{{0x}}", "template: output:1: illegal number syntax: \"0x\"");
        check(
            "{{len .nope}}",
            "template: output:1:2: executing \"output\" at <len .nope>: error calling len: reflect: call of reflect.Value.Type on zero Value",
        );
        check("{{..}}", "template: output:1: unexpected <.> in operand");
        let mut out = String::new();
        let strict = GoTemplate::parse("output", "{{.nope}}").unwrap().missing_keys_fail(true);
        assert_eq!(
            strict.execute(&json!({}), &mut out).unwrap_err(),
            "template: output:1:2: executing \"output\" at <.nope>: map has no entry for key \"nope\""
        );
    }

    #[test]
    fn bounds() {
        assert!(GoTemplate::parse("x", &"{{if 1}}".repeat(1000)).is_err());
        assert!(GoTemplate::parse("x", &"{{(".repeat(1000)).is_err());
        let all = "{{range 1000}}".repeat(4) + "x" + &"{{end}}".repeat(4);
        assert!(GoTemplate::parse("x", &all).unwrap().execute(&json!({}), &mut String::new()).is_err());
    }
}
