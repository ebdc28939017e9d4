//! NetworkPolicies: whether a connection from one Pod to another may be made.

use alloc::vec::Vec;
use serde_json::Value;

use crate::api::Api;
use crate::object::Object;
use crate::object::resources::{NAMESPACES, NETWORK_POLICIES};
use crate::object::selector::Selector;
use crate::object::value::{get, i64_at, items_at, str_at, text_at};

/// Whether a connection to a Pod's port is allowed. `from` is the Pod that asks; `None` is something outside.
pub fn allow(api: &Api, from: Option<&Object>, to: &Object, port: u16) -> bool {
    one_way(api, to, from, to, port, "Ingress") && from.is_none_or(|from| one_way(api, from, Some(to), to, port, "Egress"))
}

/// Whether the policies that select `subject` allow traffic of a direction with `peer`.
fn one_way(api: &Api, subject: &Object, peer: Option<&Object>, target: &Object, port: u16, direction: &str) -> bool {
    let mut selected = false;
    for policy in api.list(NETWORK_POLICIES, Some(subject.namespace())) {
        let Ok(selector) = Selector::from_label_selector(policy.at("/spec/podSelector")) else { continue };
        if !selector.matches(&*subject.meta.labels) || !applies(policy, direction) {
            continue;
        }
        selected = true;
        let (rules, peers) = if direction == "Ingress" { ("/spec/ingress", "from") } else { ("/spec/egress", "to") };
        if policy.items_at(rules).iter().any(|rule| rule_allows(api, policy, rule, peers, peer, target, port)) {
            return true;
        }
    }
    !selected
}

fn applies(policy: &Object, direction: &str) -> bool {
    let types: Vec<&str> = policy.items_at("/spec/policyTypes").iter().filter_map(Value::as_str).collect();
    match types.is_empty() {
        true => direction == "Ingress" || policy.at("/spec/egress").is_some(),
        false => types.contains(&direction),
    }
}

fn rule_allows(api: &Api, policy: &Object, rule: &Value, peers: &str, peer: Option<&Object>, target: &Object, port: u16) -> bool {
    let ports = items_at(rule, "ports");
    let port_fits = ports.is_empty()
        || ports.iter().any(|p| match get(p, "port") {
            None => true,
            Some(Value::String(name)) => named_port(target, name) == Some(i64::from(port)),
            Some(number) => {
                let first = number.as_i64().unwrap_or(0);
                (first..=i64_at(p, "endPort").unwrap_or(first)).contains(&i64::from(port))
            }
        });
    let list = items_at(rule, peers);
    port_fits && (list.is_empty() || list.iter().any(|p| peer_fits(api, policy, p, peer)))
}

fn named_port(pod: &Object, name: &str) -> Option<i64> {
    let mut all = pod.items_at("/spec/containers").iter().flat_map(|c| items_at(c, "ports"));
    all.find(|p| text_at(p, "name") == name).and_then(|p| i64_at(p, "containerPort"))
}

fn peer_fits(api: &Api, policy: &Object, wanted: &Value, peer: Option<&Object>) -> bool {
    if let Some(cidr) = str_at(wanted, "ipBlock/cidr") {
        let ip = peer.map_or("192.168.1.10", |p| p.text_at("/status/podIP"));
        return in_block(ip, cidr) && !items_at(wanted, "ipBlock/except").iter().filter_map(Value::as_str).any(|e| in_block(ip, e));
    }
    let Some(peer) = peer else { return false };
    let selects =
        |v: Option<&Value>, labels: &dyn crate::object::selector::Labels| Selector::from_label_selector(v).is_ok_and(|s| s.matches(labels));
    let (pods, namespaces) = (get(wanted, "podSelector"), get(wanted, "namespaceSelector"));
    let namespace_fits = match namespaces {
        None => peer.namespace() == policy.namespace(),
        some => api.find(NAMESPACES, "", peer.namespace()).is_some_and(|n| selects(some, &*n.meta.labels)),
    };
    namespace_fits && (pods.is_none() || selects(pods, &*peer.meta.labels))
}

fn in_block(ip: &str, cidr: &str) -> bool {
    let number = |text: &str| text.split('.').try_fold(0_u32, |n, part| part.parse::<u8>().ok().map(|b| n << 8 | u32::from(b)));
    let (base, bits) = cidr.split_once('/').unwrap_or((cidr, "32"));
    let shift = 32_u32.saturating_sub(bits.parse().unwrap_or(32));
    match (number(ip), number(base)) {
        (Some(a), Some(b)) => shift >= 32 || a >> shift == b >> shift,
        _ => false,
    }
}
