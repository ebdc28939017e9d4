//! Which fields, or which values, may stand at a place of a manifest: read from the schema table. Goes by indentation, so
//! it works in the middle of writing. Never: whether what stands there is right (`check`).

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::arrange::Arrange;
use crate::object::schema::{Def, Field, Shape};
use crate::text::outline::{Row, Step, Walk};

/// The most lines of a manifest that are looked at.
const MAX_LINES: usize = 20_000;

/// Something that may stand at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What to write.
    pub text: String,
    /// Its type, and whether it must be there: `<[]Container> -required-`.
    pub about: String,
}

/// What may stand at the cursor of a manifest, and from which byte of the line on it stands there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offers {
    /// Where the word begins, in bytes of its line.
    pub from: usize,
    /// The offers.
    pub all: Vec<Offer>,
}

/// What may stand at byte `column` of line `line` (from 0).
pub fn at(text: &str, line: usize, column: usize) -> Offers {
    let lines: Vec<&str> = text.lines().take(MAX_LINES).collect();
    let begin = lines.iter().take(line).rposition(|l| is_separator(l)).map_or(0, |at| at + 1);
    let end = lines.iter().skip(line).position(|l| is_separator(l)).map_or(lines.len(), |n| line + n);
    let current = lines.get(line).copied().unwrap_or_default();
    let before = current.get(..column).unwrap_or(current);
    let mut walk = Walk::default();
    let mut rows = Vec::new();
    for (number, text) in lines.iter().enumerate().take(line).skip(begin) {
        walk.line(number, text, &mut rows);
    }
    let mut place = walk.clone();
    let Some(word) = open(before, &mut place) else { return Offers::default() };
    for (number, text) in lines.iter().enumerate().take(end).skip(line) {
        if number > line {
            walk.line(number, text, &mut rows);
        } else {
            let mut own = Vec::new();
            walk.line(number, text, &mut own);
        }
    }
    let def = definition(&rows);
    let all = match word.value {
        Some(value) => values(def, &word.parent, word.key, value, &rows),
        None => fields(def, &word.parent, word.key, &rows),
    };
    Offers { from: word.from, all }
}

fn is_separator(line: &str) -> bool {
    line.trim_end() == "---" || line.starts_with("--- ")
}

/// What is being written.
struct Word<'a> {
    /// The path of what contains it.
    parent: Vec<Step>,
    /// The key, or as much of it as there is.
    key: &'a str,
    /// The value, if the key is done.
    value: Option<&'a str>,
    /// Where it begins in its line.
    from: usize,
}

/// Takes the line before the cursor apart.
fn open<'a>(before: &'a str, walk: &mut Walk) -> Option<Word<'a>> {
    let trimmed = before.trim_start_matches(' ');
    let mut indent = before.len() - trimmed.len();
    if trimmed.starts_with('#') || walk.in_block(indent) {
        return None;
    }
    let mut rest = trimmed;
    while let Some(inner) = rest.strip_prefix("- ") {
        walk.parent_of_item(indent);
        let inner = inner.trim_start_matches(' ');
        indent += rest.len() - inner.len();
        rest = inner;
    }
    let parent = walk.parent(indent);
    match rest.split_once(": ") {
        Some((key, value)) => {
            let value = value.trim_start();
            Some(Word { parent, key, value: Some(value), from: before.len() - value.len() })
        }
        None if rest.contains([' ', ':', '{', '[', '"']) => None,
        None => Some(Word { parent, key: rest, value: None, from: indent }),
    }
}

/// The definition that a document's `apiVersion` and `kind` name.
fn definition(rows: &[Row]) -> Option<Def> {
    Def::of_api_version(top(rows, "apiVersion"), top(rows, "kind"))
}

fn top<'a>(rows: &'a [Row], name: &str) -> &'a str {
    let found = rows.iter().find(|row| matches!(row.path.as_slice(), [Step::Key(key)] if key == name));
    found.map_or("", |row| row.value.split(" #").next().unwrap_or_default().trim_matches(['"', '\'', ' ']))
}

/// The definition of what a path leads to.
fn down(def: Option<Def>, path: &[Step]) -> Option<Def> {
    let mut at = Shape::Struct(def?);
    for step in path {
        at = match (at, step) {
            (Shape::Struct(def), Step::Key(key)) => def.field(key)?.ty.shape(),
            (Shape::Map(inner), Step::Key(_)) | (Shape::Array(inner), Step::Item(_)) => inner.shape(),
            _ => return None,
        };
    }
    match at {
        Shape::Struct(def) => Some(def),
        _ => None,
    }
}

fn fields(def: Option<Def>, parent: &[Step], word: &str, rows: &[Row]) -> Vec<Offer> {
    let there = |name: &str| {
        rows.iter()
            .any(|row| row.path.split_last().is_some_and(|(last, above)| above == parent && matches!(last, Step::Key(key) if key == name)))
    };
    let Some(def) = down(def, parent) else {
        let first = ["apiVersion", "kind", "metadata", "spec"].iter().filter(|name| name.starts_with(word) && !there(name));
        let offer = |name: &&str| {
            let after = if matches!(*name, "metadata" | "spec") { ":" } else { ": " };
            Offer { text: [*name, after].concat(), about: String::new() }
        };
        return if parent.is_empty() { first.map(offer).collect() } else { Vec::new() };
    };
    let wanted = |field: &Field| field.name.starts_with(word) && !there(field.name) && !(parent.is_empty() && field.name == "status");
    let mut all: Vec<Field> = def.fields().filter(wanted).collect();
    all.arrange_by_key(|field| (!field.required(), field.name));
    all.into_iter().map(|field| Offer { text: [field.name, opening(&field)].concat(), about: about(&field) }).collect()
}

/// What follows a field's name: its value on the same line, or lines below.
fn opening(field: &Field) -> &'static str {
    match field.ty.shape() {
        Shape::Struct(_) | Shape::Array(_) | Shape::Map(_) | Shape::Free => ":",
        _ => ": ",
    }
}

fn about(field: &Field) -> String {
    let need = if field.required() { " -required-" } else { "" };
    format!("<{}>{need}", field.ty.explain_name())
}

fn values(def: Option<Def>, parent: &[Step], key: &str, word: &str, rows: &[Row]) -> Vec<Offer> {
    let offers = |all: &mut dyn Iterator<Item = &str>| {
        all.filter(|text| text.starts_with(word)).map(|text| Offer { text: text.to_string(), about: String::new() }).collect()
    };
    if parent.is_empty() && matches!(key, "kind" | "apiVersion") {
        return kinds(key, word, rows);
    }
    let Some(field) = down(def, parent).and_then(|def| def.field(key)) else { return Vec::new() };
    if let Some(mut allowed) = field.allowed() {
        return offers(&mut allowed);
    }
    match field.ty.shape() {
        Shape::Boolean => offers(&mut ["false", "true"].into_iter()),
        _ => Vec::new(),
    }
}

/// Kinds of the document's version, or versions of its kind.
fn kinds(key: &str, word: &str, rows: &[Row]) -> Vec<Offer> {
    let (version, kind) = (top(rows, "apiVersion"), top(rows, "kind"));
    let mut all: Vec<Offer> = Vec::new();
    for (group, v, k) in Def::all().filter_map(|def| def.group_version_kind()) {
        let api_version = if group.is_empty() { v.to_string() } else { [group, "/", v].concat() };
        if k.ends_with("List") || k.ends_with("Options") {
            continue;
        }
        let (text, about, fits) = match key {
            "kind" => (k.to_string(), api_version.clone(), version.is_empty() || version == api_version),
            _ => (api_version, k.to_string(), kind.is_empty() || kind == k),
        };
        if fits && text.starts_with(word) && !all.iter().any(|offer| offer.text == text) {
            all.push(Offer { text, about });
        }
    }
    all.arrange_by(|a, b| a.text.cmp(&b.text));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is offered where `|` stands.
    fn offered(text: &str) -> Vec<String> {
        let at_byte = text.find('|').unwrap();
        let before = &text[..at_byte];
        let line = before.matches('\n').count();
        let column = at_byte - before.rfind('\n').map_or(0, |n| n + 1);
        at(&text.replacen('|', "", 1), line, column).all.into_iter().map(|offer| offer.text).collect()
    }

    const HEAD: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n";

    #[test]
    fn fields_of_the_place_are_offered() {
        assert_eq!(offered(&[HEAD, "  repl|"].concat()), ["replicas: "]);
        assert_eq!(offered(&[HEAD, "  replicas: 2\n  re|\n  template:\n"].concat()), ["revisionHistoryLimit: "]);
        let all = offered(&[HEAD, "  template:\n    spec:\n      containers:\n      - name: a\n        |"].concat());
        assert!(all.contains(&"image: ".to_string()) && !all.contains(&"name: ".to_string()), "{all:?}");
        let all = offered(&[HEAD, "  template:\n    spec:\n      containers:\n        - im|"].concat());
        assert_eq!(all, ["image: ", "imagePullPolicy: "]);
        let all = offered(&[HEAD, "  |"].concat());
        assert_eq!(all.first().map(String::as_str), Some("selector:"), "what must be there comes first: {all:?}");
        assert_eq!(offered("|"), ["apiVersion: ", "kind: ", "metadata:", "spec:"]);
        assert_eq!(offered(&[HEAD, "  nope:\n    |"].concat()), Vec::<String>::new());
    }

    #[test]
    fn values_are_offered() {
        let pod = "apiVersion: v1\nkind: Pod\nspec:\n";
        assert_eq!(offered(&[pod, "  restartPolicy: |"].concat()), ["Always", "Never", "OnFailure"]);
        assert_eq!(offered(&[pod, "  hostNetwork: t|"].concat()), ["true"]);
        assert_eq!(offered("kind: Depl|"), ["Deployment"]);
        assert_eq!(offered("apiVersion: |\nkind: Deployment\n"), ["apps/v1"]);
        assert_eq!(offered(&[pod, "  # comm|"].concat()), Vec::<String>::new());
        let second = at("kind: Pod\napiVersion: v1\n---\napiVersion: v1\nkind: Serv\n", 4, 10);
        assert_eq!((second.from, second.all.first().map(|o| o.text.as_str())), (6, Some("Service")));
    }
}
