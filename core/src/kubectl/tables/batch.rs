//! Jobs and CronJobs.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use super::cells::{age, containers, is_true, or_none, selector, since};
use crate::object::Object;
use crate::text::{duration, timestamp};

/// The cells of a Job.
pub fn job(o: &Object, now_ms: i64) -> Vec<String> {
    let done = o.i64_at("/status/succeeded").unwrap_or(0);
    let completions = match (o.i64_at("/spec/completions"), o.i64_at("/spec/parallelism").unwrap_or(0)) {
        (Some(wanted), _) => format!("{done}/{wanted}"),
        (None, at_once) if at_once > 1 => format!("{done}/1 of {at_once}"),
        (None, _) => format!("{done}/1"),
    };
    let moment = |path: &str| timestamp::parse_rfc3339_ms(o.text_at(path));
    let took = match (moment("/status/startTime"), moment("/status/completionTime")) {
        (None, _) => String::new(),
        (Some(start), end) => duration::human(end.unwrap_or(now_ms).saturating_sub(start)),
    };
    let [names, images] = containers(o.at("/spec/template/spec"));
    vec![o.name().to_string(), status(o).to_string(), completions, took, age(o, now_ms), names, images, selector(o.at("/spec/selector"))]
}

fn status(o: &Object) -> &'static str {
    for word in ["Complete", "Failed"] {
        if is_true(o, word) {
            return word;
        }
    }
    if o.is_deleting() {
        return "Terminating";
    }
    for word in ["Suspended", "FailureTarget", "SuccessCriteriaMet"] {
        if is_true(o, word) {
            return word;
        }
    }
    "Running"
}

/// The cells of a CronJob.
pub fn cron_job(o: &Object, now_ms: i64) -> Vec<String> {
    let last = timestamp::parse_rfc3339_ms(o.text_at("/status/lastScheduleTime"));
    let [names, images] = containers(o.at("/spec/jobTemplate/spec/template/spec"));
    vec![
        o.name().to_string(),
        o.text_at("/spec/schedule").to_string(),
        or_none(o.text_at("/spec/timeZone")),
        if o.bool_at("/spec/suspend") { "True" } else { "False" }.to_string(),
        o.items_at("/status/active").len().to_string(),
        last.map_or_else(|| "<none>".to_string(), |at| since(Some(at), now_ms)),
        age(o, now_ms),
        names,
        images,
        selector(o.at("/spec/jobTemplate/spec/selector")),
    ]
}
