//! Tasks inside a task whose ends are tied together: the stages of a pipeline and what `$(…)` and `<(…)` stand for.
//! Never: what a pipe is (`process`, `fds`).

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Frame, Run, Step, Task};
use crate::shell::ast::{Command, Join, List};
use crate::shell::context::Context;
use crate::shell::expand::Want;
use crate::shell::fds::{Fd, PipeId};
use crate::shell::process::{BROKEN_PIPE, PIPE_BYTES, Pipe, Wake};
use crate::time::Instant;

/// How many steps a stage of a pipeline takes before the next has its turn: enough for a loop over some lines, so that
/// what is quick is over before its reader goes away, as with several processors.
const STEPS_PER_TURN: usize = 400;

#[derive(Clone)]
pub(in crate::shell) struct Stage {
    pub(super) task: Box<Task>,
    /// Its status, once its commands are over.
    status: Option<i32>,
    /// Its descriptors are closed.
    closed: bool,
    reads: Option<PipeId>,
    writes: Option<PipeId>,
}

impl Task {
    pub(super) fn step_and_or(&mut self, list: List, item: usize, at: usize, cx: &mut Context<'_>) {
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

    pub(super) fn end_pipeline(&mut self, negate: bool, timed: Option<Instant>, last: bool, cx: &mut Context<'_>) {
        if let Some(from) = timed {
            let ms = cx.now.0.saturating_sub(from.0);
            let (minutes, seconds, rest) = (ms / 60_000, ms / 1000 % 60, ms % 1000);
            cx.complain(&self.fds.clone(), &alloc::format!("\nreal\t{minutes}m{seconds}.{rest:03}s\nuser\t0m0.000s\nsys\t0m0.000s"));
        }
        if !core::mem::take(&mut self.state.piped) {
            self.state.pipe_status.clear();
            self.state.pipe_status.push(self.state.status);
        }
        if negate {
            self.state.status = i32::from(self.state.status == 0);
        } else if last
            && self.state.status != 0
            && (self.state.options.errexit || self.state.traps.contains_key("ERR"))
            && !self.in_condition()
        {
            if self.state.options.errexit {
                let status = self.state.status;
                self.drop_frames(cx);
                self.frames.push(Frame::Leave(status));
            }
            self.trapped("ERR");
        }
    }

    /// Puts what was set for a signal on the stack, `$?` to be given back after it; whether there is anything.
    pub(in crate::shell) fn trapped(&mut self, signal: &str) -> bool {
        let Some(text) = self.state.traps.get(signal).filter(|text| !text.is_empty()).cloned() else { return false };
        self.frames.push(Frame::Status(self.state.status));
        self.frames.push(Frame::Source { text: [&text, "\n"].concat(), line: self.state.line });
        true
    }

    /// At the end of a shell that ends, or of a subshell: what was set for `EXIT`, once.
    pub(super) fn last_trap(&mut self) -> bool {
        if !(self.exited.is_some() || self.depth > 0) || !self.state.traps.contains_key("EXIT") {
            return false;
        }
        let status = self.exit_status();
        self.exited = None;
        self.state.status = status;
        self.frames.push(Frame::Leave(status));
        let any = self.trapped("EXIT");
        Rc::make_mut(&mut self.state.traps).remove("EXIT");
        any || !self.frames.is_empty()
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
            let writes = (at + 1 < commands.len()).then(|| cx.pipes.between());
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

    pub(super) fn step_pipes(&mut self, mut stages: Vec<Stage>, pipes: Vec<PipeId>, cx: &mut Context<'_>) -> Step {
        let mut wake: Option<Wake>;
        loop {
            let before = cx.progress;
            wake = None;
            for stage in &mut stages {
                if stage.closed {
                    continue;
                }
                let one = match stage.status {
                    None => match cx.turn(STEPS_PER_TURN, |cx| stage.task.run(cx)) {
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
        let statuses: Vec<i32> = stages.iter().filter_map(|stage| stage.status).collect();
        self.state.status = if self.state.options.pipefail {
            statuses.iter().rev().copied().find(|status| *status != 0).unwrap_or(0)
        } else {
            statuses.last().copied().unwrap_or(0)
        };
        self.state.pipe_status = statuses;
        self.state.piped = true;
        Step::Next
    }

    pub(super) fn step_subst(&mut self, mut task: Box<Task>, pipe: PipeId, want: Want, cx: &mut Context<'_>) -> Step {
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
                Want::File | Want::Sink => {
                    let path = alloc::format!("/dev/fd/{}", 63usize.saturating_sub(memory.len()));
                    let mtime = cx.mtime();
                    cx.fs.install(&path, &text, mtime).ok();
                    memory.push(Rc::from(path));
                }
            }
        }
        Step::Next
    }

    /// What `>(…)` stands for reads what was written.
    pub(super) fn step_sink(&mut self, list: List, path: &str, cx: &mut Context<'_>) {
        let text = cx.fs.read(path).map(|text| String::clone(&text)).unwrap_or_default();
        let mtime = cx.mtime();
        cx.fs.remove(path, mtime).ok();
        self.frames.push(Frame::Status(self.state.status));
        match self.fork(cx) {
            Ok(mut task) => {
                task.fds.set(0, Fd::Pipe(cx.pipes.add(Pipe::holding(text))));
                task.push_list(list);
                self.frames.push(Frame::Subshell { task });
            }
            Err(message) => self.complain(&message, cx),
        }
    }

    /// A program that has written is over when its reader has taken so much that the rest fits into the pipe; if the
    /// reader goes away before that, it dies (`seq 100000 | head -1`).
    pub(super) fn step_drain(&mut self, id: PipeId, status: i32, cx: &mut Context<'_>) -> Step {
        if cx.pipes.is_full(id) {
            self.frames.push(Frame::Drain { id, status });
            return Step::Wait(Wake::Input);
        }
        let broken = cx.pipes.get(id).is_some_and(|end| end.broken && end.pipe.len() > PIPE_BYTES);
        self.state.status = if broken { BROKEN_PIPE } else { status };
        Step::Next
    }

    /// The shell that writes to a pipe that nobody reads dies.
    pub(in crate::shell) fn broken_pipe(&mut self, cx: &mut Context<'_>) {
        if self.depth == 0 {
            self.state.status = BROKEN_PIPE;
            return;
        }
        self.drop_frames(cx);
        self.exited = Some(BROKEN_PIPE);
    }
}
