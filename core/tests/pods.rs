//! Pods from their creation to their end on a whole cluster: what watchers see, in order.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use kubepie_core::api::{Api, DeleteOptions, Timing};
use kubepie_core::object::value::text_at;
use kubepie_core::object::{Key, Object};
use kubepie_core::sim::{Cluster, base};
use kubepie_core::time::Instant;
use serde_json::{Value, json};

fn cluster() -> Cluster {
    let mut cluster = Cluster::new(base::api(7, 1_795_428_000_000, None, None), 7, Timing::RECORDED);
    cluster.poll(Instant(1000), u32::MAX);
    cluster
}

fn create(api: &mut Api, name: &str, spec: Value) {
    let ty = api.type_of("pods").unwrap().clone();
    let mut spec = spec;
    spec["schedulerName"] = json!("default-scheduler");
    let body = json!({"metadata": {"name": name, "namespace": "default"}, "spec": spec, "status": {"phase": "Pending"}});
    api.create(Object::from_value(&ty, body)).unwrap();
}

fn run(cluster: &mut Cluster, ms: u64) {
    let until = cluster.now() + ms;
    cluster.poll(until, u32::MAX);
}

/// The states that watchers saw of a Pod.
fn life(cluster: &Cluster, name: &str) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for change in cluster.api.store.log.since(0) {
        let o = &change.object;
        if o.ty.kind != "Pod" || o.name() != name {
            continue;
        }
        let states: Vec<String> = o
            .items_at("/status/containerStatuses")
            .iter()
            .map(|s| ["waiting", "terminated"].iter().map(|k| text_at(s, &format!("state/{k}/reason"))).collect::<String>())
            .collect();
        let ready = o.items_at("/status/conditions").iter().any(|c| text_at(c, "type") == "Ready" && text_at(c, "status") == "True");
        let gone = change.kind == kubepie_core::api::ChangeKind::Deleted;
        let line = format!(
            "{}{} {}{}{}",
            o.text_at("/status/phase"),
            if ready { " ready" } else { "" },
            states.join("+"),
            if o.is_deleting() || gone { " going" } else { "" },
            if gone { " gone" } else { "" }
        );
        if seen.last() != Some(&line) {
            seen.push(line);
        }
    }
    seen
}

fn events(cluster: &Cluster, name: &str) -> Vec<String> {
    let about = |e: &&std::rc::Rc<Object>| e.text_at("/involvedObject/name") == name;
    cluster.api.list("events", None).filter(about).map(|e| format!("{}: {}", e.text_at("/reason"), e.text_at("/message"))).collect()
}

#[test]
fn a_server_runs_and_is_deleted() {
    let mut c = cluster();
    create(&mut c.api, "web", json!({"containers": [{"name": "nginx", "image": "nginx:1.27", "resources": {}}]}));
    run(&mut c, 4000);
    assert_eq!(life(&c, "web"), ["Pending ", "Pending ContainerCreating", "Running ready "], "{:#?}", events(&c, "web"));
    c.api.delete("pods", &Key::new("default", "web"), &DeleteOptions::default()).unwrap();
    run(&mut c, 2000);
    assert_eq!(life(&c, "web")[3..], ["Running ready  going", "Succeeded Completed going", "Succeeded Completed going gone"]);
    let e = events(&c, "web");
    for reason in [
        "Scheduled: Successfully assigned default/web to w",
        "Pulling: ",
        "Pulled: ",
        "Created: Container created",
        "Started: ",
        "Killing: Stopping container nginx",
    ] {
        assert!(e.iter().any(|l| l.starts_with(reason)), "{reason} in {e:#?}");
    }
}

#[test]
fn a_bad_image_backs_off() {
    let mut c = cluster();
    create(&mut c.api, "bad", json!({"containers": [{"name": "c", "image": "nginx:1.15.999"}]}));
    run(&mut c, 13_000);
    let seen = life(&c, "bad");
    assert_eq!(seen[..3], ["Pending ", "Pending ContainerCreating", "Pending ErrImagePull"]);
    run(&mut c, 6000);
    assert_eq!(life(&c, "bad")[3], "Pending ImagePullBackOff");
    c.api.delete("pods", &Key::new("default", "bad"), &DeleteOptions::default()).unwrap();
    run(&mut c, 1000);
    let seen = life(&c, "bad");
    assert_eq!(
        seen[seen.len() - 3..],
        ["Pending ContainerCreating going", "Failed ContainerStatusUnknown going", "Failed ContainerStatusUnknown going gone"]
    );
}

#[test]
fn commands_end_and_crash() {
    let mut c = cluster();
    let sh = |script: &str| json!([{"name": "c", "image": "busybox", "command": ["sh", "-c", script]}]);
    create(&mut c.api, "once", json!({"restartPolicy": "Never", "containers": sh("echo hi; sleep 1")}));
    create(&mut c.api, "bad", json!({"restartPolicy": "Never", "containers": sh("exit 3")}));
    create(&mut c.api, "loop", json!({"containers": sh("exit 1")}));
    run(&mut c, 6000);
    assert_eq!(life(&c, "once"), ["Pending ", "Pending ContainerCreating", "Running ready ", "Running Completed", "Succeeded Completed"]);
    assert_eq!(life(&c, "bad").last().unwrap(), "Failed Error");
    let seen = life(&c, "loop");
    assert_eq!(seen.last().unwrap(), "Running CrashLoopBackOff", "{seen:#?}");
    assert!(events(&c, "loop").iter().any(|e| e.starts_with("BackOff: Back-off restarting failed container c in pod loop_default(")));
}

#[test]
fn a_container_whose_turn_never_came_is_not_lost() {
    let mut c = cluster();
    let init = |script: &str| json!([{"name": "i", "image": "busybox", "command": ["sh", "-c", script]}]);
    let main = json!([{"name": "c", "image": "nginx"}]);
    create(&mut c.api, "never", json!({"restartPolicy": "Never", "initContainers": init("exit 3"), "containers": main}));
    create(&mut c.api, "midway", json!({"initContainers": init("sleep 100"), "containers": main}));
    create(&mut c.api, "after", json!({"initContainers": init("true"), "containers": [{"name": "c", "image": "nginx:1.15.999"}]}));
    run(&mut c, 6000);
    assert_eq!(life(&c, "never"), ["Pending ", "Pending PodInitializing", "Failed PodInitializing"]);
    for name in ["midway", "after"] {
        c.api.delete("pods", &Key::new("default", name), &DeleteOptions::default()).unwrap();
    }
    run(&mut c, 40_000);
    assert_eq!(
        life(&c, "midway")[2..],
        ["Pending PodInitializing going", "Failed PodInitializing going", "Failed PodInitializing going gone"]
    );
    assert_eq!(life(&c, "after").last().unwrap(), "Failed ContainerStatusUnknown going gone");
}

#[test]
fn nowhere_to_go() {
    let mut c = cluster();
    create(&mut c.api, "big", json!({"containers": [{"name": "c", "image": "nginx", "resources": {"requests": {"cpu": "16"}}}]}));
    create(&mut c.api, "ssd", json!({"nodeSelector": {"disk": "ssd"}, "containers": [{"name": "c", "image": "nginx"}]}));
    run(&mut c, 1000);
    assert_eq!(
        events(&c, "ssd"),
        [
            "FailedScheduling: 0/4 nodes are available: 1 node(s) had untolerated taint(s), 3 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate, preemption: 0/4 nodes are available: 4 Preemption is not helpful for scheduling."
        ]
    );
    assert_eq!(events(&c, "big").len(), 1, "{:#?}", events(&c, "big"));
}

#[test]
fn equal_pods_spread() {
    let mut c = cluster();
    for i in 0..9 {
        create(&mut c.api, &format!("p{i}"), json!({"containers": [{"name": "c", "image": "nginx"}]}));
    }
    run(&mut c, 8000);
    for node in ["w1-k8s", "w2-k8s", "w3-k8s"] {
        let here = c.api.pods_on(node).filter(|p| p.namespace() == "default").count();
        assert_eq!(here, 3, "{node}");
    }
    assert!(c.at_rest());
    let before = c.api.store.resource_version;
    run(&mut c, 5000);
    let lease = |change: &kubepie_core::api::Change| change.resource() == "leases.coordination.k8s.io";
    assert!(c.api.store.log.since(before).all(lease), "a settled cluster writes nothing but leases");
}
