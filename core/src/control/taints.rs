//! The taint that a cordoned node wears. Models `pkg/controller/nodelifecycle`.

use alloc::boxed::Box;
use alloc::vec::Vec;

use serde_json::{Value, json};

use super::worker::{Reconcile, Todo, Work};
use crate::api::{Api, Change, ChangeKind, Status, Token};
use crate::object::resources::NODES;
use crate::object::value::text_at;

const UNSCHEDULABLE: &str = "node.kubernetes.io/unschedulable";

/// The controller of nodes' own taints.
#[derive(Clone)]
pub struct Taints;

impl Reconcile for Taints {
    fn name(&self) -> &'static str {
        "node-controller"
    }

    fn watches(&self) -> &'static [&'static str] {
        &[NODES]
    }

    fn observe(&mut self, change: &Change, _api: &Api, todo: &mut Todo) {
        let closed = |o: &crate::object::Object| o.bool_at("/spec/unschedulable");
        let same = change.previous.as_ref().is_some_and(|p| closed(p) == closed(&change.object));
        if change.kind != ChangeKind::Deleted && !same {
            todo.add(change.object.key());
        }
    }

    fn reconcile(&mut self, token: &Token, work: &mut Work<'_>) -> Result<(), Status> {
        let Some(node) = token.key.as_ref().and_then(|k| work.api.get(NODES, k)).cloned() else { return Ok(()) };
        let closed = node.bool_at("/spec/unschedulable");
        let has = node.items_at("/spec/taints").iter().any(|t| text_at(t, "key") == UNSCHEDULABLE);
        if closed == has {
            return Ok(());
        }
        let added = work.api.timestamp();
        work.api.modify(NODES, &node.key(), |n| {
            let mut taints: Vec<Value> =
                n.items_at("/spec/taints").iter().filter(|t| text_at(t, "key") != UNSCHEDULABLE).cloned().collect();
            if closed {
                taints.push(json!({"effect": "NoSchedule", "key": UNSCHEDULABLE, "timeAdded": added}));
            }
            match taints.is_empty() {
                true => drop(n.remove("/spec/taints")),
                false => n.set("/spec/taints", taints),
            }
        })?;
        Ok(())
    }

    fn boxed_clone(&self) -> Box<dyn Reconcile> {
        Box::new(self.clone())
    }
}
