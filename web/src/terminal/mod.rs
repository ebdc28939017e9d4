//! The terminal's part of the page: its state and what it asks for. Never: how it looks (`component`, `view`).

mod about;
mod aid;
mod ansi;
mod component;
mod compose;
mod deeds;
mod dom;
mod edit;
mod follow;
mod hangul;
mod hear;
mod keys;
mod long;
mod menu;
mod names;
mod offer;
mod pane;
mod past;
mod point;
mod screen;
mod search;
mod tabs;
mod view;
mod width;

use std::rc::Rc;

use kubepie_core::session::{Completion, Editing, History, InputKind, Session, Shown};
use yew::prelude::*;

use crate::app::{self, App};
use crate::{editor, map, store};

pub use component::Terminal;
pub use edit::byte_at;
pub use long::draft;
pub use names::Target;
pub use tabs::{Kind, Tabs};

/// What the terminal asks for.
pub enum Ask {
    /// Take a line in.
    Line(u32, String),
    /// Take lines in, one after the other.
    Lines(u32, Vec<String>),
    /// Ctrl-C.
    Interrupt(u32),
    /// Ctrl-D.
    Eof(u32),
    /// Which words may come at a byte of a line.
    Complete(u32, String, usize, Callback<Completion>),
    /// Something about the tabs.
    Turn(Turn),
    /// Choose an object on the map.
    Follow(Target),
    /// Something about files.
    File(editor::Ask),
    /// A line that is too long to be edited.
    Long(String),
}

/// What may happen to the tabs.
pub enum Turn {
    /// A new shell.
    Shell,
    /// A file.
    File(String),
    /// The tab at a place.
    Choose(usize),
    /// So many tabs on.
    By(isize),
    /// Close the tab at a place.
    Close(usize),
    /// Name the tab at a place.
    Rename(usize, String),
}

/// A shell as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShellNow {
    /// Its number.
    pub shell: u32,
    /// Its prompt; empty while something runs.
    pub prompt: String,
    /// What its program has open in the editor.
    pub editing: Option<Editing>,
}

/// What of the session the terminal shows.
#[derive(Clone)]
pub struct Scene {
    /// All that was shown.
    pub shown: History<Shown>,
    /// Jumps in time.
    pub leap: u64,
    /// The shells of the tabs.
    pub shells: Rc<[ShellNow]>,
    /// The files of the tabs, with what they hold: nothing where there is no such file.
    pub files: Rc<[(String, Option<Rc<str>>)]>,
    /// Names of the files at home.
    pub home: Rc<[String]>,
}

impl PartialEq for Scene {
    fn eq(&self, other: &Scene) -> bool {
        let counts = |scene: &Scene| (scene.shown.start(), scene.shown.end(), scene.leap);
        counts(self) == counts(other) && self.shells == other.shells && self.files == other.files && self.home == other.home
    }
}

/// The terminal's state.
pub struct State {
    /// The tabs.
    pub tabs: Tabs,
    /// What of the session is shown.
    pub scene: Scene,
    /// The line that the page typed last, and how many it has typed.
    pub typed: (u64, String),
    /// How many sessions came before this one.
    generation: u64,
}

impl Default for State {
    fn default() -> State {
        let scene = Scene { shown: History::keeping(1), leap: 0, shells: Rc::new([]), files: Rc::new([]), home: Rc::new([]) };
        State { tabs: Tabs::read(&store::get(store::TABS).unwrap_or_default()), scene, typed: (0, String::new()), generation: 0 }
    }
}

/// What changes when the terminal has something new to show.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Stamp(u64, u64, u64, usize);

impl Stamp {
    /// Not like any other.
    pub const NONE: Stamp = Stamp(u64::MAX, u64::MAX, u64::MAX, usize::MAX);
}

/// Does what the terminal asks for.
#[inline(never)]
pub fn update(app: &mut App, ask: Ask) -> bool {
    match ask {
        Ask::Line(shell, text) => app.engine.line(shell, text),
        Ask::Lines(shell, lines) => app.engine.queue(shell, lines),
        Ask::Interrupt(shell) => app.engine.interrupt(shell),
        Ask::Eof(shell) => app.engine.submit(shell, InputKind::Eof),
        Ask::Complete(shell, line, cursor, reply) => {
            reply.emit(app.engine.session.complete(shell, &line, cursor));
            return false;
        }
        Ask::Turn(turn) => {
            take_turn(app, turn);
            app.look_anew();
        }
        Ask::Follow(target) => {
            let found = map::resource_of(&target.kind).map(|resource| map::Ref::new(resource, &target.namespace, &target.name));
            return match found.or_else(|| elsewhere(app, &target)) {
                None => false,
                found => map::update(app, map::Msg::Select(found)),
            };
        }
        Ask::File(ask) => return editor::update(app, ask),
        Ask::Long(text) => long::keep(app, text),
    }
    true
}

/// An object that the map does not show, by the resource as it was typed.
#[inline(never)]
fn elsewhere(app: &App, of: &Target) -> Option<map::Ref> {
    let session = &app.engine.session;
    let ask = ["kubectl get ", &of.kind, " ", &of.name, " -n ", &of.namespace, " -o jsonpath={.apiVersion}/{.kind}"].concat();
    let told = session.peek(&ask, 200);
    let ty = session.api().types().find(|ty| [ty.api_version().as_str(), "/", &ty.kind].concat() == told.trim())?;
    Some(map::Ref::new(&ty.resource, if ty.namespaced { &of.namespace } else { "" }, &of.name))
}

fn take_turn(app: &mut App, turn: Turn) {
    match turn {
        Turn::Shell => {
            let used: Vec<u32> = app.engine.session.inputs().iter().map(|input| input.shell).collect();
            app.terminal.tabs.new_shell(&used);
        }
        Turn::File(path) => app.terminal.tabs.open(Kind::File(path)),
        Turn::Choose(place) => app.terminal.tabs.choose(place),
        Turn::By(by) => app.terminal.tabs.turn(by),
        Turn::Rename(place, name) => app.terminal.tabs.rename(place, &name),
        Turn::Close(place) => {
            if let Some(Kind::Shell(shell)) = app.terminal.tabs.close(place)
                && !app.engine.session.is_idle(shell)
            {
                app.engine.interrupt(shell);
            }
        }
    }
    store::set(store::TABS, &app.terminal.tabs.kept());
}

/// Types a line, as a button of the page does, and runs it: in the shell that is shown, or, if something runs there, in one
/// that waits for a line.
pub fn type_line(app: &mut App, line: String) {
    let tabs = &app.terminal.tabs;
    let shown = match tabs.shown() {
        Some(Kind::Shell(shell)) => Some(*shell),
        _ => None,
    };
    let idle = |shell: &u32| app.engine.session.is_idle(*shell);
    let shell = shown.filter(idle).or_else(|| tabs.shells().find(idle));
    match shell {
        Some(shell) => app.terminal.tabs.open(Kind::Shell(shell)),
        None => take_turn(app, Turn::Shell),
    }
    let shell = match app.terminal.tabs.shown() {
        Some(Kind::Shell(shell)) => *shell,
        _ => crate::engine::SHELL,
    };
    app.terminal.typed = (app.terminal.typed.0 + 1, line.clone());
    app.look_anew();
    app.engine.queue(shell, [line]);
}

impl State {
    /// Something that changes whenever [`State::refresh`] would show something else.
    pub fn stamp(&self, session: &Session) -> Stamp {
        let mut bits = 0u64;
        for shell in self.tabs.shells() {
            bits = bits << 2 | u64::from(session.is_idle(shell)) << 1 | u64::from(session.editing(shell).is_some());
        }
        Stamp(session.world().shown.end(), session.leap(), bits, session.cursor())
    }

    /// Takes in what the session shows.
    pub fn refresh(&mut self, session: &mut Session) {
        let shells = self.tabs.shells().map(|shell| ShellNow {
            shell,
            prompt: if session.is_idle(shell) { session.prompt(shell) } else { String::new() },
            editing: session.editing(shell),
        });
        self.scene.shells = shells.collect();
        let world = session.world();
        self.scene.shown = world.shown.clone();
        // Another session is a jump too.
        self.scene.leap = (self.generation << 32) + session.leap();
        self.scene.files =
            self.tabs.files().map(|path| (path.to_string(), world.files.read(path).ok().map(|text| Rc::from(text.to_string())))).collect();
        let home = world.files.list(editor::HOME).unwrap_or_default();
        let plain = home.iter().map(|(name, _)| name.to_string()).filter(|name| !name.starts_with('.'));
        self.scene.home = plain.filter(|name| !world.files.is_dir(&[editor::HOME, "/", name].concat())).collect();
    }

    /// Another session begins: the tabs are those of a new one, and of the shells that its log speaks of.
    pub fn restart(&mut self, session: &Session) {
        self.generation += 1;
        self.tabs = Tabs::default();
        for input in session.inputs() {
            self.tabs.open(Kind::Shell(input.shell));
        }
        self.tabs.choose(0);
        store::set(store::TABS, &self.tabs.kept());
    }
}

/// The terminal as a part of the page.
#[inline(never)]
pub fn terminal(app: &App, ctx: &Context<App>) -> Html {
    html! {
        <Terminal
            scene={app.terminal.scene.clone()}
            tabs={app.terminal.tabs.clone()}
            view={app.view.clone()}
            lang={app.look.lang}
            typed={app.terminal.typed.clone()}
            ask={ctx.link().callback(app::Msg::Terminal)}
        />
    }
}
