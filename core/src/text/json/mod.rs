//! JSON as Go reads and writes it: its error texts, its escapes, its numbers, and objects in struct order.

mod parse;
mod pretty;
mod print;

pub use parse::{Error, parse, parse_prefix};
pub use pretty::pretty;
pub use print::{Order, compact, compact_into, indented, ordered, ordered_compact, quote_into};
