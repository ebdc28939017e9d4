//! Compound commands: how each kind begins, goes round and is left by `break`, `continue` and `return`.
//! Never: simple commands (`launch`).

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::select::Select;
use super::{Frame, Saved, Task};
use crate::shell::ast::{Body, CaseEnd, Command, List};
use crate::shell::context::Context;
use crate::shell::expand::{Expander, Stop, Want};
use crate::shell::fds::Fd;
use crate::shell::pattern::Pattern;
use crate::shell::process::Pipe;
use crate::shell::redirect;

impl Task {
    /// Expands what a command needs and begins it; asks for substitutions first.
    pub(super) fn begin(&mut self, command: Rc<Command>, memory: Vec<Rc<str>>, status: Option<i32>, cx: &mut Context<'_>) {
        let before = self.state.vars.clone();
        match self.try_begin(&command, &memory, status, cx) {
            Ok(()) => {}
            Err(Stop::Need(list, Want::Sink)) => {
                self.state.vars = before;
                let path: Rc<str> = Rc::from(alloc::format!("/dev/fd/{}", 63usize.saturating_sub(memory.len())));
                let mtime = cx.mtime();
                cx.fs.install(&path, "", mtime).ok();
                let mut memory = memory;
                memory.push(Rc::clone(&path));
                self.frames.push(Frame::Sink { list, path });
                self.frames.push(Frame::Command { command, memory, status });
            }
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
                    self.exited = Some(
                        if self.state.options.errexit
                            || message.contains("error token is")
                            || message.ends_with("bad substitution")
                            || message.starts_with("no match")
                        {
                            1
                        } else {
                            127
                        },
                    );
                }
            }
        }
    }

    fn try_begin(&mut self, command: &Rc<Command>, memory: &[Rc<str>], status: Option<i32>, cx: &mut Context<'_>) -> Result<(), Stop> {
        if let Body::Simple { assigns, words, lists } = &command.body {
            return crate::shell::launch::simple(self, (assigns, words, lists), &command.redirects, memory, status, cx);
        }
        let args = Rc::clone(&self.state.args);
        let (redirects, head) = self.expanding(memory, cx, |ex| -> Result<_, Stop> {
            Ok((redirect::ready(ex, &command.redirects)?, head(ex, &command.body, &args)?))
        })?;
        if !redirects.is_empty() {
            let cwd = Rc::clone(&self.state.cwd);
            match redirect::apply(cx, &cwd, &self.fds, &redirects, self.sh()) {
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
        self.enter(command, head, cx)
    }

    /// Puts the first frame of a compound command on the stack.
    fn enter(&mut self, command: &Rc<Command>, head: Head, cx: &mut Context<'_>) -> Result<(), Stop> {
        match (&command.body, head) {
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
            (Body::For { select: true, .. }, Head::Values(values)) => {
                let values: Vec<Rc<str>> = values.into_iter().map(Rc::from).collect();
                let select = Select { command: Rc::clone(command), values: Rc::from(values), shows: true, asked: false };
                self.frames.push(Frame::Select(select));
            }
            (Body::For { .. }, Head::Values(values)) => {
                self.state.status = 0;
                let values: Vec<Rc<str>> = values.into_iter().map(Rc::from).collect();
                self.frames.push(Frame::For { command: Rc::clone(command), values: Rc::from(values), at: 0 });
            }
            (Body::Count { .. }, _) => {
                self.state.status = 0;
                self.frames.push(Frame::Count { command: Rc::clone(command), first: true });
            }
            (Body::Case { arms, .. }, Head::Word(word, patterns)) => {
                self.state.status = 0;
                self.choose(arms, &word, &patterns);
            }
            (Body::Function(name, body), _) => {
                Rc::make_mut(&mut self.state.functions).insert(Rc::clone(name), Rc::clone(body));
                self.state.status = 0;
            }
            (_, Head::Truth(truth)) => self.state.status = i32::from(!truth),
            _ => {}
        }
        Ok(())
    }

    fn choose(&mut self, arms: &[(Vec<crate::shell::ast::Word>, List, CaseEnd)], word: &str, patterns: &[Vec<String>]) {
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

    pub(super) fn step_if(&mut self, command: Rc<Command>, arm: usize, checking: bool) {
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

    pub(super) fn step_while(&mut self, command: Rc<Command>, checking: bool, status: i32) {
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

    pub(super) fn step_count(&mut self, command: Rc<Command>, first: bool, cx: &mut Context<'_>) {
        let Body::Count { parts: [_, condition, next], body } = &command.body else { return };
        let result = self.expanding(&[], cx, |ex| {
            if !first {
                ex.arith(next)?;
            }
            let empty = condition.0.iter().all(|part| matches!(part, crate::shell::ast::Part::Quoted(text) if text.trim().is_empty()));
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

    /// `break` and `continue`: leaves frames down to the loop that is meant.
    pub(in crate::shell) fn leave_loops(&mut self, mut count: usize, again: bool, cx: &mut Context<'_>) {
        while let Some(frame) = self.frames.pop() {
            match frame {
                Frame::For { .. } | Frame::While { .. } | Frame::Count { .. } | Frame::Select(_) => {
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
    pub(in crate::shell) fn in_loop(&self) -> bool {
        self.frames.iter().any(|frame| matches!(frame, Frame::For { .. } | Frame::While { .. } | Frame::Count { .. } | Frame::Select(_)))
    }

    /// `return`: leaves the function or the sourced file. False if there is none.
    pub(in crate::shell) fn leave_function(&mut self, cx: &mut Context<'_>) -> bool {
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

/// What the words at the head of a compound command came to.
enum Head {
    Nothing,
    Values(Vec<String>),
    Word(String, Vec<Vec<String>>),
    Truth(bool),
}

/// Expands the head of a compound command.
fn head(ex: &mut Expander<'_>, body: &Body, args: &[Rc<str>]) -> Result<Head, Stop> {
    Ok(match body {
        Body::For { words: Some(words), .. } => Head::Values(ex.words(words)?),
        Body::For { words: None, .. } => Head::Values(args.iter().map(|arg| String::from(&**arg)).collect()),
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
            Head::Word(word, patterns)
        }
        Body::Test(tokens) => Head::Truth(crate::shell::cond::double(ex, tokens)?),
        Body::Arith(word) => Head::Truth(ex.arith(word).map_err(in_parens)? != 0),
        Body::Count { parts: [first, ..], .. } => {
            ex.arith(first).map_err(in_parens)?;
            Head::Nothing
        }
        _ => Head::Nothing,
    })
}
