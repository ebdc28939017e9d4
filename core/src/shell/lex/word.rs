//! Words: where each kind of word ends, and the quotes inside it.
//! Never: what stands behind a `$` (`dollar`).

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Lexer, MAX_DEPTH, Parsed, SyntaxError};
use crate::shell::ast::{Part, Word};

/// Where a word ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Until {
    /// A blank or an operator.
    Meta,
    /// A closing brace (`${x:-…}`), outside quotes.
    Brace,
    /// A closing brace or one slash (`${x/…/…}`).
    BraceOrSlash,
    /// A closing brace or a colon (`${x:…:…}`).
    BraceOrColon,
    /// A double quote.
    Quote,
    /// `))`
    Arith,
    /// `;` or `))`
    ArithPart,
    /// `]`
    Bracket,
    /// A blank outside parentheses (after `=~`).
    Regex,
    /// The end of the text.
    End,
}

/// Collects the parts of a word, joining neighbours of the same kind.
#[derive(Default)]
pub(super) struct Parts {
    done: Vec<Part>,
    pub(super) text: String,
    pub(super) quoted: String,
    has_quoted: bool,
}

impl Parts {
    pub(super) fn text(&mut self, c: char) {
        self.flush_quoted();
        self.text.push(c);
    }

    pub(super) fn quoted(&mut self, c: char) {
        self.flush_text();
        self.has_quoted = true;
        self.quoted.push(c);
    }

    /// Quotes were seen: the word exists even if they are empty.
    pub(super) fn mark(&mut self) {
        self.flush_text();
        self.has_quoted = true;
    }

    pub(super) fn part(&mut self, part: Part) {
        self.flush_text();
        self.flush_quoted();
        self.done.push(part);
    }

    fn flush_text(&mut self) {
        if !self.text.is_empty() {
            self.done.push(Part::Text(Rc::from(self.text.as_str())));
            self.text.clear();
        }
    }

    fn flush_quoted(&mut self) {
        if self.has_quoted {
            self.done.push(Part::Quoted(Rc::from(self.quoted.as_str())));
            self.quoted.clear();
            self.has_quoted = false;
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.done.is_empty() && self.text.is_empty() && !self.has_quoted
    }

    fn finish(mut self) -> Word {
        self.flush_text();
        self.flush_quoted();
        Word(Rc::from(self.done))
    }
}

fn is_meta(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | ';' | '&' | '|' | '<' | '>' | '(' | ')')
}

pub(super) fn is_name_start(c: char) -> bool {
    c == '_' || c.is_ascii_alphabetic()
}

pub(super) fn is_name(c: char) -> bool {
    c == '_' || c.is_ascii_alphanumeric()
}

impl<'a> Lexer<'a> {
    /// `<(…)`. Text flows out of it only; into `>(…)` it would be lost.
    fn process(&mut self) -> Parsed<crate::shell::ast::List> {
        self.pos += 2;
        self.nested_list()
    }

    /// Reads the text after `((` up to `))`, or up to `;` in the head of a `for`.
    pub fn arith(&mut self, semicolons: bool) -> Parsed<Word> {
        self.word(if semicolons { Until::ArithPart } else { Until::Arith })
    }

    /// Reads the regular expression after `=~`.
    pub fn regex(&mut self) -> Parsed<Word> {
        self.blanks();
        self.word(Until::Regex)
    }

    pub(super) fn word(&mut self, until: Until) -> Parsed<Word> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(SyntaxError::TooDeep);
        }
        let mut parts = Parts::default();
        if until == Until::Meta && self.char() == Some('~') {
            self.tilde(&mut parts);
        }
        let mut parens = 0u32;
        loop {
            let Some(c) = self.char() else {
                match until {
                    Until::Meta | Until::End | Until::Regex => break,
                    Until::Quote => return Err(SyntaxError::Unclosed('"')),
                    Until::Arith | Until::ArithPart => return Err(SyntaxError::Unclosed(')')),
                    Until::Bracket => return Err(SyntaxError::Unclosed(']')),
                    _ => return Err(SyntaxError::Unclosed('}')),
                }
            };
            let in_quotes = matches!(until, Until::Quote | Until::End | Until::Arith | Until::ArithPart);
            match until {
                Until::Meta if is_meta(c) => {
                    if matches!(c, '<' | '>') && self.ahead(1) == Some('(') && parts.is_empty() {
                        let list = self.process()?;
                        parts.part(Part::Process(list, c == '>'));
                        continue;
                    }
                    break;
                }
                Until::Brace | Until::BraceOrSlash | Until::BraceOrColon if c == '}' => break,
                Until::BraceOrSlash if c == '/' => break,
                Until::BraceOrColon if c == ':' => break,
                Until::Quote if c == '"' => break,
                Until::Bracket if c == ']' => break,
                Until::Regex => match c {
                    '(' => parens += 1,
                    ')' => parens = parens.saturating_sub(1),
                    '\n' => break,
                    ' ' | '\t' if parens == 0 => break,
                    _ => {}
                },
                Until::Arith | Until::ArithPart => match c {
                    '(' => parens += 1,
                    ')' if parens == 0 => {
                        if self.ahead(1) == Some(')') {
                            break;
                        }
                        return Err(SyntaxError::Unexpected(String::from(")")));
                    }
                    ')' => parens -= 1,
                    ';' if parens == 0 && until == Until::ArithPart => break,
                    _ => {}
                },
                _ => {}
            }
            let line = self.line;
            if let Err(error) = self.piece(c, in_quotes, until, &mut parts) {
                if matches!(error, SyntaxError::Unclosed(_)) {
                    self.open_line = Some(line);
                }
                return Err(error);
            }
        }
        self.depth -= 1;
        Ok(parts.finish())
    }

    /// One character, quotation or expansion of a word.
    fn piece(&mut self, c: char, in_quotes: bool, until: Until, parts: &mut Parts) -> Parsed<()> {
        let arith = matches!(until, Until::Arith | Until::ArithPart);
        match c {
            '\\' => self.backslash(in_quotes, until, parts),
            '\'' if !in_quotes => {
                self.bump();
                parts.mark();
                loop {
                    match self.bump() {
                        Some('\'') => break,
                        Some(c) => parts.quoted(c),
                        None => return Err(SyntaxError::Unclosed('\'')),
                    }
                }
            }
            '"' if !in_quotes || arith => {
                self.bump();
                let inner = self.word(Until::Quote)?;
                self.bump();
                if inner.0.is_empty() {
                    parts.mark();
                }
                for part in inner.0.iter() {
                    match part {
                        Part::Quoted(text) => text.chars().for_each(|c| parts.quoted(c)),
                        other => parts.part(other.clone()),
                    }
                }
            }
            '`' => {
                self.bump();
                let list = self.backticks(in_quotes)?;
                parts.part(Part::Command(list, in_quotes));
            }
            '$' => self.dollar(in_quotes, parts)?,
            _ if in_quotes => {
                self.bump();
                parts.quoted(c);
            }
            _ => {
                self.bump();
                parts.text(c);
                if c == '=' && until == Until::Meta && self.char() == Some('~') && parts.text.len() > 1 {
                    self.tilde(parts);
                }
            }
        }
        Ok(())
    }

    fn backslash(&mut self, in_quotes: bool, until: Until, parts: &mut Parts) {
        self.bump();
        match self.char() {
            Some('\n') => self.continued(),
            Some(c) if !in_quotes => {
                self.bump();
                parts.quoted(c);
            }
            Some(c) if matches!(c, '$' | '`' | '\\') || (c == '"' && until == Until::Quote) => {
                self.bump();
                parts.quoted(c);
            }
            _ => parts.quoted('\\'),
        }
    }

    fn tilde(&mut self, parts: &mut Parts) {
        let length = (1..64).take_while(|at| self.ahead(*at).is_some_and(|c| is_name(c) || matches!(c, '-' | '+'))).count();
        let next = self.ahead(1 + length);
        if next.is_none_or(|c| is_meta(c) || c == '/' || c == ':') {
            let name: String = self.source.iter().skip(self.pos + 1).take(length).collect();
            self.pos += 1 + length;
            parts.part(Part::Tilde(Rc::from(name)));
        }
    }

    pub(super) fn ansi_quoted(&mut self, parts: &mut Parts) -> Parsed<()> {
        let mut text = String::new();
        loop {
            match self.bump() {
                None => return Err(SyntaxError::Unclosed('\'')),
                Some('\'') => break,
                Some('\\') => {
                    text.push('\\');
                    match self.bump() {
                        Some(c) => text.push(c),
                        None => return Err(SyntaxError::Unclosed('\'')),
                    }
                }
                Some(c) => text.push(c),
            }
        }
        crate::shell::escape::unescape(&text, crate::shell::escape::Style::Quote).0.chars().for_each(|c| parts.quoted(c));
        Ok(())
    }
}
