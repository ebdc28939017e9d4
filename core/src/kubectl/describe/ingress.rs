//! Ingresses and network policies.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::Page;
use super::network::service_addresses;
use crate::kubectl::Cx;
use crate::kubectl::tables::cells::{or_none, scalar, selector};
use crate::kubectl::tables::network::balanced;
use crate::object::Object;
use crate::object::resources::SERVICES;
use crate::object::value::{at, items_at, str_at, text_at};

/// Writes an Ingress.
pub fn ingress(cx: &mut Cx<'_>, o: &Object, page: &mut Page) {
    page.field(0, "Name", o.name());
    page.labels(o);
    page.field(0, "Namespace", o.namespace());
    page.field(0, "Address", &balanced(o).join(","));
    page.field(0, "Ingress Class", &or_none(o.text_at("/spec/ingressClassName")));
    let default = match o.at("/spec/defaultBackend") {
        Some(backend) => backend_text(cx, o, backend),
        None => "<default>".to_string(),
    };
    page.field(0, "Default backend", &default);
    let tls = o.items_at("/spec/tls");
    if !tls.is_empty() {
        page.line("TLS:");
    }
    for one in tls {
        let hosts: Vec<String> = items_at(one, "hosts").iter().map(scalar).collect();
        let head = match text_at(one, "secretName") {
            "" => "SNI routes".to_string(),
            secret => format!("{secret} terminates"),
        };
        page.put(2, &format!("{head} {}", hosts.join(",")));
    }
    page.line("Rules:\n  Host\tPath\tBackends\n  ----\t----\t--------");
    let rules = || o.items_at("/spec/rules").iter().filter(|rule| at(rule, "http").is_some());
    for rule in rules() {
        page.line(&format!("  {}\t", str_at(rule, "host").filter(|h| !h.is_empty()).unwrap_or("*")));
        for path in items_at(rule, "http/paths") {
            let backend = at(path, "backend").map_or_else(String::new, |b| backend_text(cx, o, b));
            page.line(&format!("    \t{} \t{backend}", text_at(path, "path")));
        }
    }
    if rules().next().is_none() {
        page.line(&format!("  *\t*\t{default}"));
    }
    page.annotations(o);
}

/// Writes an IngressClass.
pub fn class(_cx: &mut Cx<'_>, o: &Object, page: &mut Page) {
    page.field(0, "Name", o.name());
    page.labels(o);
    page.annotations(o);
    page.field(0, "Controller", o.text_at("/spec/controller"));
    let Some(parameters) = o.at("/spec/parameters") else { return };
    page.line("Parameters:");
    if let Some(group) = str_at(parameters, "apiGroup") {
        page.field(2, "APIGroup", group);
    }
    page.field(2, "Kind", text_at(parameters, "kind"));
    page.field(2, "Name", text_at(parameters, "name"));
}

/// `web:80 (172.16.1.2:80)`
fn backend_text(cx: &mut Cx<'_>, o: &Object, backend: &Value) -> String {
    let Some(service) = at(backend, "service") else {
        let resource = at(backend, "resource").unwrap_or(&Value::Null);
        return format!(
            "APIGroup: {}, Kind: {}, Name: {}",
            str_at(resource, "apiGroup").unwrap_or("<none>"),
            text_at(resource, "kind"),
            text_at(resource, "name")
        );
    };
    let name = text_at(service, "name");
    let port = at(service, "port/number").or_else(|| at(service, "port/name")).map_or_else(String::new, scalar);
    let found = cx.api().find(SERVICES, o.namespace(), name).cloned();
    let behind = match found {
        None => format!("<error: services \"{name}\" not found>"),
        Some(found) => {
            let matching = found
                .items_at("/spec/ports")
                .iter()
                .find(|p| [at(p, "port").map(scalar), at(p, "name").map(scalar)].contains(&Some(port.clone())));
            service_addresses(cx, &found, matching.map_or("", |p| text_at(p, "name")))
        }
    };
    format!("{name}:{port} ({behind})")
}

/// Writes a NetworkPolicy.
pub fn network_policy(_cx: &mut Cx<'_>, o: &Object, page: &mut Page) {
    page.name(o);
    let made = o.meta.creation.map_or_else(String::new, crate::text::timestamp::rfc3339);
    page.field(0, "Created on", &format!("{} +0000 UTC", made.replace('T', " ").trim_end_matches('Z')));
    page.labels(o);
    page.annotations(o);
    page.line("Spec:");
    let chosen = selector(o.at("/spec/podSelector"));
    page.put(
        2,
        &match chosen.as_str() {
            "<none>" => "PodSelector:     <none> (Allowing the specific traffic to all pods in this namespace)".to_string(),
            chosen => format!("PodSelector:     {chosen}"),
        },
    );
    let types: Vec<String> = o.items_at("/spec/policyTypes").iter().map(scalar).collect();
    for (ty, word, peers, from) in [("Ingress", "ingress", "from", "From"), ("Egress", "egress", "to", "To")] {
        if !types.iter().any(|t| t == ty) {
            page.put(2, &format!("Not affecting {word} traffic"));
            continue;
        }
        page.put(2, &format!("Allowing {word} traffic:"));
        let rules = o.items_at(&["/spec/", word].concat());
        if rules.is_empty() {
            page.put(4, &format!("<none> (Selected pods are isolated for {word} connectivity)"));
        }
        for (i, rule) in rules.iter().enumerate() {
            if i > 0 {
                page.put(4, "----------");
            }
            rule_lines(page, rule, peers, from);
        }
    }
    page.put(2, &format!("Policy Types: {}", or_none(&types.join(", "))));
}

fn rule_lines(page: &mut Page, rule: &Value, peers: &str, from: &str) {
    let ports = items_at(rule, "ports");
    if ports.is_empty() {
        page.put(4, "To Port: <any> (traffic allowed to all ports)");
    }
    for port in ports {
        let number = at(port, "port").map_or_else(|| "<nil>".to_string(), scalar);
        let protocol = str_at(port, "protocol").unwrap_or("TCP");
        match at(port, "endPort") {
            Some(end) => page.put(4, &format!("To Port Range: {number}-{}/{protocol}", scalar(end))),
            None => page.put(4, &format!("To Port: {number}/{protocol}")),
        }
    }
    let all = items_at(rule, peers);
    if all.is_empty() {
        let what = if peers == "from" { "traffic not restricted by source" } else { "traffic not restricted by destination" };
        page.put(4, &format!("{from}: <any> ({what})"));
    }
    for peer in all {
        page.put(4, &format!("{from}:"));
        for (title, key) in [("NamespaceSelector", "namespaceSelector"), ("PodSelector", "podSelector")] {
            if let Some(chosen) = at(peer, key) {
                page.put(6, &format!("{title}: {}", selector(Some(chosen))));
            }
        }
        if let Some(block) = at(peer, "ipBlock") {
            let except: Vec<String> = items_at(block, "except").iter().map(scalar).collect();
            page.put(6, "IPBlock:");
            page.put(8, &format!("CIDR: {}", text_at(block, "cidr")));
            page.put(8, &format!("Except: {}", except.join(", ")));
        }
    }
}
