//! Words offered while one types: the menu of completions and the line from the past that is shown ahead.

use super::Ask;
use super::component::{Msg, Terminal};
use super::edit::Line;
use super::menu::{Choice, Menu};

use web_sys::Element;
use yew::prelude::*;

/// What a menu needs, in pixels.
const ROOM_PX: f64 = 250.0;

/// A line that is longer has nothing ahead of it that could be shown, and is dear to measure: bytes.
const LONG: usize = 1_000;

impl Terminal {
    /// What a line may go on with, from its end.
    pub(super) fn suggested(&self, line: &Line) -> Option<&str> {
        Some(self.past.suggest(&line.text)).filter(|rest| line.after().is_empty() && !rest.is_empty())
    }

    /// Tab: takes an offer, walks through the menu, or asks which words may come.
    pub(super) fn tab(&mut self, ctx: &Context<Self>, on: bool) -> bool {
        if self.leave_search() {
            return true;
        }
        if self.offer.is_some() {
            return self.take_offer();
        }
        if let Some(menu) = &mut self.menu {
            menu.go(if on { 1 } else { -1 });
            return true;
        }
        // What runs in the shell (another shell, perhaps) has words of its own.
        if self.is_idle(ctx) {
            let line = self.line();
            ctx.props().ask.emit(Ask::Complete(self.shell, line.text, line.at, ctx.link().callback(Msg::Completed)));
        }
        false
    }

    pub(super) fn completed(&mut self, completion: kubepie_core::session::Completion) -> bool {
        let mut line = self.line();
        let about = completion.about.into_iter().chain(std::iter::repeat(String::new()));
        let choices = completion.choices.into_iter().zip(about).map(|(text, about)| Choice { text, about }).collect();
        self.menu = Menu::offer(completion.start, choices, &mut line);
        self.find_room();
        self.put(&line);
        true
    }

    /// Looks where a menu has room.
    pub(super) fn find_room(&mut self) {
        let Some(input) = self.input() else { return };
        let height = web_sys::window().and_then(|w| w.inner_height().ok()?.as_f64()).unwrap_or(0.0);
        self.below = input.get_bounding_client_rect().bottom() + ROOM_PX < height;
    }

    /// A choice is clicked.
    pub(super) fn choose(&mut self, place: usize) -> bool {
        if let Some(mut menu) = self.menu.take() {
            menu.go_to(place);
            let mut line = self.line();
            menu.accept(&mut line);
            self.put(&line);
        }
        self.focus();
        true
    }

    /// The line becomes what it was meant to be; Enter runs it.
    pub(super) fn take_offer(&mut self) -> bool {
        if let Some(text) = self.offer.take() {
            self.put(&Line::ending(text));
        }
        self.focus();
        true
    }

    /// Shows dimly what the line may go on with.
    pub(super) fn suggest(&self) {
        let Some(ghost) = self.ghost.cast::<Element>() else { return };
        let line = self.line();
        if line.text.len() > LONG {
            ghost.last_element_child().iter().for_each(|after| after.set_text_content(None));
            return;
        }
        let fits = self.input().is_some_and(|input| input.scroll_width() <= input.client_width());
        let rest = if self.search.is_none() && line.after().is_empty() && fits { self.past.suggest(&line.text) } else { "" };
        let mut parts = (ghost.first_element_child(), ghost.last_element_child());
        if let (Some(before), Some(after)) = (parts.0.take(), parts.1.take()) {
            before.set_text_content(Some(if rest.is_empty() { "" } else { &line.text }));
            after.set_text_content(Some(rest));
        }
    }
}
