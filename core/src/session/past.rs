//! Going back: checkpoints, undo and redo, and the futures that were put aside by typing in the past.

use alloc::vec::Vec;

use super::Session;
use super::log::Input;
use super::world::World;
use crate::time::Instant;

/// Simulated time between two checkpoints that nobody asked for.
const CHECKPOINT_EVERY_MS: u64 = 10_000;

/// How many checkpoints are kept. Each one more takes the place of another, so that they lie farther apart the older they
/// are, and no moment has to give up many at once.
const MAX_CHECKPOINTS: usize = 64;

/// How many versions of objects checkpoints may keep alive among them that are no longer there: what a busy large cluster
/// would otherwise fill memory with. Those that are left lie farther apart. A crowd may have as many as it has objects,
/// twice: to let go of them takes it longer than a frame, and so seldom happens.
const MAX_KEPT_ALIVE: u64 = 30_000;

/// About how many changes checkpoints let go of at once.
const FORGOTTEN_CHANGES: u64 = 512;

/// The most branches (futures put aside by typing in the past) that are kept.
const MAX_BRANCHES: usize = 16;

/// A future that was put aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// The whole log as it was.
    pub inputs: Vec<Input>,
    /// How many of its inputs are before the first that is only in it.
    pub from: usize,
}

pub(super) struct Checkpoint {
    /// How many inputs had been applied.
    pub(super) cursor: usize,
    pub(super) world: World,
}

impl Checkpoint {
    fn version(&self) -> u64 {
        self.world.machine.cluster.api.store.resource_version
    }

    fn log_start(&self) -> u64 {
        self.world.machine.cluster.api.store.log.start()
    }
}

impl Session {
    /// Goes to any instant, back or forward. Going back leaves the later inputs in the log, as the future.
    pub fn seek(&mut self, at: Instant) {
        if at < self.now() {
            self.restore(|c| c.world.now() <= at);
        }
        self.advance_to(at);
        self.leap += 1;
    }

    /// Takes back the last input and everything it began: the world is as it was just before it.
    pub fn undo(&mut self) -> bool {
        let Some(last) = self.cursor.checked_sub(1) else { return false };
        let Some(input) = self.scenario.inputs.get(last).cloned() else { return false };
        self.scenario.inputs.truncate(self.cursor);
        self.restore(|c| c.cursor <= last && c.world.now() <= input.at());
        self.scenario.inputs.truncate(last);
        self.advance_to(input.at());
        self.undone.push(input);
        self.leap += 1;
        true
    }

    /// Brings back the input that was undone last.
    pub fn redo(&mut self) -> bool {
        let Some(input) = self.undone.pop() else { return false };
        self.scenario.inputs.truncate(self.cursor);
        self.advance_to(input.at());
        self.scenario.inputs.push(Input { at_ms: input.at_ms.max(self.now().as_ms()), ..input });
        self.checkpoint();
        self.apply_next();
        self.leap += 1;
        true
    }

    /// How many inputs can be brought back.
    pub fn undone(&self) -> usize {
        self.undone.len()
    }

    /// Chooses a future that was put aside: goes to where it began and lets its inputs come again.
    pub fn choose_branch(&mut self, number: usize) -> bool {
        if number >= self.branches.len() {
            return false;
        }
        let branch = self.branches.remove(number);
        let common = self.scenario.inputs.iter().zip(&branch.inputs).take_while(|(a, b)| a == b).count();
        let until = branch.inputs.get(branch.from).map_or(self.now(), Input::at);
        if self.scenario.inputs.len() > common {
            self.put_aside(common);
        }
        if self.cursor > common || self.now() > until {
            self.restore(|c| c.cursor <= common && c.world.now() <= until);
        }
        self.scenario.inputs = branch.inputs;
        self.undone.clear();
        self.leap += 1;
        true
    }

    /// Keeps the whole log as a branch, of which so many inputs are also in what goes on, and forgets what lies in the
    /// future.
    pub(super) fn put_aside(&mut self, from: usize) {
        self.branches.push(Branch { inputs: self.scenario.inputs.clone(), from });
        self.scenario.inputs.truncate(self.cursor);
        if self.branches.len() > MAX_BRANCHES {
            self.branches.remove(0);
        }
    }

    /// When the next checkpoint is due. In a long log they are farther apart, as most of them are thinned out anyway.
    pub(super) fn checkpoint_due(&self) -> Instant {
        let apart = CHECKPOINT_EVERY_MS.max(self.now().as_ms() / (MAX_CHECKPOINTS as u64));
        self.checkpoints.last().map_or(Instant(0), |c| c.world.now() + apart)
    }

    pub(super) fn checkpoint(&mut self) {
        if self.checkpoints.last().is_some_and(|c| c.cursor == self.cursor && c.world.now() == self.now()) {
            return;
        }
        self.checkpoints.push(Checkpoint { cursor: self.cursor, world: self.world.clone() });
        let most = MAX_KEPT_ALIVE.max(2 * self.api().store.size() as u64);
        while (self.checkpoints.len() > MAX_CHECKPOINTS || self.kept_alive() > most)
            && let Some(i) = self.least_missed()
        {
            self.checkpoints.remove(i);
        }
        self.forget_some();
    }

    /// What the present has forgotten of its log nobody looks for in a past one: lets go of some of it. All at once would
    /// take a crowd longer than a frame. Returns whether there may be more.
    pub(super) fn forget_some(&mut self) -> bool {
        let start = self.api().store.log.start();
        let mut left = FORGOTTEN_CHANGES;
        for checkpoint in self.checkpoints.iter_mut().take_while(|c| c.log_start() < start) {
            let forgotten = checkpoint.world.forget_changes(start, left);
            left = left.saturating_sub(forgotten);
            if left == 0 {
                break;
            }
        }
        left < FORGOTTEN_CHANGES
    }

    /// How many objects checkpoints hold that the next one holds otherwise or not at all, at most.
    fn kept_alive(&self) -> u64 {
        let pair = |w: &[Checkpoint]| match w {
            [a, b] => b.version().saturating_sub(a.version()).min(a.world.machine.cluster.api.store.size() as u64),
            _ => 0,
        };
        self.checkpoints.windows(2).map(pair).sum()
    }

    /// The checkpoint whose absence would cost least: the longest way that somebody would go again from the one before,
    /// measured by how long ago it is. The first and the last stay.
    fn least_missed(&self) -> Option<usize> {
        let now = self.now().as_ms();
        let apart = |i: usize, w: &[Checkpoint]| match w {
            [before, _, after] => {
                let way = after.world.now().since(before.world.now()).saturating_mul(1_000);
                Some((way / (1_000 + now.saturating_sub(after.world.now().as_ms())), i + 1))
            }
            _ => None,
        };
        self.checkpoints.windows(3).enumerate().filter_map(|(i, w)| apart(i, w)).min().map(|(_, i)| i)
    }

    /// Goes back to the latest checkpoint that fits; later ones are dropped. The first always fits.
    fn restore(&mut self, fits: impl Fn(&Checkpoint) -> bool) {
        let keep = self.checkpoints.iter().rposition(fits).unwrap_or(0);
        self.checkpoints.truncate(keep + 1);
        if let Some(c) = self.checkpoints.last() {
            self.world = c.world.clone();
            self.cursor = c.cursor;
        }
    }
}
