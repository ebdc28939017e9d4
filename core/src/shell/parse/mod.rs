//! The grammar: from tokens to commands. Never: what a command does.

mod compound;
mod simple;

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::ast::{AndOr, Command, Join, List, Pipeline};
use super::lex::{Aliases, Lexer, MAX_DEPTH, Parsed, SyntaxError, Token};

/// Reads the next line's worth of commands: everything up to a newline outside of compound commands.
/// Answers the commands and the rest of the text; `None` when only blanks are left.
pub fn next_line(text: &str, first_line: usize, aliases: Option<&Aliases>) -> NextLine {
    let mut lexer = Lexer::new(text, aliases);
    lexer.line = first_line;
    match lexer.line() {
        Ok(list) => NextLine { result: Ok(list), rest: lexer.rest(), line: lexer.line, awaits: None, goes_on: lexer.goes_on },
        Err(error) => {
            let error_line = lexer.open_line.unwrap_or(lexer.line);
            let awaits = lexer.awaits.take();
            lexer.skip_line();
            NextLine { result: Err(error), rest: lexer.rest(), line: error_line, awaits, goes_on: false }
        }
    }
}

/// What [`next_line`] found.
pub struct NextLine {
    /// The commands; `None` if the text was over.
    pub result: Parsed<Option<List>>,
    /// What is left of the text.
    pub rest: String,
    /// The line reached.
    pub line: usize,
    /// The delimiter of a here-document that the text ended in, and whether tabs before it do not count.
    pub awaits: Option<(String, bool)>,
    /// Whether the commands end in a line that a backslash goes on with.
    pub goes_on: bool,
}

/// How many bytes of a text its first whole command takes, with the newline behind it; `None` where more text is wanted. A
/// text that is no command ends with its first line.
pub fn command_end(text: &str) -> Option<usize> {
    let next = next_line(text, 1, None);
    match next.result {
        Err(error) if error.wants_more() => None,
        Ok(_) if next.goes_on => None,
        Ok(_) => Some(text.len().saturating_sub(next.rest.len())),
        Err(_) => Some(text.find('\n').map_or(text.len(), |end| end + 1)),
    }
}

/// Parses a whole text (the inside of backticks, `eval`, an alias in `xargs sh -c`).
pub fn whole(text: &str) -> Parsed<List> {
    Lexer::new(text, None).whole()
}

const RESERVED_ENDS: [&str; 9] = ["then", "else", "elif", "fi", "do", "done", "esac", "}", "]]"];

impl Lexer<'_> {
    fn line(&mut self) -> Parsed<Option<List>> {
        while matches!(self.peek()?, Token::Newline) {
            self.take()?;
        }
        if matches!(self.peek()?, Token::End) {
            return Ok(None);
        }
        let mut items = Vec::new();
        loop {
            items.push(self.and_or()?);
            if matches!(self.peek()?, Token::Op(";" | "&")) {
                self.take()?;
            }
            match self.peek()? {
                Token::End => break,
                Token::Newline => {
                    self.take()?;
                    break;
                }
                Token::Op(";" | "&" | "&&" | "||" | "|" | ")" | ";;" | "|&" | ";&") => return Err(self.unexpected()),
                _ => {}
            }
        }
        Ok(Some(Rc::from(items)))
    }

    /// Everything to the end of the text.
    pub fn whole(&mut self) -> Parsed<List> {
        let list = self.list()?;
        match self.peek()? {
            Token::End => Ok(list),
            _ => Err(self.unexpected()),
        }
    }

    /// The inside of `$(…)`, with its closing parenthesis.
    pub(super) fn list_until_paren(&mut self) -> Parsed<List> {
        let list = self.list()?;
        match self.peek()? {
            Token::Op(")") => {
                self.take()?;
                Ok(list)
            }
            Token::End => Err(SyntaxError::Unclosed(')')),
            _ => Err(self.unexpected()),
        }
    }

    fn unexpected(&mut self) -> SyntaxError {
        let token = match self.peek() {
            Ok(token) => token.clone(),
            Err(error) => return error.clone(),
        };
        match token {
            Token::End => SyntaxError::Incomplete,
            Token::Newline => SyntaxError::Unexpected(String::from("newline")),
            Token::Op(op) => SyntaxError::Unexpected(String::from(op)),
            Token::Number(number) => SyntaxError::Unexpected(alloc::format!("{number}")),
            Token::Word(word) => {
                let start = self.position();
                self.take().ok();
                let end = self.raw_position();
                match word.plain() {
                    Some(text) => SyntaxError::Unexpected(String::from(text)),
                    None => SyntaxError::Unexpected(self.text_between(start, end)),
                }
            }
        }
    }

    fn reserved(&mut self) -> Parsed<Option<String>> {
        Ok(match self.peek()? {
            Token::Word(word) => word.plain().map(String::from),
            _ => None,
        })
    }

    fn at_reserved(&mut self, word: &str) -> Parsed<bool> {
        Ok(self.reserved()?.as_deref() == Some(word))
    }

    fn expect(&mut self, word: &str) -> Parsed<()> {
        if self.at_reserved(word)? {
            self.take()?;
            return Ok(());
        }
        Err(self.unexpected())
    }

    fn newlines(&mut self) -> Parsed<()> {
        while matches!(self.peek()?, Token::Newline) {
            self.take()?;
        }
        Ok(())
    }

    /// Commands up to a word or operator that ends the surrounding construct. May be empty.
    fn list(&mut self) -> Parsed<List> {
        let mut items = Vec::new();
        loop {
            self.newlines()?;
            match self.peek()? {
                Token::End | Token::Op(")" | ";;" | ";&" | ";;&") => break,
                Token::Word(word) if word.plain().is_some_and(|word| RESERVED_ENDS.contains(&word)) => break,
                _ => {}
            }
            items.push(self.and_or()?);
            match self.peek()? {
                Token::Op(";" | "&") | Token::Newline => {
                    self.take()?;
                }
                _ => break,
            }
        }
        Ok(Rc::from(items))
    }

    /// A list that must not be empty (`then` and `do` want at least one command).
    fn body(&mut self) -> Parsed<List> {
        let list = self.list()?;
        if list.is_empty() {
            return Err(self.unexpected());
        }
        Ok(list)
    }

    fn and_or(&mut self) -> Parsed<AndOr> {
        let start = {
            self.peek()?;
            self.position()
        };
        let mut pipelines = Vec::new();
        let mut join = Join::And;
        loop {
            pipelines.push((join, self.pipeline()?));
            join = match self.peek()? {
                Token::Op("&&") => Join::And,
                Token::Op("||") => Join::Or,
                _ => break,
            };
            self.take()?;
            self.newlines()?;
        }
        let background = matches!(self.peek()?, Token::Op("&"));
        let end = self.position();
        let source = self.text_between(start, end);
        Ok(AndOr { pipelines, background, source: Rc::from(source.trim()) })
    }

    fn pipeline(&mut self) -> Parsed<Pipeline> {
        let mut negate = false;
        let mut timed = false;
        loop {
            match self.reserved()?.as_deref() {
                Some("!") => negate = !negate,
                Some("time") => timed = true,
                _ => break,
            }
            self.take()?;
        }
        if (timed || negate) && matches!(self.peek()?, Token::Newline | Token::End | Token::Op(";")) {
            return Ok(Pipeline { negate, timed, stages: Vec::new() });
        }
        let mut stages = Vec::new();
        loop {
            let command = self.command()?;
            let both = match self.peek()? {
                Token::Op("|") => false,
                Token::Op("|&") => true,
                _ => {
                    stages.push((command, false));
                    break;
                }
            };
            stages.push((command, both));
            self.take()?;
            self.newlines()?;
            if matches!(self.peek()?, Token::End) {
                return Err(SyntaxError::Incomplete);
            }
        }
        Ok(Pipeline { negate, timed, stages })
    }

    fn command(&mut self) -> Parsed<Rc<Command>> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(SyntaxError::TooDeep);
        }
        while self.expand_alias()? {}
        let line = {
            self.peek()?;
            self.line
        };
        let (body, compound) = self.command_body()?;
        let (body, mut redirects) = match body {
            Some(body) => (body, Vec::new()),
            None => self.simple()?,
        };
        if compound {
            while let Some(redirect) = self.redirect()? {
                redirects.push(redirect);
            }
        }
        self.depth -= 1;
        Ok(Rc::new(Command { body, redirects, line }))
    }
}

/// Whether a text can be a variable's name.
pub fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c == '_' || c.is_ascii_alphabetic()) && chars.all(|c| c == '_' || c.is_ascii_alphanumeric())
}
