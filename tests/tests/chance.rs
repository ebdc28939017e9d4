//! What the recordings owe to chance: with another seed it falls as recorded, and nothing else hangs on the seed.

use kubepie_tests::compare::compare_step;
use kubepie_tests::known::{self, lists};
use kubepie_tests::replay;
use kubepie_tests::trace::{Trace, judge};
use kubepie_tests::transcript::{Transcript, read_all};
use std::collections::BTreeSet;

/// So many seeds are tried for what was recorded.
const SEEDS: std::ops::RangeInclusive<u64> = 1..=60;

/// With these, everything else must come as with the usual seed.
const OTHER_SEEDS: [u64; 2] = [2, 3];

/// The parts of a transcript that differ, by the numbers of the steps.
fn steps(want: &Transcript, seed: u64) -> Vec<String> {
    let got = replay::transcript(want, seed);
    let pairs = (1..).zip(want.steps.iter().zip(&got.steps));
    pairs.filter(|(_, (step, answer))| !step.skip && !compare_step(step, answer).is_empty()).map(|(number, _)| number.to_string()).collect()
}

/// The parts of a trace that differ.
fn parts(want: &Trace, seed: u64) -> Vec<String> {
    judge(want, &replay::trace(want, seed)).into_iter().map(|(part, _)| part.to_owned()).collect()
}

#[test]
fn chance_can_bring_what_was_recorded() {
    let drawn = known::read().unwrap().drawn;
    let transcripts: Vec<Transcript> = read_all("transcripts").unwrap();
    let traces: Vec<Trace> = read_all("traces").unwrap();
    for (name, part) in drawn.iter().flat_map(|(name, parts)| parts.keys().map(move |part| (name, part))) {
        let transcript = transcripts.iter().find(|one| one.name == *name);
        let trace = traces.iter().find(|one| one.name == *name);
        let differs = |seed| match (transcript, trace) {
            (Some(want), _) => steps(want, seed).contains(part),
            (None, Some(want)) => parts(want, seed).contains(part),
            (None, None) => true,
        };
        assert!(SEEDS.into_iter().any(|seed| !differs(seed)), "{name}, {part}: no seed brings what was recorded");
    }
}

#[test]
fn nothing_else_hangs_on_chance() {
    let known = known::read().unwrap();
    let transcripts: Vec<Transcript> = read_all("transcripts").unwrap();
    let traces: Vec<Trace> = read_all("traces").unwrap();
    let mut wrong = BTreeSet::new();
    for seed in OTHER_SEEDS {
        let differing = replay::in_parallel(&transcripts, |one| steps(one, seed)).into_iter().map(|(one, parts)| (&one.name, parts));
        let differing =
            differing.chain(replay::in_parallel(&traces, |one| parts(one, seed)).into_iter().map(|(one, parts)| (&one.name, parts)));
        for (name, part) in differing.flat_map(|(name, parts)| parts.into_iter().map(move |part| (name, part))) {
            if ![&known.transcripts, &known.traces, &known.drawn].into_iter().any(|list| lists(list, name, &part)) {
                wrong.insert(format!("{name}, {part} with seed {seed}"));
            }
        }
    }
    assert!(wrong.is_empty(), "only chance made these match: {wrong:?}");
}
