//! Pictures of the cluster, made for drawing. Parts that have not changed are pointer-equal to those of the picture before.

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use super::cluster::Cluster;
use crate::api::Api;
use crate::object::resources::{DAEMON_SETS, DEPLOYMENTS, JOBS, NAMESPACES, NODES, PODS, REPLICA_SETS, SERVICES, STATEFUL_SETS};
use crate::object::value::{i64_at, items_at, text_at};
use crate::object::{Key, Object};
use crate::time::Instant;

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
    /// The namespaces.
    pub namespaces: Rc<[Rc<str>]>,
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

impl View {
    /// A picture of the cluster now. Parts equal to those of `before` are shared with it.
    pub fn of(cluster: &Cluster, before: Option<&View>) -> View {
        let api = &cluster.api;
        if let Some(before) = before
            && before.version == api.store.resource_version
        {
            return View { at: cluster.now(), ..before.clone() };
        }
        let nothing = View::default();
        let before = before.unwrap_or(&nothing);
        let pods = keep(&before.pods, api.list(PODS, None).map(|p| pod(p)), |p| p.uid.clone());
        let nodes = keep(&before.nodes, api.list(NODES, None).map(|n| node(n, &pods)), |n| n.uid.clone());
        let kinds = [DEPLOYMENTS, REPLICA_SETS, STATEFUL_SETS, DAEMON_SETS, JOBS];
        let workloads = keep(&before.workloads, kinds.iter().flat_map(|k| api.list(k, None)).map(|w| workload(w)), |w| w.uid.clone());
        let services = keep(&before.services, api.list(SERVICES, None).map(|s| service(api, s, &pods)), |s| s.uid.clone());
        let namespaces: Rc<[Rc<str>]> = api.list(NAMESPACES, None).map(|n| n.meta.name.clone()).collect();
        let namespaces = if *namespaces == *before.namespaces { before.namespaces.clone() } else { namespaces };
        View { at: cluster.now(), version: api.store.resource_version, nodes, pods, workloads, services, namespaces }
    }

    /// What moved from this picture to `later`.
    pub fn diff(&self, later: &View) -> Vec<Move> {
        if Rc::ptr_eq(&self.pods, &later.pods) {
            return Vec::new();
        }
        let old: BTreeMap<&str, &Rc<PodView>> = self.pods.iter().map(|p| (&*p.uid, p)).collect();
        let mut moves = Vec::new();
        for pod in later.pods.iter() {
            match old.get(&*pod.uid) {
                None => {
                    moves.push(Move::Enter(pod.uid.clone()));
                    moves.extend(pod.node.iter().map(|n| Move::Bind(pod.uid.clone(), n.clone())));
                }
                Some(was) if Rc::ptr_eq(was, pod) => {}
                Some(was) => {
                    if let Some(node) = pod.node.as_ref().filter(|n| Some(*n) != was.node.as_ref()) {
                        moves.push(Move::Bind(pod.uid.clone(), node.clone()));
                    }
                    if was.state != pod.state {
                        moves.push(Move::Restate(pod.uid.clone(), pod.state));
                    }
                }
            }
        }
        let new: alloc::collections::BTreeSet<&str> = later.pods.iter().map(|p| &*p.uid).collect();
        moves.extend(self.pods.iter().filter(|p| !new.contains(&*p.uid)).map(|p| Move::Leave(p.uid.clone())));
        moves
    }
}

/// Collects parts, sharing those that are equal to an old one.
fn keep<T: PartialEq>(old: &Rc<[Rc<T>]>, new: impl Iterator<Item = T>, id: impl Fn(&T) -> Rc<str>) -> Rc<[Rc<T>]> {
    let by_id: BTreeMap<Rc<str>, &Rc<T>> = old.iter().map(|o| (id(o), o)).collect();
    let list: Rc<[Rc<T>]> = new
        .map(|part| match by_id.get(&id(&part)) {
            Some(same) if ***same == part => (*same).clone(),
            _ => Rc::new(part),
        })
        .collect();
    let unchanged = list.len() == old.len() && list.iter().zip(old.iter()).all(|(a, b)| Rc::ptr_eq(a, b));
    if unchanged { old.clone() } else { list }
}

fn pod(pod: &Object) -> PodView {
    let status = status_word(pod);
    let (cpu_m, memory) = items_of(pod, "/spec/containers").fold((0, 0), |(cpu, memory), c| {
        (cpu + milli(text_at(c, "/resources/requests/cpu")), memory + bytes(text_at(c, "/resources/requests/memory")))
    });
    PodView {
        uid: pod.meta.uid.clone(),
        namespace: pod.meta.namespace.clone(),
        name: pod.meta.name.clone(),
        node: pod.str_at("/spec/nodeName").filter(|n| !n.is_empty()).map(Rc::from),
        state: state(pod, &status),
        status: status.into(),
        ip: pod.text_at("/status/podIP").into(),
        containers: items_of(pod, "/spec/containers").map(|c| container(pod, c)).collect(),
        owner: pod.controller().map(|o| (o.kind.as_str().into(), o.name.as_str().into(), o.uid.as_str().into())),
        cpu_m,
        memory,
        created_ms: pod.meta.creation.unwrap_or(0),
        labels: pod.meta.labels.clone(),
    }
}

fn items_of<'a>(object: &'a Object, path: &str) -> impl Iterator<Item = &'a Value> {
    object.items_at(path).iter()
}

fn container(pod: &Object, spec: &Value) -> ContainerView {
    let name = text_at(spec, "name");
    let status = items_of(pod, "/status/containerStatuses").find(|s| text_at(s, "name") == name);
    let of = |path: &str| status.map_or("", |s| text_at(s, path));
    let has = |state: &str| status.is_some_and(|s| s.get("state").and_then(|x| x.get(state)).is_some());
    let state = ["running", "waiting", "terminated"].into_iter().find(|s| has(s)).unwrap_or_default();
    ContainerView {
        name: name.into(),
        image: text_at(spec, "image").into(),
        state,
        reason: [of("/state/waiting/reason"), of("/state/terminated/reason")].concat().into(),
        ready: status.is_some_and(|s| crate::object::value::bool_at(s, "ready")),
        restarts: status.and_then(|s| i64_at(s, "restartCount")).and_then(|n| u32::try_from(n).ok()).unwrap_or(0),
    }
}

/// What kubectl's STATUS column says of a Pod. Models `pkg/printers/internalversion` printPod.
pub fn status_word(pod: &Object) -> String {
    let phase = pod.text_at("/status/phase");
    let mut word = [pod.text_at("/status/reason"), phase].into_iter().find(|w| !w.is_empty()).unwrap_or("Unknown").to_string();
    for status in pod.items_at("/status/containerStatuses").iter().rev() {
        let reason = [text_at(status, "/state/waiting/reason"), text_at(status, "/state/terminated/reason")].concat();
        if !reason.is_empty() {
            word = reason;
        }
    }
    if pod.is_deleting() {
        word = "Terminating".to_string();
    }
    word
}

fn state(pod: &Object, status: &str) -> PodState {
    let ready = items_of(pod, "/status/conditions").any(|c| text_at(c, "type") == "Ready" && text_at(c, "status") == "True");
    match status {
        "Terminating" => PodState::Terminating,
        "Evicted" => PodState::Evicted,
        s if s.ends_with("ImagePullBackOff") || s.ends_with("ErrImagePull") || s.ends_with("InvalidImageName") => PodState::ImageError,
        s if s.ends_with("CrashLoopBackOff") => PodState::CrashLoop,
        _ if pod.text_at("/spec/nodeName").is_empty() => PodState::Pending,
        _ if ready => PodState::Ready,
        _ => match pod.text_at("/status/phase") {
            "Succeeded" => PodState::Completed,
            "Failed" => PodState::Failed,
            "Running" => PodState::Running,
            _ => PodState::Creating,
        },
    }
}

fn node(node: &Object, pods: &[Rc<PodView>]) -> NodeView {
    let mine =
        || pods.iter().filter(|p| p.node.as_deref() == Some(node.name()) && !matches!(p.state, PodState::Completed | PodState::Failed));
    let address =
        |kind: &str| items_of(node, "/status/addresses").find(|a| text_at(a, "type") == kind).map_or("", |a| text_at(a, "address"));
    let taint = |t: &Value| {
        let value = text_at(t, "value");
        Rc::<str>::from([text_at(t, "key"), if value.is_empty() { "" } else { "=" }, value, ":", text_at(t, "effect")].concat())
    };
    NodeView {
        uid: node.meta.uid.clone(),
        name: node.meta.name.clone(),
        ip: address("InternalIP").into(),
        control_plane: node.meta.label("node-role.kubernetes.io/control-plane").is_some(),
        cordoned: node.bool_at("/spec/unschedulable"),
        ready: items_of(node, "/status/conditions").any(|c| text_at(c, "type") == "Ready" && text_at(c, "status") == "True"),
        cpu_m: milli(node.text_at("/status/allocatable/cpu")),
        cpu_used_m: mine().map(|p| p.cpu_m).sum(),
        memory: bytes(node.text_at("/status/allocatable/memory")),
        memory_used: mine().map(|p| p.memory).sum(),
        pods: node.text_at("/status/allocatable/pods").parse().unwrap_or(0),
        pods_used: mine().count() as u32,
        taints: items_of(node, "/spec/taints").map(taint).collect(),
    }
}

fn workload(w: &Object) -> WorkloadView {
    let number = |paths: &[&str]| paths.iter().find_map(|p| w.i64_at(p)).and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
    WorkloadView {
        uid: w.meta.uid.clone(),
        kind: w.ty.kind.as_str().into(),
        namespace: w.meta.namespace.clone(),
        name: w.meta.name.clone(),
        desired: number(&["/spec/replicas", "/status/desiredNumberScheduled", "/spec/completions"]),
        current: number(&["/status/replicas", "/status/currentNumberScheduled", "/status/active"]),
        ready: number(&["/status/readyReplicas", "/status/numberReady", "/status/succeeded"]),
        revision: w.meta.annotation("deployment.kubernetes.io/revision").and_then(|r| r.parse().ok()).unwrap_or(0),
        owner: w.controller().map_or("", |o| o.uid.as_str()).into(),
        image: w.text_at("/spec/template/spec/containers/0/image").into(),
    }
}

fn service(api: &Api, s: &Object, pods: &[Rc<PodView>]) -> ServiceView {
    let endpoints = api.get(crate::object::resources::ENDPOINTS, &Key::new(s.namespace(), s.name()));
    let addresses: Vec<&str> = endpoints
        .into_iter()
        .flat_map(|e| e.items_at("/subsets"))
        .flat_map(|set| items_at(set, "addresses"))
        .map(|a| text_at(a, "ip"))
        .collect();
    ServiceView {
        uid: s.meta.uid.clone(),
        namespace: s.meta.namespace.clone(),
        name: s.meta.name.clone(),
        kind: s.text_at("/spec/type").into(),
        ip: s.text_at("/spec/clusterIP").into(),
        external_ip: s.text_at("/status/loadBalancer/ingress/0/ip").into(),
        endpoints: pods.iter().filter(|p| !p.ip.is_empty() && addresses.contains(&&*p.ip)).map(|p| p.uid.clone()).collect(),
    }
}

/// A CPU quantity in thousandths of a core.
fn milli(text: &str) -> u32 {
    match text.strip_suffix('m') {
        Some(m) => m.parse().unwrap_or(0),
        None => text.parse::<u32>().unwrap_or(0).saturating_mul(1000),
    }
}

/// A memory quantity in bytes.
fn bytes(text: &str) -> u64 {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(end).unwrap_or(("0", ""));
    let factor = match unit {
        "Ki" => 1 << 10,
        "Mi" => 1 << 20,
        "Gi" => 1 << 30,
        "k" => 1000,
        "M" => 1_000_000,
        "G" => 1_000_000_000,
        _ => 1,
    };
    number.parse::<u64>().unwrap_or(0).saturating_mul(factor)
}
