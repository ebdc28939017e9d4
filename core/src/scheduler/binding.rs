//! Binding a Pod to the node chosen for it: at once, or once its claims have their volumes. Models the PreBind of
//! `volumebinding`.

use alloc::rc::Rc;
use alloc::string::ToString;
use alloc::vec::Vec;
use serde_json::json;

use super::plugins::volumes;
use super::pod::PodInfo;
use super::{GIVE_UP, Scheduler};
use crate::api::binding::{Condition, set_condition};
use crate::api::{Cx, EventNote, Token};
use crate::object::resources::{PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES, PODS};
use crate::object::{Key, Object};

/// How long a Pod waits for its volumes.
const PATIENCE_MS: u64 = 600_000;

/// A Pod that has its node and waits for the volumes of its claims.
#[derive(Clone, Debug)]
pub struct Held {
    pod: Rc<PodInfo>,
    node: Rc<str>,
    claims: Vec<Key>,
}

impl Scheduler {
    /// Binds a Pod, or has its claims bound first.
    pub(super) fn bind(&mut self, cx: &mut Cx<'_>, pod: &Rc<PodInfo>, node: &Rc<str>, claims: &[Rc<Object>]) {
        self.nominated.remove(&pod.uid);
        if claims.is_empty() {
            return self.bind_now(cx, pod, node);
        }
        let Some(object) = self.cache.nodes.get(node).map(|n| n.object.clone()) else { return };
        for claim in claims {
            let reference = json!({
                "apiVersion": "v1", "kind": "PersistentVolumeClaim", "name": claim.name(), "namespace": claim.namespace(),
                "uid": &*claim.meta.uid, "resourceVersion": claim.meta.resource_version.to_string(),
            });
            let _ = match volumes::volume_on(cx.api, claim, &object) {
                Some(volume) => cx.api.modify(PERSISTENT_VOLUMES, &volume.key(), |v| {
                    v.meta.set_annotation("pv.kubernetes.io/bound-by-controller", Some("yes"));
                    v.set("/spec/claimRef", reference);
                }),
                None => cx.api.modify(PERSISTENT_VOLUME_CLAIMS, &claim.key(), |c| {
                    c.meta.set_annotation("volume.kubernetes.io/selected-node", Some(node));
                }),
            };
        }
        self.cache.put_pod(node, pod);
        let claims = claims.iter().map(|c| c.key()).collect();
        self.held.insert(pod.uid.clone(), Held { pod: pod.clone(), node: node.clone(), claims });
        cx.wake_later(cx.now + PATIENCE_MS, Token { what: GIVE_UP, key: None, detail: (*pod.uid).into() });
    }

    fn bind_now(&mut self, cx: &mut Cx<'_>, pod: &Rc<PodInfo>, node: &Rc<str>) {
        let Ok(bound) = cx.api.bind(&pod.key, node) else { return self.cache.drop_pod(&pod.uid) };
        self.cache.put_pod(node, &Rc::new(PodInfo { object: bound.clone(), ..(**pod).clone() }));
        let message = ["Successfully assigned ", &*pod.key.namespace, "/", &*pod.key.name, " to ", node].concat();
        self.recorder.record_action(cx.api, &bound, &EventNote::normal("Scheduled", &message), "Binding");
    }

    /// Binds the Pods whose claims have all been bound.
    pub(super) fn bind_held(&mut self, cx: &mut Cx<'_>) {
        let bound = |key: &Key| cx.api.get(PERSISTENT_VOLUME_CLAIMS, key).is_some_and(|c| volumes::is_bound(c));
        let ready: Vec<Rc<str>> = self.held.iter().filter(|(_, h)| h.claims.iter().all(bound)).map(|(uid, _)| uid.clone()).collect();
        for uid in ready {
            if let Some(held) = self.held.remove(&uid) {
                self.bind_now(cx, &held.pod, &held.node);
            }
        }
    }

    /// A Pod has waited too long for its volumes: it has to be placed anew.
    pub(super) fn give_up_waiting(&mut self, uid: &str, cx: &mut Cx<'_>) {
        let Some(held) = self.held.remove(uid) else { return };
        self.cache.drop_pod(uid);
        let Some(object) = cx.api.get(PODS, &held.pod.key).filter(|o| *o.meta.uid == *uid).cloned() else { return };
        let message = "running PreBind plugin \"VolumeBinding\": binding volumes: context deadline exceeded";
        self.recorder.record_action(cx.api, &object, &EventNote::warning("FailedScheduling", message), "Scheduling");
        let now = cx.api.timestamp();
        let _ = cx.api.modify(PODS, &held.pod.key, |p| {
            set_condition(p, &Condition { kind: "PodScheduled", status: "False", reason: "SchedulerError", message }, &now);
        });
        self.queue.add(held.pod);
    }
}
