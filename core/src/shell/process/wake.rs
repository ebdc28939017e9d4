//! When a process wants to be polled again.

use crate::time::Instant;

/// What a pending process waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// A moment. Not later than now means: poll again as soon as others have had their turn.
    At(Instant),
    /// A change in the cluster, or input.
    Change,
    /// A change or input, but not longer than until this moment.
    AtOrChange(Instant),
    /// Something to read, or its end.
    Input,
}

impl Wake {
    /// The moment at which to poll at the latest, if there is one.
    pub fn at(self) -> Option<Instant> {
        match self {
            Wake::At(at) | Wake::AtOrChange(at) => Some(at),
            Wake::Change | Wake::Input => None,
        }
    }

    /// Whether a change in the cluster is a reason to poll.
    pub fn on_change(self) -> bool {
        matches!(self, Wake::Change | Wake::AtOrChange(_))
    }

    /// The earlier of two reasons to wake, for something that waits for both.
    pub fn or(self, other: Wake) -> Wake {
        let at = match (self.at(), other.at()) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
        match (at, self.on_change() || other.on_change()) {
            (Some(at), true) => Wake::AtOrChange(at),
            (Some(at), false) => Wake::At(at),
            (None, true) => Wake::Change,
            (None, false) => Wake::Input,
        }
    }
}
