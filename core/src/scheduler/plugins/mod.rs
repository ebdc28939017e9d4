//! The plugins of the default profile, one file each, and the table that puts them in order with their weights.

pub mod affinity;
pub mod balanced;
pub mod fit;
pub mod images;
pub mod node_affinity;
pub mod node_name;
pub mod ports;
pub mod spread;
pub mod taints;
pub mod unschedulable;
pub mod volumes;

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::cache::NodeInfo;
use super::pod::PodInfo;
use crate::api::Api;

/// Why a node will not do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The reasons as FailedScheduling prints them.
    pub reasons: Vec<Cow<'static, str>>,
    /// Whether putting other Pods off the node could not help.
    pub hopeless: bool,
}

impl Refusal {
    /// A refusal that preemption might lift.
    pub fn curable(reason: &'static str) -> Option<Refusal> {
        Some(Refusal { reasons: [Cow::Borrowed(reason)].into(), hopeless: false })
    }

    /// A refusal that preemption cannot lift.
    pub fn hopeless(reason: &'static str) -> Option<Refusal> {
        Some(Refusal { reasons: [Cow::Borrowed(reason)].into(), hopeless: true })
    }
}

/// One attempt to place one Pod: the Pod and what plugins have prepared for it.
pub struct Turn<'a> {
    /// The Pod.
    pub pod: &'a PodInfo,
    /// The API server, to read.
    pub api: &'a Api,
    /// Counts for topology spread constraints.
    pub spread: spread::State,
    /// Counts for affinity to Pods.
    pub affinity: affinity::State,
    /// The Pod's claims.
    pub volumes: volumes::State,
}

/// How a plugin's raw scores become 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Normalise {
    /// They are already.
    No,
    /// Share of the highest.
    ByMax,
    /// What is missing to the highest, as share of it; all 100 when the highest is zero.
    Reversed,
    /// The lowest becomes 0 and the highest 100.
    Stretch,
    /// Share of `highest + lowest - score` in the highest; all 100 when the highest is zero.
    Spread,
}

/// A score plugin's function: raw points of a node.
pub type Score = fn(&Turn<'_>, &NodeInfo) -> i64;

/// A plugin.
pub struct Plugin {
    /// Its name.
    pub name: &'static str,
    /// Whether a node will do.
    pub filter: Option<fn(&Turn<'_>, &NodeInfo) -> Option<Refusal>>,
    /// How good it would be; with whether the plugin has anything to say about this Pod.
    pub score: Option<(Score, fn(&Turn<'_>) -> bool)>,
    /// How scores are normalised.
    pub normalise: Normalise,
    /// What one point counts.
    pub weight: i64,
}

fn always(_: &Turn<'_>) -> bool {
    true
}

/// The default profile, in its order. Models `pkg/scheduler/apis/config/v1` getDefaultPlugins.
pub const PLUGINS: &[Plugin] = &[
    Plugin { name: "NodeUnschedulable", filter: Some(unschedulable::filter), score: None, normalise: Normalise::No, weight: 0 },
    Plugin { name: "NodeName", filter: Some(node_name::filter), score: None, normalise: Normalise::No, weight: 0 },
    Plugin {
        name: "TaintToleration",
        filter: Some(taints::filter),
        score: Some((taints::score, always)),
        normalise: Normalise::Reversed,
        weight: 3,
    },
    Plugin {
        name: "NodeAffinity",
        filter: Some(node_affinity::filter),
        score: Some((node_affinity::score, node_affinity::has_preferences)),
        normalise: Normalise::ByMax,
        weight: 2,
    },
    Plugin { name: "NodePorts", filter: Some(ports::filter), score: None, normalise: Normalise::No, weight: 0 },
    Plugin { name: "NodeResourcesFit", filter: Some(fit::filter), score: Some((fit::score, always)), normalise: Normalise::No, weight: 1 },
    Plugin { name: "VolumeRestrictions", filter: Some(volumes::restrictions), score: None, normalise: Normalise::No, weight: 0 },
    Plugin { name: "VolumeBinding", filter: Some(volumes::filter), score: None, normalise: Normalise::No, weight: 0 },
    Plugin {
        name: "PodTopologySpread",
        filter: Some(spread::filter),
        score: Some((spread::score, spread::has_preferences)),
        normalise: Normalise::Spread,
        weight: 2,
    },
    Plugin {
        name: "InterPodAffinity",
        filter: Some(affinity::filter),
        score: Some((affinity::score, affinity::has_preferences)),
        normalise: Normalise::Stretch,
        weight: 2,
    },
    Plugin {
        name: "NodeResourcesBalancedAllocation",
        filter: None,
        score: Some((balanced::score, balanced::applies)),
        normalise: Normalise::No,
        weight: 1,
    },
    Plugin { name: "ImageLocality", filter: None, score: Some((images::score, always)), normalise: Normalise::No, weight: 1 },
];

/// The first plugin that refuses a node, and why.
pub fn refusal(turn: &Turn<'_>, node: &NodeInfo) -> Option<(&'static str, Refusal)> {
    PLUGINS.iter().find_map(|p| p.filter.and_then(|f| f(turn, node)).map(|r| (p.name, r)))
}

/// The raw score of a node that a plugin has nothing to say about: it stays out of the comparison and ends with 0.
pub const IGNORED: i64 = -1;

/// Brings raw scores to 0..=100 in place. Models `framework/plugins/helper` DefaultNormalizeScore and its kin.
pub fn normalise(how: Normalise, scores: &mut [i64]) {
    let ignored = |s: &i64| how == Normalise::Spread && *s == IGNORED;
    let Some(&highest) = scores.iter().max() else { return };
    let Some(&lowest) = scores.iter().filter(|s| !ignored(s)).min().or(scores.first()) else { return };
    for s in scores {
        *s = match how {
            Normalise::No => *s,
            Normalise::ByMax if highest == 0 => 0,
            Normalise::ByMax => *s * 100 / highest,
            Normalise::Reversed if highest == 0 => 100,
            Normalise::Reversed => 100 - *s * 100 / highest,
            Normalise::Stretch if highest == lowest => 0,
            Normalise::Stretch => (*s - lowest) * 100 / (highest - lowest),
            Normalise::Spread if ignored(s) => 0,
            Normalise::Spread if highest == 0 => 100,
            Normalise::Spread => 100 * (highest + lowest - *s) / highest,
        };
    }
}
