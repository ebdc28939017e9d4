//! What the recordings owe to chance: with another seed it falls as recorded, and nothing else hangs on the seed.

use kubepie_tests::compare::compare_step;
use kubepie_tests::known::{self, Reasons};
use kubepie_tests::replay;
use kubepie_tests::trace::{Trace, judge};
use kubepie_tests::transcript::{Transcript, read_all};
use std::collections::BTreeSet;

/// The steps of transcripts whose answer a real cluster draws, too: the node of a Pod among equal ones, the Pod that
/// goes first, the random part of a back-off.
const DRAWN: [(&str, usize); 4] = [("a14-sort-watch", 12), ("e11-spread-6", 7), ("e11-spread-9", 7), ("f16-init", 12)];

/// The traces that a real cluster draws, too: the random part of a back-off.
const DRAWN_TRACES: [&str; 1] = ["undo-midway-4"];

/// So many seeds are tried for what was recorded.
const SEEDS: std::ops::RangeInclusive<u64> = 1..=60;

/// With these, everything else must come as with the usual seed.
const OTHER_SEEDS: [u64; 2] = [2, 3];

/// The numbers of the steps that differ, counted from 1.
fn differing(want: &Transcript, got: &Transcript) -> Vec<usize> {
    let pairs = (1..).zip(want.steps.iter().zip(&got.steps));
    pairs.filter(|(_, (step, answer))| !step.skip && !compare_step(step, answer).is_empty()).map(|(number, _)| number).collect()
}

fn unknown(known: &Reasons, name: &str, part: &str) -> bool {
    known.get(name).is_none_or(|parts| !parts.contains_key(part))
}

#[test]
fn chance_can_bring_what_was_recorded() {
    let transcripts: Vec<Transcript> = read_all("transcripts").unwrap();
    let traces: Vec<Trace> = read_all("traces").unwrap();
    for (name, number) in DRAWN {
        let want = transcripts.iter().find(|one| one.name == name).unwrap();
        let drawn = SEEDS.into_iter().any(|seed| !differing(want, &replay::transcript(want, seed)).contains(&number));
        assert!(drawn, "{name}, {number}: no seed brings what was recorded");
    }
    for name in DRAWN_TRACES {
        let want = traces.iter().find(|one| one.name == name).unwrap();
        assert!(
            SEEDS.into_iter().any(|seed| judge(want, &replay::trace(want, seed)).is_empty()),
            "{name}: no seed brings what was recorded"
        );
    }
}

#[test]
fn nothing_else_hangs_on_chance() {
    let known = known::read().unwrap();
    let transcripts: Vec<Transcript> = read_all("transcripts").unwrap();
    let traces: Vec<Trace> = read_all("traces").unwrap();
    let mut wrong = BTreeSet::new();
    for seed in OTHER_SEEDS {
        for (want, got) in replay::in_parallel(&transcripts, |one| replay::transcript(one, seed)) {
            for number in differing(want, &got) {
                if !DRAWN.contains(&(&want.name, number)) && unknown(&known.transcripts, &want.name, &number.to_string()) {
                    wrong.insert(format!("{}, {number} with seed {seed}", want.name));
                }
            }
        }
        for (want, got) in replay::in_parallel(&traces, |one| replay::trace(one, seed)) {
            if !judge(want, &got).is_empty() && !DRAWN_TRACES.contains(&want.name.as_str()) {
                wrong.insert(format!("{} with seed {seed}", want.name));
            }
        }
    }
    assert!(wrong.is_empty(), "only chance made these match: {wrong:?}");
}
