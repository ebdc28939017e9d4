//! From characters to tokens: operators, words with their quotes and expansions, here-documents.
//! Never: what tokens mean together (`parse`), what words become (`expand`).

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::OnceCell;

use super::ast::{Part, Word};

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

struct PendingHere {
    delimiter: String,
    strip_tabs: bool,
    literal: bool,
    body: Rc<OnceCell<Word>>,
}

/// Where a word ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
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
}

const OPERATORS: [&str; 24] = [
    "&>>", "<<<", "<<-", ";;&", "&&", "||", ";;", ";&", "<<", ">>", "<&", ">&", "<>", ">|", "&>", "|&", ";", "&", "|", "(", ")", "<", ">",
    "",
];

fn is_meta(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | ';' | '&' | '|' | '<' | '>' | '(' | ')')
}

fn is_name_start(c: char) -> bool {
    c == '_' || c.is_ascii_alphabetic()
}

fn is_name(c: char) -> bool {
    c == '_' || c.is_ascii_alphanumeric()
}

/// Collects the parts of a word, joining neighbours of the same kind.
#[derive(Default)]
struct Parts {
    done: Vec<Part>,
    text: String,
    quoted: String,
    has_quoted: bool,
}

impl Parts {
    fn text(&mut self, c: char) {
        self.flush_quoted();
        self.text.push(c);
    }

    fn quoted(&mut self, c: char) {
        self.flush_text();
        self.has_quoted = true;
        self.quoted.push(c);
    }

    /// Quotes were seen: the word exists even if they are empty.
    fn mark(&mut self) {
        self.flush_text();
        self.has_quoted = true;
    }

    fn part(&mut self, part: Part) {
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

    fn is_empty(&self) -> bool {
        self.done.is_empty() && self.text.is_empty() && !self.has_quoted
    }

    fn finish(mut self) -> Word {
        self.flush_text();
        self.flush_quoted();
        Word(Rc::from(self.done))
    }
}

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

    /// Reads the text after `((` up to `))`, or up to `;` in the head of a `for`.
    pub fn arith(&mut self, semicolons: bool) -> Parsed<Word> {
        self.word(if semicolons { Until::ArithPart } else { Until::Arith })
    }

    /// Reads the regular expression after `=~`.
    pub fn regex(&mut self) -> Parsed<Word> {
        self.blanks();
        self.word(Until::Regex)
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
                    self.bump();
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

    /// Notes that a here-document was announced; its body is read at the end of the line.
    pub fn announce_here(&mut self, delimiter: &Word, strip_tabs: bool) -> Rc<OnceCell<Word>> {
        let body = Rc::new(OnceCell::new());
        let mut text = String::new();
        let mut literal = false;
        for part in delimiter.0.iter() {
            match part {
                Part::Text(some) | Part::Tilde(some) => text.push_str(some),
                Part::Quoted(some) => {
                    literal = true;
                    text.push_str(some);
                }
                _ => {}
            }
        }
        self.heres.push(PendingHere { delimiter: text, strip_tabs, literal, body: Rc::clone(&body) });
        body
    }

    fn read_heres(&mut self) -> Parsed<()> {
        for here in core::mem::take(&mut self.heres) {
            let mut body = String::new();
            loop {
                if self.char().is_none() {
                    return Err(SyntaxError::HereDoc);
                }
                let mut line = String::new();
                let mut ended = false;
                while let Some(c) = self.bump() {
                    if c == '\n' {
                        ended = true;
                        break;
                    }
                    line.push(c);
                }
                let shown = if here.strip_tabs { line.trim_start_matches('\t') } else { line.as_str() };
                if shown == here.delimiter {
                    break;
                }
                body.push_str(shown);
                body.push('\n');
                if !ended && self.char().is_none() {
                    return Err(SyntaxError::HereDoc);
                }
            }
            let word = if here.literal {
                Word(Rc::from([Part::Quoted(Rc::from(body))]))
            } else {
                let mut inner = Lexer::new(&body, None);
                inner.depth = self.depth + 1;
                inner.word(Until::End)?
            };
            here.body.set(word).ok();
        }
        Ok(())
    }

    fn word(&mut self, until: Until) -> Parsed<Word> {
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
                        self.pos += 2;
                        let list = self.nested_list()?;
                        parts.part(Part::Process(list));
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
            Some('\n') => {
                self.bump();
            }
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

    fn backticks(&mut self, in_quotes: bool) -> Parsed<super::ast::List> {
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
    fn nested_list(&mut self) -> Parsed<super::ast::List> {
        let heres = core::mem::take(&mut self.heres);
        let list = self.list_until_paren();
        self.heres = heres;
        list
    }

    fn dollar(&mut self, in_quotes: bool, parts: &mut Parts) -> Parsed<()> {
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

    fn name(&mut self) -> String {
        let mut name = String::new();
        while let Some(c) = self.char().filter(|c| is_name(*c)) {
            self.bump();
            name.push(c);
        }
        name
    }

    fn ansi_quoted(&mut self, parts: &mut Parts) -> Parsed<()> {
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
        super::escape::unescape(&text, super::escape::Style::Quote).0.chars().for_each(|c| parts.quoted(c));
        Ok(())
    }

    /// The inside of `${…}`.
    fn braced(&mut self, start: usize) -> Parsed<super::ast::Param> {
        use super::ast::{Index, Param, ParamOp};
        let bad = |lexer: &mut Self| {
            while lexer.char().is_some_and(|c| c != '}') {
                lexer.bump();
            }
            if !lexer.eat('}') {
                return Err(SyntaxError::Unclosed('}'));
            }
            Err(SyntaxError::BadSubstitution(lexer.text_between(start, lexer.pos)))
        };
        let mut op = None;
        if self.char() == Some('#') && self.ahead(1).is_some_and(|c| c != '}' && c != ':' && c != '%' && c != '#') {
            self.bump();
            op = Some(ParamOp::Length);
        } else if self.char() == Some('!') && self.ahead(1).is_some_and(is_name_start) {
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

    fn param_op(&mut self) -> Parsed<super::ast::ParamOp> {
        use super::ast::ParamOp;
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
                ParamOp::Case { upper: c == '^', all: self.eat(c) }
            }
            _ => ParamOp::Plain,
        })
    }
}

fn plain_param(name: &str, quoted: bool) -> Part {
    use super::ast::{Param, ParamOp};
    Part::Param(Rc::new(Param { name: Rc::from(name), index: None, op: ParamOp::Plain }), quoted)
}
