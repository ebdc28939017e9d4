//! Backslash escapes in `$'…'`, `echo -e` and `printf`. Never: quotes of the shell's own words (`lex`).

use alloc::string::String;

/// Whose escapes are meant; they differ a little.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `$'…'`: also `\'` and `\"`; octal is `\nnn`.
    Quote,
    /// `echo -e` and `%b`: octal is `\0nnn`; `\c` ends all output.
    Echo,
    /// The format of `printf`: octal is `\nnn`.
    Format,
}

/// The text with its escapes replaced, and whether `\c` said to stop.
pub fn unescape(text: &str, style: Style) -> (String, bool) {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        let Some(kind) = chars.next() else {
            out.push('\\');
            break;
        };
        let mut number = |radix: u32, most: usize, mut value: u32, mut seen: usize| {
            while seen < most {
                let Some(digit) = chars.peek().and_then(|c| c.to_digit(radix)) else { break };
                chars.next();
                value = value.saturating_mul(radix).saturating_add(digit);
                seen += 1;
            }
            (value, seen)
        };
        match kind {
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'r' => out.push('\r'),
            'a' => out.push('\x07'),
            'b' => out.push('\x08'),
            'f' => out.push('\x0c'),
            'v' => out.push('\x0b'),
            'e' | 'E' => out.push('\x1b'),
            '\\' => out.push('\\'),
            '\'' | '"' | '?' if style == Style::Quote => out.push(kind),
            '"' if style == Style::Format => out.push('"'),
            'c' if style == Style::Echo => return (out, true),
            '0' if style == Style::Echo => {
                let (value, _) = number(8, 3, 0, 0);
                push_code(&mut out, value & 0xff);
            }
            '0'..='7' if style != Style::Echo => {
                let (value, _) = number(8, 3, kind.to_digit(8).unwrap_or(0), 1);
                push_code(&mut out, value & 0xff);
            }
            'x' | 'u' | 'U' => {
                let most = match kind {
                    'x' => 2,
                    'u' => 4,
                    _ => 8,
                };
                let (value, seen) = number(16, most, 0, 0);
                if seen == 0 {
                    out.push('\\');
                    out.push(kind);
                } else {
                    push_code(&mut out, value);
                }
            }
            other => {
                out.push('\\');
                out.push(other);
            }
        }
    }
    (out, false)
}

fn push_code(out: &mut String, code: u32) {
    out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
}
