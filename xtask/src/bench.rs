//! `cargo xtask bench`: what Pods cost, in a release build.

use crate::run::{check, command};

/// Builds and runs the benchmark; words choose scenarios by a part of their names.
///
/// # Errors
/// When it does not build or run.
pub fn main(words: &[String]) -> Result<(), String> {
    check(command("cargo").args(["run", "--quiet", "--release", "-p", "kubepie-tests", "--bin", "bench", "--"]).args(words))
}
