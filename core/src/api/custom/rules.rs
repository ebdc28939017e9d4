//! The rules of a schema (`x-kubernetes-validations`), evaluated on an object. Models apiextensions-apiserver
//! `pkg/apiserver/schema/cel`. A rule that the evaluator does not understand holds.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use super::MAX_DEPTH;
use crate::api::cel::{Program, Scope, Stop};
use crate::api::validation::field::{self, Errors};
use crate::object::value::{at, bool_at, items_at, map_at, text_at};

/// How many steps the rules of one object may take together. Models apiserver `pkg/apis/cel` RuntimeCELCostBudget.
const BUDGET: usize = 10_000_000;
/// How many steps one rule may take for one value. Models PerCallLimit.
const CALL: usize = 1_000_000;

/// Whether a schema has rules at all.
pub fn any(schema: &Value, depth: usize) -> bool {
    if depth > MAX_DEPTH {
        return false;
    }
    let below = |inner: &Value| any(inner, depth + 1);
    !items_at(schema, "x-kubernetes-validations").is_empty()
        || map_at(schema, "properties").into_iter().flatten().any(|(_, inner)| below(inner))
        || schema.get("items").is_some_and(below)
        || schema.get("additionalProperties").is_some_and(below)
}

/// What is taken along from part to part.
struct Walk<'a> {
    budget: usize,
    /// Whether only what stays as it was is looked at, of which rules that are broken are told and no more.
    stays: bool,
    errors: &'a mut Errors,
}

/// What the rules say of an object and of what it was.
pub fn check(schema: &Value, object: &Value, old: Option<&Value>, errors: &mut Errors) {
    check_at(schema, object, old, "", 0, &mut Walk { budget: BUDGET, stays: false, errors });
}

/// The rules that values break which are as they were: they may stay.
pub fn broken_before(schema: &Value, object: &Value, old: &Value, notes: &mut Vec<String>) {
    if any(schema, 0) {
        let mut errors = Errors::default();
        check_at(schema, object, Some(old), "", 0, &mut Walk { budget: BUDGET, stays: true, errors: &mut errors });
        notes.extend(errors.0.iter().map(ToString::to_string));
    }
}

fn check_at(schema: &Value, value: &Value, old: Option<&Value>, path: &str, depth: usize, walk: &mut Walk<'_>) {
    if depth > MAX_DEPTH || value.is_null() {
        return;
    }
    for rule in items_at(schema, "x-kubernetes-validations") {
        one(schema, rule, value, old, path, walk);
    }
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let before = old.and_then(|old| old.get(name));
                let known = map_at(schema, "properties").and_then(|properties| properties.get(name));
                if let Some(inner) = known {
                    check_at(inner, member, before, &field::join(path, name), depth + 1, walk);
                } else if let Some(inner) = at(schema, "additionalProperties").filter(|inner| inner.is_object()) {
                    check_at(inner, member, before, &field::keyed(path, name), depth + 1, walk);
                }
            }
        }
        Value::Array(items) => {
            let Some(inner) = schema.get("items") else { return };
            for (number, item) in items.iter().enumerate() {
                let before = counterpart(schema, item, old);
                check_at(inner, item, before, &field::nth(path, number), depth + 1, walk);
            }
        }
        _ => {}
    }
}

/// What an element of a list that is a map was before: the one with the same keys.
pub(super) fn counterpart<'a>(schema: &Value, item: &Value, old: Option<&'a Value>) -> Option<&'a Value> {
    if text_at(schema, "x-kubernetes-list-type") != "map" {
        return None;
    }
    let keys = items_at(schema, "x-kubernetes-list-map-keys");
    let same = |other: &&Value| keys.iter().filter_map(Value::as_str).all(|key| other.get(key) == item.get(key));
    old.and_then(Value::as_array)?.iter().find(same)
}

fn one(schema: &Value, rule: &Value, value: &Value, old: Option<&Value>, path: &str, walk: &mut Walk<'_>) {
    let text = text_at(rule, "rule");
    // Where the budget is spent nothing more is looked at.
    let Some(program) = Program::new(text).filter(|_| walk.budget > 0) else { return };
    let optional = bool_at(rule, "optionalOldSelf");
    let compares = program.names("oldSelf");
    if compares && old.is_none() && !optional {
        return;
    }
    let stays = !compares && old == Some(value);
    let wrapped = Program::optional(old);
    let old = if optional { Some(&wrapped) } else { old };
    let said = text_at(rule, "message").trim();
    let shown = if said.is_empty() { text.trim() } else { said };
    let scope = Scope { own: value, old };
    // A rule of the whole object is said of no field.
    let named = |path: String| if path.is_empty() { "<nil>".to_string() } else { path };
    let failed = |detail: &str, errors: &mut Errors| errors.invalid(&named(path.to_string()), text_at(schema, "type"), detail);
    let mut left = walk.budget.min(CALL);
    let given = left;
    let ran = program.run(&scope, &mut left);
    walk.budget = walk.budget.saturating_sub(given - left);
    let Walk { budget, errors, .. } = walk;
    let detail = match ran {
        Ok(Value::Bool(true)) | Err(Stop::Unknown) => return,
        // What stays as it was may stay; not so what cannot be told.
        Ok(_) if stays != walk.stays => return,
        Err(_) if walk.stays => return,
        Ok(_) => message(rule, &scope, budget)
            .unwrap_or_else(|| if said.is_empty() { ["failed rule: ", shown].concat() } else { said.to_string() }),
        Err(Stop::Spent) if given == CALL => {
            *budget = 0;
            let why = "'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to call cost exceeds limit for rule: ";
            return failed(&[why, shown].concat(), errors);
        }
        Err(Stop::Spent) => {
            *budget = 0;
            return failed("validation failed due to running out of cost budget, no further validation rules will be run", errors);
        }
        Err(Stop::Failed(why)) => return failed(&[&why, " evaluating rule: ", shown].concat(), errors),
    };
    let target = text_at(rule, "fieldPath");
    let place = if target.is_empty() { path.to_string() } else { field::join(path, target.trim_start_matches('.')) };
    let place = named(place);
    let place = place.as_str();
    match text_at(rule, "reason") {
        "FieldValueForbidden" => errors.forbidden(place, detail),
        "FieldValueRequired" => errors.required(place, detail),
        "FieldValueDuplicate" if value.is_object() || value.is_array() => errors.duplicate_without(place),
        "FieldValueDuplicate" => errors.duplicate(place, value.clone()),
        _ if value.is_object() || value.is_array() => errors.invalid_without(place, detail),
        _ => errors.invalid(place, value.clone(), detail),
    }
}

/// The type of a value, as schemas name it.
pub(super) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() || number.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// The words that an expression makes of the object.
fn message(rule: &Value, scope: &Scope<'_>, budget: &mut usize) -> Option<String> {
    match Program::new(text_at(rule, "messageExpression"))?.run(scope, budget) {
        Ok(Value::String(text)) if !text.trim().is_empty() && !text.trim().contains('\n') => Some(text.trim().to_string()),
        _ => None,
    }
}
