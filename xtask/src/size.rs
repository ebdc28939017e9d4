//! What the first visit downloads until the page is there: every file of `dist` that it takes, as brotli makes it, against
//! the budget; and what comes after it.

use crate::run::command;
use crate::{page, setup};

/// The budget of the first visit, in bytes.
const BUDGET_BYTES: u64 = 400_000;

/// Where the first visit stands today, rounded up, in bytes: it may only get smaller until it is the budget.
const CEILING_BYTES: u64 = 270_000;

/// Parts of the names of files that come later: while the page is being read, or when they are asked for.
const LATER: &[&str] = &["/dist/rest-", "/dist/editor.js", "/dist/lessons/"];

/// Node.js has brotli; this prints one line per file: compressed size, size, name.
const SCRIPT: &str = r#"
const { brotliCompressSync, constants } = require("node:zlib");
const { readFileSync } = require("node:fs");
for (const file of process.argv.slice(1)) {
  const bytes = readFileSync(file);
  const small = brotliCompressSync(bytes, { params: {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 22,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
  console.log(small.length + "\t" + bytes.length + "\t" + file);
}"#;

/// `cargo xtask size`: a list of the files of a built page and their sum.
///
/// # Errors
/// Where there is no page, or it is over the budget.
pub fn main(_: &[String]) -> Result<(), String> {
    report()
}

/// Prints the list; an error where the sum is over the budget.
///
/// # Errors
/// Where there is no page, or it is over the budget.
pub fn report() -> Result<(), String> {
    setup::npm_packages()?;
    let files = page::files(&page::dist()).map_err(|error| format!("there is no page yet (cargo xtask build): {error}"))?;
    let is_lesson = |file: &&std::path::PathBuf| file.to_string_lossy().contains("/dist/lessons/");
    let files: Vec<_> = files.iter().filter(|file| !is_lesson(file)).collect();
    let output = command("node").args(["-e", SCRIPT]).args(&files).output().map_err(|error| format!("cannot run node: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let (mut sum, mut later) = (0u64, Vec::new());
    println!("{:>9} {:>9}  file", "brotli", "bytes");
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let mut fields = line.split('\t');
        let small: u64 = fields.next().and_then(|n| n.parse().ok()).unwrap_or(0);
        let bytes = fields.next().unwrap_or_default();
        let path = fields.next().unwrap_or_default();
        let name = path.rsplit_once("/dist/").map_or(path, |(_, name)| name);
        let row = format!("{small:>9} {bytes:>9}  {name}");
        if LATER.iter().any(|part| path.contains(part)) {
            later.push(row);
        } else {
            println!("{row}");
            sum = sum.saturating_add(small);
        }
    }
    println!("{sum:>9}            first visit; budget {BUDGET_BYTES}");
    println!("later:\n{}", later.join("\n"));
    if sum > BUDGET_BYTES {
        println!("over the budget by {} bytes", sum - BUDGET_BYTES);
    }
    if sum > CEILING_BYTES {
        return Err(format!("the first visit downloads {sum} bytes, {} over what it was", sum - CEILING_BYTES));
    }
    Ok(())
}
