//! What the API server warns of and does all the same. Models kubernetes `pkg/api/pod/warnings.go`.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use super::registry::Resource;
use crate::object::resources::ENDPOINTS;
use crate::object::value::{at, i64_at, items_at, map_at, text_at};

/// What is said whenever a resource is asked for.
pub fn of_resource(resource: &str) -> Option<&'static str> {
    match resource {
        ENDPOINTS => Some("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"),
        "componentstatuses" => Some("v1 ComponentStatus is deprecated in v1.19+"),
        _ => None,
    }
}

/// Labels of nodes that have newer names.
const OLD_LABELS: &[(&str, &str, &str)] = &[
    ("beta.kubernetes.io/arch", "v1.14", "kubernetes.io/arch"),
    ("beta.kubernetes.io/os", "v1.14", "kubernetes.io/os"),
    ("failure-domain.beta.kubernetes.io/region", "v1.17", "topology.kubernetes.io/region"),
    ("failure-domain.beta.kubernetes.io/zone", "v1.17", "topology.kubernetes.io/zone"),
    ("beta.kubernetes.io/instance-type", "v1.17", "node.kubernetes.io/instance-type"),
];

/// Warnings about an object that is being written.
pub fn about(resource: &Resource, object: &Value, notes: &mut Vec<String>) {
    let template = match (&*resource.group, &*resource.kind) {
        ("", "Pod") => "",
        ("apps" | "batch", "Deployment" | "ReplicaSet" | "DaemonSet" | "StatefulSet" | "Job") | ("", "ReplicationController") => {
            "spec.template."
        }
        ("batch", "CronJob") => "spec.jobTemplate.spec.template.",
        _ => return,
    };
    let holder = if template.is_empty() { Some(object) } else { at(object, &template.replace('.', "/")) };
    let Some(holder) = holder else { return };
    let empty = Value::Null;
    let spec = at(holder, "spec").unwrap_or(&empty);
    for (label, since, new) in OLD_LABELS {
        if map_at(spec, "nodeSelector").is_some_and(|selector| selector.contains_key(*label)) {
            notes.push(format!("{template}spec.nodeSelector[{label}]: deprecated since {since}; use \"{new}\" instead"));
        }
    }
    const CRITICAL: &str = "scheduler.alpha.kubernetes.io/critical-pod";
    if map_at(holder, "metadata/annotations").is_some_and(|annotations| annotations.contains_key(CRITICAL)) {
        notes.push(format!(
            "{template}metadata.annotations[{CRITICAL}]: non-functional in v1.16+; use the \"priorityClassName\" field instead"
        ));
    }
    for list in ["initContainers", "containers"] {
        for (number, container) in items_at(spec, list).iter().enumerate() {
            variables(container, &format!("{template}spec.{list}[{number}]"), notes);
        }
    }
    ports(spec, template, notes);
    if i64_at(spec, "terminationGracePeriodSeconds").is_some_and(|grace| grace < 0) {
        notes.push(format!(
            "{template}spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1"
        ));
    }
}

fn variables(container: &Value, path: &str, notes: &mut Vec<String>) {
    let list = items_at(container, "env");
    for (number, variable) in list.iter().enumerate() {
        let name = text_at(variable, "name");
        if list.iter().take(number).any(|before| text_at(before, "name") == name) {
            notes.push(format!("{path}.env[{number}]: hides previous definition of \"{name}\", which may be dropped when using apply"));
        }
    }
}

/// Ports that stand twice: in one container, or in two of a Pod.
fn ports(spec: &Value, template: &str, notes: &mut Vec<String>) {
    let mut seen: Vec<((i64, String, String, i64), String)> = Vec::new();
    for (number, container) in items_at(spec, "containers").iter().enumerate() {
        for (index, port) in items_at(container, "ports").iter().enumerate() {
            let path = format!("{template}spec.containers[{number}].ports[{index}]");
            let number = |field: &str| i64_at(port, field).unwrap_or(0);
            let key =
                (number("containerPort"), text_at(port, "protocol").to_string(), text_at(port, "hostIP").to_string(), number("hostPort"));
            match seen.iter().find(|(known, _)| *known == key) {
                Some((_, first)) => notes.push(format!("{path}: duplicate port definition with {first}")),
                None => seen.push((key, path)),
            }
        }
    }
}
