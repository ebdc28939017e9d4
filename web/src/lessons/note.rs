//! The page "The note": every line of it with a way to the step where it is learnt. Never: its words (core's data).

use kubepie_core::lesson::note::Line;
use yew::prelude::*;

use super::{Msg, prose};
use crate::app::{self, App};
use crate::i18n::fill;

/// The note.
#[inline(never)]
pub fn note(app: &App, ctx: &Context<App>) -> Html {
    let words = &app.words().lessons;
    let Some((_, lines)) = &app.lessons.note else { return html! { <p role="status">{ words.loading }</p> } };
    let mut sections: Vec<(&str, Vec<&Line>)> = Vec::new();
    for line in lines.iter() {
        let title = app.look.lang.pick(&line.section);
        match sections.last_mut() {
            Some((last, all)) if *last == title => all.push(line),
            _ => sections.push((title, vec![line])),
        }
    }
    html! {
        <>
            <p class="muted">{ words.note_intro }</p>
            { for sections.into_iter().map(|(title, lines)| html! {
                <section class="group" aria-label={title.to_string()}>
                    <h2>{ title }</h2>
                    <ul class="note">{ for lines.into_iter().map(|line| one(app, ctx, line)) }</ul>
                </section>
            }) }
        </>
    }
}

#[inline(never)]
fn one(app: &App, ctx: &Context<App>, line: &Line) -> Html {
    let words = &app.words().lessons;
    let row = app.lessons.rows.iter().find(|row| row.id == line.lesson);
    let title = row.map_or("", |row| app.look.lang.pick(&row.title));
    let (id, from) = (line.lesson.clone(), line.step.saturating_sub(1));
    let reached = app.lessons.kept.mark(&line.lesson).steps >= line.step;
    let open = ctx.link().callback(move |_| app::Msg::Lesson(Msg::Open(id.clone(), from)));
    let count = [line.step, row.map_or(0, |row| row.steps)].map(|n| n.to_string());
    html! {
        <li class={reached.then_some("done")}>
            <span class="tick" aria-hidden="true">{ if reached { "✓" } else { "" } }</span>
            <div>
                { prose::inline(ctx, app.look.lang.pick(&line.says)) }
                if line.command.starts_with("kubectl") {
                    { prose::code(&line.command) }
                }
                if let Some(today) = &line.today {
                    <p class="today"><b>{ words.today }</b>{ " " }{ prose::inline(ctx, app.look.lang.pick(today)) }</p>
                }
                <button class="inlink" onclick={open}>{ title }{ " · " }{ fill(words.steps, &[&count[0], &count[1]]) }{ " →" }</button>
            </div>
        </li>
    }
}
