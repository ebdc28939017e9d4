//! Defaults of Services and what goes with them. Models kubernetes `pkg/apis/core/v1/defaults.go` and
//! `pkg/apis/networking/v1/defaults.go`. Addresses and node ports are given out elsewhere.

use serde_json::{Value, json};

use super::each;
use crate::object::value::{at, at_mut, bool_at, items_at, set_default, text_at};

/// A Service.
pub fn service(object: &mut Value) {
    let Some(spec) = at_mut(object, "/spec") else { return };
    set_default(spec, "sessionAffinity", "None");
    if text_at(spec, "/sessionAffinity") == "ClientIP" {
        set_default(spec, "/sessionAffinityConfig/clientIP/timeoutSeconds", 10_800);
    }
    set_default(spec, "type", "ClusterIP");
    for port in each(spec, "ports") {
        set_default(port, "protocol", "TCP");
        let target = at(port, "/targetPort");
        if target.is_none_or(|target| target.is_null() || *target == 0 || *target == "")
            && let Some(number) = at(port, "/port").cloned()
            && let Value::Object(port) = port
        {
            port.insert("targetPort".into(), number);
        }
    }
    let kind = alloc::string::String::from(text_at(spec, "/type"));
    let outside = matches!(kind.as_str(), "NodePort" | "LoadBalancer");
    if outside || !items_at(spec, "/externalIPs").is_empty() {
        set_default(spec, "externalTrafficPolicy", "Cluster");
    }
    if outside || kind == "ClusterIP" {
        set_default(spec, "internalTrafficPolicy", "Cluster");
    }
    if kind == "LoadBalancer" {
        set_default(spec, "allocateLoadBalancerNodePorts", true);
    }
    if bool_at(object, "/status/loadBalancer") {
        return;
    }
    if let Some(ingress) = at_mut(object, "/status/loadBalancer") {
        for address in each(ingress, "ingress") {
            if !text_at(address, "/ip").is_empty() {
                set_default(address, "ipMode", "VIP");
            }
        }
    }
}

/// Endpoints.
pub fn endpoints(object: &mut Value) {
    for subset in each(object, "subsets") {
        for port in each(subset, "ports") {
            set_default(port, "protocol", "TCP");
        }
    }
}

/// An EndpointSlice.
pub fn endpoint_slice(object: &mut Value) {
    for port in each(object, "ports") {
        set_default(port, "name", "");
        set_default(port, "protocol", "TCP");
    }
}

/// A NetworkPolicy.
pub fn network_policy(object: &mut Value) {
    let Some(spec) = at_mut(object, "/spec") else { return };
    for direction in ["ingress", "egress"] {
        for rule in each(spec, direction) {
            for port in each(rule, "ports") {
                set_default(port, "protocol", "TCP");
            }
        }
    }
    if items_at(spec, "/policyTypes").is_empty() {
        let types = if items_at(spec, "/egress").is_empty() { json!(["Ingress"]) } else { json!(["Ingress", "Egress"]) };
        if let Value::Object(spec) = spec {
            spec.insert("policyTypes".into(), types);
        }
    }
}

/// An IngressClass.
pub fn ingress_class(object: &mut Value) {
    if at(object, "/spec/parameters").is_some_and(Value::is_object) {
        set_default(object, "/spec/parameters/scope", "Cluster");
    }
}
