//! NodeResourcesBalancedAllocation: CPU and memory should be used in equal shares.

use super::Turn;
use crate::scheduler::cache::NodeInfo;

/// Pods that ask for nothing change no balance.
pub fn applies(turn: &Turn<'_>) -> bool {
    !turn.pod.best_effort
}

/// 100 when the shares of CPU and memory that would be used are equal. Models balancedResourceScorer.
pub fn score(turn: &Turn<'_>, node: &NodeInfo) -> i64 {
    let share = |used: i64, there_is: i64| {
        if there_is <= 0 { 0.0 } else { (used as f64 / there_is as f64).min(1.0) }
    };
    let cpu = share(node.used.cpu_m + turn.pod.requests.cpu_m, node.allocatable.cpu_m);
    let memory = share(node.used.memory + turn.pod.requests.memory, node.allocatable.memory);
    let apart = if cpu > memory { cpu - memory } else { memory - cpu };
    ((1.0 - apart / 2.0) * 100.0) as i64
}
