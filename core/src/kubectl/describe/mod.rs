//! `describe`: one describer per kind, each writing what a person wants to know of one object. Models kubectl
//! `pkg/describe`. Describers read through [`Cx`] as a client would and write into a [`Page`].

mod access;
mod batch;
mod certificate;
mod cluster;
mod config;
mod container;
mod events;
mod generic;
mod ingress;
mod network;
mod node;
mod page;
mod pod;
mod policy;
mod sources;
mod storage;
pub mod template;
mod volume;
mod workloads;

use alloc::string::String;

use super::cx::Cx;
use crate::object::Object;
use crate::object::resources as keys;

pub use page::Page;

/// Writes one object.
type Describer = fn(&mut Cx<'_>, &Object, &mut Page);

/// One row per kind with a describer of its own, and whether Events follow.
const KINDS: &[(&str, Describer, bool)] = &[
    (keys::PODS, pod::describe, true),
    (keys::NODES, node::describe, true),
    (keys::DEPLOYMENTS, workloads::deployment, true),
    (keys::REPLICA_SETS, workloads::replica_set, true),
    (keys::REPLICATION_CONTROLLERS, workloads::replica_set, true),
    (keys::DAEMON_SETS, workloads::daemon_set, true),
    (keys::STATEFUL_SETS, workloads::stateful_set, true),
    (keys::JOBS, workloads::job, true),
    (keys::CRON_JOBS, batch::cron_job, true),
    (keys::HORIZONTAL_POD_AUTOSCALERS, batch::autoscaler, true),
    (keys::PERSISTENT_VOLUMES, storage::persistent_volume, true),
    (keys::PERSISTENT_VOLUME_CLAIMS, storage::claim, true),
    (keys::STORAGE_CLASSES, storage::class, true),
    ("volumeattributesclasses.storage.k8s.io", storage::attributes_class, true),
    ("csinodes.storage.k8s.io", storage::csi_node, true),
    (keys::INGRESSES, ingress::ingress, true),
    (keys::INGRESS_CLASSES, ingress::class, true),
    ("servicecidrs.networking.k8s.io", network::service_cidr, true),
    ("ipaddresses.networking.k8s.io", network::ip_address, true),
    (keys::NETWORK_POLICIES, ingress::network_policy, false),
    (keys::LIMIT_RANGES, cluster::limit_range, false),
    (keys::SERVICES, network::service, true),
    (keys::ENDPOINTS, network::endpoints, true),
    (keys::ENDPOINT_SLICES, network::endpoint_slice, true),
    (keys::NAMESPACES, cluster::namespace, false),
    (keys::PRIORITY_CLASSES, cluster::priority_class, true),
    (keys::RESOURCE_QUOTAS, cluster::quota, false),
    (keys::CONFIG_MAPS, config::config_map, true),
    (keys::SECRETS, config::secret, false),
    (keys::SERVICE_ACCOUNTS, config::service_account, true),
    (keys::ROLES, access::role, false),
    (keys::CLUSTER_ROLES, access::role, false),
    (keys::ROLE_BINDINGS, access::binding, false),
    (keys::CLUSTER_ROLE_BINDINGS, access::binding, false),
    ("certificatesigningrequests.certificates.k8s.io", certificate::request, true),
    (keys::POD_DISRUPTION_BUDGETS, policy::disruption_budget, true),
];

/// The description of an object, with its Events when `with_events`.
pub fn describe(cx: &mut Cx<'_>, object: &Object, with_events: bool) -> String {
    let mut page = Page::default();
    let (describer, has_events) = KINDS
        .iter()
        .find(|(key, ..)| *key == object.ty.resource)
        .map_or((generic::describe as Describer, true), |(_, describer, events)| (*describer, *events));
    describer(cx, object, &mut page);
    if has_events && with_events {
        events::write(cx, object, &mut page);
    }
    page.finish()
}
