//! The functions that `awk` brings along.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::parse::Expr;
use super::value::{Value, root, round};
use super::{Awk, MAX_TEXT};
use crate::shell::tools::printf;

impl Awk {
    pub(super) fn call(&mut self, name: &str, args: &[Expr]) -> Value {
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
                number(self.split_into(args, &whole))
            }
            "sub" | "gsub" => self.substitute(args, name == "gsub"),
            "match" => {
                let whole = text(self, 0);
                self.find(args, &whole)
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

    /// `split(text, array, separator)`: how many parts there are.
    fn split_into(&mut self, args: &[Expr], whole: &str) -> usize {
        let separator = match args.get(2) {
            Some(Expr::Regex(_)) | None => self.var("FS").text(),
            Some(arg) => self.eval(arg).text(),
        };
        let parts = match args.get(2) {
            Some(Expr::Regex(regex)) => {
                let mut out = Vec::new();
                let mut at = 0;
                while let Some((from, to)) = regex.find(whole, at).filter(|(from, to)| to > from) {
                    out.push(String::from(whole.get(at..from).unwrap_or_default()));
                    at = to;
                }
                out.push(String::from(whole.get(at..).unwrap_or_default()));
                out
            }
            _ => self.split(whole, &separator),
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
        count
    }

    /// `match(text, regex)`: where the match begins, from 1.
    fn find(&mut self, args: &[Expr], whole: &str) -> Value {
        let found = args.get(1).and_then(|arg| self.pattern(arg)).and_then(|regex| regex.find(whole, 0));
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

    pub(super) fn format(&mut self, args: &[Expr]) -> String {
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
