//! Defaults of the kinds that keep Pods: Deployment, ReplicaSet, ReplicationController, DaemonSet, StatefulSet.
//! Models kubernetes `pkg/apis/apps/v1/defaults.go`.

use serde_json::Value;

use super::{each, pod::template, storage};
use crate::object::value::{at, at_mut, set_default, text_at};

/// A Deployment.
pub fn deployment(object: &mut Value) {
    let Some(spec) = at_mut(object, "/spec") else { return };
    set_default(spec, "replicas", 1);
    set_default(spec, "/strategy/type", "RollingUpdate");
    if text_at(spec, "/strategy/type") == "RollingUpdate" {
        set_default(spec, "/strategy/rollingUpdate/maxUnavailable", "25%");
        set_default(spec, "/strategy/rollingUpdate/maxSurge", "25%");
    }
    set_default(spec, "revisionHistoryLimit", 10);
    set_default(spec, "progressDeadlineSeconds", 600);
    template(spec);
}

/// A ReplicaSet.
pub fn replica_set(object: &mut Value) {
    let Some(spec) = at_mut(object, "/spec") else { return };
    set_default(spec, "replicas", 1);
    template(spec);
}

/// A ReplicationController: selector and labels are the template's where there are none.
pub fn replication_controller(object: &mut Value) {
    let labels = at(object, "/spec/template/metadata/labels").cloned().unwrap_or(Value::Null);
    if labels.as_object().is_some_and(|labels| !labels.is_empty()) {
        set_default(object, "/spec/selector", labels.clone());
        set_default(object, "/metadata/labels", labels);
    }
    if at(object, "/spec/template").is_some_and(|template| !template.is_null()) {
        replica_set(object);
    }
}

/// A DaemonSet.
pub fn daemon_set(object: &mut Value) {
    let Some(spec) = at_mut(object, "/spec") else { return };
    set_default(spec, "/updateStrategy/type", "RollingUpdate");
    if text_at(spec, "/updateStrategy/type") == "RollingUpdate" {
        set_default(spec, "/updateStrategy/rollingUpdate/maxUnavailable", 1);
        set_default(spec, "/updateStrategy/rollingUpdate/maxSurge", 0);
    }
    set_default(spec, "revisionHistoryLimit", 10);
    template(spec);
}

/// A StatefulSet.
pub fn stateful_set(object: &mut Value) {
    let Some(spec) = at_mut(object, "/spec") else { return };
    set_default(spec, "podManagementPolicy", "OrderedReady");
    set_default(spec, "/updateStrategy/type", "RollingUpdate");
    if text_at(spec, "/updateStrategy/type") == "RollingUpdate" {
        set_default(spec, "/updateStrategy/rollingUpdate/partition", 0);
    }
    set_default(spec, "/persistentVolumeClaimRetentionPolicy/whenDeleted", "Retain");
    set_default(spec, "/persistentVolumeClaimRetentionPolicy/whenScaled", "Retain");
    set_default(spec, "replicas", 1);
    set_default(spec, "revisionHistoryLimit", 10);
    for claim in each(spec, "volumeClaimTemplates") {
        set_default(claim, "apiVersion", "v1");
        set_default(claim, "kind", "PersistentVolumeClaim");
        storage::persistent_volume_claim(claim);
    }
    template(spec);
}
