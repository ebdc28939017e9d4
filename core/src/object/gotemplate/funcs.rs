//! The functions of templates: Go's own and kubectl's `exists` and `base64decode`.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::eval::Held;
use super::printf;
use crate::object::jsonpath::go_value;
use crate::text::base64;

const NAMES: [&str; 21] = [
    "and",
    "base64decode",
    "call",
    "eq",
    "exists",
    "ge",
    "gt",
    "html",
    "index",
    "js",
    "le",
    "len",
    "lt",
    "ne",
    "not",
    "or",
    "print",
    "printf",
    "println",
    "slice",
    "urlquery",
];

/// Whether a function has this name.
pub(super) fn is_known(name: &str) -> bool {
    NAMES.contains(&name)
}

/// Whether a value counts as true.
pub(super) fn truth(held: &Held<'_>) -> bool {
    match held.as_deref() {
        None | Some(Value::Null) => false,
        Some(Value::Bool(b)) => *b,
        Some(Value::Number(n)) => n.as_f64() != Some(0.0),
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Array(items)) => !items.is_empty(),
        Some(Value::Object(map)) => !map.is_empty(),
    }
}

/// The Go type of what the template holds; whole numbers of the data are int64.
pub(super) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "<nil>",
        Value::Bool(_) => "bool",
        Value::Number(n) if n.is_f64() => "float64",
        Value::Number(_) => "int64",
        Value::String(_) => "string",
        Value::Array(_) => "[]interface {}",
        Value::Object(_) => "map[string]interface {}",
    }
}

fn given<T>(value: T) -> Option<Cow<'static, Value>>
where
    Value: From<T>,
{
    Some(Cow::Owned(Value::from(value)))
}

/// Calls a function other than `and` and `or`, which look at no more arguments than they need.
pub(super) fn call<'v>(name: &str, args: &[Held<'v>]) -> Result<Held<'v>, String> {
    let least = match name {
        "base64decode" | "eq" | "exists" | "index" | "len" | "not" | "printf" | "slice" | "call" => 1,
        "ge" | "gt" | "le" | "lt" | "ne" => 2,
        _ => 0,
    };
    let most = match name {
        "base64decode" | "len" | "not" => 1,
        "ge" | "gt" | "le" | "lt" | "ne" => 2,
        _ => usize::MAX,
    };
    if args.len() < least || args.len() > most {
        let want = if least == most { least.to_string() } else { format!("at least {least}") };
        return Err(format!("!wrong number of args for {name}: want {want} got {}", args.len()));
    }
    let first = args.first().cloned().flatten();
    Ok(match name {
        "not" => given(!truth(&first)),
        "len" => given(len(first.as_deref())?),
        "index" => return index(args),
        "slice" => slice(args)?,
        "exists" => given(exists(args)),
        "eq" => given(eq(args)?),
        "ne" => given(!eq(args)?),
        "lt" => given(less(args, 0, 1)?),
        "gt" => given(!(less(args, 0, 1)? || eq(args)?)),
        "le" => given(less(args, 0, 1)? || eq(args)?),
        "ge" => given(!less(args, 0, 1)?),
        "print" => given(printf::print(args)),
        "println" => given(printf::println(args)),
        "printf" => given(printf::printf(args)),
        "html" => given(escape(args, &[('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;"), ('"', "&#34;"), ('\'', "&#39;"), ('\0', "\u{fffd}")])),
        "js" => given(escape(
            args,
            &[
                ('\\', "\\\\"),
                ('\'', "\\'"),
                ('"', "\\\""),
                ('<', "\\u003C"),
                ('>', "\\u003E"),
                ('&', "\\u0026"),
                ('=', "\\u003D"),
                ('\n', "\\u000A"),
            ],
        )),
        "urlquery" => given(url_query(&printf::print(args))),
        "base64decode" => match first.as_deref() {
            Some(Value::String(text)) => {
                let bytes = base64::decode(text).map_err(|error| format!("base64 decode failed: {error}"))?;
                given(String::from_utf8_lossy(&bytes).into_owned())
            }
            None | Some(Value::Null) => return Err("!invalid value; expected string".to_string()),
            Some(other) => return Err(format!("!wrong type for value; expected string; got {}", type_name(other))),
        },
        _ => match first.as_deref() {
            None | Some(Value::Null) => return Err("call of nil".to_string()),
            Some(value) => return Err(["non-function \0 of type ", type_name(value)].concat()),
        },
    })
}

fn len(value: Option<&Value>) -> Result<usize, String> {
    match value {
        None | Some(Value::Null) => Err("reflect: call of reflect.Value.Type on zero Value".to_string()),
        Some(Value::String(text)) => Ok(text.len()),
        Some(Value::Array(items)) => Ok(items.len()),
        Some(Value::Object(map)) => Ok(map.len()),
        Some(other) => Err(format!("len of type {}", type_name(other))),
    }
}

fn place(value: Option<&Value>, len: usize) -> Result<usize, String> {
    match value {
        Some(Value::Number(n)) if !n.is_f64() => {
            let place = n.as_i64().unwrap_or(i64::MAX);
            usize::try_from(place).ok().filter(|p| *p < len).ok_or_else(|| format!("index out of range: {place}"))
        }
        None | Some(Value::Null) => Err("cannot index slice/array with nil".to_string()),
        Some(other) => Err(format!("cannot index slice/array with type {}", type_name(other))),
    }
}

fn index<'v>(args: &[Held<'v>]) -> Result<Held<'v>, String> {
    let Some((first, keys)) = args.split_first() else { return Ok(None) };
    let mut here = first.clone();
    if here.is_none() {
        return Err("index of untyped nil".to_string());
    }
    for key in keys {
        let Some(value) = here else { return Err("index of nil pointer".to_string()) };
        here = match value.as_ref() {
            Value::Array(items) => {
                let at = place(key.as_deref(), items.len())?;
                match value {
                    Cow::Borrowed(Value::Array(items)) => items.get(at).map(Cow::Borrowed),
                    _ => items.get(at).cloned().map(Cow::Owned),
                }
            }
            Value::Object(map) => match key.as_deref() {
                Some(Value::String(name)) => match value {
                    Cow::Borrowed(Value::Object(map)) => map.get(name).map(Cow::Borrowed),
                    _ => map.get(name).cloned().map(Cow::Owned),
                },
                None | Some(Value::Null) => return Err("value is nil; should be of type string".to_string()),
                Some(other) => return Err(format!("value has type {}; should be string", type_name(other))),
            },
            Value::String(text) => {
                let at = place(key.as_deref(), text.len())?;
                text.as_bytes().get(at).map(|byte| Cow::Owned(Value::from(*byte)))
            }
            Value::Null => return Err("index of nil pointer".to_string()),
            other => return Err(format!("can't index item of type {}", type_name(other))),
        };
    }
    Ok(here)
}

fn slice<'v>(args: &[Held<'v>]) -> Result<Held<'v>, String> {
    let Some((first, bounds)) = args.split_first() else { return Ok(None) };
    let size = match first.as_deref() {
        Some(Value::String(text)) => text.len(),
        Some(Value::Array(items)) => items.len(),
        None | Some(Value::Null) => return Err("slice of untyped nil".to_string()),
        Some(other) => return Err(format!("can't slice item of type {}", type_name(other))),
    };
    let from = bounds.first().map_or(Ok(0), |b| place(b.as_deref(), size + 1))?;
    let to = bounds.get(1).map_or(Ok(size), |b| place(b.as_deref(), size + 1))?;
    if from > to {
        return Err(format!("invalid slice index: {from} > {to}"));
    }
    Ok(match first.as_deref() {
        Some(Value::String(text)) => given(String::from_utf8_lossy(text.as_bytes().get(from..to).unwrap_or_default()).into_owned()),
        Some(Value::Array(items)) => Some(Cow::Owned(Value::Array(items.get(from..to).unwrap_or_default().to_vec()))),
        _ => None,
    })
}

fn exists(args: &[Held<'_>]) -> bool {
    let Some((Some(first), keys)) = args.split_first() else { return false };
    let mut here: &Value = first;
    for key in keys {
        let next = match (here, key.as_deref()) {
            (Value::Object(map), Some(Value::String(name))) => map.get(name),
            (Value::Array(items), Some(Value::Number(n))) => n.as_u64().and_then(|n| items.get(usize::try_from(n).ok()?)),
            _ => return false,
        };
        match next {
            Some(next) => here = next,
            None => return false,
        }
    }
    !here.is_null()
}

#[derive(PartialEq)]
enum Basic {
    None,
    Bool,
    Int,
    Float,
    String,
    Other,
}

fn basic(value: Option<&Value>) -> Basic {
    match value {
        None | Some(Value::Null) => Basic::None,
        Some(Value::Bool(_)) => Basic::Bool,
        Some(Value::Number(n)) if n.is_f64() => Basic::Float,
        Some(Value::Number(_)) => Basic::Int,
        Some(Value::String(_)) => Basic::String,
        Some(_) => Basic::Other,
    }
}

fn eq(args: &[Held<'_>]) -> Result<bool, String> {
    let Some((first, others)) = args.split_first() else { return Ok(false) };
    if others.is_empty() {
        return Err("missing argument for comparison".to_string());
    }
    let a = first.as_deref();
    for other in others {
        let b = other.as_deref();
        match (basic(a), basic(b)) {
            (Basic::None, Basic::None) => return Ok(true),
            (Basic::None, _) | (_, Basic::None) => {}
            (Basic::Other, Basic::Other) => {
                let value = a.unwrap_or(&Value::Null);
                return Err(format!("non-comparable type {}: {}", go_value(value), type_name(value)));
            }
            (x, y) if x != y => return Err(incompatible(first, other)),
            _ if a == b => return Ok(true),
            _ => {}
        }
    }
    Ok(false)
}

fn incompatible(a: &Held<'_>, b: &Held<'_>) -> String {
    let name = |held: &Held<'_>| match held {
        Some(Cow::Owned(Value::Number(n))) if !n.is_f64() => "int",
        held => type_name(held.as_deref().unwrap_or(&Value::Null)),
    };
    ["incompatible types for comparison: ", name(a), " and ", name(b)].concat()
}

fn less(args: &[Held<'_>], i: usize, j: usize) -> Result<bool, String> {
    let (a, b) = (args.get(i).and_then(|h| h.as_deref()), args.get(j).and_then(|h| h.as_deref()));
    let (x, y) = (basic(a), basic(b));
    if matches!(x, Basic::None | Basic::Other) || matches!(y, Basic::None | Basic::Other) {
        return Err("invalid type for comparison".to_string());
    }
    if x != y {
        return Err(incompatible(args.get(i).unwrap_or(&None), args.get(j).unwrap_or(&None)));
    }
    match (a, b) {
        (Some(Value::String(a)), Some(Value::String(b))) => Ok(a < b),
        (Some(Value::Number(a)), Some(Value::Number(b))) => match (a.as_i64(), b.as_i64()) {
            (Some(a), Some(b)) => Ok(a < b),
            _ => Ok(a.as_f64() < b.as_f64()),
        },
        _ => Err("invalid type for comparison".to_string()),
    }
}

fn escape(args: &[Held<'_>], table: &[(char, &str)]) -> String {
    let mut out = String::new();
    for c in printf::print(args).chars() {
        match table.iter().find(|(from, _)| *from == c) {
            Some((_, to)) => out.push_str(to),
            None => out.push(c),
        }
    }
    out
}

fn url_query(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// All arguments as values, missing ones as null.
pub(super) fn values(args: &[Held<'_>]) -> Vec<Value> {
    args.iter().map(|held| held.as_deref().cloned().unwrap_or(Value::Null)).collect()
}
