//! Validation of a Pod's volumes. Models kubernetes `pkg/apis/core/validation` ValidateVolumes.

use alloc::collections::BTreeSet;
use serde_json::Value;

use super::common::{annotations, descending, labels, needed, no_backsteps};
use super::field::{Errors, join, nth};
use super::{env, storage};
use crate::object::names;
use crate::object::quantity::Quantity;
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

/// The sources in the API server's order, which decides which of several is too many.
const SOURCES: &str = "emptyDir hostPath gitRepo gcePersistentDisk awsElasticBlockStore secret nfs iscsi glusterfs flocker \
    persistentVolumeClaim rbd cinder cephfs quobyte downwardAPI fc flexVolume configMap azureFile vsphereVolume \
    photonPersistentDisk portworxVolume azureDisk storageos projected scaleIO csi ephemeral image";

/// Exactly one source, and that one right.
fn sources(volume: &Value, path: &str, errors: &mut Errors) {
    let given = |kind: &str| at(volume, kind).is_some_and(|source| !source.is_null());
    for (number, kind) in SOURCES.split(' ').filter(|kind| given(kind)).enumerate() {
        if number > 0 {
            // Two are spelled otherwise in this one text.
            let spelled = match kind {
                "downwardAPI" => "downwarAPI",
                "cephfs" => "cephFS",
                _ => kind,
            };
            errors.forbidden(&join(path, spelled), "may not specify more than 1 volume type");
            continue;
        }
        source(kind, at(volume, kind).unwrap_or(&Value::Null), &join(path, kind), errors);
    }
}

fn source(kind: &str, source: &Value, field: &str, errors: &mut Errors) {
    match kind {
        "emptyDir" => {
            let limit = Quantity::parse(text_at(source, "sizeLimit"));
            if limit.is_ok_and(|limit| limit.is_negative()) {
                errors.forbidden(&join(field, "sizeLimit"), "SizeLimit field must be a valid resource quantity");
            }
        }
        "hostPath" => host_path(source, field, errors),
        "secret" => {
            needed(source, "secretName", field, errors);
            files(source, field, errors);
        }
        "configMap" => {
            needed(source, "name", field, errors);
            files(source, field, errors);
        }
        "persistentVolumeClaim" => {
            needed(source, "claimName", field, errors);
        }
        "nfs" => nfs(source, field, errors),
        "csi" => {
            csi_driver(source, field, errors);
            if at(source, "nodePublishSecretRef").is_some_and(Value::is_object) {
                let secret = source.get("nodePublishSecretRef").unwrap_or(source);
                if needed(secret, "name", &join(field, "nodePublishSecretRef"), errors) {
                    let name = text_at(secret, "name");
                    errors.each(&join(field, "name"), name, names::dns_subdomain(name));
                }
            }
        }
        "gitRepo" => {
            needed(source, "repository", field, errors);
            descending(text_at(source, "directory"), &join(field, "directory"), errors);
        }
        "ephemeral" => match at(source, "volumeClaimTemplate").filter(|template| !template.is_null()) {
            None => errors.required(&join(field, "volumeClaimTemplate"), ""),
            Some(template) => {
                template_meta(template, &join(field, "volumeClaimTemplate.metadata"), errors);
                let spec = at(template, "spec").unwrap_or(&Value::Null);
                storage::claim_spec(spec, &join(field, "volumeClaimTemplate.spec"), errors);
            }
        },
        _ if remote(kind, source, field, errors) => {}
        "downwardAPI" => {
            mode(source, "defaultMode", field, errors);
            items_at(source, "items").iter().for_each(|item| downward(item, field, errors));
        }
        "projected" => projected(source, field, errors),
        _ => {}
    }
}

/// Of the metadata of a claim that is made for a Pod, only labels and annotations may be given.
fn template_meta(template: &Value, path: &str, errors: &mut Errors) {
    const OTHERS: &[&str] = &["name", "generateName", "namespace", "ownerReferences", "finalizers"];
    let Some(meta) = at(template, "metadata") else { return };
    annotations(meta, path, errors);
    labels(meta, "labels", path, errors);
    for field in OTHERS.iter().filter(|field| at(meta, field).is_some_and(|value| !crate::object::value::is_empty(value))) {
        errors.forbidden(&join(path, field), "cannot be set");
    }
}

/// The members that must be there in volumes of storage systems.
const REMOTE: &[(&str, &[&str])] = &[
    ("glusterfs", &["endpoints", "path"]),
    ("rbd", &["monitors", "image"]),
    ("cephfs", &["monitors"]),
    ("cinder", &["volumeID"]),
    ("azureFile", &["secretName", "shareName"]),
    ("azureDisk", &["diskName", "diskURI"]),
    ("flexVolume", &["driver"]),
    ("vsphereVolume", &["volumePath"]),
    ("portworxVolume", &["volumeID"]),
    ("awsElasticBlockStore", &["volumeID"]),
    ("gcePersistentDisk", &["pdName"]),
    ("iscsi", &["targetPortal"]),
    ("photonPersistentDisk", &["pdID"]),
    ("scaleIO", &["gateway", "system", "volumeName"]),
    ("storageos", &["volumeName"]),
];

/// A volume of a storage system; false when it is none.
pub fn remote(kind: &str, source: &Value, path: &str, errors: &mut Errors) -> bool {
    let Some((_, members)) = REMOTE.iter().find(|row| row.0 == kind) else { return false };
    // The API server calls the disk so when it looks inside.
    let path = if kind == "gcePersistentDisk" { path.replace("gcePersistentDisk", "persistentDisk") } else { path.into() };
    for member in *members {
        if text_at(source, member).is_empty() && items_at(source, member).is_empty() {
            errors.required(&join(&path, member), "");
        }
    }
    if kind == "iscsi" {
        const START: &str = "must be valid format starting with iqn, eui, or naa";
        let name = text_at(source, "iqn");
        if needed(source, "iqn", &path, errors) && !["iqn", "eui", "naa"].iter().any(|start| name.starts_with(start)) {
            errors.invalid(&join(&path, "iqn"), name, START);
        }
        if let Some(unit) = i64_at(source, "lun").filter(|unit| !(0..=255).contains(unit)) {
            errors.invalid(&join(&path, "lun"), unit, "must be between 0 and 255, inclusive");
        }
    }
    if let Some(partition) = i64_at(source, "partition").filter(|partition| !(0..=255).contains(partition)) {
        errors.invalid(&join(&path, "partition"), partition, "must be between 1 and 255, inclusive");
    }
    true
}

/// A folder of another machine.
pub fn nfs(source: &Value, path: &str, errors: &mut Errors) {
    needed(source, "server", path, errors);
    needed(source, "path", path, errors);
    let target = text_at(source, "path");
    if !target.starts_with('/') {
        errors.invalid(&join(path, "path"), target, "must be an absolute path");
    }
}

/// A path on the node.
pub fn host_path(source: &Value, path: &str, errors: &mut Errors) {
    const TYPES: &[&str] = &["", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"];
    if !needed(source, "path", path, errors) {
        return;
    }
    no_backsteps(text_at(source, "path"), &join(path, "path"), errors);
    let kind = text_at(source, "type");
    if !TYPES.contains(&kind) {
        errors.unsupported(&join(path, "type"), kind, TYPES);
    }
}

fn mode(holder: &Value, field: &str, path: &str, errors: &mut Errors) {
    const MODE: &str = "must be a number between 0 and 0777 (octal), both inclusive";
    if let Some(mode) = i64_at(holder, field).filter(|mode| !(0..=0o777).contains(mode)) {
        errors.invalid(&join(path, field), mode, MODE);
    }
}

/// The path of a file within a volume.
fn inner_path(item: &Value, path: &str, errors: &mut Errors) {
    needed(item, "path", path, errors);
    let target = text_at(item, "path");
    descending(target, &join(path, "path"), errors);
    if target.starts_with("..") && !target.starts_with("../") {
        errors.invalid(&join(path, "path"), target, "must not start with '..'");
    }
}

fn file(item: &Value, path: &str, errors: &mut Errors) {
    needed(item, "key", path, errors);
    inner_path(item, path, errors);
    mode(item, "mode", path, errors);
}

fn files(source: &Value, path: &str, errors: &mut Errors) {
    mode(source, "defaultMode", path, errors);
    for (number, item) in items_at(source, "items").iter().enumerate() {
        file(item, &nth(&join(path, "items"), number), errors);
    }
}

/// A file that shows a field of the Pod. Its path has no number, as it has none in the API server.
fn downward(item: &Value, path: &str, errors: &mut Errors) {
    let given = |field: &str| at(item, field).filter(|value| !value.is_null());
    inner_path(item, path, errors);
    match (given("fieldRef"), given("resourceFieldRef")) {
        (Some(reference), other) => {
            env::field_ref(reference, env::FILE_FIELDS, &join(path, "fieldRef"), errors);
            if other.is_some() {
                errors.invalid(path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously");
            }
        }
        (None, Some(reference)) => env::resource_ref(reference, true, &join(path, "resourceFieldRef"), errors),
        (None, None) => errors.required(path, "one of fieldRef and resourceFieldRef is required"),
    }
    mode(item, "mode", path, errors);
}

fn projected(source: &Value, path: &str, errors: &mut Errors) {
    mode(source, "defaultMode", path, errors);
    let mut paths = BTreeSet::new();
    for (number, part) in items_at(source, "sources").iter().enumerate() {
        let field = nth(&join(path, "sources"), number);
        let mut count = 0;
        for kind in ["secret", "configMap", "downwardAPI", "serviceAccountToken"] {
            let Some(inner) = at(part, kind).filter(|inner| !inner.is_null()) else { continue };
            count += 1;
            let field = join(&field, kind);
            match kind {
                "downwardAPI" => items_at(inner, "items").iter().for_each(|item| downward(item, &field, errors)),
                "serviceAccountToken" => token(inner, &field, path, errors),
                _ => {
                    needed(inner, "name", &field, errors);
                    for (number, item) in items_at(inner, "items").iter().enumerate() {
                        file(item, &nth(&join(&field, "items"), number), errors);
                    }
                }
            }
            let own = items_at(inner, "items").iter().map(|item| text_at(item, "path"));
            for target in own.filter(|target| !target.is_empty()) {
                if !paths.insert(target) {
                    let shown = if kind == "downwardAPI" { target } else { text_at(inner, "name") };
                    errors.invalid(path, shown, "conflicting duplicate paths");
                }
            }
        }
        if count > 1 {
            errors.forbidden(&field, "may not specify more than 1 volume type per source");
        }
    }
}

/// A token of the Pod's account. What is wrong with its path is told of the whole volume, as in the API server.
fn token(source: &Value, path: &str, whole: &str, errors: &mut Errors) {
    if let Some(seconds) = i64_at(source, "expirationSeconds").filter(|seconds| *seconds < 600) {
        errors.invalid(&join(path, "expirationSeconds"), seconds, "may not specify a duration less than 10 minutes");
    }
    if let Some(seconds) = i64_at(source, "expirationSeconds").filter(|seconds| *seconds > 1 << 32) {
        errors.invalid(&join(path, "expirationSeconds"), seconds, "may not specify a duration larger than 2^32 seconds");
    }
    inner_path(source, whole, errors);
}

/// The name of a CSI driver.
pub fn csi_driver(source: &Value, path: &str, errors: &mut Errors) {
    if !needed(source, "driver", path, errors) {
        return;
    }
    let (name, field) = (text_at(source, "driver"), join(path, "driver"));
    if name.len() > 63 {
        errors.too_long(&field, 63);
    }
    errors.each(&field, name, names::dns_subdomain(&name.to_lowercase()));
}
