//! How the tables are looked at: in which order, and which of their rows are in sight. Pure arithmetic. Never: what they tell.

use std::cmp::Ordering;
use std::ops::Range;

use super::refs::Ref;
use super::sight::Shift;

/// How many tables there are.
pub const TABLES: usize = 5;
/// The height of a row, of what is above a table's rows, and between two tables; the stylesheet keeps to it.
pub const ROW: f64 = 27.0;
const HEAD: f64 = 58.0;
const GAP: f64 = 18.0;
/// So much beyond what is in sight is in the document too.
const MORE: f64 = ROW * 12.0;
/// The document is changed when it was scrolled so many rows.
const STEP: f64 = 6.0;
/// The height of what is in sight before anything was scrolled.
const HEIGHT: f64 = 1_000.0;

/// A row: what it is about, its cells, and what some of them measure, by which they are put in order.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// What it is about.
    pub what: Option<Ref>,
    /// Its cells.
    pub cells: Vec<String>,
    /// Columns with what they measure.
    pub measures: Vec<(usize, u64)>,
}

/// How the tables are looked at.
#[derive(Debug, Default)]
pub struct Sheets {
    /// How far they are scrolled.
    pub shift: Shift,
    orders: [Option<(usize, bool)>; TABLES],
}

impl Sheets {
    /// Another order: by a column, or the other way round where it is that column already.
    pub fn sort(&mut self, table: usize, column: usize) {
        if let Some(order) = self.orders.get_mut(table) {
            *order = Some((column, matches!(*order, Some((old, false)) if old == column)));
        }
    }

    /// The order of a table: by which column, and whether the other way round.
    pub fn order(&self, table: usize) -> Option<(usize, bool)> {
        self.orders.get(table).copied().flatten()
    }

    /// They are scrolled. Returns whether other rows are in sight now.
    pub fn scrolled(&mut self, to: Shift) -> bool {
        let step = |shift: &Shift| ((shift.y / ROW / STEP) as usize, shift.h as usize);
        let changed = step(&self.shift) != step(&to);
        self.shift = to;
        changed
    }

    /// Which rows of a table are in the document, of tables with so many rows each.
    pub fn rows(&self, table: usize, counts: &[usize]) -> Range<usize> {
        let count = counts.get(table).copied().unwrap_or(0);
        let from = self.shift.y - top(table, counts);
        let h = if self.shift.h > 0.0 { self.shift.h } else { HEIGHT };
        let row = |y: f64| (y / ROW).max(0.0) as usize;
        let end = row(from + h + MORE).min(count);
        row(from - MORE).min(end)..end
    }

    /// Moves to where a row is in sight.
    pub fn reach(&mut self, table: usize, row: usize, counts: &[usize]) {
        let y = top(table, counts) + row as f64 * ROW;
        let h = if self.shift.h > 0.0 { self.shift.h } else { HEIGHT };
        // What is above the rows stays in sight.
        self.shift.y = self.shift.y.clamp((y + ROW * 2.0 - h).max(0.0), (y - HEAD).max(0.0));
    }
}

/// Where the rows of a table begin.
fn top(table: usize, counts: &[usize]) -> f64 {
    counts.iter().take(table).map(|count| HEAD + *count as f64 * ROW + GAP).sum::<f64>() + HEAD
}

/// Puts rows in order of a column.
pub fn arrange(rows: &mut [Row], (column, reversed): (usize, bool)) {
    let order = |a: &Row, b: &Row| {
        let measure = |row: &Row| row.measures.iter().find(|(of, _)| *of == column).map(|(_, value)| *value);
        let cell = |row: &Row| row.cells.get(column).map_or("", String::as_str).to_string();
        measure(a).cmp(&measure(b)).then_with(|| natural(&cell(a), &cell(b)))
    };
    rows.sort_by(|a, b| if reversed { order(b, a) } else { order(a, b) });
}

/// The order of texts in which numbers are: `web-9` before `web-10`.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    loop {
        let (Some(x), Some(y)) = (a.first(), b.first()) else { return a.len().cmp(&b.len()) };
        let (m, n) = (digits(a), digits(b));
        let order = if m > 0 && n > 0 { number(a, m).cmp(&number(b, n)) } else { x.cmp(y) };
        if order != Ordering::Equal {
            return order;
        }
        (a, b) = (a.get(m.max(1)..).unwrap_or_default(), b.get(n.max(1)..).unwrap_or_default());
    }
}

fn digits(text: &[u8]) -> usize {
    text.iter().take_while(|b| b.is_ascii_digit()).count()
}

fn number(text: &[u8], digits: usize) -> u64 {
    text.iter().take(digits).fold(0, |sum, b| u64::from(b - b'0').saturating_add(sum.saturating_mul(10)))
}

/// The width in pixels of the widest of some texts as a table writes them.
pub fn widest<'a>(texts: impl Iterator<Item = &'a str>) -> usize {
    let width = |text: &str| text.chars().map(|c| if c.is_ascii() { 73 } else { 130 }).sum::<usize>().div_ceil(10);
    texts.map(width).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rows_in_sight_are_in_the_document() {
        let mut sheets = Sheets::default();
        let counts = [1000, 50, 3, 0, 0];
        assert_eq!((sheets.rows(0, &counts), sheets.rows(1, &counts), sheets.rows(4, &counts)), (0..46, 0..0, 0..0));
        assert!(sheets.scrolled(Shift { x: 0.0, y: 500.0 * ROW, h: 400.0 }));
        assert!(!sheets.scrolled(Shift { x: 0.0, y: 502.0 * ROW, h: 400.0 }), "those are there already");
        let rows = sheets.rows(0, &counts);
        assert!(rows.contains(&500) && rows.contains(&514) && rows.len() < 45, "{rows:?}");
        sheets.reach(1, 49, &counts);
        assert!(sheets.rows(1, &counts).contains(&49));
        assert!(sheets.rows(0, &counts).is_empty());
        sheets.reach(0, 0, &counts);
        assert_eq!((sheets.shift.y, sheets.rows(0, &counts).start), (0.0, 0));
    }

    #[test]
    fn a_column_is_put_in_order_by_what_it_measures() {
        let row = |name: &str, cpu: u64| Row { cells: vec![name.into()], measures: vec![(1, cpu)], ..Row::default() };
        let mut rows = vec![row("web-10", 250), row("web-9", 1100), row("api", 300)];
        let names = |rows: &[Row]| rows.iter().map(|r| r.cells[0].clone()).collect::<Vec<_>>().join(" ");
        let mut sheets = Sheets::default();
        let mut by = |column| {
            sheets.sort(0, column);
            arrange(&mut rows, sheets.order(0).unwrap());
            names(&rows)
        };
        assert_eq!(by(0), "api web-9 web-10");
        assert_eq!(by(0), "web-10 web-9 api");
        assert_eq!(by(1), "web-10 api web-9");
        assert_eq!(natural("10.0.0.9", "10.0.0.12"), Ordering::Less);
        assert_eq!(natural("a", "a"), Ordering::Equal);
    }
}
