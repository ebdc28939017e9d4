//! `truncate`

use alloc::format;
use alloc::string::String;

use super::args::{Accepts, parse};
use crate::shell::process::{Io, Started};

const ACCEPTS: Accepts =
    Accepts { tool: "truncate", short: "cs:", long: &[("no-create", 'c'), ("size", 's')], first_operand_ends: false, status: 1 };

/// The longest file that is made.
const MOST: u64 = 16 << 20;

/// A size with what stands before it, and how many bytes that is.
fn size(text: &str) -> Option<(char, u64)> {
    let sign = text.chars().next().filter(|c| matches!(c, '+' | '-' | '<' | '>'));
    let rest = sign.map_or(text, |sign| text.trim_start_matches(sign));
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (number, unit) = rest.split_at(digits);
    let factor: u64 = match unit {
        "" => 1,
        "K" | "KiB" => 1 << 10,
        "KB" => 1_000,
        "M" | "MiB" => 1 << 20,
        "MB" => 1_000_000,
        "G" | "GiB" => 1 << 30,
        _ => return None,
    };
    Some((sign.unwrap_or('='), number.parse::<u64>().ok()?.checked_mul(factor)?))
}

pub(super) fn start(args: &[String], io: &mut Io<'_>) -> Started {
    let opts = match parse(&ACCEPTS, args, io) {
        Ok(opts) => opts,
        Err(status) => return Started::Done(status),
    };
    let fail = |io: &mut Io<'_>, text: &str| {
        io.err(&["truncate: ", text, "\n"].concat());
        Started::Done(1)
    };
    const HELP: &str = "\nTry 'truncate --help' for more information.";
    let Some(asked) = opts.value('s') else {
        return fail(io, &["you must specify either '--size' or '--reference'", HELP].concat());
    };
    let Some((sign, bytes)) = size(asked) else { return fail(io, &format!("Invalid number: '{asked}'")) };
    if opts.rest.is_empty() {
        return fail(io, &["missing file operand", HELP].concat());
    }
    let mut status = 0;
    let mtime = io.mtime();
    for name in &opts.rest {
        let path = io.path(name);
        if opts.has('c') && !io.fs.exists(&path) {
            continue;
        }
        let mut text = io.fs.read(&path).map(|text| (*text).clone()).unwrap_or_default();
        let length = text.len() as u64;
        let wanted = match sign {
            '+' => length.saturating_add(bytes),
            '-' => length.saturating_sub(bytes),
            '<' => length.min(bytes),
            '>' => length.max(bytes),
            _ => bytes,
        };
        if wanted > MOST {
            io.err(&format!("truncate: failed to truncate '{name}' at {wanted} bytes: File too large\n"));
            status = 1;
            continue;
        }
        let mut end = usize::try_from(wanted.min(length)).unwrap_or(0);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        text.extend(core::iter::repeat_n('\0', usize::try_from(wanted.saturating_sub(length)).unwrap_or(0)));
        if let Err(error) = io.fs.write(&path, &text, mtime) {
            io.err(&format!("truncate: cannot open '{name}' for writing: {}\n", error.text()));
            status = 1;
        }
    }
    Started::Done(status)
}
