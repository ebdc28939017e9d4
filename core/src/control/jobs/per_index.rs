//! Jobs that limit how often each index may fail: failed Pods stay until their index has a new one, which takes over
//! their count. Models `pkg/controller/job/indexed_job_utils.go`.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::rc::Rc;
use alloc::string::ToString;

use super::backoff::wait_after;
use super::run::{Run, ended_ms};
use super::{TRACKING, policy};
use crate::object::Object;

const FAILURES: &str = "batch.kubernetes.io/job-index-failure-count";
const IGNORED: &str = "batch.kubernetes.io/job-index-ignored-failure-count";

fn number(pod: &Object, annotation: &str) -> i64 {
    pod.meta.annotation(annotation).and_then(|n| n.parse().ok()).unwrap_or(0)
}

/// Failures of a Pod's index before it, whether counted or not.
fn all_failures(pod: &Object) -> i64 {
    number(pod, FAILURES).saturating_add(number(pod, IGNORED))
}

impl Run {
    /// Whether a Pod's failure was the last that its index may have.
    fn index_failed(&self, pod: &Object, limit: i64) -> bool {
        self.has_failed(pod) && (policy::fails_index(&self.job, pod) || policy::counts(&self.job, pod) && number(pod, FAILURES) >= limit)
    }

    /// Notes which indexes have failed for good.
    pub fn find_failed_indexes(&mut self) {
        let Some(limit) = self.limit_per_index() else { return };
        let mut failed = super::indexes::parse(self.job.text_at("/status/failedIndexes"));
        let new = self.pods.iter().filter(|p| p.meta.has_finalizer(TRACKING) && self.index_failed(p, limit));
        failed.extend(new.filter_map(|p| self.index_of(p)));
        self.failed_indexes = Some(failed);
    }

    /// Failed Pods that stay until their index has a new one, by index.
    pub fn delayed(&self) -> BTreeMap<i64, Rc<Object>> {
        let mut delayed: BTreeMap<i64, Rc<Object>> = BTreeMap::new();
        let Some(failed) = &self.failed_indexes else { return delayed };
        let busy: BTreeSet<i64> = self.active.iter().filter_map(|p| self.index_of(p)).collect();
        for pod in self.pods.iter().filter(|p| p.meta.has_finalizer(TRACKING) && self.has_failed(p)) {
            let Some(i) = self.index_of(pod).filter(|i| !busy.contains(i) && !failed.contains(i) && !self.done.contains(i)) else {
                continue;
            };
            let later = |old: &Rc<Object>| all_failures(old) <= all_failures(pod) && ended_ms(pod) >= ended_ms(old);
            if delayed.get(&i).is_none_or(later) {
                delayed.insert(i, pod.clone());
            }
        }
        delayed
    }
}

/// What is left of the wait before an index may have a Pod again after the failure of `before`.
pub fn wait_ms(before: Option<&Rc<Object>>, now_ms: i64) -> u64 {
    before.map_or(0, |p| wait_after(u32::try_from(all_failures(p) + 1).unwrap_or(u32::MAX), ended_ms(p), now_ms))
}

/// Writes into a new Pod how often its index has failed, the Pod before it among them.
pub fn count_failures(pod: &mut Object, job: &Object, before: Option<&Rc<Object>>) {
    let (mut failures, mut ignored) = (0, 0);
    if let Some(before) = before {
        (failures, ignored) = (number(before, FAILURES), number(before, IGNORED));
        match policy::counts(job, before) {
            true => failures += 1,
            false => ignored += 1,
        }
    }
    pod.meta.set_annotation(FAILURES, Some(&failures.to_string()));
    if ignored > 0 {
        pod.meta.set_annotation(IGNORED, Some(&ignored.to_string()));
    }
}
