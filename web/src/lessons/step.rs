//! The lesson in hand: where one is, what to reach, and what helps. Never: whether it is reached (hand.rs).

use kubepie_core::lesson::{Lesson, Step};
use kubepie_core::session::lesson_script;
use yew::prelude::*;

use super::demo::DemoView;
use super::hand::Hand;
use super::panel::button;
use super::progress::data_url;
use super::{Msg, catalog, link, prose};
use crate::app::{self, App};
use crate::i18n::fill;

/// The lesson.
#[inline(never)]
pub fn lesson(app: &App, ctx: &Context<App>, hand: &Hand) -> Html {
    let words = &app.words().lessons;
    let lesson = &*hand.lesson;
    let done = hand.step >= lesson.steps.len();
    html! {
        <>
            <div class="row">
                { button(ctx, "", ["← ", words.all_lessons].concat(), || Msg::Leave) }
                <span class="grow"></span>
                { button(ctx, "", words.again, || Msg::Again) }
            </div>
            <div>
                <h2>{ prose::inline(ctx, app.look.lang.pick(&lesson.title)) }</h2>
                if hand.step == hand.from {
                    <div class="prose muted">{ prose::text(ctx, app.look.lang.pick(&lesson.intro)) }</div>
                }
            </div>
            { dots(hand) }
            { last(app, ctx, hand) }
            if done {
                { end(app, ctx, hand) }
            } else if let Some(step) = lesson.steps.get(hand.step) {
                { now(app, ctx, hand, step) }
            }
        </>
    }
}

/// A dot for each step.
#[inline(never)]
fn dots(hand: &Hand) -> Html {
    let dot = |n: usize| {
        let class = if n < hand.step {
            "dot past"
        } else if n == hand.step {
            "dot now"
        } else {
            "dot"
        };
        html! { <i {class}></i> }
    };
    html! { <div class="dots" aria-hidden="true">{ for (0..hand.lesson.steps.len()).map(dot) }</div> }
}

/// What has just been reached.
#[inline(never)]
fn last(app: &App, ctx: &Context<App>, hand: &Hand) -> Html {
    let before = hand.step.checked_sub(1).filter(|n| *n >= hand.from).and_then(|n| hand.lesson.steps.get(n));
    html! {
        <div role="status">
            if let Some(step) = before {
                <div class="reached" key={hand.step.to_string()}>
                    <span class="tick" aria-hidden="true">{ "✓" }</span>
                    <div>
                        <b>{ prose::inline(ctx, app.look.lang.pick(&step.goal)) }</b>
                        <div class="prose">{ prose::text(ctx, app.look.lang.pick(&step.done)) }</div>
                    </div>
                </div>
            }
        </div>
    }
}

/// The present step.
#[inline(never)]
fn now(app: &App, ctx: &Context<App>, hand: &Hand, step: &Step) -> Html {
    let words = &app.words().lessons;
    let lang = app.look.lang;
    let (met, of) = hand.met;
    let count = [hand.step + 1, hand.lesson.steps.len()].map(|n| n.to_string());
    html! {
        <section class="step now" aria-current="step" key={["step ", &hand.step.to_string()].concat()}>
            <small class="muted">{ fill(words.step, &[&count[0], &count[1]]) }</small>
            <h3>{ prose::inline(ctx, lang.pick(&step.goal)) }</h3>
            <div class="prose">{ prose::text(ctx, lang.pick(&step.text)) }</div>
            if of > 1 && met > 0 {
                <div class="met"><span class="bar"><i style={format!("width:{}%", 100 * met / of)}></i></span><small>{ fill(words.met, &[&met.to_string(), &of.to_string()]) }</small></div>
            }
            if let Some(demo) = &step.demo {
                <DemoView demo={demo.clone()} {lang} />
            }
            { for step.hints.iter().take(hand.hints).map(|hint| html! { <div class="hint prose">{ prose::text(ctx, lang.pick(hint)) }</div> }) }
            if hand.shown {
                { solution(app, ctx, step) }
            }
            <div class="row">
                if hand.hints < step.hints.len() {
                    { button(ctx, "", if hand.hints == 0 { words.hint } else { words.more_hints }, || Msg::Hint) }
                }
                if !hand.shown {
                    { button(ctx, "", words.solution, || Msg::Solution) }
                }
                { button(ctx, "", words.again_step, || Msg::AgainStep) }
            </div>
        </section>
    }
}

/// The solution, and how far it has typed itself.
#[inline(never)]
fn solution(app: &App, ctx: &Context<App>, step: &Step) -> Html {
    let words = &app.words().lessons;
    let play = app.lessons.play.as_ref();
    let line = |(n, text): (usize, &String)| {
        let (class, typed) = match play {
            Some(play) if n < play.done => ("typed", text.chars().count()),
            Some(play) if n == play.done => ("typing", play.letters),
            _ => ("", 0),
        };
        let split = text.char_indices().nth(typed).map_or(text.len(), |(at, _)| at);
        let (before, after) = text.split_at(split);
        html! { <code {class}><b>{ before.to_string() }</b>{ after.to_string() }</code> }
    };
    html! {
        <div class="solution">
            <small class="muted">{ words.solution_title }</small>
            { for step.solution.iter().enumerate().map(line) }
            <div class="row">{ button(ctx, "accent", if play.is_some() { words.stop } else { words.type_it }, || Msg::Play) }</div>
        </div>
    }
}

/// The lesson's end: stars, ideas, what is next.
#[inline(never)]
fn end(app: &App, ctx: &Context<App>, hand: &Hand) -> Html {
    let words = &app.words().lessons;
    let mark = hand.mark.unwrap_or_default();
    let few = fill(words.star_few, &[&hand.few().to_string()]);
    let star = |lit: bool, name: &str| html! { <li class={lit.then_some("lit")}>{ if lit { "★ " } else { "☆ " } }{ name }</li> };
    let at = app.lessons.rows.iter().position(|row| row.id == hand.lesson.id);
    let next = at.filter(|_| !hand.foreign()).and_then(|at| app.lessons.rows.get(at + 1));
    html! {
        <section class="end-of-lesson">
            <p class="hooray" role="status">{ pie() }{ words.done }</p>
            { catalog::stars(words, mark.stars()) }
            <ul class="earned">
                { star(mark.goal, words.star_goal) }
                { star(mark.few, &few) }
                { star(mark.alone, words.star_alone) }
            </ul>
            if let Some(row) = next {
                <button class="chip accent big" onclick={open(ctx, row.id.clone())}>{ words.next }{ ": " }{ app.look.lang.pick(&row.title) }{ " →" }</button>
            }
            { ideas(app, ctx, &hand.lesson) }
            <div class="row">
                { button(ctx, "", words.free, || Msg::Leave) }
                { share(app, hand) }
                <a class="chip" download={[lesson_id(hand), ".sh"].concat()} href={data_url("text/x-shellscript", &script(app, hand))}>{ words.script }</a>
            </div>
        </section>
    }
}

/// A pie, whole and well baked.
#[inline(never)]
fn pie() -> Html {
    html! {
        <svg width="24" height="24" viewBox="0 0 26 26" aria-hidden="true"><circle cx="13" cy="13" r="12" fill="var(--cocoa)" /><path d="M1.6 14.2h22.8" stroke="#f3e3cd" stroke-width="3.4" /></svg>
    }
}

fn open(ctx: &Context<App>, id: String) -> Callback<MouseEvent> {
    ctx.link().callback(move |_| app::Msg::Lesson(Msg::Open(id.clone(), 0)))
}

#[inline(never)]
fn ideas(app: &App, ctx: &Context<App>, lesson: &Lesson) -> Html {
    let words = &app.words().lessons;
    if lesson.ideas.is_empty() {
        return Html::default();
    }
    let one = |idea: &kubepie_core::lesson::Idea| {
        let line = idea.line.clone();
        html! {
            <li>
                <div class="prose">{ prose::text(ctx, app.look.lang.pick(&idea.text)) }</div>
                if !line.is_empty() {
                    <code>{ line.clone() }</code>
                    <button class="chip" onclick={ctx.link().callback(move |_| app::Msg::Type(line.clone()))}>{ words.run_it }</button>
                }
            </li>
        }
    };
    html! {
        <>
            <h3>{ words.try_next }</h3>
            <ul class="ideas">{ for lesson.ideas.iter().map(one) }</ul>
        </>
    }
}

/// The lesson's commands for a real cluster.
fn script(app: &App, hand: &Hand) -> String {
    lesson_script(&hand.lesson, &|text| app.look.lang.pick(text).to_string())
}

fn lesson_id(hand: &Hand) -> &str {
    &hand.lesson.id
}

/// A button that copies a link to the lesson.
#[inline(never)]
fn share(app: &App, hand: &Hand) -> Html {
    let words = &app.words().lessons;
    let fragment = match hand.foreign() {
        true => link::fragment(&hand.lesson),
        false => Some(["/lesson/", &hand.lesson.id].concat()),
    };
    let Some(fragment) = fragment else { return Html::default() };
    let copy = Callback::from(move |_: MouseEvent| link::copy(&link::address(&fragment)));
    html! { <button class="chip" onclick={copy}>{ words.copy_link }</button> }
}
