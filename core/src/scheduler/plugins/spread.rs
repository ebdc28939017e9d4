//! PodTopologySpread: like Pods are spread over nodes and zones, by their own constraints or the default ones.

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::node_affinity::admits;
use super::{Refusal, Turn};
use crate::object::selector::Selector;
use crate::scheduler::cache::{Cache, Counts, NodeInfo, count_of};
use crate::scheduler::pod::{PodInfo, Spread};

const HOSTNAME: &str = "kubernetes.io/hostname";

/// One hard constraint with its counts.
#[derive(Clone, Debug)]
struct Hard {
    constraint: Spread,
    by_place: BTreeMap<String, i64>,
    own: i64,
}

/// One soft constraint with its counts.
#[derive(Clone, Debug)]
struct Soft {
    topology: String,
    max_skew: i64,
    by_node: Rc<Counts>,
    by_place: BTreeMap<String, i64>,
    weight: f64,
}

/// What is counted for one Pod.
#[derive(Clone, Debug, Default)]
pub struct State {
    hard: Vec<Hard>,
    soft: Vec<Soft>,
    /// Whether a node must have every topology label to score.
    strict: bool,
}

/// Whether a constraint counts what is on a node. Models matchNodeInclusionPolicies.
fn includes(constraint: &Spread, pod: &PodInfo, node: &NodeInfo) -> bool {
    (!constraint.honor_affinity || admits(&pod.object, &node.object))
        && (!constraint.honor_taints || !node.taints.iter().any(|t| t.effect != "PreferNoSchedule" && !t.tolerated_by(pod)))
}

/// Counts for a Pod's hard constraints.
pub fn prepare(cache: &mut Cache, pod: &PodInfo) -> State {
    let mut hard = Vec::new();
    for constraint in pod.spread.iter().filter(|c| c.hard) {
        let counts = cache.count(&pod.key.namespace, &constraint.selector);
        let mut by_place: BTreeMap<String, i64> = BTreeMap::new();
        for node in cache.nodes.values() {
            let Some(place) = node.label(&constraint.topology) else { continue };
            let all_labels = pod.spread.iter().filter(|c| c.hard).all(|c| node.label(&c.topology).is_some());
            if all_labels && includes(constraint, pod, node) {
                *by_place.entry(place.into()).or_insert(0) += count_of(&counts, node.slot);
            }
        }
        let own = i64::from(constraint.selector.matches(&*pod.labels));
        hard.push(Hard { constraint: constraint.clone(), by_place, own });
    }
    State { hard, soft: Vec::new(), strict: false }
}

/// Counts for what the Pod prefers: its own soft constraints, or without any constraints the default ones over the Pods
/// that its owners and Services select. `fit` are the nodes that passed the filters.
pub fn prepare_scores(state: &mut State, cache: &mut Cache, pod: &PodInfo, default: Option<&Selector>, fit: &[Rc<NodeInfo>]) {
    state.strict = !pod.spread.is_empty();
    let wanted: Vec<Spread> = match default {
        Some(selector) if pod.spread.is_empty() => [(HOSTNAME, 3), ("topology.kubernetes.io/zone", 5)]
            .into_iter()
            .map(|(topology, skew)| Spread::by_default(topology, skew, selector))
            .collect(),
        _ => pod.spread.iter().filter(|c| !c.hard).cloned().collect(),
    };
    let strict = state.strict;
    let has_all = |n: &NodeInfo| !strict || wanted.iter().all(|w| n.label(&w.topology).is_some());
    let scored: Vec<&Rc<NodeInfo>> = fit.iter().filter(|n| has_all(n)).collect();
    for constraint in &wanted {
        let Spread { topology, max_skew, selector, .. } = constraint.clone();
        let by_node = cache.count(&pod.key.namespace, &selector);
        let mut by_place: BTreeMap<String, i64> = BTreeMap::new();
        let size = if topology == HOSTNAME {
            scored.len()
        } else {
            for node in &scored {
                // Nodes without the label count as a place of their own when places are weighed.
                by_place.entry(node.label(&topology).unwrap_or_default().into()).or_insert(0);
            }
            if by_place.keys().any(|place| !place.is_empty()) {
                for node in cache.nodes.values() {
                    let sum = node.label(&topology).and_then(|p| by_place.get_mut(p));
                    if let Some(sum) = sum.filter(|_| has_all(node) && includes(constraint, pod, node)) {
                        *sum += count_of(&by_node, node.slot);
                    }
                }
            }
            by_place.len()
        };
        state.soft.push(Soft { topology, max_skew, by_node, by_place, weight: ln(size as f64 + 2.0) });
    }
}

impl State {
    /// Takes a Pod away from (-1) or adds it to (1) the counts, to try what preemption would do.
    pub fn change(&mut self, pod: &PodInfo, node: &NodeInfo, namespace: &str, sign: i64) {
        for hard in &mut self.hard {
            let counts = !pod.deleting && &*pod.key.namespace == namespace && hard.constraint.selector.matches(&*pod.labels);
            if counts && let Some(n) = node.label(&hard.constraint.topology).and_then(|p| hard.by_place.get_mut(p)) {
                *n += sign;
            }
        }
    }
}

/// Refuses nodes that would make the Pods too uneven.
pub fn filter(turn: &Turn<'_>, node: &NodeInfo) -> Option<Refusal> {
    for hard in &turn.spread.hard {
        let Some(place) = node.label(&hard.constraint.topology) else {
            return Refusal::hopeless("node(s) didn't match pod topology spread constraints (missing required label)");
        };
        let fewest =
            if (hard.by_place.len() as i64) < hard.constraint.min_domains { 0 } else { hard.by_place.values().min().copied().unwrap_or(0) };
        let here = hard.by_place.get(place).copied().unwrap_or(0);
        if here + hard.own - fewest > hard.constraint.max_skew {
            return Refusal::curable("node(s) didn't match pod topology spread constraints");
        }
    }
    None
}

/// Whether there is anything to prefer.
pub fn has_preferences(turn: &Turn<'_>) -> bool {
    !turn.spread.soft.is_empty()
}

/// How full the node's places are already, weighted by how many places there are.
pub fn score(turn: &Turn<'_>, node: &NodeInfo) -> i64 {
    let state = &turn.spread;
    if state.strict && state.soft.iter().any(|s| node.label(&s.topology).is_none()) {
        return super::IGNORED;
    }
    let mut sum = 0.0;
    for soft in &turn.spread.soft {
        let Some(place) = node.label(&soft.topology) else { continue };
        let n = match soft.topology == HOSTNAME {
            true => count_of(&soft.by_node, node.slot),
            false => soft.by_place.get(place).copied().unwrap_or(0),
        };
        sum += n as f64 * soft.weight + (soft.max_skew - 1) as f64;
    }
    (sum + 0.5) as i64
}

/// The natural logarithm of a number of at least 1: halved until it is small, then by the series of atanh.
fn ln(mut x: f64) -> f64 {
    let mut halvings = 0.0;
    while x > 1.5 {
        x /= 2.0;
        halvings += 1.0;
    }
    let z = (x - 1.0) / (x + 1.0);
    let (mut power, mut sum) = (z, 0.0);
    for k in 0..16 {
        sum += power / f64::from(2 * k + 1);
        power *= z * z;
    }
    2.0 * sum + halvings * core::f64::consts::LN_2
}

#[cfg(test)]
mod tests {
    #[test]
    fn logarithm() {
        for (x, want) in [(3.0, 1.098_612_288_668_11), (5.0, 1.609_437_912_434_1), (102.0, 4.624_972_813_284_27)] {
            assert!((super::ln(x) - want).abs() < 1e-12, "{x}");
        }
    }
}
