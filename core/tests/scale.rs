//! The cost of a Pod does not grow with their number: a ratio of steps taken and memory touched, not of time.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use kubepie_core::api::{MOST_OF_A_RESOURCE, Timing};
use kubepie_core::session::{Base, Session};

/// Changes that were written, and steps that were made, until a Deployment of so many Pods had settled.
fn work(pods: u32, nodes: u32) -> (u64, u64) {
    let base = Base { workers: Some(nodes), ..Base::default() };
    let mut session = Session::fresh(7, 1_795_428_000_000, Timing::LIFE, base);
    session.settle(600_000);
    let before = session.api().store.resource_version;
    session.submit_line(0, &format!("kubectl create deployment web --image=nginx --replicas={pods}"));
    let mut steps = 0;
    let end = session.now() + 300_000;
    while session.now() < end && !(steps > 0 && session.at_rest()) {
        let to = session.now() + 100;
        steps += u64::from(1_000_000 - session.advance(to, 1_000_000));
    }
    let ready = session.view().pods.iter().filter(|p| &*p.namespace == "default" && p.containers.iter().all(|c| c.ready)).count();
    assert_eq!(ready, pods as usize);
    (session.api().store.resource_version - before, steps)
}

#[test]
fn a_pod_costs_the_same_in_a_large_cluster() {
    let (small, large) = (work(30, 3), work(600, 12));
    for (few, many) in [(small.0, large.0), (small.1, large.1)] {
        let ratio = (many as f64 / 600.0) / (few as f64 / 30.0);
        assert!(ratio < 1.5, "{few} for 30 Pods, {many} for 600");
    }
}

#[test]
fn a_number_that_no_cluster_could_hold_is_refused_as_a_full_store_does() {
    let mut session = Session::fresh(7, 1_795_428_000_000, Timing::LIFE, Base::default());
    session.settle(600_000);
    session.submit_line(0, "kubectl create deployment web --image=nginx --replicas=2000000000");
    for _ in 0..600 {
        let to = session.now() + 100;
        session.advance(to, 1_000_000);
    }
    assert_eq!(session.api().store.count("pods"), MOST_OF_A_RESOURCE);
    session.submit_line(0, "kubectl run one-more --image=nginx");
    assert!(session.run_until_idle(0, 1_000));
    let said: String = session.shown_since(0).map(|shown| shown.text.as_str()).collect();
    assert!(said.contains("Error from server: etcdserver: mvcc: database space exceeded"), "{said}");
}
