//! What a Job's podFailurePolicy says about a failed Pod, and its successPolicy about indexes.
//! Models `pkg/controller/job/{pod_failure_policy,success_policy}.go`.

use alloc::collections::BTreeSet;
use alloc::string::String;
use serde_json::Value;

use super::indexes;
use super::run::{count, exit_codes};
use crate::control::pods;
use crate::object::Object;
use crate::object::value::{i64_at, items_at, map_at, str_at, text_at};

/// The first rule that a failed Pod matches: what to do, and why the Job fails if that is it.
fn rule<'j>(job: &'j Object, pod: &Object) -> Option<(&'j str, String)> {
    for (i, rule) in job.items_at("/spec/podFailurePolicy/rules").iter().enumerate() {
        let action = text_at(rule, "action");
        if let Some(codes) = map_at(rule, "/onExitCodes") {
            let name = codes.get("containerName").and_then(Value::as_str).unwrap_or_default();
            let inside = codes.get("operator").and_then(Value::as_str) == Some("In");
            let values = codes.get("values").and_then(Value::as_array);
            let listed = |code: i64| values.is_some_and(|v| v.iter().any(|v| v.as_i64() == Some(code)));
            let hit = exit_codes(pod).find(|(c, code)| *code != 0 && (name.is_empty() || name == *c) && listed(*code) == inside);
            if let Some((container, code)) = hit {
                let (ns, pod) = (pod.namespace(), pod.name());
                let text = alloc::format!(
                    "Container {container} for pod {ns}/{pod} failed with exit code {code} matching {action} rule at index {i}"
                );
                return Some((action, text));
            }
            continue;
        }
        for pattern in items_at(rule, "onPodConditions") {
            let kind = text_at(pattern, "type");
            let wanted = Some(text_at(pattern, "status")).filter(|s| !s.is_empty()).unwrap_or("True");
            if pods::condition(pod, kind).is_some_and(|c| text_at(c, "status") == wanted) {
                let (ns, pod) = (pod.namespace(), pod.name());
                return Some((action, alloc::format!("Pod {ns}/{pod} has condition {kind} matching {action} rule at index {i}")));
            }
        }
    }
    None
}

/// Whether a failed Pod counts.
pub fn counts(job: &Object, pod: &Object) -> bool {
    rule(job, pod).is_none_or(|(action, _)| action != "Ignore")
}

/// Whether a failed Pod makes its index fail for good.
pub fn fails_index(job: &Object, pod: &Object) -> bool {
    rule(job, pod).is_some_and(|(action, _)| action == "FailIndex")
}

/// Why a failed Pod fails the whole Job, if it does.
pub fn fails_job(job: &Object, pod: &Object) -> Option<String> {
    rule(job, pod).filter(|(action, _)| *action == "FailJob").map(|(_, text)| text)
}

/// Why the indexes that are done are enough, if a rule of the successPolicy says so.
pub fn enough(job: &Object, done: &BTreeSet<i64>) -> Option<String> {
    let rules = job.items_at("/spec/successPolicy/rules");
    let met = |rule: &Value| {
        let wanted = i64_at(rule, "succeededCount");
        match str_at(rule, "succeededIndexes") {
            Some(text) => {
                let listed = indexes::parse(text);
                let hits = count(listed.intersection(done));
                hits >= wanted.unwrap_or_else(|| count(&listed))
            }
            None => wanted.is_some_and(|n| count(done) >= n),
        }
    };
    rules.iter().position(met).map(|i| alloc::format!("Matched rules at index {i}"))
}
