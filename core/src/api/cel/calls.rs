//! The functions and macros of expressions.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cmp::Ordering;
use serde_json::Value;

use super::parse::Expr;
use super::{Machine, Stop, compare, libs, overload};
use crate::text::regex::{Regex, Syntax};

impl Machine<'_> {
    pub(super) fn call(&mut self, of: Option<&Expr>, name: &str, arguments: &[Expr]) -> Result<Value, Stop> {
        match (of, name, arguments) {
            (Some(Expr::Name(library)), _, _) if matches!(library.as_str(), "optional" | "sets" | "math") => {
                let values = arguments.iter().map(|expr| self.value(expr)).collect::<Result<Vec<Value>, Stop>>()?;
                libs::of_library(library, name, &values)
            }
            (Some(of), "optMap" | "optFlatMap", [Expr::Name(bound), result]) => {
                let of = self.value(of)?;
                let Some(inner) = libs::held(&of).ok_or_else(overload)? else { return Ok(libs::optional(None)) };
                self.bound.push((bound.to_string(), inner.clone()));
                let made = self.value(result);
                self.bound.pop();
                Ok(if name == "optMap" { libs::optional(Some(made?)) } else { made? })
            }
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
        (_, false, values) => libs::function(name, values),
        (_, true, [own @ Value::Object(_), rest @ ..]) => libs::method(own, name, rest),
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
        ("substring", []) => return substring(own, rest),
        ("charAt", []) => {
            let at = rest.first().and_then(Value::as_u64).and_then(|at| usize::try_from(at).ok()).ok_or_else(overload)?;
            own.chars().nth(at).map(String::from).unwrap_or_default().into()
        }
        ("find", [pattern]) => match Regex::new(pattern, Syntax::Go, false) {
            Ok(regex) => regex.find(own, 0).map_or("", |(start, end)| own.get(start..end).unwrap_or_default()).into(),
            Err(_) => return Err(Stop::Unknown),
        },
        ("indexOf", [other]) => own.find(other).map_or(-1, |at| own.get(..at).map_or(0, |before| before.chars().count() as i64)).into(),
        _ => return Err(Stop::Unknown),
    })
}

/// The characters from one place up to another, or to the end.
fn substring(own: &str, places: &[Value]) -> Result<Value, Stop> {
    let length = own.chars().count();
    let place = |at: usize| places.get(at).map(|value| value.as_u64().and_then(|at| usize::try_from(at).ok()).ok_or_else(overload));
    let start = place(0).ok_or_else(overload)??;
    let end = place(1).unwrap_or(Ok(length))?;
    if start > end || end > length {
        return Err(Stop::Failed(alloc::format!("invalid substring range. start: {start}, end: {end}")));
    }
    Ok(own.chars().skip(start).take(end - start).collect::<String>().into())
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
