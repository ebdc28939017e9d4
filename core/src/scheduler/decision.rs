//! What the scheduler decided about a Pod and why, as data: the answer to "why here?" and "why nowhere?".

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use crate::time::Instant;

/// How many nodes a decision describes one by one.
pub const DESCRIBED_NODES: usize = 24;
/// How many decisions are remembered.
pub const REMEMBERED: usize = 20_000;

/// Points that one plugin gave a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Points {
    /// The plugin: `PodTopologySpread`.
    pub plugin: &'static str,
    /// Points after normalisation, 0 to 100, without weight.
    pub score: i64,
    /// What one point counts.
    pub weight: i64,
}

/// What became of one node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A plugin refused it, for these reasons.
    Refused {
        /// The plugin: `TaintToleration`.
        plugin: &'static str,
        /// The reasons as FailedScheduling prints them.
        reasons: Vec<String>,
    },
    /// It would do.
    Scored {
        /// What each plugin gave.
        points: Vec<Points>,
        /// The sum of score times weight.
        total: i64,
    },
}

/// The last decision about one Pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// When it was made.
    pub at: Instant,
    /// The node chosen; `None` when none would do.
    pub node: Option<Rc<str>>,
    /// Node by node, best first and refused ones last; at most [`DESCRIBED_NODES`].
    pub nodes: Vec<(Rc<str>, Verdict)>,
    /// How many nodes each reason refused.
    pub refused: BTreeMap<String, u32>,
    /// The text of the FailedScheduling event; empty when a node was found.
    pub message: String,
    /// The node that was nominated after preemption.
    pub nominated: Option<Rc<str>>,
    /// How many other nodes had the same highest total.
    pub ties: u32,
}
