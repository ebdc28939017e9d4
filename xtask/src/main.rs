//! The commands of the README: `cargo xtask serve`, `cargo xtask test` and what they are made of.
//!
//! A command is a row in [`COMMANDS`] and a file of its own. Nothing here is part of the page, and
//! nothing in `core`, `web` or `tests` may depend on it.

mod bench;
mod browser;
mod first_visit;
mod golden;
mod lessons;
mod measure;
mod page;
mod run;
mod schema;
mod serve;
mod setup;
mod size;
mod split;
mod style;
mod test;
mod wasm;

use std::process::ExitCode;

/// What a command answers: nothing, or one sentence for the person who typed it.
type Outcome = Result<(), String>;

/// A command, given the words after its name.
type Command = fn(&[String]) -> Outcome;

/// One row per command: its name, what it does in one line, and the function.
const COMMANDS: &[(&str, &str, Command)] = &[
    ("serve", "build the page and serve it: serve [--port N]", serve::main),
    ("test", "every check, or those named: test [--list] [STEP…]", test::main),
    ("setup", "install what serve and test need", setup::main),
    ("build", "build the page into dist: build [--whole]", page::main),
    ("lessons", "write the lessons that the page fetches into dist/lessons", lessons::main),
    ("bench", "what Pods cost as clusters grow: bench [--wasm] [SCENARIO…]", bench::main),
    ("measure", "how quick the built page is: measure [frames] [memory] [PODS…]", measure::main),
    ("golden", "make the links of this version that later ones must still open", golden::main),
    ("size", "what the first visit downloads", size::main),
    ("first-visit", "find out anew what the first visit runs, by which the wasm is split", first_visit::main),
    ("schema", "write core/data anew from a cluster's definitions: schema FOLDER", schema::main),
];

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let name = words.next().unwrap_or_default();
    let rest: Vec<String> = words.collect();
    let Some((_, _, command)) = COMMANDS.iter().find(|row| row.0 == name) else {
        eprintln!("usage: cargo xtask COMMAND\n");
        for (name, what, _) in COMMANDS {
            eprintln!("  {name:11} {what}");
        }
        return ExitCode::from(if name.is_empty() || name == "help" { 0 } else { 2 });
    };
    match command(&rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("xtask {name}: {sentence}");
            ExitCode::FAILURE
        }
    }
}
