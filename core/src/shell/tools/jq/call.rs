//! jq's functions, operators and formats: one row each. Never: how a program is walked (`eval`).

use alloc::format;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use super::eval::{Eval, Values, plain, shown};
use super::parse::Expr;
use super::value::V;
use crate::arrange::Arrange;
use crate::text::base64;
use crate::text::regex::{Regex, Syntax};

/// An operator on two values.
///
/// # Errors
/// jq's own sentence.
pub fn two(operator: &str, a: &V, b: &V) -> Result<V, String> {
    let order = a.order(b);
    let truth = match operator {
        "==" => Some(order == Ordering::Equal),
        "!=" => Some(order != Ordering::Equal),
        "<" => Some(order == Ordering::Less),
        "<=" => Some(order != Ordering::Greater),
        ">" => Some(order == Ordering::Greater),
        ">=" => Some(order != Ordering::Less),
        _ => None,
    };
    if let Some(truth) = truth {
        return Ok(V::Bool(truth));
    }
    match (operator, a, b) {
        ("+", V::Null, other) | ("+", other, V::Null) => Ok(other.clone()),
        ("+", V::Text(x), V::Text(y)) => Ok(V::text(&[&**x, &**y].concat())),
        ("+", V::List(x), V::List(y)) => Ok(V::list(x.iter().chain(y.iter()).cloned().collect())),
        ("+", V::Object(x), V::Object(y)) => {
            let mut all: Vec<(Rc<str>, V)> = x.iter().filter(|(k, _)| b.get(k).is_none()).cloned().collect();
            all.extend(y.iter().cloned());
            Ok(V::Object(Rc::new(all)))
        }
        ("-", V::List(x), V::List(y)) => {
            let kept = x.iter().filter(|v| !y.iter().any(|w| v.order(w) == Ordering::Equal));
            Ok(V::list(kept.cloned().collect()))
        }
        ("/", V::Text(x), V::Text(y)) => Ok(V::list(x.split(&**y).map(V::text).collect())),
        ("/" | "%", V::Number(_), V::Number(y)) if y.as_f64() == Some(0.0) => {
            Err(format!("{} and {} cannot be divided because the divisor is zero", shown(a), shown(b)))
        }
        (_, V::Number(x), V::Number(y)) => {
            let (x, y) = (x.as_f64().unwrap_or(0.0), y.as_f64().unwrap_or(0.0));
            Ok(V::float(match operator {
                "+" => x + y,
                "-" => x - y,
                "*" => x * y,
                "/" => x / y,
                _ => x % y,
            }))
        }
        _ => {
            let done = match operator {
                "+" => "added",
                "-" => "subtracted",
                "*" => "multiplied",
                _ => "divided",
            };
            Err(format!("{} and {} cannot be {done}", shown(a), shown(b)))
        }
    }
}

/// `@text`, `@base64` and their like.
///
/// # Errors
/// jq's own sentence.
pub fn formatted(name: &str, value: &V) -> Result<String, String> {
    let cells = |act: fn(&V) -> String, by: &str| match value {
        V::List(all) => Ok(all.iter().map(act).collect::<Vec<_>>().join(by)),
        other => Err(format!("{} cannot be {name}-formatted, only an array can be", shown(other))),
    };
    match name {
        "text" => Ok(plain(value)),
        "json" => Ok(value.compact()),
        "base64" => Ok(base64::encode(plain(value).as_bytes())),
        "base64d" => match base64::decode(plain(value).trim()) {
            Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
            Err(_) => Err(format!("{} is not valid base64 data", shown(value))),
        },
        "tsv" => cells(|v| if matches!(v, V::Null) { String::new() } else { plain(v).replace('\t', "\\t").replace('\n', "\\n") }, "\t"),
        "csv" => cells(
            |v| match v {
                V::Null => String::new(),
                V::Text(text) => ["\"", &text.replace('"', "\"\""), "\""].concat(),
                other => plain(other),
            },
            ",",
        ),
        "sh" => Ok(["'", &plain(value).replace('\'', "'\\''"), "'"].concat()),
        _ => Err(format!("{name} is not a valid format")),
    }
}

fn items(value: &V) -> Result<&[V], String> {
    match value {
        V::List(all) => Ok(all),
        other => Err(format!("Cannot iterate over {}", shown(other))),
    }
}

fn words(value: &V) -> Result<&str, String> {
    match value {
        V::Text(text) => Ok(text),
        other => Err(format!("{} is not a string", shown(other))),
    }
}

fn pair(key: &str, value: V) -> (Rc<str>, V) {
    (key.into(), value)
}

/// A function.
///
/// # Errors
/// jq's own sentence.
pub fn call(eval: &mut Eval<'_>, name: &str, args: &[Expr], input: &V) -> Values {
    if let Some(format) = name.strip_prefix('@') {
        return Ok(Vec::from([V::text(&formatted(format, input)?)]));
    }
    let one = |value: V| Ok(Vec::from([value]));
    match (name, args) {
        ("empty", []) => Ok(Vec::new()),
        ("error", _) => Err(plain(input)),
        ("not", []) => one(V::Bool(!input.holds())),
        ("select", [test]) => Ok(eval.run(test, input)?.iter().filter(|v| v.holds()).map(|_| input.clone()).collect()),
        ("recurse", []) => eval.run(&Expr::All, input),
        ("map", [act]) => {
            let mut all = Vec::new();
            for item in items(input)? {
                all.extend(eval.run(act, item)?);
            }
            one(V::list(all))
        }
        ("map_values", [act]) => map_values(eval, act, args, input),
        ("first" | "last" | "any" | "all", [act]) if matches!(name, "first" | "last") => {
            let all = eval.run(act, input)?;
            Ok(if name == "first" { all.into_iter().take(1).collect() } else { all.into_iter().next_back().into_iter().collect() })
        }
        ("any" | "all", _) => {
            let mut truths = Vec::new();
            for item in items(input)? {
                match args {
                    [test] => truths.extend(eval.run(test, item)?.iter().map(V::holds)),
                    _ => truths.push(item.holds()),
                }
            }
            one(V::Bool(if name == "any" { truths.contains(&true) } else { !truths.contains(&false) }))
        }
        ("sort_by" | "group_by" | "unique_by" | "min_by" | "max_by", [key]) => {
            let mut keyed = Vec::new();
            for item in items(input)? {
                keyed.push((V::list(eval.run(key, item)?), item.clone()));
            }
            one(arranged(name.trim_end_matches("_by"), keyed))
        }
        ("sort" | "unique" | "min" | "max", []) => {
            let keyed = items(input)?.iter().map(|item| (item.clone(), item.clone())).collect();
            one(arranged(name, keyed))
        }
        ("with_entries", [act]) => with_entries(eval, act, input),
        ("range", [end]) => {
            let end = eval.run(end, input)?.first().map(plain).and_then(|n| n.parse::<f64>().ok()).unwrap_or(0.0);
            Ok((0..end.clamp(0.0, 100_000.0) as usize).map(V::count).collect())
        }
        (_, [arg]) => {
            let mut all = Vec::new();
            for value in eval.run(arg, input)? {
                all.push(with(name, input, &value)?);
            }
            Ok(all)
        }
        (_, [from, to]) if matches!(name, "gsub" | "sub") => {
            let (from, to) = (eval.run(from, input)?, eval.run(to, input)?);
            let (Some(from), Some(to)) = (from.first(), to.first()) else { return Ok(Vec::new()) };
            one(V::text(&replaced(words(input)?, words(from)?, words(to)?, name == "gsub")?))
        }
        (_, []) => one(alone(name, input)?),
        _ => Err(undefined(name, args.len())),
    }
}

fn map_values(eval: &mut Eval<'_>, act: &Expr, args: &[Expr], input: &V) -> Values {
    let V::Object(all) = input else { return call(eval, "map", args, input) };
    let mut made = Vec::new();
    for (key, value) in all.iter() {
        made.extend(eval.run(act, value)?.into_iter().take(1).map(|v| (key.clone(), v)));
    }
    Ok(Vec::from([V::Object(Rc::new(made))]))
}

fn with_entries(eval: &mut Eval<'_>, act: &Expr, input: &V) -> Values {
    let entries = call(eval, "to_entries", &[], input)?;
    let mut changed = Vec::new();
    for entries in &entries {
        changed.extend(call(eval, "map", core::slice::from_ref(act), entries)?);
    }
    match changed.first() {
        Some(changed) => call(eval, "from_entries", &[], changed),
        None => Ok(Vec::new()),
    }
}

fn undefined(name: &str, count: usize) -> String {
    format!("{name}/{count} is not defined")
}

/// Lists by keys: sorted, grouped, without doubles, the least, the greatest.
fn arranged(how: &str, mut keyed: Vec<(V, V)>) -> V {
    keyed.arrange_by(|a, b| a.0.order(&b.0));
    let same = |a: &(V, V), b: &(V, V)| a.0.order(&b.0) == Ordering::Equal;
    match how {
        "min" => keyed.into_iter().next().map_or(V::Null, |(_, v)| v),
        "max" => keyed.into_iter().next_back().map_or(V::Null, |(_, v)| v),
        "group" => {
            let groups = keyed.chunk_by(same).map(|group| V::list(group.iter().map(|(_, v)| v.clone()).collect()));
            V::list(groups.collect())
        }
        "unique" => V::list(keyed.chunk_by(same).filter_map(|group| group.first()).map(|(_, v)| v.clone()).collect()),
        _ => V::list(keyed.into_iter().map(|(_, v)| v).collect()),
    }
}

/// Functions without an argument.
fn alone(name: &str, input: &V) -> Result<V, String> {
    Ok(match (name, input) {
        ("length", V::Null) => V::count(0),
        ("length", V::Text(text)) => V::count(text.chars().count()),
        ("length", V::List(all)) => V::count(all.len()),
        ("length", V::Object(all)) => V::count(all.len()),
        ("length", V::Number(n)) => V::float(n.as_f64().unwrap_or(0.0).abs()),
        ("length", other) => return Err(format!("{} has no length", shown(other))),
        ("keys" | "keys_unsorted", V::Object(all)) => {
            let mut keys: Vec<V> = all.iter().map(|(k, _)| V::Text(k.clone())).collect();
            if name == "keys" {
                keys.arrange_by(V::order);
            }
            V::list(keys)
        }
        ("keys" | "keys_unsorted", V::List(all)) => V::list((0..all.len()).map(V::count).collect()),
        ("keys" | "keys_unsorted", other) => return Err(format!("{} has no keys", shown(other))),
        ("values", _) => input.clone(),
        ("type", _) => V::text(input.kind()),
        ("tostring", _) => V::text(&plain(input)),
        ("tojson", _) => V::text(&input.compact()),
        ("fromjson", _) => match crate::text::json::parse(words(input)?) {
            Ok(value) => V::of(&value),
            Err(_) => return Err(format!("{} cannot be parsed as JSON", shown(input))),
        },
        ("tonumber", V::Number(_)) => input.clone(),
        ("tonumber", other) => match plain(other).trim().parse::<f64>() {
            Ok(number) => V::float(number),
            Err(_) => return Err(format!("{} cannot be parsed as a number", shown(other))),
        },
        ("ascii_downcase", _) => V::text(&words(input)?.to_ascii_lowercase()),
        ("ascii_upcase", _) => V::text(&words(input)?.to_ascii_uppercase()),
        ("first", _) => items(input)?.first().cloned().unwrap_or(V::Null),
        ("last", _) => items(input)?.last().cloned().unwrap_or(V::Null),
        ("reverse", _) => V::list(items(input)?.iter().rev().cloned().collect()),
        ("add", V::Object(all)) => sum(all.iter().map(|(_, v)| v))?,
        ("add", _) => sum(items(input)?.iter())?,
        ("flatten", _) => {
            let mut all = Vec::new();
            flatten(items(input)?, &mut all);
            V::list(all)
        }
        ("floor", V::Number(n)) => V::float(n.as_f64().unwrap_or(0.0) as i64 as f64),
        ("to_entries", V::Object(all)) => {
            let entry = |(k, v): &(Rc<str>, V)| V::Object(Rc::new(Vec::from([pair("key", V::Text(k.clone())), pair("value", v.clone())])));
            V::list(all.iter().map(entry).collect())
        }
        ("from_entries", _) => {
            let entry = |one: &V| {
                let key = ["key", "k", "name", "Name"].iter().find_map(|k| one.get(k)).map(plain).unwrap_or_default();
                let value = ["value", "v", "Value"].iter().find_map(|k| one.get(k)).cloned().unwrap_or(V::Null);
                pair(&key, value)
            };
            V::Object(Rc::new(items(input)?.iter().map(entry).collect()))
        }
        _ => return Err(undefined(name, 0)),
    })
}

fn sum<'a>(all: impl Iterator<Item = &'a V>) -> Result<V, String> {
    let mut total = V::Null;
    for one in all {
        total = two("+", &total, one)?;
    }
    Ok(total)
}

fn flatten(list: &[V], all: &mut Vec<V>) {
    for one in list {
        match one {
            V::List(inner) => flatten(inner, all),
            other => all.push(other.clone()),
        }
    }
}

/// Functions of the input and one value.
fn with(name: &str, input: &V, arg: &V) -> Result<V, String> {
    Ok(match (name, input) {
        ("has", V::Object(_)) => V::Bool(input.get(words(arg)?).is_some()),
        ("has", V::List(all)) => V::Bool(matches!(arg, V::Number(n) if n.as_u64().is_some_and(|n| (n as usize) < all.len()))),
        ("contains", _) => V::Bool(contains(input, arg)),
        ("inside", _) => V::Bool(contains(arg, input)),
        ("startswith", _) => V::Bool(words(input)?.starts_with(words(arg)?)),
        ("endswith", _) => V::Bool(words(input)?.ends_with(words(arg)?)),
        ("ltrimstr", V::Text(text)) => V::text(text.strip_prefix(words(arg)?).unwrap_or(text)),
        ("rtrimstr", V::Text(text)) => V::text(text.strip_suffix(words(arg)?).unwrap_or(text)),
        ("split", _) => two("/", input, arg)?,
        ("join", _) => {
            let texts: Vec<String> = items(input)?.iter().map(|v| if matches!(v, V::Null) { String::new() } else { plain(v) }).collect();
            V::text(&texts.join(words(arg)?))
        }
        ("index", V::Text(text)) => {
            text.find(words(arg)?).map_or(V::Null, |at| V::count(text.get(..at).unwrap_or_default().chars().count()))
        }
        ("test", _) => V::Bool(compiled(words(arg)?)?.is_match(words(input)?)),
        _ => return Err(undefined(name, 1)),
    })
}

fn contains(whole: &V, part: &V) -> bool {
    match (whole, part) {
        (V::Text(a), V::Text(b)) => a.contains(&**b),
        (V::List(a), V::List(b)) => b.iter().all(|y| a.iter().any(|x| contains(x, y))),
        (V::Object(_), V::Object(b)) => b.iter().all(|(k, y)| whole.get(k).is_some_and(|x| contains(x, y))),
        (a, b) => a.order(b) == Ordering::Equal,
    }
}

fn compiled(pattern: &str) -> Result<Regex, String> {
    Regex::new(pattern, Syntax::Extended, false).map_err(|_| format!("{pattern} is not a valid regex"))
}

/// A text with the first match, or with all, replaced.
fn replaced(text: &str, pattern: &str, with: &str, all: bool) -> Result<String, String> {
    let regex = compiled(pattern)?;
    let mut out = String::new();
    let mut at = 0;
    while let Some((from, to)) = regex.find(text, at) {
        out.push_str(text.get(at..from).unwrap_or_default());
        out.push_str(with);
        at = to;
        if !all || to == from {
            break;
        }
    }
    out.push_str(text.get(at..).unwrap_or_default());
    Ok(out)
}
