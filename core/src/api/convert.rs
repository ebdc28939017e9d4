//! Objects in a version that is not the stored one. Only `autoscaling/v1` is met any more.

use serde_json::{Value, json};

use super::registry::Resource;
use crate::object::value::{i64_at, remove, set, text_at};

/// Converts a body to the stored version of its resource; false when that cannot be done.
pub fn to_stored(resource: &Resource, body: &mut Value) -> bool {
    let autoscaler = resource.group == "autoscaling" && resource.kind == "HorizontalPodAutoscaler";
    if !autoscaler || text_at(body, "apiVersion") != "autoscaling/v1" {
        return false;
    }
    if let Some(percent) = i64_at(body, "spec/targetCPUUtilizationPercentage") {
        let target = json!({"type": "Utilization", "averageUtilization": percent});
        set(body, "/spec/metrics", json!([{"type": "Resource", "resource": {"name": "cpu", "target": target}}]));
    }
    remove(body, "/spec/targetCPUUtilizationPercentage");
    true
}
