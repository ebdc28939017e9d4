//! Validation of containers: names, images, ports, environment, mounts, probes, resources.
//! Models kubernetes `pkg/apis/core/validation` validateContainers.

use alloc::collections::BTreeSet;
use alloc::format;
use serde_json::Value;

use super::common::{PORT_RANGE, is_port, needed, not_negative, one_of, port_name, port_or_name};
use super::field::{Errors, join, nth};
use super::resources::requirements;
use crate::object::names;
use crate::object::value::{at, i64_at, items_at, text_at};

/// All containers of a PodSpec. `volumes` are the names that mounts may use.
pub fn containers(spec: &Value, path: &str, volumes: &BTreeSet<&str>, errors: &mut Errors) {
    let list = items_at(spec, "containers");
    let base = join(path, "containers");
    if list.is_empty() {
        errors.required(&base, "");
        return;
    }
    let mut seen = BTreeSet::new();
    for (number, container) in list.iter().enumerate() {
        let field = nth(&base, number);
        one(container, &field, volumes, errors);
        let name = text_at(container, "name");
        if !seen.insert(name) && !name.is_empty() {
            errors.duplicate(&join(&field, "name"), name);
        }
        lifecycle(container, &field, errors);
        probes(container, &field, errors);
    }
    host_ports(list, &base, errors);
    for (number, container) in items_at(spec, "initContainers").iter().enumerate() {
        let field = nth(&join(path, "initContainers"), number);
        one(container, &field, volumes, errors);
        let name = text_at(container, "name");
        if !seen.insert(name) && !name.is_empty() {
            errors.duplicate(&join(&field, "name"), name);
        }
        init(container, &field, errors);
    }
}

/// What a plain init container may not have, and what one that restarts (a sidecar) may.
fn init(container: &Value, path: &str, errors: &mut Errors) {
    if text_at(container, "restartPolicy") == "Always" {
        lifecycle(container, path, errors);
        probes(container, path, errors);
        return;
    }
    let texts = [
        ("lifecycle", "may not be set for init containers without restartPolicy=Always"),
        ("livenessProbe", "may not be set for init containers without restartPolicy=Always"),
        ("readinessProbe", "may not be set for init containers without restartPolicy=Always"),
        ("startupProbe", "may not be set for init containers without restartPolicy=Always"),
    ];
    for (field, text) in texts {
        if at(container, field).is_some_and(|value| !value.is_null()) {
            errors.forbidden(&join(path, field), text);
        }
    }
}

fn one(container: &Value, path: &str, volumes: &BTreeSet<&str>, errors: &mut Errors) {
    if needed(container, "name", path, errors) {
        let name = text_at(container, "name");
        errors.each(&join(path, "name"), name, names::dns_label(name));
    }
    if needed(container, "image", path, errors) {
        let image = text_at(container, "image");
        if image.trim() != image {
            errors.invalid(&join(path, "image"), image, "must not have leading or trailing whitespace");
        }
    }
    one_of(container, "terminationMessagePolicy", path, &["File", "FallbackToLogsOnError"], true, errors);
    ports(container, path, errors);
    environment(container, path, errors);
    mounts(container, path, volumes, errors);
    one_of(container, "imagePullPolicy", path, &["Always", "IfNotPresent", "Never"], true, errors);
    requirements(at(container, "resources").unwrap_or(&Value::Null), &join(path, "resources"), errors);
    let security = at(container, "securityContext").unwrap_or(&Value::Null);
    for field in ["runAsUser", "runAsGroup"] {
        if let Some(id) = i64_at(security, field).filter(|id| !(0..=i64::from(i32::MAX)).contains(id)) {
            let text = "must be between 0 and 2147483647, inclusive";
            errors.invalid(&join(&join(path, "securityContext"), field), id, text);
        }
    }
}

fn ports(container: &Value, path: &str, errors: &mut Errors) {
    let mut seen = BTreeSet::new();
    for (number, port) in items_at(container, "ports").iter().enumerate() {
        let field = nth(&join(path, "ports"), number);
        let name = text_at(port, "name");
        if !name.is_empty() {
            let wrong = port_name(name);
            if wrong.is_empty() && !seen.insert(name) {
                errors.duplicate(&join(&field, "name"), name);
            }
            errors.each(&join(&field, "name"), name, wrong);
        }
        match i64_at(port, "containerPort").unwrap_or(0) {
            0 => errors.required(&join(&field, "containerPort"), ""),
            port if !is_port(port) => errors.invalid(&join(&field, "containerPort"), port, PORT_RANGE),
            _ => {}
        }
        if let Some(port) = i64_at(port, "hostPort").filter(|port| *port != 0 && !is_port(*port)) {
            errors.invalid(&join(&field, "hostPort"), port, PORT_RANGE);
        }
        one_of(port, "protocol", &field, &["SCTP", "TCP", "UDP"], true, errors);
    }
}

/// No two containers may take the same port of the host.
fn host_ports(list: &[Value], base: &str, errors: &mut Errors) {
    let mut seen = BTreeSet::new();
    for (number, container) in list.iter().enumerate() {
        for (index, port) in items_at(container, "ports").iter().enumerate() {
            let Some(host) = i64_at(port, "hostPort").filter(|host| *host != 0) else { continue };
            let id = format!("{}/{}/{host}", text_at(port, "protocol"), text_at(port, "hostIP"));
            if !seen.insert(id.clone()) {
                errors.duplicate(&format!("{base}[{number}].ports[{index}].hostPort"), id);
            }
        }
    }
}

/// Where a variable's value may come from.
const SOURCES: &[&str] = &["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"];

/// Fields of a Pod that a variable may show.
const POD_FIELDS: &[&str] = &[
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

fn environment(container: &Value, path: &str, errors: &mut Errors) {
    const NAME: &str = "a valid environment variable name must consist only of printable ASCII characters other than '='";
    for (number, variable) in items_at(container, "env").iter().enumerate() {
        let field = nth(&join(path, "env"), number);
        let name = text_at(variable, "name");
        if name.is_empty() {
            errors.required(&join(&field, "name"), "");
        } else if !name.chars().all(|c| (' '..='~').contains(&c) && c != '=') {
            errors.invalid(&join(&field, "name"), name, NAME);
        }
        if let Some(source) = at(variable, "valueFrom").filter(|source| !source.is_null()) {
            value_from(variable, source, &join(&field, "valueFrom"), errors);
        }
    }
    for (number, source) in items_at(container, "envFrom").iter().enumerate() {
        let field = nth(&join(path, "envFrom"), number);
        let given = |kind: &str| at(source, kind).is_some_and(|value| !value.is_null());
        match (given("configMapRef"), given("secretRef")) {
            (false, false) => errors.invalid(&field, "", "must specify one of: `configMapRef` or `secretRef`"),
            (true, true) => errors.invalid(&field, "", "may not have more than one field specified at a time"),
            _ => {}
        }
        for kind in ["configMapRef", "secretRef"] {
            if given(kind) {
                needed(at(source, kind).unwrap_or(&Value::Null), "name", &join(&field, kind), errors);
            }
        }
    }
}

fn value_from(variable: &Value, source: &Value, path: &str, errors: &mut Errors) {
    let given: alloc::vec::Vec<&&str> = SOURCES.iter().filter(|kind| at(source, kind).is_some_and(|value| !value.is_null())).collect();
    if given.is_empty() {
        let text = "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`";
        errors.invalid(path, "", text);
    }
    if !text_at(variable, "value").is_empty() && !given.is_empty() {
        errors.invalid(path, "", "may not be specified when `value` is not empty");
    } else if given.len() > 1 {
        errors.invalid(path, "", "may not have more than one field specified at a time");
    }
    for kind in ["configMapKeyRef", "secretKeyRef"] {
        if let Some(reference) = at(source, kind).filter(|reference| !reference.is_null()) {
            let field = join(path, kind);
            needed(reference, "name", &field, errors);
            if needed(reference, "key", &field, errors) {
                let key = text_at(reference, "key");
                errors.each(&join(&field, "key"), key, super::common::config_key(key));
            }
        }
    }
    if let Some(reference) = at(source, "fieldRef").filter(|reference| !reference.is_null()) {
        let field = join(path, "fieldRef.fieldPath");
        let wanted = text_at(reference, "fieldPath");
        let member = wanted.starts_with("metadata.labels['") || wanted.starts_with("metadata.annotations['");
        if wanted.is_empty() {
            errors.required(&field, "");
        } else if !member && !POD_FIELDS.contains(&wanted) {
            errors.invalid(&field, wanted, format!("error converting fieldPath: field label not supported: {wanted}"));
        }
    }
}

fn mounts(container: &Value, path: &str, volumes: &BTreeSet<&str>, errors: &mut Errors) {
    let mut seen = BTreeSet::new();
    for (number, mount) in items_at(container, "volumeMounts").iter().enumerate() {
        let field = nth(&join(path, "volumeMounts"), number);
        let name = text_at(mount, "name");
        if name.is_empty() {
            errors.required(&join(&field, "name"), "");
        }
        if !volumes.contains(name) {
            errors.not_found(&join(&field, "name"), name);
        }
        let target = text_at(mount, "mountPath");
        if target.is_empty() {
            errors.required(&join(&field, "mountPath"), "");
        }
        if !seen.insert(target) {
            errors.invalid(&join(&field, "mountPath"), target, "must be unique");
        }
        for inner in ["subPath", "subPathExpr"] {
            let sub = text_at(mount, inner);
            if sub.starts_with('/') {
                errors.invalid(&join(&field, inner), sub, "must be a relative path");
            }
            if sub.split('/').any(|part| part == "..") {
                errors.invalid(&join(&field, inner), sub, "must not contain '..'");
            }
        }
    }
}

fn lifecycle(container: &Value, path: &str, errors: &mut Errors) {
    for hook in ["postStart", "preStop"] {
        if let Some(handler) = at(container, &["lifecycle/", hook].concat()).filter(|handler| !handler.is_null()) {
            handler_at(handler, &join(&join(path, "lifecycle"), hook), errors);
        }
    }
}

fn probes(container: &Value, path: &str, errors: &mut Errors) {
    for kind in ["livenessProbe", "readinessProbe", "startupProbe"] {
        let Some(probe) = at(container, kind).filter(|probe| !probe.is_null()) else { continue };
        let field = join(path, kind);
        handler_at(probe, &field, errors);
        for number in ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"] {
            not_negative(probe, number, &field, errors);
        }
        let successes = i64_at(probe, "successThreshold").unwrap_or(1);
        if kind != "readinessProbe" && successes != 1 {
            errors.invalid(&join(&field, "successThreshold"), successes, "must be 1");
        }
        if let Some(grace) = i64_at(probe, "terminationGracePeriodSeconds").filter(|grace| *grace <= 0) {
            errors.invalid(&join(&field, "terminationGracePeriodSeconds"), grace, "must be greater than 0");
        }
    }
}

/// What a probe or a hook does: exactly one thing.
fn handler_at(handler: &Value, path: &str, errors: &mut Errors) {
    let mut count = 0;
    for kind in ["exec", "httpGet", "tcpSocket", "grpc", "sleep"] {
        let Some(action) = at(handler, kind).filter(|action| !action.is_null()) else { continue };
        let field = join(path, kind);
        if count > 0 {
            errors.forbidden(&field, "may not specify more than 1 handler type");
            continue;
        }
        count += 1;
        match kind {
            "exec" if items_at(action, "command").is_empty() => errors.required(&join(&field, "command"), ""),
            "httpGet" => {
                needed(action, "path", &field, errors);
                port_or_name(action, "port", &field, errors);
                one_of(action, "scheme", &field, &["HTTP", "HTTPS"], true, errors);
            }
            "tcpSocket" | "grpc" => port_or_name(action, "port", &field, errors),
            _ => {}
        }
    }
    if count == 0 {
        errors.required(path, "must specify a handler type");
    }
}
