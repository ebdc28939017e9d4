//! `expr`: sums and comparisons of words, as scripts for plain `sh` make them.

use alloc::string::String;
use alloc::vec::Vec;

use super::args::missing_operand;
use crate::shell::process::{Io, Started};
use crate::text::regex::{Regex, Syntax};

const MAX_DEPTH: usize = 60;

struct Words<'a> {
    rest: &'a [String],
    last: &'a str,
    depth: usize,
}

/// Operators from the loosest to the tightest.
const LEVELS: [&[&str]; 6] = [&["|"], &["&"], &["<", "<=", "=", "==", "!=", ">=", ">"], &["+", "-"], &["*", "/", "%"], &[":"]];

fn nothing(text: &str) -> bool {
    text.is_empty() || text.parse::<i64>() == Ok(0)
}

impl<'a> Words<'a> {
    fn take(&mut self) -> Option<&'a str> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        self.last = first;
        Some(first)
    }

    fn level(&mut self, level: usize) -> Result<String, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(String::from("syntax error"));
        }
        let Some(operators) = LEVELS.get(level) else {
            let value = self.term();
            self.depth -= 1;
            return value;
        };
        let mut left = self.level(level + 1)?;
        while let Some(operator) = self.rest.first().map(String::as_str).filter(|word| operators.contains(word)) {
            self.take();
            let right = self.level(level + 1)?;
            left = apply(operator, &left, &right)?;
        }
        self.depth -= 1;
        Ok(left)
    }

    fn term(&mut self) -> Result<String, String> {
        let Some(word) = self.take() else { return Err(alloc::format!("syntax error: missing argument after '{}'", self.last)) };
        Ok(match (word, self.rest.len()) {
            ("(", _) => {
                let value = self.level(0)?;
                match self.take() {
                    Some(")") => value,
                    Some(other) => return Err(alloc::format!("syntax error: expecting ')' instead of '{other}'")),
                    None => return Err(alloc::format!("syntax error: expecting ')' after '{}'", self.last)),
                }
            }
            ("length", 1..) => alloc::format!("{}", self.take().unwrap_or_default().chars().count()),
            ("index", 2..) => {
                let (text, set) = (self.take().unwrap_or_default(), self.take().unwrap_or_default());
                alloc::format!("{}", text.chars().position(|c| set.contains(c)).map_or(0, |at| at + 1))
            }
            ("substr", 3..) => {
                let text = self.take().unwrap_or_default();
                let mut number = || self.take().and_then(|word| word.parse::<usize>().ok()).unwrap_or(0);
                let (from, length) = (number(), number());
                if from == 0 { String::new() } else { text.chars().skip(from - 1).take(length).collect() }
            }
            (word, _) => String::from(word),
        })
    }
}

fn apply(operator: &str, left: &str, right: &str) -> Result<String, String> {
    let numbers = left.parse::<i64>().ok().zip(right.parse::<i64>().ok());
    let truth = |truth: bool| Ok(String::from(if truth { "1" } else { "0" }));
    let order = numbers.map_or_else(|| left.cmp(right), |(a, b)| a.cmp(&b));
    match operator {
        "|" => Ok(String::from(if nothing(left) { if nothing(right) { "0" } else { right } } else { left })),
        "&" => Ok(String::from(if nothing(left) || nothing(right) { "0" } else { left })),
        "<" => truth(order.is_lt()),
        "<=" => truth(order.is_le()),
        "=" | "==" => truth(order.is_eq()),
        "!=" => truth(order.is_ne()),
        ">=" => truth(order.is_ge()),
        ">" => truth(order.is_gt()),
        ":" => matched(left, right),
        _ => {
            let Some((a, b)) = numbers else { return Err(String::from("non-integer argument")) };
            let value = match operator {
                "+" => a.checked_add(b),
                "-" => a.checked_sub(b),
                "*" => a.checked_mul(b),
                _ if b == 0 => return Err(String::from("division by zero")),
                "/" => a.checked_div(b),
                _ => a.checked_rem(b),
            };
            value.map(|value| alloc::format!("{value}")).ok_or_else(|| String::from("integer result too large"))
        }
    }
}

/// `text : pattern`, from the beginning: the first group, or how many characters match.
fn matched(text: &str, pattern: &str) -> Result<String, String> {
    let regex = Regex::new(&["^", pattern].concat(), Syntax::Basic, false).map_err(String::from)?;
    let found = regex.captures(text, 0);
    if regex.groups() > 0 {
        let group = found.and_then(|found| found.get(1).copied().flatten());
        return Ok(group.and_then(|(from, to)| text.get(from..to)).map(String::from).unwrap_or_default());
    }
    let whole = found.and_then(|found| found.first().copied().flatten());
    Ok(alloc::format!("{}", whole.and_then(|(from, to)| text.get(from..to)).map_or(0, |part| part.chars().count())))
}

/// `expr WORD...`
pub(super) fn expr(args: &[String], io: &mut Io<'_>) -> Started {
    let args: Vec<String> =
        if args.first().is_some_and(|arg| arg == "--") { args.get(1..).unwrap_or_default().to_vec() } else { args.to_vec() };
    if args.is_empty() {
        return missing_operand("expr", 2, io);
    }
    let mut words = Words { rest: &args, last: "", depth: 0 };
    match words.level(0) {
        Ok(_) if !words.rest.is_empty() => {
            let extra = words.rest.first().map_or("", String::as_str);
            io.err(&alloc::format!("expr: syntax error: unexpected argument '{extra}'\n"));
            Started::Done(2)
        }
        Ok(value) => {
            io.out(&[&value, "\n"].concat());
            Started::Done(i32::from(nothing(&value)))
        }
        Err(why) => {
            io.err(&["expr: ", &why, "\n"].concat());
            Started::Done(2)
        }
    }
}
