//! `date`: the session's time, which begins at the epoch the host names.
//! Never: what words like `2 days ago` mean (`when`).

use alloc::string::String;
use alloc::vec::Vec;

use super::args::{Accepts, parse};
use super::when;
use crate::shell::calendar::Moment;
use crate::shell::process::{Io, Started};

const ACCEPTS: Accepts = Accepts {
    tool: "date",
    short: "ud:Rs:r:f:",
    long: &[
        ("utc", 'u'),
        ("universal", 'u'),
        ("date", 'd'),
        ("rfc-email", 'R'),
        ("rfc-2822", 'R'),
        ("reference", 'r'),
        ("file", 'f'),
        ("set", 's'),
    ],
    first_operand_ends: false,
    status: 1,
};

/// What `-I` and `--rfc-3339` may be given, and the format for each.
const ISO: [(&str, &str); 5] = [
    ("hours", "%Y-%m-%dT%H%:z"),
    ("minutes", "%Y-%m-%dT%H:%M%:z"),
    ("date", "%Y-%m-%d"),
    ("seconds", "%Y-%m-%dT%H:%M:%S%:z"),
    ("ns", "%Y-%m-%dT%H:%M:%S,%N%:z"),
];
const RFC: [(&str, &str); 3] = [("date", "%Y-%m-%d"), ("seconds", "%Y-%m-%d %H:%M:%S%:z"), ("ns", "%Y-%m-%d %H:%M:%S.%N%:z")];

/// The format that a unit stands for.
fn chosen(option: &str, unit: &str, table: &[(&str, &'static str)], io: &mut Io<'_>) -> Result<&'static str, i32> {
    if let Some((_, format)) = table.iter().find(|(name, _)| name.starts_with(unit) && !unit.is_empty()) {
        return Ok(format);
    }
    let mut text = alloc::format!("date: invalid argument '{unit}' for '{option}'\nValid arguments are:\n");
    for (name, _) in table {
        text.push_str(&alloc::format!("  - '{name}'\n"));
    }
    io.err(&text);
    io.err("Try 'date --help' for more information.\n");
    Err(1)
}

/// The options that may have a value after `=` only, taken out: the format they ask for, and the rest.
fn formats(args: &[String], io: &mut Io<'_>) -> Result<(Option<&'static str>, Vec<String>), i32> {
    let (mut format, mut rest) = (None, Vec::new());
    for arg in args {
        let iso = match arg.as_str() {
            "-I" | "--iso-8601" => Some("date"),
            other => other.strip_prefix("--iso-8601=").or_else(|| other.strip_prefix("-I")),
        };
        if let Some(unit) = iso {
            format = Some(chosen("--iso-8601", unit, &ISO, io)?);
        } else if let Some(unit) = arg.strip_prefix("--rfc-3339=") {
            format = Some(chosen("--rfc-3339", unit, &RFC, io)?);
        } else {
            rest.push(arg.clone());
        }
    }
    Ok((format, rest))
}

pub(super) fn date(args: &[String], io: &mut Io<'_>) -> Started {
    Started::Done(match run(args, io) {
        Ok(status) | Err(status) => status,
    })
}

fn run(args: &[String], io: &mut Io<'_>) -> Result<i32, i32> {
    let (asked, rest) = formats(args, io)?;
    let opts = parse(&ACCEPTS, &rest, io)?;
    let name = String::from(io.env.get("TZ").filter(|_| !opts.has('u')).unwrap_or_default());
    let zone = when::zone(&name);
    let format = match (opts.rest.as_slice(), asked) {
        ([_, extra, ..], _) => {
            io.err(&alloc::format!("date: extra operand '{extra}'\nTry 'date --help' for more information.\n"));
            return Err(1);
        }
        ([format], _) => format.strip_prefix('+').ok_or_else(|| {
            io.err(&alloc::format!("date: invalid date '{format}'\n"));
            1
        })?,
        ([], Some(format)) => format,
        ([], None) if opts.has('R') => "%a, %d %b %Y %H:%M:%S %z",
        ([], None) => "%a %b %e %H:%M:%S %Z %Y",
    };
    let now_ms = i64::try_from(io.now.0).unwrap_or(i64::MAX);
    let nanos = u32::try_from(now_ms % 1000).unwrap_or(0).saturating_mul(1_000_000);
    let now = (io.host.epoch_s().saturating_add(now_ms / 1000), nanos);
    let mut status = 0;
    let show = |moment: (i64, u32), io: &mut Io<'_>| {
        let mut line = Moment::ahead(moment.0, zone.1).format_in(format, moment.1, zone.0);
        line.push('\n');
        io.out(&line);
    };
    if let Some(file) = opts.value('r') {
        let path = io.path(file);
        match io.fs.stat(&path) {
            Ok(stat) => show((io.host.epoch_s().saturating_add(stat.mtime_ms.div_euclid(1000)), 0), io),
            Err(error) => {
                io.err(&alloc::format!("date: {file}: {}\n", error.text()));
                status = 1;
            }
        }
        return Ok(status);
    }
    let lines = match opts.value('f') {
        None => Vec::from([opts.value('d').or(opts.value('s')).map(String::from)]),
        Some(file) => {
            let path = io.path(file);
            let text = if file == "-" { Ok(io.stdin.take().into()) } else { io.fs.read(&path) };
            match text {
                Ok(text) => text.lines().map(|line| Some(String::from(line))).collect(),
                Err(error) => {
                    io.err(&alloc::format!("date: {file}: {}\n", error.text()));
                    return Err(1);
                }
            }
        }
    };
    if opts.has('s') {
        io.err("date: cannot set date: Operation not permitted\n");
        status = 1;
    }
    for line in lines {
        // BusyBox knows dates and times, and no words for them.
        let strange = |text: &str| io.host.is_busybox() && text.chars().any(|c| c.is_ascii_alphabetic() && !matches!(c, 'T' | 'Z'));
        match line.as_deref().map_or(Some(now), |text| if strange(text) { None } else { when::read(text, now, zone.1) }) {
            Some(moment) => show(moment, io),
            None => {
                io.err(&alloc::format!("date: invalid date '{}'\n", line.unwrap_or_default()));
                status = 1;
            }
        }
    }
    Ok(status)
}
