//! The page's state and everything that can happen to it: one reducer, made of one for each area. Never: how it looks.

use std::cell::Cell;
use std::rc::Rc;

use gloo::events::EventListener;
use kubepie_core::session::{Base, View};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::Window;
use yew::prelude::*;

use crate::engine::Engine;
use crate::i18n::Words;
use crate::pace::Pace;
use crate::{bring, editor, inspector, lessons, look, map, newer, page, rescue, rest, share, store, terminal, timeline};

/// Real milliseconds between two savings of the log.
const SAVE_EVERY_MS: f64 = 5_000.0;

/// Milliseconds of work that the engine may do in a frame, in one in which some of a crowd is drawn too, and in one in
/// which the cluster is looked at.
const WORK_MS: (f64, f64, f64) = (5.0, 1.5, 0.0);

/// With more Pods than this to look at costs the engine its turn.
const CROWD: usize = 60;

/// Milliseconds of work that the engine may do in a frame that is to show what a key did, and in one that waits for what a
/// line prints.
const KEY_WORK_MS: (f64, f64) = (2.0, 8.0);

/// What can happen.
pub enum Msg {
    /// The browser draws a frame, at this millisecond.
    Frame(f64),
    /// The page is left or hidden.
    Save,
    /// Type a line into the terminal and run it.
    Type(String),
    /// A new cluster.
    Fresh,
    /// Put the notice away.
    Dismiss,
    /// The page was also used in another tab.
    Twin,
    /// Another sheet, on a phone.
    Sheet(page::Sheet),
    /// To the terminal.
    Terminal(terminal::Ask),
    /// To the map.
    Map(map::Msg),
    /// To the inspector.
    Inspect(inspector::Msg),
    /// To time.
    Time(timeline::Msg),
    /// To lessons.
    Lesson(lessons::Msg),
    /// To links.
    Link(share::Msg),
    /// To a cluster that is brought.
    Bring(bring::Msg),
    /// To the look.
    Look(look::Msg),
    /// To the page's next version.
    Newer(newer::Msg),
}

/// The page.
pub struct App {
    /// The session and its pace.
    pub engine: Engine,
    /// The picture of the cluster that is shown.
    pub view: View,
    /// The language and the theme.
    pub look: look::State,
    /// The terminal.
    pub terminal: terminal::State,
    /// The map.
    pub map: map::State,
    /// The inspector.
    pub inspector: inspector::State,
    /// The timeline.
    pub time: timeline::State,
    /// The lessons.
    pub lessons: lessons::State,
    /// Links.
    pub link: share::State,
    /// A cluster that is brought.
    pub bring: bring::State,
    /// What a phone shows.
    pub sheet: page::Sheet,
    /// What the page says.
    pub notice: Option<String>,
    /// The page's next version.
    pub newer: newer::State,
    seen: Seen,
    last_frame: f64,
    pace: Pace,
    last_save: f64,
    saved: (usize, u64),
    /// It was said that the browser does not keep the session.
    unkept: bool,
    frame: Option<Closure<dyn FnMut(f64)>>,
    key: Rc<Cell<Key>>,
    _listeners: Vec<EventListener>,
}

/// What key went down since the last frame.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Key {
    /// None.
    #[default]
    None,
    /// One that writes.
    Letter,
    /// Enter.
    Enter,
}

/// What of the session was shown last.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Seen {
    /// The store's version.
    version: u64,
    /// Half seconds.
    time: u64,
    /// What the terminal shows.
    terminal: terminal::Stamp,
}

/// Seen nothing yet.
const NOTHING: Seen = Seen { version: u64::MAX, time: u64::MAX, terminal: terminal::Stamp::NONE };

impl App {
    /// The words of the language.
    pub fn words(&self) -> &'static Words {
        self.look.lang.words()
    }
}

impl Component for App {
    type Message = Msg;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        let look = look::State::new();
        let (mut engine, notice) = rescue::restored(look.lang);
        asked_pace(&mut engine);
        let mut lessons = lessons::State::new(ctx.link());
        lessons.resume(look.lang);
        let link = ctx.link().clone();
        let frame = Closure::<dyn FnMut(f64)>::new(move |at| link.send_message(Msg::Frame(at)));
        let key = Rc::<Cell<Key>>::default();
        let mut app = App {
            engine,
            view: View::default(),
            look,
            terminal: terminal::State::default(),
            map: map::State::new(),
            inspector: inspector::State::default(),
            time: timeline::State::default(),
            lessons,
            link: share::State::default(),
            bring: bring::State::default(),
            sheet: page::Sheet::default(),
            notice,
            newer: newer::State::default(),
            seen: NOTHING,
            last_frame: 0.0,
            pace: Pace::new(),
            last_save: 0.0,
            saved: (0, 0),
            unkept: false,
            frame: Some(frame),
            _listeners: listeners(ctx, &key),
            key,
        };
        share::read(&mut app);
        app.refresh(true);
        app
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        let draw = match msg {
            Msg::Frame(at) => return self.pass_frame(at),
            Msg::Save => {
                // A page on which nothing was done keeps nothing: it opens as on a first visit.
                let session = &self.engine.session;
                let begun = !session.inputs().is_empty() || session.cluster().is_some() || self.lessons.in_hand();
                if begun || store::get(store::SESSION).is_some() {
                    self.saved = (usize::MAX, 0);
                    self.save();
                }
                false
            }
            Msg::Type(line) => {
                terminal::type_line(self, line);
                true
            }
            Msg::Fresh => {
                self.replace(Engine::fresh(Base::default()));
                self.lessons.leave();
                true
            }
            Msg::Dismiss => {
                (self.notice, self.link.made) = (None, None);
                true
            }
            Msg::Twin => {
                self.notice = self.notice.take().or_else(|| Some(self.words().page.twin.to_string()));
                true
            }
            Msg::Sheet(sheet) => {
                self.sheet = sheet;
                true
            }
            Msg::Terminal(ask) => {
                // What it prints does not wait until the cluster is looked at.
                let draw = terminal::update(self, ask);
                return self.refresh(false) | draw;
            }
            // Scrolling changes nothing but what is in sight.
            Msg::Map(map::Msg::Scrolled(to)) => return self.map.scrolled(to),
            Msg::Map(msg) => map::update(self, msg),
            Msg::Inspect(msg) => inspector::update(self, msg),
            Msg::Time(msg) => timeline::update(self, msg),
            Msg::Lesson(msg) => lessons::update(self, msg),
            Msg::Link(msg) => share::update(self, msg),
            Msg::Bring(msg) => bring::update(self, msg),
            Msg::Look(msg) => look::update(self, msg),
            Msg::Newer(msg) => newer::update(self, ctx, msg),
        };
        self.refresh(true) | draw
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if first {
            self.look.dress();
            self.ask_frame();
        }
        if self.bring.open {
            bring::raise();
        }
        if self.map.look_how_large() {
            ctx.link().send_message(Msg::Map(map::Msg::Measured));
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        page::page(self, ctx)
    }
}

impl App {
    /// Another session takes the place of this one, which is kept aside with the lesson that was in hand.
    pub fn replace(&mut self, engine: Engine) {
        lessons::put_aside(self);
        self.engine = engine;
        asked_pace(&mut self.engine);
        self.map.restart();
        self.time.restart();
        self.terminal.restart(&self.engine.session);
        self.look_anew();
        self.saved = (usize::MAX, 0);
        bring::keep_soon(self);
        share::forget_fragment();
        self.save();
    }

    /// Makes the next [`refresh`](Self::refresh) take in everything.
    pub fn look_anew(&mut self) {
        self.seen = NOTHING;
    }

    fn ask_frame(&self) {
        if let (Some(window), Some(frame)) = (web_sys::window(), &self.frame) {
            let _ = window.request_animation_frame(frame.as_ref().unchecked_ref());
        }
    }

    fn pass_frame(&mut self, at: f64) -> bool {
        self.ask_frame();
        let dt = if self.last_frame > 0.0 { at - self.last_frame } else { 0.0 };
        // While nobody looks no time passes, also where the browser goes on to draw.
        let hidden = web_sys::window().and_then(|w: Window| w.document()).is_some_and(|d| d.hidden());
        self.last_frame = if hidden { 0.0 } else { at };
        if hidden || self.link.pending.is_some() {
            return false;
        }
        self.map.begin_frame(at);
        let key = self.key.take();
        // What a key did is seen first: the cluster can wait for a frame.
        let draws = key == Key::None && self.map.brush.go_on(dt);
        let due = key == Key::None && self.pace.is_due(at, !self.map.brush.lags(), self.view.pods.len());
        self.pace.pass(dt, due, key == Key::None && !draws);
        // Time begins with the second half of the engine.
        if !rest::ready() {
            return self.refresh(due);
        }
        let performance = web_sys::window().and_then(|w: Window| w.performance());
        let hurried = self.engine.restoring();
        let work_ms = match key {
            Key::Enter if !self.engine.has_answered() => KEY_WORK_MS.1,
            Key::Enter | Key::Letter => KEY_WORK_MS.0,
            Key::None if draws => WORK_MS.1,
            Key::None if due && self.view.pods.len() > CROWD => WORK_MS.2,
            Key::None => WORK_MS.0,
        };
        self.engine.frame(dt, work_ms, || performance.as_ref().map_or(0.0, |p| p.now()));
        if hurried && !self.engine.restoring() {
            share::arrived(self);
        }
        if at - self.last_save > SAVE_EVERY_MS {
            self.last_save = at;
            self.save();
        }
        let other = lessons::frame(self, dt) | bring::frame(self);
        self.refresh(due) | other
    }

    /// Looks at what the shells have shown and, if it is said to be `due`, at the cluster anew. Returns whether anything
    /// that is shown has changed.
    fn refresh(&mut self, due: bool) -> bool {
        let session = &mut self.engine.session;
        let version = session.api().store.resource_version;
        let now = session.now().as_ms();
        self.time.note(now, version, session.inputs().len(), session.cursor());
        let seen = Seen { version, time: now / 500, terminal: self.terminal.stamp(session) };
        let mut changed = seen.terminal != self.seen.terminal;
        if changed {
            self.terminal.refresh(session);
            self.seen.terminal = seen.terminal;
        }
        if due && seen != self.seen {
            changed = true;
            self.seen = seen;
            self.pace.looked(self.last_frame);
            self.view = self.engine.view();
            if !self.engine.restoring() {
                self.lessons.look(&self.engine.session);
            }
        }
        let drawn = self.map.refresh(&self.engine.session, &self.view, self.look.lang.words(), self.last_frame);
        self.inspector.refresh(&self.engine.session, &self.view, self.map.selected.as_ref());
        changed || drawn
    }

    /// Keeps the session in the browser, if it is not kept already.
    pub fn save(&mut self) {
        let now = (self.engine.session.cursor(), self.engine.session.leap());
        let idle = now == self.saved || self.engine.restoring();
        if !idle {
            if store::try_set(store::SESSION, &self.engine.session.draft()) {
                rescue::saved();
                self.unkept = false;
            } else if !self.unkept && self.notice.is_none() {
                self.unkept = true;
                self.notice = Some(rescue::unkept(self.look.lang, self.words().page.not_kept));
            }
            self.saved = now;
        }
    }
}

/// The pace that the page's address asks for.
fn asked_pace(engine: &mut Engine) {
    if let Some(speed) = look::asked("speed").and_then(|speed| speed.parse().ok()) {
        engine.set_pace(speed);
    }
}

fn listeners(ctx: &Context<App>, key: &Rc<Cell<Key>>) -> Vec<EventListener> {
    let Some(window) = web_sys::window() else { return Vec::new() };
    let on = |name: &'static str, msg: fn() -> Msg| {
        let link = ctx.link().clone();
        EventListener::new(&window, name, move |_| link.send_message(msg()))
    };
    let key = key.clone();
    let pressed = EventListener::new(&window, "keydown", move |e| {
        let enter = e.dyn_ref::<web_sys::KeyboardEvent>().is_some_and(|e| e.key() == "Enter");
        key.set(if enter { Key::Enter } else { Key::Letter });
    });
    let mut all = vec![
        store::on_other_tab(&window, ctx.link().callback(|()| Msg::Twin)),
        pressed,
        on("resize", || Msg::Map(map::Msg::Resized)),
        on("pagehide", || Msg::Save),
        on("visibilitychange", || Msg::Save),
        on("hashchange", || Msg::Link(share::Msg::Fragment)),
    ];
    all.extend(newer::listen(ctx).into_iter().chain(editor::listen(ctx)));
    all
}
