//! The machine that runs parsed commands: a stack of frames that can stop at any pending process, be cloned there
//! and go on later. A pipeline's stages, subshells, substitutions and background jobs are tasks inside a task.
//! Never: how a simple command is found and started (`launch`).

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use crate::time::Instant;

use super::ast::{Body, CaseEnd, Command, Join, List};
use super::context::Context;
use super::expand::{Expander, Stop, Want};
use super::fds::{Fd, Fds, PipeId};
use super::lex::Aliases;
use super::pattern::Pattern;
use super::process::{BROKEN_PIPE, Env, OnInterrupt, Pipe, Poll, Process, Wake};
use super::redirect;
use super::vars::{Value, Vars};

/// How many frames one task may have (functions that call themselves).
const MAX_FRAMES: usize = 2_000;
/// How deep tasks may contain tasks.
const MAX_TASK_DEPTH: u32 = 24;
/// How many tasks may live at a time.
pub(super) const MAX_TASKS: u32 = 200;

/// The part of a shell that a subshell gets a copy of.
#[derive(Clone)]
pub struct State {
    /// Variables.
    pub vars: Vars,
    /// `$1` and on.
    pub args: Rc<[Rc<str>]>,
    /// `$0`, and what messages begin with.
    pub name: Rc<str>,
    /// The current directory, absolute.
    pub cwd: Rc<str>,
    /// Names for command lines.
    pub aliases: Rc<Aliases>,
    /// Functions.
    pub functions: Rc<BTreeMap<Rc<str>, Rc<Command>>>,
    /// `$?`
    pub status: i32,
    /// `set -e` and its kind.
    pub options: Options,
    /// `$$`
    pub pid: u32,
    /// `$!`
    pub last_job: Option<u32>,
    /// Numbers given to jobs as process ids.
    pub next_pid: u32,
    /// Lines that were typed.
    pub history: Rc<Vec<Rc<str>>>,
}

/// What `set` switches.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// `-e`
    pub errexit: bool,
    /// `-x`
    pub xtrace: bool,
    /// `-u`
    pub nounset: bool,
    /// `-f`
    pub noglob: bool,
    /// `-o pipefail`
    pub pipefail: bool,
    /// Messages and job notices as for a person at a terminal.
    pub interactive: bool,
    /// A container's `sh` instead of bash: other messages.
    pub posix: bool,
}

/// A background job.
#[derive(Clone)]
pub struct Job {
    /// `%1`
    pub number: u32,
    /// What `$!` said.
    pub pid: u32,
    /// The line.
    pub source: Rc<str>,
    /// Its status, once it is over.
    pub status: Option<i32>,
    /// Shown to nobody: what a subshell left behind.
    pub hidden: bool,
    task: Box<Task>,
}

/// What a run of a task came to.
#[derive(Clone, Copy, Debug)]
pub enum Run {
    /// Nothing is left to do.
    Done,
    /// It waits.
    Wait(Wake),
}

pub(super) enum Step {
    Next,
    Wait(Wake),
}

/// What was in force before a command and comes back after it.
#[derive(Clone, Default)]
pub(super) struct Saved {
    pub fds: Option<Fds>,
    pub args: Option<Rc<[Rc<str>]>>,
    pub vars: Vec<(Rc<str>, Option<(Value, bool)>)>,
    pub pipes: Vec<PipeId>,
    /// `return` stops here.
    pub function: bool,
}

#[derive(Clone)]
pub(super) struct Stage {
    task: Box<Task>,
    /// Its status, once its commands are over.
    status: Option<i32>,
    /// Its descriptors are closed.
    closed: bool,
    reads: Option<PipeId>,
    writes: Option<PipeId>,
}

#[derive(Clone)]
pub(super) enum Frame {
    List { list: List, at: usize },
    AndOr { list: List, item: usize, at: usize },
    PipelineEnd { negate: bool, timed: Option<Instant>, last: bool },
    Command { command: Rc<Command>, memory: Vec<Rc<str>>, status: Option<i32> },
    If { command: Rc<Command>, arm: usize, checking: bool },
    While { command: Rc<Command>, checking: bool, status: i32 },
    For { command: Rc<Command>, values: Rc<[Rc<str>]>, at: usize },
    Count { command: Rc<Command>, first: bool },
    Restore(Saved),
    Subst { task: Box<Task>, pipe: PipeId, want: Want },
    Subshell { task: Box<Task> },
    Pipes { stages: Vec<Stage>, pipes: Vec<PipeId> },
    Process { process: Box<dyn Process>, fds: Fds, env: Env, pipes: Vec<PipeId> },
    WaitJobs { pids: Vec<u32> },
    Read(super::read::Read),
    Source { text: String, line: usize },
}

/// A shell's run: state, descriptors, and the stack.
#[derive(Clone)]
pub struct Task {
    /// Variables, directory and so on.
    pub state: State,
    /// Where its commands read and write.
    pub fds: Fds,
    pub(super) frames: Vec<Frame>,
    /// Background jobs, finished ones until somebody asked.
    pub jobs: Vec<Job>,
    depth: u32,
    /// `exit` was called with this status.
    pub exited: Option<i32>,
}

impl Task {
    /// A task with nothing to do.
    pub fn new(state: State) -> Task {
        Task { state, fds: Fds::default(), frames: Vec::new(), jobs: Vec::new(), depth: 0, exited: None }
    }

    /// Whether nothing is left to do in the foreground.
    pub fn is_idle(&self) -> bool {
        self.frames.is_empty()
    }

    /// Runs a list next.
    pub fn push_list(&mut self, list: List) {
        self.frames.push(Frame::List { list, at: 0 });
    }

    /// A copy for a subshell, with nothing to do yet.
    pub(super) fn fork(&mut self, cx: &mut Context<'_>) -> Result<Box<Task>, String> {
        if self.depth >= MAX_TASK_DEPTH || cx.live >= MAX_TASKS {
            return Err(String::from("fork: retry: Resource temporarily unavailable"));
        }
        cx.live += 1;
        let mut state = self.state.clone();
        state.options.interactive = false;
        Ok(Box::new(Task { state, fds: self.fds.clone(), frames: Vec::new(), jobs: Vec::new(), depth: self.depth + 1, exited: None }))
    }

    /// Tasks inside this one, itself included.
    pub fn count(&self) -> u32 {
        let inside = |frame: &Frame| match frame {
            Frame::Subst { task, .. } | Frame::Subshell { task } => task.count(),
            Frame::Pipes { stages, .. } => stages.iter().map(|stage| stage.task.count()).sum(),
            _ => 0,
        };
        1 + self.frames.iter().map(inside).sum::<u32>()
            + self.jobs.iter().filter(|job| job.status.is_none()).map(|job| job.task.count()).sum::<u32>()
    }

    /// Does what can be done.
    pub fn run(&mut self, cx: &mut Context<'_>) -> Run {
        let jobs = self.poll_jobs(cx);
        loop {
            if self.frames.is_empty() {
                return Run::Done;
            }
            if cx.steps == 0 {
                return Run::Wait(Wake::At(Instant(cx.now.0.saturating_add(1))));
            }
            cx.steps -= 1;
            match self.step(cx) {
                Step::Next => cx.progress += 1,
                Step::Wait(wake) => return Run::Wait(jobs.map_or(wake, |jobs| jobs.or(wake))),
            }
        }
    }

    /// Lets background jobs go on; answers what the unfinished ones wait for.
    pub fn poll_jobs(&mut self, cx: &mut Context<'_>) -> Option<Wake> {
        let mut wake = None;
        let mut left = Vec::new();
        for job in &mut self.jobs {
            if job.status.is_some() {
                continue;
            }
            match job.task.run(cx) {
                Run::Done => {
                    job.status = Some(job.task.exit_status());
                    cx.progress += 1;
                    left.append(&mut job.task.jobs);
                }
                Run::Wait(one) => wake = Some(wake.map_or(one, |wake: Wake| wake.or(one))),
            }
        }
        self.adopt(left);
        self.jobs.retain(|job| !(job.hidden && job.status.is_some()));
        wake
    }

    fn adopt(&mut self, jobs: Vec<Job>) {
        for mut job in jobs {
            if job.status.is_none() {
                job.hidden = true;
                self.jobs.push(job);
            }
        }
    }

    /// Whether background jobs are still going.
    pub fn has_live_jobs(&self) -> bool {
        self.jobs.iter().any(|job| job.status.is_none())
    }

    pub(super) fn exit_status(&self) -> i32 {
        self.exited.unwrap_or(self.state.status)
    }

    /// Ctrl-C: true if the foreground process lives on.
    pub fn interrupt(&mut self, cx: &mut Context<'_>) -> bool {
        if let Some(Frame::Process { process, .. }) = self.frames.last_mut()
            && process.interrupt() == OnInterrupt::Handled
        {
            return true;
        }
        if let Some(Frame::Pipes { stages, .. }) = self.frames.last_mut() {
            let mut handled = false;
            for stage in stages.iter_mut() {
                handled |= stage.task.interrupt(cx);
            }
            if handled {
                return true;
            }
        }
        self.drop_frames(cx);
        self.state.status = super::process::INTERRUPTED;
        false
    }

    /// Throws away all that is running in the foreground.
    pub(super) fn drop_frames(&mut self, cx: &mut Context<'_>) {
        while let Some(frame) = self.frames.pop() {
            self.drop_frame(frame, cx);
        }
    }

    fn drop_frame(&mut self, frame: Frame, cx: &mut Context<'_>) {
        match frame {
            Frame::Process { mut process, pipes, .. } => {
                process.abandon(cx.host);
                cx.pipes.remove(&pipes);
            }
            Frame::Subst { mut task, pipe, .. } => {
                task.end(cx);
                cx.pipes.remove(&[pipe]);
            }
            Frame::Subshell { mut task } => task.end(cx),
            Frame::Pipes { stages, pipes } => {
                for mut stage in stages {
                    stage.task.end(cx);
                }
                cx.pipes.remove(&pipes);
            }
            Frame::Restore(saved) => self.restore(saved, cx),
            _ => {}
        }
    }

    /// Ends everything, background jobs included.
    pub fn end(&mut self, cx: &mut Context<'_>) {
        self.drop_frames(cx);
        for mut job in core::mem::take(&mut self.jobs) {
            job.task.end(cx);
        }
    }

    /// Ends a background job.
    pub(super) fn kill_job(&mut self, pid: u32, status: i32, cx: &mut Context<'_>) -> bool {
        let Some(job) = self.jobs.iter_mut().find(|job| job.pid == pid && job.status.is_none()) else { return false };
        job.task.end(cx);
        job.status = Some(status);
        true
    }

    pub(super) fn restore(&mut self, saved: Saved, cx: &mut Context<'_>) {
        if let Some(fds) = saved.fds {
            self.fds = fds;
        }
        if let Some(args) = saved.args {
            self.state.args = args;
        }
        for (name, value) in saved.vars.into_iter().rev() {
            match value {
                Some((Value::Text(text), exported)) => {
                    self.state.vars.set(&name, &text);
                    if !exported {
                        self.state.vars.unexport(&name);
                    }
                }
                Some((Value::List(list), _)) => self.state.vars.set_list(&name, list.to_vec()),
                None => self.state.vars.unset(&name),
            }
        }
        cx.pipes.remove(&saved.pipes);
    }

    /// Says something on standard error as this shell says it.
    pub fn complain(&mut self, message: &str, cx: &mut Context<'_>) {
        let mut line = String::from(&*self.state.name);
        line.push_str(": ");
        if !self.state.options.interactive && !self.state.options.posix {
            line.push_str("line 1: ");
        }
        line.push_str(message);
        cx.complain(&self.fds.clone(), &line);
    }

    /// The writer of a pipe that nobody reads dies.
    pub(super) fn broken_pipe(&mut self, cx: &mut Context<'_>) {
        if self.depth == 0 {
            self.state.status = BROKEN_PIPE;
            return;
        }
        self.drop_frames(cx);
        self.exited = Some(BROKEN_PIPE);
    }

    pub(super) fn push(&mut self, frame: Frame) -> bool {
        let fits = self.frames.len() < MAX_FRAMES;
        if fits {
            self.frames.push(frame);
        }
        fits
    }

    fn step(&mut self, cx: &mut Context<'_>) -> Step {
        let Some(frame) = self.frames.pop() else { return Step::Next };
        match frame {
            Frame::List { list, at } => {
                let Some(item) = list.get(at) else { return Step::Next };
                let background = item.background;
                self.frames.push(Frame::List { list: Rc::clone(&list), at: at + 1 });
                if background {
                    self.start_job(list, at, cx);
                } else {
                    self.frames.push(Frame::AndOr { list, item: at, at: 0 });
                }
            }
            Frame::AndOr { list, item, at } => self.step_and_or(list, item, at, cx),
            Frame::PipelineEnd { negate, timed, last } => self.end_pipeline(negate, timed, last, cx),
            Frame::Command { command, memory, status } => self.begin(command, memory, status, cx),
            Frame::If { command, arm, checking } => self.step_if(command, arm, checking),
            Frame::While { command, checking, status } => self.step_while(command, checking, status),
            Frame::For { command, values, at } => {
                let Body::For { name, body, .. } = &command.body else { return Step::Next };
                let Some(value) = values.get(at) else { return Step::Next };
                self.state.vars.set(name, value);
                let body = Rc::clone(body);
                self.frames.push(Frame::For { command: Rc::clone(&command), values, at: at + 1 });
                self.push_list(body);
            }
            Frame::Count { command, first } => self.step_count(command, first, cx),
            Frame::Restore(saved) => self.restore(saved, cx),
            Frame::Subst { task, pipe, want } => return self.step_subst(task, pipe, want, cx),
            Frame::Subshell { mut task } => match task.run(cx) {
                Run::Done => {
                    self.state.status = task.exit_status();
                    self.adopt(core::mem::take(&mut task.jobs));
                    cx.live = cx.live.saturating_sub(1);
                }
                Run::Wait(wake) => {
                    self.frames.push(Frame::Subshell { task });
                    return Step::Wait(wake);
                }
            },
            Frame::Pipes { stages, pipes } => return self.step_pipes(stages, pipes, cx),
            Frame::Process { process, fds, env, pipes } => return self.step_process(process, fds, env, pipes, cx),
            Frame::WaitJobs { pids } => return self.step_wait(pids, cx),
            Frame::Read(read) => return super::read::step(self, read, cx),
            Frame::Source { text, line } => self.step_source(text, line, cx),
        }
        Step::Next
    }

    fn start_job(&mut self, list: List, item: usize, cx: &mut Context<'_>) {
        let source = list.get(item).map_or_else(|| Rc::from(""), |item| Rc::clone(&item.source));
        let mut task = match self.fork(cx) {
            Ok(task) => task,
            Err(message) => {
                self.complain(&message, cx);
                self.state.status = 254;
                return;
            }
        };
        if matches!(task.fds.get(0), Some(Fd::Pipe(super::fds::TERMINAL))) {
            task.fds.set(0, Fd::Null);
        }
        task.frames.push(Frame::AndOr { list, item, at: 0 });
        if self.jobs.len() > 100 {
            // Nobody asked about these for a long time.
            self.jobs.retain(|job| job.status.is_none());
        }
        let number = self.jobs.iter().map(|job| job.number).max().unwrap_or(0) + 1;
        let pid = self.state.next_pid;
        self.state.next_pid += 1;
        self.state.last_job = Some(pid);
        self.jobs.push(Job { number, pid, source, status: None, hidden: false, task });
        if self.state.options.interactive {
            cx.complain(&self.fds.clone(), &alloc::format!("[{number}] {pid}"));
        }
        self.state.status = 0;
        // It begins at once, as with a second processor.
        self.poll_jobs(cx);
    }

    fn step_and_or(&mut self, list: List, item: usize, at: usize, cx: &mut Context<'_>) {
        let Some((join, pipeline)) = list.get(item).and_then(|item| item.pipelines.get(at)) else { return };
        let count = list.get(item).map_or(0, |item| item.pipelines.len());
        self.frames.push(Frame::AndOr { list: Rc::clone(&list), item, at: at + 1 });
        let failed = self.state.status != 0;
        if at > 0 && failed == (*join == Join::And) {
            return;
        }
        let timed = pipeline.timed.then_some(cx.now);
        self.frames.push(Frame::PipelineEnd { negate: pipeline.negate, timed, last: at + 1 == count });
        match pipeline.stages.as_slice() {
            [] => self.state.status = 0,
            [(command, _)] => self.frames.push(Frame::Command { command: Rc::clone(command), memory: Vec::new(), status: None }),
            stages => {
                if let Err(message) = self.start_pipes(stages, cx) {
                    self.complain(&message, cx);
                    self.state.status = 254;
                }
            }
        }
    }

    fn end_pipeline(&mut self, negate: bool, timed: Option<Instant>, last: bool, cx: &mut Context<'_>) {
        if let Some(from) = timed {
            let ms = cx.now.0.saturating_sub(from.0);
            let (minutes, seconds, rest) = (ms / 60_000, ms / 1000 % 60, ms % 1000);
            cx.complain(&self.fds.clone(), &alloc::format!("\nreal\t{minutes}m{seconds}.{rest:03}s\nuser\t0m0.000s\nsys\t0m0.000s"));
        }
        if negate {
            self.state.status = i32::from(self.state.status == 0);
        } else if last && self.state.options.errexit && self.state.status != 0 && !self.in_condition() {
            self.exited = Some(self.state.status);
            self.drop_frames(cx);
        }
    }

    fn in_condition(&self) -> bool {
        self.frames.iter().any(|frame| match frame {
            Frame::If { checking, .. } | Frame::While { checking, .. } => *checking,
            Frame::PipelineEnd { negate, last, .. } => *negate || !*last,
            _ => false,
        })
    }

    fn start_pipes(&mut self, commands: &[(Rc<Command>, bool)], cx: &mut Context<'_>) -> Result<(), String> {
        let mut stages: Vec<Stage> = Vec::new();
        let mut pipes = Vec::new();
        let mut reads = None;
        for (at, (command, both)) in commands.iter().enumerate() {
            let mut task = self.fork(cx)?;
            let writes = (at + 1 < commands.len()).then(|| cx.pipes.add(Pipe::open()));
            if let Some(id) = reads {
                task.fds.set(0, Fd::Pipe(id));
            }
            if let Some(id) = writes {
                task.fds.set(1, Fd::Pipe(id));
                if *both {
                    task.fds.set(2, Fd::Pipe(id));
                }
                pipes.push(id);
            }
            task.frames.push(Frame::Command { command: Rc::clone(command), memory: Vec::new(), status: None });
            stages.push(Stage { task, status: None, closed: false, reads, writes });
            reads = writes;
        }
        self.frames.push(Frame::Pipes { stages, pipes });
        Ok(())
    }

    fn step_pipes(&mut self, mut stages: Vec<Stage>, pipes: Vec<PipeId>, cx: &mut Context<'_>) -> Step {
        let mut wake: Option<Wake>;
        loop {
            let before = cx.progress;
            wake = None;
            for stage in &mut stages {
                if stage.closed {
                    continue;
                }
                let one = match stage.status {
                    None => match stage.task.run(cx) {
                        Run::Done => {
                            stage.status = Some(stage.task.exit_status());
                            None
                        }
                        Run::Wait(wake) => Some(wake),
                    },
                    Some(_) => stage.task.poll_jobs(cx),
                };
                if stage.status.is_some() && !stage.task.has_live_jobs() {
                    stage.closed = true;
                    cx.progress += 1;
                    cx.live = cx.live.saturating_sub(1);
                    if let Some(id) = stage.writes {
                        cx.pipes.close(id);
                    }
                    if let Some(id) = stage.reads {
                        cx.pipes.break_reader(id);
                    }
                }
                if let Some(one) = one {
                    wake = Some(wake.map_or(one, |wake| wake.or(one)));
                }
            }
            if cx.progress == before || cx.steps == 0 || stages.iter().all(|stage| stage.closed) {
                break;
            }
        }
        if !stages.iter().all(|stage| stage.closed) {
            self.frames.push(Frame::Pipes { stages, pipes });
            let soon = Wake::At(Instant(cx.now.0.saturating_add(1)));
            let wake = if cx.steps == 0 { soon } else { wake.unwrap_or(soon) };
            return Step::Wait(wake);
        }
        cx.pipes.remove(&pipes);
        let mut statuses = stages.iter().filter_map(|stage| stage.status);
        self.state.status = if self.state.options.pipefail {
            statuses.rev().find(|status| *status != 0).unwrap_or(0)
        } else {
            statuses.next_back().unwrap_or(0)
        };
        Step::Next
    }

    /// Expands what a command needs and begins it; asks for substitutions first.
    fn begin(&mut self, command: Rc<Command>, memory: Vec<Rc<str>>, status: Option<i32>, cx: &mut Context<'_>) {
        let before = self.state.vars.clone();
        match self.try_begin(&command, &memory, status, cx) {
            Ok(()) => {}
            Err(Stop::Need(list, want)) => {
                let child = self.fork(cx);
                self.state.vars = before;
                match child {
                    Ok(mut child) => {
                        let pipe = cx.pipes.add(Pipe::open());
                        child.fds.set(1, Fd::Pipe(pipe));
                        child.push_list(list);
                        self.frames.push(Frame::Command { command, memory, status });
                        self.frames.push(Frame::Subst { task: child, pipe, want });
                    }
                    Err(message) => {
                        self.complain(&message, cx);
                        self.state.status = 254;
                    }
                }
            }
            Err(Stop::Error(message)) => {
                self.complain(&message, cx);
                self.state.status = 1;
            }
            Err(Stop::Fatal(message)) => {
                self.complain(&message, cx);
                self.state.status = 1;
                self.drop_frames(cx);
                if !self.state.options.interactive {
                    self.exited = Some(127);
                }
            }
        }
    }

    fn step_subst(&mut self, mut task: Box<Task>, pipe: PipeId, want: Want, cx: &mut Context<'_>) -> Step {
        let wake = match task.run(cx) {
            Run::Wait(wake) => Some(wake),
            Run::Done => task.poll_jobs(cx).or(task.has_live_jobs().then_some(Wake::Change)),
        };
        if let Some(wake) = wake {
            self.frames.push(Frame::Subst { task, pipe, want });
            return Step::Wait(wake);
        }
        cx.live = cx.live.saturating_sub(1);
        let mut text = cx.pipes.get(pipe).map(|end| end.pipe.take()).unwrap_or_default();
        cx.pipes.remove(&[pipe]);
        let code = task.exit_status();
        if let Some(Frame::Command { memory, status, .. }) = self.frames.last_mut() {
            match want {
                Want::Text => {
                    text.truncate(text.trim_end_matches('\n').len());
                    memory.push(Rc::from(text));
                    *status = Some(code);
                }
                Want::File => {
                    let path = alloc::format!("/dev/fd/{}", 63usize.saturating_sub(memory.len()));
                    let mtime = cx.mtime();
                    cx.fs.install(&path, &text, mtime).ok();
                    memory.push(Rc::from(path));
                }
            }
        }
        Step::Next
    }

    /// Hands an expander of this task's words to `work`.
    pub(super) fn expanding<R>(&mut self, memory: &[Rc<str>], cx: &mut Context<'_>, work: impl FnOnce(&mut Expander<'_>) -> R) -> R {
        let state = &mut self.state;
        let flags = if state.options.interactive { "himBHs" } else { "hBc" };
        let mut ex = Expander {
            vars: &mut state.vars,
            args: &state.args,
            name: &state.name,
            status: state.status,
            pid: state.pid,
            last_job: state.last_job,
            flags,
            seconds: cx.now.0.saturating_sub(cx.started.0) / 1000,
            nounset: state.options.nounset,
            noglob: state.options.noglob,
            fs: cx.fs,
            cwd: &state.cwd,
            memory,
            used: 0,
        };
        work(&mut ex)
    }

    fn try_begin(&mut self, command: &Rc<Command>, memory: &[Rc<str>], status: Option<i32>, cx: &mut Context<'_>) -> Result<(), Stop> {
        if let Body::Simple { assigns, words } = &command.body {
            return super::launch::simple(self, assigns, words, &command.redirects, memory, status, cx);
        }
        enum Begun {
            Nothing,
            Values(Vec<String>),
            Word(String, Vec<Vec<String>>),
            Truth(bool),
        }
        let args = Rc::clone(&self.state.args);
        let (redirects, begun) = self.expanding(memory, cx, |ex| -> Result<_, Stop> {
            let redirects = redirect::ready(ex, &command.redirects)?;
            let begun = match &command.body {
                Body::For { words: Some(words), .. } => Begun::Values(ex.words(words)?),
                Body::For { words: None, .. } => Begun::Values(args.iter().map(|arg| String::from(&**arg)).collect()),
                Body::Case { word, arms } => {
                    let word = ex.text(word)?;
                    let mut patterns = Vec::new();
                    for (list, ..) in arms {
                        let mut these = Vec::new();
                        for pattern in list {
                            these.push(ex.pattern(pattern)?);
                        }
                        patterns.push(these);
                    }
                    Begun::Word(word, patterns)
                }
                Body::Test(tokens) => Begun::Truth(super::cond::double(ex, tokens)?),
                Body::Arith(word) => Begun::Truth(ex.arith(word).map_err(in_parens)? != 0),
                Body::Count { parts: [first, ..], .. } => {
                    ex.arith(first).map_err(in_parens)?;
                    Begun::Nothing
                }
                _ => Begun::Nothing,
            };
            Ok((redirects, begun))
        })?;
        if !redirects.is_empty() {
            let cwd = Rc::clone(&self.state.cwd);
            match redirect::apply(cx, &cwd, &self.fds, &redirects) {
                Ok((fds, pipes)) => {
                    let old = core::mem::replace(&mut self.fds, fds);
                    self.frames.push(Frame::Restore(Saved { fds: Some(old), pipes, ..Saved::default() }));
                }
                Err(message) => {
                    self.complain(&message, cx);
                    self.state.status = 1;
                    return Ok(());
                }
            }
        }
        match (&command.body, begun) {
            (Body::Subshell(list), _) => {
                let mut task = self.fork(cx).map_err(Stop::Error)?;
                task.push_list(Rc::clone(list));
                self.frames.push(Frame::Subshell { task });
            }
            (Body::Group(list), _) => self.push_list(Rc::clone(list)),
            (Body::If { .. }, _) => self.step_if(Rc::clone(command), 0, false),
            (Body::While { condition, .. }, _) => {
                self.frames.push(Frame::While { command: Rc::clone(command), checking: true, status: 0 });
                self.push_list(Rc::clone(condition));
            }
            (Body::For { .. }, Begun::Values(values)) => {
                self.state.status = 0;
                let values: Vec<Rc<str>> = values.into_iter().map(Rc::from).collect();
                self.frames.push(Frame::For { command: Rc::clone(command), values: Rc::from(values), at: 0 });
            }
            (Body::Count { .. }, _) => {
                self.state.status = 0;
                self.frames.push(Frame::Count { command: Rc::clone(command), first: true });
            }
            (Body::Case { arms, .. }, Begun::Word(word, patterns)) => {
                self.state.status = 0;
                self.choose(arms, &word, &patterns);
            }
            (Body::Function(name, body), _) => {
                Rc::make_mut(&mut self.state.functions).insert(Rc::clone(name), Rc::clone(body));
                self.state.status = 0;
            }
            (_, Begun::Truth(truth)) => self.state.status = i32::from(!truth),
            _ => {}
        }
        Ok(())
    }

    fn choose(&mut self, arms: &[(Vec<super::ast::Word>, List, CaseEnd)], word: &str, patterns: &[Vec<String>]) {
        let mut bodies = Vec::new();
        let mut falling = false;
        for ((_, list, end), patterns) in arms.iter().zip(patterns) {
            if !falling && !patterns.iter().any(|pattern| Pattern::new(pattern).matches(word)) {
                continue;
            }
            bodies.push(Rc::clone(list));
            match end {
                CaseEnd::Leave => break,
                CaseEnd::Fall => falling = true,
                CaseEnd::Next => falling = false,
            }
        }
        for list in bodies.into_iter().rev() {
            self.push_list(list);
        }
    }

    fn step_if(&mut self, command: Rc<Command>, arm: usize, checking: bool) {
        let Body::If { arms, otherwise } = &command.body else { return };
        let mut arm = arm;
        if checking {
            if self.state.status == 0 {
                if let Some((_, body)) = arms.get(arm) {
                    self.push_list(Rc::clone(body));
                }
                return;
            }
            arm += 1;
        }
        match (arms.get(arm), otherwise) {
            (Some((condition, _)), _) => {
                let condition = Rc::clone(condition);
                self.frames.push(Frame::If { command: Rc::clone(&command), arm, checking: true });
                self.push_list(condition);
            }
            (None, Some(body)) => self.push_list(Rc::clone(body)),
            (None, None) => self.state.status = 0,
        }
    }

    fn step_while(&mut self, command: Rc<Command>, checking: bool, status: i32) {
        let Body::While { until, condition, body } = &command.body else { return };
        if !checking {
            let status = self.state.status;
            self.frames.push(Frame::While { command: Rc::clone(&command), checking: true, status });
            self.push_list(Rc::clone(condition));
        } else if (self.state.status == 0) != *until {
            self.frames.push(Frame::While { command: Rc::clone(&command), checking: false, status });
            self.push_list(Rc::clone(body));
        } else {
            self.state.status = status;
        }
    }

    fn step_count(&mut self, command: Rc<Command>, first: bool, cx: &mut Context<'_>) {
        let Body::Count { parts: [_, condition, next], body } = &command.body else { return };
        let result = self.expanding(&[], cx, |ex| {
            if !first {
                ex.arith(next)?;
            }
            let empty = condition.0.iter().all(|part| matches!(part, super::ast::Part::Quoted(text) if text.trim().is_empty()));
            if empty { Ok(1) } else { ex.arith(condition) }
        });
        match result {
            Ok(0) => {}
            Ok(_) => {
                self.frames.push(Frame::Count { command: Rc::clone(&command), first: false });
                self.push_list(Rc::clone(body));
            }
            Err(Stop::Error(message) | Stop::Fatal(message)) => {
                self.complain(&alloc::format!("((: {message}"), cx);
                self.state.status = 1;
            }
            Err(Stop::Need(..)) => {
                self.complain("((: a command substitution cannot stand in the head of this loop", cx);
                self.state.status = 1;
            }
        }
    }

    fn step_process(&mut self, mut process: Box<dyn Process>, fds: Fds, env: Env, pipes: Vec<PipeId>, cx: &mut Context<'_>) -> Step {
        if let Some(Fd::Pipe(id)) = fds.get(1)
            && cx.pipes.is_full(*id)
        {
            self.frames.push(Frame::Process { process, fds, env, pipes });
            return Step::Wait(Wake::Input);
        }
        let cwd = Rc::clone(&self.state.cwd);
        let (poll, sent) = cx.with_io(&env, &cwd, &fds, |io| process.poll(io));
        match (poll, sent) {
            (Poll::Done(status), _) => self.state.status = status,
            (Poll::Wait(_), Err(_)) => {
                process.abandon(cx.host);
                self.broken_pipe(cx);
            }
            (Poll::Wait(wake), Ok(())) => {
                self.frames.push(Frame::Process { process, fds, env, pipes });
                return Step::Wait(wake);
            }
        }
        cx.pipes.remove(&pipes);
        Step::Next
    }

    fn step_wait(&mut self, pids: Vec<u32>, cx: &mut Context<'_>) -> Step {
        let mut wake = self.poll_jobs(cx);
        let waits = |job: &Job| pids.is_empty() || pids.contains(&job.pid);
        if self.jobs.iter().any(|job| waits(job) && job.status.is_none() && !job.hidden) {
            self.frames.push(Frame::WaitJobs { pids });
            return Step::Wait(wake.take().unwrap_or(Wake::Change));
        }
        self.state.status = match pids.last() {
            Some(pid) => self.jobs.iter().find(|job| job.pid == *pid).and_then(|job| job.status).unwrap_or(127),
            None => 0,
        };
        self.jobs.retain(|job| !(waits(job) && job.status.is_some()));
        Step::Next
    }

    /// `eval`, `source`, `sh script`: line by line, as what one line does can change how the next is read.
    fn step_source(&mut self, text: String, line: usize, cx: &mut Context<'_>) {
        if text.trim().is_empty() {
            return;
        }
        let aliases = Rc::clone(&self.state.aliases);
        let next = super::parse::next_line(&text, line, Some(&aliases));
        match next.result {
            Ok(Some(list)) => {
                self.frames.push(Frame::Source { text: next.rest, line: next.line });
                self.push_list(list);
            }
            Ok(None) => {}
            Err(error) => {
                let message = super::shell::syntax_message(&error);
                self.complain(&message, cx);
                self.state.status = 2;
            }
        }
    }

    /// `break` and `continue`: leaves frames down to the loop that is meant.
    pub(super) fn leave_loops(&mut self, mut count: usize, again: bool, cx: &mut Context<'_>) {
        while let Some(frame) = self.frames.pop() {
            match frame {
                Frame::For { .. } | Frame::While { .. } | Frame::Count { .. } => {
                    count = count.saturating_sub(1);
                    if count > 0 {
                        continue;
                    }
                    if again {
                        match frame {
                            Frame::While { command, status, .. } => {
                                self.frames.push(Frame::While { command, checking: false, status });
                            }
                            other => self.frames.push(other),
                        }
                    }
                    return;
                }
                Frame::Restore(saved) if saved.function => {
                    self.frames.push(Frame::Restore(saved));
                    return;
                }
                other => self.drop_frame(other, cx),
            }
        }
    }

    /// Whether a loop surrounds the current command.
    pub(super) fn in_loop(&self) -> bool {
        self.frames.iter().any(|frame| matches!(frame, Frame::For { .. } | Frame::While { .. } | Frame::Count { .. }))
    }

    /// `return`: leaves the function or the sourced file. False if there is none.
    pub(super) fn leave_function(&mut self, cx: &mut Context<'_>) -> bool {
        let inside = self.frames.iter().any(|frame| matches!(frame, Frame::Restore(Saved { function: true, .. }) | Frame::Source { .. }));
        if !inside {
            return false;
        }
        loop {
            match self.frames.pop() {
                Some(Frame::Restore(saved)) => {
                    let function = saved.function;
                    self.restore(saved, cx);
                    if function {
                        break;
                    }
                }
                Some(Frame::Source { .. }) | None => break,
                Some(other) => self.drop_frame(other, cx),
            }
        }
        inside
    }
}

fn in_parens(stop: Stop) -> Stop {
    match stop {
        Stop::Error(message) => Stop::Error(alloc::format!("((: {message}")),
        need => need,
    }
}
