//! Validation of Endpoints and EndpointSlices.
//! Models kubernetes `pkg/apis/core/validation` and `pkg/apis/discovery/validation`.

use core::net::IpAddr;
use serde_json::Value;

use super::common::{IMMUTABLE, PORT_RANGE, is_port};
use super::field::{Errors, join, nth};
use crate::object::names;
use crate::object::value::{at, i64_at, items_at, text_at};

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
                address(text_at(one, "ip"), &join(&path, "ip"), "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)", errors);
                hostname(one, &path, errors);
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
                ("IPv4" | "IPv6", Ok(_)) => address(text, &place, "", errors),
                _ => {}
            }
        }
        hostname(endpoint, &path, errors);
    }
    let ports = items_at(object, "ports");
    for (number, port) in ports.iter().enumerate() {
        let (path, name) = (nth("ports", number), text_at(port, "name"));
        if !name.is_empty() {
            errors.each(&join(&path, "name"), name, names::dns_label(name));
        }
        if ports.iter().take(number).any(|other| text_at(other, "name") == name) {
            errors.duplicate(&join(&path, "name"), name);
        }
        protocol(port, &path, errors);
        let inside = text_at(port, "appProtocol");
        if at(port, "appProtocol").is_some_and(Value::is_string) {
            errors.each(&join(&path, "appProtocol"), inside, names::qualified_name(inside));
        }
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

/// An address that something can be reached at; `wrong` is said of what is none.
fn address(text: &str, path: &str, wrong: &str, errors: &mut Errors) {
    let Ok(address) = text.parse::<IpAddr>() else { return errors.invalid(path, text, wrong) };
    if address.is_unspecified() {
        errors.invalid(path, text, "may not be unspecified (0.0.0.0 or ::)");
    }
    if address.is_loopback() {
        errors.invalid(path, text, "may not be in the loopback range (127.0.0.0/8, ::1/128)");
    }
    let (link, multicast) = match address {
        IpAddr::V4(address) => (address.is_link_local(), address.octets().starts_with(&[224, 0, 0])),
        IpAddr::V6(address) => (address.is_unicast_link_local(), address.segments().first().is_some_and(|first| first & 0xff0f == 0xff02)),
    };
    if link {
        errors.invalid(path, text, "may not be in the link-local range (169.254.0.0/16, fe80::/10)");
    }
    if multicast {
        errors.invalid(path, text, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
    }
}
