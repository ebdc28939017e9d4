//! Which functions of the page's wasm the first visit runs, found by a visit: `web/first-visit.txt`.
//!
//! The list holds a mark per function, made from its name. A function that it does not know comes with the second
//! half, so an old list never breaks the page, but draws it late. `cargo xtask test` therefore asks the page it built
//! ([`is_drawn_by_half`]), and finds the list anew where it has grown old. Never: how the wasm is split (`split`).

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::run::{command, root, say};
use crate::{browser, page, serve, setup, split};

/// The list.
fn list() -> PathBuf {
    root().join("web/first-visit.txt")
}

/// The marks of the list.
///
/// # Errors
/// Where it cannot be read.
pub fn read() -> Result<BTreeSet<u32>, String> {
    let text = fs::read_to_string(list()).map_err(|error| format!("{}: {error}", list().display()))?;
    Ok(text.split_whitespace().filter_map(|mark| u32::from_str_radix(mark, 16).ok()).collect())
}

/// The mark of a function: FNV-1a over its name without the numbers of crates.
#[must_use]
pub fn mark(name: &str) -> u32 {
    let mut mark = 0x811c_9dc5_u32;
    let mut inside = false;
    for byte in name.bytes() {
        match byte {
            b'[' => inside = true,
            b']' => inside = false,
            _ if !inside => mark = (mark ^ u32::from(byte)).wrapping_mul(0x0100_0193),
            _ => {}
        }
    }
    mark
}

/// `cargo xtask first-visit`: builds a page that notes what it runs, visits it as a newcomer does, and writes the list.
///
/// # Errors
/// A sentence about what failed.
pub fn main(_: &[String]) -> Result<(), String> {
    setup::npm_packages()?;
    let chromium = browser::chromium()?;
    page::whole()?;
    let (base, names) = split::instrument(&page::wasm()?)?;
    let port = serve::in_background()?;
    say("visiting the page");
    let printed = node(
        command("node")
            .arg("xtask/data/first-visit.mjs")
            .env("CHROMIUM", chromium)
            .env("KUBEPIE_URL", format!("http://127.0.0.1:{port}/"))
            .env("NOTES_AT", base.to_string())
            .env("NOTES", names.len().to_string()),
    )?;
    let marks: BTreeSet<u32> =
        names.iter().zip(printed.trim().bytes()).filter(|(_, called)| *called == b'1').map(|(name, _)| mark(name)).collect();
    if marks.is_empty() {
        return Err("the visit ran nothing".to_owned());
    }
    let mut text = String::new();
    for (place, mark) in marks.iter().enumerate() {
        let end = if place % 16 == 15 { '\n' } else { ' ' };
        let _ = write!(text, "{mark:08x}{end}");
    }
    fs::write(list(), text.trim_end().to_owned() + "\n").map_err(|error| format!("{}: {error}", list().display()))?;
    say(&format!("{} of {} functions ran", marks.len(), names.len()));
    page::build()
}

/// What a program of Node.js printed.
fn node(program: &mut Command) -> Result<String, String> {
    let output = program.output().map_err(|error| format!("cannot run node: {error}"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// Whether the built page is drawn, wide and on a phone, while its second half is kept from it.
///
/// # Errors
/// Where there is no page or no browser.
fn is_drawn_by_half() -> Result<bool, String> {
    setup::npm_packages()?;
    let chromium = browser::chromium()?;
    let port = serve::in_background()?;
    let printed = node(
        command("node").arg("xtask/data/first-half.mjs").env("CHROMIUM", chromium).env("KUBEPIE_URL", format!("http://127.0.0.1:{port}/")),
    )?;
    Ok(printed.trim() == "drawn")
}

/// Builds the page, and where the list has grown old, the list and the page once more.
///
/// # Errors
/// A sentence about what failed, also where the page needs its second half to be drawn whatever the list says.
pub fn build() -> Result<(), String> {
    page::build()?;
    if is_drawn_by_half()? {
        return Ok(());
    }
    say("web/first-visit.txt is old: the page needs its second half to be drawn; finding it anew (commit it)");
    main(&[])?;
    if is_drawn_by_half()? { Ok(()) } else { Err("the page is not drawn by its first half".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::mark;

    #[test]
    fn a_mark_does_not_know_the_numbers_of_crates() {
        assert_eq!(mark("kubepie_core[12ab]::text::json"), mark("kubepie_core[9f]::text::json"));
        assert_ne!(mark("kubepie_core[12ab]::text::json"), mark("kubepie_core[12ab]::text::yaml"));
    }
}
