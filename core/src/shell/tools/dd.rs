//! `dd` and `cmp`.

use alloc::string::String;
use alloc::vec::Vec;

use super::args::{Accepts, Opts};
use super::whole;
use crate::shell::process::{Io, Started};

/// The most that is written to a file.
const MOST: usize = 16 << 20;

/// `512`, `1K`, `1M`, `10MB`
fn size(text: &str) -> Option<usize> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at_checked(digits)?;
    let factor = match unit {
        "" | "c" => 1,
        "b" => 512,
        "k" | "K" | "KiB" => 1 << 10,
        "kB" | "KB" => 1000,
        "M" | "MiB" => 1 << 20,
        "MB" => 1_000_000,
        "G" | "GiB" => 1 << 30,
        "GB" => 1_000_000_000,
        _ => return None,
    };
    number.parse::<usize>().ok()?.checked_mul(factor)
}

pub(super) fn dd(args: &[String], io: &mut Io<'_>) -> Started {
    let operands: Vec<(&str, &str)> = args.iter().filter_map(|arg| arg.split_once('=')).collect();
    if let Some(wrong) = args.iter().find(|arg| !arg.contains('=')) {
        io.err(&alloc::format!("dd: unrecognized operand '{wrong}'\nTry 'dd --help' for more information.\n"));
        return Started::Done(1);
    }
    let value = |name: &str| operands.iter().rev().find(|(one, _)| *one == name).map(|(_, value)| *value);
    let (mut block, mut count, mut skip) = (512, None, 0);
    for (name, text) in &operands {
        let number = size(text);
        match (*name, number) {
            ("bs" | "ibs" | "obs", Some(number)) if number > 0 => block = number,
            ("count", Some(number)) => count = Some(number),
            ("skip", Some(number)) => skip = number,
            ("bs" | "ibs" | "obs" | "count" | "skip" | "seek", _) => {
                io.err(&alloc::format!("dd: invalid number: '{text}'\n"));
                return Started::Done(1);
            }
            _ => {}
        }
    }
    let wanted = count.map(|count| count.saturating_mul(block));
    let text = match value("if") {
        Some("/dev/zero") => match wanted {
            Some(wanted) => "\0".repeat(wanted.min(MOST + 1)),
            None => "\0".repeat(MOST + 1),
        },
        Some(name) => match io.fs.read(&io.path(name)) {
            Ok(text) => String::from(text.as_str()),
            Err(error) => {
                io.err(&alloc::format!("dd: failed to open '{name}': {}\n", error.text()));
                return Started::Done(1);
            }
        },
        // What is typed or comes through a pipe, as far as it is there.
        None => io.stdin.take(),
    };
    let from = skip.saturating_mul(block).min(text.len());
    let to = from.saturating_add(wanted.unwrap_or(usize::MAX)).min(text.len());
    let part = text.get(from..to).unwrap_or_default();
    let full = part.len() > MOST;
    let part = part.get(..part.len().min(MOST)).unwrap_or(part);
    let mut status = 0;
    match value("of") {
        Some("/dev/null") => {}
        Some(name) => {
            let (path, mtime) = (io.path(name), io.mtime());
            if let Err(error) = io.fs.write(&path, part, mtime) {
                io.err(&alloc::format!("dd: failed to open '{name}': {}\n", error.text()));
                return Started::Done(1);
            }
            if full {
                io.err(&alloc::format!("dd: error writing '{name}': No space left on device\n"));
                status = 1;
            }
        }
        None => io.out(part),
    }
    if value("status") != Some("none") {
        io.err(&told(part.len(), block));
    }
    Started::Done(status)
}

/// How much was copied, at the pace of a disk.
fn told(bytes: usize, block: usize) -> String {
    let records = alloc::format!("{}+{}", bytes / block, usize::from(!bytes.is_multiple_of(block)));
    let human = |factor: usize, units: [&str; 3]| {
        let (mut whole, mut rest, mut unit) = (bytes, 0, "");
        for next in units {
            if whole < factor {
                break;
            }
            (whole, rest, unit) = (whole / factor, whole % factor * 10 / factor, next);
        }
        if whole < 10 { alloc::format!("{whole}.{rest} {unit}") } else { alloc::format!("{whole} {unit}") }
    };
    let sizes = match bytes {
        0..1000 => String::new(),
        1000..1024 => alloc::format!(" ({})", human(1000, ["kB", "MB", "GB"])),
        _ => alloc::format!(" ({}, {})", human(1000, ["kB", "MB", "GB"]), human(1024, ["KiB", "MiB", "GiB"])),
    };
    let nanos = bytes.max(100_000);
    let (noun, seconds) =
        (if bytes == 1 { "byte" } else { "bytes" }, alloc::format!("{}.{:09}", nanos / 1_000_000_000, nanos % 1_000_000_000));
    let rate =
        if bytes < 100_000 { alloc::format!("{} MB/s", bytes / 100_000 * 1000 + bytes % 100_000 / 100) } else { String::from("1.0 GB/s") };
    alloc::format!(
        "{records} records in\n{records} records out\n{bytes} {noun}{sizes} copied, {} s, {rate}\n",
        seconds.get(..10).unwrap_or(&seconds)
    )
}

const CMP: Accepts = Accepts { tool: "cmp", short: "sbl", long: &[("silent", 's'), ("quiet", 's')], first_operand_ends: false, status: 2 };

pub(super) fn cmp(args: &[String], io: &mut Io<'_>) -> Started {
    let opts = match super::args::parse(&CMP, args, io) {
        Ok(opts) => opts,
        Err(status) => return Started::Done(status),
    };
    match opts.rest.as_slice() {
        [] => super::args::missing_operand("cmp", 2, io),
        [one] => whole::start(&CMP, args, Vec::from([one.clone(), String::from("-")]), compare, io),
        _ => whole::start(&CMP, args, opts.rest, compare, io),
    }
}

fn compare(opts: &Opts, texts: &[String], io: &mut Io<'_>) -> i32 {
    let [left, right, ..] = texts else { return 2 };
    if left == right {
        return 0;
    }
    if opts.has('s') {
        return 1;
    }
    let name = |at: usize| opts.rest.get(at).map_or("-", String::as_str);
    let same = left.bytes().zip(right.bytes()).take_while(|(a, b)| a == b).count();
    let lines = left.bytes().take(same).filter(|byte| *byte == b'\n').count();
    if same == left.len() || same == right.len() {
        let short = usize::from(same == right.len());
        let line = if left.as_bytes().get(same.saturating_sub(1)) == Some(&b'\n') {
            alloc::format!("line {lines}")
        } else {
            alloc::format!("in line {}", lines + 1)
        };
        io.err(&match same {
            0 => alloc::format!("cmp: EOF on {} which is empty\n", name(short)),
            _ => alloc::format!("cmp: EOF on {} after byte {same}, {line}\n", name(short)),
        });
    } else {
        io.out(&alloc::format!("{} {} differ: byte {}, line {}\n", name(0), name(1), same + 1, lines + 1));
    }
    1
}
