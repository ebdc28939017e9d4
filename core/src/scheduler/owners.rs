//! Which Pods belong together by default: those that a Pod's Services and its owner select.
//! Models `pkg/scheduler/framework/plugins/helper` DefaultSelector.

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::pod::PodInfo;
use crate::api::Api;
use crate::object::resources::{REPLICA_SETS, REPLICATION_CONTROLLERS, SERVICES, STATEFUL_SETS};
use crate::object::selector::{Requirement, Selector};
use crate::object::value::{map_at, pairs_at};

/// The most owners whose selector is remembered.
const REMEMBERED: usize = 4096;

/// Remembers the selector of each owner until Services change.
#[derive(Clone, Debug, Default)]
pub struct Owners {
    selectors: BTreeMap<String, Option<Rc<Selector>>>,
}

impl Owners {
    /// Forgets everything: Services or owners have changed.
    pub fn clear(&mut self) {
        self.selectors.clear();
    }

    /// The selector of a Pod; `None` when nothing selects it.
    pub fn selector(&mut self, api: &Api, pod: &PodInfo) -> Option<Rc<Selector>> {
        let owner = pod.object.controller().map(|o| o.uid.clone());
        if let Some(uid) = &owner
            && let Some(known) = self.selectors.get(uid)
        {
            return known.clone();
        }
        let selector = compute(api, pod).map(Rc::new);
        if let Some(uid) = owner {
            if self.selectors.len() >= REMEMBERED {
                self.selectors.clear();
            }
            self.selectors.insert(uid, selector.clone());
        }
        selector
    }
}

fn compute(api: &Api, pod: &PodInfo) -> Option<Selector> {
    let ns = pod.object.namespace();
    let mut all: Vec<Requirement> = Vec::new();
    for service in api.list(SERVICES, Some(ns)) {
        let Some(map) = service.at("/spec/selector") else { continue };
        if map_at(map, "").is_some_and(|m| !m.is_empty()) && pairs_at(map, "").all(|(k, v)| pod.labels.get(k).is_some_and(|w| w == v)) {
            all.extend(Selector::from_pairs(pairs_at(map, "")).requirements().iter().cloned());
        }
    }
    if let Some(owner) = pod.object.controller() {
        let resource = match owner.kind.as_str() {
            "ReplicaSet" => REPLICA_SETS,
            "StatefulSet" => STATEFUL_SETS,
            "ReplicationController" => REPLICATION_CONTROLLERS,
            _ => "",
        };
        if let Some(object) = api.find(resource, ns, &owner.name) {
            let selector = match owner.kind.as_str() {
                "ReplicationController" => object.at("/spec/selector").map(|s| Selector::from_pairs(pairs_at(s, ""))),
                _ => Selector::from_label_selector(object.at("/spec/selector")).ok(),
            };
            all.extend(selector.iter().flat_map(|s| s.requirements().iter().cloned()));
        }
    }
    if all.is_empty() { None } else { Some(Selector::new(all)) }
}
