//! What a Job's podFailurePolicy says about a failed Pod. Models `pkg/controller/job/pod_failure_policy.go`.

use alloc::string::String;
use serde_json::Value;

use super::exit_codes;
use crate::control::pods;
use crate::object::Object;
use crate::object::value::{items_at, map_at, text_at};

/// The first rule that a failed Pod matches: its number and what to do.
fn rule<'j>(job: &'j Object, pod: &Object) -> Option<(usize, &'j str, String)> {
    for (i, rule) in job.items_at("/spec/podFailurePolicy/rules").iter().enumerate() {
        let action = text_at(rule, "action");
        if let Some(codes) = map_at(rule, "/onExitCodes") {
            let codes = Value::Object(codes.clone());
            let name = text_at(&codes, "containerName");
            let listed = |code: i64| items_at(&codes, "values").iter().any(|v| v.as_i64() == Some(code));
            let inside = text_at(&codes, "operator") == "In";
            let hit = exit_codes(pod).find(|(c, code)| *code != 0 && (name.is_empty() || name == *c) && listed(*code) == inside);
            if let Some((container, code)) = hit {
                let text = alloc::format!(
                    "Container {container} for pod {}/{} failed with exit code {code} matching {action} rule at index {i}",
                    pod.namespace(),
                    pod.name()
                );
                return Some((i, action, text));
            }
            continue;
        }
        for pattern in items_at(rule, "onPodConditions") {
            let kind = text_at(pattern, "type");
            let wanted = Some(text_at(pattern, "status")).filter(|s| !s.is_empty()).unwrap_or("True");
            if pods::condition(pod, kind).is_some_and(|c| text_at(c, "status") == wanted) {
                let text =
                    alloc::format!("Pod {}/{} has condition {kind} matching {action} rule at index {i}", pod.namespace(), pod.name());
                return Some((i, action, text));
            }
        }
    }
    None
}

/// Whether a failed Pod is not to be counted.
pub fn is_ignored(job: &Object, pod: &Object) -> bool {
    rule(job, pod).is_some_and(|(_, action, _)| action == "Ignore")
}

/// Why a failed Pod fails the whole Job, if it does.
pub fn fails_job(job: &Object, pod: &Object) -> Option<String> {
    rule(job, pod).filter(|(_, action, _)| *action == "FailJob").map(|(_, _, text)| text)
}
