//! The rows of tables as the API server prints them for `kubectl get`: one function per kind gives the cells that the
//! registry's columns head. Models kubernetes `pkg/printers/internalversion`. Nothing here aligns or prints.

pub mod access;
mod batch;
pub mod cells;
mod cluster;
mod config;
mod custom;
pub mod network;
pub mod node;
pub mod other;
pub mod pod;
mod policy;
pub mod storage;
mod workloads;

use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use crate::api::registry::{Column, Resource, Text};
use crate::object::Object;
use crate::object::resources as keys;

/// Gives an object's cells. The second argument is the present in milliseconds since 1970.
type Row = fn(&Object, i64) -> Vec<String>;

/// One row per kind with cells of its own.
const KINDS: &[(&str, Row)] = &[
    (keys::PODS, pod::row),
    (keys::NODES, node::row),
    (keys::NAMESPACES, cluster::namespace),
    (keys::EVENTS, cluster::event),
    ("events.events.k8s.io", cluster::event),
    (keys::PRIORITY_CLASSES, cluster::priority_class),
    (keys::LEASES, cluster::lease),
    (keys::DEPLOYMENTS, workloads::deployment),
    (keys::REPLICA_SETS, workloads::replica_set),
    (keys::REPLICATION_CONTROLLERS, workloads::replication_controller),
    (keys::DAEMON_SETS, workloads::daemon_set),
    (keys::STATEFUL_SETS, workloads::stateful_set),
    (keys::CONTROLLER_REVISIONS, workloads::controller_revision),
    (keys::JOBS, batch::job),
    (keys::CRON_JOBS, batch::cron_job),
    (keys::SERVICES, network::service),
    (keys::ENDPOINTS, network::endpoints),
    (keys::ENDPOINT_SLICES, network::endpoint_slice),
    (keys::INGRESSES, network::ingress),
    (keys::INGRESS_CLASSES, network::ingress_class),
    (keys::NETWORK_POLICIES, network::network_policy),
    (keys::CONFIG_MAPS, config::config_map),
    (keys::SECRETS, config::secret),
    (keys::RESOURCE_QUOTAS, config::resource_quota),
    (keys::LIMIT_RANGES, cells::created_at),
    (keys::ROLES, cells::created_at),
    (keys::CLUSTER_ROLES, cells::created_at),
    (keys::CUSTOM_RESOURCE_DEFINITIONS, cells::created_at),
    (keys::ROLE_BINDINGS, access::binding),
    (keys::CLUSTER_ROLE_BINDINGS, access::binding),
    ("certificatesigningrequests.certificates.k8s.io", access::certificate_request),
    (keys::PERSISTENT_VOLUMES, storage::volume),
    (keys::PERSISTENT_VOLUME_CLAIMS, storage::claim),
    (keys::STORAGE_CLASSES, storage::class),
    (keys::HORIZONTAL_POD_AUTOSCALERS, policy::autoscaler),
    (keys::POD_DISRUPTION_BUDGETS, policy::disruption_budget),
];

/// The columns of a resource's table; name and age where the server has nothing better.
pub fn columns(row: &Resource) -> Vec<Column> {
    let plain = |name: &'static str, format: &'static str| Column {
        name: Text::Borrowed(name),
        ty: "string".into(),
        format: format.into(),
        priority: 0,
        json_path: "".into(),
    };
    match row.columns.is_empty() || !is_known(row) {
        true => vec![plain("Name", "name"), plain("Age", "")],
        false => row.columns.clone(),
    }
}

fn is_known(row: &Resource) -> bool {
    row.custom.is_some() || KINDS.iter().any(|(key, _)| *key == row.key()) || other::knows(&row.key())
}

/// The cells of an object, one for each of [`columns`]. `now_ms` is the present in milliseconds since 1970.
pub fn cells_of(row: &Resource, object: &Object, now_ms: i64) -> Vec<String> {
    if row.custom.is_some() {
        return custom::row(&row.columns, object, now_ms);
    }
    match KINDS.iter().find(|(key, _)| *key == object.ty.resource) {
        Some((_, cells)) => cells(object, now_ms),
        None => other::row(object, now_ms).unwrap_or_else(|| vec![object.name().to_string(), cells::age(object, now_ms)]),
    }
}
