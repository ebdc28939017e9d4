//! NodeResourcesFit: a node must have what the Pod asks for; the emptier, the better (LeastAllocated).

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::{Refusal, Turn};
use crate::scheduler::cache::NodeInfo;

/// Refuses nodes that have too little left.
pub fn filter(turn: &Turn<'_>, node: &NodeInfo) -> Option<Refusal> {
    let pod = &turn.pod.requests;
    let mut reasons: Vec<Cow<'static, str>> = Vec::new();
    let mut hopeless = false;
    if node.pods.len() as i64 + 1 > node.max_pods {
        reasons.push(Cow::Borrowed("Too many pods"));
    }
    let mut check = |asked: i64, used: i64, there_is: i64, reason: Cow<'static, str>| {
        if asked > 0 && asked > there_is - used {
            reasons.push(reason);
            hopeless |= asked > there_is;
        }
    };
    check(pod.cpu_m, node.used.cpu_m, node.allocatable.cpu_m, Cow::Borrowed("Insufficient cpu"));
    check(pod.memory, node.used.memory, node.allocatable.memory, Cow::Borrowed("Insufficient memory"));
    check(pod.storage, node.used.storage, node.allocatable.storage, Cow::Borrowed("Insufficient ephemeral-storage"));
    for (name, asked) in &pod.other {
        let reason = Cow::Owned(["Insufficient ", name.as_str()].concat());
        check(*asked, node.used.other(name), node.allocatable.other(name), reason);
    }
    if reasons.is_empty() { None } else { Some(Refusal { reasons, hopeless }) }
}

/// What would be left of CPU and memory, in percent. Models LeastAllocated with its default weights.
pub fn score(turn: &Turn<'_>, node: &NodeInfo) -> i64 {
    let left = |there_is: i64, wanted: i64| match there_is {
        n if n <= 0 || wanted > n => 0,
        n => (n - wanted).saturating_mul(100) / n,
    };
    let cpu = left(node.allocatable.cpu_m, node.counted_cpu_m + turn.pod.counted_cpu_m);
    let memory = left(node.allocatable.memory, node.counted_memory + turn.pod.counted_memory);
    (cpu + memory) / 2
}
