//! `xargs`

use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::string::String;
use alloc::vec::Vec;

use super::args::{Accepts, parse};
use super::run::program;
use crate::shell::process::{Host, Io, OnInterrupt, Pipe, Poll, Process, Started, Wake};

const ACCEPTS: Accepts = Accepts {
    tool: "xargs",
    short: "I:n:L:rt0P:d:s:i",
    long: &[
        ("no-run-if-empty", 'r'),
        ("max-args", 'n'),
        ("max-lines", 'L'),
        ("null", '0'),
        ("delimiter", 'd'),
        ("max-procs", 'P'),
        ("verbose", 't'),
        ("replace", 'I'),
    ],
    first_operand_ends: true,
    status: 1,
};

/// The most commands one `xargs` runs.
const MAX_RUNS: usize = 10_000;

/// Runs commands one after another as their turn comes.
struct Xargs {
    command: Vec<String>,
    replace: Option<String>,
    most: usize,
    by_line: bool,
    separator: Option<char>,
    empty_runs: bool,
    trace: bool,
    queue: Option<VecDeque<Vec<String>>>,
    running: Option<Box<dyn Process>>,
    status: i32,
}

pub(super) fn xargs(args: &[String], io: &mut Io<'_>) -> Started {
    let opts = match parse(&ACCEPTS, args, io) {
        Ok(opts) => opts,
        Err(status) => return Started::Done(status),
    };
    let separator = match opts.value('d') {
        _ if opts.has('0') => Some('\0'),
        Some("\\n") => Some('\n'),
        Some("\\t") => Some('\t'),
        Some(text) => text.chars().next(),
        None => None,
    };
    let replace = opts.value('I').map(String::from).or_else(|| opts.has('i').then(|| String::from("{}")));
    let command = if opts.rest.is_empty() { alloc::vec![String::from("echo")] } else { opts.rest.clone() };
    let number = |flag| opts.value(flag).and_then(|text| text.parse::<usize>().ok()).filter(|count| *count > 0);
    let mut xargs = Xargs {
        command,
        most: number('n').or(number('L')).unwrap_or(usize::MAX),
        by_line: opts.has('L'),
        empty_runs: !opts.has('r') && replace.is_none(),
        replace,
        separator,
        trace: opts.has('t'),
        queue: None,
        running: None,
        status: 0,
    };
    match xargs.poll(io) {
        Poll::Done(status) => Started::Done(status),
        Poll::Wait(_) => Started::Run(Box::new(xargs)),
    }
}

/// Words as `xargs` reads them: quotes and backslashes count, nothing else does. An error names the quote.
fn words(text: &str) -> Result<Vec<String>, &'static str> {
    let mut out = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\'' | '"' => {
                let word = word.get_or_insert_with(String::new);
                loop {
                    match chars.next() {
                        Some(end) if end == c => break,
                        Some('\n') | None => return Err(if c == '"' { "double" } else { "single" }),
                        Some(c) => word.push(c),
                    }
                }
            }
            '\\' => word.get_or_insert_with(String::new).extend(chars.next()),
            c if c.is_whitespace() => out.extend(word.take()),
            c => word.get_or_insert_with(String::new).push(c),
        }
    }
    out.extend(word);
    Ok(out)
}

impl Xargs {
    fn fill(&self, text: &str) -> Result<VecDeque<Vec<String>>, &'static str> {
        let items: Vec<String> = match (self.separator, &self.replace) {
            (Some(separator), _) => {
                let mut items: Vec<String> = text.split(separator).map(String::from).collect();
                if items.last().is_some_and(String::is_empty) {
                    items.pop();
                }
                items
            }
            (None, Some(_)) => text.lines().map(|line| String::from(line.trim_start())).filter(|line| !line.is_empty()).collect(),
            (None, None) if self.by_line => text.lines().filter(|line| !line.trim().is_empty()).map(String::from).collect(),
            (None, None) => words(text)?,
        };
        if let Some(pattern) = &self.replace {
            let one = |item: &String| self.command.iter().map(|word| word.replace(pattern.as_str(), item)).collect();
            return Ok(items.iter().map(one).collect());
        }
        let mut queue = VecDeque::new();
        if items.is_empty() && self.empty_runs {
            queue.push_back(self.command.clone());
        }
        // A command line of real xargs takes about 128 KiB.
        for chunk in items.chunks(self.most.min(5_000)) {
            let mut command = self.command.clone();
            for item in chunk {
                if self.by_line { command.extend(words(item)?) } else { command.push(item.clone()) }
            }
            queue.push_back(command);
        }
        Ok(queue)
    }

    fn note(&mut self, status: i32) {
        match status {
            0 => {}
            126 | 127 => self.status = status,
            255 => self.status = 124,
            _ if self.status == 0 => self.status = 123,
            _ => {}
        }
    }

    /// What the commands read: nothing.
    fn with_no_input<R>(io: &mut Io<'_>, work: impl FnOnce(&mut Io<'_>) -> R) -> R {
        let mut empty = Pipe::empty();
        work(&mut io.reading(&mut empty))
    }
}

impl Process for Xargs {
    fn poll(&mut self, io: &mut Io<'_>) -> Poll {
        if self.queue.is_none() {
            let Some(text) = io.stdin.take_all() else { return Poll::Wait(Wake::Input) };
            match self.fill(&text) {
                Ok(queue) => self.queue = Some(queue),
                Err(kind) => {
                    io.err(&alloc::format!(
                        "xargs: unmatched {kind} quote; by default quotes are special to xargs unless you use the -0 option\n"
                    ));
                    return Poll::Done(1);
                }
            }
        }
        for _ in 0..MAX_RUNS {
            if let Some(process) = &mut self.running {
                match Xargs::with_no_input(io, |io| process.poll(io)) {
                    Poll::Wait(wake) => return Poll::Wait(wake),
                    Poll::Done(status) => {
                        self.running = None;
                        self.note(status);
                    }
                }
            }
            let Some(command) = self.queue.as_mut().and_then(VecDeque::pop_front) else { return Poll::Done(self.status) };
            if self.trace {
                io.err(&alloc::format!("{}\n", command.join(" ")));
            }
            match Xargs::with_no_input(io, |io| program("xargs", &command, io)) {
                Started::Done(status) => {
                    self.note(status);
                    if matches!(status, 126 | 127) {
                        return Poll::Done(status);
                    }
                }
                Started::Run(process) => self.running = Some(process),
            }
        }
        Poll::Wait(Wake::At(io.now))
    }

    fn boxed_clone(&self) -> Box<dyn Process> {
        Box::new(Xargs {
            command: self.command.clone(),
            replace: self.replace.clone(),
            most: self.most,
            by_line: self.by_line,
            separator: self.separator,
            empty_runs: self.empty_runs,
            trace: self.trace,
            queue: self.queue.clone(),
            running: self.running.clone(),
            status: self.status,
        })
    }

    fn interrupt(&mut self) -> OnInterrupt {
        OnInterrupt::Dies
    }

    fn abandon(&mut self, host: &mut dyn Host) {
        if let Some(process) = &mut self.running {
            process.abandon(host);
        }
    }
}
