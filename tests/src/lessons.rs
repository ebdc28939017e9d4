//! Playing lessons as a learner would: typing lines on a cluster of the lesson's own, and looking whether steps are reached.

use crate::sources::below;
use kubepie_core::lesson::{Course, Lesson, parse};
use kubepie_core::session::{Base, InputKind, Session, Timing};

/// 2026-11-23 09:20 UTC.
const EPOCH_MS: i64 = 1_795_425_600_000;

/// How long a line may run before somebody would press Ctrl-C or go on, in simulated milliseconds.
const LONGEST_LINE_MS: u64 = 90_000;

/// How long the cluster is given to come to rest after a line.
const LONGEST_SETTLE_MS: u64 = 90_000;

/// How long somebody reads before typing on.
const READ_MS: u64 = 4_000;

/// A lesson being played.
pub struct Player<'a> {
    /// The lesson.
    pub lesson: &'a Lesson,
    /// Its cluster.
    pub session: Session,
    /// How far it has come.
    pub course: Course,
}

/// What a lesson's cluster starts from.
#[must_use]
pub fn base(lesson: &Lesson) -> Base {
    Base { files: lesson.files.iter().cloned().collect(), objects: lesson.objects.clone(), lines: lesson.setup.clone(), ..Base::default() }
}

impl<'a> Player<'a> {
    /// Begins a lesson.
    #[must_use]
    pub fn new(lesson: &'a Lesson) -> Player<'a> {
        let session = Session::fresh(7, EPOCH_MS, Timing::LIFE, base(lesson));
        let course = Course::new(lesson, &session);
        Player { lesson, session, course }
    }

    /// Types a line and waits until it is done and the cluster is at rest.
    pub fn line(&mut self, line: &str) {
        match line {
            "^C" => self.session.submit(0, InputKind::Interrupt),
            "^D" => self.session.submit(0, InputKind::Eof),
            line => self.session.submit_line(0, line),
        }
        self.session.run_until_idle(0, LONGEST_LINE_MS);
        self.session.settle(LONGEST_SETTLE_MS);
        self.session.advance_to(self.session.now() + READ_MS);
        self.course.look(self.lesson, &self.session);
    }

    /// Types lines.
    pub fn lines(&mut self, lines: &[String]) {
        for line in lines {
            self.line(line);
        }
    }

    /// Types the solutions of the first `steps` steps.
    pub fn solve(&mut self, steps: usize) {
        for step in self.lesson.steps.iter().take(steps) {
            self.lines(&step.solution);
        }
    }

    /// Everything the terminal shows.
    #[must_use]
    pub fn screen(&self) -> String {
        self.session.shown_since(0).map(|shown| shown.text.as_str()).collect()
    }
}

/// The lessons' files: path and text.
#[must_use]
pub fn sources() -> Vec<(String, String)> {
    let files = below("core/data/lessons", &[".yaml"]);
    files.into_iter().filter(|file| !file.path.ends_with("/note.yaml")).map(|file| (file.path, file.text)).collect()
}

/// Every lesson in the order of their numbers.
///
/// # Errors
/// The defect of the first that has one.
pub fn all() -> Result<Vec<Lesson>, String> {
    let read = |(path, text): (String, String)| parse::lesson(&text).map_err(|why| format!("{path}: {why}"));
    let mut lessons = sources().into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
    lessons.sort_by_key(|lesson| lesson.number);
    Ok(lessons)
}
