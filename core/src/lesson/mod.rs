//! Lessons: their parts as data, and what says whether a step is reached. Reads the cluster, never changes it.

pub mod catalog;
pub mod check;
pub mod defect;
mod fields;
pub mod note;
pub mod offer;
pub mod parse;
mod parse_check;
pub mod progress;
pub mod prose;
pub mod say;
mod track;
mod write;

use alloc::string::String;
use alloc::vec::Vec;

pub use check::Check;
pub use defect::Defect;
pub use progress::{Asked, Course, Facts};
pub use write::json;

/// A text in the languages of the page. A text that was written once, for any language, stands in both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// Korean.
    pub ko: String,
    /// English.
    pub en: String,
}

/// A few inputs that are played on a cluster of their own, to be looked at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Demo {
    /// What there is to see.
    pub caption: Text,
    /// Files in the home of its cluster.
    pub files: Vec<(String, String)>,
    /// Lines run unseen before it begins.
    pub setup: Vec<String>,
    /// The inputs, one after another; see [`Step::solution`].
    pub lines: Vec<String>,
}

/// A step of a lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What is to be reached, in one sentence.
    pub goal: Text,
    /// A few sentences to read while typing, in the Markdown of [`prose`].
    pub text: Text,
    /// A demonstration, if there is one.
    pub demo: Option<Demo>,
    /// Hints, each more concrete than the one before.
    pub hints: Vec<Text>,
    /// Lines that reach the goal. `^C` is Ctrl-C and `^D` the end of input.
    pub solution: Vec<String>,
    /// Lines that look right and are not; the step is not reached by them.
    pub wrong: Vec<Vec<String>>,
    /// Other lines that reach the goal just as well.
    pub other: Vec<Vec<String>>,
    /// What must be true.
    pub check: Vec<Check>,
    /// What to say when it is reached.
    pub done: Text,
}

/// Something to try after a lesson.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Idea {
    /// What and why.
    pub text: Text,
    /// A line to begin with; empty for none.
    pub line: String,
}

/// A lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    /// Its name in links: `first-pod`.
    pub id: String,
    /// Its number among the lessons; zero for one from outside.
    pub number: u32,
    /// Its title.
    pub title: Text,
    /// What it is about, in one or two sentences.
    pub intro: Text,
    /// Files in the learner's home, by name.
    pub files: Vec<(String, String)>,
    /// Manifests applied before it begins.
    pub objects: String,
    /// Lines run unseen before it begins.
    pub setup: Vec<String>,
    /// Its steps.
    pub steps: Vec<Step>,
    /// What to try next in the same cluster.
    pub ideas: Vec<Idea>,
}
