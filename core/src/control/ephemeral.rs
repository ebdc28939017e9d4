//! Claims for the volumes that live as long as their Pod. Models `pkg/controller/volume/ephemeral`.

use alloc::boxed::Box;

use serde_json::json;

use super::pods;
use super::worker::{Reconcile, Todo, Work};
use crate::api::{Api, Change, ChangeKind, EventNote, Recorder, Status, Token};
use crate::object::resources::{PERSISTENT_VOLUME_CLAIMS, PODS};
use crate::object::value::{at, pairs_at, text_at};

/// The controller of ephemeral volumes.
#[derive(Clone)]
pub struct Ephemeral {
    events: Recorder,
}

impl Default for Ephemeral {
    fn default() -> Self {
        Ephemeral { events: Recorder::new("ephemeral_volume", "") }
    }
}

impl Reconcile for Ephemeral {
    fn name(&self) -> &'static str {
        "ephemeral-volume-controller"
    }

    fn watches(&self) -> &'static [&'static str] {
        &[PODS]
    }

    fn observe(&mut self, change: &Change, _api: &Api, todo: &mut Todo) {
        let has = || change.object.items_at("/spec/volumes").iter().any(|v| v.get("ephemeral").is_some());
        if change.kind == ChangeKind::Added && has() {
            todo.add(change.object.key());
        }
    }

    fn reconcile(&mut self, token: &Token, work: &mut Work<'_>) -> Result<(), Status> {
        let Some(pod) = token.key.as_ref().and_then(|k| work.api.get(PODS, k)).filter(|p| !p.is_deleting()).cloned() else { return Ok(()) };
        for volume in pod.items_at("/spec/volumes") {
            let Some(template) = at(volume, "ephemeral/volumeClaimTemplate") else { continue };
            let name = pods::joined(pod.name(), text_at(volume, "name"));
            if let Some(there) = work.api.find(PERSISTENT_VOLUME_CLAIMS, pod.namespace(), &name) {
                if !there.meta.owners.iter().any(|o| pods::is_same_owner(o, &pod)) {
                    let text = alloc::format!(
                        "PVC {}/{name} was not created for pod {}/{} (pod is not owner)",
                        pod.namespace(),
                        pod.namespace(),
                        pod.name()
                    );
                    self.events.record(
                        work.api,
                        &pod,
                        &EventNote::warning("FailedBinding", &["ephemeral volume ", text_at(volume, "name"), ": ", &text].concat()),
                    );
                }
                continue;
            }
            let Some(mut claim) = work.api.new_object(PERSISTENT_VOLUME_CLAIMS, pod.namespace(), &name) else { continue };
            for (k, v) in pairs_at(template, "/metadata/labels") {
                claim.meta.set_label(k, Some(v));
            }
            for (k, v) in pairs_at(template, "/metadata/annotations") {
                claim.meta.set_annotation(k, Some(v));
            }
            claim.meta.owners = [pod.as_controller()].into();
            claim.set("/spec", at(template, "spec").cloned().unwrap_or_else(|| json!({})));
            claim.set("/status/phase", "Pending");
            if let Err(status) = pods::create(work.api, claim) {
                let text = ["ephemeral volume ", text_at(volume, "name"), ": create PVC ", &name, ": ", &status.message].concat();
                self.events.record(work.api, &pod, &EventNote::warning("FailedBinding", &text));
                return Err(status);
            }
        }
        Ok(())
    }

    fn boxed_clone(&self) -> Box<dyn Reconcile> {
        Box::new(self.clone())
    }
}
