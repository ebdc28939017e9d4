//! `jq`: paths, pipes, constructions and the functions that people use with `kubectl -o json`. Not: `def`, `reduce`,
//! `foreach`, `as`, assignments, modules.

mod call;
mod eval;
mod parse;
mod value;

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use self::eval::{Eval, plain};
use self::parse::Expr;
use self::value::V;
use super::args::{Accepts, parse as read};
use crate::shell::process::{Io, Poll, Process, Started, Wake};
use crate::text::json;

const ACCEPTS: Accepts = Accepts {
    tool: "jq",
    short: "rcjsneMCSa",
    long: &[
        ("raw-output", 'r'),
        ("compact-output", 'c'),
        ("join-output", 'j'),
        ("slurp", 's'),
        ("null-input", 'n'),
        ("exit-status", 'e'),
        ("monochrome-output", 'M'),
        ("color-output", 'C'),
        ("sort-keys", 'S'),
        ("ascii-output", 'a'),
    ],
    first_operand_ends: false,
    status: 2,
};

/// A program with how its values are to be read and written.
#[derive(Clone)]
struct Jq {
    program: Expr,
    variables: Vec<(String, V)>,
    raw: bool,
    compact: bool,
    join: bool,
    slurp: bool,
    null: bool,
    status: bool,
}

/// `jq [-rcjsne] [--arg NAME VALUE] FILTER [FILE]...`
pub(super) fn start(args: &[String], io: &mut Io<'_>) -> Started {
    let mut variables = Vec::new();
    let mut left = Vec::new();
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        match (arg.as_str(), rest.as_slice()) {
            ("--arg" | "--argjson", [name, value, ..]) => {
                let value = match arg.as_str() {
                    "--arg" => V::text(value),
                    _ => json::parse(value).map_or(V::Null, |value| V::of(&value)),
                };
                variables.push((name.clone(), value));
                rest = rest.as_slice().get(2..).unwrap_or_default().iter();
            }
            _ => left.push(arg.clone()),
        }
    }
    let opts = match read(&ACCEPTS, &left, io) {
        Ok(opts) => opts,
        Err(status) => return Started::Done(status),
    };
    let Some((program, files)) = opts.rest.split_first() else {
        io.err("Usage:\tjq [OPTIONS] FILTER [FILE...]\n");
        return Started::Done(2);
    };
    let program = match parse::parse(program) {
        Ok(program) => program,
        Err(at) => {
            let found = if at.is_empty() { "unexpected end of file".to_string() } else { format!("unexpected {at}") };
            io.err(&format!("jq: error: syntax error, {found} at <top-level>, line 1:\n{program}\njq: 1 compile error\n"));
            return Started::Done(3);
        }
    };
    let jq = Jq {
        program,
        variables,
        raw: opts.has('r') || opts.has('j'),
        compact: opts.has('c'),
        join: opts.has('j'),
        slurp: opts.has('s'),
        null: opts.has('n'),
        status: opts.has('e'),
    };
    if jq.null {
        return Started::Done(jq.all(&[V::Null], io));
    }
    if files.is_empty() {
        return Started::Run(Box::new(jq));
    }
    let mut text = String::new();
    for name in files {
        let path = io.path(name);
        match io.fs.read(&path) {
            Ok(more) => text.push_str(&more),
            Err(_) => {
                io.err(&format!("jq: error: Could not open file {name}: No such file or directory\n"));
                return Started::Done(2);
            }
        }
    }
    Started::Done(jq.finish(&text, io))
}

impl Process for Jq {
    fn poll(&mut self, io: &mut Io<'_>) -> Poll {
        match io.stdin.take_all() {
            Some(text) => Poll::Done(self.finish(&text, io)),
            None => Poll::Wait(Wake::Input),
        }
    }

    fn boxed_clone(&self) -> Box<dyn Process> {
        Box::new(self.clone())
    }
}

impl Jq {
    /// Reads all values of a text and runs the program on each.
    fn finish(&self, text: &str, io: &mut Io<'_>) -> i32 {
        let mut values = Vec::new();
        let mut rest = text;
        let mut wrong = None;
        loop {
            match json::parse_prefix(rest) {
                Ok(Some((value, used))) if used > 0 => {
                    values.push(V::of(&value));
                    rest = rest.get(used..).unwrap_or_default();
                }
                Ok(_) => break,
                Err(_) => {
                    wrong = Some(text.len().saturating_sub(rest.trim_start().len()));
                    break;
                }
            }
        }
        if self.slurp && wrong.is_none() {
            values = Vec::from([V::list(values)]);
        }
        let status = self.all(&values, io);
        if let Some(at) = wrong {
            let before = text.get(..at).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap_or_default().len() + 1;
            io.err(&format!("jq: parse error: Invalid literal at line {line}, column {column}\n"));
            return 2;
        }
        status
    }

    fn all(&self, values: &[V], io: &mut Io<'_>) -> i32 {
        let mut status = 0;
        let mut last = None;
        for value in values {
            match (Eval { variables: &self.variables, depth: 0 }).run(&self.program, value) {
                Ok(found) => {
                    found.iter().for_each(|value| self.show(value, io));
                    last = found.last().map(V::holds).or(last);
                }
                Err(why) => {
                    io.err(&format!("jq: error (at <stdin>:0): {why}\n"));
                    status = 5;
                }
            }
        }
        match last {
            _ if !self.status || status != 0 => status,
            Some(true) => 0,
            Some(false) => 1,
            None => 4,
        }
    }

    fn show(&self, value: &V, io: &mut Io<'_>) {
        let text = match value {
            V::Text(_) if self.raw => plain(value),
            _ if self.compact => value.compact(),
            _ => value.pretty(),
        };
        io.out(&text);
        if !self.join {
            io.out("\n");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a program makes of a value, one result a line.
    fn made(program: &str, input: &str) -> String {
        let program = match parse::parse(program) {
            Ok(program) => program,
            Err(at) => return format!("syntax: {at}"),
        };
        let input = V::of(&json::parse(input).unwrap());
        let variables = [("who".to_string(), V::text("b"))];
        match (Eval { variables: &variables, depth: 0 }).run(&program, &input) {
            Ok(all) => all.iter().map(V::compact).collect::<Vec<_>>().join("\n"),
            Err(why) => format!("error: {why}"),
        }
    }

    const PODS: &str =
        r#"{"items":[{"metadata":{"name":"a","labels":{"app":"x","app.kubernetes.io/name":"y"}},"n":2},{"metadata":{"name":"b"},"n":1}]}"#;

    #[test]
    fn paths() {
        assert_eq!(made(".items[].metadata.name", PODS), "\"a\"\n\"b\"");
        assert_eq!(made(".items[0].metadata.labels.\"app.kubernetes.io/name\"", PODS), "\"y\"");
        assert_eq!(made(".items[-1][\"n\"]", PODS), "1");
        assert_eq!(made(".items | length", PODS), "2");
        assert_eq!(made(".items[1:] | .[].n", PODS), "1");
        assert_eq!(made(".nope.deeper", PODS), "null");
        assert_eq!(made(".items.a", PODS), "error: Cannot index array with \"a\"");
        assert_eq!(made(".items.a?", PODS), "");
        assert_eq!(made("[.. | .name? // empty]", PODS), "[\"a\",\"b\"]");
        assert_eq!(made(".items[].n, 5", PODS), "2\n1\n5");
    }

    #[test]
    fn constructions_keep_the_order_in_which_they_are_written() {
        assert_eq!(made(".items[] | {name: .metadata.name, n}", PODS), "{\"name\":\"a\",\"n\":2}\n{\"name\":\"b\",\"n\":1}");
        assert_eq!(made("[.items[] | select(.n > 1) | .metadata.name]", PODS), "[\"a\"]");
        assert_eq!(made(".items[] | \"\\(.metadata.name)=\\(.n + 1)\"", PODS), "\"a=3\"\n\"b=2\"");
        assert_eq!(made("{(.a): 1, $who}", "{\"a\":\"k\"}"), "{\"k\":1,\"who\":\"b\"}");
    }

    #[test]
    fn functions_and_operators() {
        assert_eq!(made(".items | map(.n) | add", PODS), "3");
        assert_eq!(made(".items | sort_by(.n) | map(.metadata.name) | join(\",\")", PODS), "\"b,a\"");
        assert_eq!(made(".items[0].metadata.labels | to_entries[] | .key", PODS), "\"app\"\n\"app.kubernetes.io/name\"");
        assert_eq!(made(".items[] | select(.metadata.name == $who).n", PODS), "1");
        assert_eq!(made(".items | any(.n == 2) and (length == 2)", PODS), "true");
        assert_eq!(made("if .a then \"y\" elif .b then \"z\" else \"n\" end", "{\"b\":1}"), "\"z\"");
        assert_eq!(made(".a | @base64d", "{\"a\":\"aGVsbG8=\"}"), "\"hello\"");
        assert_eq!(made("[.[] | tostring] | @tsv", "[1,\"a\",null]"), "\"1\\ta\\tnull\"");
        assert_eq!(
            made("group_by(.k) | map({k: .[0].k, n: length})", "[{\"k\":2},{\"k\":1},{\"k\":2}]"),
            "[{\"k\":1,\"n\":1},{\"k\":2,\"n\":2}]"
        );
        assert_eq!(made(".a // \"none\"", "{}"), "\"none\"");
        assert_eq!(made("7 / 2, 6 / 2, -1", "null"), "3.5\n3\n-1");
        assert_eq!(made("test(\"^we\"), (\"x-y\" | sub(\"-\"; \"+\"))", "\"web\""), "true\n\"x+y\"");
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        assert_eq!(made(".a |", "{}"), "syntax: ");
        assert_eq!(made(".a }", "{}"), "syntax: }");
        assert_eq!(made("nope", "{}"), "error: nope/0 is not defined");
        assert!(made(&"[".repeat(500), "{}").starts_with("syntax"));
    }
}
