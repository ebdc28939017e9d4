//! `judge [--trace] ANSWERS.json… [--show N] [--known]`: holds what `replay` printed against the recordings.
//!
//! Prints a score per topic; with `--show` the first differences, with `--known` what `known-differences.json`
//! has to say of that kind of recording: the reasons that stand there, less those that match now, and the
//! first thing that differs in place of a reason where there is none yet. What is drawn at random is left out.

use kubepie_tests::compare::compare_step;
use kubepie_tests::known::{self, Reasons};
use kubepie_tests::trace::{self, Trace};
use kubepie_tests::transcript::{Transcript, read_all, read_list};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

/// What was judged so far.
#[derive(Default)]
struct Score {
    /// By topic: how many match, of how many.
    topics: BTreeMap<String, [usize; 2]>,
    differing: Reasons,
    /// How many differences are still to be shown.
    show: usize,
}

impl Score {
    /// Counts one part of a recording: no lines where it matches, else what differs.
    fn count(&mut self, topic: &str, name: &str, part: &str, title: &str, shown: &[String]) {
        let counts = self.topics.entry(topic.to_owned()).or_default();
        counts[1] += 1;
        if shown.is_empty() {
            counts[0] += 1;
            return;
        }
        if self.show > 0 {
            self.show -= 1;
            println!("--- {name}, {part}: {title}");
            println!("    {}", shown.join("\n    "));
        }
        let first: String = shown.iter().take(2).map(String::as_str).collect::<Vec<_>>().join(" ");
        let reason = first.chars().take(160).collect();
        self.differing.entry(name.to_owned()).or_default().insert(part.to_owned(), reason);
    }

    fn print(&self) {
        let mut all = [0, 0];
        for (topic, [same, of]) in &self.topics {
            println!("{topic:14} {same:4} of {of:4}");
            all = [all[0] + same, all[1] + of];
        }
        println!("{:14} {:4} of {:4}", "all", all[0], all[1]);
    }
}

fn main() -> ExitCode {
    let mut score = Score::default();
    let (mut known, mut traces) = (false, false);
    let mut files = Vec::new();
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--show" => score.show = args.next().and_then(|n| n.parse().ok()).unwrap_or(10),
            "--known" => known = true,
            "--trace" => traces = true,
            _ => files.push(arg),
        }
    }
    let judged = if traces { judge_traces(&files, &mut score) } else { judge_transcripts(&files, &mut score) };
    if let Err(sentence) = judged {
        eprintln!("judge: {sentence}");
        return ExitCode::FAILURE;
    }
    if !known {
        score.print();
        return ExitCode::SUCCESS;
    }
    match with_reasons(score.differing, traces) {
        Ok(text) => println!("{text}"),
        Err(sentence) => {
            eprintln!("judge: {sentence}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// What differs, as JSON, with the reasons that are known already.
fn with_reasons(mut differing: Reasons, traces: bool) -> Result<String, String> {
    let known::Known { transcripts, traces: of_traces, drawn } = known::read()?;
    let listed = if traces { of_traces } else { transcripts };
    differing.iter_mut().for_each(|(name, parts)| parts.retain(|part, _| !known::lists(&drawn, name, part)));
    differing.retain(|_, parts| !parts.is_empty());
    for (name, parts) in &mut differing {
        for (part, reason) in parts {
            if let Some(known) = listed.get(name).and_then(|parts| parts.get(part)) {
                known.clone_into(reason);
            }
        }
    }
    serde_json::to_string_pretty(&differing).map_err(|error| error.to_string())
}

fn judge_transcripts(files: &[String], score: &mut Score) -> Result<(), String> {
    let mut answers: Vec<Transcript> = Vec::new();
    for file in files {
        answers.extend(read_list(Path::new(file))?);
    }
    for want in read_all::<Transcript>("transcripts")? {
        let got = answers.iter().find(|got| got.name == want.name);
        for (number, step) in (1..).zip(&want.steps).filter(|(_, step)| !step.skip) {
            let answer = got.and_then(|got| got.steps.get(number - 1));
            let shown = answer.map_or_else(|| vec!["no answer".to_owned()], |answer| compare_step(step, answer));
            let title = step.run.lines().next().unwrap_or_default();
            score.count(&want.topic, &want.name, &number.to_string(), title, &shown);
        }
    }
    Ok(())
}

fn judge_traces(files: &[String], score: &mut Score) -> Result<(), String> {
    let mut answers: Vec<Trace> = Vec::new();
    for file in files {
        answers.extend(read_list(Path::new(file))?);
    }
    for want in read_all::<Trace>("traces")? {
        let nothing = Trace::default();
        let got = answers.iter().find(|got| got.name == want.name).unwrap_or(&nothing);
        let differing = trace::judge(&want, got);
        for part in trace::PARTS {
            let shown = differing.iter().find(|(differs, _)| *differs == part).map(|(_, shown)| shown.as_slice());
            score.count(part, &want.name, part, "", shown.unwrap_or_default());
        }
    }
    Ok(())
}
