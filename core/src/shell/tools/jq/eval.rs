//! Programs of jq, run: a value in, values out. Bounded; never panics.

use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::call;
use super::parse::Expr;
use super::value::V;

/// How deep evaluation may go.
const MAX_DEPTH: usize = 200;

/// How many values a program may make for one input.
const MAX_VALUES: usize = 200_000;

/// What an evaluation has in its hands.
pub struct Eval<'a> {
    /// `--arg`.
    pub variables: &'a [(String, V)],
    /// How deep it is.
    pub depth: usize,
}

/// Values, or what is wrong, as jq says it.
pub type Values = Result<Vec<V>, String>;

impl Eval<'_> {
    /// All values of a program for an input.
    ///
    /// # Errors
    /// jq's own sentence.
    pub fn run(&mut self, expr: &Expr, input: &V) -> Values {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("Too deeply nested".to_string());
        }
        let all = self.step(expr, input);
        self.depth -= 1;
        match all {
            Ok(all) if all.len() > MAX_VALUES => Err("Too many values".to_string()),
            all => all,
        }
    }

    fn step(&mut self, expr: &Expr, input: &V) -> Values {
        match expr {
            Expr::Same => Ok(Vec::from([input.clone()])),
            Expr::All => {
                let mut all = Vec::new();
                deep(input, &mut all);
                Ok(all)
            }
            Expr::Just(value) => Ok(Vec::from([value.clone()])),
            Expr::Variable(name) => match self.variables.iter().find(|(one, _)| one == name) {
                Some((_, value)) => Ok(Vec::from([value.clone()])),
                None => Err(format!("${name} is not defined")),
            },
            Expr::At(of, key) => self.pairs(of, key, input, index),
            Expr::Slice(of, from, to) => self.slice(of, from.as_deref(), to.as_deref(), input),
            Expr::Each(of) => {
                let mut all = Vec::new();
                for value in self.run(of, input)? {
                    match &value {
                        V::List(list) => all.extend(list.iter().cloned()),
                        V::Object(map) => all.extend(map.iter().map(|(_, v)| v.clone())),
                        other => return Err(format!("Cannot iterate over {}", shown(other))),
                    }
                }
                Ok(all)
            }
            Expr::Try(of) => Ok(self.run(of, input).unwrap_or_default()),
            Expr::Pipe(left, right) => {
                let mut all = Vec::new();
                for value in self.run(left, input)? {
                    all.extend(self.run(right, &value)?);
                }
                Ok(all)
            }
            Expr::Both(left, right) => {
                let mut all = self.run(left, input)?;
                all.extend(self.run(right, input)?);
                Ok(all)
            }
            Expr::Two("//", left, right) => {
                let held: Vec<V> = self.run(left, input).unwrap_or_default().into_iter().filter(V::holds).collect();
                if held.is_empty() { self.run(right, input) } else { Ok(held) }
            }
            Expr::Two(operator @ ("and" | "or"), left, right) => self.logic(*operator == "or", left, right, input),
            Expr::Two(operator, left, right) => {
                let operator = *operator;
                self.pairs(left, right, input, |a, b| call::two(operator, a, b))
            }
            Expr::List(None) => Ok(Vec::from([V::list(Vec::new())])),
            Expr::List(Some(of)) => Ok(Vec::from([V::list(self.run(of, input)?)])),
            Expr::Object(members) => self.object(members, input),
            Expr::Text(parts, format) => self.text(parts, format.as_deref(), input),
            Expr::If(test, then, other) => {
                let mut all = Vec::new();
                for value in self.run(test, input)? {
                    all.extend(self.run(if value.holds() { then } else { other }, input)?);
                }
                Ok(all)
            }
            Expr::Call(name, args) => call::call(self, name, args, input),
        }
    }

    /// `and` and `or`: the right side is only asked where the left does not decide.
    fn logic(&mut self, or: bool, left: &Expr, right: &Expr, input: &V) -> Values {
        let mut all = Vec::new();
        for value in self.run(left, input)? {
            if value.holds() == (or) {
                all.push(V::Bool(or));
            } else {
                all.extend(self.run(right, input)?.iter().map(|v| V::Bool(v.holds())));
            }
        }
        Ok(all)
    }

    /// Every value of the one with every value of the other.
    fn pairs(&mut self, left: &Expr, right: &Expr, input: &V, act: impl Fn(&V, &V) -> Result<V, String>) -> Values {
        let rights = self.run(right, input)?;
        let mut all = Vec::new();
        for a in self.run(left, input)? {
            for b in &rights {
                all.push(act(&a, b)?);
            }
        }
        Ok(all)
    }

    fn slice(&mut self, of: &Expr, from: Option<&Expr>, to: Option<&Expr>, input: &V) -> Values {
        let mut bound = |expr: Option<&Expr>| -> Result<Option<i64>, String> {
            let Some(expr) = expr else { return Ok(None) };
            let found = self.run(expr, input)?;
            Ok(found.first().and_then(|v| if let V::Number(n) = v { n.as_f64() } else { None }).map(|n| n as i64))
        };
        let (from, to) = (bound(from)?, bound(to)?);
        let place = |n: i64, len: usize| usize::try_from(if n < 0 { n + len as i64 } else { n }).unwrap_or(0).min(len);
        let mut all = Vec::new();
        for value in self.run(of, input)? {
            let ends = |len: usize| (from.map_or(0, |n| place(n, len)), to.map_or(len, |n| place(n, len)));
            all.push(match &value {
                V::Null => V::Null,
                V::List(list) => {
                    let (a, b) = ends(list.len());
                    V::list(list.get(a..b).unwrap_or_default().to_vec())
                }
                V::Text(text) => {
                    let (a, b) = ends(text.chars().count());
                    V::text(&text.chars().skip(a).take(b.saturating_sub(a)).collect::<String>())
                }
                other => return Err(format!("Cannot index {} with object", other.kind())),
            });
        }
        Ok(all)
    }

    fn object(&mut self, members: &[(Expr, Expr)], input: &V) -> Values {
        let mut all: Vec<Vec<(Rc<str>, V)>> = Vec::from([Vec::new()]);
        for (key, value) in members {
            let keys = self.run(key, input)?;
            let values = self.run(value, input)?;
            let mut next = Vec::new();
            for made in &all {
                for key in &keys {
                    let V::Text(name) = key else { return Err(format!("Object keys must be strings, not {}", key.kind())) };
                    for value in &values {
                        let mut made = made.clone();
                        made.retain(|(k, _)| k != name);
                        made.push((name.clone(), value.clone()));
                        next.push(made);
                    }
                }
            }
            all = next;
            if all.len() > MAX_VALUES {
                return Err("Too many values".to_string());
            }
        }
        Ok(all.into_iter().map(|made| V::Object(Rc::new(made))).collect())
    }

    fn text(&mut self, parts: &[Expr], format: Option<&str>, input: &V) -> Values {
        let mut text = String::new();
        for (place, part) in parts.iter().enumerate() {
            for value in self.run(part, input)?.iter().take(1) {
                match format.filter(|_| place % 2 == 1) {
                    Some(format) => text.push_str(&call::formatted(format, value)?),
                    None => text.push_str(&plain(value)),
                }
            }
        }
        Ok(Vec::from([V::text(&text)]))
    }
}

/// A value and all in it.
fn deep(value: &V, all: &mut Vec<V>) {
    if all.len() > MAX_VALUES {
        return;
    }
    all.push(value.clone());
    match value {
        V::List(list) => list.iter().for_each(|one| deep(one, all)),
        V::Object(map) => map.iter().for_each(|(_, one)| deep(one, all)),
        _ => {}
    }
}

/// `x[y]`
fn index(of: &V, key: &V) -> Result<V, String> {
    match (of, key) {
        (V::Null, V::Text(_) | V::Number(_) | V::Null) => Ok(V::Null),
        (V::Object(_), V::Text(name)) => Ok(of.get(name).cloned().unwrap_or(V::Null)),
        (V::List(list), V::Number(n)) => {
            let n = n.as_f64().unwrap_or(0.0) as i64;
            let place = usize::try_from(if n < 0 { n + list.len() as i64 } else { n }).ok();
            Ok(place.and_then(|place| list.get(place)).cloned().unwrap_or(V::Null))
        }
        (of, V::Text(name)) => Err(format!("Cannot index {} with \"{name}\"", of.kind())),
        (of, key) => Err(format!("Cannot index {} with {}", of.kind(), key.kind())),
    }
}

/// Text as it is, everything else as JSON.
pub fn plain(value: &V) -> String {
    match value {
        V::Text(text) => text.to_string(),
        other => other.compact(),
    }
}

/// A value as errors name it: `string ("abc")`.
pub fn shown(value: &V) -> String {
    let text = value.compact();
    let short: String = if text.chars().count() > 11 { text.chars().take(10).chain("...".chars()).collect() } else { text };
    if matches!(value, V::Null) { "null".to_string() } else { format!("{} ({short})", value.kind()) }
}
