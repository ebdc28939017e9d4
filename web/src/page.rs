//! The page's frame: its head, its panels, and what it says in between. Never: what happens on a click (app.rs).

use yew::prelude::*;

use crate::app::{App, Msg};
use crate::inspector::inspector;
use crate::look::{self, Theme};
use crate::map::map;
use crate::terminal::terminal;
use crate::timeline::timeline;
use crate::{lessons, share};

/// The whole page.
pub fn page(app: &App, ctx: &Context<App>) -> Html {
    html! {
        <div class="page">
            { head(app, ctx) }
            { lessons::panel(app, ctx) }
            <main>
                { said(app, ctx) }
                { map(app, ctx) }
                { timeline(app, ctx) }
                { terminal(app, ctx) }
            </main>
            { inspector(app, ctx) }
        </div>
    }
}

fn head(app: &App, ctx: &Context<App>) -> Html {
    let words = app.words();
    let theme = match app.look.theme {
        Theme::System => words.page.theme_system,
        Theme::Light => words.page.theme_light,
        Theme::Dark => words.page.theme_dark,
    };
    html! {
        <header>
            <h1 class="logo">
                <svg width="26" height="26" viewBox="0 0 26 26" aria-hidden="true"><circle cx="13" cy="13" r="12" fill="var(--cocoa)" /><path d="M1.6 14.2h22.8" stroke="var(--cream)" stroke-width="3.4" /></svg>
                { "Kubepie" }
            </h1>
            <span class="grow"></span>
            <button class="chip" onclick={ctx.link().callback(|_| Msg::Fresh)}>{ words.page.free }</button>
            <button class="chip" lang={app.look.lang.other().code()} onclick={ctx.link().callback(|_| Msg::Look(look::Msg::Language))}>{ words.page.other_language }</button>
            <button class="chip" onclick={ctx.link().callback(|_| Msg::Look(look::Msg::Theme))}>{ theme }</button>
            <button class="chip accent" onclick={ctx.link().callback(|_| Msg::Link(share::Msg::Make))}>{ words.share.share }</button>
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
                    <p class="notice">{ words.timeline.restoring }</p>
                }
                if let Some(notice) = &app.notice {
                    <div class="notice">
                        <p>{ notice }</p>
                        if let Some(link) = &app.link.made {
                            <input class="url" readonly=true aria-label={words.share.link} value={link.clone()} />
                        }
                        <button class="chip" onclick={ctx.link().callback(|_| Msg::Dismiss)}>{ words.page.close }</button>
                    </div>
                }
            </div>
            { share::dialog(app, ctx) }
        </div>
    }
}
