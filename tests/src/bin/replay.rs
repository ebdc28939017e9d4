//! `replay FILE…`: types the lines of transcripts at fresh clusters and prints what they answered, in the same shape.
//!
//! `replay --trace FILE…` does so with traces and prints what changed; `--seed N` asks for another chance than the usual;
//! `replay --hash` prints the hashes that native and wasm must agree on.

use kubepie_tests::replay;
use kubepie_tests::trace::Trace;
use kubepie_tests::transcript::{Transcript, read_list};
use serde::{Deserialize, Serialize};
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "usage: replay [--trace] [--seed N] FILE… | replay --hash";

fn main() -> ExitCode {
    let answered = Asked::of(std::env::args().skip(1)).and_then(|asked| match asked.kind {
        Kind::Transcripts => answer(&asked.files, |recorded: &Transcript| replay::transcript(recorded, asked.seed)),
        Kind::Traces => answer(&asked.files, |recorded: &Trace| replay::trace(recorded, asked.seed)),
        Kind::Hashes => Ok(replay::hashes().join("\n")),
    });
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

enum Kind {
    Transcripts,
    Traces,
    Hashes,
}

/// What the command line asks for.
struct Asked {
    kind: Kind,
    seed: u64,
    files: Vec<String>,
}

impl Asked {
    fn of(mut words: impl Iterator<Item = String>) -> Result<Asked, String> {
        let mut asked = Asked { kind: Kind::Transcripts, seed: replay::SEED, files: Vec::new() };
        while let Some(word) = words.next() {
            match word.as_str() {
                "--trace" => asked.kind = Kind::Traces,
                "--hash" => asked.kind = Kind::Hashes,
                "--seed" => asked.seed = words.next().and_then(|n| n.parse().ok()).ok_or("--seed takes a number")?,
                _ if word.starts_with('-') => return Err(USAGE.to_owned()),
                _ => asked.files.push(word),
            }
        }
        if asked.files.is_empty() && !matches!(asked.kind, Kind::Hashes) { Err(USAGE.to_owned()) } else { Ok(asked) }
    }
}

/// Reads recordings, replays them and writes the answers as a JSON list.
fn answer<T: for<'de> Deserialize<'de> + Sync, A: Serialize + Send>(
    files: &[String],
    replay: impl Fn(&T) -> A + Sync,
) -> Result<String, String> {
    let mut recorded: Vec<T> = Vec::new();
    for file in files {
        recorded.extend(read_list(Path::new(file))?);
    }
    let answers: Vec<A> = replay::in_parallel(&recorded, replay).into_iter().map(|(_, answer)| answer).collect();
    serde_json::to_string_pretty(&answers).map_err(|error| error.to_string())
}
