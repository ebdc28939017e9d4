//! VolumeBinding: a Pod waits for its claims, and goes where their volumes are.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Refusal, Turn};
use crate::api::Api;
use crate::object::Object;
use crate::object::resources::{PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES, STORAGE_CLASSES};
use crate::object::value::items_at;
use crate::scheduler::cache::NodeInfo;
use crate::scheduler::pod::PodInfo;

use super::node_affinity::term_matches;

/// What a claim of the Pod needs.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// The volumes its bound claims have.
    volumes: Vec<Rc<Object>>,
    /// Its claims that are bound once a node is chosen.
    pub waiting: Vec<Rc<Object>>,
}

/// Looks at a Pod's claims.
///
/// # Errors
/// The text why the Pod cannot be placed anywhere.
pub fn prepare(api: &Api, pod: &PodInfo) -> Result<State, String> {
    let mut state = State::default();
    let mut unbound = false;
    for name in &pod.claims {
        let Some(claim) = api.find(PERSISTENT_VOLUME_CLAIMS, &pod.key.namespace, name) else {
            return Err(alloc::format!("persistentvolumeclaim {name:?} not found"));
        };
        if claim.is_deleting() {
            return Err(alloc::format!("persistentvolumeclaim {name:?} is being deleted"));
        }
        let volume = claim.text_at("/spec/volumeName");
        let bound = claim.meta.annotation("pv.kubernetes.io/bind-completed").is_some() || claim.text_at("/status/phase") == "Bound";
        if !volume.is_empty() && bound {
            state.volumes.extend(api.find(PERSISTENT_VOLUMES, "", volume).cloned());
        } else if waits_for_consumer(api, claim) {
            state.waiting.push(claim.clone());
        } else {
            unbound = true;
        }
    }
    if unbound { Err("pod has unbound immediate PersistentVolumeClaims".into()) } else { Ok(state) }
}

fn waits_for_consumer(api: &Api, claim: &Object) -> bool {
    let class = claim.text_at("/spec/storageClassName");
    !class.is_empty() && api.find(STORAGE_CLASSES, "", class).is_some_and(|c| c.text_at("/volumeBindingMode") == "WaitForFirstConsumer")
}

/// Refuses nodes that the volumes of bound claims cannot be reached from.
pub fn filter(turn: &Turn<'_>, node: &NodeInfo) -> Option<Refusal> {
    let reachable = |volume: &Rc<Object>| {
        let Some(required) = volume.at("/spec/nodeAffinity/required") else { return true };
        items_at(required, "nodeSelectorTerms").iter().any(|t| term_matches(t, &node.object))
    };
    if turn.volumes.volumes.iter().all(reachable) {
        return None;
    }
    Refusal::hopeless("node(s) didn't match PersistentVolume's node affinity")
}
