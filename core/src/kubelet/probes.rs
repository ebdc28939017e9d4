//! Probes and lifecycle hooks: asked of what the container's image does.

use serde_json::Value;

use super::worker::{Desk, Worker};

impl Worker {
    /// Sets the timers of a container's probes.
    pub fn begin_probes(&mut self, _slot: usize, _d: &mut Desk<'_, '_>) {}

    /// A probe is due.
    pub fn probe(&mut self, _slot: usize, _kind: usize, _d: &mut Desk<'_, '_>) {}

    /// Runs the hook after the start.
    pub fn run_post_start(&mut self, _slot: usize, _d: &mut Desk<'_, '_>) {}

    /// How long a hook takes.
    pub fn hook_ms(&mut self, _slot: usize, _hook: &Value, _d: &mut Desk<'_, '_>) -> u64 {
        10
    }
}
