//! The index of the lessons that come with the page: one row each. Their texts are files that the page fetches when they
//! are asked for.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::Text;

/// The rows: id, number of steps, Korean title, English title; apart by `|`. A test holds them to the lessons.
const ROWS: &str = include_str!("../../data/lessons/index.txt");

/// What the index says about a lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// How many steps it has.
    pub steps: usize,
}

/// The index, in the order of the lessons' numbers.
pub fn index() -> Vec<Row> {
    ROWS.lines().filter(|line| !line.starts_with('#')).filter_map(row).collect()
}

fn row(line: &str) -> Option<Row> {
    let mut fields = line.split('|').map(str::trim);
    let (id, steps) = (fields.next()?.to_string(), fields.next()?.parse().ok()?);
    let title = Text { ko: fields.next()?.to_string(), en: fields.next()?.to_string() };
    Some(Row { id, title, steps })
}
