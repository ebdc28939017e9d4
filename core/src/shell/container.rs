//! Commands inside containers: the shell and its tools as the kubelet's interpreter, and processes brought in by
//! `kubectl exec`. Which programs there are is the image's affair; what they do is the same code as at the terminal.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::any::Any;

use crate::api::kubelet::Sandbox;
use crate::api::network::{Lookup, NetAnswer, NetRequest, Network};
use crate::api::runtime::{ContainerProcess, ProcessCx, Running, Runtime, SIGINT, SIGKILL, SIGTERM};
use crate::time::Instant;

use super::inside::{self, Facts};
use super::process::{Env, Host, Io, OnInterrupt, Output, Pipe, Poll, Process, StartIo, Started, Stream, Wake};
use super::tools;

/// How long a process that never waits is held up between two turns, so that it cannot use up the page's time.
const BUSY_MS: u64 = 200;

/// What a process in a container finds outside itself.
// `nothing` is lent out as the host that has nothing more to say, not there to forbid making one.
#[allow(clippy::manual_non_exhaustive)]
pub struct ContainerHost<'a> {
    /// What is known of the container.
    pub facts: Facts,
    /// The network.
    pub net: &'a mut dyn Network,
    /// Signals sent.
    pub signals: Vec<(u32, i32)>,
    /// The wall-clock time of instant 0, in seconds since 1970.
    pub epoch_s: i64,
    nothing: (),
}

impl<'a> ContainerHost<'a> {
    fn new(sandbox: &Sandbox, net: &'a mut dyn Network, pod_uid: &str, node: &str, epoch_s: i64) -> ContainerHost<'a> {
        ContainerHost { facts: Facts::of(sandbox, pod_uid, node), net, signals: Vec::new(), epoch_s, nothing: () }
    }
}

/// The network with the container's own address as sender.
impl Network for ContainerHost<'_> {
    fn request(&mut self, request: &NetRequest) -> Option<NetAnswer> {
        let from = NetRequest { from_pod: self.facts.pod_uid.clone(), from_node: self.facts.node.clone(), ..request.clone() };
        self.net.request(&from)
    }

    fn resolve(&mut self, _from_pod: &str, name: &str) -> Lookup {
        let from = self.facts.pod_uid.clone();
        self.net.resolve(&from, name)
    }
}

impl Host for ContainerHost<'_> {
    fn start(&mut self, program: &str, args: &[String], io: &mut StartIo<'_>) -> Option<Started> {
        if !self.has_program(program) {
            return None;
        }
        inside::start(self, program, args, io)
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        &mut self.nothing
    }

    fn programs(&self) -> Vec<(&'static str, &'static str)> {
        inside::programs()
    }

    fn has_program(&self, program: &str) -> bool {
        (program == "kill" || self.facts.has(program)) && inside::knows(program)
    }

    fn has_tool(&self, tool: &str) -> bool {
        self.facts.has(tool)
    }

    fn hostname(&self) -> &str {
        &self.facts.hostname
    }

    fn epoch_s(&self) -> i64 {
        self.epoch_s
    }

    fn network(&mut self) -> Option<&mut dyn Network> {
        Some(self)
    }
}

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
    let mut io = Io {
        now,
        stdin: io.stdin,
        output: io.output,
        env: &env,
        fs: &mut sandbox.files,
        cwd: &cwd,
        stdin_is_terminal: io.terminal,
        stdout_is_terminal: io.terminal,
        nesting: 0,
        host,
    };
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
            let mut io = Io {
                now: cx.now,
                stdin: &mut self.inner.stdin,
                output: &mut self.inner.output,
                env: &env,
                fs: &mut cx.sandbox.files,
                cwd: &cwd,
                stdin_is_terminal: false,
                stdout_is_terminal: false,
                nesting: 0,
                host: &mut host,
            };
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

/// A process brought into a container by `kubectl exec`, seen from the terminal it was started in.
#[derive(Clone)]
pub struct Exec {
    pod_uid: String,
    container: String,
    node: String,
    argv: Vec<String>,
    terminal: bool,
    inner: Option<Inner>,
    keeps_input: bool,
    /// The run of the container in which it was started.
    run: Option<u32>,
}

impl Exec {
    /// A process to be started at its first poll. `stdin` passes the terminal's input on, `terminal` makes it one.
    pub fn new(pod_uid: &str, container: &str, argv: &[String], stdin: bool, terminal: bool) -> Exec {
        Exec {
            pod_uid: pod_uid.to_string(),
            container: container.to_string(),
            node: String::new(),
            argv: argv.to_vec(),
            terminal,
            inner: None,
            keeps_input: stdin,
            run: None,
        }
    }

    fn not_found(&self) -> String {
        let program = self.argv.first().cloned().unwrap_or_default();
        let what = match program.contains('/') {
            true => alloc::format!("exec: {program:?}: stat {program}: no such file or directory"),
            false => alloc::format!("exec: {program:?}: executable file not found in $PATH"),
        };
        let id: String = crate::text::sha256::hex(self.pod_uid.as_bytes());
        alloc::format!(
            "error: Internal error occurred: Internal error occurred: error executing command in container: failed to exec in container: failed to start exec {id:?}: OCI runtime exec failed: exec failed: unable to start container process: {what}\n"
        )
    }

    fn turn(
        &mut self,
        sandbox: &mut Sandbox,
        net: &mut dyn Network,
        io: Streams<'_>,
        now: Instant,
        epoch_s: i64,
    ) -> (Poll, Vec<(u32, i32)>) {
        let mut host = ContainerHost::new(sandbox, net, &self.pod_uid, &self.node, epoch_s);
        let Some(inner) = &mut self.inner else {
            let mut inner = Inner { process: None, done: None, stdin: Pipe::empty(), output: Output::default() };
            match begin(&self.argv, sandbox, &mut host, now, io) {
                None => return (Poll::Done(NOT_FOUND), Vec::new()),
                Some(Started::Done(code)) => inner.done = Some(code),
                Some(Started::Run(process)) => inner.process = Some(process),
            }
            let poll = inner.done.map_or(Poll::Wait(Wake::At(now)), Poll::Done);
            self.inner = Some(inner);
            return (poll, host.signals);
        };
        let (env, cwd) = (env_of(sandbox), sandbox.cwd.clone());
        let Some(process) = &mut inner.process else { return (Poll::Done(inner.done.unwrap_or(0)), Vec::new()) };
        let mut io = Io {
            now,
            stdin: io.stdin,
            output: io.output,
            env: &env,
            fs: &mut sandbox.files,
            cwd: &cwd,
            stdin_is_terminal: io.terminal,
            stdout_is_terminal: io.terminal,
            nesting: 0,
            host: &mut host,
        };
        let poll = process.poll(&mut io);
        (poll, host.signals)
    }
}

/// Stands for a program that is not there.
pub const NOT_FOUND: i32 = i32::MIN;

impl Process for Exec {
    fn poll(&mut self, io: &mut Io<'_>) -> Poll {
        let epoch_s = io.host.epoch_s();
        let Some(inside) = io.host.inside() else { return Poll::Done(1) };
        let Some(mut sandbox) = inside.take(&self.pod_uid, &self.container) else {
            // The container has ended, and with it everything in it.
            return Poll::Done(if self.inner.is_some() { 137 } else { 1 });
        };
        if *self.run.get_or_insert(sandbox.run) != sandbox.run {
            inside.put(&self.pod_uid, &self.container, sandbox);
            return Poll::Done(137);
        }
        let mut none = Pipe::empty();
        let stdin = if self.keeps_input { &mut *io.stdin } else { &mut none };
        let streams = Streams { stdin, output: io.output, terminal: self.terminal };
        let mut poll = Poll::Wait(Wake::At(io.now));
        let mut signals = Vec::new();
        let first = self.inner.is_none();
        for _ in 0..if first { 2 } else { 1 } {
            let streams = Streams { stdin: &mut *streams.stdin, output: &mut *streams.output, terminal: streams.terminal };
            let (answer, sent) = self.turn(&mut sandbox, inside, streams, io.now, epoch_s);
            poll = answer;
            signals.extend(sent);
            if matches!(poll, Poll::Done(_)) {
                break;
            }
        }
        inside.put(&self.pod_uid, &self.container, sandbox);
        for (pid, signal) in signals {
            inside.signal(&self.pod_uid, &self.container, pid, signal);
        }
        if poll == Poll::Done(NOT_FOUND) {
            io.output.write(Stream::Err, &self.not_found());
            return Poll::Done(NOT_FOUND);
        }
        match poll {
            // The container may end meanwhile, and with it everything in it.
            Poll::Wait(wake) => Poll::Wait(wake.or(Wake::Change)),
            done => done,
        }
    }

    fn boxed_clone(&self) -> Box<dyn Process> {
        Box::new(self.clone())
    }

    fn interrupt(&mut self) -> OnInterrupt {
        match self.inner.as_mut().and_then(|i| i.process.as_mut()) {
            Some(process) if self.terminal => process.interrupt(),
            _ => OnInterrupt::Dies,
        }
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
