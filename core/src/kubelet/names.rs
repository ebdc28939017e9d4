//! Names: what the cluster's name server says about Services and Pods, and what a node knows of other nodes.
//! Models CoreDNS's kubernetes plugin.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::resolver;
use crate::api::Api;
use crate::api::network::Lookup;
use crate::object::Object;
use crate::object::resources::{ENDPOINTS, NODES, SERVICES};
use crate::object::value::{items_at, text_at};

/// The name server of Pods.
const SERVER: &str = resolver::OF_CLUSTER;
const ZONE: &str = "cluster.local";

/// Looks a name up for a Pod with its address, or for a node.
pub fn resolve(api: &Api, from: Option<(&Object, &str)>, name: &str) -> Lookup {
    let name = name.trim_end_matches('.');
    let found = |name: &str, addresses: Vec<String>, server: &str| Lookup { name: name.to_string(), addresses, server: server.to_string() };
    let server = match from {
        Some((pod, _)) if resolver::asks_cluster(pod) => name_server(api),
        Some((pod, _)) => resolver::servers_and_domains(pod).0.first().cloned().unwrap_or_default(),
        None => String::new(),
    };
    if is_address(name) {
        return found(name, [name.to_string()].into(), &server);
    }
    if name == "localhost" {
        return found(name, ["127.0.0.1".to_string()].into(), &server);
    }
    let Some((pod, ip)) = from else {
        let node = api.find(NODES, "", name);
        let address = node.and_then(|n| n.items_at("/status/addresses").iter().find(|a| text_at(a, "type") == "InternalIP").cloned());
        return found(name, address.iter().map(|a| text_at(a, "address").to_string()).collect(), "127.0.0.53");
    };
    if name == pod.str_at("/spec/hostname").unwrap_or(pod.name()) {
        return found(name, [ip.to_string()].into(), &server);
    }
    if let Some(address) = resolver::alias(pod, name) {
        return found(name, [address.to_string()].into(), &server);
    }
    let (servers, domains) = resolver::servers_and_domains(pod);
    if !servers.iter().any(|one| one == SERVER) {
        return found(name, Vec::new(), &server);
    }
    for domain in domains.iter().map(String::as_str).chain([""]) {
        let full = if domain.is_empty() { name.to_string() } else { [name, ".", domain].concat() };
        if let Some(addresses) = in_cluster(api, &full, 0) {
            return found(&full, addresses, &server);
        }
    }
    found(name, Vec::new(), &server)
}

fn name_server(api: &Api) -> String {
    let service = api.find(SERVICES, "kube-system", "kube-dns");
    service.map_or(SERVER, |s| s.text_at("/spec/clusterIP")).to_string()
}

fn is_address(text: &str) -> bool {
    text.split('.').count() == 4 && text.split('.').all(|p| p.parse::<u8>().is_ok()) || text.contains(':')
}

/// The addresses of a full name of the cluster's zone; `None` when there is no such name.
fn in_cluster(api: &Api, full: &str, depth: u32) -> Option<Vec<String>> {
    let rest = full.strip_suffix(ZONE)?.strip_suffix('.')?;
    if let Some(rest) = rest.strip_suffix(".pod") {
        let (dashed, _) = rest.rsplit_once('.')?;
        return Some([dashed.replace('-', ".")].into());
    }
    let rest = rest.strip_suffix(".svc")?;
    let (rest, namespace) = rest.rsplit_once('.')?;
    let (host, service) = match rest.rsplit_once('.') {
        Some((host, service)) => (Some(host), service),
        None => (None, rest),
    };
    let service = api.find(SERVICES, namespace, service)?;
    if service.text_at("/spec/type") == "ExternalName" {
        let name = service.text_at("/spec/externalName");
        return if depth < 4 && name.ends_with(ZONE) { in_cluster(api, name, depth + 1) } else { Some(Vec::new()) };
    }
    let ip = service.text_at("/spec/clusterIP");
    if ip != "None" && host.is_none() {
        return Some([ip.to_string()].into());
    }
    let endpoints = api.find(ENDPOINTS, namespace, service.name())?;
    let lists = ["addresses", "notReadyAddresses"];
    let early = service.bool_at("/spec/publishNotReadyAddresses");
    let mut all: Vec<String> = Vec::new();
    for subset in endpoints.items_at("/subsets") {
        for list in lists.iter().take(if early { 2 } else { 1 }) {
            for address in items_at(subset, list) {
                let own = text_at(address, "hostname");
                let dashed = text_at(address, "ip").replace('.', "-");
                if host.is_none_or(|h| h == own || own.is_empty() && h == dashed) {
                    all.push(text_at(address, "ip").to_string());
                }
            }
        }
    }
    (!all.is_empty()).then_some(all)
}
