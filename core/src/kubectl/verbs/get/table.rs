//! Prints rows of objects under their headings, a block for each kind. Models kubectl's table printer.

use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::api::registry::{Column, Resource};
use crate::kubectl::output::name_of;
use crate::kubectl::{Parsed, tables};
use crate::object::Object;
use crate::text::table::{Layout, TabWriter};

/// Prints objects as tables; remembers the kind and the widths of what it has printed.
#[derive(Clone)]
pub struct Printer {
    writer: TabWriter,
    last: Option<Rc<Resource>>,
    columns: Vec<Column>,
    printed: bool,
    wide: bool,
    headers: bool,
    with_kind: bool,
    with_namespace: bool,
    show_labels: bool,
    label_columns: Vec<String>,
    bare: bool,
    /// Whether what is printed now has no name: the server has made no table of it.
    nameless: bool,
}

impl Printer {
    /// A printer as the flags of `get` ask for it.
    pub fn new(parsed: &Parsed, several_kinds: bool) -> Printer {
        Printer {
            writer: TabWriter::new(Layout::GET),
            last: None,
            columns: Vec::new(),
            printed: false,
            wide: parsed.text("output") == "wide",
            headers: !parsed.on("no-headers"),
            with_kind: parsed.on("show-kind") || several_kinds,
            with_namespace: parsed.on("all-namespaces"),
            show_labels: parsed.on("show-labels"),
            label_columns: parsed.all("label-columns").to_vec(),
            bare: !parsed.on("server-print"),
            nameless: false,
        }
    }

    /// Adds an object, after a new heading when its kind is another than the last one's. `event` is the word of a
    /// watch event where those are shown.
    pub fn add(&mut self, row: &Rc<Resource>, object: &Object, event: Option<&str>, now_ms: i64, out: &mut String) {
        let nameless = object.name().is_empty();
        let same = self.last.as_ref().is_some_and(|last| last.key() == row.key()) && nameless == self.nameless;
        if !same {
            if self.last.as_ref().is_none_or(|last| last.key() != row.key()) {
                self.flush(out);
                if self.printed && self.headers {
                    out.push('\n');
                }
                self.writer = TabWriter::new(Layout::GET);
            }
            self.nameless = nameless;
            self.columns = match &*row.kind {
                _ if self.bare || nameless => ["Name", "Age"].iter().map(column).collect(),
                "Scale" => row.columns.clone(),
                _ => tables::columns(row),
            };
            self.last = Some(row.clone());
            if self.headers {
                self.heading(row, event.is_some());
            }
        }
        self.printed = true;
        let mut cells: Vec<String> = Vec::new();
        if let Some(event) = event {
            cells.push(event.to_string());
        }
        if self.with_namespace && row.namespaced {
            cells.push(object.namespace().to_string());
        }
        let values = match &*row.kind {
            _ if self.bare || nameless => alloc::vec![object.name().to_string(), tables::cells::age(object, now_ms)],
            "Scale" => tables::other::scale(object, now_ms),
            _ => tables::cells_of(row, object, now_ms),
        };
        for (i, (column, value)) in self.columns.iter().zip(values).enumerate() {
            if column.priority > 0 && !self.wide {
                continue;
            }
            if i == 0 && self.with_kind {
                let kind = name_of(&serde_json::json!({"apiVersion": row.api_version(), "kind": &*row.kind, "metadata": {"name": "x"}}));
                cells.push(format!("{}/{value}", kind.trim_end_matches("/x")));
            } else {
                cells.push(one_line(&value));
            }
        }
        for key in &self.label_columns {
            cells.push(object.meta.label(key).unwrap_or_default().to_string());
        }
        if self.show_labels {
            let all: Vec<String> = object.meta.labels.iter().map(|(k, v)| format!("{k}={v}")).collect();
            cells.push(tables::cells::or_none(&all.join(",")));
        }
        self.writer.row(&cells);
    }

    fn heading(&mut self, row: &Resource, events: bool) {
        let mut cells: Vec<String> = Vec::new();
        if events {
            cells.push("EVENT".to_string());
        }
        if self.with_namespace && row.namespaced {
            cells.push("NAMESPACE".to_string());
        }
        let shown = self.columns.iter().filter(|c| c.priority == 0 || self.wide);
        cells.extend(shown.map(|c| c.name.to_uppercase()));
        for key in &self.label_columns {
            cells.push(key.rsplit('/').next().unwrap_or(key).to_uppercase());
        }
        if self.show_labels {
            cells.push("LABELS".to_string());
        }
        self.writer.row(&cells);
    }

    /// Prints what has been added so far, aligned with what was printed before.
    pub fn flush(&mut self, out: &mut String) {
        self.writer.flush(out);
    }
}

/// A column with this heading.
pub fn column(name: &&'static str) -> Column {
    Column { name: (*name).into(), ty: "string".into(), format: "".into(), priority: 0, json_path: "".into() }
}

/// A cell holds one line; of more the first is shown with dots.
fn one_line(text: &str) -> String {
    match text.split_once(['\n', '\r', '\u{c}']) {
        Some((first, _)) => [first, "..."].concat(),
        None => text.to_string(),
    }
}
