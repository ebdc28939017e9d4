//! The session and the pace at which the page lets its time pass. Never: what the page looks like.

use std::collections::VecDeque;

use kubepie_core::session::{Base, Input, InputKind, Scenario, Session, Timing, View};
use kubepie_core::time::Instant;

use crate::rescue;

/// The shell of the terminal.
pub const SHELL: u32 = 0;

/// Simulated seconds per second that can be chosen.
pub const SPEEDS: &[f64] = &[0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 60.0];

/// The index of 1 in [`SPEEDS`].
const NORMAL: usize = 2;

/// The longest real time that one frame may stand for: after a pause of the browser, time does not jump.
const LONGEST_FRAME_MS: f64 = 250.0;

/// The most real time that simulated time may be behind and still be made up for.
const LONGEST_DEBT_MS: f64 = 120.0;

/// Milliseconds of work in a frame in haste, when it matters more to arrive than to be smooth.
const HASTE_WORK_MS: f64 = 16.0;

/// Steps between two looks at the clock.
const SLICE: u32 = 4;

/// Slices between two looks whether all is at rest, which asks every Pod.
const REST_LOOK: u32 = 64;

/// Simulated time for which the cluster goes on though it is paused, so that a line typed can answer.
const ANSWER_MS: u64 = 1_000;

/// The longest that settling goes on for.
const SETTLE_MS: u64 = 300_000;

/// Where time runs to, as fast as it can, before it goes on at its pace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Haste {
    /// Nowhere.
    None,
    /// To an instant of the log: after a reload or a link.
    To(Instant),
    /// Until the cluster is at rest, or this instant.
    Rest(Instant),
}

/// The session with its pace.
pub struct Engine {
    /// The session.
    pub session: Session,
    /// Whether time passes.
    pub playing: bool,
    speed: usize,
    /// Simulated milliseconds that should have passed.
    target: f64,
    haste: Haste,
    answer_until: u64,
    /// The farthest instant that was reached.
    horizon: u64,
    /// Lines that wait until their shell does.
    queue: VecDeque<(u32, String)>,
    /// The shell that took something in last.
    asked: u32,
}

/// A scenario that begins now.
pub fn scenario(base: Base) -> Scenario {
    let seed = (js_sys::Math::random() * 9_007_199_254_740_991.0) as u64;
    Scenario::fresh(seed, js_sys::Date::now() as i64, Timing::LIFE, base)
}

impl Engine {
    /// An engine over a session; if the session has a log, it is brought to the log's end.
    pub fn new(session: Session, end_ms: u64) -> Engine {
        let now = session.now().as_ms();
        let haste = if end_ms > now { Haste::To(Instant(end_ms)) } else { Haste::None };
        Engine {
            session,
            playing: true,
            speed: NORMAL,
            target: now as f64,
            haste,
            answer_until: 0,
            horizon: now.max(end_ms),
            queue: VecDeque::new(),
            asked: SHELL,
        }
    }

    /// An engine over a cluster in which nothing was typed.
    pub fn fresh(base: Base) -> Engine {
        Engine::new(Session::new(scenario(base)), 0)
    }

    /// Lets a frame pass that came `dt` milliseconds after the one before, and works for `work_ms` at most, or longer in
    /// haste. `clock` tells real milliseconds.
    pub fn frame(&mut self, dt: f64, work_ms: f64, clock: impl Fn() -> f64) {
        let began = clock();
        while self.next_line() && clock() - began < work_ms {}
        rescue::keep();
        match self.haste {
            Haste::None => {
                let answering = self.session.now().as_ms() < self.answer_until && !self.session.is_idle(self.asked);
                if !self.playing && !answering {
                    self.target = self.session.now().as_ms() as f64;
                    return;
                }
                let speed = if self.playing { self.speed() } else { 1.0 };
                self.target += dt.clamp(0.0, LONGEST_FRAME_MS) * speed;
                let to = Instant(self.target as u64);
                let mut arrived = false;
                while !arrived && clock() - began < work_ms {
                    arrived = self.session.advance(to, SLICE) > 0;
                }
                // What is left over comes in the next frames; where it grows, simulated time is slower than asked for.
                if !arrived {
                    self.target = self.target.min(self.session.now().as_ms() as f64 + LONGEST_DEBT_MS * speed);
                }
            }
            Haste::To(to) => {
                while clock() - began < HASTE_WORK_MS {
                    if self.session.advance(to, SLICE) > 0 {
                        self.stop_haste();
                        break;
                    }
                }
            }
            Haste::Rest(end) => {
                let mut slices = 0;
                while clock() - began < HASTE_WORK_MS {
                    let next = self.session.next_at().filter(|at| *at <= end);
                    let rests = slices % REST_LOOK == 0 && self.session.at_rest();
                    slices += 1;
                    match next {
                        Some(next) if !rests => {
                            self.session.advance(next, SLICE);
                        }
                        _ => {
                            self.stop_haste();
                            break;
                        }
                    }
                }
            }
        }
        self.horizon = self.horizon.max(self.session.now().as_ms());
    }

    fn stop_haste(&mut self) {
        self.haste = Haste::None;
        self.target = self.session.now().as_ms() as f64;
    }

    /// Whether the shell that took something in last has answered it.
    pub fn has_answered(&self) -> bool {
        self.session.is_idle(self.asked)
    }

    /// Whether time runs as fast as it can.
    pub fn hurries(&self) -> bool {
        self.haste != Haste::None
    }

    /// Whether the log is being brought to its end.
    pub fn restoring(&self) -> bool {
        matches!(self.haste, Haste::To(_))
    }

    /// Takes an input in.
    pub fn submit(&mut self, shell: u32, kind: InputKind) {
        if let Haste::To(to) = self.haste {
            self.session.advance_to(to);
        }
        self.stop_haste();
        let input = Input { at_ms: self.session.now().as_ms(), shell, kind };
        rescue::note(&input, !self.queue.is_empty());
        self.session.submit(shell, input.kind);
        self.asked = shell;
        self.horizon = self.session.now().as_ms();
        self.answer_until = self.horizon + ANSWER_MS;
    }

    /// Takes a line in that was typed: after those that wait for the same shell, if there are any.
    pub fn line(&mut self, shell: u32, text: String) {
        if self.queue.iter().any(|(other, _)| *other == shell) {
            self.queue(shell, [text]);
        } else {
            self.submit(shell, InputKind::Line { text });
        }
    }

    /// Takes lines in, each once its shell has answered the one before.
    pub fn queue(&mut self, shell: u32, lines: impl IntoIterator<Item = String>) {
        self.queue.extend(lines.into_iter().map(|line| (shell, line)));
        self.next_line();
    }

    /// Takes in the next line that waits, if its shell does not. Returns whether it did.
    fn next_line(&mut self) -> bool {
        if self.haste == Haste::None
            && let Some(place) = self.queue.iter().position(|(shell, _)| self.session.is_idle(*shell))
            && let Some((shell, text)) = self.queue.remove(place)
        {
            self.submit(shell, InputKind::Line { text });
            return true;
        }
        false
    }

    /// Ends what runs in a shell, and forgets the lines that wait for it.
    pub fn interrupt(&mut self, shell: u32) {
        self.queue.retain(|(other, _)| *other != shell);
        self.submit(shell, InputKind::Interrupt);
    }

    /// Goes on until something has changed.
    pub fn step(&mut self) {
        self.playing = false;
        self.stop_haste();
        let before = self.session.view().version;
        for _ in 0..500 {
            let Some(next) = self.session.next_at() else { break };
            self.session.advance_to(next);
            if self.session.view().version != before {
                break;
            }
        }
        self.stop_haste();
    }

    /// Runs until the cluster is at rest.
    pub fn settle(&mut self) {
        self.haste = Haste::Rest(self.session.now() + SETTLE_MS);
    }

    /// Goes to an instant and stays there.
    pub fn seek(&mut self, ms: u64) {
        self.playing = false;
        self.session.seek(Instant(ms));
        self.stop_haste();
    }

    /// Takes back the last input.
    pub fn undo(&mut self) {
        self.session.undo();
        self.stop_haste();
        self.horizon = self.session.now().as_ms();
    }

    /// Brings back what was taken back.
    pub fn redo(&mut self) {
        self.session.redo();
        self.stop_haste();
        self.horizon = self.horizon.max(self.session.now().as_ms());
    }

    /// Goes on with a future that was put aside, up to its last input.
    pub fn choose_branch(&mut self, number: usize) {
        if self.session.choose_branch(number) {
            self.stop_haste();
            let end = self.session.inputs().last().map_or(self.session.now(), |i| i.at());
            self.horizon = end.as_ms();
            self.haste = Haste::To(end);
        }
    }

    /// Simulated seconds per second.
    pub fn speed(&self) -> f64 {
        SPEEDS.get(self.speed).copied().unwrap_or(1.0)
    }

    /// The chosen speed, as its index in [`SPEEDS`].
    pub fn speed_index(&self) -> usize {
        self.speed
    }

    /// Chooses the speed that is nearest to so many simulated seconds per second.
    pub fn set_pace(&mut self, pace: f64) {
        let away = |index: &usize| SPEEDS.get(*index).map_or(f64::MAX, |speed| (speed - pace).abs());
        self.speed = (0..SPEEDS.len()).min_by(|a, b| away(a).total_cmp(&away(b))).unwrap_or(NORMAL);
    }

    /// Chooses a speed by its index.
    pub fn set_speed(&mut self, index: usize) {
        self.speed = index.min(SPEEDS.len().saturating_sub(1));
    }

    /// The end of the time bar in simulated milliseconds.
    pub fn horizon(&self) -> u64 {
        let last = self.session.inputs().last().map_or(0, |i| i.at_ms);
        self.horizon.max(self.session.now().as_ms()).max(last)
    }

    /// A picture of the cluster.
    pub fn view(&mut self) -> View {
        self.session.view().clone()
    }
}
