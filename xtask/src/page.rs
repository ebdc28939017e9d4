//! Building the page: Trunk for wasm, glue and assets, then `wasm-opt` and a minifier over what it made.

use crate::run::{check, command, find, root, say};
use crate::{lessons, setup, style};
use std::fs;
use std::path::{Path, PathBuf};

/// The editor's file in [`dist`]: not for the first visit.
pub const EDITOR: &str = "editor.js";

/// Where the built page lies.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// `cargo xtask build`.
///
/// # Errors
/// A sentence about the tool that failed.
pub fn main(_: &[String]) -> Result<(), String> {
    build()
}

/// Builds the page into [`dist`].
///
/// # Errors
/// A sentence about the tool that failed.
pub fn build() -> Result<(), String> {
    setup::rust_targets()?;
    setup::page_tools()?;
    style::build()?;
    say("building the page (trunk build --release)");
    check(
        command("trunk")
            .args(["build", "--release", "--offline"])
            // Trunk reads NO_COLOR as true or false and fails on 1.
            .env_remove("NO_COLOR"),
    )?;
    lessons::build()?;
    if find("node").is_none() && setup::npm_packages().is_err() {
        say("Node.js was not found: the page works, but wasm-opt has not made it small");
        return Ok(());
    }
    setup::npm_packages()?;
    editor()?;
    for file in files(&dist())? {
        match file.extension().and_then(|end| end.to_str()) {
            Some("wasm") => shrink(&file)?,
            Some("js") if !file.ends_with(EDITOR) => minify(&file)?,
            _ => {}
        }
    }
    Ok(())
}

/// Bundles the editor of files into one file beside the page, which loads it when a file is first opened.
fn editor() -> Result<(), String> {
    say("bundling the editor (esbuild)");
    check(
        command("esbuild")
            .arg(root().join("web/editor/editor.js"))
            .args(["--bundle", "--minify", "--format=iife", "--target=es2022", "--legal-comments=eof", "--log-level=warning"])
            .arg(format!("--outfile={}", dist().join(EDITOR).display())),
    )
}

/// All files below a folder, sorted.
///
/// # Errors
/// Where the folder cannot be read.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// `wasm-opt -Oz` in place. The features are those that rustc emits today.
fn shrink(file: &Path) -> Result<(), String> {
    say("making the wasm small (wasm-opt -Oz)");
    let smaller = file.with_extension("smaller");
    check(
        command("wasm-opt")
            .args(["-Oz", "--strip-debug", "--strip-producers"])
            .args([
                "--enable-bulk-memory",
                "--enable-nontrapping-float-to-int",
                "--enable-sign-ext",
                "--enable-mutable-globals",
                "--enable-reference-types",
                "--enable-multivalue",
            ])
            .arg(file)
            .arg("-o")
            .arg(&smaller),
    )?;
    fs::rename(&smaller, file).map_err(|error| format!("{}: {error}", file.display()))
}

/// Takes the spaces and long names out of the glue, in place.
fn minify(file: &Path) -> Result<(), String> {
    check(command("terser").args(["--module", "--compress", "--mangle", "--output"]).arg(file).arg("--").arg(file))
}
