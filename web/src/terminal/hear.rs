//! What the terminal hears at its line, and what of it the browser is kept from doing. Never: doing it (`deeds`).

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, CompositionEvent, Event, KeyboardEvent};
use yew::html::Scope;
use yew::prelude::Context;

use super::component::{Msg, Terminal};
use super::keys::{Do, Key, meaning};
use super::long::LONGEST;

impl Msg {
    /// Whether it came from a key or a paste in the line, of which the browser may have been kept from its part.
    pub(super) fn is_heard(&self) -> bool {
        matches!(self, Msg::Key(..) | Msg::Struck(_) | Msg::Paste(_))
    }
}

impl Terminal {
    /// Listens at the input itself: composition, and keys before anything else sees them. What the browser is kept from
    /// is decided on the spot, for what is sent to the component may be done only when the event is long over.
    pub(super) fn listen(&mut self, ctx: &Context<Self>) {
        let Some(input) = self.input() else {
            self.listeners.clear();
            return;
        };
        if !self.listeners.is_empty() {
            return;
        }
        let on = |name: &'static str, msg: fn(&Scope<Self>, &Event, bool) -> Option<Msg>| {
            let (link, pending) = (ctx.link().clone(), self.pending.clone());
            let options = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&input, name, options, move |e| {
                let Some(msg) = msg(&link, e, pending.get() > 0) else { return };
                if msg.is_heard() {
                    pending.set(pending.get() + 1);
                }
                link.send_message(msg);
            })
        };
        self.listeners = vec![
            on("keydown", |link, e, late| e.dyn_ref::<KeyboardEvent>().map(|e| heard(link, e, late))),
            on("keyup", |_, e, _| e.dyn_ref::<KeyboardEvent>().filter(|e| e.key() == "Enter").cloned().map(Msg::KeyUp)),
            on("input", |_, _, _| Some(Msg::Input)),
            on("paste", |link, e, late| e.dyn_ref::<ClipboardEvent>().and_then(|e| pasted(link, e, late))),
            on("compositionstart", |_, _, _| Some(Msg::Compose)),
            on("compositionend", |_, e, _| e.dyn_ref::<CompositionEvent>().cloned().map(Msg::Composed)),
        ];
    }

    /// Whether a key is for the terminal, and not for the browser.
    pub(super) fn takes(&self, e: &KeyboardEvent) -> bool {
        if is_enter(e) {
            return !is_composed(e);
        }
        let open = self.menu.is_some() || self.search.is_some() || self.offer.is_some();
        meant_by(e).is_some_and(|deed| match deed {
            // An empty line leaves Tab to whoever walks through the page with it.
            Do::Complete => self.search.is_some() || !self.line().text.is_empty(),
            Do::CompleteBack => self.menu.is_some(),
            Do::Escape => open,
            Do::Right => self.search.is_some() || self.suggested(&self.line()).is_some(),
            _ => true,
        })
    }
}

/// A key goes down; `late`: something before it is not done yet, so that what it writes has to wait as well.
fn heard(link: &Scope<Terminal>, e: &KeyboardEvent, late: bool) -> Msg {
    let writes = !(e.ctrl_key() || e.alt_key() || e.meta_key() || is_composed(e)) && e.key().chars().count() == 1;
    if late && writes {
        e.prevent_default();
        return Msg::Struck(e.key());
    }
    let mine = link.get_component().is_some_and(|terminal| terminal.takes(e) || late && meant_by(e).is_some());
    if mine {
        e.prevent_default();
    }
    Msg::Key(e.clone(), mine)
}

/// Something is pasted; what is a part of one line is the browser's, unless it has to wait.
fn pasted(link: &Scope<Terminal>, e: &ClipboardEvent, late: bool) -> Option<Msg> {
    let text = e.clipboard_data()?.get_data("text").ok()?;
    let lines =
        (text.contains(['\n', '\r']) || text.len() > LONGEST) && link.get_component().is_some_and(|terminal| terminal.search.is_none());
    if lines || late {
        e.prevent_default();
    }
    if lines { Some(Msg::Paste(text)) } else { late.then_some(Msg::Struck(text)) }
}

/// A syllable in the making belongs to the input method.
pub(super) fn is_composed(e: &KeyboardEvent) -> bool {
    e.is_composing() || e.key_code() == 229
}

/// Whether a key is Enter. Windows names the key of an input method `Process`; its place tells that it is Enter.
pub(super) fn is_enter(e: &KeyboardEvent) -> bool {
    e.key() == "Enter" || is_composed(e) && matches!(e.code().as_str(), "Enter" | "NumpadEnter")
}

/// What a key in the line means; nothing while an input method has it.
pub(super) fn meant_by(e: &KeyboardEvent) -> Option<Do> {
    let (key, code) = (e.key(), e.code());
    let pressed = Key { key: &key, code: &code, ctrl: e.ctrl_key(), alt: e.alt_key(), shift: e.shift_key(), meta: e.meta_key() };
    meaning(pressed).filter(|_| !is_composed(e))
}
