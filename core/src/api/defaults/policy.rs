//! Defaults of what governs others: autoscalers, limits, priorities, role bindings. Models kubernetes
//! `pkg/apis/autoscaling/v2/defaults.go`, `pkg/apis/core/v1/defaults.go` and `pkg/apis/rbac/v1/defaults.go`.

use serde_json::{Map, Value, json};

use super::each;
use crate::object::value::{at, at_mut, items_at, map_at, set_default, text_at};

/// A HorizontalPodAutoscaler (autoscaling/v2).
pub fn autoscaler(object: &mut Value) {
    let Some(spec) = at_mut(object, "/spec") else { return };
    set_default(spec, "minReplicas", 1);
    if items_at(spec, "/metrics").is_empty()
        && let Value::Object(spec) = spec
    {
        let cpu = json!([{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}}}]);
        spec.insert("metrics".into(), cpu);
    }
    if at(spec, "/behavior").is_none_or(Value::is_null) {
        return;
    }
    let pods = json!({"type": "Pods", "value": 4, "periodSeconds": 15});
    let percent = json!({"type": "Percent", "value": 100, "periodSeconds": 15});
    set_default(spec, "/behavior/scaleUp/stabilizationWindowSeconds", 0);
    for (direction, policies) in [("scaleUp", json!([pods, percent])), ("scaleDown", json!([percent]))] {
        let path = ["/behavior/", direction].concat();
        set_default(spec, &[&path, "/selectPolicy"].concat(), "Max");
        set_default(spec, &[&path, "/policies"].concat(), policies);
    }
}

/// A LimitRange: the most a container may use is its default limit, and that its default request.
pub fn limit_range(object: &mut Value) {
    for item in each(object, "spec/limits") {
        if text_at(item, "/type") != "Container" {
            continue;
        }
        let take = |item: &Value, field: &str| map_at(item, field).cloned().unwrap_or_default();
        let (max, min) = (take(item, "max"), take(item, "min"));
        let (mut limits, mut requests) = (take(item, "default"), take(item, "defaultRequest"));
        fill(&mut limits, &max);
        fill(&mut requests, &limits);
        fill(&mut requests, &min);
        if let Value::Object(item) = item {
            for (name, amounts) in [("default", limits), ("defaultRequest", requests)] {
                if !amounts.is_empty() {
                    item.insert(name.into(), Value::Object(amounts));
                }
            }
        }
    }
}

fn fill(into: &mut Map<alloc::string::String, Value>, from: &Map<alloc::string::String, Value>) {
    for (name, amount) in from {
        if !into.contains_key(name) {
            into.insert(name.clone(), amount.clone());
        }
    }
}

/// A PriorityClass.
pub fn priority_class(object: &mut Value) {
    set_default(object, "preemptionPolicy", "PreemptLowerPriority");
}

/// A RoleBinding or ClusterRoleBinding.
pub fn role_binding(object: &mut Value) {
    const GROUP: &str = "rbac.authorization.k8s.io";
    if text_at(object, "/roleRef/apiGroup").is_empty()
        && let Some(slot) = at_mut(object, "/roleRef/apiGroup")
    {
        *slot = GROUP.into();
    }
    for subject in each(object, "subjects") {
        if matches!(text_at(subject, "/kind"), "User" | "Group") {
            set_default(subject, "apiGroup", GROUP);
        }
    }
}
