//! Validation of volumes, claims and storage classes. Models kubernetes `pkg/apis/core/validation` and
//! `pkg/apis/storage/validation`.

use alloc::collections::BTreeSet;
use serde_json::Value;

use super::common::{IMMUTABLE, immutable, label_selector, needed, no_backsteps, one_of};
use super::field::{Errors, join, keyed, nth};
use super::{difference, internal, pod, volume};
use crate::object::names;
use crate::object::quantity::Quantity;
use crate::object::value::{at, items_at, map_at, pairs_at, remove, set, text_at};

const MODES: &[&str] = &["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];

/// The sources of a PersistentVolume in the order in which the API server looks at them.
const SOURCES: &str = "hostPath gcePersistentDisk awsElasticBlockStore glusterfs flocker nfs rbd quobyte cephfs iscsi cinder fc \
    flexVolume azureFile vsphereVolume photonPersistentDisk portworxVolume azureDisk scaleIO local storageos csi";
/// The same in the order of its internal type.
const SHOWN: &str = "gcePersistentDisk awsElasticBlockStore hostPath glusterfs nfs rbd quobyte iscsi flexVolume cinder cephfs fc \
    flocker azureFile vsphereVolume azureDisk photonPersistentDisk portworxVolume scaleIO local storageos csi";

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

/// How much a PersistentVolume holds.
fn capacity(spec: &Value, errors: &mut Errors) {
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
}

/// A PersistentVolume.
pub fn persistent_volume(object: &Value, errors: &mut Errors) {
    let empty = Value::Null;
    let spec = at(object, "spec").unwrap_or(&empty);
    if items_at(spec, "accessModes").is_empty() {
        errors.required("spec.accessModes", "");
    }
    access_modes(spec, "spec", errors);
    capacity(spec, errors);
    one_of(spec, "persistentVolumeReclaimPolicy", "spec", &["Delete", "Recycle", "Retain"], false, errors);
    match at(spec, "nodeAffinity/required").filter(|required| !required.is_null()) {
        Some(required) => pod::node_selector(required, "spec.nodeAffinity.required", errors),
        None if at(spec, "nodeAffinity").is_some_and(|affinity| !affinity.is_null()) => {
            errors.required("spec.nodeAffinity.required", "must specify required node constraints");
        }
        None => {}
    }
    let mut count = 0;
    for kind in SOURCES.split(' ') {
        let Some(source) = at(spec, kind).filter(|source| !source.is_null()) else { continue };
        let field = join("spec", kind);
        count += 1;
        if count > 1 {
            errors.forbidden(&field, "may not specify more than 1 volume type");
            continue;
        }
        match kind {
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
                secrets(source, &field, errors);
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
    if let Some(class) = at(spec, "volumeAttributesClassName").and_then(Value::as_str) {
        const FIELD: &str = "spec.volumeAttributesClassName";
        match class.is_empty() {
            true => errors.required(FIELD, "an empty string is disallowed"),
            false => errors.each(FIELD, class, names::dns_subdomain(class)),
        }
        if at(spec, "csi").is_none_or(Value::is_null) {
            errors.required("spec.csi", "has to be specified when using volumeAttributesClassName");
        }
    }
}

fn class_name(spec: &Value, path: &str, errors: &mut Errors) {
    let class = text_at(spec, "storageClassName");
    if !class.is_empty() {
        errors.each(&join(path, "storageClassName"), class, names::dns_subdomain(class));
    }
}

/// The secrets that a CSI driver is given for a volume.
fn secrets(source: &Value, path: &str, errors: &mut Errors) {
    for field in ["controllerPublishSecretRef", "controllerExpandSecretRef", "nodePublishSecretRef", "nodeExpandSecretRef"] {
        let Some(secret) = at(source, field).filter(|secret| !secret.is_null()) else { continue };
        let path = join(path, field);
        if needed(secret, "name", &path, errors) {
            errors.each(&join(&path, "name"), text_at(secret, "name"), names::dns_subdomain(text_at(secret, "name")));
        }
        if needed(secret, "namespace", &path, errors) {
            errors.each(&join(&path, "namespace"), text_at(secret, "namespace"), names::dns_label(text_at(secret, "namespace")));
        }
    }
}

/// A PersistentVolume's source may not change, nor how it is used, nor where it is once that was said.
pub fn persistent_volume_update(new: &Value, old: &Value, errors: &mut Errors) {
    const TEXT: &str = "spec.persistentvolumesource is immutable after creation\n";
    let empty = Value::Null;
    let (now, before) = (at(new, "spec").unwrap_or(&empty), at(old, "spec").unwrap_or(&empty));
    if SOURCES.split(' ').any(|kind| at(now, kind) != at(before, kind)) {
        let lines = |spec: &Value| internal::member_lines("PersistentVolumeSpec", SHOWN, spec);
        let difference = difference::unified(&lines(before), &lines(now));
        errors.forbidden("spec.persistentvolumesource", [TEXT, &difference].concat());
    }
    immutable(now, before, "volumeMode", "", errors);
    let place = |spec: &Value| at(spec, "nodeAffinity").filter(|place| !place.is_null()).cloned();
    if place(before).is_some() && place(before) != place(now) {
        let shown = place(now).map_or_else(|| "null".into(), |place| internal::internal("VolumeNodeAffinity", &place));
        errors.invalid_raw("nodeAffinity", shown, [IMMUTABLE, ", except for updating from beta label to GA"].concat());
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
    data_source(spec, path, errors);
    let class = text_at(spec, "volumeAttributesClassName");
    if !class.is_empty() {
        errors.each(&join(path, "volumeAttributesClassName"), class, names::dns_subdomain(class));
    }
}

/// What a claim's volume begins with.
fn data_source(spec: &Value, path: &str, errors: &mut Errors) {
    const CORE: &str = "must be 'PersistentVolumeClaim' when referencing the default apiGroup";
    let given = |field: &str| at(spec, field).filter(|source| !source.is_null());
    for field in ["dataSource", "dataSourceRef"] {
        let Some(source) = given(field) else { continue };
        let path = join(path, field);
        needed(source, "name", &path, errors);
        needed(source, "kind", &path, errors);
        let group = text_at(source, "apiGroup");
        if group.is_empty() && text_at(source, "kind") != "PersistentVolumeClaim" {
            errors.invalid(&path, text_at(source, "kind"), CORE);
        } else if !group.is_empty() {
            errors.each(&join(&path, "apiGroup"), group, names::dns_subdomain(group));
        }
    }
    if let (Some(source), Some(reference)) = (given("dataSource"), given("dataSourceRef"))
        && ["apiGroup", "kind", "name"].iter().any(|field| at(source, field) != at(reference, field))
    {
        errors.invalid_raw(path, "{}".into(), "must match dataSourceRef");
    }
}

/// What may change in a claim: the size asked for, once bound and never less; the volume, once.
pub fn claim_update(new: &Value, old: &Value, errors: &mut Errors) {
    const TEXT: &str = "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n";
    let empty = Value::Null;
    let (now, before) = (at(new, "spec").unwrap_or(&empty), at(old, "spec").unwrap_or(&empty));
    let (mut munged, mut base) = (now.clone(), before.clone());
    if text_at(before, "volumeName").is_empty() {
        copy(now, &mut base, "volumeName");
    }
    let class = |spec: &Value| at(spec, "storageClassName").is_some_and(|class| !class.is_null());
    if class(now) && !class(before) {
        copy(before, &mut munged, "storageClassName");
    }
    if text_at(old, "status/phase") == "Bound" {
        copy(before, &mut munged, "resources/requests/storage");
        copy(before, &mut munged, "volumeAttributesClassName");
    }
    if munged != base {
        let lines = |spec: &Value| internal::struct_lines("PersistentVolumeClaimSpec", spec);
        errors.forbidden("spec", [TEXT, &difference::unified(&lines(&base), &lines(&munged))].concat());
    }
    let size = |object: &Value, path: &str| Quantity::parse(text_at(object, path)).unwrap_or_default();
    let (wanted, there) = (size(now, "resources/requests/storage"), size(old, "status/capacity/storage"));
    if wanted < size(before, "resources/requests/storage") && wanted <= there {
        errors.forbidden("spec.resources.requests.storage", "field can not be less than status.capacity");
    }
    immutable(now, before, "volumeMode", "", errors);
}

/// Makes the member at `path` what it is in `from`, be it that there is none.
fn copy(from: &Value, to: &mut Value, path: &str) {
    match at(from, path) {
        Some(value) => set(to, &["/", path].concat(), value.clone()),
        None => {
            remove(to, &["/", path].concat());
        }
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
    const BINDING: &[&str] = &["Immediate", "WaitForFirstConsumer"];
    let binding = text_at(object, "volumeBindingMode");
    if !BINDING.contains(&binding) {
        errors.unsupported("volumeBindingMode", binding, BINDING);
    }
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
