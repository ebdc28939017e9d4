//! The front door: submit, advance, view, seek, undo, redo, export, import. The page and the tests talk to nothing else.
//!
//! A session is a log of inputs and the world they made. The log may reach beyond the present: after going back in
//! time the later inputs wait there and come again at their times, unless something is typed before.

mod absent;
mod facts;

pub mod check;
pub mod completion;
pub mod fields;
pub mod home;
pub mod host;
pub mod kubectl;
mod learner;
pub mod live;
mod local;
pub mod log;
mod manifests;
mod opening;
mod past;
mod reaches;
mod script;
mod takeaway;
pub mod world;

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::api::Api;
use crate::scheduler::Scheduler;
use crate::sim::hash;
use crate::time::Instant;
use past::Checkpoint;

pub use crate::api::Timing;
pub use crate::bring;
pub use crate::history::History;
pub use crate::object::Object;
pub use crate::scheduler::{Decision, Points, Verdict};
pub use crate::shell::complete::Completion;
pub use crate::shell::parse::command_end;

pub use crate::sim::Sent;
pub use crate::sim::view::{self, View};
pub use crate::text::base64;
pub use check::Problem;
pub use fields::{Offer, Offers};
pub use learner::{Learner, lesson_base};
pub use log::{Base, Input, InputKind, LOG_VERSION, Refusal, Scenario};
pub use opening::Opening;
pub use past::Branch;
pub use script::lesson_script;
pub use serde_json::Value;
pub use takeaway::Takeaway;
pub use world::{Shown, ShownKind, World};

/// A file that is open in the editor of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Editing {
    /// Its absolute path; there may be no such file yet.
    pub path: String,
    /// What it holds now.
    pub text: String,
    /// What the editor may be headed with: `vi pod.yaml`.
    pub title: String,
}

/// A cluster, its files, its shells, and the log of inputs that made them.
pub struct Session {
    scenario: Scenario,
    timing: Timing,
    cursor: usize,
    world: World,
    checkpoints: Vec<Checkpoint>,
    undone: Vec<Input>,
    branches: Vec<Branch>,
    view: View,
    leap: u64,
    began: u64,
}

impl Session {
    /// A session at instant 0 of a scenario, whose inputs lie in its future and come when it is advanced.
    pub fn new(scenario: Scenario) -> Session {
        Opening::new(scenario).finish()
    }

    /// A session with nothing typed yet.
    pub fn fresh(seed: u64, epoch_ms: i64, timing: Timing, base: Base) -> Session {
        Session::new(Scenario::fresh(seed, epoch_ms, timing, base))
    }

    /// The present instant.
    pub fn now(&self) -> Instant {
        self.world.now()
    }

    /// Wall-clock milliseconds since 1970 that instant 0 stands for.
    pub fn epoch_ms(&self) -> i64 {
        self.scenario.epoch_ms
    }

    /// The API server, to read from.
    pub fn api(&self) -> &Api {
        &self.world.machine.cluster.api
    }

    /// The world, to read from.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// What the scheduler decided last about a Pod, by its UID, and why: node by node the plugin that refused it, or the
    /// points of each plugin. `None` while nothing has been decided (a Pod with scheduling gates, of another scheduler,
    /// or bound from the start) and once the Pod is gone.
    pub fn decision(&self, pod_uid: &str) -> Option<&Decision> {
        self.world.machine.cluster.component::<Scheduler>()?.decision(pod_uid).map(|d| &**d)
    }

    /// All inputs, those in the future too.
    pub fn inputs(&self) -> &[Input] {
        &self.scenario.inputs
    }

    /// How many of the inputs have been applied.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// The futures put aside, the latest last.
    pub fn branches(&self) -> &[Branch] {
        &self.branches
    }

    /// Counts jumps in time: when it changes, what was shown before may no longer have happened.
    pub fn leap(&self) -> u64 {
        self.leap
    }

    /// Takes an input in now. Inputs that lay in the future are put aside as a branch.
    pub fn submit(&mut self, shell: u32, kind: InputKind) {
        if self.cursor < self.scenario.inputs.len() {
            self.put_aside(self.cursor);
        }
        self.undone.clear();
        // What is due by now comes before it, as it will in a replay.
        self.advance_to(self.now());
        self.scenario.inputs.push(Input { at_ms: self.now().as_ms(), shell, kind });
        self.checkpoint();
        self.apply_next();
    }

    /// Submits a line to a shell.
    pub fn submit_line(&mut self, shell: u32, text: &str) {
        self.submit(shell, InputKind::Line { text: text.to_string() });
    }

    fn apply_next(&mut self) {
        let Some(input) = self.scenario.inputs.get(self.cursor).cloned() else { return };
        self.cursor += 1;
        self.world.apply(input.shell, &input.kind);
    }

    /// Goes on to `to`, applying the inputs that come on the way; at most `budget` steps. Returns the steps left;
    /// zero means `to` may not have been reached and the call should be made again.
    pub fn advance(&mut self, to: Instant, mut budget: u32) -> u32 {
        self.forget_some();
        while budget > 0 {
            let input_at = self.scenario.inputs.get(self.cursor).map(Input::at);
            let stop = self.checkpoint_due().min(input_at.unwrap_or(to)).min(to);
            budget = self.world.advance(stop.max(self.now()), budget);
            if budget == 0 {
                return 0;
            }
            if input_at.is_some_and(|at| at <= self.now()) {
                self.apply_next();
            } else if self.now() >= to {
                return budget;
            } else {
                self.checkpoint();
            }
        }
        0
    }

    /// Goes on to `to` however long it takes.
    pub fn advance_to(&mut self, to: Instant) {
        while self.advance(to, u32::MAX) == 0 {}
        while self.forget_some() {}
    }

    /// When something is next due: an input, the cluster or a shell.
    pub fn next_at(&self) -> Option<Instant> {
        let input = self.scenario.inputs.get(self.cursor).map(Input::at);
        [input, self.world.next_at()].into_iter().flatten().min()
    }

    /// Whether the cluster is at rest and every shell waits for a line.
    pub fn at_rest(&self) -> bool {
        self.world.machine.cluster.at_rest() && self.world.all_idle()
    }

    /// Goes on until the cluster is at rest (see [`crate::sim::Cluster::at_rest`]), or for `limit_ms` at most.
    pub fn settle(&mut self, limit_ms: u64) {
        self.world.settle(self.now() + limit_ms);
    }

    /// Goes on until a shell waits for a line, or for `limit_ms` at most. Returns whether it does.
    pub fn run_until_idle(&mut self, shell: u32, limit_ms: u64) -> bool {
        let end = self.now() + limit_ms;
        while !self.world.is_idle(shell) && self.now() < end {
            let next = self.world.next_at().unwrap_or(end).min(end);
            self.advance_to(next);
        }
        self.world.is_idle(shell)
    }

    /// The exit code of a shell's last command.
    pub fn last_status(&self, shell: u32) -> i32 {
        self.world.last_status(shell)
    }

    /// Whether a shell waits for a line.
    pub fn is_idle(&self, shell: u32) -> bool {
        self.world.is_idle(shell)
    }

    /// The file that a shell's foreground program (`kubectl edit`, `vi`) has open in the editor, if it has one. It is
    /// saved with [`InputKind::File`] and closed with [`InputKind::Eof`]; [`InputKind::Interrupt`] closes it as well.
    pub fn editing(&self, shell: u32) -> Option<Editing> {
        let file = self.world.machine.open_files.iter().rfind(|file| file.shell == shell)?;
        let text = self.world.files.read(&file.path).map(|text| text.to_string()).unwrap_or_default();
        Some(Editing { path: file.path.clone(), text, title: file.title.clone() })
    }

    /// The prompt of a shell.
    pub fn prompt(&mut self, shell: u32) -> String {
        self.world.prompt(shell)
    }

    /// A picture of the cluster now; parts that have not changed are pointer-equal to those of the last picture.
    pub fn view(&mut self) -> &View {
        self.view = View::of(&self.world.machine.cluster, Some(&self.view));
        &self.view
    }

    /// What the shells have shown, from a number on; see [`crate::history::History`].
    pub fn shown_since(&self, number: u64) -> impl Iterator<Item = &Shown> {
        self.world.shown.since(number)
    }

    /// The requests over the cluster's network, from a number on: who asked whom and what came of it. The last 512 and
    /// a few more are kept; they follow from the log like everything else, so that going back in time takes them back.
    pub fn requests_since(&self, number: u64) -> impl Iterator<Item = &Sent> {
        self.world.machine.cluster.requests_since(number)
    }

    /// The number that the next request will have.
    pub fn requests_end(&self) -> u64 {
        self.world.machine.cluster.requests_end()
    }

    /// What a line would print if it were typed now, without typing it: the inspector's YAML and logs. At most `limit`
    /// bytes, and what it prints within a second.
    pub fn peek(&self, line: &str, limit: usize) -> String {
        self.world.peek(line, limit)
    }

    /// The hash of the present state: what links and tests compare.
    pub fn hash(&self) -> u64 {
        hash::of(self.api())
    }

    /// The scenario up to now as JSON, without the hash of the state that it reaches and without the objects of a cluster
    /// that was brought: what is kept on the way. [`Scenario::parse_with`] reads it.
    pub fn draft(&self) -> String {
        let mut scenario = self.unhashed();
        if let Some(cluster) = &mut scenario.base.cluster {
            cluster.objects = Default::default();
        }
        serde_json::to_string(&scenario).unwrap_or_default()
    }

    /// The cluster that was brought, if the session began with one.
    pub fn cluster(&self) -> Option<&bring::Brought> {
        self.scenario.base.cluster.as_ref()
    }

    fn unhashed(&self) -> Scenario {
        let mut scenario = self.scenario.clone();
        scenario.inputs.truncate(self.cursor);
        scenario.end_ms = self.now().as_ms();
        (scenario.hash, scenario.reaches) = (String::new(), Vec::new());
        scenario
    }

    /// The scenario up to now, with the hash of the state it reaches and what there is in it.
    pub fn scenario(&self) -> Scenario {
        Scenario { hash: alloc::format!("{:016x}", self.hash()), reaches: self.reaches(), ..self.unhashed() }
    }

    /// What there is now, a line for each thing that a person would name: what links and pages compare where hashes differ.
    pub fn reaches(&self) -> Vec<String> {
        reaches::lines(self.api())
    }

    /// The scenario up to now as JSON.
    pub fn export(&self) -> String {
        self.scenario().to_json()
    }

    /// A session at instant 0 of an exported scenario; advance it to `end_ms` to be where it was left.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn import(json: &str) -> Result<Session, Refusal> {
        Scenario::parse(json).map(Session::new)
    }

    /// The pace.
    pub fn timing(&self) -> Timing {
        self.timing
    }

    /// The words that may come next at a shell's prompt.
    pub fn complete(&mut self, shell: u32, line: &str, cursor: usize) -> Completion {
        self.world.complete(shell, line, cursor)
    }

    /// What the API server would say about a manifest; nothing changes.
    pub fn check_manifest(&self, text: &str) -> Vec<Problem> {
        check::problems(&self.world, text)
    }

    /// A manifest with the values that the cluster holds in the place of its own; `None` if none of its objects is there.
    pub fn live_text(&self, manifest: &str) -> Option<String> {
        live::text(self.api(), manifest)
    }
}
