//! Making a volume for a claim whose class has a provisioner, and the end of volumes that nobody claims any more.
//! Models `pkg/controller/volume/persistentvolume` provisionClaim and reclaimVolume, and an external provisioner.

use alloc::string::ToString;
use serde_json::json;

use super::{PROTECT_VOLUME, Volumes, add_finalizer, bind};
use crate::api::{Api, DeleteOptions, EventNote, Status};
use crate::control::worker::Work;
use crate::object::Object;
use crate::object::resources::{PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES, PODS};
use crate::object::value::text_at;

const PROVISIONED_BY: &str = "pv.kubernetes.io/provisioned-by";
const WANTED_OF: &[&str] = &["volume.beta.kubernetes.io/storage-provisioner", "volume.kubernetes.io/storage-provisioner"];

/// Provisioners whose part is played here, with what the images of their Pods are called.
const PROVISIONERS: &[(&str, &str)] = &[
    ("rancher.io/local-path", "local-path-provisioner"),
    ("k8s.io/minikube-hostpath", "storage-provisioner"),
    ("cluster.local/nfs-subdir-external-provisioner", "nfs-subdir-external-provisioner"),
    ("openebs.io/local", "provisioner-localpv"),
    ("hostpath.csi.k8s.io", "csi-provisioner"),
];

/// Whether somebody is there who makes volumes of this provisioner: a Pod of it that runs.
fn runs(api: &Api, provisioner: &str) -> bool {
    let Some((_, image)) = PROVISIONERS.iter().find(|(name, _)| *name == provisioner) else { return false };
    api.list(PODS, None).any(|pod| {
        pod.text_at("/status/phase") == "Running" && pod.items_at("/spec/containers").iter().any(|c| text_at(c, "image").contains(image))
    })
}

impl Volumes {
    /// Has a volume of the claim's class made, if somebody does.
    pub(super) fn provision(&mut self, claim: &Object, class: &Object, work: &mut Work<'_>) -> Result<(), Status> {
        let provisioner = class.text_at("/provisioner").to_string();
        if provisioner.starts_with("kubernetes.io/") {
            let text = ["no volume plugin matched name: ", &provisioner].concat();
            self.events.record(work.api, claim, &EventNote::warning("ProvisioningFailed", &text));
            return Ok(());
        }
        work.api.modify(PERSISTENT_VOLUME_CLAIMS, &claim.key(), |c| {
            WANTED_OF.iter().for_each(|key| c.meta.set_annotation(key, Some(&provisioner)));
        })?;
        if !runs(work.api, &provisioner) {
            let text = alloc::format!(
                "Waiting for a volume to be created either by the external provisioner '{provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered."
            );
            self.events.record(work.api, claim, &EventNote::normal("ExternalProvisioning", &text));
            return Ok(());
        }
        let name = ["pvc-", &claim.meta.uid].concat();
        let Some(mut volume) = work.api.new_object(PERSISTENT_VOLUMES, "", &name) else { return Ok(()) };
        volume.meta.set_annotation(PROVISIONED_BY, Some(&provisioner));
        add_finalizer(&mut volume, PROTECT_VOLUME);
        let size = claim.at("/spec/resources/requests/storage").cloned().unwrap_or_else(|| json!("1Gi"));
        let path = ["/opt/local-path-provisioner/", &name, "_", claim.namespace(), "_", claim.name()].concat();
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

    /// What becomes of a volume whose claim is gone and whose policy is Delete.
    pub(super) fn dispose(&mut self, volume: &Object, work: &mut Work<'_>) -> Result<(), Status> {
        let path = volume.text_at("/spec/hostPath/path");
        if volume.meta.annotation(PROVISIONED_BY).is_some() || path.starts_with("/tmp/") {
            return work.api.delete(PERSISTENT_VOLUMES, &volume.key(), &DeleteOptions::default()).map(|_| ());
        }
        if volume.text_at("/status/phase") == "Failed" {
            return Ok(());
        }
        let text = match path {
            "" => alloc::format!("error getting deleter volume plugin for volume {:?}: no deletable volume plugin matched", volume.name()),
            path => ["host_path deleter only supports /tmp/.+ but received provided ", path].concat(),
        };
        let now = work.api.timestamp();
        work.api.modify(PERSISTENT_VOLUMES, &volume.key(), |v| {
            v.set("/status/phase", "Failed");
            v.set("/status/message", text.as_str());
            v.set("/status/lastPhaseTransitionTime", now.as_str());
        })?;
        self.events.record(work.api, volume, &EventNote::warning("VolumeFailedDelete", &text));
        Ok(())
    }
}
