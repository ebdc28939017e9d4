//! Validation of Jobs and CronJobs. Models kubernetes `pkg/apis/batch/validation`.

use alloc::vec::Vec;
use serde_json::Value;

use super::common::{IMMUTABLE, immutable, in_go_order, label_selector, needed, not_negative, one_of, selects};
use super::field::{Errors, join, nth};
use super::{cron, internal, pod};
use crate::object::value::{at, bool_at, i64_at, items_at, map_at, text_at};

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
    for field in [
        "parallelism",
        "completions",
        "activeDeadlineSeconds",
        "backoffLimit",
        "ttlSecondsAfterFinished",
        "backoffLimitPerIndex",
        "maxFailedIndexes",
    ] {
        not_negative(spec, field, path, errors);
    }
    if i64_at(spec, "maxFailedIndexes").is_some() && i64_at(spec, "backoffLimitPerIndex").is_none() {
        errors.required(&join(path, "backoffLimitPerIndex"), "when maxFailedIndexes is specified");
    }
    if let Some(selector) = at(spec, "selector").filter(|selector| !selector.is_null()) {
        label_selector(selector, &join(path, "selector"), errors);
    }
    one_of(spec, "completionMode", path, &["NonIndexed", "Indexed"], false, errors);
    if text_at(spec, "completionMode") == "Indexed" && i64_at(spec, "completions").is_none() {
        let field = join(path, "completions");
        errors.required(&field, "when completion mode is Indexed");
    }
    let indexed = text_at(spec, "completionMode") == "Indexed";
    for field in ["backoffLimitPerIndex", "maxFailedIndexes"] {
        if let Some(number) = i64_at(spec, field).filter(|_| !indexed) {
            errors.invalid(&join(path, field), number, "requires indexed completion mode");
        }
    }
    let policy = at(spec, "podFailurePolicy").filter(|policy| !policy.is_null());
    for (number, rule) in policy.map_or(&[][..], |policy| items_at(policy, "rules")).iter().enumerate() {
        failure_rule(spec, rule, &nth(&join(path, "podFailurePolicy.rules"), number), errors);
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
    let restart = text_at(template, "spec/restartPolicy");
    if policy.is_some() && restart != "Never" {
        let text = "only \"Never\" is supported when podFailurePolicy is specified";
        errors.invalid(&join(&field, "spec.restartPolicy"), restart, text);
    }
}

/// A rule of what a failed Pod means for its Job.
fn failure_rule(spec: &Value, rule: &Value, path: &str, errors: &mut Errors) {
    const ACTIONS: &[&str] = &["Count", "FailIndex", "FailJob", "Ignore"];
    let action = text_at(rule, "action");
    let field = join(path, "action");
    match action {
        "" => errors.required(&field, "valid values: [\"Count\" \"FailIndex\" \"FailJob\" \"Ignore\"]"),
        "FailIndex" if i64_at(spec, "backoffLimitPerIndex").is_none() => {
            errors.invalid(&field, action, "requires the backoffLimitPerIndex to be set");
        }
        _ if !ACTIONS.contains(&action) => errors.unsupported(&field, action, ACTIONS),
        _ => {}
    }
    let codes = at(rule, "onExitCodes").filter(|codes| !codes.is_null());
    if let Some(codes) = codes {
        exit_codes(spec, codes, &join(path, "onExitCodes"), errors);
    }
    let conditions = !items_at(rule, "onPodConditions").is_empty();
    match (codes.is_some(), conditions) {
        (true, true) => errors.invalid_without(path, "specifying both OnExitCodes and OnPodConditions is not supported"),
        (false, false) => errors.invalid_without(path, "specifying one of OnExitCodes and OnPodConditions is required"),
        _ => {}
    }
}

fn exit_codes(spec: &Value, codes: &Value, path: &str, errors: &mut Errors) {
    let operator = text_at(codes, "operator");
    match operator {
        "" => errors.required(&join(path, "operator"), "valid values: [\"In\" \"NotIn\"]"),
        "In" | "NotIn" => {}
        _ => errors.unsupported(&join(path, "operator"), operator, &["In", "NotIn"]),
    }
    let name = text_at(codes, "containerName");
    let lists = ["template/spec/containers", "template/spec/initContainers"];
    if !name.is_empty() && !lists.iter().flat_map(|list| items_at(spec, list)).any(|container| text_at(container, "name") == name) {
        let text = "must be one of the container or initContainer names in the pod template";
        errors.invalid(&join(path, "containerName"), name, text);
    }
    let field = join(path, "values");
    let values: Vec<i64> = items_at(codes, "values").iter().filter_map(Value::as_i64).collect();
    if values.is_empty() {
        errors.invalid(&field, Value::Array(Vec::new()), "at least one value is required");
    }
    for (number, value) in values.iter().enumerate() {
        if operator == "In" && *value == 0 {
            errors.invalid(&nth(&field, number), *value, "must not be 0 for the In operator");
        }
        if values.iter().take(number).any(|before| before == value) {
            errors.duplicate(&nth(&field, number), *value);
        }
    }
    if !values.is_sorted() {
        errors.invalid(&field, Value::from(values), "must be ordered");
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

/// The names of the time zone database, by area; those that are in none after a dash.
const ZONES: &str = include_str!("../../../data/zones.txt");

fn is_zone(name: &str) -> bool {
    let (area, city) = name.split_once('/').unwrap_or(("-", name));
    let mut areas = ZONES.lines().filter_map(|line| line.split_once(' '));
    areas.any(|(known, cities)| known == area && cities.split(' ').any(|known| known == city))
}

fn zone(spec: &Value, errors: &mut Errors) {
    let Some(zone) = at(spec, "timeZone").and_then(Value::as_str) else { return };
    const FIELD: &str = "spec.timeZone";
    if zone.is_empty() {
        errors.invalid(FIELD, zone, "timeZone must be nil or non-empty string");
    } else if zone.eq_ignore_ascii_case("local") {
        errors.invalid(FIELD, zone, "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones");
    } else if !is_zone(zone) {
        errors.invalid(FIELD, zone, ["unknown time zone ", zone].concat());
    }
}
