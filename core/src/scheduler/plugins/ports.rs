//! NodePorts: two Pods cannot have the same port of a host.

use super::{Refusal, Turn};
use crate::scheduler::cache::NodeInfo;

/// Refuses nodes where one of the Pod's host ports is taken.
pub fn filter(turn: &Turn<'_>, node: &NodeInfo) -> Option<Refusal> {
    if turn.pod.ports.is_empty() || node.with_ports == 0 {
        return None;
    }
    let any = |ip: &str| ip == "0.0.0.0" || ip == "::";
    let taken = node.pods.values().flat_map(|p| &p.ports).any(|(ip, protocol, port)| {
        turn.pod
            .ports
            .iter()
            .any(|(my_ip, my_protocol, mine)| mine == port && my_protocol == protocol && (ip == my_ip || any(ip) || any(my_ip)))
    });
    if taken { Refusal::curable("node(s) didn't have free ports for the requested pod ports") } else { None }
}
