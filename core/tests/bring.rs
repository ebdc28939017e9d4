//! A cluster that is brought: read, told, built; the same Pods on the same nodes in the same states, at rest.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use kubepie_core::api::Timing;
use kubepie_core::bring::plan::{About, Not, Reading};
use kubepie_core::bring::{Plan, Preparing, Why, plan};
use kubepie_core::session::{Base, Opening, Scenario, Session};

const YAML: &str = include_str!("dumps/busy.yaml");
const JSON: &str = include_str!("dumps/busy.json");
const EPOCH_MS: i64 = 1_795_428_000_000;

fn built(plan: &Plan) -> Session {
    Session::fresh(7, EPOCH_MS, Timing::LIFE, Base { cluster: Some(plan.brought.clone()), ..Base::default() })
}

fn ask(s: &mut Session, line: &str) -> String {
    let from = s.shown_since(0).count();
    s.submit_line(0, line);
    assert!(s.run_until_idle(0, 120_000), "{line}");
    s.shown_since(0).skip(from + 1).map(|shown| shown.text.as_str()).collect()
}

fn count(plan: &Plan, kind: &str) -> usize {
    plan.taken.iter().find(|(k, _)| k == kind).map_or(0, |(_, n)| *n)
}

fn note(plan: &Plan, about: About) -> Option<(usize, Vec<String>)> {
    plan.notes.iter().find(|n| n.about == about).map(|n| (n.count, n.names.clone()))
}

/// Namespace, name, readiness, status, restarts, address and node of every Pod, as `get pods -A -o wide` prints them.
fn rows(table: &str) -> Vec<Vec<String>> {
    let row = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().filter(|w| !w.starts_with('(') && !w.ends_with("ago)")).collect();
        [0, 1, 2, 3, 4, 6, 7].iter().filter_map(|n| words.get(*n).map(ToString::to_string)).collect()
    };
    table.lines().skip(1).filter(|l| !l.is_empty()).map(row).collect()
}

/// The same from a dump: only what every Pod says of itself plainly.
fn dumped(json: &str) -> Vec<(String, String, String, String)> {
    let list: serde_json::Value = serde_json::from_str(json).unwrap();
    let text = |v: &serde_json::Value| v.as_str().unwrap_or_default().to_string();
    let mut all: Vec<_> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|o| o["kind"] == "Pod")
        .map(|o| {
            let waits = &o["status"]["containerStatuses"][0]["state"]["waiting"]["reason"];
            let status = if waits.is_null() { text(&o["status"]["phase"]) } else { text(waits) };
            (text(&o["metadata"]["namespace"]), text(&o["metadata"]["name"]), status, text(&o["spec"]["nodeName"]))
        })
        .collect();
    all.sort();
    all
}

#[test]
fn the_recorded_cluster_is_there_again() {
    for text in [YAML, JSON] {
        let plan = plan(text).unwrap();
        assert_eq!(
            ["Node", "Deployment", "ReplicaSet", "DaemonSet", "StatefulSet", "Pod", "Service", "PodDisruptionBudget"]
                .map(|k| count(&plan, k)),
            [4, 5, 6, 3, 1, 33, 4, 1]
        );
        assert_eq!(plan.left, []);
        assert_eq!(note(&plan, About::NotPulled), Some((1, vec!["api-6b48c867f9-bw5vm".to_string()])));
        assert_eq!(note(&plan, About::Images), None);
        let mut s = built(&plan);
        assert!(s.at_rest());
        let table = ask(&mut s, "kubectl get pods -A -o wide");
        let shown: Vec<_> = rows(&table).into_iter().map(|r| (r[0].clone(), r[1].clone(), r[3].clone(), r[6].clone())).collect();
        assert_eq!(shown, dumped(JSON));
        assert!(ask(&mut s, "kubectl get nodes").contains("w2-k8s   Ready,SchedulingDisabled"));
        assert_eq!(ask(&mut s, "kubectl get events -A").trim(), "No resources found", "nothing was done to it");
        assert!(ask(&mut s, "kubectl get pdb web").contains("4               N/A               2"));
        assert!(ask(&mut s, "kubectl rollout status deployment web --timeout=1s").contains("successfully rolled out"));
    }
}

#[test]
fn what_the_page_has_itself_is_better_than_a_stand_in() {
    let plan = plan(YAML).unwrap();
    let stands_in = |kind| note(&plan, About::StandIn(kind)).map_or(Vec::new(), |(_, names)| names);
    assert!(!stands_in("ConfigMap").contains(&"coredns".to_string()), "{:?}", plan.notes);
    let mut s = built(&plan);
    assert!(ask(&mut s, "kubectl get configmap coredns -n kube-system -o yaml").contains("Corefile"));
}

#[test]
fn read_and_understood_piece_by_piece_it_is_the_same() {
    for text in [YAML, JSON] {
        let mut reading = Reading::new(text.to_string()).unwrap();
        let mut turns = 1;
        while !reading.go_on(1_000) {
            turns += 1;
        }
        assert!(turns > 30 && reading.percent() == 100, "{turns}");
        let (whole, pieces) = (plan(text).unwrap(), reading.finish().unwrap());
        assert_eq!((&pieces.brought, &pieces.left, &pieces.notes), (&whole.brought, &whole.left, &whole.notes));
        let mut preparing = Preparing::new(pieces.brought);
        while !preparing.go_on(7) {}
        let ready = preparing.finish();
        let now = |cluster, steps| {
            let base = Base { cluster: Some(cluster), ..Base::default() };
            let mut opening = Opening::new(Scenario::fresh(7, EPOCH_MS, Timing::LIFE, base));
            while !opening.go_on(steps) {}
            let mut session = opening.finish();
            session.advance_to(session.now() + 20_000);
            session.hash()
        };
        assert_eq!(now(ready, 3), now(whole.brought, u32::MAX));
    }
}

#[test]
fn a_drain_and_a_rollout_can_be_rehearsed() {
    let mut s = built(&plan(YAML).unwrap());
    let said = ask(&mut s, "kubectl drain w1-k8s --ignore-daemonsets");
    assert!(said.ends_with("node/w1-k8s drained\n"), "{said}");
    s.settle(60_000);
    let left: Vec<Vec<String>> = rows(&ask(&mut s, "kubectl get pods -A -o wide")).into_iter().filter(|r| r[6] == "w1-k8s").collect();
    assert!(
        left.iter().all(|r| r[1].starts_with("calico-node") || r[1].starts_with("kube-proxy") || r[1].starts_with("speaker")),
        "{left:?}"
    );
    assert!(ask(&mut s, "kubectl drain w3-k8s --ignore-daemonsets --force --timeout=20s").contains("violate the pod's disruption budget"));
    ask(&mut s, "kubectl uncordon w1-k8s w2-k8s w3-k8s");
    ask(&mut s, "kubectl set image deployment web nginx=registry.example.com/shop/web:2");
    assert!(ask(&mut s, "kubectl rollout status deployment web").contains("successfully rolled out"));
    let s2 = Session::import(&s.export()).map(|mut again| {
        again.advance_to(s.now());
        again.hash()
    });
    assert_eq!(s2, Ok(s.hash()), "a replay comes to the same");
    assert!(s.undo() && s.undo());
    assert!(ask(&mut s, "kubectl get deploy web -o wide").contains("nginx:1.26"));
}

#[test]
fn what_is_no_dump_is_told_apart() {
    let is = |text: &str| plan(text).map(|p| p.taken).unwrap_err();
    assert_eq!(is("  \n"), Not::Empty);
    assert_eq!(is("NAME   READY   STATUS    RESTARTS   AGE\nweb-1  1/1     Running   0          3d\n"), Not::Table);
    assert_eq!(is("$ kubectl get pods -A -o wide\nNAMESPACE  NAME  READY  STATUS  RESTARTS  AGE\n"), Not::Table);
    assert_eq!(is("Name:             web\nNamespace:        default\nPriority: 0\n"), Not::Description);
    assert_eq!(is("pod/web-1\npod/web-2\n"), Not::Names);
    assert_eq!(is("error: You must be logged in to the server\n"), Not::Failure("error: You must be logged in to the server".into()));
    assert!(matches!(is("zsh: command not found: kubectl"), Not::Failure(_)));
    assert_eq!(is(r#"{"version":1,"epoch_ms":0,"seed":1,"inputs":[]}"#), Not::Log);
    assert_eq!(is("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"), Not::NothingOfUse);
    assert_eq!(is("apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {a: b}\n"), Not::NothingOfUse);
    assert!(matches!(is("a: b: c\n"), Not::Unreadable(1, _)));
    assert!(matches!(is("hello there"), Not::Unreadable(1, _)));
    assert!(matches!(is("{\"a\": }"), Not::Unreadable(1, _)));
    assert!(matches!(is(&"[".repeat(100_000)), Not::Unreadable(..) | Not::NothingOfUse));
    assert!(matches!(is(&"- ".repeat(100_000)), Not::Unreadable(..)));
}

#[test]
fn several_outputs_one_after_another_are_one_cluster() {
    let list: serde_json::Value = serde_json::from_str(JSON).unwrap();
    let items = list["items"].as_array().unwrap();
    let of = |kind: &str| {
        let some: Vec<_> = items.iter().filter(|o| (o["kind"] == "Pod") == (kind == "Pod")).cloned().collect();
        serde_json::json!({"apiVersion": "v1", "kind": "List", "items": some})
    };
    let (pods, others) = (of("Pod"), of(""));
    let yaml = |v: &serde_json::Value| kubepie_core::text::yaml::print(v);
    let typed = format!("root@m-k8s:~# kubectl get pods -A -o yaml\n{}root@m-k8s:~# kubectl get all\n{}", yaml(&pods), yaml(&others));
    let documents: String = items.iter().map(|o| format!("---\n{}", yaml(o))).collect();
    let whole = plan(YAML).unwrap().taken;
    for text in [typed, documents, format!("{pods}\n{others}"), yaml(&list).replace('\n', "\r\n"), list["items"].to_string()] {
        let plan = plan(&text).unwrap();
        assert_eq!((plan.taken, plan.left), (whole.clone(), vec![]), "{}", &text[..60]);
    }
    // As `kubectl get --raw /api/v1/pods` has it: what is in the list does not say its kind.
    let bare: Vec<_> =
        pods["items"].as_array().unwrap().iter().map(|o| serde_json::json!({"metadata": o["metadata"], "spec": o["spec"]})).collect();
    let raw = serde_json::json!({"apiVersion": "v1", "kind": "PodList", "items": bare});
    let text = format!("{{\"kind\":\"PodList\",\"items\":{}}}", raw["items"]);
    assert_eq!(count(&plan(&text).unwrap(), "Pod"), 33);
}

#[test]
fn a_dump_that_ends_in_the_middle_keeps_what_is_whole() {
    for (text, step) in [(YAML, 6_007), (JSON, 13_001)] {
        let (mut at, mut last) = (0, 0);
        while at < text.len() {
            if let Ok(plan) = plan(&text[..at]) {
                let all: usize = plan.taken.iter().map(|(_, n)| n).sum();
                assert!(all >= last, "{at}");
                last = all;
                assert!(plan.left.iter().any(|l| l.why == Why::CutOff), "{at}: {:?}", plan.left);
                if at % 7 == 0 {
                    built(&plan);
                }
            }
            at += step;
        }
        assert!(last > 40, "{last}");
    }
}

#[test]
fn one_broken_part_costs_only_itself() {
    let broken = YAML.replacen("    name: lonely\n", "    name: lonely\n   : [x\n", 1);
    let plan = plan(&broken).unwrap();
    assert_eq!(count(&plan, "Pod"), 32);
    let left = &plan.left[0];
    assert_eq!((left.why.clone(), left.count), (Why::Unreadable, 1));
    let line: usize = left.names[0].split(':').next().unwrap().parse().unwrap();
    let at = broken.lines().position(|l| l.contains(": [x")).unwrap() + 1;
    assert!(line <= at && at - line < 60, "{line} {at}");
}

/// A cluster as somebody else's tools write it: unknown fields, managed fields, custom kinds, other addresses.
fn foreign() -> String {
    let pod = |name: &str, status: &str, more: &str| {
        format!(
            "- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: {name}\n    namespace: shop\n    uid: 0f-{name}\n    resourceVersion: \"77\"\n    \
             creationTimestamp: \"2026-01-02T03:00:00Z\"\n    managedFields: [{{manager: kubelet, fieldsV1: {{\"f:spec\": {{}}}}}}]\n    \
             annotations: {{vpc.amazonaws.com/pod-ips: 10.20.3.4, kubernetes.io/psp: eks.privileged}}\n    labels: {{app: cart, pod-template-hash: 5f6d}}\n    \
             ownerReferences: [{{apiVersion: apps/v1, kind: ReplicaSet, name: cart-5f6d, uid: a, controller: true}}]\n  spec:\n    \
             nodeName: ip-10-20-3-9.ec2.internal\n    serviceAccountName: cart\n    priorityClassName: gold\n    priority: 500\n    \
             fromTheFuture: {{a: b}}\n    containers:\n    - name: app\n      image: 123.dkr.ecr.eu-west-1.amazonaws.com/cart:9\n      \
             command: [/app/cart, --serve]\n      ports: [{{containerPort: 8443}}]\n      readinessProbe: {{httpGet: {{path: /healthz, port: 8443, scheme: HTTPS}}}}\n      \
             env: [{{name: P, valueFrom: {{secretKeyRef: {{name: cart-pass, key: password}}}}}}]\n      envFrom: [{{configMapRef: {{name: cart-env}}}}]\n      \
             volumeMounts: [{{name: data, mountPath: /data}}]\n    volumes: [{{name: data, persistentVolumeClaim: {{claimName: cart-data}}}}]\n{more}  \
             status:\n    phase: Running\n    podIP: 10.20.3.{}\n    hostIP: 10.20.3.9\n    containerStatuses:\n    - name: app\n      image: x\n      \
             imageID: 123.dkr.ecr.eu-west-1.amazonaws.com/cart@sha256:00\n      containerID: containerd://1\n      {status}\n",
            40 + name.len()
        )
    };
    let running = "ready: true\n      started: true\n      restartCount: 0\n      state: {running: {startedAt: \"2026-01-02T03:00:05Z\"}}\n    \
         conditions: [{type: Ready, status: \"True\", lastTransitionTime: \"2026-01-02T03:00:06Z\"}]";
    let crashing = "ready: false\n      restartCount: 41\n      state: {waiting: {reason: CrashLoopBackOff, message: back-off 5m0s restarting failed container=app}}\n      \
         lastState: {terminated: {exitCode: 137, reason: OOMKilled, startedAt: \"2026-01-02T04:00:00Z\", finishedAt: \"2026-01-02T04:00:07Z\"}}";
    let done = "ready: false\n      restartCount: 0\n      state: {terminated: {exitCode: 0, reason: Completed, startedAt: \"2026-01-02T03:00:00Z\", finishedAt: \"2026-01-02T03:00:07Z\"}}";
    let job = pod("nightly-29-x", done, "")
        .replace("phase: Running", "phase: Succeeded")
        .replace("kind: ReplicaSet, name: cart-5f6d", "kind: Job, name: nightly-29")
        .replace("apiVersion: apps/v1, kind: Job", "apiVersion: batch/v1, kind: Job")
        .replace("    serviceAccountName", "    restartPolicy: Never\n    serviceAccountName");
    let rollout = pod("canary-1", running, "")
        .replace("apps/v1, kind: ReplicaSet, name: cart-5f6d", "argoproj.io/v1alpha1, kind: Rollout, name: canary");
    let node = "- apiVersion: v1\n  kind: Node\n  metadata: {name: ip-10-20-3-9.ec2.internal, labels: {eks.amazonaws.com/nodegroup: a, topology.kubernetes.io/zone: eu-west-1a}}\n  \
         spec: {providerID: aws:///x}\n  status: {capacity: {cpu: \"4\", memory: 16Gi, pods: \"58\"}, allocatable: {cpu: 3920m, memory: 15Gi, pods: \"58\"}, \
         addresses: [{type: InternalIP, address: 10.20.3.9}], conditions: [{type: Ready, status: \"True\", lastHeartbeatTime: \"2026-01-02T05:00:00Z\"}], nodeInfo: {kubeletVersion: v1.29.0-eks}}\n\
         - apiVersion: v1\n  kind: Node\n  metadata: {name: lost}\n  spec: {taints: [{key: node.kubernetes.io/unreachable, effect: NoExecute}]}\n  \
         status: {conditions: [{type: Ready, status: Unknown}]}\n";
    let others = "- apiVersion: karpenter.sh/v1\n  kind: NodePool\n  metadata: {name: pool}\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: cart-pass, namespace: shop}\n  data: {password: aHVudGVyMg==}\n\
         - apiVersion: policy/v1beta1\n  kind: PodDisruptionBudget\n  metadata: {name: old, namespace: shop}\n- apiVersion: v1\n  kind: Event\n  metadata: {name: e}\n\
         - apiVersion: v1\n  kind: Service\n  metadata: {name: \"<b>x</b>\", namespace: shop}\n";
    format!(
        "apiVersion: v1\nitems:\n{node}{}{}{}{job}{rollout}{others}kind: List\n",
        pod("cart-5f6d-ok", running, ""),
        pod("cart-5f6d-bad", crashing, ""),
        pod("cart-5f6d-fine", running, "")
    )
}

#[test]
fn somebody_elses_cluster_is_taken_as_far_as_it_goes() {
    let plan = plan(&foreign()).unwrap();
    assert_eq!((count(&plan, "Node"), count(&plan, "Pod")), (2, 5));
    let left: Vec<(&str, &Why, usize)> = plan.left.iter().map(|l| (l.kind.as_str(), &l.why, l.count)).collect();
    let expected = [
        ("Event", &Why::MadeAnew, 1),
        ("NodePool", &Why::Foreign, 1),
        ("PodDisruptionBudget", &Why::Version, 1),
        ("Secret", &Why::Secret, 1),
        ("Service", &Why::Invalid, 1),
    ];
    assert_eq!(left, expected);
    assert_eq!(note(&plan, About::NodesDown), Some((1, vec!["lost".to_string()])));
    assert_eq!(note(&plan, About::Crashing), Some((1, vec!["cart-5f6d-bad".to_string()])));
    let made = note(&plan, About::OwnersMade).unwrap().1;
    assert_eq!(made, ["nightly-29", "cart-5f6d"]);
    for (kind, name) in [
        ("ConfigMap", "cart-env"),
        ("Secret", "cart-pass"),
        ("ServiceAccount", "cart"),
        ("PersistentVolumeClaim", "cart-data"),
        ("PriorityClass", "gold"),
    ] {
        assert_eq!(note(&plan, About::StandIn(kind)), Some((1, vec![name.to_string()])), "{kind}");
    }
    assert!(!serde_json::to_string(&plan.brought).unwrap().contains("aHVudGVyMg"), "what was in a Secret is nowhere");
    let mut s = built(&plan);
    let states: Vec<(String, String)> = rows(
        &ask(&mut s, "kubectl get pods -n shop -o wide")
            .replace("cart-", "shop cart-")
            .replace("\nnight", "\nshop night")
            .replace("\ncan", "\nshop can"),
    )
    .into_iter()
    .map(|r| (r[1].clone(), r[3].clone()))
    .collect();
    let state = |name: &str, state: &str| (name.to_string(), state.to_string());
    assert_eq!(
        states,
        [
            state("canary-1", "Running"),
            state("cart-5f6d-bad", "CrashLoopBackOff"),
            state("cart-5f6d-fine", "Running"),
            state("cart-5f6d-ok", "Running"),
            state("nightly-29-x", "Completed"),
        ]
    );
    assert!(ask(&mut s, "kubectl get nodes").contains("lost                        NotReady"));
    assert!(ask(&mut s, "kubectl get rs,job -n shop").contains("replicaset.apps/cart-5f6d   3         3         2"));
    // It stays as it is, also when much time goes by: the one that crashes crashes, nothing else moves.
    s.advance_to(s.now() + 1_200_000);
    let later = ask(&mut s, "kubectl get pods -n shop");
    assert!(later.contains("cart-5f6d-ok     1/1     Running"), "{later}");
    assert!(later.contains("canary-1         1/1     Running"), "{later}");
    assert!(!later.contains("cart-5f6d-bad    1/1"), "{later}");
    let told = ask(&mut s, "kubectl describe pod cart-5f6d-bad -n shop");
    assert!(told.contains("OOMKilled"), "{told}");
    // A new one of its like runs: nobody here has the image, and it serves where it said that it would.
    ask(&mut s, "kubectl delete pod cart-5f6d-ok -n shop");
    s.settle(60_000);
    let new = ask(&mut s, "kubectl get pods -n shop");
    assert_eq!(new.matches("1/1     Running").count(), 3, "{new}");
    assert!(!ask(&mut s, "kubectl drain ip-10-20-3-9.ec2.internal --ignore-daemonsets").contains("cannot delete Pods"));
}

/// A dump of so many Pods on fifty nodes.
fn many(pods: usize) -> String {
    let mut out = String::from("apiVersion: v1\nitems:\n");
    for n in 0..50 {
        out.push_str(&format!(
            "- apiVersion: v1\n  kind: Node\n  metadata: {{name: n{n}}}\n  spec: {{podCIDR: 10.{n}.0.0/16}}\n  status: {{capacity: {{cpu: \"64\", memory: 256Gi, pods: \"250\"}}, \
             allocatable: {{cpu: \"64\", memory: 256Gi, pods: \"250\"}}, conditions: [{{type: Ready, status: \"True\"}}]}}\n"
        ));
    }
    for d in 0..pods / 50 {
        let template = |indent: &str| {
            format!(
                "{indent}containers:\n{indent}- name: app\n{indent}  image: registry.example.com/team/app-{d}:1.4.{d}\n{indent}  imagePullPolicy: IfNotPresent\n{indent}  \
                 ports: [{{containerPort: 8080, protocol: TCP}}]\n{indent}  resources: {{requests: {{cpu: 100m, memory: 128Mi}}}}\n{indent}  \
                 env: [{{name: A, value: \"1\"}}, {{name: B, value: two}}]\n{indent}restartPolicy: Always\n"
            )
        };
        let labels = format!("{{app: app-{d}, pod-template-hash: h{d}}}");
        out.push_str(&format!(
            "- apiVersion: apps/v1\n  kind: Deployment\n  metadata:\n    name: app-{d}\n    namespace: default\n    generation: 1\n    annotations: {{deployment.kubernetes.io/revision: \"1\"}}\n  spec:\n    replicas: 50\n    \
             selector: {{matchLabels: {{app: app-{d}}}}}\n    template:\n      metadata: {{labels: {{app: app-{d}}}}}\n      spec:\n{}  status: {{replicas: 50, readyReplicas: 50, updatedReplicas: 50, availableReplicas: 50, observedGeneration: 1}}\n",
            template("        ")
        ));
        out.push_str(&format!(
            "- apiVersion: apps/v1\n  kind: ReplicaSet\n  metadata:\n    name: app-{d}-h{d}\n    namespace: default\n    generation: 1\n    labels: {labels}\n    annotations: {{deployment.kubernetes.io/revision: \"1\"}}\n    \
             ownerReferences: [{{apiVersion: apps/v1, kind: Deployment, name: app-{d}, uid: d{d}, controller: true}}]\n  spec:\n    replicas: 50\n    \
             selector: {{matchLabels: {labels}}}\n    template:\n      metadata: {{labels: {labels}}}\n      spec:\n{}  status: {{replicas: 50, readyReplicas: 50, availableReplicas: 50, fullyLabeledReplicas: 50, observedGeneration: 1}}\n",
            template("        ")
        ));
        for p in 0..50 {
            let (node, number) = ((d * 50 + p) % 50, d * 50 + p);
            out.push_str(&format!(
                "- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: app-{d}-h{d}-p{p}\n    namespace: default\n    labels: {labels}\n    creationTimestamp: \"2026-01-02T03:00:00Z\"\n    \
                 ownerReferences: [{{apiVersion: apps/v1, kind: ReplicaSet, name: app-{d}-h{d}, uid: r{d}, controller: true}}]\n  spec:\n    nodeName: n{node}\n{}  status:\n    phase: Running\n    \
                 hostIP: 10.0.0.{node}\n    podIP: 10.{node}.{}.{}\n    conditions:\n    - {{type: Ready, status: \"True\", lastTransitionTime: \"2026-01-02T03:00:09Z\"}}\n    - {{type: ContainersReady, status: \"True\"}}\n    containerStatuses:\n    - name: app\n      ready: true\n      started: true\n      \
                 restartCount: 0\n      image: registry.example.com/team/app-{d}:1.4.{d}\n      imageID: registry.example.com/team/app-{d}@sha256:00\n      containerID: containerd://{number}\n      \
                 state: {{running: {{startedAt: \"2026-01-02T03:00:07Z\"}}}}\n",
                template("    "),
                number / 250,
                number % 250
            ));
        }
    }
    out.push_str("kind: List\nmetadata: {resourceVersion: \"\"}\n");
    out
}

#[test]
fn a_large_cluster_is_there_in_bounded_time() {
    // Few in a test that is not optimized; `MANY=5000 cargo test --release` for all that there may be.
    let pods = std::env::var("MANY").ok().and_then(|n| n.parse().ok()).unwrap_or(300);
    let text = many(pods);
    let clock = std::time::Instant::now();
    let plan = plan(&text).unwrap();
    let planned = clock.elapsed();
    assert_eq!((count(&plan, "Pod"), plan.left.len()), (pods, 0));
    let mut s = built(&plan);
    let there = clock.elapsed();
    eprintln!(
        "{pods} Pods, {} bytes: read in {planned:?}, there in {there:?}, {} bytes in the log",
        text.len(),
        serde_json::to_string(&plan.brought).unwrap().len()
    );
    assert!(there.as_secs() < 60, "{there:?}");
    assert!(s.at_rest());
    assert_eq!(s.view().pods.iter().filter(|p| p.containers.iter().all(|c| c.ready)).count(), pods);
    assert_eq!(ask(&mut s, "kubectl get events").trim(), "No resources found in default namespace.");
    assert!(ask(&mut s, "kubectl drain n7").contains("node/n7 drained"));
}

#[test]
fn too_much_is_refused() {
    let pod = |n: usize| format!("- apiVersion: v1\n  kind: Pod\n  metadata: {{name: p{n}}}\n");
    let text = ["apiVersion: v1\nkind: List\nitems:\n", &(0..5_001).map(pod).collect::<String>()].concat();
    assert_eq!(plan(&text).map(|p| p.taken).unwrap_err(), Not::TooMany("Pod", 5_001, 5_000));
}

#[test]
fn what_is_kept_of_a_brought_cluster_goes_on_as_it_would_have() {
    use kubepie_core::bring::Brought;
    use kubepie_core::session::Scenario;
    for before in [0, 3_000, 20_000] {
        let mut first = built(&plan(YAML).unwrap());
        first.advance_to(first.now() + before);
        first.submit_line(0, "kubectl drain w1-k8s --ignore-daemonsets");
        first.advance_to(first.now() + 500);
        let kept = Brought::parse(&first.cluster().unwrap().to_json()).unwrap();
        let scenario = Scenario::parse_with(&first.draft(), Some(kept)).unwrap();
        let end = scenario.end_ms;
        let mut again = Session::new(scenario);
        again.advance_to(kubepie_core::time::Instant(end));
        assert_eq!(again.hash(), first.hash(), "after {before} ms");
        for s in [&mut first, &mut again] {
            assert!(s.run_until_idle(0, 120_000));
        }
        assert_eq!(again.hash(), first.hash(), "after {before} ms, drained");
        let now: String = first.shown_since(0).map(|shown| shown.text.as_str()).collect();
        assert!(now.ends_with("node/w1-k8s drained\n"), "{now}");
        assert!(first.now().as_ms() < before + 15_000, "servers end when they are told to: {:?}", first.now());
    }
}
