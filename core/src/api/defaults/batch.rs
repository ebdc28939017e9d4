//! Defaults of Jobs and CronJobs. Models kubernetes `pkg/apis/batch/v1/defaults.go`.

use serde_json::Value;

use super::{each, pod::template};
use crate::object::value::{at, at_mut, items_at, set_default};

/// A Job. Its labels are the template's where it has none.
pub fn job(object: &mut Value) {
    let labels = at(object, "/spec/template/metadata/labels").cloned().unwrap_or(Value::Null);
    if labels.as_object().is_some_and(|labels| !labels.is_empty()) {
        set_default(object, "/metadata/labels", labels);
    }
    let Some(spec) = at_mut(object, "/spec") else { return };
    let lacks = |spec: &Value, field: &str| spec.get(field).is_none_or(Value::is_null);
    if lacks(spec, "completions") && lacks(spec, "parallelism") {
        set_default(spec, "completions", 1);
    }
    set_default(spec, "parallelism", 1);
    let limit = if lacks(spec, "backoffLimitPerIndex") { 6 } else { i32::MAX };
    set_default(spec, "backoffLimit", limit);
    set_default(spec, "completionMode", "NonIndexed");
    set_default(spec, "suspend", false);
    set_default(spec, "manualSelector", false);
    let rules = !items_at(spec, "/podFailurePolicy/rules").is_empty();
    set_default(spec, "podReplacementPolicy", if rules { "Failed" } else { "TerminatingOrFailed" });
    for rule in each(spec, "podFailurePolicy/rules") {
        for pattern in each(rule, "onPodConditions") {
            set_default(pattern, "status", "True");
        }
    }
    template(spec);
}

/// A CronJob. The Job inside gets its own defaults when it is made.
pub fn cron_job(object: &mut Value) {
    let Some(spec) = at_mut(object, "/spec") else { return };
    set_default(spec, "concurrencyPolicy", "Allow");
    set_default(spec, "suspend", false);
    set_default(spec, "successfulJobsHistoryLimit", 3);
    set_default(spec, "failedJobsHistoryLimit", 1);
    if let Some(job) = at_mut(spec, "/jobTemplate/spec") {
        template(job);
    }
}
