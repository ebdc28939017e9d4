//! How a Job ends: enough successes, too many failures, too late. Models `pkg/controller/job` finalizeJob.

use alloc::string::{String, ToString};
use serde_json::{Value, json};

use super::{Jobs, Run, policy, set_count};
use crate::api::{EventNote, Status};
use crate::control::pods;
use crate::control::worker::Work;
use crate::object::Object;
use crate::object::value::text_at;
use crate::text::timestamp;

/// Puts a condition (type, status, reason, message) where the old one is, or at the end.
pub fn set_condition(job: &mut Object, condition: (&str, &str, &str, &str), now: &str) {
    let (kind, status, reason, message) = condition;
    let new = json!({
        "type": kind, "status": status, "reason": reason, "message": message, "lastProbeTime": now, "lastTransitionTime": now,
    });
    let mut all = job.items_at("/status/conditions").to_vec();
    match all.iter_mut().find(|c| text_at(c, "type") == kind) {
        Some(old) if text_at(old, "status") == status && text_at(old, "reason") == reason => return,
        Some(old) => *old = new,
        None => all.push(new),
    }
    job.set("/status/conditions", Value::Array(all));
}

fn noted(job: &Object, kind: &str) -> Option<(String, String)> {
    pods::condition(job, kind)
        .filter(|c| text_at(c, "status") == "True")
        .map(|c| (text_at(c, "reason").to_string(), text_at(c, "message").to_string()))
}

impl Jobs {
    /// Ends the Job if it is time. Returns whether it is ending.
    pub(super) fn finish(&mut self, run: &mut Run, work: &mut Work<'_>) -> Result<bool, Status> {
        if let Some((reason, message)) = noted(&run.job, "FailureTarget").or_else(|| self.failure(run, work)) {
            let now = work.api.timestamp();
            set_condition(&mut run.job, ("FailureTarget", "True", &reason, &message), &now);
            self.delete_active(run, usize::MAX, work)?;
            let deleted = run.active().count() > 0;
            set_count(&mut run.job, "/status/active", 0);
            run.job.set("/status/ready", 0);
            if !deleted && !run.pods.iter().any(|p| pods::is_terminating(p)) {
                set_condition(&mut run.job, ("Failed", "True", &reason, &message), &now);
                self.events.record(work.api, &run.job, &EventNote::warning(&reason, &message));
            } else if deleted && !run.waits_for_failure() {
                work.again_in(super::BATCH_MS);
            }
            return Ok(true);
        }
        let Some((reason, message)) = noted(&run.job, "SuccessCriteriaMet").or_else(|| success(run)) else { return Ok(false) };
        let now = work.api.timestamp();
        set_condition(&mut run.job, ("SuccessCriteriaMet", "True", &reason, &message), &now);
        self.delete_active(run, usize::MAX, work)?;
        let deleted = run.active().count() > 0;
        set_count(&mut run.job, "/status/active", 0);
        run.job.set("/status/ready", 0);
        if !deleted && !run.pods.iter().any(|p| pods::is_terminating(p)) {
            set_condition(&mut run.job, ("Complete", "True", &reason, &message), &now);
            run.job.set("/status/completionTime", now);
            self.events.record(work.api, &run.job, &EventNote::normal("Completed", "Job completed"));
        }
        Ok(true)
    }

    /// Why the Job has failed, if it has.
    fn failure(&self, run: &Run, work: &mut Work<'_>) -> Option<(String, String)> {
        let failed = run.pods.iter().filter(|p| run.has_failed(p));
        if let Some(text) = failed.into_iter().find_map(|p| policy::fails_job(&run.job, p)) {
            return Some(("PodFailurePolicy".to_string(), text));
        }
        let limit = run.job.i64_at("/spec/backoffLimit").unwrap_or(6);
        if run.count("/status/failed") > limit || restarts_beyond(run, limit) {
            return Some(("BackoffLimitExceeded".to_string(), "Job has reached the specified backoff limit".to_string()));
        }
        let deadline_s = run.job.i64_at("/spec/activeDeadlineSeconds").filter(|_| !run.job.bool_at("/spec/suspend"))?;
        let started = timestamp::parse_rfc3339_ms(run.job.text_at("/status/startTime"))?;
        let due = started.saturating_add(deadline_s.saturating_mul(1000));
        match u64::try_from(due - run.now_ms) {
            Ok(wait) if wait > 0 => {
                work.again_later(wait);
                None
            }
            _ => Some(("DeadlineExceeded".to_string(), "Job was active longer than specified deadline".to_string())),
        }
    }
}

/// Whether containers that are restarted in place have been restarted too often.
fn restarts_beyond(run: &Run, limit: i64) -> bool {
    if run.job.text_at("/spec/template/spec/restartPolicy") != "OnFailure" {
        return false;
    }
    let restarts: i64 =
        run.active().filter(|p| matches!(p.text_at("/status/phase"), "Running" | "Pending")).map(|p| pods::most_restarts(p)).sum();
    if limit == 0 { restarts > 0 } else { restarts >= limit }
}

fn success(run: &Run) -> Option<(String, String)> {
    let succeeded = run.count("/status/succeeded");
    let done = match run.job.i64_at("/spec/completions") {
        Some(n) => succeeded >= n,
        None => succeeded > 0 && run.active().count() == 0,
    };
    done.then(|| ("CompletionsReached".to_string(), "Reached expected number of succeeded pods".to_string()))
}
