//! What must hold whatever is typed: random inputs, a seed that is printed, and a failing log made as short as it gets.

use kubepie_core::session::{Base, LOG_VERSION, Scenario, Session};
use kubepie_core::time::Instant;
use kubepie_tests::random::Random;
use std::collections::BTreeMap;

/// How many logs are tried, and how long each is.
const LOGS: u64 = 12;
const LINES: usize = 25;

/// Between two looks at the cluster, in simulated milliseconds.
const LOOK_MS: u64 = 200;

/// A line, and how long somebody waits before the next.
#[derive(Clone, Debug)]
struct Typed {
    line: String,
    wait_ms: u64,
}

fn line(random: &mut Random) -> String {
    let name = random.one(&["web", "api", "db"]);
    let node = random.one(&["w1-k8s", "w2-k8s", "w3-k8s"]);
    let replicas = random.below(13);
    match random.below(12) {
        0 | 1 => format!("kubectl create deployment {name} --image=nginx:1.26 --replicas={replicas}"),
        2 | 3 => format!("kubectl scale deployment {name} --replicas={replicas}"),
        4 => format!("kubectl set image deployment {name} nginx=nginx:{}", random.one(&["1.27", "1.28", "1.15.999"])),
        5 => format!("kubectl set resources deployment {name} --requests=cpu={}m", 100 * (1 + random.below(8))),
        6 => format!("kubectl delete pod -l app={name} --wait=false"),
        7 => format!("kubectl rollout undo deployment {name}"),
        8 => format!("kubectl cordon {node}"),
        9 => format!("kubectl uncordon {node}"),
        10 => format!("kubectl drain {node} --ignore-daemonsets --force --timeout=20s"),
        _ => format!("kubectl delete deployment {name} --wait=false"),
    }
}

fn log(random: &mut Random) -> Vec<Typed> {
    (0..LINES).map(|_| Typed { line: line(random), wait_ms: random.below(40) * LOOK_MS }).collect()
}

fn fresh(seed: u64) -> Session {
    Session::new(Scenario {
        version: LOG_VERSION,
        engine: String::new(),
        epoch_ms: 1_795_425_600_000,
        seed,
        timing: String::new(),
        base: Base::default(),
        inputs: Vec::new(),
        end_ms: 0,
        hash: String::new(),
        reaches: Vec::new(),
    })
}

/// How many Pods each Deployment has that are not on their way out, and how many it may have.
fn sizes(session: &mut Session) -> BTreeMap<String, (u32, u32)> {
    let view = session.view();
    let mut sizes = BTreeMap::new();
    for deployment in view.workloads.iter().filter(|w| &*w.kind == "Deployment") {
        let sets: Vec<&str> = view.workloads.iter().filter(|w| w.owner == deployment.uid).map(|w| &*w.uid).collect();
        let mine = view.pods.iter().filter(|pod| {
            let owned = pod.owner.as_ref().is_some_and(|(_, _, uid)| sets.contains(&&**uid));
            owned && !matches!(&*pod.status, "Terminating" | "Completed" | "Error" | "Evicted")
        });
        // The default surge: a quarter of the wanted size, rounded up.
        let may = deployment.desired + deployment.desired.div_ceil(4);
        sizes.insert(deployment.name.to_string(), (mine.count() as u32, may));
    }
    sizes
}

fn check_nodes(session: &mut Session) -> Result<(), String> {
    for node in session.view().nodes.iter() {
        if node.cpu_used_m > node.cpu_m || node.memory_used > node.memory || node.pods_used > node.pods {
            return Err(format!("{} holds more than it can: {node:?}", node.name));
        }
    }
    Ok(())
}

/// Goes on for a while and looks at the cluster all the time.
fn wait(session: &mut Session, wait_ms: u64) -> Result<(), String> {
    let end = session.now() + wait_ms;
    let mut before = sizes(session);
    while session.now() < end {
        let next = (session.now() + LOOK_MS).min(end);
        session.advance_to(next);
        check_nodes(session)?;
        let now = sizes(session);
        for (name, (count, may)) in &now {
            let (had, might) = before.get(name).copied().unwrap_or((0, *may));
            if *count > had && *count > *may.max(&might) {
                return Err(format!("{name} grew to {count} Pods and may have {may}"));
            }
        }
        before = now;
    }
    Ok(())
}

/// At rest every Pod that names an owner has one.
fn check_owners(session: &mut Session) -> Result<(), String> {
    let view = session.view();
    for pod in view.pods.iter().filter(|pod| &*pod.namespace == "default") {
        if let Some((kind, name, uid)) = &pod.owner
            && !view.workloads.iter().any(|w| w.uid == *uid)
        {
            return Err(format!("{} is owned by {kind} {name}, which is gone", pod.name));
        }
    }
    Ok(())
}

/// Types a log and holds the cluster against every property.
fn hold(seed: u64, log: &[Typed]) -> Result<(), String> {
    let mut session = fresh(seed);
    for typed in log {
        session.submit_line(0, &typed.line);
        session.run_until_idle(0, 60_000);
        wait(&mut session, typed.wait_ms)?;
    }
    session.settle(120_000);
    check_owners(&mut session)?;
    replay_equals_live(&session)?;
    undo_leads_back(&mut session)
}

fn replay_equals_live(session: &Session) -> Result<(), String> {
    let mut again = Session::import(&session.export()).map_err(|why| format!("{why:?}"))?;
    again.advance_to(session.now());
    if again.hash() == session.hash() { Ok(()) } else { Err("a replay of the log comes to another state".to_owned()) }
}

fn undo_leads_back(session: &mut Session) -> Result<(), String> {
    let (before, at) = (session.hash(), session.now());
    session.submit_line(0, "kubectl create deployment undone --image=nginx");
    session.advance_to(at + 5_000);
    session.undo();
    session.advance_to(at);
    if session.hash() == before { Ok(()) } else { Err("undo does not lead back".to_owned()) }
}

/// The shortest log that still fails, found by leaving lines out one after another.
fn shrunk(seed: u64, mut log: Vec<Typed>) -> Vec<Typed> {
    let mut number = 0;
    while number < log.len() {
        let mut shorter = log.clone();
        shorter.remove(number);
        if hold(seed, &shorter).is_err() {
            log = shorter;
        } else {
            number += 1;
        }
    }
    log
}

#[test]
fn whatever_is_typed_the_cluster_keeps_its_promises() {
    for seed in 1..=LOGS {
        let log = log(&mut Random::new(seed));
        if hold(seed, &log).is_err() {
            let log = shrunk(seed, log);
            let why = hold(seed, &log).unwrap_err();
            let lines: Vec<String> = log.iter().map(|typed| format!("{} # then {} ms", typed.line, typed.wait_ms)).collect();
            panic!("seed {seed}: {why}\n{}", lines.join("\n"));
        }
    }
}

#[test]
fn a_second_apply_says_unchanged() {
    let mut session = fresh(1);
    for file in ["nginx-pod.yaml", "echo-hname.yaml", "rollout-nginx.yaml"] {
        session.submit_line(0, &format!("kubectl apply -f {file}"));
        session.run_until_idle(0, 60_000);
        session.settle(120_000);
        let from = session.world().shown.end();
        session.submit_line(0, &format!("kubectl apply -f {file}"));
        session.run_until_idle(0, 60_000);
        let said: String = session.shown_since(from).map(|shown| shown.text.as_str()).collect();
        assert!(said.trim_end().ends_with(" unchanged"), "{file}: {said}");
    }
}

#[test]
fn going_back_in_time_and_forward_again_changes_nothing() {
    let mut session = fresh(2);
    session.submit_line(0, "kubectl create deployment web --image=nginx --replicas=3");
    session.advance_to(Instant(20_000));
    let hash = session.hash();
    session.seek(Instant(1_000));
    session.seek(Instant(20_000));
    assert_eq!(session.hash(), hash);
}

#[test]
fn no_line_brings_the_session_down() {
    let pieces = [
        "kubectl",
        "get",
        "pods",
        "-o",
        "jsonpath={.items[",
        "'",
        "\"",
        "$(",
        "|",
        ">",
        "<<EOF",
        "--",
        "-n",
        "=",
        "{}",
        "🥧",
        "한글",
        ";",
        "&&",
        "apply",
        "-f",
        "-",
        "describe",
        "node/",
        "w1-k8s",
        "-l",
        "app in (",
        "patch",
        "-p",
        "{\"spec\":",
        "\\",
        "`",
        "#",
        "*",
        "..",
        "/",
        "for i in",
    ];
    for seed in 1..=200 {
        let mut random = Random::new(seed);
        let words: Vec<&str> = (0..random.below(9)).map(|_| random.one(&pieces)).collect();
        let mut session = fresh(seed);
        session.submit_line(0, &words.join(" "));
        session.run_until_idle(0, 2_000);
    }
}
