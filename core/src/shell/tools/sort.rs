//! `sort`

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use super::args::{Accepts, parse};
use super::lines::{self, Filter, Flow};
use crate::arrange::Arrange;
use crate::shell::decimal;
use crate::shell::process::{Io, Output, Started, Stream};

const ACCEPTS: Accepts = Accepts {
    tool: "sort",
    short: "nrufbshVgdcCmMiRk:t:o:z",
    long: &[
        ("numeric-sort", 'n'),
        ("reverse", 'r'),
        ("unique", 'u'),
        ("ignore-case", 'f'),
        ("human-numeric-sort", 'h'),
        ("version-sort", 'V'),
        ("key", 'k'),
        ("field-separator", 't'),
        ("stable", 's'),
        ("output", 'o'),
        ("check", 'c'),
    ],
    first_operand_ends: false,
    status: 2,
};

/// How much it sorts: what does not fit into memory would go to a disk that is not there.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// How two texts are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    Text,
    Number,
    Human,
    Version,
}

#[derive(Clone, Debug)]
struct Key {
    from: (usize, usize),
    to: Option<(usize, usize)>,
    how: How,
    reverse: bool,
    fold: bool,
    blanks: bool,
}

#[derive(Clone)]
struct Sort {
    keys: Rc<[Key]>,
    separator: Option<char>,
    whole: Key,
    unique: bool,
    stable: bool,
    check: bool,
    /// The file that is checked, and whether that is not told.
    name: String,
    quiet: bool,
    lines: Vec<String>,
    bytes: usize,
}

fn how(flags: &str) -> How {
    if flags.contains(['n', 'g']) {
        How::Number
    } else if flags.contains('h') {
        How::Human
    } else if flags.contains('V') {
        How::Version
    } else {
        How::Text
    }
}

fn key(text: &str, global: &Key) -> Option<Key> {
    let (from, to) = text.split_once(',').map_or((text, None), |(from, to)| (from, Some(to)));
    let place = |text: &str| -> Option<((usize, usize), String)> {
        let digits: String = text.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
        let flags: String = text.chars().skip(digits.chars().count()).collect();
        let (field, column) = digits.split_once('.').unwrap_or((&digits, "0"));
        Some(((field.parse().ok()?, column.parse().ok()?), flags))
    };
    let (from, mut flags) = place(from)?;
    if from.0 == 0 {
        return None;
    }
    let to = match to {
        Some(to) => {
            let (to, more) = place(to)?;
            flags.push_str(&more);
            Some(to)
        }
        None => None,
    };
    let own = !flags.is_empty();
    Some(Key {
        from,
        to,
        how: if own { how(&flags) } else { global.how },
        reverse: if own { flags.contains('r') } else { global.reverse },
        fold: if own { flags.contains('f') } else { global.fold },
        blanks: if own { flags.contains('b') } else { global.blanks },
    })
}

pub(super) fn start(args: &[String], io: &mut Io<'_>) -> Started {
    let opts = match parse(&ACCEPTS, args, io) {
        Ok(opts) => opts,
        Err(status) => return Started::Done(status),
    };
    let flags: String = opts.all().map(|(flag, _)| flag).filter(|flag| !matches!(flag, 'k' | 't' | 'o')).collect();
    let whole = Key { from: (1, 0), to: None, how: how(&flags), reverse: opts.has('r'), fold: opts.has('f'), blanks: opts.has('b') };
    let mut keys = Vec::new();
    for text in opts.values('k') {
        match key(text, &whole) {
            Some(key) => keys.push(key),
            None if text.starts_with('0') => {
                io.err("sort: field number is zero: invalid field specification '0'\n");
                return Started::Done(2);
            }
            None => {
                io.err(&alloc::format!("sort: invalid number at field start: invalid count at start of '{text}'\n"));
                return Started::Done(2);
            }
        }
    }
    let separator = match opts.value('t') {
        None => None,
        Some("\\t") => Some('\t'),
        Some("\\0") => Some('\0'),
        Some(text) => {
            let mut chars = text.chars();
            match (chars.next(), chars.next()) {
                (Some(c), None) => Some(c),
                (None, _) => {
                    io.err("sort: empty tab\n");
                    return Started::Done(2);
                }
                _ => {
                    io.err(&alloc::format!("sort: multi-character tab '{text}'\n"));
                    return Started::Done(2);
                }
            }
        }
    };
    let sort = Sort {
        keys: Rc::from(keys),
        separator,
        whole,
        unique: opts.has('u'),
        stable: opts.has('s'),
        check: opts.has('c') || opts.has('C'),
        quiet: opts.has('C'),
        name: opts.rest.first().cloned().unwrap_or_else(|| String::from("-")),
        lines: Vec::new(),
        bytes: 0,
    };
    // Nothing is sorted where one of the files is missing.
    for name in opts.rest.iter().filter(|name| *name != "-") {
        if let Err(error) = io.fs.read(&io.path(name)) {
            let busybox = io.host.is_busybox();
            let what = if error == crate::text::fs::FsError::IsADirectory { "read failed" } else { "cannot read" };
            io.err(&if busybox {
                alloc::format!("sort: {name}: {}\n", error.text())
            } else {
                alloc::format!("sort: {what}: {name}: {}\n", error.text())
            });
            return Started::Done(2);
        }
    }
    match opts.value('o') {
        Some(name) => super::tee::into("sort", name, io, |io| lines::start("sort", Box::new(sort), &opts.rest, 2, io)),
        None => lines::start("sort", Box::new(sort), &opts.rest, 2, io),
    }
}

impl Sort {
    /// The part of a line that a key means.
    fn part<'a>(&self, line: &'a str, key: &Key) -> &'a str {
        let start = self.place(line, key.from.0.saturating_sub(1)).0;
        let skip = |from: usize, count: usize| -> usize {
            line.get(from..).unwrap_or_default().char_indices().nth(count).map_or(line.len(), |(at, _)| from + at)
        };
        let start = skip(start, key.from.1.saturating_sub(1));
        let end = match key.to {
            None => line.len(),
            Some((field, 0)) => self.place(line, field.saturating_sub(1)).1,
            Some((field, column)) => skip(self.place(line, field.saturating_sub(1)).0, column),
        };
        let text = line.get(start..end.max(start)).unwrap_or_default();
        if key.blanks { text.trim_start() } else { text }
    }

    /// Where a field begins and ends; blanks before a field belong to it when there is no separator.
    fn place(&self, line: &str, field: usize) -> (usize, usize) {
        let mut start = 0;
        for _ in 0..field {
            let end = self.field_end(line, start);
            if end >= line.len() {
                return (line.len(), line.len());
            }
            start = match self.separator {
                Some(separator) => end + separator.len_utf8(),
                None => end,
            };
        }
        (start, self.field_end(line, start))
    }

    fn field_end(&self, line: &str, start: usize) -> usize {
        let rest = line.get(start..).unwrap_or_default();
        match self.separator {
            Some(separator) => rest.find(separator).map_or(line.len(), |at| start + at),
            None => {
                let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
                rest.get(blanks..).and_then(|text| text.find([' ', '\t'])).map_or(line.len(), |at| start + blanks + at)
            }
        }
    }

    fn compare(&self, a: &str, b: &str) -> Ordering {
        let keys: &[Key] = if self.keys.is_empty() { core::slice::from_ref(&self.whole) } else { &self.keys };
        for key in keys {
            let order = compare(self.part(a, key), self.part(b, key), key);
            if order != Ordering::Equal {
                return if key.reverse { order.reverse() } else { order };
            }
        }
        Ordering::Equal
    }
}

fn compare(a: &str, b: &str, key: &Key) -> Ordering {
    let number = |text: &str| decimal::leading(text);
    match key.how {
        How::Number => number(a).partial_cmp(&number(b)).unwrap_or(Ordering::Equal),
        How::Human => human(a).partial_cmp(&human(b)).unwrap_or(Ordering::Equal),
        How::Version => version(a, b),
        How::Text if key.fold => a.to_uppercase().cmp(&b.to_uppercase()),
        How::Text => a.cmp(b),
    }
}

fn human(text: &str) -> f64 {
    let text = text.trim();
    let digits = text.chars().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | '-')).map(char::len_utf8).sum::<usize>();
    let factor = match text.get(digits..).and_then(|unit| unit.chars().next()) {
        Some('k' | 'K') => 1024.0,
        Some('M') => 1024.0 * 1024.0,
        Some('G') => 1024.0 * 1024.0 * 1024.0,
        Some('T') => 1024.0 * 1024.0 * 1024.0 * 1024.0,
        _ => 1.0,
    };
    decimal::leading(text) * factor
}

/// Runs of digits by value, the rest by character.
fn version(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let digits = |text: &str| text.chars().take_while(char::is_ascii_digit).count();
        let (da, db) = (digits(a), digits(b));
        if da > 0 && db > 0 {
            let value = |text: &str, count: usize| text.get(..count).and_then(|text| text.parse::<u64>().ok()).unwrap_or(u64::MAX);
            let order = value(a, da).cmp(&value(b, db));
            if order != Ordering::Equal {
                return order;
            }
            (a, b) = (a.get(da..).unwrap_or_default(), b.get(db..).unwrap_or_default());
            continue;
        }
        let (mut ca, mut cb) = (a.chars(), b.chars());
        match (ca.next(), cb.next()) {
            (None, None) => return Ordering::Equal,
            (x, y) if x != y => return x.cmp(&y),
            _ => (a, b) = (ca.as_str(), cb.as_str()),
        }
    }
}

impl Filter for Sort {
    fn line(&mut self, line: &str, _newline: bool, _last: bool, output: &mut Output) -> Flow {
        self.bytes += line.len() + 1;
        if self.bytes > MAX_BYTES {
            output.write(Stream::Err, "sort: write failed: /tmp/sortaYm2Kf: No space left on device\n");
            self.lines.clear();
            return Flow::Stop;
        }
        self.lines.push(String::from(line));
        Flow::More
    }

    fn end(&mut self, output: &mut Output) -> i32 {
        let mut lines = core::mem::take(&mut self.lines);
        if self.bytes > MAX_BYTES {
            return 2;
        }
        if self.check {
            for (at, pair) in lines.windows(2).enumerate() {
                if let [a, b] = pair
                    && self.compare(a, b) == Ordering::Greater
                {
                    let said = alloc::format!("sort: {}:{}: disorder: {b}\n", self.name, at + 2);
                    output.write(Stream::Err, if self.quiet { "" } else { &said });
                    return 1;
                }
            }
            return 0;
        }
        let by_bytes = self.keys.is_empty() && self.whole.how == How::Text && !self.whole.fold;
        let last_resort = !(self.stable || self.unique || by_bytes);
        lines.arrange_by(|a, b| {
            let order = self.compare(a, b);
            if order != Ordering::Equal || !last_resort {
                return order;
            }
            if self.whole.reverse { b.cmp(a) } else { a.cmp(b) }
        });
        if self.unique {
            lines.dedup_by(|b, a| self.compare(a, b) == Ordering::Equal);
        }
        let mut text = String::with_capacity(self.bytes);
        for line in &lines {
            text.push_str(line);
            text.push('\n');
        }
        output.write(Stream::Out, &text);
        0
    }

    fn boxed_clone(&self) -> Box<dyn Filter> {
        Box::new(self.clone())
    }
}
