//! A text taken apart into objects, one at a time, so that a long one needs little room and a broken part costs only
//! itself: YAML and JSON, Lists, several documents, outputs of several commands one after another. Knows no kind.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Map, Value};

use super::other::NO_OBJECT;
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

/// A text on its way apart: as far as somebody has time for at once.
pub struct Reader {
    /// How far it has come, in bytes.
    pub at: usize,
    way: Way,
}

/// What the text is written in.
enum Way {
    /// JSON: what is open around the place.
    Json(Vec<Open>),
    /// YAML, and the number of the last line.
    Yaml(Yaml, usize),
}

/// Something open in JSON.
enum Open {
    /// An object, and whether it was a List.
    Object(Map<String, Value>, bool),
    /// A list, and the kind of those of its items that do not say theirs.
    List(String),
}

impl Reader {
    /// Begins with a text.
    pub fn new(text: &str) -> Reader {
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let is_json = text.get(at..).unwrap_or_default().trim_start().starts_with(['{', '[']);
        Reader { at, way: if is_json { Way::Json(Vec::new()) } else { Way::Yaml(Yaml::default(), 0) } }
    }

    /// Goes on with the same text for about so many bytes. Returns whether it is at the end.
    pub fn go_on(&mut self, text: &str, bytes: usize, to: &mut dyn Sink) -> bool {
        let until = self.at.saturating_add(bytes);
        let over = match &mut self.way {
            Way::Json(open) => loop {
                if self.at >= until {
                    break false;
                }
                match next_json(text, self.at, open, to) {
                    Some(at) => self.at = at,
                    None => break true,
                }
            },
            Way::Yaml(yaml, number) => loop {
                let rest = text.get(self.at..).unwrap_or_default();
                if rest.is_empty() {
                    yaml.end(*number, to);
                    break true;
                }
                if self.at >= until {
                    break false;
                }
                let end = rest.find('\n');
                let line = rest.get(..end.unwrap_or(rest.len())).unwrap_or(rest);
                *number += 1;
                if !is_noise(line) {
                    yaml.line(*number, line, to);
                }
                self.at += end.map_or(rest.len(), |end| end + 1);
            },
        };
        if over {
            self.at = text.len();
        }
        over
    }
}

fn line_of(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or(text).matches('\n').count() + 1
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

/// Reads the next part of a JSON text: a member of an object, an element of a list. Gives where it ends, unless it cannot
/// be read on or there is no more.
fn next_json(text: &str, at: usize, open: &mut Vec<Open>, to: &mut dyn Sink) -> Option<usize> {
    let at = blanks(text, at);
    match open.pop() {
        None if begins(text, at, '{') => open.push(Open::Object(Map::new(), false)),
        None if begins(text, at, '[') => open.push(Open::List(String::new())),
        None => {
            // What follows the last object, such as a prompt.
            if at < text.len() {
                to.broken(line_of(text, at), "it is not JSON".to_string());
            }
            return None;
        }
        Some(Open::Object(map, was_list)) if begins(text, at, '}') => {
            if !was_list {
                to.item(Value::Object(map));
            }
        }
        Some(Open::List(_)) if begins(text, at, ']') => {}
        Some(level) if begins(text, at, ',') => open.push(level),
        Some(Open::Object(map, was_list)) => return member(text, at, (map, was_list), open, to),
        Some(Open::List(kind)) => {
            let (mut item, end) = value(text, at, to)?;
            if let Value::Object(map) = &mut item
                && !kind.is_empty()
                && !map.contains_key("kind")
            {
                map.insert("kind".to_string(), kind.as_str().into());
                map.insert("apiVersion".to_string(), "v1".into());
            }
            to.item(item);
            open.push(Open::List(kind));
            return Some(end);
        }
    }
    Some(at + 1)
}

/// A member of an object: the items of a List are opened, everything else is read whole.
fn member(
    text: &str,
    at: usize,
    (mut map, was_list): (Map<String, Value>, bool),
    open: &mut Vec<Open>,
    to: &mut dyn Sink,
) -> Option<usize> {
    let (key, end) = value(text, at, to)?;
    let at = blanks(text, end);
    if !begins(text, at, ':') {
        to.broken(line_of(text, at), "a ':' is missing".to_string());
        return None;
    }
    let at = blanks(text, at + 1);
    if key == "items" && begins(text, at, '[') {
        let kind = map.get("kind").and_then(Value::as_str).and_then(|kind| kind.strip_suffix("List")).unwrap_or_default().to_string();
        open.extend([Open::Object(map, true), Open::List(kind)]);
        return Some(at + 1);
    }
    let (held, end) = value(text, at, to)?;
    if let Value::String(key) = key {
        map.insert(key, held);
    }
    open.push(Open::Object(map, was_list));
    Some(end)
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

fn parse(text: &str, line: usize, to: &mut dyn Sink) {
    match yaml::parse(text) {
        Ok(Value::Object(map)) => match map.get("items") {
            Some(Value::Array(items)) if map.get("kind").and_then(Value::as_str).is_some_and(|kind| kind.ends_with("List")) => {
                items.iter().for_each(|item| to.item(item.clone()));
            }
            _ => to.item(Value::Object(map)),
        },
        Ok(Value::Null) => {}
        Ok(_) => to.broken(line, NO_OBJECT.to_string()),
        Err(error) => to.broken(line, error.text().to_string()),
    }
}
