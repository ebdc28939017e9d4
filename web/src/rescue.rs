//! What is done so that nothing typed is lost if the engine breaks: a journal of inputs beside the saved log, and a page
//! (in index.html, so that it works without wasm) that offers to go on without the last input. Never: the log itself.

use std::cell::{Cell, RefCell};

use js_sys::{Function, Reflect};
use kubepie_core::session::{Base, Input, Refusal, Scenario, Session};
use wasm_bindgen::{JsCast, JsValue};

use crate::engine::Engine;
use crate::i18n::{Lang, rare};
use crate::store;

/// The function of index.html that says that the engine broke.
const BROKEN: &str = "kubepieBroken";

/// What the address says where the last input is to be left out.
const WITHOUT_LAST: &str = "?rescue";

thread_local! {
    /// Inputs since the log was saved, one a line.
    static JOURNAL: RefCell<String> = const { RefCell::new(String::new()) };
    /// Whether some of them are not in the browser's store yet.
    static UNKEPT: Cell<bool> = const { Cell::new(false) };
}

/// Says on the page, and not only in the console, that the engine broke.
pub fn watch() {
    yew::set_custom_panic_hook(Box::new(|info| {
        keep();
        let why = info.to_string();
        let tell = web_sys::window().and_then(|window| {
            let tell = Reflect::get(&window, &BROKEN.into()).ok()?;
            tell.dyn_into::<Function>().ok()
        });
        if let Some(tell) = tell {
            let _ = tell.call1(&JsValue::UNDEFINED, &why.as_str().into());
        }
    }));
}

/// Notes an input before it is taken in; of many that come at once the browser is given all together, by [`keep`].
pub fn note(input: &Input, many: bool) {
    JOURNAL.with_borrow_mut(|journal| {
        journal.push_str(&input.to_json());
        journal.push('\n');
    });
    UNKEPT.set(true);
    if !many {
        keep();
    }
}

/// Has the browser keep what was noted, if it does not already.
pub fn keep() {
    if UNKEPT.replace(false) {
        JOURNAL.with_borrow(|journal| store::set(store::JOURNAL, journal));
    }
}

/// The log was saved: what was noted is in it.
pub fn saved() {
    JOURNAL.with_borrow_mut(String::clear);
    UNKEPT.set(false);
    store::remove(store::JOURNAL);
}

/// Why the browser does not keep something: `full`, unless it keeps nothing at all.
#[inline(never)]
pub fn unkept(lang: Lang, full: &'static str) -> String {
    if store::works() { full } else { rare::NO_STORE.of(lang) }.to_string()
}

/// The log that was saved with what was noted since; without its last input where the address asks for that.
///
/// # Errors
/// Why the log cannot be read.
pub fn restore(saved: &str) -> Result<Scenario, Refusal> {
    let mut scenario = Scenario::parse_with(saved, crate::bring::kept())?;
    scenario.extend(&store::get(store::JOURNAL).unwrap_or_default());
    let window = web_sys::window();
    let search = window.as_ref().and_then(|w| w.location().search().ok()).unwrap_or_default();
    if search.starts_with(WITHOUT_LAST) {
        if let Some(last) = scenario.inputs.pop() {
            scenario.end_ms = scenario.end_ms.min(last.at_ms);
        }
        let mut draft = scenario.clone();
        if let Some(cluster) = &mut draft.base.cluster {
            cluster.objects = Default::default();
        }
        store::set(store::SESSION, &draft.to_json());
        store::remove(store::JOURNAL);
        let path = window.as_ref().and_then(|w| w.location().pathname().ok()).unwrap_or_default();
        if let Some(history) = window.and_then(|w| w.history().ok()) {
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&path));
        }
    }
    Ok(scenario)
}

/// The session that the browser has kept, or a new one, with a sentence where the kept one is unreadable.
pub fn restored(lang: Lang) -> (Engine, Option<String>) {
    let fresh = || Engine::fresh(Base::default());
    let Some(json) = store::get(store::SESSION) else { return (fresh(), None) };
    match restore(&json) {
        Ok(scenario) => {
            let end = scenario.end_ms;
            (Engine::new(Session::new(scenario), end), None)
        }
        Err(why) => {
            store::set(store::BROKEN, &json);
            store::remove(store::SESSION);
            store::remove(store::LESSON);
            (fresh(), Some([lang.words().page.broken, &lang.words().refused.scenario(&why)].concat()))
        }
    }
}
