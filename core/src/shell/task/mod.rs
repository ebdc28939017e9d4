//! The machine that runs parsed commands: a stack of frames that can stop at any pending process, be cloned there
//! and go on later. A pipeline's stages, subshells, substitutions and background jobs are tasks inside a task.
//! Never: how a simple command is found and started (`launch`).

mod background;
mod compound;
mod pipes;
mod programs;
mod select;
mod state;

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::ast::{Body, Command, List};
use super::context::Context;
use super::expand::{Expander, Want};
use super::fds::{Fd, Fds, PipeId};
use super::process::{Env, OnInterrupt, Process, Wake};
use super::vars::Kept;
use crate::time::Instant;

pub use background::Job;
pub(super) use pipes::Stage;
pub use state::{Globbing, Options, State};

/// How many frames one task may have (functions that call themselves).
const MAX_FRAMES: usize = 2_000;
/// How deep tasks may contain tasks.
const MAX_TASK_DEPTH: u32 = 24;
/// How many tasks may live at a time.
pub(super) const MAX_TASKS: u32 = 200;

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
    pub vars: Vec<(Rc<str>, Kept)>,
    pub pipes: Vec<PipeId>,
    /// `return` stops here.
    pub function: bool,
}

/// What is to be done; `Leave` ends the shell after its last trap, `Status` gives `$?` back after a trap.
#[derive(Clone)]
pub(super) enum Frame {
    List {
        list: List,
        at: usize,
    },
    AndOr {
        list: List,
        item: usize,
        at: usize,
    },
    PipelineEnd {
        negate: bool,
        timed: Option<Instant>,
        last: bool,
    },
    Command {
        command: Rc<Command>,
        memory: Vec<Rc<str>>,
        status: Option<i32>,
    },
    If {
        command: Rc<Command>,
        arm: usize,
        checking: bool,
    },
    While {
        command: Rc<Command>,
        checking: bool,
        status: i32,
    },
    For {
        command: Rc<Command>,
        values: Rc<[Rc<str>]>,
        at: usize,
    },
    Count {
        command: Rc<Command>,
        first: bool,
    },
    Restore(Saved),
    Subst {
        task: Box<Task>,
        pipe: PipeId,
        want: Want,
    },
    Subshell {
        task: Box<Task>,
    },
    Pipes {
        stages: Vec<Stage>,
        pipes: Vec<PipeId>,
    },
    Process {
        process: Box<dyn Process>,
        fds: Fds,
        env: Env,
        pipes: Vec<PipeId>,
    },
    WaitJobs {
        pids: Vec<u32>,
    },
    Drain {
        id: PipeId,
        status: i32,
    },
    Select(select::Select),
    /// What `>(…)` stands for: a file until its writer is over, then what reads it.
    Sink {
        list: List,
        path: Rc<str>,
    },
    Read(super::read::Read),
    Source {
        text: String,
        line: usize,
    },
    Leave(i32),
    Status(i32),
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
        state.traps = Rc::default();
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
            if self.frames.is_empty() && !self.last_trap() {
                return Run::Done;
            }
            if let Some(Fd::Pipe(id)) = self.fds.get(1)
                && cx.pipes.is_full(*id)
            {
                return Run::Wait(jobs.map_or(Wake::Input, |jobs| jobs.or(Wake::Input)));
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
        self.trapped("INT");
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

    pub(super) fn restore(&mut self, saved: Saved, cx: &mut Context<'_>) {
        if let Some(fds) = saved.fds {
            self.fds = fds;
        }
        if let Some(args) = saved.args {
            self.state.args = args;
        }
        for (name, kept) in saved.vars.into_iter().rev() {
            self.state.vars.put_back(&name, kept);
        }
        cx.pipes.remove(&saved.pipes);
    }

    /// Whether this is `sh`, not bash: the one of BusyBox (true) or dash.
    pub fn sh(&self) -> Option<bool> {
        self.state.options.posix.then_some(self.state.options.busybox)
    }

    /// Says something on standard error as this shell says it.
    pub fn complain(&mut self, message: &str, cx: &mut Context<'_>) {
        let mut line = String::from(&*self.state.name);
        line.push_str(": ");
        match self.sh() {
            Some(busybox) => line.push_str(&crate::shell::posix::words(message, busybox)),
            None if self.state.options.person => line.push_str(message),
            None => line.push_str(&alloc::format!("line {}: {message}", self.state.line)),
        }
        cx.complain(&self.fds.clone(), &line);
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
            Frame::Command { command, memory, status } => {
                self.state.line = command.line;
                self.begin(command, memory, status, cx);
            }
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
            Frame::Select(select) => return self.step_select(select, cx),
            Frame::Sink { list, path } => self.step_sink(list, &path, cx),
            Frame::Drain { id, status } => return self.step_drain(id, status, cx),
            Frame::Read(read) => return super::read::step(self, read, cx),
            Frame::Source { text, line } => self.step_source(text, line, cx),
            Frame::Leave(status) => self.exited = Some(status),
            Frame::Status(status) => self.state.status = status,
        }
        Step::Next
    }

    /// Hands an expander of this task's words to `work`.
    pub(super) fn expanding<R>(&mut self, memory: &[Rc<str>], cx: &mut Context<'_>, work: impl FnOnce(&mut Expander<'_>) -> R) -> R {
        let state = &mut self.state;
        let flags = match (state.options.posix, state.options.person) {
            (true, _) => "",
            (_, true) => "himBHs",
            _ => "hBc",
        };
        let mut ex = Expander {
            vars: &mut state.vars,
            args: &state.args,
            name: &state.name,
            status: state.status,
            line: state.line,
            pipe_status: &state.pipe_status,
            globbing: state.globbing,
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
}
