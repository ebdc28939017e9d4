//! `print`, `println` and `printf` as Go's fmt formats the values a template holds.

use alloc::format;
use alloc::string::{String, ToString};

use serde_json::Value;

use super::eval::Held;
use super::funcs::{type_name, values};
use crate::object::jsonpath::{go_syntax, go_value};
use crate::text::quote;

/// Wider fields than this are cut to it.
const MAX_WIDTH: usize = 1000;

/// `fmt.Sprint`: blanks between operands when neither is a text.
pub(super) fn print(args: &[Held<'_>]) -> String {
    let mut out = String::new();
    let mut text_before = true;
    for value in values(args) {
        let is_text = value.is_string();
        if !out.is_empty() && !is_text && !text_before {
            out.push(' ');
        }
        out.push_str(&go_value(&value));
        text_before = is_text;
    }
    out
}

/// `fmt.Sprintln`: blanks between all operands, and a line break.
pub(super) fn println(args: &[Held<'_>]) -> String {
    let mut out = String::new();
    for (i, value) in values(args).iter().enumerate() {
        if i > 0 {
            out.push(' ');
        }
        out.push_str(&go_value(value));
    }
    out.push('\n');
    out
}

#[derive(Default)]
struct Spec {
    minus: bool,
    plus: bool,
    zero: bool,
    sharp: bool,
    width: usize,
    precision: Option<usize>,
}

/// `fmt.Sprintf`.
pub(super) fn printf(args: &[Held<'_>]) -> String {
    let values = values(args);
    let Some((Value::String(text), operands)) = values.split_first() else { return print(args) };
    let mut out = String::new();
    let mut operands = operands.iter();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let mut spec = Spec::default();
        while let Some(flag) = chars.next_if(|c| matches!(c, '-' | '+' | '0' | '#' | ' ')) {
            match flag {
                '-' => spec.minus = true,
                '+' => spec.plus = true,
                '0' => spec.zero = true,
                '#' => spec.sharp = true,
                _ => {}
            }
        }
        while let Some(digit) = chars.peek().and_then(|c| c.to_digit(10)) {
            chars.next();
            spec.width = (spec.width * 10 + digit as usize).min(MAX_WIDTH);
        }
        if chars.next_if_eq(&'.').is_some() {
            let mut precision = 0;
            while let Some(digit) = chars.peek().and_then(|c| c.to_digit(10)) {
                chars.next();
                precision = (precision * 10 + digit as usize).min(100);
            }
            spec.precision = Some(precision);
        }
        match chars.next() {
            None => out.push_str("%!(NOVERB)"),
            Some('%') => out.push('%'),
            Some(verb) => match operands.next() {
                None => out.push_str(&format!("%!{verb}(MISSING)")),
                Some(value) => match verb_text(verb, value, &spec) {
                    // What the verb does not fit is padded within its brackets.
                    text if text.starts_with("%!") => out.push_str(&text),
                    text => pad(&text, &spec, value, &mut out),
                },
            },
        }
    }
    let extra: alloc::vec::Vec<String> = operands.map(|value| format!("{}={}", type_name(value), go_value(value))).collect();
    if !extra.is_empty() {
        out.push_str(&format!("%!(EXTRA {})", extra.join(", ")));
    }
    out
}

fn padded(text: &str, spec: &Spec, value: &Value) -> String {
    let mut out = String::new();
    pad(text, spec, value, &mut out);
    out
}

fn pad(text: &str, spec: &Spec, value: &Value, out: &mut String) {
    let fill = spec.width.saturating_sub(text.chars().count());
    let zeros = spec.zero && !spec.minus && value.is_number();
    let (sign, digits) = match text.strip_prefix(['-', '+']) {
        Some(rest) if zeros => (text.get(..1).unwrap_or(""), rest),
        _ => ("", text),
    };
    out.push_str(sign);
    if !spec.minus {
        (0..fill).for_each(|_| out.push(if zeros { '0' } else { ' ' }));
    }
    out.push_str(digits);
    if spec.minus {
        (0..fill).for_each(|_| out.push(' '));
    }
}

fn verb_text(verb: char, value: &Value, spec: &Spec) -> String {
    let cut = |text: String| match spec.precision {
        Some(precision) => text.chars().take(precision).collect(),
        None => text,
    };
    let signed = |text: String, negative: bool| if spec.plus && !negative { format!("+{text}") } else { text };
    match (verb, value) {
        ('T', _) => type_name(value).to_string(),
        ('v', _) if spec.sharp => go_syntax(value),
        ('v', _) => go_value(value),
        ('s', Value::String(text)) => cut(text.clone()),
        ('q', Value::String(text)) => quote::quote(&cut(text.clone())),
        ('x' | 'X', Value::String(text)) => {
            text.bytes().map(|b| if verb == 'x' { format!("{b:02x}") } else { format!("{b:02X}") }).collect()
        }
        ('t', Value::Bool(b)) => b.to_string(),
        ('s' | 'q', Value::Array(items)) => {
            let parts: alloc::vec::Vec<String> = items.iter().map(|item| verb_text(verb, item, spec)).collect();
            format!("[{}]", parts.join(" "))
        }
        ('s', Value::Object(_)) => go_value(value),
        (_, Value::Number(n)) if n.is_f64() => {
            let f = n.as_f64().unwrap_or(0.0);
            match verb {
                'f' | 'F' => signed(format!("{f:.*}", spec.precision.unwrap_or(6)), f < 0.0),
                'g' | 'G' => signed(go_value(value), f < 0.0),
                'e' | 'E' => {
                    let text = format!("{f:.*e}", spec.precision.unwrap_or(6));
                    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
                    let (sign, size) = exponent.strip_prefix('-').map_or(('+', exponent), |size| ('-', size));
                    signed(format!("{mantissa}{verb}{sign}{size:0>2}"), f < 0.0)
                }
                _ => bad(verb, value, spec),
            }
        }
        (_, Value::Number(n)) => {
            let i = n.as_i64().unwrap_or(i64::MAX);
            match verb {
                'd' => signed(digits(i, spec), i < 0),
                'x' => format!("{i:x}"),
                'X' => format!("{i:X}"),
                'o' => format!("{i:o}"),
                'b' => format!("{i:b}"),
                'c' => u32::try_from(i).ok().and_then(char::from_u32).unwrap_or('\u{fffd}').to_string(),
                'q' => quote::quote_char(u32::try_from(i).ok().and_then(char::from_u32).unwrap_or('\u{fffd}')),
                _ => {
                    ["%!", verb.encode_utf8(&mut [0; 4]), "(", type_name(value), "=", &padded(&digits(i, spec), spec, value), ")"].concat()
                }
            }
        }
        _ => bad(verb, value, spec),
    }
}

/// A whole number with as many digits as the precision asks for.
fn digits(i: i64, spec: &Spec) -> String {
    let digits = i.unsigned_abs().to_string();
    let zeros = "0".repeat(spec.precision.unwrap_or(0).saturating_sub(digits.len()));
    [if i < 0 { "-" } else { "" }, &zeros, &digits].concat()
}

fn bad(verb: char, value: &Value, spec: &Spec) -> String {
    match value {
        Value::Null => format!("%!{verb}(<nil>)"),
        _ => format!("%!{verb}({}={})", type_name(value), padded(&go_value(value), spec, value)),
    }
}
