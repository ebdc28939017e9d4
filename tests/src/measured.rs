//! What is measured once and not for growing clusters: opening a long link, and bringing a large cluster.
//!
//! Knows nothing of clocks: whoever measures says how.

use crate::link;
use kubepie_core::session::{Base, Session, Timing};
use kubepie_core::time::Instant;

/// A clock: nanoseconds of CPU.
type Clock = fn() -> u64;

fn ms(nanos: u64) -> f64 {
    nanos as f64 / 1e6
}

fn session(nodes: u32) -> Session {
    let mut session = Session::fresh(7, 1_795_428_000_000, Timing::LIFE, Base { workers: Some(nodes), ..Base::default() });
    session.settle(900_000);
    session
}

/// The most that opening a link with a thousand inputs may take, in milliseconds.
const OPEN_MS: f64 = 300.0;

/// What somebody types in half an hour: a change, and some looks at what comes of it.
fn typed(n: usize) -> String {
    let name = match n / 50 % 3 {
        0 => "web",
        1 => "api",
        _ => "db",
    };
    let turn = n / 10;
    match n % 10 {
        0 => match turn % 5 {
            0 => format!("kubectl create deployment {name} --image=nginx:1.26 --replicas=3"),
            1 => format!("kubectl scale deployment {name} --replicas={}", 2 + turn % 5),
            2 => format!("kubectl set image deployment/{name} nginx=nginx:1.{}", 25 + turn % 4),
            3 => format!("kubectl rollout undo deployment/{name}"),
            _ => format!("kubectl delete pod -l app={name} --wait=false"),
        },
        1 | 4 | 6 => "kubectl get pods -o wide".to_owned(),
        2 => format!("kubectl get deployment,rs -l app={name}"),
        3 => format!("kubectl describe deployment {name} | tail -5"),
        5 => format!("kubectl logs deploy/{name} --tail=2"),
        7 => format!("kubectl label node w{}-k8s n=v{n} --overwrite", 1 + n % 3),
        8 => "kubectl get nodes".to_owned(),
        _ => format!("echo {n} >> notes.txt; wc -l notes.txt"),
    }
}

/// Opens a link with a thousand inputs as the page does: reads it, makes its world, and brings it to the log's end.
pub fn open_link(cpu_ns: Clock) {
    let mut session = session(3);
    for n in 0..1_000 {
        session.submit_line(0, &typed(n));
        session.advance_to(session.now() + 1_700);
    }
    let fragment = link::fragment(&session.export()).unwrap_or_default();
    let (mut best, mut reading) = (f64::MAX, 0.0);
    for _ in 0..5 {
        let begun = cpu_ns();
        let Some(Ok(scenario)) = link::read(&fragment) else {
            return println!("the link cannot be read: it has {} letters", fragment.len());
        };
        let read = ms(cpu_ns().saturating_sub(begun));
        let (end, hash) = (scenario.end_ms, scenario.hash.clone());
        let mut again = Session::new(scenario);
        again.advance_to(Instant(end));
        let all = ms(cpu_ns().saturating_sub(begun));
        assert_eq!(format!("{:016x}", again.hash()), hash, "it comes to another end");
        if all < best {
            (best, reading) = (all, read);
        }
    }
    let verdict = if best <= OPEN_MS { "ok" } else { "TOO LONG" };
    let letters = fragment.len();
    println!(
        "open a link with 1000 inputs ({letters} letters): {best:.0} ms, of which {reading:.1} ms reading; at most {OPEN_MS} ms: {verdict}"
    );
}

/// Brings a cluster of five thousand Pods: reads what kubectl prints of it, says what is in it, builds it.
pub fn bring(cpu_ns: Clock) {
    let mut session = session(100);
    for n in 0..46 {
        session.submit_line(0, &format!("kubectl create deployment app-{n} --image=nginx:1.{} --replicas=100", 20 + n % 9));
        session.run_until_idle(0, 10_000);
    }
    session.advance_to(session.now() + 90_000);
    let text = session.peek("kubectl get nodes,deployments,replicasets,daemonsets,statefulsets,pods,services,pdb -A -o yaml", 64 << 20);
    let begun = cpu_ns();
    let plan = match kubepie_core::session::bring::plan(&text) {
        Ok(plan) => plan,
        Err(not) => return println!("bring: {not:?}"),
    };
    let read = ms(cpu_ns().saturating_sub(begun));
    let (pods, log) = (plan.brought.count("Pod"), plan.brought.to_json().len() as f64 / 1e6);
    let begun = cpu_ns();
    let mut built = Session::fresh(7, session.epoch_ms(), Timing::LIFE, Base { cluster: Some(plan.brought), ..Base::default() });
    let made = ms(cpu_ns().saturating_sub(begun));
    assert_eq!(built.view().pods.len(), pods, "not all are there");
    let (size, rest) = (text.len() as f64 / 1e6, built.at_rest());
    println!("bring {pods} Pods ({size:.1} MB): {read:.0} ms reading, {made:.0} ms building, {log:.1} MB in the log, at rest: {rest}");
}
