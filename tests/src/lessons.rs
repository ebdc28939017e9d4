//! Playing lessons as a learner would, and reading their files.

use crate::sources::below;
use kubepie_core::lesson::{Lesson, parse};
use kubepie_core::session::Learner;

/// 2026-11-23 09:20 UTC.
const EPOCH_MS: i64 = 1_795_425_600_000;

/// Begins a lesson at a step, from zero.
#[must_use]
pub fn begin(lesson: &Lesson, from: usize) -> Learner<'_> {
    Learner::new(lesson, from, EPOCH_MS)
}

/// Begins a lesson at a step, from zero, with the chance of that seed.
#[must_use]
pub fn begin_by(lesson: &Lesson, from: usize, seed: u64) -> Learner<'_> {
    Learner::seeded(lesson, from, EPOCH_MS, seed)
}

/// Types lines.
pub fn type_all(learner: &mut Learner<'_>, lines: &[String]) {
    lines.iter().for_each(|line| learner.line(line));
}

/// Types the solutions of the first `steps` steps.
pub fn solve(learner: &mut Learner<'_>, steps: usize) {
    let lesson = learner.lesson;
    lesson.steps.iter().take(steps).for_each(|step| type_all(learner, &step.solution));
}

/// Everything the terminal shows.
#[must_use]
pub fn screen(learner: &Learner<'_>) -> String {
    learner.session.shown_since(0).map(|shown| shown.text.as_str()).collect()
}

/// The lessons' files: path and text.
#[must_use]
pub fn sources() -> Vec<(String, String)> {
    below("core/data/lessons", &[".yaml"]).into_iter().map(|file| (file.path, file.text)).collect()
}

/// Every lesson in the order of their numbers.
///
/// # Errors
/// The defect of the first that has one.
pub fn all() -> Result<Vec<Lesson>, String> {
    let read = |(path, text): (String, String)| parse::lesson(&text).map_err(|why| format!("{path}: {why:?}"));
    let mut lessons = sources().into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
    lessons.sort_by_key(|lesson| lesson.number);
    Ok(lessons)
}
