//! The hash that is appended to the names of generated ConfigMaps and Secrets. Models kustomize `api/hasher`.

use alloc::string::String;
use serde_json::{Map, Value};

use crate::object::value;
use crate::text::{json, sha256};

/// Ten letters from an object's kind and data.
pub fn of(body: &Value) -> String {
    let mut map = Map::new();
    let secret = value::text_at(body, "kind") == "Secret";
    map.insert("kind".into(), value::text_at(body, "kind").into());
    // The name takes no part, whatever prefix it has by then; its place does.
    map.insert("name".into(), "".into());
    let data = value::at(body, "data").cloned();
    map.insert("data".into(), data.unwrap_or_else(|| "".into()));
    if secret {
        map.insert("type".into(), value::text_at(body, "type").into());
    }
    if let Some(binary) = value::at(body, "binaryData") {
        map.insert("binaryData".into(), binary.clone());
    }
    let digest = sha256::hex(json::compact(&Value::Object(map)).as_bytes());
    let letter = |c: char| match c {
        '0' => 'g',
        '1' => 'h',
        '3' => 'k',
        'a' => 'm',
        'e' => 't',
        other => other,
    };
    digest.chars().take(10).map(letter).collect()
}

/// Appends the hash to the object's name.
pub fn append(body: &mut Value) {
    let name = [value::text_at(body, "metadata/name"), "-", &of(body)].concat();
    value::set(body, "metadata/name", name);
}

#[cfg(test)]
mod tests {
    #[test]
    fn hashes_as_recorded() {
        let body = serde_json::json!({"kind": "ConfigMap", "metadata": {"name": "dev-conf"}, "data": {"a": "1"}});
        assert_eq!(super::of(&body), "h29d89cmmt");
    }
}
