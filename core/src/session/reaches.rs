//! What there is at the end of a log, told so that a person can compare: nodes, workloads and Pods of the learner's.
//! Never: what the hash is over (sim/hash.rs).

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::api::Api;
use crate::object::resources::{DAEMON_SETS, DEPLOYMENTS, NODES, PODS, SERVICES, STATEFUL_SETS};
use crate::object::{Object, pod_summary};

/// The most lines: a link carries them.
const MAX_LINES: usize = 40;

/// The lines: `pod default/web-1 Running w1-k8s`.
pub fn lines(api: &Api) -> Vec<String> {
    let rows: [(&str, &str, fn(&Object) -> String); 6] = [
        (NODES, "node", node),
        (DEPLOYMENTS, "deployment", |o| counts(o, "readyReplicas")),
        (STATEFUL_SETS, "statefulset", |o| counts(o, "readyReplicas")),
        (DAEMON_SETS, "daemonset", |o| counts(o, "numberReady")),
        (SERVICES, "service", |o| o.text_at("/spec/type").to_string()),
        (PODS, "pod", pod),
    ];
    let mut lines = Vec::new();
    for (resource, word, tell) in rows {
        for object in api.list(resource, None).filter(|o| is_of_the_learner(o)) {
            let name = if object.namespace().is_empty() { String::new() } else { [object.namespace(), "/"].concat() };
            lines.push([word, " ", &name, object.name(), " ", &tell(object)].concat());
        }
    }
    lines.truncate(MAX_LINES);
    lines
}

fn is_of_the_learner(object: &Object) -> bool {
    let own = object.name() == "kubernetes" && object.ty.resource == SERVICES;
    !own && !object.namespace().starts_with("kube-") && object.namespace() != "metallb-system"
}

fn counts(object: &Object, ready: &str) -> String {
    let count = |path: &str| object.i64_at(path).unwrap_or(0);
    let wanted = object.at("/spec/replicas").map_or_else(|| count("/status/desiredNumberScheduled"), |_| count("/spec/replicas"));
    alloc::format!("{}/{wanted}", count(&["/status/", ready].concat()))
}

fn node(node: &Object) -> String {
    let state = if pod_summary::is_true(node, "Ready") { "Ready" } else { "NotReady" };
    [state, if node.bool_at("/spec/unschedulable") { ",SchedulingDisabled" } else { "" }].concat()
}

fn pod(pod: &Object) -> String {
    let node = match pod.text_at("/spec/nodeName") {
        "" => "<none>",
        node => node,
    };
    [pod_summary::summary(pod).status.as_str(), " ", node].concat()
}
