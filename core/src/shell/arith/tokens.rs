//! From the characters of an arithmetic expression to tokens.

use alloc::string::String;
use alloc::vec::Vec;

use super::message;

#[derive(Clone, Debug)]
pub(super) enum Kind {
    Number(i64),
    Name(String),
    Op(&'static str),
}

#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
}

const OPS: [&str; 38] = [
    "<<=", ">>=", "**", "++", "--", "+=", "-=", "*=", "/=", "%=", "&=", "^=", "|=", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "+",
    "-", "*", "/", "%", "<", ">", "=", "!", "~", "&", "^", "|", "?", ":", ",", "(",
];

pub(super) fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut out = Vec::new();
    let mut start = 0;
    while let Some(c) = text.get(start..).and_then(|rest| rest.chars().next()) {
        let rest = text.get(start..).unwrap_or_default();
        if c.is_whitespace() {
            start += c.len_utf8();
            continue;
        }
        let word_length =
            rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '#' | '[' | ']')).map(char::len_utf8).sum::<usize>();
        let (kind, length) = if c.is_ascii_digit() {
            let word = rest.get(..word_length).unwrap_or_default();
            (Kind::Number(number(word).ok_or_else(|| message(text, "value too great for base", word))?), word_length)
        } else if c == '_' || c.is_ascii_alphabetic() {
            (Kind::Name(String::from(rest.get(..word_length).unwrap_or_default())), word_length)
        } else if c == ')' {
            (Kind::Op(")"), 1)
        } else if let Some(op) = OPS.iter().find(|op| rest.starts_with(**op)) {
            (Kind::Op(op), op.len())
        } else {
            return Err(message(text, "syntax error: operand expected", rest));
        };
        out.push(Token { kind, start });
        start += length.max(1);
    }
    Ok(out)
}

pub(super) fn number(word: &str) -> Option<i64> {
    let (digits, radix) = if let Some(hex) = word.strip_prefix("0x").or_else(|| word.strip_prefix("0X")) {
        (hex, 16)
    } else if let Some((base, digits)) = word.split_once('#') {
        (digits, base.parse().ok().filter(|base| (2..=36).contains(base))?)
    } else if word.len() > 1 && word.starts_with('0') {
        (word, 8)
    } else {
        (word, 10)
    };
    let mut value = 0i64;
    for c in digits.chars() {
        value = value.wrapping_mul(i64::from(radix)).wrapping_add(i64::from(c.to_digit(radix)?));
    }
    Some(value)
}
