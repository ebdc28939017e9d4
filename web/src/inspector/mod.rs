//! The inspector's part of the page: which side of the chosen object is shown, and what is known of it. Never: changing it
//! (its buttons type commands).

mod card;
mod commands;
mod kinds;
mod panel;
mod say;
mod why;

use kubepie_core::session::{Session, View};

use crate::app::App;
use crate::map::Ref;
use card::Card;

pub use panel::inspector;

/// The sides of an object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    /// What it is and how it does.
    #[default]
    Summary,
    /// What happened to it.
    Events,
    /// All of it.
    Yaml,
    /// What its containers printed.
    Logs,
}

/// The most of a text that is shown, in bytes.
const TEXT: usize = 40_000;
/// How often a text is looked at anew while time passes, in simulated milliseconds.
const LOOK_MS: u64 = 1_000;

/// What can happen to the inspector.
pub enum Msg {
    /// Another side is shown.
    Side(Side),
}

/// The inspector's state.
#[derive(Default)]
pub struct State {
    /// The side that is shown.
    pub side: Side,
    /// What is known of the chosen object; `None` when none is chosen or it is gone.
    pub card: Option<Card>,
    /// The YAML or the logs, if they are shown.
    pub text: String,
    seen: Option<(Ref, u64, Side, u64)>,
}

impl State {
    /// Looks at the chosen object anew, if it may have changed.
    pub fn refresh(&mut self, session: &Session, view: &View, chosen: Option<&Ref>) {
        let Some(chosen) = chosen else {
            (self.card, self.seen) = (None, None);
            return;
        };
        if self.side == Side::Logs && &*chosen.resource != "pods" {
            self.side = Side::Summary;
        }
        let now = (chosen.clone(), view.version, self.side, session.now().as_ms() / LOOK_MS);
        if self.seen.as_ref() == Some(&now) {
            return;
        }
        self.card = card::card(session, view, chosen);
        let on = if chosen.namespace.is_empty() { String::new() } else { [" -n ", &chosen.namespace].concat() };
        self.text = match self.side {
            _ if self.card.is_none() => String::new(),
            Side::Yaml => session.peek(&["kubectl get ", &chosen.resource, " ", &chosen.name, &on, " -o yaml"].concat(), TEXT),
            Side::Logs => session.peek(&["kubectl logs ", &chosen.name, &on, " --all-containers --tail=200"].concat(), TEXT),
            _ => String::new(),
        };
        self.seen = Some(now);
    }
}

/// Takes in what happened.
#[inline(never)]
pub fn update(app: &mut App, msg: Msg) -> bool {
    match msg {
        Msg::Side(side) => app.inspector.side = side,
    }
    true
}
