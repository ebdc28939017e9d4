//! When the cluster is looked at anew. Pure arithmetic. Never: what is done in a frame (app.rs).

/// Real milliseconds between two looks at a cluster in which much changes, and how many more for each Pod.
const LOOK_EVERY_MS: (f64, f64) = (40.0, 0.25);

/// What the engine has for itself between two looks: so many frames, or one where frames are as slow as this many real milliseconds.
const RESTED: (u32, f64) = (3, 150.0);

/// The looks at the cluster so far.
pub struct Pace {
    last_ms: f64,
    rested: u32,
    rested_ms: f64,
}

impl Pace {
    /// Before the first look.
    pub const fn new() -> Pace {
        Pace { last_ms: 0.0, rested: RESTED.0, rested_ms: 0.0 }
    }

    /// Whether it is time to look at the cluster, at a real millisecond: not in each frame, and not before it is `drawn`.
    pub fn is_due(&self, at: f64, drawn: bool, pods: usize) -> bool {
        let rested = self.rested >= RESTED.0 || self.rested_ms >= RESTED.1;
        drawn && rested && at - self.last_ms >= LOOK_EVERY_MS.0 + LOOK_EVERY_MS.1 * pods as f64
    }

    /// A frame passes that came `dt` real milliseconds after the one before, in which the cluster is looked at or not, and
    /// which the engine has for itself or not.
    pub fn pass(&mut self, dt: f64, looks: bool, free: bool) {
        if looks {
            (self.rested, self.rested_ms) = (0, 0.0);
        } else if free {
            self.rested = self.rested.saturating_add(1);
            self.rested_ms += dt;
        }
    }

    /// The cluster was looked at.
    pub fn looked(&mut self, at: f64) {
        self.last_ms = at;
    }
}
