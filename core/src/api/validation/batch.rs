//! Validation of Jobs and CronJobs. Models kubernetes `pkg/apis/batch/validation`.

use serde_json::Value;

use super::common::{IMMUTABLE, immutable, in_go_order, label_selector, needed, not_negative, one_of, selects};
use super::field::{Errors, join};
use super::{cron, internal, pod};
use crate::object::value::{at, bool_at, i64_at, map_at, text_at};

/// A Job.
pub fn job(object: &Value, errors: &mut Errors) {
    let empty = Value::Null;
    let spec = at(object, "spec").unwrap_or(&empty);
    let labels = own_selector(object, spec, errors);
    job_spec(spec, "spec", errors);
    if let Some(labels) = labels {
        errors.invalid("spec.template.metadata.labels", labels, "`selector` does not match template `labels`");
    }
    let name = text_at(object, "metadata/name");
    if text_at(object, "spec/completionMode") == "Indexed" && name.len() > 63 {
        errors.invalid("metadata.name", name, "must be no more than 63 bytes");
    }
}

/// A selector that is given although it is made by itself, or that does not match: then the template's labels.
fn own_selector(object: &Value, spec: &Value, errors: &mut Errors) -> Option<Value> {
    let given = at(spec, "selector").filter(|selector| !super::common::selects_everything(selector));
    let mut labels = map_at(spec, "template/metadata/labels").cloned().unwrap_or_default();
    if bool_at(spec, "manualSelector") {
        if given.is_none() {
            errors.required("spec.selector", "");
            return None;
        }
        return (!selects(given, Some(&labels))).then(|| labels.into());
    }
    let mut selector = given.filter(|_| text_at(object, "metadata/uid").is_empty())?.clone();
    // What the server would have added to both.
    let uid = Value::from("00000000-0000-4000-8000-000000000000");
    const KEY: &str = "batch.kubernetes.io/controller-uid";
    if let Some(Value::Object(pairs)) = selector.get_mut("matchLabels") {
        pairs.insert(KEY.into(), uid.clone());
    }
    let name = Value::from(text_at(object, "metadata/name"));
    for (key, value) in [(KEY, &uid), ("controller-uid", &uid), ("batch.kubernetes.io/job-name", &name), ("job-name", &name)] {
        labels.insert(key.into(), value.clone());
    }
    errors.invalid_raw("spec.selector", in_go_order("LabelSelector", &selector), "`selector` not auto-generated");
    (!selects(Some(&selector), Some(&labels))).then(|| labels.into())
}

fn job_spec(spec: &Value, path: &str, errors: &mut Errors) {
    for field in ["parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished", "backoffLimitPerIndex"]
    {
        not_negative(spec, field, path, errors);
    }
    if let Some(selector) = at(spec, "selector").filter(|selector| !selector.is_null()) {
        label_selector(selector, &join(path, "selector"), errors);
    }
    one_of(spec, "completionMode", path, &["NonIndexed", "Indexed"], false, errors);
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
    zone(spec, errors);
    match text_at(spec, "concurrencyPolicy") {
        "" => errors.required("spec.concurrencyPolicy", ""),
        "Allow" | "Forbid" | "Replace" => {}
        other => errors.unsupported("spec.concurrencyPolicy", other, &["Allow", "Forbid", "Replace"]),
    }
    let job = at(spec, "jobTemplate/spec").unwrap_or(&empty);
    if let Some(selector) = at(job, "selector").filter(|selector| !selector.is_null()) {
        let shown = in_go_order("LabelSelector", selector);
        errors.invalid_raw("spec.jobTemplate.spec.selector", shown, "`selector` will be auto-generated");
    }
    if bool_at(job, "manualSelector") {
        errors.unsupported("spec.jobTemplate.spec.manualSelector", true, &["nil", "false"]);
    }
    job_spec(job, "spec.jobTemplate.spec", errors);
    not_negative(spec, "successfulJobsHistoryLimit", "spec", errors);
    not_negative(spec, "failedJobsHistoryLimit", "spec", errors);
    let name = text_at(object, "metadata/name");
    if name.len() > 52 {
        errors.invalid("metadata.name", name, "must be no more than 52 characters");
    }
}

/// Areas of the time zone database, and the zones that are in none.
const AREAS: &[&str] = &[
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Brazil",
    "Canada",
    "Etc",
    "Europe",
    "Indian",
    "Pacific",
    "US",
];
const ZONES: &[&str] =
    &["UTC", "GMT", "EST", "MST", "HST", "CET", "EET", "MET", "WET", "Japan", "ROK", "PRC", "Singapore", "Zulu", "Universal"];

fn zone(spec: &Value, errors: &mut Errors) {
    let Some(zone) = at(spec, "timeZone").and_then(Value::as_str) else { return };
    const FIELD: &str = "spec.timeZone";
    let known = match zone.split_once('/') {
        Some((area, city)) => AREAS.contains(&area) && city.chars().next().is_some_and(char::is_uppercase),
        None => ZONES.contains(&zone),
    };
    if zone.is_empty() {
        errors.invalid(FIELD, zone, "timeZone must be nil or non-empty string");
    } else if zone.eq_ignore_ascii_case("local") {
        errors.invalid(FIELD, zone, "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones");
    } else if !known {
        errors.invalid(FIELD, zone, ["unknown time zone ", zone].concat());
    }
}
