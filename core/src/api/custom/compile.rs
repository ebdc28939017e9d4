//! Whether the rules of a schema can be read. Models apiextensions-apiserver `pkg/apiserver/schema/cel` Compile.

use alloc::string::ToString;
use serde_json::Value;

use super::MAX_DEPTH;
use crate::api::cel::{Program, check};
use crate::api::validation::field::{Errors, join, keyed, nth};
use crate::object::value::{bool_at, items_at, map_at, text_at};

/// What is wrong with the rules below a path.
pub fn check(schema: &Value, path: &str, errors: &mut Errors) {
    part(schema, path, None, 0, errors);
}

/// `loose` is the first part above whose elements have no names from one change to the next.
fn part(schema: &Value, path: &str, loose: Option<&str>, depth: usize, errors: &mut Errors) {
    if depth > MAX_DEPTH {
        return;
    }
    if let Some(rest) = schema.get("additionalProperties").filter(|rest| rest.is_object()) {
        part(rest, &join(path, "additionalProperties"), loose, depth + 1, errors);
    }
    let atomic = loose.or(Some(path).filter(|_| text_at(schema, "x-kubernetes-map-type") == "atomic"));
    for (name, property) in map_at(schema, "properties").into_iter().flatten() {
        part(property, &keyed(&join(path, "properties"), name), atomic, depth + 1, errors);
    }
    if let Some(items) = schema.get("items").filter(|items| items.is_object()) {
        let loose = loose.or(Some(path).filter(|_| text_at(schema, "x-kubernetes-list-type") != "map"));
        part(items, &join(path, "items"), loose, depth + 1, errors);
    }
    for (number, rule) in items_at(schema, "x-kubernetes-validations").iter().enumerate() {
        one(schema, rule, &nth(&join(path, "x-kubernetes-validations"), number), loose, depth == 0, errors);
    }
}

fn one(schema: &Value, rule: &Value, path: &str, loose: Option<&str>, root: bool, errors: &mut Errors) {
    let (text, optional) = (text_at(rule, "rule"), bool_at(rule, "optionalOldSelf"));
    let field = join(path, "rule");
    let wrong = check::rule(text, schema, root, optional);
    if let Some(why) = &wrong {
        errors.invalid_raw(&field, dump(rule), why.as_str());
    }
    let words = text_at(rule, "messageExpression");
    if let Some(why) = Some(words).filter(|words| !words.is_empty()).and_then(|words| check::message(words, schema, root, optional)) {
        let why = why.replacen("compilation failed: ", "messageExpression compilation failed: ", 1);
        errors.invalid_raw(&join(path, "messageExpression"), dump(rule), why);
    }
    if wrong.is_some() {
        return;
    }
    if Program::new(text).is_some_and(|program| program.names("oldSelf")) {
        if let Some(loose) = loose {
            let why = ["oldSelf cannot be used on the uncorrelatable portion of the schema within ", loose].concat();
            errors.invalid(&field, text, why);
        }
    } else if let Some(given) = rule.get("optionalOldSelf").filter(|given| !given.is_null()) {
        errors.invalid(&join(path, "optionalOldSelf"), given.clone(), "may not be set if oldSelf is not used in rule");
    }
}

/// A rule as Go prints one of the server's own type.
fn dump(rule: &Value) -> alloc::string::String {
    let text = |name: &str| go_text(text_at(rule, name));
    let or_null = |name: &str| match rule.get(name).filter(|value| !value.is_null()) {
        Some(value) => value.to_string(),
        None => "null".to_string(),
    };
    [
        "{\"Rule\":",
        &text("rule"),
        ",\"Message\":",
        &text("message"),
        ",\"MessageExpression\":",
        &text("messageExpression"),
        ",\"Reason\":",
        &or_null("reason"),
        ",\"FieldPath\":",
        &text("fieldPath"),
        ",\"OptionalOldSelf\":",
        &or_null("optionalOldSelf"),
        "}",
    ]
    .concat()
}

/// A text as Go writes it in JSON, where what a page could take for its own is spelt out.
fn go_text(text: &str) -> alloc::string::String {
    let quoted = Value::from(text).to_string();
    quoted.replace('&', "\\u0026").replace('<', "\\u003c").replace('>', "\\u003e")
}
