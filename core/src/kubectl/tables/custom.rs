//! Objects of CustomResourceDefinitions: each column is a JSONPath.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::cells::{scalar, since};
use crate::api::registry::Column;
use crate::object::Object;
use crate::object::jsonpath::JsonPath;
use crate::text::timestamp::parse_rfc3339_ms;

/// The cells that the columns' paths find; nothing stands where they find nothing.
pub fn row(columns: &[Column], object: &Object, now_ms: i64) -> Vec<String> {
    let whole = object.to_value();
    columns
        .iter()
        .map(|column| {
            let none = String::new;
            let template = ["{", &column.json_path, "}"].concat();
            let Ok(path) = JsonPath::parse(&template) else {
                return none();
            };
            let Ok(found) = path.find(&whole) else {
                return none();
            };
            let Some(value) = found.into_iter().flatten().next() else {
                return none();
            };
            cell(&column.ty, &value, now_ms).unwrap_or_else(none)
        })
        .collect()
}

/// A value in a column of a type; nothing where it is of another type. Models apiextensions-apiserver `tableconvertor`.
fn cell(ty: &str, value: &Value, now_ms: i64) -> Option<String> {
    match (ty, value) {
        ("date", Value::String(text)) => match parse_rfc3339_ms(text) {
            Some(at) => Some(since(Some(at), now_ms)),
            None => Some("<invalid>".to_string()),
        },
        ("integer", Value::Number(number)) => Some(match number.as_f64().filter(|_| number.is_f64()) {
            Some(float) => (float as i64).to_string(),
            None => number.to_string(),
        }),
        ("number", Value::Number(_)) | ("boolean", Value::Bool(_)) | ("string", _) => Some(scalar(value)),
        _ => None,
    }
}
