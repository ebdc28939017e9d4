//! Programs that run in a task's place, and the texts that it runs line by line.
//! Never: how programs are found and started (`launch`).

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Frame, MAX_FRAMES, Step, Task};
use crate::shell::context::Context;
use crate::shell::fds::{Fd, Fds, PipeId};
use crate::shell::process::{BROKEN_PIPE, Env, Poll, Process, Wake};

impl Task {
    /// Whether so many more frames fit.
    pub(in crate::shell) fn room(&self, frames: usize) -> bool {
        self.frames.len() + frames <= MAX_FRAMES
    }

    pub(in crate::shell) fn push(&mut self, frame: Frame) -> bool {
        let fits = self.frames.len() < MAX_FRAMES;
        if fits {
            self.frames.push(frame);
        }
        fits
    }

    pub(super) fn step_process(
        &mut self,
        mut process: Box<dyn Process>,
        fds: Fds,
        env: Env,
        pipes: Vec<PipeId>,
        cx: &mut Context<'_>,
    ) -> Step {
        if let Some(Fd::Pipe(id)) = fds.get(1)
            && cx.pipes.is_full(*id)
        {
            self.frames.push(Frame::Process { process, fds, env, pipes });
            return Step::Wait(Wake::Input);
        }
        let cwd = Rc::clone(&self.state.cwd);
        let (poll, sent) = cx.with_io(&env, &cwd, &fds, |io| process.poll(io));
        match (poll, sent) {
            (Poll::Done(status), _) => self.finish(status, &fds, cx),
            (Poll::Wait(_), Err(_)) => {
                process.abandon(cx.host);
                self.state.status = BROKEN_PIPE;
            }
            (Poll::Wait(wake), Ok(())) => {
                self.frames.push(Frame::Process { process, fds, env, pipes });
                return Step::Wait(wake);
            }
        }
        cx.pipes.remove(&pipes);
        Step::Next
    }

    /// A program has ended, once what it wrote fits into the pipe.
    pub(in crate::shell) fn finish(&mut self, status: i32, fds: &Fds, cx: &mut Context<'_>) {
        self.state.status = status;
        if let Some(Fd::Pipe(id)) = fds.get(1)
            && cx.pipes.is_full(*id)
        {
            self.frames.push(Frame::Drain { id: *id, status });
        }
    }

    /// `eval`, `source`, `sh script`: line by line, as what one line does can change how the next is read.
    pub(super) fn step_source(&mut self, text: String, line: usize, cx: &mut Context<'_>) {
        if text.trim().is_empty() {
            return;
        }
        let aliases = Rc::clone(&self.state.aliases);
        let next = crate::shell::parse::next_line(&text, line, Some(&aliases));
        match next.result {
            Ok(Some(list)) => {
                self.frames.push(Frame::Source { text: next.rest, line: next.line });
                self.push_list(list);
            }
            Ok(None) => {}
            Err(error) => {
                let message = crate::shell::typed::syntax_message(&error);
                self.complain(&message, cx);
                self.state.status = 2;
            }
        }
    }
}
