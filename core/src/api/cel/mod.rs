//! The Common Expression Language as far as rules of schemas usually need it: members, comparisons, arithmetic, texts,
//! lists and the macros over them. What is not understood says so, and is then nobody's fault. Models cel-go.

mod calls;
pub mod check;
mod libs;
mod literals;
mod parse;
mod tokens;
mod types;

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cmp::Ordering;
use serde_json::{Map, Value};

use parse::{Expr, parse};

/// Why an expression has no value.
#[derive(Clone, Debug, PartialEq)]
pub enum Stop {
    /// Something in it is not known here.
    Unknown,
    /// It took more steps than it may.
    Spent,
    /// It went wrong: the words that cel-go has for it.
    Failed(String),
}

/// What the names of an expression stand for.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// `self`
    pub own: &'a Value,
    /// `oldSelf`
    pub old: Option<&'a Value>,
}

/// An expression that has been read.
#[derive(Clone, Debug)]
pub struct Program(Expr);

impl Program {
    /// Reads an expression; nothing when it is not understood.
    pub fn new(text: &str) -> Option<Program> {
        parse(text).map(Program)
    }

    /// A value that may be missing, as rules see it.
    pub fn optional(value: Option<&Value>) -> Value {
        libs::optional(value.cloned())
    }

    /// Whether a name occurs in it.
    pub fn names(&self, name: &str) -> bool {
        names(&self.0, name)
    }

    /// Its value; every step is taken off the budget.
    pub fn run(&self, scope: &Scope<'_>, budget: &mut usize) -> Result<Value, Stop> {
        let mut machine = Machine { scope, budget, bound: Vec::new() };
        machine.value(&self.0)
    }
}

fn names(expr: &Expr, name: &str) -> bool {
    let any = |list: &[Expr]| list.iter().any(|expr| names(expr, name));
    match expr {
        Expr::Value(_) => false,
        Expr::Name(own) => own == name,
        Expr::Field(of, _) | Expr::Not(of) | Expr::Negative(of) => names(of, name),
        Expr::Index(a, b) | Expr::Maybe(a, b) | Expr::Between(_, a, b) => names(a, name) || names(b, name),
        Expr::Call(of, _, list) => of.as_ref().is_some_and(|of| names(of, name)) || any(list),
        Expr::Choice(a, b, c) => names(a, name) || names(b, name) || names(c, name),
        Expr::List(list) => any(list),
        Expr::Map(pairs) => pairs.iter().any(|(key, value)| names(key, name) || names(value, name)),
    }
}

struct Machine<'a> {
    scope: &'a Scope<'a>,
    budget: &'a mut usize,
    /// What the macros bound, the innermost last.
    bound: Vec<(String, Value)>,
}

fn overload() -> Stop {
    Stop::Failed("no such overload".to_string())
}

impl Machine<'_> {
    fn value(&mut self, expr: &Expr) -> Result<Value, Stop> {
        *self.budget = self.budget.checked_sub(1).ok_or(Stop::Spent)?;
        match expr {
            Expr::Value(value) => Ok(value.clone()),
            Expr::Name(name) => self.named(name),
            Expr::Field(of, name) => match self.value(of)? {
                // What follows an optional is one too.
                optional if libs::held(&optional).is_some() => Ok(maybe(&optional, &Value::from(name.as_str()))),
                of => member(of, name),
            },
            Expr::Maybe(of, name) => {
                let (of, name) = (self.value(of)?, self.value(name)?);
                Ok(maybe(&of, &name))
            }
            Expr::Index(of, index) => match (self.value(of)?, self.value(index)?) {
                (Value::Array(items), index) => {
                    let number = index.as_i64().ok_or_else(overload)?;
                    let found = usize::try_from(number).ok().and_then(|number| items.into_iter().nth(number));
                    found.ok_or_else(|| Stop::Failed(["index out of bounds: ", &number.to_string()].concat()))
                }
                (map, Value::String(name)) => member(map, &name),
                _ => Err(overload()),
            },
            Expr::Call(of, name, arguments) => self.call(of.as_deref(), name, arguments),
            Expr::Not(of) => Ok((!self.value(of)?.as_bool().ok_or_else(overload)?).into()),
            Expr::Negative(of) => match self.value(of)? {
                Value::Number(number) if number.is_i64() => arithmetic("-", &0.into(), &Value::Number(number)),
                number => number.as_f64().map(|number| (-number).into()).ok_or_else(overload),
            },
            Expr::Between("&&", a, b) => self.logic(a, b, false),
            Expr::Between("||", a, b) => self.logic(a, b, true),
            Expr::Between(word, a, b) => {
                let (a, b) = (self.value(a)?, self.value(b)?);
                between(word, &a, &b)
            }
            Expr::Choice(condition, yes, no) => match self.value(condition)? {
                Value::Bool(true) => self.value(yes),
                Value::Bool(false) => self.value(no),
                _ => Err(overload()),
            },
            Expr::List(list) => list.iter().map(|expr| self.value(expr)).collect::<Result<Vec<Value>, Stop>>().map(Value::Array),
            Expr::Map(pairs) => {
                let mut map = Map::new();
                for (key, value) in pairs {
                    let key = self.value(key)?;
                    map.insert(key.as_str().ok_or(Stop::Unknown)?.to_string(), self.value(value)?);
                }
                Ok(Value::Object(map))
            }
        }
    }

    fn named(&self, name: &str) -> Result<Value, Stop> {
        if let Some((_, value)) = self.bound.iter().rev().find(|(own, _)| own == name) {
            return Ok(value.clone());
        }
        match name {
            "self" => Ok(self.scope.own.clone()),
            "oldSelf" => self.scope.old.cloned().ok_or(Stop::Unknown),
            _ => Err(Stop::Unknown),
        }
    }

    /// `&&` and `||`: the side that decides does so even when the other goes wrong.
    fn logic(&mut self, a: &Expr, b: &Expr, decides: bool) -> Result<Value, Stop> {
        let first = self.value(a);
        if first == Ok(Value::Bool(decides)) {
            return first;
        }
        let second = self.value(b);
        if second == Ok(Value::Bool(decides)) {
            return second;
        }
        match (first?, second?) {
            (Value::Bool(_), Value::Bool(_)) => Ok((!decides).into()),
            _ => Err(overload()),
        }
    }
}

fn member(of: Value, name: &str) -> Result<Value, Stop> {
    match of {
        Value::Object(mut members) => members.remove(name).ok_or_else(|| Stop::Failed(["no such key: ", name].concat())),
        _ => Err(overload()),
    }
}

/// A member that may be missing, of an object, of a list, or of an optional of one.
fn maybe(of: &Value, name: &Value) -> Value {
    let of = match libs::held(of) {
        Some(None) => return libs::optional(None),
        Some(Some(inner)) => inner,
        None => of,
    };
    libs::optional(match (of, name) {
        (Value::Object(members), Value::String(name)) => members.get(name).cloned(),
        (Value::Array(items), number) => number.as_u64().and_then(|number| items.get(usize::try_from(number).ok()?)).cloned(),
        _ => None,
    })
}

/// Two values compared; nothing when they cannot be.
fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => match (a.as_i64(), b.as_i64()) {
            (Some(a), Some(b)) => Some(a.cmp(&b)),
            _ => a.as_f64()?.partial_cmp(&b.as_f64()?),
        },
        (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        _ => libs::ordered(a, b),
    }
}

fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(name, value)| b.get(name).is_some_and(|other| equal(value, other)))
        }
        _ => a == b || compare(a, b) == Some(Ordering::Equal),
    }
}

fn between(word: &str, a: &Value, b: &Value) -> Result<Value, Stop> {
    let ordered = || compare(a, b).ok_or_else(overload);
    Ok(match word {
        "==" => equal(a, b).into(),
        "!=" => (!equal(a, b)).into(),
        "<" => (ordered()? == Ordering::Less).into(),
        ">" => (ordered()? == Ordering::Greater).into(),
        "<=" => (ordered()? != Ordering::Greater).into(),
        ">=" => (ordered()? != Ordering::Less).into(),
        "in" => match (a, b) {
            (one, Value::Array(items)) => items.iter().any(|item| equal(one, item)).into(),
            (Value::String(name), Value::Object(members)) => members.contains_key(name).into(),
            _ => return Err(overload()),
        },
        word => return arithmetic(word, a, b),
    })
}

fn arithmetic(word: &str, a: &Value, b: &Value) -> Result<Value, Stop> {
    if let (Some(a), Some(b)) = (a.as_i64(), b.as_i64()) {
        let zero = matches!(word, "/" | "%") && b == 0;
        let result = match word {
            "+" => a.checked_add(b),
            "-" => a.checked_sub(b),
            "*" => a.checked_mul(b),
            "/" => a.checked_div(b),
            _ => a.checked_rem(b),
        };
        let why = match word {
            "/" if zero => "division by zero",
            "%" if zero => "modulus by zero",
            _ => "integer overflow",
        };
        return result.map(Value::from).ok_or_else(|| Stop::Failed(why.to_string()));
    }
    match (word, a, b) {
        ("+", Value::String(a), Value::String(b)) => Ok([a.as_str(), b.as_str()].concat().into()),
        ("+", Value::Array(a), Value::Array(b)) => Ok(Value::Array(a.iter().chain(b).cloned().collect())),
        (_, Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap_or_default(), b.as_f64().unwrap_or_default());
            Ok(match word {
                "+" => a + b,
                "-" => a - b,
                "*" => a * b,
                "/" => a / b,
                _ => return Err(overload()),
            }
            .into())
        }
        _ => libs::arithmetic(word, a, b).ok_or_else(overload),
    }
}

#[cfg(test)]
mod tests;
