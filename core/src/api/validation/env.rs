//! Validation of a container's environment and of the fields of a Pod that variables and files may show.
//! Models kubernetes `pkg/apis/core/validation` ValidateEnv, validateObjectFieldSelector.

use alloc::format;
use alloc::vec::Vec;
use serde_json::Value;

use super::common::{config_key, needed, no_backsteps};
use super::field::{Errors, join, nth};
use crate::object::names;
use crate::object::value::{at, items_at, text_at};

/// Where a variable's value may come from.
const SOURCES: &[&str] = &["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"];

/// Fields of a Pod that a variable may show.
const ENV_FIELDS: &[&str] = &[
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];

/// Fields of a Pod that a file may show.
pub const FILE_FIELDS: &[&str] = &["metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"];

/// Fields of a Pod that have a name in the downward API at all.
const KNOWN_FIELDS: &[&str] = &["metadata.annotations", "metadata.labels", "spec.restartPolicy", "spec.schedulerName", "status.phase"];

/// Resources of a container that may be shown.
const RESOURCES: &[&str] =
    &["limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory"];

fn there<'v>(holder: &'v Value, key: &str) -> Option<&'v Value> {
    at(holder, key).filter(|value| !value.is_null())
}

/// The variables of a container and where more of them come from.
pub fn environment(container: &Value, path: &str, errors: &mut Errors) {
    for (number, variable) in items_at(container, "env").iter().enumerate() {
        let field = nth(&join(path, "env"), number);
        if needed(variable, "name", &field, errors) {
            name_of(text_at(variable, "name"), &join(&field, "name"), errors);
        }
        if let Some(source) = there(variable, "valueFrom") {
            value_from(variable, source, &join(&field, "valueFrom"), errors);
        }
    }
    let whole = join(path, "envFrom");
    for (number, source) in items_at(container, "envFrom").iter().enumerate() {
        let field = nth(&whole, number);
        name_of(text_at(source, "prefix"), &join(&field, "prefix"), errors);
        let given: Vec<(&str, &Value)> =
            ["configMapRef", "secretRef"].iter().filter_map(|kind| Some((*kind, there(source, kind)?))).collect();
        for (kind, reference) in &given {
            let field = join(&field, kind);
            if needed(reference, "name", &field, errors) {
                let name = text_at(reference, "name");
                errors.each(&join(&field, "name"), name, names::dns_subdomain(name));
            }
        }
        match given.len() {
            0 => errors.invalid(&whole, "", "must specify one of: `configMapRef` or `secretRef`"),
            1 => {}
            _ => errors.invalid(&whole, "", "may not have more than one field specified at a time"),
        }
    }
}

fn name_of(name: &str, field: &str, errors: &mut Errors) {
    const TEXT: &str = "a valid environment variable name must consist only of printable ASCII characters other than '='";
    if !name.chars().all(|c| (' '..='~').contains(&c) && c != '=') {
        errors.invalid(field, name, TEXT);
    }
}

/// A variable that a file of a volume sets.
fn file_key(reference: &Value, path: &str, errors: &mut Errors) {
    if needed(reference, "key", path, errors) {
        name_of(text_at(reference, "key"), &join(path, "key"), errors);
    }
    if needed(reference, "volumeName", path, errors) {
        let name = text_at(reference, "volumeName");
        errors.each(&join(path, "volumeName"), name, names::dns_label(name));
    }
    if needed(reference, "path", path, errors) {
        no_backsteps(text_at(reference, "path"), &join(path, "path"), errors);
    }
}

fn value_from(variable: &Value, source: &Value, path: &str, errors: &mut Errors) {
    let mut count = 0;
    for kind in SOURCES {
        let Some(reference) = there(source, kind) else { continue };
        count += 1;
        let field = join(path, kind);
        match *kind {
            "fieldRef" => field_ref(reference, ENV_FIELDS, &field, errors),
            "resourceFieldRef" => resource_ref(reference, false, &field, errors),
            "configMapKeyRef" | "secretKeyRef" => {
                let name = text_at(reference, "name");
                errors.each(&join(&field, "name"), name, names::dns_subdomain(name));
                if needed(reference, "key", &field, errors) {
                    let key = text_at(reference, "key");
                    errors.each(&join(&field, "key"), key, config_key(key));
                }
            }
            _ => file_key(reference, &field, errors),
        }
    }
    if count == 0 {
        let text = "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`";
        errors.invalid(path, "", text);
    } else if !text_at(variable, "value").is_empty() {
        errors.invalid(path, "", "may not be specified when `value` is not empty");
    } else if count > 1 {
        errors.invalid(path, "", "may not have more than one field specified at a time");
    }
}

/// A reference to a field of the Pod, which must be one of `allowed` or a label or annotation by its key.
pub fn field_ref(reference: &Value, allowed: &[&str], path: &str, errors: &mut Errors) {
    let field = join(path, "fieldPath");
    let wanted = text_at(reference, "fieldPath");
    if wanted.is_empty() {
        return errors.required(&field, "");
    }
    let (base, key) = match wanted.strip_suffix("']").and_then(|rest| rest.split_once("['")) {
        Some((base, key)) => (base, Some(key)),
        None => (wanted, None),
    };
    let known = KNOWN_FIELDS.iter().take(if key.is_some() { 2 } else { KNOWN_FIELDS.len() }).any(|field| *field == base);
    if !known && (key.is_some() || !ENV_FIELDS.contains(&base)) {
        return errors.invalid(&field, wanted, format!("error converting fieldPath: field label not supported: {wanted}"));
    }
    match key {
        Some(key) if base == "metadata.annotations" => errors.each(path, key, names::qualified_name(&key.to_lowercase())),
        Some(key) => errors.each(path, key, names::qualified_name(key)),
        None if !allowed.contains(&base) => errors.unsupported(&field, base, allowed),
        None => {}
    }
}

/// A reference to what a container asks for or may use; a file must say which container.
pub fn resource_ref(reference: &Value, in_file: bool, path: &str, errors: &mut Errors) {
    let resource = text_at(reference, "resource");
    let huge = resource.starts_with("limits.hugepages-") || resource.starts_with("requests.hugepages-");
    if in_file && text_at(reference, "containerName").is_empty() {
        errors.required(&join(path, "containerName"), "");
    } else if resource.is_empty() {
        errors.required(&join(path, "resource"), "");
    } else if !RESOURCES.contains(&resource) && !huge {
        errors.unsupported(&join(path, "resource"), resource, RESOURCES);
    }
    const SIZES: &str = "1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei";
    let divisor = text_at(reference, "divisor");
    let (allowed, what) = match resource.split_once('.').map_or("", |(_, what)| what) {
        "cpu" => ("1m, 1", "1m and 1 are supported with the cpu resource".into()),
        "memory" => (SIZES, [SIZES, " are supported with the memory resource"].concat()),
        "ephemeral-storage" => (SIZES, [SIZES, " are supported with the local ephemeral storage resource"].concat()),
        _ => return,
    };
    if !matches!(divisor, "" | "0") && !allowed.split(", ").any(|unit| unit == divisor) {
        errors.invalid(&join(path, "divisor"), resource, ["only divisor's values ", &what].concat());
    }
}
