//! What the browser keeps for the page from one visit to the next. Never: what it means.

use std::cell::Cell;

use gloo::events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{Storage, StorageEvent, Window};
use yew::Callback;

/// The session's log.
pub const SESSION: &str = "kubepie.session";
/// The cluster that was brought, packed, if the session began with one.
pub const CLUSTER: &str = "kubepie.cluster";
/// Inputs that came after the log was saved, as JSON, one a line.
pub const JOURNAL: &str = "kubepie.journal";
/// A log that could not be read, kept so that it is not lost.
pub const BROKEN: &str = "kubepie.session.unreadable";
/// The lesson in hand: its id, the step it was begun at, whether help was taken: `drain 0 1`.
pub const LESSON: &str = "kubepie.lesson";
/// The lesson in hand itself, where it came from outside.
pub const LESSON_TEXT: &str = "kubepie.lesson.text";
/// The session before the present one: its number of inputs and the lesson that was in hand, then its log, packed.
pub const BEFORE: &str = "kubepie.before";
/// Steps reached of each lesson, and stars: `drain=2 scale=3gfa`.
pub const PROGRESS: &str = "kubepie.progress";
/// The language that was chosen.
pub const LANGUAGE: &str = "kubepie.language";
/// Lines typed in the terminal, one a line.
pub const HISTORY: &str = "kubepie.history";
/// The terminal's tabs.
pub const TABS: &str = "kubepie.tabs";
/// Nothing: whether it can be kept tells whether anything can.
const PROBE: &str = "kubepie.probe";
/// The theme that was chosen.
pub const THEME: &str = "kubepie.theme";

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// What is kept under a key.
pub fn get(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Keeps a text under a key, if the browser allows it.
pub fn set(key: &str, text: &str) {
    try_set(key, text);
}

/// Keeps a text under a key. Returns whether the browser has done so.
pub fn try_set(key: &str, text: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(key, text).is_ok())
}

/// Whether the browser keeps anything at all: some are told not to.
pub fn works() -> bool {
    let kept = try_set(PROBE, "1");
    remove(PROBE);
    kept
}

/// Forgets a key.
pub fn remove(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(key);
    }
}

/// Tells, once, that another tab has kept a session: both keep theirs in the same place.
pub fn on_other_tab(window: &Window, tell: Callback<()>) -> EventListener {
    let told = Cell::new(false);
    EventListener::new(window, "storage", move |e| {
        let key = e.dyn_ref::<StorageEvent>().and_then(StorageEvent::key);
        if matches!(key.as_deref(), Some(SESSION | JOURNAL)) && !told.replace(true) {
            tell.emit(());
        }
    })
}
