//! From characters to tokens: the reader, its operators and its place in the text.
//! Never: what tokens mean together (`parse`), what words become (`expand`).

mod dollar;
mod here;
mod word;

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::ast::Word;

use here::PendingHere;
use word::Until;

/// How deep `$( ( { if …` may stand in one another.
pub const MAX_DEPTH: u32 = 40;

/// Why a text is not a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyntaxError {
    /// The text ended inside quotes (or parentheses, braces): what was looked for.
    Unclosed(char),
    /// The text ended inside a compound command.
    Incomplete,
    /// A here-document's end is missing.
    HereDoc,
    /// A token that cannot stand there.
    Unexpected(String),
    /// `${…}` that means nothing.
    BadSubstitution(String),
    /// Too many things inside one another.
    TooDeep,
}

impl SyntaxError {
    /// Whether more text could make it right.
    pub fn wants_more(&self) -> bool {
        matches!(self, SyntaxError::Unclosed(_) | SyntaxError::Incomplete | SyntaxError::HereDoc)
    }
}

/// A result of parsing.
pub type Parsed<T> = Result<T, SyntaxError>;

/// A token.
#[derive(Clone, Debug)]
pub enum Token {
    /// A word.
    Word(Word),
    /// An operator.
    Op(&'static str),
    /// A number right before `<` or `>`.
    Number(u32),
    /// The end of a line.
    Newline,
    /// The end of the text.
    End,
}

/// Names that stand for text at the beginning of a command.
pub type Aliases = BTreeMap<Rc<str>, Rc<str>>;

/// The reader of tokens; the grammar lives in `parse`.
pub struct Lexer<'a> {
    source: Vec<char>,
    pos: usize,
    /// The current line, from 1.
    pub line: usize,
    peeked: Option<(Token, usize, usize)>,
    heres: Vec<PendingHere>,
    aliases: Option<&'a Aliases>,
    /// Aliases being expanded, with how many characters were left after their text.
    expanding: Vec<(Rc<str>, usize)>,
    /// How deep the parser is.
    pub depth: u32,
    /// The line on which what was not closed began.
    pub open_line: Option<usize>,
    /// The delimiter of a here-document that the text ended in, and whether tabs before it do not count.
    pub awaits: Option<(String, bool)>,
    /// Whether the text ended right behind a backslash and a newline.
    pub goes_on: bool,
}

const OPERATORS: [&str; 24] = [
    "&>>", "<<<", "<<-", ";;&", "&&", "||", ";;", ";&", "<<", ">>", "<&", ">&", "<>", ">|", "&>", "|&", ";", "&", "|", "(", ")", "<", ">",
    "",
];

impl<'a> Lexer<'a> {
    /// A reader of `text`; aliases are expanded if given.
    pub fn new(text: &str, aliases: Option<&'a Aliases>) -> Lexer<'a> {
        Lexer {
            source: text.chars().collect(),
            pos: 0,
            line: 1,
            peeked: None,
            heres: Vec::new(),
            aliases,
            expanding: Vec::new(),
            depth: 0,
            open_line: None,
            awaits: None,
            goes_on: false,
        }
    }

    /// Where the next token begins, in characters.
    pub fn position(&self) -> usize {
        self.peeked.as_ref().map_or(self.pos, |(_, start, _)| *start)
    }

    /// Where reading has got to, in characters.
    pub fn raw_position(&self) -> usize {
        self.pos
    }

    /// Remembers a place to come back to, from before the peeked token.
    pub fn mark(&self) -> (usize, usize, u32) {
        (self.position(), self.line, self.depth)
    }

    /// Goes back to a marked place.
    pub fn rewind(&mut self, mark: (usize, usize, u32)) {
        self.peeked = None;
        (self.pos, self.line, self.depth) = mark;
    }

    /// The text between two positions.
    pub fn text_between(&self, from: usize, to: usize) -> String {
        self.source.iter().skip(from).take(to.saturating_sub(from)).collect()
    }

    /// Takes what has not been read.
    pub fn rest(&self) -> String {
        self.source.iter().skip(self.position()).collect()
    }

    /// Moves behind the end of the current line (after an error).
    pub fn skip_line(&mut self) {
        self.peeked = None;
        while let Some(c) = self.bump() {
            if c == '\n' {
                break;
            }
        }
    }

    pub(super) fn char(&self) -> Option<char> {
        self.source.get(self.pos).copied()
    }

    fn ahead(&self, by: usize) -> Option<char> {
        self.source.get(self.pos + by).copied()
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.char()?;
        self.pos += 1;
        if c == '\n' {
            self.line += 1;
        }
        Some(c)
    }

    /// Steps over the newline behind a backslash, which goes on with the line.
    pub(super) fn continued(&mut self) {
        self.bump();
        self.goes_on |= self.char().is_none();
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.char() == Some(wanted);
        if found {
            self.bump();
        }
        found
    }

    fn looking_at(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(at, c)| self.ahead(at) == Some(c))
    }

    /// The next token, without taking it.
    pub fn peek(&mut self) -> Parsed<&Token> {
        if self.peeked.is_none() {
            self.blanks();
            let start = self.pos;
            let token = self.token()?;
            self.peeked = Some((token, start, self.pos));
        }
        match &self.peeked {
            Some((token, _, _)) => Ok(token),
            None => Ok(&Token::End),
        }
    }

    /// Takes the next token.
    pub fn take(&mut self) -> Parsed<Token> {
        self.peek()?;
        Ok(self.peeked.take().map_or(Token::End, |(token, _, _)| token))
    }

    /// Whether the raw text at the next token begins like this (only asked when nothing was peeked, or of it).
    pub fn raw_starts_with(&mut self, text: &str) -> bool {
        if let Some((_, start, _)) = self.peeked {
            return text.chars().enumerate().all(|(at, c)| self.source.get(start + at) == Some(&c));
        }
        self.blanks();
        self.looking_at(text)
    }

    /// Steps over raw characters that were looked at with `raw_starts_with`.
    pub fn skip_raw(&mut self, count: usize) {
        if let Some((_, start, _)) = self.peeked.take() {
            self.pos = start;
        }
        for _ in 0..count {
            self.bump();
        }
    }

    /// If the next token is a word that is an alias, puts its text in its place. Says whether it did.
    pub fn expand_alias(&mut self) -> Parsed<bool> {
        let Some(aliases) = self.aliases else { return Ok(false) };
        let Token::Word(word) = self.peek()? else { return Ok(false) };
        let Some((name, value)) = word.plain().and_then(|name| aliases.get_key_value(name)) else { return Ok(false) };
        let (name, value) = (Rc::clone(name), Rc::clone(value));
        let Some((_, start, end)) = self.peeked else { return Ok(false) };
        let left_at = |at: usize| self.source.len().saturating_sub(at);
        let now_left = left_at(start);
        self.expanding.retain(|(_, left)| now_left > *left);
        if self.expanding.iter().any(|(one, _)| *one == name) || self.expanding.len() > 20 {
            return Ok(false);
        }
        self.expanding.push((name, self.source.len().saturating_sub(end)));
        self.peeked = None;
        self.source.splice(start..end, value.chars());
        self.pos = start;
        Ok(true)
    }

    fn blanks(&mut self) {
        loop {
            match self.char() {
                Some(' ' | '\t' | '\r') => {
                    self.bump();
                }
                Some('\\') if self.ahead(1) == Some('\n') => {
                    self.bump();
                    self.continued();
                }
                Some('#') => {
                    while self.char().is_some_and(|c| c != '\n') {
                        self.bump();
                    }
                }
                _ => return,
            }
        }
    }

    fn token(&mut self) -> Parsed<Token> {
        let Some(c) = self.char() else {
            return if self.heres.is_empty() { Ok(Token::End) } else { self.read_heres().map(|()| Token::End) };
        };
        if c == '\n' {
            self.bump();
            self.read_heres()?;
            return Ok(Token::Newline);
        }
        if matches!(c, '<' | '>') && self.ahead(1) == Some('(') {
            return self.word(Until::Meta).map(Token::Word);
        }
        for op in OPERATORS {
            if !op.is_empty() && self.looking_at(op) {
                self.pos += op.len();
                return Ok(Token::Op(op));
            }
        }
        if c.is_ascii_digit() {
            let digits = (0..10).take_while(|at| self.ahead(*at).is_some_and(|c| c.is_ascii_digit())).count();
            if matches!(self.ahead(digits), Some('<' | '>')) {
                let text: String = self.source.iter().skip(self.pos).take(digits).collect();
                if let Ok(number) = text.parse::<u32>() {
                    self.pos += digits;
                    return Ok(Token::Number(number));
                }
            }
        }
        self.word(Until::Meta).map(Token::Word)
    }
}
