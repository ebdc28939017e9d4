//! A template's text as tokens. Models the lexer of Go's text/template, error texts included.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::text::quote;

/// Templates longer than this many bytes are refused.
const MAX_BYTES: usize = 64 * 1024;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// Text outside of braces.
    Text,
    /// `{{`, trimmed or not.
    Open,
    /// `}}`, trimmed or not.
    Close,
    Space,
    /// A word: a keyword, a function, `true`, `nil`.
    Word,
    /// `.name`
    Field,
    /// `$name`
    Variable,
    Dot,
    /// A quoted text, unquoted.
    Quoted(String),
    Number,
    /// `'x'`
    Char(char),
    /// `:=`, `=`, `|`, `(`, `)`, `,`
    Sign,
    /// A character that means nothing.
    Other,
    /// What could not be read, and why; the last token but [`Kind::End`].
    Bad(String),
    End,
}

#[derive(Clone, Debug)]
pub(super) struct Token {
    pub kind: Kind,
    /// As it stands in the template.
    pub text: String,
    /// Byte at which it begins.
    pub at: usize,
}

/// An error and the byte at which it was noticed.
pub(super) type Fault = (usize, String);

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    tokens: Vec<Token>,
    parens: usize,
}

/// Splits a template. What cannot be read is a token too, for what stands before it is parsed first.
///
/// # Errors
/// The template is too long.
pub(super) fn lex(text: &str) -> Result<Vec<Token>, Fault> {
    if text.len() > MAX_BYTES {
        return Err((0, "template is too large".to_string()));
    }
    let mut lexer = Lexer { text, at: 0, tokens: Vec::new(), parens: 0 };
    let mut trim = false;
    while lexer.at < text.len() {
        match lexer.outside(trim) {
            Ok(trims) => trim = trims,
            Err((at, why)) => {
                lexer.at = at;
                lexer.push(Kind::Bad(why), 0);
                break;
            }
        }
    }
    lexer.push(Kind::End, 0);
    Ok(lexer.tokens)
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn push(&mut self, kind: Kind, len: usize) {
        let text = self.rest().get(..len).unwrap_or("").to_string();
        self.tokens.push(Token { kind, text, at: self.at });
        self.at += len;
    }

    /// Reads text up to an action, and the action. Says whether blanks after it are to be trimmed.
    fn outside(&mut self, trim_start: bool) -> Result<bool, Fault> {
        let rest = self.rest();
        let blanks = if trim_start { rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len() } else { 0 };
        let Some(open) = rest.find("{{") else {
            self.at += blanks;
            let len = rest.len() - blanks;
            if len > 0 {
                self.push(Kind::Text, len);
            }
            return Ok(false);
        };
        let inside = rest.get(open + 2..).unwrap_or("");
        let trim_end = inside.starts_with('-') && inside.get(1..).is_some_and(|t| t.starts_with([' ', '\t', '\r', '\n']));
        let text = rest.get(blanks..open).unwrap_or("");
        let kept = if trim_end { text.trim_end_matches([' ', '\t', '\r', '\n']).len() } else { text.len() };
        self.at += blanks.min(open);
        if kept > 0 {
            self.push(Kind::Text, kept);
        }
        self.at += text.len().saturating_sub(kept);
        let marker = if trim_end { 4 } else { 2 };
        let after = self.rest().get(marker..).unwrap_or("");
        if after.starts_with("/*") {
            let Some(end) = after.find("*/") else { return Err((self.at, "unclosed comment".to_string())) };
            self.at += marker + end + 2;
            let closed = self.rest();
            if let Some(len) = ["}}", " -}}"].iter().find(|c| closed.starts_with(**c)).map(|c| c.len()) {
                self.at += len;
                return Ok(len == 4);
            }
            return Err((self.at, "comment ends before closing delimiter".to_string()));
        }
        self.push(Kind::Open, 2);
        self.at += marker - 2;
        self.parens = 0;
        self.inside()
    }

    fn inside(&mut self) -> Result<bool, Fault> {
        loop {
            let rest = self.rest();
            let trim = rest.starts_with([' ', '\t', '\r', '\n']) && {
                let after = rest.get(1..).unwrap_or("");
                after.starts_with("-}}")
            };
            if trim || rest.starts_with("}}") {
                if self.parens > 0 {
                    return Err((self.at, "unclosed left paren".to_string()));
                }
                let len = if trim { 4 } else { 2 };
                self.push(Kind::Close, len);
                return Ok(trim);
            }
            let Some(c) = rest.chars().next() else { return Err((self.at, "unclosed action".to_string())) };
            self.one(c, rest)?;
        }
    }

    /// A word, or a field or variable behind its first character: alphanumeric, and before something that ends it.
    fn word(&mut self, kind: Kind, before: usize) -> Result<(), Fault> {
        let body = self.rest().get(before..).unwrap_or("");
        let len = body.find(|c: char| !(c == '_' || c.is_alphanumeric())).unwrap_or(body.len());
        let after = body.get(len..).unwrap_or("");
        match after.chars().next() {
            Some(c) if !matches!(c, ' ' | '\t' | '\r' | '\n' | '.' | ',' | '|' | ':' | ')' | '(') && !after.starts_with("}}") => {
                Err((self.at, format!("bad character {}", shown(c))))
            }
            _ => {
                let kind = if kind == Kind::Field && len == 0 { Kind::Dot } else { kind };
                self.push(kind, before + len);
                Ok(())
            }
        }
    }

    fn one(&mut self, c: char, rest: &str) -> Result<(), Fault> {
        match c {
            ' ' | '\t' | '\r' | '\n' => {
                let blank = rest.find(|c| !matches!(c, ' ' | '\t' | '\r' | '\n')).unwrap_or(rest.len());
                // The blank before a trimming `-}}` belongs to it.
                let len = if blank > 1 && rest.get(blank..).is_some_and(|r| r.starts_with("-}}")) { blank - 1 } else { blank };
                self.push(Kind::Space, len);
            }
            '"' | '`' => self.quoted(c, rest)?,
            '\'' => {
                let mut chars = rest.char_indices().skip(1);
                let end = loop {
                    match chars.next() {
                        Some((_, '\\')) => {
                            chars.next();
                        }
                        Some((at, '\'')) => break at,
                        Some((_, '\n')) | None => return Err((self.at, "unterminated character constant".to_string())),
                        Some(_) => {}
                    }
                };
                let body = rest.get(1..end).and_then(|b| quote::unescape(b, '\''));
                let mut chars = body.iter().flat_map(|b| b.chars());
                match (chars.next(), chars.next()) {
                    (Some(c), None) => self.push(Kind::Char(c), end + 1),
                    _ => return Err((self.at, format!("malformed character constant: {}", rest.get(..=end).unwrap_or("")))),
                }
            }
            '$' => self.word(Kind::Variable, 1)?,
            '.' if !rest.get(1..).is_some_and(|r| r.starts_with(|c: char| c.is_ascii_digit())) => self.word(Kind::Field, 1)?,
            '.' | '+' | '-' | '0'..='9' => {
                let len = number_len(rest);
                if let Some(c) = rest.get(len..).and_then(|r| r.chars().next()).filter(|c| *c == '_' || c.is_alphanumeric()) {
                    let text = rest.get(..len + c.len_utf8()).unwrap_or("");
                    return Err((self.at, format!("bad number syntax: {}", quote::quote(text))));
                }
                self.push(Kind::Number, len);
            }
            ':' if rest.starts_with(":=") => self.push(Kind::Sign, 2),
            ':' => return Err((self.at, "expected :=".to_string())),
            '=' | '|' | ',' => self.push(Kind::Sign, 1),
            '(' => {
                self.parens += 1;
                self.push(Kind::Sign, 1);
            }
            ')' => {
                self.parens = self.parens.checked_sub(1).ok_or((self.at, "unexpected right paren".to_string()))?;
                self.push(Kind::Sign, 1);
            }
            c if c == '_' || c.is_alphanumeric() => self.word(Kind::Word, 0)?,
            c if c.is_ascii_graphic() => self.push(Kind::Other, 1),
            c => return Err((self.at, format!("unrecognized character in action: {}", shown(c)))),
        }
        Ok(())
    }

    fn quoted(&mut self, mark: char, rest: &str) -> Result<(), Fault> {
        let raw = mark == '`';
        let mut chars = rest.char_indices().skip(1);
        let end = loop {
            match chars.next() {
                Some((_, '\\')) if !raw => {
                    chars.next();
                }
                Some((at, c)) if c == mark => break at,
                Some((_, '\n')) if !raw => return Err((self.at, "unterminated quoted string".to_string())),
                None if raw => return Err((self.at, "unterminated raw quoted string".to_string())),
                None => return Err((self.at, "unterminated quoted string".to_string())),
                Some(_) => {}
            }
        };
        let body = rest.get(1..end).unwrap_or("");
        let text = if raw { Some(body.to_string()) } else { quote::unescape(body, '"') };
        match text {
            Some(text) => self.push(Kind::Quoted(text), end + 1),
            None => return Err((self.at, "invalid syntax".to_string())),
        }
        Ok(())
    }
}

/// How much of a text is a number, as far as its characters tell.
fn number_len(text: &str) -> usize {
    let skip = |from: usize, fits: &dyn Fn(char) -> bool| {
        let rest = text.get(from..).unwrap_or("");
        from + rest.find(|c: char| !fits(c)).unwrap_or(rest.len())
    };
    let signed = |from: usize| if text.get(from..).is_some_and(|r| r.starts_with(['+', '-'])) { from + 1 } else { from };
    let start = signed(0);
    let base = text.get(start..).unwrap_or("").get(..2).unwrap_or("");
    if base.eq_ignore_ascii_case("0x") {
        return skip(start + 2, &|c| c.is_ascii_hexdigit() || c == '_');
    }
    if base.eq_ignore_ascii_case("0b") || base.eq_ignore_ascii_case("0o") {
        let top = if base.eq_ignore_ascii_case("0b") { '1' } else { '7' };
        return skip(start + 2, &|c| ('0'..=top).contains(&c) || c == '_');
    }
    let digits = |c: char| c.is_ascii_digit() || c == '_';
    let mut at = skip(start, &digits);
    if text.get(at..).is_some_and(|r| r.starts_with('.')) {
        at = skip(at + 1, &digits);
    }
    if text.get(at..).is_some_and(|r| r.starts_with(['e', 'E'])) {
        at = skip(signed(at + 1), &digits);
    }
    at
}

/// A character as Go's `%#U` writes it.
fn shown(c: char) -> String {
    match c.is_control() {
        true => format!("U+{:04X}", c as u32),
        false => format!("U+{:04X} '{c}'", c as u32),
    }
}
