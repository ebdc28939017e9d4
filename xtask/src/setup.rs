//! What a fresh machine lacks: wasm targets, Trunk, wasm-bindgen, npm packages, a browser.
//!
//! Every function here looks first, says what it installs, and does nothing the second time. Tools go
//! to `target/tools` and packages to `node_modules`, both outside of what is committed.

use crate::run::{check, command, find, output_of, root, say};
use std::fs;

/// The Trunk that the page is built with.
const TRUNK_VERSION: &str = "0.21.14";
/// The targets of the page and of the check that the core needs no `std`.
const TARGETS: [&str; 2] = ["wasm32-unknown-unknown", "wasm32v1-none"];

/// `cargo xtask setup`: all of it.
///
/// # Errors
/// A sentence about what could not be installed.
pub fn main(_: &[String]) -> Result<(), String> {
    rust_targets()?;
    page_tools()?;
    npm_packages()?;
    crate::browser::chromium()?;
    say("everything is there");
    Ok(())
}

/// The rustup targets; a machine without rustup is taken to have them.
///
/// # Errors
/// Where rustup fails.
pub fn rust_targets() -> Result<(), String> {
    let Some(installed) = output_of("rustup", &["target", "list", "--installed"]) else {
        return Ok(());
    };
    for target in TARGETS {
        if !installed.lines().any(|line| line == target) {
            say(&format!("installing the Rust target {target}"));
            check(command("rustup").args(["target", "add", target]))?;
        }
    }
    for component in ["clippy", "rustfmt"] {
        if output_of("cargo", &[component.trim_start_matches("rust"), "--version"]).is_none() {
            say(&format!("installing {component}"));
            check(command("rustup").args(["component", "add", component]))?;
        }
    }
    Ok(())
}

/// Trunk and the wasm-bindgen of `Cargo.lock`.
///
/// # Errors
/// Where `cargo install` fails.
pub fn page_tools() -> Result<(), String> {
    let has = |program: &str| output_of(program, &["--version"]).unwrap_or_default();
    if !has("trunk").contains(" 0.21.") {
        install("trunk", TRUNK_VERSION, "0", true)?;
    }
    let wanted = locked_version("wasm-bindgen")?;
    let same = |program: &str| has(program).split_whitespace().nth(1) == Some(&wanted);
    if !same("wasm-bindgen") || !same("wasm-bindgen-test-runner") {
        install("wasm-bindgen-cli", &wanted, "1", false)?;
    }
    Ok(())
}

/// The npm packages of `package-lock.json`; again only when that file has changed.
///
/// # Errors
/// Where Node.js is missing and cannot be installed, or `npm ci` fails.
pub fn npm_packages() -> Result<(), String> {
    if find("node").is_none() || find("npm").is_none() {
        debian_package("Node.js and npm", &["nodejs", "npm"])?;
    }
    let lock = fs::read(root().join("package-lock.json")).map_err(|error| format!("package-lock.json: {error}"))?;
    let stamp = root().join("node_modules/.installed-from");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    say("installing the npm packages (npm ci)");
    check(command("npm").args(["ci", "--ignore-scripts", "--no-fund", "--no-audit"]).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))?;
    fs::write(&stamp, lock).map_err(|error| format!("{}: {error}", stamp.display()))
}

/// Installs packages of Debian where that can be done without asking, and says how otherwise.
///
/// # Errors
/// Elsewhere than on Debian as root, or where apt-get fails.
pub fn debian_package(what: &str, packages: &[&str]) -> Result<(), String> {
    let root_user = output_of("id", &["-u"]).is_some_and(|id| id.trim() == "0");
    if !root_user || find("apt-get").is_none() {
        return Err(format!("{what} is needed and was not found; on Debian: apt-get install {}", packages.join(" ")));
    }
    say(&format!("installing {what} (apt-get)"));
    check(command("apt-get").args(["update", "-q"]))?;
    check(
        command("apt-get").args(["install", "-y", "-q", "--no-install-recommends"]).args(packages).env("DEBIAN_FRONTEND", "noninteractive"),
    )
}

/// The version that `Cargo.lock` has of a package.
fn locked_version(package: &str) -> Result<String, String> {
    let lock = fs::read_to_string(root().join("Cargo.lock")).map_err(|error| format!("Cargo.lock: {error}"))?;
    let mut lines = lock.lines();
    let name = format!("name = \"{package}\"");
    lines
        .find(|line| *line == name)
        .and_then(|_| lines.next())
        .and_then(|line| line.strip_prefix("version = \"")?.strip_suffix('"'))
        .map(str::to_owned)
        .ok_or_else(|| format!("Cargo.lock has no package {package}"))
}

/// `cargo install` into `target/tools`, quick to compile rather than quick to run: Trunk only starts others.
fn install(package: &str, version: &str, opt_level: &str, locked: bool) -> Result<(), String> {
    say(&format!("installing {package} {version} under target/tools (once, a few minutes)"));
    let mut install = command("cargo");
    install.args(["install", package, "--version", version]);
    install.args(["--no-default-features", "--force", "--root"]);
    install.arg(root().join("target/tools"));
    if locked {
        install.arg("--locked");
    }
    for (setting, value) in [("OPT_LEVEL", opt_level), ("LTO", "off"), ("CODEGEN_UNITS", "16"), ("DEBUG", "0")] {
        install.env(format!("CARGO_PROFILE_RELEASE_{setting}"), value);
    }
    install.env_remove("CARGO_TARGET_DIR");
    check(&mut install)
}
