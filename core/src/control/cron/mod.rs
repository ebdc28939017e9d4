//! CronJobs: a Job whenever their schedule says. Models `pkg/controller/cronjob`.

mod due;
pub mod schedule;
mod zones;

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::ToString;
use alloc::vec::Vec;
use serde_json::{Value, json};

use super::pods;
use super::worker::{Reconcile, Todo, Work};
use crate::api::{Answer, Api, Change, ChangeKind, DeleteOptions, EventNote, Propagation, Recorder, Request, Status, Timing, Token, Verb};
use crate::arrange::Arrange;
use crate::object::resources::{CRON_JOBS, JOBS};
use crate::object::value::{self, at, text_at};
use crate::object::{Key, Object};
use crate::text::timestamp;
use crate::time::TimerClass;
use schedule::Schedule;

/// The CronJob controller.
#[derive(Clone)]
pub struct CronJobs {
    events: Recorder,
}

impl Default for CronJobs {
    fn default() -> Self {
        CronJobs { events: Recorder::new("cronjob-controller", "") }
    }
}

fn ended(job: &Object) -> Option<&'static str> {
    ["Complete", "Failed"].into_iter().find(|kind| pods::condition(job, kind).is_some_and(|c| text_at(c, "status") == "True"))
}

impl CronJobs {
    /// Brings the list of active Jobs up to date, with an Event for each that has ended.
    fn sync_active(&mut self, cron: &mut Object, jobs: &[Rc<Object>], api: &mut Api) {
        let mut active = cron.items_at("/status/active").to_vec();
        for job in jobs {
            let listed = active.iter().any(|a| text_at(a, "uid") == &*job.meta.uid);
            match ended(job) {
                None if !listed => {
                    let text = alloc::format!("Saw a job that the controller did not create or forgot: {}", job.name());
                    self.events.record(api, cron, &EventNote::warning("UnexpectedJob", &text));
                }
                Some(kind) if listed => {
                    let text = alloc::format!("Saw completed job: {}, condition: {kind}", job.name());
                    self.events.record(api, cron, &EventNote::normal("SawCompletedJob", &text));
                    active.retain(|a| text_at(a, "uid") != &*job.meta.uid);
                }
                _ => {}
            }
            let at = job.text_at("/status/completionTime");
            if ended(job) == Some("Complete") && at > cron.text_at("/status/lastSuccessfulTime") {
                cron.set("/status/lastSuccessfulTime", at);
            }
        }
        for gone in active.clone().iter().filter(|a| !jobs.iter().any(|j| text_at(a, "uid") == &*j.meta.uid)) {
            let text = alloc::format!("Active job went missing: {}", text_at(gone, "name"));
            self.events.record(api, cron, &EventNote::normal("MissingJob", &text));
            active.retain(|a| text_at(a, "uid") != text_at(gone, "uid"));
        }
        set_active(cron, active);
    }

    /// Deletes ended Jobs beyond the history limits, the oldest first.
    fn clean_up(&mut self, cron: &mut Object, jobs: &[Rc<Object>], api: &mut Api) -> Result<(), Status> {
        for (kind, field, default) in [("Complete", "/spec/successfulJobsHistoryLimit", 3), ("Failed", "/spec/failedJobsHistoryLimit", 1)] {
            let limit = usize::try_from(cron.i64_at(field).unwrap_or(default)).unwrap_or(0);
            let mut old: Vec<&Rc<Object>> = jobs.iter().filter(|j| ended(j) == Some(kind)).collect();
            old.arrange_by_key(|j| (j.text_at("/status/startTime").to_string(), j.meta.name.clone()));
            for job in old.iter().take(old.len().saturating_sub(limit)) {
                self.delete(cron, job, api)?;
            }
        }
        Ok(())
    }

    fn delete(&mut self, cron: &mut Object, job: &Object, api: &mut Api) -> Result<(), Status> {
        let options = DeleteOptions { propagation: Some(Propagation::Background), ..DeleteOptions::default() };
        api.delete(JOBS, &job.key(), &options)?;
        let mut active = cron.items_at("/status/active").to_vec();
        active.retain(|a| text_at(a, "uid") != &*job.meta.uid);
        set_active(cron, active);
        let text = alloc::format!("Deleted job {}", job.name());
        self.events.record(api, cron, &EventNote::normal("SuccessfulDelete", &text));
        Ok(())
    }

    fn start(&mut self, cron: &mut Object, (at_ms, stamp): (i64, &str), jobs: &[Rc<Object>], api: &mut Api) -> Result<(), Status> {
        let listed = |job: &&Rc<Object>| cron.items_at("/status/active").iter().any(|a| text_at(a, "uid") == &*job.meta.uid);
        let active: Vec<Rc<Object>> = jobs.iter().filter(listed).cloned().collect();
        match cron.text_at("/spec/concurrencyPolicy") {
            "Forbid" if !active.is_empty() => {
                let text = "Not starting job because prior execution is running and concurrency policy is Forbid";
                self.events.record(api, cron, &EventNote::normal("JobAlreadyActive", text));
                return Ok(());
            }
            "Replace" => {
                for job in &active {
                    self.delete(cron, job, api)?;
                }
            }
            _ => {}
        }
        let name = pods::joined(cron.name(), &at_ms.div_euclid(60_000).to_string());
        let template = cron.at("/spec/jobTemplate").cloned().unwrap_or_else(|| json!({}));
        let Some(mut job) = api.new_object(JOBS, cron.namespace(), &name) else { return Ok(()) };
        for (k, v) in value::pairs_at(&template, "/metadata/labels") {
            job.meta.set_label(k, Some(v));
        }
        for (k, v) in value::pairs_at(&template, "/metadata/annotations") {
            job.meta.set_annotation(k, Some(v));
        }
        job.meta.set_annotation("batch.kubernetes.io/cronjob-scheduled-timestamp", Some(stamp));
        job.meta.owners = [cron.as_controller()].into();
        job.set("/spec", at(&template, "/spec").cloned().unwrap_or_else(|| json!({})));
        let mut request = Request::new(Verb::Create, JOBS, cron.namespace(), &name);
        request.body = job.to_value();
        match api.handle(request).result {
            Ok(Answer::Object(job)) => {
                let text = alloc::format!("Created job {name}");
                self.events.record(api, cron, &EventNote::normal("SuccessfulCreate", &text));
                note_started(cron, &job, at_ms);
                Ok(())
            }
            Ok(_) => Ok(()),
            Err(status) if status.reason == "AlreadyExists" => {
                // Made before, but not noted; whatever is not its own is left alone.
                let own = jobs.iter().find(|job| job.name() == name && !active.iter().any(|a| a.meta.uid == job.meta.uid));
                own.into_iter().for_each(|job| note_started(cron, job, at_ms));
                Ok(())
            }
            Err(status) => {
                let text = alloc::format!("Error creating job: {}", status.message);
                self.events.record(api, cron, &EventNote::warning("FailedCreate", &text));
                Err(status)
            }
        }
    }
}

/// Notes a Job that was made for a time.
fn note_started(cron: &mut Object, job: &Object, at_ms: i64) {
    let mut active = cron.items_at("/status/active").to_vec();
    active.push(json!({
        "kind": "Job", "namespace": job.namespace(), "name": job.name(), "uid": &*job.meta.uid,
        "apiVersion": "batch/v1", "resourceVersion": job.meta.resource_version.to_string(),
    }));
    set_active(cron, active);
    cron.set("/status/lastScheduleTime", timestamp::rfc3339(at_ms));
}

fn set_active(cron: &mut Object, active: Vec<Value>) {
    match active.is_empty() {
        true => drop(cron.remove("/status/active")),
        false => cron.set("/status/active", active),
    }
}

impl CronJobs {
    /// Starts the Job of the last time that has passed without one, and comes back for the next.
    fn catch_up(
        &mut self,
        cron: &mut Object,
        schedule: &Schedule,
        now: i64,
        jobs: &[Rc<Object>],
        work: &mut Work<'_>,
    ) -> Result<(), Status> {
        let Some(past) = due::past(cron, schedule, now, true) else {
            let text = "time difference between two schedules is less than 1 second";
            let text = alloc::format!("invalid schedule: {} : {text}", cron.text_at("/spec/schedule"));
            self.events.record(work.api, cron, &EventNote::warning("InvalidSchedule", &text));
            return Ok(());
        };
        let mut result = Ok(());
        if let Some(at) = past.latest {
            if past.is_far_behind() {
                let text = "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew";
                self.events.record(work.api, cron, &EventNote::warning("TooManyMissedTimes", text));
            }
            result = self.start(cron, (at, &schedule.stamp(at)), jobs, work.api);
        }
        due::wait_ms(cron, schedule, now).into_iter().for_each(|ms| work.again_later(ms));
        result
    }
}

fn schedule_of(cron: &Object) -> Option<Schedule> {
    Schedule::parse(cron.text_at("/spec/schedule"), cron.text_at("/spec/timeZone"))
}

/// Whether a CronJob got another schedule: what has passed by it does not count.
fn is_rescheduled(change: &Change) -> bool {
    let differs = |old: &Rc<Object>, path| old.text_at(path) != change.object.text_at(path);
    change.previous.as_ref().is_some_and(|old| differs(old, "/spec/schedule") || differs(old, "/spec/timeZone"))
}

impl Reconcile for CronJobs {
    fn name(&self) -> &'static str {
        "cronjob-controller"
    }

    fn watches(&self) -> &'static [&'static str] {
        &[CRON_JOBS, JOBS]
    }

    fn observe(&mut self, change: &Change, api: &Api, todo: &mut Todo) {
        let object = &change.object;
        if change.resource() == CRON_JOBS {
            if is_rescheduled(change) {
                let wait = schedule_of(object).and_then(|schedule| due::wait_ms(object, &schedule, api.wall_ms()));
                wait.into_iter().for_each(|ms| todo.add_token_in(Token::about(0, object.key()), ms, TimerClass::Background));
            } else if change.kind != ChangeKind::Deleted {
                todo.add(object.key());
            }
        } else if let Some(owner) = object.controller().filter(|o| o.kind == "CronJob") {
            todo.add(Key::new(object.namespace(), &owner.name));
        }
    }

    fn reconcile(&mut self, token: &Token, work: &mut Work<'_>) -> Result<(), Status> {
        let Some(old) = token.key.as_ref().and_then(|k| work.api.get(CRON_JOBS, k)).cloned() else { return Ok(()) };
        if old.is_deleting() {
            return Ok(());
        }
        let jobs: Vec<Rc<Object>> = work.api.owned(&old.meta.uid, JOBS).cloned().collect();
        let mut cron = (*old).clone();
        self.clean_up(&mut cron, &jobs, work.api)?;
        self.sync_active(&mut cron, &jobs, work.api);
        let now = work.api.wall_ms();
        let mut result = Ok(());
        if let Some(schedule) = schedule_of(&cron)
            && !cron.bool_at("/spec/suspend")
        {
            result = self.catch_up(&mut cron, &schedule, now, &jobs, work);
        }
        work.api.modify(CRON_JOBS, &old.key(), |c| match cron.field("status") {
            Some(status) => c.set("/status", status.clone()),
            None => drop(c.remove("/status")),
        })?;
        result
    }

    fn delay_ms(&self, timing: Timing) -> u64 {
        // It only looks, and so is there before the Job controller has made Pods and noted them.
        timing.observe_ms / 2
    }

    fn boxed_clone(&self) -> Box<dyn Reconcile> {
        Box::new(self.clone())
    }
}
