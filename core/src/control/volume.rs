//! Claims find volumes, or are given new ones; what is in use is protected.
//! Models `pkg/controller/volume/{persistentvolume,pvcprotection,pvprotection}` and a dynamic provisioner.

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use serde_json::{Value, json};

use super::pods;
use super::worker::{Reconcile, Todo, Work};
use crate::api::{Api, Change, ChangeKind, DeleteOptions, EventNote, Recorder, Status, Token};
use crate::object::quantity::Quantity;
use crate::object::resources::{PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES, PODS, STORAGE_CLASSES};
use crate::object::selector::Selector;
use crate::object::value::{self, text_at};
use crate::object::{Key, Object};

const CLAIM: u32 = 0;
const VOLUME: u32 = 1;
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

fn storage(object: &Object, path: &str) -> i64 {
    object.str_at(path).and_then(|q| Quantity::parse(q).ok()).map_or(0, |q| q.value())
}

fn is_for(volume: &Object, claim: &Object) -> bool {
    let at = |f: &str| volume.text_at(&["/spec/claimRef/", f].concat());
    let uid = at("uid");
    at("name") == claim.name() && at("namespace") == claim.namespace() && (uid.is_empty() || uid == &*claim.meta.uid)
}

/// Whether a volume that is free would do for a claim.
fn fits(volume: &Object, claim: &Object) -> bool {
    let modes = |o: &Object| o.items_at("/spec/accessModes").to_vec();
    let mode = |o: &Object| o.str_at("/spec/volumeMode").unwrap_or("Filesystem").to_string();
    let have = modes(volume);
    let selected = claim.at("/spec/selector").is_none_or(|s| Selector::from_label_selector(Some(s)).is_ok_and(|s| s.matches(&volume.meta)));
    !volume.is_deleting()
        && volume.text_at("/spec/storageClassName") == claim.text_at("/spec/storageClassName")
        && mode(volume) == mode(claim)
        && modes(claim).iter().all(|m| have.contains(m))
        && storage(volume, "/spec/capacity/storage") >= storage(claim, "/spec/resources/requests/storage")
        && selected
}

/// The volume for a claim: one that is kept for it, or the smallest free one that will do.
fn find(api: &Api, claim: &Object) -> Option<Rc<Object>> {
    let named = claim.text_at("/spec/volumeName");
    if !named.is_empty() {
        return api.find(PERSISTENT_VOLUMES, "", named).filter(|v| v.at("/spec/claimRef").is_none() || is_for(v, claim)).cloned();
    }
    let kept = api.list(PERSISTENT_VOLUMES, None).find(|v| v.at("/spec/claimRef").is_some() && is_for(v, claim));
    let free = || {
        let free = api.list(PERSISTENT_VOLUMES, None).filter(|v| v.at("/spec/claimRef").is_none() && fits(v, claim));
        free.min_by_key(|v| storage(v, "/spec/capacity/storage"))
    };
    kept.or_else(free).cloned()
}

/// Whether a Pod that has not ended uses a claim.
fn in_use(api: &Api, claim: &Object) -> bool {
    api.list(PODS, Some(claim.namespace()))
        .any(|pod| !pods::is_over(pod) && !pod.text_at("/spec/nodeName").is_empty() && uses(pod, claim.name()))
}

fn uses(pod: &Object, claim: &str) -> bool {
    pod.items_at("/spec/volumes").iter().any(|v| text_at(v, "persistentVolumeClaim/claimName") == claim)
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
            let lost = work.api.find(PERSISTENT_VOLUMES, "", claim.text_at("/spec/volumeName")).is_none();
            if lost && claim.text_at("/status/phase") != "Lost" {
                let text = "Bound claim has lost its PersistentVolume. Data on the volume is lost!";
                self.events.record(work.api, &claim, &EventNote::warning("ClaimLost", text));
                work.api.modify(PERSISTENT_VOLUME_CLAIMS, &claim.key(), |c| c.set("/status/phase", "Lost"))?;
            }
            return Ok(());
        }
        work.api.modify(PERSISTENT_VOLUME_CLAIMS, &claim.key(), |c| {
            add_finalizer(c, PROTECT_CLAIM);
            if c.text_at("/status/phase").is_empty() {
                c.set("/status/phase", "Pending");
            }
        })?;
        let class = Some(claim.text_at("/spec/storageClassName")).filter(|c| !c.is_empty());
        let class = class.and_then(|c| work.api.find(STORAGE_CLASSES, "", c)).cloned();
        let waits = class.as_ref().is_some_and(|c| c.text_at("/volumeBindingMode") == "WaitForFirstConsumer");
        let chosen = claim.meta.annotation(SELECTED_NODE).is_some();
        if waits && !chosen && claim.text_at("/spec/volumeName").is_empty() {
            let wanted = work.api.list(PODS, Some(claim.namespace())).any(|p| !pods::is_over(p) && uses(p, claim.name()));
            if !wanted {
                let text = "waiting for first consumer to be created before binding";
                self.events.record(work.api, &claim, &EventNote::normal("WaitForFirstConsumer", text));
                work.again_later(15_000);
                return Ok(());
            }
        }
        if let Some(volume) = find(work.api, &claim) {
            return bind(work.api, &claim, &volume);
        }
        match class {
            Some(class) if class.text_at("/provisioner") != "kubernetes.io/no-provisioner" => self.provision(&claim, &class, work),
            _ => {
                let text = match claim.text_at("/spec/storageClassName") {
                    "" => "no persistent volumes available for this claim and no storage class is set".to_string(),
                    name if work.api.find(STORAGE_CLASSES, "", name).is_none() => {
                        alloc::format!("storageclass.storage.k8s.io \"{name}\" not found")
                    }
                    _ => "no persistent volumes available for this claim".to_string(),
                };
                let (kind, reason) =
                    if text.starts_with("storageclass") { ("Warning", "ProvisioningFailed") } else { ("Normal", "FailedBinding") };
                self.events.record(work.api, &claim, &EventNote { kind, reason, message: &text, field_path: "" });
                work.again_later(15_000);
                Ok(())
            }
        }
    }

    /// Makes a volume of the claim's class and binds it.
    fn provision(&mut self, claim: &Rc<Object>, class: &Object, work: &mut Work<'_>) -> Result<(), Status> {
        let name = ["pvc-", &claim.meta.uid].concat();
        let Some(mut volume) = work.api.new_object(PERSISTENT_VOLUMES, "", &name) else { return Ok(()) };
        let provisioner = class.text_at("/provisioner").to_string();
        volume.meta.set_annotation("pv.kubernetes.io/provisioned-by", Some(&provisioner));
        add_finalizer(&mut volume, PROTECT_VOLUME);
        let size = claim.at("/spec/resources/requests/storage").cloned().unwrap_or_else(|| json!("1Gi"));
        let path = ["/var/lib/volumes/", &name].concat();
        volume.set(
            "/spec",
            json!({
                "accessModes": claim.at("/spec/accessModes"), "capacity": {"storage": size},
                "hostPath": {"path": path, "type": "DirectoryOrCreate"},
                "persistentVolumeReclaimPolicy": class.str_at("/reclaimPolicy").unwrap_or("Delete"),
                "storageClassName": class.name(), "volumeMode": claim.str_at("/spec/volumeMode").unwrap_or("Filesystem"),
            }),
        );
        volume.set("/status/phase", "Pending");
        let volume = work.api.create(volume)?;
        let text = alloc::format!("Successfully provisioned volume {name}");
        self.events.record(work.api, claim, &EventNote::normal("ProvisioningSucceeded", &text));
        bind(work.api, claim, &volume)
    }

    fn volume(&mut self, volume: Rc<Object>, work: &mut Work<'_>) -> Result<(), Status> {
        let api = &mut *work.api;
        let claim = match volume.at("/spec/claimRef") {
            None => None,
            Some(_) => {
                let key = Key::new(volume.text_at("/spec/claimRef/namespace"), volume.text_at("/spec/claimRef/name"));
                api.get(PERSISTENT_VOLUME_CLAIMS, &key).filter(|c| is_for(&volume, c)).cloned()
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
            return api.delete(PERSISTENT_VOLUMES, &volume.key(), &DeleteOptions::default()).map(|_| ());
        }
        let now = api.timestamp();
        api.modify(PERSISTENT_VOLUMES, &volume.key(), |v| {
            add_finalizer(v, PROTECT_VOLUME);
            if v.text_at("/status/phase") != phase {
                v.set("/status/lastPhaseTransitionTime", now.as_str());
                v.set("/status/phase", phase);
            }
        })?;
        Ok(())
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
        &[PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES, STORAGE_CLASSES, PODS]
    }

    fn observe(&mut self, change: &Change, api: &Api, todo: &mut Todo) {
        let object = &change.object;
        let waiting = |todo: &mut Todo| {
            for claim in api.list(PERSISTENT_VOLUME_CLAIMS, None).filter(|c| c.text_at("/status/phase") != "Bound") {
                todo.add_token(Token::about(CLAIM, claim.key()));
            }
        };
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
                if change.kind == ChangeKind::Deleted {
                    let at = |f| object.text_at(f);
                    todo.add_token(Token::about(CLAIM, Key::new(at("/spec/claimRef/namespace"), at("/spec/claimRef/name"))));
                } else if object.at("/spec/claimRef").is_none() {
                    waiting(todo);
                }
            }
            STORAGE_CLASSES => waiting(todo),
            _ => {
                let ended = pods::is_over(object) || change.kind == ChangeKind::Deleted;
                if change.kind != ChangeKind::Added && !ended {
                    return;
                }
                let names = object.items_at("/spec/volumes").iter().filter_map(|v| value::str_at(v, "persistentVolumeClaim/claimName"));
                names.for_each(|name| todo.add_token(Token::about(CLAIM, Key::new(object.namespace(), name))));
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
