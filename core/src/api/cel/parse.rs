//! Reads an expression as a tree.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use super::literals;

/// How deep expressions stand in each other.
const MAX_DEPTH: usize = 60;
/// The longest text that is read, in bytes.
const MAX_LENGTH: usize = 20_000;

/// A node of the tree.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expr {
    /// A value as it stands.
    Value(Value),
    /// A name.
    Name(String),
    /// `a.b`
    Field(Box<Expr>, String),
    /// `a[b]`
    Index(Box<Expr>, Box<Expr>),
    /// `a.?b`, `a[?b]`
    Maybe(Box<Expr>, Box<Expr>),
    /// `f(x)` or `a.f(x)`
    Call(Option<Box<Expr>>, String, Vec<Expr>),
    /// `!a`, `-a`
    Not(Box<Expr>),
    Negative(Box<Expr>),
    /// `a + b` and every other that stands between two
    Between(&'static str, Box<Expr>, Box<Expr>),
    /// `a ? b : c`
    Choice(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `[a, b]`
    List(Vec<Expr>),
    /// `{a: b}`
    Map(Vec<(Expr, Expr)>),
}

/// The tree of a text; nothing when it is not understood.
pub(super) fn parse(text: &str) -> Option<Expr> {
    if text.len() > MAX_LENGTH {
        return None;
    }
    Parser::new(text.chars().collect()).whole()
}

/// The tree of a text and where each of its nodes stands, in the order in which they are made: parts come before what
/// they are parts of.
///
/// # Errors
/// Where it is wrong and how, from zero.
pub(super) fn placed(text: &str) -> Result<(Expr, Vec<usize>), Vec<(usize, String)>> {
    let mut chars: Vec<char> = text.chars().take(MAX_LENGTH).collect();
    let mut wrong = super::tokens::unknown(&mut chars);
    let mut parser = Parser::new(chars);
    match parser.whole() {
        Some(expr) if wrong.is_empty() => Ok((expr, parser.places)),
        Some(_) => Err(wrong),
        None => {
            let at = parser.at;
            let said = parser.wrong.take().unwrap_or_else(|| (at, "Syntax error: mismatched input".to_string()));
            wrong.push(said);
            Err(wrong)
        }
    }
}

/// What stands between two, the loosest first. Those that begin with another of their row come before it.
const LEVELS: &[&[&str]] = &[&["||"], &["&&"], &["<=", ">=", "==", "!=", "<", ">", "in"], &["+", "-"], &["*", "/", "%"]];

/// What may begin an operand.
const OPERAND: &str = "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

pub(super) struct Parser {
    pub(super) chars: Vec<char>,
    pub(super) at: usize,
    depth: usize,
    /// Where each node stands.
    places: Vec<usize>,
    /// What went wrong first.
    wrong: Option<(usize, String)>,
}

impl Parser {
    fn new(chars: Vec<char>) -> Parser {
        Parser { chars, at: 0, depth: 0, places: Vec::new(), wrong: None }
    }

    fn whole(&mut self) -> Option<Expr> {
        let expr = self.choice()?;
        self.space();
        if self.at == self.chars.len() {
            return Some(expr);
        }
        self.unexpected("<EOF>");
        None
    }

    pub(super) fn node(&mut self, place: usize, expr: Expr) -> Expr {
        self.places.push(place);
        expr
    }

    /// Notes that the next token is none of those expected.
    fn unexpected(&mut self, expected: &str) {
        self.space();
        let (text, end) = super::tokens::token(&self.chars, self.at);
        let next = self.chars.iter().skip(end).find(|c| !c.is_whitespace());
        let fits = match expected {
            "<EOF>" => next.is_none(),
            OPERAND => next.is_some_and(|c| c.is_ascii_alphanumeric() || "_'\"[({.-!".contains(*c)),
            _ => false,
        };
        // One token too many is passed over when what follows it fits.
        let what = if fits && text != "<EOF>" { "extraneous" } else { "mismatched" };
        let text = ["Syntax error: ", what, " input '", &text, "' expecting ", expected].concat();
        let at = self.at;
        self.wrong.get_or_insert((at, text));
    }

    /// A token that must be there.
    fn close(&mut self, word: &str, expected: &str) -> Option<()> {
        if self.take(word) {
            return Some(());
        }
        self.space();
        if expected.is_empty() {
            let (text, _) = super::tokens::token(&self.chars, self.at);
            let (at, text) = (self.at, ["Syntax error: missing '", word, "' at '", &text, "'"].concat());
            self.wrong.get_or_insert((at, text));
        } else {
            self.unexpected(expected);
        }
        None
    }

    pub(super) fn space(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn take(&mut self, word: &str) -> bool {
        self.space();
        let mut at = self.at;
        for c in word.chars() {
            if self.chars.get(at) != Some(&c) {
                return false;
            }
            at += 1;
        }
        let letters = word.starts_with(|c: char| c.is_ascii_alphabetic());
        if letters && self.chars.get(at).is_some_and(|c| c.is_ascii_alphanumeric() || *c == '_') {
            return false;
        }
        self.at = at;
        true
    }

    fn choice(&mut self) -> Option<Expr> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let mut expr = self.level(0)?;
        if self.take("?") {
            let place = self.at.saturating_sub(1);
            let yes = self.choice()?;
            self.close(":", "':'")?;
            let no = self.choice()?;
            expr = self.node(place, Expr::Choice(Box::new(expr), Box::new(yes), Box::new(no)));
        }
        self.depth -= 1;
        Some(expr)
    }

    fn level(&mut self, level: usize) -> Option<Expr> {
        let Some(words) = LEVELS.get(level) else { return self.prefixed() };
        let mut left = self.level(level + 1)?;
        let mut count = 0;
        while let Some(word) = words.iter().find(|word| self.take(word)) {
            count += 1;
            if count > MAX_DEPTH * 10 {
                return None;
            }
            let place = self.at.saturating_sub(word.len());
            let right = self.level(level + 1)?;
            left = self.node(place, Expr::Between(word, Box::new(left), Box::new(right)));
        }
        Some(left)
    }

    fn prefixed(&mut self) -> Option<Expr> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let expr = if self.take("!") {
            let place = self.at.saturating_sub(1);
            let inner = self.prefixed()?;
            self.node(place, Expr::Not(Box::new(inner)))
        } else if self.take("-") {
            let place = self.at.saturating_sub(1);
            let inner = self.prefixed()?;
            self.node(place, Expr::Negative(Box::new(inner)))
        } else {
            self.member()?
        };
        self.depth -= 1;
        Some(expr)
    }

    fn member(&mut self) -> Option<Expr> {
        let mut expr = self.primary()?;
        loop {
            if self.take(".") {
                let place = self.at.saturating_sub(1);
                let maybe = self.take("?");
                self.space();
                let start = self.at;
                let Some(name) = self.name() else {
                    let (next, _) = super::tokens::token(&self.chars, start);
                    let next = if next.starts_with('<') { "" } else { &next };
                    self.wrong.get_or_insert((start, ["Syntax error: no viable alternative at input '.", next, "'"].concat()));
                    return None;
                };
                expr = if maybe {
                    let field = self.node(start, Expr::Value(literals::unescaped(&name).into()));
                    self.node(place, Expr::Maybe(Box::new(expr), Box::new(field)))
                } else if self.take("(") {
                    let place = self.at.saturating_sub(1);
                    let list = self.list(")")?;
                    self.node(place, Expr::Call(Some(Box::new(expr)), name, list))
                } else {
                    self.node(place, Expr::Field(Box::new(expr), literals::unescaped(&name)))
                };
            } else if self.take("[") {
                let place = self.at.saturating_sub(1);
                let maybe = self.take("?");
                let index = self.choice()?;
                self.close("]", "']'")?;
                let node = if maybe { Expr::Maybe } else { Expr::Index };
                expr = self.node(place, node(Box::new(expr), Box::new(index)));
            } else {
                return Some(expr);
            }
        }
    }

    fn primary(&mut self) -> Option<Expr> {
        self.space();
        let place = self.at;
        let Some(first) = self.peek() else {
            self.unexpected(OPERAND);
            return None;
        };
        let expr = match first {
            '(' => {
                self.at += 1;
                let expr = self.choice()?;
                self.close(")", "")?;
                return Some(expr);
            }
            '[' => {
                self.at += 1;
                Expr::List(self.list("]")?)
            }
            '{' => {
                self.at += 1;
                self.map()?
            }
            '\'' | '"' => Expr::Value(self.text(false)?.into()),
            c if c.is_ascii_digit() => {
                let number = self.number();
                if number.is_none() {
                    self.wrong.get_or_insert((place, "invalid int literal".to_string()));
                }
                number?
            }
            'r' | 'b' if matches!(self.chars.get(self.at + 1), Some('\'' | '"')) => {
                self.at += 1;
                let text = self.text(first == 'r')?;
                if first == 'b' {
                    Expr::Call(None, "bytes".to_string(), alloc::vec![self.node(place, Expr::Value(text.into()))])
                } else {
                    Expr::Value(text.into())
                }
            }
            _ => {
                // A name may say that it is looked for from the outermost.
                self.take(".");
                let Some(name) = self.name() else {
                    self.unexpected(OPERAND);
                    return None;
                };
                match name.as_str() {
                    "true" => Expr::Value(true.into()),
                    "false" => Expr::Value(false.into()),
                    "null" => Expr::Value(Value::Null),
                    _ if self.take("(") => {
                        let place = self.at.saturating_sub(1);
                        let list = self.list(")")?;
                        return Some(self.node(place, Expr::Call(None, name, list)));
                    }
                    word if literals::RESERVED.contains(&word) => {
                        self.wrong.get_or_insert((place, ["reserved identifier: ", word].concat()));
                        return None;
                    }
                    _ => Expr::Name(name),
                }
            }
        };
        Some(self.node(place, expr))
    }

    fn map(&mut self) -> Option<Expr> {
        let mut pairs = Vec::new();
        while !self.take("}") {
            let key = self.choice()?;
            self.close(":", "':'")?;
            pairs.push((key, self.choice()?));
            if !self.take(",") {
                self.close("}", "{'}', ','}")?;
                return Some(Expr::Map(pairs));
            }
        }
        Some(Expr::Map(pairs))
    }

    fn list(&mut self, end: &str) -> Option<Vec<Expr>> {
        let mut list = Vec::new();
        while !self.take(end) {
            list.push(self.choice()?);
            if !self.take(",") {
                self.close(end, if end == ")" { "" } else { "{']', ','}" })?;
                return Some(list);
            }
        }
        Some(list)
    }
}
