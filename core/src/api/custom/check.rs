//! Whether an object of a custom kind fits its schema: types, bounds, formats, alternatives, lists without duplicates.
//! Models kube-openapi `pkg/validation/validate` and apiextensions-apiserver `pkg/apiserver/validation`.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use super::{MAX_DEPTH, formats, rules};
use crate::api::validation::field::{self, Errors, Shown};
use crate::api::validation::{ErrorKind, FieldError};
use crate::object::value::{at, bool_at, items_at, map_at, text_at};
use crate::text::quote::quote;
use crate::text::regex::{Regex, Syntax};

/// What is wrong with a new object by the schema.
pub fn check(schema: &Value, object: &Value, errors: &mut Errors) {
    whole(schema, object, None, errors);
}

/// What is wrong with a changed object by the schema, whose rules may name what it was.
pub fn check_update(schema: &Value, object: &Value, old: &Value, errors: &mut Errors) {
    whole(schema, object, Some(old), errors);
}

fn whole(schema: &Value, object: &Value, old: Option<&Value>, errors: &mut Errors) {
    let mut found = Errors::default();
    check_at(schema, object, old, "", 0, &mut found);
    lists(schema, object, "", 0, &mut found);
    let blocks = |kind| !matches!(kind, ErrorKind::Invalid | ErrorKind::Duplicate);
    if rules::any(schema, 0) {
        if found.0.iter().any(|error| blocks(error.kind)) {
            const TEXT: &str =
                "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation";
            found.invalid("<nil>", Value::Null, TEXT);
        } else {
            rules::check(schema, object, old, &mut found);
        }
    }
    errors.0.append(&mut found.0);
}

/// What is wrong with a value that stands inside of an object, its rules included.
pub(super) fn value(schema: &Value, value: &Value, errors: &mut Errors) {
    check_at(schema, value, None, "", 1, errors);
    lists(schema, value, "", 1, errors);
    if errors.is_empty() {
        rules::check(schema, value, None, errors);
    }
}

/// Whether a member of the whole object is checked elsewhere.
fn elsewhere(depth: usize, name: &str) -> bool {
    depth == 0 && matches!(name, "metadata" | "apiVersion" | "kind")
}

fn check_at(schema: &Value, value: &Value, old: Option<&Value>, path: &str, depth: usize, errors: &mut Errors) {
    if depth > MAX_DEPTH || value.is_null() && (bool_at(schema, "/nullable") || depth == 0) {
        return;
    }
    // What stays as it was may stay.
    if old == Some(value) {
        return;
    }
    kind(schema, value, path, errors);
    alternatives(schema, value, path, depth, errors);
    match value {
        Value::String(text) => text_limits(schema, text, path, errors),
        Value::Number(_) => number_limits(schema, value, path, errors),
        Value::Array(items) => list_limits(schema, items, path, errors),
        _ => {}
    }
    if let Some(allowed) = schema.get("enum").and_then(Value::as_array)
        && !allowed.contains(value)
    {
        let names: Vec<String> = allowed.iter().map(crate::object::go::plain).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        errors.unsupported(path, value.clone(), &names);
    }
    if bool_at(schema, "/x-kubernetes-embedded-resource") {
        embedded(value, path, errors);
    }
    members(schema, value, old, path, depth, errors);
}

/// An object within an object says what it is.
fn embedded(value: &Value, path: &str, errors: &mut Errors) {
    for field in ["apiVersion", "kind"] {
        if value.is_object() && text_at(value, field).is_empty() {
            errors.required(&field::join(path, field), "");
        }
    }
}

fn members(schema: &Value, value: &Value, old: Option<&Value>, path: &str, depth: usize, errors: &mut Errors) {
    match value {
        Value::Object(members) => {
            let count = members.len();
            let bound = |name: &str| schema.get(name).and_then(Value::as_u64).map(|bound| bound as usize);
            if let Some(least) = bound("minProperties").filter(|least| count < *least) {
                errors.invalid(path, count, alloc::format!("{path} in body should have at least {least} properties"));
            }
            if let Some(most) = bound("maxProperties").filter(|most| count > *most) {
                errors.too_many(path, count, most);
            }
            let properties = map_at(schema, "/properties");
            for (name, member) in members.iter().filter(|(name, _)| !elsewhere(depth, name)) {
                let inner = properties.and_then(|properties| properties.get(name)).or_else(|| at(schema, "/additionalProperties"));
                if let Some(inner) = inner.filter(|inner| inner.is_object()) {
                    let before = old.and_then(|old| old.get(name));
                    check_at(inner, member, before, &field::join(path, name), depth + 1, errors);
                }
            }
            for name in items_at(schema, "/required").iter().filter_map(Value::as_str) {
                if !members.contains_key(name) {
                    errors.required(&field::join(path, name), "");
                }
            }
        }
        Value::Array(items) => {
            for inner in schema.get("items").into_iter() {
                for (number, item) in items.iter().enumerate() {
                    let before = rules::counterpart(schema, item, old);
                    check_at(inner, item, before, &field::nth(path, number), depth + 1, errors);
                }
            }
        }
        _ => {}
    }
}

/// The type a value should have.
fn kind(schema: &Value, value: &Value, path: &str, errors: &mut Errors) {
    let either = bool_at(schema, "/x-kubernetes-int-or-string");
    let wanted = if either { "integer,string" } else { text_at(schema, "/type") };
    let is = rules::kind_of(value);
    let fits = wanted.is_empty() || wanted.split(',').any(|wanted| wanted == is || wanted == "number" && is == "integer");
    if !fits {
        let detail = alloc::format!("{path} in body must be of type {wanted}: {}", quote(is));
        mistyped(path, is.into(), detail, errors);
    }
}

fn mistyped(path: &str, value: Value, detail: String, errors: &mut Errors) {
    errors.0.push(FieldError { kind: ErrorKind::TypeInvalid, field: path.to_string(), value: Shown::Value(value), detail });
}

fn text_limits(schema: &Value, text: &str, path: &str, errors: &mut Errors) {
    let length = text.chars().count() as u64;
    let bound = |name: &str| schema.get(name).and_then(Value::as_u64);
    if let Some(most) = bound("maxLength").filter(|most| length > *most) {
        errors.too_long(path, most as usize);
    } else if let Some(least) = bound("minLength").filter(|least| length < *least) {
        errors.invalid(path, text, alloc::format!("{path} in body should be at least {least} chars long"));
    } else if let Some(pattern) = schema.get("pattern").and_then(Value::as_str)
        && Regex::new(pattern, Syntax::Go, false).is_ok_and(|regex| !regex.is_match(text))
    {
        errors.invalid(path, text, alloc::format!("{path} in body should match '{pattern}'"));
    }
    let format = text_at(schema, "format");
    if !formats::fits(format, text) {
        mistyped(path, text.into(), alloc::format!("{path} in body must be of type {format}: {}", quote(text)), errors);
    }
}

fn number_limits(schema: &Value, value: &Value, path: &str, errors: &mut Errors) {
    let Some(number) = value.as_f64() else { return };
    let (kind, format) = (text_at(schema, "type"), text_at(schema, "format"));
    let whole = value.as_i64();
    let fits = match format {
        "int32" => whole.is_some_and(|whole| i32::try_from(whole).is_ok()),
        _ => whole.is_some(),
    };
    if kind == "integer" && !fits {
        let shown = if format.is_empty() { "(default format)".to_string() } else { ["with format ", format].concat() };
        errors.invalid("<nil>", "", ["Checked value must be of type integer ", &shown, " in ", path].concat());
    }
    // A whole number is held against whole bounds.
    let bound = |name: &str| {
        let bound = schema.get(name).and_then(Value::as_f64)?;
        Some(if whole.is_some() { bound as i64 as f64 } else { bound })
    };
    let shown = |name: &str| schema.get(name).map(crate::object::go::plain).unwrap_or_default();
    let mut say =
        |text: &str, name: &str| errors.invalid(path, value.clone(), [path, " in body should be ", text, " ", &shown(name)].concat());
    if bound("multipleOf").is_some_and(|step| step > 0.0 && number % step != 0.0) {
        say("a multiple of", "multipleOf");
    }
    if let Some(most) = bound("maximum") {
        match bool_at(schema, "exclusiveMaximum") {
            true if number >= most => say("less than", "maximum"),
            false if number > most => say("less than or equal to", "maximum"),
            _ => {}
        }
    }
    if let Some(least) = bound("minimum") {
        match bool_at(schema, "exclusiveMinimum") {
            true if number <= least => say("greater than", "minimum"),
            false if number < least => say("greater than or equal to", "minimum"),
            _ => {}
        }
    }
}

fn list_limits(schema: &Value, items: &[Value], path: &str, errors: &mut Errors) {
    let bound = |name: &str| schema.get(name).and_then(Value::as_u64).map(|bound| bound as usize);
    if let Some(least) = bound("minItems").filter(|least| items.len() < *least) {
        errors.invalid(path, items.len(), alloc::format!("{path} in body should have at least {least} items"));
    }
    if let Some(most) = bound("maxItems").filter(|most| items.len() > *most) {
        errors.too_many(path, items.len(), most);
    }
}

/// `anyOf`, `oneOf`, `allOf`, `not`.
fn alternatives(schema: &Value, value: &Value, path: &str, depth: usize, errors: &mut Errors) {
    let tried = |name: &str| -> Vec<Errors> {
        let list = items_at(schema, name).iter();
        list.map(|inner| {
            let mut found = Errors::default();
            check_at(inner, value, None, path, depth + 1, &mut found);
            found
        })
        .collect()
    };
    let mut refuse = |text: String, because: Option<&Errors>| {
        errors.invalid("<nil>", "", [&quote(path), " ", &text].concat());
        errors.0.extend(because.into_iter().flat_map(|found| found.0.iter().cloned()));
    };
    let any = tried("anyOf");
    if !any.is_empty() && !any.iter().any(Errors::is_empty) {
        refuse("must validate at least one schema (anyOf)".into(), any.first());
    }
    let one = tried("oneOf");
    match one.iter().filter(|found| found.is_empty()).count() {
        1 => {}
        _ if one.is_empty() => {}
        0 => refuse("must validate one and only one schema (oneOf). Found none valid".into(), one.first()),
        many => refuse(alloc::format!("must validate one and only one schema (oneOf). Found {many} valid alternatives"), None),
    }
    let all = tried("allOf");
    let wrong = all.iter().filter(|found| !found.is_empty()).count();
    if wrong > 0 {
        let none = if wrong == all.len() { ". None validated" } else { "" };
        refuse(["must validate all the schemas (allOf)", none].concat(), all.iter().find(|found| !found.is_empty()));
    }
    if let Some(not) = schema.get("not").filter(|not| not.is_object()) {
        let mut found = Errors::default();
        check_at(not, value, None, path, depth + 1, &mut found);
        if found.is_empty() {
            refuse("must not validate the schema (not)".into(), None);
        }
    }
}

/// Lists that are sets or maps have nothing twice.
fn lists(schema: &Value, value: &Value, path: &str, depth: usize, errors: &mut Errors) {
    if depth > MAX_DEPTH {
        return;
    }
    match value {
        Value::Object(members) => {
            for (name, member) in members.iter().filter(|(name, _)| !elsewhere(depth, name)) {
                let known = map_at(schema, "/properties").and_then(|properties| properties.get(name));
                if let Some(inner) = known.or_else(|| at(schema, "/additionalProperties")).filter(|inner| inner.is_object()) {
                    let place = if known.is_some() { field::join(path, name) } else { field::keyed(path, name) };
                    lists(inner, member, &place, depth + 1, errors);
                }
            }
        }
        Value::Array(items) => {
            let keys = items_at(schema, "x-kubernetes-list-map-keys");
            let identity = |item: &Value| match text_at(schema, "x-kubernetes-list-type") {
                "set" => Some(item.clone()),
                "map" => {
                    let pairs = keys.iter().filter_map(Value::as_str).filter_map(|key| Some((key.to_string(), item.get(key)?.clone())));
                    Some(Value::Object(pairs.collect()))
                }
                _ => None,
            };
            let seen: Vec<Option<Value>> = items.iter().map(identity).collect();
            for (number, own) in seen.iter().enumerate() {
                if let Some(own) = own
                    && seen.iter().take(number).flatten().filter(|other| *other == own).count() == 1
                {
                    errors.duplicate(&field::nth(path, number), own.clone());
                }
            }
            for inner in schema.get("items").into_iter() {
                for (number, item) in items.iter().enumerate() {
                    lists(inner, item, &field::nth(path, number), depth + 1, errors);
                }
            }
        }
        _ => {}
    }
}
