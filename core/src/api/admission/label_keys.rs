//! `matchLabelKeys` of a new Pod: what its own labels say becomes part of the selectors beside them.
//! Models `pkg/registry/core/pod` applyMatchLabelKeysAndMismatchLabelKeys, and the same for topology spread.

use alloc::vec::Vec;
use serde_json::{Value, json};

use crate::object::Object;
use crate::object::value::{at_mut, items_at};

/// Where terms with selectors are: the list, and the part of an item that is the term.
const TERMS: [(&str, &str); 5] = [
    ("topologySpreadConstraints", ""),
    ("affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution", ""),
    ("affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution", "podAffinityTerm"),
    ("affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution", ""),
    ("affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution", "podAffinityTerm"),
];

/// Completes the selectors of a Pod. Doing it twice changes nothing more.
pub fn apply(pod: &mut Object) {
    if pod.at("/spec/topologySpreadConstraints").is_none() && pod.at("/spec/affinity").is_none() {
        return;
    }
    let labels = pod.meta.labels.clone();
    let spec = pod.field_mut("spec");
    for (list, part) in TERMS {
        for item in at_mut(spec, list).and_then(Value::as_array_mut).into_iter().flatten() {
            let Some(term) = (if part.is_empty() { Some(item) } else { at_mut(item, part) }) else { continue };
            let mut more: Vec<Value> = Vec::new();
            for (field, operator) in [("matchLabelKeys", "In"), ("mismatchLabelKeys", "NotIn")] {
                for key in items_at(term, field).iter().filter_map(Value::as_str) {
                    if let Some(value) = labels.get(key) {
                        more.push(json!({"key": key, "operator": operator, "values": [value]}));
                    }
                }
            }
            let Some(selector) = at_mut(term, "labelSelector").filter(|s| s.is_object() && !more.is_empty()) else { continue };
            let old = items_at(selector, "matchExpressions");
            let new: Vec<Value> = more.into_iter().filter(|e| !old.contains(e)).collect();
            let all: Vec<Value> = old.iter().cloned().chain(new).collect();
            crate::object::value::set(selector, "matchExpressions", all);
        }
    }
}
