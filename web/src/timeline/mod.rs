//! The bar of time: pause, pace, and going to any moment. Never: how time passes (engine.rs).

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::app::{self, App};
use crate::engine::SPEEDS;

/// The most marks of inputs that are drawn.
const MARKS: usize = 300;

/// What can happen to time.
pub enum Msg {
    /// Pause, or go on.
    TogglePlay,
    /// On to the next change.
    Step,
    /// Another pace, by its index.
    Speed(String),
    /// On until all is at rest.
    Settle,
    /// To a moment in simulated milliseconds.
    Seek(f64),
    /// Take back the last input.
    Undo,
    /// Bring it back.
    Redo,
}

/// Takes in what happened.
pub fn update(app: &mut App, msg: Msg) -> bool {
    match msg {
        Msg::TogglePlay => app.engine.playing = !app.engine.playing,
        Msg::Step => app.engine.step(),
        Msg::Speed(index) => app.engine.set_speed(index.parse().unwrap_or(0)),
        Msg::Settle => app.engine.settle(),
        Msg::Seek(ms) => app.engine.seek(ms.max(0.0) as u64),
        Msg::Undo => app.engine.undo(),
        Msg::Redo => app.engine.redo(),
    }
    true
}

/// The bar.
pub fn timeline(app: &App, ctx: &Context<App>) -> Html {
    let words = app.words();
    let link = ctx.link();
    let engine = &app.engine;
    let now = engine.session.now().as_ms();
    let end = engine.horizon().max(1);
    let seek = link.callback(|e: InputEvent| app::Msg::Time(Msg::Seek(e.target_unchecked_into::<HtmlInputElement>().value_as_number())));
    let pace = link.callback(|e: Event| app::Msg::Time(Msg::Speed(e.target_unchecked_into::<HtmlInputElement>().value())));
    let can_undo = engine.session.cursor() > 0;
    let can_redo = engine.session.undone() > 0;
    let inputs = engine.session.inputs();
    let marks = inputs.iter().skip(inputs.len().saturating_sub(MARKS));
    html! {
        <section class="time" aria-label={words.timeline.title}>
            <button class="chip" onclick={link.callback(|_| app::Msg::Time(Msg::TogglePlay))}>
                <svg class="ic" width="12" height="12" viewBox="0 0 16 16" aria-hidden="true"><path d={if engine.playing { "M5 3v10M11 3v10" } else { "M4 3l9 5-9 5z" }} /></svg>
                { if engine.playing { words.timeline.pause } else { words.timeline.play } }
            </button>
            <button class="chip" onclick={link.callback(|_| app::Msg::Time(Msg::Step))}>{ words.timeline.step }</button>
            <select class="chip" aria-label={words.timeline.speed} onchange={pace}>
                { for SPEEDS.iter().enumerate().map(|(i, s)| html! {
                    <option value={i.to_string()} selected={i == engine.speed_index()}>{ pace_name(*s) }</option>
                }) }
            </select>
            <div class="track">
                { for marks.map(|i| html! { <i aria-hidden="true" style={format!("left:{:.2}%", i.at_ms as f64 / end as f64 * 100.0)}></i> }) }
                <input type="range" min="0" max={end.to_string()} step="100" value={now.to_string()} aria-label={words.timeline.moment} aria-valuetext={clock(now)} oninput={seek} />
            </div>
            <span class="clock">{ clock(now) }</span>
            <button class="chip" disabled={!can_undo} onclick={link.callback(|_| app::Msg::Time(Msg::Undo))}>{ words.timeline.undo }</button>
            <button class="chip" disabled={!can_redo} onclick={link.callback(|_| app::Msg::Time(Msg::Redo))}>{ words.timeline.redo }</button>
            <button class={classes!("chip", engine.hurries().then_some("on"))} onclick={link.callback(|_| app::Msg::Time(Msg::Settle))}>{ words.timeline.settle }</button>
        </section>
    }
}

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
