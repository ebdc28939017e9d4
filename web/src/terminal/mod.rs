//! The terminal's part of the page: its state and what it asks for. Never: how it looks (component.rs).

mod component;
mod output;

use std::rc::Rc;

use kubepie_core::session::{Completion, InputKind};
use yew::prelude::*;

use crate::app::{self, App};
use crate::engine::SHELL;

pub use component::Terminal;
pub use output::Piece;

/// What the terminal asks for.
pub enum Ask {
    /// Take a line in.
    Line(String),
    /// Take lines in, one after the other.
    Lines(Vec<String>),
    /// Ctrl-C.
    Interrupt,
    /// Ctrl-D.
    Eof,
    /// Forget what is shown.
    Clear,
    /// Which words may come at a byte of a line.
    Complete(String, usize, Callback<Completion>),
}

/// The terminal's state.
#[derive(Default)]
pub struct State {
    /// What it shows.
    pub pieces: Rc<[Piece]>,
    /// Its prompt; empty while something runs.
    pub prompt: String,
    /// The line that the page typed last, and how many it has typed.
    pub typed: (u64, String),
    /// The number of the first piece that is shown.
    cleared: u64,
}

/// Does what the terminal asks for.
pub fn update(app: &mut App, ask: Ask) -> bool {
    match ask {
        Ask::Line(text) => app.engine.submit(InputKind::Line { text }),
        Ask::Lines(lines) => app.engine.queue(lines),
        Ask::Interrupt => app.engine.interrupt(),
        Ask::Eof => app.engine.submit(InputKind::Eof),
        Ask::Clear => {
            app.terminal.cleared = app.engine.session.world().shown.end();
            app.look_anew();
        }
        Ask::Complete(line, cursor, reply) => reply.emit(app.engine.session.complete(SHELL, &line, cursor)),
    }
    true
}

/// Types a line, as a button of the page does, and runs it once the line before has been answered.
pub fn type_line(app: &mut App, line: String) {
    app.terminal.typed = (app.terminal.typed.0 + 1, line.clone());
    app.engine.queue([line]);
}

impl State {
    /// Takes in what the session has shown and whether it waits for a line.
    pub fn refresh(&mut self, session: &mut kubepie_core::session::Session, idle: bool) {
        if session.world().shown.end() < self.cleared {
            self.cleared = 0;
        }
        self.pieces = output::window(session, self.cleared);
        self.prompt = if idle { session.prompt(SHELL) } else { String::new() };
    }

    /// Another session begins: nothing is hidden.
    pub fn restart(&mut self) {
        self.cleared = 0;
    }
}

/// The terminal as a part of the page.
pub fn terminal(app: &App, ctx: &Context<App>) -> Html {
    html! {
        <Terminal
            pieces={app.terminal.pieces.clone()}
            prompt={app.terminal.prompt.clone()}
            lang={app.look.lang}
            typed={app.terminal.typed.clone()}
            ask={ctx.link().callback(app::Msg::Terminal)}
        />
    }
}
