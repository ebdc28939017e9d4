//! One container of a Pod on its node: which it is, its current run, its last one.

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use crate::api::LogLine;
use crate::api::kubelet::Sandbox;
use crate::api::runtime::ContainerProcess;
use crate::api::seen::Act;
use crate::kubelet::images::Image;
use crate::time::Instant;

/// What part a container plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Runs to its end before the next begins.
    Init,
    /// Begins in turn with the init containers and stays.
    Sidecar,
    /// An ordinary container.
    Main,
    /// Added to a Pod that runs; begins at once and is not begun again.
    Ephemeral,
}

/// A container that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Exit code.
    pub code: i32,
    /// `Completed`, `Error`, `OOMKilled`, `StartError`, `ContainerStatusUnknown`.
    pub reason: &'static str,
    /// More about it; usually empty.
    pub message: String,
    /// Wall-clock start; `None` if it never started.
    pub started_ms: Option<i64>,
    /// Wall-clock end; `None` if not known.
    pub finished_ms: Option<i64>,
    /// Its ID; empty if it had none.
    pub id: String,
}

/// A container that runs.
#[derive(Clone)]
pub struct Run {
    /// Its ID.
    pub id: String,
    /// Wall-clock start.
    pub started_ms: i64,
    /// Its start.
    pub started_at: Instant,
    /// Its command line.
    pub argv: Vec<String>,
    /// Its process.
    pub process: Box<dyn ContainerProcess>,
    /// Its inside, made when first needed.
    pub sandbox: Option<Box<Sandbox>>,
    /// Its environment.
    pub env: Rc<Vec<(String, String)>>,
    /// It has ended with this code at this wall-clock time, and nobody has looked yet.
    pub exited: Option<(i32, i64)>,
    /// Why it ended, when not by itself.
    pub cause: &'static str,
    /// Whether it has been asked to end.
    pub stopping: bool,
    /// Whether its process has been told so.
    pub told: bool,
    /// Whether it is told only when others have ended.
    pub waits: bool,
    /// The timer of its process.
    pub timer: Option<(Instant, u64)>,
    /// Whether its startup probe has succeeded (or there is none).
    pub started: bool,
    /// Whether its readiness probe has succeeded (or there is none).
    pub ready: bool,
    /// Successes (positive) or failures (negative) in a row, per kind of probe.
    pub streaks: [i32; 3],
    /// Memory that it holds, in bytes; zero when it is the ordinary.
    pub held: u64,
    /// Memory that it takes each second, in bytes, when something makes it take more and more.
    pub leaked: u64,
    /// Since when it does.
    pub leaks_since: Instant,
    /// Whether it does not answer.
    pub hangs: bool,
    /// What it plays, where it is of a cluster that was brought.
    pub plays: Option<Act>,
}

impl Run {
    /// A run that has begun at this instant, which is this wall-clock time, and of which nothing more is known.
    pub fn new(id: String, process: Box<dyn ContainerProcess>, (started_at, started_ms): (Instant, i64)) -> Run {
        Run {
            id,
            started_ms,
            started_at,
            argv: Vec::new(),
            process,
            sandbox: None,
            env: Rc::default(),
            exited: None,
            cause: "",
            stopping: false,
            told: false,
            waits: false,
            timer: None,
            started: false,
            ready: false,
            streaks: [0; 3],
            held: 0,
            leaked: 0,
            leaks_since: started_at,
            hangs: false,
            plays: None,
        }
    }
}

/// A container of the Pod.
#[derive(Clone)]
pub struct Slot {
    /// Its name.
    pub name: Rc<str>,
    /// What part it plays.
    pub part: Part,
    /// Its number among the init containers or the containers of the spec.
    pub index: usize,
    /// What runs.
    pub run: Option<Run>,
    /// How the last run ended.
    pub ended: Option<Ended>,
    /// How the run before that ended.
    pub last: Option<Ended>,
    /// How often it was started again.
    pub restarts: u32,
    /// Why it cannot start: reason and message.
    pub waiting: Option<(&'static str, String)>,
    /// The present back-off of restarts, in milliseconds; zero before the first.
    pub back_off_ms: u64,
    /// When the last run ended, for the back-off.
    pub ended_at: Instant,
    /// When the run before that ended.
    pub ended_before: Instant,
    /// Whether the sync that stops it starts it again, knowing nothing yet of its end.
    pub renewed: bool,
    /// The present back-off of pulls, and when the last failed.
    pub pull_back_off: Option<(u64, Instant, String)>,
    /// The image that its last run had.
    pub image: Option<Rc<Image>>,
    /// What its present or last run wrote.
    pub log: Rc<Vec<LogLine>>,
    /// What the run before wrote.
    pub previous_log: Rc<Vec<LogLine>>,
    /// Whether this sync has tried to start it.
    pub tried: bool,
    /// When the back-off last grew.
    pub backed_off_at: Instant,
    /// How long the present pull takes by itself and with waiting, in milliseconds.
    pub pull_ms: (u64, u64),
    /// The environment of the run that is about to start.
    pub next_env: Rc<Vec<(String, String)>>,
    /// Why the hook after the start will have failed when it is over.
    pub hook_fault: Option<String>,
    /// The resources that its node grants it, where its spec asks for others.
    pub granted: Option<Value>,
    /// The resources that it has, where others are granted.
    pub applied: Option<Value>,
}

impl Slot {
    /// A container that has not run yet.
    pub fn new(name: &str, part: Part, index: usize) -> Slot {
        Slot {
            name: name.into(),
            part,
            index,
            run: None,
            ended: None,
            last: None,
            restarts: 0,
            waiting: None,
            back_off_ms: 0,
            ended_at: Instant(0),
            ended_before: Instant(0),
            renewed: false,
            pull_back_off: None,
            image: None,
            log: Rc::default(),
            previous_log: Rc::default(),
            tried: false,
            backed_off_at: Instant(0),
            pull_ms: (0, 0),
            next_env: Rc::default(),
            hook_fault: None,
            granted: None,
            applied: None,
        }
    }

    /// Turns a run that has ended into its end, with what it said of that.
    pub fn take_exit(&mut self, message: String, now: Instant) {
        let Some((code, finished_ms)) = self.run.as_ref().and_then(|r| r.exited) else { return };
        let Some(run) = self.run.take() else { return };
        let reason = match (run.cause, code) {
            ("OOMKilled", _) => "OOMKilled",
            (cause, code) if (code, cause) == crate::kubelet::plight::LOST => cause,
            (_, 0) => "Completed",
            _ => "Error",
        };
        self.set_ended(
            Ended { code, reason, message, started_ms: Some(run.started_ms), finished_ms: Some(finished_ms), id: run.id.to_string() },
            now,
        );
    }

    /// Records an end.
    pub fn set_ended(&mut self, ended: Ended, now: Instant) {
        self.last = self.ended.replace(ended);
        self.ended_before = core::mem::replace(&mut self.ended_at, now);
    }
}
