//! The terminal as a component: what it keeps between events. Never: what keys do (`deeds`, `offer`) and pointers do (`point`), nor its elements (`view`).

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::compose::Enter;
use super::dom::Writer;
use super::edit::Line;
use super::follow::NEAR;
use super::menu::Menu;
use super::names::Names;
use super::pane::Pane;
use super::past::Past;
use super::search::Search;
use super::{Ask, Kind, Scene, Tabs, Turn};
use crate::i18n::Lang;
use crate::store;

use gloo::events::EventListener;
use kubepie_core::session::{Completion, View};
use web_sys::{CompositionEvent, Element, HtmlElement, HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

/// What the terminal is given.
#[derive(Properties)]
pub struct Props {
    /// What of the session is shown.
    pub scene: Scene,
    /// The tabs.
    pub tabs: Tabs,
    /// The cluster, for the names of its objects.
    pub view: View,
    /// The language.
    pub lang: Lang,
    /// A line that the page types, with a number that makes it new.
    pub typed: (u64, String),
    /// What to do.
    pub ask: Callback<Ask>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Props) -> bool {
        self.view.version == other.view.version
            && self.scene == other.scene
            && self.tabs == other.tabs
            && self.lang == other.lang
            && self.typed.0 == other.typed.0
    }
}

/// What happens in the terminal.
pub enum Msg {
    /// A key goes down in the line, and whether the browser was kept from doing anything about it.
    Key(KeyboardEvent, bool),
    /// A text for the line, which the browser was kept from writing because something before it was not done yet.
    Struck(String),
    /// A key comes up there.
    KeyUp(KeyboardEvent),
    /// The line has changed.
    Input,
    /// A composition begins.
    Compose,
    /// A composition ends.
    Composed(CompositionEvent),
    /// Several lines were pasted.
    Paste(String),
    /// Words that may come.
    Completed(Completion),
    /// Words that lines begin with (`true`), or that follow `kubectl`.
    Known(bool, Completion),
    /// A choice of the menu is clicked.
    Choose(usize),
    /// The offer is taken.
    TakeOffer,
    /// One of the lines to begin with is clicked.
    Try(&'static str),
    /// A click on the output.
    Click(MouseEvent),
    /// The pointer comes to something in the output, or leaves it.
    Point(MouseEvent),
    /// A key while the output has the focus.
    OutKey(KeyboardEvent),
    /// What runs is to end.
    Stop,
    /// The output was scrolled.
    Scroll,
    /// A key of the row for phones.
    Tap(&'static str),
    /// A key on the tabs.
    TabKey(usize, KeyboardEvent),
    /// The menu behind `+`.
    Adding(bool),
    /// The name of a tab is being written.
    Naming(Option<usize>),
    /// It is written.
    Named(usize, String),
    /// Something about the tabs.
    Turn(Turn),
    /// A new file.
    NewFile,
}

/// The terminal.
pub struct Terminal {
    pub(super) input: NodeRef,
    pub(super) log: NodeRef,
    pub(super) ghost: NodeRef,
    pub(super) panes: BTreeMap<u32, Pane>,
    /// The shell whose line is in the input.
    pub(super) shell: u32,
    pub(super) past: Past,
    /// How many lines back Alt-. has gone.
    pub(super) words_back: usize,
    pub(super) cut: String,
    pub(super) enter: Enter,
    pub(super) menu: Option<Menu>,
    pub(super) search: Option<Search>,
    /// What a line in Hangul was meant to be.
    pub(super) offer: Option<String>,
    /// Somebody said no to an offer for this line.
    pub(super) refused: bool,
    pub(super) commands: Vec<String>,
    pub(super) seconds: Vec<String>,
    /// Ctrl of the row for phones is down.
    pub(super) sticky: bool,
    /// Up to here nobody wants help with what was shown.
    pub(super) hushed: u64,
    pub(super) adding: bool,
    pub(super) naming: Option<usize>,
    pub(super) names: Names,
    writer: Option<Writer>,
    /// A question stood before the line when it was last drawn.
    was_asked: bool,
    /// There is more room below the line than above it.
    pub(super) below: bool,
    /// The output follows its end.
    pub(super) stuck: bool,
    pub(super) want_focus: bool,
    /// Keys and pastes that were heard and are not done yet: a page that is busy drawing does them a little later.
    pub(super) pending: Rc<Cell<u32>>,
    pub(super) listeners: Vec<EventListener>,
}

impl Component for Terminal {
    type Message = Msg;
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        Terminal {
            input: NodeRef::default(),
            log: NodeRef::default(),
            ghost: NodeRef::default(),
            panes: BTreeMap::new(),
            shell: shell_of(&ctx.props().tabs).unwrap_or_default(),
            past: Past::read(&store::get(store::HISTORY).unwrap_or_default()),
            words_back: 0,
            cut: String::new(),
            enter: Enter::default(),
            menu: None,
            search: None,
            offer: None,
            refused: false,
            commands: Vec::new(),
            seconds: Vec::new(),
            sticky: false,
            hushed: 0,
            adding: false,
            naming: None,
            names: Names::default(),
            writer: None,
            was_asked: false,
            below: false,
            stuck: true,
            want_focus: is_wide(),
            pending: Rc::default(),
            listeners: Vec::new(),
        }
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &Props) -> bool {
        let props = ctx.props();
        if props.typed.0 != old.typed.0 {
            self.remember(&props.typed.1);
            self.stuck = true;
            self.want_focus = is_wide();
        }
        if props.tabs != old.tabs {
            self.leave_line(ctx);
        }
        self.feed(ctx);
        props.scene != old.scene || props.tabs != old.tabs || props.lang != old.lang
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        if msg.is_heard() {
            self.pending.set(self.pending.get().saturating_sub(1));
        }
        match msg {
            Msg::Key(e, mine) => return self.key(ctx, &e, mine),
            Msg::Struck(text) => return self.struck(ctx, &text),
            Msg::KeyUp(e) => return self.key_up(ctx, &e),
            Msg::Input => return self.typed(ctx),
            Msg::Compose => self.enter.begin(),
            Msg::Composed(e) => {
                self.enter.end(&e.data().unwrap_or_default());
                return self.typed(ctx);
            }
            Msg::Paste(text) => return self.paste(ctx, &text),
            Msg::Completed(completion) => return self.completed(completion),
            Msg::Known(first, completion) => {
                *(if first { &mut self.commands } else { &mut self.seconds }) = completion.choices;
                return self.typed(ctx);
            }
            Msg::Choose(place) => return self.choose(place),
            Msg::Try(line) => {
                self.remember(line);
                self.focus();
                ctx.props().ask.emit(Ask::Line(self.shell, line.to_string()));
            }
            Msg::TakeOffer => return self.take_offer(),
            Msg::Click(e) => self.click(ctx, &e),
            Msg::Point(e) => self.point(&e),
            Msg::OutKey(e) => return self.out_key(ctx, &e),
            Msg::Stop => {
                self.focus();
                ctx.props().ask.emit(Ask::Interrupt(self.shell));
            }
            Msg::Scroll => self.scrolled(),
            Msg::Tap(key) => return self.tap(ctx, key),
            Msg::TabKey(place, e) => return self.tab_key(ctx, place, &e),
            Msg::Adding(adding) => return std::mem::replace(&mut self.adding, adding) != adding,
            Msg::Naming(place) => {
                self.naming = place;
                return true;
            }
            Msg::Named(place, name) => {
                self.naming = None;
                ctx.props().ask.emit(Ask::Turn(Turn::Rename(place, name)));
                return true;
            }
            Msg::NewFile => {
                self.adding = false;
                ctx.props().ask.emit(Ask::File(crate::editor::Ask::New));
                return true;
            }
            Msg::Turn(turn) => {
                self.adding = false;
                self.want_focus = true;
                ctx.props().ask.emit(Ask::Turn(turn));
                return true;
            }
        }
        false
    }

    fn rendered(&mut self, ctx: &Context<Self>, _: bool) {
        self.listen(ctx);
        self.draw(ctx);
        if std::mem::take(&mut self.want_focus) {
            self.focus();
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        self.show(ctx)
    }
}

/// The shell that the shown tab has, if it has one.
pub(super) fn shell_of(tabs: &Tabs) -> Option<u32> {
    match tabs.shown() {
        Some(Kind::Shell(shell)) => Some(*shell),
        _ => None,
    }
}

/// Whether there is room, and probably a keyboard: on a phone the line takes the focus only when it is touched.
pub(super) fn is_wide() -> bool {
    web_sys::window().and_then(|w| w.inner_width().ok()?.as_f64()).is_some_and(|w| w > 760.0)
}

impl Terminal {
    pub(super) fn input(&self) -> Option<HtmlInputElement> {
        self.input.cast::<HtmlInputElement>()
    }

    /// The line as it stands.
    pub(super) fn line(&self) -> Line {
        self.input().map_or_else(Line::default, |input| Line::new(input.value(), input.selection_end().ok().flatten().unwrap_or(u32::MAX)))
    }

    /// Puts a line into the input.
    pub(super) fn put(&mut self, line: &Line) {
        if let Some(input) = self.input() {
            if input.value() != line.text {
                input.set_value(&line.text);
            }
            let units = line.units();
            let _ = input.set_selection_range(units, units);
            // Browsers scroll to the cursor only where keys move it.
            if line.after().is_empty() {
                input.set_scroll_left(input.scroll_width());
            }
        }
        self.suggest();
    }

    pub(super) fn focus(&self) {
        if let Some(input) = self.input() {
            let _ = input.focus();
        }
    }

    /// Another tab is shown: the line goes with its tab.
    fn leave_line(&mut self, ctx: &Context<Self>) {
        let shell = shell_of(&ctx.props().tabs);
        if shell == Some(self.shell) {
            return;
        }
        let line = self.line();
        self.panes.entry(self.shell).or_default().draft = line;
        (self.menu, self.search, self.offer) = (None, None, None);
        if let Some(shell) = shell {
            self.shell = shell;
            let draft = std::mem::take(&mut self.panes.entry(shell).or_default().draft);
            self.put(&draft);
            self.writer = None;
            self.stuck = true;
        }
        let open: Vec<u32> = ctx.props().tabs.shells().collect();
        self.panes.retain(|shell, _| open.contains(shell));
        self.past.leave();
    }

    /// Keeps a line for the arrow keys, also over reloads.
    pub(super) fn remember(&mut self, line: &str) {
        self.remember_all(&[line.to_string()]);
    }

    /// Keeps lines for the arrow keys, also over reloads.
    pub(super) fn remember_all(&mut self, lines: &[String]) {
        lines.iter().for_each(|line| self.past.remember(line));
        self.words_back = 0;
        store::set(store::HISTORY, &self.past.kept());
    }

    /// Takes in what the shell has shown since.
    pub(super) fn feed(&mut self, ctx: &Context<Self>) {
        self.panes.entry(self.shell).or_default().feed(self.shell, &ctx.props().scene);
    }

    /// Whether the shell that is shown waits for a line.
    pub(super) fn is_idle(&self, ctx: &Context<Self>) -> bool {
        ctx.props().scene.shells.iter().any(|now| now.shell == self.shell && !now.prompt.is_empty())
    }

    /// Whether something runs that has asked a question and waits for the answer.
    pub(super) fn asked(&self, ctx: &Context<Self>) -> bool {
        !self.is_idle(ctx) && self.panes.get(&self.shell).is_some_and(|pane| pane.screen.question().is_some())
    }

    /// Brings the output up to date.
    pub(super) fn draw(&mut self, ctx: &Context<Self>) {
        let Some(out) = self.log.cast::<HtmlElement>() else {
            self.writer = None;
            return;
        };
        let props = ctx.props();
        let asked = self.asked(ctx);
        let pane = self.panes.entry(self.shell).or_default();
        pane.feed(self.shell, &props.scene);
        if asked != std::mem::replace(&mut self.was_asked, asked) {
            pane.screen.touch();
        }
        let mut changed = pane.screen.take_changed();
        if self.writer.as_ref().is_none_or(|writer| !writer.writes_to(&out)) {
            self.writer = Writer::new(out.clone());
            changed = pane.screen.first();
        }
        if changed < u64::MAX
            && let Some(writer) = &mut self.writer
        {
            self.names.learn(&props.view);
            writer.write(&pane.screen, changed, &self.names, asked);
            if self.stuck {
                out.set_scroll_top(out.scroll_height());
            }
        }
    }

    fn scrolled(&mut self) {
        let Some(out) = self.log.cast::<Element>() else { return };
        self.stuck = out.scroll_top() + out.client_height() + NEAR >= out.scroll_height();
        if let (Some(writer), Some(pane)) = (&mut self.writer, self.panes.get(&self.shell)) {
            writer.look(&pane.screen, &self.names);
        }
    }
}
