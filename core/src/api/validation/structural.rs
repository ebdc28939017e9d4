//! Whether the schema of a CustomResourceDefinition is structural: every value has a type, alternatives only narrow what
//! is there, metadata is left alone. Models apiextensions-apiserver `pkg/apiserver/schema` ValidateStructural.

use alloc::string::{String, ToString};
use serde_json::{Value, json};

use super::field::{Errors, join, keyed, nth};
use crate::object::value::{at, bool_at, is_empty, items_at, map_at, text_at};

/// Where a schema stands, which decides what is said when it has no type.
#[derive(Clone, Copy, PartialEq)]
enum Level {
    Root,
    Item,
    Field,
}

/// What is not structural, in order of the texts.
pub fn structural(schema: &Value, path: &str, depth: usize, errors: &mut Errors) {
    let mut found = Errors::default();
    part(schema, Level::Root, path, depth, &mut found);
    complete(schema, schema, path, path, depth, &mut found);
    found.0.sort_by_cached_key(ToString::to_string);
    errors.0.append(&mut found.0);
}

fn part(schema: &Value, level: Level, path: &str, depth: usize, errors: &mut Errors) {
    if depth == 0 {
        return;
    }
    let kind = text_at(schema, "type");
    let items = at(schema, "items").filter(|items| items.is_object());
    if kind == "array" && at(schema, "items").is_none_or(Value::is_null) {
        errors.required(&join(path, "items"), "must be specified");
    }
    if let Some(items) = items {
        part(items, Level::Item, &join(path, "items"), depth - 1, errors);
    }
    for (name, property) in map_at(schema, "properties").into_iter().flatten() {
        part(property, Level::Field, &keyed(&join(path, "properties"), name), depth - 1, errors);
    }
    if let Some(rest) = at(schema, "additionalProperties").filter(|rest| !rest.is_null()) {
        if level == Level::Root {
            errors.forbidden(&join(path, "additionalProperties"), "must not be used at the root");
        }
        if rest.is_object() {
            part(rest, Level::Field, &join(path, "additionalProperties"), depth - 1, errors);
        }
    }
    values(schema, path, depth, errors);
    types(schema, level, path, errors);
    meta(schema, level, path, errors);
}

/// The type and what goes with it.
fn types(schema: &Value, level: Level, path: &str, errors: &mut Errors) {
    let kind = text_at(schema, "type");
    let embedded = bool_at(schema, "x-kubernetes-embedded-resource");
    let (either, open) = (bool_at(schema, "x-kubernetes-int-or-string"), bool_at(schema, "x-kubernetes-preserve-unknown-fields"));
    let field = join(path, "type");
    for (set, name) in [(open, "x-kubernetes-preserve-unknown-fields"), (embedded, "x-kubernetes-embedded-resource")] {
        if either && set {
            errors.invalid(&join(path, name), true, "must be false if x-kubernetes-int-or-string is true");
        }
    }
    if embedded && kind != "object" {
        const TEXT: &str = "must be object if x-kubernetes-embedded-resource is true";
        match kind {
            "" => errors.required(&field, TEXT),
            kind => errors.invalid(&field, kind, TEXT),
        }
    } else if kind.is_empty() && !either && !open {
        let what = match level {
            Level::Root => "at the root",
            Level::Item => "for specified array items",
            Level::Field => "for specified object fields",
        };
        errors.required(&field, ["must not be empty ", what].concat());
    }
    if embedded && at(schema, "additionalProperties").is_some_and(|rest| !rest.is_null()) {
        errors.forbidden(&join(path, "additionalProperties"), "must not be used if x-kubernetes-embedded-resource is set");
    }
    if level == Level::Root && !kind.is_empty() && kind != "object" {
        errors.invalid(&field, kind, "must be object at the root");
    }
    if embedded && !open && map_at(schema, "properties").is_none_or(serde_json::Map::is_empty) {
        let text = "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields";
        errors.required(&join(path, "properties"), text);
    }
}

/// What objects have anyway may only be named.
fn meta(schema: &Value, level: Level, path: &str, errors: &mut Errors) {
    let Some(properties) = map_at(schema, "properties") else { return };
    let checked = level == Level::Root || bool_at(schema, "x-kubernetes-embedded-resource");
    for (name, wanted) in [("kind", "string"), ("apiVersion", "string"), ("metadata", "object")] {
        let Some(property) = properties.get(name).filter(|_| checked) else { continue };
        if text_at(property, "type") != wanted {
            let field = join(&keyed(&join(path, "properties"), name), "type");
            errors.invalid(&field, text_at(property, "type"), ["must be ", wanted].concat());
        }
    }
    let Some(Value::Object(own)) = properties.get("metadata").filter(|_| level == Level::Root) else { return };
    let named = map_at(schema, "properties/metadata/properties");
    let only_names = named.is_none_or(|named| named.keys().all(|name| matches!(name.as_str(), "name" | "generateName")));
    let more = own.iter().any(|(name, value)| !matches!(name.as_str(), "type" | "properties" | "default") && !is_empty(value));
    if !only_names || more {
        let text = "must not specify anything other than name and generateName, but metadata is implicitly specified";
        errors.forbidden(&keyed(&join(path, "properties"), "metadata"), text);
    }
}

/// The alternatives of a schema, which may not say what only the schema itself may.
fn values(schema: &Value, path: &str, depth: usize, errors: &mut Errors) {
    let either = json!([{"type": "integer"}, {"type": "string"}]);
    let inner = |field: &str, errors: &mut Errors| {
        for (number, part) in items_at(schema, field).iter().enumerate() {
            // What an int-or-string is may be spelt out, alone or as the first of all.
            let spelt = field == "allOf" && number == 0 && at(part, "anyOf") == Some(&either);
            nested(part, spelt, &nth(&join(path, field), number), depth - 1, errors);
        }
    };
    if at(schema, "anyOf") != Some(&either) {
        inner("anyOf", errors);
    }
    inner("allOf", errors);
    inner("oneOf", errors);
    if let Some(not) = at(schema, "not").filter(|not| not.is_object()) {
        nested(not, false, &join(path, "not"), depth - 1, errors);
    }
    pattern(schema, path, errors);
}

fn pattern(schema: &Value, path: &str, errors: &mut Errors) {
    let pattern = text_at(schema, "pattern");
    if let Some(why) = crate::api::custom::regexp::error(pattern) {
        errors.invalid(&join(path, "pattern"), pattern, ["must be a valid regular expression, but isn't: ", &why].concat());
    }
}

/// What an alternative may not have, and the words in which that is said.
const FORBIDDEN: &[(&str, &str)] = &[
    ("type", "empty"),
    ("additionalProperties", "undefined"),
    ("default", "undefined"),
    ("title", "empty"),
    ("description", "empty"),
    ("nullable", "false"),
    ("x-kubernetes-preserve-unknown-fields", "false"),
    ("x-kubernetes-embedded-resource", "false"),
    ("x-kubernetes-int-or-string", "false"),
    ("x-kubernetes-list-map-keys", "empty"),
    ("x-kubernetes-list-type", "undefined"),
    ("x-kubernetes-map-type", "undefined"),
    ("x-kubernetes-validations", "empty"),
];

fn nested(part: &Value, spelt: bool, path: &str, depth: usize, errors: &mut Errors) {
    if depth == 0 {
        return;
    }
    if spelt {
        pattern(part, path, errors);
    } else {
        values(part, path, depth, errors);
    }
    if let Some(items) = at(part, "items").filter(|items| items.is_object()) {
        nested(items, false, &join(path, "items"), depth - 1, errors);
    }
    for (name, property) in map_at(part, "properties").into_iter().flatten() {
        let field = keyed(&join(path, "properties"), name);
        nested(property, false, &field, depth - 1, errors);
        if name == "metadata" {
            errors.forbidden(&field, "must not be specified in a nested context");
        }
    }
    for (field, must) in FORBIDDEN {
        let given = part.get(*field).filter(|value| !value.is_null());
        if given.is_some_and(|value| *must == "undefined" || !is_empty(value)) {
            errors.forbidden(&join(path, field), ["must be ", must, " to be structural"].concat());
        }
    }
}

/// What alternatives at the root speak of must be there outside of them too.
fn complete(part: &Value, whole: &Value, path: &str, said: &str, depth: usize, errors: &mut Errors) {
    if depth == 0 {
        return;
    }
    let mut one = |inner: &Value, said: String| {
        complete(inner, whole, path, &said, depth - 1, errors);
        if let Some(items) = at(inner, "items").filter(|items| items.is_object()) {
            let (field, said) = (join(path, "items"), join(&said, "items"));
            match at(whole, "items").filter(|items| items.is_object()) {
                Some(known) => complete(items, known, &field, &said, depth - 1, errors),
                None => errors.required(&field, ["because it is defined in ", &said].concat()),
            }
        }
        for (name, property) in map_at(inner, "properties").into_iter().flatten() {
            let (field, said) = (keyed(&join(path, "properties"), name), keyed(&join(&said, "properties"), name));
            match map_at(whole, "properties").and_then(|known| known.get(name)) {
                Some(known) => complete(property, known, &field, &said, depth - 1, errors),
                None => errors.required(&field, ["because it is defined in ", &said].concat()),
            }
        }
    };
    if let Some(not) = at(part, "not").filter(|not| not.is_object()) {
        one(not, join(said, "not"));
    }
    for field in ["allOf", "anyOf", "oneOf"] {
        for (number, inner) in items_at(part, field).iter().enumerate() {
            one(inner, nth(&join(said, field), number));
        }
    }
}
