//! Places in values: what lies at one, and values with another thing there or without it. Models jq's `jv_aux.c`.

use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cmp::Ordering;

use super::{Stop, fail};
use crate::arrange::Arrange;
use crate::shell::tools::jq::value::{V, put};

/// The largest list that assigning may make.
const MAX_LIST: usize = 100_000;

fn ends(key: &V, len: usize) -> (usize, usize) {
    let end = |name: &str, round_up: bool, other: usize| match key.get(name).and_then(V::as_f64) {
        None => other,
        Some(n) => {
            let n = if n < 0.0 { n + len as f64 } else { n };
            let whole = n as i64;
            let whole = if round_up && (whole as f64) < n { whole + 1 } else { whole };
            usize::try_from(whole).unwrap_or(0).min(len)
        }
    };
    (end("start", false, 0), end("end", true, len))
}

fn whole(n: f64, len: usize) -> Option<usize> {
    let n = if n < 0.0 && n as i64 as f64 != n { n as i64 - 1 } else { n as i64 };
    usize::try_from(if n < 0 { n + i64::try_from(len).ok()? } else { n }).ok()
}

/// `x[y]`
pub fn index(of: &V, key: &V) -> Result<V, Stop> {
    Ok(match (of, key) {
        (V::Null, V::Text(_) | V::Number(_) | V::Null | V::Object(_)) => V::Null,
        (V::Object(_), V::Text(name)) => of.get(name).cloned().unwrap_or(V::Null),
        (V::List(list), V::Number(n)) => {
            whole(n.as_f64().unwrap_or(0.0), list.len()).and_then(|at| list.get(at)).cloned().unwrap_or(V::Null)
        }
        (V::List(list), V::Object(_)) => {
            let (from, to) = ends(key, list.len());
            V::list(list.get(from..to).unwrap_or_default().to_vec())
        }
        (V::Text(text), V::Object(_)) => {
            let (from, to) = ends(key, text.chars().count());
            V::text(&text.chars().skip(from).take(to.saturating_sub(from)).collect::<String>())
        }
        (V::List(list), V::List(part)) => {
            let found = list
                .windows(part.len().max(1))
                .enumerate()
                .filter(|(_, window)| !part.is_empty() && window.iter().zip(part.iter()).all(|(a, b)| a.order(b) == Ordering::Equal));
            V::list(found.map(|(at, _)| V::count(at)).collect())
        }
        (of, V::Text(name)) => return fail(format!("Cannot index {} with string \"{name}\"", of.kind())),
        (of, key) => return fail(format!("Cannot index {} with {}", of.kind(), key.kind())),
    })
}

/// What lies at a path; nothing below nothing.
pub fn get(of: &V, path: &[V]) -> Result<V, Stop> {
    let mut value = of.clone();
    for key in path {
        value = index(&value, key)?;
    }
    Ok(value)
}

/// A value with another at a path.
pub fn set(of: &V, path: &[V], new: V) -> Result<V, Stop> {
    let Some((key, rest)) = path.split_first() else { return Ok(new) };
    let inner = set(&index(of, key)?, rest, new)?;
    match (of, key) {
        (V::Null, V::Text(name)) => Ok(V::Object(Rc::new(Vec::from([(Rc::clone(name), inner)])))),
        (V::Object(all), V::Text(name)) => {
            let mut all = all.to_vec();
            put(&mut all, Rc::clone(name), inner);
            Ok(V::Object(Rc::new(all)))
        }
        (V::Null | V::List(_), V::Number(n)) => {
            let mut all = if let V::List(all) = of { all.to_vec() } else { Vec::new() };
            let Some(at) = whole(n.as_f64().unwrap_or(0.0), all.len()).filter(|at| *at < MAX_LIST) else {
                return fail("Out of bounds negative array index".to_string());
            };
            if at >= all.len() {
                all.resize(at + 1, V::Null);
            }
            if let Some(place) = all.get_mut(at) {
                *place = inner;
            }
            Ok(V::list(all))
        }
        (V::Null | V::List(_), V::Object(_)) => {
            let all = if let V::List(all) = of { all.to_vec() } else { Vec::new() };
            let (from, to) = ends(key, all.len());
            let V::List(new) = inner else { return fail("A slice of an array can only be assigned another array".to_string()) };
            let before = all.iter().take(from);
            Ok(V::list(before.chain(new.iter()).chain(all.iter().skip(to.max(from))).cloned().collect()))
        }
        (of, key) => fail(format!("Cannot index {} with {}", of.kind(), key.kind())),
    }
}

/// A value without what lies at these paths.
pub fn delete(of: &V, mut paths: Vec<V>) -> Result<V, Stop> {
    paths.arrange_by(|a, b| b.order(a));
    let mut value = of.clone();
    for path in &paths {
        let V::List(keys) = path else { return fail("Path must be specified as an array".to_string()) };
        value = without(&value, keys)?;
    }
    Ok(value)
}

fn without(of: &V, path: &[V]) -> Result<V, Stop> {
    match (of, path) {
        (_, []) | (V::Null, _) => Ok(V::Null),
        (V::Object(all), [V::Text(name)]) => Ok(V::Object(Rc::new(all.iter().filter(|(key, _)| key != name).cloned().collect()))),
        (V::List(all), [V::Number(n)]) => {
            let gone = whole(n.as_f64().unwrap_or(0.0), all.len());
            Ok(V::list(all.iter().enumerate().filter(|(at, _)| Some(*at) != gone).map(|(_, one)| one.clone()).collect()))
        }
        (V::List(all), [key @ V::Object(_)]) => {
            let (from, to) = ends(key, all.len());
            Ok(V::list(all.iter().enumerate().filter(|(at, _)| !(from..to).contains(at)).map(|(_, one)| one.clone()).collect()))
        }
        (of, [key]) => fail(match key {
            V::Text(_) => format!("Cannot delete field at object index of {}", of.kind()),
            _ => format!("Cannot delete field at array index of {}", of.kind()),
        }),
        (of, [key, rest @ ..]) => {
            let inner = index(of, key)?;
            if matches!(inner, V::Null) { Ok(of.clone()) } else { set(of, core::slice::from_ref(key), without(&inner, rest)?) }
        }
    }
}
