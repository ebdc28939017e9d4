//! The panel of lessons: their list, or the one in hand. Never: how far one has come (course.rs).

use kubepie_core::lesson::Lesson;
use yew::prelude::*;

use super::Msg;
use super::course::Running;
use crate::app::{self, App};

/// The panel.
pub fn panel(app: &App, ctx: &Context<App>) -> Html {
    let words = app.words();
    let open = app.lessons.running.and_then(|r| app.lessons.lessons.get(r.lesson).map(|l| (r, l)));
    html! {
        <aside class="lessons" aria-label={words.lessons.title}>
            { match open {
                Some((running, lesson)) => one(app, ctx, running, lesson),
                None => list(app, ctx),
            } }
        </aside>
    }
}

fn list(app: &App, ctx: &Context<App>) -> Html {
    let words = app.words();
    let row = |(index, lesson): (usize, &Lesson)| {
        let reached = app.lessons.reached.get(index).copied().unwrap_or(0).min(lesson.steps.len());
        let done = reached == lesson.steps.len();
        html! {
            <li key={lesson.id.clone()}>
                <button class={classes!("lesson", done.then_some("done"))} onclick={ctx.link().callback(move |_| app::Msg::Lesson(Msg::Start(index)))}>
                    <span class="tick" aria-hidden="true">{ if done { "✓" } else { "" } }</span>
                    <span><b>{ app.look.lang.pick(&lesson.title) }</b><small>{ reached }{ " / " }{ lesson.steps.len() }</small></span>
                </button>
            </li>
        }
    };
    html! {
        <>
            <h2>{ words.lessons.title }</h2>
            <p class="muted">{ words.lessons.intro }</p>
            <ol class="list">{ for app.lessons.lessons.iter().enumerate().map(row) }</ol>
        </>
    }
}

fn one(app: &App, ctx: &Context<App>, running: Running, lesson: &Lesson) -> Html {
    let words = app.words();
    let index = running.lesson;
    let next = (index + 1 < app.lessons.lessons.len()).then_some(index + 1);
    html! {
        <>
            <div class="row">
                <button class="chip" onclick={ctx.link().callback(|_| app::Msg::Lesson(Msg::Leave))}>{ "← " }{ words.lessons.all_lessons }</button>
                <button class="chip" onclick={ctx.link().callback(move |_| app::Msg::Lesson(Msg::Start(index)))}>{ words.lessons.again }</button>
            </div>
            <h2>{ app.look.lang.pick(&lesson.title) }</h2>
            <p class="muted">{ app.look.lang.pick(&lesson.intro) }</p>
            <ol class="list">{ for (0..lesson.steps.len()).map(|n| step(app, ctx, running, lesson, n)) }</ol>
            if running.step >= lesson.steps.len() {
                <p class="hooray" role="status">{ "🥧 " }{ words.lessons.done }</p>
                if let Some(next) = next.and_then(|n| app.lessons.lessons.get(n).map(|l| (n, l))) {
                    <button class="chip accent" onclick={ctx.link().callback(move |_| app::Msg::Lesson(Msg::Start(next.0)))}>{ app.look.lang.pick(&next.1.title) }{ " →" }</button>
                }
            }
        </>
    }
}

fn step(app: &App, ctx: &Context<App>, running: Running, lesson: &Lesson, n: usize) -> Html {
    let words = app.words();
    let Some(step) = lesson.steps.get(n) else { return Html::default() };
    let (done, now) = (n < running.step, n == running.step);
    let class = classes!("step", done.then_some("done"), now.then_some("now"));
    html! {
        <li {class} aria-current={now.then_some("step")}>
            <span class="tick" aria-hidden="true">{ if done { "✓" } else { "" } }</span>
            <div>
                <b>{ app.look.lang.pick(&step.goal) }</b>
                if done {
                    <p>{ app.look.lang.pick(&step.done) }</p>
                }
                if now {
                    <p>{ app.look.lang.pick(&step.text) }</p>
                    { for step.hints.iter().take(running.hints).map(|h| html! { <p class="hint">{ app.look.lang.pick(h) }</p> }) }
                    <div class="row">
                        if running.hints < step.hints.len() {
                            <button class="chip" onclick={ctx.link().callback(|_| app::Msg::Lesson(Msg::Hint))}>{ words.lessons.hint }</button>
                        }
                        { for step.solution.iter().cloned().map(|line| html! {
                            <button class="chip" title={line.clone()} onclick={ctx.link().callback(move |_| app::Msg::Type(line.clone()))}>{ words.lessons.type_it }</button>
                        }) }
                    </div>
                }
            </div>
        </li>
    }
}
