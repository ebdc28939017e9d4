//! Values as jq has them: JSON whose objects keep the order in which they were made. Never: what is done with them.

use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cmp::Ordering;

use serde_json::{Number, Value};

use crate::text::json::quote_into;

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
    /// From JSON.
    pub fn of(value: &Value) -> V {
        match value {
            Value::Null => V::Null,
            Value::Bool(b) => V::Bool(*b),
            Value::Number(n) => V::Number(n.clone()),
            Value::String(s) => V::Text(s.as_str().into()),
            Value::Array(all) => V::list(all.iter().map(V::of).collect()),
            Value::Object(map) => V::Object(Rc::new(map.iter().map(|(k, v)| (k.as_str().into(), V::of(v))).collect())),
        }
    }

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
            (V::Object(a), V::Object(_)) if a.iter().all(|(k, v)| other.get(k).is_some_and(|w| v.order(w) == Ordering::Equal)) => {
                a.len().cmp(&other.size())
            }
            (V::Object(_), V::Object(_)) => self.compact().cmp(&other.compact()),
            _ => self.rank().cmp(&other.rank()),
        }
    }

    fn size(&self) -> usize {
        match self {
            V::List(all) => all.len(),
            V::Object(all) => all.len(),
            _ => 0,
        }
    }

    /// The value on one line.
    pub fn compact(&self) -> String {
        let mut out = String::new();
        self.write(None, &mut out);
        out
    }

    /// The value on several lines.
    pub fn pretty(&self) -> String {
        let mut out = String::new();
        self.write(Some(0), &mut out);
        out
    }

    fn write(&self, depth: Option<usize>, out: &mut String) {
        let line = |out: &mut String, depth: Option<usize>| {
            if let Some(depth) = depth {
                out.push('\n');
                (0..depth).for_each(|_| out.push_str("  "));
            }
        };
        let inner = depth.map(|d| d + 1);
        match self {
            V::Null => out.push_str("null"),
            V::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
            V::Number(n) => out.push_str(&n.to_string()),
            V::Text(text) => quote_into(text, out),
            V::List(all) if all.is_empty() => out.push_str("[]"),
            V::Object(all) if all.is_empty() => out.push_str("{}"),
            V::List(all) => {
                for (i, one) in all.iter().enumerate() {
                    out.push(if i == 0 { '[' } else { ',' });
                    line(out, inner);
                    one.write(inner, out);
                }
                line(out, depth);
                out.push(']');
            }
            V::Object(all) => {
                for (i, (key, one)) in all.iter().enumerate() {
                    out.push(if i == 0 { '{' } else { ',' });
                    line(out, inner);
                    quote_into(key, out);
                    out.push_str(if depth.is_some() { ": " } else { ":" });
                    one.write(inner, out);
                }
                line(out, depth);
                out.push('}');
            }
        }
    }
}
