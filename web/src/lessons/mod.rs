//! The lessons' part of the page: its state and what can happen to it. Never: what a check looks at (the core's lesson).

mod before;
mod builder;
mod catalog;
mod demo;
pub mod fetch;
pub mod goal;
mod hand;
mod kept;
mod link;
mod note;
mod panel;
mod play;
mod progress;
mod prose;
mod step;

use std::rc::Rc;

use kubepie_core::lesson::{Lesson, catalog as index, note as core_note, parse};
use kubepie_core::session::{InputKind, Session, lesson_base};
use yew::html::Scope;

use crate::app::{self, App};
use crate::engine::{Engine, SHELL};
use crate::i18n::Lang;
use crate::terminal;
use hand::{Hand, Left};
use kept::Kept;
use play::{Do, Play};

pub use before::put_aside;
pub use link::{copy, read};
pub use panel::panel;
pub use progress::file_button;

/// What the panel shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The list, or the lesson in hand.
    Lessons,
    /// The note.
    Note,
    /// The teacher's builder.
    Build,
    /// What was reached, to keep and to take along.
    Progress,
}

/// What to do with a lesson that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Aim {
    /// Begin it at a step, from zero.
    Begin(usize),
    /// Go on with it: the step it was begun at, and whether help was taken.
    Resume(usize, bool),
    /// Take its texts, in another language.
    Translate,
}

/// What can happen to lessons.
pub enum Msg {
    /// Show a place.
    Go(Place),
    /// Begin a lesson at a step, from zero.
    Open(String, usize),
    /// A lesson has come: its id, its language, its text.
    Came(String, Lang, Aim, Option<String>),
    /// The note has come.
    NoteCame(Lang, Option<String>),
    /// Back to the list; the cluster stays.
    Leave,
    /// The lesson from its beginning.
    Again,
    /// The step from its beginning.
    AgainStep,
    /// One more hint.
    Hint,
    /// Show the solution.
    Solution,
    /// Let the solution type itself, or stop it.
    Play,
    /// Begin the lesson that a link brought.
    Take,
    /// Do not.
    Refuse,
    /// Forget what was reached.
    Reset,
    /// Take in what another browser has kept; nothing where the file cannot be read.
    Import(Option<String>),
    /// Back to the session that was open before.
    Back,
    /// To the builder.
    Build(builder::Msg),
}

/// The lessons' state.
pub struct State {
    place: Place,
    rows: Vec<index::Row>,
    kept: Kept,
    hand: Option<Hand>,
    play: Option<Play>,
    /// The lesson that is being fetched.
    waiting: Option<(String, Lang)>,
    /// What went wrong.
    failed: Option<String>,
    note: Option<(Lang, Rc<[core_note::Line]>)>,
    /// A lesson that a link brought, not begun.
    offered: Option<Box<Lesson>>,
    /// How many inputs the session before the present one has, if one is kept.
    before: Option<usize>,
    builder: builder::State,
    scope: Scope<App>,
}

impl State {
    /// The lessons, with what the browser has kept.
    pub fn new(scope: &Scope<App>) -> State {
        State {
            place: Place::Lessons,
            rows: index::index(),
            kept: Kept::load(),
            hand: None,
            play: None,
            waiting: None,
            failed: None,
            note: None,
            offered: None,
            before: before::kept(),
            builder: builder::State::default(),
            scope: scope.clone(),
        }
    }

    /// Goes on with the lesson of the last visit.
    pub fn resume(&mut self, lang: Lang) {
        match hand::left() {
            Some(Left::Own(id, from, helped)) => self.fetch(id, lang, Aim::Resume(from, helped)),
            Some(Left::Foreign(text, from, helped)) => {
                self.hand = parse::lesson(&text).ok().map(|lesson| Hand::new(lesson, None, from, helped));
            }
            None => {}
        }
    }

    /// Puts the lesson away.
    pub fn leave(&mut self) {
        self.hand = None;
        self.play = None;
        hand::forget();
    }

    /// Whether there is a lesson to show where the page shows nothing else of lessons.
    pub fn in_hand(&self) -> bool {
        self.hand.is_some() || self.offered.is_some()
    }

    /// Whether a lesson is open and not finished.
    pub fn under_way(&self) -> bool {
        self.hand.as_ref().is_some_and(|hand| hand.mark.is_none())
    }

    /// Looks whether steps were reached. Returns whether anything that is shown has changed.
    pub fn look(&mut self, session: &Session) -> bool {
        let Some(hand) = &mut self.hand else { return false };
        if !hand.look(session) {
            return false;
        }
        let id = if hand.foreign() { "shared" } else { &hand.lesson.id };
        let reached = kept::Mark { steps: hand.step, ..kept::Mark::default() };
        self.kept.add(id, hand.mark.filter(|_| hand.from == 0).unwrap_or(reached));
        true
    }

    fn fetch(&mut self, id: String, lang: Lang, aim: Aim) {
        if !id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
            return;
        }
        self.waiting = Some((id.clone(), lang));
        self.failed = None;
        let scope = self.scope.clone();
        fetch::text(["lessons/", &id, ".", lang.code(), ".json"].concat(), move |text| {
            scope.send_message(app::Msg::Lesson(Msg::Came(id, lang, aim, text)));
        });
    }

    fn fetch_note(&mut self, lang: Lang) {
        if self.note.as_ref().is_none_or(|(had, _)| *had != lang) {
            let scope = self.scope.clone();
            fetch::text(["lessons/note.", lang.code(), ".json"].concat(), move |text| {
                scope.send_message(app::Msg::Lesson(Msg::NoteCame(lang, text)));
            });
        }
    }
}

/// Lets a frame pass. Returns whether anything that is shown has changed.
pub fn frame(app: &mut App, dt_ms: f64) -> bool {
    let lang = app.look.lang;
    let state = &mut app.lessons;
    if let Some(hand) = &state.hand
        && hand.lang.is_some_and(|had| had != lang)
        && state.waiting.as_ref().is_none_or(|(_, waited)| *waited != lang)
    {
        state.fetch(hand.lesson.id.clone(), lang, Aim::Translate);
    }
    if state.place == Place::Note && state.note.as_ref().is_some_and(|(had, _)| *had != lang) {
        state.note = None;
        state.fetch_note(lang);
    }
    let idle = app.engine.session.is_idle(SHELL);
    let Some(play) = &mut state.play else { return false };
    let what = play.pass(dt_ms, idle);
    if play.over() {
        state.play = None;
    }
    match what {
        Do::Nothing => return false,
        Do::Draw => {}
        Do::Run(line) if line == "^C" => app.engine.interrupt(SHELL),
        Do::Run(line) if idle => terminal::type_line(app, line),
        Do::Run(text) => app.engine.submit(SHELL, InputKind::Line { text }),
    }
    true
}

/// Takes in what happened.
#[inline(never)]
pub fn update(app: &mut App, msg: Msg) -> bool {
    let lang = app.look.lang;
    let state = &mut app.lessons;
    match msg {
        Msg::Go(place) => {
            state.place = place;
            state.failed = None;
            if place == Place::Note {
                state.fetch_note(lang);
            }
        }
        Msg::Open(id, from) => state.fetch(id, lang, Aim::Begin(from)),
        Msg::Came(id, lang, aim, text) => came(app, &id, lang, &aim, text),
        Msg::NoteCame(lang, text) => {
            let lines = text.and_then(|text| core_note::parse(&text).ok());
            state.failed = lines.is_none().then(|| lang.words().lessons.unreachable.to_string());
            state.note = lines.map(|lines| (lang, lines.into()));
        }
        Msg::Leave => {
            state.leave();
            state.place = Place::Lessons;
        }
        Msg::Again => {
            if let Some(hand) = &state.hand {
                let (lesson, lang, from) = ((*hand.lesson).clone(), hand.lang, hand.from);
                begin(app, lesson, lang, from);
            }
        }
        Msg::AgainStep => again_step(app),
        Msg::Hint => {
            if let Some(hand) = &mut state.hand {
                hand.hints += 1;
                hand.help();
            }
        }
        Msg::Solution => {
            if let Some(hand) = &mut state.hand {
                hand.shown = true;
                hand.help();
            }
        }
        Msg::Play => {
            let lines = state.hand.as_ref().and_then(|hand| hand.lesson.steps.get(hand.step)).map(|step| step.solution.clone());
            state.play = match (&state.play, lines) {
                (None, Some(lines)) => Some(Play::new(&lines)),
                _ => None,
            };
            app.engine.playing = true;
        }
        Msg::Take => {
            if let Some(lesson) = state.offered.take() {
                begin(app, *lesson, None, 0);
            }
        }
        Msg::Refuse => {
            state.offered = None;
            crate::share::forget_fragment();
        }
        Msg::Reset => state.kept.reset(),
        Msg::Import(text) => progress::import(app, text),
        Msg::Back => before::back(app),
        Msg::Build(msg) => builder::update(app, msg),
    }
    true
}

/// A lesson has come.
fn came(app: &mut App, id: &str, lang: Lang, aim: &Aim, text: Option<String>) {
    let state = &mut app.lessons;
    if state.waiting.as_ref().is_none_or(|(waited, in_lang)| waited != id || *in_lang != lang) {
        return;
    }
    state.waiting = None;
    let lesson = match text.map(|text| parse::lesson(&text)) {
        Some(Ok(lesson)) => lesson,
        Some(Err(why)) => return state.failed = Some(lang.words().refused.defect(&why)),
        None => return state.failed = Some(lang.words().lessons.unreachable.to_string()),
    };
    match aim {
        Aim::Begin(from) => begin(app, lesson, Some(lang), *from),
        Aim::Resume(from, helped) => {
            state.hand = Some(Hand::new(lesson, Some(lang), *from, *helped));
            app.look_anew();
        }
        Aim::Translate => {
            if let Some(hand) = &mut state.hand {
                hand.translate(lesson, lang);
            }
        }
    }
}

/// Begins a lesson at a step on a cluster of its own.
fn begin(app: &mut App, lesson: Lesson, lang: Option<Lang>, from: usize) {
    let from = from.min(lesson.steps.len().saturating_sub(1));
    app.replace(Engine::fresh(lesson_base(&lesson, from)));
    let state = &mut app.lessons;
    state.hand = Some(Hand::new(lesson, lang, from, false));
    state.play = None;
    state.offered = None;
    state.place = Place::Lessons;
    app.look_anew();
}

/// Takes back every input since the present step began.
fn again_step(app: &mut App) {
    let Some(hand) = &app.lessons.hand else { return };
    let began = hand.began_ms();
    app.lessons.play = None;
    loop {
        let session = &app.engine.session;
        let last = session.cursor().checked_sub(1).and_then(|last| session.inputs().get(last));
        if last.is_none_or(|input| input.at_ms < began) {
            break;
        }
        app.engine.undo();
    }
    app.look_anew();
}
