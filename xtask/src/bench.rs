//! `cargo xtask bench`: what Pods cost, in a release build; with `--wasm` as the page is built, in Node.js.

use crate::run::{check, command, output_of, root};

/// The target that can print and tell the time without a page around it.
const WASI: &str = "wasm32-wasip1";

/// Builds and runs the benchmark; words choose scenarios by a part of their names.
///
/// # Errors
/// When it does not build or run.
pub fn main(words: &[String]) -> Result<(), String> {
    let scenarios: Vec<&String> = words.iter().filter(|word| *word != "--wasm").collect();
    if scenarios.len() < words.len() {
        return in_wasm(&scenarios);
    }
    check(command("cargo").args(["run", "--quiet", "--release", "-p", "kubepie-tests", "--bin", "bench", "--"]).args(scenarios))
}

fn in_wasm(scenarios: &[&String]) -> Result<(), String> {
    if output_of("rustup", &["target", "list", "--installed"]).is_some_and(|all| !all.lines().any(|line| line == WASI)) {
        check(command("rustup").args(["target", "add", WASI]))?;
    }
    let target = std::env::var("CARGO_TARGET_DIR").map_or_else(|_| root().join("target"), Into::into);
    check(command("cargo").args(["build", "--quiet", "--profile", "page", "-p", "kubepie-tests", "--bin", "bench", "--target", WASI]))?;
    let built = target.join(WASI).join("page").join("bench.wasm");
    // Node.js 20 may crash when a call of minutes returns to functions whose bytecode has been flushed meanwhile.
    let flags = ["--no-warnings", "--no-flush-bytecode"];
    check(command("node").args(flags).arg("xtask/data/wasi.mjs").arg(built).args(scenarios))
}
