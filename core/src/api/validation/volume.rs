//! Validation of a Pod's volumes. Models kubernetes `pkg/apis/core/validation` ValidateVolumes.

use alloc::collections::BTreeSet;
use serde_json::Value;

use super::common::needed;
use super::field::{Errors, join, nth};
use crate::object::names;
use crate::object::value::{at, i64_at, items_at, text_at};

/// The volumes of a PodSpec; returns the names that may be mounted.
pub fn volumes<'a>(spec: &'a Value, path: &str, errors: &mut Errors) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    for (number, volume) in items_at(spec, "volumes").iter().enumerate() {
        let field = nth(&join(path, "volumes"), number);
        let before = errors.0.len();
        sources(volume, &field, errors);
        let name = text_at(volume, "name");
        if needed(volume, "name", &field, errors) {
            errors.each(&join(&field, "name"), name, names::dns_label(name));
        }
        if seen.contains(name) {
            errors.duplicate(&join(&field, "name"), name);
        }
        if errors.0.len() == before {
            seen.insert(name);
        }
    }
    seen
}

/// Exactly one source, and that one right. Also for PersistentVolumes.
fn sources(volume: &Value, path: &str, errors: &mut Errors) {
    let given = volume.as_object().into_iter().flatten().filter(|(key, value)| *key != "name" && !value.is_null());
    for (number, (kind, source)) in given.enumerate() {
        let field = join(path, kind);
        if number > 0 {
            errors.forbidden(&field, "may not specify more than 1 volume type");
            continue;
        }
        match kind.as_str() {
            "hostPath" => host_path(source, &field, errors),
            "secret" => {
                needed(source, "secretName", &field, errors);
                files(source, &field, errors);
            }
            "configMap" => {
                needed(source, "name", &field, errors);
                files(source, &field, errors);
            }
            "persistentVolumeClaim" => {
                needed(source, "claimName", &field, errors);
            }
            "nfs" => {
                needed(source, "server", &field, errors);
                needed(source, "path", &field, errors);
            }
            "csi" => {
                needed(source, "driver", &field, errors);
            }
            "downwardAPI" => files(source, &field, errors),
            "projected" => projected(source, &field, errors),
            _ => {}
        }
    }
}

/// A path on the node.
pub fn host_path(source: &Value, path: &str, errors: &mut Errors) {
    const TYPES: &[&str] = &["", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"];
    if needed(source, "path", path, errors) {
        let target = text_at(source, "path");
        if target.split('/').any(|part| part == "..") {
            errors.invalid(&join(path, "path"), target, "must not contain '..'");
        }
    }
    let kind = text_at(source, "type");
    if !TYPES.contains(&kind) {
        errors.unsupported(&join(path, "type"), kind, TYPES);
    }
}

fn files(source: &Value, path: &str, errors: &mut Errors) {
    const MODE: &str = "must be a number between 0 and 0777 (octal), both inclusive";
    if let Some(mode) = i64_at(source, "defaultMode").filter(|mode| !(0..=0o777).contains(mode)) {
        errors.invalid(&join(path, "defaultMode"), mode, MODE);
    }
    for (number, item) in items_at(source, "items").iter().enumerate() {
        let field = nth(&join(path, "items"), number);
        if at(item, "key").is_some() {
            needed(item, "key", &field, errors);
        }
        if needed(item, "path", &field, errors) {
            let target = text_at(item, "path");
            if target.starts_with('/') {
                errors.invalid(&join(&field, "path"), target, "must be a relative path");
            }
            if target.split('/').any(|part| part == "..") {
                errors.invalid(&join(&field, "path"), target, "must not contain '..'");
            }
        }
        if let Some(mode) = i64_at(item, "mode").filter(|mode| !(0..=0o777).contains(mode)) {
            errors.invalid(&join(&field, "mode"), mode, MODE);
        }
    }
}

fn projected(source: &Value, path: &str, errors: &mut Errors) {
    for (number, part) in items_at(source, "sources").iter().enumerate() {
        let field = nth(&join(path, "sources"), number);
        for kind in ["secret", "configMap"] {
            if let Some(inner) = at(part, kind).filter(|inner| !inner.is_null()) {
                needed(inner, "name", &join(&field, kind), errors);
            }
        }
    }
}
