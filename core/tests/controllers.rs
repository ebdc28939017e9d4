//! Controllers, scheduler and kubelet together: what a Deployment becomes.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use kubepie_core::api::{Answer, PatchType, Request, Timing, Verb};
use kubepie_core::object::resources::{DEPLOYMENTS, PODS, REPLICA_SETS};
use kubepie_core::sim::{Cluster, base};
use kubepie_core::time::Instant;
use serde_json::json;

fn cluster() -> Cluster {
    Cluster::new(base::api(7, 1_795_428_000_000, None, None), 7, Timing::RECORDED)
}

fn run(c: &mut Cluster, ms: u64) {
    let end = Instant(c.now().0 + ms);
    while c.poll(end, 100_000) == 0 {}
}

fn deploy(c: &mut Cluster, image: &str, replicas: i64) {
    let body = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"},
        "spec": {"replicas": replicas, "selector": {"matchLabels": {"app": "web"}},
            "template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "nginx", "image": image}]}}}});
    let answer = c.api.handle(Request::new(Verb::Create, DEPLOYMENTS, "default", "").with_body(body)).result;
    assert!(matches!(answer, Ok(Answer::Object(_))), "{answer:?}");
}

fn ready(c: &Cluster) -> (i64, i64) {
    let count = |path: &str| c.api.find(DEPLOYMENTS, "default", "web").and_then(|d| d.i64_at(path)).unwrap_or(0);
    (count("/status/readyReplicas"), count("/status/updatedReplicas"))
}

#[test]
fn a_deployment_becomes_ready_on_three_nodes_and_is_updated() {
    let mut c = cluster();
    deploy(&mut c, "nginx:1.26", 3);
    run(&mut c, 10_000);
    assert_eq!(ready(&c), (3, 3));
    let nodes: std::collections::BTreeSet<_> = c.api.list(PODS, Some("default")).map(|p| p.text_at("/spec/nodeName").to_string()).collect();
    assert_eq!(nodes.len(), 3);
    let patch = json!({"spec": {"template": {"spec": {"containers": [{"name": "nginx", "image": "nginx:1.27"}]}}}});
    c.api.handle(Request::new(Verb::Patch(PatchType::Strategic), DEPLOYMENTS, "default", "web").with_body(patch)).result.unwrap();
    run(&mut c, 30_000);
    assert_eq!(ready(&c), (3, 3));
    let sizes: Vec<_> = c.api.list(REPLICA_SETS, Some("default")).map(|r| r.i64_at("/spec/replicas").unwrap_or(-1)).collect();
    assert_eq!(sizes.iter().sum::<i64>(), 3);
    assert_eq!(sizes.len(), 2);
    assert!(c.at_rest());
    let version = c.api.store.resource_version;
    c.api.handle(Request::new(Verb::Delete, DEPLOYMENTS, "default", "web")).result.unwrap();
    run(&mut c, 10_000);
    assert_eq!((c.api.list(PODS, Some("default")).count(), c.api.list(REPLICA_SETS, Some("default")).count()), (0, 0));
    assert!(c.api.store.resource_version > version);
}
