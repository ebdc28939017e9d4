//! What a status of a Job may say where that is written alone. Most rules look only where what they are about changed.
//! Models kubernetes `pkg/apis/batch/validation` ValidateJobStatusUpdate and `pkg/registry/batch/job` getStatusValidationOptions.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use super::common::not_negative;
use super::field::{Errors, join, nth};
use super::internal;
use crate::object::value::{at, bool_at, i64_at, items_at, str_at, text_at};
use crate::text::timestamp::parse_rfc3339_ms;

/// The status before and after, and the Job's spec.
struct Job<'a> {
    spec: &'a Value,
    new: &'a Value,
    old: &'a Value,
}

fn holds(status: &Value, ty: &str) -> bool {
    items_at(status, "conditions").iter().any(|one| text_at(one, "type") == ty && text_at(one, "status") == "True")
}

fn finished(status: &Value) -> bool {
    holds(status, "Complete") || holds(status, "Failed")
}

impl Job<'_> {
    fn changed(&self, fields: &[&str]) -> bool {
        let told = |status, field| at(status, field).filter(|value| !value.is_null() && **value != Value::from(0));
        fields.iter().any(|field| told(self.new, field) != told(self.old, field))
    }

    fn turned(&self, ty: &str) -> bool {
        holds(self.new, ty) != holds(self.old, ty)
    }

    fn indexed(&self) -> bool {
        text_at(self.spec, "completionMode") == "Indexed"
    }
}

/// What is wrong with the status of a Job.
pub fn update(new: &Value, old: &Value, errors: &mut Errors) {
    let part = |object, field| at(object, field).unwrap_or(&Value::Null);
    let job = Job { spec: part(new, "spec"), new: part(new, "status"), old: part(old, "status") };
    for field in ["active", "succeeded", "failed", "ready", "terminating"] {
        not_negative(job.new, field, "status", errors);
    }
    uncounted(job.new, errors);
    times_and_ends(&job, errors);
    over(&job, errors);
    indexes(&job, errors);
    if i64_at(job.new, "terminating").unwrap_or(0) > 0 && finished(job.new) && (job.changed(&["terminating"]) || turned_over(&job)) {
        errors.invalid("status.terminating", part(job.new, "terminating").clone(), "terminating>0 is invalid for finished job");
    }
    if let Some(ready) = i64_at(job.new, "ready").filter(|ready| *ready > i64_at(job.new, "active").unwrap_or(0))
        && job.changed(&["ready", "active"])
    {
        errors.invalid("status.ready", ready, "cannot set more ready pods than active");
    }
    criteria(&job, errors);
    backwards(&job, errors);
}

fn turned_over(job: &Job<'_>) -> bool {
    finished(job.new) != finished(job.old)
}

fn uncounted(status: &Value, errors: &mut Errors) {
    let mut seen: Vec<&str> = Vec::new();
    for field in ["succeeded", "failed"] {
        let path = ["uncountedTerminatedPods/", field].concat();
        for (number, uid) in items_at(status, &path).iter().enumerate() {
            let (uid, path) = (uid.as_str().unwrap_or_default(), nth(&join("status", &path.replace('/', ".")), number));
            match uid {
                "" => errors.invalid(&path, uid, "must not be empty"),
                uid if seen.contains(&uid) => errors.duplicate(&path, uid),
                uid => seen.push(uid),
            }
        }
    }
}

const CONDITIONS: &str = "status.conditions";

fn times_and_ends(job: &Job<'_>, errors: &mut Errors) {
    let (now, complete, failed) = (job.new, holds(job.new, "Complete"), holds(job.new, "Failed"));
    let turned = |types: &[&str]| types.iter().any(|ty| job.turned(ty));
    if complete && failed && turned(&["Complete", "Failed"]) {
        errors.invalid_without(CONDITIONS, "cannot set Complete=True and Failed=true conditions");
    }
    if complete && holds(now, "FailureTarget") && turned(&["Complete", "FailureTarget"]) {
        errors.invalid_without(CONDITIONS, "cannot set Complete=True and FailureTarget=true conditions");
    }
    let (start, end) = (str_at(now, "startTime"), str_at(now, "completionTime"));
    if turned(&["Complete"]) || job.changed(&["completionTime"]) {
        match (end, complete) {
            (Some(end), false) => {
                let why = "cannot set completionTime when there is no Complete=True condition";
                errors.invalid("status.completionTime", end, why);
            }
            (None, true) => errors.required("status.completionTime", "completionTime is required for Complete jobs"),
            _ => {}
        }
    }
    if let (Some(start), Some(end)) = (start, end)
        && parse_rfc3339_ms(end) < parse_rfc3339_ms(start)
        && job.changed(&["startTime", "completionTime"])
    {
        errors.invalid("status.completionTime", end, "completionTime cannot be set before startTime");
    }
    if failed && !holds(now, "FailureTarget") && turned(&["Failed", "FailureTarget"]) {
        errors.invalid_without(CONDITIONS, "cannot set Failed=True condition without the FailureTarget=true condition");
    }
    if complete && !holds(now, "SuccessCriteriaMet") && turned(&["Complete", "SuccessCriteriaMet"]) {
        errors.invalid_without(CONDITIONS, "cannot set Complete=True condition without the SuccessCriteriaMet=true condition");
    }
}

/// What a Job that is over cannot have.
fn over(job: &Job<'_>, errors: &mut Errors) {
    if !finished(job.new) {
        return;
    }
    let ended = turned_over(job);
    if let Some(active) = i64_at(job.new, "active").filter(|active| *active > 0 && (ended || job.changed(&["active"]))) {
        errors.invalid("status.active", active, "active>0 is invalid for finished job");
    }
    if str_at(job.new, "startTime").is_none() && (ended || job.changed(&["startTime"])) {
        errors.required("status.startTime", "startTime is required for finished job");
    }
    let pods = at(job.new, "uncountedTerminatedPods").unwrap_or(&Value::Null);
    let some = ["succeeded", "failed"].iter().any(|field| !items_at(pods, field).is_empty());
    if some && (ended || job.changed(&["uncountedTerminatedPods"])) {
        let shown = internal::internal("UncountedTerminatedPods", pods);
        errors.invalid_raw("status.uncountedTerminatedPods", shown, "uncountedTerminatedPods needs to be empty for finished job");
    }
}

fn indexes(job: &Job<'_>, errors: &mut Errors) {
    let (done, failed) = (text_at(job.new, "completedIndexes"), str_at(job.new, "failedIndexes"));
    let (done_changed, failed_changed) = (job.changed(&["completedIndexes"]), job.changed(&["failedIndexes"]));
    let per_index = at(job.spec, "backoffLimitPerIndex").is_some_and(|limit| !limit.is_null());
    let count = i64_at(job.spec, "completions");
    if let (true, Some(Err(why))) = (done_changed, count.map(|count| ranges(done, count))) {
        errors.invalid("status.completedIndexes", done, ["error parsing completedIndexes: ", &why].concat());
    }
    if let (true, true, Some(failed), Some(count)) = (failed_changed, per_index, failed, count)
        && let Err(why) = ranges(failed, count)
    {
        errors.invalid("status.failedIndexes", failed, ["error parsing failedIndexes: ", &why].concat());
    }
    if done_changed && !done.is_empty() && !job.indexed() {
        let why = "cannot set non-empty completedIndexes when non-indexed completion mode";
        errors.invalid("status.completedIndexes", done, why);
    }
    let Some(failed) = failed else { return };
    if failed_changed && !per_index {
        errors.invalid("status.failedIndexes", failed, "cannot set non-null failedIndexes when backoffLimitPerIndex is null");
    }
    if let Some(index) = count.filter(|_| done_changed || failed_changed).and_then(|count| overlap(done, failed, count)) {
        errors.invalid("status.failedIndexes", failed, format!("failedIndexes and completedIndexes overlap at index: {index}"));
    }
}

/// One range of indexes, `3` or `3-5`.
fn range(text: &str, count: i64) -> Result<(i64, i64), String> {
    let parts: Vec<&str> = text.split('-').collect();
    if parts.len() > 2 {
        return Err(format!(
            "the fragment {text:?} violates the requirement that an index interval can have at most two parts separated by '-'"
        ));
    }
    let mut ends = Vec::new();
    for part in parts {
        let number = part.parse::<i64>().map_err(|_| format!("cannot convert string to integer for index: {part:?}"))?;
        if number >= count {
            return Err(format!("too large index: {part:?}"));
        }
        ends.push(number);
    }
    match ends.as_slice() {
        [first, last] if first >= last => Err(backstep(*first, *last)),
        [first, .., last] => Ok((*first, *last)),
        _ => Ok((ends.first().copied().unwrap_or(0), ends.first().copied().unwrap_or(0))),
    }
}

fn backstep(previous: i64, current: i64) -> String {
    format!("non-increasing order, previous: {previous}, current: {current}")
}

fn ranges(text: &str, count: i64) -> Result<(), String> {
    let mut last = None;
    for part in text.split(',').filter(|_| !text.is_empty()) {
        let (first, end) = range(part, count)?;
        if let Some(last) = last.filter(|last| *last >= first) {
            return Err(backstep(last, first));
        }
        last = Some(end);
    }
    Ok(())
}

/// The first index that both texts hold; ranges that cannot be read are passed over.
fn overlap(done: &str, failed: &str, count: i64) -> Option<i64> {
    let read = |text: &str| text.split(',').filter_map(|part| range(part, count).ok()).collect::<Vec<_>>();
    let (done, failed) = (read(done), read(failed));
    let both = |one: &(i64, i64)| failed.iter().find(|other| one.0 <= other.1 && other.0 <= one.1).map(|other| one.0.max(other.0));
    done.iter().find_map(both)
}

fn criteria(job: &Job<'_>, errors: &mut Errors) {
    let met = holds(job.new, "SuccessCriteriaMet");
    if met && holds(job.new, "Failed") {
        errors.invalid_without(CONDITIONS, "cannot set SuccessCriteriaMet=True and Failed=true conditions");
    }
    if met && holds(job.new, "FailureTarget") {
        errors.invalid_without(CONDITIONS, "cannot set SuccessCriteriaMet=True and FailureTarget=true conditions");
    }
    let policy = at(job.spec, "successPolicy").is_some_and(|policy| !policy.is_null());
    if policy && !met && holds(job.new, "Complete") {
        let why = "cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True";
        errors.invalid_without(CONDITIONS, why);
    }
}

/// What cannot be taken back.
fn backwards(job: &Job<'_>, errors: &mut Errors) {
    for ty in ["Failed", "Complete", "FailureTarget"] {
        if holds(job.old, ty) && !holds(job.new, ty) {
            errors.invalid_without(CONDITIONS, ["cannot disable the terminal ", ty, "=True condition"].concat());
        }
    }
    let whole = at(job.spec, "completions") == at(job.spec, "parallelism");
    for (field, held) in [("failed", true), ("succeeded", !job.indexed() || !whole)] {
        let count = |status| i64_at(status, field).unwrap_or(0);
        if held && count(job.new) < count(job.old) {
            errors.invalid(&join("status", field), count(job.new), ["cannot decrease the ", field, " counter"].concat());
        }
    }
    let time = |status, field| str_at(status, field).map(ToString::to_string);
    if let (Some(now), Some(before)) = (time(job.new, "completionTime"), time(job.old, "completionTime"))
        && now != before
    {
        errors.invalid("status.completionTime", now, "completionTime cannot be mutated");
    }
    let start = time(job.old, "startTime");
    if start.is_some() && start != time(job.new, "startTime") && !bool_at(job.spec, "suspend") {
        errors.required("status.startTime", "startTime cannot be removed for unsuspended job");
    }
    let (met, was) = (holds(job.new, "SuccessCriteriaMet"), holds(job.old, "SuccessCriteriaMet"));
    if was && !met {
        errors.invalid_without(CONDITIONS, "cannot disable the SuccessCriteriaMet=True condition");
    }
    if holds(job.old, "Complete") && !was && met {
        let why = "cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions";
        errors.invalid_without(CONDITIONS, why);
    }
}
