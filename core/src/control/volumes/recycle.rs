//! Volumes whose policy is Recycle: when their claim is gone a Pod empties them, and then they are free again.
//! Models `pkg/controller/volume/persistentvolume` recycleVolumeOperation and `pkg/volume/util/recyclerclient`.

use alloc::string::String;
use serde_json::json;

use super::{BOUND_HERE, RESYNC_MS, Volumes};
use crate::api::{DeleteOptions, EventNote, Request, Status, Verb};
use crate::control::pods;
use crate::control::worker::Work;
use crate::object::quantity::Quantity;
use crate::object::resources::{PERSISTENT_VOLUMES, PODS};
use crate::object::{Key, Object};

/// Where the Pods are, and how their names begin.
const NAMESPACE: &str = "default";
const PREFIX: &str = "recycler-for-";
const IMAGE: &str = "registry.k8s.io/build-image/debian-base:bookworm-v1.0.2";
const SCRUB: &str = "test -e /scrub && find /scrub -mindepth 1 -delete && test -z \"$(ls -A /scrub)\" || exit 1";
/// The least time that a Pod has, and how much each gibibyte of the volume is worth, in seconds.
const LEAST_S: i64 = 60;
const PER_GIB_S: i64 = 30;

/// The volume that a Pod empties, if it is one that does.
pub(super) fn emptied_by(namespace: &str, pod: &str) -> Option<Key> {
    pod.strip_prefix(PREFIX).filter(|_| namespace == NAMESPACE).map(|volume| Key::new("", volume))
}

impl Volumes {
    /// The next step towards an empty volume.
    pub(super) fn recycle(&mut self, volume: &Object, work: &mut Work<'_>) -> Result<(), Status> {
        work.again_later(RESYNC_MS);
        if volume.text_at("/spec/hostPath/path").is_empty() && volume.text_at("/spec/nfs/server").is_empty() {
            return self.not_recycled(volume, "No recycler plugin found for the volume!", work);
        }
        let key = Key::new(NAMESPACE, &[PREFIX, volume.name()].concat());
        let Some(pod) = work.api.get(PODS, &key).cloned() else { return self.begin(volume, &key.name, work) };
        if pod.is_deleting() || !pods::is_over(&pod) {
            return Ok(());
        }
        work.api.delete(PODS, &key, &DeleteOptions::default())?;
        if pod.text_at("/status/phase") == "Failed" {
            let why = Some(pod.text_at("/status/message")).filter(|why| !why.is_empty());
            let text = ["Recycle failed: failed to recycle volume: ", why.unwrap_or("pod failed, pod.Status.Message unknown")].concat();
            return self.not_recycled(volume, &text, work);
        }
        self.events.record(work.api, volume, &EventNote::normal("VolumeRecycled", "Volume recycled"));
        let now = work.api.timestamp();
        work.api.modify(PERSISTENT_VOLUMES, &volume.key(), |v| {
            if v.meta.annotation(BOUND_HERE).is_some() {
                v.remove("/spec/claimRef");
                v.meta.set_annotation(BOUND_HERE, None);
            } else {
                v.remove("/spec/claimRef/uid");
            }
            v.remove("/status/message");
            v.set("/status/phase", "Available");
            v.set("/status/lastPhaseTransitionTime", now.as_str());
        })?;
        Ok(())
    }

    fn begin(&mut self, volume: &Object, name: &str, work: &mut Work<'_>) -> Result<(), Status> {
        let size = Quantity::parse(volume.text_at("/spec/capacity/storage")).map_or(0, |q| q.milli_value() / 1000);
        let mut place = json!({"name": "vol"});
        for kind in ["hostPath", "nfs"] {
            if let Some(source) = volume.at(&["/spec/", kind].concat()) {
                crate::object::value::set(&mut place, kind, source.clone());
            }
        }
        let mut request = Request::new(Verb::Create, PODS, NAMESPACE, name);
        request.body = json!({
            "apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": NAMESPACE},
            "spec": {
                "activeDeadlineSeconds": (size >> 30).saturating_mul(PER_GIB_S).max(LEAST_S), "restartPolicy": "Never", "volumes": [place],
                "containers": [{"name": "pv-recycler", "image": IMAGE, "command": ["/bin/sh"], "args": ["-c", SCRUB],
                    "volumeMounts": [{"name": "vol", "mountPath": "/scrub"}]}],
            },
        });
        work.api.handle(request).result.map(drop)
    }

    fn not_recycled(&mut self, volume: &Object, text: &str, work: &mut Work<'_>) -> Result<(), Status> {
        if volume.text_at("/status/phase") == "Failed" && volume.text_at("/status/message") == text {
            return Ok(());
        }
        let now = work.api.timestamp();
        work.api.modify(PERSISTENT_VOLUMES, &volume.key(), |v| {
            v.set("/status/phase", "Failed");
            v.set("/status/message", text);
            v.set("/status/lastPhaseTransitionTime", now.as_str());
        })?;
        self.events.record(work.api, volume, &EventNote::warning("VolumeFailedRecycle", text));
        Ok(())
    }

    /// Passes on to the volume what happened to the Pod that empties it; `what` is the type of the event and its text.
    pub(super) fn pass_on(&mut self, volume: &Object, what: &str, work: &mut Work<'_>) {
        let (kind, text) = what.split_once(' ').unwrap_or(("Normal", what));
        let message: String = ["Recycler pod: ", text].concat();
        let note = EventNote {
            kind: if kind == "Warning" { "Warning" } else { "Normal" },
            reason: "RecyclerPod",
            message: &message,
            field_path: "",
        };
        self.events.record(work.api, volume, &note);
    }
}

/// What is passed on of an event.
pub(super) fn noted(event: &Object) -> String {
    [event.text_at("/type"), " ", event.text_at("/message")].concat()
}
