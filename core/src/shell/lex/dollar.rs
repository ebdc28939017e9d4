//! What stands behind a `$` and between backticks: parameters, `${…}`, arithmetic, commands.
//! Never: what they become (`expand`, `param`).

use alloc::rc::Rc;
use alloc::string::String;

use super::word::{Parts, Until, is_name, is_name_start};
use super::{Lexer, Parsed, SyntaxError};
use crate::shell::ast::{Part, Word};

impl<'a> Lexer<'a> {
    pub(super) fn dollar(&mut self, in_quotes: bool, parts: &mut Parts) -> Parsed<()> {
        if self.looking_at("$((") {
            let (pos, line, depth) = (self.pos, self.line, self.depth);
            self.pos += 3;
            match self.word(Until::Arith) {
                Ok(inner) => {
                    self.pos += 2;
                    parts.part(Part::Arith(inner, in_quotes));
                    return Ok(());
                }
                Err(SyntaxError::Unexpected(_)) => {
                    // `$((a) | b)`: a subshell inside a substitution.
                    (self.pos, self.line) = (pos, line);
                    self.depth = depth;
                }
                Err(error) => return Err(error),
            }
        }
        match self.ahead(1) {
            Some('(') => {
                self.pos += 2;
                let list = self.nested_list()?;
                parts.part(Part::Command(list, in_quotes));
            }
            Some('{') => {
                let start = self.pos;
                self.pos += 2;
                let param = self.braced(start)?;
                parts.part(Part::Param(Rc::new(param), in_quotes));
            }
            Some('[') => {
                self.pos += 2;
                let inner = self.word(Until::Bracket)?;
                if !self.eat(']') {
                    return Err(SyntaxError::Unclosed(']'));
                }
                parts.part(Part::Arith(inner, in_quotes));
            }
            Some('\'') if !in_quotes => {
                self.pos += 2;
                parts.mark();
                self.ansi_quoted(parts)?;
            }
            Some('"') if !in_quotes => {
                self.pos += 1;
            }
            Some(c) if is_name_start(c) => {
                self.bump();
                let name = self.name();
                parts.part(plain_param(&name, in_quotes));
            }
            Some(c) if c.is_ascii_digit() || matches!(c, '@' | '*' | '#' | '?' | '-' | '$' | '!') => {
                self.pos += 2;
                let mut name = String::new();
                name.push(c);
                parts.part(plain_param(&name, in_quotes));
            }
            _ => {
                self.bump();
                parts.quoted('$');
            }
        }
        Ok(())
    }

    pub(super) fn name(&mut self) -> String {
        let mut name = String::new();
        while let Some(c) = self.char().filter(|c| is_name(*c)) {
            self.bump();
            name.push(c);
        }
        name
    }

    /// The inside of `${…}`.
    fn braced(&mut self, start: usize) -> Parsed<crate::shell::ast::Param> {
        use crate::shell::ast::{Index, Param, ParamOp};
        let bad = |lexer: &mut Self| {
            while lexer.char().is_some_and(|c| c != '}') {
                lexer.bump();
            }
            if !lexer.eat('}') {
                return Err(SyntaxError::Unclosed('}'));
            }
            Ok(Param { name: Rc::from(lexer.text_between(start, lexer.pos)), index: None, op: ParamOp::Bad })
        };
        let mut op = None;
        if self.char() == Some('#') && self.ahead(1).is_some_and(|c| c != '}' && c != ':' && c != '%' && c != '#') {
            self.bump();
            op = Some(ParamOp::Length);
        } else if self.char() == Some('!')
            && self.ahead(1).is_some_and(|c| is_name_start(c) || matches!(c, '#' | '@' | '*' | '1'..='9') && self.ahead(2) == Some('}'))
        {
            self.bump();
            op = Some(ParamOp::Indirect);
        }
        let name = match self.char() {
            Some(c) if is_name_start(c) => self.name(),
            Some(c) if c.is_ascii_digit() => {
                let mut digits = String::new();
                while let Some(c) = self.char().filter(char::is_ascii_digit) {
                    self.bump();
                    digits.push(c);
                }
                digits
            }
            Some(c) if matches!(c, '@' | '*' | '#' | '?' | '-' | '$' | '!') => {
                self.bump();
                String::from(c)
            }
            None => return Err(SyntaxError::Unclosed('}')),
            _ => return bad(self),
        };
        let mut index = None;
        if self.eat('[') {
            index = Some(match (self.char(), self.ahead(1)) {
                (Some('@'), Some(']')) => Index::Each,
                (Some('*'), Some(']')) => Index::Joined,
                _ => Index::At(self.word(Until::Bracket)?),
            });
            if !matches!(index, Some(Index::At(_))) {
                self.bump();
            }
            self.eat(']');
        }
        let op = match op {
            Some(ParamOp::Indirect) if matches!(self.char(), Some('*' | '@')) => {
                self.bump();
                ParamOp::Names
            }
            Some(op) => op,
            None => self.param_op()?,
        };
        if self.char().is_none() {
            return Err(SyntaxError::Unclosed('}'));
        }
        if !self.eat('}') {
            return bad(self);
        }
        Ok(Param { name: Rc::from(name), index, op })
    }

    fn param_op(&mut self) -> Parsed<crate::shell::ast::ParamOp> {
        use crate::shell::ast::ParamOp;
        let colon = self.char() == Some(':') && matches!(self.ahead(1), Some('-' | '=' | '+' | '?'));
        if colon {
            self.bump();
        }
        Ok(match self.char() {
            Some(':') => {
                self.bump();
                let offset = self.word(Until::BraceOrColon)?;
                let length = if self.eat(':') { Some(self.word(Until::Brace)?) } else { None };
                ParamOp::Slice(offset, length)
            }
            Some(c @ ('-' | '=' | '+' | '?')) => {
                self.bump();
                let word = self.word(Until::Brace)?;
                match c {
                    '-' => ParamOp::Default(colon, word),
                    '=' => ParamOp::Assign(colon, word),
                    '+' => ParamOp::Alternative(colon, word),
                    _ => ParamOp::Error(colon, word),
                }
            }
            Some(c @ ('#' | '%')) => {
                self.bump();
                let longest = self.eat(c);
                ParamOp::Trim { suffix: c == '%', longest, pattern: self.word(Until::Brace)? }
            }
            Some('/') => {
                self.bump();
                let all = self.eat('/');
                let anchor = if all { None } else { self.char().filter(|c| matches!(c, '#' | '%')) };
                if anchor.is_some() {
                    self.bump();
                }
                let pattern = self.word(Until::BraceOrSlash)?;
                let with = if self.eat('/') { self.word(Until::Brace)? } else { Word::empty() };
                ParamOp::Replace { all, anchor, pattern, with }
            }
            Some(c @ ('^' | ',')) => {
                self.bump();
                let all = self.eat(c);
                let of = if self.char() == Some('}') { None } else { Some(self.word(Until::Brace)?) };
                ParamOp::Case { upper: c == '^', all, of }
            }
            Some('@') if self.ahead(1).is_some_and(|c| "QUuLEA".contains(c)) && self.ahead(2) == Some('}') => {
                self.bump();
                ParamOp::Transform(self.bump().unwrap_or('Q'))
            }
            _ => ParamOp::Plain,
        })
    }

    pub(super) fn backticks(&mut self, in_quotes: bool) -> Parsed<crate::shell::ast::List> {
        let mut text = String::new();
        loop {
            match self.bump() {
                None => return Err(SyntaxError::Unclosed('`')),
                Some('`') => break,
                Some('\\') => match self.char() {
                    Some(c) if matches!(c, '`' | '\\' | '$') || (c == '"' && in_quotes) => {
                        self.bump();
                        text.push(c);
                    }
                    _ => text.push('\\'),
                },
                Some(c) => text.push(c),
            }
        }
        let mut inner = Lexer::new(&text, None);
        inner.depth = self.depth + 1;
        inner.whole()
    }

    /// The commands after `$(`, up to and with `)`.
    pub(super) fn nested_list(&mut self) -> Parsed<crate::shell::ast::List> {
        let heres = core::mem::take(&mut self.heres);
        let list = self.list_until_paren();
        self.heres = heres;
        list
    }
}

fn plain_param(name: &str, quoted: bool) -> Part {
    use crate::shell::ast::{Param, ParamOp};
    Part::Param(Rc::new(Param { name: Rc::from(name), index: None, op: ParamOp::Plain }), quoted)
}
