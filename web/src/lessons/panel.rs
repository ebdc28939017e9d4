//! The panel of lessons: its places, and which of them is shown. Never: how far one has come (hand.rs).

use kubepie_core::lesson::Lesson;
use yew::prelude::*;

use super::{Msg, Place, builder, catalog, note, progress, prose, step};
use crate::app::{self, App};
use crate::i18n::fill;

/// The panel.
#[inline(never)]
pub fn panel(app: &App, ctx: &Context<App>) -> Html {
    let words = &app.words().lessons;
    let state = &app.lessons;
    let tab = |place: Place, name: &'static str| {
        let now = state.place == place;
        html! {
            <button class={now.then_some("on")} aria-current={now.then_some("page")} onclick={go(ctx, place)}>{ name }</button>
        }
    };
    html! {
        <aside class="lessons" aria-label={words.title}>
            <nav class="places" aria-label={words.title}>
                { tab(Place::Lessons, words.title) }
                { tab(Place::Note, words.note) }
                { tab(Place::Progress, words.progress) }
                { tab(Place::Build, words.build) }
            </nav>
            if let Some(why) = &state.failed {
                <p class="trouble" role="alert">{ why }</p>
            }
            if let Some(lesson) = &state.offered {
                { offer(app, ctx, lesson) }
            }
            { match (state.place, &state.hand) {
                (Place::Lessons, Some(hand)) => step::lesson(app, ctx, hand),
                (Place::Lessons, None) => catalog::list(app, ctx),
                (Place::Note, _) => note::note(app, ctx),
                (Place::Progress, _) => progress::progress(app, ctx),
                (Place::Build, _) => builder::view(app, ctx),
            } }
        </aside>
    }
}

/// Goes to a place.
pub fn go(ctx: &Context<App>, place: Place) -> Callback<MouseEvent> {
    ctx.link().callback(move |_| app::Msg::Lesson(Msg::Go(place)))
}

/// A button of the panel.
#[inline(never)]
pub fn button(ctx: &Context<App>, class: &'static str, name: impl Into<AttrValue>, msg: impl Fn() -> Msg + 'static) -> Html {
    let name: AttrValue = name.into();
    html! { <button class={classes!("chip", class)} onclick={ctx.link().callback(move |_| app::Msg::Lesson(msg()))}>{ name }</button> }
}

/// A lesson that a link brought: what it is and what it will do.
#[inline(never)]
fn offer(app: &App, ctx: &Context<App>, lesson: &Lesson) -> Html {
    let words = &app.words().lessons;
    html! {
        <section class="brought" aria-label={words.foreign}>
            <small class="muted">{ words.foreign }</small>
            <h2>{ app.look.lang.pick(&lesson.title) }</h2>
            { prose::text(ctx, app.look.lang.pick(&lesson.intro)) }
            <p>{ fill(words.foreign_steps, &[&lesson.steps.len().to_string()]) }{ " " }{ words.foreign_what }</p>
            if !lesson.setup.is_empty() {
                <p class="muted">{ words.foreign_setup }</p>
                <pre tabindex="0">{ lesson.setup.join("\n") }</pre>
            }
            <div class="row">
                { button(ctx, "accent", words.begin, || Msg::Take) }
                { button(ctx, "", words.refuse, || Msg::Refuse) }
            </div>
        </section>
    }
}
