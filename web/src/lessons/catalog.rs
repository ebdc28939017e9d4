//! The list of lessons with what was reached in each. Never: a lesson itself (step.rs).

use kubepie_core::lesson::catalog::Row;
use yew::prelude::*;

use super::{Msg, prose};
use crate::app::{self, App};
use crate::i18n::{fill, lessons::Words};

/// The list.
#[inline(never)]
pub fn list(app: &App, ctx: &Context<App>) -> Html {
    let words = &app.words().lessons;
    let rows = &app.lessons.rows;
    let next = rows.iter().position(|row| !app.lessons.kept.mark(&row.id).goal);
    let groups = [
        (0, 4, words.group_basics),
        (4, 8, words.group_change),
        (8, 12, words.group_nodes),
        (12, 14, words.group_update),
        (14, 17, words.group_more),
        (17, usize::MAX, words.group_exam),
    ];
    html! {
        <>
            <p class="muted">{ words.intro }</p>
            if let Some(inputs) = app.lessons.before {
                <button class="chip" onclick={ctx.link().callback(|_| app::Msg::Lesson(Msg::Back))}>{ "↩ " }{ fill(words.before, &[&inputs.to_string()]) }</button>
            }
            <div role="status">
                if app.lessons.waiting.is_some() {
                    <p>{ words.loading }</p>
                }
            </div>
            { for groups.iter().map(|(from, to, name)| html! {
                <section class="group" aria-label={*name}>
                    <h2>{ *name }</h2>
                    <ol class="list" start={(from + 1).to_string()}>
                        { for rows.iter().enumerate().filter(|(n, _)| (*from..*to).contains(n)).map(|(n, r)| row(app, ctx, n, r, next == Some(n))) }
                    </ol>
                </section>
            }) }
        </>
    }
}

#[inline(never)]
fn row(app: &App, ctx: &Context<App>, number: usize, row: &Row, next: bool) -> Html {
    let words = &app.words().lessons;
    let mark = app.lessons.kept.mark(&row.id);
    let id = row.id.clone();
    let open = ctx.link().callback(move |_| app::Msg::Lesson(Msg::Open(id.clone(), 0)));
    let reached = fill(words.steps, &[&mark.steps.min(row.steps).to_string(), &row.steps.to_string()]);
    html! {
        <li key={row.id.clone()}>
            <button class={classes!("lesson", mark.goal.then_some("done"), next.then_some("next"))} onclick={open}>
                <span class="number" aria-hidden="true">{ number + 1 }</span>
                <span class="what">
                    <b>{ prose::inline(ctx, app.look.lang.pick(&row.title)) }</b>
                    if next && mark.steps == 0 {
                        <small>{ words.next_up }</small>
                    } else if mark.steps > 0 && !mark.goal {
                        <small>{ reached }</small>
                    }
                </span>
                if mark.goal {
                    { stars(words, mark.stars()) }
                }
            </button>
        </li>
    }
}

/// Three stars, so many of them filled.
#[inline(never)]
pub fn stars(words: &Words, filled: usize) -> Html {
    let path = "M8 1.3l2 4.3 4.7.6-3.4 3.2.9 4.6L8 11.7 3.8 14l.9-4.6L1.3 6.2 6 5.6z";
    html! {
        <span class="stars" role="img" aria-label={fill(words.stars, &[&filled.to_string()])}>
            { for (0..3).map(|n| html! {
                <svg class={if n < filled { "star lit" } else { "star" }} width="14" height="14" viewBox="0 0 16 16" aria-hidden="true"><path d={path} /></svg>
            }) }
        </span>
    }
}
