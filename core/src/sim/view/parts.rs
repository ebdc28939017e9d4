//! The parts of a picture, each made from its object, and how they are kept from one picture to the next.

use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cmp::Ordering;
use serde_json::Value;

use super::{BudgetView, ContainerView, NodeView, Origin, PodState, PodView, ServiceView, WorkloadView};
use crate::api::Api;
use crate::object::pod_summary::{is_true, summary};
use crate::object::resources::ENDPOINTS;
use crate::object::selector::Selector;
use crate::object::value::{i64_at, items_at, str_at, text_at};
use crate::object::{Key, Object};
use crate::shared::SharedMap;
use crate::text::duration;
use crate::text::timestamp::parse_rfc3339_ms;

/// Goes through the origins of parts and makes those parts anew whose origin is not `same` as before. Both lists are in
/// the order that `order` tells. Returns the parts and their origins; where nothing has changed, the very same ones.
pub fn renew<O: Clone, T>(
    old: &Rc<[Rc<T>]>,
    from: &Rc<[O]>,
    new: impl Iterator<Item = O>,
    order: impl Fn(&O, &O) -> Ordering,
    same: impl Fn(&O, &O) -> bool,
    make: impl Fn(&O) -> T,
) -> (Rc<[Rc<T>]>, Rc<[O]>) {
    let mut at = 0;
    let mut unchanged = true;
    let mut origins = Vec::with_capacity(from.len());
    let mut parts: Vec<Rc<T>> = Vec::with_capacity(old.len());
    for origin in new {
        while from.get(at).is_some_and(|o| order(o, &origin) == Ordering::Less) {
            at += 1;
        }
        let kept = from.get(at).filter(|o| same(o, &origin)).and_then(|_| old.get(at));
        unchanged &= kept.is_some() && at == parts.len();
        parts.push(kept.cloned().unwrap_or_else(|| Rc::new(make(&origin))));
        origins.push(origin);
    }
    if unchanged && parts.len() == old.len() {
        return (old.clone(), from.clone());
    }
    (parts.into(), origins.into())
}

/// The pictures of all Pods; those that show the same as before are kept.
pub fn renew_pods<'a>(old: &Rc<[Rc<PodView>]>, pods: impl Iterator<Item = &'a Rc<Object>>) -> Rc<[Rc<PodView>]> {
    let mut rest = old.iter().peekable();
    let mut parts: Vec<Rc<PodView>> = Vec::with_capacity(old.len());
    for object in pods {
        let key = (&*object.meta.namespace, &*object.meta.name);
        while rest.next_if(|p| (&*p.namespace, &*p.name) < key).is_some() {}
        let before = rest.next_if(|p| (&*p.namespace, &*p.name) == key);
        parts.push(renew_pod(before, object));
    }
    let unchanged = parts.len() == old.len() && parts.iter().zip(old.iter()).all(|(a, b)| Rc::ptr_eq(a, b));
    if unchanged { old.clone() } else { parts.into() }
}

/// The picture of a Pod: the one before, where that shows the same.
pub fn renew_pod(before: Option<&Rc<PodView>>, object: &Rc<Object>) -> Rc<PodView> {
    match before {
        Some(before) if Rc::ptr_eq(&before.origin.0, object) => before.clone(),
        _ => {
            let new = pod(object);
            before.filter(|b| ***b == new).cloned().unwrap_or_else(|| Rc::new(new))
        }
    }
}

/// The order of objects in lists: by namespace and name.
pub fn by_key(a: &Rc<Object>, b: &Rc<Object>) -> Ordering {
    a.meta.namespace.cmp(&b.meta.namespace).then_with(|| a.meta.name.cmp(&b.meta.name))
}

/// Collects parts, sharing those that are equal to an old one.
pub fn keep<T: PartialEq>(old: &Rc<[Rc<T>]>, new: impl Iterator<Item = T>) -> Rc<[Rc<T>]> {
    let list: Rc<[Rc<T>]> = new
        .enumerate()
        .map(|(i, part)| match old.get(i).filter(|o| ***o == part).or_else(|| old.iter().find(|o| ***o == part)) {
            Some(same) => same.clone(),
            None => Rc::new(part),
        })
        .collect();
    let unchanged = list.len() == old.len() && list.iter().zip(old.iter()).all(|(a, b)| Rc::ptr_eq(a, b));
    if unchanged { old.clone() } else { list }
}

/// A Pod.
fn pod(pod: &Rc<Object>) -> PodView {
    let status = summary(pod).status;
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
        waits: waits(pod).into(),
        ip: pod.text_at("/status/podIP").into(),
        containers: items_of(pod, "/spec/initContainers")
            .map(|c| container(pod, c, true))
            .chain(items_of(pod, "/spec/containers").map(|c| container(pod, c, false)))
            .collect(),
        owner: pod.controller().map(|o| (o.kind.as_str().into(), o.name.as_str().into(), o.uid.as_str().into())),
        cpu_m,
        memory,
        created_ms: pod.meta.creation.unwrap_or(0),
        labels: pod.meta.labels.clone(),
        origin: Origin(pod.clone()),
    }
}

/// Why a Pod has no node, as its condition says.
fn waits(pod: &Object) -> &str {
    let refused = |c: &&Value| text_at(c, "type") == "PodScheduled" && text_at(c, "status") == "False";
    if pod.text_at("/spec/nodeName").is_empty() {
        items_of(pod, "/status/conditions").find(refused).map_or("", |c| text_at(c, "message"))
    } else {
        ""
    }
}

fn items_of<'a>(object: &'a Object, path: &str) -> impl Iterator<Item = &'a Value> {
    object.items_at(path).iter()
}

fn container(pod: &Object, spec: &Value, init: bool) -> ContainerView {
    let name = text_at(spec, "name");
    let status = items_of(pod, if init { "/status/initContainerStatuses" } else { "/status/containerStatuses" })
        .find(|s| text_at(s, "name") == name);
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
        retry_ms: status.and_then(retry_ms),
        init,
    }
}

/// When a container that crashed is started again: its end and the back-off that its status tells.
fn retry_ms(status: &Value) -> Option<i64> {
    let wait = text_at(status, "/state/waiting/message").strip_prefix("back-off ")?.split(' ').next()?;
    let ended = parse_rfc3339_ms(text_at(status, "/lastState/terminated/finishedAt"))?;
    Some(ended + duration::parse_millis(wait).ok()?)
}

fn state(pod: &Object, status: &str) -> PodState {
    let ready = is_true(pod, "Ready");
    match status {
        "Terminating" => PodState::Terminating,
        _ if pod.text_at("/status/reason") == "Evicted" => PodState::Evicted,
        "Error" | "OOMKilled" | "ContainerCannotRun" | "StartError" | "CreateContainerError" | "CreateContainerConfigError" => {
            PodState::Failed
        }
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

/// What the Pods of each node ask for: CPU in thousandths of a core, memory in bytes, and their number.
pub type Used = SharedMap<Rc<str>, (u32, u64, u32)>;

/// Adds what a Pod asks for to its node's sum, or takes it away. False when it counts nowhere.
pub fn use_node(used: &mut Used, pod: &PodView, adds: bool) -> bool {
    let Some(node) = pod.node.as_ref().filter(|_| !matches!(pod.state, PodState::Completed | PodState::Failed | PodState::Evicted)) else {
        return false;
    };
    if let Some(sum) = used.entry_or(node.clone(), Default::default) {
        *sum = match adds {
            true => (sum.0.saturating_add(pod.cpu_m), sum.1.saturating_add(pod.memory), sum.2 + 1),
            false => (sum.0.saturating_sub(pod.cpu_m), sum.1.saturating_sub(pod.memory), sum.2.saturating_sub(1)),
        };
    }
    true
}

/// A node.
pub fn node(node: &Object, used: &Used) -> NodeView {
    let (cpu_used_m, memory_used, pods_used) = used.get(&node.meta.name).copied().unwrap_or_default();
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
        ready: is_true(node, "Ready"),
        cpu_m: milli(node.text_at("/status/allocatable/cpu")),
        cpu_used_m,
        memory: bytes(node.text_at("/status/allocatable/memory")),
        memory_used,
        pods: node.text_at("/status/allocatable/pods").parse().unwrap_or(0),
        pods_used,
        taints: items_of(node, "/spec/taints").map(taint).collect(),
    }
}

/// What manages Pods.
pub fn workload(w: &Object) -> WorkloadView {
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
        paused: w.bool_at("/spec/paused") || w.bool_at("/spec/suspend"),
    }
}

/// The UIDs of the Pods that a list of a Service's Endpoints names.
fn behind(endpoints: Option<&Object>, list: &str) -> Rc<[Rc<str>]> {
    let subsets = endpoints.into_iter().flat_map(|e| e.items_at("/subsets"));
    subsets.flat_map(|set| items_at(set, list)).filter_map(|a| str_at(a, "targetRef/uid").map(Rc::from)).collect()
}

/// What a [`ServiceView`] is made from.
#[derive(Clone, Debug)]
pub struct ServiceOrigin {
    service: Rc<Object>,
    endpoints: Option<Rc<Object>>,
}

impl ServiceOrigin {
    /// A Service with its Endpoints.
    pub fn of(api: &Api, service: &Rc<Object>) -> ServiceOrigin {
        let endpoints = api.get(ENDPOINTS, &Key::new(service.namespace(), service.name())).cloned();
        ServiceOrigin { service: service.clone(), endpoints }
    }

    /// The order of Services.
    pub fn order(&self, other: &ServiceOrigin) -> Ordering {
        by_key(&self.service, &other.service)
    }

    /// Whether both are the very same objects.
    pub fn same(&self, other: &ServiceOrigin) -> bool {
        let endpoints = match (&self.endpoints, &other.endpoints) {
            (Some(a), Some(b)) => Rc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        };
        endpoints && Rc::ptr_eq(&self.service, &other.service)
    }
}

/// A Service.
pub fn service(origin: &ServiceOrigin) -> ServiceView {
    let (s, endpoints) = (&origin.service, origin.endpoints.as_deref());
    let port = |p: &Value| {
        let number = |path: &str| i64_at(p, path).unwrap_or(0).to_string();
        let node = i64_at(p, "nodePort").map_or(String::new(), |n| [":", &n.to_string()].concat());
        [&number("port"), &node, "/", str_at(p, "protocol").unwrap_or("TCP")].concat()
    };
    ServiceView {
        uid: s.meta.uid.clone(),
        namespace: s.meta.namespace.clone(),
        name: s.meta.name.clone(),
        kind: s.text_at("/spec/type").into(),
        ip: s.text_at("/spec/clusterIP").into(),
        external_ip: s.text_at("/status/loadBalancer/ingress/0/ip").into(),
        endpoints: behind(endpoints, "addresses"),
        waiting: behind(endpoints, "notReadyAddresses"),
        ports: items_of(s, "/spec/ports").map(port).collect::<Vec<_>>().join(",").into(),
    }
}

/// A PodDisruptionBudget.
pub fn budget(b: &Object, pods: &[Rc<PodView>]) -> BudgetView {
    let selector = Selector::from_label_selector(b.at("/spec/selector")).unwrap_or_else(|_| Selector::nothing());
    let rule = ["minAvailable", "maxUnavailable"].into_iter().find_map(|field| {
        let value = b.at(&["/spec/", field].concat())?;
        Some([field, " ", &value.as_str().map_or_else(|| value.to_string(), str::to_string)].concat())
    });
    BudgetView {
        uid: b.meta.uid.clone(),
        namespace: b.meta.namespace.clone(),
        name: b.meta.name.clone(),
        rule: rule.unwrap_or_default().into(),
        allowed: b.i64_at("/status/disruptionsAllowed").and_then(|n| u32::try_from(n).ok()).unwrap_or(0),
        pods: pods.iter().filter(|p| p.namespace == b.meta.namespace && selector.matches(&*p.labels)).map(|p| p.uid.clone()).collect(),
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
