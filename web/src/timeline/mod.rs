//! The timeline's part of the page: pause, pace, going to any moment, and futures put aside. Never: how time passes (engine.rs).

mod bar;
mod density;

use crate::app::App;
use density::Density;

pub use bar::timeline;

/// What can happen to time.
pub enum Msg {
    /// Pause, or go on.
    TogglePlay,
    /// On to the next change.
    Step,
    /// Another pace, by its index.
    Speed(String),
    /// On until all is at rest.
    Settle,
    /// To a moment in simulated milliseconds.
    Seek(f64),
    /// Take back the last input.
    Undo,
    /// Bring it back.
    Redo,
    /// Choose a future that was put aside, by its number.
    Branch(usize),
}

/// The timeline's state.
#[derive(Default)]
pub struct State {
    density: Density,
    inputs: usize,
}

impl State {
    /// Takes in where the session stands.
    pub fn note(&mut self, now_ms: u64, version: u64, inputs: usize, cursor: usize) {
        if inputs == cursor && inputs > self.inputs {
            self.density.forget_after(now_ms);
        }
        self.inputs = inputs;
        self.density.note(now_ms, version);
    }

    /// Another session takes the place of this one.
    pub fn restart(&mut self) {
        *self = State::default();
    }
}

/// Takes in what happened.
#[inline(never)]
pub fn update(app: &mut App, msg: Msg) -> bool {
    let engine = &mut app.engine;
    match msg {
        Msg::TogglePlay => engine.playing = !engine.playing,
        Msg::Step => engine.step(),
        Msg::Speed(index) => engine.set_speed(index.parse().unwrap_or(0)),
        Msg::Settle => engine.settle(),
        Msg::Seek(ms) => engine.seek(ms.max(0.0) as u64),
        Msg::Undo => engine.undo(),
        Msg::Redo => engine.redo(),
        Msg::Branch(number) => engine.choose_branch(number),
    }
    true
}
