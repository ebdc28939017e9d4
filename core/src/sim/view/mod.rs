//! Pictures of the cluster, made for drawing. Parts that have not changed are pointer-equal to those of the picture before.

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use super::cluster::Cluster;
use crate::object::Object;
use crate::object::resources::{
    CRON_JOBS, DAEMON_SETS, DEPLOYMENTS, JOBS, NAMESPACES, NODES, POD_DISRUPTION_BUDGETS, PODS, REPLICA_SETS, REPLICATION_CONTROLLERS,
    SERVICES, STATEFUL_SETS,
};
use crate::shared::SharedMap;
use crate::time::Instant;

mod follow;
mod parts;

/// What a Pod's pie shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PodState {
    /// Not bound to a node.
    Pending,
    /// Bound; containers are being made.
    Creating,
    /// Running, but not ready.
    Running,
    /// Running and ready.
    Ready,
    /// On its way out.
    Terminating,
    /// Ended well.
    Completed,
    /// Ended badly.
    Failed,
    /// Its image cannot be had.
    ImageError,
    /// Its container keeps ending.
    CrashLoop,
    /// Put off its node.
    Evicted,
}

/// A container of a Pod.
#[derive(Clone, Debug, PartialEq)]
pub struct ContainerView {
    /// Its name.
    pub name: Rc<str>,
    /// Its image.
    pub image: Rc<str>,
    /// `running`, `waiting` or `terminated`; empty before the kubelet has said anything.
    pub state: &'static str,
    /// Why it waits or ended: `CrashLoopBackOff`.
    pub reason: Rc<str>,
    /// Whether it is ready.
    pub ready: bool,
    /// How often it was started again.
    pub restarts: u32,
    /// Wall-clock milliseconds at which it will be started again, where it waits for that after a crash.
    pub retry_ms: Option<i64>,
    /// Whether it runs to its end before the others begin.
    pub init: bool,
}

/// A Pod.
#[derive(Clone, Debug, PartialEq)]
pub struct PodView {
    /// Its UID: what makes it the same Pod in two pictures.
    pub uid: Rc<str>,
    /// Its namespace.
    pub namespace: Rc<str>,
    /// Its name.
    pub name: Rc<str>,
    /// The node it is bound to.
    pub node: Option<Rc<str>>,
    /// What its pie shows.
    pub state: PodState,
    /// What kubectl's STATUS column says: `Running`, `CrashLoopBackOff`, `Init:0/1`.
    pub status: Rc<str>,
    /// Why it has no node, as the scheduler says; empty where it has one or was not tried yet.
    pub waits: Rc<str>,
    /// Its address; empty before it has one.
    pub ip: Rc<str>,
    /// Its containers.
    pub containers: Rc<[ContainerView]>,
    /// Kind, name and UID of the object that manages it.
    pub owner: Option<(Rc<str>, Rc<str>, Rc<str>)>,
    /// CPU asked for, in thousandths of a core.
    pub cpu_m: u32,
    /// Memory asked for, in bytes.
    pub memory: u64,
    /// Wall-clock milliseconds of its creation.
    pub created_ms: i64,
    /// Its labels.
    pub labels: Rc<BTreeMap<String, String>>,
    /// What it was made from.
    pub origin: Origin,
}

/// The object that a part was made from: the part is made anew only where the object is another. Two parts that show the
/// same are equal whatever they were made from.
#[derive(Clone, Debug)]
pub struct Origin(Rc<Object>);

impl PartialEq for Origin {
    fn eq(&self, _: &Origin) -> bool {
        true
    }
}

/// A node.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeView {
    /// Its UID.
    pub uid: Rc<str>,
    /// Its name.
    pub name: Rc<str>,
    /// Its address.
    pub ip: Rc<str>,
    /// Whether it is a control-plane node.
    pub control_plane: bool,
    /// Whether it is cordoned.
    pub cordoned: bool,
    /// Whether it is Ready.
    pub ready: bool,
    /// CPU it can give, in thousandths of a core.
    pub cpu_m: u32,
    /// CPU asked for by its Pods.
    pub cpu_used_m: u32,
    /// Memory it can give, in bytes.
    pub memory: u64,
    /// Memory asked for by its Pods.
    pub memory_used: u64,
    /// How many Pods it can hold.
    pub pods: u32,
    /// How many Pods it holds.
    pub pods_used: u32,
    /// `key=value:effect` of its taints.
    pub taints: Rc<[Rc<str>]>,
}

/// Something that manages Pods: a Deployment with its ReplicaSets, a StatefulSet, a DaemonSet, a Job, a bare ReplicaSet.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkloadView {
    /// Its UID.
    pub uid: Rc<str>,
    /// Its kind.
    pub kind: Rc<str>,
    /// Its namespace.
    pub namespace: Rc<str>,
    /// Its name.
    pub name: Rc<str>,
    /// Pods wanted.
    pub desired: u32,
    /// Pods there are.
    pub current: u32,
    /// Pods ready.
    pub ready: u32,
    /// Its revision, zero where it has none.
    pub revision: u32,
    /// UID of the object that manages it; empty if none.
    pub owner: Rc<str>,
    /// The image of its first container.
    pub image: Rc<str>,
    /// Whether its rollout is paused, or it is suspended.
    pub paused: bool,
}

/// A Service.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceView {
    /// Its UID.
    pub uid: Rc<str>,
    /// Its namespace.
    pub namespace: Rc<str>,
    /// Its name.
    pub name: Rc<str>,
    /// `ClusterIP`, `NodePort`, `LoadBalancer`, `ExternalName`.
    pub kind: Rc<str>,
    /// Its cluster address.
    pub ip: Rc<str>,
    /// Its address outside; empty if none.
    pub external_ip: Rc<str>,
    /// UIDs of the ready Pods behind it.
    pub endpoints: Rc<[Rc<str>]>,
    /// UIDs of the Pods behind it that are not ready.
    pub waiting: Rc<[Rc<str>]>,
    /// Its ports: `80/TCP`, `80:30080/TCP`.
    pub ports: Rc<str>,
}

/// A PodDisruptionBudget.
#[derive(Clone, Debug, PartialEq)]
pub struct BudgetView {
    /// Its UID.
    pub uid: Rc<str>,
    /// Its namespace.
    pub namespace: Rc<str>,
    /// Its name.
    pub name: Rc<str>,
    /// What it asks for: `minAvailable 2`, `maxUnavailable 25%`.
    pub rule: Rc<str>,
    /// How many of its Pods may be evicted now.
    pub allowed: u32,
    /// UIDs of its Pods.
    pub pods: Rc<[Rc<str>]>,
}

/// A picture of the cluster. Lists are ordered by namespace and name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    /// When it was taken.
    pub at: Instant,
    /// The store's version it shows.
    pub version: u64,
    /// The nodes.
    pub nodes: Rc<[Rc<NodeView>]>,
    /// The Pods.
    pub pods: Rc<[Rc<PodView>]>,
    /// What manages Pods.
    pub workloads: Rc<[Rc<WorkloadView>]>,
    /// The Services.
    pub services: Rc<[Rc<ServiceView>]>,
    /// The PodDisruptionBudgets.
    pub budgets: Rc<[Rc<BudgetView>]>,
    /// The namespaces.
    pub namespaces: Rc<[Rc<str>]>,
    origins: Origins,
}

/// The objects that other parts were made from, in the same order.
#[derive(Clone, Debug, Default)]
struct Origins {
    workloads: Rc<[Rc<Object>]>,
    services: Rc<[parts::ServiceOrigin]>,
    /// What the Pods of each node ask for.
    used: parts::Used,
    /// The last change that the picture knows of: where it stands in history.
    last: Option<Rc<Object>>,
}

impl PartialEq for Origins {
    fn eq(&self, _: &Origins) -> bool {
        true
    }
}

/// What became of a Pod between two pictures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    /// It was made.
    Enter(Rc<str>),
    /// It went to a node.
    Bind(Rc<str>, Rc<str>),
    /// Its state changed.
    Restate(Rc<str>, PodState),
    /// It is gone.
    Leave(Rc<str>),
}

/// What manages Pods.
const KINDS: &[&str] = &[DEPLOYMENTS, REPLICA_SETS, STATEFUL_SETS, DAEMON_SETS, CRON_JOBS, JOBS, REPLICATION_CONTROLLERS];

/// The order of what manages Pods: by kind, then as in lists.
fn by_kind(a: &Rc<Object>, b: &Rc<Object>) -> Ordering {
    let kind = |o: &Object| KINDS.iter().position(|k| *k == o.ty.resource);
    kind(a).cmp(&kind(b)).then_with(|| parts::by_key(a, b))
}

/// The object of the last change: what tells whether a picture lies on the way to the present.
fn last(cluster: &Cluster) -> Option<Rc<Object>> {
    let log = &cluster.api.store.log;
    log.get(log.end().checked_sub(1)?).map(|c| c.object.clone())
}

fn workloads(cluster: &Cluster, before: &View, view: &mut View) {
    let all = KINDS.iter().flat_map(|kind| cluster.api.list(kind, None)).cloned();
    (view.workloads, view.origins.workloads) =
        parts::renew(&before.workloads, &before.origins.workloads, all, by_kind, Rc::ptr_eq, |w| parts::workload(w));
}

fn services(cluster: &Cluster, before: &View, view: &mut View) {
    let fronts = cluster.api.list(SERVICES, None).map(|s| parts::ServiceOrigin::of(&cluster.api, s));
    (view.services, view.origins.services) = parts::renew(
        &before.services,
        &before.origins.services,
        fronts,
        parts::ServiceOrigin::order,
        parts::ServiceOrigin::same,
        parts::service,
    );
}

fn budgets(cluster: &Cluster, before: &View, view: &mut View) {
    let all = cluster.api.list(POD_DISRUPTION_BUDGETS, None).map(|b| parts::budget(b, &view.pods));
    view.budgets = parts::keep(&before.budgets, all);
}

fn namespaces(cluster: &Cluster, before: &View, view: &mut View) {
    let names: Rc<[Rc<str>]> = cluster.api.list(NAMESPACES, None).map(|n| n.meta.name.clone()).collect();
    view.namespaces = if *names == *before.namespaces { before.namespaces.clone() } else { names };
}

impl View {
    /// A picture of the cluster now. Parts equal to those of `before` are shared with it.
    pub fn of(cluster: &Cluster, before: Option<&View>) -> View {
        let nothing = View::default();
        let before = before.unwrap_or(&nothing);
        if let Some(view) = follow::follow(cluster, before) {
            return view;
        }
        let api = &cluster.api;
        let pods = parts::renew_pods(&before.pods, api.list(PODS, None));
        let mut view = View { at: cluster.now(), version: api.store.resource_version, pods, ..before.clone() };
        view.origins.used = SharedMap::new();
        for pod in view.pods.iter() {
            parts::use_node(&mut view.origins.used, pod, true);
        }
        view.origins.last = last(cluster);
        view.nodes = parts::keep(&before.nodes, api.list(NODES, None).map(|n| parts::node(n, &view.origins.used)));
        workloads(cluster, before, &mut view);
        services(cluster, before, &mut view);
        budgets(cluster, before, &mut view);
        namespaces(cluster, before, &mut view);
        view
    }

    /// What moved from this picture to `later`.
    pub fn diff(&self, later: &View) -> Vec<Move> {
        if Rc::ptr_eq(&self.pods, &later.pods) {
            return Vec::new();
        }
        // Both are in order of namespace and name.
        let order = |a: &PodView, b: &PodView| a.namespace.cmp(&b.namespace).then_with(|| a.name.cmp(&b.name));
        let mut moves = Vec::new();
        let mut old = self.pods.iter().peekable();
        for pod in later.pods.iter() {
            while let Some(gone) = old.next_if(|o| !Rc::ptr_eq(o, pod) && order(o, pod) == Ordering::Less) {
                moves.push(Move::Leave(gone.uid.clone()));
            }
            match old.next_if(|o| Rc::ptr_eq(o, pod) || order(o, pod) == Ordering::Equal) {
                Some(was) if was.uid == pod.uid => {
                    if let Some(node) = pod.node.as_ref().filter(|n| Some(*n) != was.node.as_ref()) {
                        moves.push(Move::Bind(pod.uid.clone(), node.clone()));
                    }
                    if was.state != pod.state {
                        moves.push(Move::Restate(pod.uid.clone(), pod.state));
                    }
                }
                other => {
                    // One of the same name takes the place of another.
                    moves.extend(other.map(|was| Move::Leave(was.uid.clone())));
                    moves.push(Move::Enter(pod.uid.clone()));
                    moves.extend(pod.node.iter().map(|n| Move::Bind(pod.uid.clone(), n.clone())));
                }
            }
        }
        moves.extend(old.map(|gone| Move::Leave(gone.uid.clone())));
        moves
    }
}
