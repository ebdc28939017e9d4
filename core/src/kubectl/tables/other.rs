//! The kinds that few people meet, told by the paths of their cells. Kinds that need more have a file of their own.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::cells::{age, containers, labels, scalar};
use crate::object::Object;
use crate::object::go;
use crate::object::value::{at, text_at};

/// A resource and its cells: `name`, `age`, `created`, a path, `#` and the path of a list that is counted, `,` and the
/// path of a list that is written out, `?` and the path of a kind of parameters, `*` and that of a reference to some, or `=`
/// and a text that is always the same.
const CELLS: &[(&str, &[&str])] = &[
    ("apiservices.apiregistration.k8s.io", &["name", "=Local", "/status/conditions/0/status", "age"]),
    ("csinodes.storage.k8s.io", &["name", "#/spec/drivers", "age"]),
    (
        "csidrivers.storage.k8s.io",
        &[
            "name",
            "/spec/attachRequired",
            "/spec/podInfoOnMount",
            "/spec/storageCapacity",
            "=<unset>",
            "/spec/requiresRepublish",
            ",/spec/volumeLifecycleModes",
            "age",
        ],
    ),
    ("csistoragecapacities.storage.k8s.io", &["name", "created"]),
    (
        "volumeattachments.storage.k8s.io",
        &["name", "/spec/attacher", "/spec/source/persistentVolumeName", "/spec/nodeName", "/status/attached", "age"],
    ),
    ("volumeattributesclasses.storage.k8s.io", &["name", "/driverName", "age"]),
    ("servicecidrs.networking.k8s.io", &["name", ",/spec/cidrs", "age"]),
    ("runtimeclasses.node.k8s.io", &["name", "/handler", "age"]),
    ("mutatingwebhookconfigurations.admissionregistration.k8s.io", &["name", "#/webhooks", "age"]),
    ("validatingwebhookconfigurations.admissionregistration.k8s.io", &["name", "#/webhooks", "age"]),
    ("validatingadmissionpolicies.admissionregistration.k8s.io", &["name", "#/spec/validations", "?/spec/paramKind", "age"]),
    ("mutatingadmissionpolicies.admissionregistration.k8s.io", &["name", "#/spec/mutations", "?/spec/paramKind", "age"]),
    ("validatingadmissionpolicybindings.admissionregistration.k8s.io", &["name", "/spec/policyName", "*/spec/paramRef", "age"]),
    ("mutatingadmissionpolicybindings.admissionregistration.k8s.io", &["name", "/spec/policyName", "*/spec/paramRef", "age"]),
];

/// Whether a resource is one of these.
pub fn knows(resource: &str) -> bool {
    matches!(resource, "componentstatuses" | "podtemplates" | "ipaddresses.networking.k8s.io")
        || CELLS.iter().any(|(known, _)| *known == resource)
}

/// The cells of an object of one of these kinds.
pub fn row(o: &Object, now_ms: i64) -> Option<Vec<String>> {
    match o.ty.resource.as_str() {
        "componentstatuses" => return Some(component(o)),
        "podtemplates" => return Some(pod_template(o)),
        "ipaddresses.networking.k8s.io" => return Some(alloc::vec![o.name().to_string(), crate::api::implied::parent_of(o)]),
        _ => {}
    }
    let (_, cells) = CELLS.iter().find(|(resource, _)| *resource == o.ty.resource)?;
    Some(cells.iter().map(|cell| one(o, cell, now_ms)).collect())
}

fn one(o: &Object, cell: &str, now_ms: i64) -> String {
    match cell {
        "name" => return o.name().to_string(),
        "age" => return age(o, now_ms),
        "created" => return o.meta.creation.map_or_else(String::new, crate::text::timestamp::rfc3339),
        _ => {}
    }
    if let Some(path) = cell.strip_prefix('#') {
        return o.items_at(path).len().to_string();
    }
    if let Some(path) = cell.strip_prefix(',') {
        return o.items_at(path).iter().map(scalar).collect::<Vec<_>>().join(",");
    }
    let wanted = |sign: char| cell.strip_prefix(sign).map(|path| o.at(path).filter(|value| !value.is_null()));
    if let Some(kind) = wanted('?') {
        return kind.map_or_else(unset, |kind| [text_at(kind, "apiVersion"), "/", text_at(kind, "kind")].concat());
    }
    if let Some(parameters) = wanted('*') {
        return parameters.map_or_else(unset, parameters_of);
    }
    match cell.strip_prefix('=') {
        Some(text) => text.to_string(),
        None => o.at(cell).map_or_else(String::new, scalar),
    }
}

fn unset() -> String {
    "<unset>".to_string()
}

/// Which parameters a binding of an admission policy refers to.
fn parameters_of(reference: &Value) -> String {
    let (namespace, name) = (text_at(reference, "namespace"), text_at(reference, "name"));
    match (name, at(reference, "selector").filter(|selector| !selector.is_null())) {
        ("", None) => unset(),
        ("", Some(selector)) => go::label_selector(Some(selector)),
        // Whether they stand in a namespace is not known here.
        _ => [if namespace.is_empty() { "*" } else { namespace }, "/", name].concat(),
    }
}

fn component(o: &Object) -> Vec<String> {
    let healthy = o.items_at("/conditions").iter().find(|c| text_at(c, "type") == "Healthy").unwrap_or(&Value::Null);
    let status = match text_at(healthy, "status") {
        "True" => "Healthy",
        "False" => "Unhealthy",
        _ => "Unknown",
    };
    alloc::vec![o.name().to_string(), status.to_string(), text_at(healthy, "message").to_string(), text_at(healthy, "error").to_string()]
}

fn pod_template(o: &Object) -> Vec<String> {
    let [names, images] = containers(o.at("/template/spec"));
    let template = o.field("template").unwrap_or(&Value::Null);
    alloc::vec![o.name().to_string(), names, images, labels(template, "metadata/labels")]
}

/// The table of a Scale, as `kubectl get --subresource=scale` shows it.
pub fn scale(o: &Object, now_ms: i64) -> Vec<String> {
    let number = |path: &str| format!("{}", o.i64_at(path).unwrap_or(0));
    alloc::vec![o.name().to_string(), number("/spec/replicas"), number("/status/replicas"), age(o, now_ms)]
}
