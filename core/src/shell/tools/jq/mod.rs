//! `jq` 1.7: its command line, reading values and writing what a program makes of them. Not: modules, streaming,
//! colours, patterns that look ahead.

mod call;
mod cli;
mod eval;
mod natives;
mod parse;
mod read;
mod texts;
mod value;

use alloc::boxed::Box;
use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use self::cli::{USAGE, options};
use self::eval::{At, Eval, Scope, Stop, plain};
use self::parse::{Expr, Function};
use self::read::{Reader, Wrong};
use self::value::{Look, V};
use crate::shell::process::{Io, Poll, Process, Started, Wake};

/// What is defined in jq itself.
const PRELUDE: &str = include_str!("prelude.jq");

fn prelude() -> Vec<Rc<Function>> {
    parse::definitions(PRELUDE)
}

/// A program with how its values are to be read and written.
#[derive(Clone, Default)]
struct Jq {
    program: Option<Rc<Expr>>,
    scope: Scope,
    environment: Option<V>,
    look: Look,
    files: Vec<String>,
    raw_output: bool,
    join: bool,
    raw_input: bool,
    slurp: bool,
    null: bool,
    status: bool,
}

/// `jq [OPTIONS] FILTER [FILE]...`
pub(super) fn start(args: &[String], io: &mut Io<'_>) -> Started {
    let mut jq = Jq::default();
    let (filter, variables) = match options(&mut jq, args, io) {
        Ok(read) => read,
        Err((text, 0)) => {
            io.out(&text);
            return Started::Done(0);
        }
        Err((text, code)) => {
            io.err(&text);
            return Started::Done(code);
        }
    };
    let Some(filter) = filter else {
        io.err(USAGE);
        return Started::Done(2);
    };
    let names: Vec<&str> = variables.iter().map(|(name, _)| &**name).collect();
    match parse::parse(&filter, &names) {
        Ok(program) => jq.program = Some(program),
        Err(why) => {
            io.err(&format!("jq: error: {why} at <top-level>, line 1:\n{filter}\njq: 1 compile error\n"));
            return Started::Done(3);
        }
    }
    jq.scope = eval::base(&prelude(), &variables);
    let environment: Vec<(&str, V)> = io.env.iter().map(|(name, value)| (name, V::text(value))).collect();
    jq.environment = Some(natives::object(&environment));
    if jq.files.is_empty() {
        return Started::Run(Box::new(jq));
    }
    let mut text = String::new();
    let mut code = 0;
    for name in &jq.files {
        let path = io.path(name);
        match io.fs.read(&path) {
            Ok(more) => text.push_str(&more),
            Err(error) => {
                io.err(&format!("jq: error: Could not open {name}: {}\n", error.text()));
                code = 2;
            }
        }
    }
    let name = jq.files.last().cloned().unwrap_or_default();
    let status = jq.finish(&text, &name, io);
    Started::Done(if status == 0 { code } else { status })
}

impl Process for Jq {
    fn poll(&mut self, io: &mut Io<'_>) -> Poll {
        match io.stdin.take_all() {
            Some(text) => Poll::Done(self.finish(&text, "<stdin>", io)),
            None if self.null && io.stdin_is_terminal => Poll::Done(self.finish("", "<unknown>", io)),
            None => Poll::Wait(Wake::Input),
        }
    }

    fn boxed_clone(&self) -> Box<dyn Process> {
        Box::new(self.clone())
    }
}

impl Jq {
    /// Reads all values of a text and runs the program on each.
    fn finish(&self, text: &str, name: &str, io: &mut Io<'_>) -> i32 {
        let (mut values, mut wrong) = (Vec::new(), None);
        if self.raw_input {
            match self.slurp {
                true => values.push((V::text(text), 0)),
                false => values.extend(text.lines().enumerate().map(|(at, line)| (V::text(line), at + 1))),
            }
        } else {
            let mut reader = Reader::new(text);
            loop {
                match reader.next() {
                    Ok(Some(value)) => values.push((value, reader.lines())),
                    Ok(None) => break,
                    Err(why) => {
                        wrong = Some(why);
                        break;
                    }
                }
            }
            if self.slurp && wrong.is_none() {
                let lines = reader.lines();
                values = Vec::from([(V::list(values.into_iter().map(|(value, _)| value).collect()), lines)]);
            }
        }
        let status = self.all(values, name, io);
        match wrong {
            Some(why) => {
                io.err(&parse_error(text, &why));
                2
            }
            None => status,
        }
    }

    /// Runs the program on each value; the exit code.
    fn all(&self, values: Vec<(V, usize)>, name: &str, io: &mut Io<'_>) -> i32 {
        let Some(program) = &self.program else { return 2 };
        let now = io.host.epoch_s() as f64 + (io.now.0 / 1000) as f64;
        let mut eval = Eval::new(self.scope.clone(), self.environment.clone().unwrap_or(V::Null), now);
        let (lines, values): (Vec<usize>, alloc::collections::VecDeque<V>) = values.into_iter().map(|(value, line)| (line, value)).unzip();
        let count = values.len();
        eval.inputs = values;
        let (mut status, mut last, mut line) = (0, None, 0);
        let mut once = self.null;
        loop {
            let input = match (core::mem::take(&mut once), self.null) {
                (true, _) => V::Null,
                (false, true) => break,
                (false, false) => match eval.inputs.pop_front() {
                    Some(value) => {
                        line = lines.get(count.saturating_sub(eval.inputs.len() + 1)).copied().unwrap_or(line);
                        value
                    }
                    None => break,
                },
            };
            let mut out = String::new();
            let done = eval.run(program, &self.scope, At::plain(input), &mut |_, at| {
                self.show(&at.value, &mut out);
                last = Some(at.value.holds());
                Ok(())
            });
            io.out(&out);
            io.err(&core::mem::take(&mut eval.said));
            match done {
                Ok(()) => {}
                Err(Stop::Quit(code)) => return code,
                Err(Stop::Break(_)) => {
                    io.err("jq: error (at <unknown>): break\n");
                    status = 5;
                }
                Err(Stop::Error(why)) => {
                    let place = if self.null { "<unknown>".to_string() } else { format!("{name}:{line}") };
                    io.err(&match &why {
                        V::Text(text) => format!("jq: error (at {place}): {text}\n"),
                        other => format!("jq: error (at {place}) (not a string): {}\n", other.compact()),
                    });
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

    fn show(&self, value: &V, out: &mut String) {
        match value {
            V::Text(_) if self.raw_output && !self.look.ascii => out.push_str(&plain(value)),
            _ => self.look.write(value, 0, out),
        }
        if !self.join {
            out.push('\n');
        }
    }
}

/// jq's sentence about a text that is not JSON.
fn parse_error(text: &str, why: &Wrong) -> String {
    let at = why.at.min(text.len());
    let before = text.get(..at).unwrap_or_default();
    let end = at == text.len() && why.what.starts_with("Unfinished");
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().len();
    format!("jq: parse error: {}{} at line {line}, column {column}\n", why.what, if end { " at EOF" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a program makes of a value, one result a line.
    fn made(program: &str, input: &str) -> String {
        let variables = [(Rc::from("who"), V::text("b"))];
        let program = match parse::parse(program, &["who"]) {
            Ok(program) => program,
            Err(why) => return why,
        };
        let scope = eval::base(&prelude(), &variables);
        match Eval::new(scope.clone(), V::Null, 0.0).all(&program, &scope, &read::one(input).unwrap_or(V::Null)) {
            Ok(all) => all.iter().map(V::compact).collect::<Vec<_>>().join("\n"),
            Err(Stop::Error(why)) => format!("error: {}", plain(&why)),
            Err(_) => "stopped".to_string(),
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
        assert_eq!(made(".items.a", PODS), "error: Cannot index array with string \"a\"");
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
        assert_eq!(made(".a |", "{}"), "syntax error, unexpected end of file (Unix shell quoting issues?)");
        assert_eq!(made(".a }", "{}"), "syntax error, unexpected '}' (Unix shell quoting issues?)");
        assert_eq!(made("nope", "{}"), "nope/0 is not defined");
        assert_eq!(made("$x", "{}"), "$x is not defined");
        assert!(made(&"[".repeat(500), "{}").starts_with("syntax"));
    }

    #[test]
    fn every_definition_of_the_prelude_is_read() {
        assert_eq!(prelude().len(), PRELUDE.matches("def ").count() - 5);
        assert!(prelude().iter().any(|one| &*one.name == "toarray"));
    }

    #[test]
    fn names_places_and_folds() {
        assert_eq!(made(".a = 5 | .b.c |= 3", "{\"a\":1}"), "{\"a\":5,\"b\":{\"c\":3}}");
        assert_eq!(made(".items[] |= .n + 1 | .items", PODS), "[3,2]");
        assert_eq!(made("del(.items[0], .items[1].n) | .items", PODS), "[{\"metadata\":{\"name\":\"b\"}}]");
        assert_eq!(made(".items[] | .metadata.name as $n | \"\\($n)=\\(.n)\"", PODS), "\"a=2\"\n\"b=1\"");
        assert_eq!(made("reduce .items[].n as $n (0; . + $n), [limit(2; repeat(1))], first(range(9; 0; -3))", PODS), "3\n[1,1]\n9");
        assert_eq!(made("def f($a; g): $a + g; f(1; 2), ([1,[2]] | flatten), ([paths] | length)", "{\"a\":[1]}"), "3\n[1,2]\n2");
        assert_eq!(made("try error(\"x\") catch ., (.a?), ([.[]?])", "3"), "\"x\"\n[]");
        assert_eq!(
            made("[scan(\"[0-9]+\")], sub(\"(?<d>[0-9])\"; \"<\\(.d)>\"), @uri", "\"a1 b22\""),
            "[\"1\",\"22\"]\n\"a<1> b22\"\n\"a1%20b22\""
        );
        assert_eq!(made("map_values(. + 1) | with_entries(.key |= ascii_upcase)", "{\"a\":1}"), "{\"A\":2}");
        assert_eq!(
            made("{b: 1, a: 2} | keys, ., ({a:{x:1}} * {a:{y:2}})", "null"),
            "[\"a\",\"b\"]\n{\"b\":1,\"a\":2}\n{\"a\":{\"x\":1,\"y\":2}}"
        );
    }
}
