//! `cargo xtask test`: every check that a change must pass, as a table of steps.
//!
//! A step counts the tests it ran where it runs tests, and itself where it does not. The last line
//! says `N passed, N failed`; all steps run even where an earlier one failed.

use crate::run::{check, check_lines, command, say};
use crate::{browser, first_visit, setup, size, wasm};
use std::time::Instant;

type Step = fn(&mut Tally) -> Result<(), String>;

/// One row per step: its name, what it shows, and the function.
const STEPS: &[(&str, &str, Step)] = &[
    ("format", "the code is formatted", format),
    ("lint", "clippy has nothing to say", lint),
    ("bare", "the core needs no operating system", bare),
    ("native", "the tests of every package", native),
    ("wasm", "wasm replays as native does", wasm::agrees),
    ("page", "the page builds, and its first half draws it", |_| first_visit::build()),
    ("size", "the first visit is within its budget", |_| size::report()),
    ("browser", "the page works in Chromium", browser::specs),
];

/// How many tests passed and failed.
#[derive(Default)]
pub struct Tally {
    passed: u64,
    failed: u64,
}

impl Tally {
    /// Takes one line that `cargo test` printed: `test result: ok. 3 passed; 0 failed; …`.
    pub fn cargo_line(&mut self, line: &str) {
        if let Some(counts) = line.trim().strip_prefix("test result: ") {
            self.passed += number_before(counts, " passed");
            self.failed += number_before(counts, " failed");
        }
    }

    /// Takes one line that Playwright printed: `  3 passed (4.0s)`.
    pub fn playwright_line(&mut self, line: &str) {
        let mut words = line.split_whitespace();
        let count = words.next().and_then(|word| word.parse::<u64>().ok());
        match (count, words.next()) {
            (Some(count), Some("passed")) => self.passed += count,
            (Some(count), Some("failed" | "flaky" | "interrupted")) => self.failed += count,
            _ => {}
        }
    }
}

/// The number that stands before a word, or 0.
fn number_before(text: &str, word: &str) -> u64 {
    text.split(word)
        .next()
        .filter(|before| before.len() < text.len())
        .and_then(|before| before.rsplit(|c: char| !c.is_ascii_digit()).next())
        .and_then(|digits| digits.parse().ok())
        .unwrap_or(0)
}

/// `cargo xtask test [--list] [STEP…]`.
///
/// # Errors
/// Where a step failed, or there is none of that name.
pub fn main(args: &[String]) -> Result<(), String> {
    if args.iter().any(|arg| arg == "--list") {
        for (name, what, _) in STEPS {
            println!("{name:8} {what}");
        }
        return Ok(());
    }
    if let Some(unknown) = args.iter().find(|arg| !STEPS.iter().any(|(name, ..)| name == arg)) {
        return Err(format!("there is no step {unknown}; see test --list"));
    }
    setup::rust_targets()?;
    let mut tally = Tally::default();
    let mut times = Vec::new();
    for (name, what, step) in STEPS {
        if args.is_empty() || args.iter().any(|arg| arg == name) {
            say(&format!("{name}: {what}"));
            let began = Instant::now();
            let counted = tally.passed + tally.failed;
            let failed = tally.failed;
            let verdict = step(&mut tally);
            match &verdict {
                Ok(()) if tally.passed + tally.failed == counted => tally.passed += 1,
                Err(_) if tally.failed == failed => tally.failed += 1,
                _ => {}
            }
            if let Err(sentence) = &verdict {
                eprintln!("{name}: {sentence}");
            }
            times.push((*name, verdict.is_ok(), began.elapsed().as_secs_f64()));
        }
    }
    println!();
    for (name, well, seconds) in &times {
        let verdict = if *well { "ok" } else { "FAILED" };
        println!("{name:8} {seconds:7.1} s  {verdict}");
    }
    println!("{} passed, {} failed", tally.passed, tally.failed);
    if times.iter().all(|(_, well, _)| *well) { Ok(()) } else { Err("not everything passed".to_owned()) }
}

fn format(_: &mut Tally) -> Result<(), String> {
    check(command("cargo").args(["fmt", "--all", "--check"]))
}

fn lint(_: &mut Tally) -> Result<(), String> {
    check(command("cargo").args(["clippy", "--workspace", "--exclude", "kubepie-web"]).args([
        "--all-targets",
        "--",
        "--deny",
        "warnings",
    ]))?;
    check(
        command("cargo")
            .args(["clippy", "--package", "kubepie-web"])
            .args(["--target", "wasm32-unknown-unknown"])
            .args(["--", "--deny", "warnings"]),
    )
}

fn bare(_: &mut Tally) -> Result<(), String> {
    check(command("cargo").args(["check", "--package", "kubepie-core"]).args(["--target", "wasm32v1-none"]))
}

fn native(tally: &mut Tally) -> Result<(), String> {
    check_lines(command("cargo").args(["test", "--workspace", "--no-fail-fast"]), |line| tally.cargo_line(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_from_what_the_tools_print() {
        let mut tally = Tally::default();
        tally.cargo_line("test result: FAILED. 12 passed; 3 failed; 0 ignored; 0 measured");
        tally.cargo_line("running 4 tests");
        tally.playwright_line("  5 passed (12.3s)");
        tally.playwright_line("  1 flaky");
        assert_eq!((tally.passed, tally.failed), (17, 4));
    }
}
