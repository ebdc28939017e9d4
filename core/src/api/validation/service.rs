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
        "LoadBalancer" if headless => errors.invalid("spec.clusterIPs[0]", "None", "may not be set to 'None' for LoadBalancer services"),
        "NodePort" if headless => errors.invalid("spec.clusterIPs[0]", "None", "may not be set to 'None' for NodePort services"),
        "ExternalName" => external_name(spec, errors),
        _ => {}
    }
    let mut names_seen = BTreeSet::new();
    for (number, port) in ports.iter().enumerate() {
        self::port(port, &nth("spec.ports", number), ports.len() > 1, &mut names_seen, errors);
    }
    twice(ports, kind, errors);
    labels(spec, "selector", "spec", errors);
    one_of(spec, "sessionAffinity", "spec", &["ClientIP", "None"], true, errors);
    one_of(spec, "type", "spec", TYPES, true, errors);
    if let Some(seconds) = i64_at(spec, "sessionAffinityConfig/clientIP/timeoutSeconds")
        && !(1..=86_400).contains(&seconds)
    {
        let field = "spec.sessionAffinityConfig.clientIP.timeoutSeconds";
        errors.invalid(field, seconds, "must be greater than 0 and less than 86400");
    }
    if kind == "ClusterIP" {
        for (number, port) in ports.iter().enumerate() {
            if i64_at(port, "nodePort").is_some_and(|port| port != 0) {
                errors.forbidden(&join(&nth("spec.ports", number), "nodePort"), "may not be used when `type` is 'ClusterIP'");
            }
        }
    }
    one_of(spec, "externalTrafficPolicy", "spec", &["Cluster", "Local"], false, errors);
    one_of(spec, "internalTrafficPolicy", "spec", &["Cluster", "Local"], false, errors);
    one_of(spec, "ipFamilyPolicy", "spec", &["PreferDualStack", "RequireDualStack", "SingleStack"], false, errors);
    cluster_ips(spec, headless, errors);
}

fn external_name(spec: &Value, errors: &mut Errors) {
    if !matches!(text_at(spec, "clusterIP"), "" | "None") {
        errors.forbidden("spec.clusterIPs[0]", "may not be set for ExternalName services");
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
    if address.is_empty() || headless {
        return;
    }
    if !is_ipv4(address) && !address.contains(':') {
        let text = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
        errors.invalid("spec.clusterIPs[0]", address, text);
    }
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
