//! Files from outside: chosen in a field, or dropped anywhere on the page. What is no text or too large is told, never taken
//! in by halves. Never: what a cluster's dump is (bring), which is dropped on its own dialog.

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, File, HtmlInputElement};
use yew::prelude::*;

use super::{Ask, MAX_BYTES, free, open, save};
use crate::app::{self, App};
use crate::i18n::fill;
use crate::lessons::fetch;
use crate::terminal;

/// Takes a file in under its name, and opens it; or says why not.
#[inline(never)]
pub(super) fn take(app: &mut App, name: &str, text: Option<String>) {
    let words = &app.words().editor;
    let why = match &text {
        None => words.too_large,
        Some(text) if text.contains(['\0', '\u{fffd}']) => words.no_text,
        Some(_) => "",
    };
    if !why.is_empty() {
        let short: String = name.chars().take(80).collect();
        app.notice = Some(fill(why, &[&short]));
        return;
    }
    let plain: String = name.chars().filter(|c| c.is_alphanumeric() || "-_.".contains(*c)).take(100).collect();
    let path = free(app, plain.trim_start_matches('.'));
    save(app, path.clone(), text.unwrap_or_default());
    open(app, path);
}

/// Reads a file for the page.
fn read(file: &File, tell: Callback<Ask>) {
    let name = file.name();
    if file.size() > MAX_BYTES as f64 {
        return tell.emit(Ask::Upload(name, None));
    }
    fetch::file(file, move |text| tell.emit(Ask::Upload(name, text.filter(|text| text.len() <= MAX_BYTES))));
}

/// A field that takes a file from outside.
#[inline(never)]
pub fn upload(tell: Callback<Ask>) -> Html {
    let onchange = Callback::from(move |e: Event| {
        let input: Option<HtmlInputElement> = e.target_dyn_into();
        if let Some(file) = input.and_then(|input| input.files()?.get(0)) {
            read(&file, tell.clone());
        }
    });
    html! { <input type="file" accept=".yaml,.yml,.json,.txt,.sh,text/*" {onchange} /> }
}

/// Takes files that are dropped on the page, which the browser would open in its place. What has a place for them of its own
/// has been there before.
pub fn listen(ctx: &Context<App>) -> Vec<EventListener> {
    let Some(window) = web_sys::window() else { return Vec::new() };
    let tell = ctx.link().callback(|ask| app::Msg::Terminal(terminal::Ask::File(ask)));
    let on = |name: &'static str, act: Box<dyn Fn(&DragEvent)>| {
        EventListener::new_with_options(&window, name, EventListenerOptions::enable_prevent_default(), move |e| {
            let Some(e) = e.dyn_ref::<DragEvent>() else { return };
            let files = e.data_transfer().is_some_and(|data| data.types().includes(&"Files".into(), 0));
            if files && !e.default_prevented() {
                e.prevent_default();
                act(e);
            }
        })
    };
    let drop = Box::new(move |e: &DragEvent| {
        if let Some(file) = e.data_transfer().and_then(|data| data.files()?.get(0)) {
            read(&file, tell.clone());
        }
    });
    vec![on("dragover", Box::new(|_| {})), on("drop", drop)]
}
