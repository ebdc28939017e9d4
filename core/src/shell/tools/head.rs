//! `head` and `tail`

use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::string::String;

use super::args::{Accepts, old_style_count, parse};
use super::lines::{self, Filter, Flow};
use crate::shell::process::{Io, Output, Poll, Process, Started, Stream, Wake};

const HEAD: Accepts = Accepts {
    tool: "head",
    short: "n:c:qv",
    long: &[("lines", 'n'), ("bytes", 'c'), ("quiet", 'q'), ("silent", 'q'), ("verbose", 'v')],
    first_operand_ends: false,
    status: 1,
};

const TAIL: Accepts = Accepts {
    tool: "tail",
    short: "n:c:qvfF",
    long: &[("lines", 'n'), ("bytes", 'c'), ("quiet", 'q'), ("silent", 'q'), ("verbose", 'v'), ("follow", 'f')],
    first_operand_ends: false,
    status: 1,
};

/// What `-n` and `-c` say: a count, and whether a sign turns it round (`head -n -2`, `tail -n +3`).
#[derive(Clone, Copy)]
struct Count {
    count: usize,
    turned: bool,
    bytes: bool,
}

#[derive(Clone)]
struct Titles {
    show: bool,
    first: bool,
}

impl Titles {
    fn begin(&mut self, name: &str, output: &mut Output) {
        if !self.show {
            return;
        }
        let name = if name == "-" { "standard input" } else { name };
        let blank = if self.first { "" } else { "\n" };
        self.first = false;
        output.write(Stream::Out, &alloc::format!("{blank}==> {name} <==\n"));
    }
}

fn count(opts: &super::args::Opts, tool: &str, sign: char, io: &mut Io<'_>) -> Result<Count, i32> {
    let (bytes, text) = match (opts.value('c'), opts.value('n')) {
        (Some(text), _) => (true, text),
        (None, Some(text)) => (false, text),
        (None, None) => return Ok(Count { count: 10, turned: false, bytes: false }),
    };
    let digits = text.strip_prefix(sign);
    let plain = digits.unwrap_or_else(|| text.strip_prefix(['-', '+']).unwrap_or(text));
    let (plain_digits, factor) = match plain.strip_suffix(['k', 'K']) {
        Some(digits) => (digits, 1024),
        None => (plain, 1),
    };
    match plain_digits.parse::<usize>() {
        Ok(count) => Ok(Count { count: count.saturating_mul(factor), turned: digits.is_some(), bytes }),
        Err(_) => {
            let what = if bytes { "bytes" } else { "lines" };
            io.err(&alloc::format!("{tool}: invalid number of {what}: '{text}'\n"));
            Err(1)
        }
    }
}

pub(super) fn head(args: &[String], io: &mut Io<'_>) -> Started {
    let begun = parse(&HEAD, &old_style_count(args), io).and_then(|opts| count(&opts, "head", '-', io).map(|count| (opts, count)));
    let (opts, count) = match begun {
        Ok(begun) => begun,
        Err(status) => return Started::Done(status),
    };
    let titles = Titles { show: opts.has('v') || (opts.rest.len() > 1 && !opts.has('q')), first: true };
    let filter = Head { count, left: count.count, kept: VecDeque::new(), titles, files: opts.rest.len().max(1) };
    lines::start("head", Box::new(filter), &opts.rest, 1, io)
}

#[derive(Clone)]
struct Head {
    count: Count,
    left: usize,
    kept: VecDeque<String>,
    titles: Titles,
    files: usize,
}

impl Filter for Head {
    fn begin(&mut self, name: &str, output: &mut Output) {
        self.titles.begin(name, output);
        self.left = self.count.count;
        self.kept.clear();
        self.files = self.files.saturating_sub(1);
    }

    fn line(&mut self, line: &str, newline: bool, _last: bool, output: &mut Output) -> Flow {
        let over = if self.files == 0 { Flow::Stop } else { Flow::NextFile };
        let mut text = String::from(line);
        if newline {
            text.push('\n');
        }
        if self.count.turned && self.count.bytes {
            self.kept.push_back(text);
            return Flow::More;
        }
        if self.count.turned {
            self.kept.push_back(text);
            if self.kept.len() > self.left
                && let Some(text) = self.kept.pop_front()
            {
                output.write(Stream::Out, &text);
            }
            return Flow::More;
        }
        if self.left == 0 {
            return over;
        }
        if self.count.bytes {
            let end = (0..=self.left.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            output.write(Stream::Out, text.get(..end).unwrap_or_default());
            self.left = self.left.saturating_sub(text.len());
        } else {
            output.write(Stream::Out, &text);
            self.left -= 1;
        }
        if self.left == 0 { over } else { Flow::More }
    }

    fn finish(&mut self, output: &mut Output) -> Flow {
        if self.count.turned && self.count.bytes {
            let text: String = self.kept.drain(..).collect();
            let end = text.len().saturating_sub(self.count.count);
            let end = (0..=end).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            output.write(Stream::Out, text.get(..end).unwrap_or_default());
        }
        Flow::More
    }

    fn end(&mut self, _output: &mut Output) -> i32 {
        0
    }

    fn boxed_clone(&self) -> Box<dyn Filter> {
        Box::new(self.clone())
    }
}

pub(super) fn tail(args: &[String], io: &mut Io<'_>) -> Started {
    // `tail +3` of old.
    let mut words = old_style_count(args);
    if let Some(digits) = args.first().and_then(|arg| arg.strip_prefix('+')).filter(|text| text.parse::<u32>().is_ok()) {
        words.splice(..1, [String::from("-n"), ["+", digits].concat()]);
    }
    let begun = parse(&TAIL, &words, io).and_then(|opts| count(&opts, "tail", '+', io).map(|count| (opts, count)));
    let (opts, count) = match begun {
        Ok(begun) => begun,
        Err(status) => return Started::Done(status),
    };
    let titles = Titles { show: opts.has('v') || (opts.rest.len() > 1 && !opts.has('q')), first: true };
    let filter = Tail { count, seen: 0, kept: VecDeque::new(), titles };
    let started = lines::start("tail", Box::new(filter), &opts.rest, 1, io);
    match (started, opts.rest.last()) {
        (Started::Done(status), Some(file)) if opts.has('F') || status == 0 && opts.has('f') => {
            let (name, path) = (file.clone(), io.path(file));
            let seen = io.fs.read(&path).map_or(0, |text| text.len());
            Started::Run(Box::new(Follow { missing: status != 0, name, path, seen }))
        }
        (started, _) => started,
    }
}

#[derive(Clone)]
struct Tail {
    count: Count,
    seen: usize,
    kept: VecDeque<String>,
    titles: Titles,
}

impl Filter for Tail {
    fn begin(&mut self, name: &str, output: &mut Output) {
        self.titles.begin(name, output);
        self.seen = 0;
        self.kept.clear();
    }

    fn line(&mut self, line: &str, newline: bool, _last: bool, output: &mut Output) -> Flow {
        let mut text = String::from(line);
        if newline {
            text.push('\n');
        }
        self.seen += 1;
        if self.count.turned && !self.count.bytes {
            if self.seen >= self.count.count {
                output.write(Stream::Out, &text);
            }
            return Flow::More;
        }
        self.kept.push_back(text);
        if !self.count.bytes && self.kept.len() > self.count.count {
            self.kept.pop_front();
        }
        Flow::More
    }

    fn finish(&mut self, output: &mut Output) -> Flow {
        let mut text: String = self.kept.drain(..).collect();
        if self.count.bytes {
            let from = if self.count.turned { self.count.count.saturating_sub(1) } else { text.len().saturating_sub(self.count.count) };
            let from = (from..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
            text = String::from(text.get(from..).unwrap_or_default());
        }
        output.write(Stream::Out, &text);
        Flow::More
    }

    fn end(&mut self, _output: &mut Output) -> i32 {
        0
    }

    fn boxed_clone(&self) -> Box<dyn Filter> {
        Box::new(self.clone())
    }
}

/// `tail -f`: shows what is added to a file, and `tail -F` waits for one that is not there.
#[derive(Clone)]
struct Follow {
    name: String,
    missing: bool,
    path: String,
    seen: usize,
}

impl Process for Follow {
    fn poll(&mut self, io: &mut Io<'_>) -> Poll {
        if let Ok(text) = io.fs.read(&self.path) {
            if core::mem::replace(&mut self.missing, false) {
                let name = &self.name;
                let text = match io.host.is_busybox() {
                    true => alloc::format!("tail: {name} has appeared; following end of new file\n"),
                    false => alloc::format!("tail: '{name}' has appeared;  following new file\n"),
                };
                io.err(&text);
            }
            if text.len() < self.seen {
                self.seen = 0;
            }
            io.out(text.get(self.seen..).unwrap_or_default());
            self.seen = text.len();
        }
        Poll::Wait(Wake::AtOrChange(io.now + 1000))
    }

    fn boxed_clone(&self) -> Box<dyn Process> {
        Box::new(self.clone())
    }
}
