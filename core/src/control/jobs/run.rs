//! A Job while it is reconciled: its object as it will be stored, and what its Pods amount to.

use alloc::collections::BTreeSet;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Value, json};

use super::backoff::Failures;
use super::{TRACKING, indexes, policy};
use crate::api::Api;
use crate::control::pods;
use crate::object::Object;
use crate::object::resources::PODS;
use crate::object::value::{self, text_at};
use crate::text::timestamp;

/// What a Job is about to end with: the type of the condition that says so, its reason and message.
#[derive(Clone, Debug)]
pub struct End {
    /// `FailureTarget`, `SuccessCriteriaMet`, or the condition that comes after it.
    pub kind: &'static str,
    /// One CamelCase word.
    pub reason: String,
    /// The text.
    pub message: String,
}

impl End {
    /// An end with a reason.
    pub fn new(kind: &'static str, reason: &str, message: &str) -> End {
        End { kind, reason: reason.to_string(), message: message.to_string() }
    }

    /// Whether the Job has done what it was for.
    pub fn is_success(&self) -> bool {
        matches!(self.kind, "SuccessCriteriaMet" | "Complete")
    }
}

/// A Job while it is reconciled.
pub struct Run {
    /// The Job.
    pub job: Object,
    /// Its Pods.
    pub pods: Vec<Rc<Object>>,
    /// Those neither over nor going.
    pub active: Vec<Rc<Object>>,
    /// How many of those are ready.
    pub ready: i64,
    /// How many Pods are going.
    pub terminating: i64,
    /// Wall-clock milliseconds.
    pub now_ms: i64,
    /// Successes and failures, those that are not in the status yet among them.
    pub succeeded: i64,
    /// See `succeeded`.
    pub failed: i64,
    /// Completed indexes, those of Pods that are not counted yet among them.
    pub done: BTreeSet<i64>,
    /// Indexes that have failed for good; `None` without a limit per index.
    pub failed_indexes: Option<BTreeSet<i64>>,
    /// Failures since the last success.
    pub failures: Failures,
    /// How many Pods were made before one was refused.
    pub made: i64,
    /// What the Job ends with, if it does.
    pub end: Option<End>,
}

/// UIDs of a list in the status of Pods that are over but not in the counts.
pub fn uncounted(job: &Object, list: &str) -> BTreeSet<String> {
    let path = ["/status/uncountedTerminatedPods/", list].concat();
    job.items_at(&path).iter().filter_map(|v| v.as_str().map(ToString::to_string)).collect()
}

impl Run {
    /// Reads a Job's Pods.
    pub fn read(api: &Api, job: &Rc<Object>, failures: Failures) -> Run {
        let pods: Vec<Rc<Object>> = api.owned(&job.meta.uid, PODS).cloned().collect();
        let active: Vec<Rc<Object>> = pods.iter().filter(|p| pods::is_active(p)).cloned().collect();
        let mut run = Run {
            ready: count(active.iter().filter(|p| pods::is_ready(p))),
            terminating: count(pods.iter().filter(|p| pods::is_terminating(p))),
            job: (**job).clone(),
            now_ms: api.wall_ms(),
            active,
            pods,
            succeeded: 0,
            failed: 0,
            done: BTreeSet::new(),
            failed_indexes: None,
            failures,
            made: 0,
            end: None,
        };
        run.count_new();
        run
    }

    /// Takes the Pods that are over and not counted yet into account.
    fn count_new(&mut self) {
        let known = (uncounted(&self.job, "succeeded"), uncounted(&self.job, "failed"));
        let is_new = |p: &&Rc<Object>, known: &BTreeSet<String>| {
            p.meta.has_finalizer(TRACKING) && !known.contains(&*p.meta.uid) && (!self.is_indexed() || self.index_of(p).is_some())
        };
        let over = |p: &&Rc<Object>| p.text_at("/status/phase") == "Succeeded";
        let succeeded: Vec<Rc<Object>> = self.pods.iter().filter(|p| over(p) && is_new(p, &known.0)).cloned().collect();
        let failed: Vec<Rc<Object>> = self.pods.iter().filter(|p| self.has_failed(p) && is_new(p, &known.1)).cloned().collect();
        let counted = count(failed.iter().filter(|p| policy::counts(&self.job, p)));
        self.succeeded = self.stored("succeeded") + count(&succeeded) + count(&known.0);
        self.failed = self.stored("failed") + counted + count(&known.1);
        self.failures.update(&succeeded, &failed);
        if self.is_indexed() {
            let all = self.completions();
            self.done = indexes::parse(self.job.text_at("/status/completedIndexes"));
            self.done.retain(|i| *i < all);
            let new = self.pods.iter().filter(|p| over(p) && p.meta.has_finalizer(TRACKING)).filter_map(|p| self.index_of(p));
            self.done.extend(new.collect::<Vec<_>>());
            self.succeeded = count(&self.done);
        }
    }

    /// A count of the status.
    pub fn stored(&self, field: &str) -> i64 {
        self.job.i64_at(&["/status/", field].concat()).unwrap_or(0)
    }

    /// How many successes are wanted of an indexed Job.
    pub fn completions(&self) -> i64 {
        self.job.i64_at("/spec/completions").unwrap_or(0)
    }

    /// Whether each Pod has an index of its own.
    pub fn is_indexed(&self) -> bool {
        self.job.text_at("/spec/completionMode") == "Indexed"
    }

    /// Whether the Job is to have no Pods for now.
    pub fn is_suspended(&self) -> bool {
        self.job.bool_at("/spec/suspend")
    }

    /// How often each index may fail, if that is limited.
    pub fn limit_per_index(&self) -> Option<i64> {
        self.job.i64_at("/spec/backoffLimitPerIndex").filter(|_| self.is_indexed())
    }

    /// The valid index of a Pod.
    pub fn index_of(&self, pod: &Object) -> Option<i64> {
        indexes::of(pod).filter(|i| (0..self.completions()).contains(i))
    }

    /// Whether a Pod that is on its way out is replaced only once it has failed.
    pub fn waits_for_failure(&self) -> bool {
        self.job.text_at("/spec/podReplacementPolicy") == "Failed" || self.job.at("/spec/podFailurePolicy").is_some()
    }

    /// Whether a Pod counts as failed: it has, or it is deleted before it could end.
    pub fn has_failed(&self, pod: &Object) -> bool {
        pod.text_at("/status/phase") == "Failed"
            || !self.waits_for_failure() && pod.is_deleting() && pod.text_at("/status/phase") != "Succeeded"
    }
}

/// How many there are.
pub fn count<T>(all: impl IntoIterator<Item = T>) -> i64 {
    i64::try_from(all.into_iter().count()).unwrap_or(i64::MAX)
}

/// Writes a count; zero is left out.
pub fn set_count(job: &mut Object, field: &str, count: i64) {
    let path = ["/status/", field].concat();
    match count {
        0 => drop(job.remove(&path)),
        n => job.set(&path, n),
    }
}

/// Puts a condition where the old one of its type is, or at the end; one that is False is never begun with. Returns
/// whether anything changed. Models ensureJobConditionStatus.
pub fn set_condition(job: &mut Object, condition: (&str, &str, &str, &str), now: &str) -> bool {
    let (kind, status, reason, message) = condition;
    let new = json!({
        "type": kind, "status": status, "reason": reason, "message": message, "lastProbeTime": now, "lastTransitionTime": now,
    });
    let mut all = job.items_at("/status/conditions").to_vec();
    match all.iter_mut().find(|c| text_at(c, "type") == kind) {
        Some(old) if [("status", status), ("reason", reason), ("message", message)].iter().all(|(f, v)| text_at(old, f) == *v) => {
            return false;
        }
        Some(old) => *old = new,
        None if status == "False" => return false,
        None => all.push(new),
    }
    job.set("/status/conditions", Value::Array(all));
    true
}

/// Whether a Job has a condition that is True.
pub fn has_condition(job: &Object, kind: &str) -> bool {
    pods::condition(job, kind).is_some_and(|c| text_at(c, "status") == "True")
}

/// When a Pod ended, in wall-clock milliseconds: its last container's end once all have ended, or when it was not ready
/// any more, or when its deletion began. Models getFinishedTime.
pub fn ended_ms(pod: &Object) -> i64 {
    let ends = pod.items_at("/status/containerStatuses").iter();
    let ends: Option<Vec<i64>> = ends.map(|s| timestamp::parse_rfc3339_ms(text_at(s, "state/terminated/finishedAt"))).collect();
    let not_ready = || {
        let ready = pods::condition(pod, "Ready").filter(|c| text_at(c, "status") == "False");
        ready.and_then(|c| timestamp::parse_rfc3339_ms(text_at(c, "lastTransitionTime")))
    };
    let deleted = || pod.meta.deletion.map(|at| at - pod.meta.deletion_grace.unwrap_or(0) * 1000);
    ends.and_then(|all| all.into_iter().max()).or_else(not_ready).or_else(deleted).or(pod.meta.creation).unwrap_or_default()
}

/// The exit codes of a Pod's ended containers, by container name.
pub fn exit_codes(pod: &Object) -> impl Iterator<Item = (&str, i64)> {
    let all = pod.items_at("/status/containerStatuses").iter().chain(pod.items_at("/status/initContainerStatuses"));
    all.filter_map(|s: &Value| value::i64_at(s, "state/terminated/exitCode").map(|c| (text_at(s, "name"), c)))
}
