//! Whether the defaults that a schema states fit it. Models apiextensions-apiserver
//! `pkg/apiserver/schema/defaulting` ValidateDefaults.

use serde_json::Value;

use super::{MAX_DEPTH, check as fit, prune};
use crate::api::validation::field::{Errors, Shown, join, keyed};
use crate::object::value::map_at;

/// What is wrong with the defaults below a path.
pub fn check(schema: &Value, path: &str, errors: &mut Errors) {
    part(schema, path, 0, errors);
}

fn part(schema: &Value, path: &str, depth: usize, errors: &mut Errors) {
    if depth > MAX_DEPTH {
        return;
    }
    if let Some(default) = schema.get("default").filter(|default| !default.is_null()) {
        let field = join(path, "default");
        let mut pruned = default.clone();
        if !prune::inside(schema, &mut pruned).is_empty() {
            errors.invalid(&field, default.clone(), "must not have unknown fields");
        }
        let mut found = Errors::default();
        fit::value(schema, default, &mut found);
        for mut error in found.0 {
            error.field = match error.field.as_str() {
                "" => field.clone(),
                "<nil>" if error.value == Shown::Value("".into()) => error.field,
                "<nil>" => field.clone(),
                inner => join(&field, inner),
            };
            errors.0.push(error);
        }
    }
    if let Some(items) = schema.get("items").filter(|items| items.is_object()) {
        part(items, &join(path, "items"), depth + 1, errors);
    }
    for (name, property) in map_at(schema, "properties").into_iter().flatten() {
        part(property, &keyed(&join(path, "properties"), name), depth + 1, errors);
    }
}
