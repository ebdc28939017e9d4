//! The controllers of nodes: their taints, whether they are alive, who must leave them, and who was left behind.

pub mod eviction;
pub mod lifecycle;
pub mod orphans;
pub mod taints;
mod zones;

use alloc::vec::Vec;
use serde_json::{Value, json};

use crate::api::{Api, Status};
use crate::object::resources::NODES;
use crate::object::value::{at, set, text_at};
use crate::object::{Key, Object};

/// The prefix of the keys of all taints that these controllers set.
const PREFIX: &str = "node.kubernetes.io/";

/// Whether a node has a taint with this key (after `node.kubernetes.io/`) and effect.
fn has_taint(node: &Object, name: &str, effect: &str) -> bool {
    node.items_at("/spec/taints").iter().any(|t| text_at(t, "effect") == effect && text_at(t, "key").strip_prefix(PREFIX) == Some(name))
}

/// The status of a node's condition Ready: `True`, `False`, `Unknown` or empty.
fn readiness(node: &Object) -> &str {
    super::pods::condition(node, "Ready").map_or("", |c| text_at(c, "status"))
}

/// Adds and removes taints of one effect, told by the ends of their keys. Models `controller/util/node` SwapNodeControllerTaint.
fn swap_taints(api: &mut Api, node: &Key, effect: &str, add: &[&str], remove: &[&str]) -> Result<(), Status> {
    let now = api.timestamp();
    api.modify(NODES, node, |n| {
        let is = |t: &Value, names: &[&str]| {
            text_at(t, "effect") == effect && text_at(t, "key").strip_prefix(PREFIX).is_some_and(|name| names.contains(&name))
        };
        let mut taints: Vec<Value> = n.items_at("/spec/taints").iter().filter(|t| !is(t, remove)).cloned().collect();
        for name in add {
            if !taints.iter().any(|t| is(t, &[name])) {
                let key = [PREFIX, name].concat();
                taints.push(json!({"effect": effect, "key": key, "timeAdded": now}));
            }
        }
        match taints.is_empty() {
            true => drop(n.remove("/spec/taints")),
            false => n.set("/spec/taints", taints),
        }
    })?;
    Ok(())
}

/// Whether a toleration covers a taint, and for how many seconds at most.
fn tolerated_s(toleration: &Value) -> Option<i64> {
    at(toleration, "tolerationSeconds").and_then(Value::as_i64).map(|s| s.max(0))
}

/// Writes a condition of a node, keeping what is not named.
fn set_node_condition(node: &mut Object, kind: &str, fields: &[(&str, &str)]) {
    let mut all = node.items_at("/status/conditions").to_vec();
    if let Some(condition) = all.iter_mut().find(|c| text_at(c, "type") == kind) {
        fields.iter().for_each(|(key, text)| set(condition, key, *text));
    } else {
        let mut condition = json!({"type": kind});
        fields.iter().for_each(|(key, text)| set(&mut condition, key, *text));
        all.push(condition);
    }
    node.set("/status/conditions", Value::Array(all));
}
