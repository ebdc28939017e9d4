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
        let mut lists = Vec::new();
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
                    } else if declares
                        && matches!(self.peek()?, Token::Op("("))
                        && let Some(assign) = self.assign(&word)?
                    {
                        words.push(Word(Rc::from([Part::Quoted(Rc::clone(&assign.name))])));
                        lists.push(assign);
                        continue;
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
        Ok((Body::Simple { assigns, words, lists }, redirects))
    }

    /// Reads a word as an assignment, with the list in parentheses that may follow.
    fn assign(&mut self, word: &Word) -> Parsed<Option<Assign>> {
        let Some((name, index, append, value)) = assignment(word) else { return Ok(None) };
        if value.is_empty() && self.raw_starts_with("(") {
            self.take()?;
            let mut items = Vec::new();
            loop {
                self.newlines()?;
                match self.take()? {
                    Token::Word(word) => items.push(match element(&word) {
                        Some((index, value)) => (Some(index), Word(Rc::from(value))),
                        None => (None, word),
                    }),
                    Token::Number(number) => items.push((None, Word(Rc::from([Part::Text(Rc::from(alloc::format!("{number}")))])))),
                    Token::Op(")") => break,
                    Token::End => return Err(SyntaxError::Unclosed(')')),
                    Token::Op(op) => return Err(SyntaxError::Unexpected(String::from(op))),
                    Token::Newline => {}
                }
            }
            return Ok(Some(Assign { name, index, append, value: AssignValue::List(items) }));
        }
        Ok(Some(Assign { name, index, append, value: AssignValue::Word(Word(Rc::from(value))) }))
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

/// `name=…`, `name+=…`, `name[i]=…` taken apart: the name, the place, whether it appends, the parts of the value.
fn assignment(word: &Word) -> Option<(Rc<str>, Option<Word>, bool, Vec<Part>)> {
    let (Part::Text(first), others) = word.0.split_first()? else { return None };
    let end = first.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(first.len());
    let (name, rest) = first.split_at_checked(end)?;
    if !is_identifier(name) {
        return None;
    }
    let (index, append, rest, others) = match rest.strip_prefix('[') {
        None if others.is_empty() && rest.is_empty() => return None,
        None => {
            let (append, rest) = rest.strip_prefix('+').map_or((false, rest), |rest| (true, rest));
            (None, append, rest.strip_prefix('=')?, others)
        }
        Some(inner) => {
            let (index, append, rest, others) = bracket(inner, others)?;
            (Some(index), append, rest, others)
        }
    };
    Some((Rc::from(name), index, append, joined(rest, others)))
}

/// `[i]=value` in a list, taken apart.
fn element(word: &Word) -> Option<(Word, Vec<Part>)> {
    let (Part::Text(first), others) = word.0.split_first()? else { return None };
    let (index, _, rest, others) = bracket(first.strip_prefix('[')?, others)?;
    Some((index, joined(rest, others)))
}

fn joined(rest: &str, others: &[Part]) -> Vec<Part> {
    let mut parts = Vec::new();
    if !rest.is_empty() {
        parts.push(Part::Text(Rc::from(rest)));
    }
    parts.extend(others.iter().cloned());
    parts
}

/// What follows `[`: the place up to `]=` or `]+=`, whether it appends, and what comes after.
fn bracket<'a>(inner: &'a str, others: &'a [Part]) -> Option<(Word, bool, &'a str, &'a [Part])> {
    let mut index: Vec<Part> = Vec::new();
    let mut text = inner;
    let mut rest = others.iter();
    loop {
        let found = text.find("]=").map(|at| (at, false, 2)).into_iter().chain(text.find("]+=").map(|at| (at, true, 3))).min();
        if let Some((at, append, length)) = found {
            index.extend(joined(text.get(..at)?, &[]));
            return Some((Word(Rc::from(index)), append, text.get(at + length..)?, rest.as_slice()));
        }
        index.extend(joined(text, &[]));
        loop {
            match rest.next()? {
                Part::Text(next) => {
                    text = next;
                    break;
                }
                part => index.push(part.clone()),
            }
        }
    }
}
