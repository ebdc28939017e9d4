//! Services and what is behind and before them.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use serde_json::Value;

use super::cells::{age, first_three, labels, or_none, scalar, selector};
use crate::arrange::Arrange;
use crate::object::Object;
use crate::object::value::{at, i64_at, items_at, str_at, text_at};

/// The cells of a Service.
pub fn service(o: &Object, now_ms: i64) -> Vec<String> {
    let ip = o.items_at("/spec/clusterIPs").first().and_then(Value::as_str).unwrap_or_else(|| o.text_at("/spec/clusterIP"));
    let ports: Vec<String> = o.items_at("/spec/ports").iter().map(port).collect();
    vec![
        o.name().to_string(),
        o.text_at("/spec/type").to_string(),
        or_none(ip),
        external_ip(o),
        or_none(&ports.join(",")),
        age(o, now_ms),
        o.field("spec").map_or_else(String::new, |spec| labels(spec, "selector")),
    ]
}

fn port(port: &Value) -> String {
    let protocol = str_at(port, "protocol").unwrap_or("TCP");
    let number = i64_at(port, "port").unwrap_or(0);
    match i64_at(port, "nodePort") {
        Some(node) if node > 0 => format!("{number}:{node}/{protocol}"),
        _ => format!("{number}/{protocol}"),
    }
}

/// The addresses that a load balancer gave, in the order of their names.
pub fn balanced(o: &Object) -> Vec<String> {
    let mut all: Vec<String> = o
        .items_at("/status/loadBalancer/ingress")
        .iter()
        .map(|i| if text_at(i, "ip").is_empty() { text_at(i, "hostname") } else { text_at(i, "ip") }.to_string())
        .collect();
    all.arrange();
    all.dedup();
    all
}

fn external_ip(o: &Object) -> String {
    let own: Vec<String> = o.items_at("/spec/externalIPs").iter().map(scalar).collect();
    match o.text_at("/spec/type") {
        "ExternalName" => o.text_at("/spec/externalName").to_string(),
        "LoadBalancer" => {
            let all: Vec<String> = balanced(o).into_iter().chain(own).collect();
            if all.is_empty() { "<pending>".to_string() } else { all.join(",") }
        }
        _ => or_none(&own.join(",")),
    }
}

/// The addresses with ports of an Endpoints object; `ports` are only those with this name when it is given.
pub fn addresses(subsets: &[Value], port_name: Option<&str>) -> String {
    let mut all = Vec::new();
    for subset in subsets {
        let ips = || items_at(subset, "addresses").iter().map(|a| text_at(a, "ip"));
        let ports = items_at(subset, "ports");
        if ports.is_empty() {
            all.extend(ips().map(ToString::to_string));
        }
        for port in ports.iter().filter(|p| port_name.is_none_or(|name| text_at(p, "name") == name)) {
            all.extend(ips().map(|ip| format!("{ip}:{}", i64_at(port, "port").unwrap_or(0))));
        }
    }
    first_three(&all, "<none>")
}

/// The cells of an Endpoints object.
pub fn endpoints(o: &Object, now_ms: i64) -> Vec<String> {
    vec![o.name().to_string(), addresses(o.items_at("/subsets"), None), age(o, now_ms)]
}

/// The cells of an EndpointSlice.
pub fn endpoint_slice(o: &Object, now_ms: i64) -> Vec<String> {
    let ports: Vec<String> = o
        .items_at("/ports")
        .iter()
        .map(|p| i64_at(p, "port").map_or_else(|| str_at(p, "name").unwrap_or("*").to_string(), |n| n.to_string()))
        .collect();
    let ips: Vec<String> = o.items_at("/endpoints").iter().flat_map(|e| items_at(e, "addresses")).map(scalar).collect();
    vec![
        o.name().to_string(),
        o.text_at("/addressType").to_string(),
        first_three(&ports, "<unset>"),
        first_three(&ips, "<unset>"),
        age(o, now_ms),
    ]
}

/// The cells of an Ingress.
pub fn ingress(o: &Object, now_ms: i64) -> Vec<String> {
    let class = or_none(o.text_at("/spec/ingressClassName"));
    let ports = if o.items_at("/spec/tls").is_empty() { "80" } else { "80, 443" };
    vec![o.name().to_string(), class, hosts(o.items_at("/spec/rules")), balanced(o).join(","), ports.to_string(), age(o, now_ms)]
}

/// The hosts of rules. Once three are shown, every further rule counts as one more, with a host or without.
fn hosts(rules: &[Value]) -> String {
    let named = || rules.iter().enumerate().filter(|(_, rule)| !text_at(rule, "host").is_empty());
    let shown = named().take(3).map(|(_, rule)| text_at(rule, "host")).collect::<Vec<_>>().join(",");
    match named().nth(2) {
        _ if shown.is_empty() => "*".to_string(),
        Some((third, _)) if third + 1 < rules.len() => format!("{shown} + {} more...", rules.len().saturating_sub(3)),
        _ => shown,
    }
}

/// The cells of an IngressClass.
pub fn ingress_class(o: &Object, now_ms: i64) -> Vec<String> {
    let parameters = o.at("/spec/parameters").map_or_else(
        || "<none>".to_string(),
        |p| {
            let group = text_at(p, "apiGroup");
            let dot = if group.is_empty() { "" } else { "." };
            format!("{}{dot}{group}/{}", text_at(p, "kind"), text_at(p, "name"))
        },
    );
    vec![o.name().to_string(), o.text_at("/spec/controller").to_string(), parameters, age(o, now_ms)]
}

/// The cells of a NetworkPolicy.
pub fn network_policy(o: &Object, now_ms: i64) -> Vec<String> {
    vec![o.name().to_string(), selector(at(o.field("spec").unwrap_or(&Value::Null), "podSelector")), age(o, now_ms)]
}
