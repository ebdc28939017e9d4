//! How long a Job waits after failures before it makes more Pods. Models `pkg/controller/job/backoff_utils.go`.

use alloc::rc::Rc;

use super::run::ended_ms;
use crate::object::Object;

/// The wait after the first failure; each further one doubles it.
const FIRST_MS: i64 = 10_000;
const LONGEST_MS: i64 = 600_000;

/// Failures of a Job since its last success.
#[derive(Clone, Copy, Debug, Default)]
pub struct Failures {
    count: u32,
    last_ms: i64,
}

impl Failures {
    /// Takes in Pods that are newly over: what came before the latest success no longer counts.
    pub fn update(&mut self, succeeded: &[Rc<Object>], failed: &[Rc<Object>]) {
        let last_success = succeeded.iter().map(|p| ended_ms(p)).max();
        if last_success.is_some() {
            *self = Failures::default();
        }
        for at in failed.iter().map(|p| ended_ms(p)).filter(|at| last_success.is_none_or(|s| *at > s)) {
            self.count = self.count.saturating_add(1);
            self.last_ms = self.last_ms.max(at);
        }
    }

    /// What is left of the wait.
    pub fn wait_ms(&self, now_ms: i64) -> u64 {
        if self.count == 0 { 0 } else { wait_after(self.count, self.last_ms, now_ms) }
    }
}

/// What is left of the wait after so many failures, the last at `last_ms`.
pub fn wait_after(failures: u32, last_ms: i64, now_ms: i64) -> u64 {
    let wait = FIRST_MS.saturating_mul(1 << failures.saturating_sub(1).min(16)).min(LONGEST_MS);
    u64::try_from(last_ms.saturating_add(wait).saturating_sub(now_ms)).unwrap_or(0)
}
