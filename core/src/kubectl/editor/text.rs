//! The text in the editor: its header, comments and what is left without them.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::Mode;
use crate::text::{json, yaml};

const HEADER: &str = "# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
";
const HEADER_LAST_APPLIED: &str = "# Please edit the 'last-applied-configuration' annotations below.
# Lines beginning with a '#' will be ignored, and an empty file will abort the edit.
#
";

/// Why a file is opened once more.
#[derive(Clone, Debug)]
pub(super) struct Reason {
    /// What is wrong.
    pub head: String,
    /// The fields that are wrong.
    pub fields: Vec<String>,
}

/// What stands above the object.
pub(super) fn header(mode: Mode, reasons: &[Reason]) -> String {
    let mut text = String::from(if mode == Mode::LastApplied { HEADER_LAST_APPLIED } else { HEADER });
    for reason in reasons {
        let end = if reason.fields.is_empty() { "\n" } else { ":\n" };
        text.push_str(&["# ", &commented(&reason.head), end].concat());
        for field in &reason.fields {
            text.push_str(&["# * ", &commented(field), "\n"].concat());
        }
        text.push_str("#\n");
    }
    text
}

/// Text of several lines, each behind a `#`.
fn commented(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        out.push(c);
        if c == '\n' && rest.peek().is_some_and(|next| *next != '#') {
            out.push_str("# ");
        }
    }
    out
}

/// The text without lines that are comments.
pub(super) fn without_comments(text: &str) -> String {
    let comment = |line: &&str| line.trim().starts_with('#') && !line.trim().starts_with("#!");
    text.split_inclusive('\n').filter(|line| !comment(line)).collect()
}

/// What counts when two texts are compared: the values, or the text itself where it cannot be read.
pub(super) fn content(text: &str) -> String {
    match yaml::parse(text) {
        Ok(value) => json::compact(&value),
        Err(_) => without_comments(text),
    }
}

/// Whether anything but blanks and comments is there.
pub(super) fn has_lines(text: &str) -> bool {
    text.lines().map(str::trim).any(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The text with the line ends of Windows.
pub(super) fn crlf(text: &str) -> String {
    text.replace('\n', "\r\n").to_string()
}
