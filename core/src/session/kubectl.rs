//! kubectl as a program that the shell can run: turns its flow into polls.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::host::Machine;
use crate::api::Timing;
use crate::kubectl::cx::{Child, Globals};
use crate::kubectl::{self, Cx, Flow, Pending, Until};
use crate::shell::container::{Exec, NOT_FOUND};
use crate::shell::launch::{BIN_DIRS, quoted};
use crate::shell::process::{Host, Io, OnInterrupt, Poll, Process, Started, Stream, Wake};
use crate::shell::{nested, tools};
use crate::time::Instant;

/// Where a running kubectl is.
#[derive(Clone)]
enum Stage {
    /// It has not yet begun; it begins at this moment.
    Starting(Option<Instant>),
    /// It waits until standard input has ended.
    Reading,
    /// It goes on later.
    Waiting(Box<dyn Pending>),
    /// It goes on when somebody has typed a line.
    Listening(Box<dyn Pending>),
    /// A process in a container, or a line in the shell, runs in its place.
    Child(Box<dyn Process>, Option<Box<dyn Pending>>),
}

/// A running kubectl.
#[derive(Clone)]
pub struct KubectlProcess {
    words: Vec<String>,
    timing: Timing,
    stage: Stage,
    globals: Globals,
    /// Its name among those that open local ports.
    owner: u64,
    /// The line that a verb has waited for.
    line: Option<String>,
}

impl KubectlProcess {
    /// kubectl called with `words`; `owner` is its name among those that open local ports.
    pub fn new(timing: Timing, words: &[String], owner: u64) -> KubectlProcess {
        KubectlProcess { words: words.to_vec(), timing, stage: Stage::Starting(None), globals: Globals::default(), owner, line: None }
    }

    /// Goes on with what a verb said.
    fn follow(&mut self, flow: Flow, io: &mut Io<'_>) -> Poll {
        match flow {
            Flow::Done(code) => {
                if let Some(machine) = io.host.as_any_mut().downcast_mut::<Machine>() {
                    machine.ports.close(self.owner);
                }
                Poll::Done(code)
            }
            Flow::NeedStdin => {
                self.stage = Stage::Reading;
                Poll::Wait(Wake::Input)
            }
            Flow::Wait(pending, Until::Line) => {
                self.stage = Stage::Listening(pending);
                // What has been typed already is there at the next poll.
                Poll::Wait(if io.stdin.is_empty() && !io.stdin.is_closed() { Wake::Input } else { Wake::At(io.now) })
            }
            Flow::Wait(pending, until) => {
                self.stage = Stage::Waiting(pending);
                Poll::Wait(match until {
                    Until::At(at) => Wake::At(at),
                    Until::Change => Wake::Change,
                    Until::Line => Wake::Input,
                    Until::ChangeOrAt(at) => Wake::AtOrChange(at),
                })
            }
            Flow::ExecThen(request, pending) => {
                let exec = Exec::new(&request.pod_uid, &request.container, &request.argv, request.stdin, request.tty);
                self.run_child(Box::new(exec), Some(pending), io)
            }
            Flow::Exec(request) => {
                let exec = Exec::new(&request.pod_uid, &request.container, &request.argv, request.stdin, request.tty);
                self.run_child(Box::new(exec), None, io)
            }
            Flow::Program(argv, pending) => self.run_program(&argv, pending, io),
        }
    }

    /// Runs a program in kubectl's place and goes on when it has ended.
    fn run_program(&mut self, argv: &[String], mut then: Box<dyn Pending>, io: &mut Io<'_>) -> Poll {
        let Some((name, args)) = argv.split_first() else { return Poll::Done(1) };
        let base = match name.rsplit_once('/') {
            Some((dir, base)) if BIN_DIRS.contains(&dir) && tools::knows(base, io.host) => base,
            // What cannot be started is an error of the caller's, who finds its own words.
            Some(_) if !io.fs.stat(&io.path(name)).is_ok_and(|stat| stat.mode & 0o111 != 0) || io.fs.is_dir(&io.path(name)) => {
                let child = Child { code: 126, found: true };
                let flow = self.with_cx(io, Some(child), |cx| then.poll(cx));
                return self.follow(flow, io);
            }
            Some(_) => {
                let line = argv.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ");
                let child = nested::line(io, &line);
                return self.run_child(child, Some(then), io);
            }
            None => name,
        };
        let child = match tools::start(base, args, io) {
            Some(Started::Run(child)) => return self.run_child(child, Some(then), io),
            Some(Started::Done(code)) => Child { code, found: true },
            None => Child { code: 127, found: false },
        };
        let flow = self.with_cx(io, Some(child), |cx| then.poll(cx));
        self.follow(flow, io)
    }

    fn run_child(&mut self, mut child: Box<dyn Process>, then: Option<Box<dyn Pending>>, io: &mut Io<'_>) -> Poll {
        match child.poll(io) {
            Poll::Wait(wake) => {
                self.stage = Stage::Child(child, then);
                Poll::Wait(wake)
            }
            Poll::Done(code) => match then {
                // What could not begin has said so itself.
                None if code == NOT_FOUND => Poll::Done(1),
                Some(mut pending) => {
                    let code = if code == NOT_FOUND { 1 } else { code };
                    let flow = self.with_cx(io, Some(Child { code, found: true }), |cx| pending.poll(cx));
                    self.follow(flow, io)
                }
                None => {
                    if code != 0 {
                        io.err(&format!("command terminated with exit code {code}\n"));
                    }
                    Poll::Done(code)
                }
            },
        }
    }

    /// Calls `act` with what kubectl has in its hands here.
    fn with_cx(&mut self, io: &mut Io<'_>, child: Option<Child>, act: impl FnOnce(&mut Cx<'_>) -> Flow) -> Flow {
        let stdin = io.stdin.is_closed().then(|| io.stdin.peek().to_string());
        let env = io.env.clone();
        let read_env = move |name: &str| env.get(name).map(ToString::to_string);
        let Io { context, host } = io;
        let output = &mut *context.output;
        let Some(machine) = host.as_any_mut().downcast_mut::<Machine>() else {
            output.write(Stream::Err, "bash: kubectl: command not found\n");
            return Flow::Done(127);
        };
        let mut sink = |error: bool, text: &str| output.write(if error { Stream::Err } else { Stream::Out }, text);
        let mut cx = Cx {
            server: &mut machine.cluster,
            files: context.fs,
            cwd: context.cwd,
            env: &read_env,
            stdin,
            terminal: context.stdout_is_terminal,
            sink: &mut sink,
            ports: &mut machine.ports,
            owner: self.owner,
            line: self.line.take(),
            child,
            timing: self.timing,
            words: &self.words,
            globals: core::mem::take(&mut self.globals),
        };
        let flow = act(&mut cx);
        self.globals = cx.globals;
        flow
    }
}

impl Process for KubectlProcess {
    fn poll(&mut self, io: &mut Io<'_>) -> Poll {
        match core::mem::replace(&mut self.stage, Stage::Reading) {
            Stage::Starting(None) if self.timing.client_ms > 0 => {
                let at = io.now + self.timing.client_ms;
                self.stage = Stage::Starting(Some(at));
                Poll::Wait(Wake::At(at))
            }
            Stage::Starting(Some(at)) if at > io.now => {
                self.stage = Stage::Starting(Some(at));
                Poll::Wait(Wake::At(at))
            }
            Stage::Starting(_) => {
                let words = self.words.clone();
                let flow = self.with_cx(io, None, |cx| kubectl::run(&words, cx));
                self.follow(flow, io)
            }
            Stage::Reading if !io.stdin.is_closed() => Poll::Wait(Wake::Input),
            Stage::Reading => {
                let words = self.words.clone();
                let flow = self.with_cx(io, None, |cx| kubectl::run(&words, cx));
                self.follow(flow, io)
            }
            Stage::Listening(mut pending) => {
                let line = io.stdin.take_line().or_else(|| io.stdin.is_closed().then(String::new));
                let Some(line) = line else {
                    self.stage = Stage::Listening(pending);
                    return Poll::Wait(Wake::Input);
                };
                self.line = Some(line.trim_end_matches('\n').to_string());
                let flow = self.with_cx(io, None, |cx| pending.poll(cx));
                self.follow(flow, io)
            }
            Stage::Waiting(mut pending) => {
                let flow = self.with_cx(io, None, |cx| pending.poll(cx));
                self.follow(flow, io)
            }
            Stage::Child(child, then) => self.run_child(child, then, io),
        }
    }

    fn boxed_clone(&self) -> Box<dyn Process> {
        Box::new(self.clone())
    }

    fn abandon(&mut self, host: &mut dyn Host) {
        if let Some(machine) = host.as_any_mut().downcast_mut::<Machine>() {
            machine.ports.close(self.owner);
        }
        if let Stage::Child(child, _) = &mut self.stage {
            child.abandon(host);
        }
    }

    fn interrupt(&mut self) -> OnInterrupt {
        match &mut self.stage {
            Stage::Child(child, _) => child.interrupt(),
            _ => OnInterrupt::Dies,
        }
    }
}
