//! How the cost of Pods grows with their number; printed with `cargo test -p kubepie-core --test scale -- --nocapture`.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use kubepie_core::api::Timing;
use kubepie_core::object::Object;
use kubepie_core::sim::{Cluster, base};
use kubepie_core::time::Instant;
use serde_json::json;

fn settle(pods: usize, nodes: usize) {
    let mut c = Cluster::new(base::api(7, 1_795_428_000_000, None), 7, Timing::RECORDED);
    let worker = c.api.find("nodes", "", "w1-k8s").unwrap().clone();
    for i in 0..nodes.saturating_sub(3) {
        let mut node = (*worker).clone();
        node.meta.name = format!("n{i}").as_str().into();
        node.meta.set_label("kubernetes.io/hostname", Some(&format!("n{i}")));
        node.set("/spec/podCIDR", format!("172.17.{}.0/24", i % 250));
        c.api.create(node).unwrap();
    }
    c.poll(Instant(1000), u32::MAX);
    let ty = c.api.type_of("replicasets.apps").unwrap().clone();
    let rs = json!({
        "metadata": {"name": "web", "namespace": "default"},
        "spec": {
            "replicas": pods,
            "selector": {"matchLabels": {"app": "web"}},
            "template": {
                "metadata": {"labels": {"app": "web"}},
                "spec": {"schedulerName": "default-scheduler", "containers": [{"name": "nginx", "image": "nginx:1.27", "resources": {}}]},
            },
        },
    });
    let begun = std::time::Instant::now();
    c.api.create(Object::from_value(&ty, rs)).unwrap();
    let mut longest = 0;
    for _ in 0..2000 {
        let step = std::time::Instant::now();
        let until = c.now() + 100;
        c.poll(until, u32::MAX);
        longest = longest.max(step.elapsed().as_micros());
        if c.at_rest() {
            break;
        }
    }
    let running = c.api.list("pods", Some("default")).filter(|p| p.text_at("/status/phase") == "Running").count();
    let us = begun.elapsed().as_micros() as usize / pods.max(1);
    println!("{pods:>6} Pods on {nodes:>5} nodes: {us} µs a Pod, {running} run, longest step {longest} µs");
}

#[test]
fn cost_of_a_pod() {
    for (pods, nodes) in [(100, 3), (300, 3)] {
        settle(pods, nodes);
    }
}
