//! The watch history: every change of every object in order, bounded.

use alloc::rc::Rc;
use alloc::vec::Vec;

use crate::object::Object;
use crate::time::Instant;

/// What happened to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It was made.
    Added,
    /// It was changed.
    Modified,
    /// It is gone.
    Deleted,
}

/// One change of one object.
#[derive(Clone, Debug)]
pub struct Change {
    /// When.
    pub at: Instant,
    /// What happened.
    pub kind: ChangeKind,
    /// The object after the change; for [`ChangeKind::Deleted`] its last state.
    pub object: Rc<Object>,
    /// The object before the change; `None` when it was made.
    pub previous: Option<Rc<Object>>,
}

impl Change {
    /// The resource the object belongs to: `pods`, `deployments.apps`.
    pub fn resource(&self) -> &str {
        &self.object.ty.resource
    }
}

const CHUNK: usize = 256;
const KEPT_CHUNKS: usize = 400;

/// The changes, numbered from zero. Old ones are forgotten by the chunk; clones share chunks.
#[derive(Clone, Debug, Default)]
pub struct Log {
    chunks: Vec<Rc<Vec<Change>>>,
    dropped: u64,
}

impl Log {
    /// Appends a change.
    pub fn push(&mut self, change: Change) {
        match self.chunks.last_mut() {
            Some(last) if last.len() < CHUNK => Rc::make_mut(last).push(change),
            _ => {
                let mut chunk = Vec::with_capacity(CHUNK);
                chunk.push(change);
                self.chunks.push(Rc::new(chunk));
            }
        }
        if self.chunks.len() > KEPT_CHUNKS {
            self.chunks.remove(0);
            self.dropped += CHUNK as u64;
        }
    }

    /// The number that the next change will have.
    pub fn end(&self) -> u64 {
        let last = self.chunks.last().map_or(0, |c| c.len() as u64);
        self.dropped + (self.chunks.len().saturating_sub(1) * CHUNK) as u64 + last
    }

    /// The number of the oldest change still kept.
    pub fn start(&self) -> u64 {
        self.dropped
    }

    /// The change with a number, if it is kept.
    pub fn get(&self, number: u64) -> Option<&Change> {
        let i = number.checked_sub(self.dropped)? as usize;
        self.chunks.get(i / CHUNK)?.get(i % CHUNK)
    }

    /// The changes from a number on, oldest first.
    pub fn since(&self, number: u64) -> impl Iterator<Item = &Change> {
        (number.max(self.dropped)..self.end()).filter_map(|n| self.get(n))
    }
}
