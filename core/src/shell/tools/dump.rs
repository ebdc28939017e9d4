//! `od`, `xxd` and `hexdump`: inputs byte by byte. A text counts with the bytes of its UTF-8.

use alloc::string::String;
use alloc::vec::Vec;

use super::args::{Accepts, Opts};
use super::whole;
use crate::shell::process::{Io, Started};

const OD: Accepts = Accepts {
    tool: "od",
    short: "A:t:N:j:w:vcbxdoa",
    long: &[("address-radix", 'A'), ("format", 't'), ("read-bytes", 'N'), ("skip-bytes", 'j'), ("width", 'w'), ("output-duplicates", 'v')],
    first_operand_ends: false,
    status: 1,
};
const XXD: Accepts = Accepts { tool: "xxd", short: "prbiul:s:c:g:", long: &[], first_operand_ends: false, status: 1 };
const HEXDUMP: Accepts =
    Accepts { tool: "hexdump", short: "Cbcdoxvn:s:", long: &[("canonical", 'C')], first_operand_ends: false, status: 1 };

/// One way to write a line of bytes.
#[derive(Clone, Copy)]
struct Row {
    /// Bytes that are one number.
    size: usize,
    /// How numbers are written.
    kind: char,
    /// How wide each is.
    width: usize,
    /// The bytes as characters stand behind.
    text: bool,
}

/// A number out of the options: `0x10`, `010`, `2k`.
fn count(text: Option<&str>) -> Option<usize> {
    let text = text?;
    let (digits, times) = match text.strip_suffix(['k', 'K']) {
        Some(digits) => (digits, 1024),
        None => (text, 1),
    };
    let number = match digits.strip_prefix("0x") {
        Some(hex) => usize::from_str_radix(hex, 16).ok()?,
        None => digits.parse().ok()?,
    };
    number.checked_mul(times)
}

/// The bytes asked for.
fn chosen<'a>(bytes: &'a [u8], skip: Option<&str>, most: Option<&str>) -> (usize, &'a [u8]) {
    let from = count(skip).unwrap_or(0).min(bytes.len());
    let to = from.saturating_add(count(most).unwrap_or(usize::MAX)).min(bytes.len());
    (from, bytes.get(from..to).unwrap_or_default())
}

pub(super) fn od(args: &[String], io: &mut Io<'_>) -> Started {
    whole::filter(&OD, args, dump_od, io)
}

/// `-t x1z`, `-t d4`: the row for a format, or the letter that means nothing.
fn row(format: &str) -> Option<Row> {
    let text = format.ends_with('z');
    let format = format.trim_end_matches('z');
    let mut chars = format.chars();
    let kind = chars.next()?;
    let size = match (kind, chars.as_str()) {
        ('c' | 'a', "") => 1,
        (_, "" | "4" | "I") => 4,
        (_, "1" | "C") => 1,
        (_, "2" | "S") => 2,
        (_, "8" | "L") => 8,
        _ => return None,
    };
    let width = match (kind, size) {
        ('c' | 'a', _) => 4,
        ('x', size) => 2 * size + 1,
        ('o', size) => [4, 7, 0, 12, 0, 0, 0, 23].get(size - 1).copied()?,
        ('u', size) => [4, 6, 0, 11, 0, 0, 0, 21].get(size - 1).copied()?,
        ('d', size) => [5, 7, 0, 12, 0, 0, 0, 21].get(size - 1).copied()?,
        _ => return None,
    };
    Some(Row { size, kind, width, text })
}

fn dump_od(opts: &Opts, texts: &[String], io: &mut Io<'_>) -> i32 {
    let whole = texts.concat();
    let (from, bytes) = chosen(whole.as_bytes(), opts.value('j'), opts.value('N'));
    let mut rows = Vec::new();
    for (flag, value) in opts.all() {
        let format = match flag {
            't' => value,
            'c' => "c",
            'a' => "a",
            'b' => "o1",
            'x' => "x2",
            'd' => "u2",
            'o' => "o2",
            _ => continue,
        };
        match row(format) {
            Some(row) => rows.push(row),
            None => {
                io.err(&alloc::format!("od: invalid character in type string '{format}'\n"));
                return 1;
            }
        }
    }
    if rows.is_empty() {
        rows.extend(row("o2"));
    }
    let radix = opts.value('A').and_then(|radix| radix.chars().next()).unwrap_or('o');
    let address = |at: usize| match radix {
        'd' => alloc::format!("{at:07}"),
        'x' => alloc::format!("{at:06x}"),
        'n' => String::new(),
        _ => alloc::format!("{at:07o}"),
    };
    let width = count(opts.value('w')).filter(|width| (1..=256).contains(width)).unwrap_or(16);
    // Numbers of different rows stand below each other.
    let per_byte = rows.iter().map(|row| row.width.div_ceil(row.size)).max().unwrap_or(3);
    let rows: Vec<Row> =
        if rows.len() == 1 { rows } else { rows.into_iter().map(|row| Row { width: per_byte * row.size, ..row }).collect() };
    let mut out = String::new();
    lines(bytes, width, opts.has('v'), &mut |at, line| {
        let Some(line) = line else {
            out.push_str("*\n");
            return;
        };
        for (number, row) in rows.iter().enumerate() {
            let head = address(from + at);
            out.push_str(&if number == 0 { head } else { " ".repeat(head.len()) });
            let mut used = 0;
            for part in line.chunks(row.size) {
                let mut full = Vec::from(part);
                full.resize(row.size, 0);
                let one = value(&full, row.kind);
                out.push_str(&alloc::format!("{one:>width$}", width = row.width));
                used += row.width;
            }
            if row.text {
                let all = width / row.size * row.width;
                out.push_str(&alloc::format!("{:pad$}  >{}<", "", seen(line), pad = all - used.min(all)));
            }
            out.push('\n');
        }
    });
    let end = address(from + bytes.len());
    if !end.is_empty() {
        out.push_str(&end);
        out.push('\n');
    }
    io.out(&out);
    0
}

/// Hands over line by line with its place; `None` for lines like the one before, once.
fn lines(bytes: &[u8], width: usize, all: bool, show: &mut dyn FnMut(usize, Option<&[u8]>)) {
    let mut last: Option<&[u8]> = None;
    let mut starred = false;
    for (number, line) in bytes.chunks(width).enumerate() {
        if !all && last == Some(line) && line.len() == width {
            if !starred {
                show(number * width, None);
            }
            starred = true;
            continue;
        }
        starred = false;
        show(number * width, Some(line));
        last = Some(line);
    }
}

/// A number of some bytes, the lowest first, as a kind of od writes it.
fn value(part: &[u8], kind: char) -> String {
    let number = part.iter().rev().fold(0u64, |number, byte| number << 8 | u64::from(*byte));
    let size = part.len();
    match kind {
        'x' => alloc::format!("{number:0width$x}", width = 2 * size),
        'o' => alloc::format!("{number:0width$o}", width = (size * 8).div_ceil(3)),
        'u' => alloc::format!("{number}"),
        'd' => {
            let shift = 64 - 8 * size.clamp(1, 8);
            alloc::format!("{}", (number << shift) as i64 >> shift)
        }
        'a' if number & 0x7f == 32 => String::from("sp"),
        'a' if number & 0x7f == 10 => String::from("nl"),
        _ => character(number),
    }
}

/// A byte as `od -c` and `hexdump -c` write it.
fn character(number: u64) -> String {
    String::from(match number {
        0 => "\\0",
        7 => "\\a",
        8 => "\\b",
        9 => "\\t",
        10 => "\\n",
        11 => "\\v",
        12 => "\\f",
        13 => "\\r",
        32..=126 => return u8::try_from(number).map_or_else(|_| String::new(), |byte| String::from(char::from(byte))),
        other => return alloc::format!("{other:03o}"),
    })
}

/// Bytes as characters, with dots for those that cannot be seen.
fn seen(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| if (32..127).contains(byte) { char::from(*byte) } else { '.' }).collect()
}

pub(super) fn hexdump(args: &[String], io: &mut Io<'_>) -> Started {
    whole::filter(&HEXDUMP, args, dump_hexdump, io)
}

pub(super) fn hd(args: &[String], io: &mut Io<'_>) -> Started {
    let mut all = Vec::from([String::from("-C")]);
    all.extend(args.iter().cloned());
    whole::filter(&HEXDUMP, &all, dump_hexdump, io)
}

fn dump_hexdump(opts: &Opts, texts: &[String], io: &mut Io<'_>) -> i32 {
    let whole = texts.concat();
    let (from, bytes) = chosen(whole.as_bytes(), opts.value('s'), opts.value('n'));
    let canonical = opts.has('C');
    let head = if canonical { 8 } else { 7 };
    // Size, kind, and how wide a number is with what stands before it.
    let (size, kind, width) = match opts.all().map(|(flag, _)| flag).find(|flag| "bcdox".contains(*flag)) {
        _ if canonical => (1, 'x', 3),
        Some('b') => (1, 'o', 4),
        Some('c') => (1, 'c', 4),
        Some('d') => (2, 'u', 8),
        Some('o') => (2, 'o', 8),
        Some('x') => (2, 'x', 8),
        _ => (2, 'x', 5),
    };
    let mut out = String::new();
    lines(bytes, 16, opts.has('v'), &mut |at, line| {
        let Some(line) = line else {
            out.push_str("*\n");
            return;
        };
        out.push_str(&alloc::format!("{:0head$x}", from + at));
        if canonical {
            for half in 0..2 {
                out.push(' ');
                for place in 0..8 {
                    match line.get(half * 8 + place) {
                        Some(byte) => out.push_str(&alloc::format!(" {byte:02x}")),
                        None => out.push_str("   "),
                    }
                }
            }
            out.push_str(&alloc::format!("  |{}|\n", seen(line)));
            return;
        }
        for part in line.chunks(size) {
            // A byte alone at the end counts as a number of two.
            let mut pair = Vec::from(part);
            pair.resize(size, 0);
            let one = if kind == 'u' { alloc::format!("{:0>5}", value(&pair, kind)) } else { value(&pair, kind) };
            out.push_str(&alloc::format!("{one:>width$}"));
        }
        let missing = (16 - line.len()) / size;
        out.push_str(&" ".repeat(missing * width));
        out.push('\n');
    });
    if !bytes.is_empty() {
        out.push_str(&alloc::format!("{:0head$x}\n", from + bytes.len()));
    }
    io.out(&out);
    0
}

pub(super) fn xxd(args: &[String], io: &mut Io<'_>) -> Started {
    // -ps and -plain are -p.
    let args: Vec<String> =
        args.iter().map(|arg| if matches!(arg.as_str(), "-ps" | "-plain") { String::from("-p") } else { arg.clone() }).collect();
    whole::filter(&XXD, &args, dump_xxd, io)
}

fn dump_xxd(opts: &Opts, texts: &[String], io: &mut Io<'_>) -> i32 {
    let whole = texts.concat();
    if opts.has('r') {
        let bytes = if opts.has('p') { nibbles(&whole) } else { whole.lines().flat_map(|line| nibbles(hex_part(line))).collect() };
        io.out(&String::from_utf8_lossy(&bytes));
        return 0;
    }
    let (from, bytes) = chosen(whole.as_bytes(), opts.value('s'), opts.value('l'));
    let upper = opts.has('u');
    let hex = |byte: &u8| if upper { alloc::format!("{byte:02X}") } else { alloc::format!("{byte:02x}") };
    let mut out = String::new();
    if opts.has('p') {
        for line in bytes.chunks(count(opts.value('c')).filter(|width| *width > 0).unwrap_or(30)) {
            out.extend(line.iter().map(hex));
            out.push('\n');
        }
        io.out(&out);
        return 0;
    }
    if opts.has('i') {
        let list: Vec<String> = bytes
            .chunks(12)
            .map(|line| ["  ", &line.iter().map(|byte| alloc::format!("0x{byte:02x}")).collect::<Vec<_>>().join(", ")].concat())
            .collect();
        let name = opts.rest.first().map(|name| name.replace(|c: char| !c.is_ascii_alphanumeric(), "_"));
        let body = list.join(",\n");
        io.out(&match name {
            Some(name) => alloc::format!("unsigned char {name}[] = {{\n{body}\n}};\nunsigned int {name}_len = {};\n", bytes.len()),
            None => [&body, "\n"].concat(),
        });
        return 0;
    }
    let bits = opts.has('b');
    let width = count(opts.value('c')).filter(|width| (1..=256).contains(width)).unwrap_or(if bits { 6 } else { 16 });
    let group = count(opts.value('g')).filter(|group| *group > 0).unwrap_or(if bits { 1 } else { 2 });
    for (number, line) in bytes.chunks(width).enumerate() {
        out.push_str(&alloc::format!("{:08x}:", from + number * width));
        let mut body = String::new();
        for part in line.chunks(group) {
            body.push(' ');
            body.extend(part.iter().map(|byte| if bits { alloc::format!("{byte:08b}") } else { hex(byte) }));
        }
        let full = width.div_ceil(group) + width * if bits { 8 } else { 2 };
        out.push_str(&alloc::format!("{body:full$}  {}\n", seen(line)));
    }
    io.out(&out);
    0
}

/// The hexadecimal columns of a line of xxd.
fn hex_part(line: &str) -> &str {
    let after = line.split_once(':').map_or("", |(_, after)| after);
    let after = after.strip_prefix(' ').unwrap_or(after);
    after.split_once("  ").map_or(after, |(hex, _)| hex)
}

fn nibbles(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.chars().filter_map(|c| c.to_digit(16)).filter_map(|digit| u8::try_from(digit).ok()).collect();
    digits.chunks_exact(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect()
}
