//! The grammar: from tokens to commands. Never: what a command does.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::ast::{AndOr, Assign, AssignValue, Body, CaseEnd, Command, Join, List, Part, Pipeline, Redirect, RedirectKind, TestToken, Word};
use super::lex::{Aliases, Lexer, MAX_DEPTH, Parsed, SyntaxError, Token};

/// Reads the next line's worth of commands: everything up to a newline outside of compound commands.
/// Answers the commands and the rest of the text; `None` when only blanks are left.
pub fn next_line(text: &str, first_line: usize, aliases: Option<&Aliases>) -> NextLine {
    let mut lexer = Lexer::new(text, aliases);
    lexer.line = first_line;
    match lexer.line() {
        Ok(list) => NextLine { result: Ok(list), rest: lexer.rest(), line: lexer.line },
        Err(error) => {
            let error_line = lexer.open_line.unwrap_or(lexer.line);
            lexer.skip_line();
            NextLine { result: Err(error), rest: lexer.rest(), line: error_line }
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

    /// A compound command; `None` if a simple command begins here. The flag: redirections may follow.
    fn command_body(&mut self) -> Parsed<(Option<Body>, bool)> {
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
            "for" => self.for_command()?,
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

    fn for_command(&mut self) -> Parsed<Body> {
        self.take()?;
        if self.raw_starts_with("((") {
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
        Ok(Body::For { name, words, body: self.do_body()? })
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

    fn simple(&mut self) -> Parsed<(Body, Vec<Redirect>)> {
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

    fn redirect(&mut self) -> Parsed<Option<Redirect>> {
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

/// Whether a text can be a variable's name.
pub fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c == '_' || c.is_ascii_alphabetic()) && chars.all(|c| c == '_' || c.is_ascii_alphanumeric())
}
