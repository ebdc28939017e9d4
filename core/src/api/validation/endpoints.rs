//! Validation of Endpoints and EndpointSlices.
//! Models kubernetes `pkg/apis/core/validation` and `pkg/apis/discovery/validation`.

use core::net::IpAddr;
use serde_json::Value;

use super::addresses;
use super::common::{IMMUTABLE, PORT_RANGE, is_port, labels};
use super::field::{Errors, join, nth};
use crate::object::names;
use crate::object::value::{at, i64_at, items_at, map_at, text_at};

const PROTOCOLS: &[&str] = &["SCTP", "TCP", "UDP"];

/// Endpoints.
pub fn endpoints(object: &Value, errors: &mut Errors) {
    for (number, subset) in items_at(object, "subsets").iter().enumerate() {
        let path = nth("subsets", number);
        if items_at(subset, "addresses").is_empty() && items_at(subset, "notReadyAddresses").is_empty() {
            errors.required(&path, "must specify `addresses` or `notReadyAddresses`");
        }
        for list in ["addresses", "notReadyAddresses"] {
            for (number, one) in items_at(subset, list).iter().enumerate() {
                let path = nth(&join(&path, list), number);
                let (address, field) = (text_at(one, "ip"), join(&path, "ip"));
                addresses::address(address, &field, errors);
                hostname(one, &path, errors);
                node_name(one, &path, errors);
                addresses::reachable(address, &field, errors);
            }
        }
        let ports = items_at(subset, "ports");
        for (number, port) in ports.iter().enumerate() {
            let path = nth(&join(&path, "ports"), number);
            let name = text_at(port, "name");
            if !name.is_empty() {
                errors.each(&join(&path, "name"), name, names::dns_label(name));
            } else if ports.len() > 1 {
                errors.required(&join(&path, "name"), "");
            }
            let target = i64_at(port, "port").unwrap_or(0);
            if !is_port(target) {
                errors.invalid(&join(&path, "port"), target, PORT_RANGE);
            }
            protocol(port, &path, errors);
            app_protocol(port, &path, errors);
        }
    }
}

/// An EndpointSlice.
pub fn slice(object: &Value, errors: &mut Errors) {
    const KINDS: &[&str] = &["FQDN", "IPv4", "IPv6"];
    let kind = text_at(object, "addressType");
    if kind.is_empty() {
        errors.required("addressType", "");
    } else if !KINDS.contains(&kind) {
        errors.unsupported("addressType", kind, KINDS);
    }
    let all = items_at(object, "endpoints");
    if all.len() > 1000 {
        errors.too_many("endpoints", all.len(), 1000);
    }
    for (number, endpoint) in all.iter().take(1000).enumerate() {
        let path = nth("endpoints", number);
        let addresses = items_at(endpoint, "addresses");
        let place = join(&path, "addresses");
        match addresses.len() {
            0 => errors.required(&place, "must contain at least 1 address"),
            count if count > 100 => errors.too_many(&place, count, 100),
            _ => {}
        }
        for (number, text) in addresses.iter().filter_map(Value::as_str).enumerate() {
            let place = nth(&place, number);
            match (kind, text.parse::<IpAddr>()) {
                ("IPv4", Ok(IpAddr::V6(_)) | Err(_)) => errors.invalid(&place, text, "must be a valid IPv4 address"),
                ("IPv6", Ok(IpAddr::V4(_)) | Err(_)) => errors.invalid(&place, text, "must be a valid IPv6 address"),
                ("IPv4" | "IPv6", Ok(_)) => addresses::reachable(text, &place, errors),
                ("FQDN", _) => domain(text, &place, errors),
                _ => {}
            }
        }
        node_name(endpoint, &path, errors);
        let topology = map_at(endpoint, "deprecatedTopology").map_or(0, |labels| labels.len());
        if topology > 16 {
            errors.too_many(&join(&path, "deprecatedTopology"), topology, 16);
        }
        labels(endpoint, "deprecatedTopology", &path, errors);
        hostname(endpoint, &path, errors);
        zones(items_at(endpoint, "hints/forZones"), &join(&path, "hints.forZones"), errors);
    }
    let ports = items_at(object, "ports");
    if ports.len() > 20_000 {
        return errors.too_many("ports", ports.len(), 20_000);
    }
    for (number, port) in ports.iter().enumerate() {
        let (path, name) = (nth("ports", number), text_at(port, "name"));
        if !name.is_empty() {
            errors.each(&join(&path, "name"), name, names::dns_label(name));
        }
        if ports.iter().take(number).any(|other| text_at(other, "name") == name) {
            errors.duplicate(&join(&path, "name"), name);
        }
        protocol(port, &path, errors);
        app_protocol(port, &path, errors);
    }
}

/// The zones that an endpoint is for.
fn zones(list: &[Value], path: &str, errors: &mut Errors) {
    if list.len() > 8 {
        return errors.too_many(path, list.len(), 8);
    }
    for (number, zone) in list.iter().enumerate() {
        let (field, name) = (join(&nth(path, number), "name"), text_at(zone, "name"));
        if list.iter().take(number).any(|other| text_at(other, "name") == name) {
            errors.duplicate(&field, name);
        }
        errors.each(&field, name, names::label_value(name));
    }
}

/// The name of a host with that of its domain.
fn domain(text: &str, path: &str, errors: &mut Errors) {
    if text.is_empty() {
        return errors.required(path, "");
    }
    let name = text.strip_suffix('.').unwrap_or(text);
    let wrong = names::dns_subdomain(name);
    if !wrong.is_empty() {
        errors.invalid(path, name, wrong.join(","));
    } else if !name.contains('.') {
        errors.invalid(path, name, "should be a domain with at least two segments separated by dots");
    } else if let Some(label) = name.split('.').find(|label| !names::dns_label(label).is_empty()) {
        errors.invalid(path, label, names::dns_label(label).join(","));
    }
}

fn app_protocol(port: &Value, path: &str, errors: &mut Errors) {
    if let Some(name) = at(port, "appProtocol").and_then(Value::as_str) {
        errors.each(&join(path, "appProtocol"), name, names::qualified_name(name));
    }
}

fn node_name(holder: &Value, path: &str, errors: &mut Errors) {
    if let Some(name) = at(holder, "nodeName").and_then(Value::as_str) {
        errors.each(&join(path, "nodeName"), name, names::dns_subdomain(name));
    }
}

/// What may not change in an EndpointSlice.
pub fn slice_update(new: &Value, old: &Value, errors: &mut Errors) {
    let kind = text_at(new, "addressType");
    if kind != text_at(old, "addressType") {
        errors.invalid("addressType", kind, IMMUTABLE);
    }
}

fn protocol(port: &Value, path: &str, errors: &mut Errors) {
    match text_at(port, "protocol") {
        "" => errors.required(&join(path, "protocol"), ""),
        known if PROTOCOLS.contains(&known) => {}
        other => errors.unsupported(&join(path, "protocol"), other, PROTOCOLS),
    }
}

fn hostname(holder: &Value, path: &str, errors: &mut Errors) {
    let name = text_at(holder, "hostname");
    if !name.is_empty() {
        errors.each(&join(path, "hostname"), name, names::dns_label(name));
    }
}
