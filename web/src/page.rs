//! The page's frame: its head, its panels, its tabs on a phone, and what it says. Never: what happens on a click (app.rs).

use yew::prelude::*;

use crate::app::{self, App};
use crate::inspector::inspector;
use crate::look::{self, Theme};
use crate::map::map;
use crate::terminal::terminal;
use crate::timeline::timeline;
use crate::{bring, lessons, newer, share};

/// What a phone shows, which has no room for all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sheet {
    /// The map over the end of the terminal.
    #[default]
    Map,
    /// The lesson over the end of the terminal.
    Lesson,
    /// The terminal.
    Terminal,
}

impl Sheet {
    fn name(self) -> &'static str {
        match self {
            Sheet::Map => "map",
            Sheet::Lesson => "lesson",
            Sheet::Terminal => "terminal",
        }
    }
}

/// The whole page.
#[inline(never)]
pub fn page(app: &App, ctx: &Context<App>) -> Html {
    html! {
        <div class="page" data-sheet={app.sheet.name()} data-lesson={app.lessons.in_hand().then_some("")}>
            { head(app, ctx) }
            { lessons::panel(app, ctx) }
            <main>
                { said(app, ctx) }
                { map(app, ctx) }
                { timeline(app, ctx) }
                { terminal(app, ctx) }
            </main>
            { inspector(app, ctx) }
            { tabs(app, ctx) }
            { bring::dialog(app, ctx) }
        </div>
    }
}

/// The tabs of a phone.
#[inline(never)]
fn tabs(app: &App, ctx: &Context<App>) -> Html {
    let words = app.words();
    let tab = |sheet: Sheet, name: &'static str, path: &'static str| {
        html! {
            <button aria-pressed={(app.sheet == sheet).to_string()} onclick={ctx.link().callback(move |_| app::Msg::Sheet(sheet))}>
                <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true"><path d={path} /></svg>{ name }
            </button>
        }
    };
    html! {
        <nav class="tabs" aria-label={words.page.sheets}>
            { tab(Sheet::Lesson, words.lessons.title, "M10 5c-2-1.5-4-2-7-2v12c3 0 5 .5 7 2 2-1.5 4-2 7-2V3c-3 0-5 .5-7 2zm0 0v12") }
            { tab(Sheet::Map, words.map.title, "M3 3h6v6H3zM11 3h6v6h-6zM3 11h6v6H3zM11 11h6v6h-6z") }
            { tab(Sheet::Terminal, words.terminal.title, "M3 4h14v12H3zM6 8l2.5 2L6 12M10 13h4") }
        </nav>
    }
}

#[inline(never)]
fn head(app: &App, ctx: &Context<App>) -> Html {
    let words = app.words();
    let (theme, sign) = match app.look.theme {
        Theme::System => (words.page.theme_system, "M8 2a6 6 0 000 12zM8 2a6 6 0 010 12"),
        Theme::Light => (
            words.page.theme_light,
            "M8 5a3 3 0 100 6 3 3 0 000-6zM8 .8v2M8 13.2v2M.8 8h2M13.2 8h2M3 3l1.3 1.3M11.7 11.7L13 13M3 13l1.3-1.3M11.7 4.3L13 3",
        ),
        Theme::Dark => (words.page.theme_dark, "M13.5 9.8A6 6 0 116.2 2.5a4.8 4.8 0 007.3 7.3z"),
    };
    html! {
        <header>
            <h1 class="logo">
                <svg width="26" height="26" viewBox="0 0 26 26" aria-hidden="true"><circle cx="13" cy="13" r="12" fill="var(--cocoa)" /><path d="M1.6 14.2h22.8" stroke="#f3e3cd" stroke-width="3.4" /></svg>
                { "Kubepie" }
            </h1>
            <span class="grow"></span>
            <button class="chip" aria-label={words.page.free} title={words.page.free} onclick={ctx.link().callback(|_| app::Msg::Fresh)}>
                <svg class="ic" width="15" height="15" viewBox="0 0 16 16" aria-hidden="true"><path d="M13 8a5 5 0 11-1.6-3.7M13 2v3h-3" /></svg>
                <span class="wide">{ words.page.free }</span>
            </button>
            <button class="chip" lang={app.look.lang.other().code()} onclick={ctx.link().callback(|_| app::Msg::Look(look::Msg::Language))}>{ words.page.other_language }</button>
            <button class="chip icon" aria-label={theme} title={theme} onclick={ctx.link().callback(|_| app::Msg::Look(look::Msg::Theme))}>
                <svg class={classes!("ic", (app.look.theme == Theme::System).then_some("half"))} width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><path d={sign} /></svg>
            </button>
            <button class="chip" aria-label={words.bring.open} title={words.bring.open} onclick={ctx.link().callback(|_| app::Msg::Bring(bring::Msg::Open))}>
                <svg class="ic" width="15" height="15" viewBox="0 0 16 16" aria-hidden="true"><path d="M8 2v8M5 7l3 3 3-3M2.5 11v2.5h11V11" /></svg>
                <span class="wide">{ words.bring.open }</span>
            </button>
            <button class="chip accent" aria-label={words.share.share} title={words.share.share} onclick={ctx.link().callback(|_| app::Msg::Link(share::Msg::Make))}>
                <svg class="ic" width="15" height="15" viewBox="0 0 16 16" aria-hidden="true"><path d="M6.5 9.5l3-3M5 7L3.3 8.7a2.8 2.8 0 004 4L9 11M7 5l1.7-1.7a2.8 2.8 0 014 4L11 9" /></svg>
                <span class="wide">{ words.share.share }</span>
            </button>
        </header>
    }
}

/// What the page has to say: a notice, a link to copy, a link that was opened.
#[inline(never)]
fn said(app: &App, ctx: &Context<App>) -> Html {
    let words = app.words();
    html! {
        <div class="top">
            <div role="status">
                if app.engine.restoring() {
                    <p class="notice">{ words.timeline.restoring }</p>
                }
                { newer::notice(app, ctx) }
                if let Some(notice) = &app.notice {
                    <div class="notice">
                        <p>{ notice }</p>
                        if let Some(made) = &app.link.made {
                            { share::made::made(made, ctx, &words.share) }
                            { share::along::along(&made.files, ctx, words) }
                        }
                        <button class="chip" onclick={ctx.link().callback(|_| app::Msg::Dismiss)}>{ words.page.close }</button>
                    </div>
                }
            </div>
            { share::dialog(app, ctx) }
            { lessons::goal::goal(app, ctx) }
        </div>
    }
}
