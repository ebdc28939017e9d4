//! What can be wrong with a lesson, as data: the page says it in the reader's language. Never: sentences.

use alloc::string::{String, ToString};

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// It is longer than so many bytes.
    TooLong,
    /// It cannot be read as YAML: why.
    NotYaml,
    /// The id has other letters than an id may have.
    Id,
    /// There are no steps.
    NoSteps,
    /// A step has no check.
    NoCheck,
    /// A step has no solution.
    NoSolution,
    /// A demonstration has no lines.
    NoLines,
    /// It is no JSONPath: why.
    Path,
    /// It is no label selector.
    Selector,
    /// A check looks at nothing.
    Subject,
    /// A comparison that is not known, and those that are.
    Op,
    /// A moment that is not known, and those that are.
    Moment,
    /// It is no duration, or too long a one.
    Duration,
    /// It is no list, or longer than so many.
    List,
    /// It is no map of keys and values.
    Map,
    /// A key that is not known, and those that are.
    UnknownKey,
    /// It is not text.
    NotText,
    /// It is no whole number that is allowed.
    Number,
    /// It is neither true nor false.
    Truth,
    /// There are more files than so many.
    Files,
    /// The file is no text of at most so many bytes.
    File,
    /// It is neither a text nor one for each language.
    Neither,
    /// A language is missing.
    Languages,
    /// The text under this key is missing.
    Missing,
    /// A line of the note does not say where it is learnt.
    Learnt,
}

/// A defect of a lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect {
    /// Where: `steps[2].check[0]`; empty for the lesson as a whole.
    pub place: String,
    /// What is wrong.
    pub what: What,
    /// What it is about: a key, a name, a limit, a reason.
    pub with: String,
    /// What would be right, where a list says it; or a limit.
    pub known: String,
}

impl Defect {
    /// A defect of the lesson as a whole.
    pub fn whole(what: What, with: &str) -> Defect {
        Defect { place: String::new(), what, with: with.to_string(), known: String::new() }
    }
}
