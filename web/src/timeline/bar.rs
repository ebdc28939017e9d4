//! The timeline as elements: what happened when, and where one is. Never: how time passes.

use kubepie_core::session::{Branch, Input, InputKind};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::Msg;
use crate::app::{self, App};
use crate::engine::SPEEDS;
use crate::i18n::fill;

/// The most marks of inputs that are drawn.
const MARKS: usize = 300;

/// The bar.
#[inline(never)]
pub fn timeline(app: &App, ctx: &Context<App>) -> Html {
    let words = &app.words().timeline;
    let engine = &app.engine;
    let playing = engine.playing;
    html! {
        <section class={classes!("time", (!playing).then_some("paused"))} aria-label={words.title}>
            <div class="segs">
                { button(ctx, if playing { words.pause } else { words.play }, if playing { "M5 3v10M11 3v10" } else { "M4 2.5l9 5.5-9 5.5z" }, false, || Msg::TogglePlay) }
                { button(ctx, words.step, "M3 3l6 5-6 5zM12.5 3v10", false, || Msg::Step) }
                { button(ctx, words.settle, "M2 3l5 5-5 5zM8 3l5 5-5 5M14.5 3v10", engine.hurries(), || Msg::Settle) }
            </div>
            { pace(app, ctx) }
            { track(app, ctx) }
            <span class="clock">{ clock(engine.session.now().as_ms()) }</span>
            <div class="segs">
                { undoing(ctx, words.undo, "M6 4L2.5 7.5 6 11M3 7.5h6.5a3.5 3.5 0 010 7H7", engine.session.cursor() == 0, || Msg::Undo) }
                { undoing(ctx, words.redo, "M10 4l3.5 3.5L10 11M13 7.5H6.5a3.5 3.5 0 000 7H9", engine.session.undone() == 0, || Msg::Redo) }
            </div>
            { branches(app, ctx) }
        </section>
    }
}

#[inline(never)]
fn icon(path: &'static str) -> Html {
    html! { <svg class="ic" width="15" height="15" viewBox="0 0 16 16" aria-hidden="true"><path d={path} /></svg> }
}

#[inline(never)]
fn button(ctx: &Context<App>, name: &'static str, path: &'static str, on: bool, msg: fn() -> Msg) -> Html {
    html! {
        <button class={classes!("seg", "icon", on.then_some("on"))} aria-label={name} title={name} onclick={ctx.link().callback(move |_| app::Msg::Time(msg()))}>
            { icon(path) }
        </button>
    }
}

#[inline(never)]
fn undoing(ctx: &Context<App>, name: &'static str, path: &'static str, disabled: bool, msg: fn() -> Msg) -> Html {
    html! {
        <button class="seg icon" {disabled} aria-label={name} title={name} onclick={ctx.link().callback(move |_| app::Msg::Time(msg()))}>{ icon(path) }</button>
    }
}

#[inline(never)]
fn pace(app: &App, ctx: &Context<App>) -> Html {
    let pace = ctx.link().callback(|e: Event| app::Msg::Time(Msg::Speed(e.target_unchecked_into::<HtmlInputElement>().value())));
    html! {
        <select class="chip pace" aria-label={app.words().timeline.speed} onchange={pace}>
            { for SPEEDS.iter().enumerate().map(|(i, s)| html! {
                <option value={i.to_string()} selected={i == app.engine.speed_index()}>{ pace_name(*s) }</option>
            }) }
        </select>
    }
}

/// Events as an area, inputs as marks, and the handle.
#[inline(never)]
fn track(app: &App, ctx: &Context<App>) -> Html {
    let words = &app.words().timeline;
    let session = &app.engine.session;
    let now = session.now().as_ms();
    let end = app.engine.horizon().max(10_000);
    let part = |ms: u64| ms as f64 / end as f64 * 100.0;
    let seek =
        ctx.link().callback(|e: InputEvent| app::Msg::Time(Msg::Seek(e.target_unchecked_into::<HtmlInputElement>().value_as_number())));
    let inputs = session.inputs();
    let first = inputs.len().saturating_sub(MARKS);
    let mark = |(n, input): (usize, &Input)| {
        let (kind, text) = told(input);
        let class = classes!(kind, (n >= session.cursor()).then_some("future"));
        html! { <i key={n} {class} title={text} aria-hidden="true" style={format!("left:{:.2}%", part(input.at_ms))}></i> }
    };
    html! {
        <div class="track" style={format!("--at:{:.2}%", part(now))}>
            <svg class="density" viewBox="0 0 600 20" preserveAspectRatio="none" aria-hidden="true"><path d={app.time.density.path(end, 600.0, 20.0)} /></svg>
            <div class="marks">{ for inputs.iter().enumerate().skip(first).map(mark) }</div>
            <input type="range" min="0" max={end.to_string()} step="100" value={now.to_string()} aria-label={words.moment}
                aria-valuetext={clock(now)} oninput={seek} />
        </div>
    }
}

/// An input's class, and how it is told.
fn told(input: &Input) -> (&'static str, String) {
    match &input.kind {
        InputKind::Line { text } if text.trim_start().starts_with("fault ") => ("fault", text.clone()),
        InputKind::Line { text } => ("typed", text.clone()),
        InputKind::File { path, .. } => ("file", path.clone()),
        InputKind::Fault { text } => ("fault", ["fault ", text].concat()),
        InputKind::Interrupt => ("key", "^C".into()),
        InputKind::Eof => ("key", "^D".into()),
    }
}

/// Futures that were put aside by typing in the past.
#[inline(never)]
fn branches(app: &App, ctx: &Context<App>) -> Html {
    let words = &app.words().timeline;
    let session = &app.engine.session;
    let all = session.branches();
    if all.is_empty() {
        return Html::default();
    }
    let row = |(n, branch): (usize, &Branch)| {
        let first = branch.inputs.get(branch.from..).unwrap_or_default();
        let text = first.first().map(|i| told(i).1).unwrap_or_default();
        let at = first.first().map_or(0, |i| i.at_ms);
        let more = first.len().saturating_sub(1);
        let choose = ctx.link().callback(move |e: MouseEvent| {
            shut(&e);
            app::Msg::Time(Msg::Branch(n))
        });
        html! {
            <li><button onclick={choose}><time>{ clock(at) }</time><code>{ text }</code>if more > 0 { <small>{ "+" }{ more }</small> }</button></li>
        }
    };
    html! {
        <details class="branches" onkeydown={Callback::from(|e: KeyboardEvent| if e.key() == "Escape" { shut(&e) })}>
            <summary class="chip">{ icon("M4 2v12M4 9c0-3 7-2 7-7M11 2l-2.5 2.5M11 2l2.5 2.5") }{ fill(words.branches, &[&all.len().to_string()]) }</summary>
            <div class="futures"><p class="muted small">{ words.branches_say }</p><ol>{ for all.iter().enumerate().map(row) }</ol></div>
        </details>
    }
}

/// Closes the menu that an event comes from.
fn shut(e: &web_sys::Event) {
    let from: Option<web_sys::Element> = e.target_dyn_into();
    if let Some(menu) = from.and_then(|from| from.closest("details").ok().flatten()) {
        let _ = menu.remove_attribute("open");
    }
}

/// A speed as people write it.
fn pace_name(speed: f64) -> String {
    if speed < 0.5 {
        "¼×".to_string()
    } else if speed < 1.0 {
        "½×".to_string()
    } else {
        format!("{speed}×")
    }
}

/// Simulated milliseconds as `02:14` or `1:02:14`.
fn clock(ms: u64) -> String {
    let s = ms / 1000;
    let (h, m, s) = (s / 3600, s / 60 % 60, s % 60);
    if h > 0 { format!("{h}:{m:02}:{s:02}") } else { format!("{m:02}:{s:02}") }
}

#[cfg(test)]
mod tests {
    #[test]
    fn clocks() {
        assert_eq!(super::clock(134_000), "02:14");
        assert_eq!(super::clock(3_734_999), "1:02:14");
    }
}
