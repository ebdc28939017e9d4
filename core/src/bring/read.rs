//! A text taken apart into objects, one at a time, so that a long one needs little room and a broken part costs only
//! itself: YAML and JSON, Lists, several documents, outputs of several commands one after another. Knows no kind.

use alloc::string::{String, ToString};

use serde_json::{Map, Value};

use crate::text::{json, yaml};

/// What a text is made of.
pub trait Sink {
    /// An object, or at least a map.
    fn item(&mut self, value: Value);
    /// A part that begins at this line (from 1) cannot be read, and why.
    fn broken(&mut self, line: usize, why: String);
    /// The text ends in the middle: at this line.
    fn cut_off(&mut self, line: usize);
}

/// Takes a text apart.
pub fn read(text: &str, to: &mut dyn Sink) {
    let text = text.trim_start_matches('\u{feff}');
    match text.trim_start().starts_with(['{', '[']) {
        true => all_json(text, to),
        false => all_yaml(text, to),
    }
}

fn line_of(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or(text).matches('\n').count() + 1
}

/// One JSON value after another.
fn all_json(text: &str, to: &mut dyn Sink) {
    let mut at = 0;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let blank = rest.len() - rest.trim_start().len();
        at += blank;
        match rest.get(blank..).unwrap_or_default() {
            "" => return,
            value if value.starts_with('{') => match object(text, at, to) {
                Some(end) => at = end,
                None => return,
            },
            value if value.starts_with('[') => match list(text, at + 1, "", to) {
                Some(end) => at = end,
                None => return,
            },
            // What follows the last object, such as a prompt.
            _ => return to.broken(line_of(text, at), "it is not JSON".to_string()),
        }
    }
}

fn blanks(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + rest.len() - rest.trim_start().len()
}

fn begins(text: &str, at: usize, with: char) -> bool {
    text.get(at..).is_some_and(|rest| rest.starts_with(with))
}

/// The value at a place, and where it ends.
fn value(text: &str, at: usize, to: &mut dyn Sink) -> Option<(Value, usize)> {
    match json::parse_prefix(text.get(at..)?) {
        Ok(Some((value, len))) => Some((value, at + len)),
        Ok(None) => {
            to.cut_off(line_of(text, text.len()));
            None
        }
        Err(error) if error.text().starts_with("unexpected EOF") => {
            to.cut_off(line_of(text, text.len()));
            None
        }
        Err(error) => {
            to.broken(line_of(text, at + error.offset()), error.text().to_string());
            None
        }
    }
}

/// An object at a place: its items one by one, if it is a list. Gives its end, unless it cannot be read on.
fn object(text: &str, at: usize, to: &mut dyn Sink) -> Option<usize> {
    let (mut at, mut map, mut was_list) = (at + 1, Map::new(), false);
    loop {
        at = blanks(text, at);
        if begins(text, at, '}') {
            if !was_list {
                to.item(Value::Object(map));
            }
            return Some(at + 1);
        }
        if begins(text, at, ',') {
            at += 1;
            continue;
        }
        let (key, end) = value(text, at, to)?;
        at = blanks(text, end);
        if !begins(text, at, ':') {
            to.broken(line_of(text, at), "a ':' is missing".to_string());
            return None;
        }
        at = blanks(text, at + 1);
        if key == "items" && begins(text, at, '[') {
            was_list = true;
            let kind = map.get("kind").and_then(Value::as_str).and_then(|kind| kind.strip_suffix("List")).unwrap_or_default();
            at = list(text, at + 1, kind, to)?;
        } else {
            let (held, end) = value(text, at, to)?;
            at = end;
            if let Value::String(key) = key {
                map.insert(key, held);
            }
        }
    }
}

/// The elements of a list, from behind its bracket on; those that do not say their kind are of `kind`.
fn list(text: &str, at: usize, kind: &str, to: &mut dyn Sink) -> Option<usize> {
    let mut at = at;
    loop {
        at = blanks(text, at);
        if begins(text, at, ']') {
            return Some(at + 1);
        }
        if begins(text, at, ',') {
            at += 1;
            continue;
        }
        let (mut item, end) = value(text, at, to)?;
        at = end;
        if let Value::Object(map) = &mut item
            && !kind.is_empty()
            && !map.contains_key("kind")
        {
            map.insert("kind".to_string(), kind.into());
            map.insert("apiVersion".to_string(), "v1".into());
        }
        to.item(item);
    }
}

/// A YAML text on the way: the document and the item that are being gathered, as text.
#[derive(Default)]
struct Yaml {
    /// The lines of the document that belong to no item, and the line at which it begins.
    head: String,
    head_line: usize,
    /// The lines of the item, and the line at which it begins.
    item: String,
    item_line: usize,
    /// How far in the dashes of the items are; `None` before the first.
    dash: Option<usize>,
    /// Whether the lines are items.
    in_items: bool,
    /// Whether the document had items.
    has_items: bool,
}

impl Yaml {
    fn end_item(&mut self, to: &mut dyn Sink) {
        if !self.item.is_empty() {
            parse(&self.item, self.item_line, to);
            self.item.clear();
        }
    }

    /// The document has ended; `line` is the last of the text where it ends with it, else zero.
    fn end(&mut self, line: usize, to: &mut dyn Sink) {
        let headed = |key: &str| self.head.lines().any(|l| l.starts_with(key));
        // kubectl writes the kind of a list behind its items: without it the last of them may lack its end.
        if self.has_items && !headed("kind:") {
            self.item.clear();
            to.cut_off(line.max(self.item_line));
        }
        self.end_item(to);
        if !self.has_items && !self.head.trim().is_empty() {
            parse(&self.head, self.head_line, to);
        }
        *self = Yaml::default();
    }

    fn line(&mut self, number: usize, line: &str, to: &mut dyn Sink) {
        let bare = line.trim_end();
        if bare == "---" || bare == "..." || bare.starts_with("--- ") {
            return self.end(0, to);
        }
        let inner = bare.trim_start_matches(' ');
        let indent = bare.len() - inner.len();
        if self.in_items && inner.starts_with("- ") && self.dash.is_none_or(|dash| dash == indent) {
            self.end_item(to);
            (self.dash, self.item_line) = (Some(indent), number);
            (0..=indent).for_each(|_| self.item.push(' '));
            self.item.push_str(inner.get(1..).unwrap_or_default());
            self.item.push('\n');
            return;
        }
        let is_key = indent == 0 && !inner.is_empty() && !inner.starts_with(['#', '-', ' ', '\t']);
        if is_key {
            self.key(number, bare, to);
        }
        let part = if self.in_items { &mut self.item } else { &mut self.head };
        if !(is_key && self.in_items || part.is_empty() && inner.is_empty()) {
            part.push_str(bare);
            part.push('\n');
        }
    }

    /// A key of the document itself.
    fn key(&mut self, number: usize, bare: &str, to: &mut dyn Sink) {
        let key = bare.split(':').next().unwrap_or_default();
        let again = |head: &str| head.lines().any(|l| l.strip_prefix(key).is_some_and(|rest| rest.starts_with(':')));
        if matches!(key, "apiVersion" | "kind") && again(&self.head) {
            self.end(0, to);
        }
        self.end_item(to);
        self.in_items = key == "items" && bare.trim_end_matches(' ').ends_with(':');
        self.has_items |= key == "items";
        if self.head.is_empty() {
            self.head_line = number;
        }
    }
}

/// Whether a line is what a terminal showed around the output: a prompt with a command, a warning.
fn is_noise(line: &str) -> bool {
    !line.starts_with([' ', '-', '#'])
        && (line.contains("kubectl ")
            || line.starts_with("Warning: ")
            || line.starts_with("error: ")
            || line.starts_with("Error from server"))
        && !line.starts_with("kubectl.kubernetes.io")
}

fn all_yaml(text: &str, to: &mut dyn Sink) {
    let mut yaml = Yaml::default();
    let mut last = 0;
    for (number, line) in (1..).zip(text.lines()) {
        if !is_noise(line) {
            yaml.line(number, line, to);
        }
        last = number;
    }
    yaml.end(last, to);
}

fn parse(text: &str, line: usize, to: &mut dyn Sink) {
    match yaml::parse(text) {
        Ok(Value::Object(map)) => match map.get("items") {
            Some(Value::Array(items)) if map.get("kind").and_then(Value::as_str).is_some_and(|kind| kind.ends_with("List")) => {
                items.iter().for_each(|item| to.item(item.clone()));
            }
            _ => to.item(Value::Object(map)),
        },
        Ok(Value::Null) => {}
        Ok(_) => to.broken(line, "it is not an object".to_string()),
        Err(error) => to.broken(line, error.text().to_string()),
    }
}
