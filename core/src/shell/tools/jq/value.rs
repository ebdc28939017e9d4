//! Values as jq has them: JSON whose objects keep the order in which they were made. Never: what is done with them.

use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cmp::Ordering;

use serde_json::Number;

use crate::arrange::Arrange;

/// A value.
#[derive(Clone, Debug)]
pub enum V {
    /// `null`
    Null,
    /// `true` and `false`
    Bool(bool),
    /// A number.
    Number(Number),
    /// Text.
    Text(Rc<str>),
    /// A list.
    List(Rc<Vec<V>>),
    /// An object.
    Object(Rc<Vec<(Rc<str>, V)>>),
}

impl V {
    /// Text.
    pub fn text(text: &str) -> V {
        V::Text(text.into())
    }

    /// A list.
    pub fn list(all: Vec<V>) -> V {
        V::List(Rc::new(all))
    }

    /// A whole number.
    pub fn count(n: usize) -> V {
        V::Number(Number::from(n))
    }

    /// A number; whole ones are written without a point.
    pub fn float(n: f64) -> V {
        if n == (n as i64) as f64 { V::Number(Number::from(n as i64)) } else { Number::from_f64(n).map_or(V::Null, V::Number) }
    }

    /// What it is, in jq's word.
    pub fn kind(&self) -> &'static str {
        match self {
            V::Null => "null",
            V::Bool(_) => "boolean",
            V::Number(_) => "number",
            V::Text(_) => "string",
            V::List(_) => "array",
            V::Object(_) => "object",
        }
    }

    /// Everything but `null` and `false`.
    pub fn holds(&self) -> bool {
        !matches!(self, V::Null | V::Bool(false))
    }

    /// A member of an object.
    pub fn get(&self, key: &str) -> Option<&V> {
        match self {
            V::Object(all) => all.iter().find(|(k, _)| **k == *key).map(|(_, v)| v),
            _ => None,
        }
    }

    fn rank(&self) -> u8 {
        match self {
            V::Null => 0,
            V::Bool(b) => 1 + u8::from(*b),
            V::Number(_) => 3,
            V::Text(_) => 4,
            V::List(_) => 5,
            V::Object(_) => 6,
        }
    }

    /// jq's order of all values.
    pub fn order(&self, other: &V) -> Ordering {
        match (self, other) {
            (V::Number(a), V::Number(b)) => a.as_f64().partial_cmp(&b.as_f64()).unwrap_or(Ordering::Equal),
            (V::Text(a), V::Text(b)) => a.cmp(b),
            (V::List(a), V::List(b)) => {
                let first = a.iter().zip(b.iter()).map(|(a, b)| a.order(b)).find(|o| *o != Ordering::Equal);
                first.unwrap_or(a.len().cmp(&b.len()))
            }
            (V::Object(a), V::Object(b)) => {
                let keys = |all: &[(Rc<str>, V)]| {
                    let mut keys: Vec<Rc<str>> = all.iter().map(|(key, _)| Rc::clone(key)).collect();
                    keys.arrange_by(|a, b| a.cmp(b));
                    keys
                };
                let (left, right) = (keys(a), keys(b));
                let values = || left.iter().filter_map(|key| Some(self.get(key)?.order(other.get(key)?))).find(|o| *o != Ordering::Equal);
                left.cmp(&right).then_with(|| values().unwrap_or(Ordering::Equal))
            }
            _ => self.rank().cmp(&other.rank()),
        }
    }

    /// The value on one line.
    pub fn compact(&self) -> String {
        let mut out = String::new();
        Look::default().write(self, 0, &mut out);
        out
    }

    /// As a number, for arithmetic.
    pub fn as_f64(&self) -> Option<f64> {
        if let V::Number(n) = self { n.as_f64() } else { None }
    }
}

/// Puts a member into an object, in the place of one of the same name.
pub fn put(all: &mut Vec<(Rc<str>, V)>, key: Rc<str>, value: V) {
    match all.iter_mut().find(|(one, _)| *one == key) {
        Some((_, old)) => *old = value,
        None => all.push((key, value)),
    }
}

/// How values are written.
#[derive(Clone, Debug, Default)]
pub struct Look {
    /// What lines are indented with; `None`: all on one line.
    pub indent: Option<String>,
    /// Members by name.
    pub sorted: bool,
    /// Only ASCII.
    pub ascii: bool,
}

impl Look {
    /// Appends a value.
    pub fn write(&self, value: &V, depth: usize, out: &mut String) {
        let line = |out: &mut String, depth: usize| {
            if let Some(indent) = &self.indent {
                out.push('\n');
                (0..depth).for_each(|_| out.push_str(indent));
            }
        };
        match value {
            V::Null => out.push_str("null"),
            V::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
            V::Number(n) => match n.as_f64().filter(|_| n.is_f64()) {
                // Whole numbers too large for the machine's own are still written without an exponent.
                Some(x) if (1e16..1e17).contains(&x.abs()) => out.push_str(&alloc::format!("{x:.0}")),
                Some(f64::MAX) => out.push_str("1.7976931348623157e+308"),
                Some(f64::MIN) => out.push_str("-1.7976931348623157e+308"),
                _ => out.push_str(&n.to_string()),
            },
            V::Text(text) => self.quote(text, out),
            V::List(all) if all.is_empty() => out.push_str("[]"),
            V::Object(all) if all.is_empty() => out.push_str("{}"),
            V::List(all) => {
                for (i, one) in all.iter().enumerate() {
                    out.push(if i == 0 { '[' } else { ',' });
                    line(out, depth + 1);
                    self.write(one, depth + 1, out);
                }
                line(out, depth);
                out.push(']');
            }
            V::Object(all) => {
                let mut members: Vec<&(Rc<str>, V)> = all.iter().collect();
                if self.sorted {
                    members.arrange_by(|a, b| a.0.cmp(&b.0));
                }
                for (i, (key, one)) in members.into_iter().enumerate() {
                    out.push(if i == 0 { '{' } else { ',' });
                    line(out, depth + 1);
                    self.quote(key, out);
                    out.push_str(if self.indent.is_some() { ": " } else { ":" });
                    self.write(one, depth + 1, out);
                }
                line(out, depth);
                out.push('}');
            }
        }
    }

    fn quote(&self, text: &str, out: &mut String) {
        out.push('"');
        for c in text.chars() {
            match c {
                '"' | '\\' => out.extend(['\\', c]),
                '\n' => out.push_str("\\n"),
                '\t' => out.push_str("\\t"),
                '\r' => out.push_str("\\r"),
                '\u{8}' => out.push_str("\\b"),
                '\u{c}' => out.push_str("\\f"),
                c if c < ' ' || c == '\u{7f}' || self.ascii && !c.is_ascii() => {
                    for unit in c.encode_utf16(&mut [0; 2]) {
                        out.push_str(&alloc::format!("\\u{unit:04x}"));
                    }
                }
                c => out.push(c),
            }
        }
        out.push('"');
    }
}
