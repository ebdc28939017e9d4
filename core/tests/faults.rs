//! What faults come to, end to end: lost nodes, full disks, leaks, and how they are told.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use kubepie_core::api::Timing;
use kubepie_core::session::{Base, Session, ShownKind};

fn session() -> Session {
    Session::fresh(7, 1_795_428_000_000, Timing::RECORDED, Base::default())
}

/// Runs a line, lets `s` simulated seconds pass, and returns what was shown.
fn run(session: &mut Session, line: &str, s: u64) -> String {
    let from = session.shown_since(0).count();
    session.submit_line(0, line);
    session.run_until_idle(0, 600_000);
    session.advance_to(session.now() + s * 1000);
    session.shown_since(0).skip(from).filter(|s| s.what != ShownKind::Typed).map(|s| s.text.as_str()).collect()
}

#[test]
fn a_node_that_stops_is_noticed_left_and_comes_back() {
    let mut s = session();
    run(&mut s, "kubectl create deployment web --image=nginx --replicas=6", 10);
    run(&mut s, "fault node stop w3-k8s", 30);
    assert!(!run(&mut s, "kubectl get nodes", 0).contains("NotReady"));
    run(&mut s, "true", 40);
    assert!(run(&mut s, "kubectl get nodes", 0).contains("w3-k8s   NotReady"));
    let node = run(&mut s, "kubectl describe node w3-k8s", 0);
    assert!(node.contains("node.kubernetes.io/unreachable:NoExecute") && node.contains("Kubelet stopped posting node status."));
    run(&mut s, "true", 300);
    let pods = run(&mut s, "kubectl get pods -o wide", 0);
    assert_eq!(pods.matches("Terminating").count(), 2, "{pods}");
    assert_eq!(pods.matches("Running").count(), 6, "{pods}");
    run(&mut s, "fault node start w3-k8s", 20);
    let pods = run(&mut s, "kubectl get pods; kubectl get nodes", 0);
    assert_eq!((pods.matches("Terminating").count(), pods.matches("NotReady").count()), (0, 0), "{pods}");
    assert!(run(&mut s, "kubectl get events", 0).contains("has been rebooted, boot id: "));
}

#[test]
fn a_full_disk_puts_pods_off_one_by_one() {
    let mut s = session();
    run(&mut s, "kubectl create deployment web --image=nginx --replicas=6", 10);
    run(&mut s, "fault disk fill w2-k8s", 5);
    assert_eq!(run(&mut s, "kubectl get pods -o yaml", 10).matches("reason: Evicted").count(), 1);
    assert_eq!(run(&mut s, "kubectl get pods -o yaml", 0).matches("reason: Evicted").count(), 2);
    assert!(run(&mut s, "kubectl describe node w2-k8s", 0).contains("node.kubernetes.io/disk-pressure:NoSchedule"));
    run(&mut s, "fault disk free w2-k8s", 320);
    assert!(run(&mut s, "kubectl describe node w2-k8s", 0).contains("Taints:             <none>"));
}

#[test]
fn memory_ends_containers_with_a_limit_and_puts_off_those_without() {
    let mut s = session();
    run(
        &mut s,
        "kubectl run free --image=nginx; kubectl run bound --image=nginx --overrides='{\"spec\":{\"containers\":[{\"name\":\"bound\",\"image\":\"nginx\",\"resources\":{\"limits\":{\"memory\":\"64Mi\"}}}]}}'",
        10,
    );
    run(&mut s, "fault pod leak free; fault pod leak bound", 70);
    let pods = run(&mut s, "kubectl get pods -o yaml", 0);
    assert!(pods.contains("reason: OOMKilled") && pods.contains("The node was low on resource: memory."), "{pods}");
}

/// The taints that make Pods leave, of the workers of a cluster without three of its four nodes.
fn taints_without_workers(zones: &[(&str, &str)]) -> usize {
    let mut s = session();
    for (node, zone) in zones {
        run(&mut s, &format!("kubectl label node {node} topology.kubernetes.io/zone={zone}"), 0);
    }
    for node in ["w1-k8s", "w2-k8s", "w3-k8s"] {
        run(&mut s, &format!("fault node stop {node}"), 0);
    }
    run(&mut s, "true", 100);
    assert_eq!(run(&mut s, "kubectl get nodes", 0).matches("NotReady").count(), 3);
    run(&mut s, "kubectl describe nodes", 0).matches("node.kubernetes.io/unreachable:NoExecute").count()
}

#[test]
fn pods_need_not_leave_nodes_of_a_small_zone_that_is_mostly_down() {
    assert_eq!(taints_without_workers(&[]), 0, "three of four");
    let zones = |first: &'static str| [("m-k8s", "a"), ("w1-k8s", first), ("w2-k8s", "b"), ("w3-k8s", "b")];
    assert_eq!(taints_without_workers(&zones("b")), 3, "a zone that is down, not the rest");
    assert_eq!(taints_without_workers(&zones("a")), 3, "half of one, all of another");
}

#[test]
fn nobody_leaves_when_every_zone_is_down_and_all_begin_anew_when_one_is_back() {
    let mut s = session();
    run(&mut s, "kubectl label node m-k8s node.kubernetes.io/exclude-disruption=", 0);
    for node in ["w1-k8s", "w2-k8s", "w3-k8s"] {
        run(&mut s, &format!("kubectl label node {node} topology.kubernetes.io/zone={node}; fault node cut {node}"), 0);
    }
    run(&mut s, "true", 200);
    let nodes = run(&mut s, "kubectl describe nodes", 0);
    assert_eq!(nodes.matches("node.kubernetes.io/unreachable:NoSchedule").count(), 3);
    assert_eq!(nodes.matches("node.kubernetes.io/unreachable:NoExecute").count(), 0);
    run(&mut s, "fault node join w1-k8s", 30);
    assert_eq!(run(&mut s, "kubectl describe nodes", 0).matches("unreachable:NoExecute").count(), 2);
}

#[test]
fn both_the_taint_and_the_daemon_set_tell_that_a_daemons_pod_has_to_go() {
    let mut s = session();
    let spec =
        "{selector: {matchLabels: {app: a}}, template: {metadata: {labels: {app: a}}, spec: {containers: [{name: c, image: nginx}]}}}";
    let set = format!("apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {{name: agent}}\nspec: {spec}");
    run(&mut s, &format!("kubectl apply -f - <<'EOF'\n{set}\nEOF"), 10);
    run(&mut s, "kubectl taint node w1-k8s a=b:NoExecute", 5);
    let events = run(&mut s, "kubectl get events", 0);
    assert!(events.contains("TaintManagerEviction") && events.contains("SuccessfulDelete"), "{events}");
    assert_eq!(run(&mut s, "kubectl get pods --no-headers", 0).lines().count(), 2);
}

#[test]
fn old_names_of_labels_follow_the_new_ones() {
    let mut s = session();
    run(&mut s, "kubectl label node w1-k8s beta.kubernetes.io/os- kubernetes.io/arch=arm64 --overwrite", 2);
    let labels = run(&mut s, "kubectl get node w1-k8s --show-labels", 0);
    assert!(labels.contains("beta.kubernetes.io/os=linux") && labels.contains("beta.kubernetes.io/arch=arm64"), "{labels}");
}
