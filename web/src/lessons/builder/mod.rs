//! The teacher's builder: a lesson made by playing it. Its draft, and what can happen to it. Never: how it looks (view.rs).

mod view;

use kubepie_core::lesson::offer::{self, Touched};
use kubepie_core::lesson::{Check, Defect, Lesson, Step, Text, json, parse};
use kubepie_core::session::{InputKind, Learner, Scenario, Session};

use super::{Place, before, begin, link};
use crate::app::App;
use crate::i18n::fill;

pub use view::view;

/// Which text of the draft is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The lesson's title.
    Title,
    /// The lesson's first words.
    About,
    /// A step's goal.
    Goal(usize),
    /// A step's text.
    Text(usize),
    /// A step's hint.
    Hint(usize),
    /// A step's last words.
    Done(usize),
}

/// What can happen to the builder.
pub enum Msg {
    /// Record from here on.
    Start,
    /// The step ends here.
    EndStep,
    /// A text was written.
    Write(Field, String),
    /// An object was chosen for a check of a step.
    Pick(usize, Option<Touched>),
    /// A value of the chosen object matters: its path, and the value; without a path, that it is there.
    Add(usize, String, String),
    /// A check does not matter after all.
    Drop(usize, usize),
    /// Play it as a learner does.
    Preview,
    /// Prove it.
    Prove,
    /// Copy a link to it.
    Link,
    /// A lesson's file was chosen.
    Open(Option<String>),
    /// Back to the cluster that is recorded.
    Return,
    /// Throw the draft away.
    Reset,
}

/// Where a recording stands: inputs, and the number of the next change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    inputs: usize,
    log: u64,
    /// Which session it is: the time that it began at.
    epoch_ms: i64,
}

/// A step being made.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    goal: String,
    text: String,
    hint: String,
    done: String,
    lines: Vec<String>,
    touched: Vec<Touched>,
    checks: Vec<Check>,
    picked: Option<(Touched, Vec<(String, String)>)>,
}

/// The builder's state.
#[derive(Debug, Default)]
pub struct State {
    title: String,
    about: String,
    setup: Vec<String>,
    files: Vec<(String, String)>,
    mark: Option<Mark>,
    /// The log of the session that is recorded, while another one is open.
    away: Option<String>,
    steps: Vec<Draft>,
    /// What was said last: whether it is good, and the sentence.
    said: Option<(bool, String)>,
}

/// Takes in what happened.
pub fn update(app: &mut App, msg: Msg) {
    let session = &app.engine.session;
    let here = Mark { inputs: session.cursor(), log: session.api().store.log.end(), epoch_ms: session.epoch_ms() };
    let state = &mut app.lessons.builder;
    match msg {
        Msg::Start => state.start(session, here),
        Msg::EndStep => state.end_step(session, here),
        Msg::Write(field, text) => state.write(field, text),
        Msg::Pick(step, touched) => {
            if let Some(draft) = state.steps.get_mut(step) {
                draft.picked = touched.map(|touched| {
                    let fields = offer::fields(session.api(), &touched);
                    (touched, fields)
                });
            }
        }
        Msg::Add(step, path, value) => {
            if let Some(draft) = state.steps.get_mut(step)
                && let Some((touched, _)) = draft.picked.take()
            {
                draft.checks.push(offer::check(session.api(), &touched, &path, &value));
            }
        }
        Msg::Drop(step, check) => {
            if let Some(draft) = state.steps.get_mut(step)
                && check < draft.checks.len()
            {
                draft.checks.remove(check);
            }
        }
        Msg::Preview => match state.lesson() {
            Ok(lesson) => begin(app, lesson, None, 0),
            Err(why) => state.said = Some((false, app.look.lang.words().refused.defect(&why))),
        },
        Msg::Return => back(app),
        Msg::Prove => prove(app),
        Msg::Link => share(app),
        Msg::Open(text) => open(app, text),
        Msg::Reset => *state = State::default(),
    }
}

/// Plays the draft's own commands on clusters of its own.
fn prove(app: &mut App) {
    let words = &app.words().lessons;
    let epoch_ms = app.engine.session.epoch_ms();
    let said = app.lessons.builder.lesson().map_err(|why| app.words().refused.defect(&why)).and_then(|lesson| {
        let reached = Learner::new(&lesson, 0, epoch_ms).prove();
        let wrong = fill(words.not_proved, &[&(reached + 1).to_string()]);
        if reached == lesson.steps.len() { Ok(words.proved.to_string()) } else { Err(wrong) }
    });
    app.lessons.builder.said = Some((said.is_ok(), said.unwrap_or_else(|why| why)));
}

/// Copies a link to the draft.
fn share(app: &mut App) {
    let words = &app.words().lessons;
    let lesson = app.lessons.builder.lesson().map_err(|why| app.words().refused.defect(&why));
    let made = lesson.and_then(|lesson| link::fragment(&lesson).ok_or(words.build_too_long.to_string()));
    app.lessons.builder.said = Some(match made {
        Ok(fragment) => {
            let address = link::address(&fragment);
            link::copy(&address);
            (true, [words.copied, "\n", &address].concat())
        }
        Err(why) => (false, why),
    });
}

/// Offers a lesson from a file, as one from a link is offered.
fn open(app: &mut App, text: Option<String>) {
    let words = app.words();
    let read = text.ok_or(words.lessons.not_imported.to_string());
    match read.and_then(|text| parse::lesson(&text).map_err(|why| words.refused.defect(&why))) {
        Ok(lesson) => link::offer(app, lesson),
        Err(why) => app.lessons.builder.said = Some((false, why)),
    }
}

/// Opens the recorded cluster again.
fn back(app: &mut App) {
    if let Some(Ok(scenario)) = app.lessons.builder.away.take().map(|log| Scenario::parse_with(&log, None)) {
        before::open(app, scenario);
        app.lessons.leave();
        app.lessons.place = Place::Build;
    }
}

/// Inputs as the lines of a lesson.
fn lines(inputs: &[kubepie_core::session::Input]) -> Vec<String> {
    inputs
        .iter()
        .filter(|input| input.shell == crate::engine::SHELL)
        .map(|input| match &input.kind {
            InputKind::Line { text } => text.clone(),
            InputKind::File { path, text } => ["cat > ", path, " <<'EOF'\n", text.trim_end(), "\nEOF"].concat(),
            InputKind::Fault { text } => ["fault ", text].concat(),
            InputKind::Interrupt => "^C".to_string(),
            InputKind::Eof => "^D".to_string(),
        })
        .collect()
}

impl State {
    /// Records from here on; what was typed before becomes the preparation.
    fn start(&mut self, session: &Session, here: Mark) {
        let base = &session.scenario().base;
        self.files = base.files.iter().map(|(name, text)| (name.clone(), text.clone())).collect();
        self.setup = base.lines.clone();
        self.setup.extend(lines(session.inputs().get(..here.inputs).unwrap_or_default()));
        self.mark = Some(here);
        (self.steps, self.said, self.away) = (Vec::new(), None, None);
    }

    /// A session gives way to another: if it is the recorded one its log is kept.
    pub fn left(&mut self, epoch_ms: i64, log: String) {
        if self.mark.is_some_and(|mark| mark.epoch_ms == epoch_ms) {
            self.away = Some(log);
        }
    }

    /// Whether another session is open than the recorded one.
    fn is_away(&self, session: &Session) -> bool {
        self.mark.is_some_and(|mark| mark.epoch_ms != session.epoch_ms())
    }

    /// The step ends here; what changed in it may be asked for.
    fn end_step(&mut self, session: &Session, here: Mark) {
        if let Some(mark) = self.mark.replace(here) {
            let typed = lines(session.inputs().get(mark.inputs..here.inputs).unwrap_or_default());
            let touched = offer::touched(session.api(), mark.log);
            self.steps.push(Draft { lines: typed, touched, ..Draft::default() });
        }
    }

    fn write(&mut self, field: Field, new: String) {
        let steps = &mut self.steps;
        let slot = match field {
            Field::Title => Some(&mut self.title),
            Field::About => Some(&mut self.about),
            Field::Goal(n) => steps.get_mut(n).map(|draft| &mut draft.goal),
            Field::Text(n) => steps.get_mut(n).map(|draft| &mut draft.text),
            Field::Hint(n) => steps.get_mut(n).map(|draft| &mut draft.hint),
            Field::Done(n) => steps.get_mut(n).map(|draft| &mut draft.done),
        };
        if let Some(slot) = slot {
            *slot = new;
        }
    }

    /// The draft as a lesson, held to every rule that lessons from outside are held to.
    fn lesson(&self) -> Result<Lesson, Defect> {
        let both = |text: &str| Text { ko: text.to_string(), en: text.to_string() };
        let step = |draft: &Draft| Step {
            goal: both(&draft.goal),
            text: both(if draft.text.is_empty() { &draft.goal } else { &draft.text }),
            demo: None,
            hints: Some(both(&draft.hint)).filter(|hint| !hint.ko.is_empty()).into_iter().collect(),
            solution: draft.lines.clone(),
            wrong: Vec::new(),
            other: Vec::new(),
            check: draft.checks.clone(),
            done: both(if draft.done.is_empty() { &draft.goal } else { &draft.done }),
        };
        let lesson = Lesson {
            id: "shared".to_string(),
            number: 0,
            title: both(&self.title),
            intro: both(if self.about.is_empty() { &self.title } else { &self.about }),
            files: self.files.clone(),
            objects: String::new(),
            setup: self.setup.clone(),
            steps: self.steps.iter().map(step).collect(),
            ideas: Vec::new(),
        };
        parse::lesson(&json(&lesson))
    }

    /// The draft as a file.
    ///
    /// # Errors
    /// What is still missing.
    pub fn file(&self) -> Result<String, Defect> {
        self.lesson().map(|lesson| json(&lesson))
    }
}
