//! Every recorded trace, replayed: the order in which objects change is that of a real cluster.

use kubepie_tests::trace::{Trace, judge};
use kubepie_tests::transcript::read_all;
use kubepie_tests::{known, replay};

#[test]
fn traces_match_but_for_the_known_differences() {
    let known = known::read().unwrap();
    let recorded: Vec<Trace> = read_all("traces").unwrap();
    assert!(!recorded.is_empty(), "no recordings");
    let mut differing = Vec::new();
    for (want, got) in replay::in_parallel(&recorded, |one| replay::trace(one, replay::SEED)) {
        for (part, shown) in judge(want, &got) {
            differing.push((want.name.clone(), part.to_owned(), shown));
        }
    }
    let wrong = known::judge(&known.traces, &known.drawn, &differing);
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}
