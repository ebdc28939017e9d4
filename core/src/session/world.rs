//! A world: the machine with its cluster, the learner's files and shells, and all that they have printed. A clone is a checkpoint.

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::{String, ToString};

use super::host::Machine;
use super::log::{Base, InputKind};
use super::manifests::Manifests;
use crate::api::Timing;
use crate::history::History;
use crate::shell::complete::{self, Completion};
use crate::shell::{Output, Setup, Shell, ShellState, ShellStatus, Stream};
use crate::sim::cluster::REST_HORIZON_MS;
use crate::sim::{Cluster, base};
use crate::text::fs::FileSystem;
use crate::time::Instant;

/// How much of what was printed is kept, in chunks.
const KEPT_OUTPUT: usize = 20_000;

/// How much of it is kept, in bytes of text.
const KEPT_OUTPUT_BYTES: usize = 16 << 20;

/// How many chunks of output are forgotten at once.
const FORGOTTEN_OUTPUT: usize = 32;

/// So many changes of the past are kept in a world that is not at an end with them.
const UNREAD_CHANGES: usize = 1_024;

/// The shell in which [`World::peek`] asks.
const PEEKING: u32 = u32::MAX;

/// How long a [`World::peek`] waits for its answer, in simulated milliseconds.
const PEEK_MS: u64 = 1_000;

/// The learner's home directory.
pub const HOME: &str = "/root";

/// Something a shell has shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// When.
    pub at: Instant,
    /// In which shell.
    pub shell: u32,
    /// What it was.
    pub what: ShownKind,
    /// The text.
    pub text: Rc<String>,
}

/// What a shell shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShownKind {
    /// The prompt and the line that was typed at it.
    Typed,
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

/// A shell and what it waits for.
#[derive(Clone)]
struct Place {
    shell: Shell,
    status: ShellStatus,
    /// The store's version when it was last polled.
    version: u64,
    /// Whether something came in since it was last polled.
    stirred: bool,
}

/// How far a world has settled that is given its time in parts.
#[derive(Clone, Copy, Debug)]
pub struct Settling {
    /// The latest that it may go on for.
    end: Instant,
    /// Where it is going now.
    to: Option<Instant>,
    /// Whether that is the last of it.
    last: bool,
}

impl Settling {
    /// Until all is at rest, or this instant.
    pub fn until(end: Instant) -> Settling {
        Settling { end, to: None, last: false }
    }
}

/// Everything there is at one instant.
#[derive(Clone)]
pub struct World {
    /// The learner's machine.
    pub machine: Machine,
    /// The learner's files.
    pub files: FileSystem,
    shells: BTreeMap<u32, Place>,
    /// The machine's manifests of static Pods as they were last seen, once they are laid out.
    pub(super) manifests: Option<Manifests>,
    /// What the shells have shown.
    pub shown: History<Shown>,
    /// The bytes of text in it.
    shown_bytes: usize,
}

impl World {
    /// The world at instant 0, before anything has happened in it and without what a base brings beside a cluster.
    pub(super) fn bare(seed: u64, epoch_ms: i64, timing: Timing, base: &Base) -> World {
        let api = base::api(seed, epoch_ms, base.workers, base.cluster.as_ref());
        World {
            machine: Machine::new(Cluster::new(api, seed, timing), timing),
            files: FileSystem::new(),
            shells: BTreeMap::new(),
            manifests: None,
            shown: nothing_shown(),
            shown_bytes: 0,
        }
    }

    /// The present instant.
    pub fn now(&self) -> Instant {
        self.machine.cluster.now()
    }

    /// Takes an input in.
    pub fn apply(&mut self, shell: u32, kind: &InputKind) {
        match kind {
            InputKind::Line { text } => self.line(shell, text),
            InputKind::File { path, text } => {
                let now = self.now().as_ms() as i64;
                let _ = self.files.write(path, text, now);
            }
            InputKind::Fault { text } => {
                let _ = self.machine.fault(text);
            }
            InputKind::Interrupt => self.interrupt(shell),
            InputKind::Eof => {
                let place = self.place(shell);
                place.shell.end_of_input();
                place.stirred = true;
            }
        }
        self.poll_shells();
    }

    fn line(&mut self, shell: u32, text: &str) {
        self.lay_out_manifests();
        let now = self.now();
        let prompt = if self.is_idle(shell) { self.prompt(shell) } else { String::new() };
        let place = self.place(shell);
        place.shell.run_line(text);
        place.stirred = true;
        let text = Rc::new([prompt.as_str(), text, "\n"].concat());
        push(&mut self.shown, &mut self.shown_bytes, Shown { at: now, shell, what: ShownKind::Typed, text });
    }

    fn interrupt(&mut self, shell: u32) {
        self.place(shell);
        let now = self.now();
        let World { machine, files, shells, shown, shown_bytes, .. } = self;
        push(shown, shown_bytes, Shown { at: now, shell, what: ShownKind::Typed, text: Rc::new("^C\n".to_string()) });
        if let Some(place) = shells.get_mut(&shell) {
            let mut output = Output::default();
            place.shell.interrupt(now, files, machine, &mut output);
            place.stirred = true;
            show(shown, shown_bytes, (now, shell), &mut output);
        }
    }

    fn place(&mut self, shell: u32) -> &mut Place {
        let interactive = self.machine.timing != Timing::RECORDED;
        let fresh = || Place {
            shell: Shell::new(Setup::login(interactive)),
            status: ShellStatus { state: ShellState::Ready, wake: None },
            version: 0,
            stirred: false,
        };
        let place = self.shells.entry(shell).or_insert_with(fresh);
        if matches!(place.status.state, ShellState::Exited(_)) {
            *place = fresh();
        }
        place
    }

    /// What a line would print, asked of a copy of this world in which a second of time may pass at most; nothing of it
    /// happens here. At most `limit` bytes.
    pub(super) fn peek(&self, line: &str, limit: usize) -> String {
        let mut copy = self.clone();
        let from = copy.shown.end();
        copy.apply(PEEKING, &InputKind::Line { text: line.to_string() });
        let end = copy.now() + PEEK_MS;
        while !copy.is_idle(PEEKING)
            && let Some(next) = copy.next_at().filter(|at| *at <= end)
        {
            copy.advance(next, 64);
        }
        let mut text = String::new();
        for shown in copy.shown.since(from).filter(|s| s.shell == PEEKING && s.what != ShownKind::Typed) {
            text.push_str(&shown.text);
            if text.len() > limit {
                let end = (0..=limit).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
                text.truncate(end);
                break;
            }
        }
        text
    }

    /// Forgets a shell and what it has shown.
    pub(super) fn forget(&mut self, shell: u32) {
        self.shells.remove(&shell);
        (self.shown, self.shown_bytes) = (nothing_shown(), 0);
    }

    /// Lets go of the changes before a number of the log, if there is something after them, but for those that may still
    /// be read: what is left is as good to go on from. About `most` are let go of at once; returns how many were.
    pub(super) fn forget_changes(&mut self, before: u64, most: u64) -> u64 {
        let store = &mut self.machine.cluster.api.store;
        let (begun, end) = (store.log.start(), store.log.end());
        if before < end {
            store.log.forget_before(before.min(begun + most));
            return store.log.start() - begun;
        }
        let version = store.resource_version;
        let unread = self.shells.values().any(|p| p.stirred || p.status.wake.is_some_and(|w| w.on_change() && p.version != version));
        let kept = if unread || self.machine.cluster.is_behind() { UNREAD_CHANGES } else { 1 };
        let log = &mut self.machine.cluster.api.store.log;
        if end - begun > kept as u64 + most {
            log.forget_before(begun + most);
        } else if end - begun > kept as u64 {
            log.keep_last(kept);
        }
        log.start() - begun
    }

    /// The exit code of a shell's last command.
    pub fn last_status(&self, shell: u32) -> i32 {
        self.shells.get(&shell).map_or(0, |p| p.shell.last_status())
    }

    /// Goes on until the cluster is at rest and the shells wait, or until `end`.
    pub fn settle(&mut self, end: Instant) {
        let mut settling = Settling::until(end);
        while !self.settle_on(&mut settling, u32::MAX) {}
    }

    /// Goes on settling, at most `budget` steps. Returns whether that was all.
    pub fn settle_on(&mut self, settling: &mut Settling, budget: u32) -> bool {
        if let Some(to) = settling.to {
            if self.advance(to, budget) == 0 {
                return false;
            }
            settling.to = None;
            if settling.last {
                return true;
            }
        }
        let resting = self.machine.cluster.at_rest() && self.all_idle();
        let next = self.next_at().filter(|at| *at <= settling.end && !resting);
        settling.last = next.is_none();
        settling.to = next.or_else(|| (self.now() < settling.end).then(|| (self.now() + REST_HORIZON_MS).min(settling.end)));
        settling.to.is_none()
    }

    /// Whether a shell waits for a line at its prompt.
    pub fn is_idle(&self, shell: u32) -> bool {
        self.shells.get(&shell).is_none_or(|p| p.status.state != ShellState::Running && !p.stirred)
    }

    /// Whether every shell waits for a line at its prompt.
    pub fn all_idle(&self) -> bool {
        self.shells.keys().all(|s| self.is_idle(*s))
    }

    /// The prompt of a shell.
    pub fn prompt(&mut self, shell: u32) -> String {
        self.place(shell);
        self.shells.get(&shell).map_or_else(String::new, |p| p.shell.prompt(&self.machine))
    }

    /// The words that may come next, and how many bytes before the cursor they replace.
    pub fn complete(&mut self, shell: u32, line: &str, cursor: usize) -> Completion {
        self.place(shell);
        let World { machine, files, shells, .. } = self;
        match shells.get_mut(&shell) {
            Some(place) => complete::complete(line, cursor, place.shell.known(), files, machine),
            None => Completion::default(),
        }
    }

    /// Goes on to `to`, at most `budget` steps. Returns the steps left; zero means `to` may not have been reached.
    pub fn advance(&mut self, to: Instant, mut budget: u32) -> u32 {
        while budget > 0 {
            self.poll_shells();
            let next = [self.machine.cluster.poll_at(), self.shell_wake()].into_iter().flatten().min();
            match next {
                Some(at) if at <= to => {
                    budget = self.machine.cluster.poll(at.max(self.now()), budget).saturating_sub(1);
                }
                _ => {
                    self.machine.cluster.poll(to, 1);
                    return budget;
                }
            }
        }
        0
    }

    /// The first moment at which something is due: in the cluster or for a shell.
    pub fn next_at(&self) -> Option<Instant> {
        [self.machine.cluster.poll_at(), self.shell_wake()].into_iter().flatten().min()
    }

    fn shell_wake(&self) -> Option<Instant> {
        let now = self.now();
        let wake = |p: &Place| match p.stirred {
            true => Some(now),
            false => p.status.wake.and_then(|w| w.at()).map(|at| at.max(now)),
        };
        self.shells.values().filter_map(wake).min()
    }

    fn poll_shells(&mut self) {
        let World { machine, files, shells, shown, shown_bytes, .. } = self;
        let now = machine.cluster.now();
        let mut any = false;
        for (id, place) in shells {
            let version = machine.cluster.api.store.resource_version;
            let due = place.stirred
                || place.status.wake.is_some_and(|w| w.at().is_some_and(|at| at <= now) || w.on_change() && version != place.version);
            if !due {
                continue;
            }
            let mut output = Output::default();
            place.stirred = false;
            place.version = version;
            machine.shell = *id;
            place.status = place.shell.poll(now, files, machine, &mut output);
            show(shown, shown_bytes, (now, *id), &mut output);
            any = true;
        }
        if any {
            self.carry_manifests();
        }
    }
}

fn nothing_shown() -> History<Shown> {
    History::in_chunks(FORGOTTEN_OUTPUT, KEPT_OUTPUT)
}

/// Notes what a shell has written.
fn show(shown: &mut History<Shown>, bytes: &mut usize, (at, shell): (Instant, u32), output: &mut Output) {
    for chunk in output.take() {
        let what = match chunk.stream {
            Stream::Out => ShownKind::Out,
            Stream::Err => ShownKind::Err,
        };
        push(shown, bytes, Shown { at, shell, what, text: Rc::new(chunk.text) });
    }
}

/// Adds to what was shown, and forgets the oldest where that is too much.
fn push(shown: &mut History<Shown>, bytes: &mut usize, one: Shown) {
    let weigh = |some: &[Shown]| some.iter().map(|s| s.text.len()).sum::<usize>();
    *bytes += one.text.len();
    while *bytes > KEPT_OUTPUT_BYTES && !shown.oldest().is_empty() {
        *bytes = bytes.saturating_sub(weigh(shown.oldest()));
        shown.forget_oldest();
    }
    shown.push(one);
}
