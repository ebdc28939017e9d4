//! Making and deleting a Job's Pods. Models `pkg/controller/job` manageJob.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::rc::Rc;
use alloc::string::ToString;
use alloc::vec::Vec;
use core::cmp::Reverse;

use super::run::{Run, count};
use super::{Jobs, TRACKING, indexes, per_index, release};
use crate::api::{DeleteOptions, EventNote, Status};
use crate::arrange::Arrange;
use crate::control::pods;
use crate::control::worker::Work;
use crate::object::Object;
use crate::object::resources::PODS;

/// The most Pods made or deleted in one go.
const BURST: i64 = 500;

impl Jobs {
    fn delete_pod(&mut self, run: &Run, pod: &Object, work: &mut Work<'_>) -> Result<(), Status> {
        match work.api.delete(PODS, &pod.key(), &DeleteOptions::default()) {
            Ok(_) => {}
            Err(status) if status.is_not_found() => {}
            Err(status) => return Err(status),
        }
        let text = alloc::format!("Deleted pod: {}", pod.name());
        self.events.record(work.api, &run.job, &EventNote::normal("SuccessfulDelete", &text));
        Ok(())
    }

    /// Deletes every active Pod because the Job ends; they stay until they are counted.
    pub(super) fn delete_active(&mut self, run: &mut Run, work: &mut Work<'_>) -> Result<(), Status> {
        for pod in core::mem::take(&mut run.active) {
            self.delete_pod(run, &pod, work)?;
            run.terminating += 1;
        }
        run.ready = 0;
        Ok(())
    }

    /// Deletes active Pods that are not to be counted.
    fn remove(&mut self, run: &mut Run, going: &[Rc<Object>], work: &mut Work<'_>) -> Result<(), Status> {
        for pod in going {
            release(work.api, pod)?;
            self.delete_pod(run, pod, work)?;
            run.active.retain(|p| p.meta.uid != pod.meta.uid);
            run.terminating += 1;
            run.ready -= i64::from(pods::is_ready(pod));
        }
        Ok(())
    }

    /// Makes or deletes Pods so that as many are active as there should be. Returns how many are active then.
    pub(super) fn manage(&mut self, run: &mut Run, work: &mut Work<'_>) -> Result<i64, Status> {
        if run.is_suspended() {
            let going = for_removal(run, count(&run.active));
            self.remove(run, &going, work)?;
            return Ok(count(&run.active));
        }
        let active = count(&run.active);
        let parallelism = run.job.i64_at("/spec/parallelism").unwrap_or(1);
        let wanted = match run.job.i64_at("/spec/completions") {
            None if run.succeeded > 0 => active,
            None => parallelism,
            Some(n) => parallelism.min(n - run.succeeded).max(0),
        };
        let going = for_removal(run, (active - wanted).max(0));
        if !going.is_empty() {
            self.remove(run, &going, work)?;
            return Ok(count(&run.active));
        }
        let leaving = if run.waits_for_failure() { run.terminating } else { 0 };
        let lack = (wanted - leaving - active).min(BURST);
        if lack <= 0 {
            return Ok(active);
        }
        let wait = if run.limit_per_index().is_some() { 0 } else { run.failures.wait_ms(run.now_ms) };
        if wait > 0 {
            work.again_later(wait);
            // While it waits, the controller tells of no active Pods, whatever there is.
            return Ok(0);
        }
        let new = match run.is_indexed() {
            true => indexed(run, lack, work),
            false => template(run, work).map(|pod| core::iter::repeat_n(pod, usize::try_from(lack).unwrap_or(0)).collect()),
        };
        let Some(new) = new else { return Ok(0) };
        Ok(active + self.make(run, new, work)?)
    }

    /// Makes Pods in batches of 1, 2, 4 … until one of a batch is refused; says how many of them count.
    fn make(&mut self, run: &mut Run, new: Vec<Object>, work: &mut Work<'_>) -> Result<i64, Status> {
        let (mut made, mut batch, mut left) = (0, 1, new.len());
        let mut refused = None;
        let mut new = new.into_iter();
        while left > 0 && refused.is_none() {
            for pod in new.by_ref().take(batch) {
                match self.make_one(run, pod, work) {
                    Ok(()) => made += 1,
                    Err(status) => refused = Some(status),
                }
            }
            left = left.saturating_sub(batch);
            batch *= 2;
        }
        match refused {
            Some(status) => {
                run.made = made;
                Err(status)
            }
            None => Ok(made),
        }
    }
    fn make_one(&mut self, run: &Run, pod: Object, work: &mut Work<'_>) -> Result<(), Status> {
        match pods::create(work.api, pod) {
            Ok(made) => {
                let text = alloc::format!("Created pod: {}", made.name());
                self.events.record(work.api, &run.job, &EventNote::normal("SuccessfulCreate", &text));
                Ok(())
            }
            Err(status) if status.message.contains("is being terminated") => Ok(()),
            Err(status) => {
                let text = alloc::format!("Error creating: {}", status.message);
                self.events.record(work.api, &run.job, &EventNote::warning("FailedCreate", &text));
                Err(status)
            }
        }
    }
}

/// The Pods of the next indexes; none while all of these have to wait.
fn indexed(run: &Run, lack: i64, work: &mut Work<'_>) -> Option<Vec<Object>> {
    let pod = template(run, work)?;
    let delayed = run.delayed();
    let free = pending(run, usize::try_from(lack).unwrap_or(0));
    let wait = |i: &i64| per_index::wait_ms(delayed.get(i), run.now_ms);
    let now: Vec<i64> = free.iter().copied().filter(|i| wait(i) == 0).collect();
    if now.is_empty() && !free.is_empty() {
        if let Some(wait) = free.iter().map(wait).min() {
            work.again_later(wait);
        }
        return None;
    }
    let one = |index: i64| {
        let mut pod = indexes::give(pod.clone(), &run.job, index);
        if run.limit_per_index().is_some() {
            per_index::count_failures(&mut pod, &run.job, delayed.get(&index));
        }
        pod
    };
    Some(now.into_iter().map(one).collect())
}

fn template(run: &Run, work: &Work<'_>) -> Option<Object> {
    let mut pod = pods::from_template(work.api, run.job.at("/spec/template")?, run.job.namespace(), &run.job)?;
    if !pod.meta.has_finalizer(TRACKING) {
        pod.meta.finalizers = pod.meta.finalizers.iter().cloned().chain([TRACKING.to_string()]).collect();
    }
    Some(pod)
}

/// The first indexes that have neither succeeded nor failed nor a Pod.
fn pending(run: &Run, most: usize) -> Vec<i64> {
    let waits = run.waits_for_failure();
    let held = run.pods.iter().filter(|p| pods::is_active(p) || waits && pods::is_terminating(p));
    let mut taken: BTreeSet<i64> = held.filter_map(|p| indexes::of(p)).collect();
    taken.extend(&run.done);
    taken.extend(run.failed_indexes.iter().flatten());
    (0..run.completions()).filter(|i| !taken.contains(i)).take(most).collect()
}

/// Active Pods to delete: those whose index is none or another's, then at least so many, the least far first.
/// Models activePodsForRemoval.
fn for_removal(run: &Run, at_least: i64) -> Vec<Rc<Object>> {
    let rank = |p: &Rc<Object>| {
        let running = p.text_at("/status/phase") == "Running";
        (!p.text_at("/spec/nodeName").is_empty(), running, pods::is_ready(p), Reverse(p.meta.creation))
    };
    let mut left = run.active.clone();
    let mut going = Vec::new();
    if run.is_indexed() {
        let mut by_index: BTreeMap<i64, Vec<Rc<Object>>> = BTreeMap::new();
        for pod in core::mem::take(&mut left) {
            match run.index_of(&pod) {
                Some(i) => by_index.entry(i).or_default().push(pod),
                None => going.push(pod),
            }
        }
        for mut same in by_index.into_values() {
            same.arrange_by_key(rank);
            left.extend(same.pop());
            going.extend(same);
        }
    }
    let more = usize::try_from(at_least).unwrap_or(0).saturating_sub(going.len());
    left.arrange_by_key(rank);
    going.extend(left.into_iter().take(more));
    going.truncate(usize::try_from(BURST).unwrap_or(usize::MAX));
    going
}
