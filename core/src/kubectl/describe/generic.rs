//! Every other kind: the object's fields one by one with spelt-out names. Models kubectl `printUnstructuredContent`.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::Value;

use super::Page;
use crate::kubectl::Cx;
use crate::kubectl::tables::cells::scalar;
use crate::object::Object;

/// Maps and lists deeper than this are not shown.
const DEPTH: usize = 32;

/// Writes an object of any kind.
pub fn describe(_cx: &mut Cx<'_>, o: &Object, page: &mut Page) {
    page.field(0, "Name", o.name());
    page.field(0, "Namespace", o.namespace());
    page.labels(o);
    page.annotations(o);
    let mut whole = o.to_value();
    if let Some(meta) = whole.get_mut("metadata").and_then(Value::as_object_mut) {
        for key in ["managedFields", "name", "namespace", "labels", "annotations", "selfLink"] {
            meta.remove(key);
        }
    }
    content(page, 0, &whole);
}

fn content(page: &mut Page, indent: usize, value: &Value) {
    if indent > DEPTH {
        return;
    }
    for (key, value) in value.as_object().into_iter().flatten() {
        let title = spelt(key);
        match value {
            Value::Object(_) => {
                page.put(indent, &format!("{title}:"));
                content(page, indent + 2, value);
            }
            Value::Array(items) => {
                page.put(indent, &format!("{title}:"));
                for item in items {
                    match item {
                        Value::Object(_) => content(page, indent + 2, item),
                        Value::Null => page.put(indent + 2, "<nil>"),
                        item => page.put(indent + 2, &scalar(item)),
                    }
                }
            }
            Value::Null => page.field(indent, &title, "<nil>"),
            value => page.field(indent, &title, &scalar(value)),
        }
    }
}

/// Words of a title that are written in capitals.
const ACRONYMS: &[&str] = &["API", "URL", "UID", "GUID"];

/// `apiVersion` as `API Version`, `uid` as `UID`, `holderIdentity` as `Holder Identity`. Models kubectl smartLabelFor.
fn spelt(key: &str) -> String {
    if !key.chars().all(|c| c.is_alphabetic() || c == '-') {
        return key.into();
    }
    let mut out = String::new();
    for part in camel_case(key) {
        let upper = part.to_uppercase();
        let word = if ACRONYMS.contains(&upper.as_str()) {
            upper
        } else if part.to_lowercase() == part {
            let mut letters = part.chars();
            letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
        } else {
            part
        };
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&word);
    }
    out
}

/// `holderIdentity` as `holder` and `Identity`, `clusterIPs` as `cluster`, `I` and `Ps`. Models fatih/camelcase.
fn camel_case(key: &str) -> Vec<String> {
    let class = |c: char| {
        if c.is_lowercase() {
            1
        } else if c.is_uppercase() {
            2
        } else {
            4
        }
    };
    let mut parts: Vec<String> = Vec::new();
    let mut last = 0;
    for c in key.chars() {
        match parts.last_mut() {
            Some(part) if class(c) == last => part.push(c),
            _ => parts.push(c.into()),
        }
        last = class(c);
    }
    // The last capital of a run belongs to the word after it: `PDFLoader` is `PDF` and `Loader`.
    for i in 1..parts.len() {
        let Some([before, after]) = parts.get_mut(i - 1..=i) else { continue };
        let capitals = before.chars().next().is_some_and(char::is_uppercase);
        if capitals
            && after.chars().next().is_some_and(char::is_lowercase)
            && let Some(capital) = before.pop()
        {
            after.insert(0, capital);
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}
