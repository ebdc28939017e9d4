//! `judge ACTUAL.json [--show N] [--list]`: holds what `replay` printed against the recordings.
//!
//! Prints a score per topic; with `--show` the first differences, with `--list` every differing step
//! as `known-differences.json` would have it, with the first thing that differs in place of a reason.

use kubepie_tests::compare::compare_step;
use kubepie_tests::transcript::{Step, Transcript, read_all, read_list};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut show = 0usize;
    let mut list = false;
    let mut actual = Vec::new();
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--show" => show = args.next().and_then(|n| n.parse().ok()).unwrap_or(10),
            "--list" => list = true,
            _ => match read_list::<Transcript>(Path::new(&arg)) {
                Ok(read) => actual.extend(read),
                Err(sentence) => {
                    eprintln!("judge: {sentence}");
                    return ExitCode::FAILURE;
                }
            },
        }
    }
    score(&actual, show, list)
}

/// Prints what the module's comment says.
fn score(actual: &[Transcript], mut show: usize, list: bool) -> ExitCode {
    let mut topics: BTreeMap<String, [usize; 2]> = BTreeMap::new();
    let mut differing: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let recorded = match read_all::<Transcript>("transcripts") {
        Ok(recorded) => recorded,
        Err(sentence) => {
            eprintln!("judge: {sentence}");
            return ExitCode::FAILURE;
        }
    };
    for want in recorded {
        let got = actual.iter().find(|got| got.name == want.name);
        let score = topics.entry(want.topic.clone()).or_default();
        for (number, step) in (1..).zip(&want.steps).filter(|(_, step)| !step.skip) {
            let answer: Option<&Step> = got.and_then(|got| got.steps.get(number - 1));
            let shown = answer.map_or_else(|| vec!["no answer".to_owned()], |answer| compare_step(step, answer));
            score[1] += 1;
            if shown.is_empty() {
                score[0] += 1;
                continue;
            }
            if show > 0 {
                show -= 1;
                let line = step.run.lines().next().unwrap_or_default();
                println!("--- {}, step {number}: {line}", want.name);
                println!("    {}", shown.join("\n    "));
            }
            let first = shown.into_iter().take(2).collect::<Vec<_>>().join(" ");
            differing.entry(want.name.clone()).or_default().insert(number.to_string(), first);
        }
    }
    if list {
        match serde_json::to_string_pretty(&differing) {
            Ok(text) => println!("{text}"),
            Err(error) => eprintln!("judge: {error}"),
        }
        return ExitCode::SUCCESS;
    }
    let mut all = [0, 0];
    for (topic, [same, of]) in &topics {
        println!("{topic:14} steps {same:4} of {of:4}");
        all = [all[0] + same, all[1] + of];
    }
    println!("{:14} steps {:4} of {:4}", "all", all[0], all[1]);
    ExitCode::SUCCESS
}
