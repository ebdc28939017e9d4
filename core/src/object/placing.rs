//! Which nodes a Pod's selector and its required affinity admit.
//! Models `component-helpers/scheduling/corev1/nodeaffinity`.

use alloc::string::ToString;
use serde_json::Value;

use super::Object;
use super::value::{at, items_at, map_at, pairs_at, text_at};

/// The terms of the node affinity that is required, if any.
pub fn required_terms(spec: &Value) -> Option<&[Value]> {
    let affinity = at(spec, "affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution")?;
    map_at(affinity, "")?;
    Some(items_at(affinity, "nodeSelectorTerms"))
}

/// Whether a Pod's spec admits a node.
pub fn admits(spec: &Value, node: &Object) -> bool {
    let selected = at(spec, "nodeSelector").is_none_or(|s| pairs_at(s, "").all(|(k, v)| node.meta.label(k) == Some(v)));
    selected && required_terms(spec).is_none_or(|terms| terms.iter().any(|t| term_matches(t, node)))
}

/// Whether a node selector term matches a node; an empty term matches none. Models `component-helpers` nodeaffinity.
pub fn term_matches(term: &Value, node: &Object) -> bool {
    let (labels, fields) = (items_at(term, "matchExpressions"), items_at(term, "matchFields"));
    if labels.is_empty() && fields.is_empty() {
        return false;
    }
    labels.iter().all(|e| holds(e, node.meta.label(text_at(e, "key"))))
        && fields.iter().all(|e| holds(e, (text_at(e, "key") == "metadata.name").then(|| node.name())))
}

/// Whether what is asked of a value, or of its absence, holds.
pub fn holds(expression: &Value, value: Option<&str>) -> bool {
    let values = || items_at(expression, "values").iter().filter_map(Value::as_str);
    let number = |s: &str| s.parse::<i64>().ok();
    let bound = || values().next().map(ToString::to_string).and_then(|s| number(&s));
    match text_at(expression, "operator") {
        "In" => value.is_some_and(|v| values().any(|w| w == v)),
        "NotIn" => value.is_none_or(|v| values().all(|w| w != v)),
        "Exists" => value.is_some(),
        "DoesNotExist" => value.is_none(),
        "Gt" => value.and_then(number).zip(bound()).is_some_and(|(v, b)| v > b),
        "Lt" => value.and_then(number).zip(bound()).is_some_and(|(v, b)| v < b),
        _ => false,
    }
}
