//! An outline of YAML as it is being written: which key stands on which line, below which others. Goes by indentation,
//! so it works where the text does not parse (yet). Never: values, and nothing of Kubernetes.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// The most lines that are looked at.
const MAX_LINES: usize = 20_000;

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A key of a mapping.
    Key(String),
    /// A place in a list, from 0.
    Item(usize),
}

/// A key or an item, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The line, from 0.
    pub line: usize,
    /// The column (bytes) at which the key begins.
    pub indent: usize,
    /// The path down to it, itself included.
    pub path: Vec<Step>,
    /// What stands after the colon on the same line, or the item itself.
    pub value: String,
}

/// A walk through lines of YAML.
#[derive(Clone, Debug, Default)]
pub struct Walk {
    stack: Vec<(usize, Step)>,
    /// Inside a block scalar whose key stands at this column.
    block: Option<usize>,
}

impl Walk {
    /// Takes in a line, handing out what stands on it.
    pub fn line(&mut self, number: usize, text: &str, rows: &mut Vec<Row>) {
        let trimmed = text.trim_start_matches(' ');
        let mut indent = text.len() - trimmed.len();
        if trimmed.is_empty() || self.block.is_some_and(|key| indent > key) {
            return;
        }
        self.block = None;
        if trimmed.starts_with('#') {
            return;
        }
        let mut rest = trimmed;
        while let Some(after) = rest.strip_prefix('-').filter(|after| after.is_empty() || after.starts_with(' ')) {
            self.item(indent);
            let inner = after.trim_start_matches(' ');
            rows.push(Row { line: number, indent, path: self.path(), value: inner.to_string() });
            indent += rest.len() - inner.len();
            rest = inner;
        }
        let Some((key, value)) = split_key(rest) else { return };
        self.close(indent);
        self.stack.push((indent, Step::Key(key.to_string())));
        if value.starts_with(['|', '>']) {
            self.block = Some(indent);
        }
        rows.push(Row { line: number, indent, path: self.path(), value: value.to_string() });
    }

    /// The path of what would contain a key at a column.
    pub fn parent(&mut self, indent: usize) -> Vec<Step> {
        self.close(indent);
        self.path()
    }

    /// The same, after a dash at a column.
    pub fn parent_of_item(&mut self, indent: usize) -> Vec<Step> {
        self.item(indent);
        self.path()
    }

    /// Whether a line at a column is text of a block scalar.
    pub fn in_block(&self, indent: usize) -> bool {
        self.block.is_some_and(|key| indent > key)
    }

    fn path(&self) -> Vec<Step> {
        self.stack.iter().map(|(_, step)| step.clone()).collect()
    }

    fn close(&mut self, indent: usize) {
        while self.stack.last().is_some_and(|(at, _)| *at >= indent) {
            self.stack.pop();
        }
    }

    fn item(&mut self, indent: usize) {
        while self.stack.last().is_some_and(|(at, _)| *at > indent) {
            self.stack.pop();
        }
        let number = match self.stack.last() {
            Some((at, Step::Item(n))) if *at == indent => n + 1,
            // A list may stand at the column of its key.
            _ => 0,
        };
        if number > 0 {
            self.stack.pop();
        }
        self.stack.push((indent, Step::Item(number)));
    }
}

/// A key and what follows its colon.
fn split_key(text: &str) -> Option<(&str, &str)> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''));
    let (key, rest) = match quote {
        Some(quote) => {
            let (key, rest) = text.get(1..)?.split_once(quote)?;
            (key, rest.trim_start().strip_prefix(':')?)
        }
        None => {
            let at = text.find(": ").or_else(|| text.ends_with(':').then(|| text.len() - 1))?;
            text.split_at_checked(at).map(|(key, rest)| (key, rest.get(1..).unwrap_or_default()))?
        }
    };
    let plain = quote.is_some() || !key.starts_with(['{', '[', '&', '*', '!', '%', '@', '`', '|', '>']);
    plain.then(|| (key.trim_end(), rest.trim()))
}

/// Everything that stands in a document, in order.
pub fn rows(text: &str) -> Vec<Row> {
    let mut walk = Walk::default();
    let mut rows = Vec::new();
    for (number, line) in text.lines().take(MAX_LINES).enumerate() {
        walk.line(number, line, &mut rows);
    }
    rows
}

/// Reads a path as Kubernetes writes it: `spec.containers[0].image`, `metadata.labels[app.kubernetes.io/name]`.
pub fn path(text: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        if let Some((inner, after)) = rest.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
            steps.push(match inner.parse() {
                Ok(number) => Step::Item(number),
                Err(_) => Step::Key(inner.trim_matches('"').to_string()),
            });
            rest = after;
            continue;
        }
        let word = rest.strip_prefix('.').unwrap_or(rest);
        let end = word.find(['.', '[']).unwrap_or(word.len());
        let (key, after) = word.split_at_checked(end).unwrap_or((word, ""));
        if !key.is_empty() {
            steps.push(Step::Key(key.to_string()));
        }
        // `[` without its `]`, or nothing taken: whatever follows is not a path.
        rest = if after.len() < rest.len() { after } else { "" };
    }
    steps
}

/// The line of a path, or of the nearest thing above it that is there; 0 if none is.
pub fn line_of(rows: &[Row], path: &[Step]) -> usize {
    let shared = |row: &Row| row.path.iter().zip(path).take_while(|(a, b)| a == b).count();
    let mut best = (0, 0);
    for row in rows {
        let same = shared(row);
        if same > best.0 && (same == row.path.len() || same == path.len()) {
            best = (same, row.line);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web # the name\n  labels:\n    \"app/x\": a\nspec:\n  containers:\n  - name: web\n    image: nginx\n    command: [sh]\n  - name: side\n    args:\n      - -c\n      - |\n        key: not a key\n    image: busybox\n  nodeName: w1\n";

    fn line(of: &str) -> usize {
        line_of(&rows(TEXT), &path(of))
    }

    #[test]
    fn paths_lead_to_lines() {
        assert_eq!(line("metadata.name"), 3);
        assert_eq!(line("metadata.labels[app/x]"), 5);
        assert_eq!(line("spec.containers"), 7);
        assert_eq!(line("spec.containers[0].image"), 9);
        assert_eq!(line("spec.containers[1].image"), 16);
        assert_eq!(line("spec.containers[1].args[1]"), 14);
        assert_eq!(line("spec.nodeName"), 17);
        assert_eq!(line("spec.containers[1].ports[0].name"), 11, "what is not there leads to what holds it");
        assert_eq!(line("status"), 0);
        assert_eq!(line("a[b"), 0);
    }

    #[test]
    fn tells_where_a_key_would_go() {
        let mut walk = Walk::default();
        let mut seen = Vec::new();
        TEXT.lines().take(10).enumerate().for_each(|(n, text)| walk.line(n, text, &mut seen));
        assert_eq!(walk.clone().parent(4), path("spec.containers[0]"));
        assert_eq!(walk.clone().parent(2), path("spec"));
        assert_eq!(walk.clone().parent_of_item(2), path("spec.containers[1]"));
        assert_eq!(walk.clone().parent(0), path(""));
    }
}
