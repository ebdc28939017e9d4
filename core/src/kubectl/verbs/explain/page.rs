//! The page that `explain` prints. Models kubectl `pkg/explain/v2/templates/plaintext.tmpl`.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::node::Node;
use crate::api::registry::Resource;

/// How deep `--recursive` goes, and how much it prints.
const MAX_DEPTH: usize = 24;
const MAX_BYTES: usize = 600_000;

/// How many values a short list of values names.
const SHORT_LIST: usize = 4;

/// The page, and the field that is not there if the way leads nowhere.
pub(super) fn print(row: &Resource, root: &Node, path: &[&str], recursive: bool) -> (String, Option<String>) {
    let mut out = String::new();
    if !row.group.is_empty() {
        out.push_str(&format!("GROUP:      {}\n", row.group));
    }
    out.push_str(&format!("KIND:       {}\nVERSION:    {}\n\n", row.kind, row.version));
    let mut here = root.clone();
    for step in path {
        match here.field(step) {
            Some(next) => here = next,
            // The last field is named, whichever it was.
            None => return (out, path.last().map(ToString::to_string)),
        }
    }
    if let Some(name) = path.last() {
        out.push_str(&format!("FIELD: {name} <{}>\n", here.ty()));
        let allowed = here.allowed();
        if !allowed.is_empty() {
            out.push_str("ENUM:");
            allowed.iter().for_each(|value| out.push_str(&["\n    ", value].concat()));
        }
        out.push_str("\n\n");
    }
    out.push_str("DESCRIPTION:\n");
    match here.about(&row.kind) {
        about if about.is_empty() => out.push_str("    <empty>\n"),
        about => {
            wrapped(&about, 76).iter().for_each(|line| out.push_str(&["    ", line, "\n"].concat()));
            out.push_str("    \n");
        }
    }
    let fields = here.fields();
    if !fields.is_empty() {
        out.push_str("FIELDS:\n");
        let mut trail = here.struct_name().into_iter().collect();
        list(&here, &row.kind, recursive, 1, &mut trail, &mut out);
    }
    out.push('\n');
    (out, None)
}

/// The fields of a struct, and with `recursive` theirs.
fn list(parent: &Node, kind: &str, recursive: bool, depth: usize, trail: &mut Vec<&'static str>, out: &mut String) {
    let indent = "  ".repeat(depth);
    for (name, node) in parent.fields() {
        let required = if node.required(parent) { " -required-" } else { "" };
        out.push_str(&format!("{indent}{name}\t<{}>{required}\n", node.ty()));
        let allowed = node.allowed();
        if !allowed.is_empty() {
            let more = if allowed.len() > SHORT_LIST { ", ...." } else { "" };
            let short = allowed.get(..SHORT_LIST.min(allowed.len())).unwrap_or_default().join(", ");
            out.push_str(&format!("{indent}enum: {short}{more}\n"));
        }
        if !recursive {
            let about = match node.about(kind) {
                about if about.is_empty() => "<no description>".to_string(),
                about => about,
            };
            wrapped(&about, 78).iter().for_each(|line| out.push_str(&[&indent, "  ", line, "\n"].concat()));
            out.push('\n');
            continue;
        }
        let inner = node.struct_name();
        if depth >= MAX_DEPTH || out.len() > MAX_BYTES || inner.is_some_and(|inner| trail.contains(&inner)) {
            continue;
        }
        trail.extend(inner);
        list(&node, kind, recursive, depth + 1, trail, out);
        if inner.is_some() {
            trail.pop();
        }
    }
}

/// Text in lines of at most so many letters.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split(' ').filter(|word| !word.is_empty()) {
            if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
                lines.push(core::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}
