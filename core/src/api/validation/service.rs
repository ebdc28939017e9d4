//! Validation of Services. Models kubernetes `pkg/apis/core/validation` ValidateService.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;
use serde_json::{Value, json};

use super::addresses;
use super::common::{PORT_RANGE, is_port, labels, one_of, port_or_name};
use super::field::{Errors, join, nth};
use crate::object::names;
use crate::object::value::{at, i64_at, is_empty, items_at, map_at, text_at};

const TYPES: &[&str] = &["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];

/// A Service.
pub fn service(object: &Value, errors: &mut Errors) {
    let empty = Value::Null;
    let spec = at(object, "spec").unwrap_or(&empty);
    let kind = text_at(spec, "type");
    let ports = items_at(spec, "ports");
    let headless = text_at(spec, "clusterIP") == "None";
    const HINTS: &str = "service.kubernetes.io/topology-aware-hints";
    const MODE: &str = "service.kubernetes.io/topology-mode";
    let note = |key: &str| map_at(object, "metadata/annotations").and_then(|notes| notes.get(key)).and_then(Value::as_str);
    if let (Some(mode), Some(hints)) = (note(MODE), note(HINTS))
        && mode != hints
    {
        let text = ["must match annotations[", HINTS, "] when both are specified"].concat();
        errors.invalid(&super::field::keyed("metadata.annotations", MODE), mode, text);
    }
    if ports.is_empty() && !headless && kind != "ExternalName" {
        errors.required("spec.ports", "");
    }
    match kind {
        "LoadBalancer" | "NodePort" if headless => {
            errors.invalid("spec.clusterIPs[0]", "None", ["may not be set to 'None' for ", kind, " services"].concat());
        }
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
    cluster_ips(spec, errors);
    for (number, address) in items_at(spec, "externalIPs").iter().filter_map(Value::as_str).enumerate() {
        let field = nth("spec.externalIPs", number);
        match addresses::address_error(address) {
            Some(wrong) => errors.invalid(&field, address, wrong),
            None => addresses::reachable(address, &field, errors),
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
    twice(ports, errors);
    traffic(spec, kind, errors);
}

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
    const ONLY: &str = "may only be used when `type` is 'LoadBalancer'";
    let (balanced, given) = (kind == "LoadBalancer", |field: &str| at(spec, field).is_some_and(|value| !value.is_null()));
    let ranges = items_at(spec, "loadBalancerSourceRanges");
    if !balanced && !ranges.is_empty() {
        errors.forbidden("spec.LoadBalancerSourceRanges", ONLY);
    }
    for (number, range) in ranges.iter().filter_map(Value::as_str).map(str::trim).enumerate() {
        if let Some(wrong) = addresses::block_error(range) {
            errors.invalid(&nth("spec.LoadBalancerSourceRanges", number), range, wrong);
        }
    }
    if !balanced && given("allocateLoadBalancerNodePorts") {
        errors.forbidden("spec.allocateLoadBalancerNodePorts", ONLY);
    }
    let class = text_at(spec, "loadBalancerClass");
    if balanced && given("loadBalancerClass") {
        errors.each("spec.loadBalancerClass", class, names::qualified_name(class));
    } else if given("loadBalancerClass") {
        errors.forbidden("spec.loadBalancerClass", ONLY);
    }
    let outside = matches!(kind, "NodePort" | "LoadBalancer") || kind == "ClusterIP" && !items_at(spec, "externalIPs").is_empty();
    let policy = text_at(spec, "externalTrafficPolicy");
    if outside {
        one_of(spec, "externalTrafficPolicy", "spec", &["Cluster", "Local"], kind != "ClusterIP", errors);
    } else if !policy.is_empty() {
        errors.invalid("spec.externalTrafficPolicy", policy, "may only be set for externally-accessible services");
    }
    if let Some(port) = i64_at(spec, "healthCheckNodePort").filter(|port| *port != 0) {
        if !balanced || policy != "Local" {
            let text = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
            errors.invalid("spec.healthCheckNodePort", port, text);
        } else if !is_port(port) {
            errors.invalid("spec.healthCheckNodePort", port, PORT_RANGE);
        }
    }
    one_of(spec, "internalTrafficPolicy", "spec", &["Cluster", "Local"], false, errors);
    one_of(spec, "trafficDistribution", "spec", &["PreferClose", "PreferSameZone", "PreferSameNode"], false, errors);
}

fn external_name(spec: &Value, errors: &mut Errors) {
    if !text_at(spec, "clusterIP").is_empty() {
        errors.forbidden("spec.clusterIPs", "may not be set for ExternalName services");
    }
    for field in ["ipFamilies", "ipFamilyPolicy"].iter().filter(|field| at(spec, field).is_some_and(|value| !is_empty(value))) {
        errors.forbidden(&join("spec", field), "may not be set for ExternalName services");
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
    if let Some(protocol) = at(port, "appProtocol").and_then(Value::as_str) {
        errors.each(&join(path, "appProtocol"), protocol, names::qualified_name(protocol));
    }
}

/// No two ports may be the same.
fn twice(ports: &[Value], errors: &mut Errors) {
    let id = |port: &Value, field: &str| (text_at(port, "protocol").to_string(), i64_at(port, field).unwrap_or(0));
    let mut node_ports = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for (number, port) in ports.iter().enumerate() {
        let node_port = id(port, "nodePort");
        if node_port.1 != 0 && !node_ports.insert(node_port.clone()) {
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

/// The addresses of a Service, their families and how many of those there are.
pub fn cluster_ips(spec: &Value, errors: &mut Errors) {
    if text_at(spec, "type") == "ExternalName" {
        return;
    }
    let headless = text_at(spec, "clusterIP") == "None";
    const PATH: &str = "spec.clusterIPs";
    let (address, all) = (text_at(spec, "clusterIP"), items_at(spec, "clusterIPs"));
    let whole = || Value::Array(all.to_vec());
    match all.first() {
        Some(_) if address.is_empty() => errors.invalid(PATH, whole(), "must be empty when `clusterIP` is not specified"),
        Some(first) if first != address => errors.invalid(PATH, whole(), "first value must match `clusterIP`"),
        _ => {}
    }
    const FAMILIES: &[&str] = &["IPv4", "IPv6"];
    let families = items_at(spec, "ipFamilies");
    for (number, family) in families.iter().filter_map(Value::as_str).enumerate() {
        let field = nth("spec.ipFamilies", number);
        if !FAMILIES.contains(&family) {
            errors.unsupported(&field, family, FAMILIES);
        }
        if families.iter().take(number).any(|before| before == family) {
            errors.duplicate(&field, family);
        }
    }
    one_of(spec, "ipFamilyPolicy", "spec", &["PreferDualStack", "RequireDualStack", "SingleStack"], false, errors);
    let before = errors.0.len();
    if headless && all.len() > 1 {
        errors.invalid(PATH, whole(), "'None' must be the first and only value");
    }
    let given: Vec<&str> = if all.is_empty() { Vec::from([address]) } else { all.iter().filter_map(Value::as_str).collect() };
    for (number, address) in given.iter().enumerate().filter(|(number, address)| *number > 0 || !matches!(**address, "" | "None")) {
        addresses::address(address, &nth(PATH, number), errors);
    }
    if all.len() > 2 {
        errors.invalid(PATH, whole(), "may only hold up to 2 values");
    }
    if errors.0.len() == before
        && all.len() > 1
        && given.iter().all(|address| addresses::is_ipv4(address) == given.first().is_some_and(|one| addresses::is_ipv4(one)))
    {
        errors.invalid(PATH, whole(), "may specify no more than one IP for each IP family");
    }
    if errors.0.len() == before && !headless {
        for (number, (address, family)) in all.iter().filter_map(Value::as_str).zip(families).enumerate() {
            let wrong = family.as_str().filter(|family| FAMILIES.contains(family) && (*family == "IPv4") != addresses::is_ipv4(address));
            if let Some(family) = wrong {
                let text = format!("expected an {family} value as indicated by `ipFamilies[{number}]`");
                errors.invalid(&nth(PATH, number), address, text);
            }
        }
    }
}

/// What may not change in a Service: its addresses and their families, and who balances it.
pub fn update(new: &Value, old: &Value, errors: &mut Errors) {
    const ONCE: &str = "may not change once set";
    let list = |object: &Value, field: &str| at(object, &["spec/", field].concat()).cloned().unwrap_or(Value::Null);
    let external = [new, old].iter().any(|service| text_at(service, "spec/type") == "ExternalName");
    let (was, is) = (text_at(old, "spec/clusterIP"), text_at(new, "spec/clusterIP"));
    if !external && !was.is_empty() && was != is {
        errors.invalid("spec.clusterIPs[0]", list(new, "clusterIPs"), ONCE);
    }
    let headless = [was, is].contains(&"None");
    let (now, before) = (items_at(new, "spec/ipFamilies"), items_at(old, "spec/ipFamilies"));
    if !external && !headless && now.len() == before.len() {
        for _ in now.iter().zip(before).filter(|(now, before)| now != before) {
            errors.invalid("spec.ipFamilies[0]", list(new, "ipFamilies"), ONCE);
        }
    }
    let balanced = [new, old].iter().all(|service| text_at(service, "spec/type") == "LoadBalancer");
    let (now, before) = (list(new, "loadBalancerClass"), list(old, "loadBalancerClass"));
    if balanced && now != before {
        errors.invalid("spec.loadBalancerClass", now, ONCE);
    }
    let checked =
        |service: &Value| text_at(service, "spec/type") == "LoadBalancer" && text_at(service, "spec/externalTrafficPolicy") == "Local";
    let port = |service: &Value| i64_at(service, "spec/healthCheckNodePort").unwrap_or(0);
    if checked(new) && checked(old) && port(new) != port(old) {
        errors.forbidden("spec.healthCheckNodePort", "field is immutable");
    }
}
