//! API defaulting: what the API server fills in before it stores an object. One file per group of kinds, one row per
//! kind. Models kubernetes `pkg/apis/*/v1/defaults.go`. What admission adds (tokens, tolerations, priority) is not
//! here, nor what needs the store (cluster addresses).

mod batch;
mod cluster;
mod network;
mod pod;
mod policy;
mod storage;
mod workloads;

use serde_json::Value;

use super::registry::Resource;

/// Fills in one kind.
type Fill = fn(&mut Value);

/// Group, kind and what fills it in.
const ROWS: &[(&str, &str, Fill)] = &[
    ("", "Pod", pod::pod),
    ("", "PodTemplate", pod::pod_template),
    ("", "ReplicationController", workloads::replication_controller),
    ("", "Service", network::service),
    ("", "Endpoints", network::endpoints),
    ("", "Namespace", cluster::namespace),
    ("", "Node", cluster::node),
    ("", "Secret", cluster::secret),
    ("", "LimitRange", policy::limit_range),
    ("", "PersistentVolume", storage::persistent_volume),
    ("", "PersistentVolumeClaim", storage::stored_claim),
    ("apps", "Deployment", workloads::deployment),
    ("apps", "ReplicaSet", workloads::replica_set),
    ("apps", "DaemonSet", workloads::daemon_set),
    ("apps", "StatefulSet", workloads::stateful_set),
    ("batch", "Job", batch::job),
    ("batch", "CronJob", batch::cron_job),
    ("autoscaling", "HorizontalPodAutoscaler", policy::autoscaler),
    ("networking.k8s.io", "NetworkPolicy", network::network_policy),
    ("networking.k8s.io", "IngressClass", network::ingress_class),
    ("discovery.k8s.io", "EndpointSlice", network::endpoint_slice),
    ("storage.k8s.io", "StorageClass", storage::storage_class),
    ("scheduling.k8s.io", "PriorityClass", policy::priority_class),
    ("rbac.authorization.k8s.io", "RoleBinding", policy::role_binding),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding", policy::role_binding),
    ("apiextensions.k8s.io", "CustomResourceDefinition", cluster::custom_resource_definition),
];

/// Fills in what the object leaves open.
pub fn apply(resource: &Resource, object: &mut Value) {
    if let Some(schema) = &resource.custom {
        super::custom::fill(schema, object);
        return;
    }
    if let Some((_, _, fill)) = ROWS.iter().find(|(group, kind, _)| *group == resource.group && *kind == resource.kind) {
        fill(object);
    }
}

/// Fills in the spec of a Pod.
pub fn fill_pod(spec: &mut Value) {
    pod::whole_spec(spec);
}

/// The elements of the array at `path`, to be filled in.
fn each<'a>(value: &'a mut Value, path: &str) -> impl Iterator<Item = &'a mut Value> + use<'a> {
    let mut here = Some(value);
    for part in path.split('/').filter(|part| !part.is_empty()) {
        here = match here {
            Some(Value::Object(map)) => map.get_mut(part),
            _ => None,
        };
    }
    here.and_then(Value::as_array_mut).into_iter().flatten()
}

#[cfg(test)]
mod tests;
