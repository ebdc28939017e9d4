//! `-o name`: `pod/web`, `deployment.apps/web`.

use alloc::string::String;

use serde_json::Value;

use crate::object::value;

/// `pod/web`, `deployment.apps/web`: the kind in lower case with its group, and the name.
pub fn name_of(object: &Value) -> String {
    let api_version = value::text_at(object, "/apiVersion");
    let kind = value::text_at(object, "/kind");
    let mut text = if kind.is_empty() { String::from("<unknown>") } else { kind.to_lowercase() };
    if let Some((group, _)) = api_version.split_once('/') {
        text.push('.');
        text.push_str(group);
    }
    text.push('/');
    text.push_str(value::str_at(object, "/metadata/name").filter(|name| !name.is_empty()).unwrap_or("<unknown>"));
    text
}

/// One line, or one for each item of a list.
pub(super) fn print(object: &Value, out: &mut String) {
    match object.get("items").and_then(Value::as_array) {
        Some(items) => items.iter().for_each(|item| print(item, out)),
        None => {
            out.push_str(&name_of(object));
            out.push('\n');
        }
    }
}
