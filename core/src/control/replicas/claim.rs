//! Which Pods a set takes in and which it lets go. Models `pkg/controller` PodControllerRefManager.

use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::api::Api;
use crate::control::pods;
use crate::object::resources::PODS;
use crate::object::selector::Selector;
use crate::object::value::{self, pairs_at};
use crate::object::{Object, OwnerReference};

/// The selector of a set: a LabelSelector, or a plain map for ReplicationControllers. One that selects everything
/// selects nothing.
pub fn selector(set: &Object) -> Selector {
    let selector = match (set.at("/spec/selector"), set.ty.kind.as_str()) {
        (Some(map), "ReplicationController") => Selector::from_pairs(pairs_at(map, "")),
        (value, _) => Selector::from_label_selector(value).unwrap_or_else(|_| Selector::nothing()),
    };
    if selector.is_empty() { Selector::nothing() } else { selector }
}

/// Adopts orphans that match and releases own Pods that no longer do. Returns whether anything changed.
pub fn claim(api: &mut Api, set: &Rc<Object>) -> bool {
    let selector = selector(set);
    let released: Vec<_> = api.owned(&set.meta.uid, PODS).filter(|p| !selector.matches(&p.meta)).map(|p| p.key()).collect();
    let mut changed = false;
    for key in released {
        let uid = set.meta.uid.clone();
        changed |= api.modify(PODS, &key, |p| p.meta.owners = p.meta.owners.iter().filter(|o| o.uid != *uid).cloned().collect()).is_ok();
    }
    if set.is_deleting() {
        return changed;
    }
    let labels = equal_labels(set);
    let fits = |p: &&Rc<Object>| p.controller().is_none() && pods::is_active(p) && selector.matches(&p.meta);
    let adopted: Vec<_> = api.pods_with_labels(set.namespace(), &labels).into_iter().filter(fits).map(|p| p.key()).collect();
    for key in adopted {
        let owner: OwnerReference = set.as_controller();
        changed |= api.modify(PODS, &key, |p| p.meta.owners = p.meta.owners.iter().cloned().chain([owner]).collect()).is_ok();
    }
    changed
}

/// The labels that a set's selector demands by equality: what the index can find Pods by.
pub fn equal_labels(set: &Object) -> Vec<(String, String)> {
    let Some(selector) = set.at("/spec/selector") else { return Vec::new() };
    let map = if set.ty.kind == "ReplicationController" { "" } else { "/matchLabels" };
    value::pairs_at(selector, map).map(|(k, v)| (k.to_string(), v.to_string())).collect()
}
