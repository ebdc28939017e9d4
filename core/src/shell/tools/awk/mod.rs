//! `awk`: fields, patterns, variables, arrays, `printf`. Without functions of one's own, `getline` and output to
//! files and commands. Never: how programs are read (`parse`).

mod call;
mod eval;
mod fields;
mod parse;
mod run;
mod value;

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::lines::{self, Filter, Flow};
use crate::shell::escape::{Style, unescape};
use crate::shell::process::{Io, Output, Started, Stream};
use crate::text::regex::Regex;

use parse::{Rule, When};
use run::Way;
use value::Value;

/// How much one program may do in all.
const MAX_STEPS: usize = 20_000_000;
const MAX_TEXT: usize = 1024 * 1024;

#[derive(Clone)]
struct Awk {
    rules: Rc<[Rule]>,
    vars: BTreeMap<String, Value>,
    arrays: BTreeMap<String, BTreeMap<Rc<str>, Value>>,
    line: Rc<str>,
    fields: Vec<Rc<str>>,
    open_ranges: BTreeSet<usize>,
    steps: usize,
    code: i32,
    exited: bool,
    cache: Option<(Rc<str>, Regex)>,
}

/// What the command line asks for.
struct Asked {
    script: String,
    /// `-F`, `-v` and `NAME=VALUE` among the files.
    vars: Vec<(String, String)>,
    files: Vec<String>,
}

/// Takes the command line apart; the error is the status with which it ends.
fn ask(args: &[String], io: &mut Io<'_>) -> Result<Asked, i32> {
    let mut vars: Vec<(String, String)> = Vec::new();
    let mut script: Option<String> = None;
    let mut rest = args.iter();
    let mut files = Vec::new();
    while let Some(arg) = rest.next() {
        let mut value = |prefix: &str| -> Option<String> {
            let attached = arg.strip_prefix(prefix)?;
            if attached.is_empty() { rest.next().cloned() } else { Some(String::from(attached)) }
        };
        if files.is_empty() && script.is_none() {
            if let Some(separator) = value("-F") {
                vars.push((String::from("FS"), if separator == "t" { String::from("\t") } else { unescape(&separator, Style::Format).0 }));
                continue;
            }
            if let Some(assign) = value("-v") {
                if let Some((name, text)) = assign.split_once('=') {
                    vars.push((String::from(name), unescape(text, Style::Format).0));
                }
                continue;
            }
            if let Some(file) = value("-f") {
                let path = io.path(&file);
                match io.fs.read(&path) {
                    Ok(text) => script = Some(String::from(text.as_str())),
                    Err(error) => {
                        io.err(&alloc::format!("awk: cannot open {file} ({})\n", error.text()));
                        return Err(2);
                    }
                }
                continue;
            }
            if arg != "--" {
                script = Some(arg.clone());
            }
            continue;
        }
        match arg.split_once('=') {
            Some((name, text)) if crate::shell::parse::is_identifier(name) => vars.push((String::from(name), String::from(text))),
            _ => files.push(arg.clone()),
        }
    }
    let Some(script) = script else {
        io.err("usage: awk [-F fs][-v var=value][prog | -f progfile][file ...]\n");
        return Err(2);
    };
    Ok(Asked { script, vars, files })
}

pub(super) fn start(args: &[String], io: &mut Io<'_>) -> Started {
    let Asked { script, vars, files } = match ask(args, io) {
        Ok(asked) => asked,
        Err(status) => return Started::Done(status),
    };
    let rules = match parse::program(&script) {
        Ok(rules) => rules,
        Err(message) => {
            io.err(&alloc::format!("awk: line 1: {message}\n"));
            return Started::Done(2);
        }
    };
    let reads = rules.iter().any(|rule| !matches!(rule.when, When::Begin));
    let mut awk = Awk {
        rules: Rc::from(rules),
        vars: BTreeMap::new(),
        arrays: BTreeMap::new(),
        line: Rc::from(""),
        fields: Vec::new(),
        open_ranges: BTreeSet::new(),
        steps: 0,
        code: 0,
        exited: false,
        cache: None,
    };
    for (name, text) in [("FS", " "), ("OFS", " "), ("ORS", "\n"), ("SUBSEP", "\x1c")] {
        awk.vars.insert(String::from(name), Value::Text(Rc::from(text)));
    }
    for (name, text) in vars {
        awk.vars.insert(name, Value::Input(Rc::from(text)));
    }
    awk.run_rules(&|when| matches!(when, When::Begin), io.output);
    if !reads || awk.exited {
        let status = awk.end(io.output);
        return Started::Done(status);
    }
    lines::start("awk", Box::new(awk), &files, 2, io)
}

impl Filter for Awk {
    fn begin(&mut self, name: &str, _output: &mut Output) {
        self.vars.insert(String::from("FILENAME"), Value::Text(Rc::from(if name == "-" { "" } else { name })));
        self.vars.insert(String::from("FNR"), Value::Num(0.0));
    }

    fn line(&mut self, line: &str, _newline: bool, _last: bool, output: &mut Output) -> Flow {
        for name in ["NR", "FNR"] {
            let next = self.var(name).num() + 1.0;
            self.vars.insert(String::from(name), Value::Num(next));
        }
        self.set_line(line);
        self.run_rules(&|when| !matches!(when, When::Begin | When::End), output);
        if self.exited { Flow::Stop } else { Flow::More }
    }

    fn end(&mut self, output: &mut Output) -> i32 {
        let before = core::mem::take(&mut self.exited);
        if !before || self.code == 0 {
            self.run_rules(&|when| matches!(when, When::End), output);
        }
        self.code
    }

    fn boxed_clone(&self) -> Box<dyn Filter> {
        Box::new(self.clone())
    }
}

impl Awk {
    fn run_rules(&mut self, chosen: &dyn Fn(&When) -> bool, output: &mut Output) {
        let rules = Rc::clone(&self.rules);
        for (at, rule) in rules.iter().enumerate().filter(|(_, rule)| chosen(&rule.when)) {
            let applies = match &rule.when {
                When::Begin | When::End | When::Always => true,
                When::Test(test) => self.eval(test).truth(),
                When::Range(from, to) => {
                    let on = self.open_ranges.contains(&at) || self.eval(from).truth();
                    if on {
                        if self.eval(to).truth() {
                            self.open_ranges.remove(&at)
                        } else {
                            self.open_ranges.insert(at)
                        };
                    }
                    on
                }
            };
            if !applies {
                continue;
            }
            let way = match &rule.block {
                Some(block) => self.block(block, output),
                None => {
                    output.write(Stream::Out, &alloc::format!("{}\n", self.line));
                    Way::On
                }
            };
            match way {
                Way::Exit => {
                    self.exited = true;
                    return;
                }
                Way::Next => return,
                _ => {}
            }
        }
    }

    fn var(&self, name: &str) -> Value {
        match name {
            "NF" => Value::Num(self.fields.len() as f64),
            name => self.vars.get(name).cloned().unwrap_or(Value::Unset),
        }
    }

    fn spend(&mut self) -> bool {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            self.code = 2;
            self.exited = true;
        }
        self.steps <= MAX_STEPS
    }
}
