//! Services, Endpoints and EndpointSlices.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::Page;
use super::page::map;
use crate::api::{Answer, Request, Verb};
use crate::kubectl::Cx;
use crate::kubectl::tables::cells::{first_three, or_none, scalar};
use crate::object::Object;
use crate::object::resources::ENDPOINT_SLICES;
use crate::object::value::{at, i64_at, items_at, str_at, text_at};

/// Writes a Service.
pub fn service(cx: &mut Cx<'_>, o: &Object, page: &mut Page) {
    page.name(o);
    page.labels(o);
    page.annotations(o);
    let pairs: Vec<String> = map(o.field("spec"), "selector").map(|(k, v)| format!("{k}={v}")).collect();
    page.field(0, "Selector", &or_none(&pairs.join(",")));
    page.field(0, "Type", o.text_at("/spec/type"));
    let joined = |path: &str| o.items_at(path).iter().map(scalar).collect::<Vec<_>>().join(",");
    if let Some(policy) = o.str_at("/spec/ipFamilyPolicy") {
        page.field(0, "IP Family Policy", policy);
    }
    page.field(0, "IP Families", &or_none(&joined("/spec/ipFamilies")));
    page.field(0, "IP", o.text_at("/spec/clusterIP"));
    page.field(0, "IPs", &or_none(&joined("/spec/clusterIPs")));
    if !o.items_at("/spec/externalIPs").is_empty() {
        page.field(0, "External IPs", &joined("/spec/externalIPs"));
    }
    if !o.text_at("/spec/loadBalancerIP").is_empty() {
        page.field(0, "Desired LoadBalancer IP", o.text_at("/spec/loadBalancerIP"));
    }
    if !o.text_at("/spec/externalName").is_empty() {
        page.field(0, "External Name", o.text_at("/spec/externalName"));
    }
    let ingress: Vec<String> = o.items_at("/status/loadBalancer/ingress").iter().map(balanced).collect();
    if !ingress.is_empty() {
        page.field(0, "LoadBalancer Ingress", &ingress.join(", "));
    }
    let slices = slices_of(cx, o);
    for port in o.items_at("/spec/ports") {
        let name = str_at(port, "name").filter(|n| !n.is_empty()).unwrap_or("<unset>");
        let protocol = str_at(port, "protocol").unwrap_or("TCP");
        page.field(0, "Port", &format!("{name}\t{}/{protocol}", i64_at(port, "port").unwrap_or(0)));
        page.field(0, "TargetPort", &format!("{}/{protocol}", at(port, "targetPort").map_or_else(String::new, scalar)));
        if let Some(protocol) = str_at(port, "appProtocol") {
            page.field(0, "AppProtocol", protocol);
        }
        if let Some(node) = i64_at(port, "nodePort").filter(|n| *n > 0) {
            page.field(0, "NodePort", &format!("{name}\t{node}/{protocol}"));
        }
        page.field(0, "Endpoints", &addresses(&slices, text_at(port, "name")));
    }
    page.field(0, "Session Affinity", o.text_at("/spec/sessionAffinity"));
    if !o.text_at("/spec/externalTrafficPolicy").is_empty() {
        page.field(0, "External Traffic Policy", o.text_at("/spec/externalTrafficPolicy"));
    }
    if !o.text_at("/spec/internalTrafficPolicy").is_empty() {
        page.field(0, "Internal Traffic Policy", o.text_at("/spec/internalTrafficPolicy"));
    }
    if let Some(port) = o.i64_at("/spec/healthCheckNodePort").filter(|port| *port != 0) {
        page.field(0, "HealthCheck NodePort", &port.to_string());
    }
    if !o.items_at("/spec/loadBalancerSourceRanges").is_empty() {
        page.field(0, "LoadBalancer Source Ranges", &joined("/spec/loadBalancerSourceRanges"));
    }
    if let Some(distribution) = o.str_at("/spec/trafficDistribution") {
        page.field(0, "Traffic Distribution", distribution);
    }
}

fn balanced(ingress: &Value) -> String {
    match (text_at(ingress, "ip"), str_at(ingress, "ipMode")) {
        ("", _) => text_at(ingress, "hostname").to_string(),
        (ip, Some(mode)) => format!("{ip} ({mode})"),
        (ip, None) => ip.to_string(),
    }
}

fn slices_of(cx: &mut Cx<'_>, o: &Object) -> Vec<alloc::rc::Rc<Object>> {
    let mut request = Request::new(Verb::List, ENDPOINT_SLICES, o.namespace(), "");
    request.params.label_selector = format!("kubernetes.io/service-name={}", o.name());
    match cx.send(request) {
        Ok(Answer::List(slices, _)) => slices,
        _ => Vec::new(),
    }
}

/// The ready addresses behind the port of a Service with this name.
pub fn service_addresses(cx: &mut Cx<'_>, service: &Object, port_name: &str) -> String {
    addresses(&slices_of(cx, service), port_name)
}

/// The ready addresses of a Service's port. Models kubectl formatEndpointSlices.
fn addresses(slices: &[alloc::rc::Rc<Object>], port_name: &str) -> String {
    if slices.is_empty() {
        return "<none>".to_string();
    }
    let mut all = Vec::new();
    for slice in slices {
        let ready = || {
            let ready = slice.items_at("/endpoints").iter().filter(|e| at(e, "conditions/ready").and_then(Value::as_bool) != Some(false));
            ready.filter_map(|e| items_at(e, "addresses").first()).map(scalar)
        };
        let ports = slice.items_at("/ports");
        if ports.is_empty() {
            all.extend(ready());
        }
        for port in ports.iter().filter(|p| text_at(p, "name") == port_name) {
            let number = i64_at(port, "port").unwrap_or(0);
            all.extend(ready().map(|ip| if ip.contains(':') { format!("[{ip}]:{number}") } else { format!("{ip}:{number}") }));
        }
    }
    first_three(&all, "")
}

/// Writes an Endpoints object.
pub fn endpoints(_cx: &mut Cx<'_>, o: &Object, page: &mut Page) {
    page.name(o);
    page.labels(o);
    page.annotations(o);
    page.line("Subsets:");
    for subset in o.items_at("/subsets") {
        let ips = |key: &str| or_none(&items_at(subset, key).iter().map(|a| text_at(a, "ip")).collect::<Vec<_>>().join(","));
        page.field(2, "Addresses", &ips("addresses"));
        page.field(2, "NotReadyAddresses", &ips("notReadyAddresses"));
        let ports = items_at(subset, "ports");
        if !ports.is_empty() {
            page.line("  Ports:\n    Name\tPort\tProtocol\n    ----\t----\t--------");
        }
        for port in ports {
            let name = str_at(port, "name").filter(|n| !n.is_empty()).unwrap_or("<unset>");
            page.line(&format!("    {name}\t{}\t{}", i64_at(port, "port").unwrap_or(0), text_at(port, "protocol")));
        }
        page.line("");
    }
}

/// Writes an EndpointSlice.
pub fn endpoint_slice(_cx: &mut Cx<'_>, o: &Object, page: &mut Page) {
    page.name(o);
    page.labels(o);
    page.annotations(o);
    page.field(0, "AddressType", o.text_at("/addressType"));
    let ports = o.items_at("/ports");
    if ports.is_empty() {
        page.line("Ports: <unset>");
    } else {
        page.line("Ports:\n  Name\tPort\tProtocol\n  ----\t----\t--------");
    }
    for port in ports {
        let name = str_at(port, "name").filter(|n| !n.is_empty()).unwrap_or("<unset>");
        let number = i64_at(port, "port").map_or_else(|| "<unset>".to_string(), |n| n.to_string());
        page.line(&format!("  {name}\t{number}\t{}", text_at(port, "protocol")));
    }
    let all = o.items_at("/endpoints");
    page.line(if all.is_empty() { "Endpoints: <none>" } else { "Endpoints:" });
    for endpoint in all {
        let ips: Vec<String> = items_at(endpoint, "addresses").iter().map(scalar).collect();
        page.line(&format!("  - Addresses:\t{}", or_none(&ips.join(", "))));
        page.line("    Conditions:");
        page.field(6, "Ready", &at(endpoint, "conditions/ready").map_or_else(|| "<unset>".to_string(), scalar));
        let field = |key: &str| str_at(endpoint, key).unwrap_or("<unset>").to_string();
        page.field(4, "Hostname", &field("hostname"));
        if let Some(target) = at(endpoint, "targetRef") {
            page.field(4, "TargetRef", &format!("{}/{}", text_at(target, "kind"), text_at(target, "name")));
        }
        page.field(4, "NodeName", &field("nodeName"));
        page.field(4, "Zone", &field("zone"));
    }
}

/// Writes a ServiceCIDR.
pub fn service_cidr(_cx: &mut Cx<'_>, o: &Object, page: &mut Page) {
    page.field(0, "Name", o.name());
    page.labels(o);
    page.annotations(o);
    page.field(0, "CIDRs", &o.items_at("/spec/cidrs").iter().map(scalar).collect::<Vec<_>>().join(", "));
    if !o.items_at("/status/conditions").is_empty() {
        page.line("Status:");
    }
    super::cluster::conditions(page, o);
}

/// Writes an IPAddress.
pub fn ip_address(_cx: &mut Cx<'_>, o: &Object, page: &mut Page) {
    page.field(0, "Name", o.name());
    page.labels(o);
    page.annotations(o);
    let Some(parent) = o.at("/spec/parentRef") else { return };
    page.line("Parent Reference:");
    for (title, key) in [("Group", "group"), ("Resource", "resource"), ("Namespace", "namespace"), ("Name", "name")] {
        page.field(2, title, text_at(parent, key));
    }
}
