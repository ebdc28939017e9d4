//! Commands inside containers: the shell and its tools as the kubelet's interpreter, and processes brought in by
//! `kubectl exec`. Which programs there are is the image's affair; what they do is the same code as at the terminal.

mod exec;
mod host;

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::process::{Env, Host, Io, Output, Pipe, Poll, Process, ProcessContext, Started, Wake};
use super::tools;
use crate::api::kubelet::Sandbox;
use crate::api::runtime::{ContainerProcess, ProcessCx, Running, Runtime, SIGINT, SIGKILL, SIGTERM};
use crate::text::fs::FileSystem;
use crate::time::Instant;

pub use exec::{Exec, NOT_FOUND};
pub use host::ContainerHost;

/// How long a process that never waits is held up between two turns, so that it cannot use up the page's time.
const BUSY_MS: u64 = 200;

/// What a process in a container has between its turns.
#[derive(Clone)]
struct Inner {
    process: Option<Box<dyn Process>>,
    done: Option<i32>,
    stdin: Pipe,
    output: Output,
}

/// Starts a program in a sandbox. `None` when its image does not have it.
fn begin(argv: &[String], sandbox: &mut Sandbox, host: &mut ContainerHost<'_>, now: Instant, io: Streams<'_>) -> Option<Started> {
    let (program, args) = argv.split_first()?;
    let base = program.rsplit('/').next().unwrap_or(program);
    let env = env_of(sandbox);
    let cwd = sandbox.cwd.clone();
    let path = crate::text::fs::resolve(&cwd, program);
    let script = if program.contains('/') { sandbox.files.read(&path).ok() } else { None };
    if script.is_none() && !host.facts.has(base) {
        return None;
    }
    let mut io = io.with(now, &env, &cwd, &mut sandbox.files, host);
    match script {
        Some(text) => Some(Started::Run(super::nested::script(program, &text, args, &io))),
        None => tools::start(base, args, &mut io),
    }
}

/// Standard streams.
struct Streams<'a> {
    stdin: &'a mut Pipe,
    output: &'a mut Output,
    terminal: bool,
}

impl<'a> Streams<'a> {
    /// What a process has in its hands that reads and writes these.
    fn with(self, now: Instant, env: &'a Env, cwd: &'a str, fs: &'a mut FileSystem, host: &'a mut dyn Host) -> Io<'a> {
        let Streams { stdin, output, terminal } = self;
        let context =
            ProcessContext { now, stdin, output, env, fs, cwd, stdin_is_terminal: terminal, stdout_is_terminal: terminal, nesting: 0 };
        Io { context, host }
    }
}

fn env_of(sandbox: &Sandbox) -> Env {
    let mut env = Env::default();
    for (name, value) in &sandbox.env {
        env.set(name, value);
    }
    env
}

/// The interpreter that the session gives to the kubelets.
#[derive(Clone)]
pub struct ShellRuntime {
    /// How long containers that do not listen to SIGTERM take to end; `None`: their whole grace.
    pub stop_ms: Option<u64>,
}

impl Runtime for ShellRuntime {
    fn start(&self, argv: &[String], cx: &mut ProcessCx<'_>) -> Option<Box<dyn ContainerProcess>> {
        let mut inner = Inner { process: None, done: None, stdin: Pipe::empty(), output: Output::default() };
        let mut host = ContainerHost::new(cx.sandbox, cx.net, cx.pod_uid, cx.node, epoch_s(cx.wall_ms, cx.now));
        let streams = Streams { stdin: &mut inner.stdin, output: &mut inner.output, terminal: false };
        match begin(argv, cx.sandbox, &mut host, cx.now, streams)? {
            Started::Done(code) => inner.done = Some(code),
            Started::Run(process) => inner.process = Some(process),
        }
        Some(Box::new(ShellRun { inner, line: String::new(), stop_ms: self.stop_ms, killed_at: None, wake: None }))
    }

    fn boxed_clone(&self) -> Box<dyn Runtime> {
        Box::new(self.clone())
    }
}

/// A container's own process, run by the shell.
#[derive(Clone)]
struct ShellRun {
    inner: Inner,
    /// The beginning of a line that has not ended.
    line: String,
    stop_ms: Option<u64>,
    killed_at: Option<Instant>,
    wake: Option<Instant>,
}

impl ShellRun {
    fn write(&mut self, log: &mut Vec<String>, ended: bool) {
        for chunk in self.inner.output.take() {
            self.line.push_str(&chunk.text);
        }
        while let Some((line, rest)) = self.line.split_once('\n') {
            log.push(line.to_string());
            self.line = rest.to_string();
        }
        if ended && !self.line.is_empty() {
            log.push(core::mem::take(&mut self.line));
        }
    }
}

impl ContainerProcess for ShellRun {
    fn poll(&mut self, cx: &mut ProcessCx<'_>) -> Running {
        if let Some(at) = self.killed_at {
            return if at <= cx.now { Running::Exited(137) } else { Running::Until(at) };
        }
        if self.inner.done.is_none()
            && let Some(process) = &mut self.inner.process
        {
            let env = env_of(cx.sandbox);
            let cwd = cx.sandbox.cwd.clone();
            let mut host = ContainerHost::new(cx.sandbox, cx.net, cx.pod_uid, cx.node, epoch_s(cx.wall_ms, cx.now));
            let streams = Streams { stdin: &mut self.inner.stdin, output: &mut self.inner.output, terminal: false };
            let mut io = streams.with(cx.now, &env, &cwd, &mut cx.sandbox.files, &mut host);
            let poll = process.poll(&mut io);
            cx.signals.extend(host.signals);
            match poll {
                Poll::Done(code) => self.inner.done = Some(code),
                Poll::Wait(wake) => {
                    self.write(cx.log, false);
                    self.wake = match wake {
                        Wake::Change => Some(cx.now + 1000),
                        wake => wake.at().map(|at| if at <= cx.now { cx.now + BUSY_MS } else { at }),
                    };
                    return self.wake.map_or(Running::Forever, Running::Until);
                }
            }
        }
        self.write(cx.log, true);
        Running::Exited(self.inner.done.unwrap_or(0))
    }

    fn signal(&mut self, signal: i32, cx: &mut ProcessCx<'_>) -> Running {
        // The first process of a container ignores signals that it has no handler for; sleep and sh have none.
        if let Some(ms) = self.stop_ms.filter(|_| signal == SIGTERM || signal == SIGINT) {
            let at = cx.now + ms;
            self.killed_at = Some(at);
            return Running::Until(at);
        }
        self.wake.map_or(Running::Forever, |at| Running::Until(at.max(cx.now + 1)))
    }

    fn boxed_clone(&self) -> Box<dyn ContainerProcess> {
        Box::new(self.clone())
    }
}

/// The wall-clock time of instant 0, in seconds since 1970.
fn epoch_s(wall_ms: i64, now: Instant) -> i64 {
    wall_ms.saturating_sub(i64::try_from(now.as_ms()).unwrap_or(0)).div_euclid(1000)
}

/// The number of a signal by its name or number.
pub fn signal_number(text: &str) -> Option<i32> {
    let name = text.trim_start_matches("SIG");
    match name {
        "HUP" => Some(1),
        "INT" => Some(SIGINT),
        "QUIT" => Some(3),
        "KILL" => Some(SIGKILL),
        "TERM" => Some(SIGTERM),
        number => number.parse().ok(),
    }
}
