//! Autoscalers and disruption budgets.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use serde_json::Value;

use super::cells::{age, count, scalar};
use crate::object::Object;
use crate::object::value::{at, i64_at, text_at};

/// The cells of a HorizontalPodAutoscaler.
pub fn autoscaler(o: &Object, now_ms: i64) -> Vec<String> {
    vec![
        o.name().to_string(),
        format!("{}/{}", o.text_at("/spec/scaleTargetRef/kind"), o.text_at("/spec/scaleTargetRef/name")),
        targets(o),
        o.i64_at("/spec/minReplicas").map_or_else(|| "<unset>".to_string(), |n| n.to_string()),
        count(o, "/spec/maxReplicas"),
        count(o, "/status/currentReplicas"),
        age(o, now_ms),
    ]
}

fn targets(o: &Object) -> String {
    let metrics = o.items_at("/spec/metrics");
    if metrics.is_empty() {
        return "<none>".to_string();
    }
    let current = o.items_at("/status/currentMetrics");
    let all: Vec<String> = metrics.iter().enumerate().map(|(i, metric)| target(metric, current.get(i))).collect();
    let shown = all.get(..2.min(all.len())).unwrap_or_default().join(", ");
    if all.len() > 2 { format!("{shown} + {} more...", all.len() - 2) } else { shown }
}

/// One metric: `cpu: 10%/80%`, `<unknown>/5 (avg)`.
fn target(metric: &Value, current: Option<&Value>) -> String {
    let (field, named) = match text_at(metric, "type") {
        "Resource" => ("resource", true),
        "ContainerResource" => ("containerResource", true),
        "Pods" => ("pods", false),
        "Object" => ("object", false),
        _ => ("external", false),
    };
    let now = current.and_then(|c| at(c, field)).and_then(|c| at(c, "current"));
    let wanted = at(metric, field).and_then(|m| at(m, "target")).unwrap_or(&Value::Null);
    let amount = |key: &str| now.and_then(|n| at(n, key)).map_or_else(|| "<unknown>".to_string(), scalar);
    let prefix = if named { format!("{}: ", text_at(metric, &[field, "/name"].concat())) } else { String::new() };
    if let Some(average) = at(wanted, "averageValue") {
        let suffix = if named || field == "pods" { "" } else { " (avg)" };
        return format!("{prefix}{}/{}{suffix}", amount("averageValue"), scalar(average));
    }
    if named {
        let percent = |v: Option<i64>, none: &str| v.map_or_else(|| none.to_string(), |n| format!("{n}%"));
        let used = percent(now.and_then(|n| i64_at(n, "averageUtilization")), "<unknown>");
        return format!("{prefix}{used}/{}", percent(i64_at(wanted, "averageUtilization"), "<auto>"));
    }
    format!("{}/{}", amount("value"), at(wanted, "value").map_or_else(|| "<auto>".to_string(), scalar))
}

/// The cells of a PodDisruptionBudget.
pub fn disruption_budget(o: &Object, now_ms: i64) -> Vec<String> {
    let limit = |path: &str| o.at(path).map_or_else(|| "N/A".to_string(), scalar);
    vec![
        o.name().to_string(),
        limit("/spec/minAvailable"),
        limit("/spec/maxUnavailable"),
        count(o, "/status/disruptionsAllowed"),
        age(o, now_ms),
    ]
}
