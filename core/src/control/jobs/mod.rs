//! Jobs: Pods until enough have succeeded or too many failed. Models `pkg/controller/job`.

mod finish;
mod indexes;
mod policy;

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Value, json};

use super::pods;
use super::worker::{Reconcile, Todo, Work};
use crate::api::{Api, Change, ChangeKind, DeleteOptions, EventNote, Recorder, Status, Token};
use crate::arrange::Arrange;
use crate::object::resources::{JOBS, PODS};
use crate::object::value::{self, text_at};
use crate::object::{Key, Object};
use crate::text::timestamp;
use crate::time::TimerClass;

/// The finalizer that keeps a Pod until it has been counted.
const TRACKING: &str = "batch.kubernetes.io/job-tracking";

/// Changes of Pods are looked at together, at most this often.
const BATCH_MS: u64 = 1000;

/// The wait after the first failure; each further one doubles it.
const FIRST_BACKOFF_MS: i64 = 10_000;
const LONGEST_BACKOFF_MS: i64 = 600_000;

/// Work: a Pod whose Job may be gone.
const ORPHAN: u32 = 1;

/// Failures of a Job since its last success.
#[derive(Clone, Copy, Default)]
struct Failures {
    count: u32,
    last_ms: i64,
}

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

/// A Job while it is reconciled: its object as it will be stored, and its Pods.
struct Run {
    job: Object,
    pods: Vec<Rc<Object>>,
    now_ms: i64,
}

impl Run {
    fn count(&self, field: &str) -> i64 {
        self.job.i64_at(field).unwrap_or(0)
    }

    fn add(&mut self, field: &str, more: i64) {
        let sum = self.count(field) + more;
        set_count(&mut self.job, field, sum);
    }

    fn active(&self) -> impl Iterator<Item = &Rc<Object>> {
        self.pods.iter().filter(|p| pods::is_active(p))
    }

    fn is_indexed(&self) -> bool {
        self.job.text_at("/spec/completionMode") == "Indexed"
    }

    /// Whether a Pod that is on its way out is replaced only once it has failed.
    fn waits_for_failure(&self) -> bool {
        self.job.text_at("/spec/podReplacementPolicy") == "Failed" || self.job.at("/spec/podFailurePolicy").is_some()
    }

    fn has_failed(&self, pod: &Object) -> bool {
        pod.text_at("/status/phase") == "Failed" || pod.is_deleting() && !pods::is_over(pod) && !self.waits_for_failure()
    }
}

/// Writes a count; zero is left out.
fn set_count(job: &mut Object, field: &str, count: i64) {
    match count {
        0 => drop(job.remove(field)),
        n => job.set(field, n),
    }
}

/// Whether a Job has the condition Complete or Failed.
pub fn is_finished(job: &Object) -> bool {
    ["Complete", "Failed"].iter().any(|kind| pods::condition(job, kind).is_some_and(|c| text_at(c, "status") == "True"))
}

/// When a Pod's last container ended, in wall-clock milliseconds.
fn ended_ms(pod: &Object, now_ms: i64) -> i64 {
    let ends = pod.items_at("/status/containerStatuses").iter();
    let ends = ends.filter_map(|s| timestamp::parse_rfc3339_ms(text_at(s, "state/terminated/finishedAt")));
    ends.max().unwrap_or(now_ms)
}

impl Jobs {
    /// Counts the Pods that have ended and lets them go. Returns whether there were any.
    fn count_ended(&mut self, run: &mut Run, work: &mut Work<'_>) -> Result<(), Status> {
        let uncounted = |p: &&Rc<Object>| p.meta.has_finalizer(TRACKING);
        let mut ended: Vec<(i64, Rc<Object>)> = run
            .pods
            .iter()
            .filter(uncounted)
            .filter(|p| p.text_at("/status/phase") == "Succeeded" || run.has_failed(p))
            .map(|p| (ended_ms(p, run.now_ms), p.clone()))
            .collect();
        ended.arrange_by_key(|(at, p)| (*at, p.meta.name.clone()));
        let mut done: BTreeSet<i64> = indexes::parse(run.job.text_at("/status/completedIndexes"));
        for (at, pod) in ended {
            let succeeded = pod.text_at("/status/phase") == "Succeeded";
            let failures = self.failures.entry(run.job.meta.uid.to_string()).or_default();
            if succeeded {
                *failures = Failures::default();
                match (run.is_indexed(), indexes::of(&pod)) {
                    (true, Some(index)) => drop(done.insert(index)),
                    _ => run.add("/status/succeeded", 1),
                }
            } else {
                let counts = !policy::is_ignored(&run.job, &pod);
                if counts {
                    *failures = Failures { count: failures.count.saturating_add(1), last_ms: at };
                    run.add("/status/failed", 1);
                }
            }
            release(work.api, &pod)?;
        }
        if run.is_indexed() {
            set_count(&mut run.job, "/status/succeeded", i64::try_from(done.len()).unwrap_or(0));
            match done.is_empty() {
                true => drop(run.job.remove("/status/completedIndexes")),
                false => run.job.set("/status/completedIndexes", indexes::print(&done)),
            }
        }
        Ok(())
    }

    fn delete_pod(&mut self, run: &Run, pod: &Object, work: &mut Work<'_>) -> Result<(), Status> {
        work.api.delete(PODS, &pod.key(), &DeleteOptions::default())?;
        let text = alloc::format!("Deleted pod: {}", pod.name());
        self.events.record(work.api, &run.job, &EventNote::normal("SuccessfulDelete", &text));
        Ok(())
    }

    fn delete_active(&mut self, run: &Run, count: usize, work: &mut Work<'_>) -> Result<(), Status> {
        let mut active: Vec<Rc<Object>> = run.active().cloned().collect();
        active.arrange_by_key(|p| (!p.text_at("/spec/nodeName").is_empty(), pods::is_ready(p), core::cmp::Reverse(p.meta.creation)));
        for pod in active.iter().take(count) {
            self.delete_pod(run, pod, work)?;
        }
        Ok(())
    }

    /// Makes or deletes Pods so that as many are active as there should be.
    fn manage(&mut self, run: &mut Run, work: &mut Work<'_>) -> Result<(), Status> {
        let active = i64::try_from(run.active().count()).unwrap_or(0);
        let parallelism = run.job.i64_at("/spec/parallelism").unwrap_or(1);
        let succeeded = run.count("/status/succeeded");
        let wanted = match run.job.i64_at("/spec/completions") {
            None if succeeded > 0 => active,
            None => parallelism,
            Some(n) => parallelism.min(n - succeeded).max(0),
        };
        if active > wanted {
            let surplus = usize::try_from(active - wanted).unwrap_or(0);
            self.delete_active(run, surplus, work)?;
            return Ok(());
        }
        let going = match run.waits_for_failure() {
            true => i64::try_from(run.pods.iter().filter(|p| pods::is_terminating(p)).count()).unwrap_or(0),
            false => 0,
        };
        let lack = wanted - active - going;
        if lack <= 0 {
            return Ok(());
        }
        if let Some(wait) = self.backoff_ms(run) {
            work.again_later(wait);
            return Ok(());
        }
        let made = match run.is_indexed() {
            true => self.make_indexed(run, lack, work)?,
            false => self.make(run, lack, work)?,
        };
        set_count(&mut run.job, "/status/active", active + made);
        Ok(())
    }

    /// What is left of the wait after the last failure.
    fn backoff_ms(&self, run: &Run) -> Option<u64> {
        let failures = self.failures.get(&*run.job.meta.uid).filter(|f| f.count > 0)?;
        let wait = FIRST_BACKOFF_MS.saturating_mul(1 << (failures.count - 1).min(16)).min(LONGEST_BACKOFF_MS);
        u64::try_from(failures.last_ms + wait - run.now_ms).ok().filter(|ms| *ms > 0)
    }

    fn template(run: &Run, work: &Work<'_>) -> Option<Object> {
        let template = run.job.at("/spec/template")?;
        let mut pod = pods::from_template(work.api, template, run.job.namespace(), &run.job)?;
        pod.meta.finalizers = pod.meta.finalizers.iter().cloned().chain([TRACKING.to_string()]).collect();
        Some(pod)
    }

    fn make(&mut self, run: &Run, count: i64, work: &mut Work<'_>) -> Result<i64, Status> {
        let Some(pod) = Self::template(run, work) else { return Ok(0) };
        for _ in 0..count.min(500) {
            self.make_one(run, pod.clone(), work)?;
        }
        Ok(count.min(500))
    }

    fn make_indexed(&mut self, run: &Run, count: i64, work: &mut Work<'_>) -> Result<i64, Status> {
        let Some(pod) = Self::template(run, work) else { return Ok(0) };
        let mut taken = indexes::parse(run.job.text_at("/status/completedIndexes"));
        taken.extend(run.active().filter_map(|p| indexes::of(p)));
        let all = run.job.i64_at("/spec/completions").unwrap_or(0);
        let free: Vec<i64> = (0..all).filter(|i| !taken.contains(i)).take(usize::try_from(count.min(500)).unwrap_or(0)).collect();
        for index in &free {
            self.make_one(run, indexes::give(pod.clone(), &run.job, *index), work)?;
        }
        Ok(i64::try_from(free.len()).unwrap_or(0))
    }

    fn make_one(&mut self, run: &Run, pod: Object, work: &mut Work<'_>) -> Result<(), Status> {
        match pods::create(work.api, pod) {
            Ok(made) => {
                let text = alloc::format!("Created pod: {}", made.name());
                self.events.record(work.api, &run.job, &EventNote::normal("SuccessfulCreate", &text));
                Ok(())
            }
            Err(status) => {
                let text = alloc::format!("Error creating: {}", status.message);
                self.events.record(work.api, &run.job, &EventNote::warning("FailedCreate", &text));
                Err(status)
            }
        }
    }

    /// Says that a Job is suspended or goes on. Returns whether it is suspended.
    fn suspend(&mut self, run: &mut Run, work: &mut Work<'_>) -> Result<bool, Status> {
        let was = pods::condition(&run.job, "Suspended").is_some_and(|c| text_at(c, "status") == "True");
        let is = run.job.bool_at("/spec/suspend");
        if is != was {
            let (status, reason, message) = match is {
                true => ("True", "JobSuspended", "Job suspended"),
                false => ("False", "JobResumed", "Job resumed"),
            };
            finish::set_condition(&mut run.job, ("Suspended", status, reason, message), &work.api.timestamp());
            let event = if is { "Suspended" } else { "Resumed" };
            self.events.record(work.api, &run.job, &EventNote::normal(event, message));
            match is {
                true => drop(run.job.remove("/status/startTime")),
                false => run.job.set("/status/startTime", work.api.timestamp()),
            }
        }
        if is {
            self.delete_active(run, usize::MAX, work)?;
            set_count(&mut run.job, "/status/active", 0);
        }
        Ok(is)
    }

    fn sync(&mut self, old: &Rc<Object>, work: &mut Work<'_>) -> Result<(), Status> {
        let owned: Vec<Rc<Object>> = work.api.owned(&old.meta.uid, PODS).cloned().collect();
        let mut run = Run { job: (**old).clone(), pods: owned, now_ms: work.api.wall_ms() };
        if run.job.at("/status/startTime").is_none() && !run.job.bool_at("/spec/suspend") {
            run.job.set("/status/startTime", work.api.timestamp());
        }
        if run.job.at("/status/uncountedTerminatedPods").is_none() {
            run.job.set("/status/uncountedTerminatedPods", json!({}));
        }
        self.count_ended(&mut run, work)?;
        let ready = run.active().filter(|p| pods::is_ready(p)).count();
        let going = run.pods.iter().filter(|p| pods::is_terminating(p)).count();
        let active = run.active().count();
        set_count(&mut run.job, "/status/active", i64::try_from(active).unwrap_or(0));
        run.job.set("/status/ready", ready);
        run.job.set("/status/terminating", going);
        let managed = match self.finish(&mut run, work)? {
            true => Ok(()),
            false if self.suspend(&mut run, work)? => Ok(()),
            false => self.manage(&mut run, work),
        };
        let result = work.api.modify(JOBS, &run.job.key(), |job| {
            if let Some(status) = run.job.field("status") {
                job.set("/status", status.clone());
            }
        });
        managed.and(result.map(|_| ()))
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
        if job.is_deleting() {
            let tracked: Vec<Rc<Object>> = work.api.owned(&job.meta.uid, PODS).filter(|p| p.is_deleting()).cloned().collect();
            for pod in tracked {
                release(work.api, &pod)?;
            }
            return Ok(());
        }
        self.sync(&job, work)
    }

    fn boxed_clone(&self) -> Box<dyn Reconcile> {
        Box::new(self.clone())
    }
}

/// The exit codes of a Pod's ended containers, by container name.
fn exit_codes(pod: &Object) -> impl Iterator<Item = (&str, i64)> {
    let all = pod.items_at("/status/containerStatuses").iter().chain(pod.items_at("/status/initContainerStatuses"));
    all.filter_map(|s: &Value| value::i64_at(s, "state/terminated/exitCode").map(|c| (text_at(s, "name"), c)))
}
