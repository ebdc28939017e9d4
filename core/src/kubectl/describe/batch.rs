//! CronJobs and autoscalers.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::page::{time, truth};
use super::{Page, template};
use crate::kubectl::Cx;
use crate::kubectl::tables::cells::{or_none, scalar, selector};
use crate::object::Object;
use crate::object::value::{at, i64_at, items_at, str_at, text_at};
use crate::text::timestamp;

fn or_unset(o: &Object, path: &str) -> String {
    o.at(path).map_or_else(|| "<unset>".to_string(), scalar)
}

/// Writes a CronJob.
pub fn cron_job(_cx: &mut Cx<'_>, o: &Object, page: &mut Page) {
    page.name(o);
    page.labels(o);
    page.annotations(o);
    page.field(0, "Schedule", o.text_at("/spec/schedule"));
    page.field(0, "Concurrency Policy", o.text_at("/spec/concurrencyPolicy"));
    page.field(0, "Suspend", o.at("/spec/suspend").and_then(Value::as_bool).map_or("<unset>", truth));
    page.field(0, "Time Zone", &or_unset(o, "/spec/timeZone"));
    page.field(0, "Successful Job History Limit", &or_unset(o, "/spec/successfulJobsHistoryLimit"));
    page.field(0, "Failed Job History Limit", &or_unset(o, "/spec/failedJobsHistoryLimit"));
    let deadline = o.i64_at("/spec/startingDeadlineSeconds").map_or_else(|| "<unset>".to_string(), |s| format!("{s}s"));
    page.field(0, "Starting Deadline Seconds", &deadline);
    let job = "/spec/jobTemplate/spec";
    let chosen = o.at(&[job, "/selector"].concat());
    page.field(0, "Selector", &chosen.map_or_else(|| "<unset>".to_string(), |s| selector(Some(s))));
    page.field(0, "Parallelism", &or_unset(o, &[job, "/parallelism"].concat()));
    page.field(0, "Completions", &or_unset(o, &[job, "/completions"].concat()));
    if let Some(seconds) = o.i64_at(&[job, "/activeDeadlineSeconds"].concat()) {
        page.field(0, "Active Deadline Seconds", &format!("{seconds}s"));
    }
    template::write(page, o.at(&[job, "/template"].concat()));
    page.field(0, "Last Schedule Time", &o.str_at("/status/lastScheduleTime").map_or_else(|| "<unset>".to_string(), time));
    let active: Vec<&str> = o.items_at("/status/active").iter().map(|job| text_at(job, "name")).collect();
    page.field(0, "Active Jobs", &or_none(&active.join(", ")));
}

/// Writes a HorizontalPodAutoscaler.
pub fn autoscaler(_cx: &mut Cx<'_>, o: &Object, page: &mut Page) {
    page.name(o);
    page.labels(o);
    page.annotations(o);
    page.field(0, "CreationTimestamp", &o.meta.creation.map_or_else(String::new, timestamp::rfc1123z));
    let kind = o.text_at("/spec/scaleTargetRef/kind");
    page.field(0, "Reference", &format!("{kind}/{}", o.text_at("/spec/scaleTargetRef/name")));
    page.field(0, "Metrics", "( current / target )");
    let current = o.items_at("/status/currentMetrics");
    for (i, metric) in o.items_at("/spec/metrics").iter().enumerate() {
        page.line(&metric_line(metric, current.get(i)));
    }
    page.field(0, "Min replicas", &or_unset(o, "/spec/minReplicas"));
    page.field(0, "Max replicas", &or_unset(o, "/spec/maxReplicas"));
    if let Some(behavior) = o.at("/spec/behavior") {
        page.line("Behavior:");
        direction(page, "Scale Up", at(behavior, "scaleUp"));
        direction(page, "Scale Down", at(behavior, "scaleDown"));
    }
    let count = |path: &str| o.i64_at(path).unwrap_or(0);
    let pods = format!("{} current / {} desired", count("/status/currentReplicas"), count("/status/desiredReplicas"));
    page.field(0, &format!("{kind} pods"), &pods);
    let conditions = o.items_at("/status/conditions");
    if conditions.is_empty() {
        return;
    }
    page.line("Conditions:\n  Type\tStatus\tReason\tMessage\n  ----\t------\t------\t-------");
    for c in conditions {
        let text = |key: &str| text_at(c, key);
        page.line(&format!("  {}\t{}\t{}\t{}", text("type"), text("status"), text("reason"), text("message")));
    }
}

/// How it scales in one direction.
fn direction(page: &mut Page, title: &str, rules: Option<&Value>) {
    let Some(rules) = rules.filter(|rules| !rules.is_null()) else { return };
    page.put(2, &format!("{title}:"));
    if let Some(seconds) = i64_at(rules, "stabilizationWindowSeconds") {
        page.put(4, &format!("Stabilization Window: {seconds} seconds"));
    }
    let policies = items_at(rules, "policies");
    if policies.is_empty() {
        return;
    }
    page.put(4, &format!("Select Policy: {}", str_at(rules, "selectPolicy").unwrap_or("Max")));
    page.put(4, "Policies:");
    for policy in policies {
        let number = |key: &str| i64_at(policy, key).unwrap_or(0);
        let text = format!("- Type: {}\tValue: {}\tPeriod: {} seconds", text_at(policy, "type"), number("value"), number("periodSeconds"));
        page.put(6, &text);
    }
}

/// One metric with what it is and what it should be.
fn metric_line(metric: &Value, current: Option<&Value>) -> String {
    let kind = text_at(metric, "type");
    let field = match kind {
        "Resource" => "resource",
        "ContainerResource" => "containerResource",
        "Pods" => "pods",
        "Object" => "object",
        "External" => "external",
        other => return format!("  <unknown metric type {}>", crate::text::quote::quote(other)),
    };
    let source = at(metric, field).unwrap_or(&Value::Null);
    let wanted = at(source, "target").unwrap_or(&Value::Null);
    let now = current.and_then(|c| at(c, field)).and_then(|c| at(c, "current"));
    let amount = |key: &str| now.and_then(|n| at(n, key)).map_or_else(|| "<unknown>".to_string(), scalar);
    let goal = |key: &str| at(wanted, key).map_or_else(|| "0".to_string(), scalar);
    let both = |key: &str| format!("{} / {}", amount(key), goal(key));
    let name = text_at(source, "metric/name");
    let average = at(wanted, "averageValue").is_some();
    let (words, key) = if average { ("(target average value)", "averageValue") } else { ("(target value)", "value") };
    let what = match field {
        "pods" => return format!("  \"{name}\" on pods:\t{}", both("averageValue")),
        "external" => return format!("  \"{name}\" {words}:\t{}", both(key)),
        "object" => {
            let (kind, object) = (text_at(source, "describedObject/kind"), text_at(source, "describedObject/name"));
            return format!("  \"{name}\" on {kind}/{object} {words}:\t{}", both(key));
        }
        "containerResource" => {
            format!("resource {} of container \"{}\" on pods", text_at(source, "name"), text_at(source, "container"))
        }
        _ => format!("resource {} on pods", text_at(source, "name")),
    };
    if average {
        return format!("  {what}:\t{}", both("averageValue"));
    }
    let used = match now.and_then(|n| i64_at(n, "averageUtilization")) {
        Some(n) => format!("{n}% ({})", amount("averageValue")),
        None => "<unknown>".to_string(),
    };
    let target = i64_at(wanted, "averageUtilization").map_or_else(|| "<auto>".to_string(), |n| format!("{n}%"));
    format!("  {what}  (as a percentage of request):\t{used} / {target}")
}
