//! Workloads typed at the front door: what controllers and scheduler make of them where no recording says so.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bench;

use bench::Bench;
use serde_json::{Value, json};

impl Bench {
    /// Types a line and lets the cluster come to rest. Gives what was printed.
    fn run(&mut self, line: &str) -> String {
        self.typed(line, true)
    }

    fn apply(&mut self, object: &Value) {
        let said = self.run(&format!("kubectl apply -f - <<'EOF'\n{object}\nEOF"));
        assert!(said.contains("created") || said.contains("configured"), "{said}");
    }

    /// What a JSONPath of an object gives.
    fn get(&mut self, what: &str, path: &str) -> String {
        let said = self.run(&format!("kubectl get {what} -o jsonpath='{{{path}}}'"));
        said.lines().last().unwrap_or_default().to_owned()
    }
}

fn template(app: &str, container: &Value) -> Value {
    json!({"metadata": {"labels": {"app": app}}, "spec": {"containers": [container]}})
}

#[test]
fn a_rollout_goes_on_after_scaling_leaves_a_replica_set_as_it_is() {
    let mut b = Bench::new();
    b.run("kubectl create deployment web --image=nginx:1.26 --replicas=10");
    b.run("kubectl set image deployment web nginx=nginx:1.15.999");
    b.run("kubectl scale deployment web --replicas=11");
    b.run("kubectl set image deployment web nginx=nginx:1.27");
    assert_eq!(b.get("deploy web", ".status.updatedReplicas"), "11");
    assert_eq!(b.get("deploy web", ".status.availableReplicas"), "11");
}

#[test]
fn each_index_of_a_job_may_have_its_own_limit() {
    let mut b = Bench::new();
    let script = "if [ $JOB_COMPLETION_INDEX = 1 ]; then exit 1; fi";
    let mut pod = template("idx", &json!({"name": "c", "image": "busybox", "command": ["sh", "-c", script]}));
    pod["spec"]["restartPolicy"] = json!("Never");
    b.apply(&json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "idx"}, "spec": {"completions": 3, "parallelism": 3,
        "completionMode": "Indexed", "backoffLimitPerIndex": 1, "template": pod}}));
    b.run("sleep 40");
    assert_eq!(b.get("job idx", ".status.completedIndexes"), "0,2");
    assert_eq!(b.get("job idx", ".status.failedIndexes"), "1");
    assert_eq!(b.get("job idx", ".status.conditions[*].type"), "FailureTarget Failed");
    assert_eq!(b.get("job idx", ".status.conditions[1].reason"), "FailedIndexes");
}

#[test]
fn a_suspended_job_has_no_pods_until_it_is_resumed() {
    let mut b = Bench::new();
    let mut pod = template("s", &json!({"name": "c", "image": "busybox", "command": ["true"]}));
    pod["spec"]["restartPolicy"] = json!("Never");
    b.apply(&json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "s"}, "spec": {"suspend": true, "template": pod}}));
    assert_eq!(b.get("pods", ".items"), "[]");
    b.run("kubectl patch job s -p '{\"spec\":{\"suspend\":false}}'");
    assert_eq!(b.get("job s", ".status.conditions[*].type"), "Suspended SuccessCriteriaMet Complete");
}

#[test]
fn a_claim_that_waits_for_its_pod_gets_the_volume_of_the_pods_node() {
    let mut b = Bench::new();
    b.apply(&json!({"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "local"},
        "provisioner": "kubernetes.io/no-provisioner", "volumeBindingMode": "WaitForFirstConsumer"}));
    b.apply(
        &json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "data"}, "spec": {"storageClassName": "local",
        "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}}),
    );
    b.apply(
        &json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"containers": [{"name": "c", "image": "nginx"}],
        "volumes": [{"name": "d", "persistentVolumeClaim": {"claimName": "data"}}]}}),
    );
    let why = b.get("events --field-selector reason=FailedScheduling", ".items[0].message");
    assert!(why.contains("3 node(s) didn't find available persistent volumes to bind"), "{why}");
    let here = json!({"matchExpressions": [{"key": "kubernetes.io/hostname", "operator": "In", "values": ["w2-k8s"]}]});
    b.apply(&json!({"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "pv"}, "spec": {"storageClassName": "local",
        "capacity": {"storage": "2Gi"}, "accessModes": ["ReadWriteOnce"], "local": {"path": "/mnt"},
        "nodeAffinity": {"required": {"nodeSelectorTerms": [here]}}}}));
    assert_eq!(b.get("pod p", ".spec.nodeName"), "w2-k8s");
    assert_eq!(b.get("pvc data", ".status.phase"), "Bound");
    b.run("kubectl delete pod p");
    b.run("kubectl delete pvc data");
    assert_eq!(b.get("pv pv", ".status.phase"), "Released");
}

#[test]
fn an_autoscaler_says_what_it_lacks_and_then_follows_the_load() {
    let mut b = Bench::new();
    let container = json!({"name": "php", "image": "registry.k8s.io/hpa-example", "resources": {"requests": {"cpu": "200m"}, "limits": {"cpu": "500m"}}});
    b.apply(&json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "php"},
        "spec": {"selector": {"matchLabels": {"app": "php"}}, "template": template("php", &container)}}));
    b.run("kubectl expose deployment php --port=80");
    b.run("kubectl autoscale deployment php --cpu=50% --min=1 --max=6");
    b.run("sleep 20");
    let condition = b.get("hpa php", ".status.conditions[1].reason");
    assert_eq!(condition, "FailedGetResourceMetric");
    let server = json!({"name": "m", "image": "registry.k8s.io/metrics-server/metrics-server:v0.8.0"});
    b.apply(&json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "metrics-server"},
        "spec": {"selector": {"matchLabels": {"app": "m"}}, "template": template("m", &server)}}));
    b.run("sleep 60");
    assert_eq!(b.get("hpa php", ".status.conditions[1].reason"), "ValidMetricFound");
    b.run("kubectl run load --image=busybox --restart=Never -- sh -c 'while sleep 0.02; do wget -q -O- http://php; done'");
    b.run("sleep 120");
    let size: i64 = b.get("deploy php", ".spec.replicas").parse().unwrap();
    assert!(size > 2, "{size} under load");
    b.run("kubectl delete pod load");
    b.run("sleep 500");
    assert_eq!(b.get("deploy php", ".spec.replicas"), "1");
}

#[test]
fn a_pod_of_high_priority_makes_room_and_says_so() {
    let mut b = Bench::new();
    b.apply(&json!({"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": "high"}, "value": 1000}));
    b.run("kubectl create deployment low --image=nginx --replicas=6");
    b.run("kubectl set resources deployment low --requests=cpu=800m");
    b.apply(&json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "high"}, "spec": {"priorityClassName": "high",
        "containers": [{"name": "c", "image": "nginx", "resources": {"requests": {"cpu": "1500m"}}}]}}));
    assert_eq!(b.get("pod high", ".status.phase"), "Running");
    assert_eq!(b.get("pod high", ".status.nominatedNodeName"), "");
    let events = b.get("events --field-selector reason=Preempted", ".items[*].message");
    assert_eq!(events.matches("Preempted by pod ").count(), 2, "{events}");
    let uid = b.get("pod high", ".metadata.uid");
    let decision = b.session.decision(&uid).expect("the scheduler keeps its reasons");
    assert!(decision.node.is_some() && !decision.nodes.is_empty());
}

#[test]
fn what_a_stateful_set_left_is_taken_over_by_the_next() {
    let mut b = Bench::new();
    let set = |image: &str| {
        json!({"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "db"}, "spec": {"replicas": 2, "serviceName": "db",
            "selector": {"matchLabels": {"app": "db"}}, "template": template("db", &json!({"name": "c", "image": image}))}})
    };
    b.apply(&set("nginx:1.26"));
    b.apply(&set("nginx:1.27"));
    b.run("kubectl delete sts db --cascade=orphan");
    b.apply(&set("nginx:1.26"));
    assert_eq!(b.get("controllerrevisions", ".items[*].revision"), "3 2");
    assert_eq!(b.get("pods", ".items[*].spec.containers[0].image"), "nginx:1.26 nginx:1.26");
}

#[test]
fn a_stateful_set_replaces_one_pod_at_a_time_whatever_its_strategy_says() {
    let mut b = Bench::new();
    let container = json!({"name": "c", "image": "nginx:1.26"});
    let spec = json!({"replicas": 4, "serviceName": "db", "podManagementPolicy": "Parallel", "selector": {"matchLabels": {"app": "db"}},
        "updateStrategy": {"rollingUpdate": {"maxUnavailable": 3}}, "template": template("db", &container)});
    b.apply(&json!({"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "db"}, "spec": spec}));
    assert_eq!(b.get("sts db", ".spec.updateStrategy.rollingUpdate"), r#"{"partition":0}"#);
    // A Pod that cannot start holds up the others, and a better template replaces it.
    b.run("kubectl set image sts/db c=nginx:1.15.999; sleep 20");
    assert_eq!(b.get("pods", ".items[*].spec.containers[0].image"), "nginx:1.26 nginx:1.26 nginx:1.26 nginx:1.15.999");
    b.run("kubectl set image sts/db c=nginx:1.27; sleep 30");
    assert_eq!(b.get("pods", ".items[*].spec.containers[0].image"), ["nginx:1.27"; 4].join(" "));
}

#[test]
fn a_stateful_set_that_is_refused_a_pod_asks_for_no_more_of_them() {
    let mut b = Bench::new();
    b.run("kubectl create quota few --hard=pods=0");
    let spec = json!({"replicas": 4, "serviceName": "db", "podManagementPolicy": "Parallel", "selector": {"matchLabels": {"app": "db"}},
        "template": template("db", &json!({"name": "c", "image": "nginx"}))});
    b.apply(&json!({"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "db"}, "spec": spec}));
    let events = b.run("kubectl get events");
    assert!(events.contains("FailedCreate") && events.contains("pods \"db-0\" is forbidden") && !events.contains("db-1"), "{events}");
}

#[test]
fn a_volume_that_is_recycled_is_emptied_and_free_again() {
    let mut b = Bench::new();
    let volume = |name: &str, policy: &str| {
        let spec = json!({"capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"], "persistentVolumeReclaimPolicy": policy,
            "storageClassName": "", "hostPath": {"path": "/data"}});
        json!({"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": name}, "spec": spec})
    };
    b.apply(&volume("disk", "Recycle"));
    b.apply(&json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "data"}, "spec": {
        "accessModes": ["ReadWriteOnce"], "storageClassName": "", "resources": {"requests": {"storage": "1Gi"}}}}));
    let mut pod = template(
        "x",
        &json!({"name": "c", "image": "busybox", "command": ["sh", "-c", "echo a > /v/a; echo b > /v/.b; sleep 1000"],
        "volumeMounts": [{"name": "v", "mountPath": "/v"}]}),
    );
    pod["spec"]["volumes"] = json!([{"name": "v", "persistentVolumeClaim": {"claimName": "data"}}]);
    pod["spec"]["nodeName"] = json!("w1-k8s");
    b.apply(&json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "writer"}, "spec": pod["spec"]}));
    b.run("sleep 3; kubectl delete pod writer --now; kubectl cordon w2-k8s; kubectl cordon w3-k8s; kubectl delete pvc data");
    b.run("sleep 10");
    assert_eq!(b.get("pv disk", ".status.phase"), "Available");
    assert_eq!(b.get("pv disk", ".spec.claimRef"), "");
    let events = b.run("kubectl describe pv disk");
    assert!(events.contains("Recycler pod: Successfully assigned default/recycler-for-disk to w1-k8s"), "{events}");
    assert!(events.contains("VolumeRecycled") && events.contains("Volume recycled"), "{events}");
    assert!(b.run("kubectl get pods").contains("No resources found"));
    pod["spec"]["containers"][0]["command"] = json!(["sh", "-c", "ls -A /v; sleep 1000"]);
    pod["spec"]["volumes"] = json!([{"name": "v", "hostPath": {"path": "/data"}}]);
    b.apply(&json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "reader"}, "spec": pod["spec"]}));
    assert_eq!(b.run("kubectl logs reader"), "");
}

#[test]
fn a_daemon_set_that_is_refused_pods_still_deletes_others() {
    let mut b = Bench::new();
    b.run("kubectl create quota few --hard=pods=1; kubectl label node w1-k8s a=b");
    let mut pod = template("agent", &json!({"name": "c", "image": "nginx"}));
    pod["spec"]["nodeSelector"] = json!({"a": "b"});
    let spec = json!({"selector": {"matchLabels": {"app": "agent"}}, "template": pod});
    b.apply(&json!({"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "agent"}, "spec": spec}));
    b.run("kubectl label node w2-k8s a=b; sleep 2; kubectl label node w1-k8s a-; sleep 30");
    assert_eq!(b.get("pods", ".items[*].spec.nodeName"), "w2-k8s");
}

#[test]
fn a_daemon_set_that_surges_waits_for_its_new_pods_to_be_available() {
    let mut b = Bench::new();
    b.apply(&json!({"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "ag"}, "spec": {"minReadySeconds": 3,
        "selector": {"matchLabels": {"app": "ag"}}, "template": template("ag", &json!({"name": "c", "image": "nginx:1.25"})),
        "updateStrategy": {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}}}));
    b.run("kubectl set image ds/ag c=nginx:1.26");
    assert_eq!(b.get("ds ag", ".status.updatedNumberScheduled"), "3");
    assert_eq!(b.get("ds ag", ".status.numberAvailable"), "3");
}

#[test]
fn a_static_pod_outlives_its_mirror() {
    let mut b = Bench::new();
    let pod = "pod -n kube-system kube-scheduler-m-k8s";
    let (uid, running) = (b.get(pod, ".metadata.uid"), b.get(pod, ".status.containerStatuses"));
    b.run(&format!("kubectl delete {pod}"));
    b.run("sleep 11");
    assert_ne!(b.get(pod, ".metadata.uid"), uid);
    assert_eq!(b.get(pod, ".status.phase"), "Running");
    assert_eq!(b.get(pod, ".status.containerStatuses"), running);
}

#[test]
fn claims_belong_to_their_set_from_the_beginning_and_to_their_pod_once_it_is_to_go() {
    let mut b = Bench::new();
    let claim =
        json!({"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}});
    b.apply(&json!({"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "db"}, "spec": {
        "serviceName": "db", "replicas": 1, "selector": {"matchLabels": {"app": "db"}}, "volumeClaimTemplates": [claim],
        "persistentVolumeClaimRetentionPolicy": {"whenScaled": "Delete", "whenDeleted": "Delete"},
        "template": template("db", &json!({"name": "c", "image": "nginx"})),
    }}));
    assert_eq!(b.get("pod db-0", ".status.phase"), "Pending");
    assert_eq!(b.get("pvc data-db-0", ".metadata.ownerReferences[0].kind"), "StatefulSet");
    assert_eq!(b.get("pvc data-db-0", ".metadata.ownerReferences[0].controller"), "true");
    b.run("kubectl scale sts db --replicas=0");
    assert!(b.run("kubectl get pvc").contains("No resources found"));
}

#[test]
fn a_job_that_is_refused_pods_tells_of_one_batch_and_tries_again_later() {
    let mut b = Bench::new();
    b.run("kubectl create quota q --hard=pods=4");
    let container = json!({"name": "c", "image": "busybox", "command": ["sleep", "100"]});
    b.apply(&json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "many"}, "spec": {
        "parallelism": 6, "completions": 6, "template": {"spec": {"restartPolicy": "Never", "containers": [container]}},
    }}));
    assert_eq!(b.get("job many", ".status.active"), "4");
    let told = b.run("kubectl get events --field-selector reason=FailedCreate -o name").lines().count();
    assert!((2..=6).contains(&told), "{told}");
}

#[test]
fn a_budget_of_pods_whose_owner_has_no_size_lets_none_go() {
    let mut b = Bench::new();
    let spec =
        json!({"selector": {"matchLabels": {"app": "agent"}}, "template": template("agent", &json!({"name": "c", "image": "nginx"}))});
    b.apply(&json!({"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "agent"}, "spec": spec}));
    b.apply(&json!({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "agent"},
        "spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"app": "agent"}}}}));
    assert_eq!(b.get("pdb agent", ".status.conditions[0].reason"), "SyncFailed");
    assert_eq!(b.get("pdb agent", ".status.conditions[0].message"), "daemonsets.apps does not implement the scale subresource");
}

#[test]
fn two_autoscalers_of_the_same_pods_do_nothing() {
    let mut b = Bench::new();
    b.run("kubectl create deployment web --image=nginx");
    b.run("kubectl autoscale deployment web --max=3; kubectl autoscale deployment web --max=4 --name=web2; sleep 40");
    let text = "pods by selector app=web are controlled by multiple HPAs: [{web default} {web2 default}]";
    assert_eq!(b.get("hpa web2", ".status.conditions[1].message"), text);
}

#[test]
fn a_resize_meets_the_quota_and_lets_go_of_it() {
    let mut b = Bench::new();
    b.run("kubectl create quota q --hard=requests.cpu=500m");
    let resources = json!({"requests": {"cpu": "200m"}});
    b.apply(&json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"containers": [
        {"name": "c", "image": "nginx", "resources": resources},
    ]}}));
    let mut resize = |cpu: &str| {
        let patch = json!({"spec": {"containers": [{"name": "c", "resources": {"requests": {"cpu": cpu}}}]}});
        b.run(&format!("kubectl patch pod p --subresource resize -p '{patch}'"));
        b.get("quota q", ".status.used.requests\\.cpu")
    };
    assert_eq!(resize("600m"), "200m");
    assert_eq!(resize("400m"), "400m");
    assert_eq!(resize("100m"), "100m");
}

#[test]
fn a_claim_of_a_volume_that_another_has_says_so_and_waits() {
    let mut b = Bench::new();
    b.apply(&json!({"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "disk"}, "spec": {
        "capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"], "hostPath": {"path": "/data"}}}));
    for name in ["a", "b"] {
        b.apply(&json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": name}, "spec": {
            "accessModes": ["ReadWriteOnce"], "storageClassName": "", "volumeName": "disk", "resources": {"requests": {"storage": "1Gi"}}}}));
    }
    assert!(b.run("kubectl describe pvc b").contains("Capacity:      0\n"));
    assert!(b.run("kubectl get events").contains("volume \"disk\" already bound to a different claim."));
}

#[test]
fn requests_stay_on_their_node_where_a_service_wants_that() {
    let mut b = Bench::new();
    b.run("kubectl create deployment web --image=sysnet4admin/echo-hname --replicas=3; kubectl expose deployment web --port=80");
    b.run("kubectl patch svc web -p '{\"spec\":{\"trafficDistribution\":\"PreferSameNode\"}}'");
    let hint =
        b.run("kubectl get endpointslices -l kubernetes.io/service-name=web -o jsonpath='{.items[0].endpoints[*].hints.forNodes[0].name}'");
    assert_eq!(hint.split_whitespace().collect::<std::collections::BTreeSet<_>>().len(), 3);
    let own = b.run("kubectl get pod -l app=web -o jsonpath='{.items[0].metadata.name}'");
    for _ in 0..5 {
        assert!(b.run(&format!("kubectl exec {own} -- curl -s web")).contains(&own));
    }
    b.run("kubectl patch svc web -p '{\"spec\":{\"internalTrafficPolicy\":\"Local\"}}'");
    assert_eq!(b.run("curl -m 2 -s $(kubectl get svc web -o jsonpath='{.spec.clusterIP}'); echo $?"), "28\n");
}

/// Where a Pod goes that is to be spread over the zones a (w1 and w2) and b (w3), with two like it on w2 and one on w3.
fn spread_to(prepare: &str, constraint: &Value, pod: &Value) -> String {
    let mut b = Bench::new();
    b.run("kubectl label node w1-k8s w2-k8s topology.kubernetes.io/zone=a; kubectl label node w3-k8s topology.kubernetes.io/zone=b");
    for (name, node) in [("one", "w2-k8s"), ("two", "w2-k8s"), ("three", "w3-k8s")] {
        let spec = json!({"nodeName": node, "containers": [{"name": "c", "image": "nginx"}]});
        b.apply(&json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": {"app": "web"}}, "spec": spec}));
    }
    b.run(prepare);
    let mut spread = json!({"maxSkew": 1, "topologyKey": "topology.kubernetes.io/zone", "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {"matchLabels": {"app": "web"}}});
    let mut spec = json!({"containers": [{"name": "c", "image": "nginx"}]});
    for (into, from) in [(&mut spread, constraint), (&mut spec, pod)] {
        from.as_object().unwrap().iter().for_each(|(key, value)| into[key] = value.clone());
    }
    spec["topologySpreadConstraints"] = json!([spread]);
    b.apply(&json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "new", "labels": {"app": "web", "v": "2"}}, "spec": spec}));
    b.get("pod new", ".spec.nodeName")
}

#[test]
fn soft_spreading_counts_the_nodes_that_its_policies_name() {
    let none = json!({});
    assert_eq!(spread_to("", &none, &none), "w3-k8s", "two against one");
    let taint = "kubectl taint node w2-k8s a=b:NoSchedule";
    assert_eq!(spread_to(taint, &none, &none), "w3-k8s", "taints are not looked at");
    assert_eq!(spread_to(taint, &json!({"nodeTaintsPolicy": "Honor"}), &none), "w1-k8s");
    let tolerates = json!({"tolerations": [{"operator": "Exists"}]});
    assert_eq!(spread_to(taint, &json!({"nodeTaintsPolicy": "Honor"}), &tolerates), "w3-k8s");
    let label = "kubectl label node w1-k8s w3-k8s disk=ssd";
    let selects = json!({"nodeSelector": {"disk": "ssd"}});
    assert_eq!(spread_to(label, &none, &selects), "w1-k8s", "nodes that are not selected do not count");
    assert_eq!(spread_to(label, &json!({"nodeAffinityPolicy": "Ignore"}), &selects), "w3-k8s");
    // Pods of another version count as none: b, with one of them, is as good as a.
    let keys = json!({"matchLabelKeys": ["v"], "topologyKey": "kubernetes.io/hostname"});
    assert_eq!(spread_to("kubectl cordon w1-k8s; kubectl label pod three v=2", &keys, &none), "w2-k8s");
}
