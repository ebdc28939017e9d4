//! What is put into the line from elsewhere: the commands of a lesson's text, and lines that are too long to be edited there,
//! which become files. Never: what is typed (`deeds`).

use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::Context;

use super::Ask;
use super::component::{Terminal, is_wide};
use super::edit::Line;
use crate::app::App;
use crate::editor;
use crate::i18n::fill;

/// The longest line that is edited, in bytes: browsers take longer for each key in one that is longer still.
pub(super) const LONGEST: usize = 64 << 10;

/// The file that a line becomes which is longer.
const FILE: &str = "pasted.sh";

impl Terminal {
    /// Whether a line is too long to be edited: then it is kept elsewhere, and the line is empty again.
    pub(super) fn too_long(&mut self, ctx: &Context<Self>, text: &str) -> bool {
        let long = text.len() > LONGEST;
        if long {
            if text.len() <= editor::MAX_BYTES {
                self.put(&Line::default());
            }
            ctx.props().ask.emit(Ask::Long(text.to_string()));
        }
        long
    }
}

/// Keeps a long line in a file of its own, and says so.
#[inline(never)]
pub(super) fn keep(app: &mut App, text: String) {
    let (words, bytes) = (&app.words().terminal, text.len());
    app.notice = Some(match editor::keep(app, FILE, text) {
        Some(file) => fill(words.long, &[&bytes.to_string(), &file]),
        None => words.too_long.to_string(),
    });
}

/// Puts a command into the line that is shown, in the place of what stands there; whoever wants to run it presses Enter.
#[inline(never)]
pub fn draft(text: &str) {
    let found = web_sys::window().and_then(|w| w.document()).and_then(|d| d.query_selector(".line input").ok().flatten());
    let Some(input) = found.and_then(|found| found.dyn_into::<HtmlInputElement>().ok()) else { return };
    input.set_value(text);
    if is_wide() {
        let _ = input.focus();
    }
    let _ = web_sys::Event::new("input").map(|event| input.dispatch_event(&event));
}
