//! Validation of containers: names, images, ports, environment, mounts, resources.
//! Models kubernetes `pkg/apis/core/validation` validateContainers.

use alloc::collections::BTreeSet;
use alloc::format;
use serde_json::Value;

use super::common::{PORT_RANGE, descending, is_port, needed, one_of, port_name};
use super::field::{Errors, join, nth};
use super::handlers::{lifecycle, probes};
use super::resources::requirements;
use super::{claims, env, security};
use crate::object::names;
use crate::object::value::{at, bool_at, i64_at, is_empty, items_at, text_at};

/// The Pod around a container, as far as its containers are measured by it.
struct Around<'a> {
    spec: &'a Value,
    /// The names that mounts may use.
    volumes: &'a BTreeSet<&'a str>,
}

/// All containers of a PodSpec. `volumes` are the names that mounts may use.
pub fn containers(spec: &Value, path: &str, volumes: &BTreeSet<&str>, errors: &mut Errors) {
    let around = &Around { spec, volumes };
    let grace = i64_at(spec, "terminationGracePeriodSeconds");
    let mut seen = regular(around, grace, &join(path, "containers"), errors);
    for (number, container) in items_at(spec, "initContainers").iter().enumerate() {
        let field = nth(&join(path, "initContainers"), number);
        one(container, &field, around, errors);
        restarts(container, &field, errors);
        let name = text_at(container, "name");
        if seen.contains(name) {
            errors.duplicate(&join(&field, "name"), name);
        } else if !name.is_empty() {
            seen.insert(name);
        }
        host_ports(core::slice::from_ref(container), &join(path, "initContainers"), errors);
        init(container, grace, &field, errors);
    }
    let of_pod = seen.clone();
    for (number, container) in items_at(spec, "ephemeralContainers").iter().enumerate() {
        let field = nth(&join(path, "ephemeralContainers"), number);
        one(container, &field, around, errors);
        image(container, &field, errors);
        let (name, target) = (text_at(container, "name"), text_at(container, "targetContainerName"));
        if !seen.insert(name) {
            errors.duplicate(&join(&field, "name"), name);
        }
        if !target.is_empty() && !of_pod.contains(target) {
            errors.not_found(&join(&field, "targetContainerName"), target);
        }
        ephemeral(container, &field, errors);
    }
}

/// The containers that run side by side; returns their names.
fn regular<'a>(around: &Around<'a>, grace: Option<i64>, base: &str, errors: &mut Errors) -> BTreeSet<&'a str> {
    let list = items_at(around.spec, "containers");
    let mut seen = BTreeSet::new();
    if list.is_empty() {
        errors.required(base, "");
    }
    for (number, container) in list.iter().enumerate() {
        let field = nth(base, number);
        one(container, &field, around, errors);
        let name = text_at(container, "name");
        if !seen.insert(name) {
            errors.duplicate(&join(&field, "name"), name);
        }
        lifecycle(container, grace, &field, errors);
        probes(container, &field, errors);
        restarts(container, &field, errors);
    }
    host_ports(list, base, errors);
    seen
}

/// What a container that is added to a running Pod may not have.
fn ephemeral(container: &Value, path: &str, errors: &mut Errors) {
    const TEXT: &str = "cannot be set for an Ephemeral Container";
    const NEVER: &[&str] = &[
        "ports",
        "resources",
        "resizePolicy",
        "restartPolicy",
        "restartPolicyRules",
        "livenessProbe",
        "readinessProbe",
        "startupProbe",
        "lifecycle",
    ];
    for field in NEVER.iter().filter(|field| at(container, field).is_some_and(|value| !is_empty(value))) {
        errors.forbidden(&join(path, field), TEXT);
    }
    for (number, mount) in items_at(container, "volumeMounts").iter().enumerate() {
        for field in ["subPath", "subPathExpr"].iter().filter(|field| !text_at(mount, field).is_empty()) {
            errors.forbidden(&join(&nth(&join(path, "volumeMounts"), number), field), TEXT);
        }
    }
}

/// When a container starts again by itself, and after which exit codes.
fn restarts(container: &Value, path: &str, errors: &mut Errors) {
    let policy = text_at(container, "restartPolicy");
    let rules = items_at(container, "restartPolicyRules");
    if policy.is_empty() && !rules.is_empty() {
        errors.required(&join(path, "restartPolicy"), "must specify restartPolicy when restart rules are used");
    } else if !matches!(policy, "" | "Always" | "OnFailure" | "Never") {
        errors.unsupported(&join(path, "restartPolicy"), policy, &["Always", "Never", "OnFailure"]);
    }
    for (number, rule) in rules.iter().enumerate() {
        let field = nth(&join(path, "restartPolicyRules"), number);
        let action = text_at(rule, "action");
        if action != "Restart" {
            errors.unsupported(&join(&field, "action"), action, &["Restart"]);
        }
        match at(rule, "exitCodes").filter(|codes| !codes.is_null()) {
            None => errors.required(&join(&field, "exitCodes"), "must be specified"),
            Some(codes) if !matches!(text_at(codes, "operator"), "In" | "NotIn") => {
                errors.unsupported(&join(&field, "exitCodes.operator"), text_at(codes, "operator"), &["In", "NotIn"]);
            }
            Some(_) => {}
        }
    }
}

/// What a plain init container may not have, and what one that restarts (a sidecar) may.
fn init(container: &Value, grace: Option<i64>, path: &str, errors: &mut Errors) {
    if text_at(container, "restartPolicy") == "Always" {
        lifecycle(container, grace, path, errors);
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

fn one(container: &Value, path: &str, around: &Around<'_>, errors: &mut Errors) {
    if needed(container, "name", path, errors) {
        let name = text_at(container, "name");
        errors.each(&join(path, "name"), name, names::dns_label(name));
    }
    needed(container, "image", path, errors);
    one_of(container, "terminationMessagePolicy", path, &["File", "FallbackToLogsOnError"], true, errors);
    ports(container, path, errors);
    env::environment(container, path, errors);
    mounts(container, path, around.volumes, errors);
    devices(container, path, around, errors);
    one_of(container, "imagePullPolicy", path, &["Always", "IfNotPresent", "Never"], true, errors);
    requirements(at(container, "resources").unwrap_or(&Value::Null), &join(path, "resources"), errors);
    claims::of_container(container, around.spec, path, errors);
    resizes(container, text_at(around.spec, "restartPolicy") == "Never", &join(path, "resizePolicy"), errors);
    let own_users = at(around.spec, "hostUsers") == Some(&Value::Bool(false));
    security::container(at(container, "securityContext").unwrap_or(&Value::Null), own_users, &join(path, "securityContext"), errors);
}

/// What happens to a container when its resources change. `once` is whether its Pod never starts containers again.
fn resizes(container: &Value, once: bool, path: &str, errors: &mut Errors) {
    let mut seen = BTreeSet::new();
    for (number, policy) in items_at(container, "resizePolicy").iter().enumerate() {
        let (resource, restart) = (text_at(policy, "resourceName"), text_at(policy, "restartPolicy"));
        if !seen.insert(resource) {
            errors.duplicate(&nth(path, number), resource);
        }
        for (text, allowed) in [(resource, ["cpu", "memory"]), (restart, ["NotRequired", "RestartContainer"])] {
            if text.is_empty() {
                errors.required(path, "");
            } else if !allowed.contains(&text) {
                errors.unsupported(path, text, &allowed);
            }
        }
        if once && restart != "NotRequired" {
            errors.invalid(path, restart, "must be 'NotRequired' when `restartPolicy` is 'Never'");
        }
    }
}

/// What is asked of the containers of Pods but not of templates.
pub fn images(spec: &Value, path: &str, errors: &mut Errors) {
    for list in ["containers", "initContainers"] {
        for (number, container) in items_at(spec, list).iter().enumerate() {
            image(container, &nth(&join(path, list), number), errors);
        }
    }
}

fn image(container: &Value, path: &str, errors: &mut Errors) {
    let image = text_at(container, "image");
    if image.trim() != image {
        errors.invalid(&join(path, "image"), image, "must not have leading or trailing whitespace");
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
        let device = |field: &str, text: &str| items_at(container, "volumeDevices").iter().any(|device| text_at(device, field) == text);
        if device("name", name) {
            errors.invalid(&join(&field, "name"), name, "must not already exist in volumeDevices");
        }
        if device("devicePath", target) {
            errors.invalid(&join(&field, "mountPath"), target, "must not already exist as a path in volumeDevices");
        }
        // These paths have no number, as they have none in the API server.
        let list = join(path, "volumeMounts");
        let (sub, expression) = (text_at(mount, "subPath"), text_at(mount, "subPathExpr"));
        descending(sub, &join(&list, "subPath"), errors);
        if !expression.is_empty() && !sub.is_empty() {
            errors.invalid(&join(&field, "subPathExpr"), expression, "subPathExpr and subPath are mutually exclusive");
        }
        descending(expression, &join(&list, "subPathExpr"), errors);
        propagation(mount, container, &join(&list, "mountPropagation"), errors);
        all_read_only(mount, &join(&list, "recursiveReadOnly"), errors);
    }
}

/// Whether what is mounted below a mount may be written.
fn all_read_only(mount: &Value, path: &str, errors: &mut Errors) {
    match text_at(mount, "recursiveReadOnly") {
        "" | "Disabled" => {}
        "Enabled" | "IfPossible" => {
            if !bool_at(mount, "readOnly") {
                errors.forbidden(path, "may only be specified when readOnly is true");
            }
            if !matches!(text_at(mount, "mountPropagation"), "" | "None") {
                errors.forbidden(path, "may only be specified when mountPropagation is None or not specified");
            }
        }
        other => errors.unsupported(path, other, &["Disabled", "Enabled", "IfPossible"]),
    }
}

/// Volumes that a container has as they are, without a file system.
fn devices(container: &Value, path: &str, around: &Around<'_>, errors: &mut Errors) {
    const BLOCK: &str = "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode";
    let claims = |name: &str| {
        let volume = items_at(around.spec, "volumes").iter().find(|volume| text_at(volume, "name") == name);
        volume.is_some_and(|volume| ["persistentVolumeClaim", "ephemeral"].iter().any(|kind| at(volume, kind).is_some()))
    };
    let mounted = |field: &str, text: &str| items_at(container, "volumeMounts").iter().any(|mount| text_at(mount, field) == text);
    let (mut names_seen, mut paths_seen) = (BTreeSet::new(), BTreeSet::new());
    for (number, device) in items_at(container, "volumeDevices").iter().enumerate() {
        let field = nth(&join(path, "volumeDevices"), number);
        let (name, target) = (text_at(device, "name"), text_at(device, "devicePath"));
        needed(device, "name", &field, errors);
        if names_seen.contains(name) {
            errors.invalid(&join(&field, "name"), name, "must be unique");
        }
        if !around.volumes.contains(name) {
            errors.not_found(&join(&field, "name"), name);
        } else if !claims(name) {
            errors.invalid(&join(&field, "name"), name, BLOCK);
        }
        needed(device, "devicePath", &field, errors);
        if paths_seen.contains(target) {
            errors.invalid(&join(&field, "devicePath"), target, "must be unique");
        }
        if target.split('/').any(|part| part == "..") {
            errors.invalid(&join(&field, "devicePath"), target, "can not contain backsteps ('..')");
        } else {
            paths_seen.insert(target);
        }
        if mounted("name", name) {
            errors.invalid(&join(&field, "name"), name, "must not already exist in volumeMounts");
        }
        if mounted("mountPath", target) {
            errors.invalid(&join(&field, "devicePath"), target, "must not already exist as a path in volumeMounts");
        }
        if !name.is_empty() {
            names_seen.insert(name);
        }
    }
}

fn propagation(mount: &Value, container: &Value, path: &str, errors: &mut Errors) {
    const MODES: &[&str] = &["Bidirectional", "HostToContainer", "None"];
    let mode = text_at(mount, "mountPropagation");
    if !mode.is_empty() && !MODES.contains(&mode) {
        errors.unsupported(path, mode, MODES);
    }
    if mode == "Bidirectional" && !bool_at(container, "securityContext/privileged") {
        errors.forbidden(path, "Bidirectional mount propagation is available only to privileged containers");
    }
}
