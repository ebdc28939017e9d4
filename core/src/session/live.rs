//! A manifest as it would read if it said what the cluster holds: the same text, with the live values in the place of its own
//! and without the lines that the cluster does not have. What the editor compares with. Never: a change.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use crate::api::Api;
use crate::object::value::text_at;
use crate::text::outline::{self, Row, Step};
use crate::text::yaml;

/// The text with live values; `None` if none of its objects is in the cluster.
pub fn text(api: &Api, manifest: &str) -> Option<String> {
    let mut out = String::new();
    let mut found = false;
    for document in manifest.split_inclusive('\n').fold(Vec::new(), by_document) {
        match object(api, &document) {
            Some(live) => {
                found = true;
                out.push_str(&with_live(&document, &live));
            }
            None => out.push_str(&document),
        }
    }
    found.then_some(out)
}

/// Adds a line to the last document; a separator begins another.
fn by_document(mut all: Vec<String>, line: &str) -> Vec<String> {
    if all.is_empty() || line.trim_end() == "---" {
        all.push(String::new());
    }
    if let Some(last) = all.last_mut() {
        last.push_str(line);
    }
    all
}

/// The live object that a document speaks of.
fn object(api: &Api, document: &str) -> Option<Value> {
    let body = yaml::parse(document.trim_start_matches("---")).ok()?;
    let row = api.registry.by_api_version(text_at(&body, "/apiVersion"), text_at(&body, "/kind"))?;
    let namespace = match text_at(&body, "/metadata/namespace") {
        _ if !row.namespaced => "",
        "" => "default",
        given => given,
    };
    api.find(&row.key(), namespace, text_at(&body, "/metadata/name")).map(|object| object.to_value())
}

/// A document with the values of the live object.
fn with_live(document: &str, live: &Value) -> String {
    let rows = outline::rows(document);
    let mut out = String::new();
    let mut gone: Option<Vec<Step>> = None;
    for (number, line) in document.split_inclusive('\n').enumerate() {
        let here: Vec<&Row> = rows.iter().filter(|row| row.line == number).collect();
        let Some(row) = here.last() else {
            // Text of a block, a comment: it goes with what it belongs to.
            if gone.is_none() || line.trim().is_empty() {
                out.push_str(line);
            }
            continue;
        };
        if gone.as_ref().is_some_and(|path| row.path.starts_with(path)) {
            continue;
        }
        gone = None;
        let first = here.first().map_or(&row.path, |row| &row.path);
        if find(live, first, &rows).is_none() {
            gone = Some(first.clone());
            continue;
        }
        match find(live, &row.path, &rows) {
            None => gone = Some(row.path.clone()),
            Some(value) => out.push_str(&replaced(line, &row.value, value)),
        }
    }
    out
}

/// The value at a path of the live object. An element of a list with names is looked up by its name.
fn find<'a>(live: &'a Value, path: &[Step], rows: &[Row]) -> Option<&'a Value> {
    let mut at = live;
    for (depth, step) in path.iter().enumerate() {
        at = match (at, step) {
            (Value::Object(map), Step::Key(key)) => map.get(key)?,
            (Value::Array(list), Step::Item(number)) => {
                let above = path.get(..=depth).unwrap_or(path);
                match name_of(rows, above) {
                    Some(name) => list.iter().find(|one| text_at(one, "/name") == name)?,
                    None => list.get(*number)?,
                }
            }
            _ => return None,
        };
    }
    Some(at)
}

/// The `name` that an element of a list has in the manifest.
fn name_of<'a>(rows: &'a [Row], element: &[Step]) -> Option<&'a str> {
    let named = |row: &&Row| {
        row.path.len() == element.len() + 1
            && row.path.starts_with(element)
            && matches!(row.path.last(), Some(Step::Key(key)) if key == "name")
    };
    rows.iter().find(named).map(|row| plain(&row.value))
}

/// A value as written, without quotes and comment.
fn plain(value: &str) -> &str {
    let value = value.split(" #").next().unwrap_or_default().trim();
    let quoted = |mark: char| value.strip_prefix(mark).and_then(|v| v.strip_suffix(mark));
    quoted('"').or_else(|| quoted('\'')).unwrap_or(value)
}

/// The line with another value, if it has a scalar and the live one is another.
fn replaced(line: &str, written: &str, live: &Value) -> String {
    let live = match live {
        Value::String(text) => text.clone(),
        Value::Number(_) | Value::Bool(_) => live.to_string(),
        _ => return line.to_string(),
    };
    let value = plain(written);
    if value == live || value.is_empty() || written.starts_with(['|', '>', '{', '[', '&', '*']) {
        return line.to_string();
    }
    match line.rfind(value) {
        Some(at) => [line.get(..at).unwrap_or_default(), &live, line.get(at + value.len()..).unwrap_or_default()].concat(),
        None => line.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::{Base, Session, Timing};

    const FILE: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 3 # three\n  selector:\n    matchLabels:\n      app: web\n  template:\n    metadata:\n      labels:\n        app: web\n    spec:\n      containers:\n      - name: web\n        image: nginx:2\n        env:\n        - name: A\n          value: b\n";

    #[test]
    fn live_values_stand_in_the_place_of_written_ones() {
        let mut session = Session::fresh(1, 0, Timing::LIFE, Base::default());
        assert_eq!(text(session.api(), FILE), None);
        session.submit_line(0, "kubectl create deployment web --image=nginx");
        session.settle(60_000);
        let live = text(session.api(), &[FILE, "---\nkind: Nope\n"].concat()).unwrap();
        assert!(live.contains("replicas: 1 # three\n") && live.contains("      app: web\n"), "{live}");
        assert!(live.ends_with("      containers:\n---\nkind: Nope\n"), "the container has another name: {live}");
        let live = text(session.api(), &FILE.replace("- name: web", "- name: nginx")).unwrap();
        assert!(live.ends_with("      - name: nginx\n        image: nginx\n"), "{live}");
    }
}
