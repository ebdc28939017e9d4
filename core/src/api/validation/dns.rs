//! Validation of how a Pod finds names: its DNS settings and host aliases. Models kubernetes `pkg/apis/core/validation`
//! validatePodDNSConfig and ValidateHostAliases.

use serde_json::Value;

use super::addresses;
use super::field::{Errors, join, nth};
use crate::object::names;
use crate::object::value::{at, items_at, text_at};

/// The member `dnsConfig` of a PodSpec at `path`.
pub fn config(spec: &Value, path: &str, errors: &mut Errors) {
    let config = at(spec, "dnsConfig").filter(|config| !config.is_null());
    let path = join(path, "dnsConfig");
    let Some(config) = config else {
        if text_at(spec, "dnsPolicy") == "None" {
            errors.required(&path, "must provide `dnsConfig` when `dnsPolicy` is None");
        }
        return;
    };
    let servers = items_at(config, "nameservers");
    let field = join(&path, "nameservers");
    if servers.is_empty() && text_at(spec, "dnsPolicy") == "None" {
        return errors.required(&field, "must provide at least one DNS nameserver when `dnsPolicy` is None");
    }
    if servers.len() > 3 {
        errors.invalid(&field, Value::Array(servers.to_vec()), "must not have more than 3 nameservers");
    }
    for (number, server) in servers.iter().filter_map(Value::as_str).enumerate() {
        addresses::address(server, &nth(&field, number), errors);
    }
    let searches = items_at(config, "searches");
    let field = join(&path, "searches");
    if searches.len() > 32 {
        errors.invalid(&field, Value::Array(searches.to_vec()), "must not have more than 32 search paths");
    }
    for (number, search) in searches.iter().filter_map(Value::as_str).enumerate().filter(|(_, search)| *search != ".") {
        let plain = search.strip_suffix('.').unwrap_or(search);
        let wrong = names::dns_subdomain_underscored(plain);
        errors.each(&nth(&field, number), plain, wrong);
    }
    for (number, option) in items_at(config, "options").iter().enumerate() {
        if text_at(option, "name").is_empty() {
            errors.required(&nth(&join(&path, "options"), number), "must not be empty");
        }
    }
}

/// The member `hostAliases` of a PodSpec at `path`.
pub fn aliases(spec: &Value, path: &str, errors: &mut Errors) {
    for (number, alias) in items_at(spec, "hostAliases").iter().enumerate() {
        let field = nth(&join(path, "hostAliases"), number);
        addresses::address(text_at(alias, "ip"), &join(&field, "ip"), errors);
        for (index, name) in items_at(alias, "hostnames").iter().filter_map(Value::as_str).enumerate() {
            errors.each(&nth(&join(&field, "hostnames"), index), name, names::dns_subdomain(name));
        }
    }
}
