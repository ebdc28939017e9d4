//! Validation of what a version of a CustomResourceDefinition holds: its schema, columns, subresources, and how objects
//! come from one version to another. Models apiextensions-apiserver `pkg/apis/apiextensions/validation`.

use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;
use serde_json::Value;

use super::common::needed;
use super::field::{Errors, join, nth};
use crate::object::value::{at, bool_at, items_at, map_at, text_at};

/// How deep a schema is followed.
const MAX_DEPTH: usize = 64;

const COLUMN_TYPES: &str = "boolean,date,integer,number,string";
const COLUMN_FORMATS: &str = "byte,date,date-time,double,float,int32,int64,password";

/// What clients are told of a version that is going.
pub fn deprecation(version: &Value, path: &str, errors: &mut Errors) {
    let Some(text) = at(version, "deprecationWarning").and_then(Value::as_str) else { return };
    let field = join(path, "deprecationWarning");
    if !bool_at(version, "deprecated") {
        return errors.invalid(&field, text, "can only be set for deprecated versions");
    }
    if text.len() > 256 {
        errors.invalid(&field, text, "must be <= 256 characters long");
    }
    if text.is_empty() {
        errors.invalid(&field, text, "must not be an empty string");
    }
    if let Some((at, _)) = text.char_indices().find(|(_, c)| c.is_control()) {
        let detail = format!("must only contain printable UTF-8 characters; non-printable character found at index {at}");
        errors.invalid(&field, text, detail);
    }
}

/// A schema: whether it is structural, its defaults, and all that a schema may not say.
pub fn schema(schema: &Value, status: bool, path: &str, errors: &mut Errors) {
    if status && schema.as_object().is_some_and(|members| members.keys().any(|name| !ROOT.contains(&name.as_str()))) {
        let detail = format!("only [{ROOT_WORDS}] fields are allowed at the root of the schema if the status subresource is enabled");
        errors.invalid(path, schema.clone(), detail);
    }
    if bool_at(schema, "nullable") {
        errors.forbidden(&join(path, "nullable"), "nullable cannot be true at the root");
    }
    let before = errors.0.len();
    super::structural::structural(schema, path, MAX_DEPTH, errors);
    if errors.0.len() == before {
        crate::api::custom::defaults::check(schema, path, errors);
    }
    let sound = errors.0.len() == before;
    super::extensions::openapi(schema, path, sound, errors);
}

/// What the root of a schema may say where there is a status to be taken out of it.
const ROOT: &[&str] = &[
    "description",
    "type",
    "format",
    "title",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "multipleOf",
    "required",
    "items",
    "properties",
    "externalDocs",
    "example",
    "x-kubernetes-preserve-unknown-fields",
    "x-kubernetes-validations",
];
const ROOT_WORDS: &str = "Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations";

/// Columns that `get` shows.
pub fn columns(columns: &Value, _schema: Option<&Value>, path: &str, errors: &mut Errors) {
    for (number, column) in items_at(columns, "").iter().enumerate() {
        let field = nth(path, number);
        needed(column, "name", &field, errors);
        let one_of = |list: &str| ["must be one of ", list].concat();
        let (kind, format) = (text_at(column, "type"), text_at(column, "format"));
        if kind.is_empty() {
            errors.required(&join(&field, "type"), one_of(COLUMN_TYPES));
        } else if !COLUMN_TYPES.split(',').any(|known| known == kind) {
            errors.invalid(&join(&field, "type"), kind, one_of(COLUMN_TYPES));
        }
        if !format.is_empty() && !COLUMN_FORMATS.split(',').any(|known| known == format) {
            errors.invalid(&join(&field, "format"), format, one_of(COLUMN_FORMATS));
        }
        let target = text_at(column, "jsonPath");
        let place = join(&field, "JSONPath");
        if target.is_empty() {
            errors.required(&place, "");
        } else {
            simple_path(target, &place, errors);
        }
    }
}

/// Whether a path begins as it should.
fn simple_path(path: &str, field: &str, errors: &mut Errors) -> bool {
    let good = path.starts_with('.');
    if !good {
        errors.invalid(field, path, "must be a simple json path starting with .");
    }
    good
}

/// Where a scale finds its numbers.
pub fn subresources(parts: &Value, _schema: Option<&Value>, path: &str, errors: &mut Errors) {
    let Some(scale) = at(parts, "scale").filter(|scale| !scale.is_null()) else { return };
    for (name, starts, under) in [
        ("specReplicasPath", &[".spec."][..], ".spec"),
        ("statusReplicasPath", &[".status."], ".status"),
        ("labelSelectorPath", &[".spec.", ".status."], "either .spec or .status"),
    ] {
        let (target, field) = (text_at(scale, name), format!("{path}.scale.{name}"));
        if target.is_empty() {
            if starts.len() == 1 {
                errors.required(&field, "");
            }
        } else if simple_path(target, &field, errors) && !starts.iter().any(|start| target.starts_with(start)) {
            errors.invalid(&field, target, ["should be a json path under ", under].concat());
        }
    }
}

/// Fields that lists may be selected by.
pub fn selectable(fields: &Value, schema: Option<&Value>, path: &str, errors: &mut Errors) {
    const MOST: usize = 8;
    let mut seen: Vec<&str> = Vec::new();
    for (number, field) in items_at(fields, "").iter().enumerate() {
        let (place, target) = (join(&nth(path, number), "jsonPath"), text_at(field, "jsonPath"));
        if target.is_empty() {
            errors.required(&place, "");
            continue;
        }
        let found = match target.strip_prefix('.') {
            None => {
                let end = target.find(['.', '[', ']']).unwrap_or(target.len());
                Err(["expected [ or . but got: ", target.get(..end).unwrap_or_default()].concat())
            }
            Some(_) if target.contains('[') => Err("array notation is not allowed".to_string()),
            Some(names) => names
                .split('.')
                .try_fold(schema.unwrap_or(&Value::Null), |here, name| map_at(here, "properties")?.get(name))
                .ok_or_else(|| "does not refer to a valid field".to_string()),
        };
        match found {
            Err(why) => errors.invalid(&place, target, ["is an invalid path: ", &why].concat()),
            Ok(found) => {
                if target.starts_with(".metadata") {
                    errors.invalid(&place, target, "must not point to fields in metadata");
                }
                if !matches!(text_at(found, "type"), "string" | "boolean" | "integer") {
                    let text = "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.";
                    errors.invalid(&place, target, text);
                }
                if seen.contains(&target) {
                    errors.duplicate(&place, target);
                } else {
                    seen.push(target);
                }
            }
        }
    }
    if seen.len() > MOST {
        errors.too_many(path, seen.len(), MOST);
    }
}

/// How objects come from one version to another.
pub fn conversion(spec: &Value, errors: &mut Errors) {
    const PATH: &str = "spec.conversion";
    let Some(conversion) = at(spec, "conversion").filter(|conversion| !conversion.is_null()) else { return };
    let (reviews, client) = (items_at(conversion, "webhook/conversionReviewVersions"), at(conversion, "webhook/clientConfig"));
    let (review_path, client_path) = (join(PATH, "conversionReviewVersions"), join(PATH, "webhookClientConfig"));
    match text_at(conversion, "strategy") {
        "" => errors.required(&join(PATH, "strategy"), ""),
        "None" | "Webhook" => {}
        other => errors.unsupported(&join(PATH, "strategy"), other, &["None", "Webhook"]),
    }
    if text_at(conversion, "strategy") != "Webhook" {
        if client.is_some() {
            errors.forbidden(&client_path, "should not be set when strategy is not set to Webhook");
        }
        if !reviews.is_empty() {
            errors.forbidden(&review_path, "should not be set when strategy is not set to Webhook");
        }
        return;
    }
    match client.map(|client| (client, text_at(client, "url"), at(client, "service").filter(|service| !service.is_null()))) {
        None => errors.required(&client_path, "required when strategy is set to Webhook"),
        Some((_, url, service)) if url.is_empty() == service.is_none() => {
            errors.required(&client_path, "exactly one of url or service is required");
        }
        Some((_, _, Some(service))) => webhook_service(service, &join(&client_path, "service"), errors),
        Some((_, url, None)) => {
            let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
            if scheme != "https" {
                let text = "'https' is the only allowed URL scheme; desired format: https://host[/path]";
                errors.invalid(&join(&client_path, "url"), scheme, text);
            }
        }
    }
    if reviews.is_empty() {
        errors.required(&review_path, "");
    } else if !reviews.iter().any(|version| version == "v1" || version == "v1beta1") {
        errors.invalid(&review_path, Value::Array(reviews.to_vec()), "must include at least one of v1, v1beta1");
    }
}

fn webhook_service(service: &Value, path: &str, errors: &mut Errors) {
    needed(service, "name", path, errors);
    needed(service, "namespace", path, errors);
    if let Some(port) = at(service, "port").and_then(Value::as_i64).filter(|port| !(1..=65535).contains(port)) {
        errors.invalid(&join(path, "port"), port, "port is not valid: must be between 1 and 65535, inclusive");
    }
    let target = text_at(service, "path");
    if !target.is_empty() && !target.starts_with('/') {
        errors.invalid(&join(path, "path"), target, "must start with a '/'");
    }
}
