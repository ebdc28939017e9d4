//! `grep`, `egrep`, `fgrep`

mod search;

use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::args::{Accepts, Opts, parse};
use super::lines::{self};
use crate::shell::pattern::Pattern;
use crate::shell::process::{Io, Started};
use crate::text::fs::NodeKind;
use crate::text::regex::{Regex, Syntax};

use search::Grep;

const ACCEPTS: Accepts = Accepts {
    tool: "grep",
    short: "ivcnowqlLhHrREFGPxsazIUTe:f:A:B:C:m:y",
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
    let mut only = Only::default();
    let args: Vec<String> = context_args(args).into_iter().filter(|arg| !only.take(arg)).collect();
    let opts = match parse(&ACCEPTS, &args, io) {
        Ok(opts) => opts,
        Err(status) => return Started::Done(status),
    };
    let mut files = opts.rest.clone();
    let patterns = match patterns(&opts, &mut files, syntax, io) {
        Ok(patterns) => patterns,
        Err(status) => return Started::Done(status),
    };
    let recursive = opts.has('r') || opts.has('R');
    let mut status = 0;
    if recursive {
        if files.is_empty() {
            files.push(String::from("."));
        }
        files = expand_dirs(&files, &only, io);
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

/// The patterns, from flags, from files or the first operand; the error is the status to end with.
fn patterns(opts: &Opts, files: &mut Vec<String>, syntax: Option<Syntax>, io: &mut Io<'_>) -> Result<Vec<Regex>, i32> {
    let mut texts: Vec<String> = opts.values('e').map(String::from).collect();
    for file in opts.values('f') {
        let path = io.path(file);
        match io.fs.read(&path) {
            Ok(text) => texts.extend(text.lines().map(String::from)),
            Err(error) => {
                io.err(&alloc::format!("grep: {file}: {}\n", error.text()));
                return Err(2);
            }
        }
    }
    if texts.is_empty() && !opts.has('f') {
        if files.is_empty() {
            io.err("Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n");
            return Err(2);
        }
        texts.push(files.remove(0));
    }
    let syntax = syntax.unwrap_or(if opts.has('F') {
        Syntax::Fixed
    } else if opts.has('P') {
        Syntax::Perl
    } else if opts.has('E') {
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
                return Err(2);
            }
        }
    }
    Ok(patterns)
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

/// Which files a recursive search looks into.
#[derive(Default)]
struct Only {
    include: Vec<Pattern>,
    exclude: Vec<Pattern>,
    exclude_dir: Vec<Pattern>,
}

impl Only {
    /// Takes an option that is one of these.
    fn take(&mut self, arg: &str) -> bool {
        let Some((name, text)) = arg.split_once('=') else { return false };
        let list = match name {
            "--include" => &mut self.include,
            "--exclude" => &mut self.exclude,
            "--exclude-dir" => &mut self.exclude_dir,
            _ => return false,
        };
        list.push(Pattern::new(text));
        true
    }

    fn wants(&self, base: &str) -> bool {
        (self.include.is_empty() || self.include.iter().any(|one| one.matches(base))) && !self.exclude.iter().any(|one| one.matches(base))
    }
}

fn expand_dirs(names: &[String], only: &Only, io: &Io<'_>) -> Vec<String> {
    let mut out = Vec::new();
    let mut todo: Vec<String> = names.iter().rev().cloned().collect();
    while let Some(name) = todo.pop() {
        let path = io.path(&name);
        match io.fs.list(&path) {
            Ok(entries) if out.len() < 10_000 => {
                for (entry, stat) in entries.iter().rev() {
                    let dir = stat.kind == NodeKind::Dir;
                    if dir && only.exclude_dir.iter().any(|one| one.matches(entry)) || !dir && !only.wants(entry) {
                        continue;
                    }
                    let base = name.trim_end_matches('/');
                    todo.push(if name == "." && names.is_empty() { String::from(&**entry) } else { alloc::format!("{base}/{entry}") });
                }
            }
            _ => out.push(name),
        }
    }
    out
}
