//! Containers of Pods and Pod templates.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::Page;
use super::page::{time, truth};
use crate::arrange::Arrange;
use crate::kubectl::tables::cells::scalar;
use crate::object::Object;
use crate::object::quantity::Quantity;
use crate::object::value::{at, bool_at, i64_at, items_at, map_at, str_at, text_at};

/// Writes a list of containers. `pod` gives statuses and the values of `fieldRef`; none for templates, which stand
/// one blank further in.
pub fn list(page: &mut Page, title: &str, containers: &[Value], statuses: &[Value], pod: Option<&Object>) {
    let (head, name) = if pod.is_some() { (0, 2) } else { (2, 3) };
    page.put(head, &format!("{title}:"));
    for container in containers {
        let status = statuses.iter().find(|s| text_at(s, "name") == text_at(container, "name"));
        page.put(name, &format!("{}:", text_at(container, "name")));
        basics(page, container, status);
        words(page, "Command", items_at(container, "command"));
        words(page, "Args", items_at(container, "args"));
        if let Some(status) = status {
            state(page, "State", at(status, "state"));
            if at(status, "lastState/terminated").is_some() {
                state(page, "Last State", at(status, "lastState"));
            }
            page.field(4, "Ready", truth(bool_at(status, "ready")));
            page.field(4, "Restart Count", &i64_at(status, "restartCount").unwrap_or(0).to_string());
        }
        resources(page, 4, at(container, "resources").unwrap_or(&Value::Null));
        for (title, key) in [("Liveness", "livenessProbe"), ("Readiness", "readinessProbe"), ("Startup", "startupProbe")] {
            if let Some(probe) = at(container, key) {
                page.field(4, title, &probe_text(probe));
            }
        }
        environment(page, container, pod);
        mounts(page, container);
    }
}

fn or_none(text: &str) -> &str {
    if text.is_empty() { "<none>" } else { text }
}

fn basics(page: &mut Page, container: &Value, status: Option<&Value>) {
    if let Some(status) = status {
        page.field(4, "Container ID", text_at(status, "containerID"));
    }
    page.field(4, "Image", text_at(container, "image"));
    if let Some(status) = status {
        page.field(4, "Image ID", text_at(status, "imageID"));
    }
    for (one, many, key) in [("Port", "Ports", "containerPort"), ("Host Port", "Host Ports", "hostPort")] {
        let ports = items_at(container, "ports");
        let text = |p: &Value| {
            let named = match text_at(p, "name") {
                "" => String::new(),
                name => format!(" ({name})"),
            };
            format!("{}/{}{named}", i64_at(p, key).unwrap_or(0), str_at(p, "protocol").unwrap_or("TCP"))
        };
        let all: Vec<String> = ports.iter().map(text).collect();
        page.field(4, if all.len() > 1 { many } else { one }, or_none(&all.join(", ")));
    }
    if let Some(profile) = at(container, "securityContext/seccompProfile") {
        page.field(4, "SeccompProfile", text_at(profile, "type"));
        if let Some(file) = str_at(profile, "localhostProfile") {
            page.field(6, "LocalhostProfile", file);
        }
    }
}

fn words(page: &mut Page, title: &str, all: &[Value]) {
    if !all.is_empty() {
        page.put(4, &format!("{title}:"));
    }
    all.iter().filter_map(Value::as_str).flat_map(|word| word.split('\n')).for_each(|line| page.put(6, line));
}

/// A container's state with what belongs to it.
fn state(page: &mut Page, title: &str, state: Option<&Value>) {
    let part = |key: &str| state.and_then(|s| at(s, key));
    if let Some(running) = part("running") {
        page.field(4, title, "Running");
        page.field(6, "Started", &time(text_at(running, "startedAt")));
    } else if let Some(t) = part("terminated") {
        page.field(4, title, "Terminated");
        for (name, key) in [("Reason", "reason"), ("Message", "message")] {
            if !text_at(t, key).is_empty() {
                page.field(6, name, text_at(t, key));
            }
        }
        page.field(6, "Exit Code", &i64_at(t, "exitCode").unwrap_or(0).to_string());
        if let Some(signal) = i64_at(t, "signal").filter(|s| *s > 0) {
            page.field(6, "Signal", &signal.to_string());
        }
        page.field(6, "Started", &time(text_at(t, "startedAt")));
        page.field(6, "Finished", &time(text_at(t, "finishedAt")));
    } else {
        page.field(4, title, "Waiting");
        let reason = part("waiting").map_or("", |w| text_at(w, "reason"));
        if !reason.is_empty() {
            page.field(6, "Reason", reason);
        }
    }
}

/// Limits and requests, where there are some.
pub fn resources(page: &mut Page, indent: usize, resources: &Value) {
    for (title, key) in [("Limits", "limits"), ("Requests", "requests")] {
        let all = map_at(resources, key).filter(|all| !all.is_empty());
        if all.is_some() {
            page.put(indent, &format!("{title}:"));
        }
        all.into_iter().flatten().for_each(|(name, amount)| page.field(indent + 2, name, &scalar(amount)));
    }
}

/// A probe in one line: `http-get http://:80/ delay=0s timeout=1s period=10s #success=1 #failure=3`.
fn probe_text(probe: &Value) -> String {
    let number = |key: &str| i64_at(probe, key).unwrap_or(0);
    let attributes = format!(
        "delay={}s timeout={}s period={}s #success={} #failure={}",
        number("initialDelaySeconds"),
        number("timeoutSeconds"),
        number("periodSeconds"),
        number("successThreshold"),
        number("failureThreshold")
    );
    let port = |of: &Value| at(of, "port").map_or_else(String::new, scalar);
    if let Some(exec) = at(probe, "exec") {
        let command: Vec<&str> = items_at(exec, "command").iter().filter_map(Value::as_str).collect();
        return format!("exec [{}] {attributes}", command.join(" "));
    }
    if let Some(get) = at(probe, "httpGet") {
        let scheme = str_at(get, "scheme").unwrap_or("HTTP").to_lowercase();
        let path = text_at(get, "path");
        let slash = if path.starts_with('/') || path.is_empty() { "" } else { "/" };
        return format!("http-get {scheme}://{}:{}{slash}{path} {attributes}", text_at(get, "host"), port(get));
    }
    if let Some(tcp) = at(probe, "tcpSocket") {
        return format!("tcp-socket {}:{} {attributes}", text_at(tcp, "host"), port(tcp));
    }
    if let Some(grpc) = at(probe, "grpc") {
        return format!("grpc <pod>:{} {} {attributes}", port(grpc), text_at(grpc, "service"));
    }
    format!("unknown {attributes}")
}

fn environment(page: &mut Page, container: &Value, pod: Option<&Object>) {
    let sources = items_at(container, "envFrom");
    if !sources.is_empty() {
        page.put(4, "Environment Variables from:");
    }
    for source in sources {
        let (kind, key) = if at(source, "configMapRef").is_some() { ("ConfigMap", "configMapRef") } else { ("Secret", "secretRef") };
        let reference = at(source, key).unwrap_or(&Value::Null);
        let prefix = match text_at(source, "prefix") {
            "" => String::new(),
            prefix => format!(" with prefix '{prefix}'"),
        };
        page.put(6, &format!("{}\t{kind}{prefix}\tOptional: {}", text_at(reference, "name"), bool_at(reference, "optional")));
    }
    let all = items_at(container, "env");
    page.put(4, if all.is_empty() { "Environment:\t<none>" } else { "Environment:" });
    for one in all {
        page.put(6, &variable(one, container, pod));
    }
}

/// One variable with its value or where it comes from.
fn variable(one: &Value, container: &Value, pod: Option<&Object>) -> String {
    let name = text_at(one, "name");
    let from = |key: &str| at(one, "valueFrom").and_then(|v| at(v, key));
    if let Some(field) = from("fieldRef") {
        let path = text_at(field, "fieldPath");
        let value = pod.map_or_else(String::new, |pod| pod_field(pod, path));
        return format!("{name}:\t{value} ({}:{path})", str_at(field, "apiVersion").unwrap_or("v1"));
    }
    if let Some(field) = from("resourceFieldRef") {
        let resource = text_at(field, "resource");
        let (list, which) = resource.split_once('.').unwrap_or((resource, ""));
        let value = map_at(container, &["resources/", list].concat()).and_then(|all| all.get(which));
        let divisor = at(field, "divisor").map_or_else(|| "0".to_string(), scalar);
        let value = value.map_or(Some(0), |value| divided(&scalar(value), which, &divisor));
        let value = match value {
            Some(0) if matches!(resource, "limits.cpu" | "limits.memory") => "node allocatable".to_string(),
            value => value.map_or_else(String::new, |value| value.to_string()),
        };
        return format!("{name}:\t{value} ({resource})");
    }
    for (key, what) in [("secretKeyRef", "in secret"), ("configMapKeyRef", "of config map")] {
        if let Some(r) = from(key) {
            let optional = bool_at(r, "optional");
            return format!("{name}:\t<set to the key '{}' {what} '{}'>\tOptional: {optional}", text_at(r, "key"), text_at(r, "name"));
        }
    }
    format!("{name}:\t{}", text_at(one, "value").replace('\n', "\n      \t"))
}

/// An amount in units of `divisor`, rounded up. Models kubectl `pkg/util/resource` ExtractContainerResourceValue.
fn divided(amount: &str, resource: &str, divisor: &str) -> Option<i64> {
    let (amount, divisor) = (Quantity::parse(amount).ok()?, Quantity::parse(divisor).ok().filter(|divisor| !divisor.is_zero()));
    let up = |amount: i64, unit: i64| amount.checked_add(unit - 1)?.checked_div(unit);
    match (resource, divisor) {
        ("cpu", divisor) => up(amount.milli_value(), divisor.map_or(1000, |divisor| divisor.milli_value())),
        (_, divisor) => up(amount.value(), divisor.map_or(1, |divisor| divisor.value())),
    }
}

/// The value of a `fieldPath` of a Pod as kubectl resolves it.
fn pod_field(pod: &Object, path: &str) -> String {
    match path {
        "metadata.name" => pod.name().to_string(),
        "metadata.namespace" => pod.namespace().to_string(),
        "metadata.uid" => pod.meta.uid.to_string(),
        other => {
            let keyed = |field: &str| other.strip_prefix(field)?.strip_prefix("['")?.strip_suffix("']");
            let label = keyed("metadata.labels").and_then(|key| pod.meta.label(key));
            label.or_else(|| keyed("metadata.annotations").and_then(|key| pod.meta.annotation(key))).unwrap_or_default().to_string()
        }
    }
}

fn mounts(page: &mut Page, container: &Value) {
    let mut all: Vec<&Value> = items_at(container, "volumeMounts").iter().collect();
    all.arrange_by_key(|m| text_at(m, "mountPath"));
    page.put(4, if all.is_empty() { "Mounts:\t<none>" } else { "Mounts:" });
    for mount in all {
        let mut flags = if bool_at(mount, "readOnly") { "ro" } else { "rw" }.to_string();
        if !text_at(mount, "subPath").is_empty() {
            flags.push_str(&format!(",path={:?}", text_at(mount, "subPath")));
        }
        page.put(6, &format!("{} from {} ({flags})", text_at(mount, "mountPath"), text_at(mount, "name")));
    }
    let mut devices: Vec<&Value> = items_at(container, "volumeDevices").iter().collect();
    if devices.is_empty() {
        return;
    }
    devices.arrange_by_key(|d| text_at(d, "devicePath"));
    page.put(4, if items_at(container, "volumeMounts").is_empty() { "Devices:\t<none>" } else { "Devices:" });
    devices.iter().for_each(|d| page.put(6, &format!("{} from {}", text_at(d, "devicePath"), text_at(d, "name"))));
}
