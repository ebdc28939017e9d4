//! Lessons: their parts as data, and the checks that say whether a step is reached. Reads the cluster, never changes it.

pub mod catalog;
pub mod check;
pub mod parse;

use alloc::string::String;
use alloc::vec::Vec;

pub use check::Check;

/// A text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// Korean.
    pub ko: String,
    /// English.
    pub en: String,
}

/// A step of a lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What is to be reached, in one sentence.
    pub goal: Text,
    /// A few sentences to read while typing.
    pub text: Text,
    /// Hints, each more concrete than the one before.
    pub hints: Vec<Text>,
    /// Commands that reach the goal.
    pub solution: Vec<String>,
    /// Commands that look right and are not; the step is not reached by them.
    pub wrong: Vec<String>,
    /// Other commands that reach the goal just as well.
    pub other: Vec<String>,
    /// What must be true of the cluster.
    pub check: Vec<Check>,
    /// What to say when it is reached.
    pub done: Text,
}

/// A lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    /// Its name in links: `first-pod`.
    pub id: String,
    /// Its number among the lessons.
    pub number: u32,
    /// Its title.
    pub title: Text,
    /// What it is about, in one or two sentences.
    pub intro: Text,
    /// What it starts from.
    pub files: Vec<(String, String)>,
    /// Lines run unseen before it begins.
    pub setup: Vec<String>,
    /// Its steps.
    pub steps: Vec<Step>,
}
