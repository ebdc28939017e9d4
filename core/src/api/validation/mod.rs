//! Validation: what the API server refuses, field by field, in its own words. One file per group of kinds, one row per
//! kind. Quotas, limits and other rules that need more than the object are admission's.

mod addresses;
mod autoscaler;
mod batch;
mod claims;
mod cluster;
mod common;
mod config;
mod container;
pub mod cron;
mod definition;
pub mod difference;
mod dns;
mod endpoints;
mod env;
mod extensions;
pub mod field;
mod handlers;
mod internal;
mod job_status;
mod limits;
mod meta;
mod network;
mod pod;
mod pod_resize;
mod pod_update;
mod policy;
mod resources;
mod security;
mod service;
mod status;
mod storage;
mod structural;
mod system;
mod version;
mod volume;
mod windows;
mod workloads;

use alloc::vec::Vec;
use serde_json::Value;

use super::registry::Resource;
use super::status::Status;
use crate::object::value::text_at;
use field::Errors;
pub use field::{ErrorKind, FieldError};
pub use pod_resize::take_resources;
pub use service::cluster_ips as service_addresses;

/// Checks a whole object.
type Check = fn(&Value, &mut Errors);
/// Checks a change: new, old.
type Change = fn(&Value, &Value, &mut Errors);

/// One kind: its group, its name, what checks it, and what checks a change beside that.
struct Row(&'static str, &'static str, Check, Option<Change>);

/// Kinds of which what may not change is told before what is wrong anyway.
const CHANGE_FIRST: &[&str] = &["Service", "ConfigMap", "Secret", "IngressClass"];
/// Kinds of which only what may not change is looked at in a change.
const CHANGE_ONLY: &[&str] = &["CustomResourceDefinition", "PriorityClass"];

const ROWS: &[Row] = &[
    Row("", "Pod", pod::create, Some(pod_update::update)),
    Row("", "ReplicationController", workloads::replication_controller, None),
    Row("", "Service", service::service, Some(service::update)),
    Row("", "ConfigMap", config::config_map, Some(config::frozen)),
    Row("", "Secret", config::secret, Some(config::secret_update)),
    Row("", "Node", cluster::node, Some(cluster::node_update)),
    Row("", "PersistentVolume", storage::persistent_volume, Some(storage::persistent_volume_update)),
    Row("", "PersistentVolumeClaim", storage::claim, Some(storage::claim_update)),
    Row("", "ResourceQuota", limits::resource_quota, Some(limits::resource_quota_update)),
    Row("", "LimitRange", limits::limit_range, None),
    Row("", "Endpoints", endpoints::endpoints, None),
    Row("discovery.k8s.io", "EndpointSlice", endpoints::slice, Some(endpoints::slice_update)),
    Row("coordination.k8s.io", "Lease", cluster::lease, None),
    Row("node.k8s.io", "RuntimeClass", cluster::runtime_class, Some(cluster::runtime_class_update)),
    Row("apps", "ControllerRevision", cluster::revision, Some(cluster::revision_update)),
    Row("", "Event", cluster::event, None),
    Row("apps", "Deployment", workloads::deployment, Some(workloads::selector_update)),
    Row("apps", "ReplicaSet", workloads::replica_set, Some(workloads::selector_update)),
    Row("apps", "DaemonSet", workloads::daemon_set, Some(workloads::selector_update)),
    Row("apps", "StatefulSet", workloads::stateful_set, Some(workloads::stateful_set_update)),
    Row("batch", "Job", batch::job, Some(batch::job_update)),
    Row("batch", "CronJob", batch::cron_job, None),
    Row("autoscaling", "HorizontalPodAutoscaler", autoscaler::autoscaler, None),
    Row("policy", "PodDisruptionBudget", policy::disruption_budget, None),
    Row("networking.k8s.io", "Ingress", network::ingress, None),
    Row("networking.k8s.io", "NetworkPolicy", network::network_policy, None),
    Row("networking.k8s.io", "IngressClass", network::ingress_class, Some(network::ingress_class_update)),
    Row("storage.k8s.io", "StorageClass", storage::storage_class, Some(storage::storage_class_update)),
    Row("scheduling.k8s.io", "PriorityClass", policy::priority_class, Some(policy::priority_class_update)),
    Row("rbac.authorization.k8s.io", "Role", policy::role, None),
    Row("rbac.authorization.k8s.io", "ClusterRole", policy::cluster_role, None),
    Row("rbac.authorization.k8s.io", "RoleBinding", policy::role_binding, Some(policy::role_binding_update)),
    Row("rbac.authorization.k8s.io", "ClusterRoleBinding", policy::role_binding, Some(policy::role_binding_update)),
    Row("apiextensions.k8s.io", "CustomResourceDefinition", definition::definition, Some(definition::update)),
];

fn row(resource: &Resource) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.0 == resource.group && row.1 == resource.kind)
}

fn body(resource: &Resource, object: &Value, old: Option<&Value>, errors: &mut Errors) {
    match (&resource.custom, old) {
        (Some(schema), Some(old)) => super::custom::check_update(schema, object, old, errors),
        (Some(schema), None) => super::custom::check(schema, object, errors),
        (None, _) => {
            if let Some(Row(_, _, check, _)) = row(resource) {
                check(object, errors);
            }
            match (old, &*resource.kind) {
                (Some(old), "HorizontalPodAutoscaler") => autoscaler::spare_target(object, old, errors),
                (Some(old), "StatefulSet") => workloads::spare_stateful_set(old, errors),
                _ => {}
            }
        }
    }
}

/// What is wrong with a new object, which has been decoded and defaulted.
pub fn validate_create(resource: &Resource, object: &Value) -> Vec<FieldError> {
    let mut errors = Errors::default();
    meta::create(resource, object, &mut errors);
    body(resource, object, None, &mut errors);
    errors.0
}

/// What is wrong with a changed object.
pub fn validate_update(resource: &Resource, new: &Value, old: &Value) -> Vec<FieldError> {
    let mut errors = Errors::default();
    meta::update(resource, new, old, &mut errors);
    let change = row(resource).and_then(|row| row.3);
    if resource.kind == "Pod" && resource.group.is_empty() {
        pod::pod(new, &mut errors);
        pod_update::update(new, old, &mut errors);
    } else {
        let (kind, known) = (&*resource.kind, row(resource).is_some());
        let (first, only) = (known && CHANGE_FIRST.contains(&kind), known && CHANGE_ONLY.contains(&kind));
        let said = errors.0.len();
        if let Some(change) = change {
            change(new, old, &mut errors);
        }
        let changes = errors.0.split_off(said);
        if first {
            errors.0.extend(changes);
            body(resource, new, Some(old), &mut errors);
        } else {
            if !only {
                body(resource, new, Some(old), &mut errors);
            }
            errors.0.extend(changes);
        }
    }
    errors.0
}

/// What is wrong with an object whose status alone was written.
pub fn validate_status(resource: &Resource, new: &Value, old: &Value) -> Vec<FieldError> {
    let mut errors = Errors::default();
    status::update(&resource.group, &resource.kind, new, old, &mut errors);
    errors.0
}

/// What is wrong in a Pod whose ephemeral containers change.
pub fn validate_ephemeral(new: &Value, old: &Value) -> Vec<FieldError> {
    let mut errors = Errors::default();
    pod::pod(new, &mut errors);
    pod_update::ephemeral(new, old, &mut errors);
    errors.0
}

/// What is wrong in a Pod whose containers are to have other resources.
pub fn validate_resize(new: &Value, old: &Value) -> Vec<FieldError> {
    let mut errors = Errors::default();
    pod::pod(new, &mut errors);
    pod_resize::resize(new, old, &mut errors);
    errors.0
}

/// The refusal of an object with wrong fields; nothing when there are none.
pub fn refuse(resource: &Resource, object: &Value, errors: &[FieldError]) -> Result<(), Status> {
    if errors.is_empty() {
        return Ok(());
    }
    // What two rules say in the same words is told once.
    let mut told: Vec<&FieldError> = Vec::new();
    for error in errors {
        if !told.contains(&error) {
            told.push(error);
        }
    }
    let causes = told.into_iter().map(FieldError::cause).collect();
    Err(Status::invalid(&resource.group_kind(), text_at(object, "metadata/name"), causes))
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod texts;
