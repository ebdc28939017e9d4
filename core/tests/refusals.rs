//! What kubectl says of manifests, addresses and patterns that lead nowhere.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use kubepie_core::api::Timing;
use kubepie_core::session::{Base, Session, ShownKind};

const NAMELESS: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {labels: {a: b}}\n";
const UNVERSIONED: &str = "kind: ConfigMap\nmetadata: {name: kube-root-ca.crt}\n";
const LIST: &str = "apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: one}}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: two}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: three}
";

/// What a line prints in a fresh session.
fn run(line: &str) -> String {
    let files = [("nameless.yaml", NAMELESS), ("unversioned.yaml", UNVERSIONED), ("list.yaml", LIST)];
    let base = Base { files: files.iter().map(|(name, text)| (name.to_string(), text.to_string())).collect(), ..Base::default() };
    let mut s = Session::fresh(7, 1_795_428_000_000, Timing::RECORDED, base);
    s.submit_line(0, line);
    assert!(s.run_until_idle(0, 20_000), "{line}");
    s.shown_since(0).filter(|shown| shown.what != ShownKind::Typed).map(|shown| shown.text.as_str()).collect()
}

#[test]
fn what_has_no_name_is_shown_as_the_file_has_it() {
    assert_eq!(run("kubectl get -f nameless.yaml"), "NAME   AGE\n       <unknown>\n");
    assert_eq!(run("kubectl get -f nameless.yaml -o name"), "configmap/<unknown>\n");
    assert_eq!(run("kubectl describe -f nameless.yaml"), "error: resource name may not be empty\n");
    assert_eq!(run("kubectl label -f nameless.yaml c=d"), "error: resource name may not be empty\n");
    assert_eq!(run("kubectl get -f unversioned.yaml"), "Error from server (NotFound): the server could not find the requested resource\n");
}

#[test]
fn what_is_wrong_within_a_list_is_one_failure() {
    let get =
        "[configmaps \"one\" not found, configmaps \"two\" not found]\nError from server (NotFound): configmaps \"three\" not found\n";
    assert_eq!(run("kubectl get -f list.yaml"), get);
    assert_eq!(run("kubectl get -f list.yaml --ignore-not-found"), "");
    let described = run("kubectl describe -f list.yaml");
    assert_eq!(described.matches("Error from server (NotFound)").count(), 3, "{described}");
    assert_eq!(run("kubectl wait --for=delete -f list.yaml"), "");
}

#[test]
fn a_host_that_nobody_knows_has_no_address() {
    let lost = "Unable to connect to the server: dial tcp: lookup nope.example on 127.0.0.53:53: no such host\n";
    assert_eq!(run("kubectl version --server=https://nope.example").lines().last().unwrap(), lost.trim_end());
    assert_eq!(run("kubectl top nodes --server=https://nope.example:6443"), lost);
    assert_eq!(
        run("kubectl get nodes --server=https://nope.example:x"),
        "Unable to connect to the server: invalid port \":x\" after host\n"
    );
}

#[test]
fn proxy_refuses_what_it_cannot_use() {
    let refused = run("kubectl proxy --accept-hosts='^a$,('");
    assert!(refused.ends_with("] Error compiling re: error parsing regexp: missing closing ): `(`\n"), "{refused}");
    assert_eq!(run("kubectl proxy --address=9.9.9.9"), "error: listen tcp 9.9.9.9:8001: bind: cannot assign requested address\n");
    assert_eq!(run("kubectl proxy --address=::1"), "error: listen tcp: address ::1:8001: too many colons in address\n");
}

#[test]
fn what_is_said_before_a_cluster_is_looked_for() {
    assert!(run("kubectl set mage --cluster=nope x").starts_with("error: unknown command \"mage x\"\n"));
    assert!(run("kubectl diff -f list.yaml --context=nope; echo $?").ends_with("\n2\n"));
}
