//! Jobs: Pods until enough have succeeded or too many failed. Models `pkg/controller/job`.

mod backoff;
mod indexes;
mod manage;
mod per_index;
mod policy;
mod run;
mod track;

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::json;

use super::pods;
use super::worker::{Reconcile, Todo, Work};
use crate::api::{Api, Change, ChangeKind, DeleteOptions, EventNote, Recorder, Status, Token};
use crate::object::resources::{JOBS, PODS};
use crate::object::value::{self, items_at, text_at};
use crate::object::{Key, Object};
use crate::text::timestamp;
use crate::time::TimerClass;
use backoff::Failures;
use run::{End, Run, count, has_condition, set_condition, set_count};

/// The finalizer that keeps a Pod until it has been counted.
const TRACKING: &str = "batch.kubernetes.io/job-tracking";

/// Changes of Pods are looked at together, at most this often.
const BATCH_MS: u64 = 1000;

/// The first and the longest wait after something was refused.
const RETRY_MS: (u64, u64) = (1_000, 60_000);

/// Work: a Pod whose Job may be gone.
const ORPHAN: u32 = 1;

/// The Job controller.
#[derive(Clone)]
pub struct Jobs {
    events: Recorder,
    failures: BTreeMap<String, Failures>,
}

impl Default for Jobs {
    fn default() -> Self {
        Jobs { events: Recorder::new("job-controller", ""), failures: BTreeMap::new() }
    }
}

/// Whether a Job has the condition Complete or Failed.
pub fn is_finished(job: &Object) -> bool {
    has_condition(job, "Complete") || has_condition(job, "Failed")
}

impl Jobs {
    fn keep_failures(&mut self, run: &Run) {
        self.failures.insert(run.job.meta.uid.to_string(), run.failures);
    }

    fn sync(&mut self, old: &Rc<Object>, work: &mut Work<'_>) -> Result<(), Status> {
        let failures = self.failures.get(&*old.meta.uid).copied().unwrap_or_default();
        let mut run = Run::read(work.api, old, failures);
        if run.job.at("/status/startTime").is_none() && !run.is_suspended() {
            run.job.set("/status/startTime", work.api.timestamp());
        }
        if run.job.at("/status/uncountedTerminatedPods").is_none() {
            run.job.set("/status/uncountedTerminatedPods", json!({}));
        }
        run.find_failed_indexes();
        run.end = noted(&run.job).or_else(|| failure(&run, work)).or_else(|| enough(&run));
        let mut managed = Ok(());
        let mut active = 0;
        if run.end.is_some() {
            managed = self.delete_active(&mut run, work);
        } else if !run.job.is_deleting() {
            match self.manage(&mut run, work) {
                Ok(n) => active = n,
                Err(status) => (active, managed) = (count(&run.active) + run.made, Err(status)),
            }
            let complete = match run.job.i64_at("/spec/completions") {
                None => run.succeeded > 0 && active == 0,
                Some(n) => run.succeeded >= n && active == 0,
            };
            if complete {
                run.end = Some(End::new("SuccessCriteriaMet", "CompletionsReached", "Reached expected number of succeeded pods"));
            } else {
                self.tell_suspended(&mut run, work);
            }
        } else {
            active = count(&run.active);
        }
        set_count(&mut run.job, "active", active);
        run.job.set("/status/ready", run.ready);
        run.job.set("/status/terminating", run.terminating);
        self.track(&mut run, work)?;
        managed
    }

    /// Says that a Job is suspended or goes on.
    fn tell_suspended(&mut self, run: &mut Run, work: &mut Work<'_>) {
        let is = run.is_suspended();
        let (status, reason, message, event) = match is {
            true => ("True", "JobSuspended", "Job suspended", "Suspended"),
            false => ("False", "JobResumed", "Job resumed", "Resumed"),
        };
        let now = work.api.timestamp();
        if !set_condition(&mut run.job, ("Suspended", status, reason, message), &now) {
            return;
        }
        self.events.record(work.api, &run.job, &EventNote::normal(event, message));
        if !is {
            run.job.set("/status/startTime", now);
        }
    }

    /// Deletes a finished Job when its time has come.
    fn expire(&self, job: &Object, work: &mut Work<'_>) -> Result<(), Status> {
        let Some(ttl_s) = job.i64_at("/spec/ttlSecondsAfterFinished") else { return Ok(()) };
        let ends = ["Complete", "Failed"].iter().find_map(|k| pods::condition(job, k));
        let Some(ended) = ends.and_then(|c| timestamp::parse_rfc3339_ms(text_at(c, "lastTransitionTime"))) else { return Ok(()) };
        let due = ended.saturating_add(ttl_s.saturating_mul(1000));
        match u64::try_from(due.saturating_sub(work.api.wall_ms())).unwrap_or(0) {
            0 => {
                let options = DeleteOptions { propagation: Some(crate::api::Propagation::Foreground), ..DeleteOptions::default() };
                work.api.delete(JOBS, &job.key(), &options).map(|_| ())
            }
            wait => {
                work.again_later(wait);
                Ok(())
            }
        }
    }
}

/// The end that a former sync came to.
fn noted(job: &Object) -> Option<End> {
    let read = |kind: &'static str| {
        let c = pods::condition(job, kind).filter(|c| text_at(c, "status") == "True")?;
        Some(End::new(kind, text_at(c, "reason"), text_at(c, "message")))
    };
    read("SuccessCriteriaMet").or_else(|| read("FailureTarget"))
}

/// Why the Job has failed, if it has.
fn failure(run: &Run, work: &mut Work<'_>) -> Option<End> {
    let fails = |reason: &str, message: &str| Some(End::new("FailureTarget", reason, message));
    if let Some(text) = run.pods.iter().filter(|p| run.has_failed(p)).find_map(|p| policy::fails_job(&run.job, p)) {
        return fails("PodFailurePolicy", &text);
    }
    let limit = run.job.i64_at("/spec/backoffLimit").unwrap_or(6);
    if run.failed > limit || restarted_beyond(run, limit) {
        return fails("BackoffLimitExceeded", "Job has reached the specified backoff limit");
    }
    if let Some(deadline_s) = run.job.i64_at("/spec/activeDeadlineSeconds").filter(|_| !run.is_suspended())
        && let Some(started) = timestamp::parse_rfc3339_ms(run.job.text_at("/status/startTime"))
    {
        let due = started.saturating_add(deadline_s.saturating_mul(1000));
        match u64::try_from(due.saturating_sub(run.now_ms)).unwrap_or(0) {
            0 => return fails("DeadlineExceeded", "Job was active longer than specified deadline"),
            wait => work.again_later(wait),
        }
    }
    let failed = count(run.failed_indexes.iter().flatten());
    if run.job.i64_at("/spec/maxFailedIndexes").is_some_and(|most| failed > most) && run.failed_indexes.is_some() {
        return fails("MaxFailedIndexesExceeded", "Job has exceeded the specified maximal number of failed indexes");
    }
    if failed > 0 && failed + count(&run.done) >= run.completions() {
        return fails("FailedIndexes", "Job has failed indexes");
    }
    None
}

/// Whether the indexes that are done are enough.
fn enough(run: &Run) -> Option<End> {
    let text = if run.is_indexed() { policy::enough(&run.job, &run.done)? } else { return None };
    Some(End::new("SuccessCriteriaMet", "SuccessPolicy", &text))
}

/// Whether containers that are restarted in place have been restarted too often. Models pastBackoffLimitOnFailure.
fn restarted_beyond(run: &Run, limit: i64) -> bool {
    if run.job.text_at("/spec/template/spec/restartPolicy") != "OnFailure" {
        return false;
    }
    let of = |p: &Object, list: &str| -> i64 {
        items_at(p.field("status").unwrap_or(&serde_json::Value::Null), list).iter().filter_map(|s| value::i64_at(s, "restartCount")).sum()
    };
    let alive = run.pods.iter().filter(|p| matches!(p.text_at("/status/phase"), "Running" | "Pending"));
    let restarts: i64 = alive.map(|p| of(p, "containerStatuses") + of(p, "initContainerStatuses")).sum();
    if limit == 0 { restarts > 0 } else { restarts >= limit }
}

/// Lets a Pod go that has been counted.
fn release(api: &mut Api, pod: &Object) -> Result<(), Status> {
    let result =
        api.modify(PODS, &pod.key(), |p| p.meta.finalizers = p.meta.finalizers.iter().filter(|f| *f != TRACKING).cloned().collect());
    match result {
        Err(status) if !status.is_not_found() => Err(status),
        _ => Ok(()),
    }
}

impl Reconcile for Jobs {
    fn name(&self) -> &'static str {
        "job-controller"
    }

    fn watches(&self) -> &'static [&'static str] {
        &[JOBS, PODS]
    }

    fn observe(&mut self, change: &Change, api: &Api, todo: &mut Todo) {
        let object = &change.object;
        if change.resource() == JOBS {
            if change.kind == ChangeKind::Deleted {
                self.failures.remove(&*object.meta.uid);
                for pod in api.owned(&object.meta.uid, PODS) {
                    todo.add_token(Token::about(ORPHAN, pod.key()));
                }
            }
            let wanted_changed = change.previous.as_ref().is_none_or(|p| p.meta.generation != object.meta.generation);
            match wanted_changed {
                true => todo.add(object.key()),
                false => todo.add_token_in(Token::about(0, object.key()), BATCH_MS, TimerClass::Work),
            }
            return;
        }
        let Some(owner) = object.controller().filter(|o| o.kind == "Job") else {
            if object.meta.has_finalizer(TRACKING) && object.is_deleting() {
                todo.add_token(Token::about(ORPHAN, object.key()));
            }
            return;
        };
        let key = Key::new(object.namespace(), &owner.name);
        if api.get(JOBS, &key).is_none_or(|j| *j.meta.uid != *owner.uid) {
            if object.meta.has_finalizer(TRACKING) {
                todo.add_token(Token::about(ORPHAN, object.key()));
            }
            return;
        }
        todo.add_token_in(Token::about(0, key), BATCH_MS, TimerClass::Work);
    }

    fn reconcile(&mut self, token: &Token, work: &mut Work<'_>) -> Result<(), Status> {
        let Some(key) = &token.key else { return Ok(()) };
        if token.what == ORPHAN {
            let Some(pod) = work.api.get(PODS, key).cloned() else { return Ok(()) };
            return release(work.api, &pod);
        }
        let Some(job) = work.api.get(JOBS, key).cloned() else { return Ok(()) };
        if is_finished(&job) {
            let tracked: Vec<Rc<Object>> =
                work.api.owned(&job.meta.uid, PODS).filter(|p| p.meta.has_finalizer(TRACKING)).cloned().collect();
            for pod in tracked {
                release(work.api, &pod)?;
            }
            return if job.is_deleting() { Ok(()) } else { self.expire(&job, work) };
        }
        let manager = job.text_at("/spec/managedBy");
        if !manager.is_empty() && manager != "kubernetes.io/job-controller" {
            return Ok(());
        }
        self.sync(&job, work)
    }

    fn retry_ms(&self) -> (u64, u64) {
        RETRY_MS
    }

    fn boxed_clone(&self) -> Box<dyn Reconcile> {
        Box::new(self.clone())
    }
}
