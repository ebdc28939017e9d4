//! The dialog about a cluster that is brought. Never: what its buttons do (mod.rs).

use js_sys::{Array, Function, JsString, Reflect};
use kubepie_core::session::bring::Plan;
use wasm_bindgen::JsCast;
use web_sys::{Blob, ClipboardEvent, DataTransfer, DragEvent, HtmlDialogElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::{COMMAND, Due, Msg, State, Trouble};
use crate::app::{self, App};
use crate::i18n::Lang;
use crate::i18n::bring::Words;
use crate::lessons::{fetch, file_button};

/// A text that is longer is not put into the box, which would take long to show it: letters.
const SHOWN: usize = 100_000;

fn send(msg: Msg) -> app::Msg {
    app::Msg::Bring(msg)
}

/// The dialog, if it is open.
#[inline(never)]
pub fn dialog(app: &App, ctx: &Context<App>) -> Html {
    if !app.bring.open {
        return Html::default();
    }
    let words = &app.words().bring;
    let state = &app.bring;
    let escape = ctx.link().callback(|e: Event| {
        e.prevent_default();
        send(Msg::Close)
    });
    html! {
        <dialog class="bring" aria-labelledby="bring-title" oncancel={escape}>
            <h2 id="bring-title">{ words.title }</h2>
            { inside(state, ctx, app.look.lang) }
        </dialog>
    }
}

/// Has the browser show the dialog above everything, with the keys for it alone.
pub fn raise() {
    let document = web_sys::window().and_then(|window| window.document());
    let found = document.and_then(|document| document.query_selector("dialog.bring").ok().flatten());
    if let Some(dialog) = found.and_then(|found| found.dyn_into::<HtmlDialogElement>().ok()).filter(|dialog| !dialog.open()) {
        let _ = dialog.show_modal();
    }
}

#[inline(never)]
fn inside(state: &State, ctx: &Context<App>, lang: Lang) -> Html {
    let words = &lang.words().bring;
    match (&state.due, &state.plan) {
        (Some((_, due @ (Due::Begin | Due::Read(_)))), _) => busy(words.reading, due, ctx, words),
        (Some((_, due @ (Due::Prepare(_) | Due::Build(_) | Due::Open(_)))), _) => busy(words.building, due, ctx, words),
        (Some((_, Due::Keep)), _) => Html::default(),
        (None, Some(plan)) => told(plan, ctx, words),
        (None, None) => asked(state, ctx, lang),
    }
}

/// Says what is being done and how far it is, and lets it be stopped.
#[inline(never)]
fn busy(text: &'static str, due: &Due, ctx: &Context<App>, words: &Words) -> Html {
    html! {
        <>
            <p class="busy" role="status">{ text }</p>
            <progress max="100" value={due.percent().map(|percent| percent.to_string())} aria-label={text} />
            <div class="row"><button class="chip" onclick={ctx.link().callback(|_| send(Msg::Close))}>{ words.cancel }</button></div>
        </>
    }
}

/// Asks for a text.
#[inline(never)]
fn asked(state: &State, ctx: &Context<App>, lang: Lang) -> Html {
    let words = &lang.words().bring;
    let given = |text: String| send(Msg::Given(Some(text)));
    let context = ctx.link().clone();
    let pasted = ctx.link().batch_callback(move |e: Event| {
        let text = clip(&e.dyn_ref::<ClipboardEvent>()?.clipboard_data()?)?;
        let area: HtmlTextAreaElement = e.target()?.dyn_into().ok()?;
        e.prevent_default();
        let before = area.value();
        if text.length() as usize > SHOWN && before.trim().is_empty() {
            let link = context.clone();
            let blob = Blob::new_with_str_sequence(&Array::of1(&text)).ok()?;
            fetch::file(&blob, move |text| link.send_message(send(Msg::Given(text))));
            return None;
        }
        let text = String::from(text);
        Some(given(if before.trim().is_empty() { text } else { [before, text].join("\n") }))
    });
    let written = ctx.link().batch_callback(move |e: Event| {
        let area: HtmlTextAreaElement = e.target()?.dyn_into().ok()?;
        (!area.value().trim().is_empty()).then(|| given(area.value()))
    });
    let text = if state.text.len() > SHOWN { String::new() } else { state.text.clone() };
    let over = Callback::from(|e: DragEvent| e.prevent_default());
    let context = ctx.link().clone();
    let dropped = Callback::from(move |e: DragEvent| {
        e.prevent_default();
        let Some(data) = e.data_transfer() else { return };
        match data.files().and_then(|files| files.get(0)) {
            Some(file) => {
                let link = context.clone();
                fetch::file(&file, move |text| link.send_message(send(Msg::Given(text))));
            }
            None => context.send_message(send(Msg::Given(data.get_data("text/plain").ok()))),
        }
    });
    html! {
        <div ondragover={over} ondrop={dropped}>
            <p>{ words.intro }</p>
            <div class="command">
                <pre tabindex="0">{ COMMAND }</pre>
                <button class="chip" onclick={ctx.link().callback(|_| send(Msg::Copy))}>{ if state.copied { words.copied } else { words.copy } }</button>
            </div>
            if let Some(trouble) = &state.trouble {
                <p class="trouble" role="alert">{ said(trouble, lang) }</p>
            }
            <textarea rows="7" autofocus=true spellcheck="false" autocomplete="off" aria-label={words.paste} placeholder={words.paste} value={text} onpaste={pasted} onchange={written} />
            <p class="muted small">{ words.private }</p>
            <div class="row">
                { file_button(ctx, words.choose, |text| send(Msg::Given(text))) }
                <button class="chip" onclick={ctx.link().callback(|_| send(Msg::Close))}>{ words.cancel }</button>
            </div>
        </div>
    }
}

/// The text that is pasted, as the browser has it.
fn clip(data: &DataTransfer) -> Option<JsString> {
    let get: Function = Reflect::get(data, &"getData".into()).ok()?.dyn_into().ok()?;
    get.call1(data, &"text/plain".into()).ok()?.dyn_into().ok()
}

fn said(trouble: &Trouble, lang: Lang) -> String {
    let words = lang.words();
    match trouble {
        Trouble::Not(not) => words.bring.not(not, lang),
        Trouble::Log(why) => words.refused.scenario(why),
        Trouble::File => words.bring.no_file.to_string(),
    }
}

/// Tells what would be built.
#[inline(never)]
fn told(plan: &Plan, ctx: &Context<App>, words: &Words) -> Html {
    html! {
        <>
            <h3>{ words.found }</h3>
            <ul class="counts">
                { for plan.taken.iter().map(|(kind, count)| html! { <li><b>{ count }</b>{ " " }{ kind }</li> }) }
            </ul>
            { sentences(words.left, plan.left.iter().map(|left| words.left_out(left))) }
            { sentences(words.notes, plan.notes.iter().map(|note| words.note(note))) }
            <p class="muted small">{ words.replaces }</p>
            <div class="row">
                <button class="chip accent" onclick={ctx.link().callback(|_| send(Msg::Build))}>{ words.build }</button>
                <button class="chip" onclick={ctx.link().callback(|_| send(Msg::More))}>{ words.more }</button>
                <button class="chip" onclick={ctx.link().callback(|_| send(Msg::Again))}>{ words.again }</button>
                <button class="chip" onclick={ctx.link().callback(|_| send(Msg::Close))}>{ words.cancel }</button>
            </div>
        </>
    }
}

fn sentences(title: &'static str, all: impl ExactSizeIterator<Item = String>) -> Html {
    if all.len() == 0 {
        return Html::default();
    }
    html! {
        <>
            <h3>{ title }</h3>
            <ul>{ for all.map(|sentence| html! { <li>{ sentence }</li> }) }</ul>
        </>
    }
}
