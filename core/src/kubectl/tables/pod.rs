//! Pods: ready containers, the one word that says how it goes, restarts. Models `printPod`.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use serde_json::Value;

use super::cells::{age, or_none, since};
use crate::object::Object;
use crate::object::pod_summary::summary;
use crate::object::value::{i64_at, items_at, text_at};

/// The cells of a Pod.
pub fn row(pod: &Object, now_ms: i64) -> Vec<String> {
    let s = summary(pod);
    let restarts = match s.last_restart_ms {
        Some(at) if s.restarts != 0 => format!("{} ({} ago)", s.restarts, since(Some(at), now_ms)),
        _ => s.restarts.to_string(),
    };
    let ip = pod.items_at("/status/podIPs").first().map_or_else(|| pod.text_at("/status/podIP"), |ip| text_at(ip, "ip"));
    let gates = pod.items_at("/spec/readinessGates");
    let gates = match gates.len() {
        0 => "<none>".to_string(),
        n => {
            let met = gates.iter().filter(|gate| super::cells::is_true(pod, text_at(gate, "conditionType"))).count();
            format!("{met}/{n}")
        }
    };
    vec![
        pod.name().to_string(),
        format!("{}/{}", s.ready, s.total),
        s.status,
        restarts,
        age(pod, now_ms),
        or_none(ip),
        or_none(pod.text_at("/spec/nodeName")),
        or_none(pod.text_at("/status/nominatedNodeName")),
        gates,
    ]
}

/// The ports of a container or Service as words: `80/TCP`.
pub fn ports(container: &Value, number: &str) -> String {
    let all: Vec<String> = items_at(container, "ports")
        .iter()
        .map(|p| format!("{}/{}", i64_at(p, number).unwrap_or(0), crate::object::value::str_at(p, "protocol").unwrap_or("TCP")))
        .collect();
    all.join(", ")
}
