//! ConfigMaps, Secrets, quotas.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use serde_json::{Map, Value};

use super::cells::{age, scalar};
use crate::object::Object;

fn size(o: &Object, field: &str) -> usize {
    o.field(field).and_then(Value::as_object).map_or(0, Map::len)
}

/// The cells of a ConfigMap.
pub fn config_map(o: &Object, now_ms: i64) -> Vec<String> {
    vec![o.name().to_string(), (size(o, "data") + size(o, "binaryData")).to_string(), age(o, now_ms)]
}

/// The cells of a Secret.
pub fn secret(o: &Object, now_ms: i64) -> Vec<String> {
    vec![o.name().to_string(), o.text_at("/type").to_string(), size(o, "data").to_string(), age(o, now_ms)]
}

/// The cells of a ResourceQuota.
pub fn resource_quota(o: &Object, now_ms: i64) -> Vec<String> {
    let (mut requests, mut limits) = (Vec::new(), Vec::new());
    for (name, hard) in o.at("/status/hard").and_then(Value::as_object).into_iter().flatten() {
        let used = o.at("/status/used").and_then(|used| used.get(name)).map_or_else(|| "0".to_string(), scalar);
        let text = format!("{name}: {used}/{}", scalar(hard));
        if name.starts_with("limits.") { limits.push(text) } else { requests.push(text) }
    }
    vec![o.name().to_string(), requests.join(", "), limits.join(", "), age(o, now_ms)]
}
