//! Every recorded transcript, replayed on a fresh session and held against what the real one answered.

use kubepie_tests::compare::compare_step;
use kubepie_tests::transcript::{Transcript, read_all};
use kubepie_tests::{known, replay};

#[test]
fn transcripts_match_but_for_the_known_differences() {
    let known = known::read().unwrap();
    let recorded: Vec<Transcript> = read_all("transcripts").unwrap();
    assert!(!recorded.is_empty(), "no recordings");
    let mut judged = 0;
    let mut differing = Vec::new();
    for (want, got) in replay::in_parallel(&recorded, |one| replay::transcript(one, replay::SEED)) {
        for (number, (step, answer)) in (1..).zip(want.steps.iter().zip(&got.steps)) {
            if step.skip {
                continue;
            }
            judged += 1;
            let shown = compare_step(step, answer);
            if !shown.is_empty() {
                let line = step.run.lines().next().unwrap_or_default().to_owned();
                let shown = [vec![line], shown].concat();
                differing.push((want.name.clone(), number.to_string(), shown));
            }
        }
    }
    println!("{} of {judged} steps match", judged - differing.len());
    let wrong = known::judge(&known.transcripts, &known.drawn, &differing);
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}
