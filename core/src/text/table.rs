//! Columns of text, as Go's text/tabwriter aligns them.
//!
//! Cells end with a tab. A column is a run of consecutive lines that have a cell there, and is as wide as its
//! widest cell. The text after a line's last tab belongs to no column. Widths count characters, as kubectl's do.

use alloc::string::String;
use alloc::vec::Vec;

/// How wide columns are.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// The least width of a cell, padding included.
    pub min_width: usize,
    /// The blanks added to the widest cell.
    pub padding: usize,
    /// Columns keep the widths of what was printed before (`kubectl get` streaming a watch).
    pub remember_widths: bool,
}

impl Layout {
    /// `kubectl get` and every other list.
    pub const GET: Layout = Layout { min_width: 6, padding: 3, remember_widths: true };
    /// `kubectl describe`.
    pub const DESCRIBE: Layout = Layout { min_width: 0, padding: 2, remember_widths: false };
}

/// Collects text with tabs and aligns it when flushed.
#[derive(Clone, Debug)]
pub struct TabWriter {
    layout: Layout,
    buffer: String,
    widths: Vec<usize>,
}

impl TabWriter {
    /// A writer for this layout.
    pub fn new(layout: Layout) -> Self {
        TabWriter { layout, buffer: String::new(), widths: Vec::new() }
    }

    /// Adds text; tabs end cells, `\n` ends a line, `\x0c` ends a line and all columns.
    pub fn write(&mut self, text: &str) {
        self.buffer.push_str(text);
    }

    /// Adds a line of cells, each but the last ended by a tab.
    pub fn row<S: AsRef<str>>(&mut self, cells: &[S]) {
        for (i, cell) in cells.iter().enumerate() {
            if i > 0 {
                self.buffer.push('\t');
            }
            self.buffer.push_str(cell.as_ref());
        }
        self.buffer.push('\n');
    }

    /// Appends everything written so far to `out`, aligned, and begins anew.
    pub fn flush(&mut self, out: &mut String) {
        let buffer = core::mem::take(&mut self.buffer);
        let mut parts = buffer.split('\x0c').peekable();
        while let Some(part) = parts.next() {
            self.align(part, out);
            if parts.peek().is_some() {
                out.push('\n');
            }
        }
    }

    fn align(&mut self, text: &str, out: &mut String) {
        let lines: Vec<Vec<&str>> = text.split('\n').map(|line| line.split('\t').collect()).collect();
        // widths[line][column] for every cell that a tab ends.
        let mut widths: Vec<Vec<usize>> = lines.iter().map(|cells| alloc::vec![0; cells.len().saturating_sub(1)]).collect();
        let columns = widths.iter().map(Vec::len).max().unwrap_or(0);
        for column in 0..columns {
            self.measure(column, &lines, &mut widths);
        }
        for (i, (cells, widths)) in lines.iter().zip(&widths).enumerate() {
            if i > 0 {
                out.push('\n');
            }
            for (column, cell) in cells.iter().enumerate() {
                out.push_str(cell);
                if let Some(width) = widths.get(column) {
                    let used = cell.chars().count();
                    (used..*width).for_each(|_| out.push(' '));
                }
            }
        }
    }

    /// Finds the blocks of lines that share this column and gives each its width.
    fn measure(&mut self, column: usize, lines: &[Vec<&str>], widths: &mut [Vec<usize>]) {
        let mut begin = 0;
        while begin < lines.len() {
            let has = |widths: &[Vec<usize>], line: usize| widths.get(line).is_some_and(|w| w.len() > column);
            if !has(widths, begin) {
                begin += 1;
                continue;
            }
            let mut width = self.layout.min_width;
            let mut end = begin;
            while end < lines.len() && has(widths, end) {
                if let Some(cell) = lines.get(end).and_then(|cells| cells.get(column)) {
                    let size = cell.chars().count();
                    width = width.max(size + self.layout.padding);
                }
                end += 1;
            }
            if self.layout.remember_widths {
                match self.widths.get_mut(column) {
                    Some(old) => {
                        width = width.max(*old);
                        *old = width;
                    }
                    None => self.widths.push(width),
                }
            }
            for line in widths.get_mut(begin..end).into_iter().flatten() {
                if let Some(place) = line.get_mut(column) {
                    *place = width;
                }
            }
            begin = end;
        }
    }
}

/// Lines of cells aligned in one go.
pub fn align<S: AsRef<str>>(layout: Layout, rows: &[Vec<S>]) -> String {
    let mut writer = TabWriter::new(layout);
    rows.iter().for_each(|row| writer.row(row));
    let mut out = String::new();
    writer.flush(&mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(layout: Layout, text: &str, expected: &str) {
        let mut writer = TabWriter::new(layout);
        writer.write(text);
        let mut out = String::new();
        writer.flush(&mut out);
        assert_eq!(out, expected);
    }

    #[test]
    fn columns() {
        check(
            Layout::GET,
            "NAME\tREADY\tAGE\na\t1/1\t5s\nlonger-name\t0/1\t10s\n",
            "NAME          READY   AGE\na             1/1     5s\nlonger-name   0/1     10s\n",
        );
        check(Layout::GET, "A\tB\nx\ty\n", "A     B\nx     y\n");
        check(
            Layout::DESCRIBE,
            "Name:\tweb\nNamespace:\tdefault\nLabels:\t\n  a\tb\tc\n",
            "Name:       web\nNamespace:  default\nLabels:     \n  a         b  c\n",
        );
        check(Layout::DESCRIBE, "a\tb\nplain\nlong one\tc\n", "a  b\nplain\nlong one  c\n");
        check(Layout::DESCRIBE, "가나\tb\nabc\tc\n", "가나   b\nabc  c\n");
    }

    #[test]
    fn widths_are_remembered() {
        let mut writer = TabWriter::new(Layout::GET);
        let mut out = String::new();
        writer.row(&["longer-name", "x"]);
        writer.flush(&mut out);
        writer.row(&["a", "y"]);
        writer.flush(&mut out);
        assert_eq!(out, "longer-name   x\na             y\n");
    }
}
