//! A cluster that somebody brings: the dialog in which it is pasted, told and built. Never: what is taken of it (the core's bring).

mod view;

use kubepie_core::session::bring::plan::Not;
use kubepie_core::session::bring::{Brought, Plan, plan};
use kubepie_core::session::{Base, Refusal, Scenario};

use crate::app::App;
use crate::engine::Engine;
use crate::{share, store};

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

/// What is about to be done, when the page has said so.
enum Due {
    /// Read what was given.
    Read,
    /// Build this.
    Build(Brought),
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
            app.bring.text = text;
            app.bring.due = Some((FRAMES, Due::Read));
        }
        Msg::Given(None) => app.bring.trouble = Some(Trouble::File),
        Msg::Again => app.bring = State { open: true, ..State::default() },
        Msg::More => {
            let state = std::mem::take(&mut app.bring);
            app.bring = State { open: true, earlier: whole(&state), ..State::default() };
        }
        Msg::Build => {
            if let Some(plan) = app.bring.plan.take() {
                app.bring.due = Some((FRAMES, Due::Build(plan.brought)));
            }
        }
    }
    true
}

/// A frame has passed. Returns whether anything that is shown has changed.
pub fn frame(app: &mut App) -> bool {
    let Some((frames, _)) = &mut app.bring.due else { return false };
    *frames = frames.saturating_sub(1);
    if *frames > 0 {
        return false;
    }
    match app.bring.due.take() {
        Some((_, Due::Read)) => read(app, &whole(&app.bring)),
        Some((_, Due::Build(brought))) => build(app, brought),
        None => {}
    }
    true
}

/// All that was given.
fn whole(state: &State) -> String {
    [state.earlier.as_str(), if state.earlier.is_empty() { "" } else { "\n" }, &state.text].concat()
}

fn read(app: &mut App, text: &str) {
    app.bring.trouble = None;
    match plan(text) {
        Ok(plan) => app.bring.plan = Some(plan),
        Err(Not::Log) => match Scenario::parse(text) {
            Ok(scenario) => {
                app.bring = State::default();
                share::offer(app, scenario);
            }
            Err(why) => app.bring.trouble = Some(Trouble::Log(why)),
        },
        Err(not) => app.bring.trouble = Some(Trouble::Not(not)),
    }
}

fn build(app: &mut App, brought: Brought) {
    app.bring = State::default();
    app.notice = None;
    app.replace(Engine::fresh(Base { cluster: Some(brought), ..Base::default() }));
    app.lessons.leave();
}

/// Keeps the cluster of the session apart from its log, which is written often. Says so where the browser cannot keep it.
pub fn keep(app: &mut App) {
    let Some(brought) = app.engine.session.cluster() else { return store::remove(store::CLUSTER) };
    let kept = share::link::pack_all(&brought.to_json());
    if !store::try_set(store::CLUSTER, &kept) {
        store::remove(store::CLUSTER);
        app.notice = Some(app.words().bring.not_kept.to_string());
    }
}

/// The cluster that was kept.
pub fn kept() -> Option<Brought> {
    Brought::parse(&share::link::unpack_all(&store::get(store::CLUSTER)?)?).ok()
}
