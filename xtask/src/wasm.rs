//! Native against wasm: both replay the same logs and must come to the same hash.
//!
//! The native hashes are given to the wasm test when it is compiled, as an environment variable.

use crate::run::{check_lines, command};
use crate::setup;
use crate::test::Tally;

/// Builds and runs `tests/tests/wasm.rs` in Node.js.
///
/// # Errors
/// Where a tool is missing or a hash differs.
pub fn agrees(tally: &mut Tally) -> Result<(), String> {
    setup::rust_targets()?;
    setup::page_tools()?;
    let hashes = native_hashes()?;
    let runner = command("wasm-bindgen-test-runner");
    check_lines(
        command("cargo")
            .args(["test", "--package", "kubepie-tests", "--test", "wasm"])
            .args(["--target", "wasm32-unknown-unknown"])
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner.get_program())
            .env("KUBEPIE_NATIVE_HASHES", hashes),
        |line| tally.cargo_line(line),
    )
}

/// What the native engine comes to, one hash per log, separated by spaces.
fn native_hashes() -> Result<String, String> {
    let output = command("cargo")
        .args(["run", "--quiet", "--package", "kubepie-tests"])
        .args(["--bin", "replay", "--", "--hash"])
        .output()
        .map_err(|error| format!("cannot run cargo: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let hashes = String::from_utf8_lossy(&output.stdout);
    Ok(hashes.split_whitespace().collect::<Vec<_>>().join(" "))
}
