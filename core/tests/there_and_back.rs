//! What is taken along is parsed with kubectl's own rules and comes again; what kubectl prints of this cluster can be brought.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use kubepie_core::api::Timing;
use kubepie_core::bring::plan;
use kubepie_core::session::{Base, InputKind, Session, Takeaway};
use kubepie_core::text::yaml;

const EPOCH_MS: i64 = 1_795_428_000_000;
const DUMP: &str = "kubectl get nodes,deployments,replicasets,daemonsets,statefulsets,pods,services,pdb -A -o yaml";

fn fresh(base: Base) -> Session {
    Session::fresh(7, EPOCH_MS, Timing::LIFE, base)
}

fn ask(s: &mut Session, line: &str) -> String {
    let from = s.shown_since(0).count();
    s.submit_line(0, line);
    assert!(s.run_until_idle(0, 120_000), "{line}");
    s.shown_since(0).skip(from + 1).map(|shown| shown.text.as_str()).collect()
}

fn well(s: &mut Session, line: &str) -> String {
    let said = ask(s, line);
    assert_eq!(s.last_status(0), 0, "{line}: {said}");
    said
}

fn worked() -> Session {
    let mut s = fresh(Base { workers: Some(2), ..Base::default() });
    for line in [
        "kubectl create namespace shop",
        "kubectl create deployment web --image=nginx:1.26 --replicas=4 -n shop",
        "kubectl expose deployment web --port=80 --type=LoadBalancer -n shop",
        "kubectl create pdb web --selector=app=web --min-available=3 -n shop",
        "kubectl create configmap settings --from-literal=colour=cocoa -n shop",
        "kubectl create secret generic pass --from-literal=word=pie -n shop",
        "kubectl set env deployment/web --from=configmap/settings -n shop",
        "kubectl run alone --image=httpd",
        "kubectl cordon w2-k8s",
        "kubectl create deployment gone --image=nosuch.example.com/x",
        "kubectl rollout status deployment/web -n shop",
    ] {
        well(&mut s, line);
        s.settle(60_000);
    }
    s
}

fn taken(s: &Session) -> Takeaway {
    s.take_along(&|text| text.en.clone())
}

fn workers(kind: &str) -> u32 {
    let config = yaml::parse(kind).unwrap();
    assert_eq!((config["kind"].as_str(), config["apiVersion"].as_str()), (Some("Cluster"), Some("kind.x-k8s.io/v1alpha4")));
    let roles: Vec<&str> = config["nodes"].as_array().unwrap().iter().map(|node| node["role"].as_str().unwrap()).collect();
    assert_eq!(roles[0], "control-plane");
    roles[1..].iter().for_each(|role| assert_eq!(*role, "worker"));
    roles.len() as u32 - 1
}

#[test]
fn every_file_is_what_kubectl_takes_and_makes_the_same_objects() {
    let first = worked();
    let files = taken(&first);
    let mut again = fresh(Base { workers: Some(workers(&files.kind)), ..Base::default() });
    again.submit(0, InputKind::File { path: "/root/manifests.yaml".into(), text: files.manifests.clone() });
    // Without its namespace the server takes no dry run of what is in it.
    well(&mut again, "kubectl create --dry-run=client --validate=strict -f manifests.yaml");
    let said = well(&mut again, "kubectl apply -f manifests.yaml");
    let lines: Vec<&str> = said.lines().filter(|line| !line.is_empty()).collect();
    assert!(lines.iter().all(|line| line.ends_with(" created")), "{said}");
    assert_eq!(lines.len(), files.manifests.lines().filter(|line| line.starts_with("kind: ")).count());
    again.settle(60_000);
    assert_eq!(taken(&again).manifests, files.manifests);
    let same = "kubectl get deployments,services,configmaps,secrets,pdb -n shop --no-headers | awk '{print $1, $2}'";
    let mut first = first;
    assert_eq!(well(&mut again, same), well(&mut first, same));
    // The selector of a budget is replaced as a whole, which kubectl sends though nothing differs.
    let same = |line: &str| line.is_empty() || line.ends_with(" unchanged") || line.starts_with("poddisruptionbudget.policy/");
    assert!(well(&mut again, "kubectl apply -f manifests.yaml").lines().all(same));
}

#[test]
fn the_script_does_again_what_was_done() {
    let first = worked();
    let files = taken(&first);
    let mut again = fresh(Base { workers: Some(workers(&files.kind)), ..Base::default() });
    again.submit(0, InputKind::File { path: "/root/commands.sh".into(), text: files.commands.clone() });
    ask(&mut again, "bash commands.sh");
    again.settle(120_000);
    // Ports that nobody asked for are drawn anew.
    let without_ports = |text: &str| {
        text.lines().filter(|line| !line.contains("nodePort:")).map(|l| l.trim_start_matches([' ', '-'])).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(without_ports(&taken(&again).manifests), without_ports(&files.manifests), "{}", files.commands);
}

#[test]
fn what_is_taken_along_can_be_brought() {
    let mut s = fresh(Base { workers: Some(2), ..Base::default() });
    for line in [
        "kubectl create deployment web --image=nginx:1.26 --replicas=4",
        "kubectl expose deployment web --port=80",
        "kubectl create pdb web --selector=app=web --min-available=3",
        "kubectl create configmap settings --from-literal=colour=cocoa",
    ] {
        well(&mut s, line);
    }
    s.settle(60_000);
    let files = taken(&s);
    let plan = plan(&files.manifests).unwrap();
    assert_eq!(plan.left, []);
    let mut again = fresh(Base { cluster: Some(plan.brought), ..Base::default() });
    again.settle(120_000);
    assert_eq!(taken(&again).manifests, files.manifests);
    assert!(well(&mut again, "kubectl rollout status deployment/web").contains("successfully rolled out"));
}

#[test]
fn what_kubectl_prints_of_this_cluster_is_this_cluster() {
    let mut s = worked();
    let dump = well(&mut s, DUMP);
    let plan = plan(&dump).unwrap();
    assert_eq!(plan.left, []);
    let mut again = fresh(Base { cluster: Some(plan.brought), ..Base::default() });
    let shown = |table: String| -> Vec<String> {
        let words = |line: &str| line.split_whitespace().map(str::to_string).collect::<Vec<_>>();
        table.lines().map(words).map(|w| [&w[..w.len().min(4)], &w[w.len().saturating_sub(4)..]].concat().join(" ")).collect()
    };
    for table in ["kubectl get pods -A -o wide", "kubectl get nodes --no-headers", "kubectl get deployments,replicasets,daemonsets -A"] {
        let (there, here) = (shown(well(&mut s, table)), shown(well(&mut again, table)));
        let without_age = |rows: Vec<String>| {
            rows.into_iter()
                .map(|r| r.split(' ').filter(|w| !w.ends_with(['s', 'm', 'h', 'd'])).collect::<Vec<_>>().join(" "))
                .collect::<Vec<_>>()
        };
        assert_eq!(without_age(here), without_age(there), "{table}");
    }
    let rounds = well(&mut again, DUMP);
    assert_eq!(rounds.matches("kind: Pod\n").count(), dump.matches("kind: Pod\n").count());
    // And once more.
    let third = kubepie_core::bring::plan(&rounds).unwrap();
    assert_eq!(third.taken, kubepie_core::bring::plan(&dump).unwrap().taken);
}
