//! For which zone each address of a Service is meant, where the Service's topology mode is Auto: as many for each zone as
//! its share of the cluster's CPU, its own first. Models `endpointslice/topologycache`. Writes nothing.

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::api::Api;
use crate::control::pods;
use crate::object::Object;
use crate::object::quantity::Quantity;
use crate::object::resources::NODES;
use crate::object::value::text_at;

/// Zones by the UIDs of the Pods that are meant for them.
pub type Zones = BTreeMap<Rc<str>, String>;

/// How many of something there are in each zone.
pub type ByZone = BTreeMap<String, i64>;

const ZONE: &str = "topology.kubernetes.io/zone";
/// Nodes with one of these labels are not asked by clients.
const CONTROL_PLANE: [&str; 2] = ["node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"];
const TOO_LITTLE: &str = "Insufficient Node information: allocatable CPU or zone not specified on one or more nodes";

/// Whether a Service asks for it.
pub fn wanted(service: &Object) -> bool {
    let old = service.meta.annotation("service.kubernetes.io/topology-aware-hints");
    let mode = old.or_else(|| service.meta.annotation("service.kubernetes.io/topology-mode"));
    matches!(mode, Some("Auto" | "auto"))
}

/// A text as the events have it.
pub fn message(text: &str) -> String {
    [text, ", addressType: IPv4"].concat()
}

/// The CPU of each zone, in thousandths; nothing where it is not known of every node, or there is one zone only.
fn cpu_by_zone(api: &Api) -> Option<ByZone> {
    let mut zones = ByZone::new();
    let counts = |n: &&Rc<Object>| CONTROL_PLANE.iter().all(|label| n.meta.label(label).is_none());
    let ready = |n: &&Rc<Object>| pods::condition(n, "Ready").is_some_and(|c| text_at(c, "status") == "True");
    for node in api.list(NODES, None).filter(counts).filter(ready) {
        let zone = node.meta.label(ZONE).filter(|zone| !zone.is_empty())?;
        let cpu = Quantity::parse(node.text_at("/status/allocatable/cpu")).ok().map(|q| q.milli_value()).filter(|n| *n > 0)?;
        *zones.entry(zone.to_string()).or_default() += cpu;
    }
    Some(zones).filter(|zones| zones.len() >= 2)
}

/// The least that a zone needs of so many addresses, so that none of them has a fifth too much to do.
fn least(cpu: i64, total: i64, addresses: i64) -> i64 {
    (cpu * addresses * 10 + total * 12 - 1) / (total * 12)
}

/// Whether a Service with so many addresses for each zone should be looked at again. Models serviceOverloaded.
pub fn is_overloaded(api: &Api, hinted: &ByZone) -> bool {
    let Some(zones) = cpu_by_zone(api) else { return true };
    let (total, all): (i64, i64) = (zones.values().sum(), hinted.values().sum());
    zones.iter().any(|(zone, cpu)| hinted.get(zone).is_none_or(|here| *here < least(*cpu, total, all)))
}

/// How much each zone should have, ideally. Models getAllocations.
fn allocations(api: &Api, addresses: i64) -> Result<BTreeMap<String, f64>, String> {
    let zones = cpu_by_zone(api).ok_or_else(|| TOO_LITTLE.to_string())?;
    let counts = alloc::format!("({addresses} endpoints, {} zones)", zones.len());
    if i64::try_from(zones.len()).unwrap_or(i64::MAX) > addresses {
        return Err(["Insufficient number of endpoints ", &counts].concat());
    }
    let total: i64 = zones.values().sum();
    if zones.values().map(|cpu| least(*cpu, total, addresses)).sum::<i64>() > addresses {
        let text = "Unable to allocate minimum required endpoints to each zone without exceeding overload threshold ";
        return Err([text, &counts].concat());
    }
    let desired = |cpu: i64| (cpu as f64 * addresses as f64 / total as f64).max(least(cpu, total, addresses) as f64);
    Ok(zones.into_iter().map(|(zone, cpu)| (zone, desired(cpu))).collect())
}

/// The zone with the most, the first among equals.
fn most(zones: &BTreeMap<String, f64>) -> Option<(String, f64)> {
    zones.iter().fold(None, |best: Option<(String, f64)>, (zone, n)| match best {
        Some((_, most)) if *n <= most => best,
        None if *n <= 0.0 => best,
        _ => Some((zone.clone(), *n)),
    })
}

/// How many addresses each zone gives to others, and how many it gets. Models getGivingAndReceivingZones.
fn exchange(allocations: &BTreeMap<String, f64>, hinted: &ByZone) -> (ByZone, ByZone) {
    let over = |sign: f64| {
        let off = |(zone, want): (&String, &f64)| (zone.clone(), sign * (hinted.get(zone).copied().unwrap_or(0) as f64 - want));
        allocations.iter().map(off).filter(|(_, n)| *n > 0.0).collect::<BTreeMap<_, _>>()
    };
    let (mut too_many, mut too_few) = (over(1.0), over(-1.0));
    let (mut gives, mut gets) = (ByZone::new(), ByZone::new());
    while let (Some((giver, more)), Some((getter, less))) = (most(&too_many), most(&too_few)) {
        if more < 1.0 && less < 1.0 || more < 0.5 || less < 0.5 {
            break;
        }
        for (zone, left, counts) in [(giver, &mut too_many, &mut gives), (getter, &mut too_few, &mut gets)] {
            left.entry(zone.clone()).and_modify(|n| *n -= 1.0);
            *counts.entry(zone).or_default() += 1;
        }
    }
    (gives, gets)
}

/// For which zone each ready Pod is meant, and how many for each.
///
/// # Errors
/// Why nobody is told, as the event says it.
pub fn assign(api: &Api, ready: &[&Rc<Object>]) -> Result<(Zones, ByZone), String> {
    let allocations = allocations(api, i64::try_from(ready.len()).unwrap_or(i64::MAX))?;
    let zone = |pod: &Object| api.find(NODES, "", pod.text_at("/spec/nodeName")).and_then(|n| n.meta.label(ZONE)).map(ToString::to_string);
    let own: Option<Vec<String>> = ready.iter().map(|pod| zone(pod)).collect();
    let own = own.ok_or_else(|| "One or more endpoints do not have a zone specified".to_string())?;
    let mut hinted = ByZone::new();
    own.iter().for_each(|zone| *hinted.entry(zone.clone()).or_default() += 1);
    let (mut gives, mut gets) = exchange(&allocations, &hinted);
    let mut zones = Zones::new();
    for (pod, own) in ready.iter().zip(own) {
        let left = gives.get_mut(&own).filter(|n| **n > 0);
        let getter = left.and_then(|left| gets.iter_mut().find(|(_, n)| **n > 0).map(|getter| (left, getter)));
        let zone = match getter {
            Some((left, (getter, wanted))) => {
                (*left, *wanted) = (*left - 1, *wanted - 1);
                *hinted.entry(own).or_default() -= 1;
                *hinted.entry(getter.clone()).or_default() += 1;
                getter.clone()
            }
            None => own,
        };
        zones.insert(pod.meta.uid.clone(), zone);
    }
    Ok((zones, hinted))
}
