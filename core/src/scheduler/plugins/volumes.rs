//! VolumeBinding: a Pod waits for its claims, and goes where their volumes are or can be.

use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{Refusal, Turn};
use crate::api::{Api, matching};
use crate::object::Object;
use crate::object::placing::term_matches;
use crate::object::resources::{PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES, PODS, STORAGE_CLASSES};
use crate::object::value::{items_at, text_at};
use crate::scheduler::cache::NodeInfo;
use crate::scheduler::pod::PodInfo;

/// The provisioner of classes whose volumes are made by hand.
const BY_HAND: &str = "kubernetes.io/no-provisioner";

/// What a claim of the Pod needs.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// The volumes its bound claims have.
    volumes: Vec<Rc<Object>>,
    /// Its claims that are bound once a node is chosen.
    pub waiting: Vec<Rc<Object>>,
    /// Whether a bound claim's volume is gone.
    lost: bool,
    /// Whether another Pod has a claim that is for one Pod alone.
    taken: bool,
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
        if claim.text_at("/status/phase") == "Lost" {
            return Err(alloc::format!(
                "persistentvolumeclaim {name:?} bound to non-existent persistentvolume {:?}",
                claim.text_at("/spec/volumeName")
            ));
        }
        if claim.is_deleting() {
            return Err(alloc::format!("persistentvolumeclaim {name:?} is being deleted"));
        }
        state.taken |= is_for_one(claim) && is_taken(api, pod, name);
        let volume = claim.text_at("/spec/volumeName");
        if !volume.is_empty() && is_bound(claim) {
            match api.find(PERSISTENT_VOLUMES, "", volume) {
                Some(volume) => state.volumes.push(volume.clone()),
                None => state.lost = true,
            }
        } else if waits_for_consumer(api, claim) && volume.is_empty() {
            state.waiting.push(claim.clone());
        } else {
            unbound = true;
        }
    }
    if unbound { Err("pod has unbound immediate PersistentVolumeClaims".into()) } else { Ok(state) }
}

fn is_for_one(claim: &Object) -> bool {
    claim.items_at("/spec/accessModes").iter().any(|mode| mode == "ReadWriteOncePod")
}

/// Whether another Pod that has a node, and is not over, uses a claim.
fn is_taken(api: &Api, pod: &PodInfo, claim: &str) -> bool {
    let uses = |o: &Object| o.items_at("/spec/volumes").iter().any(|v| text_at(v, "persistentVolumeClaim/claimName") == claim);
    let over = |o: &Object| matches!(o.text_at("/status/phase"), "Succeeded" | "Failed");
    let mut others = api.list(PODS, Some(&pod.key.namespace));
    others.any(|o| o.meta.uid != pod.uid && !o.text_at("/spec/nodeName").is_empty() && !over(o) && uses(o))
}

/// Whether a claim has its volume for good.
pub fn is_bound(claim: &Object) -> bool {
    claim.meta.annotation("pv.kubernetes.io/bind-completed").is_some()
}

fn class_of<'a>(api: &'a Api, claim: &Object) -> Option<&'a Rc<Object>> {
    let class = claim.text_at("/spec/storageClassName");
    api.find(STORAGE_CLASSES, "", class).filter(|_| !class.is_empty())
}

fn waits_for_consumer(api: &Api, claim: &Object) -> bool {
    class_of(api, claim).is_some_and(|c| c.text_at("/volumeBindingMode") == "WaitForFirstConsumer")
}

/// Whether a volume can be reached from a node.
fn is_reachable(volume: &Object, node: &Object) -> bool {
    let Some(required) = volume.at("/spec/nodeAffinity/required") else { return true };
    items_at(required, "nodeSelectorTerms").iter().any(|t| term_matches(t, node))
}

/// The volume that a claim which waits for a node gets there, if one is there already.
pub fn volume_on(api: &Api, claim: &Object, node: &Object) -> Option<Rc<Object>> {
    matching::find(api, claim, &|volume| is_reachable(volume, node))
}

/// Refuses every node while another Pod has a claim that is for one Pod alone. Models `volumerestrictions`.
pub fn restrictions(turn: &Turn<'_>, _: &NodeInfo) -> Option<Refusal> {
    let reason = "node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode";
    if turn.volumes.taken { Refusal::curable(reason) } else { None }
}

/// Refuses nodes that the volumes of bound claims cannot be reached from, or where waiting ones would find none.
pub fn filter(turn: &Turn<'_>, node: &NodeInfo) -> Option<Refusal> {
    let state = &turn.volumes;
    let mut reasons: Vec<&'static str> = Vec::new();
    if state.lost {
        reasons.push("node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)");
    }
    if !state.volumes.iter().all(|v| is_reachable(v, &node.object)) {
        reasons.push("node(s) didn't match PersistentVolume's node affinity");
    }
    let made_by_hand = |claim: &Object| class_of(turn.api, claim).is_none_or(|c| c.text_at("/provisioner") == BY_HAND);
    if state.waiting.iter().any(|c| made_by_hand(c) && volume_on(turn.api, c, &node.object).is_none()) {
        reasons.push("node(s) didn't find available persistent volumes to bind");
    }
    if reasons.is_empty() {
        return None;
    }
    Some(Refusal { reasons: reasons.into_iter().map(|r| r.to_string().into()).collect(), hopeless: true })
}
