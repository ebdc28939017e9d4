//! Splitting the page's wasm in two: what the first visit runs, and the rest, which is fetched when it is called.
//!
//! The first half keeps every function's number. A function that moved out leaves a stub where something in the first
//! half calls it: the stub has the page fetch the second half if it is not there yet (`index.html`), then calls through
//! a table that the second half fills when it is instantiated. So any choice of functions is right; only the size of
//! the first visit depends on it. Never: which functions those are (`first_visit`).

mod data;
mod first;
mod parts;
mod rest;

use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;
use std::path::Path;

use data::Linked;
pub use parts::Parts;

use crate::run::say;

/// The import that fetches the second half, as it is called in the page's code.
const FETCH: &str = "loadRest";

/// About what a stub costs, with its slot in the table and its entry in the second half.
const STUB_BYTES: usize = 40;

/// Splits a wasm file that has names: writes the first half over it and the second half to `rest`.
/// `linked` is the file that the linker made it of, `stays` says by name whether a function stays. Constant data that only
/// functions of the second half refer to goes with them. Answers the names of imports, old and new.
///
/// # Errors
/// A sentence where the file is not what the page's compiler makes.
pub fn split(file: &Path, rest: &Path, linked: &Path, stays: impl Fn(&str) -> bool) -> Result<Vec<(String, String)>, String> {
    let bytes = fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let parts = Parts::read(&bytes)?;
    let fetch = parts.import_named(FETCH).ok_or_else(|| format!("the page's wasm does not import {FETCH}"))?;
    let mut leaves: BTreeSet<u32> = parts.defined().filter(|number| !stays(parts.name(*number))).collect();
    keep_what_begins(&parts, &mut leaves)?;
    loop {
        let before = leaves.len();
        keep_varying_parts_whole(&parts, &mut leaves)?;
        keep_what_is_smaller_than_a_stub(&parts, &mut leaves)?;
        if leaves.len() == before {
            break;
        }
    }
    let stubs = parts.called_from_outside(&leaves)?;
    let linked = fs::read(linked).map_err(|error| format!("{}: {error}", linked.display()))?;
    let linked = Linked::read(&linked)?;
    if !linked.agrees(&parts) {
        return Err(sentence("it is not what the linker wrote"));
    }
    let leaving = linked.leaving(&parts, &leaves)?;
    let first = first::make(&parts, &leaves, &leaving, &stubs, fetch)?;
    let second = rest::make(&parts, &leaves, &leaving, &stubs)?;
    let all = parts.defined().count();
    let bytes = |range: &Range<u32>| range.end - range.start;
    say(&format!(
        "splitting the wasm: {} functions come with the page, {} later, with {} bytes of data",
        all - leaves.len(),
        leaves.len(),
        leaving.iter().map(bytes).sum::<u32>()
    ));
    fs::write(file, first).map_err(|error| format!("{}: {error}", file.display()))?;
    fs::write(rest, second).map_err(|error| format!("{}: {error}", rest.display()))?;
    Ok((0..).zip(&parts.imports).map(|(number, (_, name))| ((*name).to_owned(), first::short(number))).collect())
}

/// Functions that run before the page knows its first half, and so could not have the second fetched.
const BEGIN: &[&str] = &["main", "kubepie_web::main", "std::rt::lang_start", "std::sys::backtrace::__rust_begin_short_backtrace"];

/// How many calls away from those a function may be: it is `main` that ends by drawing the page.
const CALLS: usize = 4;

/// Keeps what runs before the page knows its first half, whatever the list says: but for what ends it.
fn keep_what_begins(parts: &Parts<'_>, leaves: &mut BTreeSet<u32>) -> Result<(), String> {
    let name = |number: u32| without_numbers(parts.name(number).trim_start_matches(['<', '&']));
    let begins = |number: &u32| {
        let (name, plain) = (name(*number), parts.name(*number).matches("::").count() <= 1);
        BEGIN.iter().any(|part| name == *part && plain || part.starts_with("std::") && name.starts_with(part))
    };
    let mut now: BTreeSet<u32> = parts.defined().filter(begins).collect();
    for _ in 0..=CALLS {
        leaves.retain(|number| !now.contains(number));
        let mut next = BTreeSet::new();
        for function in now {
            next.extend(
                parts.calls(function)?.into_iter().filter(|called| !name(*called).contains("panic") && !name(*called).contains("error")),
            );
        }
        now = next;
    }
    Ok(())
}

/// Parts of libraries whose paths no visit shows all of: which of them run depends on sizes, hashes, roundings and on what
/// was freed before.
const VARYING: &[&str] = &[
    "alloc::collections::",
    "alloc::raw_vec::",
    "alloc::string::",
    "alloc::vec::",
    "compiler_builtins::",
    "core::fmt::float",
    "core::fmt::num",
    "core::hash::",
    "core::num::",
    "core::slice::",
    "dlmalloc::",
    "hashbrown::",
    "std::alloc",
    "std::hash",
    "std::sys::alloc",
    "wasm_bindgen::",
];

/// Keeps what a function of such a part calls in such parts where that function stays.
fn keep_varying_parts_whole(parts: &Parts<'_>, leaves: &mut BTreeSet<u32>) -> Result<(), String> {
    let varies = |number: u32| {
        let name = without_numbers(parts.name(number).trim_start_matches(['<', '&']));
        VARYING.iter().any(|part| name.starts_with(part))
    };
    let mut to_see: Vec<u32> = parts.defined().filter(|number| !leaves.contains(number) && varies(*number)).collect();
    while let Some(function) = to_see.pop() {
        for called in parts.calls(function)? {
            if leaves.contains(&called) && varies(called) {
                leaves.remove(&called);
                to_see.push(called);
            }
        }
    }
    Ok(())
}

/// The beginning of a name, without the numbers of crates: `core[12ab]::num` is `core::num`.
fn without_numbers(name: &str) -> String {
    name.split('[').map(|part| part.split_once(']').map_or(part, |(_, after)| after)).take(2).collect()
}

/// Keeps functions whose stub would be as long as they are.
fn keep_what_is_smaller_than_a_stub(parts: &Parts<'_>, leaves: &mut BTreeSet<u32>) -> Result<(), String> {
    for function in leaves.clone() {
        let small = parts.body(function).is_some_and(|body| body.as_bytes().len() <= STUB_BYTES);
        let calls = parts.calls(function)?;
        if small && calls.iter().all(|called| *called == function || !leaves.contains(called)) {
            leaves.remove(&function);
        }
    }
    Ok(())
}

/// Has every function note in memory that it was called. Answers where in memory the notes begin, one byte each
/// in the order of the functions, and the functions' names.
///
/// # Errors
/// A sentence where the file is not what the page's compiler makes.
pub fn instrument(file: &Path) -> Result<(u64, Vec<String>), String> {
    let bytes = fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let parts = Parts::read(&bytes)?;
    let (watched, base) = first::watch(&parts)?;
    let names = parts.defined().map(|number| parts.name(number).to_owned()).collect();
    fs::write(file, watched).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok((base, names))
}

/// Takes out of a wasm file what the linker wrote for other linkers: it is true no longer once the file is changed.
///
/// # Errors
/// A sentence where the file is no wasm.
pub fn forget_linking(file: &Path) -> Result<(), String> {
    let bytes = fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let mut module = wasm_encoder::Module::new();
    for payload in wasmparser::Parser::new(0).parse_all(&bytes) {
        let payload = payload.map_err(sentence)?;
        let name = if let wasmparser::Payload::CustomSection(custom) = &payload { custom.name() } else { "" };
        if let Some((id, range)) = payload.as_section().filter(|_| name != "linking" && !name.starts_with("reloc.")) {
            let place = |at: u64| usize::try_from(at).map_err(sentence);
            let data = bytes.get(place(range.start)?..place(range.end)?).unwrap_or_default();
            module.section(&wasm_encoder::RawSection { id, data });
        }
    }
    fs::write(file, module.finish()).map_err(|error| format!("{}: {error}", file.display()))
}

/// What went wrong while reading or writing wasm, as a sentence.
fn sentence(error: impl std::fmt::Display) -> String {
    format!("the page's wasm cannot be split: {error}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_lose_the_numbers_of_crates() {
        assert_eq!(super::without_numbers("core[12ab]::num::flt2dec"), "core::num::flt2dec");
        assert_eq!(super::without_numbers("memcpy"), "memcpy");
    }
}
