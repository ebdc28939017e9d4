//! A Service's cluster address, address families and node ports. Models kubernetes `pkg/registry/core/service`
//! (alloc.go) with the ranges of kubeadm: 10.96.0.0/12 and 30000-32767.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Value, json};

use crate::api::server::Api;
use crate::api::status::Status;
use crate::api::validation;
use crate::api::validation::field::{Errors, join, nth};
use crate::object::Object;
use crate::object::resources::SERVICES;
use crate::object::value::{at, i64_at, items_at, remove, set, set_default, text_at};
use crate::time::Rng;

/// The first and the number of addresses in the cluster's range.
const FIRST_ADDRESS: u32 = 0x0a60_0000;
const ADDRESSES: u32 = 1 << 20;
/// The node ports.
const NODE_PORTS: core::ops::RangeInclusive<i64> = 30_000..=32_767;

/// Gives a new or changed Service what it lacks.
pub fn admit(api: &Api, service: &mut Object, old: Option<&Object>) -> Result<(), Status> {
    let me = service.key();
    let mut dice = super::dice(api, service, "address");
    let before = old.and_then(|old| old.field("spec")).unwrap_or(&Value::Null);
    if old.is_some() {
        keep(service.field_mut("spec"), before);
    }
    if service.text_at("/spec/type") == "ExternalName" {
        if old.is_some() {
            strip(service.field_mut("spec"));
        }
        return Ok(());
    }
    let others = || api.list(SERVICES, None).filter(|other| other.key() != me);
    let spec = service.field_mut("spec");
    let was_external = old.is_some() && text_at(before, "type") == "ExternalName";
    let mut errors = Errors::default();
    validation::service_addresses(spec, &mut errors);
    if errors.is_empty() {
        configured(spec, &mut errors);
    }
    if errors.is_empty() {
        families(spec);
        let address = text_at(spec, "clusterIP").to_string();
        if address.is_empty() {
            let taken: BTreeSet<&str> = others().map(|other| other.text_at("/spec/clusterIP")).collect();
            set(spec, "clusterIP", free_address(&mut dice, &taken));
        } else if address != "None" && (old.is_none() || was_external) {
            let taken = others().any(|other| other.text_at("/spec/clusterIP") == address);
            wanted_address(&address, taken, &mut errors);
        }
        let address = text_at(spec, "clusterIP").to_string();
        set(spec, "clusterIPs", json!([address]));
    }
    if errors.is_empty() {
        let taken = |port: i64| others().any(|other| uses(other, port));
        let mut given = Given { taken: &taken, mine: BTreeSet::new(), dice: &mut dice };
        let outcome = match old {
            None => new_ports(spec, &mut given),
            Some(_) => changed_ports(spec, before, &mut given),
        };
        if let Err((field, port, why)) = outcome {
            errors.invalid(&field, port, why);
        } else {
            health_port(spec, before, &mut given)?;
        }
    }
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
    let (address, policy) = (text_at(spec, "clusterIP"), text_at(spec, "ipFamilyPolicy"));
    let family = if address.contains(':') { "IPv6" } else { "IPv4" };
    if !headless && !address.is_empty() && families.first().is_some_and(|given| given != family) {
        let wanted = if family == "IPv4" { "IPv6" } else { "IPv4" };
        return errors.invalid("spec.clusterIPs[0]", address, format!("expected an {wanted} value as indicated by `ipFamilies[0]`"));
    }
    if matches!(policy, "" | "SingleStack") && families.len() == 2 {
        let text = "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified";
        return errors.invalid("spec.ipFamilyPolicy", "SingleStack", text);
    }
    if family == "IPv6" && families.is_empty() {
        return errors.invalid("spec.clusterIPs[0]", json!([address]), "IPv6 is not configured on this cluster");
    }
    let selects = at(spec, "selector").and_then(Value::as_object).is_some_and(|selector| !selector.is_empty());
    if headless && !selects {
        return;
    }
    if policy == "RequireDualStack" {
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
    // An address that is changed alone stands for the list of them.
    let address = text_at(spec, "clusterIP").to_string();
    let same = items_at(spec, "clusterIPs") == items_at(old, "clusterIPs");
    if items_at(spec, "clusterIPs").is_empty() || same && address != text_at(old, "clusterIP") {
        set(spec, "clusterIPs", json!([address]));
    }
    let outside = |spec: &Value| matches!(text_at(spec, "type"), "NodePort" | "LoadBalancer");
    if outside(spec) && outside(old) {
        // Ports are the same ones that have the same name.
        let numbers = |spec: &Value| items_at(spec, "ports").iter().filter_map(|port| i64_at(port, "nodePort")).collect::<BTreeSet<_>>();
        let (is, was) = (numbers(spec), numbers(old));
        for port in spec.get_mut("ports").and_then(Value::as_array_mut).into_iter().flatten() {
            let same = items_at(old, "ports").iter().rfind(|other| text_at(other, "name") == text_at(port, "name"));
            let number = same.and_then(|same| i64_at(same, "nodePort")).filter(|number| !(is.contains(number) && was.contains(number)));
            if let (0, Some(number)) = (i64_at(port, "nodePort").unwrap_or(0), number) {
                set(port, "nodePort", number);
            }
        }
    }
    if checks_health(spec)
        && checks_health(old)
        && let Some(port) = at(old, "healthCheckNodePort")
    {
        set_default(spec, "healthCheckNodePort", port.clone());
    }
    forget(spec, old, outside(spec), outside(old));
}

/// What goes with a type that the Service no longer has, unless it was changed together with the type.
fn forget(spec: &mut Value, old: &Value, outside: bool, was_outside: bool) {
    if !outside && was_outside {
        for port in spec.get_mut("ports").and_then(Value::as_array_mut).into_iter().flatten() {
            let number = i64_at(port, "nodePort");
            let given = items_at(old, "ports").iter().any(|old| i64_at(old, "nodePort") == number);
            if let (true, Value::Object(port)) = (given, port) {
                port.remove("nodePort");
            }
        }
    }
    let balanced = |spec: &Value| text_at(spec, "type") == "LoadBalancer";
    let gone = [
        ("externalTrafficPolicy", !outside && was_outside && items_at(spec, "externalIPs").is_empty()),
        ("allocateLoadBalancerNodePorts", !balanced(spec) && balanced(old)),
        ("loadBalancerClass", !balanced(spec) && balanced(old)),
        ("healthCheckNodePort", !checks_health(spec) && checks_health(old)),
    ];
    for (field, gone) in gone {
        if gone && at(spec, field) == at(old, field) {
            remove(spec, field);
        }
    }
}

/// Whether the balancer asks a port of the node whether there are Pods on it.
fn checks_health(spec: &Value) -> bool {
    text_at(spec, "type") == "LoadBalancer" && text_at(spec, "externalTrafficPolicy") == "Local"
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
    service.i64_at("/spec/healthCheckNodePort") == Some(port)
        || service.items_at("/spec/ports").iter().any(|other| i64_at(other, "nodePort") == Some(port))
}

/// The node ports that are given out.
struct Given<'a> {
    taken: &'a dyn Fn(i64) -> bool,
    mine: BTreeSet<i64>,
    dice: &'a mut Rng,
}

impl Given<'_> {
    /// Takes a port that was asked for.
    fn take(&mut self, port: i64) -> Result<(), &'static str> {
        if !NODE_PORTS.contains(&port) {
            Err("provided port is not in the valid range. The range of valid ports is 30000-32767")
        } else if (self.taken)(port) || !self.mine.insert(port) {
            Err("provided port is already allocated")
        } else {
            Ok(())
        }
    }

    /// Takes any port. The low ones are kept for those who ask for them.
    fn next(&mut self) -> i64 {
        let mut port = 0;
        for _ in 0..10_000 {
            port = NODE_PORTS.start() + 86 + self.dice.below(2_682) as i64;
            if self.take(port).is_ok() {
                break;
            }
        }
        port
    }
}

/// A port that cannot be had: its field, its number and why.
type Refused = (String, i64, &'static str);

fn asks_for_ports(spec: &Value) -> (bool, bool) {
    let kind = text_at(spec, "type");
    let gives = kind == "NodePort" || kind == "LoadBalancer" && at(spec, "allocateLoadBalancerNodePorts") != Some(&Value::Bool(false));
    (matches!(kind, "NodePort" | "LoadBalancer"), gives)
}

/// The node ports of a new Service: one for each of its ports, whatever the protocol.
fn new_ports(spec: &mut Value, given: &mut Given<'_>) -> Result<(), Refused> {
    let (outside, gives) = asks_for_ports(spec);
    let number = |port: &Value, field: &str| i64_at(port, field).unwrap_or(0);
    let all: Vec<(i64, i64)> = items_at(spec, "ports").iter().map(|port| (number(port, "port"), number(port, "nodePort"))).collect();
    let mut of_port: BTreeMap<i64, i64> = BTreeMap::new();
    for (index, port) in spec.get_mut("ports").and_then(Value::as_array_mut).into_iter().flatten().enumerate() {
        let (inner, wanted) = (number(port, "port"), number(port, "nodePort"));
        if !outside || wanted == 0 && !gives {
            continue;
        }
        let asked = match of_port.get(&inner) {
            Some(given) if wanted == 0 => {
                set(port, "nodePort", *given);
                continue;
            }
            Some(given) if *given == wanted => continue,
            Some(_) => wanted,
            None => all.iter().find(|one| one.0 == inner && one.1 != 0).map_or(0, |one| one.1),
        };
        let granted = if asked == 0 { given.next() } else { asked };
        if asked != 0 {
            given.take(asked).map_err(|why| (join(&nth("spec.ports", index), "nodePort"), asked, why))?;
        }
        if of_port.insert(inner, granted).is_none() {
            set(port, "nodePort", granted);
        }
    }
    Ok(())
}

/// The node ports of a changed Service.
fn changed_ports(spec: &mut Value, old: &Value, given: &mut Given<'_>) -> Result<(), Refused> {
    let (outside, gives) = asks_for_ports(spec);
    for (index, port) in spec.get_mut("ports").and_then(Value::as_array_mut).into_iter().flatten().enumerate() {
        let wanted = i64_at(port, "nodePort").unwrap_or(0);
        let held = items_at(old, "ports").iter().any(|other| i64_at(other, "nodePort") == Some(wanted)) || given.mine.contains(&wanted);
        if !outside || wanted != 0 && held {
            continue;
        }
        if wanted != 0 {
            given.take(wanted).map_err(|why| (join(&nth("spec.ports", index), "nodePort"), wanted, why))?;
        } else if gives {
            set(port, "nodePort", given.next());
        }
    }
    Ok(())
}

/// The port at which a balancer asks for health.
fn health_port(spec: &mut Value, old: &Value, given: &mut Given<'_>) -> Result<(), Status> {
    if !checks_health(spec) || checks_health(old) {
        return Ok(());
    }
    let wanted = i64_at(spec, "healthCheckNodePort").unwrap_or(0);
    if wanted == 0 {
        set(spec, "healthCheckNodePort", given.next());
        return Ok(());
    }
    let refuse = |why| Status::internal(format!("failed to allocate requested HealthCheck NodePort {wanted}: {why}"));
    given.take(wanted).map_err(refuse)
}
