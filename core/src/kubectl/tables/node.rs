//! Nodes: status, roles, addresses. Models `printNode`.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use super::cells::{age, or_none};
use crate::arrange::Arrange;
use crate::object::Object;
use crate::object::value::text_at;

/// The cells of a Node.
pub fn row(node: &Object, now_ms: i64) -> Vec<String> {
    let ready = node.items_at("/status/conditions").iter().find(|c| text_at(c, "type") == "Ready");
    let mut status = match ready.map(|c| text_at(c, "status")) {
        Some("True") => "Ready".to_string(),
        Some(_) => "NotReady".to_string(),
        None => "Unknown".to_string(),
    };
    if node.bool_at("/spec/unschedulable") {
        status.push_str(",SchedulingDisabled");
    }
    let address = |ty: &str| {
        let found = node.items_at("/status/addresses").iter().find(|a| text_at(a, "type") == ty);
        or_none(found.map_or("", |a| text_at(a, "address")))
    };
    let info = |field: &str| {
        let text = node.text_at(&["/status/nodeInfo/", field].concat());
        if text.is_empty() { "<unknown>".to_string() } else { text.to_string() }
    };
    let mut kernel = info("kernelVersion");
    let machine = node.text_at("/status/nodeInfo/architecture");
    if !machine.is_empty() && kernel != "<unknown>" {
        kernel = format!("{kernel} ({machine})");
    }
    vec![
        node.name().to_string(),
        status,
        or_none(&roles(node).join(",")),
        age(node, now_ms),
        node.text_at("/status/nodeInfo/kubeletVersion").to_string(),
        address("InternalIP"),
        address("ExternalIP"),
        info("osImage"),
        kernel,
        info("containerRuntimeVersion"),
    ]
}

/// The roles that a Node's labels tell, sorted.
pub fn roles(node: &Object) -> Vec<String> {
    let mut roles: Vec<String> = Vec::new();
    for (key, value) in node.meta.labels.iter() {
        match key.strip_prefix("node-role.kubernetes.io/") {
            Some(role) if !role.is_empty() => roles.push(role.to_string()),
            None if key == "kubernetes.io/role" && !value.is_empty() => roles.push(value.clone()),
            _ => {}
        }
    }
    roles.arrange();
    roles.dedup();
    roles
}
