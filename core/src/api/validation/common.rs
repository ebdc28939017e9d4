//! Rules that many kinds share: names, labels, selectors, numbers, percentages, ports, quantities.
//! Models kubernetes `pkg/apis/core/validation` and apimachinery `util/validation`.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Map, Value};

use super::field::{Errors, join, nth};
use crate::object::names;
use crate::object::selector::Selector;
use crate::object::value::{at, i64_at, items_at, map_at, pairs_at, text_at};

/// The text of a number below zero.
pub const NOT_NEGATIVE: &str = "must be greater than or equal to 0";
/// The text of a port out of range.
pub const PORT_RANGE: &str = "must be between 1 and 65535, inclusive";
/// The text of a field that may not change.
pub const IMMUTABLE: &str = "field is immutable";

/// A number at `field` of `object`, when there is one, must not be negative.
pub fn not_negative(object: &Value, field: &str, path: &str, errors: &mut Errors) {
    if let Some(number) = i64_at(object, field).filter(|number| *number < 0) {
        errors.invalid(&join(path, field), number, NOT_NEGATIVE);
    }
}

/// One of the words allowed, or required when `must` and there is none.
pub fn one_of(object: &Value, field: &str, path: &str, allowed: &[&str], must: bool, errors: &mut Errors) {
    let text = text_at(object, field);
    if text.is_empty() {
        if must {
            errors.required(&join(path, field), "");
        }
    } else if !allowed.contains(&text) {
        errors.unsupported(&join(path, field), text, allowed);
    }
}

/// Text that must be there.
pub fn needed(object: &Value, field: &str, path: &str, errors: &mut Errors) -> bool {
    let there = !text_at(object, field).is_empty();
    if !there {
        errors.required(&join(path, field), "");
    }
    there
}

/// Labels (also a nodeSelector or a map selector).
pub fn labels(holder: &Value, field: &str, path: &str, errors: &mut Errors) {
    let path = join(path, field);
    for (key, value) in pairs_at(holder, field) {
        errors.each(&path, key, names::qualified_name(key));
        errors.each(&path, value, names::label_value(value));
    }
}

/// Annotations: keys are qualified names whatever their case, and all together are bounded.
pub fn annotations(holder: &Value, path: &str, errors: &mut Errors) {
    const LIMIT: usize = 256 * 1024;
    let path = join(path, "annotations");
    let mut size = 0_usize;
    for (key, value) in pairs_at(holder, "annotations") {
        errors.each(&path, key, names::qualified_name(&key.to_lowercase()));
        size = size.saturating_add(key.len()).saturating_add(value.len());
    }
    if size > LIMIT {
        errors.too_long(&path, LIMIT);
    }
}

/// A LabelSelector.
pub fn label_selector(selector: &Value, path: &str, errors: &mut Errors) {
    labels(selector, "matchLabels", path, errors);
    for (number, expression) in items_at(selector, "matchExpressions").iter().enumerate() {
        let path = nth(&join(path, "matchExpressions"), number);
        let values = items_at(expression, "values");
        match text_at(expression, "operator") {
            "In" | "NotIn" => {
                if values.is_empty() {
                    errors.required(&join(&path, "values"), "must be specified when `operator` is 'In' or 'NotIn'");
                }
            }
            "Exists" | "DoesNotExist" => {
                if !values.is_empty() {
                    errors.forbidden(&join(&path, "values"), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                }
            }
            other => errors.invalid(&join(&path, "operator"), other, "not a valid selector operator"),
        }
        let key = text_at(expression, "key");
        errors.each(&join(&path, "key"), key, names::qualified_name(key));
        for (number, value) in values.iter().filter_map(Value::as_str).enumerate() {
            errors.each(&nth(&join(&path, "values"), number), value, names::label_value(value));
        }
    }
}

/// Whether a LabelSelector has no conditions.
pub fn selects_everything(selector: &Value) -> bool {
    map_at(selector, "matchLabels").is_none_or(Map::is_empty) && items_at(selector, "matchExpressions").is_empty()
}

/// Whether labels match a LabelSelector; a selector that is not there matches none.
pub fn selects(selector: Option<&Value>, labels: Option<&Map<String, Value>>) -> bool {
    let empty = Map::new();
    Selector::from_label_selector(selector).is_ok_and(|selector| selector.matches(labels.unwrap_or(&empty)))
}

/// A whole number that is not negative, or a percentage.
pub fn int_or_percent(object: &Value, field: &str, path: &str, errors: &mut Errors) {
    const PERCENT: &str = "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";
    match at(object, field) {
        Some(Value::String(text)) if percent(text).is_none() => errors.invalid(&join(path, field), text.as_str(), PERCENT),
        Some(Value::Number(_)) => not_negative(object, field, path, errors),
        _ => {}
    }
}

/// A percentage over 100 is refused.
pub fn at_most_all(object: &Value, field: &str, path: &str, errors: &mut Errors) {
    if let Some(text) = at(object, field).and_then(Value::as_str)
        && percent(text).is_some_and(|number| number > 100)
    {
        errors.invalid(&join(path, field), text, "must not be greater than 100%");
    }
}

/// The number before a percent sign.
pub fn percent(text: &str) -> Option<u64> {
    let digits = text.strip_suffix('%')?;
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some(digits.parse().unwrap_or(u64::MAX))
}

/// Whether a number or percentage is nothing; text that is neither counts as nothing.
pub fn is_zero(value: Option<&Value>) -> bool {
    match value {
        Some(Value::Number(number)) => number.as_i64() == Some(0),
        Some(Value::String(text)) => percent(text).map_or_else(|| text.parse::<i64>().unwrap_or(0) == 0, |number| number == 0),
        _ => false,
    }
}

/// Whether a number can be a port's.
pub fn is_port(number: i64) -> bool {
    (1..=65_535).contains(&number)
}

/// A port's number or name.
pub fn port_or_name(object: &Value, field: &str, path: &str, errors: &mut Errors) {
    match at(object, field) {
        Some(Value::Number(number)) => {
            if !number.as_i64().is_some_and(is_port) {
                errors.invalid(&join(path, field), Value::Number(number.clone()), PORT_RANGE);
            }
        }
        Some(Value::String(name)) => errors.each(&join(path, field), name, port_name(name)),
        _ => errors.invalid(&join(path, field), 0, PORT_RANGE),
    }
}

/// A path that leads down and never back up; nothing is fine.
pub fn descending(target: &str, field: &str, errors: &mut Errors) {
    if target.starts_with('/') {
        errors.invalid(field, target, "must be a relative path");
    }
    no_backsteps(target, field, errors);
}

/// A path that never leads back up.
pub fn no_backsteps(target: &str, field: &str, errors: &mut Errors) {
    if target.split('/').any(|part| part == "..") {
        errors.invalid(field, target, "must not contain '..'");
    }
}

/// What is wrong with the name of a port.
pub fn port_name(name: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut say = |bad: bool, text: &str| {
        if bad {
            wrong.push(text.to_string());
        }
    };
    say(name.len() > 15, "must be no more than 15 bytes");
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    say(!name.chars().all(plain), "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
    say(!name.chars().any(|c| c.is_ascii_lowercase()), "must contain at least one letter (a-z)");
    say(name.contains("--"), "must not contain consecutive hyphens");
    say(name.starts_with('-') || name.ends_with('-'), "must not begin or end with a hyphen");
    wrong
}

/// What is wrong with a key of a ConfigMap or Secret.
pub fn config_key(key: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if key.len() > 253 {
        wrong.push("must be no more than 253 bytes".to_string());
    }
    if key.is_empty() || !key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')) {
        wrong.push("a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')".to_string());
    } else if key == "." || key == ".." {
        wrong.push(format!("must not be '{key}'"));
    } else if key.starts_with("..") {
        wrong.push("must not start with '..'".to_string());
    }
    wrong
}

/// A struct of the definition `def` as JSON in the order of Go's fields.
pub fn in_go_order(def: &str, object: &Value) -> String {
    let Some(def) = crate::object::schema::Def::named(def) else { return crate::text::json::compact(object) };
    super::internal::external(def, object)
}

/// A member that may not change: `field is immutable`.
pub fn immutable(new: &Value, old: &Value, field: &str, path: &str, errors: &mut Errors) {
    let (now, before) = (at(new, field).unwrap_or(&Value::Null), at(old, field).unwrap_or(&Value::Null));
    if now != before {
        errors.invalid(&join(path, field), now.clone(), IMMUTABLE);
    }
}
