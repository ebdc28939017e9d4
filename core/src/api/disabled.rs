//! Fields of features that are off in a cluster as kubeadm makes it: they are dropped as if nobody had sent them.
//! Models kubernetes `pkg/api/pod` DropDisabledPodFields.

use serde_json::Value;

use super::registry::Resource;
use crate::object::value::remove;

/// Where the PodSpec of a kind is.
fn spec_path(resource: &Resource) -> Option<&'static str> {
    match (&*resource.group, &*resource.kind) {
        ("", "Pod") => Some("/spec"),
        ("apps" | "batch", "Deployment" | "ReplicaSet" | "DaemonSet" | "StatefulSet" | "Job") | ("", "ReplicationController") => {
            Some("/spec/template/spec")
        }
        ("", "PodTemplate") => Some("/template/spec"),
        ("batch", "CronJob") => Some("/spec/jobTemplate/spec/template/spec"),
        _ => None,
    }
}

fn elements<'a>(holder: &'a mut Value, list: &str) -> impl Iterator<Item = &'a mut Value> {
    holder.pointer_mut(list).and_then(Value::as_array_mut).into_iter().flatten()
}

/// Drops what no feature that is on stands for. Models also `pkg/registry/apps/statefulset` dropStatefulSetDisabledFields.
pub fn drop_fields(resource: &Resource, object: &mut Value) {
    if *resource.kind == *"StatefulSet"
        && let Some(rolling) = object.pointer_mut("/spec/updateStrategy/rollingUpdate")
    {
        remove(rolling, "maxUnavailable");
    }
    let Some(spec) = spec_path(resource).and_then(|path| object.pointer_mut(path)) else { return };
    remove(spec, "schedulingGroup");
    for list in ["initContainers", "containers", "ephemeralContainers"] {
        for container in elements(spec, &["/", list].concat()) {
            let Some(Value::Object(lifecycle)) = container.get_mut("lifecycle") else { continue };
            if lifecycle.remove("stopSignal").is_some() && lifecycle.is_empty() {
                remove(container, "lifecycle");
            }
        }
    }
    for volume in elements(spec, "/volumes") {
        for source in elements(volume, "/projected/sources") {
            remove(source, "clusterTrustBundle");
            remove(source, "podCertificate");
        }
    }
}
