//! Deployments and the other kinds that make Pods.

use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::page::{map, time};
use super::{Page, template};
use crate::arrange::Arrange;
use crate::kubectl::Cx;
use crate::kubectl::tables::cells::{or_none, scalar, selector};
use crate::object::Object;
use crate::object::resources::{PODS, REPLICA_SETS};
use crate::object::template::same_but_hash;
use crate::object::value::text_at;
use crate::text::{duration, timestamp};

fn creation(o: &Object) -> String {
    o.meta.creation.map_or_else(String::new, timestamp::rfc1123z)
}

fn number(o: &Object, path: &str) -> i64 {
    o.i64_at(path).unwrap_or(0)
}

/// Writes a Deployment.
pub fn deployment(cx: &mut Cx<'_>, o: &Object, page: &mut Page) {
    page.name(o);
    page.field(0, "CreationTimestamp", &creation(o));
    page.labels(o);
    page.annotations(o);
    page.field(0, "Selector", &selector(o.at("/spec/selector")));
    page.field(
        0,
        "Replicas",
        &format!(
            "{} desired | {} updated | {} total | {} available | {} unavailable",
            number(o, "/spec/replicas"),
            number(o, "/status/updatedReplicas"),
            number(o, "/status/replicas"),
            number(o, "/status/availableReplicas"),
            number(o, "/status/unavailableReplicas")
        ),
    );
    page.field(0, "StrategyType", o.text_at("/spec/strategy/type"));
    page.field(0, "MinReadySeconds", &number(o, "/spec/minReadySeconds").to_string());
    if let Some(rolling) = o.at("/spec/strategy/rollingUpdate") {
        let part = |key: &str| rolling.get(key).map_or_else(String::new, scalar);
        page.field(0, "RollingUpdateStrategy", &format!("{} max unavailable, {} max surge", part("maxUnavailable"), part("maxSurge")));
    }
    template::write(page, o.at("/spec/template"));
    conditions(page, o);
    let mut sets: Vec<Rc<Object>> = cx.api().owned(&o.meta.uid, REPLICA_SETS).cloned().collect();
    if sets.is_empty() {
        return;
    }
    sets.arrange_by(|a, b| (a.meta.creation, a.name()).cmp(&(b.meta.creation, b.name())));
    // The new one is the oldest with the Deployment's template.
    let new = sets.iter().position(|set| set.at("/spec/template").zip(o.at("/spec/template")).is_some_and(|(a, b)| same_but_hash(a, b)));
    let told = |set: &&Rc<Object>| {
        format!("{} ({}/{} replicas created)", set.name(), number(set, "/status/replicas"), number(set, "/spec/replicas"))
    };
    let (new, old): (Vec<_>, Vec<_>) = sets.iter().enumerate().partition(|(i, _)| Some(*i) == new);
    let join = |sets: Vec<(usize, &Rc<Object>)>| or_none(&sets.iter().map(|(_, set)| told(set)).collect::<Vec<_>>().join(", "));
    page.field(0, "OldReplicaSets", &join(old));
    page.field(0, "NewReplicaSet", &join(new));
}

fn conditions(page: &mut Page, o: &Object) {
    let all = o.items_at("/status/conditions");
    if all.is_empty() {
        return;
    }
    page.line("Conditions:\n  Type\tStatus\tReason\n  ----\t------\t------");
    all.iter().for_each(|c| page.line(&format!("  {} \t{}\t{}", text_at(c, "type"), text_at(c, "status"), text_at(c, "reason"))));
}

/// `2 Running / 0 Waiting / 0 Succeeded / 0 Failed` of the Pods that an object controls.
fn pods_status(cx: &Cx<'_>, o: &Object) -> String {
    let phases: Vec<String> = cx.api().owned(&o.meta.uid, PODS).map(|pod| pod.text_at("/status/phase").to_string()).collect();
    let count = |phase: &str| phases.iter().filter(|p| *p == phase).count();
    format!("{} Running / {} Waiting / {} Succeeded / {} Failed", count("Running"), count("Pending"), count("Succeeded"), count("Failed"))
}

fn selector_of(o: &Object) -> String {
    match o.ty.kind.as_str() {
        "ReplicationController" => {
            or_none(&map(o.field("spec"), "selector").map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join(","))
        }
        _ => selector(o.at("/spec/selector")),
    }
}

/// Writes a ReplicaSet or ReplicationController.
pub fn replica_set(cx: &mut Cx<'_>, o: &Object, page: &mut Page) {
    page.name(o);
    page.field(0, "Selector", &selector_of(o));
    page.labels(o);
    page.annotations(o);
    template::controlled_by(page, o);
    page.field(0, "Replicas", &format!("{} current / {} desired", number(o, "/status/replicas"), number(o, "/spec/replicas")));
    page.field(0, "Pods Status", &pods_status(cx, o));
    template::write(page, o.at("/spec/template"));
    conditions(page, o);
}

/// Writes a DaemonSet.
pub fn daemon_set(cx: &mut Cx<'_>, o: &Object, page: &mut Page) {
    page.name(o);
    page.field(0, "Selector", &selector(o.at("/spec/selector")));
    let nodes: Vec<String> = map(o.at("/spec/template/spec"), "nodeSelector").map(|(k, v)| format!("{k}={v}")).collect();
    page.field(0, "Node-Selector", &or_none(&nodes.join(",")));
    page.labels(o);
    page.annotations(o);
    for (title, field) in [
        ("Desired Number of Nodes Scheduled", "desiredNumberScheduled"),
        ("Current Number of Nodes Scheduled", "currentNumberScheduled"),
        ("Number of Nodes Scheduled with Up-to-date Pods", "updatedNumberScheduled"),
        ("Number of Nodes Scheduled with Available Pods", "numberAvailable"),
        ("Number of Nodes Misscheduled", "numberMisscheduled"),
    ] {
        page.line(&format!("{title}: {}", number(o, &["/status/", field].concat())));
    }
    page.field(0, "Pods Status", &pods_status(cx, o));
    template::write(page, o.at("/spec/template"));
}

/// Writes a StatefulSet.
pub fn stateful_set(cx: &mut Cx<'_>, o: &Object, page: &mut Page) {
    page.name(o);
    page.field(0, "CreationTimestamp", &creation(o));
    page.field(0, "Selector", &selector(o.at("/spec/selector")));
    page.labels(o);
    page.annotations(o);
    page.field(0, "Replicas", &format!("{} desired | {} total", number(o, "/spec/replicas"), number(o, "/status/replicas")));
    page.field(0, "Update Strategy", o.text_at("/spec/updateStrategy/type"));
    if let Some(partition) = o.i64_at("/spec/updateStrategy/rollingUpdate/partition") {
        page.field(2, "Partition", &partition.to_string());
        if let Some(most) = o.at("/spec/updateStrategy/rollingUpdate/maxUnavailable") {
            page.field(2, "MaxUnavailable", &scalar(most));
        }
    }
    page.field(0, "Pods Status", &pods_status(cx, o));
    template::write(page, o.at("/spec/template"));
    let claims = o.items_at("/spec/volumeClaimTemplates");
    page.line(if claims.is_empty() { "Volume Claims:\t<none>" } else { "Volume Claims:" });
    for claim in claims {
        page.field(2, "Name", text_at(claim, "metadata/name"));
        page.field(2, "StorageClass", text_at(claim, "spec/storageClassName"));
        page.pairs("  ", "Labels", map(Some(claim), "metadata/labels"));
        page.pairs("  ", "Annotations", map(Some(claim), "metadata/annotations"));
        let storage = claim.pointer("/spec/resources/requests/storage").map_or_else(|| "<default>".to_string(), scalar);
        page.field(2, "Capacity", &storage);
        let modes: Vec<&str> = crate::object::value::items_at(claim, "spec/accessModes").iter().filter_map(Value::as_str).collect();
        page.field(2, "Access Modes", &format!("[{}]", modes.join(" ")));
    }
}

/// Writes a Job.
pub fn job(_cx: &mut Cx<'_>, o: &Object, page: &mut Page) {
    page.name(o);
    page.field(0, "Selector", &selector(o.at("/spec/selector")));
    page.labels(o);
    page.annotations(o);
    template::controlled_by(page, o);
    for (title, path) in [
        ("Parallelism", "/spec/parallelism"),
        ("Completions", "/spec/completions"),
        ("Completion Mode", "/spec/completionMode"),
        ("Suspend", "/spec/suspend"),
        ("Backoff Limit", "/spec/backoffLimit"),
        ("TTL Seconds After Finished", "/spec/ttlSecondsAfterFinished"),
    ] {
        match o.at(path) {
            Some(value) => page.field(0, title, &scalar(value)),
            None if title == "Completions" => page.field(0, title, "<unset>"),
            None => {}
        }
    }
    let moment = |path: &str| timestamp::parse_rfc3339_ms(o.text_at(path));
    if let Some(start) = o.str_at("/status/startTime") {
        page.field(0, "Start Time", &time(start));
    }
    if let Some(end) = o.str_at("/status/completionTime") {
        page.field(0, "Completed At", &time(end));
    }
    if let (Some(start), Some(end)) = (moment("/status/startTime"), moment("/status/completionTime")) {
        page.field(0, "Duration", &duration::human(end - start));
    }
    if let Some(seconds) = o.i64_at("/spec/activeDeadlineSeconds") {
        page.field(0, "Active Deadline Seconds", &format!("{seconds}s"));
    }
    let count = |field: &str| number(o, &["/status/", field].concat());
    let ready = o.i64_at("/status/ready").map_or_else(String::new, |ready| format!(" ({ready} Ready)"));
    let told = format!("{} Active{ready} / {} Succeeded / {} Failed", count("active"), count("succeeded"), count("failed"));
    page.field(0, "Pods Statuses", &told);
    if o.text_at("/spec/completionMode") == "Indexed" {
        page.field(0, "Completed Indexes", &capped(o.text_at("/status/completedIndexes")));
    }
    template::write(page, o.at("/spec/template"));
}

/// Indexes, cut at the first comma after fifty bytes.
fn capped(indexes: &str) -> String {
    let rest = indexes.get(50..).unwrap_or_default();
    match rest.find(',').and_then(|comma| indexes.get(..=50 + comma)) {
        Some(shown) => format!("{shown}..."),
        None => or_none(indexes),
    }
}
