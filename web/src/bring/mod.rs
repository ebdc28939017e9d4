//! A cluster that somebody brings: the dialog in which it is pasted, told and built. Never: what is taken of it (the core's bring).

mod view;

use kubepie_core::session::bring::plan::{Not, Reading};
use kubepie_core::session::bring::{Brought, Plan, Preparing};
use kubepie_core::session::{Base, Opening, Refusal, Scenario};

use crate::app::App;
use crate::engine::{self, Engine};
use crate::{rescue, share, store};

pub use view::{dialog, raise};

/// What somebody is to run on a real cluster.
pub const COMMAND: &str = "kubectl get nodes,deployments,replicasets,daemonsets,statefulsets,pods,services,pdb -A -o yaml";

/// Frames until what takes long begins: so many that the page has said so.
const FRAMES: u8 = 3;

/// What can happen.
pub enum Msg {
    /// The dialog is opened.
    Open,
    /// It is closed.
    Close,
    /// The command is copied.
    Copy,
    /// A text was pasted, dropped or read from a file; nothing where a file could not be read.
    Given(Option<String>),
    /// Back to the box, for something else.
    Again,
    /// Back to the box, for another output that belongs to the same cluster.
    More,
    /// What was told is built.
    Build,
}

/// Milliseconds of a frame that reading may take.
const WORK_MS: f64 = 12.0;

/// How much is read, how many objects are understood, and how many steps the cluster goes on, between two looks at the clock.
const SLICE: (usize, usize, u32) = (16 << 10, 8, 64);

/// What is being done, when the page has said so.
enum Due {
    /// Begin to read what was given.
    Begin,
    /// Read on.
    Read(Box<Reading>),
    /// Understand what is to be built.
    Prepare(Box<Preparing>),
    /// Build this.
    Build(Brought),
    /// Go on with what is being built.
    Open(Box<Opening>),
    /// Keep the cluster that was built.
    Keep,
}

impl Due {
    /// How many percent are done; nothing where nobody knows.
    fn percent(&self) -> Option<usize> {
        match self {
            Due::Begin => Some(0),
            Due::Read(reading) => Some(reading.percent()),
            Due::Prepare(preparing) => Some(preparing.percent()),
            Due::Build(_) | Due::Open(_) | Due::Keep => None,
        }
    }
}

/// The dialog's state.
#[derive(Default)]
pub struct State {
    /// Whether it is open.
    pub open: bool,
    /// Whether the command was copied.
    copied: bool,
    /// What was given before, to which the next belongs.
    earlier: String,
    /// What was given.
    text: String,
    /// What would be built.
    plan: Option<Plan>,
    /// What is wrong with what was given.
    trouble: Option<Trouble>,
    /// What is about to be done, and in how many frames.
    due: Option<(u8, Due)>,
}

/// What is wrong.
enum Trouble {
    /// The text is something else.
    Not(Not),
    /// A log that cannot be used.
    Log(Refusal),
    /// The file cannot be read.
    File,
}

/// Takes in what happened.
#[inline(never)]
pub fn update(app: &mut App, msg: Msg) -> bool {
    match msg {
        Msg::Open => app.bring = State { open: true, ..State::default() },
        Msg::Close => app.bring = State::default(),
        Msg::Copy => {
            crate::lessons::copy(COMMAND);
            app.bring.copied = true;
        }
        Msg::Given(Some(text)) => {
            app.bring.trouble = None;
            app.bring.text = text;
            app.bring.due = Some((FRAMES, Due::Begin));
        }
        Msg::Given(None) => app.bring.trouble = Some(Trouble::File),
        Msg::Again => app.bring = State { open: true, ..State::default() },
        Msg::More => {
            let state = std::mem::take(&mut app.bring);
            app.bring = State { open: true, earlier: whole(&state), ..State::default() };
        }
        Msg::Build => {
            if let Some(plan) = app.bring.plan.take() {
                app.bring.due = Some((0, Due::Prepare(Box::new(Preparing::new(plan.brought)))));
            }
        }
    }
    true
}

/// A frame has passed. Returns whether anything that is shown has changed.
pub fn frame(app: &mut App) -> bool {
    let Some((frames, due)) = app.bring.due.take() else { return false };
    if frames > 0 {
        app.bring.due = Some((frames - 1, due));
        return false;
    }
    match due {
        Due::Begin => match Reading::new(whole(&app.bring)) {
            Ok(reading) => app.bring.due = Some((0, Due::Read(Box::new(reading)))),
            Err(not) => refuse(app, not),
        },
        Due::Read(mut reading) => match slice(|| reading.go_on(SLICE.0)) {
            false => app.bring.due = Some((0, Due::Read(reading))),
            true => match reading.finish() {
                Ok(plan) => app.bring.plan = Some(plan),
                Err(not) => refuse(app, not),
            },
        },
        Due::Prepare(mut preparing) => {
            let over = slice(|| preparing.go_on(SLICE.1));
            app.bring.due = Some(if over { (FRAMES, Due::Build(preparing.finish())) } else { (0, Due::Prepare(preparing)) });
        }
        Due::Build(brought) => {
            let base = Base { cluster: Some(brought), ..Base::default() };
            app.bring.due = Some((0, Due::Open(Box::new(Opening::new(engine::scenario(base))))));
        }
        Due::Open(mut opening) => match slice(|| opening.go_on(SLICE.2)) {
            false => app.bring.due = Some((0, Due::Open(opening))),
            true => build(app, *opening),
        },
        Due::Keep => keep(app),
    }
    true
}

/// Does something again and again until it is over or a frame's share of time is. Returns whether it is over.
fn slice(mut step: impl FnMut() -> bool) -> bool {
    let clock = web_sys::window().and_then(|window| window.performance());
    let now = || clock.as_ref().map_or(f64::MAX, |clock| clock.now());
    let end = now() + WORK_MS;
    loop {
        if step() {
            return true;
        }
        if now() >= end {
            return false;
        }
    }
}

/// All that was given.
fn whole(state: &State) -> String {
    [state.earlier.as_str(), if state.earlier.is_empty() { "" } else { "\n" }, &state.text].concat()
}

/// The text is no dump: it may be a log.
fn refuse(app: &mut App, not: Not) {
    let trouble = match not {
        Not::Log => match Scenario::parse(&whole(&app.bring)) {
            Ok(scenario) => {
                app.bring = State::default();
                return share::offer(app, scenario);
            }
            Err(why) => Trouble::Log(why),
        },
        not => Trouble::Not(not),
    };
    app.bring.trouble = Some(trouble);
}

fn build(app: &mut App, opening: Opening) {
    app.bring = State::default();
    app.notice = None;
    app.replace(Engine::new(opening.finish(), 0));
    app.lessons.leave();
}

/// Another session has begun: its cluster, if it was brought, is kept when it is drawn, which takes less long.
pub fn keep_soon(app: &mut App) {
    store::remove(store::CLUSTER);
    if app.engine.session.cluster().is_some() {
        app.bring.due = Some((2 * FRAMES, Due::Keep));
    }
}

/// Keeps the cluster of the session apart from its log, which is written often. Says so where the browser cannot keep it.
fn keep(app: &mut App) {
    let Some(brought) = app.engine.session.cluster() else { return };
    let kept = share::link::pack_all(&brought.to_json());
    if !store::try_set(store::CLUSTER, &kept) {
        store::remove(store::CLUSTER);
        app.notice = Some(rescue::unkept(app.look.lang, app.words().bring.not_kept));
    }
}

/// The cluster that was kept.
pub fn kept() -> Option<Brought> {
    Brought::parse(&share::link::unpack_all(&store::get(store::CLUSTER)?)?).ok()
}
