//! A cluster that is brought: read, told, built; the same Pods on the same nodes in the same states, at rest.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use kubepie_core::api::Timing;
use kubepie_core::bring::plan::{About, Not};
use kubepie_core::bring::{Plan, Why, plan};
use kubepie_core::session::{Base, Session};

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
