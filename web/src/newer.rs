//! Whether a newer page lies where this one came from; asked when somebody comes back to a page that was open for long.
//! Never: taking it unasked, or in the middle of a lesson.

use gloo::events::EventListener;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Document, Element, RequestCache, RequestInit, Response, VisibilityState};
use yew::prelude::*;

use crate::app::{self, App};

/// Milliseconds between two questions.
const ASK_EVERY_MS: f64 = 600_000.0;

/// What can happen.
pub enum Msg {
    /// The page is looked at again.
    Back,
    /// There is one.
    Found,
    /// Not now.
    Later,
    /// Open it.
    Open,
}

/// What is known.
#[derive(Default)]
pub struct State {
    asked_ms: f64,
    found: bool,
}

/// Takes in what happened. Returns whether anything that is shown has changed.
#[inline(never)]
pub fn update(app: &mut App, ctx: &Context<App>, msg: Msg) -> bool {
    match msg {
        Msg::Back => {
            let now = web_sys::window().and_then(|w| w.performance()).map_or(0.0, |p| p.now());
            if now - app.newer.asked_ms >= ASK_EVERY_MS {
                app.newer.asked_ms = now;
                let link = ctx.link().clone();
                spawn_local(async move {
                    if is_newer().await == Some(true) {
                        link.send_message(app::Msg::Newer(Msg::Found));
                    }
                });
            }
            return false;
        }
        Msg::Found => app.newer.found = true,
        Msg::Later => app.newer.found = false,
        Msg::Open => {
            app.save();
            if let Some(window) = web_sys::window() {
                let _ = window.location().reload();
            }
        }
    }
    true
}

/// Tells the page when it is looked at again.
pub fn listen(ctx: &Context<App>) -> Option<EventListener> {
    let document = web_sys::window()?.document()?;
    let link = ctx.link().clone();
    let watched = document.clone();
    Some(EventListener::new(&document, "visibilitychange", move |_| {
        if watched.visibility_state() == VisibilityState::Visible {
            link.send_message(app::Msg::Newer(Msg::Back));
        }
    }))
}

/// The sentence and its two buttons, where there is a newer page and no lesson is under way.
#[inline(never)]
pub fn notice(app: &App, ctx: &Context<App>) -> Html {
    if !app.newer.found || app.lessons.under_way() {
        return html! {};
    }
    let words = &app.words().page;
    let button = |name: &'static str, class: &'static str, msg: fn() -> Msg| {
        html! { <button {class} onclick={ctx.link().callback(move |_| app::Msg::Newer(msg()))}>{ name }</button> }
    };
    html! {
        <div class="notice">
            <p>{ words.newer }</p>
            <div class="row">
                { button(words.newer_open, "chip accent", || Msg::Open) }
                { button(words.newer_later, "chip", || Msg::Later) }
            </div>
        </div>
    }
}

/// Whether the page that is served now names other files than this one was made of; nothing where it cannot be had.
async fn is_newer() -> Option<bool> {
    let window = web_sys::window()?;
    let init = RequestInit::new();
    init.set_cache(RequestCache::NoStore);
    let response: Response = JsFuture::from(window.fetch_with_str_and_init("./", &init)).await.ok()?.dyn_into().ok()?;
    if !response.ok() {
        return None;
    }
    let text = JsFuture::from(response.text().ok()?).await.ok()?.as_string()?;
    // A network that wants a password first answers with a page of its own.
    let ours = text.contains("<title>Kubepie</title>");
    ours.then(|| made_of(&window.document()?).map(|files| files.iter().any(|file| !text.contains(file.as_str())))).flatten()
}

/// The names of the files that this page was made of; what they hold is in their names.
fn made_of(document: &Document) -> Option<Vec<String>> {
    let links = document.query_selector_all("link[rel=modulepreload], link[rel=stylesheet]").ok()?;
    let name = |at| links.item(at)?.dyn_into::<Element>().ok()?.get_attribute("href")?.rsplit('/').next().map(String::from);
    Some((0..links.length()).filter_map(name).collect())
}
