//! What Kubernetes adds to the expressions: durations, times, quantities, addresses, sets, optionals. Such a value is an
//! object with one member whose name no object of the learner's has. Models apiserver `pkg/cel/library`.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::net::IpAddr;
use serde_json::{Map, Value};

use super::{Stop, compare, equal, overload};
use crate::object::quantity::Quantity;
use crate::text::{duration, timestamp};

const MARK: char = '\u{1}';

/// A value of a kind of its own.
pub(super) fn made(kind: &str, inner: impl Into<Value>) -> Value {
    let mut name = String::from(MARK);
    name.push_str(kind);
    Value::Object(Map::from_iter([(name, inner.into())]))
}

/// What such a value is, and what is in it.
pub(super) fn opened(value: &Value) -> Option<(&str, &Value)> {
    let (name, inner) = value.as_object().filter(|members| members.len() == 1)?.iter().next()?;
    Some((name.strip_prefix(MARK)?, inner))
}

/// An optional: with a value or without.
pub(super) fn optional(value: Option<Value>) -> Value {
    made("optional", value.into_iter().collect::<Vec<Value>>())
}

/// What is in an optional; the outer nothing is for what is none.
pub(super) fn held(value: &Value) -> Option<Option<&Value>> {
    match opened(value) {
        Some(("optional", Value::Array(items))) => Some(items.first()),
        _ => None,
    }
}

/// Two values of one kind compared.
pub(super) fn ordered(a: &Value, b: &Value) -> Option<Ordering> {
    match (opened(a)?, opened(b)?) {
        (("duration", a), ("duration", b)) | (("timestamp", a), ("timestamp", b)) => compare(a, b),
        (("quantity", a), ("quantity", b)) => amount(a)?.partial_cmp(&amount(b)?),
        _ => None,
    }
}

fn amount(value: &Value) -> Option<Quantity> {
    Quantity::parse(value.as_str()?).ok()
}

fn failed(parts: &[&str]) -> Stop {
    Stop::Failed(parts.concat())
}

/// Times and durations added and taken away, in nanoseconds and milliseconds.
pub(super) fn arithmetic(word: &str, a: &Value, b: &Value) -> Option<Value> {
    const MS: i64 = 1_000_000;
    let ((a_kind, a), (b_kind, b)) = (opened(a)?, opened(b)?);
    let (a, b) = (a.as_i64()?, b.as_i64()?);
    match (word, a_kind, b_kind) {
        ("+", "duration", "duration") => Some(made(a_kind, a.checked_add(b)?)),
        ("-", "duration", "duration") => Some(made(a_kind, a.checked_sub(b)?)),
        ("+", "timestamp", "duration") => Some(made(a_kind, a.checked_add(b / MS)?)),
        ("-", "timestamp", "duration") => Some(made(a_kind, a.checked_sub(b / MS)?)),
        ("-", "timestamp", "timestamp") => Some(made("duration", a.checked_sub(b)?.checked_mul(MS)?)),
        _ => None,
    }
}

fn block(text: &str) -> Option<(IpAddr, u32)> {
    let (address, bits) = text.split_once('/')?;
    let (address, bits) = (address.parse::<IpAddr>().ok()?, bits.parse::<u32>().ok()?);
    (bits <= if address.is_ipv4() { 32 } else { 128 }).then_some((address, bits))
}

/// The address as a number that has 128 bits for either family, and where the family's own begin.
fn wide(address: IpAddr) -> (u128, u32) {
    match address {
        IpAddr::V4(address) => (u128::from(u32::from(address)) << 96, 0),
        IpAddr::V6(address) => (u128::from(address), 1),
    }
}

fn contains(whole: (IpAddr, u32), part: (IpAddr, u32)) -> bool {
    let ((base, family), (address, other)) = (wide(whole.0), wide(part.0));
    let mask = u128::MAX.checked_shl(128_u32.saturating_sub(whole.1)).unwrap_or(0);
    family == other && part.1 >= whole.1 && base & mask == address & mask
}

fn full(address: IpAddr) -> (IpAddr, u32) {
    (address, if address.is_ipv4() { 32 } else { 128 })
}

fn is_url(text: &str) -> bool {
    crate::api::custom::formats::fits("uri", text)
}

/// A function that is called on nothing.
pub(super) fn function(name: &str, values: &[Value]) -> Result<Value, Stop> {
    let [Value::String(text)] = values else { return Err(Stop::Unknown) };
    Ok(match name {
        "duration" => match duration::parse_go(text) {
            Ok(nanos) => made(name, nanos),
            Err(_) => return Err(failed(&["invalid duration argument: ", text])),
        },
        "timestamp" => match timestamp::parse_rfc3339_ms(text) {
            Some(ms) => made(name, ms),
            None => return Err(failed(&["invalid timestamp argument: ", text])),
        },
        "quantity" => match Quantity::parse(text) {
            Ok(_) => made(name, text.as_str()),
            Err(why) => return Err(failed(&[why])),
        },
        "isQuantity" => Quantity::parse(text).is_ok().into(),
        "isIP" => text.parse::<IpAddr>().is_ok().into(),
        "isCIDR" => block(text).is_some().into(),
        "isURL" => is_url(text).into(),
        "ip" if text.parse::<IpAddr>().is_ok() => made(name, text.as_str()),
        "ip" => return Err(failed(&["IP Address \"", text, "\" parse error during conversion from string"])),
        "cidr" if block(text).is_some() => made(name, text.as_str()),
        "cidr" => return Err(failed(&["network address parse error during conversion from string: invalid CIDR address: ", text])),
        "url" if is_url(text) => made(name, text.as_str()),
        "url" => return Err(failed(&["URL parse error during conversion from string: ", text])),
        _ => return Err(Stop::Unknown),
    })
}

/// A function of a library with a name: `sets.contains`, `math.greatest`, `optional.of`.
pub(super) fn of_library(library: &str, name: &str, values: &[Value]) -> Result<Value, Stop> {
    let within = |list: &[Value], other: &[Value]| other.iter().all(|one| list.iter().any(|item| equal(item, one)));
    Ok(match (library, name, values) {
        ("optional", "none", []) => optional(None),
        ("optional", "of", [one]) => optional(Some(one.clone())),
        ("sets", "contains", [Value::Array(a), Value::Array(b)]) => within(a, b).into(),
        ("sets", "equivalent", [Value::Array(a), Value::Array(b)]) => (within(a, b) && within(b, a)).into(),
        ("sets", "intersects", [Value::Array(a), Value::Array(b)]) => a.iter().any(|one| b.iter().any(|other| equal(one, other))).into(),
        ("math", "greatest" | "least", [Value::Array(list)]) => extreme(name, list)?,
        ("math", "greatest" | "least", list) => extreme(name, list)?,
        _ => return Err(Stop::Unknown),
    })
}

fn extreme(name: &str, list: &[Value]) -> Result<Value, Stop> {
    let wanted = if name == "greatest" { Ordering::Greater } else { Ordering::Less };
    let best = list.iter().reduce(|best, one| if compare(one, best) == Some(wanted) { one } else { best });
    best.cloned().ok_or_else(overload)
}

/// A method of one of these values.
pub(super) fn method(own: &Value, name: &str, values: &[Value]) -> Result<Value, Stop> {
    let Some((kind, inner)) = opened(own) else { return Err(Stop::Unknown) };
    match (kind, inner) {
        ("optional", _) => of_optional(own, name, values),
        ("duration", inner) => of_duration(inner.as_i64().unwrap_or(0), name),
        ("quantity", Value::String(text)) => of_quantity(text, name, values),
        ("ip", Value::String(text)) => of_ip(text, name),
        ("cidr", Value::String(text)) => of_cidr(text, name, values),
        ("url", Value::String(text)) => of_url(text, name),
        _ => Err(Stop::Unknown),
    }
}

fn of_optional(own: &Value, name: &str, values: &[Value]) -> Result<Value, Stop> {
    let inner = held(own).flatten();
    Ok(match (name, values) {
        ("hasValue", []) => inner.is_some().into(),
        ("value", []) => inner.cloned().ok_or_else(|| failed(&["optional.none() dereference"]))?,
        ("orValue", [other]) => inner.unwrap_or(other).clone(),
        ("or", [other]) => if inner.is_some() { own } else { other }.clone(),
        _ => return Err(Stop::Unknown),
    })
}

fn of_duration(nanos: i64, name: &str) -> Result<Value, Stop> {
    let unit: i64 = match name {
        "getHours" => 3_600_000_000_000,
        "getMinutes" => 60_000_000_000,
        "getSeconds" => 1_000_000_000,
        "getMilliseconds" => 1_000_000,
        _ => return Err(Stop::Unknown),
    };
    Ok((nanos / unit).into())
}

fn of_quantity(text: &str, name: &str, values: &[Value]) -> Result<Value, Stop> {
    let own = Quantity::parse(text).map_err(|why| failed(&[why]))?;
    let other = match values {
        [] => None,
        [Value::Number(number)] => number.as_i64().map(|units| Quantity::from_units(units, own.format())),
        [one] => opened(one).and_then(|(_, inner)| amount(inner)),
        _ => return Err(Stop::Unknown),
    };
    let sign = |order: Option<Ordering>| order.map_or(0, |order| order as i64);
    Ok(match (name, other) {
        ("isLessThan", Some(other)) => (own < other).into(),
        ("isGreaterThan", Some(other)) => (own > other).into(),
        ("compareTo", Some(other)) => sign(own.partial_cmp(&other)).into(),
        ("add", Some(other)) => made("quantity", own.plus(other).print()),
        ("sub", Some(other)) => made("quantity", own.minus(other).print()),
        ("sign", None) => i64::from(!own.is_zero()).wrapping_mul(if own.is_negative() { -1 } else { 1 }).into(),
        ("isInteger", None) => (own.milli_value() % 1000 == 0).into(),
        ("asInteger", None) => own.value().into(),
        ("asApproximateFloat", None) => own.as_f64().into(),
        _ => return Err(Stop::Unknown),
    })
}

fn of_ip(text: &str, name: &str) -> Result<Value, Stop> {
    let address: IpAddr = text.parse().map_err(|_| overload())?;
    Ok(match name {
        "family" => if address.is_ipv4() { 4 } else { 6 }.into(),
        "isLoopback" => address.is_loopback().into(),
        "isUnspecified" => address.is_unspecified().into(),
        _ => return Err(Stop::Unknown),
    })
}

fn of_cidr(text: &str, name: &str, values: &[Value]) -> Result<Value, Stop> {
    let whole = block(text).ok_or_else(overload)?;
    let given = match values {
        [Value::String(text)] => Some(text.as_str()),
        [one] => opened(one).and_then(|(_, inner)| inner.as_str()),
        _ => None,
    };
    Ok(match (name, given) {
        ("containsIP", Some(text)) => text.parse::<IpAddr>().is_ok_and(|address| contains(whole, full(address))).into(),
        ("containsCIDR", Some(text)) => block(text).is_some_and(|part| contains(whole, part)).into(),
        ("prefixLength", None) => whole.1.into(),
        ("ip", None) => made("ip", whole.0.to_string()),
        _ => return Err(Stop::Unknown),
    })
}

fn of_url(text: &str, name: &str) -> Result<Value, Stop> {
    let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
    let (host, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let host = if scheme.is_empty() { "" } else { host.rsplit('@').next().unwrap_or(host) };
    let (name_of_host, port) = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit())).unwrap_or((host, ""));
    Ok(match name {
        "getScheme" => scheme,
        "getHost" => host,
        "getHostname" => name_of_host,
        "getPort" => port,
        "getEscapedPath" => path.split(['?', '#']).next().unwrap_or(""),
        _ => return Err(Stop::Unknown),
    }
    .into())
}
