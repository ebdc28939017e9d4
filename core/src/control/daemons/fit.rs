//! Which nodes a DaemonSet's Pods suit, and the tolerations they get. Models `pkg/controller/daemon` NodeShouldRunDaemonPod.

use serde_json::{Value, json};

use crate::object::Object;
use crate::object::placing;
use crate::object::value::{self, at, bool_at, items_at, text_at};

/// Key and effect of the tolerations that every daemon Pod has.
const TOLERATED: &[(&str, &str)] = &[
    ("not-ready", "NoExecute"),
    ("unreachable", "NoExecute"),
    ("disk-pressure", "NoSchedule"),
    ("memory-pressure", "NoSchedule"),
    ("pid-pressure", "NoSchedule"),
    ("unschedulable", "NoSchedule"),
];

/// The template with the tolerations added that it lacks.
pub fn template(set: &Object) -> Value {
    let mut template = set.at("/spec/template").cloned().unwrap_or_else(|| json!({}));
    let mut tolerations = items_at(&template, "/spec/tolerations").to_vec();
    let host = bool_at(&template, "/spec/hostNetwork").then_some(("network-unavailable", "NoSchedule"));
    for (name, effect) in TOLERATED.iter().copied().chain(host) {
        let key = ["node.kubernetes.io/", name].concat();
        let new = json!({"key": key, "operator": "Exists", "effect": effect});
        if !tolerations.contains(&new) {
            tolerations.push(new);
        }
    }
    value::set(&mut template, "/spec/tolerations", tolerations);
    template
}

/// Whether a Pod should run on the node, and whether one that is there may stay.
pub fn suits(template: &Value, node: &Object) -> (bool, bool) {
    let wanted = text_at(template, "/spec/nodeName");
    let fits = (wanted.is_empty() || wanted == node.name()) && placing::admits(at(template, "spec").unwrap_or(&Value::Null), node);
    let tolerated = |effects: &[&str]| {
        let mut taints = node.items_at("/spec/taints").iter().filter(|t| effects.contains(&text_at(t, "effect")));
        taints.all(|taint| items_at(template, "/spec/tolerations").iter().any(|t| tolerates(t, taint)))
    };
    (fits && tolerated(&["NoSchedule", "NoExecute"]), fits && tolerated(&["NoExecute"]))
}

/// Whether a toleration covers a taint. Models `core/v1` ToleratesTaint.
pub fn tolerates(toleration: &Value, taint: &Value) -> bool {
    let same = |field: &str, any_if_empty: bool| {
        let own = text_at(toleration, field);
        any_if_empty && own.is_empty() || own == text_at(taint, field)
    };
    same("effect", true) && same("key", true) && (text_at(toleration, "operator") == "Exists" || same("value", false))
}
