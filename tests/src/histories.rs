//! Random histories: clusters with work on them, commands and faults, from a seed.
//!
//! Knows nothing of what must hold (`promises`).

use crate::random::Random;
use kubepie_core::session::{Base, LOG_VERSION, Scenario, Session};

/// A line, and how long somebody waits before the next.
#[derive(Clone, Debug)]
pub struct Typed {
    /// The line for the shell.
    pub line: String,
    /// Simulated milliseconds until the next.
    pub wait_ms: u64,
}

/// A history: what the cluster is and what is typed at it.
#[derive(Clone, Debug)]
pub struct History {
    /// The cluster's own seed.
    pub seed: u64,
    /// How many workers it has.
    pub workers: u32,
    /// What is typed.
    pub lines: Vec<Typed>,
}

/// Lines in a history.
const LINES: u64 = 9;

fn deployment(random: &mut Random, name: &str) -> String {
    let (surge, unavailable) = random.pair(&[("1", "0"), ("0", "1"), ("25%", "25%"), ("2", "2"), ("100%", "0"), ("0", "50%")]);
    let strategy = match random.below(6) {
        0 => "{type: Recreate}".to_owned(),
        _ => format!("{{type: RollingUpdate, rollingUpdate: {{maxSurge: {surge}, maxUnavailable: {unavailable}}}}}"),
    };
    let image = random.one(&["nginx:1.26", "nginx:1.27", "httpd:2.4", "nginx:1.15.999"]);
    let cpu = 50 * (1 + random.below(12));
    let replicas = random.below(9);
    format!(
        "kubectl apply -f - <<EOF\n{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: {name}}}, spec: {{replicas: {replicas}, \
         strategy: {strategy}, selector: {{matchLabels: {{app: {name}}}}}, template: {{metadata: {{labels: {{app: {name}}}}}, spec: \
         {{containers: [{{name: c, image: '{image}', resources: {{requests: {{cpu: {cpu}m, memory: 64Mi}}}}}}]}}}}}}}}\nEOF"
    )
}

fn stateful(random: &mut Random) -> String {
    let policy = random.one(&["OrderedReady", "Parallel"]);
    let replicas = random.below(5);
    let image = random.one(&["nginx:1.26", "nginx:1.27"]);
    format!(
        "kubectl apply -f - <<EOF\n{{apiVersion: apps/v1, kind: StatefulSet, metadata: {{name: db}}, spec: {{replicas: {replicas}, \
         serviceName: db, podManagementPolicy: {policy}, selector: {{matchLabels: {{app: db}}}}, template: {{metadata: {{labels: {{app: db}}}}, \
         spec: {{containers: [{{name: c, image: '{image}', resources: {{requests: {{cpu: 100m}}}}}}]}}}}}}}}\nEOF"
    )
}

fn daemons(random: &mut Random) -> String {
    let image = random.one(&["nginx:1.26", "nginx:1.27"]);
    format!(
        "kubectl apply -f - <<EOF\n{{apiVersion: apps/v1, kind: DaemonSet, metadata: {{name: agent}}, spec: {{selector: {{matchLabels: \
         {{app: agent}}}}, template: {{metadata: {{labels: {{app: agent}}}}, spec: {{containers: [{{name: c, image: '{image}', resources: \
         {{requests: {{cpu: 50m}}}}}}]}}}}}}}}\nEOF"
    )
}

/// A line that somebody might type.
pub fn line(random: &mut Random) -> String {
    let name = random.one(&["web", "api"]);
    let node = random.one(&["w1-k8s", "w2-k8s", "w3-k8s"]);
    match random.below(24) {
        0..=4 => deployment(random, name),
        5 | 6 => format!("kubectl scale deployment {name} --replicas={}", random.below(11)),
        7 => format!("kubectl set image deployment {name} c=nginx:{}", random.one(&["1.26", "1.27", "1.28", "1.15.999"])),
        8 => format!("kubectl rollout undo deployment {name}"),
        9 => format!("kubectl rollout {} deployment {name}", random.one(&["pause", "resume", "restart"])),
        10 => format!("kubectl delete pod -l app={name} --wait=false"),
        11 => format!("kubectl delete deployment {name} --wait=false --cascade={}", random.one(&["background", "foreground", "orphan"])),
        12 => format!("kubectl create pdb {name} --selector=app={name} --min-available={}", 1 + random.below(3)),
        13 | 14 => format!("kubectl drain {node} --ignore-daemonsets --force --delete-emptydir-data --timeout=15s"),
        15 => format!("kubectl cordon {node}"),
        16 => format!("kubectl uncordon {node}"),
        17 => stateful(random),
        18 => daemons(random),
        19 => format!("kubectl create job j{} --image=busybox -- sh -c 'exit {}'", random.below(3), random.below(2)),
        20 => format!("fault node {} {node}", random.one(&["stop", "start", "cut", "join"])),
        21 => format!("fault registry {}", random.one(&["down", "up"])),
        22 => "fault pod crash db-0".to_owned(),
        _ => format!("kubectl delete {} --all --wait=false", random.one(&["sts", "ds", "jobs", "pdb"])),
    }
}

/// The history of a seed.
#[must_use]
pub fn of(seed: u64) -> History {
    let mut random = Random::new(seed);
    let workers = 1 + random.below(4) as u32;
    let lines = (0..LINES).map(|_| Typed { line: line(&mut random), wait_ms: random.below(60) * 150 }).collect();
    History { seed, workers, lines }
}

impl History {
    /// A session before the first line.
    #[must_use]
    pub fn session(&self) -> Session {
        Session::new(Scenario {
            version: LOG_VERSION,
            engine: String::new(),
            epoch_ms: 1_795_425_600_000,
            seed: self.seed,
            timing: String::new(),
            base: Base { workers: Some(self.workers), ..Base::default() },
            inputs: Vec::new(),
            end_ms: 0,
            hash: String::new(),
            reaches: Vec::new(),
        })
    }
}
