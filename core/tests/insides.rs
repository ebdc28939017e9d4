//! What runs inside containers: scripts, probes, volumes, and requests between Pods.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use kubepie_core::api::network::{NetAnswer, NetRequest, Network};
use kubepie_core::api::runtime::Inside;
use kubepie_core::api::{Api, Server, Timing};
use kubepie_core::kubelet::Kubelet;
use kubepie_core::object::value::text_at;
use kubepie_core::object::{Object, resources};
use kubepie_core::shell::container::ShellRuntime;
use kubepie_core::sim::{Cluster, base};
use kubepie_core::time::Instant;
use serde_json::{Value, json};

fn cluster() -> Cluster {
    let mut cluster = Cluster::new(base::api(7, 1_795_428_000_000, None, None), 7, Timing::RECORDED);
    let stop_ms = Timing::RECORDED.stop_shell_ms;
    cluster.component_mut::<Kubelet>().unwrap().set_runtime(Box::new(ShellRuntime { stop_ms }));
    cluster.poll(Instant(1000), u32::MAX);
    cluster
}

fn create(api: &mut Api, resource: &str, body: Value) {
    let ty = api.type_of(resource).unwrap().clone();
    let mut body = body;
    body["metadata"]["namespace"] = json!("default");
    if resource == resources::PODS {
        body["spec"]["schedulerName"] = json!("default-scheduler");
        body["status"] = json!({"phase": "Pending"});
    }
    api.create(Object::from_value(&ty, body)).unwrap();
}

fn pod(cluster: &mut Cluster, name: &str, spec: Value) {
    create(&mut cluster.api, resources::PODS, json!({"metadata": {"name": name}, "spec": spec}));
}

fn run(cluster: &mut Cluster, ms: u64) {
    let until = cluster.now() + ms;
    cluster.poll(until, u32::MAX);
}

fn find(cluster: &Cluster, name: &str) -> std::rc::Rc<Object> {
    cluster.api.find("pods", "default", name).unwrap().clone()
}

fn log(cluster: &mut Cluster, name: &str) -> Vec<String> {
    let uid = find(cluster, name).meta.uid.to_string();
    cluster.kubelets().log_lines(&uid, "c", false).unwrap().iter().map(|l| l.text.clone()).collect()
}

fn ready(cluster: &Cluster, name: &str) -> bool {
    find(cluster, name).items_at("/status/conditions").iter().any(|c| text_at(c, "type") == "Ready" && text_at(c, "status") == "True")
}

fn events(cluster: &Cluster, name: &str) -> Vec<String> {
    let about = |e: &&std::rc::Rc<Object>| e.text_at("/involvedObject/name") == name;
    cluster.api.list("events", None).filter(about).map(|e| format!("{}: {}", e.text_at("/reason"), e.text_at("/message"))).collect()
}

#[test]
fn scripts_see_environment_files_and_names() {
    let mut c = cluster();
    create(&mut c.api, resources::CONFIG_MAPS, json!({"metadata": {"name": "conf"}, "data": {"color": "red", "size": "9"}}));
    pod(
        &mut c,
        "p",
        json!({
            "restartPolicy": "Never",
            "volumes": [{"name": "v", "configMap": {"name": "conf"}}, {"name": "e", "emptyDir": {}}],
            "containers": [{
                "name": "c", "image": "busybox",
                "env": [
                    {"name": "A", "value": "1"}, {"name": "B", "value": "$(A)2"},
                    {"name": "C", "valueFrom": {"configMapKeyRef": {"name": "conf", "key": "color"}}},
                    {"name": "N", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
                ],
                "command": ["sh", "-c", "echo $A $B $C $N; cat /v/size; echo; hostname; echo kept > /e/f; cat /e/f; for i in 1 2 3; do echo $i; sleep 1; done; exit 4"],
                "volumeMounts": [{"name": "v", "mountPath": "/v"}, {"name": "e", "mountPath": "/e"}],
            }],
        }),
    );
    run(&mut c, 7000);
    assert_eq!(log(&mut c, "p"), ["1 12 red p", "9", "p", "kept", "1", "2", "3"]);
    assert_eq!(find(&c, "p").i64_at("/status/containerStatuses/0/state/terminated/exitCode"), Some(4));
}

#[test]
fn what_is_missing_is_said() {
    let mut c = cluster();
    let from = json!([{"name": "X", "valueFrom": {"configMapKeyRef": {"name": "nope", "key": "k"}}}]);
    pod(&mut c, "env", json!({"containers": [{"name": "c", "image": "nginx", "env": from}]}));
    let volumes = json!([{"name": "v", "secret": {"secretName": "nope"}}]);
    let mounts = json!([{"name": "v", "mountPath": "/v"}]);
    pod(&mut c, "vol", json!({"volumes": volumes, "containers": [{"name": "c", "image": "nginx", "volumeMounts": mounts}]}));
    pod(&mut c, "none", json!({"containers": [{"name": "c", "image": "nginx", "args": ["nosuchbinary"]}]}));
    run(&mut c, 4000);
    assert!(events(&c, "env").contains(&"Failed: Error: configmap \"nope\" not found".to_string()), "{:?}", events(&c, "env"));
    assert_eq!(find(&c, "env").text_at("/status/containerStatuses/0/state/waiting/reason"), "CreateContainerConfigError");
    let mount = "FailedMount: MountVolume.SetUp failed for volume \"v\" : secret \"nope\" not found";
    assert!(events(&c, "vol").contains(&mount.to_string()));
    assert!(events(&c, "none").iter().any(|e| e.contains("exec: \"nosuchbinary\": executable file not found in $PATH")));
    create(&mut c.api, resources::SECRETS, json!({"metadata": {"name": "nope"}, "data": {"k": "dg=="}}));
    run(&mut c, 9000);
    assert!(ready(&c, "vol"));
}

#[test]
fn probes_decide() {
    let mut c = cluster();
    let get = |port: i64, period: i64| json!({"httpGet": {"path": "/", "port": port}, "periodSeconds": period});
    pod(&mut c, "good", json!({"containers": [{"name": "c", "image": "nginx", "readinessProbe": get(80, 1)}]}));
    pod(&mut c, "bad", json!({"containers": [{"name": "c", "image": "nginx", "readinessProbe": get(81, 1)}]}));
    pod(
        &mut c,
        "ill",
        json!({"terminationGracePeriodSeconds": 1, "containers": [{
            "name": "c", "image": "busybox", "command": ["sh", "-c", "touch /tmp/healthy; sleep 5; rm /tmp/healthy; sleep 600"],
            "livenessProbe": {"exec": {"command": ["cat", "/tmp/healthy"]}, "periodSeconds": 1, "failureThreshold": 2},
        }]}),
    );
    run(&mut c, 4000);
    assert!(ready(&c, "good"));
    assert!(!ready(&c, "bad"));
    assert!(events(&c, "bad").iter().any(|e| e.starts_with("Unhealthy: Readiness probe failed: Get \"http://172.16.") && e.ends_with("connect: connection refused")));
    run(&mut c, 10_000);
    let e = events(&c, "ill");
    assert!(e.contains(&"Killing: Container c failed liveness probe, will be restarted".to_string()), "{e:#?}");
    assert!(e.iter().any(|e| e.starts_with("Unhealthy: Liveness probe failed: cat: ")), "{e:#?}");
    assert_eq!(find(&c, "ill").i64_at("/status/containerStatuses/0/restartCount"), Some(1));
}

#[test]
fn requests_reach_pods_through_services() {
    let mut c = cluster();
    pod(&mut c, "web", json!({"containers": [{"name": "c", "image": "sysnet4admin/echo-hname"}]}));
    run(&mut c, 3000);
    let web = find(&c, "web");
    let ip = web.text_at("/status/podIP").to_string();
    create(
        &mut c.api,
        "services",
        json!({"metadata": {"name": "web"}, "spec": {"clusterIP": "10.99.0.7", "ports": [{"port": 80, "targetPort": 80}]}}),
    );
    create(
        &mut c.api,
        "endpoints",
        json!({"metadata": {"name": "web"}, "subsets": [{"addresses": [{"ip": ip}], "ports": [{"port": 80}]}]}),
    );
    pod(
        &mut c,
        "ask",
        json!({"restartPolicy": "Never", "containers": [{
            "name": "c", "image": "curlimages/curl",
            "command": ["sh", "-c", "curl -s web; curl -s http://web.default.svc.cluster.local; curl nowhere; curl web:81 -m 2; wget -qO- web; echo done"],
        }]}),
    );
    run(&mut c, 8000);
    assert_eq!(
        log(&mut c, "ask"),
        [
            "web",
            "web",
            "curl: (6) Could not resolve host: nowhere",
            "curl: (28) Connection timed out after 2000 milliseconds",
            "web",
            "done"
        ]
    );
    let request = NetRequest { host: ip, port: 80, http: true, path: "/".into(), ..NetRequest::default() };
    assert!(matches!(c.request(&request), Some(NetAnswer::Http { status: 200, .. })));
    let refused = NetRequest { port: 81, ..request };
    assert_eq!(c.request(&refused), Some(NetAnswer::Refused));
    assert!(c.component::<Kubelet>().unwrap().traffic().sent.since(0).any(|s| *s.pod == *web.meta.uid && s.outcome == "200"));
}

#[test]
fn files_written_inside_are_served() {
    let mut c = cluster();
    pod(&mut c, "web", json!({"containers": [{"name": "c", "image": "nginx"}]}));
    run(&mut c, 3000);
    let web = find(&c, "web");
    let mut inside = c.take(&web.meta.uid, "c").unwrap();
    inside.files.write("/usr/share/nginx/html/index.html", "mine\n", 0).unwrap();
    c.put(&web.meta.uid, "c", inside);
    let request = NetRequest { host: web.text_at("/status/podIP").into(), port: 80, http: true, path: "/".into(), ..NetRequest::default() };
    let Some(NetAnswer::Http { body, .. }) = c.request(&request) else { panic!("no answer") };
    assert_eq!(body, "mine\n");
}
