//! The examples in the comments at the head of kubectl's files, each run on a fresh session: a line `//! $ …` is typed,
//! and what follows up to the next one is what it prints. Trailing blanks do not count, nor does what is random.

use kubepie_tests::compare::compare_step;
use kubepie_tests::replay;
use kubepie_tests::sources;
use kubepie_tests::transcript::{Step, Transcript};
use std::collections::BTreeMap;

/// The examples of one file as a transcript; both streams are expected as one.
fn examples(name: &str, text: &str) -> Option<Transcript> {
    let mut steps: Vec<Step> = Vec::new();
    let mut inside = false;
    for line in text.lines().take_while(|line| line.starts_with("//!")) {
        let line = line.trim_start_matches("//!").strip_prefix(' ').unwrap_or_default();
        if line.starts_with("```") {
            inside = !inside;
        } else if !inside {
            continue;
        } else if let Some(run) = line.strip_prefix("$ ") {
            steps.push(Step { run: format!("{{ {run}; }} 2>&1"), settle: true, ..Step::default() });
        } else if let Some(step) = steps.last_mut() {
            step.stdout.push_str(line);
            step.stdout.push('\n');
        }
    }
    (!steps.is_empty()).then(|| Transcript { name: name.to_owned(), steps, ..Transcript::default() })
}

#[test]
fn examples_print_what_their_comments_say() {
    let home = sources::below("core/data/home", &[""]);
    let files: BTreeMap<String, String> =
        home.into_iter().map(|file| (file.path.trim_start_matches("core/data/home/").to_owned(), file.text)).collect();
    let mut wanted: Vec<Transcript> =
        sources::below("core/src/kubectl", &[".rs"]).iter().filter_map(|file| examples(&file.path, &file.text)).collect();
    wanted.iter_mut().for_each(|one| one.files.clone_from(&files));
    assert!(wanted.len() > 15, "only {} files have examples", wanted.len());
    let mut wrong = Vec::new();
    for (want, got) in replay::in_parallel(&wanted, |one| replay::transcript(one, replay::SEED)) {
        for (step, answer) in want.steps.iter().zip(&got.steps) {
            let trimmed = |text: &str| text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim_end().to_owned();
            let want_step = Step { stdout: trimmed(&step.stdout), code: answer.code, ..step.clone() };
            let got_step = Step { stdout: trimmed(&answer.stdout), ..answer.clone() };
            let shown = compare_step(&want_step, &got_step);
            if !shown.is_empty() {
                wrong.push(format!("{}: {}\n{}", want.name, step.run, shown.join("\n")));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}
