//! Kustomizations, built in the learner's shell.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use kubepie_core::api::Timing;
use kubepie_core::session::{Base, Session, ShownKind};

/// What a line prints in a fresh session with these files.
fn run(files: &[(&str, &str)], line: &str) -> String {
    let base = Base { files: files.iter().map(|(name, text)| (name.to_string(), text.to_string())).collect(), ..Base::default() };
    let mut s = Session::fresh(7, 1_795_428_000_000, Timing::RECORDED, base);
    s.submit_line(0, line);
    assert!(s.run_until_idle(0, 20_000));
    s.shown_since(0).filter(|shown| shown.what != ShownKind::Typed).map(|shown| shown.text.as_str()).collect()
}

const DEPLOYMENT: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: nginx
        image: nginx:1.27
        envFrom:
        - configMapRef: {name: conf}
";

const BASE: &str = "resources: [d.yaml]
labels:
- pairs: {app: web}
  includeSelectors: true
configMapGenerator:
- name: conf
  literals: [a=1]
";

#[test]
fn names_change_and_references_follow() {
    let over = "resources: [../base]
namePrefix: dev-
namespace: dev
images: [{name: nginx, newTag: '1.28'}]
replicas: [{name: web, count: 3}]
configMapGenerator:
- name: conf
  behavior: merge
  literals: [b=2]
patches:
- patch: |-
    - {op: add, path: /spec/minReadySeconds, value: 5}
  target: {kind: Deployment}
- patch: |-
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec: {template: {spec: {containers: [{name: side, image: busybox}]}}}
";
    let files = [("base/d.yaml", DEPLOYMENT), ("base/kustomization.yaml", BASE), ("over/kustomization.yaml", over)];
    let text = run(&files, "kubectl kustomize over");
    let name = text.lines().find_map(|line| line.strip_prefix("  name: dev-conf-")).unwrap().to_string();
    let wanted = format!(
        "apiVersion: v1
data:
  a: \"1\"
  b: \"2\"
kind: ConfigMap
metadata:
  labels:
    app: web
  name: dev-conf-{name}
  namespace: dev
---
apiVersion: apps/v1
kind: Deployment
metadata:
  labels:
    app: web
  name: dev-web
  namespace: dev
spec:
  minReadySeconds: 5
  replicas: 3
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - image: busybox
        name: side
      - envFrom:
        - configMapRef:
            name: dev-conf-{name}
        image: nginx:1.28
        name: nginx
"
    );
    assert_eq!(text, wanted);
}

#[test]
fn what_is_wrong_is_told_in_kustomizes_words() {
    for (file, wanted) in [
        ("", "error: kustomization.yaml is empty\n"),
        ("resource: [d.yaml]", "error: invalid Kustomization: json: unknown field \"resource\"\n"),
        (
            "resources: d.yaml",
            "error: invalid Kustomization: json: cannot unmarshal string into Go struct field Kustomization.resources of type []string\n",
        ),
        (
            "resources: [d.yaml, d.yaml]",
            "error: accumulating resources: accumulation err='merging resources from 'd.yaml': may not add resource with an already registered id: Deployment.v1.apps/web.[noNs]': must build at directory: '/root/k/d.yaml': file is not directory\n",
        ),
        (
            "resources: [d.yaml]\npatches: [{patch: '[{op: remove, path: /x}]'}]",
            "error: must specify a target for JSON patch [patch: \"[{op: remove, path: /x}]\"]\n",
        ),
        (
            "resources: [d.yaml]\nconfigMapGenerator: [{name: c, files: [nope]}]",
            "error: loading KV pairs: file sources: [nope]: evalsymlink failure on '/root/k/nope' : lstat /root/k/nope: no such file or directory\n",
        ),
    ] {
        assert_eq!(run(&[("k/d.yaml", DEPLOYMENT), ("k/kustomization.yaml", file)], "kubectl kustomize k"), wanted, "{file}");
    }
}
