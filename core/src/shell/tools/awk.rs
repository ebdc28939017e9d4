//! `awk`: fields, patterns, variables, arrays, `printf`. Without functions of one's own, `getline` and output to
//! files and commands. Never: how programs are read (`awk_script`).

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use super::awk_script::{self, Expr, Rule, Stmt, When};
use super::lines::{self, Filter, Flow};
use super::printf;
use crate::arrange::Arrange;
use crate::shell::decimal;
use crate::shell::escape::{Style, unescape};
use crate::shell::process::{Io, Output, Started, Stream};
use crate::text::regex::{Regex, Syntax};

/// How much one program may do in all.
const MAX_STEPS: usize = 20_000_000;
const MAX_TEXT: usize = 1024 * 1024;

#[derive(Clone, Debug)]
enum Value {
    Unset,
    Num(f64),
    Text(Rc<str>),
    /// Input: a number if it looks like one.
    Input(Rc<str>),
}

impl Value {
    fn num(&self) -> f64 {
        match self {
            Value::Unset => 0.0,
            Value::Num(number) => *number,
            Value::Text(text) | Value::Input(text) => decimal::leading(text),
        }
    }

    fn text(&self) -> Rc<str> {
        match self {
            Value::Unset => Rc::from(""),
            Value::Num(number) => Rc::from(show(*number)),
            Value::Text(text) | Value::Input(text) => Rc::clone(text),
        }
    }

    fn is_number(&self) -> bool {
        match self {
            Value::Unset | Value::Num(_) => true,
            Value::Text(_) => false,
            Value::Input(text) => decimal::is_number(text),
        }
    }

    fn truth(&self) -> bool {
        match self {
            Value::Text(text) => !text.is_empty(),
            value if value.is_number() => value.num() != 0.0,
            value => !value.text().is_empty(),
        }
    }
}

fn show(number: f64) -> String {
    let whole = number as i64;
    if number == whole as f64 && number.abs() < 1e16 {
        alloc::format!("{whole}")
    } else if number < 0.0 {
        alloc::format!("-{}", decimal::general(-number, 6))
    } else {
        decimal::general(number, 6)
    }
}

/// How a statement ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    On,
    Break,
    Continue,
    Next,
    Exit,
}

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

pub(super) fn start(args: &[String], io: &mut Io<'_>) -> Started {
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
                        return Started::Done(2);
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
        return Started::Done(2);
    };
    let rules = match awk_script::parse(&script) {
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

    fn set_line(&mut self, line: &str) {
        self.line = Rc::from(line);
        let separator = self.var("FS").text();
        self.fields = self.split(line, &separator).into_iter().map(Rc::from).collect();
    }

    fn split(&mut self, text: &str, separator: &str) -> Vec<String> {
        if separator == " " {
            return text.split_ascii_whitespace().map(String::from).collect();
        }
        if text.is_empty() {
            return Vec::new();
        }
        if separator.is_empty() {
            return text.chars().map(String::from).collect();
        }
        if separator.chars().count() == 1 && separator != "\\" {
            return text.split(separator).map(String::from).collect();
        }
        let Some(regex) = self.regex(separator) else { return alloc::vec![String::from(text)] };
        let mut out = Vec::new();
        let mut at = 0;
        while let Some((from, to)) = regex.find(text, at).filter(|(from, to)| to > from) {
            out.push(String::from(text.get(at..from).unwrap_or_default()));
            at = to;
        }
        out.push(String::from(text.get(at..).unwrap_or_default()));
        out
    }

    fn regex(&mut self, text: &str) -> Option<Regex> {
        if let Some((old, regex)) = &self.cache
            && &**old == text
        {
            return Some(regex.clone());
        }
        let regex = Regex::new(text, Syntax::Extended, false).ok()?;
        self.cache = Some((Rc::from(text), regex.clone()));
        Some(regex)
    }

    fn join_fields(&mut self) {
        let separator = self.var("OFS").text();
        let mut line = String::new();
        for (at, field) in self.fields.iter().enumerate() {
            if at > 0 {
                line.push_str(&separator);
            }
            line.push_str(field);
        }
        self.line = Rc::from(line);
    }

    fn spend(&mut self) -> bool {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            self.code = 2;
            self.exited = true;
        }
        self.steps <= MAX_STEPS
    }

    fn block(&mut self, block: &[Stmt], output: &mut Output) -> Way {
        for statement in block {
            if !self.spend() {
                return Way::Exit;
            }
            match self.run(statement, output) {
                Way::On => {}
                way => return way,
            }
        }
        Way::On
    }

    fn run(&mut self, statement: &Stmt, output: &mut Output) -> Way {
        match statement {
            Stmt::Print(args, to_error) => {
                let mut text = String::new();
                let separator = self.var("OFS").text();
                if args.is_empty() {
                    text.push_str(&self.line);
                }
                for (at, arg) in args.iter().enumerate() {
                    if at > 0 {
                        text.push_str(&separator);
                    }
                    text.push_str(&self.eval(arg).text());
                }
                text.push_str(&self.var("ORS").text());
                output.write(if *to_error { Stream::Err } else { Stream::Out }, &text);
            }
            Stmt::Printf(args, to_error) => {
                let text = self.format(args);
                output.write(if *to_error { Stream::Err } else { Stream::Out }, &text);
            }
            Stmt::Expr(expr) => {
                self.eval(expr);
            }
            Stmt::If(test, yes, no) => {
                let branch = if self.eval(test).truth() { yes } else { no };
                return self.block(branch, output);
            }
            Stmt::While(test, body, body_first) => {
                let mut first = *body_first;
                while first || self.eval(test).truth() {
                    first = false;
                    match self.block(body, output) {
                        Way::Break => break,
                        Way::On | Way::Continue => {}
                        way => return way,
                    }
                    if !self.spend() {
                        return Way::Exit;
                    }
                }
            }
            Stmt::For(first, test, step, body) => {
                if let Some(first) = first {
                    self.run(first, output);
                }
                while test.as_ref().is_none_or(|test| self.eval(test).truth()) {
                    match self.block(body, output) {
                        Way::Break => break,
                        Way::On | Way::Continue => {}
                        way => return way,
                    }
                    if let Some(step) = step {
                        self.run(step, output);
                    }
                    if !self.spend() {
                        return Way::Exit;
                    }
                }
            }
            Stmt::Each(key, array, body) => {
                let mut keys: Vec<Rc<str>> = self.arrays.get(array).map(|array| array.keys().cloned().collect()).unwrap_or_default();
                if keys.iter().all(|key| decimal::is_number(key)) {
                    keys.arrange_by(|a, b| decimal::leading(a).partial_cmp(&decimal::leading(b)).unwrap_or(Ordering::Equal));
                }
                for one in keys {
                    self.vars.insert(key.clone(), Value::Input(one));
                    match self.block(body, output) {
                        Way::Break => break,
                        Way::On | Way::Continue => {}
                        way => return way,
                    }
                }
            }
            Stmt::Delete(array, keys) => match keys {
                None => {
                    self.arrays.remove(array);
                }
                Some(keys) => {
                    let key = self.key(keys);
                    if let Some(array) = self.arrays.get_mut(array) {
                        array.remove(&key);
                    }
                }
            },
            Stmt::Next => return Way::Next,
            Stmt::Break => return Way::Break,
            Stmt::Continue => return Way::Continue,
            Stmt::Exit(code) => {
                if let Some(code) = code {
                    self.code = (self.eval(code).num() as i32) & 0xff;
                }
                return Way::Exit;
            }
        }
        Way::On
    }

    fn key(&mut self, keys: &[Expr]) -> Rc<str> {
        let separator = self.var("SUBSEP").text();
        let parts: Vec<Rc<str>> = keys.iter().map(|key| self.eval(key).text()).collect();
        Rc::from(parts.join(&*separator))
    }

    fn assign(&mut self, place: &Expr, value: Value) {
        match place {
            Expr::Var(name) if name == "NF" => {
                let count = (value.num().max(0.0) as usize).min(10_000);
                self.fields.resize(count, Rc::from(""));
                self.join_fields();
            }
            Expr::Var(name) => {
                self.vars.insert(name.clone(), value);
            }
            Expr::Index(name, keys) => {
                let key = self.key(keys);
                self.arrays.entry(name.clone()).or_default().insert(key, value);
            }
            Expr::Field(number) => {
                let at = self.eval(number).num().max(0.0) as usize;
                let text = value.text();
                if at == 0 {
                    self.set_line(&text);
                } else if at <= 10_000 {
                    if self.fields.len() < at {
                        self.fields.resize(at, Rc::from(""));
                    }
                    if let Some(field) = self.fields.get_mut(at - 1) {
                        *field = text;
                    }
                    self.join_fields();
                }
            }
            Expr::Group(inner) => self.assign(inner, value),
            _ => {}
        }
    }

    fn eval(&mut self, expr: &Expr) -> Value {
        if !self.spend() {
            return Value::Unset;
        }
        let truth = |value: bool| Value::Num(f64::from(u8::from(value)));
        match expr {
            Expr::Num(number) => Value::Num(*number),
            Expr::Str(text) => Value::Text(Rc::from(text.as_str())),
            Expr::Regex(regex) => truth(regex.is_match(&self.line)),
            Expr::Field(number) => {
                let at = self.eval(number).num().max(0.0) as usize;
                match at.checked_sub(1) {
                    None => Value::Input(Rc::clone(&self.line)),
                    Some(at) => self.fields.get(at).map_or(Value::Unset, |field| Value::Input(Rc::clone(field))),
                }
            }
            Expr::Var(name) => self.var(name),
            Expr::Index(name, keys) => {
                let key = self.key(keys);
                self.arrays.entry(name.clone()).or_default().entry(key).or_insert(Value::Unset).clone()
            }
            Expr::Assign(place, op, right) => {
                let right = self.eval(right);
                let value = match op {
                    None => right,
                    Some(op) => {
                        let left = self.eval(place).num();
                        Value::Num(arith(*op, left, right.num()))
                    }
                };
                self.assign(place, value.clone());
                value
            }
            Expr::Cond(test, yes, no) => {
                if self.eval(test).truth() {
                    self.eval(yes)
                } else {
                    self.eval(no)
                }
            }
            Expr::Or(left, right) => truth(self.eval(left).truth() || self.eval(right).truth()),
            Expr::And(left, right) => truth(self.eval(left).truth() && self.eval(right).truth()),
            Expr::In(keys, array) => {
                let key = self.key(keys);
                truth(self.arrays.get(array).is_some_and(|array| array.contains_key(&key)))
            }
            Expr::Match(negated, left, right) => {
                let text = self.eval(left).text();
                let found = self.pattern(right).is_some_and(|regex| regex.is_match(&text));
                truth(found != *negated)
            }
            Expr::Compare(op, left, right) => {
                let (left, right) = (self.eval(left), self.eval(right));
                let order = if left.is_number() && right.is_number() {
                    left.num().partial_cmp(&right.num()).unwrap_or(Ordering::Equal)
                } else {
                    left.text().cmp(&right.text())
                };
                truth(match *op {
                    "<" => order == Ordering::Less,
                    "<=" => order != Ordering::Greater,
                    "==" => order == Ordering::Equal,
                    "!=" => order != Ordering::Equal,
                    ">" => order == Ordering::Greater,
                    _ => order != Ordering::Less,
                })
            }
            Expr::Concat(left, right) => {
                let mut text = String::from(&*self.eval(left).text());
                text.push_str(&self.eval(right).text());
                text.truncate(if text.len() > MAX_TEXT { 0 } else { text.len() });
                Value::Text(Rc::from(text))
            }
            Expr::Arith(op, left, right) => {
                let (left, right) = (self.eval(left).num(), self.eval(right).num());
                Value::Num(arith(*op, left, right))
            }
            Expr::Not(inner) => truth(!self.eval(inner).truth()),
            Expr::Minus(inner) => Value::Num(-self.eval(inner).num()),
            Expr::Plus(inner) => Value::Num(self.eval(inner).num()),
            Expr::Step(place, before, by) => {
                let old = self.eval(place).num();
                self.assign(place, Value::Num(old + by));
                Value::Num(if *before { old + by } else { old })
            }
            Expr::Group(inner) => self.eval(inner),
            Expr::Call(name, args) => self.call(name, args),
        }
    }

    fn pattern(&mut self, expr: &Expr) -> Option<Regex> {
        match expr {
            Expr::Regex(regex) => Some(regex.clone()),
            other => {
                let text = self.eval(other).text();
                self.regex(&text)
            }
        }
    }

    fn call(&mut self, name: &str, args: &[Expr]) -> Value {
        let line = Rc::clone(&self.line);
        let text = |awk: &mut Self, at: usize| args.get(at).map_or_else(|| Rc::clone(&line), |arg| awk.eval(arg).text());
        let number = |value: usize| Value::Num(value as f64);
        match name {
            "length" => match args.first() {
                Some(Expr::Var(name)) if self.arrays.contains_key(name) => number(self.arrays.get(name).map_or(0, BTreeMap::len)),
                _ => number(text(self, 0).chars().count()),
            },
            "toupper" => Value::Text(Rc::from(text(self, 0).to_uppercase())),
            "tolower" => Value::Text(Rc::from(text(self, 0).to_lowercase())),
            "index" => {
                let (whole, part) = (text(self, 0), text(self, 1));
                number(whole.find(&*part).and_then(|at| whole.get(..at)).map_or(0, |before| before.chars().count() + 1))
            }
            "substr" => {
                let whole = text(self, 0);
                let from = round(args.get(1).map_or(1.0, |arg| self.eval(arg).num()));
                let to = args.get(2).map_or(f64::MAX, |arg| from + round(self.eval(arg).num()));
                let part = whole.chars().enumerate().filter(|(at, _)| (*at + 1) as f64 >= from && ((*at + 1) as f64) < to).map(|(_, c)| c);
                Value::Text(Rc::from(part.collect::<String>()))
            }
            "split" => {
                let whole = text(self, 0);
                let separator = match args.get(2) {
                    Some(Expr::Regex(_)) | None => self.var("FS").text(),
                    Some(arg) => self.eval(arg).text(),
                };
                let parts = match args.get(2) {
                    Some(Expr::Regex(regex)) => {
                        let mut out = Vec::new();
                        let mut at = 0;
                        while let Some((from, to)) = regex.find(&whole, at).filter(|(from, to)| to > from) {
                            out.push(String::from(whole.get(at..from).unwrap_or_default()));
                            at = to;
                        }
                        out.push(String::from(whole.get(at..).unwrap_or_default()));
                        out
                    }
                    _ => self.split(&whole, &separator),
                };
                let count = parts.len();
                if let Some(Expr::Var(name)) = args.get(1) {
                    let array = parts
                        .into_iter()
                        .enumerate()
                        .map(|(at, part)| (Rc::from(alloc::format!("{}", at + 1)), Value::Input(Rc::from(part))))
                        .collect();
                    self.arrays.insert(name.clone(), array);
                }
                number(count)
            }
            "sub" | "gsub" => self.substitute(args, name == "gsub"),
            "match" => {
                let whole = text(self, 0);
                let found = args.get(1).and_then(|arg| self.pattern(arg)).and_then(|regex| regex.find(&whole, 0));
                let (start, length) = match found {
                    Some((from, to)) => {
                        let count = |from: usize, to: usize| whole.get(from..to).unwrap_or_default().chars().count();
                        ((count(0, from) + 1) as f64, count(from, to) as f64)
                    }
                    None => (0.0, -1.0),
                };
                self.vars.insert(String::from("RSTART"), Value::Num(start));
                self.vars.insert(String::from("RLENGTH"), Value::Num(length));
                Value::Num(start)
            }
            "sprintf" => Value::Text(Rc::from(self.format(args))),
            "int" => Value::Num(args.first().map_or(0.0, |arg| self.eval(arg).num()) as i64 as f64),
            "sqrt" => Value::Num(root(args.first().map_or(0.0, |arg| self.eval(arg).num()))),
            "rand" => Value::Num(0.5),
            "srand" => Value::Num(0.0),
            _ => {
                let parts: Vec<Rc<str>> = args.iter().map(|arg| self.eval(arg).text()).collect();
                Value::Text(Rc::from(parts.concat()))
            }
        }
    }

    fn substitute(&mut self, args: &[Expr], all: bool) -> Value {
        let (Some(pattern), Some(with)) = (args.first(), args.get(1)) else { return Value::Num(0.0) };
        let Some(regex) = self.pattern(pattern) else { return Value::Num(0.0) };
        let with = self.eval(with).text();
        let whole = Expr::Field(Box::new(Expr::Num(0.0)));
        let place = args.get(2).unwrap_or(&whole);
        let text = self.eval(place).text();
        let mut out = String::new();
        let (mut at, mut count) = (0, 0usize);
        while let Some((from, to)) = regex.find(&text, at) {
            out.push_str(text.get(at..from).unwrap_or_default());
            count += 1;
            let mut chars = with.chars();
            while let Some(c) = chars.next() {
                match c {
                    '&' => out.push_str(text.get(from..to).unwrap_or_default()),
                    '\\' => out.push(chars.next().unwrap_or('\\')),
                    c => out.push(c),
                }
            }
            at = to;
            if from == to {
                let Some(c) = text.get(to..).and_then(|rest| rest.chars().next()) else { break };
                out.push(c);
                at = to + c.len_utf8();
            }
            if !all || at >= text.len() || out.len() > MAX_TEXT {
                break;
            }
        }
        out.push_str(text.get(at..).unwrap_or_default());
        if count > 0 {
            self.assign(place, Value::Text(Rc::from(out)));
        }
        Value::Num(count as f64)
    }

    fn format(&mut self, args: &[Expr]) -> String {
        let Some((format, args)) = args.split_first() else { return String::new() };
        let format = self.eval(format).text();
        let values: Vec<Value> = args.iter().map(|arg| self.eval(arg)).collect();
        let mut values = values.into_iter();
        let mut out = String::new();
        let mut rest: &str = &format;
        while let Some((text, tail)) = rest.split_once('%') {
            out.push_str(text);
            let spec = printf::spec(tail, &mut || values.next().map(|value| value.num() as i64));
            let Some((spec, conversion, after)) = spec else {
                out.push('%');
                rest = tail;
                continue;
            };
            rest = after;
            if conversion == '%' {
                out.push('%');
                continue;
            }
            let value = values.next().unwrap_or(Value::Unset);
            match conversion {
                'd' | 'i' | 'u' | 'x' | 'X' | 'o' => printf::number(&mut out, value.num() as i64, conversion, spec),
                'f' | 'F' | 'e' | 'E' | 'g' | 'G' => printf::float(&mut out, value.num(), conversion, spec),
                'c' => {
                    let c = match &value {
                        Value::Num(number) => char::from_u32(*number as u32),
                        other => other.text().chars().next(),
                    };
                    printf::pad(&mut out, &c.map(String::from).unwrap_or_default(), spec);
                }
                _ => printf::string(&mut out, &value.text(), spec),
            }
        }
        out.push_str(rest);
        out
    }
}

fn arith(op: char, left: f64, right: f64) -> f64 {
    match op {
        '+' => left + right,
        '-' => left - right,
        '*' => left * right,
        '/' => left / right,
        '%' => left % right,
        _ => power(left, right),
    }
}

/// Whole powers exactly; others are not offered by `core`.
fn power(base: f64, exponent: f64) -> f64 {
    if exponent == 0.5 {
        return root(base);
    }
    let count = exponent.abs().min(4_096.0) as u32;
    let result = (0..count).fold(1.0, |product, _| product * base);
    if exponent < 0.0 { 1.0 / result } else { result }
}

/// The square root by Newton's method, the same everywhere.
fn root(value: f64) -> f64 {
    if value <= 0.0 || !value.is_finite() {
        return if value == 0.0 { 0.0 } else { f64::NAN };
    }
    let mut guess = if value > 1.0 { value } else { 1.0 };
    for _ in 0..1_100 {
        let next = (guess + value / guess) / 2.0;
        if next >= guess {
            break;
        }
        guess = next;
    }
    guess
}

fn round(value: f64) -> f64 {
    let floor = (value + 0.5) as i64 as f64;
    if value + 0.5 < floor { floor - 1.0 } else { floor }
}
