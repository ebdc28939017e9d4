//! The builder as the teacher sees it. Never: what its buttons do (mod.rs).

use kubepie_core::lesson::check::{Check, What};
use kubepie_core::lesson::offer::{self, Touched};
use kubepie_core::lesson::say;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::super::panel::button;
use super::super::progress::{data_url, file_button};
use super::super::prose;
use super::{Draft, Field, Msg};
use crate::app::{self, App};
use crate::i18n::fill;
use crate::i18n::lessons::Words;
use crate::lessons;

fn send(msg: Msg) -> app::Msg {
    app::Msg::Lesson(lessons::Msg::Build(msg))
}

/// The builder.
#[inline(never)]
pub fn view(app: &App, ctx: &Context<App>) -> Html {
    let words = &app.words().lessons;
    let state = &app.lessons.builder;
    let Some(mark) = state.mark else {
        return html! {
            <>
                <p class="muted">{ words.build_intro }</p>
                { button(ctx, "accent", ["● ", words.build_start].concat(), || lessons::Msg::Build(Msg::Start)) }
                { file_button(ctx, words.build_open, |text| send(Msg::Open(text))) }
            </>
        };
    };
    let typed = app.engine.session.cursor().saturating_sub(mark.inputs);
    html! {
        <>
            { input(ctx, words.build_title, &state.title, Field::Title) }
            { area(ctx, words.build_about, &state.about, Field::About) }
            { for state.steps.iter().enumerate().map(|(n, draft)| step(app, ctx, n, draft)) }
            if state.is_away(&app.engine.session) {
                <section class="recording">
                    <p>{ words.build_away }</p>
                    if state.away.is_some() {
                        { button(ctx, "accent", ["↩ ", words.build_return].concat(), || lessons::Msg::Build(Msg::Return)) }
                    }
                </section>
            } else {
            <section class="recording">
                <p><span class="dot rec" aria-hidden="true"></span>{ fill(words.build_lines, &[&typed.to_string()]) }</p>
                if typed > 0 {
                    { button(ctx, "accent", words.build_end, || lessons::Msg::Build(Msg::EndStep)) }
                }
            </section>
            }
            { finish(app, ctx) }
        </>
    }
}

/// What is done with a lesson that has steps.
#[inline(never)]
fn finish(app: &App, ctx: &Context<App>) -> Html {
    let words = &app.words().lessons;
    let state = &app.lessons.builder;
    let file = (!state.steps.is_empty()).then(|| state.file());
    let sure = words.build_reset_sure;
    let reset = ctx.link().batch_callback(move |_: MouseEvent| {
        let yes = web_sys::window().is_some_and(|w| w.confirm_with_message(sure).unwrap_or(false));
        yes.then_some(send(Msg::Reset))
    });
    html! {
        <>
            <div role="status">
                if let Some(Err(lacks)) = &file {
                    <p class="muted">{ fill(words.build_lacks, &[&app.words().refused.defect(lacks)]) }</p>
                }
                if let Some((good, said)) = &state.said {
                    <p class={if *good { "verdict good" } else { "verdict trouble" }}>{ said }</p>
                }
            </div>
            <div class="row">
                if let Some(Ok(file)) = &file {
                    { button(ctx, "accent", words.build_prove, || lessons::Msg::Build(Msg::Prove)) }
                    { button(ctx, "", words.build_preview, || lessons::Msg::Build(Msg::Preview)) }
                    { button(ctx, "", words.build_link, || lessons::Msg::Build(Msg::Link)) }
                    <a class="chip" download="lesson.json" href={data_url("application/json", file)}>{ words.build_file }</a>
                }
                <button class="chip" onclick={reset}>{ words.build_reset }</button>
            </div>
        </>
    }
}

#[inline(never)]
fn step(app: &App, ctx: &Context<App>, n: usize, draft: &Draft) -> Html {
    let words = &app.words().lessons;
    html! {
        <section class="step draft" key={n.to_string()}>
            <h2>{ fill(words.build_step, &[&(n + 1).to_string()]) }</h2>
            <pre tabindex="0">{ draft.lines.join("\n") }</pre>
            <ul class="checks">
                { for draft.checks.iter().enumerate().map(|(c, check)| html! {
                    <li><code>{ said(words, check) }</code>
                        <button class="chip" aria-label={words.build_drop} onclick={ctx.link().callback(move |_| send(Msg::Drop(n, c)))}>{ "✕" }</button></li>
                }) }
            </ul>
            { pick(app, ctx, n, draft) }
            { input(ctx, words.build_goal, &draft.goal, Field::Goal(n)) }
            { area(ctx, words.build_text, &draft.text, Field::Text(n)) }
            if draft.text.contains(['*', '`', '[', '\n']) {
                <div class="looks"><small class="muted">{ words.build_looks }</small><div class="prose">{ prose::text(ctx, &draft.text) }</div></div>
            }
            { input(ctx, words.build_hint, &draft.hint, Field::Hint(n)) }
            { input(ctx, words.build_done, &draft.done, Field::Done(n)) }
        </section>
    }
}

/// A check as a teacher reads it.
fn said(words: &Words, check: &Check) -> String {
    let What::Objects(what) = &check.what else { return say::check(check) };
    let which = &what.which;
    let name = if which.owner.is_empty() { &which.name } else { &which.owner };
    let object = [which.resource.as_str(), " ", name].concat();
    let path = bare(&which.path);
    let text = match what.at_most {
        0 => words.check_gone,
        _ if path.is_empty() => words.check_there,
        _ => words.check_is,
    };
    let count =
        if what.at_most > 0 && what.at_most < usize::MAX { fill(words.check_count, &[&what.at_most.to_string()]) } else { String::new() };
    [fill(text, &[&object, path, &what.value]), count].concat()
}

/// A path without its braces.
fn bare(path: &str) -> &str {
    path.trim_matches(['{', '.', '}'])
}

/// Choosing an object that changed, and then a value of it.
#[inline(never)]
fn pick(app: &App, ctx: &Context<App>, n: usize, draft: &Draft) -> Html {
    let words = &app.words().lessons;
    let chosen = |event: Event| {
        let select: Option<HtmlSelectElement> = event.target().and_then(|target| target.dyn_into().ok());
        select.and_then(|select| select.value().parse::<usize>().ok())
    };
    let name = |t: &Touched| [t.resource.as_str(), " ", &t.name, if t.gone { " ✕" } else { "" }].concat();
    let touched = draft.touched.clone();
    let object = ctx.link().callback(move |event| send(Msg::Pick(n, chosen(event).and_then(|i| touched.get(i).cloned()))));
    let at = draft.picked.as_ref().and_then(|(picked, _)| draft.touched.iter().position(|t| t == picked));
    html! {
        <>
            <label>{ words.build_object }
                <select onchange={object}>
                    <option value="" selected={at.is_none()}>{ "…" }</option>
                    { for draft.touched.iter().enumerate().map(|(i, t)| html! { <option value={i.to_string()} selected={at == Some(i)}>{ name(t) }</option> }) }
                </select>
            </label>
            if let Some(chosen) = &app.map.selected {
                { from_map(app, ctx, n, chosen) }
            }
            if let Some((picked, fields)) = &draft.picked {
                { field(app, ctx, n, picked, fields) }
            }
        </>
    }
}

/// A button that takes what is chosen on the map.
#[inline(never)]
fn from_map(app: &App, ctx: &Context<App>, n: usize, chosen: &crate::map::Ref) -> Html {
    let name = fill(app.words().lessons.build_chosen, &[&chosen.name]);
    let touched = offer::of(app.engine.session.api(), &chosen.resource, &chosen.namespace, &chosen.name);
    button(ctx, "", name, move || lessons::Msg::Build(Msg::Pick(n, Some(touched.clone()))))
}

#[inline(never)]
fn field(app: &App, ctx: &Context<App>, n: usize, picked: &Touched, fields: &[(String, String)]) -> Html {
    let words = &app.words().lessons;
    let all = fields.to_vec();
    let add = ctx.link().batch_callback(move |event: Event| {
        let select: HtmlSelectElement = event.target()?.dyn_into().ok()?;
        let value = select.value();
        if value == "there" {
            return Some(send(Msg::Add(n, String::new(), String::new())));
        }
        let (path, value) = all.get(value.parse::<usize>().ok()?)?.clone();
        Some(send(Msg::Add(n, path, value)))
    });
    html! {
        <label>{ words.build_field }
            <select onchange={add}>
                <option value="">{ "…" }</option>
                <option value="there">{ if picked.gone { words.build_gone } else { words.build_there } }</option>
                if !picked.gone {
                    { for fields.iter().enumerate().map(|(i, (path, value))| html! { <option value={i.to_string()}>{ bare(path) }{ " = " }{ value }</option> }) }
                }
            </select>
        </label>
    }
}

#[inline(never)]
fn input(ctx: &Context<App>, name: &'static str, value: &str, field: Field) -> Html {
    let write = ctx.link().batch_callback(move |event: InputEvent| {
        let input: HtmlInputElement = event.target()?.dyn_into().ok()?;
        Some(send(Msg::Write(field, input.value())))
    });
    html! { <label>{ name }<input type="text" maxlength="300" value={value.to_string()} oninput={write} /></label> }
}

#[inline(never)]
fn area(ctx: &Context<App>, name: &'static str, value: &str, field: Field) -> Html {
    let write = ctx.link().batch_callback(move |event: InputEvent| {
        let area: HtmlTextAreaElement = event.target()?.dyn_into().ok()?;
        Some(send(Msg::Write(field, area.value())))
    });
    html! { <label>{ name }<textarea rows="3" maxlength="1200" value={value.to_string()} oninput={write} /></label> }
}
