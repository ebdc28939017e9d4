//! `cut` and `tr`: columns and characters of lines.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::args::{Accepts, parse};
use super::lines::{self, Filter, Flow};
use crate::shell::escape::{Style, unescape};
use crate::shell::process::{Io, Output, Poll, Process, Started, Stream, Wake};
use crate::text::regex::class_ranges;

const CUT: Accepts = Accepts {
    tool: "cut",
    short: "d:f:c:b:snC",
    long: &[
        ("delimiter", 'd'),
        ("fields", 'f'),
        ("characters", 'c'),
        ("bytes", 'b'),
        ("only-delimited", 's'),
        ("complement", 'C'),
        ("output-delimiter", 'o'),
    ],
    first_operand_ends: false,
    status: 1,
};

#[derive(Clone)]
struct Cut {
    ranges: Vec<(usize, usize)>,
    delimiter: Option<char>,
    output: Option<String>,
    only: bool,
    complement: bool,
}

pub(super) fn cut(args: &[String], io: &mut Io<'_>) -> Started {
    let mut output = None;
    let args: Vec<String> = args
        .iter()
        .filter(|arg| match arg.strip_prefix("--output-delimiter=") {
            Some(text) => {
                output = Some(String::from(text));
                false
            }
            None => true,
        })
        .cloned()
        .collect();
    let opts = match parse(&CUT, &args, io) {
        Ok(opts) => opts,
        Err(status) => return Started::Done(status),
    };
    let fail = |io: &mut Io<'_>, message: &str| {
        io.err(&alloc::format!("cut: {message}\nTry 'cut --help' for more information.\n"));
        Started::Done(1)
    };
    let fields = opts.value('f');
    let Some(list) = fields.or(opts.value('c')).or(opts.value('b')) else {
        return fail(io, "you must specify a list of bytes, characters, or fields");
    };
    let mut delimiter = None;
    if fields.is_some() {
        let mut chars = opts.value('d').unwrap_or("\t").chars();
        delimiter = chars.next();
        if chars.next().is_some() {
            return fail(io, "the delimiter must be a single character");
        }
    }
    if [fields.is_some(), opts.has('c'), opts.has('b')].iter().filter(|given| **given).count() > 1 {
        return fail(io, "only one list may be specified");
    }
    if fields.is_none() && opts.has('d') {
        return fail(io, "an input delimiter may be specified only when operating on fields");
    }
    let Some(ranges) = ranges(list) else {
        let zero = list.split([',', '-']).any(|part| part == "0");
        let falls = list
            .split(',')
            .filter_map(|part| part.split_once('-'))
            .any(|(from, to)| from.parse::<usize>().ok().zip(to.parse::<usize>().ok()).is_some_and(|(from, to)| to < from));
        return match (fields.is_some(), zero) {
            (true, true) => fail(io, "fields are numbered from 1"),
            (false, true) => fail(io, "byte/character positions are numbered from 1"),
            _ if falls => fail(io, "invalid decreasing range"),
            (true, false) => fail(io, &alloc::format!("invalid field value '{list}'")),
            (false, false) => fail(io, &alloc::format!("invalid byte/character position '{list}'")),
        };
    };
    let cut = Cut { ranges, delimiter, output, only: opts.has('s'), complement: opts.has('C') };
    lines::start("cut", Box::new(cut), &opts.rest, 1, io)
}

/// `1,3-5,7-`
fn ranges(list: &str) -> Option<Vec<(usize, usize)>> {
    let number = |text: &str| text.parse::<usize>().ok().filter(|number| *number > 0);
    list.split(',')
        .map(|part| match part.split_once('-') {
            None => number(part).map(|at| (at, at)),
            Some(("", "")) => None,
            Some(("", to)) => Some((1, number(to)?)),
            Some((from, "")) => Some((number(from)?, usize::MAX)),
            Some((from, to)) => Some((number(from)?, number(to)?)).filter(|(from, to)| from <= to),
        })
        .collect()
}

impl Cut {
    fn wants(&self, at: usize) -> bool {
        self.ranges.iter().any(|(from, to)| (*from..=*to).contains(&at)) != self.complement
    }
}

impl Filter for Cut {
    fn line(&mut self, line: &str, _newline: bool, _last: bool, output: &mut Output) -> Flow {
        let mut text = String::new();
        match self.delimiter {
            Some(delimiter) if line.contains(delimiter) => {
                let joiner = self.output.clone().unwrap_or_else(|| String::from(delimiter));
                let kept: Vec<&str> =
                    line.split(delimiter).enumerate().filter(|(at, _)| self.wants(at + 1)).map(|(_, field)| field).collect();
                text.push_str(&kept.join(&joiner));
            }
            Some(_) if self.only => return Flow::More,
            Some(_) => text.push_str(line),
            None => text.extend(line.chars().enumerate().filter(|(at, _)| self.wants(at + 1)).map(|(_, c)| c)),
        }
        text.push('\n');
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

const TR: Accepts = Accepts {
    tool: "tr",
    short: "cCdst",
    long: &[("complement", 'c'), ("delete", 'd'), ("squeeze-repeats", 's'), ("truncate-set1", 't')],
    first_operand_ends: false,
    status: 1,
};

#[derive(Clone)]
struct Tr {
    from: Vec<char>,
    to: Vec<char>,
    complement: bool,
    delete: bool,
    squeeze: bool,
    last: Option<char>,
}

pub(super) fn tr(args: &[String], io: &mut Io<'_>) -> Started {
    let opts = match parse(&TR, args, io) {
        Ok(opts) => opts,
        Err(status) => return Started::Done(status),
    };
    let fail = |io: &mut Io<'_>, message: String| {
        io.err(&alloc::format!("tr: {message}\nTry 'tr --help' for more information.\n"));
        Started::Done(1)
    };
    let plain = |io: &mut Io<'_>, message: &str| {
        io.err(&alloc::format!("tr: {message}\n"));
        Started::Done(1)
    };
    let (delete, squeeze) = (opts.has('d'), opts.has('s'));
    let (from, to) = match opts.rest.as_slice() {
        [] => return fail(io, String::from("missing operand")),
        [from] if delete || squeeze => (from, None),
        [from] => return fail(io, alloc::format!("missing operand after '{from}'\nTwo strings must be given when translating.")),
        [_, extra] if delete && !squeeze => {
            return fail(
                io,
                alloc::format!("extra operand '{extra}'\nOnly one string may be given when deleting without squeezing repeats."),
            );
        }
        [from, to] => (from, Some(to)),
        [_, _, extra, ..] => return fail(io, alloc::format!("extra operand '{extra}'")),
    };
    for text in [Some(from), to].into_iter().flatten() {
        if let Some(wrong) = mistake(text) {
            return plain(io, &wrong);
        }
    }
    if to.is_some_and(|to| to.is_empty()) && !delete {
        return plain(io, "when not truncating set1, string2 must be non-empty");
    }
    let mut from = set(from);
    let mut to = to.map(|to| set(to)).unwrap_or_default();
    if opts.has('t') && !to.is_empty() {
        from.truncate(to.len());
    }
    if let (Some(last), false) = (to.last().copied(), delete) {
        while to.len() < from.len() {
            to.push(last);
        }
    }
    let tr = Tr { from, to, complement: opts.has('c') || opts.has('C'), delete, squeeze, last: None };
    let mut process = tr;
    match process.poll(io) {
        Poll::Done(status) => Started::Done(status),
        Poll::Wait(_) => Started::Run(Box::new(process)),
    }
}

/// What is wrong with a set, in the words of `tr`.
fn mistake(text: &str) -> Option<String> {
    let class = text.split_once("[:").and_then(|(_, rest)| rest.split_once(":]")).map(|(name, _)| name);
    if let Some(name) = class.filter(|name| class_ranges(name).is_none()) {
        return Some(alloc::format!("invalid character class '{name}'"));
    }
    let chars: Vec<char> = unescape(text, Style::Format).0.chars().collect();
    let falls = chars.windows(3).find_map(|window| match window {
        [from, '-', to] if to < from && from.is_alphanumeric() && to.is_alphanumeric() => Some((*from, *to)),
        _ => None,
    });
    falls.map(|(from, to)| alloc::format!("range-endpoints of '{from}-{to}' are in reverse collating sequence order"))
}

/// The characters of `a-z`, `[:upper:]`, `\n`.
fn set(text: &str) -> Vec<char> {
    let mut out = Vec::new();
    let text = unescape(text, Style::Format).0;
    let chars: Vec<char> = text.chars().collect();
    let mut at = 0;
    while let Some(c) = chars.get(at).copied() {
        if c == '[' && chars.get(at + 1) == Some(&':') {
            let name: String = chars.iter().skip(at + 2).take_while(|c| **c != ':').collect();
            if let Some(class) = class_ranges(&name) {
                for (from, to) in class {
                    out.extend((*from..=*to).take(128));
                }
                // Upper and lower must pair up, so both are in the order of the alphabet.
                at += name.len() + 4;
                continue;
            }
        }
        if chars.get(at + 1) == Some(&'-')
            && let Some(to) = chars.get(at + 2).copied().filter(|to| *to >= c)
        {
            out.extend((c..=to).take(70_000));
            at += 3;
            continue;
        }
        out.push(c);
        at += 1;
    }
    out
}

impl Process for Tr {
    fn poll(&mut self, io: &mut Io<'_>) -> Poll {
        let text = io.stdin.take();
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            let place = self.from.iter().position(|one| *one == c);
            let inside = place.is_some() != self.complement;
            if inside && self.delete {
                continue;
            }
            let changed = match place {
                _ if !inside || self.to.is_empty() => c,
                Some(at) if !self.complement => self.to.get(at).copied().unwrap_or(c),
                _ => self.to.last().copied().unwrap_or(c),
            };
            let squeezable = match (self.delete, self.to.is_empty()) {
                (true, false) | (false, false) => self.to.contains(&changed) && (inside || self.delete),
                _ => inside,
            };
            if self.squeeze && squeezable && self.last == Some(changed) {
                continue;
            }
            self.last = Some(changed);
            out.push(changed);
        }
        io.out(&out);
        if io.stdin.is_eof() { Poll::Done(0) } else { Poll::Wait(Wake::Input) }
    }

    fn boxed_clone(&self) -> Box<dyn Process> {
        Box::new(self.clone())
    }
}
