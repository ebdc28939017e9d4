//! Validation of Ingresses and NetworkPolicies. Models kubernetes `pkg/apis/networking/validation`.

use serde_json::Value;

use super::addresses;
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
    if default.is_none() && rules.is_empty() {
        errors.invalid("spec", Value::Null, "either `defaultBackend` or `rules` must be specified");
    }
    if let Some(default) = default {
        backend(default, "spec.defaultBackend", errors);
    }
    for (number, rule) in rules.iter().enumerate() {
        let path = nth("spec.rules", number);
        let name = text_at(rule, "host");
        if addresses::is_address(name) {
            errors.invalid(&join(&path, "host"), name, "must be a DNS name, not an IP address");
        }
        host(name, &join(&path, "host"), errors);
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
        let path = nth("spec.tls", number);
        for (index, name) in items_at(tls, "hosts").iter().filter_map(Value::as_str).enumerate() {
            host(name, &nth(&join(&path, "hosts"), index), errors);
        }
        subdomain(tls, "secretName", &path, errors);
    }
    subdomain(spec, "ingressClassName", "spec", errors);
    let class = text_at(spec, "ingressClassName");
    let old = at(object, "metadata/annotations").and_then(|notes| notes.get("kubernetes.io/ingress.class")).and_then(Value::as_str);
    if let Some(old) = old.filter(|old| !class.is_empty() && *old != class && text_at(object, "metadata/uid").is_empty()) {
        errors.invalid("annotations.kubernetes.io/ingress.class", old, "must match `ingressClassName` when both are specified");
    }
}

fn subdomain(holder: &Value, field: &str, path: &str, errors: &mut Errors) {
    let name = text_at(holder, field);
    if !name.is_empty() {
        errors.each(&join(path, field), name, names::dns_subdomain(name));
    }
}

const WILDCARD: &str = "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

fn host(host: &str, path: &str, errors: &mut Errors) {
    if host.is_empty() {
        return;
    }
    if !host.contains('*') {
        return errors.each(path, host, names::dns_subdomain(host));
    }
    if !host.strip_prefix("*.").is_some_and(|rest| names::dns_subdomain(rest).is_empty()) {
        errors.invalid(path, host, WILDCARD);
    }
}

fn path(entry: &Value, path: &str, errors: &mut Errors) {
    let kind = text_at(entry, "pathType");
    let target = text_at(entry, "path");
    let field = join(path, "path");
    match kind {
        "" => return errors.required(&join(path, "pathType"), "pathType must be specified"),
        "Exact" | "Prefix" => {
            if !target.starts_with('/') {
                errors.invalid(&field, target, "must be an absolute path");
            }
            for bad in ["//", "/./", "/../", "%2f", "%2F"].iter().filter(|bad| target.contains(**bad)) {
                errors.invalid(&field, target, ["must not contain '", bad, "'"].concat());
            }
            for bad in ["/..", "/."].iter().filter(|bad| target.ends_with(**bad)) {
                errors.invalid(&field, target, ["cannot end with '", bad, "'"].concat());
            }
        }
        "ImplementationSpecific" => {
            if !target.is_empty() && !target.starts_with('/') {
                errors.invalid(&field, target, "must be an absolute path");
            }
        }
        other => errors.unsupported(&join(path, "pathType"), other, &["Exact", "ImplementationSpecific", "Prefix"]),
    }
    backend(at(entry, "backend").unwrap_or(&Value::Null), &join(path, "backend"), errors);
}

fn backend(backend: &Value, path: &str, errors: &mut Errors) {
    let given = |field: &str| at(backend, field).filter(|value| !value.is_null());
    let service = match (given("resource"), given("service")) {
        (Some(_), Some(_)) => return errors.invalid(path, "", "cannot set both resource and service backends"),
        (None, None) => return errors.invalid(path, "", "resource or service backend is required"),
        (Some(resource), None) => return reference(resource, &join(path, "resource"), errors),
        (None, Some(service)) => service,
    };
    let field = join(path, "service");
    if needed(service, "name", &field, errors) {
        let name = text_at(service, "name");
        errors.each(&join(&field, "name"), name, names::dns_label(name));
    }
    let (name, number) = (text_at(service, "port/name"), i64_at(service, "port/number").unwrap_or(0));
    match (name.is_empty(), number) {
        (false, 0) => errors.each(&join(&field, "port.name"), name, port_name(name)),
        (false, _) => errors.invalid(path, "", "cannot set both port name & port number"),
        (true, 0) => errors.required(path, "port name or number is required"),
        (true, number) if !is_port(number) => errors.invalid(&join(&field, "port.number"), number, PORT_RANGE),
        _ => {}
    }
}

/// A reference to an object of another kind.
fn reference(target: &Value, path: &str, errors: &mut Errors) {
    subdomain(target, "apiGroup", path, errors);
    for field in ["kind", "name"] {
        if needed(target, field, path, errors) {
            let text = text_at(target, field);
            errors.each(&join(path, field), text, super::meta::path_segment(text));
        }
    }
}

/// An IngressClass.
pub fn ingress_class(object: &Value, errors: &mut Errors) {
    const PATH: &str = "spec.controller";
    let empty = Value::Null;
    let spec = at(object, "spec").unwrap_or(&empty);
    if needed(spec, "controller", "spec", errors) {
        let controller = text_at(spec, "controller");
        match controller.split_once('/') {
            Some((domain, rest)) if !domain.is_empty() && !rest.is_empty() => {
                errors.each(PATH, domain, names::dns_subdomain(domain));
            }
            _ => errors.invalid(PATH, controller, "must be a domain-prefixed path (such as \"acme.io/foo\")"),
        }
    }
    let Some(parameters) = at(spec, "parameters").filter(|parameters| !parameters.is_null()) else { return };
    let path = "spec.parameters";
    reference(parameters, path, errors);
    let namespace = at(parameters, "namespace").filter(|namespace| !namespace.is_null());
    match (text_at(parameters, "scope"), namespace) {
        ("", _) => errors.required("spec.parameters.scope", ""),
        ("Cluster", Some(_)) => errors.forbidden("spec.parameters.namespace", "`parameters.scope` is set to 'Cluster'"),
        ("Namespace", None) => errors.required("spec.parameters.namespace", "`parameters.scope` is set to 'Namespace'"),
        ("Namespace", Some(namespace)) => {
            let namespace = namespace.as_str().unwrap_or_default();
            errors.each("spec.parameters.namespace", namespace, names::dns_label(namespace));
        }
        ("Cluster", None) => {}
        (other, _) => errors.unsupported("spec.parameters.scope", other, &["Cluster", "Namespace"]),
    }
}

/// What may not change in an IngressClass.
pub fn ingress_class_update(new: &Value, old: &Value, errors: &mut Errors) {
    let empty = Value::Null;
    super::common::immutable(at(new, "spec").unwrap_or(&empty), at(old, "spec").unwrap_or(&empty), "controller", "spec", errors);
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
                one_of(port, "protocol", &field, &["TCP", "UDP", "SCTP"], false, errors);
                policy_port(port, &field, errors);
            }
            for (index, peer) in items_at(rule, side).iter().enumerate() {
                self::peer(peer, &nth(&join(&path, side), index), errors);
            }
        }
    }
    let types = items_at(spec, "policyTypes");
    if types.len() > 2 {
        return errors.invalid("spec.policyTypes", Value::Array(types.to_vec()), "may not specify more than two policyTypes");
    }
    for (number, kind) in types.iter().filter_map(Value::as_str).enumerate() {
        if !matches!(kind, "Ingress" | "Egress") {
            errors.unsupported(&nth("spec.policyTypes", number), kind, &["Ingress", "Egress"]);
        }
    }
}

fn policy_port(port: &Value, path: &str, errors: &mut Errors) {
    let (field, end_field, end) = (join(path, "port"), join(path, "endPort"), i64_at(port, "endPort"));
    match (at(port, "port"), end) {
        (Some(Value::Number(number)), end) => {
            let number = number.as_i64().unwrap_or(0);
            if !is_port(number) {
                errors.invalid(&field, number, PORT_RANGE);
            }
            let Some(end) = end else { return };
            if end < number {
                errors.invalid(&end_field, end, "must be greater than or equal to `port`");
            }
            if !is_port(end) {
                errors.invalid(&end_field, end, PORT_RANGE);
            }
        }
        (Some(Value::String(name)), end) => {
            if let Some(end) = end {
                errors.invalid(&end_field, end, "may not be specified when `port` is non-numeric");
            }
            errors.each(&field, name, port_name(name));
        }
        (_, Some(end)) => errors.invalid(&end_field, end, "may not be specified when `port` is not specified"),
        _ => {}
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
        Some(block) => {
            ip_block(block, &join(path, "ipBlock"), errors);
            if selectors {
                errors.forbidden(path, "may not specify both ipBlock and another peer");
            }
        }
        None if !selectors => errors.required(path, "must specify a peer"),
        None => {}
    }
}

fn ip_block(block: &Value, path: &str, errors: &mut Errors) {
    if !needed(block, "cidr", path, errors) {
        return;
    }
    let whole = text_at(block, "cidr");
    if let Some(wrong) = addresses::block_error(whole) {
        errors.invalid(&join(path, "cidr"), whole, wrong);
    }
    if !addresses::is_block(whole) {
        return;
    }
    for (number, part) in items_at(block, "except").iter().filter_map(Value::as_str).enumerate() {
        let field = nth(&join(path, "except"), number);
        if let Some(wrong) = addresses::block_error(part) {
            errors.invalid(&field, part, wrong);
        }
        if addresses::is_block(part) && !addresses::is_within(part, whole) {
            errors.invalid(&field, part, "must be a strict subset of `cidr`");
        }
    }
}
