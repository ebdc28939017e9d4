//! Tools that run other commands or just wait: `sleep`, `timeout`, `env`, `bash`, `sh`.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::args::missing_operand;
use crate::shell::nested;
use crate::shell::number::duration_ms;
use crate::shell::process::{Env, Host, Io, OnInterrupt, Poll, Process, Started, Wake};
use crate::time::Instant;

pub(super) fn bash(args: &[String], io: &mut Io<'_>) -> Started {
    shell("bash", args, io)
}

pub(super) fn sh(args: &[String], io: &mut Io<'_>) -> Started {
    shell("sh", args, io)
}

fn shell(name: &str, args: &[String], io: &mut Io<'_>) -> Started {
    match nested::start(name, args, io) {
        Ok(process) => Started::Run(process),
        Err(status) => Started::Done(status),
    }
}

/// `sleep`: done at a moment.
#[derive(Clone)]
struct Sleep {
    until: Instant,
}

impl Process for Sleep {
    fn poll(&mut self, io: &mut Io<'_>) -> Poll {
        if io.now >= self.until { Poll::Done(0) } else { Poll::Wait(Wake::At(self.until)) }
    }

    fn boxed_clone(&self) -> Box<dyn Process> {
        Box::new(self.clone())
    }
}

pub(super) fn sleep(args: &[String], io: &mut Io<'_>) -> Started {
    if args.is_empty() {
        return missing_operand("sleep", 1, io);
    }
    let mut total = 0u64;
    for arg in args {
        match duration_ms(arg) {
            Some(ms) => total = total.saturating_add(ms),
            None => {
                io.err(&alloc::format!("sleep: invalid time interval '{arg}'\nTry 'sleep --help' for more information.\n"));
                return Started::Done(1);
            }
        }
    }
    Started::Run(Box::new(Sleep { until: Instant(io.now.0.saturating_add(total)) }))
}

/// Starts a program given by words, for tools that run one; says what is wrong if it cannot.
pub(super) fn program(tool: &str, words: &[String], io: &mut Io<'_>) -> Started {
    let Some((name, args)) = words.split_first() else { return Started::Done(0) };
    if io.nesting >= crate::shell::process::MAX_NESTING {
        io.err(&alloc::format!("{tool}: failed to run command '{name}': Resource temporarily unavailable\n"));
        return Started::Done(126);
    }
    io.nesting += 1;
    let base = name.rsplit('/').next().unwrap_or(name);
    let path = io.path(name);
    let script = if name.contains('/') { io.fs.read(&path).ok() } else { None };
    let started = match script {
        Some(text) => Some(Started::Run(nested::script(name, &text, args, io))),
        None => super::start(base, args, io),
    };
    io.nesting -= 1;
    started.unwrap_or_else(|| {
        let quote = if tool == "xargs" { "" } else { "failed to run command " };
        let shown = if tool == "env" {
            alloc::format!("'{name}'")
        } else if tool == "xargs" {
            name.clone()
        } else {
            alloc::format!("{quote}'{name}'")
        };
        if tool == "sudo" {
            let instead = io.host.instead(name).filter(|_| io.stdout_is_terminal).map(|text| ["kubepie: ", text, "\n"].concat());
            io.err(&[&alloc::format!("sudo: {name}: command not found\n"), instead.as_deref().unwrap_or_default()].concat());
            return Started::Done(1);
        }
        io.err(&alloc::format!("{tool}: {shown}: No such file or directory\n"));
        Started::Done(127)
    })
}

/// `timeout`: a process and the moment at which it is ended.
struct Timeout {
    inner: Box<dyn Process>,
    until: Instant,
    keep_status: bool,
}

impl Process for Timeout {
    fn poll(&mut self, io: &mut Io<'_>) -> Poll {
        if io.now >= self.until {
            self.inner.abandon(io.host);
            return Poll::Done(if self.keep_status { 143 } else { 124 });
        }
        match self.inner.poll(io) {
            Poll::Done(status) => Poll::Done(status),
            Poll::Wait(wake) => Poll::Wait(wake.or(Wake::At(self.until))),
        }
    }

    fn boxed_clone(&self) -> Box<dyn Process> {
        Box::new(Timeout { inner: self.inner.boxed_clone(), until: self.until, keep_status: self.keep_status })
    }

    fn interrupt(&mut self) -> OnInterrupt {
        self.inner.interrupt()
    }

    fn abandon(&mut self, host: &mut dyn Host) {
        self.inner.abandon(host);
    }
}

/// `sudo COMMAND...`: whoever works here is root already.
pub(super) fn sudo(args: &[String], io: &mut Io<'_>) -> Started {
    let mut rest = args;
    while let Some((flag, tail)) = rest.split_first().filter(|(flag, _)| flag.starts_with('-')) {
        rest = if matches!(flag.as_str(), "-u" | "-g") { tail.get(1..).unwrap_or_default() } else { tail };
        if matches!(flag.as_str(), "-i" | "-s") && rest.is_empty() {
            return bash(&[], io);
        }
    }
    match rest {
        [] => {
            io.err("usage: sudo -h | -K | -k | -V\nusage: sudo [-u user] [command [arg ...]]\n");
            Started::Done(1)
        }
        [su, ..] if su == "su" => bash(&[], io),
        rest => program("sudo", rest, io),
    }
}

/// `nohup COMMAND...`: there is nothing here that hangs up.
pub(super) fn nohup(args: &[String], io: &mut Io<'_>) -> Started {
    if args.is_empty() {
        return missing_operand("nohup", 125, io);
    }
    program("nohup", args, io)
}

pub(super) fn timeout(args: &[String], io: &mut Io<'_>) -> Started {
    let mut rest = args;
    let mut keep_status = false;
    while let Some((flag, tail)) = rest.split_first().filter(|(flag, _)| flag.starts_with('-') && flag.len() > 1) {
        rest = tail;
        match flag.as_str() {
            "--preserve-status" => keep_status = true,
            "-s" | "-k" | "--signal" | "--kill-after" => rest = rest.get(1..).unwrap_or_default(),
            _ => {}
        }
    }
    let Some((duration, command)) = rest.split_first().filter(|(_, command)| !command.is_empty()) else {
        return missing_operand("timeout", 125, io);
    };
    let Some(ms) = duration_ms(duration) else {
        io.err(&alloc::format!("timeout: invalid time interval '{duration}'\nTry 'timeout --help' for more information.\n"));
        return Started::Done(125);
    };
    match program("timeout", command, io) {
        Started::Run(inner) => {
            let until = if ms == 0 { Instant(u64::MAX) } else { Instant(io.now.0.saturating_add(ms)) };
            let mut timeout = Timeout { inner, until, keep_status };
            match timeout.poll(io) {
                Poll::Done(status) => Started::Done(status),
                Poll::Wait(_) => Started::Run(Box::new(timeout)),
            }
        }
        done => done,
    }
}

/// A process with an environment of its own.
struct WithEnv {
    inner: Box<dyn Process>,
    env: Env,
}

impl Process for WithEnv {
    fn poll(&mut self, io: &mut Io<'_>) -> Poll {
        let mut inner = io.with_env(&self.env);
        self.inner.poll(&mut inner)
    }

    fn boxed_clone(&self) -> Box<dyn Process> {
        Box::new(WithEnv { inner: self.inner.boxed_clone(), env: self.env.clone() })
    }

    fn interrupt(&mut self) -> OnInterrupt {
        self.inner.interrupt()
    }

    fn abandon(&mut self, host: &mut dyn Host) {
        self.inner.abandon(host);
    }
}

pub(super) fn env(args: &[String], io: &mut Io<'_>) -> Started {
    let mut env = io.env.clone();
    let mut rest = args;
    while let Some((first, tail)) = rest.split_first() {
        match first.as_str() {
            "-i" | "-" | "--ignore-environment" => env = Env::default(),
            "-u" => {
                if let Some(name) = tail.first() {
                    env.remove(name);
                }
                rest = tail.get(1..).unwrap_or_default();
                continue;
            }
            "--" => {
                rest = tail;
                break;
            }
            flag if flag.starts_with('-') && !flag.contains('=') => {
                let letter: String = flag.chars().skip(1).take(1).collect();
                io.err(&match flag.strip_prefix("--") {
                    Some(_) => alloc::format!("env: unrecognized option '{flag}'\nTry 'env --help' for more information.\n"),
                    None => alloc::format!("env: invalid option -- '{letter}'\nTry 'env --help' for more information.\n"),
                });
                return Started::Done(125);
            }
            assign => match assign.split_once('=') {
                Some((name, value)) => env.set(name, value),
                None => break,
            },
        }
        rest = tail;
    }
    if rest.is_empty() {
        let text: Vec<String> = env.iter().map(|(name, value)| alloc::format!("{name}={value}\n")).collect();
        io.out(&text.concat());
        return Started::Done(0);
    }
    let mut inner = io.with_env(&env);
    match program("env", rest, &mut inner) {
        Started::Run(inner) => Started::Run(Box::new(WithEnv { inner, env })),
        done => done,
    }
}

pub(super) fn printenv(args: &[String], io: &mut Io<'_>) -> Started {
    if args.is_empty() {
        return env(args, io);
    }
    let mut status = 0;
    for name in args {
        match io.env.get(name).map(String::from) {
            Some(value) => {
                io.out(&value);
                io.out("\n");
            }
            None => status = 1,
        }
    }
    Started::Done(status)
}
