//! NodeAffinity: node selectors and node affinity, required and preferred.

use serde_json::Value;

use super::{Refusal, Turn};
use crate::object::Object;
use crate::object::placing::{self, holds, term_matches};
use crate::object::value::{i64_at, items_at, text_at};
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
    placing::admits(pod.field("spec").unwrap_or(&Value::Null), node)
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
