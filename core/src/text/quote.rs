//! Go's `%q`, for the error texts that quote what they were given.

use alloc::string::String;
use core::fmt::Write;

/// `text` between `mark`s, escaped as strconv.Quote escapes.
fn quote_with(text: &str, mark: char) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push(mark);
    for c in text.chars() {
        let short = match c {
            '\u{7}' => 'a',
            '\u{8}' => 'b',
            '\u{c}' => 'f',
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            '\u{b}' => 'v',
            '\\' => '\\',
            c if c == mark => mark,
            _ => '\0',
        };
        let code = c as u32;
        if short != '\0' {
            out.push('\\');
            out.push(short);
        } else if code < 0x20 || code == 0x7f {
            // Writing into a String cannot fail.
            let _ = write!(out, "\\x{code:02x}");
        } else if c.is_control() || matches!(c, '\u{feff}' | '\u{a0}' | '\u{2028}' | '\u{2029}') {
            let _ = write!(out, "\\u{code:04x}");
        } else {
            out.push(c);
        }
    }
    out.push(mark);
    out
}

/// `"text"`, as `%q` of a string.
pub fn quote(text: &str) -> String {
    quote_with(text, '"')
}

/// `'c'`, as `%q` of a rune.
pub fn quote_char(c: char) -> String {
    let mut buffer = [0; 4];
    quote_with(c.encode_utf8(&mut buffer), '\'')
}

/// Reads a Go string or character literal's inside: `\n`, `\x41`, `\u00e9`, `\"`. `None` when an escape is bad.
pub fn unescape(text: &str, mark: char) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == mark {
            return None;
        }
        if c != '\\' {
            out.push(c);
            continue;
        }
        let escape = chars.next()?;
        let digits = match escape {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            '0'..='7' => 3,
            _ => 0,
        };
        if digits > 0 {
            let radix = if digits == 3 { 8 } else { 16 };
            let mut code = if digits == 3 { escape.to_digit(8)? } else { 0 };
            for _ in usize::from(digits == 3)..digits {
                code = code.checked_mul(radix)?.checked_add(chars.next()?.to_digit(radix)?)?;
            }
            out.push(char::from_u32(code)?);
            continue;
        }
        out.push(match escape {
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            '\\' => '\\',
            c if c == mark => c,
            _ => return None,
        });
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes() {
        assert_eq!(quote("a\"b\n\u{1}한"), "\"a\\\"b\\n\\x01한\"");
        assert_eq!(quote_char('\''), "'\\''");
        assert_eq!(unescape("a\\n\\x41\\u00e9\\101", '"').as_deref(), Some("a\nAéA"));
        assert_eq!(unescape("a\\q", '"'), None);
    }
}
