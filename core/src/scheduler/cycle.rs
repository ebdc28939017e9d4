//! One attempt to place one Pod: filter the nodes, score those that will do, choose among the best.

use alloc::borrow::Cow;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::cache::{Cache, NodeInfo};
use super::decision::{DESCRIBED_NODES, Decision, Points, Verdict};
use super::owners::Owners;
use super::plugins::{self, PLUGINS, Refusal, Turn, affinity, node_affinity, spread, volumes};
use super::pod::PodInfo;
use crate::api::Api;
use crate::arrange::Arrange;
use crate::time::{Instant, Rng};

/// Clusters up to this size have every node looked at.
const LOOK_AT_ALL: usize = 100;

/// A node that will not do, with the plugin that says so.
pub type Refused = (Rc<NodeInfo>, &'static str, Refusal);

/// What an attempt came to.
pub struct Outcome {
    /// The chosen node.
    pub node: Option<Rc<str>>,
    /// The nodes that would not do.
    pub refused: Vec<Refused>,
    /// Why no node was even looked at: something about the Pod itself, with the plugin.
    pub early: Option<(String, &'static str)>,
    /// What preemption may go on with.
    pub states: (spread::State, affinity::State, volumes::State),
    /// The record of the attempt.
    pub decision: Decision,
}

/// Pods that a node was promised to after preemption, by UID.
pub type Nominated = BTreeMap<Rc<str>, (Rc<str>, Rc<PodInfo>)>;

/// What an attempt works with.
pub struct Bench<'a> {
    /// Nodes and Pods.
    pub cache: &'a mut Cache,
    /// Default selectors.
    pub owners: &'a mut Owners,
    /// Promises.
    pub nominated: &'a Nominated,
    /// Draws among equals.
    pub ties: &'a mut Rng,
    /// Where the next search begins, so that large clusters are used evenly.
    pub start: &'a mut usize,
}

/// How many nodes that will do are enough. Models numFeasibleNodesToFind.
fn enough(nodes: usize) -> usize {
    if nodes <= LOOK_AT_ALL {
        return nodes;
    }
    let percent = 50_usize.saturating_sub(nodes / 125).max(5);
    (nodes * percent / 100).max(LOOK_AT_ALL)
}

/// Attempts to place a Pod.
pub fn attempt(bench: &mut Bench<'_>, api: &Api, pod: &PodInfo, now: Instant) -> Outcome {
    let mut decision =
        Decision { at: now, node: None, nodes: Vec::new(), refused: BTreeMap::new(), message: String::new(), nominated: None, ties: 0 };
    let volumes = match volumes::prepare(api, pod) {
        Ok(state) => state,
        Err(why) => {
            let early = Some((why, "VolumeBinding"));
            return Outcome { node: None, refused: Vec::new(), early, states: Default::default(), decision };
        }
    };
    let spread = spread::prepare(bench.cache, pod);
    let affinity = affinity::prepare(bench.cache, pod);
    let mut turn = Turn { pod, api, spread, affinity, volumes };
    let (fit, refused) = filter(bench, &turn);
    for (_, _, refusal) in &refused {
        for reason in &refusal.reasons {
            *decision.refused.entry(reason.to_string()).or_insert(0) += 1;
        }
    }
    let default = if pod.spread.is_empty() && !fit.is_empty() { bench.owners.selector(api, pod) } else { None };
    spread::prepare_scores(&mut turn.spread, bench.cache, pod, default.as_deref(), &fit);
    let node = choose(bench, &turn, &fit, &mut decision);
    let room = DESCRIBED_NODES.saturating_sub(decision.nodes.len());
    for (info, plugin, refusal) in refused.iter().take(room) {
        let reasons = refusal.reasons.iter().map(Cow::to_string).collect();
        decision.nodes.push((info.name.clone(), Verdict::Refused { plugin, reasons }));
    }
    decision.node = node.clone();
    Outcome { node, refused, early: None, states: (turn.spread, turn.affinity, turn.volumes), decision }
}

fn filter(bench: &mut Bench<'_>, turn: &Turn<'_>) -> (Vec<Rc<NodeInfo>>, Vec<Refused>) {
    let count = bench.cache.nodes.len();
    let wanted = enough(count);
    let start = if count <= LOOK_AT_ALL { 0 } else { *bench.start % count.max(1) };
    let (mut fit, mut refused) = (Vec::new(), Vec::new());
    let mut seen = 0;
    for info in bench.cache.nodes.values().skip(start).chain(bench.cache.nodes.values().take(start)) {
        if fit.len() >= wanted {
            break;
        }
        seen += 1;
        let pinned = turn.pod.picky && node_affinity::pinned_elsewhere(&turn.pod.object, &info.name);
        let refusal = match pinned {
            true => Refusal::hopeless("node(s) didn't satisfy plugin(s) [NodeAffinity]").map(|refusal| ("NodeAffinity", refusal)),
            false => refusal_with_nominated(bench.nominated, turn, info),
        };
        match refusal {
            None => fit.push(info.clone()),
            Some((plugin, refusal)) => refused.push((info.clone(), plugin, refusal)),
        }
    }
    if count > LOOK_AT_ALL {
        *bench.start = (start + seen) % count;
    }
    (fit, refused)
}

/// As [`plugins::refusal`], with Pods of at least the same priority that the node is promised to counted as if there.
fn refusal_with_nominated(nominated: &Nominated, turn: &Turn<'_>, info: &Rc<NodeInfo>) -> Option<(&'static str, Refusal)> {
    if nominated.is_empty() {
        return plugins::refusal(turn, info);
    }
    let mine = nominated.iter().filter(|(uid, (node, p))| **uid != turn.pod.uid && *node == info.name && p.priority >= turn.pod.priority);
    let promised: Vec<&Rc<PodInfo>> = mine.map(|(_, (_, p))| p).collect();
    if promised.is_empty() {
        return plugins::refusal(turn, info);
    }
    let mut fuller = (**info).clone();
    promised.iter().for_each(|p| fuller.add(p));
    plugins::refusal(turn, &fuller).or_else(|| plugins::refusal(turn, info))
}

fn choose(bench: &mut Bench<'_>, turn: &Turn<'_>, fit: &[Rc<NodeInfo>], decision: &mut Decision) -> Option<Rc<str>> {
    let mut totals: Vec<i64> = alloc::vec![0; fit.len()];
    let mut columns: Vec<(&'static str, i64, Vec<i64>)> = Vec::new();
    for plugin in PLUGINS {
        let Some((score, applies)) = plugin.score else { continue };
        if !applies(turn) {
            continue;
        }
        let mut scores: Vec<i64> = fit.iter().map(|n| score(turn, n)).collect();
        plugins::normalise(plugin.normalise, &mut scores);
        totals.iter_mut().zip(&scores).for_each(|(total, s)| *total += s * plugin.weight);
        columns.push((plugin.name, plugin.weight, scores));
    }
    let highest = totals.iter().max().copied()?;
    let best: Vec<usize> = (0..fit.len()).filter(|i| totals.get(*i) == Some(&highest)).collect();
    decision.ties = best.len().saturating_sub(1) as u32;
    let chosen = match best.len() {
        1 => best.first().copied()?,
        n => best.get(bench.ties.below(n as u64) as usize).copied()?,
    };
    let mut order: Vec<usize> = (0..fit.len()).collect();
    let rank = |i: &usize| (*i != chosen, core::cmp::Reverse(totals.get(*i).copied()), *i);
    if order.len() > DESCRIBED_NODES {
        order.select_nth_unstable_by_key(DESCRIBED_NODES, rank);
        order.truncate(DESCRIBED_NODES);
    }
    order.arrange_by_key(rank);
    for i in order.into_iter().take(DESCRIBED_NODES) {
        let points = columns
            .iter()
            .map(|(plugin, weight, scores)| Points { plugin, score: scores.get(i).copied().unwrap_or(0), weight: *weight })
            .collect();
        if let (Some(info), Some(total)) = (fit.get(i), totals.get(i)) {
            decision.nodes.push((info.name.clone(), Verdict::Scored { points, total: *total }));
        }
    }
    fit.get(chosen).map(|n| n.name.clone())
}

/// The plugins that refused nodes.
pub fn refusing_plugins(outcome: &Outcome) -> BTreeSet<&'static str> {
    outcome.refused.iter().map(|(_, plugin, _)| *plugin).chain(outcome.early.iter().map(|(_, p)| *p)).collect()
}

/// `2 Insufficient cpu, 1 node(s) were unschedulable`, ordered as text. Models FitError.
pub fn counted_reasons<'r>(reasons: impl Iterator<Item = &'r str>) -> String {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for reason in reasons {
        *counts.entry(reason).or_insert(0) += 1;
    }
    let mut parts: Vec<String> = counts.iter().map(|(reason, n)| alloc::format!("{n} {reason}")).collect();
    parts.arrange();
    parts.join(", ")
}
