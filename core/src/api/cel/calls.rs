//! The functions and macros of expressions.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cmp::Ordering;
use serde_json::Value;

use super::parse::Expr;
use super::{Machine, Stop, compare, overload};
use crate::text::regex::{Regex, Syntax};

impl Machine<'_> {
    pub(super) fn call(&mut self, of: Option<&Expr>, name: &str, arguments: &[Expr]) -> Result<Value, Stop> {
        match (of, name, arguments) {
            (None, "has", [Expr::Field(holder, field)]) => {
                let holder = self.value(holder)?;
                Ok(holder.as_object().ok_or_else(overload)?.contains_key(field).into())
            }
            (Some(of), "all" | "exists" | "exists_one" | "filter" | "map", [Expr::Name(bound), rest @ ..]) => {
                let items = match self.value(of)? {
                    Value::Array(items) => items,
                    Value::Object(members) => members.into_iter().map(|(name, _)| Value::String(name)).collect(),
                    _ => return Err(overload()),
                };
                self.each(name, bound, items, rest)
            }
            _ => {
                let mut values = Vec::new();
                for expr in of.into_iter().chain(arguments) {
                    values.push(self.value(expr)?);
                }
                plain(name, of.is_some(), &values)
            }
        }
    }

    /// A macro over a list: one name, which stands for each element in turn.
    fn each(&mut self, name: &str, bound: &str, items: Vec<Value>, rest: &[Expr]) -> Result<Value, Stop> {
        let (condition, result) = match (name, rest) {
            ("map", [result]) => (None, Some(result)),
            ("map", [condition, result]) => (Some(condition), Some(result)),
            (_, [condition]) => (Some(condition), None),
            _ => return Err(Stop::Unknown),
        };
        let mut kept = Vec::new();
        let (mut yes, mut count, mut failed) = (0usize, 0usize, None);
        for item in items {
            self.bound.push((bound.to_string(), item.clone()));
            let holds = condition.map_or(Ok(Value::Bool(true)), |condition| self.value(condition));
            let made = match (&holds, result) {
                (Ok(Value::Bool(true)), Some(result)) => Some(self.value(result)),
                _ => None,
            };
            self.bound.pop();
            count += 1;
            match holds {
                Ok(Value::Bool(true)) => {
                    yes += 1;
                    kept.push(made.unwrap_or(Ok(item))?);
                }
                Ok(Value::Bool(false)) => {}
                Ok(_) => return Err(overload()),
                Err(stop @ (Stop::Spent | Stop::Unknown)) => return Err(stop),
                Err(stop) => {
                    count -= 1;
                    failed = Some(stop);
                }
            }
        }
        match (name, failed) {
            ("all", _) if yes < count => Ok(false.into()),
            ("exists", _) if yes > 0 => Ok(true.into()),
            (_, Some(stop)) => Err(stop),
            ("all" | "exists", None) => Ok((name == "all").into()),
            ("exists_one", None) => Ok((yes == 1).into()),
            _ => Ok(Value::Array(kept)),
        }
    }
}

/// A function, whose first value is what it is called on when it is a method.
fn plain(name: &str, method: bool, values: &[Value]) -> Result<Value, Stop> {
    match (name, method, values) {
        ("size", _, [one]) => Ok(match one {
            Value::String(text) => text.chars().count(),
            Value::Array(items) => items.len(),
            Value::Object(members) => members.len(),
            _ => return Err(overload()),
        }
        .into()),
        ("dyn", false, [one]) => Ok(one.clone()),
        ("int" | "uint" | "double" | "string" | "bool", false, [one]) => convert(name, one),
        (_, true, [Value::String(own), rest @ ..]) => text(name, own, rest),
        (_, true, [Value::Array(items), rest @ ..]) => list(name, items, rest),
        _ => Err(Stop::Unknown),
    }
}

fn convert(name: &str, one: &Value) -> Result<Value, Stop> {
    let failed = |text: &str| Stop::Failed(["type conversion error from '", text, "' to '", name, "'"].concat());
    match (name, one) {
        ("string", Value::String(_)) | ("bool", Value::Bool(_)) => Ok(one.clone()),
        ("string", Value::Number(_) | Value::Bool(_)) => Ok(crate::object::go::plain(one).into()),
        ("bool", Value::String(text)) => text.parse::<bool>().map(Value::from).map_err(|_| failed("string")),
        ("double", Value::Number(number)) => Ok(number.as_f64().unwrap_or_default().into()),
        ("double", Value::String(text)) => text.parse::<f64>().map(Value::from).map_err(|_| failed("string")),
        (_, Value::Number(number)) => Ok(number.as_i64().unwrap_or_else(|| number.as_f64().unwrap_or_default() as i64).into()),
        (_, Value::String(text)) => text.parse::<i64>().map(Value::from).map_err(|_| failed("string")),
        _ => Err(overload()),
    }
}

fn text(name: &str, own: &str, rest: &[Value]) -> Result<Value, Stop> {
    let words: Vec<&str> = rest.iter().filter_map(Value::as_str).collect();
    Ok(match (name, words.as_slice()) {
        ("startsWith", [other]) => own.starts_with(other).into(),
        ("endsWith", [other]) => own.ends_with(other).into(),
        ("contains", [other]) => own.contains(other).into(),
        ("matches", [pattern]) => match Regex::new(pattern, Syntax::Go, false) {
            Ok(regex) => regex.is_match(own).into(),
            Err(_) => return Err(Stop::Unknown),
        },
        ("lowerAscii", []) => own.to_ascii_lowercase().into(),
        ("upperAscii", []) => own.to_ascii_uppercase().into(),
        ("trim", []) => own.trim().into(),
        ("replace", [from, to]) if rest.len() == 2 => own.replace(from, to).into(),
        ("split", [by]) if rest.len() == 1 => own.split(by).map(Value::from).collect::<Vec<Value>>().into(),
        ("indexOf", [other]) => own.find(other).map_or(-1, |at| own.get(..at).map_or(0, |before| before.chars().count() as i64)).into(),
        _ => return Err(Stop::Unknown),
    })
}

fn list(name: &str, items: &[Value], rest: &[Value]) -> Result<Value, Stop> {
    let extreme = |wanted: Ordering| {
        let mut best: Option<&Value> = None;
        for item in items {
            if best.is_none_or(|best| compare(item, best) == Some(wanted)) {
                best = Some(item);
            }
        }
        best.cloned().ok_or_else(|| Stop::Failed([name, " called on empty list"].concat()))
    };
    Ok(match (name, rest) {
        ("isSorted", []) => items.windows(2).all(|pair| matches!(pair, [a, b] if compare(a, b) != Some(Ordering::Greater))).into(),
        ("min", []) => extreme(Ordering::Less)?,
        ("max", []) => extreme(Ordering::Greater)?,
        ("sum", []) => {
            let mut total = Value::from(0);
            for item in items {
                total = super::arithmetic("+", &total, item)?;
            }
            total
        }
        ("join", []) => joined(items, "")?.into(),
        ("join", [Value::String(by)]) => joined(items, by)?.into(),
        ("indexOf", [one]) => items.iter().position(|item| super::equal(item, one)).map_or(-1, |at| at as i64).into(),
        _ => return Err(Stop::Unknown),
    })
}

fn joined(items: &[Value], by: &str) -> Result<String, Stop> {
    let texts: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
    texts.map(|texts| texts.join(by)).ok_or_else(overload)
}
