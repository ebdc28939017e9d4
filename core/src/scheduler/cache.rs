//! What the scheduler remembers of nodes and the Pods on them, kept up to date change by change, so that placing a Pod
//! never lists the cluster's Pods.

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use super::pod::{Amounts, PodInfo};
use crate::object::Object;
use crate::object::selector::Selector;
use crate::object::value::text_at;
use crate::shared::SharedMap;

/// Labels that nodes are told apart by when nothing else is said.
pub const USUAL_LABELS: [&str; 2] = ["kubernetes.io/hostname", "topology.kubernetes.io/zone"];

/// How many selectors are counted all the time.
const COUNTED_SELECTORS: usize = 512;

/// A taint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taint {
    /// Its key.
    pub key: String,
    /// Its value.
    pub value: String,
    /// `NoSchedule`, `PreferNoSchedule` or `NoExecute`.
    pub effect: String,
}

impl Taint {
    /// Whether one of the Pod's tolerations covers the taint. Models `core/v1` ToleratesTaint.
    pub fn tolerated_by(&self, pod: &PodInfo) -> bool {
        pod.tolerations.iter().any(|t| {
            (t.effect.is_empty() || t.effect == self.effect)
                && (t.key.is_empty() && t.exists || t.key == self.key)
                && (t.exists || t.value == self.value)
        })
    }
}

/// A node with what its Pods use.
#[derive(Clone, Debug)]
pub struct NodeInfo {
    /// Its name.
    pub name: Rc<str>,
    /// The node.
    pub object: Rc<Object>,
    /// What it can give.
    pub allocatable: Amounts,
    /// How many Pods it can hold.
    pub max_pods: i64,
    /// What its Pods ask for.
    pub used: Amounts,
    /// CPU its Pods count for in scoring.
    pub counted_cpu_m: i64,
    /// Memory its Pods count for in scoring.
    pub counted_memory: i64,
    /// Its Pods by UID.
    pub pods: BTreeMap<Rc<str>, Rc<PodInfo>>,
    /// Its taints.
    pub taints: Vec<Taint>,
    /// Whether it is cordoned.
    pub unschedulable: bool,
    /// How many of its Pods use host ports.
    pub with_ports: u32,
    /// Its values of [`USUAL_LABELS`], which every Pod is weighed by.
    usual: [Option<Rc<str>>; 2],
    /// Whether it says which images it has.
    pub has_images: bool,
    /// Its number, for counts.
    pub slot: usize,
}

impl NodeInfo {
    /// A node without Pods.
    pub fn read(object: &Rc<Object>) -> NodeInfo {
        let mut info = NodeInfo {
            name: object.meta.name.clone(),
            object: object.clone(),
            allocatable: Amounts::default(),
            max_pods: 0,
            used: Amounts::default(),
            counted_cpu_m: 0,
            counted_memory: 0,
            pods: BTreeMap::new(),
            taints: Vec::new(),
            unschedulable: false,
            with_ports: 0,
            usual: [None, None],
            has_images: false,
            slot: 0,
        };
        info.refresh(object);
        info
    }

    /// Takes in a new state of the node.
    pub fn refresh(&mut self, object: &Rc<Object>) {
        self.object = object.clone();
        self.allocatable = Amounts::read(object.at("/status/allocatable"));
        let pods = object.at("/status/allocatable/pods");
        self.max_pods = pods.and_then(|v| v.as_str().and_then(|s| s.parse().ok()).or(v.as_i64())).unwrap_or(0);
        self.usual = USUAL_LABELS.map(|key| object.meta.label(key).map(Rc::from));
        self.unschedulable = object.bool_at("/spec/unschedulable");
        self.has_images = !object.items_at("/status/images").is_empty();
        let taint = |t: &Value| Taint {
            key: text_at(t, "key").to_string(),
            value: text_at(t, "value").to_string(),
            effect: text_at(t, "effect").to_string(),
        };
        self.taints = object.items_at("/spec/taints").iter().map(taint).collect();
    }

    /// Adds a Pod.
    pub fn add(&mut self, pod: &Rc<PodInfo>) {
        if self.pods.insert(pod.uid.clone(), pod.clone()).is_none() {
            self.count(pod, 1);
        }
    }

    /// Takes a Pod away.
    pub fn remove(&mut self, uid: &str) {
        if let Some(pod) = self.pods.remove(uid) {
            self.count(&pod, -1);
        }
    }

    fn count(&mut self, pod: &PodInfo, sign: i64) {
        self.used.change(&pod.requests, sign);
        self.counted_cpu_m += pod.counted_cpu_m * sign;
        self.counted_memory += pod.counted_memory * sign;
        if !pod.ports.is_empty() {
            self.with_ports = if sign > 0 { self.with_ports + 1 } else { self.with_ports.saturating_sub(1) };
        }
    }

    /// The value of one of the node's labels.
    pub fn label(&self, key: &str) -> Option<&str> {
        let [hostname, zone] = &self.usual;
        match key {
            "kubernetes.io/hostname" => hostname.as_deref(),
            "topology.kubernetes.io/zone" => zone.as_deref(),
            _ => self.object.meta.label(key),
        }
    }
}

/// How many Pods that a selector matches are on each node, by the nodes' slots.
pub type Counts = Vec<i64>;

/// The count of a slot.
pub fn count_of(counts: &Counts, slot: usize) -> i64 {
    counts.get(slot).copied().unwrap_or(0)
}

fn add_count(counts: &mut Counts, slot: usize, n: i64) {
    if counts.len() <= slot {
        counts.resize(slot + 1, 0);
    }
    if let Some(count) = counts.get_mut(slot) {
        *count += n;
    }
}

#[derive(Clone, Debug)]
struct Counted {
    selector: Selector,
    by_node: Rc<Counts>,
    used: u64,
}

/// The nodes and the Pods on them.
#[derive(Clone, Debug, Default)]
pub struct Cache {
    /// Nodes by name.
    pub nodes: BTreeMap<Rc<str>, Rc<NodeInfo>>,
    /// Which node each counted Pod is on, by UID.
    placed: SharedMap<Rc<str>, Rc<str>>,
    /// Pods that keep others away, by UID.
    pub keepers: BTreeMap<Rc<str>, (Rc<str>, Rc<PodInfo>)>,
    /// Pods that have a say in how others score (preferred or required affinity), by UID.
    pub callers: BTreeMap<Rc<str>, (Rc<str>, Rc<PodInfo>)>,
    counted: BTreeMap<(Rc<str>, String), Counted>,
    clock: u64,
    slots: usize,
}

impl Cache {
    /// Takes in a node's state.
    pub fn put_node(&mut self, object: &Rc<Object>) {
        match self.nodes.get_mut(&object.meta.name) {
            Some(node) => Rc::make_mut(node).refresh(object),
            None => {
                let mut info = NodeInfo::read(object);
                info.slot = self.slots;
                self.slots += 1;
                self.nodes.insert(object.meta.name.clone(), Rc::new(info));
            }
        }
    }

    /// Forgets a node.
    pub fn drop_node(&mut self, name: &str) {
        if let Some(node) = self.nodes.remove(name) {
            for pod in node.pods.values() {
                self.drop_pod(&pod.uid);
            }
        }
    }

    /// The node a Pod counts on.
    pub fn place_of(&self, uid: &str) -> Option<&Rc<str>> {
        self.placed.get(uid)
    }

    /// Counts a Pod on a node (bound or about to be).
    pub fn put_pod(&mut self, node: &str, pod: &Rc<PodInfo>) {
        self.drop_pod(&pod.uid);
        let Some(info) = self.nodes.get_mut(node) else { return };
        let (name, slot) = (info.name.clone(), info.slot);
        Rc::make_mut(info).add(pod);
        self.placed.insert(pod.uid.clone(), name.clone());
        if !pod.anti_affinity.is_empty() {
            self.keepers.insert(pod.uid.clone(), (name.clone(), pod.clone()));
        }
        if !pod.preferred.is_empty() || !pod.affinity.is_empty() {
            self.callers.insert(pod.uid.clone(), (name.clone(), pod.clone()));
        }
        self.recount(pod, slot, 1);
    }

    /// Stops counting a Pod.
    pub fn drop_pod(&mut self, uid: &str) {
        let Some(node) = self.placed.remove(uid) else { return };
        self.keepers.remove(uid);
        self.callers.remove(uid);
        let Some(info) = self.nodes.get_mut(&node) else { return };
        let (pod, slot) = (info.pods.get(uid).cloned(), info.slot);
        Rc::make_mut(info).remove(uid);
        if let Some(pod) = pod {
            self.recount(&pod, slot, -1);
        }
    }

    fn recount(&mut self, pod: &PodInfo, slot: usize, sign: i64) {
        if pod.deleting {
            return;
        }
        let from = (pod.key.namespace.clone(), String::new());
        for ((namespace, _), counted) in self.counted.range_mut(from..) {
            if *namespace != pod.key.namespace {
                break;
            }
            if counted.selector.matches(&*pod.labels) {
                add_count(Rc::make_mut(&mut counted.by_node), slot, sign);
            }
        }
    }

    /// How many Pods of a namespace that match a selector (and are not being deleted) each node has. The first
    /// question about a selector looks at all Pods; from then on the answer is kept up to date.
    pub fn count(&mut self, namespace: &Rc<str>, selector: &Selector) -> Rc<Counts> {
        self.clock += 1;
        let id = (namespace.clone(), selector.print());
        if let Some(counted) = self.counted.get_mut(&id) {
            counted.used = self.clock;
            return counted.by_node.clone();
        }
        let mut by_node = Counts::new();
        for node in self.nodes.values() {
            let here = node.pods.values();
            let n = here.filter(|p| !p.deleting && p.key.namespace == *namespace && selector.matches(&*p.labels)).count();
            if n > 0 {
                add_count(&mut by_node, node.slot, n as i64);
            }
        }
        if self.counted.len() >= COUNTED_SELECTORS
            && let Some(oldest) = self.counted.iter().min_by_key(|(_, c)| c.used).map(|(id, _)| id.clone())
        {
            self.counted.remove(&oldest);
        }
        let by_node = Rc::new(by_node);
        self.counted.insert(id, Counted { selector: selector.clone(), by_node: by_node.clone(), used: self.clock });
        by_node
    }
}
