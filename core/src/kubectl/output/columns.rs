//! `-o custom-columns`: a table whose columns the learner names by JSONPath. Models kubectl `pkg/cmd/get` customcolumn.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cell::RefCell;

use serde_json::Value;

use crate::object::jsonpath::{JsonPath, go_value, relaxed};
use crate::text::table::{Layout, TabWriter};

/// Columns with their headers.
pub(super) struct Columns {
    headers: Vec<String>,
    /// Read already; what cannot be read is told when the headers have been printed.
    paths: Result<Vec<JsonPath>, String>,
    no_headers: bool,
    writer: RefCell<TabWriter>,
}

impl Columns {
    fn new(pairs: &[(&str, &str)], no_headers: bool) -> Result<Self, String> {
        let mut specs = Vec::new();
        for (_, spec) in pairs {
            specs.push(relaxed(spec)?);
        }
        let paths = specs.iter().map(|spec| JsonPath::parse(spec)).collect();
        let headers = pairs.iter().map(|(header, _)| (*header).to_string()).collect();
        Ok(Columns { headers, paths, no_headers, writer: RefCell::new(TabWriter::new(Layout::GET)) })
    }

    /// From `HEADER:path,HEADER:path`.
    pub(super) fn from_spec(spec: &str, no_headers: bool) -> Result<Self, String> {
        let mut pairs = Vec::new();
        for part in spec.split(',') {
            let pair = part.split_once(':');
            pairs.push(pair.ok_or_else(|| format!("unexpected custom-columns spec: {part}, expected <header>:<json-path-expr>"))?);
        }
        Columns::new(&pairs, no_headers)
    }

    /// From a file of two lines: headers, and paths below them.
    pub(super) fn from_file(text: &str) -> Result<Self, String> {
        let mut lines = text.lines();
        let expected = "Expected format is one line of space separated headers, one line of space separated column specs.";
        let headers = lines.next().ok_or_else(|| format!("invalid template, missing header line. {expected}"))?;
        let specs = lines.next().ok_or_else(|| format!("invalid template, missing spec line. {expected}"))?;
        let headers: Vec<&str> = headers.split_whitespace().collect();
        let specs: Vec<&str> = specs.split_whitespace().collect();
        if headers.len() != specs.len() {
            return Err(format!("number of headers ({}) and field specifications ({}) don't match", headers.len(), specs.len()));
        }
        let pairs: Vec<(&str, &str)> = headers.into_iter().zip(specs).collect();
        Columns::new(&pairs, false)
    }

    /// Appends a line per object, after the headers when these are `first`.
    pub(super) fn print(&self, objects: &[Value], first: bool, out: &mut String) -> Result<(), String> {
        // A writer is only ever used inside one call, so it cannot be borrowed already.
        let Ok(mut writer) = self.writer.try_borrow_mut() else { return Ok(()) };
        if first && !self.no_headers {
            writer.row(&self.headers);
        }
        let (paths, mut result) = match &self.paths {
            Ok(paths) => (paths.as_slice(), Ok(())),
            Err(error) => (&[][..], Err(error.clone())),
        };
        for object in objects.iter().filter(|_| self.paths.is_ok()) {
            match paths.iter().map(|path| cell(path, object)).collect::<Result<Vec<_>, _>>() {
                Ok(cells) => writer.row(&cells),
                Err(error) => {
                    result = Err(error);
                    break;
                }
            }
        }
        writer.flush(out);
        result
    }
}

fn cell(path: &JsonPath, object: &Value) -> Result<String, String> {
    let found = path.find(object)?;
    let mut texts: Vec<String> = Vec::new();
    if found.first().is_none_or(Vec::is_empty) {
        texts.push("<none>".to_string());
    }
    texts.extend(found.iter().flatten().map(|value| escape(&go_value(value))));
    Ok(texts.join(","))
}

/// Terminals are not to be steered by what an object holds.
fn escape(text: &str) -> String {
    text.replace('\u{1b}', "^[").replace('\r', "\\r")
}
