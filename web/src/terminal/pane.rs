//! What a tab shows: its output and where it has been read to.

use super::Scene;
use super::edit::Line;
use super::screen::Screen;

/// What is kept of a shell.
#[derive(Default)]
pub struct Pane {
    /// Its lines.
    pub screen: Screen,
    /// The number of the next piece to take in.
    pub(super) fed: u64,
    pub(super) leap: u64,
    /// The number of the first piece that is shown.
    pub cleared: u64,
    /// The line being typed, while another tab is shown.
    pub(super) draft: Line,
}

impl Pane {
    /// Takes in what was shown since.
    pub(super) fn feed(&mut self, shell: u32, scene: &Scene) {
        if self.leap != scene.leap || scene.shown.end() < self.fed {
            self.cleared = if self.cleared > scene.shown.end() { 0 } else { self.cleared };
            (self.leap, self.fed) = (scene.leap, self.cleared);
            self.screen.erase();
        }
        for shown in scene.shown.since(self.fed).filter(|shown| shown.shell == shell) {
            self.screen.push(shown.what, &shown.text);
        }
        self.fed = scene.shown.end();
    }

    /// Forgets what is shown.
    pub fn clear(&mut self) {
        self.cleared = self.fed;
        self.screen.erase();
    }
}
