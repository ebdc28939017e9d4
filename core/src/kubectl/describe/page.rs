//! The page that describers write on: lines with tabs, aligned at the end, and the lines that many kinds share.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use crate::object::Object;
use crate::object::value::pairs_at;
use crate::text::table::{Layout, TabWriter};
use crate::text::timestamp;

/// An annotation longer than this goes on lines of its own, cut.
const LONG: usize = 140;

/// Collects lines; tabs end cells.
#[derive(Default)]
pub struct Page {
    done: String,
    open: String,
}

impl Page {
    /// A line.
    pub fn line(&mut self, text: &str) {
        for c in text.chars() {
            // What could move a terminal's cursor is shown instead.
            match c {
                '\u{1b}' => self.open.push_str("^["),
                '\r' => self.open.push_str("\\r"),
                c => self.open.push(c),
            }
        }
        self.open.push('\n');
    }

    /// `Key:` and a value, after `indent` blanks.
    pub fn field(&mut self, indent: usize, key: &str, value: &str) {
        self.put(indent, &format!("{key}:\t{value}"));
    }

    /// A line after `indent` blanks.
    pub fn put(&mut self, indent: usize, text: &str) {
        (0..indent).for_each(|_| self.open.push(' '));
        self.line(text);
    }

    /// Aligns what is written so far by itself.
    pub fn flush(&mut self) {
        let mut writer = TabWriter::new(Layout::DESCRIBE);
        writer.write(&core::mem::take(&mut self.open));
        writer.flush(&mut self.done);
    }

    /// The whole text.
    pub fn finish(mut self) -> String {
        self.flush();
        self.done
    }

    /// The lines as they were written, tabs and all.
    pub fn raw(self) -> String {
        self.done + &self.open
    }

    /// `Title:` and pairs, one a line.
    pub fn pairs<'p>(&mut self, indent: &str, title: &str, pairs: impl Iterator<Item = (&'p str, &'p str)>) {
        let mut first = true;
        for (key, value) in pairs {
            let head = if first { format!("{indent}{title}:") } else { String::new() };
            self.line(&format!("{head}\t{key}={value}"));
            first = false;
        }
        if first {
            self.line(&format!("{indent}{title}:\t<none>"));
        }
    }

    /// Labels of an object.
    pub fn labels(&mut self, object: &Object) {
        self.pairs("", "Labels", object.meta.labels.iter().map(|(k, v)| (k.as_str(), v.as_str())));
    }

    /// Annotations of an object, without what `apply` remembers.
    pub fn annotations(&mut self, object: &Object) {
        self.annotation_map("", &object.meta.annotations);
    }

    /// Annotations after a prefix.
    pub fn annotation_map(&mut self, indent: &str, all: &BTreeMap<String, String>) {
        let mut first = true;
        for (key, value) in all.iter().filter(|(key, _)| *key != "kubectl.kubernetes.io/last-applied-configuration") {
            let head = if first { format!("{indent}Annotations:") } else { String::new() };
            first = false;
            let value = value.strip_suffix('\n').unwrap_or(value);
            if value.len() + key.len() + 2 > LONG || value.contains('\n') {
                self.line(&format!("{head}\t{key}:"));
                value.split('\n').for_each(|part| self.line(&format!("{indent}\t  {}", shorten(part, LONG - 2))));
            } else {
                self.line(&format!("{head}\t{key}: {value}"));
            }
        }
        if first {
            self.line(&format!("{indent}Annotations:\t<none>"));
        }
    }

    /// Name and namespace.
    pub fn name(&mut self, object: &Object) {
        self.field(0, "Name", object.name());
        if object.ty.namespaced {
            self.field(0, "Namespace", object.namespace());
        }
    }
}

/// Cuts a text after so many bytes.
fn shorten(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_string();
    }
    let end = (0..=most).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    format!("{}...", text.get(..end).unwrap_or_default())
}

/// A time as `describe` prints it; the zero time when there is none.
pub fn time(text: &str) -> String {
    timestamp::parse_rfc3339_ms(text).map_or_else(|| "Mon, 01 Jan 0001 00:00:00 +0000".to_string(), timestamp::rfc1123z)
}

/// Pairs of a map at a path of a value, in order.
pub fn map<'v>(value: Option<&'v Value>, path: &'v str) -> impl Iterator<Item = (&'v str, &'v str)> {
    value.into_iter().flat_map(move |v| pairs_at(v, path))
}

/// `a=b,c=d`, or `<none>`. Models apimachinery `labels.FormatLabels`.
pub fn joined<'p>(pairs: impl Iterator<Item = (&'p str, &'p str)>) -> String {
    let all: Vec<String> = pairs.map(|(k, v)| format!("{k}={v}")).collect();
    if all.is_empty() { "<none>".to_string() } else { all.join(",") }
}

/// `True` or `False`.
pub fn truth(on: bool) -> &'static str {
    if on { "True" } else { "False" }
}
