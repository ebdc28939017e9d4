//! A learner who types a lesson's lines: how solutions are proved, by the tests and by whoever writes a lesson.

use super::Session;
use super::log::{Base, InputKind};
use crate::api::Timing;
use crate::lesson::{Course, Lesson};

/// How long a line may run before somebody would go on to the next, in simulated milliseconds.
const LONGEST_LINE_MS: u64 = 90_000;

/// How long the cluster is given to come to rest after a line, in simulated milliseconds.
const LONGEST_SETTLE_MS: u64 = 90_000;

/// How long somebody reads before typing on, in simulated milliseconds.
const READ_MS: u64 = 4_000;

/// What a lesson's cluster starts from when it begins at a step (from zero): with the solutions of the steps before.
pub fn lesson_base(lesson: &Lesson, from: usize) -> Base {
    let before = lesson.steps.iter().take(from).flat_map(|step| &step.solution);
    Base {
        files: lesson.files.iter().cloned().collect(),
        objects: lesson.objects.clone(),
        lines: lesson.setup.iter().chain(before).filter(|line| !line.starts_with('^')).cloned().collect(),
        ..Base::default()
    }
}

/// A lesson being played.
pub struct Learner<'a> {
    /// The lesson.
    pub lesson: &'a Lesson,
    /// Its cluster.
    pub session: Session,
    /// How far it has come.
    pub course: Course,
    /// The step it was begun at, from zero.
    from: usize,
}

impl<'a> Learner<'a> {
    /// Begins a lesson at a step, from zero.
    pub fn new(lesson: &'a Lesson, from: usize, epoch_ms: i64) -> Learner<'a> {
        Learner::seeded(lesson, from, epoch_ms, 7)
    }

    /// Begins a lesson at a step, from zero, with the chance of that seed: names, places, and who answers.
    pub fn seeded(lesson: &'a Lesson, from: usize, epoch_ms: i64, seed: u64) -> Learner<'a> {
        let session = Session::fresh(seed, epoch_ms, Timing::LIFE, lesson_base(lesson, from));
        let course = Course::new(lesson, from, &session);
        Learner { lesson, session, course, from }
    }

    /// Types a line and waits until it is done and the cluster is at rest. `^C` is Ctrl-C, `^D` the end of input.
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

    /// Types the solutions of the steps from the present one on, as long as each reaches its step. Returns how many
    /// steps are reached then: all of them, if the lesson proves itself.
    pub fn prove(&mut self) -> usize {
        let lesson = self.lesson;
        let mut number = self.course.step();
        // What is true before anything is typed teaches nothing.
        if self.session.inputs().is_empty() && number > self.from {
            return self.from;
        }
        while let Some(step) = lesson.steps.get(number) {
            step.solution.iter().for_each(|line| self.line(line));
            if self.course.step() != number + 1 {
                break;
            }
            number += 1;
        }
        self.course.step()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::parse;

    #[test]
    fn a_step_that_is_true_from_the_start_is_not_proved() {
        let text = "id: x\ntitle: {en: x, ko: x}\nintro: {en: x, ko: x}\nsteps:\n- goal: {en: x, ko: x}\n  text: {en: x, ko: x}\n  done: {en: x, ko: x}\n  check:\n  - {resource: nodes, name: w1-k8s}\n  solution: [kubectl get nodes]\n";
        let lesson = parse::lesson(text).unwrap();
        assert_eq!(Learner::new(&lesson, 0, 1_795_428_000_000).prove(), 0);
    }
}
