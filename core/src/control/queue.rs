//! The work queue of a controller: what is dirty, each once, and how long to wait after a failure.
//! Models client-go `util/workqueue`. Knows nothing of what the work is.

use alloc::collections::{BTreeMap, BTreeSet};

use crate::api::{Cx, Token};
use crate::time::{Instant, TimerClass};

/// The first wait after a failure, which each further one doubles, and the longest, where a controller has no own.
pub const RETRY_MS: (u64, u64) = (5, 1_000_000);

/// From this wait on a retry no longer keeps the cluster from rest.
const BACKGROUND_FROM_MS: u64 = 600;

/// Keys of work, each waiting at most once for now and once for later.
#[derive(Clone, Debug, Default)]
pub struct Queue {
    dirty: BTreeSet<Token>,
    later: BTreeMap<Token, (Instant, u64)>,
    failures: BTreeMap<Token, u32>,
}

impl Queue {
    /// Asks for work on `token` in `delay_ms`, unless it waits already.
    pub fn add(&mut self, cx: &mut Cx<'_>, token: Token, delay_ms: u64) {
        if self.dirty.insert(token.clone()) {
            cx.wake_in(delay_ms, token);
        }
    }

    /// Asks for work on `token` at a later time; an earlier request for later stands.
    pub fn add_later(&mut self, cx: &mut Cx<'_>, token: Token, delay_ms: u64, class: TimerClass) {
        let at = cx.now + delay_ms;
        if let Some(id) = self.later.get(&token) {
            if id.0 <= at {
                return;
            }
            cx.cancel(*id);
        }
        let id = match class {
            TimerClass::Work => cx.wake_at(at, token.clone()),
            TimerClass::Background => cx.wake_later(at, token.clone()),
        };
        self.later.insert(token, id);
    }

    /// Asks for another try at work that failed, after a wait that doubles with each failure: the first and the longest.
    pub fn retry(&mut self, cx: &mut Cx<'_>, token: Token, (first_ms, longest_ms): (u64, u64)) {
        let failures = self.failures.entry(token.clone()).or_insert(0);
        let delay_ms = first_ms.saturating_mul(1 << (*failures).min(20)).min(longest_ms);
        *failures = failures.saturating_add(1);
        let class = if delay_ms < BACKGROUND_FROM_MS { TimerClass::Work } else { TimerClass::Background };
        self.add_later(cx, token, delay_ms, class);
    }

    /// Forgets the failures of `token`: it went well.
    pub fn forget(&mut self, token: &Token) {
        self.failures.remove(token);
    }

    /// Takes `token` out because its timer fired. Returns false when it is no longer wanted.
    pub fn take(&mut self, token: &Token, now: Instant) -> bool {
        let was_dirty = self.dirty.remove(token);
        let was_due = self.later.get(token).is_some_and(|id| id.0 <= now);
        if was_due {
            self.later.remove(token);
        }
        was_dirty || was_due
    }
}
