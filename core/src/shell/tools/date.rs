//! `date`: the session's time, which begins at the epoch the host names.

use alloc::string::String;

use super::args::{Accepts, parse};
use crate::shell::calendar::{Moment, days_from_civil};
use crate::shell::number::duration_ms;
use crate::shell::process::{Io, Started};

const ACCEPTS: Accepts = Accepts {
    tool: "date",
    short: "ud:RI:s:r:",
    long: &[("utc", 'u'), ("universal", 'u'), ("date", 'd'), ("rfc-email", 'R'), ("iso-8601", 'i')],
    first_operand_ends: false,
    status: 1,
};

pub(super) fn date(args: &[String], io: &mut Io<'_>) -> Started {
    let mut iso = None;
    let mut rest = alloc::vec::Vec::new();
    for arg in args {
        let unit = match arg.as_str() {
            "-I" | "--iso-8601" => Some("date"),
            other => other.strip_prefix("--iso-8601=").or_else(|| other.strip_prefix("-I")),
        };
        match unit {
            Some(unit) => iso = Some(String::from(unit)),
            None => rest.push(arg.clone()),
        }
    }
    let opts = match parse(&ACCEPTS, &rest, io) {
        Ok(opts) => opts,
        Err(status) => return Started::Done(status),
    };
    let now_ms = i64::try_from(io.now.0).unwrap_or(i64::MAX);
    let now_s = io.host.epoch_s().saturating_add(now_ms / 1000);
    let mut nanos = u32::try_from(now_ms % 1000).unwrap_or(0).saturating_mul(1_000_000);
    let unix = match opts.value('d') {
        None => now_s,
        Some(text) => match read(text, now_s) {
            Some(unix) => {
                nanos = 0;
                unix
            }
            None => {
                io.err(&alloc::format!("date: invalid date '{text}'\n"));
                return Started::Done(1);
            }
        },
    };
    let format = match (opts.rest.first(), iso.as_deref()) {
        (Some(format), _) => match format.strip_prefix('+') {
            Some(format) => String::from(format),
            None => {
                io.err(&alloc::format!("date: invalid date '{format}'\n"));
                return Started::Done(1);
            }
        },
        (None, Some("seconds" | "s" | "second")) => String::from("%Y-%m-%dT%H:%M:%S+00:00"),
        (None, Some(_)) => String::from("%F"),
        (None, None) if opts.has('R') => String::from("%a, %d %b %Y %H:%M:%S +0000"),
        (None, None) => String::from("%a %b %e %H:%M:%S %Z %Y"),
    };
    let mut line = Moment::from_unix(unix).format_with(&format, nanos);
    line.push('\n');
    io.out(&line);
    Started::Done(0)
}

/// `@5`, `now`, `yesterday`, `2 hours ago`, `+3 days`, `2024-02-29`, `2024-02-29T12:00:00Z`.
fn read(text: &str, now: i64) -> Option<i64> {
    let text = text.trim();
    if let Some(seconds) = text.strip_prefix('@') {
        return seconds.split('.').next()?.parse().ok();
    }
    match text {
        "" | "today" | "now" => return Some(now),
        "yesterday" => return Some(now - 86_400),
        "tomorrow" => return Some(now + 86_400),
        _ => {}
    }
    if let Some(unix) = absolute(text) {
        return Some(unix);
    }
    let mut words = text.split_whitespace();
    let (mut shift, mut any) = (0i64, false);
    let mut base = now;
    while let Some(word) = words.next() {
        if word == "ago" {
            shift = -shift;
            continue;
        }
        if let Some(unix) = absolute(word) {
            base = unix;
            any = true;
            continue;
        }
        let count: i64 = word.parse().ok()?;
        let unit = words.next()?.trim_end_matches('s');
        let unit = match unit {
            "sec" | "second" => "1s",
            "min" | "minute" => "1m",
            "hour" => "1h",
            "day" => "1d",
            "week" => "7d",
            _ => return None,
        };
        let seconds = i64::try_from(duration_ms(unit)? / 1000).ok()?;
        shift = shift.checked_add(count.checked_mul(seconds)?)?;
        any = true;
    }
    if any { base.checked_add(shift) } else { None }
}

fn absolute(text: &str) -> Option<i64> {
    let (day, time) = text.split_once(['T', ' ']).unwrap_or((text, "0:0:0"));
    let mut parts = day.split('-');
    let (year, month, day) = (parts.next()?.parse::<i64>().ok()?, parts.next()?.parse::<u32>().ok()?, parts.next()?.parse::<u32>().ok()?);
    if parts.next().is_some() || !(1..=12).contains(&month) || !(1..=31).contains(&day) || !(0..=9999).contains(&year) {
        return None;
    }
    let time = time.trim_end_matches('Z').trim_end_matches("+00:00").trim_end_matches(" UTC");
    let mut seconds = 0i64;
    for (part, factor) in time.split(':').zip([3600, 60, 1]) {
        seconds += part.split('.').next()?.parse::<i64>().ok().filter(|value| (0..60).contains(value))? * factor;
    }
    Some(days_from_civil(year, month, day) * 86_400 + seconds)
}
