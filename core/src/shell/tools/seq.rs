//! `seq`

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::args::missing_operand;
use crate::shell::process::{Io, Poll, Process, Started, Wake};

/// How many numbers are written at a turn.
const LINES_PER_POLL: usize = 10_000;

/// A decimal number as a count of its last place: `1.25` is 125 with two places.
fn fixed(text: &str, places: usize) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && part.is_empty() {
        return None;
    }
    let mut value = 0i64;
    for c in whole.chars().chain(part.chars()).chain(core::iter::repeat_n('0', places.saturating_sub(part.len()))) {
        value = value.checked_mul(10)?.checked_add(i64::from(c.to_digit(10)?))?;
    }
    Some(if negative { -value } else { value })
}

/// How many places a number has behind its point, as far as they count.
fn places_of(text: &str) -> usize {
    text.split_once('.').map_or(0, |(_, part)| part.len()).min(9)
}

/// The three numbers as counts of their last place, and how many places they have; the error is what is no number.
fn read(texts: [&str; 3]) -> Result<([i64; 3], usize), &str> {
    let [first, step, _] = texts;
    let places = places_of(first).max(places_of(step));
    let mut numbers = [0i64; 3];
    for (slot, text) in numbers.iter_mut().zip(texts) {
        let own = places_of(text);
        let value = fixed(text, places.max(own)).ok_or(text)?;
        *slot = (0..own.saturating_sub(places)).fold(value, |value, _| value / 10);
    }
    Ok((numbers, places))
}

/// Numbers on their way, a page of them at each turn.
#[derive(Clone)]
struct Seq {
    /// The number that comes next; none after the last.
    next: Option<i64>,
    step: i64,
    last: i64,
    places: usize,
    /// As wide as this, with zeros in front.
    width: usize,
    format: Option<String>,
    separator: String,
    begun: bool,
}

impl Seq {
    fn text(&self, value: i64) -> String {
        let mut text = show(value, self.places);
        if let Some(digits) = text.strip_prefix('-').filter(|_| self.width > 0) {
            text = alloc::format!("-{digits:0>width$}", width = self.width.saturating_sub(1));
        } else if self.width > 0 {
            text = alloc::format!("{text:0>width$}", width = self.width);
        }
        match &self.format {
            Some(format) => {
                let mut out = String::new();
                super::printf::run(format, core::slice::from_ref(&text), &mut out, &mut Vec::new());
                out
            }
            None => text,
        }
    }

    /// As wide as the widest of all.
    fn widen(&mut self) {
        let Some(first) = self.next else { return };
        let end = first.saturating_add((self.last.saturating_sub(first) / self.step).saturating_mul(self.step));
        self.width = show(first, self.places).len().max(show(end, self.places).len());
    }
}

impl Process for Seq {
    fn poll(&mut self, io: &mut Io<'_>) -> Poll {
        let mut out = String::new();
        for _ in 0..LINES_PER_POLL {
            let Some(value) = self.next.filter(|value| if self.step > 0 { *value <= self.last } else { *value >= self.last }) else {
                if self.begun {
                    out.push('\n');
                }
                io.out(&out);
                return Poll::Done(0);
            };
            if core::mem::replace(&mut self.begun, true) {
                out.push_str(&self.separator);
            }
            out.push_str(&self.text(value));
            self.next = value.checked_add(self.step);
        }
        io.out(&out);
        Poll::Wait(Wake::At(io.now))
    }

    fn boxed_clone(&self) -> Box<dyn Process> {
        Box::new(self.clone())
    }
}

pub(super) fn start(args: &[String], io: &mut Io<'_>) -> Started {
    let mut separator = String::from("\n");
    let mut equal = false;
    let mut format = None;
    let mut numbers: Vec<&str> = Vec::new();
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        match arg.as_str() {
            "-w" | "--equal-width" => equal = true,
            "-s" => separator = rest.next().cloned().unwrap_or_default(),
            "-f" => format = rest.next().cloned(),
            other => match other.strip_prefix("-s").filter(|_| !other.starts_with("--")) {
                Some(text) => separator = String::from(text),
                None => numbers.push(other),
            },
        }
    }
    let (first, step, last) = match numbers.as_slice() {
        [last] => ("1", "1", *last),
        [first, last] => (*first, "1", *last),
        [first, step, last] => (*first, *step, *last),
        [] => {
            return missing_operand("seq", 1, io);
        }
        [_, _, _, extra, ..] => {
            io.err(&alloc::format!("seq: extra operand '{extra}'\nTry 'seq --help' for more information.\n"));
            return Started::Done(1);
        }
    };
    let ([first, step, last], places) = match read([first, step, last]) {
        Ok(read) => read,
        Err(text) => {
            io.err(&alloc::format!("seq: invalid floating point argument: '{text}'\nTry 'seq --help' for more information.\n"));
            return Started::Done(1);
        }
    };
    if step == 0 {
        io.err("seq: invalid Zero increment value: '0'\nTry 'seq --help' for more information.\n");
        return Started::Done(1);
    }
    let mut seq = Seq { next: Some(first), step, last, places, width: 0, format, separator, begun: false };
    if equal {
        seq.widen();
    }
    match seq.poll(io) {
        Poll::Done(status) => Started::Done(status),
        Poll::Wait(_) => Started::Run(Box::new(seq)),
    }
}

fn show(value: i64, places: usize) -> String {
    if places == 0 {
        return alloc::format!("{value}");
    }
    let scale = 10u64.pow(u32::try_from(places).unwrap_or(0));
    let magnitude = value.unsigned_abs();
    let sign = if value < 0 { "-" } else { "" };
    alloc::format!("{sign}{}.{:0places$}", magnitude / scale, magnitude % scale)
}
