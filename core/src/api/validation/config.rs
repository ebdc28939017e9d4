//! Validation of ConfigMaps and Secrets. Models kubernetes `pkg/apis/core/validation`.

use alloc::string::String;
use serde_json::{Map, Value};

use super::common::{IMMUTABLE, config_key};
use super::field::{Errors, join, keyed};
use crate::object::value::{at, bool_at, map_at, text_at};

/// The most bytes that one may hold.
const LIMIT: usize = 1024 * 1024;

/// How many bytes text that may be of base64 stands for.
fn size_of(text: &str, encoded: bool) -> usize {
    if !encoded {
        return text.len();
    }
    let padding = text.bytes().rev().take_while(|byte| *byte == b'=').count();
    (text.len() / 4 * 3).saturating_sub(padding)
}

/// The keys of a member; what its values stand for has as many bytes as are returned.
fn data(object: &Value, field: &str, other: Option<&Map<String, Value>>, encoded: bool, errors: &mut Errors) -> usize {
    let mut size = 0_usize;
    for (key, value) in map_at(object, field).into_iter().flatten() {
        errors.each(&keyed(field, key), key, config_key(key));
        if other.is_some_and(|other| other.contains_key(key)) {
            errors.invalid(&keyed(field, key), key.as_str(), "duplicate of key present in binaryData");
        }
        size = size.saturating_add(value.as_str().map_or(0, |text| size_of(text, encoded)));
    }
    size
}

/// A ConfigMap.
pub fn config_map(object: &Value, errors: &mut Errors) {
    let binary = map_at(object, "binaryData");
    let size = data(object, "data", binary, false, errors) + data(object, "binaryData", None, true, errors);
    if size > LIMIT {
        // The path of the whole object, as it prints.
        errors.too_long("[]", LIMIT);
    }
}

/// A Secret: keys that its type asks for.
pub fn secret(object: &Value, errors: &mut Errors) {
    if data(object, "data", None, true, errors) > LIMIT {
        errors.too_long("data", LIMIT);
    }
    let needed: &[&str] = match text_at(object, "type") {
        "kubernetes.io/dockercfg" => &[".dockercfg"],
        "kubernetes.io/dockerconfigjson" => &[".dockerconfigjson"],
        "kubernetes.io/ssh-auth" => &["ssh-privatekey"],
        "kubernetes.io/tls" => &["tls.crt", "tls.key"],
        _ => &[],
    };
    let empty = Map::new();
    let held = map_at(object, "data").unwrap_or(&empty);
    let there =
        |key: &str| held.get(key).is_some_and(|value| key != "ssh-privatekey" || value.as_str().is_some_and(|text| !text.is_empty()));
    for key in needed.iter().filter(|key| !there(key)) {
        errors.required(&keyed("data", key), "");
    }
    for key in [".dockercfg", ".dockerconfigjson"].iter().filter(|key| needed.contains(*key)) {
        let text = held.get(*key).and_then(Value::as_str).and_then(|text| crate::text::base64::decode(text).ok());
        if let Some(Err(why)) = text.map(|bytes| crate::text::json::parse(&String::from_utf8_lossy(&bytes)).map(|_| ())) {
            errors.invalid(&keyed("data", key), "<secret contents redacted>", why.text());
        }
    }
    if text_at(object, "type") == "kubernetes.io/basic-auth" && !held.contains_key("username") && !held.contains_key("password") {
        errors.required("data[username]", "");
        errors.required("data[password]", "");
    }
    if text_at(object, "type") == "kubernetes.io/service-account-token"
        && map_at(object, "metadata/annotations")
            .and_then(|notes| notes.get("kubernetes.io/service-account.name"))
            .is_none_or(crate::object::value::is_empty)
    {
        errors.required("metadata.annotations[kubernetes.io/service-account.name]", "");
    }
}

/// What may not change once `immutable` is set.
pub fn frozen(new: &Value, old: &Value, errors: &mut Errors) {
    const TEXT: &str = "field is immutable when `immutable` is set";
    if bool_at(old, "immutable") {
        if !bool_at(new, "immutable") {
            errors.forbidden("immutable", TEXT);
        }
        for field in ["data", "binaryData"] {
            if at(new, field) != at(old, field) {
                errors.forbidden(&join("", field), TEXT);
            }
        }
    }
}

/// What may not change in a Secret.
pub fn secret_update(new: &Value, old: &Value, errors: &mut Errors) {
    let kind = text_at(new, "type");
    if kind != text_at(old, "type") {
        errors.invalid("type", kind, IMMUTABLE);
    }
    frozen(new, old, errors);
}
