//! Texts of lessons as elements: the core's small tree, drawn. Never HTML from a lesson.

use kubepie_core::lesson::prose::{Block, Span, blocks, spans};
use yew::prelude::*;

use super::Msg;
use crate::app::{self, App};

/// A text with its paragraphs.
#[inline(never)]
pub fn text(ctx: &Context<App>, text: &str) -> Html {
    blocks(text)
        .into_iter()
        .map(|block| match block {
            Block::Paragraph(all) => html! { <p>{ line(ctx, all) }</p> },
            Block::List(items) => html! { <ul>{ for items.into_iter().map(|item| html! { <li>{ line(ctx, item) }</li> }) }</ul> },
            Block::Code(code) => html! { <pre tabindex="0">{ code }</pre> },
        })
        .collect()
}

/// A text of one line.
#[inline(never)]
pub fn inline(ctx: &Context<App>, text: &str) -> Html {
    line(ctx, spans(text))
}

#[inline(never)]
fn line(ctx: &Context<App>, all: Vec<Span>) -> Html {
    all.into_iter()
        .map(|span| match span {
            Span::Plain(text) => html! { { text } },
            Span::Bold(text) => html! { <b>{ text }</b> },
            Span::Code(text) => html! { <code>{ text }</code> },
            Span::Link { text, lesson, step } => {
                let from = step.unwrap_or(1).saturating_sub(1) as usize;
                let open = ctx.link().callback(move |_| app::Msg::Lesson(Msg::Open(lesson.clone(), from)));
                html! { <button class="inlink" onclick={open}>{ text }</button> }
            }
        })
        .collect()
}
