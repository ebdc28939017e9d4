//! `printf`: the format is used again for as long as arguments are left. Floating point as far as `%f`, `%g`, `%e`.

use alloc::string::String;
use alloc::vec::Vec;

use crate::shell::decimal;
use crate::shell::escape::{Style, unescape};
use crate::shell::process::{Io, Started};

const MAX_WIDTH: usize = 10_000;

pub(super) fn start(args: &[String], io: &mut Io<'_>) -> Started {
    let args = if args.first().is_some_and(|arg| arg == "--") { args.get(1..).unwrap_or_default() } else { args };
    let Some((format, args)) = args.split_first() else {
        io.err("printf: usage: printf [-v var] format [arguments]\n");
        return Started::Done(2);
    };
    let mut out = String::new();
    let mut errors = Vec::new();
    let status = run(format, args, &mut out, &mut errors);
    io.out(&out);
    for message in errors {
        io.err(&alloc::format!("printf: {message}\n"));
    }
    Started::Done(status)
}

/// Formats arguments; wrong numbers are told in `errors`.
pub fn run(format: &str, args: &[String], out: &mut String, errors: &mut Vec<String>) -> i32 {
    let mut left = args;
    let mut status = 0;
    loop {
        let before = left.len();
        let stop = once(format, &mut left, out, errors, &mut status);
        if stop || left.is_empty() || left.len() == before {
            return status;
        }
    }
}

/// A conversion: flags, width and precision.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spec {
    left: bool,
    zero: bool,
    plus: bool,
    space: bool,
    alternate: bool,
    width: usize,
    precision: Option<usize>,
}

fn once(format: &str, args: &mut &[String], out: &mut String, errors: &mut Vec<String>, status: &mut i32) -> bool {
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        let (text, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(&unescape(text, Style::Format).0);
        let mut next = || {
            let (first, after) = args.split_first()?;
            *args = after;
            Some(first.as_str())
        };
        let tail = tail.get(1..).unwrap_or_default();
        let Some((spec, conversion, tail)) = spec(tail, &mut || next().and_then(|text| text.parse().ok())) else {
            out.push('%');
            rest = tail;
            continue;
        };
        rest = tail;
        match conversion {
            '%' => out.push('%'),
            's' => pad(out, &cut(next().unwrap_or_default(), spec.precision), spec),
            'b' => {
                let (text, stop) = unescape(next().unwrap_or_default(), Style::Echo);
                pad(out, &cut(&text, spec.precision), spec);
                if stop {
                    return true;
                }
            }
            'q' => pad(out, &escaped(next().unwrap_or_default()), spec),
            '(' if tail.contains(")T") => {
                let (format, after) = tail.split_once(")T").unwrap_or((tail, ""));
                let (seconds, _) = integer(next().unwrap_or("0"));
                let format = if format.is_empty() { "%H:%M:%S" } else { format };
                pad(out, &crate::shell::calendar::Moment::from_unix(seconds.max(0)).format(format), spec);
                rest = after;
            }
            'c' => pad(out, &next().unwrap_or_default().chars().take(1).collect::<String>(), spec),
            'd' | 'i' | 'u' | 'x' | 'X' | 'o' => {
                let text = next().unwrap_or_default();
                let (value, good) = integer(text);
                if !good {
                    errors.push(alloc::format!("{text}: invalid number"));
                    *status = 1;
                }
                number(out, value, conversion, spec);
            }
            'f' | 'F' | 'e' | 'E' | 'g' | 'G' => {
                let text = next().unwrap_or_default();
                let (value, good) = if text.is_empty() {
                    (0.0, true)
                } else {
                    text.trim().parse::<f64>().map_or((decimal::leading(text), false), |value| (value, true))
                };
                if !good {
                    errors.push(alloc::format!("{text}: invalid number"));
                    *status = 1;
                }
                float(out, value, conversion, spec);
            }
            other => {
                errors.push(alloc::format!("`{other}': invalid format character"));
                *status = 1;
                return true;
            }
        }
    }
    out.push_str(&unescape(rest, Style::Format).0);
    false
}

/// Reads a conversion after its `%`: what it asks, its letter, and the rest. `None` if the text ends in it.
pub fn spec<'a>(text: &'a str, star: &mut dyn FnMut() -> Option<i64>) -> Option<(Spec, char, &'a str)> {
    let mut spec = Spec::default();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.peek() {
        match c {
            '-' => spec.left = true,
            '0' => spec.zero = true,
            '+' => spec.plus = true,
            ' ' => spec.space = true,
            '#' => spec.alternate = true,
            _ => break,
        }
        chars.next();
    }
    let mut number = |chars: &mut core::iter::Peekable<core::str::Chars<'a>>| -> i64 {
        if chars.peek() == Some(&'*') {
            chars.next();
            return star().unwrap_or(0);
        }
        let mut value = 0i64;
        while let Some(digit) = chars.peek().and_then(|c| c.to_digit(10)) {
            chars.next();
            value = value.saturating_mul(10).saturating_add(i64::from(digit));
        }
        value
    };
    let width = number(&mut chars);
    spec.left |= width < 0;
    spec.width = usize::try_from(width.unsigned_abs()).unwrap_or(MAX_WIDTH).min(MAX_WIDTH);
    if chars.peek() == Some(&'.') {
        chars.next();
        spec.precision = Some(usize::try_from(number(&mut chars)).unwrap_or(0).min(100));
    }
    while matches!(chars.peek(), Some('l' | 'h' | 'z' | 'j')) {
        chars.next();
    }
    let conversion = chars.next()?;
    let left: usize = chars.map(char::len_utf8).sum();
    Some((spec, conversion, text.get(text.len().saturating_sub(left)..).unwrap_or_default()))
}

/// A text as `%q` writes it: with backslashes, or in `$'…'` if it has characters that cannot be seen.
fn escaped(text: &str) -> String {
    if text.is_empty() {
        return String::from("''");
    }
    let mut out = String::new();
    let unseen = text.chars().any(char::is_control);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() => out.push_str(&alloc::format!("\\{:03o}", u32::from(c))),
            '\'' | '\\' if unseen => out.extend(['\\', c]),
            c if !unseen && (" !\"#$&'()*,;<>?[\\]^`{|}".contains(c) || c == '~' && out.is_empty()) => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    if unseen { ["$'", &out, "'"].concat() } else { out }
}

fn cut(text: &str, precision: Option<usize>) -> String {
    match precision {
        Some(most) => text.chars().take(most).collect(),
        None => String::from(text),
    }
}

/// Adds text in its field.
pub fn pad(out: &mut String, text: &str, spec: Spec) {
    let missing = spec.width.saturating_sub(text.chars().count());
    if spec.left {
        out.push_str(text);
        out.extend(core::iter::repeat_n(' ', missing));
    } else {
        out.extend(core::iter::repeat_n(' ', missing));
        out.push_str(text);
    }
}

/// Adds text cut to the precision, in its field (`%s`).
pub fn string(out: &mut String, text: &str, spec: Spec) {
    pad(out, &cut(text, spec.precision), spec);
}

/// Adds an integer.
pub fn number(out: &mut String, value: i64, conversion: char, spec: Spec) {
    let (sign, digits) = match conversion {
        'x' => (if spec.alternate { "0x" } else { "" }, alloc::format!("{value:x}")),
        'X' => (if spec.alternate { "0X" } else { "" }, alloc::format!("{value:X}")),
        'o' => (if spec.alternate { "0" } else { "" }, alloc::format!("{value:o}")),
        _ => (sign(value < 0, spec), alloc::format!("{}", value.unsigned_abs())),
    };
    let mut body = String::new();
    body.extend(core::iter::repeat_n('0', spec.precision.unwrap_or(0).saturating_sub(digits.len())));
    body.push_str(&digits);
    signed(out, sign, &body, spec.zero && spec.precision.is_none(), spec);
}

fn sign(negative: bool, spec: Spec) -> &'static str {
    match (negative, spec.plus, spec.space) {
        (true, ..) => "-",
        (_, true, _) => "+",
        (_, _, true) => " ",
        _ => "",
    }
}

fn signed(out: &mut String, sign: &str, body: &str, zero: bool, spec: Spec) {
    let missing = spec.width.saturating_sub(sign.len() + body.len());
    if zero && !spec.left {
        out.push_str(sign);
        out.extend(core::iter::repeat_n('0', missing));
        out.push_str(body);
        return;
    }
    let mut text = String::from(sign);
    text.push_str(body);
    pad(out, &text, spec);
}

/// Adds a number with a fraction.
pub fn float(out: &mut String, value: f64, conversion: char, spec: Spec) {
    let precision = spec.precision.unwrap_or(6);
    let magnitude = if value < 0.0 { -value } else { value };
    let body = match conversion {
        'f' | 'F' => alloc::format!("{magnitude:.precision$}"),
        'e' | 'E' => decimal::scientific(magnitude, precision),
        _ => decimal::general(magnitude, precision.max(1)),
    };
    signed(out, sign(value.is_sign_negative() && value != 0.0, spec), &body, spec.zero, spec);
}

/// An integer as `printf %d` reads it, and whether all of it was one: `12`, `0x1f`, `017`, `'a`.
fn integer(text: &str) -> (i64, bool) {
    let text = text.trim();
    if text.is_empty() {
        return (0, true);
    }
    if let Some(quoted) = text.strip_prefix(['\'', '"']) {
        return (quoted.chars().next().map_or(0, |c| i64::from(u32::from(c))), true);
    }
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (radix, digits) = if let Some(hex) = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        (16, hex)
    } else if digits.len() > 1 && digits.starts_with('0') {
        (8, digits)
    } else {
        (10, digits)
    };
    let mut value = 0i64;
    let mut good = !digits.is_empty();
    for c in digits.chars() {
        match c.to_digit(radix) {
            Some(digit) => value = value.saturating_mul(i64::from(radix)).saturating_add(i64::from(digit)),
            None => {
                good = false;
                break;
            }
        }
    }
    (if negative { value.saturating_neg() } else { value }, good)
}
