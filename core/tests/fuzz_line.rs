//! Types random lines at the prompt, half of them nearly right: nothing may panic or hang, every refusal says something,
//! and Ctrl-C gets the prompt back.
//!
//! `KUBEPIE_FUZZ=100000 cargo test -p kubepie-core --test fuzz_line` runs long; the seed of a failure is printed.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod fuzz;

use fuzz::pick;
use kubepie_core::api::Timing;
use kubepie_core::session::{Base, InputKind, Session, ShownKind};
use kubepie_core::time::Rng;

/// How many lines one cluster sees.
const LINES: usize = 12;

const VERBS: &[&str] = &[
    "get",
    "describe",
    "create",
    "apply",
    "delete",
    "edit",
    "patch",
    "label",
    "annotate",
    "scale",
    "autoscale",
    "expose",
    "rollout status",
    "rollout undo",
    "rollout history",
    "rollout restart",
    "run",
    "logs",
    "exec",
    "cp",
    "port-forward",
    "top",
    "cordon",
    "drain",
    "taint",
    "explain",
    "api-resources",
    "auth can-i",
    "config view",
    "replace",
    "set image",
    "set env",
    "set resources",
    "wait",
    "diff",
    "kustomize",
    "events",
    "debug",
    "attach",
    "version",
    "cluster-info",
    "get --raw",
    "create deployment",
    "create job",
    "create service",
    "create quota",
    "create role",
    "create configmap",
    "create secret generic",
    "create ingress",
    "create token",
    "completion",
    "plugin",
    "certificate",
    "proxy",
    "help",
    "options",
    "alpha",
    "nonsense",
];

const THINGS: &[&str] = &[
    "pods",
    "po",
    "deploy/web",
    "deployment",
    "web",
    "svc",
    "all",
    "nodes",
    "no/w1-k8s",
    "w1-k8s",
    "pods,svc",
    "cm/x",
    "secrets",
    "events",
    "crd",
    "namespaces",
    "default",
    "pod/none",
    "/",
    "a/b/c",
    "",
    "pods.v1.",
    "deployments.apps",
    "sa",
    "role",
    "quota",
    "f.yaml",
    "-",
    "--",
    "nginx",
    "app=web",
    "web-",
    "a=b",
    "key=value:NoSchedule",
    "image=nginx:1",
    "pod.spec",
    "/api/v1/nodes",
    "*",
    "한글",
    "$(echo x)",
    "'{'",
];

const FLAGS: &[&str] = &[
    "-n",
    "-A",
    "-o",
    "-ojson",
    "-o yaml",
    "-o wide",
    "-o jsonpath={..name}",
    "-o jsonpath='{.items[",
    "-o go-template={{.}}",
    "-o custom-columns=A:.metadata.name",
    "-l app=web",
    "-l 'a in (b'",
    "--field-selector=status.phase=Running",
    "--field-selector x",
    "--sort-by=.metadata.name",
    "--show-labels",
    "--dry-run=client",
    "--dry-run=server",
    "--dry-run=x",
    "-f",
    "-f f.yaml",
    "-f none.yaml",
    "-k .",
    "--image=nginx",
    "--replicas=3",
    "--replicas=x",
    "--replicas=-1",
    "--port=80",
    "--port=99999",
    "--as=bob",
    "--all",
    "--force",
    "--grace-period=0",
    "--grace-period=-5",
    "--timeout=1s",
    "--timeout=x",
    "--for=delete",
    "--for=condition=Ready",
    "-w",
    "--watch-only",
    "--help",
    "-h",
    "--no-headers",
    "--type=merge",
    "--type=json",
    "-p '{}'",
    "-p '[{\"op\":\"add\"}]'",
    "-p",
    "--cascade=x",
    "--restart=Never",
    "-it",
    "--rm",
    "--limits=cpu=1,memory=x",
    "--verb=get",
    "--resource=pods",
    "--from-literal=a=b",
    "--server-side",
    "--subresource=status",
    "--overrides='{\"a\":1}'",
    "--ignore-not-found",
    "--chunk-size=1",
    "-v=9",
    "--context=x",
    "--nonsense",
    "-x",
    "--show-managed-fields",
    "--recursive",
    "--min=1",
    "--max=3",
    "--cpu=50%",
    "--record",
    "--prune",
    "--wait=false",
    "-- sh -c ls",
];

const MANIFEST: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 2\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec: {containers: [{name: c, image: nginx, resources: {requests: {cpu: 100m}}}]}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n";

/// A text with a few characters taken out, doubled or swapped for another.
fn damaged(rng: &mut Rng, text: &str) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..rng.below(4) {
        let at = rng.below(chars.len() as u64 + 1) as usize;
        let noise: Vec<char> = "\"'{}[]:,=-|<>&;$(`\\ \t#!*?~한\u{1}".chars().collect();
        match rng.below(3) {
            0 if at < chars.len() => {
                chars.remove(at);
            }
            1 => chars.insert(at, noise[rng.below(noise.len() as u64) as usize]),
            _ => {
                if let Some(c) = chars.get(at).copied() {
                    chars.insert(at, c);
                }
            }
        }
    }
    chars.into_iter().collect()
}

fn line(rng: &mut Rng) -> String {
    let mut words = vec!["kubectl".to_string(), pick(rng, VERBS).to_string()];
    for _ in 0..rng.below(4) {
        words.push(pick(rng, THINGS).to_string());
    }
    for _ in 0..rng.below(4) {
        let at = 1 + rng.below(words.len() as u64) as usize;
        words.insert(at, pick(rng, FLAGS).to_string());
    }
    let line = words.join(" ");
    if rng.below(3) == 0 { damaged(rng, &line) } else { line }
}

/// Types a line and waits; what still runs then is interrupted. Returns the answer, and whether it came by itself.
fn typed(session: &mut Session, line: &str) -> (String, bool) {
    let from = session.shown_since(0).count() as u64;
    session.submit_line(0, line);
    let mut alone = true;
    for _ in 0..4 {
        if session.run_until_idle(0, 20_000) {
            break;
        }
        alone = false;
        session.submit(0, InputKind::Interrupt);
        session.run_until_idle(0, 1_000);
        if !session.is_idle(0) {
            session.submit(0, InputKind::Eof);
        }
    }
    assert!(session.is_idle(0), "never came back: {line}");
    let shown = session.shown_since(0).skip(from as usize).filter(|shown| shown.what != ShownKind::Typed);
    (shown.map(|shown| shown.text.as_str()).collect(), alone)
}

fn one(seed: u64, said: &mut Vec<String>) {
    let mut rng = Rng::new(seed, "lines");
    let mut session = Session::fresh(seed, 1_795_428_000_000, Timing::LIFE, Base::default());
    let manifest = if rng.below(2) == 0 { MANIFEST.to_string() } else { damaged(&mut rng, MANIFEST) };
    session.submit(0, InputKind::File { path: "/home/user/f.yaml".into(), text: manifest });
    for _ in 0..LINES {
        let line = line(&mut rng);
        said.push(line.clone());
        let (answer, alone) = typed(&mut session, &line);
        let quiet = ["can-i", "exec", "debug", "run", "attach", "diff", "-- sh"].iter().any(|word| line.contains(word));
        // A group may be open, which waits for its end.
        let plain = line.chars().all(|c| !"|&;<>$`!#(){}'\"\\".contains(c));
        if alone && plain && !quiet && session.last_status(0) != 0 {
            assert!(!answer.trim().is_empty(), "refused without a word: {line}");
        }
        // A quote may be open.
        session.submit(0, InputKind::Interrupt);
        session.run_until_idle(0, 1_000);
    }
}

#[test]
fn lines_are_answered_or_refused() {
    for seed in fuzz::seeds(12, LINES as u64) {
        let mut said = Vec::new();
        if std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| one(seed, &mut said))).is_err() {
            panic!("failed with seed {seed} at the last of:\n{}", said.join("\n"));
        }
        if seed % 10_000 == 9_999 {
            eprintln!("lines: up to seed {seed}");
        }
    }
}
