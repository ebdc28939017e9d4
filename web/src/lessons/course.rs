//! The lesson in hand: which one, which step, which hints. Never: what a check looks at.

use kubepie_core::lesson::{self, Lesson, parse};
use kubepie_core::session::{Base, Session};

use crate::store;

/// The lessons' sources, in order.
const LESSONS: &[&str] = &[
    include_str!("../../../core/data/lessons/first-pod.yaml"),
    include_str!("../../../core/data/lessons/scale.yaml"),
    include_str!("../../../core/data/lessons/drain.yaml"),
];

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
    progress: Option<lesson::Course>,
    /// The lesson that was begun.
    pub running: Option<Running>,
}

impl Course {
    /// The catalog, with what the browser has kept.
    pub fn new() -> Course {
        let lessons: Vec<Lesson> = LESSONS.iter().filter_map(|text| parse::lesson(text).ok()).collect();
        let kept = store::get(store::PROGRESS).unwrap_or_default();
        let of = |lesson: &Lesson| {
            let mine = kept.split(' ').filter_map(|w| w.split_once('=')).find(|(id, _)| *id == lesson.id);
            mine.and_then(|(_, n)| n.parse().ok()).unwrap_or(0)
        };
        let reached = lessons.iter().map(of).collect();
        Course { lessons, reached, progress: None, running: None }
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
        self.progress = None;
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
        let progress = self.progress.get_or_insert_with(|| lesson::Course::new(lesson, 0, session));
        progress.look(lesson, session);
        let (step, index) = (progress.step(), running.lesson);
        if step == running.step {
            return false;
        }
        (running.step, running.hints) = (step, 0);
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
