//! What is behind a Service, and which of that a request may reach or reaches first.
//! Models `pkg/proxy/topology.go` CategorizeEndpoints.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use crate::api::Api;
use crate::object::Object;
use crate::object::resources::{ENDPOINT_SLICES, ENDPOINTS, NODES};
use crate::object::value::{i64_at, items_at, text_at};

/// Who asks: from which node, and whether it is a Pod; without a node it is the learner's shell on the machine.
#[derive(Clone, Copy)]
pub struct Asker<'a> {
    /// The node.
    pub node: Option<&'a str>,
    /// Whether it is a Pod.
    pub is_pod: bool,
}

/// The node on which the learner's shell is.
const MACHINE: &str = "m-k8s";

/// An address behind a Service's port.
pub struct Backend {
    /// The address.
    pub ip: String,
    /// The port there.
    pub port: u16,
    node: String,
}

/// The addresses behind a Service's port.
pub fn of(api: &Api, service: &Object, port_name: &str) -> Vec<Backend> {
    let Some(endpoints) = api.find(ENDPOINTS, service.namespace(), service.name()) else { return Vec::new() };
    let mut all = Vec::new();
    for subset in endpoints.items_at("/subsets") {
        let port = items_at(subset, "ports").iter().find(|p| text_at(p, "name") == port_name);
        let Some(port) = port.and_then(|p| i64_at(p, "port")).and_then(|n| u16::try_from(n).ok()) else { continue };
        let one = |a: &Value| Backend { ip: text_at(a, "ip").to_string(), port, node: text_at(a, "nodeName").to_string() };
        all.extend(items_at(subset, "addresses").iter().map(one));
    }
    all
}

/// The addresses that are meant for a zone, as the Service's slices say; nothing where a ready one is meant for none.
fn meant_for(api: &Api, service: &Object, zone: &str) -> Option<Vec<String>> {
    let mut ips = Vec::new();
    let ready = |e: &&Value| crate::object::value::bool_at(e, "conditions/ready");
    for slice in api.owned(&service.meta.uid, ENDPOINT_SLICES) {
        for endpoint in slice.items_at("/endpoints").iter().filter(ready) {
            let zones = items_at(endpoint, "hints/forZones");
            if zones.is_empty() {
                return None;
            }
            if zones.iter().any(|z| text_at(z, "name") == zone) {
                ips.push(text_at(endpoint, "addresses/0").to_string());
            }
        }
    }
    Some(ips)
}

/// Those of a Service's addresses that a request reaches, by the policies of the Service; `at` is the node whose port was
/// asked, if it was one.
pub fn within_reach(api: &Api, service: &Object, mut all: Vec<Backend>, asker: Asker<'_>, at: Option<&str>) -> Vec<Backend> {
    let from = asker.node.unwrap_or(MACHINE);
    // Whoever is inside the cluster, or on the node itself, does not come from outside.
    let outside = at.filter(|node| !asker.is_pod && *node != from);
    let here = at.unwrap_or(from);
    let local = match (outside, at) {
        (Some(_), _) => service.text_at("/spec/externalTrafficPolicy") == "Local",
        (None, Some(_)) => false,
        (None, None) => service.text_at("/spec/internalTrafficPolicy") == "Local",
    };
    if local {
        all.retain(|b| b.node == here);
        return all;
    }
    let wish = service.text_at("/spec/trafficDistribution");
    let mode = ["service.kubernetes.io/topology-aware-hints", "service.kubernetes.io/topology-mode"];
    if let Some("Auto" | "auto") = mode.into_iter().find_map(|name| service.meta.annotation(name)) {
        let own = api.find(NODES, "", here).and_then(|n| n.meta.label("topology.kubernetes.io/zone")).unwrap_or_default();
        let meant = meant_for(api, service, own);
        let hinted = meant.as_ref().is_some_and(|ips| all.iter().any(|b| ips.contains(&b.ip)));
        all.retain(|b| !hinted || meant.iter().any(|ips| ips.contains(&b.ip)));
    } else if wish == "PreferSameNode" && all.iter().any(|b| b.node == here) {
        all.retain(|b| b.node == here);
    } else if !wish.is_empty() {
        let zone = |node: &str| api.find(NODES, "", node).and_then(|n| n.meta.label("topology.kubernetes.io/zone"));
        let own = zone(here);
        let known = own.is_some() && all.iter().all(|b| zone(&b.node).is_some());
        if known && all.iter().any(|b| zone(&b.node) == own) {
            all.retain(|b| zone(&b.node) == own);
        }
    }
    all
}
