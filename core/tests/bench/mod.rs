//! A session with a fresh cluster, at whose front door tests type.

use kubepie_core::session::{Base, Session, ShownKind, Timing};

/// A session and what is typed into it.
pub struct Bench {
    /// The session.
    pub session: Session,
}

impl Bench {
    /// With the timing of the recordings.
    pub fn new() -> Bench {
        Bench { session: Session::fresh(5, 1_795_425_600_000, Timing::RECORDED, Base::default()) }
    }

    /// Types a line, lets the cluster come to rest if it `settles`, and gives what was printed.
    pub fn typed(&mut self, line: &str, settles: bool) -> String {
        let from = self.session.world().shown.end();
        self.session.submit_line(0, line);
        self.session.run_until_idle(0, 600_000);
        if settles {
            self.session.settle(60_000);
        }
        self.session.shown_since(from).filter(|s| s.what != ShownKind::Typed).map(|s| s.text.as_str()).collect()
    }
}
