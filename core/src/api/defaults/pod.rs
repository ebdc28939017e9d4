//! Defaults of Pods and of the Pod templates inside workloads. Models kubernetes `pkg/apis/core/v1/defaults.go`.

use serde_json::{Map, Value, json};

use super::each;
use crate::object::value::{at, at_mut, bool_at, map_at, set_default, text_at};

/// A Pod: a template's defaults, and those that only a Pod has.
pub fn pod(object: &mut Value) {
    if let Some(spec) = at_mut(object, "/spec") {
        whole_spec(spec);
    }
}

/// The spec of a Pod.
pub fn whole_spec(spec: &mut Value) {
    for path in ["initContainers", "containers"] {
        for container in each(spec, path) {
            requests_from_limits(container);
        }
    }
    set_default(spec, "/enableServiceLinks", true);
    if bool_at(spec, "/hostNetwork") {
        for path in ["initContainers", "containers"] {
            each(spec, path).for_each(host_ports);
        }
    }
    pod_spec(spec);
}

/// A PodTemplate.
pub fn pod_template(object: &mut Value) {
    template(object);
}

/// The member `template` of a workload's spec.
pub fn template(spec: &mut Value) {
    if let Some(inner) = at_mut(spec, "/template/spec") {
        pod_spec(inner);
    }
}

/// What a container may use is what it asks for, where it asks for nothing itself.
fn requests_from_limits(container: &mut Value) {
    let Some(limits) = map_at(container, "/resources/limits").filter(|limits| !limits.is_empty()).cloned() else { return };
    let Some(slot) = at_mut(container, "/resources/requests") else { return };
    if slot.is_null() {
        *slot = Value::Object(Map::new());
    }
    if let Value::Object(requests) = slot {
        for (name, amount) in limits {
            requests.entry(name).or_insert(amount);
        }
    }
}

fn host_ports(container: &mut Value) {
    for port in each(container, "ports") {
        if let Some(number) = at(port, "/containerPort").cloned() {
            set_default(port, "/hostPort", number);
        }
    }
}

/// A PodSpec, wherever it stands.
pub fn pod_spec(spec: &mut Value) {
    for (field, value) in [("dnsPolicy", "ClusterFirst"), ("restartPolicy", "Always"), ("schedulerName", "default-scheduler")] {
        set_default(spec, field, value);
    }
    set_default(spec, "terminationGracePeriodSeconds", 30);
    set_default(spec, "securityContext", json!({}));
    for path in ["initContainers", "containers", "ephemeralContainers"] {
        each(spec, path).for_each(container);
    }
    each(spec, "volumes").for_each(volume);
    // The old name is an alias of the new one, written along with it.
    let account = text_at(spec, "/serviceAccountName");
    let account = if account.is_empty() { text_at(spec, "/serviceAccount") } else { account };
    if !account.is_empty() {
        let account = Value::from(account);
        if let Value::Object(map) = spec {
            map.insert("serviceAccountName".into(), account.clone());
            map.insert("serviceAccount".into(), account);
        }
    }
}

fn container(container: &mut Value) {
    let policy = if pulls_always(text_at(container, "/image")) { "Always" } else { "IfNotPresent" };
    set_default(container, "imagePullPolicy", policy);
    set_default(container, "terminationMessagePath", "/dev/termination-log");
    set_default(container, "terminationMessagePolicy", "File");
    set_default(container, "resources", json!({}));
    for port in each(container, "ports") {
        set_default(port, "protocol", "TCP");
    }
    for variable in each(container, "env") {
        field_reference(variable, "/valueFrom/fieldRef");
        divisor(variable, "/valueFrom/resourceFieldRef");
    }
    for probe_name in ["livenessProbe", "readinessProbe", "startupProbe"] {
        if let Value::Object(map) = container
            && let Some(found) = map.get_mut(probe_name)
        {
            probe(found);
        }
    }
    for hook in ["postStart", "preStop"] {
        if at(container, "/lifecycle").and_then(|lifecycle| lifecycle.get(hook)).is_some()
            && let Some(handler) = at_mut(container, &["/lifecycle/", hook].concat())
        {
            http_get(handler);
        }
    }
}

fn probe(probe: &mut Value) {
    if !probe.is_object() {
        return;
    }
    for (field, number) in [("timeoutSeconds", 1), ("periodSeconds", 10), ("successThreshold", 1), ("failureThreshold", 3)] {
        set_default(probe, field, number);
    }
    http_get(probe);
    if at(probe, "/grpc").is_some_and(Value::is_object) {
        set_default(probe, "/grpc/service", "");
    }
}

fn http_get(handler: &mut Value) {
    if at(handler, "/httpGet").is_some_and(Value::is_object) {
        set_default(handler, "/httpGet/path", "/");
        set_default(handler, "/httpGet/scheme", "HTTP");
    }
}

fn field_reference(holder: &mut Value, path: &str) {
    if at(holder, path).is_some_and(Value::is_object) {
        set_default(holder, &[path, "/apiVersion"].concat(), "v1");
    }
}

fn divisor(holder: &mut Value, path: &str) {
    if at(holder, path).is_some_and(Value::is_object) {
        set_default(holder, &[path, "/divisor"].concat(), "0");
    }
}

/// Whether an image without a pull policy is pulled each time: it names the tag `latest`, or neither tag nor digest.
fn pulls_always(image: &str) -> bool {
    let (name, digest) = image.split_once('@').unwrap_or((image, ""));
    let last = name.rsplit('/').next().unwrap_or(name);
    match last.split_once(':') {
        Some((_, tag)) => tag == "latest",
        None => digest.is_empty(),
    }
}

/// Sources of volumes whose files have a mode of their own.
const WITH_MODE: &[&str] = &["secret", "configMap", "downwardAPI", "projected"];

fn volume(volume: &mut Value) {
    let Value::Object(map) = volume else { return };
    if !map.iter().any(|(key, value)| key != "name" && !value.is_null()) {
        map.insert("emptyDir".into(), json!({}));
    }
    for (source, value) in map.iter_mut().filter(|(_, value)| value.is_object()) {
        if WITH_MODE.contains(&source.as_str()) {
            set_default(value, "defaultMode", 420);
        }
        match source.as_str() {
            "downwardAPI" => downward_items(value),
            "projected" => each(value, "sources").for_each(projection),
            "hostPath" => set_default(value, "type", ""),
            "iscsi" => set_default(value, "iscsiInterface", "default"),
            "ephemeral" if at(value, "/volumeClaimTemplate").is_some() => {
                set_default(value, "/volumeClaimTemplate/spec/volumeMode", "Filesystem");
            }
            "image" => {
                let policy = if pulls_always(text_at(value, "/reference")) { "Always" } else { "IfNotPresent" };
                set_default(value, "pullPolicy", policy);
            }
            _ => {}
        }
    }
}

fn downward_items(source: &mut Value) {
    for item in each(source, "items") {
        field_reference(item, "/fieldRef");
        divisor(item, "/resourceFieldRef");
    }
}

fn projection(source: &mut Value) {
    if at(source, "/serviceAccountToken").is_some_and(Value::is_object) {
        set_default(source, "/serviceAccountToken/expirationSeconds", 3600);
    }
    if at(source, "/downwardAPI").is_some_and(Value::is_object)
        && let Some(inner) = at_mut(source, "/downwardAPI")
    {
        downward_items(inner);
    }
}
