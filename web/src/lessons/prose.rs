//! Texts of lessons as elements: the core's small tree, drawn. Never HTML from a lesson.

use kubepie_core::lesson::prose::{Block, Span, blocks, spans};
use yew::prelude::*;

use super::Msg;
use crate::app::{self, App};
use crate::terminal;

/// What a command begins with.
const COMMANDS: &[&str] = &["kubectl", "cat", "curl", "sed", "kill", "for", "fault"];

/// The longest word that is not broken, in bytes.
const WHOLE: usize = 26;

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

/// What is typed: a command is put into the terminal's line when it is pressed, and Enter is left to who reads it.
#[inline(never)]
pub fn code(text: &str) -> Html {
    let words = text.split_inclusive(' ').map(word);
    if !COMMANDS.iter().any(|word| text.strip_prefix(word).is_some_and(|rest| rest.starts_with(' '))) {
        return html! { <code>{ for words }</code> };
    }
    let (text, typed) = (text.to_string(), text.to_string());
    let key = move |e: KeyboardEvent| {
        if matches!(e.key().as_str(), "Enter" | " ") {
            e.prevent_default();
            terminal::draft(&typed);
        }
    };
    // No button, which would not be broken over lines as the text around it is.
    html! { <code role="button" tabindex="0" class="intoline" onclick={move |_: MouseEvent| terminal::draft(&text)} onkeydown={key}>{ for words }</code> }
}

/// A word of it, which is not broken at its hyphens unless it is long.
fn word(word: &str) -> Html {
    match word.trim_end_matches(' ') {
        part if part.contains('-') && part.len() <= WHOLE => {
            html! { <><span>{ part }</span>{ word.get(part.len()..).unwrap_or_default() }</> }
        }
        _ => html! { { word } },
    }
}

/// A text of one line.
#[inline(never)]
pub fn inline(ctx: &Context<App>, text: &str) -> Html {
    line(ctx, spans(text))
}

/// The words of a text of one line alone.
pub fn plain(text: &str) -> String {
    let word = |span| match span {
        Span::Plain(text) | Span::Bold(text) | Span::Code(text) | Span::Link { text, .. } => text,
    };
    spans(text).into_iter().map(word).collect()
}

#[inline(never)]
fn line(ctx: &Context<App>, all: Vec<Span>) -> Html {
    all.into_iter()
        .map(|span| match span {
            Span::Plain(text) => html! { { text } },
            Span::Bold(text) => html! { <b>{ text }</b> },
            Span::Code(text) => code(&text),
            Span::Link { text, lesson, step } => {
                let from = step.unwrap_or(1).saturating_sub(1) as usize;
                let open = ctx.link().callback(move |_| app::Msg::Lesson(Msg::Open(lesson.clone(), from)));
                html! { <button class="inlink" onclick={open}>{ text }</button> }
            }
        })
        .collect()
}
