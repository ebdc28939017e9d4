//! Tools that read lines: the process that feeds them from files or standard input as text arrives.

use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::string::String;

use crate::shell::process::{Io, Output, Pipe, Poll, Process, Started, Wake};
use crate::time::Instant;

/// How many lines one poll handles before others have their turn.
const LINES_PER_POLL: usize = 20_000;

/// What a tool wants next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// The next line.
    More,
    /// No more of this file.
    NextFile,
    /// Nothing more; `end` is still called.
    Stop,
}

/// A tool that reads lines.
pub trait Filter {
    /// A new input begins: a file's name, or `-`.
    fn begin(&mut self, name: &str, output: &mut Output) {
        let _ = (name, output);
    }

    /// A line without its newline; whether it had one; whether it is known to be the very last.
    fn line(&mut self, line: &str, newline: bool, last: bool, output: &mut Output) -> Flow;

    /// An input is over.
    fn finish(&mut self, output: &mut Output) -> Flow {
        let _ = output;
        Flow::More
    }

    /// Everything is over; the exit code, unless a file could not be read.
    fn end(&mut self, output: &mut Output) -> i32;

    /// Whether `last` matters (it costs waiting for one more line).
    fn needs_last(&self) -> bool {
        false
    }

    /// Does what needs more than its output: called after each turn.
    fn settle(&mut self, io: &mut Io<'_>) {
        let _ = io;
    }

    /// The tool as it is now.
    fn boxed_clone(&self) -> Box<dyn Filter>;
}

/// A filter with its inputs.
pub struct Lines {
    tool: &'static str,
    filter: Box<dyn Filter>,
    inputs: VecDeque<String>,
    current: Option<Source>,
    held: Option<(String, bool)>,
    stopped: bool,
    failed: i32,
    /// The status if a file cannot be read.
    fail_status: i32,
    quiet: bool,
}

#[derive(Clone)]
enum Source {
    Stdin,
    Text(Pipe),
}

impl Clone for Lines {
    fn clone(&self) -> Self {
        Lines {
            tool: self.tool,
            filter: self.filter.boxed_clone(),
            inputs: self.inputs.clone(),
            current: self.current.clone(),
            held: self.held.clone(),
            stopped: self.stopped,
            failed: self.failed,
            fail_status: self.fail_status,
            quiet: self.quiet,
        }
    }
}

/// Starts a filter over files, or standard input if there are none.
pub fn start(tool: &'static str, filter: Box<dyn Filter>, files: &[String], fail_status: i32, io: &mut Io<'_>) -> Started {
    start_quiet(tool, filter, files, fail_status, false, io)
}

/// [`start`], saying nothing about files that cannot be read if `quiet`.
pub fn start_quiet(
    tool: &'static str,
    filter: Box<dyn Filter>,
    files: &[String],
    fail_status: i32,
    quiet: bool,
    io: &mut Io<'_>,
) -> Started {
    let mut inputs: VecDeque<String> = files.iter().cloned().collect();
    if inputs.is_empty() {
        inputs.push_back(String::from("-"));
    }
    let mut lines = Lines { tool, filter, inputs, current: None, held: None, stopped: false, failed: 0, fail_status, quiet };
    match lines.poll(io) {
        Poll::Done(status) => Started::Done(status),
        Poll::Wait(_) => Started::Run(Box::new(lines)),
    }
}

impl Lines {
    /// Opens the next input. False if there is none.
    fn open(&mut self, io: &mut Io<'_>) -> bool {
        while let Some(name) = self.inputs.pop_front() {
            if name == "-" || name == "/dev/stdin" {
                self.filter.begin("-", io.output);
                self.current = Some(Source::Stdin);
                return true;
            }
            if name == "/dev/null" {
                self.filter.begin(&name, io.output);
                self.current = Some(Source::Text(Pipe::empty()));
                return true;
            }
            let path = io.path(&name);
            match io.fs.read(&path) {
                Ok(text) => {
                    self.filter.begin(&name, io.output);
                    self.current = Some(Source::Text(Pipe::holding(String::from(text.as_str()))));
                    return true;
                }
                Err(error) => {
                    self.failed = self.fail_status;
                    if !self.quiet {
                        let text = match self.tool {
                            "cat" | "tail" | "uniq" | "more" | "md5sum" | "sha256sum" if io.host.is_busybox() => {
                                alloc::format!("{}: can't open '{name}': {}\n", self.tool, error.text())
                            }
                            tool if io.host.is_busybox() => alloc::format!("{tool}: {name}: {}\n", error.text()),
                            tool => message(tool, &name, error),
                        };
                        io.err(&text);
                    }
                }
            }
        }
        false
    }

    fn give(&mut self, line: &str, last: bool, io: &mut Io<'_>) -> Flow {
        let (text, newline) = line.strip_suffix('\n').map_or((line, false), |text| (text, true));
        self.filter.line(text, newline, last, io.output)
    }

    fn obey(&mut self, flow: Flow) {
        match flow {
            Flow::More => {}
            Flow::NextFile => self.current = None,
            Flow::Stop => self.stopped = true,
        }
    }
}

fn message(tool: &str, name: &str, error: crate::text::fs::FsError) -> String {
    use crate::text::fs::FsError::IsADirectory;
    match (tool, error) {
        ("head" | "tail", IsADirectory) => alloc::format!("{tool}: error reading '{name}': {}\n", error.text()),
        ("head" | "tail", _) => alloc::format!("{tool}: cannot open '{name}' for reading: {}\n", error.text()),
        ("sed", IsADirectory) => alloc::format!("sed: couldn't edit {name}: not a regular file\n"),
        ("sed", _) => alloc::format!("sed: can't read {name}: {}\n", error.text()),
        ("sort", IsADirectory) => alloc::format!("sort: read failed: {name}: {}\n", error.text()),
        ("sort", _) => alloc::format!("sort: cannot read: {name}: {}\n", error.text()),
        ("awk", _) => alloc::format!("awk: cannot open \"{name}\" ({})\n", error.text()),
        _ => alloc::format!("{tool}: {name}: {}\n", error.text()),
    }
}

impl Process for Lines {
    fn poll(&mut self, io: &mut Io<'_>) -> Poll {
        let poll = self.turn(io);
        self.filter.settle(io);
        poll
    }

    fn boxed_clone(&self) -> Box<dyn Process> {
        Box::new(self.clone())
    }
}

impl Lines {
    fn turn(&mut self, io: &mut Io<'_>) -> Poll {
        let needs_last = self.filter.needs_last();
        for _ in 0..LINES_PER_POLL {
            if self.stopped {
                break;
            }
            if self.current.is_none() && !self.open(io) {
                if let Some((line, _)) = self.held.take() {
                    let flow = self.give(&line, true, io);
                    self.obey(flow);
                }
                self.stopped = true;
                break;
            }
            let pipe: &mut Pipe = match &mut self.current {
                Some(Source::Text(pipe)) => pipe,
                _ => io.stdin,
            };
            let Some(line) = pipe.take_line() else {
                if pipe.is_closed() {
                    self.current = None;
                    let flow = self.filter.finish(io.output);
                    if flow == Flow::Stop {
                        self.stopped = true;
                    }
                    continue;
                }
                return Poll::Wait(Wake::Input);
            };
            let line = if needs_last {
                match self.held.replace((line, true)) {
                    Some((before, _)) => before,
                    None => continue,
                }
            } else {
                line
            };
            let flow = self.give(&line, false, io);
            self.obey(flow);
        }
        if !self.stopped {
            return Poll::Wait(Wake::At(Instant(io.now.0)));
        }
        let status = self.filter.end(io.output);
        Poll::Done(if self.failed != 0 { self.failed } else { status })
    }
}

/// Runs a filter over a text at once (`sed -i`).
pub fn over(filter: &mut dyn Filter, name: &str, text: &str) -> (Output, i32) {
    let mut output = Output::default();
    filter.begin(name, &mut output);
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        let last = lines.peek().is_none();
        let (text, newline) = line.strip_suffix('\n').map_or((line, false), |text| (text, true));
        if filter.line(text, newline, last, &mut output) == Flow::Stop {
            // What was not looked at stays.
            for rest in lines {
                output.write(crate::shell::process::Stream::Out, rest);
            }
            break;
        }
    }
    let status = filter.end(&mut output);
    (output, status)
}
