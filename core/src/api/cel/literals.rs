//! Names, numbers and texts of expressions.

use alloc::string::{String, ToString};

use super::parse::{Expr, Parser};

impl Parser {
    pub(super) fn name(&mut self) -> Option<String> {
        self.space();
        if self.peek() == Some('`') {
            let name: String = self.chars.iter().skip(self.at + 1).take_while(|c| **c != '`').collect();
            self.at += name.chars().count() + 2;
            return Some(name);
        }
        let rest = self.chars.iter().skip(self.at);
        let name: String = rest.take_while(|c| c.is_ascii_alphanumeric() || **c == '_').collect();
        self.at += name.len();
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_').then_some(name)
    }

    pub(super) fn number(&mut self) -> Option<Expr> {
        let mut text = String::new();
        if self.peek() == Some('0') && matches!(self.chars.get(self.at + 1), Some('x' | 'X')) {
            let digits: String = self.chars.iter().skip(self.at + 2).take_while(|c| c.is_ascii_hexdigit()).collect();
            self.at += digits.len() + 2;
            return i64::from_str_radix(&digits, 16).ok().map(|number| Expr::Value(number.into()));
        }
        while let Some(c) = self.peek() {
            // A dot that no digit follows begins the name of a member.
            if c == '.' && !self.chars.get(self.at + 1).is_some_and(char::is_ascii_digit) {
                break;
            }
            let signed = matches!(c, '+' | '-') && text.ends_with(['e', 'E']);
            if !(c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E') || signed) {
                break;
            }
            text.push(c);
            self.at += 1;
        }
        if matches!(self.peek(), Some('u' | 'U')) {
            self.at += 1;
            let number = text.parse::<i64>().ok()?;
            let place = self.at.saturating_sub(text.len() + 1);
            let value = self.node(place, Expr::Value(number.into()));
            return Some(Expr::Call(None, "uint".to_string(), alloc::vec![value]));
        }
        match text.parse::<i64>() {
            Ok(number) => Some(Expr::Value(number.into())),
            Err(_) if text.bytes().all(|b| b.is_ascii_digit()) => None,
            Err(_) => text.parse::<f64>().ok().map(|number| Expr::Value(number.into())),
        }
    }

    pub(super) fn text(&mut self, raw: bool) -> Option<String> {
        let quote = self.peek()?;
        let triple = (1..3).all(|more| self.chars.get(self.at + more) == Some(&quote));
        self.at += if triple { 3 } else { 1 };
        let mut text = String::new();
        loop {
            let c = self.peek()?;
            self.at += 1;
            match c {
                c if c == quote && !triple => return Some(text),
                c if c == quote && (0..2).all(|more| self.chars.get(self.at + more) == Some(&quote)) => {
                    self.at += 2;
                    return Some(text);
                }
                '\\' if !raw => {
                    let escaped = self.peek()?;
                    self.at += 1;
                    text.push(match escaped {
                        'n' => '\n',
                        't' => '\t',
                        'r' => '\r',
                        '\\' | '\'' | '"' | '`' | '?' => escaped,
                        _ => return None,
                    });
                }
                c => text.push(c),
            }
        }
    }
}

/// Words that are no names.
pub(super) const RESERVED: &[&str] = &[
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];

/// The name of a member as it stands in the object: rules write some of its characters in words.
pub(super) fn unescaped(name: &str) -> String {
    if !name.contains("__") {
        return name.to_string();
    }
    // A word that is no name stands between underscores.
    let inner = name.strip_prefix("__").and_then(|rest| rest.strip_suffix("__"));
    if let Some(word) = inner.filter(|word| RESERVED.contains(word) || matches!(*word, "in" | "true" | "false" | "null")) {
        return word.to_string();
    }
    let words = [("__underscores__", "__"), ("__dot__", "."), ("__dash__", "-"), ("__slash__", "/")];
    words.iter().fold(name.to_string(), |name, (from, to)| name.replace(from, to))
}
