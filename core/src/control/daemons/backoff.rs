//! How long a DaemonSet waits before it replaces a Pod that failed on a node, so as not to race with a kubelet that
//! refuses it. Models client-go `util/flowcontrol` Backoff as `pkg/controller/daemon` uses it.

use alloc::collections::BTreeMap;
use alloc::rc::Rc;

use crate::time::Instant;

const FIRST_MS: u64 = 1_000;
const LONGEST_MS: u64 = 900_000;

/// Waits by DaemonSet (its UID) and node.
#[derive(Clone, Debug, Default)]
pub struct BackOff {
    waits: BTreeMap<(Rc<str>, Rc<str>), (Instant, u64)>,
}

impl BackOff {
    /// Asks to replace a failed Pod now. `Some` says for how many milliseconds that has to wait.
    pub fn ask(&mut self, set: &Rc<str>, node: &Rc<str>, now: Instant) -> Option<u64> {
        let key = (set.clone(), node.clone());
        let known = self.waits.get(&key).copied().filter(|(at, _)| now.since(*at) <= 2 * LONGEST_MS);
        if let Some((at, wait)) = known
            && now.since(at) < wait
        {
            return Some(wait);
        }
        let wait = known.map_or(FIRST_MS, |(_, wait)| (wait * 2).min(LONGEST_MS));
        self.waits.insert(key, (now, wait));
        None
    }
}
