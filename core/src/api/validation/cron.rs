//! Whether a schedule is one, with the texts of robfig/cron's standard parser, and whether its time zone is.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use super::field::Errors;
use crate::object::value::at;

/// The least and the most that a field takes, and the names it knows.
struct Bounds {
    low: u64,
    high: u64,
    names: &'static str,
}

const FIELDS: &[Bounds] = &[
    Bounds { low: 0, high: 59, names: "" },
    Bounds { low: 0, high: 23, names: "" },
    Bounds { low: 1, high: 31, names: "" },
    Bounds { low: 1, high: 12, names: "jan feb mar apr may jun jul aug sep oct nov dec" },
    Bounds { low: 0, high: 6, names: "sun mon tue wed thu fri sat" },
];

/// The schedules that have a name.
const NAMED: &[&str] = &["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];

/// What is wrong with a schedule.
pub fn check(schedule: &str) -> Result<(), String> {
    let spec = match schedule.strip_prefix("TZ=").or_else(|| schedule.strip_prefix("CRON_TZ=")) {
        Some(rest) => rest.split_once(' ').map_or("", |(_, rest)| rest.trim()),
        None => schedule,
    };
    if spec.is_empty() {
        return Err("empty spec string".to_string());
    }
    if spec.starts_with('@') {
        return named(spec);
    }
    let fields: Vec<&str> = spec.split_whitespace().collect();
    if fields.len() != FIELDS.len() {
        return Err(format!("expected exactly 5 fields, found {}: [{}]", fields.len(), fields.join(" ")));
    }
    for (text, bounds) in fields.iter().zip(FIELDS) {
        for range in text.split(',') {
            check_range(range, bounds)?;
        }
    }
    Ok(())
}

fn named(spec: &str) -> Result<(), String> {
    if NAMED.contains(&spec) {
        return Ok(());
    }
    if let Some(period) = spec.strip_prefix("@every ") {
        return crate::text::duration::parse_go(period).map(|_| ()).map_err(|why| format!("failed to parse duration {spec}: {why}"));
    }
    Err(format!("unrecognized descriptor: {spec}"))
}

fn check_range(text: &str, bounds: &Bounds) -> Result<(), String> {
    let mut parts = text.split('/');
    let range = parts.next().unwrap_or_default();
    let step = parts.next();
    let ends: Vec<&str> = range.split('-').collect();
    let (start, mut end) = match ends.as_slice() {
        ["*" | "?", ..] => (bounds.low, bounds.high),
        [one] => (number(one, bounds)?, number(one, bounds)?),
        [from, to] => (number(from, bounds)?, number(to, bounds)?),
        _ => return Err(format!("too many hyphens: {text}")),
    };
    let step = match step {
        None => 1,
        Some(step) => {
            if ends.len() == 1 {
                end = bounds.high;
            }
            integer(step)?
        }
    };
    if parts.next().is_some() {
        return Err(format!("too many slashes: {text}"));
    }
    if start < bounds.low {
        return Err(format!("beginning of range ({start}) below minimum ({}): {text}", bounds.low));
    }
    if end > bounds.high {
        return Err(format!("end of range ({end}) above maximum ({}): {text}", bounds.high));
    }
    if start > end {
        return Err(format!("beginning of range ({start}) beyond end of range ({end}): {text}"));
    }
    if step == 0 {
        return Err(format!("step of range should be a positive number: {text}"));
    }
    Ok(())
}

fn number(text: &str, bounds: &Bounds) -> Result<u64, String> {
    let lower = text.to_lowercase();
    match bounds.names.split(' ').position(|name| !name.is_empty() && name == lower) {
        Some(at) => Ok(bounds.low.saturating_add(at as u64)),
        None => integer(text),
    }
}

fn integer(text: &str) -> Result<u64, String> {
    let parsed: Result<i64, _> = text.parse();
    match parsed {
        Ok(number) if number < 0 => Err(format!("negative number ({number}) not allowed: {text}")),
        Ok(number) => Ok(number.unsigned_abs()),
        Err(_) => {
            let quoted = crate::text::quote::quote(text);
            Err(format!("failed to parse int from {text}: strconv.Atoi: parsing {quoted}: invalid syntax"))
        }
    }
}

/// The names of the time zone database, by area; those that are in none after a dash.
const ZONES: &str = include_str!("../../../data/zones.txt");

fn is_zone(name: &str) -> bool {
    let (area, city) = name.split_once('/').unwrap_or(("-", name));
    let mut areas = ZONES.lines().filter_map(|line| line.split_once(' '));
    areas.any(|(known, cities)| known == area && cities.split(' ').any(|known| known == city))
}

/// The time zone of a schedule.
pub fn zone(spec: &Value, errors: &mut Errors) {
    let Some(zone) = at(spec, "timeZone").and_then(Value::as_str) else { return };
    const FIELD: &str = "spec.timeZone";
    if zone.is_empty() {
        errors.invalid(FIELD, zone, "timeZone must be nil or non-empty string");
    } else if zone.eq_ignore_ascii_case("local") {
        errors.invalid(FIELD, zone, "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones");
    } else if !is_zone(zone) {
        errors.invalid(FIELD, zone, ["unknown time zone ", zone].concat());
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn schedules() {
        for good in ["*/5 * * * *", "0 0 1 jan mon-fri", "@daily", "@every 5m", "1,2,3-5/2 * * * ?"] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for (bad, text) in [
            ("every day", "expected exactly 5 fields, found 2: [every day]"),
            ("70 * * * *", "end of range (70) above maximum (59): 70"),
            ("* * 0 * *", "beginning of range (0) below minimum (1): 0"),
            ("5-3 * * * *", "beginning of range (5) beyond end of range (3): 5-3"),
            ("x * * * *", "failed to parse int from x: strconv.Atoi: parsing \"x\": invalid syntax"),
            ("*/0 * * * *", "step of range should be a positive number: */0"),
            ("@often", "unrecognized descriptor: @often"),
            ("", "empty spec string"),
        ] {
            assert_eq!(check(bad).unwrap_err(), text);
        }
    }
}
