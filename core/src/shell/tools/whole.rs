//! Tools that need their inputs whole: `column`, `comm`, `shuf`. Never: those that work line by line (`lines`).

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::args::{Accepts, Opts, parse};
use crate::shell::process::{Io, Poll, Process, Started, Wake};

/// What a tool does with its texts.
pub(super) type Work = fn(&Opts, &[String], &mut Io<'_>) -> i32;

/// A tool that waits for the end of standard input.
#[derive(Clone)]
struct Whole {
    tool: &'static str,
    accepts: &'static Accepts,
    args: Vec<String>,
    files: Vec<String>,
    work: Work,
}

impl Whole {
    fn finish(&self, stdin: &str, io: &mut Io<'_>) -> i32 {
        let Ok(opts) = parse(self.accepts, &self.args, io) else { return 1 };
        let mut texts = Vec::new();
        for name in &self.files {
            if name == "-" {
                texts.push(String::from(stdin));
                continue;
            }
            match io.fs.read(&io.path(name)) {
                Ok(text) => texts.push(String::from(text.as_str())),
                Err(error) => {
                    let text = match self.tool {
                        "tac" => alloc::format!("tac: failed to open '{name}' for reading: {}\n", error.text()),
                        tool => alloc::format!("{tool}: {name}: {}\n", error.text()),
                    };
                    io.err(&text);
                    return 1;
                }
            }
        }
        (self.work)(&opts, &texts, io)
    }
}

impl Process for Whole {
    fn poll(&mut self, io: &mut Io<'_>) -> Poll {
        match io.stdin.take_all() {
            Some(text) => Poll::Done(self.finish(&text, io)),
            None => Poll::Wait(Wake::Input),
        }
    }

    fn boxed_clone(&self) -> Box<dyn Process> {
        Box::new(self.clone())
    }
}

pub(in crate::shell::tools) fn start(
    accepts: &'static Accepts,
    args: &[String],
    files: Vec<String>,
    work: Work,
    io: &mut Io<'_>,
) -> Started {
    let whole = Whole { tool: accepts.tool, accepts, args: args.to_vec(), files, work };
    if whole.files.iter().any(|name| name == "-") {
        return Started::Run(Box::new(whole));
    }
    Started::Done(whole.finish("", io))
}

/// A tool over files, or standard input if there are none.
pub(super) fn filter(accepts: &'static Accepts, args: &[String], work: Work, io: &mut Io<'_>) -> Started {
    let opts = match parse(accepts, args, io) {
        Ok(opts) => opts,
        Err(status) => return Started::Done(status),
    };
    let files = if opts.rest.is_empty() { Vec::from([String::from("-")]) } else { opts.rest };
    start(accepts, args, files, work, io)
}

const COLUMN: Accepts = Accepts {
    tool: "column",
    short: "ts:o:N:R:c:nex",
    long: &[("table", 't'), ("separator", 's'), ("output-separator", 'o'), ("table-columns", 'N'), ("table-right", 'R')],
    first_operand_ends: false,
    status: 1,
};

/// `column [-t] [-s SEP] [-o SEP] [-N NAMES] [FILE]...`
pub(super) fn column(args: &[String], io: &mut Io<'_>) -> Started {
    filter(&COLUMN, args, columns, io)
}

fn columns(opts: &Opts, texts: &[String], io: &mut Io<'_>) -> i32 {
    let lines = texts.iter().flat_map(|text| text.lines()).filter(|line| !line.trim().is_empty());
    let mut rows: Vec<Vec<&str>> = if opts.has('t') {
        lines
            .map(|line| match opts.value('s') {
                Some(separators) => line.split(|c| separators.contains(c)).collect(),
                None => line.split_whitespace().collect(),
            })
            .collect()
    } else {
        let all: Vec<&str> = lines.collect();
        return fill(&all, io);
    };
    if let Some(names) = opts.value('N') {
        rows.insert(0, names.split(',').collect());
    }
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..count).map(width).collect();
    let right: Vec<usize> = opts.value('R').map(|list| list.split(',').filter_map(|n| n.parse().ok()).collect()).unwrap_or_default();
    let between = opts.value('o').unwrap_or("  ");
    for row in &rows {
        let mut line = String::new();
        for (at, width) in widths.iter().enumerate() {
            let cell = row.get(at).copied().unwrap_or_default();
            let blanks = core::iter::repeat_n(' ', width.saturating_sub(cell.chars().count()));
            let to_right = right.contains(&(at + 1));
            if to_right {
                line.extend(blanks.clone());
            }
            line.push_str(cell);
            // The last cell ends the line.
            if at + 1 < count {
                if !to_right {
                    line.extend(blanks);
                }
                line.push_str(between);
            }
        }
        line.push('\n');
        io.out(&line);
    }
    0
}

/// Without `-t`: as many columns as fit into 80, filled downwards, parted by tabs.
fn fill(all: &[&str], io: &mut Io<'_>) -> i32 {
    let widest = all.iter().map(|line| line.chars().count()).max().unwrap_or(0);
    let width = (widest / 8 + 1) * 8;
    let columns = (80 / width).max(1);
    let rows = all.len().div_ceil(columns);
    for row in 0..rows {
        let mut line = String::new();
        for column in 0..columns {
            let Some(cell) = all.get(column * rows + row) else { break };
            line.push_str(cell);
            if all.get((column + 1) * rows + row).is_some() {
                let length = cell.chars().count();
                line.extend(core::iter::repeat_n('\t', (width - length).div_ceil(8)));
            }
        }
        line.push('\n');
        io.out(&line);
    }
    0
}

const COMM: Accepts = Accepts { tool: "comm", short: "123o:", long: &[("output-delimiter", 'o')], first_operand_ends: false, status: 1 };

/// `comm [-123] FILE1 FILE2`
pub(super) fn comm(args: &[String], io: &mut Io<'_>) -> Started {
    let opts = match parse(&COMM, args, io) {
        Ok(opts) => opts,
        Err(status) => return Started::Done(status),
    };
    let wrong = match opts.rest.as_slice() {
        [] => String::from("missing operand"),
        [one] => alloc::format!("missing operand after '{one}'"),
        [_, _] => return start(&COMM, args, opts.rest.clone(), common, io),
        [_, _, extra, ..] => alloc::format!("extra operand '{extra}'"),
    };
    io.err(&alloc::format!("comm: {wrong}\nTry 'comm --help' for more information.\n"));
    Started::Done(1)
}

fn common(opts: &Opts, texts: &[String], io: &mut Io<'_>) -> i32 {
    let [first, second] = texts else { return 1 };
    let between = opts.value('o').unwrap_or("\t");
    let (mut left, mut right) = (first.lines().peekable(), second.lines().peekable());
    let mut disordered = [false; 2];
    loop {
        let (line, column) = match (left.peek().copied(), right.peek().copied()) {
            (None, None) => break,
            (Some(a), None) => (a, '1'),
            (None, Some(b)) => (b, '2'),
            (Some(a), Some(b)) => match a.cmp(b) {
                core::cmp::Ordering::Less => (a, '1'),
                core::cmp::Ordering::Greater => (b, '2'),
                core::cmp::Ordering::Equal => (a, '3'),
            },
        };
        if column != '2' {
            left.next();
            disordered[0] |= left.peek().is_some_and(|next| *next < line);
        }
        if column != '1' {
            right.next();
            disordered[1] |= right.peek().is_some_and(|next| *next < line);
        }
        if opts.has(column) {
            continue;
        }
        let before = ['1', '2'].iter().filter(|one| **one < column && !opts.has(**one)).count();
        io.out(&[&between.repeat(before), line, "\n"].concat());
    }
    for (at, wrong) in disordered.iter().enumerate() {
        if *wrong {
            io.err(&alloc::format!("comm: file {} is not in sorted order\n", at + 1));
        }
    }
    if disordered.contains(&true) {
        io.err("comm: input is not in sorted order\n");
        return 1;
    }
    0
}

const SHUF: Accepts = Accepts {
    tool: "shuf",
    short: "n:i:er",
    long: &[("head-count", 'n'), ("input-range", 'i'), ("echo", 'e')],
    first_operand_ends: false,
    status: 1,
};

/// `shuf [-n N] [-i A-B | -e WORD... | FILE]`
pub(super) fn shuf(args: &[String], io: &mut Io<'_>) -> Started {
    let opts = match parse(&SHUF, args, io) {
        Ok(opts) => opts,
        Err(status) => return Started::Done(status),
    };
    let files = match () {
        () if opts.has('e') || opts.has('i') => Vec::new(),
        () if opts.rest.is_empty() => Vec::from([String::from("-")]),
        () => opts.rest.clone(),
    };
    start(&SHUF, args, files, shuffle, io)
}

fn shuffle(opts: &Opts, texts: &[String], io: &mut Io<'_>) -> i32 {
    let mut all: Vec<String> = match opts.value('i') {
        Some(range) => {
            let ends = range.split_once('-').and_then(|(a, b)| Some((a.parse::<u64>().ok()?, b.parse::<u64>().ok()?)));
            let Some((from, to)) = ends.filter(|(from, to)| from <= to) else {
                io.err(&alloc::format!("shuf: invalid input range: '{range}'\n"));
                return 1;
            };
            (from..=to.min(from.saturating_add(100_000))).map(|n| alloc::format!("{n}")).collect()
        }
        None if opts.has('e') => opts.rest.clone(),
        None => texts.iter().flat_map(|text| text.lines()).map(String::from).collect(),
    };
    // The same at the same simulated moment, another order at another.
    let mut state = io.now.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    for at in (1..all.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        all.swap(at, (state >> 33) as usize % (at + 1));
    }
    let count = opts.value('n').and_then(|n| n.parse().ok()).unwrap_or(all.len());
    for line in all.iter().take(count) {
        io.out(line);
        io.out("\n");
    }
    0
}
