//! The Pods that wait for a node: active, backing off, or unschedulable until something happens that could help.

use alloc::collections::BTreeSet;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cmp::Reverse;

use super::pod::PodInfo;
use crate::shared::SharedMap;
use crate::time::Instant;

const FIRST_BACK_OFF_MS: u64 = 1000;
const LONGEST_BACK_OFF_MS: u64 = 10_000;

/// Where a waiting Pod is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Its turn comes.
    Active,
    /// Something has happened that may help, but it failed too recently.
    BackingOff(Instant),
    /// Nothing has happened that could help.
    Unschedulable,
}

/// A waiting Pod.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The Pod.
    pub pod: Rc<PodInfo>,
    /// Where it is.
    pub place: Place,
    /// Attempts that failed.
    pub attempts: u32,
    /// When it last failed.
    pub failed_at: Instant,
    /// The plugins that refused nodes.
    pub refused_by: BTreeSet<&'static str>,
    number: u64,
}

/// All waiting Pods.
#[derive(Clone, Debug, Default)]
pub struct Queue {
    pods: SharedMap<Rc<str>, Waiting>,
    active: SharedMap<(Reverse<i64>, u64, Rc<str>), ()>,
    backing_off: SharedMap<(Instant, Rc<str>), ()>,
    unschedulable: SharedMap<Rc<str>, ()>,
    numbers: u64,
}

impl Queue {
    /// Takes in a Pod, or its new state; it becomes active.
    pub fn add(&mut self, pod: Rc<PodInfo>) {
        let before = self.remove(&pod.uid);
        let (attempts, failed_at) = before.map_or((0, Instant(0)), |w| (w.attempts, w.failed_at));
        self.numbers += 1;
        let number = self.numbers;
        self.active.insert((Reverse(pod.priority), number, pod.uid.clone()), ());
        let waiting = Waiting { place: Place::Active, attempts, failed_at, refused_by: BTreeSet::new(), number, pod: pod.clone() };
        self.pods.insert(pod.uid.clone(), waiting);
    }

    /// Forgets a Pod.
    pub fn remove(&mut self, uid: &str) -> Option<Waiting> {
        let waiting = self.pods.remove(uid)?;
        self.active.remove(&(Reverse(waiting.pod.priority), waiting.number, waiting.pod.uid.clone()));
        match waiting.place {
            Place::Active => {}
            Place::BackingOff(end) => drop(self.backing_off.remove(&(end, waiting.pod.uid.clone()))),
            Place::Unschedulable => drop(self.unschedulable.remove(uid)),
        }
        Some(waiting)
    }

    /// A waiting Pod.
    pub fn get(&self, uid: &str) -> Option<&Waiting> {
        self.pods.get(uid)
    }

    /// Replaces what is known of a waiting Pod without giving it a turn.
    pub fn refresh(&mut self, pod: Rc<PodInfo>) {
        if let Some(w) = self.pods.get_mut(&pod.uid)
            && w.pod.priority == pod.priority
        {
            w.pod = pod;
        }
    }

    /// Takes the next active Pod: highest priority first, then first come. When there is none, the one whose back-off
    /// ends next. Models the active queue with `SchedulerPopFromBackoffQ`.
    pub fn pop(&mut self) -> Option<Waiting> {
        if let Some(((_, _, uid), ())) = self.active.pop_first() {
            return self.pods.remove(&uid);
        }
        let ((_, uid), ()) = self.backing_off.pop_first()?;
        self.pods.remove(&uid)
    }

    /// Whether there is a Pod to place.
    pub fn has_next(&self) -> bool {
        !self.active.is_empty() || !self.backing_off.is_empty()
    }

    /// Puts back a Pod that no node would do for.
    pub fn failed(&mut self, mut waiting: Waiting, refused_by: BTreeSet<&'static str>, now: Instant) {
        waiting.attempts += 1;
        waiting.failed_at = now;
        waiting.refused_by = refused_by;
        waiting.place = Place::Unschedulable;
        self.unschedulable.insert(waiting.pod.uid.clone(), ());
        self.pods.insert(waiting.pod.uid.clone(), waiting);
    }

    /// Gives those unschedulable Pods a turn that `helps` says something could have changed for. Returns the moments at
    /// which back-offs end.
    pub fn stir(&mut self, now: Instant, helps: &mut dyn FnMut(&Waiting) -> bool) -> Vec<Instant> {
        let mut helped = |uid: &&Rc<str>| self.pods.get(&***uid).is_some_and(&mut *helps);
        let stirred: Vec<Rc<str>> = self.unschedulable.keys().filter(&mut helped).cloned().collect();
        let mut ends = Vec::new();
        for uid in stirred {
            self.unschedulable.remove(&uid);
            let Some(w) = self.pods.get_mut(&uid) else { continue };
            let wait_ms = FIRST_BACK_OFF_MS.saturating_mul(1 << w.attempts.saturating_sub(1).min(8)).min(LONGEST_BACK_OFF_MS);
            let end = w.failed_at + wait_ms;
            if end <= now {
                w.place = Place::Active;
                self.active.insert((Reverse(w.pod.priority), w.number, uid), ());
            } else {
                w.place = Place::BackingOff(end);
                self.backing_off.insert((end, uid), ());
                ends.push(end);
            }
        }
        ends
    }

    /// Makes Pods active whose back-off is over.
    pub fn end_back_offs(&mut self, now: Instant) {
        while self.backing_off.first().is_some_and(|((end, _), ())| *end <= now)
            && let Some(((_, uid), ())) = self.backing_off.pop_first()
        {
            if let Some(w) = self.pods.get_mut(&uid) {
                w.place = Place::Active;
                self.active.insert((Reverse(w.pod.priority), w.number, uid), ());
            }
        }
    }

    /// How many Pods wait.
    pub fn len(&self) -> usize {
        self.pods.len()
    }

    /// Whether no Pod waits.
    pub fn is_empty(&self) -> bool {
        self.pods.is_empty()
    }
}
