//! What makes a StatefulSet's Pod the one it is: its name, its labels and its claims.
//! Models `pkg/controller/statefulset/stateful_set_utils.go`.

use alloc::rc::Rc;
use alloc::string::ToString;
use alloc::vec::Vec;
use serde_json::{Value, json};

use super::number;
use crate::api::Api;
use crate::control::{history, pods};
use crate::object::resources::{PERSISTENT_VOLUME_CLAIMS, PODS};
use crate::object::selector::Selector;
use crate::object::value::{self, at, pairs_at, text_at};
use crate::object::{Key, Object, OwnerReference};

/// The Pod with a number, of a revision; not stored yet.
pub fn pod(api: &Api, set: &Object, revision: &Object, number: i64) -> Option<Object> {
    let mut pod = pods::from_template(api, &history::template(revision), set.namespace(), set)?;
    let name = pods::joined(set.name(), &number.to_string());
    pod.meta.name = name.as_str().into();
    pod.meta.set_label("statefulset.kubernetes.io/pod-name", Some(&name));
    pod.meta.set_label("apps.kubernetes.io/pod-index", Some(&number.to_string()));
    pod.meta.set_label(history::REVISION_LABEL, Some(revision.name()));
    pod.set("/spec/hostname", name.as_str());
    if !set.text_at("/spec/serviceName").is_empty() {
        pod.set("/spec/subdomain", set.text_at("/spec/serviceName"));
    }
    let mut volumes: Vec<Value> = Vec::new();
    for template in set.items_at("/spec/volumeClaimTemplates") {
        let volume = text_at(template, "/metadata/name");
        let claim = claim_name(volume, &name);
        volumes.push(json!({"name": volume, "persistentVolumeClaim": {"claimName": claim}}));
    }
    let own = |v: &&Value| !volumes.iter().any(|c| text_at(c, "name") == text_at(v, "name"));
    let rest: Vec<Value> = pod.items_at("/spec/volumes").iter().filter(own).cloned().collect();
    volumes.extend(rest);
    if !volumes.is_empty() {
        pod.set("/spec/volumes", volumes);
    }
    Some(pod)
}

fn claim_name(volume: &str, pod: &str) -> alloc::string::String {
    pods::joined(volume, pod)
}

/// The claims of the Pod with a number, not stored yet.
pub fn claims(api: &Api, set: &Object, number: i64) -> Vec<Object> {
    let pod = pods::joined(set.name(), &number.to_string());
    let claim = |template: &Value| {
        let name = claim_name(text_at(template, "/metadata/name"), &pod);
        let mut claim = api.new_object(PERSISTENT_VOLUME_CLAIMS, set.namespace(), &name)?;
        let labels = set.at("/spec/selector/matchLabels").cloned().unwrap_or_default();
        for (k, v) in pairs_at(template, "/metadata/labels").chain(pairs_at(&labels, "")) {
            claim.meta.set_label(k, Some(v));
        }
        for (k, v) in pairs_at(template, "/metadata/annotations") {
            claim.meta.set_annotation(k, Some(v));
        }
        claim.meta.finalizers = ["kubernetes.io/pvc-protection".to_string()].into();
        claim.set("/spec", at(template, "/spec").cloned().unwrap_or_else(|| json!({})));
        claim.set("/status/phase", "Pending");
        Some(claim)
    };
    set.items_at("/spec/volumeClaimTemplates").iter().filter_map(claim).collect()
}

/// Ties claims to what they go with, as the set's retention says: to the set, or (where it is `condemned`) to the Pod.
/// Models ClaimsMatchRetentionPolicy and UpdatePodClaimForRetentionPolicy.
pub fn match_retention(api: &mut Api, set: &Object, pod: &Rc<Object>, number: i64, condemned: bool) {
    let deletes = |when: &str| set.text_at(&["/spec/persistentVolumeClaimRetentionPolicy/", when].concat()) == "Delete";
    let owner = match (deletes("whenScaled") && condemned, deletes("whenDeleted")) {
        (true, _) => Some(pod.as_controller()),
        (false, true) => Some(set.as_controller()),
        (false, false) => None,
    };
    let names = |o: &OwnerReference, kind: &str, object: &Object| o.kind == kind && o.name == object.name();
    for claim in claims(api, set, number) {
        let Some(stored) = api.get(PERSISTENT_VOLUME_CLAIMS, &claim.key()) else { continue };
        let ours = |o: &&OwnerReference| names(o, "StatefulSet", set) || names(o, "Pod", pod);
        // What a former set or Pod of the name owns is left to the garbage collector.
        if stored.meta.owners.iter().filter(ours).any(|o| o.uid != *set.meta.uid && o.uid != *pod.meta.uid) {
            continue;
        }
        let rest = || stored.meta.owners.iter().filter(|o| !ours(o)).cloned();
        let new = owner.clone().filter(|_| !rest().any(|o| o.controller == Some(true)));
        let wanted: Vec<OwnerReference> = rest().chain(new).collect();
        if stored.meta.owners.iter().ne(wanted.iter()) {
            let _ = api.modify(PERSISTENT_VOLUME_CLAIMS, &claim.key(), |c| c.meta.owners = wanted.into());
        }
    }
}

/// Whether a claim of the Pod with a number is still on its way out with a former Pod. Models PodClaimIsStale.
pub fn has_stale_claim(api: &Api, set: &Object, number: i64) -> bool {
    claims(api, set, number).iter().filter_map(|c| api.get(PERSISTENT_VOLUME_CLAIMS, &c.key())).any(|c| {
        c.meta.owners.iter().any(|o| o.kind == "Pod" && api.find(PODS, set.namespace(), &o.name).is_none_or(|p| *p.meta.uid != *o.uid))
    })
}

/// Takes orphans with a fitting name that match the selector.
pub fn adopt(api: &mut Api, set: &Rc<Object>) {
    if set.is_deleting() {
        return;
    }
    let selector = Selector::from_label_selector(set.at("/spec/selector")).unwrap_or_else(|_| Selector::nothing());
    let labels: Vec<_> = set
        .at("/spec/selector")
        .map(|s| value::pairs_at(s, "/matchLabels").map(|(k, v)| (k.to_string(), v.to_string())).collect())
        .unwrap_or_default();
    let fits = |p: &&Rc<Object>| p.controller().is_none() && !p.is_deleting() && selector.matches(&p.meta) && number(set, p).is_some();
    let orphans: Vec<Key> = api.pods_with_labels(set.namespace(), &labels).into_iter().filter(fits).map(|p| p.key()).collect();
    for key in orphans {
        let owner = set.as_controller();
        let _ = api.modify(PODS, &key, |p| p.meta.owners = p.meta.owners.iter().cloned().chain([owner]).collect());
    }
}
