//! Pods.

use alloc::format;
use alloc::string::ToString;

use serde_json::Value;

use super::page::time;
use super::{Page, container, template, volume};
use crate::kubectl::Cx;
use crate::kubectl::tables::cells::since;
use crate::object::Object;
use crate::object::value::text_at;

/// Writes a Pod.
pub fn describe(cx: &mut Cx<'_>, pod: &Object, page: &mut Page) {
    page.name(pod);
    if let Some(priority) = pod.i64_at("/spec/priority") {
        page.field(0, "Priority", &priority.to_string());
    }
    for (title, path) in [
        ("Priority Class Name", "/spec/priorityClassName"),
        ("Runtime Class Name", "/spec/runtimeClassName"),
        ("Service Account", "/spec/serviceAccountName"),
    ] {
        optional(page, title, pod.text_at(path));
    }
    match pod.text_at("/spec/nodeName") {
        "" => page.field(0, "Node", "<none>"),
        node => page.field(0, "Node", &format!("{node}/{}", pod.text_at("/status/hostIP"))),
    }
    if let Some(start) = pod.str_at("/status/startTime") {
        page.field(0, "Start Time", &time(start));
    }
    page.labels(pod);
    page.annotations(pod);
    let phase = pod.text_at("/status/phase");
    if pod.is_deleting() && !matches!(phase, "Succeeded" | "Failed") {
        let lasts = since(pod.meta.deletion, cx.api().wall_ms());
        page.field(0, "Status", &format!("Terminating (lasts {lasts})"));
        page.field(0, "Termination Grace Period", &format!("{}s", pod.meta.deletion_grace.unwrap_or(0)));
    } else {
        page.field(0, "Status", phase);
    }
    optional(page, "Reason", pod.text_at("/status/reason"));
    optional(page, "Message", pod.text_at("/status/message"));
    if let Some(profile) = pod.at("/spec/securityContext/seccompProfile") {
        page.field(0, "SeccompProfile", text_at(profile, "type"));
        optional(page, "LocalhostProfile", text_at(profile, "localhostProfile"));
    }
    page.field(0, "IP", pod.text_at("/status/podIP"));
    let ips = pod.items_at("/status/podIPs");
    page.line(if ips.is_empty() { "IPs:\t<none>" } else { "IPs:" });
    ips.iter().for_each(|ip| page.field(2, "IP", text_at(ip, "ip")));
    template::controlled_by(page, pod);
    optional(page, "NominatedNodeName", pod.text_at("/status/nominatedNodeName"));
    if let Some(resources) = pod.at("/spec/resources") {
        page.line("Resources:");
        container::resources(page, 2, resources);
    }
    for (title, list, statuses) in [
        ("Init Containers", "/spec/initContainers", "/status/initContainerStatuses"),
        ("Containers", "/spec/containers", "/status/containerStatuses"),
        ("Ephemeral Containers", "/spec/ephemeralContainers", "/status/ephemeralContainerStatuses"),
    ] {
        if !pod.items_at(list).is_empty() {
            container::list(page, title, pod.items_at(list), pod.items_at(statuses), Some(pod));
        }
    }
    conditions(page, pod);
    volume::list(page, pod.items_at("/spec/volumes"), false);
    optional(page, "QoS Class", pod.text_at("/status/qosClass"));
    let spec = pod.field("spec").unwrap_or(&Value::Null);
    template::placement(page, "", spec);
    template::spread(page, "", spec);
}

fn optional(page: &mut Page, title: &str, value: &str) {
    if !value.is_empty() {
        page.field(0, title, value);
    }
}

fn conditions(page: &mut Page, pod: &Object) {
    let all = pod.items_at("/status/conditions");
    let gates = pod.items_at("/spec/readinessGates");
    if !gates.is_empty() {
        page.line("Readiness Gates:\n  Type\tStatus");
        for gate in gates {
            let name = text_at(gate, "conditionType");
            let status = all.iter().find(|c| text_at(c, "type") == name).map_or("<none>", |c| text_at(c, "status"));
            page.line(&format!("  {name} \t{status} "));
        }
    }
    if all.is_empty() {
        return;
    }
    page.line("Conditions:\n  Type\tStatus");
    all.iter().for_each(|c| page.line(&format!("  {} \t{} ", text_at(c, "type"), text_at(c, "status"))));
}
