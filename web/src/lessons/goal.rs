//! The goal of the present step on a phone, whose map and terminal leave no room for the lesson. Never: what it teaches.

use yew::prelude::*;

use super::prose;
use crate::app::{self, App};
use crate::page::Sheet;

/// The goal, if there is a lesson in hand: a way to its text.
#[inline(never)]
pub fn goal(app: &App, ctx: &Context<App>) -> Html {
    let Some(hand) = &app.lessons.hand else { return Html::default() };
    let (at, of) = (hand.step, hand.lesson.steps.len());
    let goal = hand.lesson.steps.get(at).map(|step| app.look.lang.pick(&step.goal));
    html! {
        <button class="goal" key={at} onclick={ctx.link().callback(|_| app::Msg::Sheet(Sheet::Lesson))}>
            <b>{ at.min(of) + usize::from(at < of) }{ "/" }{ of }</b>
            <span>{ prose::plain(goal.unwrap_or(app.words().lessons.done)) }</span>
            <i aria-hidden="true">{ "›" }</i>
        </button>
    }
}
