//! Tokens of expressions as errors name them, and what is no token at all. Models the lexer of cel-go's grammar.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// What stands between two and has two characters.
const DOUBLE: &[&str] = &["==", "!=", "<=", ">=", "&&", "||"];
const SINGLE: &str = "[](){}.,-!?:+*/%<>";

fn word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The token at a place, and where it ends.
pub(super) fn token(chars: &[char], at: usize) -> (String, usize) {
    let rest = chars.get(at..).unwrap_or_default();
    let Some(first) = rest.first() else { return ("<EOF>".to_string(), at) };
    let two: String = rest.iter().take(2).collect();
    let length = if word(*first) {
        rest.iter().take_while(|c| word(**c)).count()
    } else if matches!(first, '\'' | '"' | '`') {
        string(rest).unwrap_or(1)
    } else if DOUBLE.contains(&two.as_str()) {
        2
    } else {
        1
    };
    (rest.iter().take(length).collect(), at + length)
}

/// How many characters a text in quotes has; the error is how far it can be read.
fn string(rest: &[char]) -> Result<usize, usize> {
    let Some(quote) = rest.first() else { return Err(0) };
    let mut at = 1;
    if rest.iter().take(3).filter(|c| *c == quote).count() == 3 {
        let end = rest.get(3..).unwrap_or_default().windows(3).position(|three| three.iter().all(|c| c == quote));
        return end.map(|end| end + 6).ok_or(rest.len());
    }
    while let Some(c) = rest.get(at) {
        match c {
            c if c == quote => return Ok(at + 1),
            '\n' => return Err(at),
            '\\' if *quote != '`' => {
                if !rest.get(at + 1).is_some_and(|c| "abfnrtv\\'\"`?xXuU01234567".contains(*c)) {
                    return Err(at + 2);
                }
                at += 2;
            }
            _ => at += 1,
        }
    }
    Err(at)
}

/// What is no token: where, and in which words. It is passed over, and nothing stands in its place.
pub(super) fn unknown(chars: &mut [char]) -> Vec<(usize, String)> {
    let mut wrong = Vec::new();
    let mut at = 0;
    while let Some(rest) = chars.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(first) = rest.first().copied() else { break };
        let two: String = rest.iter().take(2).collect();
        let raw = matches!(first, 'r' | 'R') && matches!(rest.get(1), Some('\'' | '"'));
        if two == "//" {
            let end = rest.iter().position(|c| *c == '\n').unwrap_or(rest.len());
            chars.iter_mut().skip(at).take(end).for_each(|c| *c = ' ');
            at += end;
            continue;
        }
        if raw {
            let quote = rest.get(1).copied();
            at += 2 + rest.iter().skip(2).position(|c| Some(*c) == quote).map_or(rest.len(), |end| end + 1);
            continue;
        }
        let bad = match first {
            c if c.is_whitespace() || SINGLE.contains(c) && !DOUBLE.contains(&two.as_str()) => Err(1),
            '\'' | '"' | '`' => string(rest).map_or_else(Ok, Err),
            _ if DOUBLE.contains(&two.as_str()) => Err(2),
            c if word(c) => Err(rest.iter().take_while(|c| word(**c)).count()),
            '=' | '&' | '|' => Ok(2.min(rest.len())),
            _ => Ok(1),
        };
        match bad {
            Err(length) => at += length.max(1),
            Ok(length) => {
                let text: String = rest.iter().take(length).collect();
                wrong.push((at, ["Syntax error: token recognition error at: '", &text, "'"].concat()));
                chars.iter_mut().skip(at).take(length).for_each(|c| *c = ' ');
                at += length.max(1);
            }
        }
    }
    wrong
}
