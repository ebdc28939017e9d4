//! The lesson in hand: which one, which step, which hints. Never: what a check looks at.

use kubepie_core::lesson::{Lesson, catalog};
use kubepie_core::session::{Base, Session};

use crate::store;

/// The lesson that was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Running {
    /// Its index in the catalog.
    pub lesson: usize,
    /// How many of its steps were reached.
    pub step: usize,
    /// How many hints of the present step are shown.
    pub hints: usize,
}

/// All lessons and how far one has come.
pub struct Course {
    /// The catalog.
    pub lessons: Vec<Lesson>,
    /// How many steps of each were ever reached.
    pub reached: Vec<usize>,
    /// The lesson that was begun.
    pub running: Option<Running>,
}

impl Course {
    /// The catalog, with what the browser has kept.
    pub fn new() -> Course {
        let lessons = catalog::all();
        let kept = store::get(store::PROGRESS).unwrap_or_default();
        let of = |lesson: &Lesson| {
            let mine = kept.split(' ').filter_map(|w| w.split_once('=')).find(|(id, _)| *id == lesson.id);
            mine.and_then(|(_, n)| n.parse().ok()).unwrap_or(0)
        };
        let reached = lessons.iter().map(of).collect();
        Course { lessons, reached, running: None }
    }

    /// Goes on with the lesson that the browser has kept.
    pub fn resume(&mut self) {
        let kept = store::get(store::LESSON).unwrap_or_default();
        self.running = kept.split_once(' ').and_then(|(id, step)| {
            let lesson = self.lessons.iter().position(|l| l.id == id)?;
            Some(Running { lesson, step: step.parse().ok()?, hints: 0 })
        });
    }

    /// Begins a lesson; gives what its cluster starts from.
    pub fn start(&mut self, lesson: usize) -> Option<Base> {
        let found = self.lessons.get(lesson)?;
        let base = Base { files: found.files.iter().cloned().collect(), lines: found.setup.clone(), ..Base::default() };
        self.running = Some(Running { lesson, step: 0, hints: 0 });
        self.keep();
        Some(base)
    }

    /// Puts the lesson away.
    pub fn leave(&mut self) {
        self.running = None;
        store::remove(store::LESSON);
    }

    /// Shows one more hint.
    pub fn hint(&mut self) {
        if let Some(running) = &mut self.running {
            running.hints += 1;
        }
    }

    /// Looks whether steps were reached. Returns whether any was.
    pub fn look(&mut self, session: &Session) -> bool {
        let Some(running) = &mut self.running else { return false };
        let Some(lesson) = self.lessons.get(running.lesson) else { return false };
        let before = running.step;
        while lesson.steps.get(running.step).is_some_and(|s| s.check.iter().all(|c| c.holds(session.api()))) {
            running.step += 1;
            running.hints = 0;
        }
        let (step, index) = (running.step, running.lesson);
        if step == before {
            return false;
        }
        if let Some(reached) = self.reached.get_mut(index) {
            *reached = step.max(*reached);
        }
        self.keep();
        true
    }

    fn keep(&self) {
        let all: Vec<String> = self.lessons.iter().zip(&self.reached).map(|(l, n)| format!("{}={n}", l.id)).collect();
        store::set(store::PROGRESS, &all.join(" "));
        if let Some(running) = self.running
            && let Some(lesson) = self.lessons.get(running.lesson)
        {
            store::set(store::LESSON, &format!("{} {}", lesson.id, running.step));
        }
    }
}
