//! Validation of status where that is written alone, kind by kind. Models the `Validate…StatusUpdate` functions of
//! kubernetes `pkg/apis/*/validation`. What a status of a Job may say is in `job_status`.

use alloc::string::String;
use alloc::vec::Vec;
use serde_json::Value;

use super::common::not_negative;
use super::field::{Errors, join, keyed, nth};
use super::{Change, addresses, cluster, internal, job_status, limits};
use crate::object::names;
use crate::object::quantity::Quantity;
use crate::object::value::{at, i64_at, items_at, pairs_at, text_at};

/// One kind: its group, its name, the counts in its status in the order in which they are looked at, which of them may not
/// be greater than which others (and how those are called), and what else is looked at.
struct Row {
    group: &'static str,
    kind: &'static str,
    counts: &'static [&'static str],
    greater: &'static [(&'static str, &'static str, &'static str)],
    more: Option<Change>,
}

const fn counted(group: &'static str, kind: &'static str, counts: &'static [&'static str]) -> Row {
    Row { group, kind, counts, greater: &[], more: None }
}

const fn other(group: &'static str, kind: &'static str, more: Change) -> Row {
    Row { group, kind, counts: &[], greater: &[], more: Some(more) }
}

/// How `replicas` of a status are called where something is greater.
const ALL: &str = "status.replicas";
/// The counts of sets of replicas.
const SET: &[&str] =
    &["replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas", "terminatingReplicas", "observedGeneration"];
/// Which counts of sets of replicas may not be greater than others.
const SET_GREATER: &[(&str, &str, &str)] = &[
    ("fullyLabeledReplicas", "replicas", ALL),
    ("readyReplicas", "replicas", ALL),
    ("availableReplicas", "replicas", ALL),
    ("availableReplicas", "readyReplicas", "readyReplicas"),
];

const ROWS: &[Row] = &[
    Row {
        group: "apps",
        kind: "Deployment",
        counts: &[
            "observedGeneration",
            "replicas",
            "updatedReplicas",
            "readyReplicas",
            "availableReplicas",
            "unavailableReplicas",
            "terminatingReplicas",
            "collisionCount",
        ],
        greater: &[
            ("updatedReplicas", "replicas", ALL),
            ("readyReplicas", "replicas", ALL),
            ("availableReplicas", "replicas", ALL),
            ("availableReplicas", "readyReplicas", "readyReplicas"),
        ],
        more: Some(not_less_collisions),
    },
    Row { group: "apps", kind: "ReplicaSet", counts: SET, greater: SET_GREATER, more: None },
    Row { group: "", kind: "ReplicationController", counts: SET, greater: SET_GREATER, more: None },
    Row {
        group: "apps",
        kind: "StatefulSet",
        counts: &[
            "replicas",
            "readyReplicas",
            "currentReplicas",
            "updatedReplicas",
            "availableReplicas",
            "observedGeneration",
            "collisionCount",
        ],
        greater: &[
            ("readyReplicas", "replicas", ALL),
            ("currentReplicas", "replicas", ALL),
            ("updatedReplicas", "replicas", ALL),
            ("availableReplicas", "replicas", ALL),
            ("availableReplicas", "readyReplicas", "status.readyReplicas"),
        ],
        more: Some(not_less_collisions),
    },
    Row {
        group: "apps",
        kind: "DaemonSet",
        counts: &[
            "currentNumberScheduled",
            "numberMisscheduled",
            "desiredNumberScheduled",
            "numberReady",
            "observedGeneration",
            "updatedNumberScheduled",
            "numberAvailable",
            "numberUnavailable",
            "collisionCount",
        ],
        greater: &[],
        more: Some(not_less_collisions),
    },
    counted("autoscaling", "HorizontalPodAutoscaler", &["currentReplicas", "desiredReplicas"]),
    Row {
        group: "policy",
        kind: "PodDisruptionBudget",
        counts: &["disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"],
        greater: &[],
        more: Some(conditions),
    },
    other("batch", "Job", job_status::update),
    other("", "Pod", pod),
    other("", "Node", cluster::node_update),
    other("", "Namespace", namespace),
    other("", "PersistentVolumeClaim", claim),
    other("", "PersistentVolume", versioned),
    other("", "ResourceQuota", quota),
    other("", "Service", service),
    other("networking.k8s.io", "Ingress", ingress),
];

/// What is wrong with a status, `new` and `old` being the whole objects.
pub fn update(group: &str, kind: &str, new: &Value, old: &Value, errors: &mut Errors) {
    let Some(row) = ROWS.iter().find(|row| row.group == group && row.kind == kind) else { return };
    let status = at(new, "status").unwrap_or(&Value::Null);
    if let Some(more) = row.more.filter(|_| row.kind == "PodDisruptionBudget") {
        more(new, old, errors);
    }
    for count in row.counts {
        not_negative(status, count, "status", errors);
    }
    let number = |field: &str| i64_at(status, field).unwrap_or(0);
    for (one, than, called) in row.greater {
        if number(one) > number(than) {
            errors.invalid(&join("status", one), number(one), ["cannot be greater than ", called].concat());
        }
    }
    if let Some(more) = row.more.filter(|_| row.kind != "PodDisruptionBudget") {
        more(new, old, errors);
    }
}

fn not_less_collisions(new: &Value, old: &Value, errors: &mut Errors) {
    let count = |object: &Value| i64_at(object, "status/collisionCount");
    if count(old).is_some_and(|before| count(new).is_none_or(|now| now < before)) {
        errors.invalid("status.collisionCount", count(new).unwrap_or(0), "cannot be decremented");
    }
}

/// Conditions as all kinds have them that came late. Models apimachinery `pkg/apis/meta/v1/validation` ValidateConditions.
fn conditions(new: &Value, _: &Value, errors: &mut Errors) {
    for (number, condition) in items_at(new, "status/conditions").iter().enumerate() {
        let path = nth("status.conditions", number);
        let (ty, reason) = (text_at(condition, "type"), text_at(condition, "reason"));
        match ty {
            "" => errors.required(&join(&path, "type"), "must be set"),
            ty => errors.each(&join(&path, "type"), ty, names::qualified_name(ty)),
        }
        let status = text_at(condition, "status");
        if !matches!(status, "True" | "False" | "Unknown") {
            errors.unsupported(&join(&path, "status"), status, &["False", "True", "Unknown"]);
        }
        if let Some(seen) = i64_at(condition, "observedGeneration").filter(|seen| *seen < 0) {
            errors.invalid(&join(&path, "observedGeneration"), seen, "must be greater than or equal to zero");
        }
        if text_at(condition, "lastTransitionTime").is_empty() {
            errors.required(&join(&path, "lastTransitionTime"), "must be set");
        }
        if reason.is_empty() {
            errors.required(&join(&path, "reason"), "must be set");
        }
    }
}

/// Who says nothing of the version it knew. Models ValidatePersistentVolumeStatusUpdate.
fn versioned(new: &Value, _: &Value, errors: &mut Errors) {
    if matches!(text_at(new, "metadata/resourceVersion"), "" | "0") {
        errors.required("resourceVersion", "");
    }
}

fn claim(new: &Value, old: &Value, errors: &mut Errors) {
    versioned(new, old, errors);
    if items_at(new, "spec/accessModes").is_empty() {
        errors.required("Spec.accessModes", "");
    }
    for (name, text) in pairs_at(new, "status/capacity") {
        if let Some(amount) = Quantity::parse(text).ok().filter(Quantity::is_negative) {
            errors.invalid(&keyed("status.capacity", name), amount.value(), "must be a valid resource quantity");
        }
    }
}

fn quota(new: &Value, old: &Value, errors: &mut Errors) {
    versioned(new, old, errors);
    let status = at(new, "status").unwrap_or(&Value::Null);
    for field in ["hard", "used"] {
        limits::quota_amounts(status, field, "status", errors);
    }
}

fn namespace(new: &Value, _: &Value, errors: &mut Errors) {
    let phase = text_at(new, "status/phase");
    let (wanted, why) = match text_at(new, "metadata/deletionTimestamp").is_empty() {
        true => ("Active", "may only be 'Active' if `deletionTimestamp` is empty"),
        false => ("Terminating", "may only be 'Terminating' if `deletionTimestamp` is not empty"),
    };
    if phase != wanted {
        errors.invalid("status.Phase", phase, why);
    }
}

/// Models ValidateLoadBalancerStatus.
fn service(new: &Value, _: &Value, errors: &mut Errors) {
    let ingress = items_at(new, "status/loadBalancer/ingress");
    if !ingress.is_empty() && text_at(new, "spec/type") != "LoadBalancer" {
        return errors.forbidden("status.loadBalancer.ingress", "may only be used when `spec.type` is \"LoadBalancer\"");
    }
    balanced(ingress, errors);
}

/// Models ValidateIngressLoadBalancerStatus.
fn ingress(new: &Value, _: &Value, errors: &mut Errors) {
    balanced(items_at(new, "status/loadBalancer/ingress"), errors);
}

fn balanced(all: &[Value], errors: &mut Errors) {
    for (number, one) in all.iter().enumerate() {
        let path = nth("status.loadBalancer.ingress", number);
        let (address, mode, host) = (text_at(one, "ip"), text_at(one, "ipMode"), text_at(one, "hostname"));
        if !address.is_empty() && !addresses::is_address(address) {
            addresses::address(address, &join(&path, "ip"), errors);
        }
        if address.is_empty() && !mode.is_empty() {
            errors.forbidden(&join(&path, "ipMode"), "may not be specified when `ip` is not set");
        } else if !matches!(mode, "" | "VIP" | "Proxy") {
            errors.unsupported(&join(&path, "ipMode"), mode, &["Proxy", "VIP"]);
        }
        if !host.is_empty() {
            errors.each(&join(&path, "hostname"), host, names::dns_subdomain(host));
            if addresses::is_address(host) {
                errors.invalid(&join(&path, "hostname"), host, "must be a DNS name, not an IP address");
            }
        }
    }
}

/// Models ValidatePodStatusUpdate.
fn pod(new: &Value, old: &Value, errors: &mut Errors) {
    for (number, condition) in items_at(new, "status/conditions").iter().enumerate() {
        let ty = text_at(condition, "type");
        // The API server says so, though they are part of the status.
        errors.each(&join(&nth("metadata.conditions", number), "Type"), ty, names::qualified_name(ty));
    }
    let nominated = text_at(new, "status/nominatedNodeName");
    if !nominated.is_empty() && nominated != text_at(old, "status/nominatedNodeName") {
        errors.each("status.nominatedNodeName", nominated, names::dns_subdomain(nominated));
    }
    let class = text_at(new, "status/qosClass");
    if !class.is_empty() && class != text_at(old, "status/qosClass") {
        errors.invalid("status.qosClass", class, super::common::IMMUTABLE);
    }
    let policy = text_at(old, "spec/restartPolicy");
    for (field, policy) in [("containerStatuses", policy), ("initContainerStatuses", policy), ("ephemeralContainerStatuses", "Never")] {
        not_raised(new, old, field, policy, errors);
    }
    for (one, many) in [("podIP", "podIPs"), ("hostIP", "hostIPs")] {
        pod_addresses(new, one, many, errors);
    }
}

/// A container that ended for good stays so. Models ValidateContainerStateTransition and its like for init containers.
fn not_raised(new: &Value, old: &Value, field: &str, policy: &str, errors: &mut Errors) {
    let path = ["status/", field].concat();
    let sidecar = |name: &str| {
        let all = items_at(old, "spec/initContainers");
        field == "initContainerStatuses" && all.iter().any(|one| text_at(one, "name") == name && text_at(one, "restartPolicy") == "Always")
    };
    for (number, before) in items_at(old, &path).iter().enumerate().filter(|_| policy != "Always") {
        let (name, ended) = (text_at(before, "name"), at(before, "state/terminated"));
        let Some(ended) = ended.filter(|ended| ended.is_object()) else { continue };
        if i64_at(ended, "exitCode").unwrap_or(0) != 0 && policy == "OnFailure" || sidecar(name) {
            continue;
        }
        let raised = |now: &&Value| text_at(now, "name") == name && at(now, "state/terminated").is_none_or(Value::is_null);
        for _ in items_at(new, &path).iter().filter(raised) {
            let field = join(&nth(&path.replace('/', "."), number), "state");
            errors.forbidden(&field, "may not be transitioned to non-terminated state");
        }
    }
}

/// Addresses of a Pod: at most one of each family.
fn pod_addresses(new: &Value, one: &str, many: &str, errors: &mut Errors) {
    let path = join("status", many);
    let mut all: Vec<&str> = items_at(new, &["status/", many].concat()).iter().map(|item| text_at(item, "ip")).collect();
    let single = text_at(new, &["status/", one].concat());
    match all.first() {
        _ if single.is_empty() => {}
        Some(first) if *first == single => {}
        _ => all = alloc::vec![single],
    }
    for (number, address) in all.iter().enumerate().filter(|(_, address)| !addresses::is_address(address)) {
        addresses::address(address, &nth(&path, number), errors);
    }
    let fours = all.iter().filter(|address| addresses::is_ipv4(address)).count();
    if all.len() > 1 && (all.len() > 2 || fours != 1) && all.iter().all(|address| addresses::is_address(address)) {
        let shown: Vec<String> = all.iter().map(|address| internal_address(address)).collect();
        errors.invalid_raw(&path, ["[", &shown.join(","), "]"].concat(), "may specify no more than one IP for each IP family");
    }
}

fn internal_address(address: &str) -> String {
    internal::internal("PodIP", &serde_json::json!({"ip": address}))
}
