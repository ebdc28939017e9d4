//! What was reached, to see, to take along and to forget. Never: how it is kept (kept.rs).

use js_sys::{JSON, Reflect};
use kubepie_core::session::{Scenario, Session};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::kept::Kept;
use super::{Msg, fetch};
use crate::app::{self, App};
use crate::engine::Engine;
use crate::i18n::fill;

/// The largest file that is read, in bytes.
const MAX_FILE: usize = 4 << 20;

/// The place.
#[inline(never)]
pub fn progress(app: &App, ctx: &Context<App>) -> Html {
    let words = &app.words().lessons;
    let marks = app.lessons.rows.iter().map(|row| app.lessons.kept.mark(&row.id));
    let (done, stars) = marks.fold((0, 0), |(done, stars), mark| (done + usize::from(mark.goal), stars + mark.stars()));
    let sure = words.reset_sure;
    let reset = ctx.link().batch_callback(move |_: MouseEvent| {
        let yes = web_sys::window().is_some_and(|w| w.confirm_with_message(sure).unwrap_or(false));
        yes.then_some(app::Msg::Lesson(Msg::Reset))
    });
    html! {
        <>
            <p class="muted">{ words.progress_intro }</p>
            <p class="hooray">{ fill(words.sum, &[&done.to_string(), &stars.to_string()]) }</p>
            <a class="chip" download="kubepie-progress.json" href={data_url("application/json", &export(app))}>{ words.export }</a>
            { file_button(ctx, words.import, |text| app::Msg::Lesson(Msg::Import(text))) }
            <button class="chip" onclick={reset}>{ words.reset }</button>
        </>
    }
}

/// A button that reads a file.
#[inline(never)]
pub fn file_button(ctx: &Context<App>, name: &'static str, msg: impl Fn(Option<String>) -> app::Msg + Clone + 'static) -> Html {
    let scope = ctx.link().clone();
    let chosen = Callback::from(move |event: Event| {
        let input: Option<HtmlInputElement> = event.target().and_then(|target| target.dyn_into().ok());
        let file = input.as_ref().and_then(HtmlInputElement::files).and_then(|files| files.get(0));
        if let Some(file) = file {
            let (scope, msg) = (scope.clone(), msg.clone());
            fetch::file(&file, move |text| scope.send_message(msg(text)));
        }
        if let Some(input) = input {
            input.set_value("");
        }
    });
    html! {
        <label class="chip pickfile">{ name }<input type="file" accept=".json,.yaml,.yml,application/json" onchange={chosen} /></label>
    }
}

/// A text as an address that downloads it.
pub fn data_url(kind: &str, text: &str) -> String {
    let text = String::from(js_sys::encode_uri_component(text));
    ["data:", kind, ";charset=utf-8,", &text].concat()
}

fn export(app: &App) -> String {
    let quoted = JSON::stringify(&JsValue::from_str(&app.lessons.kept.text())).map(String::from).unwrap_or_default();
    ["{\"kubepie\":1,\"progress\":", &quoted, ",\"session\":", &app.engine.session.export(), "}"].concat()
}

/// Takes in what another browser has kept: what was reached is added, the open cluster takes the place of this one.
pub fn import(app: &mut App, text: Option<String>) {
    let read = text.filter(|text| text.len() <= MAX_FILE).and_then(|text| {
        let value = JSON::parse(&text).ok()?;
        let progress = Reflect::get(&value, &"progress".into()).ok()?.as_string()?;
        let session = Reflect::get(&value, &"session".into()).ok().and_then(|session| JSON::stringify(&session).ok()).map(String::from);
        Some((progress, session))
    });
    let words = app.words();
    let Some((progress, session)) = read else {
        app.lessons.failed = Some(words.lessons.not_imported.to_string());
        return;
    };
    app.lessons.failed = None;
    app.lessons.kept.merge(&Kept::parse(&progress));
    app.notice = Some(match session.map(|json| Scenario::parse_with(&json, None)) {
        Some(Ok(scenario)) => {
            let end = scenario.end_ms;
            app.replace(Engine::new(Session::new(scenario), end));
            app.lessons.leave();
            words.lessons.imported.to_string()
        }
        Some(Err(why)) => [words.lessons.half_imported, &words.refused.scenario(&why)].concat(),
        None => words.lessons.imported.to_string(),
    });
}
