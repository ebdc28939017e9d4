//! Validation of Jobs and CronJobs. Models kubernetes `pkg/apis/batch/validation`.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use serde_json::{Map, Value, json};

use super::common::{IMMUTABLE, immutable, in_go_order, label_selector, needed, not_negative, one_of, selects};
use super::field::{Errors, join, keyed, nth};
use super::{cron, internal, pod};
use crate::object::names;
use crate::object::value::{at, bool_at, i64_at, items_at, map_at, set_default, text_at};
use crate::text::quote::quote;

/// A Job.
pub fn job(object: &Value, errors: &mut Errors) {
    let empty = Value::Null;
    let spec = at(object, "spec").unwrap_or(&empty);
    let (selector, labels) = selected(object, spec);
    if let Some(selector) = selector.as_ref().filter(|_| !bool_at(spec, "manualSelector")) {
        generated(object, selector, &labels, errors);
    }
    job_spec(spec, "spec", errors);
    match &selector {
        None => errors.required("spec.selector", ""),
        Some(selector) => label_selector(selector, "spec.selector", errors),
    }
    if !selects(selector.as_ref(), Some(&labels)) {
        let shown = if labels.is_empty() { Value::Null } else { labels.into() };
        errors.invalid("spec.template.metadata.labels", shown, "`selector` does not match template `labels`");
    }
    let completions = i64_at(spec, "completions").filter(|completions| *completions > 0);
    if let Some(completions) = completions.filter(|_| text_at(spec, "completionMode") == "Indexed") {
        let name = text_at(object, "metadata/name");
        let host = format!("{name}-{}", completions - 1);
        if !names::dns_label(&host).is_empty() {
            errors.invalid("metadata.name", name, format!("will not able to create pod with invalid DNS label: {host}"));
        }
    }
}

/// The labels that a Job's Pods have of it, in the order in which they are looked for.
const LABELS: &[&str] = &["controller-uid", "job-name", "batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name"];

fn label_of<'a>(object: &'a Value, label: &str) -> &'a str {
    text_at(object, if label.ends_with("uid") { "metadata/uid" } else { "metadata/name" })
}

/// The selector of a Job and the labels of its template, with what the server adds to both of a new one.
fn selected(object: &Value, spec: &Value) -> (Option<Value>, Map<String, Value>) {
    let mut selector = at(spec, "selector").filter(|selector| !selector.is_null()).cloned();
    let mut labels = map_at(spec, "template/metadata/labels").cloned().unwrap_or_default();
    if text_at(object, "metadata/uid").is_empty() && !bool_at(spec, "manualSelector") {
        // Any UID is as good as the one that it will have.
        const UID: &str = "00000000-0000-4000-8000-000000000000";
        for label in LABELS {
            let value = if label.ends_with("uid") { UID } else { label_of(object, label) };
            labels.insert((*label).into(), value.into());
        }
        let holder = selector.get_or_insert_with(|| json!({}));
        set_default(holder, "matchLabels", json!({}));
        if let Some(Value::Object(pairs)) = holder.get_mut("matchLabels") {
            pairs.insert("batch.kubernetes.io/controller-uid".into(), UID.into());
        }
    }
    (selector, labels)
}

/// A selector that is made by the server, and the labels that go with it.
fn generated(object: &Value, selector: &Value, labels: &Map<String, Value>, errors: &mut Errors) {
    const PATH: &str = "spec.template.metadata.labels";
    let new = text_at(object, "metadata/uid").is_empty();
    let mut expected = Map::new();
    for label in LABELS {
        let wanted = if new { labels.get(*label).and_then(Value::as_str).unwrap_or_default() } else { label_of(object, label) };
        expected.insert((*label).into(), wanted.into());
        match labels.get(*label).and_then(Value::as_str) {
            None => errors.required(&keyed(PATH, label), ["must be '", wanted, "'"].concat()),
            Some(is) if is != wanted => {
                errors.invalid(&keyed(PATH, label), Value::from(labels.clone()), ["must be '", wanted, "'"].concat());
            }
            Some(_) => {}
        }
    }
    if !selects(Some(selector), Some(&expected)) {
        errors.invalid_raw("spec.selector", in_go_order("LabelSelector", selector), "`selector` not auto-generated");
    }
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
    manager(spec, path, errors);
    one_of(spec, "completionMode", path, &["NonIndexed", "Indexed"], false, errors);
    if text_at(spec, "completionMode") == "Indexed" && i64_at(spec, "completions").is_none() {
        let field = join(path, "completions");
        errors.required(&field, "when completion mode is Indexed");
    }
    let indexed = text_at(spec, "completionMode") == "Indexed";
    if indexed {
        index_limits(spec, path, errors);
    }
    for field in ["backoffLimitPerIndex", "maxFailedIndexes"] {
        if let Some(number) = i64_at(spec, field).filter(|_| !indexed) {
            errors.invalid(&join(path, field), number, "requires indexed completion mode");
        }
    }
    let policy = at(spec, "podFailurePolicy").filter(|policy| !policy.is_null());
    let rules = policy.map_or(&[][..], |policy| items_at(policy, "rules"));
    if rules.len() > 20 {
        errors.too_many(&join(path, "podFailurePolicy.rules"), rules.len(), 20);
    }
    for (number, rule) in rules.iter().enumerate() {
        failure_rule(spec, rule, &nth(&join(path, "podFailurePolicy.rules"), number), errors);
    }
    if let Some(policy) = at(spec, "successPolicy").filter(|policy| !policy.is_null()) {
        let field = join(path, "successPolicy");
        if indexed {
            success(spec, policy, &join(&field, "rules"), errors);
        } else {
            errors.invalid_raw(&field, internal::internal("SuccessPolicy", policy), "requires indexed completion mode");
        }
    }
    let replacements: &[&str] = if policy.is_some() { &["Failed"] } else { &["Failed", "TerminatingOrFailed"] };
    one_of(spec, "podReplacementPolicy", path, replacements, false, errors);
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

/// Who looks after a Job, when it is not the Job controller.
fn manager(spec: &Value, path: &str, errors: &mut Errors) {
    let Some(manager) = at(spec, "managedBy").and_then(Value::as_str) else { return };
    let field = join(path, "managedBy");
    if manager.is_empty() {
        return errors.required(&field, "");
    }
    let Some((host, _)) = manager.split_once('/').filter(|(host, rest)| !host.is_empty() && !rest.is_empty()) else {
        return errors.invalid(&field, manager, "must be a domain-prefixed path (such as \"acme.io/foo\")");
    };
    errors.each(&field, host, names::dns_subdomain(host));
    if manager.len() > 63 {
        errors.too_long(&field, 63);
    }
}

/// How many Pods a Job that numbers them may have.
fn index_limits(spec: &Value, path: &str, errors: &mut Errors) {
    const MOST: i64 = 100_000;
    let number = |field: &str| i64_at(spec, field);
    if let Some(parallelism) = number("parallelism").filter(|parallelism| *parallelism > MOST) {
        let text = "must be less than or equal to 100000 when completion mode is Indexed";
        errors.invalid(&join(path, "parallelism"), parallelism, text);
    }
    let (completions, failed) = (number("completions"), number("maxFailedIndexes"));
    if let Some(failed) = failed.filter(|failed| completions.is_some_and(|completions| *failed > completions)) {
        errors.invalid(&join(path, "maxFailedIndexes"), failed, "must be less than or equal to completions");
    }
    if let Some(failed) = failed.filter(|failed| *failed > MOST) {
        errors.invalid(&join(path, "maxFailedIndexes"), failed, "must be less than or equal to 100000");
    }
}

/// The rules by which a Job is done before all its Pods are.
fn success(spec: &Value, policy: &Value, path: &str, errors: &mut Errors) {
    let completions = i64_at(spec, "completions").unwrap_or(0);
    let rules = items_at(policy, "rules");
    if rules.is_empty() {
        errors.required(path, "at least one rules must be specified when the successPolicy is specified");
    }
    if rules.len() > 20 {
        errors.too_many(path, rules.len(), 20);
    }
    for (number, rule) in rules.iter().enumerate() {
        let path = nth(path, number);
        let indexes = at(rule, "succeededIndexes").and_then(Value::as_str);
        let count = i64_at(rule, "succeededCount");
        if indexes.is_none() && count.is_none() {
            errors.required(&path, "at least one of succeededCount or succeededIndexes must be specified");
        }
        let listed = indexes.map(|indexes| count_indexes(indexes, completions));
        if let (Some(indexes), Some(Err(why))) = (indexes, &listed) {
            errors.invalid(&join(&path, "succeededIndexes"), indexes, format!("error parsing succeededIndexes: {why}"));
        }
        let Some(count) = count else { continue };
        let field = join(&path, "succeededCount");
        not_negative(rule, "succeededCount", &path, errors);
        if count > completions {
            let text = format!("must be less than or equal to {completions} (the number of specified completions)");
            errors.invalid(&field, count, text);
        }
        if let Some(total) = listed.map(|listed| listed.unwrap_or(0)).filter(|total| count > *total) {
            let text = format!("must be less than or equal to {total} (the number of indexes in the specified succeededIndexes field)");
            errors.invalid(&field, count, text);
        }
    }
}

/// How many numbers a list like `1,3-5` has.
fn count_indexes(list: &str, completions: i64) -> Result<i64, String> {
    let index = |text: &str| -> Result<i64, String> {
        let number = text.parse::<i64>().map_err(|_| format!("cannot convert string to integer for index: {}", quote(text)))?;
        if number >= completions { Err(format!("too large index: {}", quote(text))) } else { Ok(number) }
    };
    let order = |previous: i64, current: i64| Err(format!("non-increasing order, previous: {previous}, current: {current}"));
    let (mut last, mut total) = (None, 0);
    for part in list.split(',').filter(|_| !list.is_empty()) {
        let (first, end) = match part.split_once('-') {
            Some((_, rest)) if rest.contains('-') => {
                let rule = "violates the requirement that an index interval can have at most two parts separated by '-'";
                return Err(format!("the fragment {} {rule}", quote(part)));
            }
            Some((first, end)) => (index(first)?, index(end)?),
            None => (index(part)?, index(part)?),
        };
        if part.contains('-') && first >= end {
            return order(first, end);
        }
        if let Some(last) = last.filter(|last| *last >= first) {
            return order(last, first);
        }
        total += end - first + 1;
        last = Some(end);
    }
    Ok(total)
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
    for (number, pattern) in items_at(rule, "onPodConditions").iter().enumerate() {
        let path = nth(&join(path, "onPodConditions"), number);
        let kind = text_at(pattern, "type");
        errors.each(&join(&path, "type"), kind, names::qualified_name(kind));
        one_of(pattern, "status", &path, &["False", "True", "Unknown"], false, errors);
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
    cron::zone(spec, errors);
    match text_at(spec, "concurrencyPolicy") {
        "" => errors.required("spec.concurrencyPolicy", ""),
        "Allow" | "Forbid" | "Replace" => {}
        other => errors.unsupported("spec.concurrencyPolicy", other, &["Allow", "Forbid", "Replace"]),
    }
    let job = at(spec, "jobTemplate/spec").unwrap_or(&empty);
    job_spec(job, "spec.jobTemplate.spec", errors);
    if let Some(selector) = at(job, "selector").filter(|selector| !selector.is_null()) {
        let shown = in_go_order("LabelSelector", selector);
        errors.invalid_raw("spec.jobTemplate.spec.selector", shown, "`selector` will be auto-generated");
    }
    if bool_at(job, "manualSelector") {
        errors.unsupported("spec.jobTemplate.spec.manualSelector", true, &["nil", "false"]);
    }
    not_negative(spec, "successfulJobsHistoryLimit", "spec", errors);
    not_negative(spec, "failedJobsHistoryLimit", "spec", errors);
    let name = text_at(object, "metadata/name");
    if name.len() > 52 {
        errors.invalid("metadata.name", name, "must be no more than 52 characters");
    }
}
