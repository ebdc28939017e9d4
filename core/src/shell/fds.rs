//! What a command reads from and writes to: descriptors, and the table of pipes they name.
//! Pipes are owned by one table and named by number, so that a clone of a shell clones its pipes.

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::vec::Vec;

use super::process::{Pipe, Stream};

/// The name of a pipe.
pub type PipeId = u32;

/// The pipe that is the terminal's input (or whatever the whole shell reads).
pub const TERMINAL: PipeId = 0;

/// The most bytes a pipe may hold before its writer is ended.
pub const MAX_PIPE_BYTES: usize = 8 * 1024 * 1024;

/// What a descriptor leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fd {
    /// Output of the whole shell.
    Screen(Stream),
    /// A pipe; number 0 is the terminal's input.
    Pipe(PipeId),
    /// The end of a file, by its absolute path.
    File(Rc<str>),
    /// `/dev/null`
    Null,
}

/// Descriptors by number.
#[derive(Clone, Debug)]
pub struct Fds(Rc<Vec<(u32, Fd)>>);

impl Default for Fds {
    fn default() -> Self {
        Fds(Rc::new(alloc::vec![(0, Fd::Pipe(TERMINAL)), (1, Fd::Screen(Stream::Out)), (2, Fd::Screen(Stream::Err))]))
    }
}

impl Fds {
    /// What a number leads to; `None` if it is closed.
    pub fn get(&self, number: u32) -> Option<&Fd> {
        self.0.iter().find(|(one, _)| *one == number).map(|(_, fd)| fd)
    }

    /// Opens or replaces a descriptor.
    pub fn set(&mut self, number: u32, fd: Fd) {
        let list = Rc::make_mut(&mut self.0);
        list.retain(|(one, _)| *one != number);
        list.push((number, fd));
    }

    /// Closes a descriptor.
    pub fn close(&mut self, number: u32) {
        Rc::make_mut(&mut self.0).retain(|(one, _)| *one != number);
    }
}

/// A pipe and whether its reader has gone.
#[derive(Clone, Debug, Default)]
pub struct End {
    /// The text on its way.
    pub pipe: Pipe,
    /// Nobody reads it any more.
    pub broken: bool,
    /// It stands between two commands that run side by side: whoever writes more than it holds has to wait.
    pub bounded: bool,
}

/// All pipes of a shell.
#[derive(Clone, Debug, Default)]
pub struct Pipes {
    map: BTreeMap<PipeId, End>,
    last: PipeId,
}

impl Pipes {
    /// A table with the terminal's input only.
    pub fn new() -> Pipes {
        let mut map = BTreeMap::new();
        map.insert(TERMINAL, End::default());
        Pipes { map, last: TERMINAL }
    }

    /// Adds a pipe.
    pub fn add(&mut self, pipe: Pipe) -> PipeId {
        self.last = self.last.wrapping_add(1).max(1);
        self.map.insert(self.last, End { pipe, broken: false, bounded: false });
        self.last
    }

    /// Adds a pipe between two commands that run side by side.
    pub fn between(&mut self) -> PipeId {
        let id = self.add(Pipe::open());
        if let Some(end) = self.map.get_mut(&id) {
            end.bounded = true;
        }
        id
    }

    /// A pipe, if it still exists.
    pub fn get(&mut self, id: PipeId) -> Option<&mut End> {
        self.map.get_mut(&id)
    }

    /// Takes pipes away.
    pub fn remove(&mut self, ids: &[PipeId]) {
        for id in ids.iter().filter(|id| **id != TERMINAL) {
            self.map.remove(id);
        }
    }

    /// Nothing more will be written.
    pub fn close(&mut self, id: PipeId) {
        if let Some(end) = self.map.get_mut(&id) {
            end.pipe.close();
        }
    }

    /// Nobody will read any more.
    pub fn break_reader(&mut self, id: PipeId) {
        if let Some(end) = self.map.get_mut(&id) {
            end.broken = true;
        }
    }

    /// Whether the writer of a pipe has to wait for its reader.
    pub fn is_full(&self, id: PipeId) -> bool {
        self.map.get(&id).is_some_and(|end| end.bounded && !end.broken && end.pipe.is_full())
    }
}
