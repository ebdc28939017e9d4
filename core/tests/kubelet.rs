//! What kubelets, scheduler and admission make of Pods where no recording says so, typed at the front door.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bench;

use bench::Bench;
use serde_json::{Value, json};

impl Bench {
    /// Types a line and gives what it printed.
    fn run(&mut self, line: &str) -> String {
        self.typed(line, false)
    }

    /// Makes a Pod and lets so many seconds pass.
    fn pod(&mut self, name: &str, spec: &Value, seconds: u32) {
        let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": {"app": "a"}}, "spec": spec});
        let said = self.run(&format!("kubectl apply -f - <<'EOF'\n{pod}\nEOF\nsleep {seconds}"));
        assert!(said.contains("created"), "{said}");
    }

    /// What a JSONPath of an object gives.
    fn get(&mut self, what: &str, path: &str) -> String {
        self.run(&format!("kubectl get {what} -o jsonpath='{path}'"))
    }

    /// Events about an object with a reason: `count message`, a line each.
    fn events(&mut self, name: &str, reason: &str) -> String {
        let fields = format!("--field-selector=involvedObject.name={name},reason={reason}");
        self.run(&format!("kubectl get events {fields} -o jsonpath='{{range .items[*]}}{{.count}} {{.message}}{{\"\\n\"}}{{end}}'"))
    }
}

#[test]
fn a_container_leaves_a_last_message_in_its_file_or_its_log() {
    let mut b = Bench::new();
    let script = |name: &str, script: &str, policy: &str| json!({"name": name, "image": "busybox", "terminationMessagePolicy": policy, "command": ["sh", "-c", script]});
    let containers = json!([
        script("a", "echo bye > /dev/termination-log; exit 3", "File"),
        script("b", "echo one; echo two; exit 1", "FallbackToLogsOnError"),
        script("c", "echo fine", "FallbackToLogsOnError"),
    ]);
    b.pod("last", &json!({"restartPolicy": "Never", "containers": containers}), 10);
    let said = b.get("pod last", "{range .status.containerStatuses[*]}[{.state.terminated.message}]{end}");
    assert_eq!(said, "[bye\n][one\ntwo\n][]");
}

#[test]
fn a_hook_that_fails_ends_its_container_and_says_so() {
    let mut b = Bench::new();
    let nginx = |start: &Value| json!({"containers": [{"name": "c", "image": "nginx", "lifecycle": {"postStart": start}}]});
    b.pod("hook", &nginx(&json!({"exec": {"command": ["false"]}})), 5);
    assert_eq!(b.get("pod hook", "{.status.containerStatuses[0].state.waiting.reason}"), "CrashLoopBackOff");
    b.pod("knock", &nginx(&json!({"httpGet": {"port": 81}})), 5);
    assert!(b.events("knock", "FailedPostStartHook").ends_with("PostStartHook failed\n"));
    b.pod("missing", &nginx(&json!({"httpGet": {"port": 80, "path": "/nowhere"}})), 5);
    assert_eq!(b.get("pod missing", "{.status.phase}"), "Running");
    b.pod("slow", &nginx(&json!({"sleep": {"seconds": 8}})), 5);
    assert_eq!(b.get("pod slow", "{.status.containerStatuses[0].state.waiting.reason}"), "ContainerCreating");
    assert_eq!(b.run("sleep 6; kubectl get pod slow -o jsonpath='{.status.phase}'"), "Running");
}

#[test]
fn pull_secrets_and_volumes_that_are_missing_are_named() {
    let mut b = Bench::new();
    b.pod("pull", &json!({"imagePullSecrets": [{"name": "x"}, {"name": "y"}], "containers": [{"name": "c", "image": "nginx"}]}), 5);
    let text = "2 Unable to retrieve some image pull secrets (x, y); attempting to pull the image may not succeed.\n";
    assert_eq!(b.events("pull", "FailedToRetrieveImagePullSecret"), text);
    let volumes = json!([{"name": "v", "configMap": {"name": "m"}}, {"name": "w", "secret": {"secretName": "s"}},
        {"name": "unused", "secret": {"secretName": "t"}}]);
    let mounts = json!([{"name": "v", "mountPath": "/v"}, {"name": "w", "mountPath": "/w"}]);
    b.pod("mount", &json!({"containers": [{"name": "c", "image": "nginx", "volumeMounts": mounts}], "volumes": volumes}), 1);
    let said = b.events("mount", "FailedMount");
    assert!(said.contains("volume \"v\" : configmap \"m\" not found") && said.contains("volume \"w\" : secret \"s\" not found"), "{said}");
    assert!(!said.contains("unused"), "{said}");
}

#[test]
fn a_sidecar_ends_after_the_container_that_it_is_for() {
    let mut b = Bench::new();
    let sidecar = json!({"name": "side", "image": "busybox", "restartPolicy": "Always", "command": ["sleep", "1000"]});
    let main = json!({"name": "main", "image": "nginx", "lifecycle": {"preStop": {"sleep": {"seconds": 6}}}});
    b.pod("two", &json!({"activeDeadlineSeconds": 5, "initContainers": [sidecar], "containers": [main]}), 20);
    let main = b.get("pod two", "{.status.containerStatuses[0].state.terminated.finishedAt}");
    let side = b.get("pod two", "{.status.initContainerStatuses[0].state.terminated.finishedAt}");
    assert!(main.len() == 20 && side > main, "{side} after {main}");
}

#[test]
fn a_pod_pinned_to_a_node_that_is_not_there_is_told_of_no_other_reason() {
    let mut b = Bench::new();
    let terms = json!([{"matchFields": [{"key": "metadata.name", "operator": "In", "values": ["w9-k8s"]}]}]);
    let affinity = json!({"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}});
    b.pod("pinned", &json!({"affinity": affinity, "containers": [{"name": "c", "image": "nginx"}]}), 1);
    let said = b.events("pinned", "FailedScheduling");
    assert!(said.contains("0/4 nodes are available: 4 node(s) didn't satisfy plugin(s) [NodeAffinity]. "), "{said}");
}

#[test]
fn match_label_keys_become_part_of_the_selector() {
    let mut b = Bench::new();
    let spread = json!([{"maxSkew": 1, "topologyKey": "kubernetes.io/hostname", "whenUnsatisfiable": "DoNotSchedule",
        "labelSelector": {"matchLabels": {"x": "y"}}, "matchLabelKeys": ["app"]}]);
    b.pod("keys", &json!({"topologySpreadConstraints": spread, "containers": [{"name": "c", "image": "nginx"}]}), 1);
    let said = b.get("pod keys", "{.spec.topologySpreadConstraints[0].labelSelector.matchExpressions}");
    assert_eq!(said, r#"[{"key":"app","operator":"In","values":["a"]}]"#);
}

#[test]
fn a_claim_for_one_pod_alone_keeps_another_waiting() {
    let mut b = Bench::new();
    let spec = |modes: &str| json!({"storageClassName": "s", "accessModes": [modes]});
    let volume = json!({"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "pv"},
        "spec": {"storageClassName": "s", "capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOncePod"], "hostPath": {"path": "/x"}}});
    let mut claim =
        json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "one"}, "spec": spec("ReadWriteOncePod")});
    claim["spec"]["resources"] = json!({"requests": {"storage": "1Gi"}});
    b.run(&format!("kubectl apply -f - <<'EOF'\n{volume}\n---\n{claim}\nEOF\nsleep 20"));
    let pod =
        json!({"containers": [{"name": "c", "image": "nginx"}], "volumes": [{"name": "v", "persistentVolumeClaim": {"claimName": "one"}}]});
    b.pod("first", &pod, 3);
    b.pod("second", &pod, 3);
    let said = b.events("second", "FailedScheduling");
    assert!(said.contains("3 node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode"), "{said}");
    b.run("kubectl delete pod first; sleep 15");
    assert_eq!(b.get("pod second", "{.status.phase}"), "Running");
}

fn sized(cpu: &str, policy: &str) -> Value {
    let resources = json!({"requests": {"cpu": cpu, "memory": "64Mi"}, "limits": {"memory": "128Mi"}});
    let policies = json!([{"resourceName": "memory", "restartPolicy": policy}]);
    json!({"name": "c", "image": "nginx", "resources": resources, "resizePolicy": policies})
}

fn resize(b: &mut Bench, resources: &Value) -> String {
    let patch = json!({"spec": {"containers": [{"name": "c", "resources": resources}]}});
    b.run(&format!("kubectl patch pod r --subresource resize -p '{patch}'; sleep 3"))
}

#[test]
fn a_pod_gets_other_resources_where_there_is_room() {
    let mut b = Bench::new();
    b.pod("r", &json!({"nodeName": "w1-k8s", "containers": [sized("100m", "RestartContainer")]}), 3);
    assert_eq!(resize(&mut b, &json!({"requests": {"cpu": "200m"}})), "pod/r patched\n");
    let has = "{.status.containerStatuses[0].resources.requests.cpu} {.status.containerStatuses[0].restartCount}";
    assert_eq!(b.get("pod r", has), "200m 0");
    let told = r#"1 Pod resize completed: {"containers":[{"name":"c","resources":{"limits":{"memory":"128Mi"},"requests":{"cpu":"200m","memory":"64Mi"}}}],"generation":2}"#;
    assert_eq!(b.events("r", "ResizeCompleted"), format!("{told}\n"));
    resize(&mut b, &json!({"requests": {"memory": "100Mi"}}));
    assert_eq!(b.get("pod r", has), "200m 1");
    let said = resize(&mut b, &json!({"limits": {"memory": null}}));
    assert!(said.contains("spec.containers[0].resources.limits: Forbidden: resource limits cannot be removed"), "{said}");
    let said = resize(&mut b, &json!({"requests": {"cpu": null, "memory": null}, "limits": {"memory": null}}));
    assert!(said.contains("Pod QOS Class may not change as a result of resizing"), "{said}");
}

#[test]
fn a_resize_waits_for_room_or_never_comes() {
    let mut b = Bench::new();
    b.pod("r", &json!({"nodeName": "w1-k8s", "containers": [sized("100m", "NotRequired")]}), 3);
    let big =
        |cpu: &str| json!({"nodeName": "w1-k8s", "containers": [{"name": "c", "image": "nginx", "resources": {"requests": {"cpu": cpu}}}]});
    b.pod("big", &big("1500m"), 3);
    resize(&mut b, &json!({"requests": {"cpu": "500m"}}));
    let why = "{.status.conditions[0].reason}: {.status.conditions[0].message}";
    let text = "Deferred: Node didn't have enough resource: cpu, requested: 500, used: 1750, capacity: 2000";
    assert_eq!(b.get("pod r", why), text);
    // What it was granted counts, not what it asks for.
    b.pod("small", &big("150m"), 3);
    assert_eq!(b.get("pod small", "{.status.phase}"), "Running");
    b.pod("large", &big("151m"), 3);
    assert_eq!(b.get("pod large", "{.status.reason}"), "OutOfcpu");
    b.run("kubectl delete pod big; sleep 5");
    assert_eq!(b.get("pod r", "{.status.containerStatuses[0].resources.requests.cpu}"), "500m");
    resize(&mut b, &json!({"requests": {"cpu": "3"}}));
    assert_eq!(b.get("pod r", why), "Infeasible: Node didn't have enough capacity: cpu, requested: 3000, capacity: 2000");
}

#[test]
fn an_unhealthy_container_is_started_again_by_the_sync_that_stops_it() {
    let mut b = Bench::new();
    let probe = json!({"httpGet": {"path": "/nowhere", "port": 80}, "periodSeconds": 3, "failureThreshold": 1});
    b.run("kubectl get pod -w --output-watch-events > /tmp/seen &");
    b.pod("sick", &json!({"containers": [{"name": "c", "image": "nginx", "livenessProbe": probe}]}), 8);
    assert_eq!(b.get("pod sick", "{.status.containerStatuses[0].restartCount}"), "2");
    assert!(!b.run("cat /tmp/seen").contains("Completed"), "its end is not seen before it runs again");
    b.run("sleep 5");
    assert_eq!(b.get("pod sick", "{.status.containerStatuses[0].state.waiting.reason}"), "CrashLoopBackOff");
    let late = json!({"httpGet": {"path": "/", "port": 80}, "initialDelaySeconds": 5, "periodSeconds": 10});
    b.pod("late", &json!({"containers": [{"name": "c", "image": "nginx", "readinessProbe": late}]}), 8);
    assert_eq!(b.get("pod late", "{.status.containerStatuses[0].ready}"), "false", "what comes too early is left out");
    b.run("sleep 5");
    assert_eq!(b.get("pod late", "{.status.containerStatuses[0].ready}"), "true");
}
