//! InterPodAffinity: Pods that want to be near or far from other Pods.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{Refusal, Turn};
use crate::scheduler::cache::{Cache, NodeInfo};
use crate::scheduler::pod::{AffinityTerm, PodInfo};

/// How many matching Pods each place of one topology has.
type Places = BTreeMap<String, i64>;

/// What is counted for one Pod.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// For each required term, Pods that match every required term, by place.
    near: Vec<(String, Places)>,
    /// Whether the Pod meets its own required terms, so that it may be the first.
    first: bool,
    /// For each required distance, matching Pods by place.
    far: Vec<(String, Places)>,
    /// Places that Pods there keep this one away from: topology and value with a count.
    kept_away: BTreeMap<(String, String), i64>,
    /// Points by topology and place.
    points: BTreeMap<(String, String), i64>,
}

/// Counts for a Pod.
pub fn prepare(cache: &Cache, pod: &PodInfo) -> State {
    let mut state = State::default();
    let wanted = !pod.affinity.is_empty() || !pod.anti_affinity.is_empty() || !pod.preferred.is_empty();
    if wanted {
        state.near = pod.affinity.iter().map(|t| (t.topology.clone(), Places::new())).collect();
        state.far = pod.anti_affinity.iter().map(|t| (t.topology.clone(), Places::new())).collect();
        state.first = pod.affinity.iter().all(|t| t.matches(pod));
        for node in cache.nodes.values() {
            for other in node.pods.values() {
                state.count_for(pod, other, node, 1);
                state.add_points(&pod.preferred, other, node, None);
            }
        }
    }
    for (name, keeper) in cache.keepers.values() {
        if let Some(node) = cache.nodes.get(name) {
            state.count_keeper(pod, keeper, node, 1);
        }
    }
    for (name, caller) in cache.callers.values() {
        if let Some(node) = cache.nodes.get(name) {
            state.add_points(&caller.preferred, pod, node, None);
            state.add_points(&caller.affinity, pod, node, Some(1));
        }
    }
    state
}

impl State {
    fn count_for(&mut self, pod: &PodInfo, other: &PodInfo, node: &NodeInfo, sign: i64) {
        let all = !pod.affinity.is_empty() && pod.affinity.iter().all(|t| t.matches(other));
        let bump = |(topology, places): &mut (String, Places)| {
            if let Some(place) = node.label(topology) {
                *places.entry(place.to_string()).or_insert(0) += sign;
            }
        };
        if all {
            self.near.iter_mut().for_each(bump);
        }
        self.far.iter_mut().zip(&pod.anti_affinity).filter(|(_, t)| t.matches(other)).map(|(p, _)| p).for_each(bump);
    }

    fn count_keeper(&mut self, pod: &PodInfo, keeper: &PodInfo, node: &NodeInfo, sign: i64) {
        for term in keeper.anti_affinity.iter().filter(|t| t.matches(pod)) {
            if let Some(place) = node.label(&term.topology) {
                *self.kept_away.entry((term.topology.clone(), place.to_string())).or_insert(0) += sign;
            }
        }
    }

    fn add_points(&mut self, terms: &[AffinityTerm], matched: &PodInfo, node: &NodeInfo, weight: Option<i64>) {
        for term in terms.iter().filter(|t| t.matches(matched)) {
            if let Some(place) = node.label(&term.topology) {
                *self.points.entry((term.topology.clone(), place.to_string())).or_insert(0) += weight.unwrap_or(term.weight);
            }
        }
    }

    /// Takes a Pod away from (-1) or adds it to (1) the counts, to try what preemption would do.
    pub fn change(&mut self, pod: &PodInfo, other: &PodInfo, node: &NodeInfo, sign: i64) {
        self.count_for(pod, other, node, sign);
        self.count_keeper(pod, other, node, sign);
    }
}

/// Refuses nodes too far from Pods to be near, or too near to Pods to be far from.
pub fn filter(turn: &Turn<'_>, node: &NodeInfo) -> Option<Refusal> {
    let state = &turn.affinity;
    let near = state.near.iter().all(|(t, places)| node.label(t).is_some_and(|p| places.get(p).is_some_and(|n| *n > 0)));
    if !near {
        let nobody = state.near.iter().all(|(_, places)| places.values().all(|n| *n == 0));
        let labelled = state.near.iter().all(|(t, _)| node.label(t).is_some());
        if !(state.first && nobody && labelled) {
            return Refusal::hopeless("node(s) didn't match pod affinity rules");
        }
    }
    if state.far.iter().any(|(t, places)| node.label(t).is_some_and(|p| places.get(p).is_some_and(|n| *n > 0))) {
        return Refusal::curable("node(s) didn't match pod anti-affinity rules");
    }
    let kept = state.kept_away.iter().any(|((topology, place), n)| *n > 0 && node.label(topology) == Some(place));
    if kept { Refusal::curable("node(s) didn't satisfy existing pods anti-affinity rules") } else { None }
}

/// Whether any Pod has a preference.
pub fn has_preferences(turn: &Turn<'_>) -> bool {
    !turn.affinity.points.is_empty()
}

/// The points of the node's places.
pub fn score(turn: &Turn<'_>, node: &NodeInfo) -> i64 {
    turn.affinity.points.iter().filter(|((t, place), _)| node.label(t) == Some(place)).map(|(_, n)| n).sum()
}
