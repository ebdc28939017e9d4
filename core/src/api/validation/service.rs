//! Validation of Services. Models kubernetes `pkg/apis/core/validation` ValidateService.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::ToString;
use serde_json::{Value, json};

use super::common::{PORT_RANGE, is_port, labels, one_of, port_or_name};
use super::field::{Errors, join, nth};
use crate::object::names;
use crate::object::value::{at, i64_at, items_at, text_at};

const TYPES: &[&str] = &["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];

/// A Service.
pub fn service(object: &Value, errors: &mut Errors) {
    let empty = Value::Null;
    let spec = at(object, "spec").unwrap_or(&empty);
    let kind = text_at(spec, "type");
    let ports = items_at(spec, "ports");
    let headless = text_at(spec, "clusterIP") == "None";
    if ports.is_empty() && !headless && kind != "ExternalName" {
        errors.required("spec.ports", "");
    }
    match kind {
        "LoadBalancer" => {
            for (number, _) in ports.iter().enumerate().filter(|(_, port)| i64_at(port, "port") == Some(KUBELET)) {
                let text = "may not expose port 10250 externally since it is used by kubelet";
                errors.invalid(&nth("spec.ports", number), KUBELET, text);
            }
            if headless {
                errors.invalid("spec.clusterIPs[0]", "None", "may not be set to 'None' for LoadBalancer services");
            }
        }
        "NodePort" if headless => errors.invalid("spec.clusterIPs[0]", "None", "may not be set to 'None' for NodePort services"),
        "ExternalName" => external_name(spec, errors),
        _ => {}
    }
    let mut names_seen = BTreeSet::new();
    for (number, port) in ports.iter().enumerate() {
        self::port(port, &nth("spec.ports", number), ports.len() > 1, &mut names_seen, errors);
    }
    labels(spec, "selector", "spec", errors);
    one_of(spec, "sessionAffinity", "spec", &["ClientIP", "None"], true, errors);
    affinity(spec, errors);
    cluster_ips(spec, headless, errors);
    for (number, address) in items_at(spec, "externalIPs").iter().filter_map(Value::as_str).enumerate() {
        let field = nth("spec.externalIPs", number);
        if !is_ip(address) {
            errors.invalid(&field, address, IP_TEXT);
        } else if address == "0.0.0.0" {
            errors.invalid(&field, address, "may not be unspecified (0.0.0.0 or ::)");
        } else if address.starts_with("127.") {
            errors.invalid(&field, address, "may not be in the loopback range (127.0.0.0/8, ::1/128)");
        }
    }
    one_of(spec, "type", "spec", TYPES, true, errors);
    if kind == "ClusterIP" {
        for (number, port) in ports.iter().enumerate() {
            if i64_at(port, "nodePort").is_some_and(|port| port != 0) {
                errors.forbidden(&join(&nth("spec.ports", number), "nodePort"), "may not be used when `type` is 'ClusterIP'");
            }
        }
    }
    twice(ports, kind, errors);
    traffic(spec, kind, errors);
}

/// The port of every kubelet.
const KUBELET: i64 = 10_250;

fn affinity(spec: &Value, errors: &mut Errors) {
    let config = at(spec, "sessionAffinityConfig").filter(|config| !config.is_null());
    match (text_at(spec, "sessionAffinity"), config) {
        ("ClientIP", Some(config)) => {
            if let Some(seconds) = i64_at(config, "clientIP/timeoutSeconds").filter(|seconds| !(1..=86_400).contains(seconds)) {
                let field = "spec.sessionAffinityConfig.clientIP.timeoutSeconds";
                errors.invalid(field, seconds, "must be greater than 0 and less than 86400");
            }
        }
        ("None", Some(_)) => errors.forbidden("spec.sessionAffinityConfig", "must not be set when session affinity is None"),
        _ => {}
    }
}

/// Where traffic may go, and what only Services that are reached from outside may say.
fn traffic(spec: &Value, kind: &str, errors: &mut Errors) {
    if kind != "LoadBalancer" {
        for field in ["loadBalancerClass", "allocateLoadBalancerNodePorts"] {
            if at(spec, field).is_some_and(|value| !value.is_null()) {
                errors.forbidden(&join("spec", field), "may only be used when `type` is 'LoadBalancer'");
            }
        }
        if !items_at(spec, "loadBalancerSourceRanges").is_empty() {
            errors.forbidden("spec.LoadBalancerSourceRanges", "may only be used when `type` is 'LoadBalancer'");
        }
    }
    let outside = matches!(kind, "NodePort" | "LoadBalancer") || kind == "ClusterIP" && !items_at(spec, "externalIPs").is_empty();
    let policy = text_at(spec, "externalTrafficPolicy");
    if outside {
        one_of(spec, "externalTrafficPolicy", "spec", &["Cluster", "Local"], kind != "ClusterIP", errors);
    } else if !policy.is_empty() {
        errors.invalid("spec.externalTrafficPolicy", policy, "may only be set for externally-accessible services");
    }
    one_of(spec, "internalTrafficPolicy", "spec", &["Cluster", "Local"], false, errors);
    one_of(spec, "trafficDistribution", "spec", &["PreferClose", "PreferSameNode", "PreferSameZone"], false, errors);
}

fn external_name(spec: &Value, errors: &mut Errors) {
    if !matches!(text_at(spec, "clusterIP"), "" | "None") {
        errors.forbidden("spec.clusterIPs", "may not be set for ExternalName services");
    }
    let name = text_at(spec, "externalName");
    let name = name.strip_suffix('.').unwrap_or(name);
    if name.is_empty() {
        errors.required("spec.externalName", "");
    } else {
        errors.each("spec.externalName", name, names::dns_subdomain(name));
    }
}

fn port<'a>(port: &'a Value, path: &str, need_name: bool, seen: &mut BTreeSet<&'a str>, errors: &mut Errors) {
    let name = text_at(port, "name");
    if name.is_empty() {
        if need_name {
            errors.required(&join(path, "name"), "");
        }
    } else {
        errors.each(&join(path, "name"), name, names::dns_label(name));
        if !seen.insert(name) {
            errors.duplicate(&join(path, "name"), name);
        }
    }
    let number = i64_at(port, "port").unwrap_or(0);
    if !is_port(number) {
        errors.invalid(&join(path, "port"), number, PORT_RANGE);
    }
    one_of(port, "protocol", path, &["SCTP", "TCP", "UDP"], true, errors);
    port_or_name(port, "targetPort", path, errors);
}

/// No two ports may be the same.
fn twice(ports: &[Value], kind: &str, errors: &mut Errors) {
    let id = |port: &Value, field: &str| (text_at(port, "protocol").to_string(), i64_at(port, field).unwrap_or(0));
    let mut node_ports = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for (number, port) in ports.iter().enumerate() {
        let node_port = id(port, "nodePort");
        if node_port.1 != 0 && kind != "ClusterIP" && !node_ports.insert(node_port.clone()) {
            errors.duplicate(&join(&nth("spec.ports", number), "nodePort"), node_port.1);
        }
    }
    for (number, port) in ports.iter().enumerate() {
        let key = id(port, "port");
        if !seen.insert(key.clone()) {
            let shown = format!(
                "{{\"Name\":\"\",\"Protocol\":{},\"AppProtocol\":null,\"Port\":{},\"TargetPort\":0,\"NodePort\":0}}",
                json!(key.0),
                key.1
            );
            errors.0.push(super::field::FieldError {
                kind: super::field::ErrorKind::Duplicate,
                field: nth("spec.ports", number),
                value: super::field::Shown::Raw(shown),
                detail: alloc::string::String::new(),
            });
        }
    }
}

fn cluster_ips(spec: &Value, headless: bool, errors: &mut Errors) {
    let address = text_at(spec, "clusterIP");
    if !address.is_empty() && !headless && !is_ip(address) && text_at(spec, "type") != "ExternalName" {
        errors.invalid("spec.clusterIPs[0]", address, IP_TEXT);
    }
    one_of(spec, "ipFamilyPolicy", "spec", &["PreferDualStack", "RequireDualStack", "SingleStack"], false, errors);
}

/// The text about an address that is none.
pub const IP_TEXT: &str = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";

/// Whether text is an address of either family.
pub fn is_ip(text: &str) -> bool {
    is_ipv4(text) || text.parse::<core::net::Ipv6Addr>().is_ok()
}

/// Whether text is an address of four numbers.
pub fn is_ipv4(text: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part.len() <= 3 && (part == "0" || !part.starts_with('0')) && part.parse::<u8>().is_ok();
    text.split('.').count() == 4 && text.split('.').all(part)
}

/// What may not change in a Service: its address.
pub fn update(new: &Value, old: &Value, errors: &mut Errors) {
    let (kind, before) = (text_at(new, "spec/type"), text_at(old, "spec/type"));
    if kind == "ExternalName" || before == "ExternalName" {
        return;
    }
    let addresses = |object: &Value| at(object, "spec/clusterIPs").cloned().unwrap_or(Value::Null);
    let was = text_at(old, "spec/clusterIP");
    let is = text_at(new, "spec/clusterIP");
    if was.is_empty() || was == is {
        return;
    }
    // An address given alone stands for the list; a list given alone stands for the address.
    let shown = if addresses(new) == addresses(old) { json!([is]) } else { addresses(new) };
    errors.invalid("spec.clusterIPs[0]", shown, "may not change once set");
}
