//! A Service's cluster address, address families and node ports. Models kubernetes `pkg/registry/core/service`
//! (alloc.go) with the ranges of kubeadm: 10.96.0.0/12 and 30000-32767.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use serde_json::{Value, json};

use crate::api::server::Api;
use crate::api::status::Status;
use crate::api::validation::field::{Errors, join, nth};
use crate::object::Object;
use crate::object::resources::SERVICES;
use crate::object::value::{at, i64_at, items_at, set, set_default, text_at};
use crate::time::Rng;

/// The first and the number of addresses in the cluster's range.
const FIRST_ADDRESS: u32 = 0x0a60_0000;
const ADDRESSES: u32 = 1 << 20;
/// The node ports.
const NODE_PORTS: core::ops::RangeInclusive<i64> = 30_000..=32_767;

/// Gives a new or changed Service what it lacks.
pub fn admit(api: &Api, service: &mut Object, old: Option<&Object>) -> Result<(), Status> {
    let mut errors = Errors::default();
    let me = service.key();
    let mut dice = super::dice(api, service, "address");
    if let Some(old) = old {
        keep(service.field_mut("spec"), old.field("spec").unwrap_or(&Value::Null));
    }
    if service.text_at("/spec/type") == "ExternalName" {
        strip(service.field_mut("spec"));
        return Ok(());
    }
    let others = || api.list(SERVICES, None).filter(|other| other.key() != me);
    let spec = service.field_mut("spec");
    configured(spec, &mut errors);
    if !errors.is_empty() {
        return refused(service, &errors);
    }
    families(spec);
    let address = text_at(spec, "clusterIP").to_string();
    let held = old.is_some_and(|old| old.text_at("/spec/clusterIP") == address);
    if address.is_empty() {
        let taken: BTreeSet<&str> = others().map(|other| other.text_at("/spec/clusterIP")).collect();
        set(spec, "clusterIP", free_address(&mut dice, &taken));
    } else if address != "None" && !held {
        let taken = others().any(|other| other.text_at("/spec/clusterIP") == address);
        wanted_address(&address, taken, &mut errors);
    }
    let address = text_at(spec, "clusterIP").to_string();
    set(spec, "clusterIPs", json!([address]));
    ports(spec, old, &mut dice, &|port| others().any(|other| uses(other, port)), &mut errors);
    if errors.is_empty() { Ok(()) } else { refused(service, &errors) }
}

fn refused(service: &Object, errors: &Errors) -> Result<(), Status> {
    let causes = errors.0.iter().map(|error| error.cause()).collect();
    Err(Status::invalid("Service", service.name(), causes))
}

/// The cluster has addresses of the older family only.
fn configured(spec: &Value, errors: &mut Errors) {
    let families = items_at(spec, "ipFamilies");
    let headless = text_at(spec, "clusterIP") == "None";
    let address = text_at(spec, "clusterIP");
    if !headless && address.contains('.') && families.first().is_some_and(|family| family == "IPv6") {
        return errors.invalid("spec.clusterIPs[0]", address, "expected an IPv6 value as indicated by `ipFamilies[0]`");
    }
    let selects = at(spec, "selector").and_then(Value::as_object).is_some_and(|selector| !selector.is_empty());
    if headless && !selects {
        return;
    }
    if text_at(spec, "ipFamilyPolicy") == "RequireDualStack" {
        errors.invalid("spec.ipFamilyPolicy", "RequireDualStack", "this cluster is not configured for dual-stack services");
    }
    for (number, _) in families.iter().enumerate().filter(|(_, family)| *family == "IPv6") {
        errors.invalid(&nth("spec.ipFamilies", number), "IPv6", "not configured on this cluster");
    }
}

/// A replacement that says nothing of addresses keeps those given before.
fn keep(spec: &mut Value, old: &Value) {
    let was_external = text_at(old, "type") == "ExternalName";
    if was_external || text_at(spec, "type") == "ExternalName" {
        return;
    }
    if text_at(spec, "clusterIP").is_empty() {
        for field in ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"] {
            if let Some(value) = at(old, field) {
                set_default(spec, field, value.clone());
            }
        }
    }
    let outside = |spec: &Value| matches!(text_at(spec, "type"), "NodePort" | "LoadBalancer");
    if outside(spec) && outside(old) {
        let before = items_at(old, "ports").to_vec();
        for port in spec.get_mut("ports").and_then(Value::as_array_mut).into_iter().flatten() {
            let same =
                |other: &&Value| i64_at(other, "port") == i64_at(port, "port") && text_at(other, "protocol") == text_at(port, "protocol");
            if let (0, Some(number)) =
                (i64_at(port, "nodePort").unwrap_or(0), before.iter().find(same).and_then(|old| i64_at(old, "nodePort")))
            {
                set(port, "nodePort", number);
            }
        }
    }
    if !outside(spec) && outside(old) {
        for port in spec.get_mut("ports").and_then(Value::as_array_mut).into_iter().flatten() {
            let number = i64_at(port, "nodePort");
            let given = items_at(old, "ports").iter().any(|old| i64_at(old, "nodePort") == number);
            if let (true, Value::Object(port)) = (given, port) {
                port.remove("nodePort");
            }
        }
        for field in ["externalTrafficPolicy", "allocateLoadBalancerNodePorts"] {
            if let Value::Object(spec) = &mut *spec {
                spec.remove(field);
            }
        }
    }
}

fn strip(spec: &mut Value) {
    if let Value::Object(spec) = spec {
        for field in ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy"] {
            spec.remove(field);
        }
    }
}

fn families(spec: &mut Value) {
    let selects = at(spec, "selector").and_then(Value::as_object).is_some_and(|selector| !selector.is_empty());
    let both = text_at(spec, "clusterIP") == "None" && !selects;
    set_default(spec, "ipFamilyPolicy", if both { "RequireDualStack" } else { "SingleStack" });
    set_default(spec, "ipFamilies", if both { json!(["IPv4", "IPv6"]) } else { json!(["IPv4"]) });
}

fn free_address(dice: &mut Rng, taken: &BTreeSet<&str>) -> String {
    let mut text = String::new();
    for _ in 0..10_000 {
        // The first addresses of the range are kept for those who ask for them.
        let number = 256 + dice.below(u64::from(ADDRESSES) - 257) as u32;
        text = print(FIRST_ADDRESS + number);
        if !taken.contains(text.as_str()) {
            break;
        }
    }
    text
}

fn print(address: u32) -> String {
    let [a, b, c, d] = address.to_be_bytes();
    format!("{a}.{b}.{c}.{d}")
}

fn wanted_address(address: &str, taken: bool, errors: &mut Errors) {
    let mut parts = address.split('.').map(|part| part.parse::<u8>().ok());
    let mut next = || parts.next().flatten();
    let (Some(a), Some(b), Some(c), Some(d)) = (next(), next(), next(), next()) else { return };
    let number = u32::from_be_bytes([a, b, c, d]);
    let inside = (FIRST_ADDRESS..FIRST_ADDRESS + ADDRESSES).contains(&number);
    let why = match (inside, taken) {
        (false, _) => format!("failed to allocate IP {address}: the provided network does not match the current range"),
        (_, true) => format!("failed to allocate IP {address}: provided IP is already allocated"),
        _ => return,
    };
    errors.invalid("spec.clusterIPs", json!([address]), why);
}

fn uses(service: &Object, port: i64) -> bool {
    service.items_at("/spec/ports").iter().any(|other| i64_at(other, "nodePort") == Some(port))
}

fn ports(spec: &mut Value, old: Option<&Object>, dice: &mut Rng, taken: &dyn Fn(i64) -> bool, errors: &mut Errors) {
    let kind = text_at(spec, "type");
    let gives = kind == "NodePort" || kind == "LoadBalancer" && at(spec, "allocateLoadBalancerNodePorts") != Some(&Value::Bool(false));
    let outside = matches!(kind, "NodePort" | "LoadBalancer");
    let mut mine: BTreeSet<i64> = items_at(spec, "ports").iter().filter_map(|port| i64_at(port, "nodePort")).collect();
    for (number, port) in spec.get_mut("ports").and_then(Value::as_array_mut).into_iter().flatten().enumerate() {
        let wanted = i64_at(port, "nodePort").unwrap_or(0);
        if wanted != 0 && outside {
            let field = join(&nth("spec.ports", number), "nodePort");
            let held = old.is_some_and(|old| uses(old, wanted));
            if !NODE_PORTS.contains(&wanted) {
                errors.invalid(&field, wanted, "provided port is not in the valid range. The range of valid ports is 30000-32767");
            } else if !held && taken(wanted) {
                errors.invalid(&field, wanted, "provided port is already allocated");
            }
        } else if wanted == 0 && gives {
            for _ in 0..10_000 {
                // The low ports are kept for those who ask for them.
                let port_number = NODE_PORTS.start() + 86 + dice.below(2_682) as i64;
                if !taken(port_number) && mine.insert(port_number) {
                    set(port, "nodePort", port_number);
                    break;
                }
            }
        }
    }
}
