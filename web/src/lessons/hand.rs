//! The lesson in hand: which one, how far, what help was taken, and the stars it earns. Never: what a check looks at.

use std::rc::Rc;

use kubepie_core::lesson::{Course, Lesson, json};
use kubepie_core::session::Session;

use super::kept::Mark;
use crate::i18n::Lang;
use crate::store;

/// What stands for the id of a lesson from outside in the store.
const FOREIGN: &str = "@";

/// The lesson in hand.
pub struct Hand {
    /// The lesson.
    pub lesson: Rc<Lesson>,
    /// The language of its texts; nothing for a lesson from outside.
    pub lang: Option<Lang>,
    /// The step it was begun at, from zero.
    pub from: usize,
    /// How many of its steps are reached.
    pub step: usize,
    /// How many checks of the present step are true, and how many there are.
    pub met: (usize, usize),
    /// How many hints of the present step are shown.
    pub hints: usize,
    /// Whether the solution of the present step is shown.
    pub shown: bool,
    /// Whether any hint or solution was shown.
    pub helped: bool,
    /// The stars of a finished lesson.
    pub mark: Option<Mark>,
    course: Option<Course>,
}

impl Hand {
    /// Takes a lesson in hand. It is looked at once the session is where it was left.
    pub fn new(lesson: Lesson, lang: Option<Lang>, from: usize, helped: bool) -> Hand {
        let from = from.min(lesson.steps.len().saturating_sub(1));
        let hand =
            Hand { lesson: Rc::new(lesson), lang, from, step: from, met: (0, 0), hints: 0, shown: false, helped, mark: None, course: None };
        hand.keep();
        hand
    }

    /// Whether it came from outside.
    pub fn foreign(&self) -> bool {
        self.lang.is_none()
    }

    /// Its texts in another language.
    pub fn translate(&mut self, lesson: Lesson, lang: Lang) {
        if lesson.id == self.lesson.id && lesson.steps.len() == self.lesson.steps.len() {
            self.lesson = Rc::new(lesson);
            self.lang = Some(lang);
        }
    }

    /// Looks whether steps were reached. Returns whether anything that is shown has changed.
    pub fn look(&mut self, session: &Session) -> bool {
        let lesson = self.lesson.clone();
        let course = self.course.get_or_insert_with(|| Course::new(&lesson, self.from, session));
        course.look(&lesson, session);
        let (step, met) = (course.step(), course.met());
        let changed = step != self.step || met != self.met;
        if step != self.step {
            (self.hints, self.shown) = (0, false);
        }
        (self.step, self.met) = (step, met);
        let done = step >= lesson.steps.len();
        if done && self.mark.is_none() {
            self.mark = Some(Mark { steps: step, goal: true, few: session.cursor() <= self.few(), alone: !self.helped });
        } else if !done {
            self.mark = None;
        }
        changed
    }

    /// The most inputs that count as few: the solutions, and a look or two at each step.
    pub fn few(&self) -> usize {
        self.lesson.steps.iter().skip(self.from).map(|step| step.solution.len() + 2).sum()
    }

    /// When the present step began, in simulated milliseconds.
    pub fn began_ms(&self) -> u64 {
        self.course.as_ref().map_or(0, |course| course.began_at().as_ms())
    }

    /// Takes help.
    pub fn help(&mut self) {
        self.helped = true;
        self.keep();
    }

    /// Keeps which lesson it is for the next visit.
    fn keep(&self) {
        let id = if self.foreign() { FOREIGN } else { &self.lesson.id };
        store::set(store::LESSON, &format!("{id} {} {}", self.from, u8::from(self.helped)));
        if self.foreign() {
            store::set(store::LESSON_TEXT, &json(&self.lesson));
        }
    }
}

/// What was in hand on the last visit.
pub enum Left {
    /// One of the page's own lessons: its id, the step it was begun at, whether help was taken.
    Own(String, usize, bool),
    /// One from outside: its text, the same.
    Foreign(String, usize, bool),
}

/// What was in hand on the last visit, if anything.
pub fn left() -> Option<Left> {
    let kept = store::get(store::LESSON)?;
    let mut words = kept.split(' ');
    let (id, from, helped) = (words.next()?, words.next()?.parse().ok()?, words.next()? == "1");
    Some(match id {
        FOREIGN => Left::Foreign(store::get(store::LESSON_TEXT)?, from, helped),
        id => Left::Own(id.to_string(), from, helped),
    })
}

/// Forgets what was in hand.
pub fn forget() {
    store::remove(store::LESSON);
    store::remove(store::LESSON_TEXT);
}
