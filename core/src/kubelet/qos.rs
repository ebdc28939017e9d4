//! The quality of service class of a Pod. Models `pkg/apis/core/v1/helper/qos`.

use serde_json::Value;

use crate::object::Object;
use crate::object::value::{at, pairs_at, text_at};

/// `Guaranteed`, `Burstable` or `BestEffort`.
pub fn class(pod: &Object) -> &'static str {
    let containers = || pod.items_at("/spec/containers").iter().chain(pod.items_at("/spec/initContainers"));
    let any = |c: &Value| {
        ["resources/requests", "resources/limits"]
            .iter()
            .any(|p| at(c, p).is_some_and(|list| ["cpu", "memory"].iter().any(|r| at(list, r).is_some())))
    };
    if !containers().any(any) {
        return "BestEffort";
    }
    let full = |c: &Value| {
        ["cpu", "memory"].iter().all(|r| {
            let limit = text_at(c, &["resources/limits/", r].concat());
            let request = at(c, "resources/requests").map_or("", |list| text_at(list, r));
            !limit.is_empty() && (request.is_empty() || request == limit)
        }) && at(c, "resources/requests").is_none_or(|l| pairs_at(l, "").count() <= 8)
    };
    if containers().all(full) { "Guaranteed" } else { "Burstable" }
}
