//! Validation of Ingresses and NetworkPolicies. Models kubernetes `pkg/apis/networking/validation`.

use serde_json::Value;

use super::common::{PORT_RANGE, is_port, label_selector, needed, one_of, port_name};
use super::field::{Errors, join, nth};
use crate::object::names;
use crate::object::value::{at, i64_at, items_at, text_at};

/// An Ingress.
pub fn ingress(object: &Value, errors: &mut Errors) {
    let empty = Value::Null;
    let spec = at(object, "spec").unwrap_or(&empty);
    let default = at(spec, "defaultBackend").filter(|backend| !backend.is_null());
    let rules = items_at(spec, "rules");
    if let Some(default) = default {
        backend(default, "spec.defaultBackend", errors);
    } else if rules.is_empty() {
        let shown = super::internal::internal("IngressSpec", spec);
        errors.invalid_raw("spec", shown, "either `defaultBackend` or `rules` must be specified");
    }
    for (number, rule) in rules.iter().enumerate() {
        let path = nth("spec.rules", number);
        host(text_at(rule, "host"), &join(&path, "host"), errors);
        let Some(http) = at(rule, "http").filter(|http| !http.is_null()) else { continue };
        let paths = items_at(http, "paths");
        if paths.is_empty() {
            errors.required(&join(&path, "http.paths"), "");
        }
        for (number, entry) in paths.iter().enumerate() {
            self::path(entry, &nth(&join(&path, "http.paths"), number), errors);
        }
    }
    for (number, tls) in items_at(spec, "tls").iter().enumerate() {
        for (index, name) in items_at(tls, "hosts").iter().filter_map(Value::as_str).enumerate() {
            host(name, &nth(&join(&nth("spec.tls", number), "hosts"), index), errors);
        }
    }
    let class = text_at(spec, "ingressClassName");
    if !class.is_empty() {
        errors.each("spec.ingressClassName", class, names::dns_subdomain(class));
    }
}

fn host(host: &str, path: &str, errors: &mut Errors) {
    if host.is_empty() {
        return;
    }
    if super::service::is_ipv4(host) {
        errors.invalid(path, host, "must be a DNS name, not an IP address");
    }
    match host.strip_prefix("*.") {
        Some(rest) => errors.each(path, host, names::dns_subdomain(rest)),
        None => errors.each(path, host, names::dns_subdomain(host)),
    }
}

fn path(entry: &Value, path: &str, errors: &mut Errors) {
    let kind = text_at(entry, "pathType");
    let target = text_at(entry, "path");
    match kind {
        "" => errors.required(&join(path, "pathType"), "pathType must be specified"),
        "Exact" | "Prefix" => {
            if !target.starts_with('/') {
                errors.invalid(&join(path, "path"), target, "must be an absolute path");
            } else if target.contains("//") {
                errors.invalid(&join(path, "path"), target, "must not contain '//'");
            }
        }
        "ImplementationSpecific" => {
            if !target.is_empty() && !target.starts_with('/') {
                errors.invalid(&join(path, "path"), target, "must be an absolute path");
            }
        }
        other => errors.unsupported(&join(path, "pathType"), other, &["Exact", "ImplementationSpecific", "Prefix"]),
    }
    backend(at(entry, "backend").unwrap_or(&Value::Null), &join(path, "backend"), errors);
}

fn backend(backend: &Value, path: &str, errors: &mut Errors) {
    let resource = at(backend, "resource").is_some_and(|resource| !resource.is_null());
    let service = at(backend, "service").filter(|service| !service.is_null());
    let Some(service) = service else {
        if !resource {
            errors.required(path, "must specify only one of service or resource");
        }
        return;
    };
    let field = join(path, "service");
    if needed(service, "name", &field, errors) {
        let name = text_at(service, "name");
        errors.each(&join(&field, "name"), name, names::dns_label(name));
    }
    let (name, number) = (text_at(service, "port/name"), i64_at(service, "port/number").unwrap_or(0));
    match (name.is_empty(), number) {
        (false, 0) => errors.each(&join(&field, "port.name"), name, port_name(name)),
        (false, _) => {
            errors.invalid_raw(path, super::internal::internal("IngressBackend", backend), "cannot set both port name & port number")
        }
        (true, 0) => errors.required(path, "port name or number is required"),
        (true, number) if !is_port(number) => errors.invalid(&join(&field, "port.number"), number, PORT_RANGE),
        _ => {}
    }
}

/// A NetworkPolicy.
pub fn network_policy(object: &Value, errors: &mut Errors) {
    let empty = Value::Null;
    let spec = at(object, "spec").unwrap_or(&empty);
    label_selector(at(spec, "podSelector").unwrap_or(&empty), "spec.podSelector", errors);
    for (direction, side) in [("ingress", "from"), ("egress", "to")] {
        for (number, rule) in items_at(spec, direction).iter().enumerate() {
            let path = nth(&join("spec", direction), number);
            for (index, port) in items_at(rule, "ports").iter().enumerate() {
                let field = nth(&join(&path, "ports"), index);
                one_of(port, "protocol", &field, &["SCTP", "TCP", "UDP"], false, errors);
                if at(port, "port").is_some_and(Value::is_number) && !i64_at(port, "port").is_some_and(is_port) {
                    errors.invalid(&join(&field, "port"), i64_at(port, "port").unwrap_or(0), PORT_RANGE);
                }
            }
            for (index, peer) in items_at(rule, side).iter().enumerate() {
                self::peer(peer, &nth(&join(&path, side), index), errors);
            }
        }
    }
    let types = items_at(spec, "policyTypes");
    for (number, kind) in types.iter().filter_map(Value::as_str).enumerate() {
        if !matches!(kind, "Ingress" | "Egress") {
            errors.unsupported(&nth("spec.policyTypes", number), kind, &["Egress", "Ingress"]);
        }
    }
}

fn peer(peer: &Value, path: &str, errors: &mut Errors) {
    let given = |field: &str| at(peer, field).filter(|value| !value.is_null());
    for field in ["podSelector", "namespaceSelector"] {
        if let Some(selector) = given(field) {
            label_selector(selector, &join(path, field), errors);
        }
    }
    let selectors = given("podSelector").is_some() || given("namespaceSelector").is_some();
    match given("ipBlock") {
        Some(_) if selectors => errors.forbidden(path, "may not specify both ipBlock and another peer"),
        Some(block) => {
            let cidr = text_at(block, "cidr");
            if cidr.is_empty() {
                errors.required(&join(path, "ipBlock.cidr"), "");
            } else if !is_cidr(cidr) {
                errors.invalid(&join(path, "ipBlock.cidr"), cidr, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
            }
        }
        None if !selectors => errors.required(path, "must specify a peer"),
        None => {}
    }
}

fn is_cidr(text: &str) -> bool {
    let Some((address, bits)) = text.split_once('/') else { return false };
    let bits: Option<u8> = bits.parse().ok();
    (super::service::is_ipv4(address) && bits.is_some_and(|bits| bits <= 32))
        || (address.contains(':') && bits.is_some_and(|bits| bits <= 128))
}
