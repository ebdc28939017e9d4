//! What a program of `awk` is run as: steps of a machine with a stack.
//! Never: how they are made (`compile`) or done (`machine`).

use alloc::string::String;
use alloc::vec::Vec;

use super::value::Value;
use crate::text::regex::Regex;

/// Variables that mean something to `awk` itself, by their place among all.
pub(super) const SPECIAL: [&str; 14] =
    ["FS", "OFS", "ORS", "RS", "SUBSEP", "NF", "NR", "FNR", "FILENAME", "RSTART", "RLENGTH", "CONVFMT", "OFMT", "ARGC"];
pub(super) const FS: usize = 0;
pub(super) const OFS: usize = 1;
pub(super) const ORS: usize = 2;
pub(super) const RS: usize = 3;
pub(super) const SUBSEP: usize = 4;
pub(super) const NF: usize = 5;
pub(super) const NR: usize = 6;
pub(super) const FNR: usize = 7;
pub(super) const FILENAME: usize = 8;
pub(super) const RSTART: usize = 9;
pub(super) const RLENGTH: usize = 10;
pub(super) const CONVFMT: usize = 11;
pub(super) const OFMT: usize = 12;
pub(super) const ARGC: usize = 13;
/// Arrays of that kind.
pub(super) const SPECIAL_ARRAYS: [&str; 2] = ["ENVIRON", "ARGV"];
pub(super) const ENVIRON: usize = 0;
pub(super) const ARGV: usize = 1;

/// An array: the program's, or one that the running function was given or made.
#[derive(Clone, Copy, Debug)]
pub(super) enum Array {
    Global(usize),
    Local(usize),
}

/// What can be assigned to. The number of a field and the key of an element are on the stack.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    Global(usize),
    Local(usize),
    Field,
    Element(Array),
}

impl Place {
    /// Whether something on the stack says which one is meant.
    pub(super) fn has_key(self) -> bool {
        matches!(self, Place::Field | Place::Element(_))
    }
}

/// Where records come from; the name of a file or command is on the stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Main,
    File,
    Command,
}

/// Where text goes; the name of a file or command is on the stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Out,
    File,
    Append,
    Command,
}

/// A step. Operands are taken from the stack, results put there. A pattern that is not written out is on the stack.
#[derive(Clone, Debug)]
pub(super) enum Op {
    Push(Value),
    Pop,
    Copy,
    Load(Place),
    /// The value stays on the stack, the key goes.
    Store(Place),
    /// `++` and `--`: whether the new value is the result, and by how much.
    Step(Place, bool, f64),
    /// Whether the line matches.
    Line(Regex),
    /// Whether a text matches, or does not.
    Match(bool, Option<Regex>),
    Arith(char),
    Compare(&'static str),
    Concat,
    Not,
    Minus,
    Plus,
    Truth,
    Jump(usize),
    /// Goes on elsewhere if the value's truth is this.
    JumpIf(bool, usize),
    In(Array),
    /// Makes one key of several.
    Join(usize),
    Delete(Array),
    Clear(Array),
    /// `print` and `printf` (true) of so many.
    Print(usize, bool, Target),
    /// A function of the program, with the arrays it is given.
    Call(usize, Vec<Array>),
    /// A function of `awk` with so many operands.
    Builtin(&'static str, usize),
    /// `split`: into what, whether the separator is given, and whether as a pattern.
    Split(Array, bool, Option<Regex>),
    /// `sub` and `gsub` (true)
    Substitute(bool, Option<Regex>, Place),
    /// `match()`
    Find(Option<Regex>),
    Length(Array),
    Getline(Source, Option<Place>),
    Close,
    System,
    /// Begins `for (key in array)`.
    Keys(Array),
    /// The next key into a place; where to go on after the last.
    NextKey(Place, usize),
    EndKeys,
    /// Whether a range of lines is open.
    Open(usize),
    SetOpen(usize, bool),
    /// `next`, or `nextfile` (true)
    Next(bool),
    /// `exit`; the status is on the stack if true.
    Exit(bool),
    Return,
    /// The end of `BEGIN`, of the rules, or of `END`.
    Halt,
}

/// A function of the program: where it begins, and how many plain parameters and arrays it has.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    pub at: usize,
    pub plain: usize,
    pub arrays: usize,
}

/// A program, ready to run.
#[derive(Clone, Debug, Default)]
pub(super) struct Code {
    pub ops: Vec<Op>,
    pub functions: Vec<Entry>,
    /// Where `BEGIN`, the rules and `END` begin.
    pub begin: usize,
    pub rules: usize,
    pub end: usize,
    /// Whether lines are read at all.
    pub reads: bool,
    /// Names of variables and of arrays, by number.
    pub globals: Vec<String>,
    pub arrays: Vec<String>,
}
