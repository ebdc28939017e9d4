//! `seq`

use alloc::string::String;
use alloc::vec::Vec;

use super::args::missing_operand;
use crate::shell::process::{Io, Started};

const MAX_LINES: usize = 100_000;

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

fn count(first: i64, step: i64, last: i64, places: usize) -> Vec<String> {
    let mut texts = Vec::new();
    let mut value = first;
    while (step > 0 && value <= last) || (step < 0 && value >= last) {
        texts.push(show(value, places));
        if texts.len() >= MAX_LINES {
            break;
        }
        match value.checked_add(step) {
            Some(next) => value = next,
            None => break,
        }
    }
    texts
}

/// All as wide as the widest, with zeros in front.
fn widen(texts: &mut [String]) {
    let width = texts.iter().map(String::len).max().unwrap_or(0);
    for text in texts {
        *text = match text.strip_prefix('-') {
            Some(digits) => alloc::format!("-{digits:0>width$}", width = width.saturating_sub(1)),
            None => alloc::format!("{text:0>width$}"),
        };
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
    let mut texts = count(first, step, last, places);
    if equal {
        widen(&mut texts);
    }
    if let Some(format) = format {
        for text in &mut texts {
            let mut out = String::new();
            super::printf::run(&format, core::slice::from_ref(text), &mut out, &mut Vec::new());
            *text = out;
        }
    }
    if !texts.is_empty() {
        io.out(&texts.join(&separator));
        io.out("\n");
    }
    Started::Done(0)
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
