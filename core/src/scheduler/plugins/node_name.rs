//! NodeName: a Pod that names its node goes nowhere else.

use super::{Refusal, Turn};
use crate::scheduler::cache::NodeInfo;

/// Refuses every node but the one the Pod names.
pub fn filter(turn: &Turn<'_>, node: &NodeInfo) -> Option<Refusal> {
    match &*turn.pod.node_name {
        "" => None,
        name if name == &*node.name => None,
        _ => Refusal::hopeless("node(s) didn't match the requested node name"),
    }
}
