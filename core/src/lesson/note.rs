//! The learner's note, statement by statement and command by command, with the step where each is learnt.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::Text;
use super::defect::{Defect, What};
use super::fields::Part;
use crate::text::yaml;

/// The most lines the note may have.
const MAX_LINES: usize = 200;

/// One statement or command of the note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The section of the note.
    pub section: Text,
    /// What it says, in our own words.
    pub says: Text,
    /// The command, when it is one.
    pub command: String,
    /// What is different today, when something is.
    pub today: Option<Text>,
    /// The lesson where it is learnt.
    pub lesson: String,
    /// The step of it, from one.
    pub step: usize,
}

/// Reads the note.
///
/// # Errors
/// What is wrong, and where.
pub fn parse(text: &str) -> Result<Vec<Line>, Defect> {
    let value = yaml::parse(text).map_err(|e| Defect::whole(What::NotYaml, &e.to_string()))?;
    let mut lines = Vec::new();
    for section in Part::whole(&value).items("sections", MAX_LINES)? {
        section.only(&["title", "lines"])?;
        let title = section.text("title")?;
        for line in section.items("lines", MAX_LINES)? {
            lines.push(one(&line, &title)?);
        }
    }
    Ok(lines)
}

fn one(v: &Part<'_>, section: &Text) -> Result<Line, Defect> {
    v.only(&["says", "command", "today", "learnt"])?;
    let learnt = v.line("learnt")?;
    let Some((lesson, step)) = learnt.split_once('/') else { return Err(v.wrong(What::Learnt, "")) };
    Ok(Line {
        section: section.clone(),
        says: v.text("says")?,
        command: v.line("command")?,
        today: v.get("today").map(|part| part.as_text()).transpose()?,
        lesson: lesson.to_string(),
        step: step.parse().map_err(|_| v.wrong(What::Learnt, ""))?,
    })
}
