//! Compound commands: `if`, loops, `case`, `[[ … ]]`, `(( … ))`, groups and functions.
//! Never: simple commands.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::{RESERVED_ENDS, is_identifier};
use crate::shell::ast::{Body, CaseEnd, List, Part, TestToken, Word};
use crate::shell::lex::{Lexer, Parsed, SyntaxError, Token};

impl Lexer<'_> {
    /// A compound command; `None` if a simple command begins here. The flag: redirections may follow.
    pub(super) fn command_body(&mut self) -> Parsed<(Option<Body>, bool)> {
        if matches!(self.peek()?, Token::Op("(")) {
            if self.raw_starts_with("((")
                && let Some(word) = self.try_arith()?
            {
                return Ok((Some(Body::Arith(word)), true));
            }
            self.take()?;
            let list = self.body()?;
            if !matches!(self.peek()?, Token::Op(")")) {
                return Err(self.unexpected());
            }
            self.take()?;
            return Ok((Some(Body::Subshell(list)), true));
        }
        let Some(word) = self.reserved()? else { return Ok((None, false)) };
        let body = match word.as_str() {
            "{" => {
                self.take()?;
                let list = self.body()?;
                self.expect("}")?;
                Body::Group(list)
            }
            "if" => self.if_command()?,
            "while" | "until" => {
                self.take()?;
                let condition = self.body()?;
                Body::While { until: word == "until", condition, body: self.do_body()? }
            }
            "for" | "select" => self.for_command(word == "select")?,
            "case" => self.case_command()?,
            "[[" => self.test_command()?,
            "function" => {
                self.take()?;
                let Some(name) = self.reserved()? else { return Err(self.unexpected()) };
                self.take()?;
                if matches!(self.peek()?, Token::Op("(")) {
                    self.take()?;
                    if !matches!(self.peek()?, Token::Op(")")) {
                        return Err(self.unexpected());
                    }
                    self.take()?;
                }
                self.newlines()?;
                Body::Function(Rc::from(name), self.command()?)
            }
            "coproc" => return Err(SyntaxError::Unexpected(String::from("coproc"))),
            word if RESERVED_ENDS.contains(&word) && word != "]]" => return Err(self.unexpected()),
            _ => return Ok((None, false)),
        };
        Ok((Some(body), true))
    }

    /// `(( … ))`; `None` (and nothing read) if it is two subshells.
    fn try_arith(&mut self) -> Parsed<Option<Word>> {
        let mark = self.mark();
        self.skip_raw(2);
        match self.arith(false) {
            Ok(word) => {
                self.skip_raw(2);
                Ok(Some(word))
            }
            Err(SyntaxError::Unexpected(_)) => {
                self.rewind(mark);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn if_command(&mut self) -> Parsed<Body> {
        let mut arms = Vec::new();
        let mut otherwise = None;
        self.take()?;
        loop {
            let condition = self.body()?;
            self.expect("then")?;
            arms.push((condition, self.body()?));
            match self.reserved()?.as_deref() {
                Some("elif") => {
                    self.take()?;
                }
                Some("else") => {
                    self.take()?;
                    otherwise = Some(self.body()?);
                    self.expect("fi")?;
                    break;
                }
                Some("fi") => {
                    self.take()?;
                    break;
                }
                _ => return Err(self.unexpected()),
            }
        }
        Ok(Body::If { arms, otherwise })
    }

    fn do_body(&mut self) -> Parsed<List> {
        if matches!(self.peek()?, Token::Op(";")) {
            self.take()?;
        }
        self.newlines()?;
        self.expect("do")?;
        let body = self.body()?;
        self.expect("done")?;
        Ok(body)
    }

    fn for_command(&mut self, select: bool) -> Parsed<Body> {
        self.take()?;
        if !select && self.raw_starts_with("((") {
            self.skip_raw(2);
            let part = |lexer: &mut Self, last: bool| -> Parsed<Word> {
                let word = lexer.arith(true)?;
                lexer.skip_raw(if last { 2 } else { 1 });
                Ok(word)
            };
            let parts = [part(self, false)?, part(self, false)?, part(self, true)?];
            return Ok(Body::Count { parts, body: self.do_body()? });
        }
        let Token::Word(word) = self.peek()?.clone() else { return Err(self.unexpected()) };
        let Some(name) = word.plain().filter(|name| is_identifier(name)).map(Rc::from) else { return Err(self.unexpected()) };
        self.take()?;
        self.newlines()?;
        let mut words = None;
        if self.at_reserved("in")? {
            self.take()?;
            let mut list = Vec::new();
            while let Token::Word(_) | Token::Number(_) = self.peek()? {
                if let Token::Word(word) = self.take()? {
                    list.push(word);
                }
            }
            if !matches!(self.peek()?, Token::Op(";") | Token::Newline) {
                return Err(self.unexpected());
            }
            words = Some(list);
        }
        Ok(Body::For { select, name, words, body: self.do_body()? })
    }

    fn case_command(&mut self) -> Parsed<Body> {
        self.take()?;
        let Token::Word(word) = self.take()? else { return Err(self.unexpected()) };
        self.newlines()?;
        self.expect("in")?;
        let mut arms = Vec::new();
        loop {
            self.newlines()?;
            if self.at_reserved("esac")? {
                self.take()?;
                break;
            }
            if matches!(self.peek()?, Token::Op("(")) {
                self.take()?;
            }
            let mut patterns = Vec::new();
            loop {
                match self.peek()? {
                    Token::Word(_) => {}
                    _ => return Err(self.unexpected()),
                }
                if let Token::Word(pattern) = self.take()? {
                    patterns.push(pattern);
                }
                match self.peek()? {
                    Token::Op("|") => {
                        self.take()?;
                    }
                    Token::Op(")") => {
                        self.take()?;
                        break;
                    }
                    _ => return Err(self.unexpected()),
                }
            }
            let list = self.list()?;
            let end = match self.peek()? {
                Token::Op(";;") => Some(CaseEnd::Leave),
                Token::Op(";&") => Some(CaseEnd::Fall),
                Token::Op(";;&") => Some(CaseEnd::Next),
                _ => None,
            };
            arms.push((patterns, list, end.unwrap_or(CaseEnd::Leave)));
            if end.is_some() {
                self.take()?;
            } else if !self.at_reserved("esac")? {
                return Err(self.unexpected());
            }
        }
        Ok(Body::Case { word, arms })
    }

    fn test_command(&mut self) -> Parsed<Body> {
        self.take()?;
        let mut tokens = Vec::new();
        loop {
            match self.peek()?.clone() {
                Token::End => return Err(SyntaxError::Incomplete),
                Token::Newline => {
                    self.take()?;
                }
                Token::Op(op @ ("&&" | "||" | "(" | ")" | "<" | ">")) => {
                    self.take()?;
                    tokens.push(TestToken::Op(Rc::from(op)));
                }
                Token::Op(_) => return Err(self.unexpected()),
                Token::Number(number) => {
                    self.take()?;
                    tokens.push(TestToken::Word(Word(Rc::from([Part::Text(Rc::from(alloc::format!("{number}")))]))));
                }
                Token::Word(word) => {
                    self.take()?;
                    match word.plain() {
                        Some("]]") => break,
                        Some("=~") => {
                            tokens.push(TestToken::Op(Rc::from("=~")));
                            tokens.push(TestToken::Word(self.regex()?));
                        }
                        Some("!") => tokens.push(TestToken::Op(Rc::from("!"))),
                        _ => tokens.push(TestToken::Word(word)),
                    }
                }
            }
        }
        Ok(Body::Test(tokens))
    }
}
