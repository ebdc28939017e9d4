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
    // Told by the stylesheet, so that the lesson's words stand once in the page.
    let Some(goal) = hand.lesson.steps.get(at).map(|step| prose::plain(app.look.lang.pick(&step.goal))) else { return Html::default() };
    html! {
        <button class="goal" key={at} aria-label={goal.clone()} onclick={ctx.link().callback(|_| app::Msg::Sheet(Sheet::Lesson))}>
            <b>{ at + 1 }{ "/" }{ of }</b>
            <span data-goal={goal}></span>
            <i aria-hidden="true">{ "›" }</i>
        </button>
    }
}
