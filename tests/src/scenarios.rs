//! Random scenarios, as links carry them: played live from a seed, with files, faults, two shells and Ctrl-C.
//!
//! Knows nothing of links (`link`, which is the page's own file).

use crate::histories;
use crate::random::Random;
use kubepie_core::session::{Base, InputKind, Session, Timing};

/// The most inputs of one.
const INPUTS: u64 = 6;

/// A manifest to save and to apply.
const MANIFEST: &str =
    "apiVersion: v1\nkind: Pod\nmetadata: {name: saved, labels: {app: web}}\nspec:\n  containers:\n  - {name: c, image: 'nginx:1.27'}\n";

fn base(random: &mut Random) -> Base {
    let mut base = Base { workers: Some(1 + random.below(4) as u32), ..Base::default() };
    if random.below(4) == 0 {
        base.files.insert("own.yaml".to_owned(), MANIFEST.replace("saved", "own"));
    }
    if random.below(4) == 0 {
        base.lines.push(histories::line(random));
    }
    if random.below(6) == 0 {
        base.objects = MANIFEST.replace("saved", "given");
    }
    base
}

fn input(random: &mut Random) -> InputKind {
    let line = |text: &str| InputKind::Line { text: text.to_owned() };
    match random.below(12) {
        0 => InputKind::File { path: "/root/saved.yaml".to_owned(), text: MANIFEST.replace("1.27", random.one(&["1.26", "1.27", "9.99"])) },
        1 => line("kubectl apply -f saved.yaml"),
        2 => InputKind::Fault { text: format!("node w{}-k8s {}", 1 + random.below(4), random.one(&["stop", "start", "cut", "join"])) },
        3 => line("kubectl get pods -w"),
        4 => InputKind::Interrupt,
        5 => InputKind::Eof,
        6 => line("for i in 1 2 3; do echo \"$i 파이\"; done | tac > out.txt; cat out.txt"),
        _ => line(&histories::line(random)),
    }
}

/// The scenario of a seed, played to its end.
#[must_use]
pub fn played(seed: u64) -> Session {
    let mut random = Random::new(seed ^ 0x5eed);
    let mut session =
        Session::fresh(random.below(1 << 53), 1_795_428_000_000 + random.below(1 << 36) as i64, Timing::LIFE, base(&mut random));
    for _ in 0..=random.below(INPUTS) {
        session.advance_to(session.now() + random.below(80) * 100);
        let shell = u32::from(random.below(4) == 0);
        session.submit(shell, input(&mut random));
    }
    session.advance_to(session.now() + random.below(60) * 100);
    session
}
