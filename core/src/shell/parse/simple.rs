//! Simple commands: assignments, words and redirects.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::is_identifier;
use crate::shell::ast::{Assign, AssignValue, Body, Part, Redirect, RedirectKind, Word};
use crate::shell::lex::{Lexer, Parsed, SyntaxError, Token};

impl Lexer<'_> {
    pub(super) fn simple(&mut self) -> Parsed<(Body, Vec<Redirect>)> {
        let mut assigns = Vec::new();
        let mut words: Vec<Word> = Vec::new();
        let mut redirects = Vec::new();
        loop {
            if let Some(redirect) = self.redirect()? {
                redirects.push(redirect);
                continue;
            }
            match self.peek()? {
                Token::Word(word) => {
                    let word = word.clone();
                    self.take()?;
                    let declares = words
                        .first()
                        .and_then(Word::plain)
                        .is_some_and(|name| matches!(name, "export" | "local" | "declare" | "readonly" | "typeset"));
                    if words.is_empty() {
                        if let Some(assign) = self.assign(&word)? {
                            assigns.push(assign);
                            continue;
                        }
                    } else if declares && matches!(self.peek()?, Token::Op("(")) {
                        return Err(self.unexpected());
                    }
                    words.push(word);
                }
                Token::Op("(") if words.len() == 1 && assigns.is_empty() => {
                    let Some(name) = words.first().and_then(Word::plain).map(Rc::<str>::from) else { return Err(self.unexpected()) };
                    self.take()?;
                    if !matches!(self.peek()?, Token::Op(")")) {
                        return Err(self.unexpected());
                    }
                    self.take()?;
                    self.newlines()?;
                    return Ok((Body::Function(name, self.command()?), redirects));
                }
                _ => break,
            }
        }
        if assigns.is_empty() && words.is_empty() && redirects.is_empty() {
            return Err(self.unexpected());
        }
        if matches!(self.peek()?, Token::Op("(")) {
            return Err(self.unexpected());
        }
        Ok((Body::Simple { assigns, words }, redirects))
    }

    /// Reads a word as an assignment, with the list in parentheses that may follow.
    fn assign(&mut self, word: &Word) -> Parsed<Option<Assign>> {
        let Some((Part::Text(first), others)) = word.0.split_first() else { return Ok(None) };
        let Some((left, right)) = first.split_once('=') else { return Ok(None) };
        let append = left.ends_with('+');
        let left = left.strip_suffix('+').unwrap_or(left);
        let (name, index) = match left.split_once('[') {
            Some((name, index)) => match index.strip_suffix(']') {
                Some(index) => (name, Some(Word(Rc::from([Part::Quoted(Rc::from(index))])))),
                None => return Ok(None),
            },
            None => (left, None),
        };
        if !is_identifier(name) {
            return Ok(None);
        }
        let name = Rc::from(name);
        if right.is_empty() && others.is_empty() && self.raw_starts_with("(") {
            self.take()?;
            let mut items = Vec::new();
            loop {
                self.newlines()?;
                match self.take()? {
                    Token::Word(word) => items.push(word),
                    Token::Number(_) => {}
                    Token::Op(")") => break,
                    Token::End => return Err(SyntaxError::Unclosed(')')),
                    Token::Op(op) => return Err(SyntaxError::Unexpected(String::from(op))),
                    Token::Newline => {}
                }
            }
            return Ok(Some(Assign { name, index, append, value: AssignValue::List(items) }));
        }
        let mut parts = Vec::new();
        if !right.is_empty() {
            parts.push(Part::Text(Rc::from(right)));
        }
        parts.extend(others.iter().cloned());
        Ok(Some(Assign { name, index, append, value: AssignValue::Word(Word(Rc::from(parts))) }))
    }

    pub(super) fn redirect(&mut self) -> Parsed<Option<Redirect>> {
        let mut fd = None;
        if let Token::Number(number) = self.peek()? {
            fd = Some(*number);
            self.take()?;
        }
        let op = match self.peek()? {
            Token::Op(op @ ("<" | ">" | ">>" | ">|" | "<>" | "&>" | "&>>" | ">&" | "<&" | "<<" | "<<-" | "<<<")) => *op,
            _ => return Ok(None),
        };
        self.take()?;
        let target = match self.peek()? {
            Token::Word(_) => self.take()?,
            Token::Number(_) => self.take()?,
            _ => return Err(self.unexpected()),
        };
        let word = match target {
            Token::Word(word) => word,
            Token::Number(number) => Word(Rc::from([Part::Text(Rc::from(alloc::format!("{number}")))])),
            _ => return Err(SyntaxError::Incomplete),
        };
        let kind = match op {
            "<" => RedirectKind::Read(word),
            ">" | ">|" => RedirectKind::Write(word),
            ">>" => RedirectKind::Append(word),
            "<>" => RedirectKind::ReadWrite(word),
            "&>" => RedirectKind::Both(word, false),
            "&>>" => RedirectKind::Both(word, true),
            "<<" | "<<-" => RedirectKind::Here(self.announce_here(&word, op == "<<-")),
            "<<<" => RedirectKind::HereString(word),
            ">&" => {
                fd = fd.or(Some(1));
                RedirectKind::Duplicate(word)
            }
            _ => {
                fd = fd.or(Some(0));
                RedirectKind::Duplicate(word)
            }
        };
        Ok(Some(Redirect { fd, kind }))
    }
}
