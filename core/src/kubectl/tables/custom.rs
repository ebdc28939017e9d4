//! Objects of CustomResourceDefinitions: each column is a JSONPath.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::cells::{scalar, since};
use crate::api::registry::Column;
use crate::object::Object;
use crate::object::jsonpath::JsonPath;
use crate::text::timestamp::parse_rfc3339_ms;

/// The cells that the columns' paths find; `<none>` where they find nothing.
pub fn row(columns: &[Column], object: &Object, now_ms: i64) -> Vec<String> {
    let whole = object.to_value();
    columns
        .iter()
        .map(|column| {
            let none = || "<none>".to_string();
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
            match (&*column.ty, value.as_str()) {
                ("date", Some(text)) => match parse_rfc3339_ms(text) {
                    Some(at) => since(Some(at), now_ms),
                    None => "<invalid>".to_string(),
                },
                _ => scalar(&value),
            }
        })
        .collect()
}
