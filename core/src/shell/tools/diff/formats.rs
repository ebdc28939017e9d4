//! How differences are written: unified, and as plain `diff` does.

use alloc::string::String;
use alloc::vec::Vec;

use super::edits::{Edit, edits, hunks};

/// The lines of a text; the last may lack its newline.
fn split(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// A unified diff without its two title lines; empty if nothing differs.
pub fn unified(old: &str, new: &str, context: usize) -> String {
    let (old_lines, new_lines) = (split(old), split(new));
    let edits = edits(&old_lines, &new_lines);
    let mut out = String::new();
    for (from, to) in hunks(&edits, context) {
        let hunk = edits.get(from..to).unwrap_or_default();
        let before = edits.get(..from).unwrap_or_default();
        let count = |list: &[Edit], old: bool| {
            list.iter().filter(|edit| !matches!((edit, old), (Edit::Insert(_), true) | (Edit::Delete(_), false))).count()
        };
        let range = |old: bool| {
            let (start, length) = (count(before, old), count(hunk, old));
            match length {
                0 => alloc::format!("{start},0"),
                1 => alloc::format!("{}", start + 1),
                _ => alloc::format!("{},{length}", start + 1),
            }
        };
        out.push_str(&alloc::format!("@@ -{} +{} @@\n", range(true), range(false)));
        for edit in hunk {
            let (sign, line) = match edit {
                Edit::Keep(at, _) => (' ', old_lines.get(*at)),
                Edit::Delete(at) => ('-', old_lines.get(*at)),
                Edit::Insert(at) => ('+', new_lines.get(*at)),
            };
            push(&mut out, &String::from(sign), line.copied().unwrap_or_default());
        }
    }
    out
}

pub(super) fn push(out: &mut String, sign: &str, line: &str) {
    out.push_str(sign);
    out.push_str(line);
    if !line.ends_with('\n') {
        out.push_str("\n\\ No newline at end of file\n");
    }
}

pub(super) fn normal(old: &str, new: &str) -> String {
    let (old_lines, new_lines) = (split(old), split(new));
    let edits = edits(&old_lines, &new_lines);
    let mut out = String::new();
    for (from, to) in hunks(&edits, 0) {
        let (mut gone, mut come): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
        for edit in edits.get(from..to).unwrap_or_default() {
            match edit {
                Edit::Delete(at) => gone.push(*at),
                Edit::Insert(at) => come.push(*at),
                Edit::Keep(..) => {}
            }
        }
        let before = edits.get(..from).unwrap_or_default();
        let passed = |insert: bool| {
            before.iter().filter(|edit| !matches!((edit, insert), (Edit::Insert(_), false) | (Edit::Delete(_), true))).count()
        };
        let range = |list: &[usize], insert: bool| match (list.first(), list.last()) {
            (Some(first), Some(last)) if first != last => alloc::format!("{},{}", first + 1, last + 1),
            (Some(first), _) => alloc::format!("{}", first + 1),
            _ => alloc::format!("{}", passed(insert)),
        };
        let letter = match (gone.is_empty(), come.is_empty()) {
            (true, _) => 'a',
            (_, true) => 'd',
            _ => 'c',
        };
        out.push_str(&alloc::format!("{}{letter}{}\n", range(&gone, false), range(&come, true)));
        for at in &gone {
            push(&mut out, "< ", old_lines.get(*at).copied().unwrap_or_default());
        }
        if letter == 'c' {
            out.push_str("---\n");
        }
        for at in &come {
            push(&mut out, "> ", new_lines.get(*at).copied().unwrap_or_default());
        }
    }
    out
}
