//! Validation of ConfigMaps and Secrets. Models kubernetes `pkg/apis/core/validation`.

use alloc::string::String;
use serde_json::{Map, Value};

use super::common::{IMMUTABLE, config_key};
use super::field::{Errors, join, keyed};
use crate::object::value::{at, bool_at, map_at, text_at};

/// The most bytes that one may hold.
const LIMIT: usize = 1024 * 1024;

/// Keys and size of the members `fields`.
fn data(object: &Value, fields: &[&str], errors: &mut Errors) {
    let mut size = 0_usize;
    for field in fields {
        for (key, value) in map_at(object, field).into_iter().flatten() {
            errors.each(&keyed(field, key), key, config_key(key));
            size = size.saturating_add(value.as_str().map_or(0, str::len));
        }
    }
    if size > LIMIT {
        errors.too_long("", LIMIT);
    }
}

/// A ConfigMap.
pub fn config_map(object: &Value, errors: &mut Errors) {
    data(object, &["data", "binaryData"], errors);
    let empty = Map::new();
    let texts = map_at(object, "data").unwrap_or(&empty);
    for key in map_at(object, "binaryData").into_iter().flatten().map(|(key, _)| key).filter(|key| texts.contains_key(*key)) {
        errors.invalid(&keyed("data", key), key.as_str(), "duplicate of key present in binaryData");
    }
}

/// A Secret: keys that its type asks for.
pub fn secret(object: &Value, errors: &mut Errors) {
    data(object, &["data"], errors);
    let needed: &[&str] = match text_at(object, "type") {
        "kubernetes.io/dockercfg" => &[".dockercfg"],
        "kubernetes.io/dockerconfigjson" => &[".dockerconfigjson"],
        "kubernetes.io/ssh-auth" => &["ssh-privatekey"],
        "kubernetes.io/tls" => &["tls.crt", "tls.key"],
        _ => &[],
    };
    let empty = Map::new();
    let held = map_at(object, "data").unwrap_or(&empty);
    for key in needed.iter().filter(|key| !held.contains_key(**key)) {
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
        && at(object, "metadata/annotations").and_then(|notes| notes.get("kubernetes.io/service-account.name")).is_none()
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
