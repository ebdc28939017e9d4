//! Building the page: Trunk for wasm, glue and assets, then `wasm-opt` and a minifier over what it made.

use crate::run::{check, command, find, root, say};
use crate::{first_visit, lessons, setup, split, style};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The editor's file in [`dist`]: not for the first visit.
pub const EDITOR: &str = "editor.js";

/// Where the built page lies.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// `cargo xtask build`; with `--whole` the wasm is left in one piece and its functions keep their names, for profiling.
///
/// # Errors
/// A sentence about the tool that failed.
pub fn main(words: &[String]) -> Result<(), String> {
    if words.iter().any(|word| word == "--whole") { whole() } else { build() }
}

/// Builds the page into [`dist`].
///
/// # Errors
/// A sentence about the tool that failed.
pub fn build() -> Result<(), String> {
    whole()?;
    if find("node").is_some() { halve() } else { Ok(()) }
}

/// Builds the page with its wasm in one piece and its functions' names kept.
///
/// # Errors
/// A sentence about the tool that failed.
pub fn whole() -> Result<(), String> {
    setup::rust_targets()?;
    setup::page_tools()?;
    style::build()?;
    say("building the page (trunk build --release)");
    check(
        command("trunk")
            .args(["build", "--release", "--offline"])
            // Names that are the same from one build to the next, and what refers to what: the wasm is split by them.
            .env("RUSTFLAGS", "-C symbol-mangling-version=v0 -C link-arg=--emit-relocs")
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
    minify_inline()
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

/// The features of wasm that rustc emits today.
const FEATURES: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// `wasm-opt -Oz` in place, names kept.
fn shrink(file: &Path) -> Result<(), String> {
    say("making the wasm small (wasm-opt -Oz)");
    split::forget_linking(file)?;
    optimize(file, &["-Oz", "--one-caller-inline-max-function-size=60", "--debuginfo", "--strip-producers"])
}

/// Takes out what nothing refers to, and names; puts what has names in their order, in which it packs best.
fn strip(file: &Path, order: &[&str]) -> Result<(), String> {
    optimize(file, &[order, &["--remove-unused-module-elements", "--strip-debug", "--strip-producers"]].concat())
}

fn optimize(file: &Path, passes: &[&str]) -> Result<(), String> {
    let smaller = file.with_extension("smaller");
    check(command("wasm-opt").args(passes).args(FEATURES).arg(file).arg("-o").arg(&smaller))?;
    fs::rename(&smaller, file).map_err(|error| format!("{}: {error}", file.display()))
}

/// The page's wasm in [`dist`].
///
/// # Errors
/// Where there is none.
pub fn wasm() -> Result<PathBuf, String> {
    let is_wasm = |file: &PathBuf| file.extension().is_some_and(|end| end == "wasm");
    files(&dist())?.into_iter().find(is_wasm).ok_or_else(|| "dist has no wasm".to_owned())
}

/// Splits the wasm in two and tells the page where the second half is.
fn halve() -> Result<(), String> {
    let first = wasm()?;
    let rest = first.with_file_name(format!("rest-{}", first.file_name().unwrap_or_default().to_string_lossy()));
    let stays = first_visit::read()?;
    let imports = split::split(&first, &rest, &linked(), |name| stays.contains(&first_visit::mark(name)))?;
    rename(&imports)?;
    strip(&first, &["--reorder-functions-by-name"])?;
    strip(&rest, &[])?;
    let index = dist().join("index.html");
    let html = fs::read_to_string(&index).map_err(|error| format!("{}: {error}", index.display()))?;
    let name = rest.file_name().unwrap_or_default().to_string_lossy();
    let told = html.replacen("data-wasm=\"\"", &format!("data-wasm=\"./{name}\""), 1);
    if told == html {
        return Err("index.html has no place for the name of the second half (data-wasm)".to_owned());
    }
    fs::write(&index, told).map_err(|error| format!("{}: {error}", index.display()))
}

/// Does to the scripts that stand in index.html what [`minify`] does to those beside it.
fn minify_inline() -> Result<(), String> {
    let index = dist().join("index.html");
    let html = fs::read_to_string(&index).map_err(|error| format!("{}: {error}", index.display()))?;
    let script = root().join("target/inline.js");
    let mut small = String::with_capacity(html.len());
    let mut rest = html.as_str();
    while let Some((before, after)) = rest.split_once("<script>") {
        let (text, after) = after.split_once("</script>").ok_or("index.html has a script without an end")?;
        fs::write(&script, text).map_err(|error| format!("{}: {error}", script.display()))?;
        check(command("terser").args(["--compress", "--mangle", "--output"]).arg(&script).arg("--").arg(&script))?;
        let text = fs::read_to_string(&script).map_err(|error| format!("{}: {error}", script.display()))?;
        small.extend([before, "<script>", text.trim_end(), "</script>"]);
        rest = after;
    }
    small.push_str(rest);
    fs::write(&index, small).map_err(|error| format!("{}: {error}", index.display()))
}

/// What the linker made of the page's code.
fn linked() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    target.join("wasm32-unknown-unknown/page/kubepie-web.wasm")
}

/// Gives what the glue hands to the wasm the names that the wasm asks for.
fn rename(imports: &[(String, String)]) -> Result<(), String> {
    let short: BTreeMap<&str, &str> = imports.iter().map(|(old, new)| (old.as_str(), new.as_str())).collect();
    let glue = wasm()?;
    let name = glue.file_name().unwrap_or_default().to_string_lossy().replace("_bg.wasm", ".js");
    let glue = glue.with_file_name(name);
    let text = fs::read_to_string(&glue).map_err(|error| format!("{}: {error}", glue.display()))?;
    let (mut out, mut rest, mut renamed) = (String::with_capacity(text.len()), text.as_str(), 0);
    let in_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    while let Some(at) = rest.find("__wb") {
        let (before, from) = rest.split_at(at);
        let (name, after) = from.split_at(from.find(|c| !in_name(c)).unwrap_or(from.len()));
        let key = after.starts_with([':', '(']) && before.ends_with([',', '{']);
        let new = short.get(name).filter(|_| key);
        renamed += usize::from(new.is_some());
        out.extend([before, new.unwrap_or(&name)]);
        rest = after;
    }
    out.push_str(rest);
    if renamed != imports.len() {
        return Err(format!("the glue hands over {renamed} of the {} functions that the wasm imports", imports.len()));
    }
    fs::write(&glue, out).map_err(|error| format!("{}: {error}", glue.display()))
}

/// Takes the spaces and long names out of the glue, in place.
fn minify(file: &Path) -> Result<(), String> {
    check(command("terser").args(["--module", "--compress", "--mangle", "--output"]).arg(file).arg("--").arg(file))
}
