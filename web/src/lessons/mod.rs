//! The lessons' part of the page. Never: what a check looks at (the core's lesson).

mod course;
mod panel;

use crate::app::App;
use crate::engine::Engine;

pub use course::Course;
pub use panel::panel;

/// What can happen to lessons.
pub enum Msg {
    /// Begin one.
    Start(usize),
    /// Back to the list.
    Leave,
    /// One more hint.
    Hint,
}

/// Takes in what happened.
pub fn update(app: &mut App, msg: Msg) -> bool {
    match msg {
        Msg::Start(n) => {
            if let Some(base) = app.lessons.start(n) {
                app.replace(Engine::fresh(base));
            }
        }
        Msg::Leave => app.lessons.leave(),
        Msg::Hint => app.lessons.hint(),
    }
    true
}
