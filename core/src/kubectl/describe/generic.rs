//! Every other kind: the object's fields one by one with spelt-out names. Models kubectl `printUnstructuredContent`.

use alloc::format;
use alloc::string::String;

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
                        item => page.put(indent + 2, &scalar(item)),
                    }
                }
            }
            Value::Null => page.field(indent, &title, "<nil>"),
            value => page.field(indent, &title, &scalar(value)),
        }
    }
}

/// `apiVersion` as `API Version`, `uid` as `UID`, `holderIdentity` as `Holder Identity`.
fn spelt(key: &str) -> String {
    match key {
        "apiVersion" => return "API Version".into(),
        "uid" => return "UID".into(),
        _ => {}
    }
    let mut out = String::new();
    let mut before_lower = false;
    for (i, c) in key.chars().enumerate() {
        if i == 0 {
            out.extend(c.to_uppercase());
        } else {
            if c.is_uppercase() && before_lower {
                out.push(' ');
            }
            out.push(c);
        }
        before_lower = !c.is_uppercase();
    }
    out.replace("Api ", "API ").replace("Uid", "UID")
}
