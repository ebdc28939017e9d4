//! jq's functions of plain values: one row each. Never: those that run programs (`call`).

use alloc::format;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use super::eval::{place, plain, shown};
use super::texts::{self, words};
use super::value::{V, put};
use crate::arrange::Arrange;

/// Functions with the count of their arguments.
const NAMES: &[&str] = &[
    "add/0",
    "ascii_downcase/0",
    "ascii_upcase/0",
    "ceil/0",
    "contains/1",
    "delpaths/1",
    "endswith/1",
    "exp/0",
    "explode/0",
    "fabs/0",
    "flatten/1",
    "floor/0",
    "fromdate/0",
    "fromjson/0",
    "gmtime/0",
    "has/1",
    "implode/0",
    "index/1",
    "indices/1",
    "infinite/0",
    "isinfinite/0",
    "isnan/0",
    "isnormal/0",
    "join/1",
    "keys/0",
    "keys_unsorted/0",
    "length/0",
    "ltrimstr/1",
    "_match/2",
    "mktime/0",
    "nan/0",
    "not/0",
    "pow/2",
    "reverse/0",
    "rindex/1",
    "round/0",
    "rtrimstr/1",
    "setpath/2",
    "split/1",
    "split/2",
    "sqrt/0",
    "startswith/1",
    "strftime/1",
    "test/2",
    "tonumber/0",
    "tostring/0",
    "trim/0",
    "type/0",
    "utf8bytelength/0",
];

/// Whether there is such a function.
pub fn knows(name: &str, count: usize) -> bool {
    NAMES.iter().any(|one| one.split_once('/').is_some_and(|(own, number)| own == name && number == format!("{count}")))
}

fn items(value: &V) -> Result<&[V], String> {
    match value {
        V::List(all) => Ok(all),
        other => Err(format!("Cannot iterate over {}", shown(other))),
    }
}

fn number(value: &V) -> Result<f64, String> {
    value.as_f64().ok_or_else(|| format!("{} number required", shown(value)))
}

/// A function applied.
///
/// # Errors
/// jq's own sentence.
pub fn value(name: &str, input: &V, args: &[V]) -> Result<V, String> {
    if let Some(format) = name.strip_prefix('@') {
        return Ok(V::text(&texts::formatted(format, input)?));
    }
    match args {
        [] => alone(name, input),
        [arg] => with(name, input, arg),
        [first, second] => match name {
            "setpath" => match first {
                V::List(path) => place::set(input, path, second.clone()).map_err(said),
                _ => Err(String::from("Path must be specified as an array")),
            },
            "split" => texts::split_at(input, first, second),
            "test" => texts::test(input, first, second),
            "_match" => texts::matches(input, first, second),
            "pow" => Ok(V::float(power(number(first)?, number(second)?))),
            _ => Err(format!("{name}/2 is not defined")),
        },
        _ => Err(format!("{name}/{} is not defined", args.len())),
    }
}

fn said(stop: super::eval::Stop) -> String {
    match stop {
        super::eval::Stop::Error(why) => plain(&why),
        _ => String::new(),
    }
}

/// Whole powers by multiplication; the core has no `powf`.
fn power(base: f64, to: f64) -> f64 {
    let mut made = 1.0;
    for _ in 0..(to.abs() as u32).min(2000) {
        made *= base;
    }
    if to < 0.0 { 1.0 / made } else { made }
}

fn root(n: f64) -> f64 {
    if n <= 0.0 {
        return if n == 0.0 { 0.0 } else { f64::NAN };
    }
    let mut guess = if n > 1.0 { n } else { 1.0 };
    for _ in 0..1100 {
        let next = (guess + n / guess) / 2.0;
        if next >= guess {
            break;
        }
        guess = next;
    }
    guess
}

fn floor(n: f64) -> f64 {
    let whole = n as i64 as f64;
    if n.abs() >= 9e15 || whole <= n { if n.abs() >= 9e15 { n } else { whole } } else { whole - 1.0 }
}

fn of_number(name: &str, n: f64) -> Option<V> {
    Some(match name {
        "floor" => V::float(floor(n)),
        "ceil" => V::float(-floor(-n)),
        "round" => V::float(if n < 0.0 { -floor(-n + 0.5) } else { floor(n + 0.5) }),
        "fabs" => V::float(n.abs()),
        "sqrt" => V::float(root(n)),
        "isnan" => V::Bool(n.is_nan()),
        "isinfinite" => V::Bool(n.is_infinite() || n.abs() == f64::MAX),
        "isnormal" => V::Bool(n.is_normal()),
        _ => return None,
    })
}

/// Functions without an argument.
fn alone(name: &str, input: &V) -> Result<V, String> {
    if matches!(name, "floor" | "ceil" | "round" | "fabs" | "sqrt" | "isnan" | "isinfinite" | "isnormal") {
        return of_number(name, number(input)?).ok_or_else(String::new);
    }
    Ok(match (name, input) {
        ("not", _) => V::Bool(!input.holds()),
        ("length", V::Null) => V::count(0),
        ("length", V::Text(text)) => V::count(text.chars().count()),
        ("length", V::List(all)) => V::count(all.len()),
        ("length", V::Object(all)) => V::count(all.len()),
        ("length", V::Number(n)) => V::float(n.as_f64().unwrap_or(0.0).abs()),
        ("length", other) => return Err(format!("{} has no length", shown(other))),
        ("utf8bytelength", V::Text(text)) => V::count(text.len()),
        ("utf8bytelength", other) => return Err(format!("{} only strings have UTF-8 byte length", shown(other))),
        ("keys" | "keys_unsorted", V::Object(all)) => {
            let mut keys: Vec<V> = all.iter().map(|(k, _)| V::Text(k.clone())).collect();
            if name == "keys" {
                keys.arrange_by(V::order);
            }
            V::list(keys)
        }
        ("keys" | "keys_unsorted", V::List(all)) => V::list((0..all.len()).map(V::count).collect()),
        ("keys" | "keys_unsorted", other) => return Err(format!("{} has no keys", shown(other))),
        ("type", _) => V::text(input.kind()),
        ("tostring", _) => V::text(&plain(input)),
        ("fromjson", _) => match super::read::one(words(input)?) {
            Some(value) => value,
            None => return Err(format!("{} (while parsing '{}')", "Invalid numeric literal at EOF at line 1, column 1", words(input)?)),
        },
        ("tonumber", V::Number(_)) => input.clone(),
        ("tonumber", V::Text(text)) => match text.trim().parse::<f64>() {
            Ok(number) => V::float(number),
            Err(_) => return Err(format!("{} cannot be parsed as a number", shown(input))),
        },
        ("tonumber", other) => return Err(format!("{} cannot be parsed as a number", shown(other))),
        ("ascii_downcase", V::Text(text)) => V::text(&text.to_ascii_lowercase()),
        ("ascii_upcase", V::Text(text)) => V::text(&text.to_ascii_uppercase()),
        ("ascii_downcase" | "ascii_upcase", _) => return Err(format!("{name} input must be a string")),
        ("trim", V::Text(text)) => V::text(text.trim()),
        ("trim", other) => return Err(format!("{} cannot be trimmed", shown(other))),
        ("explode", V::Text(text)) => V::list(text.chars().map(|c| V::count(c as usize)).collect()),
        ("explode", other) => return Err(format!("{} cannot be exploded", shown(other))),
        ("implode", _) => {
            let code = |one: &V| one.as_f64().and_then(|n| char::from_u32(n as u32)).unwrap_or('\u{fffd}');
            V::text(&items(input)?.iter().map(code).collect::<String>())
        }
        ("reverse", V::Null) => V::list(Vec::new()),
        ("reverse", V::Text(text)) => V::text(&text.chars().rev().collect::<String>()),
        ("reverse", _) => V::list(items(input)?.iter().rev().cloned().collect()),
        ("add", V::Object(all)) => sum(all.iter().map(|(_, v)| v))?,
        ("add", _) => sum(items(input)?.iter())?,
        ("infinite", _) => V::float(f64::MAX),
        ("nan", _) => V::Null,
        ("fromdate" | "mktime" | "gmtime", _) => texts::date(name, input)?,
        _ => return Err(format!("{name}/0 is not defined")),
    })
}

fn sum<'a>(all: impl Iterator<Item = &'a V>) -> Result<V, String> {
    let mut total = V::Null;
    for one in all {
        total = super::call::two("+", &total, one)?;
    }
    Ok(total)
}

fn flatten(list: &[V], depth: f64, all: &mut Vec<V>) {
    for one in list {
        match one {
            V::List(inner) if depth > 0.0 => flatten(inner, depth - 1.0, all),
            other => all.push(other.clone()),
        }
    }
}

/// Functions of the input and one value.
fn with(name: &str, input: &V, arg: &V) -> Result<V, String> {
    Ok(match (name, input, arg) {
        ("has", V::Object(_), V::Text(key)) => V::Bool(input.get(key).is_some()),
        ("has", V::List(all), V::Number(n)) => V::Bool(n.as_f64().is_some_and(|n| n >= 0.0 && (n as usize) < all.len())),
        ("has", ..) => return Err(format!("Cannot check whether {} has a {} key", input.kind(), arg.kind())),
        ("contains", ..) if input.kind() == arg.kind() => V::Bool(contains(input, arg)),
        ("contains", ..) => return Err(format!("{} and {} cannot have their containment checked", shown(input), shown(arg))),
        ("startswith" | "endswith", V::Text(text), V::Text(part)) => {
            V::Bool(if name == "startswith" { text.starts_with(&**part) } else { text.ends_with(&**part) })
        }
        ("startswith" | "endswith", ..) => return Err(format!("{name}() requires string inputs")),
        ("ltrimstr", V::Text(text), V::Text(part)) => V::text(text.strip_prefix(&**part).unwrap_or(text)),
        ("rtrimstr", V::Text(text), V::Text(part)) => V::text(text.strip_suffix(&**part).unwrap_or(text)),
        ("ltrimstr" | "rtrimstr", ..) => input.clone(),
        ("split", V::Text(text), V::Text(by)) => texts::split(text, by),
        ("split", ..) => return Err(String::from("split input and separator must be strings")),
        ("join", _, V::Text(by)) => {
            let mut out = String::new();
            for (at, one) in items(input)?.iter().enumerate() {
                if at > 0 {
                    out.push_str(by);
                }
                match one {
                    V::Null => {}
                    V::List(_) | V::Object(_) => {
                        return Err(format!("{} and {} cannot be added", shown(&V::text(&out)), shown(one)));
                    }
                    other => out.push_str(&plain(other)),
                }
            }
            V::text(&out)
        }
        ("flatten", ..) => {
            let mut all = Vec::new();
            flatten(items(input)?, number(arg)?, &mut all);
            V::list(all)
        }
        ("index" | "rindex" | "indices", V::Null, _) => V::Null,
        ("index" | "rindex" | "indices", ..) => {
            let all = indices(input, arg)?;
            match name {
                "index" => all.first().cloned().unwrap_or(V::Null),
                "rindex" => all.last().cloned().unwrap_or(V::Null),
                _ => V::list(all),
            }
        }
        ("delpaths", _, V::List(paths)) => place::delete(input, paths.to_vec()).map_err(said)?,
        ("delpaths", ..) => return Err(String::from("Paths must be specified as an array")),
        ("strftime", ..) => texts::date_text(input, arg)?,
        _ => return Err(format!("{name}/1 is not defined")),
    })
}

fn indices(input: &V, of: &V) -> Result<Vec<V>, String> {
    Ok(match (input, of) {
        (V::Text(text), V::Text(part)) => {
            let places = (0..text.len()).filter(|at| !part.is_empty() && text.get(*at..).is_some_and(|rest| rest.starts_with(&**part)));
            places.map(|at| V::count(text.get(..at).unwrap_or_default().chars().count())).collect()
        }
        (V::List(_), V::List(_)) => match place::index(input, of).map_err(said)? {
            V::List(all) => all.to_vec(),
            _ => Vec::new(),
        },
        (V::List(all), one) => {
            all.iter().enumerate().filter(|(_, v)| v.order(one) == Ordering::Equal).map(|(at, _)| V::count(at)).collect()
        }
        (input, of) => return Err(format!("Cannot determine indices of {} in {}", shown(of), shown(input))),
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

/// A list by keys: sorted, grouped, without doubles, the least, the greatest.
pub fn arranged(how: &str, list: &V, keys: &V) -> V {
    let (V::List(list), V::List(keys)) = (list, keys) else { return V::Null };
    let mut keyed: Vec<(V, V)> = keys.iter().cloned().zip(list.iter().cloned()).collect();
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

/// An object of a text's parts.
pub fn object(members: &[(&str, V)]) -> V {
    let mut all: Vec<(Rc<str>, V)> = Vec::new();
    members.iter().for_each(|(key, value)| put(&mut all, Rc::from(*key), value.clone()));
    V::Object(Rc::new(all))
}
