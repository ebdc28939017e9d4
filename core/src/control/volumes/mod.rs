//! Claims find volumes, or are given new ones; what is in use is protected.
//! Models `pkg/controller/volume/{persistentvolume,pvcprotection,pvprotection}` and a dynamic provisioner.

mod provision;
mod recycle;

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Value, json};

use super::pods;
use super::worker::{Reconcile, Todo, Work};
use crate::api::matching;
use crate::api::{Api, Change, ChangeKind, EventNote, Recorder, Status, Token};
use crate::arrange::Arrange;
use crate::object::resources::{EVENTS, PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES, PODS, STORAGE_CLASSES};
use crate::object::value::{self, text_at};
use crate::object::{Key, Object};

/// Between two looks at every claim that is not bound.
const RESYNC_MS: u64 = 15_000;

const CLAIM: u32 = 0;
const VOLUME: u32 = 1;
/// Something was said of the Pod that empties a volume.
const SAID: u32 = 2;
const PROTECT_CLAIM: &str = "kubernetes.io/pvc-protection";
const PROTECT_VOLUME: &str = "kubernetes.io/pv-protection";
const BOUND: &str = "pv.kubernetes.io/bind-completed";
const BOUND_HERE: &str = "pv.kubernetes.io/bound-by-controller";
const SELECTED_NODE: &str = "volume.kubernetes.io/selected-node";

/// The controller of claims and volumes.
#[derive(Clone)]
pub struct Volumes {
    events: Recorder,
}

impl Default for Volumes {
    fn default() -> Self {
        Volumes { events: Recorder::new("persistentvolume-controller", "") }
    }
}

/// Whether a Pod that has not ended uses a claim.
fn in_use(api: &Api, claim: &Object) -> bool {
    api.list(PODS, Some(claim.namespace()))
        .any(|pod| !pods::is_over(pod) && !pod.text_at("/spec/nodeName").is_empty() && uses(pod, claim.name()))
}

fn uses(pod: &Object, claim: &str) -> bool {
    claims_of(pod).any(|name| name == claim)
}

/// The names of a Pod's claims, those of its ephemeral volumes among them.
fn claims_of(pod: &Object) -> impl Iterator<Item = String> + '_ {
    pod.items_at("/spec/volumes").iter().filter_map(|v| match value::str_at(v, "persistentVolumeClaim/claimName") {
        Some(name) => Some(name.to_string()),
        None => v.get("ephemeral").map(|_| pods::joined(pod.name(), text_at(v, "name"))),
    })
}

fn drop_finalizer(api: &mut Api, object: &Object, name: &str) -> Result<(), Status> {
    let keep = |o: &mut Object| o.meta.finalizers = o.meta.finalizers.iter().filter(|f| *f != name).cloned().collect();
    api.modify(&object.ty.resource, &object.key(), keep).map(|_| ())
}

fn add_finalizer(object: &mut Object, name: &str) {
    if !object.meta.has_finalizer(name) {
        object.meta.finalizers = object.meta.finalizers.iter().cloned().chain([name.to_string()]).collect();
    }
}

impl Volumes {
    fn claim(&mut self, claim: Rc<Object>, work: &mut Work<'_>) -> Result<(), Status> {
        if claim.is_deleting() {
            return match claim.meta.has_finalizer(PROTECT_CLAIM) && !in_use(work.api, &claim) {
                true => drop_finalizer(work.api, &claim, PROTECT_CLAIM),
                false => Ok(()),
            };
        }
        if claim.meta.annotation(BOUND).is_some() {
            return self.bound(&claim, work);
        }
        work.api.modify(PERSISTENT_VOLUME_CLAIMS, &claim.key(), |c| {
            add_finalizer(c, PROTECT_CLAIM);
            if c.text_at("/status/phase").is_empty() {
                c.set("/status/phase", "Pending");
            }
        })?;
        // Whatever comes of it, the claim has another turn with the next resync.
        work.again_later(RESYNC_MS);
        match claim.text_at("/spec/volumeName") {
            "" => self.unbound(&claim, work),
            name => {
                let Some(volume) = work.api.find(PERSISTENT_VOLUMES, "", name).cloned() else { return Ok(()) };
                self.named(&claim, &volume, work)
            }
        }
    }

    /// A claim that was bound before: its volume is to be there, and to be its own. Models syncBoundClaim.
    fn bound(&mut self, claim: &Rc<Object>, work: &mut Work<'_>) -> Result<(), Status> {
        let name = claim.text_at("/spec/volumeName");
        let volume = work.api.find(PERSISTENT_VOLUMES, "", name).cloned();
        let (reason, text) = match volume {
            _ if name.is_empty() => ("ClaimLost", "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!"),
            None => ("ClaimLost", "Bound claim has lost its PersistentVolume. Data on the volume is lost!"),
            Some(volume) if volume.at("/spec/claimRef").is_none_or(Value::is_null) => return bind(work.api, claim, &volume),
            Some(volume) if volume.text_at("/spec/claimRef/uid") == &*claim.meta.uid => return Ok(()),
            Some(_) => ("ClaimMisbound", "Two claims are bound to the same volume, this one is bound incorrectly"),
        };
        if claim.text_at("/status/phase") == "Lost" {
            return Ok(());
        }
        work.api.modify(PERSISTENT_VOLUME_CLAIMS, &claim.key(), |c| {
            c.set("/status/phase", "Lost");
            ["/status/accessModes", "/status/capacity"].iter().for_each(|path| drop(c.remove(path)));
        })?;
        self.events.record(work.api, claim, &EventNote::warning(reason, text));
        Ok(())
    }

    /// A claim that names no volume: one is found for it, or made.
    fn unbound(&mut self, claim: &Rc<Object>, work: &mut Work<'_>) -> Result<(), Status> {
        let class_name = claim.text_at("/spec/storageClassName");
        let class = work.api.find(STORAGE_CLASSES, "", class_name).filter(|_| !class_name.is_empty()).cloned();
        let waits = class.as_ref().is_some_and(|c| c.text_at("/volumeBindingMode") == "WaitForFirstConsumer")
            && claim.meta.annotation(SELECTED_NODE).is_none();
        if let Some(volume) = matching::find(work.api, claim, &|_| !waits) {
            return bind(work.api, claim, &volume);
        }
        if waits {
            let uses = |p: &&Rc<Object>| p.text_at("/spec/nodeName").is_empty() && !pods::is_over(p) && uses(p, claim.name());
            let mut names: Vec<&str> = work.api.list(PODS, Some(claim.namespace())).filter(uses).map(|p| p.name()).collect();
            names.arrange();
            let (reason, text) = match names.as_slice() {
                [] => ("WaitForFirstConsumer", "waiting for first consumer to be created before binding".to_string()),
                [name] => ("WaitForPodScheduled", ["waiting for pod ", name, " to be scheduled"].concat()),
                _ => ("WaitForPodScheduled", ["waiting for pods ", &names.join(","), " to be scheduled"].concat()),
            };
            self.events.record(work.api, claim, &EventNote::normal(reason, &text));
            return Ok(());
        }
        match class {
            Some(class) => self.provision(claim, &class, work),
            None if class_name.is_empty() => {
                let text = "no persistent volumes available for this claim and no storage class is set";
                self.events.record(work.api, claim, &EventNote::normal("FailedBinding", text));
                Ok(())
            }
            None => {
                let text = alloc::format!("storageclass.storage.k8s.io {class_name:?} not found");
                self.events.record(work.api, claim, &EventNote::warning("ProvisioningFailed", &text));
                Ok(())
            }
        }
    }

    /// A claim that names its volume.
    fn named(&mut self, claim: &Object, volume: &Object, work: &mut Work<'_>) -> Result<(), Status> {
        if volume.at("/spec/claimRef").is_some() {
            if matching::is_for(volume, claim) {
                return bind(work.api, claim, volume);
            }
            let text = alloc::format!("volume {:?} already bound to a different claim.", volume.name());
            self.events.record(work.api, claim, &EventNote::warning("FailedBinding", &text));
            return Ok(());
        }
        match matching::objection(volume, claim) {
            None => bind(work.api, claim, volume),
            Some(why) => {
                let text = alloc::format!("Cannot bind to requested volume {:?}: {why}", volume.name());
                self.events.record(work.api, claim, &EventNote::warning("VolumeMismatch", &text));
                Ok(())
            }
        }
    }

    fn volume(&mut self, volume: Rc<Object>, work: &mut Work<'_>) -> Result<(), Status> {
        let api = &mut *work.api;
        let claim = match volume.at("/spec/claimRef") {
            None => None,
            Some(_) => {
                let key = Key::new(volume.text_at("/spec/claimRef/namespace"), volume.text_at("/spec/claimRef/name"));
                api.get(PERSISTENT_VOLUME_CLAIMS, &key).filter(|c| matching::is_for(&volume, c)).cloned()
            }
        };
        if volume.is_deleting() {
            return match volume.meta.has_finalizer(PROTECT_VOLUME) && claim.is_none() {
                true => drop_finalizer(api, &volume, PROTECT_VOLUME),
                false => Ok(()),
            };
        }
        let phase = match (&claim, volume.at("/spec/claimRef")) {
            (Some(claim), _) if claim.text_at("/spec/volumeName") == volume.name() => "Bound",
            (Some(_), _) | (None, None) => "Available",
            (None, Some(reference)) if text_at(reference, "uid").is_empty() => "Available",
            (None, Some(_)) => "Released",
        };
        if phase == "Released" && volume.text_at("/spec/persistentVolumeReclaimPolicy") == "Delete" {
            return self.dispose(&volume, work);
        }
        let now = api.timestamp();
        let recycles = phase == "Released" && volume.text_at("/spec/persistentVolumeReclaimPolicy") == "Recycle";
        let volume = api.modify(PERSISTENT_VOLUMES, &volume.key(), |v| {
            add_finalizer(v, PROTECT_VOLUME);
            let failed = recycles && v.text_at("/status/phase") == "Failed";
            if v.text_at("/status/phase") != phase && !failed {
                v.set("/status/lastPhaseTransitionTime", now.as_str());
                v.set("/status/phase", phase);
            }
        })?;
        if recycles { self.recycle(&volume, work) } else { Ok(()) }
    }
}

/// Ties a claim and a volume together, from both sides.
fn bind(api: &mut Api, claim: &Object, volume: &Object) -> Result<(), Status> {
    let now = api.timestamp();
    let here = volume.at("/spec/claimRef").is_none();
    let stored = api.modify(PERSISTENT_VOLUMES, &volume.key(), |v| {
        if here {
            v.meta.set_annotation(BOUND_HERE, Some("yes"));
        }
        v.set(
            "/spec/claimRef",
            json!({
                "apiVersion": "v1", "kind": "PersistentVolumeClaim", "name": claim.name(), "namespace": claim.namespace(),
                "uid": &*claim.meta.uid, "resourceVersion": claim.meta.resource_version.to_string(),
            }),
        );
        v.set("/status/lastPhaseTransitionTime", now.as_str());
        v.set("/status/phase", "Bound");
    })?;
    api.modify(PERSISTENT_VOLUME_CLAIMS, &claim.key(), |c| {
        let chosen_here = c.text_at("/spec/volumeName").is_empty();
        c.meta.set_annotation(BOUND, Some("yes"));
        if chosen_here {
            c.meta.set_annotation(BOUND_HERE, Some("yes"));
            c.set("/spec/volumeName", stored.name());
        }
        c.set("/status/phase", "Bound");
        c.set("/status/accessModes", stored.at("/spec/accessModes").cloned().unwrap_or(Value::Null));
        c.set("/status/capacity", stored.at("/spec/capacity").cloned().unwrap_or(Value::Null));
    })?;
    Ok(())
}

impl Reconcile for Volumes {
    fn name(&self) -> &'static str {
        "persistentvolume-controller"
    }

    fn watches(&self) -> &'static [&'static str] {
        &[PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES, PODS, EVENTS]
    }

    fn observe(&mut self, change: &Change, api: &Api, todo: &mut Todo) {
        let object = &change.object;
        match change.resource() {
            PERSISTENT_VOLUME_CLAIMS => {
                todo.add_token(Token::about(CLAIM, object.key()));
                let volume: String = object.text_at("/spec/volumeName").to_string();
                if !volume.is_empty() {
                    todo.add_token(Token::about(VOLUME, Key::new("", &volume)));
                }
            }
            PERSISTENT_VOLUMES => {
                todo.add_token(Token::about(VOLUME, object.key()));
                // A free volume waits for the next resync of the claims.
                if object.at("/spec/claimRef").is_some() {
                    let at = |f| object.text_at(f);
                    todo.add_token(Token::about(CLAIM, Key::new(at("/spec/claimRef/namespace"), at("/spec/claimRef/name"))));
                }
            }
            EVENTS => {
                let about = |path| object.text_at(path);
                if change.kind == ChangeKind::Added
                    && let Some(volume) = recycle::emptied_by(object.namespace(), about("/involvedObject/name"))
                {
                    todo.add_token(Token { what: SAID, key: Some(volume), detail: recycle::noted(object) });
                }
            }
            _ => {
                let over = pods::is_over(object) || change.kind == ChangeKind::Deleted;
                let emptied = recycle::emptied_by(object.namespace(), object.name()).filter(|_| over);
                emptied.into_iter().for_each(|volume| todo.add_token(Token::about(VOLUME, volume)));
                // Claims on their way out wait for the last Pod that uses them.
                if !over {
                    return;
                }
                let keys = claims_of(object).map(|name| Key::new(object.namespace(), &name));
                let going = |key: &Key| api.get(PERSISTENT_VOLUME_CLAIMS, key).is_some_and(|c| c.is_deleting());
                keys.filter(going).for_each(|key| todo.add_token(Token::about(CLAIM, key)));
            }
        }
    }

    fn reconcile(&mut self, token: &Token, work: &mut Work<'_>) -> Result<(), Status> {
        let Some(key) = &token.key else { return Ok(()) };
        match token.what {
            VOLUME => match work.api.get(PERSISTENT_VOLUMES, key).cloned() {
                Some(volume) => self.volume(volume, work),
                None => Ok(()),
            },
            SAID => {
                let volume = work.api.get(PERSISTENT_VOLUMES, key).cloned();
                volume.into_iter().for_each(|volume| self.pass_on(&volume, &token.detail, work));
                Ok(())
            }
            _ => match work.api.get(PERSISTENT_VOLUME_CLAIMS, key).cloned() {
                Some(claim) => self.claim(claim, work),
                None => Ok(()),
            },
        }
    }

    fn boxed_clone(&self) -> Box<dyn Reconcile> {
        Box::new(self.clone())
    }
}
