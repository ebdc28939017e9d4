//! The terminal: a line to type in and what was printed. Never: what a line does.

use std::rc::Rc;

use kubepie_core::session::{Completion, ShownKind};
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, Element, HtmlInputElement};
use yew::prelude::*;

use super::Ask;
use super::output::Piece;
use crate::i18n::Lang;

/// The most lines that the arrow keys bring back.
const REMEMBERED: usize = 500;

/// What the terminal is given.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What was printed.
    pub pieces: Rc<[Piece]>,
    /// The prompt; empty while something runs.
    pub prompt: String,
    /// The language.
    pub lang: Lang,
    /// A line that the page types, with a number that makes it new.
    pub typed: (u64, String),
    /// What to do.
    pub ask: Callback<Ask>,
}

/// What happens in the terminal.
pub enum Msg {
    /// A key.
    Key(KeyboardEvent),
    /// Something was pasted.
    Paste(Event),
    /// Words that may come.
    Completed(Completion),
    /// A click that should lead to the line.
    Focus,
}

/// The terminal.
pub struct Terminal {
    input: NodeRef,
    log: NodeRef,
    past: Vec<String>,
    at: usize,
    draft: String,
    choices: Vec<String>,
    bottom: bool,
}

impl Component for Terminal {
    type Message = Msg;
    type Properties = Props;

    fn create(_: &Context<Self>) -> Self {
        Terminal {
            input: NodeRef::default(),
            log: NodeRef::default(),
            past: Vec::new(),
            at: 0,
            draft: String::new(),
            choices: Vec::new(),
            bottom: true,
        }
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &Props) -> bool {
        let props = ctx.props();
        if props.typed.0 != old.typed.0 {
            self.remember(&props.typed.1);
        }
        self.bottom |= props.pieces != old.pieces;
        true
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Key(e) => return self.key(ctx, &e),
            Msg::Paste(e) => return self.paste(ctx, e),
            Msg::Completed(completion) => {
                self.completed(&completion);
                return true;
            }
            Msg::Focus => {
                let selecting = web_sys::window().and_then(|w| w.get_selection().ok().flatten()).is_some_and(|s| !s.is_collapsed());
                if let Some(input) = self.input().filter(|_| !selecting) {
                    let _ = input.focus();
                }
            }
        }
        false
    }

    fn rendered(&mut self, _: &Context<Self>, first: bool) {
        let wide = || web_sys::window().and_then(|w| w.inner_width().ok()?.as_f64()).is_some_and(|w| w > 760.0);
        if let Some(input) = self.input().filter(|_| first && wide()) {
            let _ = input.focus();
        }
        let down = std::mem::take(&mut self.bottom);
        if let Some(log) = self.log.cast::<Element>().filter(|_| down) {
            log.set_scroll_top(log.scroll_height());
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let words = props.lang.words();
        let link = ctx.link();
        html! {
            <section class="term" aria-label={words.terminal.title}>
                <div class="out" role="log" tabindex="0" aria-label={words.terminal.output} ref={&self.log} onclick={link.callback(|_| Msg::Focus)}>
                    { for props.pieces.iter().map(piece) }
                </div>
                if !self.choices.is_empty() {
                    <div class="choices" role="status">{ self.choices.join("  ") }</div>
                }
                <div class="line">
                    <span class="p" aria-hidden="true">{ &props.prompt }</span>
                    <input
                        ref={&self.input}
                        type="text"
                        aria-label={words.terminal.title}
                        autocomplete="off"
                        autocapitalize="none"
                        autocorrect="off"
                        spellcheck="false"
                        enterkeyhint="send"
                        onkeydown={link.callback(Msg::Key)}
                        onpaste={link.callback(Msg::Paste)}
                    />
                </div>
            </section>
        }
    }
}

/// A piece of output as a span.
fn piece(piece: &Piece) -> Html {
    let class = match piece.kind {
        ShownKind::Typed => "t",
        ShownKind::Out => "o",
        ShownKind::Err => "r",
    };
    let prompt = piece.text.split_once("# ").filter(|(before, _)| piece.kind == ShownKind::Typed && before.contains('@'));
    match prompt {
        Some((before, after)) => html! {
            <span key={piece.number} class={class}><span class="p">{ before }{ "# " }</span>{ after }</span>
        },
        None => html! { <span key={piece.number} class={class}>{ &piece.text }</span> },
    }
}

impl Terminal {
    fn input(&self) -> Option<HtmlInputElement> {
        self.input.cast::<HtmlInputElement>()
    }

    /// Puts a text into the line, the cursor at its end.
    fn put(&mut self, text: &str) {
        if let Some(input) = self.input() {
            input.set_value(text);
        }
    }

    fn key(&mut self, ctx: &Context<Self>, e: &KeyboardEvent) -> bool {
        // A syllable in the making belongs to the input method.
        if e.is_composing() || e.key_code() == 229 {
            return false;
        }
        let Some(input) = self.input() else { return false };
        let ask = &ctx.props().ask;
        let selected = input.selection_start().ok().flatten() != input.selection_end().ok().flatten();
        match (e.ctrl_key(), e.key().as_str()) {
            (false, "Enter") => {
                e.prevent_default();
                let line = input.value();
                input.set_value("");
                self.remember(&line);
                ask.emit(Ask::Line(line));
            }
            (false, "ArrowUp") => {
                e.prevent_default();
                self.walk(&input, self.at.checked_sub(1));
            }
            (false, "ArrowDown") => {
                e.prevent_default();
                self.walk(&input, Some(self.at + 1));
            }
            (false, "Tab") if !e.shift_key() && !input.value().is_empty() => {
                e.prevent_default();
                let line = input.value();
                let units = input.selection_start().ok().flatten().unwrap_or(u32::MAX);
                let cursor = byte_at(&line, units);
                ask.emit(Ask::Complete(line, cursor, ctx.link().callback(Msg::Completed)));
                return false;
            }
            (true, "c" | "C") if !selected => {
                e.prevent_default();
                input.set_value("");
                ask.emit(Ask::Interrupt);
            }
            (true, "d" | "D") if input.value().is_empty() => {
                e.prevent_default();
                ask.emit(Ask::Eof);
            }
            (true, "l" | "L") => {
                e.prevent_default();
                ask.emit(Ask::Clear);
            }
            _ => {}
        }
        let had = !self.choices.is_empty();
        self.choices.clear();
        had
    }

    fn remember(&mut self, line: &str) {
        if !line.trim().is_empty() && self.past.last().is_none_or(|last| last != line) {
            self.past.push(line.to_string());
        }
        if self.past.len() > REMEMBERED {
            self.past.remove(0);
        }
        self.at = self.past.len();
        self.draft.clear();
    }

    fn walk(&mut self, input: &HtmlInputElement, to: Option<usize>) {
        let Some(to) = to.filter(|to| *to <= self.past.len()) else { return };
        if self.at == self.past.len() {
            self.draft = input.value();
        }
        self.at = to;
        let text = self.past.get(to).unwrap_or(&self.draft).clone();
        self.put(&text);
    }

    fn paste(&mut self, ctx: &Context<Self>, e: Event) -> bool {
        let Some(text) = e.dyn_ref::<ClipboardEvent>().and_then(|e| e.clipboard_data()?.get_data("text").ok()) else { return false };
        let Some(input) = self.input().filter(|_| text.contains('\n')) else { return false };
        e.prevent_default();
        let text = [input.value(), text.replace("\r\n", "\n")].concat();
        let mut lines: Vec<String> = text.split('\n').map(str::to_string).collect();
        input.set_value(&lines.pop().unwrap_or_default());
        lines.iter().for_each(|line| self.remember(line));
        ctx.props().ask.emit(Ask::Lines(lines));
        false
    }

    fn completed(&mut self, completion: &Completion) {
        let Some(input) = self.input() else { return };
        let line = input.value();
        let cursor = byte_at(&line, input.selection_start().ok().flatten().unwrap_or(u32::MAX));
        let common = common_start(&completion.choices);
        let alone = completion.choices.len() == 1;
        let (Some(before), Some(word), Some(after)) =
            (line.get(..completion.start), line.get(completion.start..cursor), line.get(cursor..))
        else {
            return;
        };
        let space = if alone && !common.ends_with(['/', '=', ' ']) { " " } else { "" };
        if common.len() > word.len() || alone {
            let head = [before, &common, space].concat();
            let units = head.encode_utf16().count() as u32;
            input.set_value(&[head.as_str(), after].concat());
            let _ = input.set_selection_range(units, units);
        }
        self.choices = if alone { Vec::new() } else { completion.choices.iter().take(200).cloned().collect() };
    }
}

/// The byte of a line at a place counted in UTF-16 units, as browsers count.
fn byte_at(line: &str, units: u32) -> usize {
    let mut left = units as usize;
    for (byte, c) in line.char_indices() {
        if left == 0 {
            return byte;
        }
        left = left.saturating_sub(c.len_utf16());
    }
    line.len()
}

/// What all choices begin with.
fn common_start(choices: &[String]) -> String {
    let Some(first) = choices.first() else { return String::new() };
    let same = |other: &String| first.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let count = choices.iter().map(same).min().unwrap_or(0);
    first.chars().take(count).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_common_starts() {
        assert_eq!(byte_at("한글 a", 1), 3);
        assert_eq!(byte_at("한글 a", 99), 8);
        assert_eq!(common_start(&["nginx-a".into(), "nginx-b".into()]), "nginx-");
        assert_eq!(common_start(&[]), "");
    }
}
