//! Validation of volumes, claims and storage classes. Models kubernetes `pkg/apis/core/validation` and
//! `pkg/apis/storage/validation`.

use alloc::collections::BTreeSet;
use serde_json::Value;

use super::common::{label_selector, needed, no_backsteps, one_of};
use super::field::{Errors, join, keyed, nth};
use super::{difference, internal, pod, volume};
use crate::object::names;
use crate::object::quantity::Quantity;
use crate::object::value::{at, items_at, map_at, pairs_at, text_at};

const MODES: &[&str] = &["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];

/// Members of a PersistentVolume's spec that are no volume source.
const NO_SOURCE: &[&str] = &[
    "capacity",
    "accessModes",
    "claimRef",
    "persistentVolumeReclaimPolicy",
    "storageClassName",
    "mountOptions",
    "volumeMode",
    "nodeAffinity",
    "volumeAttributesClassName",
];

fn access_modes(spec: &Value, path: &str, errors: &mut Errors) {
    let path = &join(path, "accessModes");
    let modes = items_at(spec, "accessModes");
    for mode in modes.iter().filter_map(Value::as_str).filter(|mode| !MODES.contains(mode)) {
        errors.unsupported(path, mode, MODES);
    }
    let known = || modes.iter().filter_map(Value::as_str).filter(|mode| MODES.contains(mode));
    if known().any(|mode| mode == "ReadWriteOncePod") && known().any(|mode| mode != "ReadWriteOncePod") {
        errors.forbidden(path, "may not use ReadWriteOncePod with other access modes");
    }
}

/// A PersistentVolume.
pub fn persistent_volume(object: &Value, errors: &mut Errors) {
    let empty = Value::Null;
    let spec = at(object, "spec").unwrap_or(&empty);
    if items_at(spec, "accessModes").is_empty() {
        errors.required("spec.accessModes", "");
    }
    access_modes(spec, "spec", errors);
    let capacity = map_at(spec, "capacity");
    if capacity.is_none_or(|capacity| capacity.is_empty()) {
        errors.required("spec.capacity", "");
    }
    if capacity.is_none_or(|capacity| !capacity.contains_key("storage") || capacity.len() > 1) {
        errors.unsupported("spec.capacity", at(spec, "capacity").cloned().unwrap_or(Value::Null), &["storage"]);
    }
    for (name, text) in pairs_at(spec, "capacity") {
        let field = keyed("spec.capacity", name);
        let amount = Quantity::parse(text).ok();
        if let Some(amount) = amount.filter(|amount| amount.is_negative()) {
            errors.invalid(&field, amount.value(), "must be a valid resource quantity");
        }
        if amount.is_some_and(|amount| amount.is_negative() || amount.is_zero()) {
            errors.invalid(&field, text, "must be greater than zero");
        }
    }
    one_of(spec, "persistentVolumeReclaimPolicy", "spec", &["Delete", "Recycle", "Retain"], false, errors);
    match at(spec, "nodeAffinity/required").filter(|required| !required.is_null()) {
        Some(required) => pod::node_selector(required, "spec.nodeAffinity.required", errors),
        None if at(spec, "nodeAffinity").is_some_and(|affinity| !affinity.is_null()) => {
            errors.required("spec.nodeAffinity.required", "must specify required node constraints");
        }
        None => {}
    }
    let sources = spec.as_object().into_iter().flatten().filter(|(key, value)| !NO_SOURCE.contains(&key.as_str()) && !value.is_null());
    let mut count = 0;
    for (kind, source) in sources {
        let field = join("spec", kind);
        count += 1;
        if count > 1 {
            errors.forbidden(&field, "may not specify more than 1 volume type");
            continue;
        }
        match kind.as_str() {
            "hostPath" => volume::host_path(source, &field, errors),
            "local" => {
                if needed(source, "path", &field, errors) {
                    no_backsteps(text_at(source, "path"), &join(&field, "path"), errors);
                }
                if at(spec, "nodeAffinity").is_none_or(Value::is_null) {
                    errors.required("spec.nodeAffinity", "Local volume requires node affinity");
                }
            }
            "nfs" => volume::nfs(source, &field, errors),
            "csi" => {
                volume::csi_driver(source, &field, errors);
                needed(source, "volumeHandle", &field, errors);
            }
            _ => {
                volume::remote(kind, source, &field, errors);
            }
        }
    }
    if count == 0 {
        errors.required("spec", "must specify a volume type");
    }
    if text_at(spec, "hostPath/path") == "/" && text_at(spec, "persistentVolumeReclaimPolicy") == "Recycle" {
        errors.forbidden("spec.persistentVolumeReclaimPolicy", "may not be 'recycle' for a hostPath mount of '/'");
    }
    class_name(spec, "spec", errors);
    one_of(spec, "volumeMode", "spec", &["Block", "Filesystem"], false, errors);
}

fn class_name(spec: &Value, path: &str, errors: &mut Errors) {
    let class = text_at(spec, "storageClassName");
    if !class.is_empty() {
        errors.each(&join(path, "storageClassName"), class, names::dns_subdomain(class));
    }
}

/// A PersistentVolume's source may not change.
pub fn persistent_volume_update(new: &Value, old: &Value, errors: &mut Errors) {
    let source = |object: &Value| {
        let mut spec = at(object, "spec").cloned().unwrap_or(Value::Null);
        if let Value::Object(spec) = &mut spec {
            spec.retain(|key, _| !NO_SOURCE.contains(&key.as_str()));
        }
        spec
    };
    if source(new) != source(old) {
        errors.forbidden("spec.persistentvolumesource", "spec.persistentvolumesource is immutable after creation");
    }
}

/// A PersistentVolumeClaim.
pub fn claim(object: &Value, errors: &mut Errors) {
    claim_spec(at(object, "spec").unwrap_or(&Value::Null), "spec", errors);
}

/// The spec of a claim, or of one that is made for a Pod.
pub fn claim_spec(spec: &Value, path: &str, errors: &mut Errors) {
    if items_at(spec, "accessModes").is_empty() {
        errors.required(&join(path, "accessModes"), "at least 1 access mode is required");
    }
    if let Some(selector) = at(spec, "selector").filter(|selector| !selector.is_null()) {
        label_selector(selector, &join(path, "selector"), errors);
    }
    access_modes(spec, path, errors);
    let field = join(path, "resources[storage]");
    let storage = map_at(spec, "resources/requests").and_then(|requests| requests.get("storage")).and_then(Value::as_str);
    match storage {
        None => errors.required(&field, ""),
        Some(text) => {
            let zero = Quantity::parse(text).is_ok_and(|amount| amount.is_zero() || amount.is_negative());
            if zero {
                errors.invalid(&field, text, "must be greater than zero");
            }
        }
    }
    class_name(spec, path, errors);
    one_of(spec, "volumeMode", path, &["Block", "Filesystem"], false, errors);
}

/// What may change in a claim: the size asked for, once bound and never less; the volume, once.
pub fn claim_update(new: &Value, old: &Value, errors: &mut Errors) {
    const TEXT: &str = "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n";
    let empty = Value::Null;
    let (now, before) = (at(new, "spec").unwrap_or(&empty), at(old, "spec").unwrap_or(&empty));
    let bound = text_at(old, "status/phase") == "Bound";
    let mut munged = now.clone();
    if let (Value::Object(munged), Some(old)) = (&mut munged, before.as_object()) {
        if !old.contains_key("volumeName") {
            munged.remove("volumeName");
        }
        if bound {
            for field in ["resources", "volumeAttributesClassName"] {
                match old.get(field) {
                    Some(value) => munged.insert(field.into(), value.clone()),
                    None => munged.remove(field),
                };
            }
        }
    }
    if munged != *before {
        let (was, is) =
            (internal::struct_lines("PersistentVolumeClaimSpec", before), internal::struct_lines("PersistentVolumeClaimSpec", now));
        errors.forbidden("spec", [TEXT, &difference::unified(&was, &is)].concat());
        return;
    }
    let size = |spec: &Value| Quantity::parse(text_at(spec, "resources/requests/storage")).ok();
    if let (Some(now), Some(before)) = (size(now), size(before))
        && now < before
    {
        errors.forbidden("spec.resources.requests.storage", "field can not be less than status.capacity");
    }
}

/// A StorageClass.
pub fn storage_class(object: &Value, errors: &mut Errors) {
    if needed(object, "provisioner", "", errors) {
        let name = text_at(object, "provisioner");
        errors.each("provisioner", name, names::qualified_name(&name.to_lowercase()));
    }
    if map_at(object, "parameters").is_some_and(|all| all.contains_key("")) {
        errors.invalid("parameters", "", "field can not be empty.");
    }
    one_of(object, "reclaimPolicy", "", &["Delete", "Retain"], false, errors);
    one_of(object, "volumeBindingMode", "", &["Immediate", "WaitForFirstConsumer"], true, errors);
    for (number, term) in items_at(object, "allowedTopologies").iter().enumerate() {
        topology(term, &join(&nth("allowedTopologies", number), "matchLabelExpressions"), errors);
    }
}

/// Where volumes of a class may be.
fn topology(term: &Value, path: &str, errors: &mut Errors) {
    let mut keys = BTreeSet::new();
    for (number, expression) in items_at(term, "matchLabelExpressions").iter().enumerate() {
        let path = nth(path, number);
        let (field, values) = (join(&path, "values"), items_at(expression, "values"));
        if values.is_empty() {
            errors.required(&field, "");
        }
        for (index, value) in values.iter().filter_map(Value::as_str).enumerate() {
            if values.iter().take(index).any(|before| before == value) {
                errors.duplicate(&nth(&field, index), value);
            }
        }
        let key = text_at(expression, "key");
        errors.each(&join(&path, "key"), key, names::qualified_name(key));
        if !keys.insert(key) {
            errors.duplicate(&join(&path, "key"), key);
        }
    }
}

/// What may not change in a StorageClass.
pub fn storage_class_update(new: &Value, old: &Value, errors: &mut Errors) {
    for (field, text) in [
        ("parameters", "updates to parameters are forbidden."),
        ("provisioner", "updates to provisioner are forbidden."),
        ("reclaimPolicy", "updates to reclaimPolicy are forbidden."),
    ] {
        if at(new, field) != at(old, field) {
            errors.forbidden(field, text);
        }
    }
    super::common::immutable(new, old, "volumeBindingMode", "", errors);
}
