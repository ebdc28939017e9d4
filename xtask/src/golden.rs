//! `cargo xtask golden`: the links of this version, kept for all later ones.

use crate::run::{check, command};

/// Writes `tests/golden/links/VERSION.json` anew.
///
/// # Errors
/// When it does not build or run.
pub fn main(_: &[String]) -> Result<(), String> {
    check(command("cargo").args(["run", "--quiet", "-p", "kubepie-tests", "--bin", "golden"]))
}
