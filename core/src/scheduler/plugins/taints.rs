//! TaintToleration: taints keep Pods away that do not tolerate them.

use super::{Refusal, Turn};
use crate::scheduler::cache::NodeInfo;

/// Refuses nodes with a taint that the Pod does not tolerate.
pub fn filter(turn: &Turn<'_>, node: &NodeInfo) -> Option<Refusal> {
    let bad = node.taints.iter().any(|t| (t.effect == "NoSchedule" || t.effect == "NoExecute") && !t.tolerated_by(turn.pod));
    if bad { Refusal::hopeless("node(s) had untolerated taint(s)") } else { None }
}

/// How many PreferNoSchedule taints the Pod does not tolerate.
pub fn score(turn: &Turn<'_>, node: &NodeInfo) -> i64 {
    node.taints.iter().filter(|t| t.effect == "PreferNoSchedule" && !t.tolerated_by(turn.pod)).count() as i64
}
