//! Volumes, claims and storage classes.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use serde_json::Value;

use super::cells::{age, scalar};
use crate::object::Object;

/// Access modes in their short form: `RWO,ROX`.
pub fn access_modes(modes: &[Value]) -> String {
    let known = [("ReadWriteOnce", "RWO"), ("ReadOnlyMany", "ROX"), ("ReadWriteMany", "RWX"), ("ReadWriteOncePod", "RWOP")];
    let has = |long: &str| modes.iter().any(|m| m.as_str() == Some(long));
    known.iter().filter(|(long, _)| has(long)).map(|(_, short)| *short).collect::<Vec<_>>().join(",")
}

fn phase(o: &Object) -> String {
    if o.is_deleting() { "Terminating" } else { o.text_at("/status/phase") }.to_string()
}

fn or_unset(text: &str) -> String {
    if text.is_empty() { "<unset>".to_string() } else { text.to_string() }
}

/// The storage class of a volume or claim, from its old annotation too.
pub fn class_name(o: &Object) -> String {
    let old = o.meta.annotation("volume.beta.kubernetes.io/storage-class");
    old.unwrap_or_else(|| o.text_at("/spec/storageClassName")).to_string()
}

/// The cells of a PersistentVolume.
pub fn volume(o: &Object, now_ms: i64) -> Vec<String> {
    let claim = match o.at("/spec/claimRef") {
        Some(_) => format!("{}/{}", o.text_at("/spec/claimRef/namespace"), o.text_at("/spec/claimRef/name")),
        None => String::new(),
    };
    vec![
        o.name().to_string(),
        o.at("/spec/capacity/storage").map_or_else(String::new, scalar),
        access_modes(o.items_at("/spec/accessModes")),
        o.text_at("/spec/persistentVolumeReclaimPolicy").to_string(),
        phase(o),
        claim,
        class_name(o),
        or_unset(o.text_at("/spec/volumeAttributesClassName")),
        o.text_at("/status/reason").to_string(),
        age(o, now_ms),
        or_unset(o.text_at("/spec/volumeMode")),
    ]
}

/// The cells of a PersistentVolumeClaim.
pub fn claim(o: &Object, now_ms: i64) -> Vec<String> {
    let bound = !o.text_at("/spec/volumeName").is_empty();
    vec![
        o.name().to_string(),
        phase(o),
        o.text_at("/spec/volumeName").to_string(),
        if bound { o.at("/status/capacity/storage").map_or_else(|| "0".to_string(), scalar) } else { String::new() },
        if bound { access_modes(o.items_at("/status/accessModes")) } else { String::new() },
        class_name(o),
        or_unset(o.text_at("/spec/volumeAttributesClassName")),
        age(o, now_ms),
        or_unset(o.text_at("/spec/volumeMode")),
    ]
}

/// The cells of a StorageClass.
pub fn class(o: &Object, now_ms: i64) -> Vec<String> {
    let default = o.meta.annotation("storageclass.kubernetes.io/is-default-class") == Some("true");
    let text = |path: &str| o.text_at(path).to_string();
    vec![
        if default { format!("{} (default)", o.name()) } else { o.name().to_string() },
        text("/provisioner"),
        text("/reclaimPolicy"),
        text("/volumeBindingMode"),
        o.at("/allowVolumeExpansion").and_then(Value::as_bool).unwrap_or(false).to_string(),
        age(o, now_ms),
    ]
}
