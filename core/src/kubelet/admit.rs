//! Whether a node has room for a Pod. Models `pkg/kubelet/lifecycle` predicateAdmitHandler.

use alloc::string::String;
use alloc::vec::Vec;

use super::worker::{Desk, Worker};
use crate::api::admission::{Amounts, of_pod};
use crate::api::{Api, EventNote};
use crate::object::Object;
use crate::object::placing;
use crate::object::quantity::Quantity;
use crate::object::resources::NODES;
use crate::object::value::{at, at_mut, items_at, set, text_at};
use serde_json::Value;

/// Resources by name, with the reason of a Pod that is refused for want of them.
const LOOKED_AT: [(&str, &str); 3] = [("cpu", "OutOfcpu"), ("memory", "OutOfmemory"), ("ephemeral-storage", "OutOfephemeral-storage")];

/// One resource on a node that a Pod asks for: CPU in thousandths of a core, the others in their own unit.
pub struct Room {
    /// Its name.
    pub name: &'static str,
    /// The reason of a Pod that is refused for want of it.
    pub reason: &'static str,
    /// What the Pod asks for.
    pub asked: i64,
    /// What the other Pods on the node have.
    pub used: i64,
    /// What there is for Pods.
    pub capacity: i64,
}

impl Room {
    /// Whether there is too little.
    pub fn lacks(&self) -> bool {
        self.asked > 0 && self.asked > self.capacity - self.used
    }

    /// As the status of the Pod tells it.
    pub fn told(&self) -> String {
        let Room { name, asked, used, capacity, .. } = self;
        alloc::format!("Node didn't have enough resource: {name}, requested: {asked}, used: {used}, capacity: {capacity}")
    }
}

fn number(name: &str, amounts: &Amounts) -> i64 {
    let of = |q: &Quantity| if name == "cpu" { q.milli_value() } else { q.value() };
    amounts.get(name).map_or(0, of)
}

fn is_over(pod: &Object) -> bool {
    matches!(pod.text_at("/status/phase"), "Succeeded" | "Failed")
}

/// The other Pods on a node that are not over.
fn others<'a>(api: &'a Api, node: &'a str, uid: &'a str) -> impl Iterator<Item = &'a Object> {
    api.pods_on(node).map(|p| &**p).filter(move |p| *p.meta.uid != *uid && !is_over(p))
}

/// What a Pod on its node has: what it asks for, or while that is another amount, what it was granted.
fn granted(pod: &Object) -> Amounts {
    let Some(spec) = pod.field("spec") else { return Amounts::new() };
    let resizes = pod.items_at("/status/conditions").iter().any(|c| text_at(c, "type").starts_with("PodResize"));
    if !resizes {
        return of_pod(spec, "requests");
    }
    let mut spec = spec.clone();
    for (list, statuses) in [("containers", "/status/containerStatuses"), ("initContainers", "/status/initContainerStatuses")] {
        for container in at_mut(&mut spec, list).and_then(Value::as_array_mut).into_iter().flatten() {
            let status = pod.items_at(statuses).iter().find(|s| text_at(s, "name") == text_at(container, "name"));
            if let Some(has) = status.and_then(|s| at(s, "allocatedResources")) {
                set(container, "resources/requests", has.clone());
            }
        }
    }
    of_pod(&spec, "requests")
}

/// What a Pod asks of a node, and what there is of it.
pub fn room(api: &Api, pod: &Object, node: &Object) -> [Room; 3] {
    let asked = pod.field("spec").map(|spec| of_pod(spec, "requests")).unwrap_or_default();
    let all: Vec<Amounts> = others(api, node.name(), &pod.meta.uid).map(granted).collect();
    LOOKED_AT.map(|(name, reason)| {
        let there_is = node.at("/status/allocatable").map_or("", |list| text_at(list, name));
        let capacity = Quantity::parse(there_is).map_or(0, |q| if name == "cpu" { q.milli_value() } else { q.value() });
        let used = all.iter().map(|amounts| number(name, amounts)).fold(0, i64::saturating_add);
        Room { name, reason, asked: number(name, &asked), used, capacity }
    })
}

/// The ports of the host that a Pod takes: protocol and number.
fn host_ports(pod: &Object) -> Vec<(&str, i64)> {
    let ports = pod.items_at("/spec/containers").iter().flat_map(|c| items_at(c, "ports"));
    ports.filter_map(|p| Some((text_at(p, "protocol"), p.get("hostPort").and_then(Value::as_i64).filter(|n| *n > 0)?))).collect()
}

/// What a Pod asks for of a resource: thousandths of a core, or the resource's own unit; of seats always one.
pub fn asks_for(pod: &Object, resource: &str) -> i64 {
    match resource {
        "pods" => 1,
        _ => pod.field("spec").map_or(0, |spec| number(resource, &of_pod(spec, "requests"))),
    }
}

/// What a node lacks that a Pod asks for.
fn lacks(api: &Api, pod: &Object, node: &Object) -> Vec<Room> {
    let pods = i64::try_from(others(api, node.name(), &pod.meta.uid).count()).unwrap_or(i64::MAX);
    let most = node.at("/status/allocatable").map_or("", |list| text_at(list, "pods")).parse().unwrap_or(i64::MAX);
    let seats = Room { name: "pods", reason: "OutOfpods", asked: 1, used: pods, capacity: most };
    core::iter::once(seats).chain(room(api, pod, node)).filter(Room::lacks).collect()
}

/// Why a node has no place for a Pod but for want of resources: a reason and a text.
fn objection(api: &Api, pod: &Object, node: &Object) -> Option<(&'static str, String)> {
    let failed = |name: &'static str, why: &str| Some((name, ["Predicate ", name, " failed: ", why].concat()));
    if !placing::admits(pod.field("spec").unwrap_or(&Value::Null), node) {
        return failed("NodeAffinity", "node(s) didn't match Pod's node affinity/selector");
    }
    let mine = host_ports(pod);
    if !mine.is_empty() && others(api, node.name(), &pod.meta.uid).any(|p| host_ports(p).iter().any(|port| mine.contains(port))) {
        return failed("NodePorts", "node(s) didn't have free ports for the requested pod ports");
    }
    let tolerated = |taint: &Value| pod.items_at("/spec/tolerations").iter().any(|t| tolerates(t, taint));
    let mut taints = node.items_at("/spec/taints").iter().filter(|t| text_at(t, "effect") == "NoExecute");
    if !super::adopt::is_mirror(pod) && !taints.all(tolerated) {
        return failed("TaintToleration", "node(s) had taints that the pod didn't tolerate");
    }
    None
}

fn tolerates(toleration: &Value, taint: &Value) -> bool {
    let own = |field: &str| text_at(toleration, field);
    let fits = |field: &str| own(field).is_empty() || own(field) == text_at(taint, field);
    fits("key") && fits("effect") && (own("operator") == "Exists" || own("value") == text_at(taint, "value"))
}

impl Worker {
    /// Refuses a Pod that sets what it may not, or that no scheduler has sent where there is no room for it. To a critical
    /// one others give way.
    pub(super) fn refuse_misplaced(&mut self, d: &mut Desk<'_, '_>) -> bool {
        if let Some(why) = super::sysctls::forbidden(&self.pod) {
            self.refuse("SysctlForbidden", &why, d);
            return true;
        }
        let sent = self.pod.items_at("/status/conditions").iter().any(|c| text_at(c, "type") == "PodScheduled");
        let Some(node) = d.cx.api.find(NODES, "", &self.node).filter(|_| !sent) else { return false };
        let (lacks, objection) = (lacks(d.cx.api, &self.pod, node), objection(d.cx.api, &self.pod, node));
        let critical = super::pressure::is_critical(&self.pod);
        if let Some(lack) = lacks.first().filter(|_| !critical) {
            self.refuse(lack.reason, &lack.told(), d);
        } else if let Some((reason, why)) = objection {
            self.refuse(reason, &why, d);
        } else if !lacks.is_empty() {
            let pods: Vec<_> = d.cx.api.pods_on(&self.node).filter(|p| p.meta.uid != self.uid && !is_over(p)).cloned().collect();
            let needs: Vec<_> = lacks.iter().map(|r| (r.name, r.asked - (r.capacity - r.used))).collect();
            self.preempt(&pods, &needs, d);
        } else {
            return false;
        }
        true
    }

    /// Says why the Pod is not admitted, and ends it. Models rejectPod.
    pub(super) fn refuse(&mut self, reason: &'static str, why: &str, d: &mut Desk<'_, '_>) {
        d.note(self, &EventNote::warning(reason, why));
        self.reject(reason, ["Pod was rejected: ", why].concat(), d);
    }
}
