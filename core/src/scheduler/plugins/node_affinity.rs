//! NodeAffinity: node selectors and node affinity, required and preferred.

use alloc::string::ToString;
use serde_json::Value;

use super::{Refusal, Turn};
use crate::object::Object;
use crate::object::value::{i64_at, items_at, pairs_at, text_at};
use crate::scheduler::cache::NodeInfo;
use crate::scheduler::pod::required_node_terms;

const PREFERRED: &str = "/spec/affinity/nodeAffinity/preferredDuringSchedulingIgnoredDuringExecution";

/// Refuses nodes that the Pod's selector or required affinity does not match.
pub fn filter(turn: &Turn<'_>, node: &NodeInfo) -> Option<Refusal> {
    if !turn.pod.picky {
        return None;
    }
    if admits(&turn.pod.object, &node.object) { None } else { Refusal::hopeless("node(s) didn't match Pod's node affinity/selector") }
}

/// Whether every term of the required affinity names nodes (as for the Pods of DaemonSets), and none this one: such a node
/// is not even looked at. Models the PreFilter of `nodeaffinity`.
pub fn pinned_elsewhere(pod: &Object, node: &str) -> bool {
    let named =
        |term: &Value| items_at(term, "matchFields").iter().any(|e| text_at(e, "key") == "metadata.name" && text_at(e, "operator") == "In");
    let names_it = |term: &Value| items_at(term, "matchFields").iter().all(|e| holds(e, Some(node)));
    required_node_terms(pod).is_some_and(|terms| !terms.is_empty() && terms.iter().all(named) && !terms.iter().any(names_it))
}

/// Whether a Pod's node selector and required node affinity admit a node.
pub fn admits(pod: &Object, node: &Object) -> bool {
    let selected = pod.at("/spec/nodeSelector").is_none_or(|s| pairs_at(s, "").all(|(k, v)| node.meta.label(k) == Some(v)));
    selected && required_node_terms(pod).is_none_or(|terms| terms.iter().any(|t| term_matches(t, node)))
}

/// Whether the Pod prefers some nodes.
pub fn has_preferences(turn: &Turn<'_>) -> bool {
    !turn.pod.object.items_at(PREFERRED).is_empty()
}

/// The weights of the preferred terms that match.
pub fn score(turn: &Turn<'_>, node: &NodeInfo) -> i64 {
    let terms = turn.pod.object.items_at(PREFERRED);
    let matching = terms.iter().filter(|t| crate::object::value::get(t, "preference").is_some_and(|p| term_matches(p, &node.object)));
    matching.map(|t| i64_at(t, "weight").unwrap_or(0)).sum()
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

fn holds(expression: &Value, value: Option<&str>) -> bool {
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
