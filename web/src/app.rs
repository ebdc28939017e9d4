//! The page's state and everything that can happen to it. Never: how it looks.

use std::rc::Rc;

use gloo::events::EventListener;
use kubepie_core::session::{Base, InputKind, Scenario, Session, View};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, Window};
use yew::prelude::*;

use crate::engine::{Engine, SHELL};
use crate::i18n::{Lang, Words};
use crate::lessons::Course;
use crate::terminal::{self, Ask, Piece};
use crate::{page, share, store};

/// Real milliseconds between two savings of the log.
const SAVE_EVERY_MS: f64 = 5_000.0;

/// How the page is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// As the system says.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// Its name in the store.
    pub fn name(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    fn of(name: &str) -> Theme {
        [Theme::Light, Theme::Dark].into_iter().find(|t| t.name() == name).unwrap_or(Theme::System)
    }

    fn next(self) -> Theme {
        match self {
            Theme::System => Theme::Light,
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::System,
        }
    }
}

/// What was chosen on the map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selected {
    /// A Pod, by its UID.
    Pod(String),
    /// A node, by its name.
    Node(String),
}

/// What can happen.
pub enum Msg {
    /// The browser draws a frame, at this millisecond.
    Frame(f64),
    /// The window has another size.
    Resized,
    /// The page is left or hidden.
    Save,
    /// The address has another fragment.
    Fragment,
    /// The terminal asks.
    Terminal(Ask),
    /// Put a line into the terminal.
    Type(String),
    /// Something on the map is chosen.
    Select(Option<Selected>),
    /// Begin a lesson.
    StartLesson(usize),
    /// Back to the list of lessons.
    LeaveLesson,
    /// One more hint.
    Hint,
    /// A new cluster.
    Fresh,
    /// Pause, or go on.
    TogglePlay,
    /// On to the next change.
    Step,
    /// Another pace, by its index.
    Speed(String),
    /// On until all is at rest.
    Settle,
    /// To a moment in simulated milliseconds.
    Seek(f64),
    /// Take back the last input.
    Undo,
    /// Bring it back.
    Redo,
    /// The other language.
    Language,
    /// The next theme.
    Theme,
    /// Make a link.
    Share,
    /// Run the link that was opened.
    RunLink,
    /// Do not.
    CancelLink,
    /// Put the notice away.
    Dismiss,
}

/// The page.
pub struct App {
    /// The session and its pace.
    pub engine: Engine,
    /// The lessons.
    pub course: Course,
    /// The language.
    pub lang: Lang,
    /// The theme.
    pub theme: Theme,
    /// The picture of the cluster that is shown.
    pub view: View,
    /// The map's width in pixels.
    pub width: f64,
    /// The map's element.
    pub canvas: NodeRef,
    /// What was chosen.
    pub selected: Option<Selected>,
    /// What the terminal shows.
    pub pieces: Rc<[Piece]>,
    /// The terminal's prompt.
    pub prompt: String,
    /// The line that the page types, and how many it has typed.
    pub typed: (u64, String),
    /// A link that was opened and not yet run.
    pub pending: Option<Scenario>,
    /// What the page says.
    pub notice: Option<String>,
    /// The link that was made.
    pub link: Option<String>,
    expected: String,
    seen: (u64, u64, u64, u64, bool),
    cleared: u64,
    last_frame: f64,
    last_save: f64,
    saved: (usize, u64),
    frame: Option<Closure<dyn FnMut(f64)>>,
    _listeners: Vec<EventListener>,
}

impl App {
    /// The words of the language.
    pub fn words(&self) -> &'static Words {
        self.lang.words()
    }
}

impl Component for App {
    type Message = Msg;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        let lang = language();
        let (engine, notice) = restored(lang);
        let mut course = Course::new();
        course.resume();
        let link = ctx.link().clone();
        let frame = Closure::<dyn FnMut(f64)>::new(move |at| link.send_message(Msg::Frame(at)));
        let mut app = App {
            engine,
            course,
            lang,
            theme: Theme::of(&store::get(store::THEME).unwrap_or_default()),
            view: View::default(),
            width: first_width(),
            canvas: NodeRef::default(),
            selected: None,
            pieces: Rc::new([]),
            prompt: String::new(),
            typed: (0, String::new()),
            pending: None,
            notice,
            link: None,
            expected: String::new(),
            seen: (u64::MAX, 0, 0, 0, false),
            cleared: 0,
            last_frame: 0.0,
            last_save: 0.0,
            saved: (0, 0),
            frame: Some(frame),
            _listeners: listeners(ctx),
        };
        app.read_link();
        app.refresh();
        app
    }

    fn update(&mut self, _: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Frame(at) => return self.pass_frame(at),
            Msg::Resized => return self.measure(),
            Msg::Save => {
                self.save();
                return false;
            }
            Msg::Fragment => self.read_link(),
            Msg::Terminal(ask) => self.ask(ask),
            Msg::Type(line) => self.typed = (self.typed.0 + 1, line),
            Msg::Select(what) => self.selected = what,
            Msg::StartLesson(n) => {
                if let Some(base) = self.course.start(n) {
                    self.replace(Engine::fresh(base));
                }
            }
            Msg::LeaveLesson => self.course.leave(),
            Msg::Hint => self.course.hint(),
            Msg::Fresh => {
                self.course.leave();
                self.replace(Engine::fresh(Base::default()));
            }
            Msg::TogglePlay => self.engine.playing = !self.engine.playing,
            Msg::Step => self.engine.step(),
            Msg::Speed(index) => self.engine.set_speed(index.parse().unwrap_or(0)),
            Msg::Settle => self.engine.settle(),
            Msg::Seek(ms) => self.engine.seek(ms.max(0.0) as u64),
            Msg::Undo => self.engine.undo(),
            Msg::Redo => self.engine.redo(),
            Msg::Language => {
                self.lang = self.lang.other();
                store::set(store::LANGUAGE, self.lang.code());
                page::dress(self);
            }
            Msg::Theme => {
                self.theme = self.theme.next();
                page::dress(self);
            }
            Msg::Share => self.share(),
            Msg::RunLink => self.run_link(),
            Msg::CancelLink => {
                self.pending = None;
                set_fragment("");
            }
            Msg::Dismiss => (self.notice, self.link) = (None, None),
        }
        self.refresh();
        true
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if first {
            page::dress(self);
            self.ask_frame();
        }
        if self.measure() {
            ctx.link().send_message(Msg::Resized);
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        page::page(self, ctx)
    }
}

impl App {
    fn ask_frame(&self) {
        if let (Some(window), Some(frame)) = (web_sys::window(), &self.frame) {
            let _ = window.request_animation_frame(frame.as_ref().unchecked_ref());
        }
    }

    fn pass_frame(&mut self, at: f64) -> bool {
        self.ask_frame();
        let dt = if self.last_frame > 0.0 { at - self.last_frame } else { 0.0 };
        self.last_frame = at;
        if self.pending.is_some() {
            return false;
        }
        let performance = web_sys::window().and_then(|w: Window| w.performance());
        let hurried = self.engine.restoring();
        self.engine.frame(dt, || performance.as_ref().map_or(0.0, |p| p.now()));
        if hurried && !self.engine.restoring() && !self.expected.is_empty() {
            let same = format!("{:016x}", self.engine.session.hash()) == self.expected;
            self.expected.clear();
            self.notice = (!same).then(|| self.words().link_differs.to_string());
        }
        if at - self.last_save > SAVE_EVERY_MS {
            self.last_save = at;
            self.save();
        }
        self.refresh()
    }

    /// Looks at the session anew. Returns whether anything that is shown has changed.
    fn refresh(&mut self) -> bool {
        let session = &mut self.engine.session;
        let end = session.world().shown.end();
        let version = session.view().version;
        let seen = (version, end, session.leap(), session.now().as_ms() / 500, session.is_idle(SHELL));
        if seen == self.seen {
            return false;
        }
        if (seen.1, seen.2, seen.4) != (self.seen.1, self.seen.2, self.seen.4) || self.seen.0 == u64::MAX {
            if end < self.cleared {
                self.cleared = 0;
            }
            self.pieces = terminal::window(session, self.cleared);
            self.prompt = if seen.4 { session.prompt(SHELL) } else { String::new() };
        }
        self.seen = seen;
        self.view = self.engine.view();
        if !self.engine.restoring() {
            self.course.look(&self.engine.session);
        }
        true
    }

    fn measure(&mut self) -> bool {
        let Some(canvas) = self.canvas.cast::<Element>() else { return false };
        let width = f64::from(canvas.client_width()).max(200.0);
        let changed = (width - self.width).abs() > 0.5;
        self.width = width;
        changed
    }

    fn ask(&mut self, ask: Ask) {
        match ask {
            Ask::Line(text) => self.engine.submit(InputKind::Line { text }),
            Ask::Lines(lines) => self.engine.queue(lines),
            Ask::Interrupt => self.engine.interrupt(),
            Ask::Eof => self.engine.submit(InputKind::Eof),
            Ask::Clear => {
                self.cleared = self.engine.session.world().shown.end();
                self.seen.0 = u64::MAX;
            }
            Ask::Complete(line, cursor, reply) => reply.emit(self.engine.session.complete(SHELL, &line, cursor)),
        }
    }

    fn replace(&mut self, engine: Engine) {
        self.engine = engine;
        self.selected = None;
        self.cleared = 0;
        self.seen.0 = u64::MAX;
        self.saved = (usize::MAX, 0);
        set_fragment("");
        self.save();
    }

    fn save(&mut self) {
        let now = (self.engine.session.cursor(), self.engine.session.leap());
        let idle = now == self.saved || self.engine.restoring();
        if !idle {
            store::set(store::SESSION, &self.engine.session.export());
            self.saved = now;
        }
    }

    fn share(&mut self) {
        match share::fragment(&self.engine.session.export()) {
            Ok(fragment) => {
                let window = web_sys::window();
                let href = window.as_ref().and_then(|w| w.location().href().ok()).unwrap_or_default();
                let base = href.split('#').next().unwrap_or_default();
                let link = [base, "#", &fragment].concat();
                if let Some(window) = window.filter(Window::is_secure_context) {
                    let _ = window.navigator().clipboard().write_text(&link);
                }
                self.notice = Some(self.words().link_made.to_string());
                self.link = Some(link);
            }
            Err(bad) => (self.notice, self.link) = (Some(self.words().bad_link(&bad)), None),
        }
    }

    fn read_link(&mut self) {
        let fragment = web_sys::window().and_then(|w| w.location().hash().ok()).unwrap_or_default();
        match share::read(&fragment) {
            None => {}
            Some(Ok(scenario)) => self.pending = Some(scenario),
            Some(Err(bad)) => self.notice = Some(self.words().bad_link(&bad)),
        }
    }

    fn run_link(&mut self) {
        let Some(scenario) = self.pending.take() else { return };
        let end = scenario.end_ms;
        self.expected = scenario.hash.clone();
        self.course.leave();
        self.replace(Engine::new(Session::new(scenario), end));
    }
}

/// The language: of the address, of the store, of the browser, or else Korean.
fn language() -> Lang {
    let window = web_sys::window();
    let search = window.as_ref().and_then(|w| w.location().search().ok()).unwrap_or_default();
    let asked = search.trim_start_matches('?').split('&').find_map(|p| p.strip_prefix("lang=")).and_then(Lang::of);
    let kept = || store::get(store::LANGUAGE).as_deref().and_then(Lang::of);
    let browser = || window.as_ref().and_then(|w| w.navigator().language()).map(|code| Lang::of(&code).unwrap_or(Lang::En));
    asked.or_else(kept).or_else(browser).unwrap_or(Lang::Ko)
}

/// The session that the browser has kept, or a new one, with a sentence where the kept one is unreadable.
fn restored(lang: Lang) -> (Engine, Option<String>) {
    let fresh = || Engine::fresh(Base::default());
    let Some(json) = store::get(store::SESSION) else { return (fresh(), None) };
    match Scenario::parse(&json) {
        Ok(scenario) => {
            let end = scenario.end_ms;
            (Engine::new(Session::new(scenario), end), None)
        }
        Err(why) => {
            store::set(store::BROKEN, &json);
            store::remove(store::SESSION);
            store::remove(store::LESSON);
            (fresh(), Some([lang.words().broken, &why].concat()))
        }
    }
}

/// The map's width before it could be measured: what the style gives it on a phone, and about half of a wide screen.
fn first_width() -> f64 {
    let window = web_sys::window().and_then(|w| w.inner_width().ok()?.as_f64()).unwrap_or(1200.0);
    if window <= 760.0 { (window - 24.0).max(200.0) } else { window * 0.55 }
}

fn set_fragment(text: &str) {
    let Some(window) = web_sys::window() else { return };
    if window.location().hash().is_ok_and(|h| h.trim_start_matches('#') == text) {
        return;
    }
    let href = window.location().href().unwrap_or_default();
    let base = href.split('#').next().unwrap_or_default();
    if let Ok(history) = window.history() {
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(base));
    }
}

fn listeners(ctx: &Context<App>) -> Vec<EventListener> {
    let Some(window) = web_sys::window() else { return Vec::new() };
    let on = |name: &'static str, msg: fn() -> Msg| {
        let link = ctx.link().clone();
        EventListener::new(&window, name, move |_| link.send_message(msg()))
    };
    vec![on("resize", || Msg::Resized), on("pagehide", || Msg::Save), on("hashchange", || Msg::Fragment)]
}
