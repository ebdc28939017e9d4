//! Which components a cluster has: one row each. Adding a controller is adding a row here and a file there.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::expiry::Expiry;
use crate::api::{Component, Timing};
use crate::kubelet::Kubelet;
use crate::scheduler::Scheduler;

/// Every component, in the order in which they see a change.
pub fn all(seed: u64, timing: Timing) -> Vec<Box<dyn Component>> {
    let mut all = crate::control::all(timing);
    all.push(Box::new(Scheduler::new(seed, timing)));
    all.push(Box::new(Kubelet::new(seed, timing)));
    all.push(Box::new(Expiry::default()));
    all
}
