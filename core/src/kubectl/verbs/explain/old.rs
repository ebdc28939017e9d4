//! The page of `explain --output plaintext-openapiv2`, as kubectl printed it before. Models kubectl `pkg/explain`.

use alloc::format;
use alloc::string::{String, ToString};

use super::node::Node;
use super::page::wrapped;
use crate::api::registry::Resource;

/// How deep `--recursive` goes, and how much it prints.
const MAX_DEPTH: usize = 24;
const MAX_BYTES: usize = 600_000;

/// The page, and the field that is not there if the way leads nowhere.
pub(super) fn print(row: &Resource, root: &Node, path: &[&str], recursive: bool) -> (String, Option<String>) {
    let mut here = root.clone();
    for step in path {
        match here.field(step) {
            Some(next) => here = next,
            None => return (String::new(), Some(step.to_string())),
        }
    }
    let mut out = format!("KIND:     {}\nVERSION:  {}\n\n", row.kind, row.api_version());
    let fields = here.fields();
    if let Some(name) = path.last() {
        let head = if fields.is_empty() { "FIELD:    " } else { "RESOURCE: " };
        out.push_str(&format!("{head}{name} <{}>\n\n", here.old_ty()));
    }
    out.push_str("DESCRIPTION:\n");
    let about = here.about(&row.kind);
    wrapped(if about.is_empty() { "<empty>" } else { &about }, 75).iter().for_each(|line| out.push_str(&["     ", line, "\n"].concat()));
    if !fields.is_empty() {
        out.push_str("\nFIELDS:\n");
        list(&here, &row.kind, recursive, 1, &mut out);
    }
    (out, None)
}

fn list(parent: &Node, kind: &str, recursive: bool, depth: usize, out: &mut String) {
    let indent = "   ".repeat(depth);
    for (name, node) in parent.fields() {
        let required = if node.required(parent) { " -required-" } else { "" };
        out.push_str(&format!("{indent}{name}\t<{}>{required}\n", node.old_ty()));
        if !recursive {
            wrapped(&node.about(kind), 75).iter().for_each(|line| out.push_str(&[&indent, "  ", line, "\n"].concat()));
            out.push('\n');
        } else if depth < MAX_DEPTH && out.len() < MAX_BYTES && node.struct_name() != parent.struct_name() {
            list(&node, kind, recursive, depth + 1, out);
        }
    }
}
