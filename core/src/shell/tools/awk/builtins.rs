//! The functions that `awk` brings along.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::code::{Array, CONVFMT, FS, OFMT, OFS, ORS, Place, RLENGTH, RSTART, Target};
use super::machine::{After, Machine, Table};
use super::record::cut;
use super::value::{Value, round, whole};
use super::{MAX_TEXT, math};
use crate::shell::calendar::{self, Moment};
use crate::shell::decimal;
use crate::shell::process::Io;
use crate::shell::tools::printf;
use crate::text::regex::Regex;

impl Machine {
    /// A value as a text.
    pub(super) fn text(&self, value: &Value) -> Rc<str> {
        self.shown(value, CONVFMT)
    }

    /// A value as a text, with the format that a variable holds for what is no whole number.
    fn shown(&self, value: &Value, format: usize) -> Rc<str> {
        match value {
            Value::Unset => Rc::from(""),
            Value::Text(text) | Value::Input(text) => Rc::clone(text),
            Value::Num(number) => {
                if let Some(text) = whole(*number) {
                    return Rc::from(text);
                }
                match self.globals.get(format) {
                    Some(Value::Text(format) | Value::Input(format)) if &**format != "%.6g" => {
                        Rc::from(self.format(format, &[Value::Num(*number)]).unwrap_or_default())
                    }
                    _ if *number < 0.0 => Rc::from(["-", &decimal::general(-number, 6)].concat()),
                    _ => Rc::from(decimal::general(*number, 6)),
                }
            }
        }
    }

    pub(super) fn builtin(&mut self, name: &str, count: usize, io: &mut Io<'_>) -> Result<(), String> {
        let args = self.take(count);
        let number = |at: usize| args.get(at).map_or(0.0, Value::num);
        let text = |machine: &Machine, at: usize| args.get(at).map_or_else(|| machine.line.text(), |arg| machine.text(arg));
        let result = match name {
            "length" => Value::Num(text(self, 0).chars().count() as f64),
            "toupper" => Value::Text(Rc::from(text(self, 0).to_uppercase())),
            "tolower" => Value::Text(Rc::from(text(self, 0).to_lowercase())),
            "index" => {
                let (all, part) = (text(self, 0), text(self, 1));
                Value::Num(all.find(&*part).and_then(|at| all.get(..at)).map_or(0.0, |before| (before.chars().count() + 1) as f64))
            }
            "substr" => {
                let all = text(self, 0);
                let from = round(number(1));
                let to = if count > 2 { from + round(number(2)) } else { f64::MAX };
                let part = all.chars().enumerate().filter(|(at, _)| (*at + 1) as f64 >= from && ((*at + 1) as f64) < to).map(|(_, c)| c);
                Value::Text(Rc::from(part.collect::<String>()))
            }
            "sprintf" => Value::Text(Rc::from(self.formatted(&args)?)),
            "int" => Value::Num(math::trunc(number(0))),
            "sqrt" => Value::Num(math::root(number(0))),
            "exp" => Value::Num(math::exp(number(0))),
            "log" => Value::Num(math::log(number(0))),
            "sin" => Value::Num(math::sin(number(0))),
            "cos" => Value::Num(math::sin(number(0) + math::PI / 2.0)),
            "atan2" => Value::Num(math::atan2(number(0), number(1))),
            "rand" => {
                self.seed = self.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                Value::Num((self.seed >> 33) as f64 / (1u64 << 31) as f64)
            }
            "srand" => {
                let seed = if count > 0 { number(0) } else { now(io) as f64 };
                self.seed = (seed as i64 as u64).wrapping_mul(2_654_435_761).wrapping_add(1);
                Value::Num(core::mem::replace(&mut self.last_seed, seed))
            }
            "systime" => Value::Num(now(io) as f64),
            "mktime" => Value::Num(moment(&text(self, 0)) as f64),
            "strftime" => {
                let format = if count > 0 { text(self, 0) } else { Rc::from("%c") };
                let at = if count > 1 { number(1) as i64 } else { now(io) };
                Value::Text(Rc::from(Moment::from_unix(at).format(&format)))
            }
            "fflush" => Value::Num(0.0),
            _ => {
                let parts: Vec<Rc<str>> = args.iter().map(|arg| self.text(arg)).collect();
                Value::Text(Rc::from(parts.concat()))
            }
        };
        self.push(result);
        Ok(())
    }

    /// `split(text, array, separator)`: how many parts there are.
    pub(super) fn split(&mut self, array: Array, given: bool, regex: Option<&Regex>) -> Result<(), String> {
        let separator = if given && regex.is_none() { self.pop_text() } else { self.global(FS) };
        let all = self.pop_text();
        let parts = match regex {
            Some(_) if all.is_empty() => Vec::new(),
            Some(regex) => cut(&all, &|text, at| regex.find(text, at)),
            None => self.parts(&all, &separator, false),
        };
        self.push(Value::Num(parts.len() as f64));
        let numbered = |(at, part): (usize, String)| (Rc::from(alloc::format!("{}", at + 1)), Value::Input(Rc::from(part)));
        let table: Table = parts.into_iter().enumerate().map(numbered).collect();
        self.fill(array, table)
    }

    /// `match(text, pattern)`: where the match begins, from 1.
    pub(super) fn find(&mut self, regex: Option<&Regex>) -> Result<(), String> {
        let regex = self.pattern(regex)?;
        let all = self.pop_text();
        let count = |from: usize, to: usize| all.get(from..to).unwrap_or_default().chars().count() as f64;
        let (start, length) = match regex.find(&all, 0) {
            Some((from, to)) => (count(0, from) + 1.0, count(from, to)),
            None => (0.0, -1.0),
        };
        self.set_global(RSTART, Value::Num(start));
        self.set_global(RLENGTH, Value::Num(length));
        self.push(Value::Num(start));
        Ok(())
    }

    /// The pattern that is written out, else the one on the stack.
    fn pattern(&mut self, regex: Option<&Regex>) -> Result<Regex, String> {
        match regex {
            Some(regex) => Ok(regex.clone()),
            None => {
                let text = self.pop_text();
                self.regex(&text)
            }
        }
    }

    /// `sub` and `gsub`: how often.
    pub(super) fn substitute(&mut self, all: bool, regex: Option<&Regex>, place: Place) -> Result<(), String> {
        let key = self.key_of(place);
        let with = self.pop_text();
        let regex = self.pattern(regex)?;
        let old = self.load(place, &key)?;
        let text = self.text(&old);
        let mut out = String::new();
        let (mut at, mut count) = (0, 0usize);
        while let Some((from, to)) = regex.find(&text, at) {
            out.push_str(text.get(at..from).unwrap_or_default());
            count += 1;
            replace(&mut out, &with, text.get(from..to).unwrap_or_default());
            at = to;
            if from == to {
                let Some(c) = text.get(to..).and_then(|rest| rest.chars().next()) else { break };
                out.push(c);
                at = to + c.len_utf8();
            }
            if !all || at >= text.len() {
                break;
            }
            if out.len() > MAX_TEXT {
                return Err(String::from("a text is too long"));
            }
        }
        out.push_str(text.get(at..).unwrap_or_default());
        if count > 0 {
            self.store(place, &key, Value::Text(Rc::from(out)))?;
        }
        self.push(Value::Num(count as f64));
        Ok(())
    }

    /// `print` and `printf`
    pub(super) fn print(&mut self, count: usize, formatted: bool, target: Target, io: &mut Io<'_>) -> Result<After, String> {
        let name = if target == Target::Out { Rc::default() } else { self.pop_text() };
        let args = self.take(count);
        let text = if formatted {
            self.formatted(&args)?
        } else {
            let parts: Vec<Rc<str>> =
                if args.is_empty() { alloc::vec![self.line.text()] } else { args.iter().map(|arg| self.shown(arg, OFMT)).collect() };
            let mut text = parts.join(&*self.global(OFS));
            text.push_str(&self.global(ORS));
            text
        };
        self.write(target, &name, &text, io)?;
        Ok(After::On)
    }

    fn formatted(&self, args: &[Value]) -> Result<String, String> {
        let Some((format, args)) = args.split_first() else { return Ok(String::new()) };
        let format = self.text(format);
        self.format(&format, args).ok_or_else(|| alloc::format!("not enough arguments passed to printf(\"{format}\")"))
    }

    /// `None` if there are not enough arguments.
    fn format(&self, format: &str, args: &[Value]) -> Option<String> {
        let mut values = args.iter().cloned();
        let mut out = String::new();
        let mut rest: &str = format;
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
            let value = values.next()?;
            match conversion {
                'd' | 'i' | 'u' | 'x' | 'X' | 'o' => printf::number(&mut out, value.num() as i64, conversion, spec),
                'f' | 'F' | 'e' | 'E' | 'g' | 'G' => printf::float(&mut out, value.num(), conversion, spec),
                'c' => {
                    let c = match &value {
                        Value::Num(number) => char::from_u32(*number as u32),
                        other => self.text(other).chars().next(),
                    };
                    printf::pad(&mut out, &c.map(String::from).unwrap_or_default(), spec);
                }
                _ => printf::string(&mut out, &self.text(&value), spec),
            }
        }
        out.push_str(rest);
        Some(out)
    }
}

/// Adds what a match is replaced by: `&` is the match, `\&` the sign.
fn replace(out: &mut String, with: &str, found: &str) {
    let mut chars = with.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '&' => out.push_str(found),
            '\\' if matches!(chars.peek(), Some('&' | '\\')) => out.extend(chars.next()),
            c => out.push(c),
        }
    }
}

fn now(io: &Io<'_>) -> i64 {
    io.host.epoch_s().saturating_add(i64::try_from(io.now.0 / 1000).unwrap_or(0))
}

/// `mktime("YYYY MM DD HH MM SS")`; -1 if it is none.
fn moment(text: &str) -> i64 {
    let numbers: Vec<i64> = text.split_whitespace().map_while(|word| word.parse().ok()).collect();
    let &[year, month, day, hour, minute, second, ..] = numbers.as_slice() else { return -1 };
    match (u32::try_from(month), u32::try_from(day)) {
        (Ok(month @ 1..=12), Ok(day)) if (0..10_000).contains(&year) => {
            calendar::days_from_civil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
        }
        _ => -1,
    }
}
