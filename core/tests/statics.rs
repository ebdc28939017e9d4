//! Static Pods and critical ones, typed at the front door.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bench;

use bench::Bench;

const MANIFESTS: &str = "/etc/kubernetes/manifests";

impl Bench {
    fn run(&mut self, line: &str) -> String {
        self.typed(line, true)
    }

    fn write(&mut self, path: &str, name: &str, spec: &str) {
        let text = format!("apiVersion: v1\nkind: Pod\nmetadata:\n  name: {name}\nspec:\n{spec}");
        self.run(&format!("cat > {path} <<'EOF'\n{text}\nEOF"));
    }
}

fn nginx(tag: &str) -> String {
    format!("  containers:\n  - name: c\n    image: nginx:{tag}")
}

#[test]
fn a_file_on_a_node_is_a_pod_for_as_long_as_it_is_there() {
    let mut b = Bench::new();
    let image = "kubectl get pod web-m-k8s -o jsonpath='{.spec.containers[0].image} {.status.containerStatuses[0].image} {.status.phase}'";
    b.write(&format!("{MANIFESTS}/web.yaml"), "web", &nginx("1.26"));
    assert_eq!(b.run(image), "nginx:1.26 docker.io/library/nginx:1.26 Running");
    let owner = "kubectl get pod web-m-k8s -o jsonpath='{.metadata.ownerReferences[0].kind} {.metadata.annotations.kubernetes\\.io/config\\.source}'";
    assert_eq!(b.run(owner), "Node file");
    b.run("kubectl delete pod web-m-k8s");
    assert!(b.run("kubectl get pod web-m-k8s").contains("web-m-k8s"));
    b.run("kubectl set image pod/web-m-k8s c=nginx:1.25; sleep 12");
    assert_eq!(b.run(image), "nginx:1.25 docker.io/library/nginx:1.26 Running", "what runs is what the file says");
    b.write(&format!("{MANIFESTS}/web.yaml"), "web", &nginx("1.27"));
    assert_eq!(b.run(image), "nginx:1.27 docker.io/library/nginx:1.27 Running");
    assert!(b.run("kubectl describe pod web-m-k8s").contains("Container started"));
    b.run(&format!("rm {MANIFESTS}/web.yaml"));
    assert!(b.run("kubectl get pod").contains("No resources found"));
}

#[test]
fn a_pod_that_mounts_a_node_may_write_manifests_there() {
    let mut b = Bench::new();
    b.run("kubectl debug node/w2-k8s --image=busybox -- sleep 1000; sleep 5");
    b.write("web.yaml", "web", &nginx("1.26"));
    let into = "sh -c 'mkdir -p /host/etc/kubernetes/manifests; cat > /host/etc/kubernetes/manifests/web.yaml'";
    b.run(&format!("kubectl exec -i $(kubectl get pod -o name) -- {into} < web.yaml"));
    assert!(b.run("kubectl get pod web-w2-k8s -o wide").contains("Running"));
}

#[test]
fn without_its_manifest_the_scheduler_places_nothing() {
    let mut b = Bench::new();
    b.run(&format!("mv {MANIFESTS}/kube-scheduler.yaml /tmp; sleep 3"));
    assert!(!b.run("kubectl get pod -n kube-system").contains("kube-scheduler"));
    b.run("kubectl run web --image=nginx; sleep 20");
    assert_eq!(b.run("kubectl get pod web -o jsonpath='{.status.phase}{.spec.nodeName}'"), "Pending");
    b.run(&format!("mv /tmp/kube-scheduler.yaml {MANIFESTS}; sleep 5"));
    assert_eq!(b.run("kubectl get pod web -o jsonpath='{.status.phase}'"), "Running");
}

#[test]
fn without_its_manifest_the_api_server_answers_nobody_and_pods_go_on() {
    let mut b = Bench::new();
    b.run("kubectl create deployment web --image=nginx; kubectl expose deployment web --port=80; sleep 3");
    let ip = b.run("kubectl get svc web -o jsonpath='{.spec.clusterIP}'");
    for part in ["kube-apiserver", "etcd"] {
        b.run(&format!("mv {MANIFESTS}/{part}.yaml /tmp; sleep 90"));
        let refused = "The connection to the server 127.0.0.1:6443 was refused - did you specify the right host or port?";
        let said = b.run("kubectl get pods");
        assert!(said.contains(refused), "{part}: {said}");
        assert_eq!(b.run("curl -sk https://127.0.0.1:6443/version; echo $?").trim(), "7");
        assert!(b.run(&format!("curl -s {ip}")).contains("Welcome to nginx!"));
        b.run(&format!("mv /tmp/{part}.yaml {MANIFESTS}; sleep 5"));
        assert!(b.run("kubectl get pods").contains("1/1     Running"), "{part}");
        assert!(!b.run("kubectl get nodes").contains("NotReady"));
        assert!(b.run(&format!("kubectl get pod -n kube-system {part}-m-k8s")).contains("1/1     Running"));
        // Those who lead have ended because they could not say so, and wait until nobody else does.
        b.run("sleep 20");
        let restarts =
            b.run("kubectl get pod -n kube-system kube-scheduler-m-k8s -o jsonpath='{.status.containerStatuses[0].restartCount}'");
        assert_eq!(restarts, if part == "etcd" { "2" } else { "1" });
        b.run(&format!("kubectl create deployment {part} --image=nginx; sleep 3"));
        assert!(b.run(&format!("kubectl get deployment {part}")).contains("1/1"), "{part}");
    }
}

#[test]
fn an_api_server_that_goes_away_ends_its_watches() {
    let mut b = Bench::new();
    b.run("kubectl get pods -w > /dev/null & kubectl get nodes -w > /dev/null & sleep 1");
    assert_eq!(b.run("jobs").matches("Running").count(), 2);
    b.run(&format!("mv {MANIFESTS}/kube-apiserver.yaml /tmp; sleep 3"));
    assert_eq!(b.run("jobs").matches("Running").count(), 0);
}

#[test]
fn controllers_that_come_back_wait_for_the_lease_of_the_former_ones() {
    let mut b = Bench::new();
    b.run(&format!("mv {MANIFESTS}/kube-controller-manager.yaml /tmp; sleep 3"));
    b.run("kubectl create deployment web --image=nginx; sleep 5");
    assert!(b.run("kubectl get rs,pods").contains("No resources found"));
    let lease = "kubectl get lease -n kube-system kube-controller-manager -o jsonpath='{.spec.holderIdentity} {.spec.leaseTransitions}'";
    let before = b.run(lease);
    b.run(&format!("mv /tmp/kube-controller-manager.yaml {MANIFESTS}; sleep 8"));
    assert!(b.run("kubectl get rs,pods").contains("No resources found"));
    b.run("sleep 15");
    assert!(b.run("kubectl get pods").contains("1/1     Running"));
    let after = b.run(lease);
    assert!(after != before && after.ends_with(" 1"), "{after}");
    let events = b.run("kubectl get events -n kube-system");
    assert!(events.contains("LeaderElection") && events.contains(&format!("{} became leader", after.trim_end_matches(" 1"))), "{events}");
}

#[test]
fn others_give_way_to_a_critical_pod() {
    let mut b = Bench::new();
    let spec = |cpu: &str| {
        format!("  nodeName: w1-k8s\n  containers:\n  - name: c\n    image: nginx\n    resources: {{requests: {{cpu: {cpu}}}}}")
    };
    for (name, cpu) in [("small", "300m"), ("big", "1")] {
        b.write("p.yaml", name, &spec(cpu));
        b.run("kubectl apply -f p.yaml");
    }
    b.write("p.yaml", "critical", &format!("  priorityClassName: system-node-critical\n{}", spec("900m")));
    b.run("kubectl apply -f p.yaml; sleep 5");
    let all = b.run("kubectl get pods");
    assert!(all.contains("critical   1/1     Running"), "{all}");
    assert!(all.contains("small      1/1     Running"), "{all}");
    assert!(all.contains("big        0/1     Completed"), "{all}");
    let page = b.run("kubectl describe pod big");
    assert!(page.contains("Preempted in order to admit critical pod"), "{page}");
    assert!(b.run("kubectl get events").contains("Warning   Preempting"));
    assert_eq!(
        b.run("kubectl get pod big -o jsonpath='{.status.conditions[0].type} {.status.conditions[0].reason}'"),
        "DisruptionTarget TerminationByKubelet"
    );
}
