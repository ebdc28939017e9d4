//! How well the zones of a cluster are, and how fast nodes of each may be tainted so that their Pods leave.
//! Models `pkg/controller/nodelifecycle` ComputeZoneState, setLimiterInZone and `scheduler/rate_limited_queue`.
//! Taints nothing itself.

use alloc::borrow::ToOwned;
use alloc::collections::VecDeque;

use crate::object::Object;
use crate::time::Instant;
use alloc::rc::Rc;

/// Between two nodes that are tainted, in a healthy zone and in one that is down as a whole.
const EVICTION_MS: u64 = 10_000;
/// The same in a large zone that is mostly unwell; a small one taints no more nodes then.
const SLOW_EVICTION_MS: u64 = 100_000;
/// A zone of more nodes is large.
const LARGE: usize = 50;
/// From this share of nodes that are not ready on a zone is mostly unwell, in hundredths.
const UNWELL: usize = 55;
/// A node with this label does not count.
const EXCLUDED: &str = "node.kubernetes.io/exclude-disruption";

/// How well a zone is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// Nothing is known yet.
    #[default]
    Unseen,
    /// Most of its nodes are ready.
    Normal,
    /// Most of its nodes are not.
    Partial,
    /// None of its nodes is.
    Full,
}

/// How many nodes of a zone are ready and how many are not; those that do not count are left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Nodes that are ready.
    pub ready: usize,
    /// Nodes that are not, or of which nobody knows.
    pub unready: usize,
}

impl Count {
    /// What that makes of the zone.
    pub fn state(self) -> State {
        let all = self.ready + self.unready;
        match () {
            () if self.ready == 0 && self.unready > 0 => State::Full,
            () if self.unready > 2 && self.unready * 100 >= all * UNWELL => State::Partial,
            () => State::Normal,
        }
    }

    /// How long to wait between two nodes of a zone in this state; `None` when none is to be tainted.
    fn pace_ms(self, state: State) -> Option<u64> {
        match state {
            State::Partial => (self.ready + self.unready > LARGE).then_some(SLOW_EVICTION_MS),
            _ => Some(EVICTION_MS),
        }
    }
}

/// A zone with the nodes that wait to be tainted.
#[derive(Clone, Debug)]
pub struct Zone {
    /// How well it was at the last look.
    pub state: State,
    /// The nodes that wait.
    pub line: VecDeque<Rc<str>>,
    pace_ms: Option<u64>,
    next: Instant,
}

impl Default for Zone {
    fn default() -> Zone {
        Zone { state: State::Unseen, line: VecDeque::new(), pace_ms: Some(EVICTION_MS), next: Instant(0) }
    }
}

impl Zone {
    /// Goes on at the pace of a state.
    pub fn enter(&mut self, state: State, count: Count, now: Instant) {
        self.state = state;
        self.set_pace(count.pace_ms(state), now);
    }

    /// Taints no more nodes until another state is entered: every zone is down.
    pub fn halt(&mut self, now: Instant) {
        self.state = State::Full;
        self.set_pace(None, now);
    }

    /// Whoever waits when the pace changes waits anew.
    fn set_pace(&mut self, pace_ms: Option<u64>, now: Instant) {
        if self.pace_ms == pace_ms {
            return;
        }
        let waits = self.pace_ms.is_none() || self.next > now;
        self.pace_ms = pace_ms;
        self.next = if waits { now + pace_ms.unwrap_or(0) } else { now };
    }

    /// How long the first of the line has to wait; `None` when there is none or it has to wait for better times.
    pub fn wait_ms(&self, now: Instant) -> Option<u64> {
        self.pace_ms.filter(|_| !self.line.is_empty()).map(|_| self.next.since(now))
    }

    /// Takes the next node of the line if it may be tainted now.
    pub fn take(&mut self, now: Instant) -> Option<Rc<str>> {
        let pace = self.pace_ms.filter(|_| self.next <= now)?;
        let node = self.line.pop_front()?;
        self.next = now + pace;
        Some(node)
    }
}

/// The zone of a node: its region and zone, or empty. Models component-helpers GetZoneKey.
pub fn key(node: &Object) -> Rc<str> {
    let label = |stable: &str, old: &str| node.meta.label(stable).or_else(|| node.meta.label(old)).unwrap_or_default().to_owned();
    let zone = label("topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone");
    let region = label("topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/region");
    if zone.is_empty() && region.is_empty() { Rc::from("") } else { [region.as_str(), "/", zone.as_str()].concat().into() }
}

/// Whether a node counts when it is asked how well its zone is.
pub fn counts(node: &Object) -> bool {
    node.meta.label(EXCLUDED).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(ready: usize, unready: usize) -> State {
        Count { ready, unready }.state()
    }

    #[test]
    fn a_zone_is_unwell_when_most_of_it_is() {
        assert_eq!(state(0, 1), State::Full);
        assert_eq!(state(1, 2), State::Normal);
        assert_eq!(state(2, 3), State::Partial);
        assert_eq!(state(3, 3), State::Normal);
        assert_eq!(state(9, 11), State::Partial);
    }

    #[test]
    fn a_change_of_pace_lets_those_who_wait_wait_anew() {
        let mut zone = Zone { line: ["a".into(), "b".into(), "c".into()].into(), ..Zone::default() };
        assert_eq!(zone.take(Instant(1000)).as_deref(), Some("a"));
        assert_eq!((zone.take(Instant(2000)), zone.wait_ms(Instant(2000))), (None, Some(9000)));
        let count = Count { ready: 20, unready: 40 };
        zone.enter(count.state(), count, Instant(6000));
        assert_eq!(zone.wait_ms(Instant(6000)), Some(100_000));
        let small = Count { ready: 1, unready: 4 };
        zone.enter(small.state(), small, Instant(7000));
        assert_eq!((zone.take(Instant(900_000)), zone.wait_ms(Instant(900_000))), (None, None));
        zone.enter(State::Normal, Count { ready: 4, unready: 1 }, Instant(900_000));
        assert_eq!(zone.wait_ms(Instant(900_000)), Some(10_000));
        assert_eq!(zone.take(Instant(910_000)).as_deref(), Some("b"));
    }
}
