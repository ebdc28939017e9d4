//! The NoSchedule taints that say of a node what its conditions say, and the old names of its labels. Models
//! `pkg/controller/nodelifecycle` doNoScheduleTaintingPass and reconcileNodeLabels.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::{has_taint, swap_taints};
use crate::api::{Api, Change, ChangeKind, Status, Token};
use crate::control::worker::{Reconcile, Todo, Work};
use crate::object::Object;
use crate::object::resources::NODES;
use crate::object::value::text_at;

/// Type and status of a condition, and the end of the key of the taint that goes with it.
const TAINTS: &[(&str, &str, &str)] = &[
    ("Ready", "False", "not-ready"),
    ("Ready", "Unknown", "unreachable"),
    ("MemoryPressure", "True", "memory-pressure"),
    ("DiskPressure", "True", "disk-pressure"),
    ("NetworkUnavailable", "True", "network-unavailable"),
    ("PIDPressure", "True", "pid-pressure"),
];
/// Labels, each with its old name, which is kept in step.
const OLD_LABELS: &[(&str, &str)] = &[("kubernetes.io/os", "beta.kubernetes.io/os"), ("kubernetes.io/arch", "beta.kubernetes.io/arch")];
const UNSCHEDULABLE: &str = "unschedulable";
const EFFECT: &str = "NoSchedule";

/// The controller of nodes' own taints.
#[derive(Clone)]
pub struct Taints;

/// The taints that a node should have.
fn wanted(node: &Object) -> Vec<&'static str> {
    let said = |(kind, status, _): &&(&str, &str, &str)| {
        node.items_at("/status/conditions").iter().any(|c| text_at(c, "type") == *kind && text_at(c, "status") == *status)
    };
    let mut all: Vec<_> = TAINTS.iter().filter(said).map(|(_, _, name)| *name).collect();
    if node.bool_at("/spec/unschedulable") {
        all.push(UNSCHEDULABLE);
    }
    all
}

impl Reconcile for Taints {
    fn name(&self) -> &'static str {
        "node-controller"
    }

    fn watches(&self) -> &'static [&'static str] {
        &[NODES]
    }

    fn observe(&mut self, change: &Change, _api: &Api, todo: &mut Todo) {
        let node = &change.object;
        let same = change
            .previous
            .as_ref()
            .is_some_and(|p| p.same_field(node, "spec") && p.same_field(node, "status") && p.meta.labels == node.meta.labels);
        if change.kind != ChangeKind::Deleted && !same {
            todo.add(node.key());
        }
    }

    fn reconcile(&mut self, token: &Token, work: &mut Work<'_>) -> Result<(), Status> {
        let Some(node) = token.key.as_ref().and_then(|k| work.api.get(NODES, k)).cloned() else { return Ok(()) };
        let wanted = wanted(&node);
        let all = TAINTS.iter().map(|(_, _, name)| *name).chain([UNSCHEDULABLE]);
        let add: Vec<&str> = wanted.iter().copied().filter(|name| !has_taint(&node, name, EFFECT)).collect();
        let remove: Vec<&str> = all.filter(|name| !wanted.contains(name) && has_taint(&node, name, EFFECT)).collect();
        if !add.is_empty() || !remove.is_empty() {
            swap_taints(work.api, &node.key(), EFFECT, &add, &remove)?;
        }
        let differs = |(label, old): &&(&str, &str)| node.meta.label(label).is_some() && node.meta.label(old) != node.meta.label(label);
        if OLD_LABELS.iter().any(|pair| differs(&pair)) {
            work.api.modify(NODES, &node.key(), |n| {
                for (label, old) in OLD_LABELS.iter().filter(differs) {
                    n.meta.set_label(old, node.meta.label(label));
                }
            })?;
        }
        Ok(())
    }

    fn boxed_clone(&self) -> Box<dyn Reconcile> {
        Box::new(self.clone())
    }
}
