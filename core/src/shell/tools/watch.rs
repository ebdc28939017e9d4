//! `watch`: runs a command line again and again and shows it on a cleared screen.

use alloc::boxed::Box;
use alloc::string::String;

use super::args::{Accepts, parse};
use crate::shell::calendar::Moment;
use crate::shell::nested;
use crate::shell::number::duration_ms;
use crate::shell::process::{Host, Io, Output, Pipe, Poll, Process, Started, Stream, Wake};
use crate::time::Instant;

const ACCEPTS: Accepts = Accepts {
    tool: "watch",
    short: "n:dtecxgb",
    long: &[("interval", 'n'), ("differences", 'd'), ("no-title", 't'), ("errexit", 'e'), ("color", 'c'), ("exec", 'x')],
    first_operand_ends: true,
    status: 1,
};

struct Watch {
    line: String,
    every_ms: u64,
    title: bool,
    next: Instant,
    running: Option<Box<dyn Process>>,
    screen: String,
}

pub(super) fn watch(args: &[String], io: &mut Io<'_>) -> Started {
    let opts = match parse(&ACCEPTS, args, io) {
        Ok(opts) => opts,
        Err(status) => return Started::Done(status),
    };
    if opts.rest.is_empty() {
        io.err("Usage:\n watch [options] command\n");
        return Started::Done(1);
    }
    let every_ms = opts.value('n').and_then(duration_ms).unwrap_or(2_000).max(100);
    let watch = Watch { line: opts.rest.join(" "), every_ms, title: !opts.has('t'), next: io.now, running: None, screen: String::new() };
    Started::Run(Box::new(watch))
}

impl Watch {
    fn show(&mut self, io: &mut Io<'_>) {
        let mut text = String::from("\x1b[H\x1b[2J");
        if self.title {
            let unix = io.host.epoch_s().saturating_add(i64::try_from(io.now.0 / 1000).unwrap_or(0));
            let left = alloc::format!("Every {}.{}s: {}", self.every_ms / 1000, self.every_ms % 1000 / 100, self.line);
            let right = alloc::format!("{}: {}", io.host.hostname(), Moment::from_unix(unix).format("%c"));
            let gap = 80usize.saturating_sub(left.chars().count() + right.chars().count()).max(1);
            text.push_str(&alloc::format!("{left}{:gap$}{right}\n\n", ""));
        }
        text.push_str(&self.screen);
        io.out(&text);
    }
}

impl Process for Watch {
    fn poll(&mut self, io: &mut Io<'_>) -> Poll {
        if self.running.is_none() {
            if io.now < self.next {
                return Poll::Wait(Wake::At(self.next));
            }
            self.next = Instant(io.now.0.saturating_add(self.every_ms));
            self.screen.clear();
            self.running = Some(nested::line(io, &self.line));
        }
        let Some(process) = &mut self.running else { return Poll::Wait(Wake::At(self.next)) };
        let mut output = Output::default();
        let mut empty = Pipe::empty();
        let mut inner = io.within(&mut empty, &mut output);
        let poll = process.poll(&mut inner);
        for chunk in output.take() {
            let _: Stream = chunk.stream;
            self.screen.push_str(&chunk.text);
        }
        match poll {
            Poll::Wait(wake) => Poll::Wait(wake),
            Poll::Done(_) => {
                self.running = None;
                self.show(io);
                Poll::Wait(Wake::At(self.next))
            }
        }
    }

    fn boxed_clone(&self) -> Box<dyn Process> {
        Box::new(Watch {
            line: self.line.clone(),
            every_ms: self.every_ms,
            title: self.title,
            next: self.next,
            running: self.running.clone(),
            screen: self.screen.clone(),
        })
    }

    fn abandon(&mut self, host: &mut dyn Host) {
        if let Some(process) = &mut self.running {
            process.abandon(host);
        }
    }
}
