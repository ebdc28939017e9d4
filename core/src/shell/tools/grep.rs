//! `grep`, `egrep`, `fgrep`

use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::args::{Accepts, Opts, parse};
use super::lines::{self, Filter, Flow};
use crate::shell::process::{Io, Output, Started, Stream};
use crate::text::regex::{Regex, Syntax};

const ACCEPTS: Accepts = Accepts {
    tool: "grep",
    short: "ivcnowqlLhHrREFGPxsaze:f:A:B:C:m:zyK",
    long: &[
        ("ignore-case", 'i'),
        ("invert-match", 'v'),
        ("count", 'c'),
        ("line-number", 'n'),
        ("only-matching", 'o'),
        ("word-regexp", 'w'),
        ("quiet", 'q'),
        ("silent", 'q'),
        ("files-with-matches", 'l'),
        ("files-without-match", 'L'),
        ("no-filename", 'h'),
        ("with-filename", 'H'),
        ("recursive", 'r'),
        ("extended-regexp", 'E'),
        ("fixed-strings", 'F'),
        ("perl-regexp", 'P'),
        ("line-regexp", 'x'),
        ("no-messages", 's'),
        ("regexp", 'e'),
        ("file", 'f'),
        ("after-context", 'A'),
        ("before-context", 'B'),
        ("context", 'C'),
        ("max-count", 'm'),
        ("color", 'K'),
        ("colour", 'K'),
        ("line-buffered", 'K'),
    ],
    first_operand_ends: false,
    status: 2,
};

#[derive(Clone)]
struct Grep {
    patterns: Rc<[Regex]>,
    invert: bool,
    word: bool,
    whole: bool,
    count: bool,
    number: bool,
    only: bool,
    quiet: bool,
    list: Option<bool>,
    name: bool,
    color: bool,
    after: usize,
    before: usize,
    most: usize,
    file: String,
    line: usize,
    found: usize,
    any: bool,
    listed: bool,
    open: bool,
    kept: VecDeque<(usize, String)>,
    trailing: usize,
    last_shown: usize,
}

pub(super) fn egrep(args: &[String], io: &mut Io<'_>) -> Started {
    with(args, Some(Syntax::Extended), io)
}

pub(super) fn fgrep(args: &[String], io: &mut Io<'_>) -> Started {
    with(args, Some(Syntax::Fixed), io)
}

pub(super) fn start(args: &[String], io: &mut Io<'_>) -> Started {
    with(args, None, io)
}

/// `-5` as `-C 5`.
fn context_args(args: &[String]) -> Vec<String> {
    args.iter()
        .map(|arg| match arg.strip_prefix('-') {
            Some(digits) if !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit()) => alloc::format!("-C{digits}"),
            _ => arg.clone(),
        })
        .collect()
}

fn with(args: &[String], syntax: Option<Syntax>, io: &mut Io<'_>) -> Started {
    let opts = match parse(&ACCEPTS, &context_args(args), io) {
        Ok(opts) => opts,
        Err(status) => return Started::Done(status),
    };
    let mut files = opts.rest.clone();
    let mut texts: Vec<String> = opts.values('e').map(String::from).collect();
    for file in opts.values('f') {
        let path = io.path(file);
        match io.fs.read(&path) {
            Ok(text) => texts.extend(text.lines().map(String::from)),
            Err(error) => {
                io.err(&alloc::format!("grep: {file}: {}\n", error.text()));
                return Started::Done(2);
            }
        }
    }
    if texts.is_empty() && !opts.has('f') {
        if files.is_empty() {
            io.err("Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n");
            return Started::Done(2);
        }
        texts.push(files.remove(0));
    }
    let syntax = syntax.unwrap_or(if opts.has('F') {
        Syntax::Fixed
    } else if opts.has('E') || opts.has('P') {
        Syntax::Extended
    } else {
        Syntax::Basic
    });
    let mut patterns = Vec::new();
    for text in texts.iter().flat_map(|text| text.split('\n')) {
        match Regex::new(text, syntax, opts.has('i') || opts.has('y')) {
            Ok(regex) => patterns.push(regex),
            Err(message) => {
                io.err(&alloc::format!("grep: {message}\n"));
                return Started::Done(2);
            }
        }
    }
    let recursive = opts.has('r') || opts.has('R');
    let mut status = 0;
    if recursive {
        if files.is_empty() {
            files.push(String::from("."));
        }
        files = expand_dirs(&files, io);
    } else {
        let mut kept = Vec::new();
        for file in files.drain(..) {
            let path = io.path(&file);
            if file != "-" && io.fs.is_dir(&path) {
                if !opts.has('s') {
                    io.err(&alloc::format!("grep: {file}: Is a directory\n"));
                }
                status = 2;
            } else {
                kept.push(file);
            }
        }
        if kept.is_empty() && status != 0 {
            return Started::Done(status);
        }
        files = kept;
    }
    match build(&opts, patterns, recursive || files.len() > 1, io) {
        Ok(grep) => lines::start_quiet("grep", Box::new(grep), &files, 2, opts.has('s'), io),
        Err(status) => Started::Done(status),
    }
}

fn build(opts: &Opts, patterns: Vec<Regex>, many: bool, io: &mut Io<'_>) -> Result<Grep, i32> {
    let mut number = |flag: char| match opts.value(flag) {
        None => Ok(None),
        Some(text) => match text.parse::<usize>() {
            Ok(value) => Ok(Some(value)),
            Err(_) if flag == 'm' => {
                io.err("grep: invalid max count\n");
                Err(2)
            }
            Err(_) => {
                io.err(&alloc::format!("grep: {text}: invalid context length argument\n"));
                Err(2)
            }
        },
    };
    let context = number('C')?.unwrap_or(0);
    let after = number('A')?.unwrap_or(context);
    let before = number('B')?.unwrap_or(context);
    let most = number('m')?.unwrap_or(usize::MAX);
    let color = opts.values('K').any(|when| matches!(when, "always"))
        || (io.stdout_is_terminal && opts.values('K').any(|when| matches!(when, "" | "auto")));
    Ok(Grep {
        patterns: Rc::from(patterns),
        invert: opts.has('v'),
        word: opts.has('w'),
        whole: opts.has('x'),
        count: opts.has('c'),
        number: opts.has('n'),
        only: opts.has('o'),
        quiet: opts.has('q'),
        list: if opts.has('l') { Some(true) } else { opts.has('L').then_some(false) },
        name: (many && !opts.has('h')) || opts.has('H'),
        color,
        after,
        before,
        most,
        file: String::new(),
        line: 0,
        found: 0,
        any: false,
        listed: false,
        open: false,
        kept: VecDeque::new(),
        trailing: 0,
        last_shown: 0,
    })
}

fn expand_dirs(names: &[String], io: &Io<'_>) -> Vec<String> {
    let mut out = Vec::new();
    let mut todo: Vec<String> = names.iter().rev().cloned().collect();
    while let Some(name) = todo.pop() {
        let path = io.path(&name);
        match io.fs.list(&path) {
            Ok(entries) if out.len() < 10_000 => {
                for (entry, _) in entries.iter().rev() {
                    let base = name.trim_end_matches('/');
                    todo.push(if name == "." && names.is_empty() { String::from(&**entry) } else { alloc::format!("{base}/{entry}") });
                }
            }
            _ => out.push(name),
        }
    }
    out
}

impl Grep {
    /// The first match at or after a place that the options allow.
    fn find(&self, line: &str, from: usize) -> Option<(usize, usize)> {
        let mut best: Option<(usize, usize)> = None;
        for regex in self.patterns.iter() {
            let mut at = from;
            while let Some((start, end)) = regex.find(line, at) {
                let boundary = |c: Option<char>| !c.is_some_and(|c| c == '_' || c.is_alphanumeric());
                let before = line.get(..start).and_then(|text| text.chars().next_back());
                let after = line.get(end..).and_then(|text| text.chars().next());
                let fits = (!self.word || (boundary(before) && boundary(after))) && (!self.whole || (start == 0 && end == line.len()));
                if fits {
                    if best.is_none_or(|(old_start, old_end)| start < old_start || (start == old_start && end > old_end)) {
                        best = Some((start, end));
                    }
                    break;
                }
                let step = line.get(start..).and_then(|text| text.chars().next()).map_or(1, char::len_utf8);
                at = start + step;
                if at > line.len() {
                    break;
                }
            }
        }
        best
    }

    fn prefix(&self, number: usize, separator: char) -> String {
        let mut text = String::new();
        if self.name {
            text.push_str(&self.file);
            text.push(separator);
        }
        if self.number {
            text.push_str(&alloc::format!("{number}{separator}"));
        }
        text
    }

    fn show(&mut self, number: usize, line: &str, separator: char, output: &mut Output) {
        let mut text = String::new();
        if (self.after > 0 || self.before > 0) && self.last_shown != 0 && number > self.last_shown + 1 {
            text.push_str("--\n");
        }
        self.last_shown = number;
        text.push_str(&self.prefix(number, separator));
        if self.color && separator == ':' && !self.invert {
            let mut at = 0;
            while let Some((start, end)) = self.find(line, at).filter(|(start, end)| end > start) {
                text.push_str(line.get(at..start).unwrap_or_default());
                text.push_str("\x1b[01;31m\x1b[K");
                text.push_str(line.get(start..end).unwrap_or_default());
                text.push_str("\x1b[m\x1b[K");
                at = end;
            }
            text.push_str(line.get(at..).unwrap_or_default());
        } else {
            text.push_str(line);
        }
        text.push('\n');
        output.write(Stream::Out, &text);
    }

    fn close(&mut self, output: &mut Output) {
        if !core::mem::take(&mut self.open) {
            return;
        }
        let matched = self.found > 0;
        match self.list {
            Some(wanted) if matched == wanted && !self.quiet => {
                output.write(Stream::Out, &alloc::format!("{}\n", self.file));
                self.listed |= !wanted;
            }
            Some(_) => {}
            None if self.count && !self.quiet => {
                let name = if self.name { alloc::format!("{}:", self.file) } else { String::new() };
                output.write(Stream::Out, &alloc::format!("{name}{}\n", self.found));
            }
            None => {}
        }
    }
}

impl Filter for Grep {
    fn begin(&mut self, name: &str, output: &mut Output) {
        self.close(output);
        self.file = String::from(if name == "-" { "(standard input)" } else { name });
        self.open = true;
        self.line = 0;
        self.found = 0;
        self.trailing = 0;
        self.kept.clear();
        if self.last_shown != 0 {
            // Groups of different files are set apart too.
            self.last_shown = usize::MAX - 1;
        }
    }

    fn line(&mut self, line: &str, _newline: bool, _last: bool, output: &mut Output) -> Flow {
        if self.found >= self.most {
            if self.trailing == 0 {
                return Flow::NextFile;
            }
            self.line += 1;
            self.trailing -= 1;
            self.show(self.line, line, '-', output);
            return Flow::More;
        }
        self.line += 1;
        if self.last_shown == usize::MAX - 1 {
            self.last_shown = 0;
        }
        let first = self.find(line, 0);
        let matched = first.is_some() != self.invert;
        let silent = self.quiet || self.count || self.list.is_some();
        if !matched {
            if self.trailing > 0 && !silent {
                self.trailing -= 1;
                self.show(self.line, line, '-', output);
            } else if self.before > 0 && !silent {
                self.kept.push_back((self.line, String::from(line)));
                if self.kept.len() > self.before {
                    self.kept.pop_front();
                }
            }
            return Flow::More;
        }
        self.found += 1;
        self.any = true;
        if self.quiet {
            return Flow::Stop;
        }
        if self.list.is_some() {
            return Flow::NextFile;
        }
        if self.count {
            return if self.found >= self.most { Flow::NextFile } else { Flow::More };
        }
        if self.only {
            let mut at = 0;
            while let Some((start, end)) = if self.invert { None } else { self.find(line, at) } {
                if end > start {
                    let text = alloc::format!("{}{}\n", self.prefix(self.line, ':'), line.get(start..end).unwrap_or_default());
                    output.write(Stream::Out, &text);
                    at = end;
                } else {
                    at = end + line.get(end..).and_then(|text| text.chars().next()).map_or(1, char::len_utf8);
                }
                if at > line.len() {
                    break;
                }
            }
        } else {
            while let Some((number, text)) = self.kept.pop_front() {
                self.show(number, &text, '-', output);
            }
            self.show(self.line, line, ':', output);
            self.trailing = self.after;
        }
        if self.found >= self.most && self.trailing == 0 { Flow::NextFile } else { Flow::More }
    }

    fn end(&mut self, output: &mut Output) -> i32 {
        self.close(output);
        let success = if self.list == Some(false) { self.listed } else { self.any };
        i32::from(!success)
    }

    fn boxed_clone(&self) -> Box<dyn Filter> {
        Box::new(self.clone())
    }
}
