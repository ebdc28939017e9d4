//! `replay FILE…`: types the lines of transcripts at fresh clusters and prints what they answered, in the same shape.
//!
//! `replay --trace FILE…` does so with traces and prints what changed; `replay --hash` prints the hashes that
//! native and wasm must agree on.

use kubepie_tests::replay;
use kubepie_tests::trace::Trace;
use kubepie_tests::transcript::{Transcript, read_list};
use serde::{Deserialize, Serialize};
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "usage: replay [--trace] FILE… | replay --hash";

fn main() -> ExitCode {
    let mut files: Vec<String> = std::env::args().skip(1).collect();
    let mode = files.first().filter(|word| word.starts_with("--")).cloned();
    if mode.is_some() {
        files.remove(0);
    }
    let answered = match mode.as_deref() {
        None | Some("--trace") if files.is_empty() => Err(USAGE.to_owned()),
        None => answer::<Transcript, Transcript>(&files, replay::transcript),
        Some("--trace") => answer::<Trace, Trace>(&files, replay::trace),
        Some("--hash") => Ok(replay::hashes().join("\n")),
        Some(_) => Err(USAGE.to_owned()),
    };
    match answered {
        // Whoever reads may have enough before the end.
        Ok(text) => match writeln!(std::io::stdout(), "{text}") {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                eprintln!("replay: {error}");
                ExitCode::FAILURE
            }
            _ => ExitCode::SUCCESS,
        },
        Err(sentence) => {
            eprintln!("replay: {sentence}");
            ExitCode::FAILURE
        }
    }
}

/// Reads recordings, replays them and writes the answers as a JSON list.
fn answer<T: for<'de> Deserialize<'de> + Sync, A: Serialize + Send>(files: &[String], replay: fn(&T) -> A) -> Result<String, String> {
    let mut recorded: Vec<T> = Vec::new();
    for file in files {
        recorded.extend(read_list(Path::new(file))?);
    }
    let answers: Vec<A> = replay::in_parallel(&recorded, replay).into_iter().map(|(_, answer)| answer).collect();
    serde_json::to_string_pretty(&answers).map_err(|error| error.to_string())
}
