//! Links: random scenarios come back from them and to the same end; hostile ones are refused.
//! `SCENARIOS=10000 cargo test --release -p kubepie-tests --test links` tries more of them.

#![allow(clippy::panic)]

use kubepie_core::session::bring::{self, BROUGHT_VERSION};
use kubepie_core::session::{Refusal, Scenario, Session, base64};
use kubepie_core::time::Instant;
use kubepie_tests::link::{self, Bad};
use kubepie_tests::random::Random;
use kubepie_tests::scenarios;
use miniz_oxide::deflate::compress_to_vec;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU64, Ordering};

/// How many scenarios are tried.
const SCENARIOS: u64 = 200;

/// From seed to link and back to the same end.
fn hold(seed: u64) -> Result<(), String> {
    let live = scenarios::played(seed);
    let scenario = live.scenario();
    let fragment = link::fragment(&scenario.to_json()).map_err(|bad| format!("{bad:?}"))?;
    let read = link::read(&["#", &fragment].concat()).ok_or("it is no link")?.map_err(|bad| format!("{bad:?}"))?;
    if read != scenario {
        return Err("another scenario comes back".to_owned());
    }
    let mut again = Session::new(read.clone());
    again.advance_to(Instant(read.end_ms));
    match (format!("{:016x}", again.hash()) == read.hash, again.reaches() == read.reaches) {
        (true, true) => Ok(()),
        _ => Err(format!("it comes to another end:\n{:?}\n{:?}", read.reaches, again.reaches())),
    }
}

#[test]
fn random_scenarios_come_back() {
    let count = std::env::var("SCENARIOS").ok().and_then(|n| n.parse().ok()).unwrap_or(SCENARIOS);
    let next = AtomicU64::new(0);
    let clock = std::time::Instant::now();
    let failures: Vec<String> = std::thread::scope(|scope| {
        let work = || {
            let mut failures = Vec::new();
            loop {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                if seed >= count {
                    return failures;
                }
                if let Err(why) = hold(seed) {
                    failures.push(format!("seed {seed}: {why}"));
                }
            }
        };
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(8);
        let all: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        all.into_iter().flat_map(|thread| thread.join().unwrap_or_else(|_| vec!["a scenario broke the engine".to_owned()])).collect()
    });
    eprintln!("{count} scenarios in {:.1} s", clock.elapsed().as_secs_f64());
    assert!(failures.is_empty(), "{} of {count}:\n{}", failures.len(), failures.join("\n"));
}

const GOOD: &str = r#"{"version":1,"epoch_ms":0,"seed":7,"inputs":[{"at_ms":5,"kind":"line","text":"kubectl get nodes"}],"end_ms":9}"#;

fn packed(bytes: &[u8]) -> String {
    ["s=1.", &base64::encode_url(&compress_to_vec(bytes, 6))].concat()
}

fn read(fragment: &str) -> Result<Scenario, Bad> {
    link::read(fragment).unwrap_or(Err(Bad::Damaged))
}

/// What a scenario like the good one with something else in it is refused with.
fn refusal(change: impl FnOnce(&mut Value)) -> Refusal {
    let mut value: Value = serde_json::from_str(GOOD).unwrap_or_default();
    change(&mut value);
    match read(&packed(value.to_string().as_bytes())) {
        Err(Bad::Scenario(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn damaged_links_are_refused() {
    let link = packed(GOOD.as_bytes());
    assert!(read(&link).is_ok());
    for end in 2..link.len() {
        assert!(read(&link[..end]).is_err(), "cut at {end}");
    }
    let mut random = Random::new(3);
    for _ in 0..2_000 {
        let mut bytes = link.clone().into_bytes();
        let at = random.below(bytes.len() as u64) as usize;
        bytes[at] = 32 + random.below(95) as u8;
        // It is another link or none; it is never a panic.
        let _ = link::read(&String::from_utf8(bytes).unwrap());
    }
    for wrong in ["s=1.", "s=1.%", "s=1.AAAA", "s=1.a b", "s=1.한글", "s=1.++//", "s=", "s=1", "s=0.AA", "s=1.1.AA"] {
        assert_eq!(read(wrong), Err(Bad::Damaged), "{wrong}");
    }
    assert_eq!(read("s=2.AA"), Err(Bad::Newer));
}

#[test]
fn bombs_are_refused() {
    for len in [(1 << 20) + 1, 64 << 20] {
        let bomb = packed(&vec![b' '; len]);
        assert!(bomb.len() > 64 * 1024 || read(&bomb) == Err(Bad::TooLarge), "{len}");
    }
    assert_eq!(read(&["s=1.", &"A".repeat(65 * 1024)].concat()), Err(Bad::TooLong));
    assert_eq!(link::read(&["l=1.", &"A".repeat(65 * 1024)].concat()), None, "a lesson's link is read elsewhere, with the same bounds");
    let deep = ["{\"version\":1,\"epoch_ms\":0,\"seed\":1,\"inputs\":", &"[".repeat(500_000)].concat();
    assert!(matches!(read(&packed(deep.as_bytes())), Err(Bad::Scenario(_))));
    let deep = format!(
        r#"{{"version":1,"epoch_ms":0,"seed":1,"inputs":[],"base":{{"cluster":{{"version":1,"seen_ms":0,"objects":[{}]}}}}}}"#,
        "{\"a\":".repeat(100_000)
    );
    assert!(matches!(read(&packed(deep.as_bytes())), Err(Bad::Scenario(_))));
}

#[test]
fn what_breaks_a_bound_is_refused() {
    let unreadable = |why: Refusal| matches!(why, Refusal::Unreadable(_));
    assert_eq!(refusal(|v| v["version"] = json!(2)), Refusal::Version(2));
    assert!(unreadable(refusal(|v| v["version"] = json!(u64::MAX))));
    assert_eq!(refusal(|v| v["epoch_ms"] = json!(i64::MAX)), Refusal::Span);
    assert_eq!(refusal(|v| v["epoch_ms"] = json!(i64::MIN)), Refusal::Span);
    assert!(unreadable(refusal(|v| v["epoch_ms"] = json!(1e300))));
    assert!(unreadable(refusal(|v| v["seed"] = json!(-1))));
    assert_eq!(refusal(|v| v["end_ms"] = json!(u64::MAX)), Refusal::Span);
    assert_eq!(refusal(|v| v["inputs"][0]["at_ms"] = json!(u64::MAX)), Refusal::Span);
    assert_eq!(refusal(|v| v["inputs"][0]["shell"] = json!(65)), Refusal::Input);
    assert!(unreadable(refusal(|v| v["inputs"][0]["kind"] = json!("script"))));
    assert_eq!(refusal(|v| v["inputs"] = json!(vec![json!({"at_ms": 1, "kind": "eof"}); 5_001])), Refusal::Inputs(5_001));
    assert_eq!(refusal(|v| v["inputs"] = json!([{"at_ms": 2, "kind": "eof"}, {"at_ms": 1, "kind": "eof"}])), Refusal::Order);
    assert_eq!(refusal(|v| v["base"] = json!({"workers": 0})), Refusal::Workers);
    assert_eq!(refusal(|v| v["base"] = json!({"workers": 4_000_000_000u32})), Refusal::Workers);
    assert_eq!(refusal(|v| v["base"] = json!({"lines": vec!["true"; 201]})), Refusal::Base);
    assert_eq!(refusal(|v| v["reaches"] = json!(vec!["x"; 201])), Refusal::Reaches);
    let cluster = |objects: Value, version: u32| json!({"cluster": {"version": version, "seen_ms": 0, "objects": objects}});
    let refused = |why: bring::Refusal| Refusal::Cluster(why);
    assert_eq!(refusal(|v| v["base"] = cluster(json!([]), BROUGHT_VERSION)), refused(bring::Refusal::Empty));
    assert_eq!(refusal(|v| v["base"] = cluster(json!([{}]), 9)), refused(bring::Refusal::Version(9)));
    assert_eq!(refusal(|v| v["base"] = cluster(json!(vec![json!({"kind": "Pod"}); 5_001]), 1)), refused(bring::Refusal::TooLarge));
}

/// A cluster whose objects are not what they should be is passed over or built; it neither hangs nor breaks anything.
#[test]
fn a_hostile_cluster_does_no_harm() {
    let owner = |kind: &str, name: &str| json!([{"apiVersion": "apps/v1", "kind": kind, "name": name, "uid": "x", "controller": true}]);
    let objects = json!([
        {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n"}, "spec": {"podCIDR": "999.1.1.1/99"}, "status": {"capacity": {"cpu": "1e99", "pods": "-5"}}},
        {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "<img src=x onerror=alert(1)>"}},
        {"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": {"name": "a", "ownerReferences": owner("ReplicaSet", "b")}, "spec": {"replicas": i64::MAX, "selector": {"matchLabels": {"a": "b"}}, "template": {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "c", "image": "\u{0}"}]}}}},
        {"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": {"name": "b", "ownerReferences": owner("ReplicaSet", "a")}},
        {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "s"}, "spec": {"replicas": -7, "ordinals": {"start": i64::MAX}}, "status": {"currentRevision": "x", "updateRevision": ""}},
        {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "d"}},
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "creationTimestamp": "9999-12-31T23:59:59Z", "deletionTimestamp": "0001-01-01T00:00:00Z", "ownerReferences": owner("Node", "p")}, "spec": {"nodeName": "n", "containers": [{"name": "c", "command": [], "livenessProbe": {"httpGet": {"port": 0}, "periodSeconds": -1}}]},
         "status": {"podIP": "...", "containerStatuses": [{"name": "c", "imageID": "x", "restartCount": i64::MAX, "state": {"running": {"startedAt": "x"}}, "lastState": {"terminated": {"exitCode": i64::MIN}}}]}},
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "q"}, "spec": "x", "status": []},
        {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "v"}, "spec": {"claimRef": {"namespace": "default", "name": "v"}}},
        {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "v"}, "spec": {"volumeName": "v"}},
        {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "b"}, "spec": {"minAvailable": "900%"}},
        7, null, "x", [], {"kind": "Secret", "apiVersion": "v1", "metadata": {"name": "s"}, "data": {"a": 1}}
    ]);
    let mut value: Value = serde_json::from_str(GOOD).unwrap();
    value["base"] = json!({"cluster": {"version": 1, "seen_ms": -1, "objects": objects}});
    value["end_ms"] = json!(30_000);
    let scenario = read(&packed(value.to_string().as_bytes())).unwrap();
    let end = Instant(scenario.end_ms);
    let mut session = Session::new(scenario);
    let mut budget = 400_000;
    while session.now() < end && budget > 0 {
        budget -= 1_000;
        session.advance(end, 1_000);
    }
    assert!(session.view().nodes.iter().all(|node| !node.name.contains('<')));
}
