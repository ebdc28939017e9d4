//! A Pod as the scheduler sees it: what it asks for and where it may go, read once.

use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use crate::object::meta::Pairs;
use crate::object::placing;
use crate::object::quantity::Quantity;
use crate::object::selector::Selector;
use crate::object::value::{i64_at, items_at, str_at, text_at};
use crate::object::{Key, Object};

/// What a container counts for that asks for no CPU, in thousandths. Models `pkg/scheduler/util` non-zero requests.
const DEFAULT_CPU_M: i64 = 100;
/// What a container counts for that asks for no memory, in bytes.
const DEFAULT_MEMORY: i64 = 200 * 1024 * 1024;

/// Amounts of resources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Amounts {
    /// CPU in thousandths of a core.
    pub cpu_m: i64,
    /// Memory in bytes.
    pub memory: i64,
    /// Ephemeral storage in bytes.
    pub storage: i64,
    /// Everything else by name.
    pub other: Vec<(String, i64)>,
}

impl Amounts {
    /// Reads a resource list (`requests`, `allocatable`).
    pub fn read(list: Option<&Value>) -> Amounts {
        let mut amounts = Amounts::default();
        for (name, value) in list.and_then(Value::as_object).into_iter().flatten() {
            let number = value.as_i64().map(|n| n.to_string());
            let Some(text) = value.as_str().or(number.as_deref()) else { continue };
            let Ok(q) = Quantity::parse(text) else { continue };
            match name.as_str() {
                "cpu" => amounts.cpu_m = q.milli_value(),
                "memory" => amounts.memory = q.value(),
                "ephemeral-storage" => amounts.storage = q.value(),
                "pods" => {}
                _ => amounts.other.push((name.clone(), q.value())),
            }
        }
        amounts
    }

    /// The amount of a resource that is neither CPU, memory nor ephemeral storage.
    pub fn other(&self, name: &str) -> i64 {
        self.other.iter().find(|(n, _)| n == name).map_or(0, |(_, v)| *v)
    }

    /// Adds (`sign` 1) or takes away (-1) amounts.
    pub fn change(&mut self, by: &Amounts, sign: i64) {
        self.cpu_m = self.cpu_m.saturating_add(by.cpu_m.saturating_mul(sign));
        self.memory = self.memory.saturating_add(by.memory.saturating_mul(sign));
        self.storage = self.storage.saturating_add(by.storage.saturating_mul(sign));
        for (name, v) in &by.other {
            match self.other.iter_mut().find(|(n, _)| n == name) {
                Some((_, mine)) => *mine = mine.saturating_add(v.saturating_mul(sign)),
                None => self.other.push((name.clone(), v.saturating_mul(sign))),
            }
        }
    }

    fn at_least(&mut self, other: &Amounts) {
        self.cpu_m = self.cpu_m.max(other.cpu_m);
        self.memory = self.memory.max(other.memory);
        self.storage = self.storage.max(other.storage);
        for (name, v) in &other.other {
            match self.other.iter_mut().find(|(n, _)| n == name) {
                Some((_, mine)) => *mine = (*mine).max(*v),
                None => self.other.push((name.clone(), *v)),
            }
        }
    }
}

/// A toleration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toleration {
    /// The taint's key; empty for every key.
    pub key: String,
    /// Whether any value will do.
    pub exists: bool,
    /// The value tolerated.
    pub value: String,
    /// The effect tolerated; empty for every effect.
    pub effect: String,
}

/// A required or preferred closeness to other Pods.
#[derive(Clone, Debug)]
pub struct AffinityTerm {
    /// Which Pods.
    pub selector: Selector,
    /// In which namespaces; empty with no namespace selector means none of the listed.
    pub namespaces: Vec<String>,
    /// Whether Pods of every namespace count.
    pub everywhere: bool,
    /// The label that makes nodes one place.
    pub topology: String,
    /// What one matching Pod counts, for preferred terms.
    pub weight: i64,
}

impl AffinityTerm {
    /// Whether a Pod is one that the term is about.
    pub fn matches(&self, pod: &PodInfo) -> bool {
        (self.everywhere || self.namespaces.iter().any(|n| **n == *pod.key.namespace)) && self.selector.matches(&*pod.labels)
    }
}

/// A topology spread constraint.
#[derive(Clone, Debug)]
pub struct Spread {
    /// The largest difference allowed.
    pub max_skew: i64,
    /// The label that makes nodes one place.
    pub topology: String,
    /// `DoNotSchedule`, as against `ScheduleAnyway`.
    pub hard: bool,
    /// Which Pods count.
    pub selector: Selector,
    /// The fewest places there must be.
    pub min_domains: i64,
    /// Whether nodes that the Pod's node affinity excludes count.
    pub honor_affinity: bool,
    /// Whether nodes whose taints the Pod does not tolerate are left out.
    pub honor_taints: bool,
}

impl Spread {
    /// One of the constraints of Pods that have none of their own.
    pub fn by_default(topology: &str, max_skew: i64, selector: &Selector) -> Spread {
        let (topology, selector) = (topology.to_string(), selector.clone());
        Spread { max_skew, topology, hard: false, selector, min_domains: 1, honor_affinity: true, honor_taints: false }
    }
}

/// A Pod, read.
#[derive(Clone, Debug)]
pub struct PodInfo {
    /// Namespace and name.
    pub key: Key,
    /// Its UID.
    pub uid: Rc<str>,
    /// Its labels.
    pub labels: Pairs,
    /// What it asks for.
    pub requests: Amounts,
    /// CPU it counts for in scoring, in thousandths.
    pub counted_cpu_m: i64,
    /// Memory it counts for in scoring.
    pub counted_memory: i64,
    /// Whether it asks for nothing at all.
    pub best_effort: bool,
    /// Host ports: address, protocol, number.
    pub ports: Vec<(String, String, i64)>,
    /// Its priority.
    pub priority: i64,
    /// Whether it may put others off.
    pub may_preempt: bool,
    /// Its tolerations.
    pub tolerations: Vec<Toleration>,
    /// Its required affinity to Pods.
    pub affinity: Vec<AffinityTerm>,
    /// Its required distance from Pods.
    pub anti_affinity: Vec<AffinityTerm>,
    /// Preferred closeness; distance has a negative weight.
    pub preferred: Vec<AffinityTerm>,
    /// Its topology spread constraints.
    pub spread: Vec<Spread>,
    /// Names of its claims.
    pub claims: Vec<String>,
    /// Whether it is being deleted.
    pub deleting: bool,
    /// The node that its spec names; usually empty.
    pub node_name: Rc<str>,
    /// Whether it has a node selector or requires something of its node.
    pub picky: bool,
    /// When it was created.
    pub created_ms: i64,
    /// The object.
    pub object: Rc<Object>,
}

impl PodInfo {
    /// Reads a Pod.
    pub fn read(object: &Rc<Object>) -> PodInfo {
        let pod = &**object;
        let ns = pod.namespace();
        let (requests, counted_cpu_m, counted_memory) = requests(pod);
        let terms =
            |path: &str| -> Vec<AffinityTerm> { pod.items_at(path).iter().filter_map(|t| term(t, ns, &pod.meta.labels, 1)).collect() };
        let weighted = |path: &str, sign: i64| {
            pod.items_at(path).iter().filter_map(move |t| {
                let weight = i64_at(t, "weight").unwrap_or(0).saturating_mul(sign);
                term(crate::object::value::get(t, "podAffinityTerm")?, ns, &pod.meta.labels, weight)
            })
        };
        let preferred = weighted("/spec/affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution", 1)
            .chain(weighted("/spec/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution", -1))
            .collect();
        PodInfo {
            key: pod.key(),
            uid: pod.meta.uid.clone(),
            labels: pod.meta.labels.clone(),
            best_effort: requests == Amounts::default(),
            requests,
            counted_cpu_m,
            counted_memory,
            ports: ports(pod),
            priority: pod.i64_at("/spec/priority").unwrap_or(0),
            may_preempt: pod.text_at("/spec/preemptionPolicy") != "Never",
            tolerations: pod.items_at("/spec/tolerations").iter().map(toleration).collect(),
            affinity: terms("/spec/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution"),
            anti_affinity: terms("/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution"),
            preferred,
            spread: pod.items_at("/spec/topologySpreadConstraints").iter().filter_map(|c| spread(c, &pod.meta.labels)).collect(),
            claims: claims(pod),
            deleting: pod.is_deleting(),
            node_name: pod.text_at("/spec/nodeName").into(),
            picky: pod.at("/spec/nodeSelector").is_some() || required_node_terms(pod).is_some(),
            created_ms: pod.meta.creation.unwrap_or(0),
            object: object.clone(),
        }
    }
}

fn toleration(v: &Value) -> Toleration {
    Toleration {
        key: text_at(v, "key").to_string(),
        exists: text_at(v, "operator") == "Exists",
        value: text_at(v, "value").to_string(),
        effect: text_at(v, "effect").to_string(),
    }
}

/// Whether a Pod that is placed has other resources granted than it asks for, and if so whether it will never have those.
/// Models PodRequests with UseStatusResources.
pub fn granted_elsewhere(pod: &Object) -> Option<bool> {
    let conditions = pod.items_at("/status/conditions").iter();
    let resize = conditions.clone().find(|c| matches!(text_at(c, "type"), "PodResizePending" | "PodResizeInProgress"))?;
    Some(text_at(resize, "reason") == "Infeasible")
}

/// The sum a Pod asks for. Models `component-helpers/resource` PodRequests: init containers count while they run.
fn requests(pod: &Object) -> (Amounts, i64, i64) {
    let mut sum = Amounts::default();
    let (mut cpu, mut memory) = (0_i64, 0_i64);
    let counted = |a: &Amounts, list: Option<&Value>| {
        let has = |key: &str| list.is_some_and(|l| crate::object::value::get(l, key).is_some());
        (if has("cpu") { a.cpu_m } else { DEFAULT_CPU_M }, if has("memory") { a.memory } else { DEFAULT_MEMORY })
    };
    let granted = granted_elsewhere(pod);
    for container in pod.items_at("/spec/containers") {
        let list = crate::object::value::at(container, "resources/requests");
        let mut asked = Amounts::read(list);
        if let Some(infeasible) = granted {
            let statuses = pod.items_at("/status/containerStatuses").iter();
            let status = statuses.clone().find(|s| text_at(s, "name") == text_at(container, "name"));
            let has = Amounts::read(status.and_then(|s| crate::object::value::at(s, "allocatedResources")));
            if infeasible {
                asked = has;
            } else {
                asked.at_least(&has);
            }
        }
        let (c, m) = counted(&asked, list);
        (cpu, memory) = (cpu.saturating_add(c), memory.saturating_add(m));
        sum.change(&asked, 1);
    }
    let mut sidecars = Amounts::default();
    let mut most = Amounts::default();
    let (mut side_cpu, mut side_memory, mut most_cpu, mut most_memory) = (0_i64, 0_i64, 0_i64, 0_i64);
    for container in pod.items_at("/spec/initContainers") {
        let list = crate::object::value::at(container, "resources/requests");
        let asked = Amounts::read(list);
        let (c, m) = counted(&asked, list);
        let mut here = sidecars.clone();
        here.change(&asked, 1);
        most_cpu = most_cpu.max(side_cpu.saturating_add(c));
        most_memory = most_memory.max(side_memory.saturating_add(m));
        if text_at(container, "restartPolicy") == "Always" {
            sum.change(&asked, 1);
            (cpu, memory) = (cpu.saturating_add(c), memory.saturating_add(m));
            (side_cpu, side_memory) = (side_cpu.saturating_add(c), side_memory.saturating_add(m));
            sidecars = here.clone();
        }
        most.at_least(&here);
    }
    sum.at_least(&most);
    if let Some(overhead) = pod.at("/spec/overhead") {
        sum.change(&Amounts::read(Some(overhead)), 1);
    }
    (sum, cpu.max(most_cpu), memory.max(most_memory))
}

fn ports(pod: &Object) -> Vec<(String, String, i64)> {
    let mut all = Vec::new();
    for port in pod.items_at("/spec/containers").iter().flat_map(|c| items_at(c, "ports")) {
        let number = i64_at(port, "hostPort").unwrap_or(0);
        if number > 0 {
            let ip = str_at(port, "hostIP").filter(|s| !s.is_empty()).unwrap_or("0.0.0.0");
            let protocol = str_at(port, "protocol").filter(|s| !s.is_empty()).unwrap_or("TCP");
            all.push((ip.to_string(), protocol.to_string(), number));
        }
    }
    all
}

fn claims(pod: &Object) -> Vec<String> {
    let mut all = Vec::new();
    for volume in pod.items_at("/spec/volumes") {
        if let Some(claim) = str_at(volume, "persistentVolumeClaim/claimName") {
            all.push(claim.to_string());
        } else if crate::object::value::get(volume, "ephemeral").is_some() {
            all.push([pod.name(), "-", text_at(volume, "name")].concat());
        }
    }
    all
}

fn term(v: &Value, ns: &str, labels: &Pairs, weight: i64) -> Option<AffinityTerm> {
    let mut selector = Selector::from_label_selector(crate::object::value::get(v, "labelSelector")).ok()?;
    selector = with_label_keys(selector, v, labels);
    let namespaces: Vec<String> = items_at(v, "namespaces").iter().filter_map(|n| n.as_str().map(ToString::to_string)).collect();
    let chosen = crate::object::value::get(v, "namespaceSelector");
    let everywhere = chosen.is_some_and(|s| s.as_object().is_some_and(serde_json::Map::is_empty));
    let namespaces = if namespaces.is_empty() && chosen.is_none_or(Value::is_null) { [ns.to_string()].into() } else { namespaces };
    Some(AffinityTerm { selector, namespaces, everywhere, topology: text_at(v, "topologyKey").to_string(), weight })
}

fn spread(v: &Value, labels: &Pairs) -> Option<Spread> {
    let selector = Selector::from_label_selector(crate::object::value::get(v, "labelSelector")).ok()?;
    Some(Spread {
        max_skew: i64_at(v, "maxSkew").unwrap_or(1),
        topology: text_at(v, "topologyKey").to_string(),
        hard: text_at(v, "whenUnsatisfiable") != "ScheduleAnyway",
        selector: with_label_keys(selector, v, labels),
        min_domains: i64_at(v, "minDomains").unwrap_or(1),
        honor_affinity: text_at(v, "nodeAffinityPolicy") != "Ignore",
        honor_taints: text_at(v, "nodeTaintsPolicy") == "Honor",
    })
}

/// Adds the Pod's own values of `matchLabelKeys` to a selector.
fn with_label_keys(selector: Selector, v: &Value, labels: &Pairs) -> Selector {
    let keys = items_at(v, "matchLabelKeys");
    if keys.is_empty() {
        return selector;
    }
    let own = keys.iter().filter_map(Value::as_str).filter_map(|k| labels.get(k).map(|v| (k, v.as_str())));
    let more = Selector::from_pairs(own);
    Selector::new(selector.requirements().iter().chain(more.requirements()).cloned().collect())
}

/// The node affinity that is required, if any.
pub fn required_node_terms(pod: &Object) -> Option<&[Value]> {
    placing::required_terms(pod.field("spec")?)
}
