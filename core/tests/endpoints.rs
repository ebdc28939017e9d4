//! What stands behind Services: slices of at most a hundred addresses, and those made for Endpoints written by hand.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use kubepie_core::api::Timing;
use kubepie_core::object::resources::ENDPOINT_SLICES;
use kubepie_core::session::{Base, Session};

fn session() -> Session {
    Session::fresh(7, 1_795_428_000_000, Timing::RECORDED, Base::default())
}

fn run(session: &mut Session, line: &str) {
    session.submit_line(0, line);
    session.settle(600_000);
}

/// How many addresses each slice of a Service has, the fullest first; no address is there twice.
fn slices(session: &Session, service: &str) -> Vec<usize> {
    let mut seen = BTreeSet::new();
    let mut sizes = Vec::new();
    for slice in session.api().list(ENDPOINT_SLICES, Some("default")) {
        if slice.meta.label("kubernetes.io/service-name") == Some(service) {
            let all = slice.items_at("/endpoints");
            sizes.push(all.len());
            assert!(all.iter().all(|e| seen.insert(e["addresses"][0].to_string())));
        }
    }
    sizes.sort_by(|a, b| b.cmp(a));
    sizes
}

#[test]
fn slices_hold_a_hundred_and_are_filled_before_new_ones_are_made() {
    let mut s = session();
    run(&mut s, "kubectl create deployment web --image=nginx --replicas=230");
    run(&mut s, "kubectl expose deployment web --port=80");
    assert_eq!(slices(&s, "web"), [100, 100, 30]);
    run(&mut s, "kubectl scale deployment web --replicas=250");
    assert_eq!(slices(&s, "web"), [100, 100, 50]);
    run(&mut s, "kubectl scale deployment web --replicas=120");
    let shrunk = slices(&s, "web");
    assert_eq!((shrunk.len(), shrunk.iter().sum::<usize>()), (3, 120), "nothing is moved to make fewer");
    run(&mut s, "kubectl scale deployment web --replicas=0");
    assert_eq!(slices(&s, "web"), [0], "one stays to say that there is none");
}

#[test]
fn endpoints_written_by_hand_are_mirrored() {
    let mut s = session();
    run(&mut s, "printf 'apiVersion: v1\\nkind: Service\\nmetadata: {name: db}\\nspec: {ports: [{port: 5432}]}\\n' | kubectl apply -f -");
    let written =
        "apiVersion: v1\\nkind: Endpoints\\nmetadata: {name: db}\\nsubsets: [{addresses: [{ip: 10.1.2.3}], ports: [{port: 5432}]}]\\n";
    run(&mut s, &format!("printf '{written}' | kubectl apply -f -"));
    assert_eq!(slices(&s, "db"), [1]);
    run(&mut s, "kubectl delete endpoints db");
    assert_eq!(slices(&s, "db"), [0; 0]);
}

/// For which zone each address of the Service `web` is meant, sorted.
fn meant_for(s: &Session) -> Vec<String> {
    let api = &s.world().machine.cluster.api;
    let all = api.list("endpointslices.discovery.k8s.io", Some("default")).filter(|o| o.name().starts_with("web-"));
    let zone = |e: &serde_json::Value| e["hints"]["forZones"][0]["name"].as_str().unwrap_or("none").to_owned();
    let mut zones: Vec<String> = all.flat_map(|o| o.items_at("/endpoints").iter().map(zone).collect::<Vec<_>>()).collect();
    zones.sort();
    zones
}

#[test]
fn addresses_are_meant_for_zones_by_their_share_of_the_cpu() {
    let mut s = session();
    let told = |s: &Session, text: &str| {
        let api = &s.world().machine.cluster.api;
        api.list("events", Some("default")).any(|e| e.text_at("/involvedObject/kind") == "Service" && e.text_at("/message").ends_with(text))
    };
    run(&mut s, "kubectl create deployment web --image=nginx --replicas=3; kubectl expose deployment web --port=80; sleep 5");
    run(&mut s, "kubectl annotate service web service.kubernetes.io/topology-mode=Auto; sleep 2");
    let unknown = "Insufficient Node information: allocatable CPU or zone not specified on one or more nodes, addressType: IPv4";
    assert!(told(&s, unknown) && meant_for(&s) == ["none"; 3]);
    run(&mut s, "kubectl label node w1-k8s w2-k8s topology.kubernetes.io/zone=a; kubectl label node w3-k8s topology.kubernetes.io/zone=b");
    run(&mut s, "kubectl scale deployment web --replicas=1; sleep 5");
    assert!(told(&s, "Insufficient number of endpoints (1 endpoints, 2 zones), addressType: IPv4"));
    run(&mut s, "kubectl scale deployment web --replicas=6; sleep 5");
    assert!(told(&s, "Topology Aware Hints has been enabled, addressType: IPv4"));
    assert_eq!(meant_for(&s), ["a", "a", "a", "a", "b", "b"]);
    // Where the Pods are does not matter: each zone gets its share.
    run(&mut s, "kubectl cordon w3-k8s; kubectl delete pod -l app=web; sleep 5");
    assert_eq!(meant_for(&s), ["a", "a", "a", "a", "b", "b"]);
    run(&mut s, "kubectl annotate service web service.kubernetes.io/topology-mode-; sleep 2");
    assert_eq!(meant_for(&s), ["none"; 6]);
    let mut s = session();
    run(&mut s, "kubectl label node w1-k8s w2-k8s topology.kubernetes.io/zone=a; kubectl label node w3-k8s topology.kubernetes.io/zone=b");
    run(&mut s, "kubectl create deployment web --image=nginx --replicas=3; kubectl expose deployment web --port=80; sleep 5");
    run(&mut s, "kubectl annotate service web service.kubernetes.io/topology-mode=Auto; sleep 2");
    assert_eq!(meant_for(&s), ["a", "a", "b"]);
    run(&mut s, "kubectl annotate service web service.kubernetes.io/topology-mode-; sleep 2");
    assert!(told(&s, "Topology Aware Hints has been disabled, addressType: IPv4") && meant_for(&s) == ["none"; 3]);
}
