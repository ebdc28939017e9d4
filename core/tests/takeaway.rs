//! What is taken along to a real cluster: applied to a new cluster it makes the same objects.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use kubepie_core::api::Timing;
use kubepie_core::session::{Base, InputKind, Session, Takeaway};

fn play(lines: &[&str], files: &[(&str, &str)]) -> Session {
    let mut s = Session::fresh(7, 1_795_428_000_000, Timing::LIFE, Base { workers: Some(2), ..Base::default() });
    for (path, text) in files {
        s.submit(0, InputKind::File { path: path.to_string(), text: text.to_string() });
    }
    for line in lines {
        s.submit_line(0, line);
        assert!(s.run_until_idle(0, 60_000), "{line}");
        assert_eq!(s.last_status(0), 0, "{line}: {}", s.shown_since(0).map(|shown| shown.text.as_str()).collect::<String>());
        s.settle(60_000);
    }
    s
}

fn taken(s: &Session) -> Takeaway {
    s.take_along(&|text| text.en.clone())
}

#[test]
fn manifests_make_the_same_objects_again() {
    let first = taken(&play(
        &[
            "kubectl create namespace shop",
            "kubectl create deployment web --image=nginx --replicas=3 -n shop",
            "kubectl set image deployment/web nginx=nginx:1.27 -n shop",
            "kubectl expose deployment web --port=80 --type=LoadBalancer -n shop",
            "kubectl create service clusterip none --clusterip=None --tcp=80",
            "kubectl create secret generic pass --from-literal=a=b",
            "kubectl create configmap conf --from-literal=a=b",
            "kubectl create job once --image=busybox -- true",
            "kubectl create pdb keep --selector=app=web --min-available=1 -n shop",
            "kubectl run alone --image=nginx --labels=a=b",
            "kubectl apply -f rollout-nginx.yaml",
            "kubectl label node w1-k8s disk=ssd",
        ],
        &[],
    ));
    for gone in ["uid", "resourceVersion", "managedFields", "creationTimestamp", "last-applied", "status:", "nodeName:"] {
        assert!(!first.manifests.contains(gone), "{gone}:\n{}", first.manifests);
    }
    for gone in ["kind: ReplicaSet", "kube-root-ca.crt", "kind: ServiceAccount", "kind: Endpoint", "kube-api-access", "kind: Event"] {
        assert!(!first.manifests.contains(gone), "{gone}:\n{}", first.manifests);
    }
    assert!(first.manifests.starts_with("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n---\n"), "{}", first.manifests);
    let ips: Vec<&str> = first.manifests.lines().filter(|line| line.contains("clusterIP")).collect();
    assert_eq!(ips, ["  clusterIP: None"]);
    assert_eq!(first.manifests.lines().filter(|line| line.starts_with("kind: ")).count(), 10, "{}", first.manifests);
    let again = taken(&play(&["kubectl apply -f manifests.yaml"], &[("/root/manifests.yaml", &first.manifests)]));
    assert_eq!(again.manifests, first.manifests);
}

#[test]
fn other_kinds_come_again_too() {
    let stateful = "apiVersion: v1\nkind: Service\nmetadata: {name: db}\nspec: {clusterIP: None, selector: {app: db}, ports: [{port: 80}]}\n\
        ---\napiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\nspec:\n  serviceName: db\n  selector: {matchLabels: {app: db}}\n  \
        template: {metadata: {labels: {app: db}}, spec: {containers: [{name: c, image: nginx}]}}\n---\napiVersion: apps/v1\n\
        kind: DaemonSet\nmetadata: {name: each}\nspec:\n  selector: {matchLabels: {app: each}}\n  \
        template: {metadata: {labels: {app: each}}, spec: {containers: [{name: c, image: nginx}]}}\n---\napiVersion: v1\n\
        kind: PersistentVolume\nmetadata: {name: disk}\nspec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], hostPath: {path: /d}}\n\
        ---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: claim}\n\
        spec: {storageClassName: '', accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n---\n\
        apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: cars.toys.io}\n\
        spec: {group: toys.io, scope: Namespaced, names: {plural: cars, singular: car, kind: Car}, versions: [{name: v1, served: true, \
        storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}]}\n";
    let first = taken(&play(
        &[
            "kubectl apply -f all.yaml",
            "kubectl create namespace a",
            "kubectl create serviceaccount robot -n a",
            "kubectl create role reader --verb=get --resource=pods -n a",
            "kubectl create rolebinding reads --role=reader --serviceaccount=a:robot -n a",
            "kubectl create quota few --hard=pods=9 -n a",
            "kubectl create priorityclass high --value=1000",
            "kubectl create cronjob often --image=busybox --schedule='0 0 1 1 *' -- true",
            "kubectl create deployment web --image=nginx",
            "kubectl autoscale deployment web --min=1 --max=3 --cpu-percent=80",
            "kubectl create ingress in --rule=a.b/=web:80",
            "kubectl run alone --image=nginx -n a --overrides='{\"spec\":{\"priorityClassName\":\"high\"}}'",
            "printf 'apiVersion: toys.io/v1\\nkind: Car\\nmetadata: {name: red}\\nspec: {wheels: 4}\\n' | kubectl apply -f -",
        ],
        &[("/root/all.yaml", stateful)],
    ));
    let kinds: Vec<&str> = first.manifests.lines().filter_map(|line| line.strip_prefix("kind: ")).collect();
    assert_eq!(kinds.len(), 18, "{kinds:?}");
    for gone in ["volumeName", "claimRef", "uid", "kube-api-access", "finalizers", "priority: "] {
        assert!(!first.manifests.contains(gone), "{gone}:\n{}", first.manifests);
    }
    let again = play(&["kubectl apply -f m.yaml || { sleep 5; kubectl apply -f m.yaml; }"], &[("/root/m.yaml", &first.manifests)]);
    assert_eq!(taken(&again).manifests, first.manifests);
}

#[test]
fn a_new_cluster_has_nothing_to_take_but_its_nodes() {
    let taken = taken(&play(&[], &[]));
    assert_eq!(taken.manifests, "");
    let roles: Vec<&str> = taken.kind.lines().skip(1).collect();
    assert_eq!(
        roles,
        ["kind: Cluster", "apiVersion: kind.x-k8s.io/v1alpha4", "nodes:", "- role: control-plane", "- role: worker", "- role: worker"]
    );
}

#[test]
fn the_script_says_what_was_typed_and_leaves_to_the_hand_what_is_the_hands() {
    let mut s = play(&["kubectl run web --image=nginx"], &[("/root/a/pod.yaml", "kind: Pod\n"), ("/etc/../x", "x")]);
    for line in ["kubectl exec -it web -- bash", "ls /", "exit", "kubectl get pods -w"] {
        s.submit_line(0, line);
        s.run_until_idle(0, 2000);
    }
    s.submit(0, InputKind::Interrupt);
    s.submit(0, InputKind::Fault { text: "node w1-k8s stop".to_string() });
    let script = taken(&s).commands;
    let (_, typed) = script.split_once("\n\n").unwrap();
    let expected = "mkdir -p a\ncat > a/pod.yaml <<'EOF'\nkind: Pod\nEOF\nmkdir -p etc/_\ncat > etc/_/x <<'EOF'\nx\nEOF\n\
        kubectl run web --image=nginx\nkubectl exec -i web -- bash <<'EOF'\nls /\nEOF\n# kubectl get pods -w\n# fault node w1-k8s stop\n";
    assert_eq!(typed, expected);
}
