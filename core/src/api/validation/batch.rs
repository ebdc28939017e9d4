//! Validation of Jobs and CronJobs. Models kubernetes `pkg/apis/batch/validation`.

use serde_json::Value;

use super::common::{IMMUTABLE, immutable, in_go_order, label_selector, needed, not_negative, one_of};
use super::field::{Errors, join};
use super::{cron, internal, pod};
use crate::object::value::{at, bool_at, i64_at, text_at};

/// A Job.
pub fn job(object: &Value, errors: &mut Errors) {
    let empty = Value::Null;
    job_spec(at(object, "spec").unwrap_or(&empty), "spec", errors);
    let name = text_at(object, "metadata/name");
    if text_at(object, "spec/completionMode") == "Indexed" && name.len() > 63 {
        errors.invalid("metadata.name", name, "must be no more than 63 bytes");
    }
}

fn job_spec(spec: &Value, path: &str, errors: &mut Errors) {
    for field in ["parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished", "backoffLimitPerIndex"]
    {
        not_negative(spec, field, path, errors);
    }
    if let Some(selector) = at(spec, "selector").filter(|selector| !selector.is_null()) {
        label_selector(selector, &join(path, "selector"), errors);
    }
    one_of(spec, "completionMode", path, &["Indexed", "NonIndexed"], false, errors);
    if text_at(spec, "completionMode") == "Indexed" && i64_at(spec, "completions").is_none() {
        let field = join(path, "completions");
        errors.required(&field, "when completion mode is Indexed");
    }
    one_of(spec, "podReplacementPolicy", path, &["Failed", "TerminatingOrFailed"], false, errors);
    let empty = Value::Null;
    let template = at(spec, "template").unwrap_or(&empty);
    let field = join(path, "template");
    pod::template(template, &field, errors);
    match text_at(template, "spec/restartPolicy") {
        "" | "Always" => errors.required(&join(&field, "spec.restartPolicy"), "valid values: \"OnFailure\", \"Never\""),
        "OnFailure" | "Never" => {}
        other => errors.unsupported(&join(&field, "spec.restartPolicy"), other, &["OnFailure", "Never"]),
    }
}

/// What may not change in a Job.
pub fn job_update(new: &Value, old: &Value, errors: &mut Errors) {
    let empty = Value::Null;
    let (now, before) = (at(new, "spec").unwrap_or(&empty), at(old, "spec").unwrap_or(&empty));
    if text_at(now, "completionMode") != "Indexed" {
        immutable(now, before, "completions", "spec", errors);
    } else if i64_at(now, "completions") != i64_at(before, "completions") && i64_at(now, "completions") != i64_at(now, "parallelism") {
        let value = at(now, "completions").cloned().unwrap_or(Value::Null);
        errors.invalid("spec.completions", value, "can only be modified in tandem with spec.parallelism");
    }
    if at(now, "selector") != at(before, "selector") {
        let shown = in_go_order("LabelSelector", at(now, "selector").unwrap_or(&empty));
        errors.invalid_raw("spec.selector", shown, IMMUTABLE);
    }
    let not_started = bool_at(before, "suspend") && text_at(old, "status/startTime").is_empty();
    let template = |spec: &Value| {
        let mut template = at(spec, "template").cloned().unwrap_or(Value::Null);
        if not_started {
            for path in ["nodeSelector", "tolerations", "affinity", "schedulingGates"] {
                crate::object::value::remove(&mut template, &["/spec/", path].concat());
            }
            crate::object::value::remove(&mut template, "/metadata/labels");
            crate::object::value::remove(&mut template, "/metadata/annotations");
        }
        template
    };
    if template(now) != template(before) {
        let shown = internal::template(at(now, "template").unwrap_or(&empty));
        errors.invalid_raw("spec.template", shown, IMMUTABLE);
    }
    for field in ["completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy"] {
        immutable(now, before, field, "spec", errors);
    }
}

/// A CronJob.
pub fn cron_job(object: &Value, errors: &mut Errors) {
    let empty = Value::Null;
    let spec = at(object, "spec").unwrap_or(&empty);
    if needed(spec, "schedule", "spec", errors) {
        let schedule = text_at(spec, "schedule");
        if let Err(why) = cron::check(schedule) {
            errors.invalid("spec.schedule", schedule, why);
        }
        if schedule.contains("TZ") {
            errors.invalid("spec.schedule", schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
        }
    }
    not_negative(spec, "startingDeadlineSeconds", "spec", errors);
    match text_at(spec, "concurrencyPolicy") {
        "" => errors.required("spec.concurrencyPolicy", ""),
        "Allow" | "Forbid" | "Replace" => {}
        other => errors.unsupported("spec.concurrencyPolicy", other, &["Allow", "Forbid", "Replace"]),
    }
    not_negative(spec, "successfulJobsHistoryLimit", "spec", errors);
    not_negative(spec, "failedJobsHistoryLimit", "spec", errors);
    job_spec(at(spec, "jobTemplate/spec").unwrap_or(&empty), "spec.jobTemplate.spec", errors);
    let name = text_at(object, "metadata/name");
    if name.len() > 52 {
        errors.invalid("metadata.name", name, "must be no more than 52 characters");
    }
}
