//! How many Pods each owner has in which state, kept by every change so that nobody has to count them.

use alloc::collections::BTreeMap;
use alloc::rc::Rc;

use super::pods;
use crate::api::Change;
use crate::object::Object;

/// Pods of one owner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Neither over nor going.
    pub active: i64,
    /// Active and ready.
    pub ready: i64,
    /// Going, but not over.
    pub terminating: i64,
}

impl Counts {
    fn add(&mut self, pod: &Object, sign: i64) {
        let active = pods::is_active(pod);
        self.active += sign * i64::from(active);
        self.ready += sign * i64::from(active && pods::is_ready(pod));
        self.terminating += sign * i64::from(pods::is_terminating(pod));
    }
}

/// Counts by the UID of the controlling owner.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    by_owner: Rc<BTreeMap<Rc<str>, Counts>>,
}

impl Tally {
    /// Takes in a change of a Pod whose owner is of `kind`. Returns whether a count changed.
    pub fn observe(&mut self, change: &Change, kind: &str) -> bool {
        let new = Some(&change.object).filter(|_| change.kind != crate::api::ChangeKind::Deleted);
        let mut changed = false;
        for (pod, sign) in [(change.previous.as_ref(), -1), (new, 1)] {
            let Some(pod) = pod else { continue };
            let Some(owner) = pod.controller().filter(|o| o.kind == kind) else { continue };
            let by_owner = Rc::make_mut(&mut self.by_owner);
            if !by_owner.contains_key(owner.uid.as_str()) {
                by_owner.insert(owner.uid.as_str().into(), Counts::default());
            }
            if let Some(counts) = by_owner.get_mut(owner.uid.as_str()) {
                counts.add(pod, sign);
                if *counts == Counts::default() {
                    by_owner.remove(owner.uid.as_str());
                }
                changed = true;
            }
        }
        changed
    }

    /// The counts of an owner.
    pub fn of(&self, uid: &str) -> Counts {
        self.by_owner.get(uid).copied().unwrap_or_default()
    }
}
