//! The editor proper (CodeMirror): a file of its own that is loaded when it is first needed, and the few things said to it.
//! Where it cannot be loaded a plain text field does. Never: what the answers are.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;
use yew::Callback;

/// Where it is, relative to the page.
const FILE: &str = "editor.js";

/// What the file leaves on the window.
const GLOBAL: &str = "kubepieEditor";

/// What the editor tells and asks; answers are handed to the functions in it.
pub struct Page {
    /// What is edited.
    pub text: String,
    /// Its name, for those who do not see it.
    pub label: String,
    /// Words of the editor in the page's language.
    pub words: &'static crate::i18n::editor::Words,
    /// The text is another.
    pub changed: Callback<String>,
    /// Somebody asked to save (`false`) or to apply (`true`).
    pub keep: Callback<bool>,
    /// Somebody asked to leave it, with what was saved or (`false`) without.
    pub done: Callback<bool>,
    /// What may stand at a line and a column; the answer is an object with `from` and `options`.
    pub offer: Callback<(String, u32, u32, Function)>,
    /// What is wrong; the answer is a list of lines and texts.
    pub check: Callback<(String, Function)>,
}

/// An editor that is open.
pub struct Rich {
    handle: JsValue,
    _kept: Vec<JsValue>,
}

/// Loads the file, and tells whether that went well.
pub fn load(done: Callback<bool>) {
    let Some(window) = web_sys::window() else { return };
    if Reflect::has(&window, &GLOBAL.into()).unwrap_or(false) {
        done.emit(true);
        return;
    }
    let script = window.document().and_then(|document| {
        let script: HtmlElement = document.create_element("script").ok()?.dyn_into().ok()?;
        script.set_attribute("src", FILE).ok()?;
        for (event, well) in [("load", true), ("error", false)] {
            let done = done.clone();
            let told = Closure::once_into_js(move || done.emit(well));
            script.add_event_listener_with_callback(event, told.unchecked_ref()).ok()?;
        }
        document.head()?.append_child(&script).ok()
    });
    if script.is_none() {
        done.emit(false);
    }
}

impl Rich {
    /// Opens an editor in an element.
    pub fn open(parent: &HtmlElement, page: Page) -> Option<Rich> {
        let object = Object::new();
        let mut kept = Vec::new();
        let mut set = |name: &str, value: JsValue| {
            let _ = Reflect::set(&object, &name.into(), &value);
            kept.push(value);
        };
        set("text", page.text.into());
        set("label", page.label.into());
        let phrases = Object::new();
        for (english, here) in page.words.translated() {
            let _ = Reflect::set(&phrases, &english.into(), &here.into());
        }
        set("phrases", phrases.into());
        let changed = page.changed;
        set("changed", Closure::<dyn Fn(String)>::new(move |text| changed.emit(text)).into_js_value());
        for (name, apply) in [("save", false), ("apply", true)] {
            let keep = page.keep.clone();
            set(name, Closure::<dyn Fn()>::new(move || keep.emit(apply)).into_js_value());
        }
        let done = page.done;
        set("done", Closure::<dyn Fn(bool)>::new(move |saved| done.emit(saved)).into_js_value());
        let offer = page.offer;
        let offer = move |text: String, line: u32, column: u32| {
            let offer = offer.clone();
            Promise::new(&mut move |resolve, _| offer.emit((text.clone(), line, column, resolve)))
        };
        set("offer", Closure::<dyn Fn(String, u32, u32) -> Promise>::new(offer).into_js_value());
        let check = page.check;
        let check = move |text: String| {
            let check = check.clone();
            Promise::new(&mut move |resolve, _| check.emit((text.clone(), resolve)))
        };
        set("check", Closure::<dyn Fn(String) -> Promise>::new(check).into_js_value());
        let global = Reflect::get(&web_sys::window()?.into(), &GLOBAL.into()).ok()?;
        let open: Function = Reflect::get(&global, &"open".into()).ok()?.dyn_into().ok()?;
        let handle = open.call2(&global, parent, &object).ok()?;
        Some(Rich { handle, _kept: kept })
    }

    fn call(&self, name: &str, argument: &JsValue) {
        let function = Reflect::get(&self.handle, &name.into()).ok().and_then(|f| f.dyn_into::<Function>().ok());
        if let Some(function) = function {
            let _ = function.call1(&self.handle, argument);
        }
    }

    /// Another text.
    pub fn set(&self, text: &str) {
        self.call("set", &text.into());
    }

    /// Takes the focus.
    pub fn focus(&self) {
        self.call("focus", &JsValue::UNDEFINED);
    }

    /// Shows what differs from a text, or ends that.
    pub fn compare(&self, original: Option<&str>) {
        self.call("compare", &original.map_or(JsValue::NULL, JsValue::from_str));
    }
}

impl Drop for Rich {
    fn drop(&mut self) {
        self.call("close", &JsValue::UNDEFINED);
    }
}

/// A list of pairs as the editor takes them.
pub fn pairs(all: impl Iterator<Item = (JsValue, JsValue)>) -> Array {
    all.map(|(a, b)| Array::of2(&a, &b)).collect()
}

/// An answer for the editor: from which column on, and what.
pub fn offers(from: u32, options: &Array) -> JsValue {
    let object = Object::new();
    let _ = Reflect::set(&object, &"from".into(), &from.into());
    let _ = Reflect::set(&object, &"options".into(), options);
    object.into()
}
