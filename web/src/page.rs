//! The page's frame: its head, its panels, and what it says in between. Never: what happens on a click (app.rs).

use kubepie_core::session::{InputKind, Scenario};
use yew::prelude::*;

use crate::app::{App, Msg, Theme};
use crate::inspector::inspector;
use crate::map::map;
use crate::terminal::Terminal;
use crate::timebar::timebar;
use crate::{lessons, store};

/// The most commands of a link that are listed.
const LISTED: usize = 20;

/// The whole page.
pub fn page(app: &App, ctx: &Context<App>) -> Html {
    html! {
        <div class="page">
            { head(app, ctx) }
            { lessons::panel(app, ctx) }
            <main>
                { said(app, ctx) }
                { map(app, ctx) }
                { timebar(app, ctx) }
                <Terminal
                    pieces={app.pieces.clone()}
                    prompt={app.prompt.clone()}
                    lang={app.lang}
                    typed={app.typed.clone()}
                    ask={ctx.link().callback(Msg::Terminal)}
                />
            </main>
            { inspector(app, ctx) }
        </div>
    }
}

fn head(app: &App, ctx: &Context<App>) -> Html {
    let words = app.words();
    let theme = match app.theme {
        Theme::System => words.theme_system,
        Theme::Light => words.theme_light,
        Theme::Dark => words.theme_dark,
    };
    html! {
        <header>
            <h1 class="logo">
                <svg width="26" height="26" viewBox="0 0 26 26" aria-hidden="true"><circle cx="13" cy="13" r="12" fill="var(--cocoa)" /><path d="M1.6 14.2h22.8" stroke="var(--cream)" stroke-width="3.4" /></svg>
                { "Kubepie" }
            </h1>
            <span class="grow"></span>
            <button class="chip" onclick={ctx.link().callback(|_| Msg::Fresh)}>{ words.free }</button>
            <button class="chip" lang={app.lang.other().code()} onclick={ctx.link().callback(|_| Msg::Language)}>{ words.other_language }</button>
            <button class="chip" onclick={ctx.link().callback(|_| Msg::Theme)}>{ theme }</button>
            <button class="chip accent" onclick={ctx.link().callback(|_| Msg::Share)}>{ words.share }</button>
        </header>
    }
}

/// What the page has to say: a notice, a link to copy, a link that was opened.
fn said(app: &App, ctx: &Context<App>) -> Html {
    let words = app.words();
    html! {
        <div class="top">
            <div role="status">
                if app.engine.restoring() {
                    <p class="notice">{ words.restoring }</p>
                }
                if let Some(notice) = &app.notice {
                    <div class="notice">
                        <p>{ notice }</p>
                        if let Some(link) = &app.link {
                            <input class="url" readonly=true aria-label={words.link} value={link.clone()} />
                        }
                        <button class="chip" onclick={ctx.link().callback(|_| Msg::Dismiss)}>{ words.close }</button>
                    </div>
                }
            </div>
            if let Some(scenario) = &app.pending {
                { pending(app, ctx, scenario) }
            }
        </div>
    }
}

fn pending(app: &App, ctx: &Context<App>, scenario: &Scenario) -> Html {
    let words = app.words();
    let lines: Vec<String> = scenario
        .base
        .lines
        .iter()
        .cloned()
        .chain(scenario.inputs.iter().map(|i| match &i.kind {
            InputKind::Line { text } => text.clone(),
            InputKind::File { path, .. } => ["> ", path].concat(),
            InputKind::Fault { text } => ["fault ", text].concat(),
            InputKind::Interrupt => "^C".to_string(),
            InputKind::Eof => "^D".to_string(),
        }))
        .collect();
    let more = lines.len().saturating_sub(LISTED);
    html! {
        <section class="notice" aria-label={words.link_title}>
            <h2>{ words.link_title }</h2>
            if lines.is_empty() {
                <p>{ words.link_empty }</p>
            } else {
                <pre tabindex="0">{ lines.iter().take(LISTED).map(String::as_str).collect::<Vec<_>>().join("\n") }</pre>
            }
            if more > 0 {
                <p>{ "+" }{ more }{ " " }{ words.more }</p>
            }
            <div class="row">
                <button class="chip accent" onclick={ctx.link().callback(|_| Msg::RunLink)}>{ words.run }</button>
                <button class="chip" onclick={ctx.link().callback(|_| Msg::CancelLink)}>{ words.cancel }</button>
            </div>
        </section>
    }
}

/// Puts the language and the theme on the document.
pub fn dress(app: &App) {
    let Some(root) = web_sys::window().and_then(|w| w.document()).and_then(|d| d.document_element()) else { return };
    let _ = root.set_attribute("lang", app.lang.code());
    let _ = match app.theme {
        Theme::System => root.remove_attribute("data-theme"),
        Theme::Light => root.set_attribute("data-theme", "light"),
        Theme::Dark => root.set_attribute("data-theme", "dark"),
    };
    store::set(store::THEME, app.theme.name());
}
