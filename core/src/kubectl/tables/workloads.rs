//! Deployments and the other kinds that keep Pods running.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use super::cells::{age, containers, count, labels, selector};
use crate::object::Object;

/// `ready/wanted`.
fn ready_of(object: &Object) -> String {
    format!("{}/{}", count(object, "/status/readyReplicas"), count(object, "/spec/replicas"))
}

/// The cells of a Deployment.
pub fn deployment(o: &Object, now_ms: i64) -> Vec<String> {
    let [names, images] = containers(o.at("/spec/template/spec"));
    vec![
        o.name().to_string(),
        ready_of(o),
        count(o, "/status/updatedReplicas"),
        count(o, "/status/availableReplicas"),
        age(o, now_ms),
        names,
        images,
        selector(o.at("/spec/selector")),
    ]
}

fn replicas(o: &Object, now_ms: i64, selector: String) -> Vec<String> {
    let [names, images] = containers(o.at("/spec/template/spec"));
    vec![
        o.name().to_string(),
        count(o, "/spec/replicas"),
        count(o, "/status/replicas"),
        count(o, "/status/readyReplicas"),
        age(o, now_ms),
        names,
        images,
        selector,
    ]
}

/// The cells of a ReplicaSet.
pub fn replica_set(o: &Object, now_ms: i64) -> Vec<String> {
    replicas(o, now_ms, selector(o.at("/spec/selector")))
}

/// The cells of a ReplicationController.
pub fn replication_controller(o: &Object, now_ms: i64) -> Vec<String> {
    replicas(o, now_ms, o.field("spec").map_or_else(String::new, |spec| labels(spec, "selector")))
}

/// The cells of a DaemonSet.
pub fn daemon_set(o: &Object, now_ms: i64) -> Vec<String> {
    let [names, images] = containers(o.at("/spec/template/spec"));
    vec![
        o.name().to_string(),
        count(o, "/status/desiredNumberScheduled"),
        count(o, "/status/currentNumberScheduled"),
        count(o, "/status/numberReady"),
        count(o, "/status/updatedNumberScheduled"),
        count(o, "/status/numberAvailable"),
        o.field("spec").map_or_else(String::new, |spec| labels(spec, "template/spec/nodeSelector")),
        age(o, now_ms),
        names,
        images,
        selector(o.at("/spec/selector")),
    ]
}

/// The cells of a StatefulSet.
pub fn stateful_set(o: &Object, now_ms: i64) -> Vec<String> {
    let [names, images] = containers(o.at("/spec/template/spec"));
    vec![o.name().to_string(), ready_of(o), age(o, now_ms), names, images]
}

/// The cells of a ControllerRevision.
pub fn controller_revision(o: &Object, now_ms: i64) -> Vec<String> {
    let owner = o.controller().map_or_else(
        || "<none>".to_string(),
        |owner| {
            let group = owner.api_version.split_once('/').map_or("", |(group, _)| group);
            let dot = if group.is_empty() { "" } else { "." };
            format!("{}{dot}{group}/{}", owner.kind.to_lowercase(), owner.name)
        },
    );
    vec![o.name().to_string(), owner, o.at("/revision").map_or_else(String::new, super::cells::scalar), age(o, now_ms)]
}
