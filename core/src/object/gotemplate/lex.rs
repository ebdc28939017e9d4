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

/// Splits a template.
pub(super) fn lex(text: &str) -> Result<Vec<Token>, Fault> {
    if text.len() > MAX_BYTES {
        return Err((0, "template is too large".to_string()));
    }
    let mut lexer = Lexer { text, at: 0, tokens: Vec::new(), parens: 0 };
    let mut trim = false;
    while lexer.at < text.len() {
        trim = lexer.outside(trim)?;
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

    fn one(&mut self, c: char, rest: &str) -> Result<(), Fault> {
        let word_len = |s: &str| s.find(|c: char| !(c == '_' || c.is_alphanumeric())).unwrap_or(s.len());
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
            '$' => self.push(Kind::Variable, 1 + word_len(rest.get(1..).unwrap_or(""))),
            '.' if !rest.get(1..).is_some_and(|r| r.starts_with(|c: char| c.is_ascii_digit())) => {
                match word_len(rest.get(1..).unwrap_or("")) {
                    0 => self.push(Kind::Dot, 1),
                    len => self.push(Kind::Field, 1 + len),
                }
            }
            '.' | '+' | '-' | '0'..='9' => {
                let len = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '-' | '_'))).unwrap_or(rest.len());
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
            c if c == '_' || c.is_alphanumeric() => self.push(Kind::Word, word_len(rest)),
            c if c.is_ascii_graphic()
                && !matches!(self.tokens.last(), Some(last) if matches!(last.kind, Kind::Dot | Kind::Field | Kind::Word | Kind::Variable)) =>
            {
                let text = quote::quote(&c.to_string());
                return Err((self.at, format!("unexpected {text} in operand")));
            }
            c if c.is_ascii_graphic() => return Err((self.at, format!("bad character U+{:04X} {}", c as u32, quote::quote_char(c)))),
            c => return Err((self.at, format!("unrecognized character in action: U+{:04X} {}", c as u32, quote::quote_char(c)))),
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
