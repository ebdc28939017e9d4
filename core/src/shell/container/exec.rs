//! `kubectl exec` and its kind: a process in a container that is driven from outside.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::host::ContainerHost;
use super::{Inner, Streams, begin, env_of};
use crate::api::kubelet::Sandbox;
use crate::api::network::Network;
use crate::shell::process::{Io, OnInterrupt, Output, Pipe, Poll, Process, Started, Stream, Wake};
use crate::time::Instant;

/// A process brought into a container by `kubectl exec`, seen from the terminal it was started in.
#[derive(Clone)]
pub struct Exec {
    pub(super) pod_uid: String,
    container: String,
    pub(super) node: String,
    pub(super) argv: Vec<String>,
    pub(super) terminal: bool,
    pub(super) inner: Option<Inner>,
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
        let mut io = io.with(now, &env, &cwd, &mut sandbox.files, &mut host);
        let poll = process.poll(&mut io);
        (poll, host.signals)
    }
}

/// Stands for a program that is not there.
pub const NOT_FOUND: i32 = i32::MIN;

impl Process for Exec {
    fn poll(&mut self, io: &mut Io<'_>) -> Poll {
        let Io { context, host } = &mut *io;
        let epoch_s = host.epoch_s();
        let Some(inside) = host.inside() else { return Poll::Done(1) };
        let Some(mut sandbox) = inside.take(&self.pod_uid, &self.container) else {
            // The container has ended, and with it everything in it.
            return Poll::Done(if self.inner.is_some() { 137 } else { 1 });
        };
        if *self.run.get_or_insert(sandbox.run) != sandbox.run {
            inside.put(&self.pod_uid, &self.container, sandbox);
            return Poll::Done(137);
        }
        let mut none = Pipe::empty();
        let stdin = if self.keeps_input { &mut *context.stdin } else { &mut none };
        let streams = Streams { stdin, output: context.output, terminal: self.terminal };
        let mut poll = Poll::Wait(Wake::At(context.now));
        let mut signals = Vec::new();
        let first = self.inner.is_none();
        for _ in 0..if first { 2 } else { 1 } {
            let streams = Streams { stdin: &mut *streams.stdin, output: &mut *streams.output, terminal: streams.terminal };
            let (answer, sent) = self.turn(&mut sandbox, inside, streams, context.now, epoch_s);
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
