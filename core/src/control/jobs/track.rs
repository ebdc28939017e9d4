//! Counting the Pods that are over, and the end of a Job. Pods are first noted as uncounted, then let go, then counted,
//! so that none is counted twice. Models `pkg/controller/job` trackJobStatusAndRemoveFinalizers.

use alloc::rc::Rc;
use alloc::vec::Vec;
use serde_json::{Value, json};

use super::run::{End, Run, count, has_condition, set_condition, set_count, uncounted};
use super::{Jobs, TRACKING, indexes, policy, release};
use crate::api::{Api, EventNote, Status};
use crate::control::worker::Work;
use crate::object::Object;
use crate::object::resources::JOBS;

fn write(api: &mut Api, run: &Run) -> Result<(), Status> {
    let status = run.job.field("status").cloned().unwrap_or_else(|| json!({}));
    api.modify(JOBS, &run.job.key(), |job| job.set("/status", status)).map(|_| ())
}

impl Jobs {
    /// Counts, lets go and ends.
    pub(super) fn track(&mut self, run: &mut Run, work: &mut Work<'_>) -> Result<(), Status> {
        let over = note_uncounted(run);
        if run.is_indexed() {
            set_count(&mut run.job, "succeeded", count(&run.done));
            put_indexes(&mut run.job, "/status/completedIndexes", indexes::print(&run.done));
            if let Some(failed) = &run.failed_indexes {
                let text = indexes::print(failed);
                run.job.set("/status/failedIndexes", text);
            }
        }
        let now = work.api.timestamp();
        if let Some(end) = run.end.take() {
            let last = match end.kind {
                "FailureTarget" | "SuccessCriteriaMet" => {
                    if !has_condition(&run.job, end.kind) {
                        set_condition(&mut run.job, (end.kind, "True", &end.reason, &end.message), &now);
                    }
                    if end.is_success() { "Complete" } else { "Failed" }
                }
                kind => kind,
            };
            run.end = Some(End { kind: last, ..end });
        }
        write(work.api, run)?;
        self.keep_failures(run);
        for pod in over {
            release(work.api, &pod)?;
        }
        let new = |list: &str| count(uncounted(&run.job, list));
        let (succeeded, failed) = (run.stored("succeeded") + new("succeeded"), run.stored("failed") + new("failed"));
        set_count(&mut run.job, "succeeded", succeeded);
        set_count(&mut run.job, "failed", failed);
        run.job.set("/status/uncountedTerminatedPods", json!({}));
        let end = run.end.clone().filter(|_| run.terminating <= 0);
        if let Some(end) = &end {
            set_condition(&mut run.job, (end.kind, "True", &end.reason, &end.message), &now);
            if end.is_success() {
                run.job.set("/status/completionTime", now);
            }
        }
        write(work.api, run)?;
        match end {
            Some(end) if end.is_success() => {
                if run.job.i64_at("/spec/completions").is_some_and(|n| succeeded > n) {
                    let text = "Too many succeeded pods running after completion count reached";
                    self.events.record(work.api, &run.job, &EventNote::warning("TooManySucceededPods", text));
                }
                self.events.record(work.api, &run.job, &EventNote::normal("Completed", "Job completed"));
            }
            Some(end) => self.events.record(work.api, &run.job, &EventNote::warning(&end.reason, &end.message)),
            None => {}
        }
        Ok(())
    }
}

/// Notes Pods that are to be counted, and gives all that may go.
fn note_uncounted(run: &mut Run) -> Vec<Rc<Object>> {
    let (mut succeeded, mut failed) = (uncounted(&run.job, "succeeded"), uncounted(&run.job, "failed"));
    let delayed = run.delayed();
    let fails = run.end.as_ref().is_some_and(|e| !e.is_success());
    let mut over = Vec::new();
    for pod in run.pods.iter().filter(|p| p.meta.has_finalizer(TRACKING)) {
        let (done, lost) = (pod.text_at("/status/phase") == "Succeeded", run.has_failed(pod));
        let stays = delayed.values().any(|p| p.meta.uid == pod.meta.uid);
        if !(run.job.is_deleting() || run.end.is_some() || done || lost && !stays) {
            continue;
        }
        over.push(pod.clone());
        let valid = !run.is_indexed() || run.index_of(pod).is_some();
        if done && !failed.contains(&*pod.meta.uid) {
            if !run.is_indexed() {
                succeeded.insert((*pod.meta.uid).into());
            }
        } else if (lost || fails) && valid && policy::counts(&run.job, pod) {
            failed.insert((*pod.meta.uid).into());
        }
    }
    let mut lists = json!({});
    for (name, uids) in [("failed", failed), ("succeeded", succeeded)] {
        if !uids.is_empty() {
            crate::object::value::set(&mut lists, name, uids.into_iter().map(Value::from).collect::<Vec<_>>());
        }
    }
    run.job.set("/status/uncountedTerminatedPods", lists);
    over
}

fn put_indexes(job: &mut Object, path: &str, text: alloc::string::String) {
    match text.is_empty() {
        true => drop(job.remove(path)),
        false => job.set(path, text),
    }
}
