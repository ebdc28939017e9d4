//! From the characters of an `awk` program to tokens.

use alloc::string::String;
use alloc::vec::Vec;

use super::Result;
use crate::shell::escape::{Style, unescape};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Num(f64),
    Str(String),
    Regex(String),
    Name(String),
    /// A name right before `(`.
    Func(String),
    Op(&'static str),
    Newline,
    End,
}

const OPS: [&str; 44] = [
    "**=", "&&", "||", "++", "--", "+=", "-=", "*=", "/=", "%=", "^=", "==", "<=", ">=", "!=", "!~", ">>", "**", "{", "}", "(", ")", "[",
    "]", ";", ",", "+", "-", "*", "/", "%", "^", "!", ">", "<", "|", "?", ":", "~", "$", "=", "\u{0}", "\u{0}", "\u{0}",
];

pub(super) fn tokens(text: &str) -> Result<Vec<Token>> {
    let mut out: Vec<Token> = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skip = |count: usize| rest.get(count..).unwrap_or_default();
        match c {
            ' ' | '\t' | '\r' => rest = skip(1),
            '\\' if rest.starts_with("\\\n") => rest = skip(2),
            '\n' => {
                out.push(Token::Newline);
                rest = skip(1);
            }
            '#' => rest = skip(rest.find('\n').unwrap_or(rest.len())),
            '"' => {
                let (body, length) = quoted(rest, '"').ok_or_else(|| String::from("non-terminated string"))?;
                out.push(Token::Str(unescape(&body, Style::Format).0.replace("\\/", "/")));
                rest = skip(length);
            }
            '/' if !matches!(
                out.last(),
                Some(Token::Num(_) | Token::Str(_) | Token::Name(_) | Token::Op(")" | "]" | "$" | "++" | "--"))
            ) =>
            {
                let (body, length) = quoted(rest, '/').ok_or_else(|| String::from("non-terminated regular expression"))?;
                out.push(Token::Regex(body.replace("\\/", "/")));
                rest = skip(length);
            }
            c if c.is_ascii_digit() || (c == '.' && skip(1).starts_with(|c: char| c.is_ascii_digit())) => {
                let mut length = rest.chars().take_while(|c| c.is_ascii_digit() || *c == '.').count();
                let tail = rest.get(length..).unwrap_or_default();
                if let Some(after) = tail.strip_prefix(['e', 'E']) {
                    let sign = usize::from(after.starts_with(['+', '-']));
                    let digits = after.chars().skip(sign).take_while(char::is_ascii_digit).count();
                    if digits > 0 {
                        length += 1 + sign + digits;
                    }
                }
                out.push(Token::Num(rest.get(..length).and_then(|number| number.parse().ok()).unwrap_or(0.0)));
                rest = skip(length);
            }
            c if c == '_' || c.is_ascii_alphabetic() => {
                let length = rest.chars().take_while(|c| *c == '_' || c.is_ascii_alphanumeric()).count();
                let name = String::from(rest.get(..length).unwrap_or_default());
                rest = skip(length);
                out.push(if rest.starts_with('(') { Token::Func(name) } else { Token::Name(name) });
            }
            _ => {
                let op = OPS.iter().find(|op| rest.starts_with(**op)).ok_or_else(|| alloc::format!("unexpected character '{c}'"))?;
                out.push(Token::Op(op));
                rest = skip(op.len());
            }
        }
    }
    Ok(out)
}

/// The inside of quotes (or slashes) as written, and the length with both ends.
fn quoted(text: &str, end: char) -> Option<(String, usize)> {
    let mut body = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => {
                body.push(c);
                body.push(chars.next()?.1);
            }
            '\n' => return None,
            c if c == end => return Some((body, at + 1)),
            c => body.push(c),
        }
    }
    None
}
