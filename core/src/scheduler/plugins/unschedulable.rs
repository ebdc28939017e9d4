//! NodeUnschedulable: cordoned nodes take only Pods that tolerate it.

use super::{Refusal, Turn};
use crate::scheduler::cache::{NodeInfo, Taint};
use alloc::string::{String, ToString};

/// Refuses cordoned nodes.
pub fn filter(turn: &Turn<'_>, node: &NodeInfo) -> Option<Refusal> {
    if !node.unschedulable {
        return None;
    }
    let taint = Taint { key: "node.kubernetes.io/unschedulable".to_string(), value: String::new(), effect: "NoSchedule".to_string() };
    if taint.tolerated_by(turn.pod) { None } else { Refusal::hopeless("node(s) were unschedulable") }
}
