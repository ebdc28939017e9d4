//! Reads an expression as a tree.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

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
    let mut parser = Parser { chars: text.chars().collect(), at: 0, depth: 0 };
    let expr = parser.choice()?;
    parser.space();
    (parser.at == parser.chars.len()).then_some(expr)
}

/// What stands between two, the loosest first. Those that begin with another of their row come before it.
const LEVELS: &[&[&str]] = &[&["||"], &["&&"], &["<=", ">=", "==", "!=", "<", ">", "in"], &["+", "-"], &["*", "/", "%"]];

struct Parser {
    chars: Vec<char>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn space(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<char> {
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
            let yes = self.choice()?;
            if !self.take(":") {
                return None;
            }
            let no = self.choice()?;
            expr = Expr::Choice(Box::new(expr), Box::new(yes), Box::new(no));
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
            let right = self.level(level + 1)?;
            left = Expr::Between(word, Box::new(left), Box::new(right));
        }
        Some(left)
    }

    fn prefixed(&mut self) -> Option<Expr> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let expr = if self.take("!") {
            Expr::Not(Box::new(self.prefixed()?))
        } else if self.take("-") {
            Expr::Negative(Box::new(self.prefixed()?))
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
                let maybe = self.take("?");
                let name = self.name()?;
                expr = if maybe {
                    Expr::Maybe(Box::new(expr), Box::new(Expr::Value(unescaped(&name).into())))
                } else if self.take("(") {
                    Expr::Call(Some(Box::new(expr)), name, self.list(")")?)
                } else {
                    Expr::Field(Box::new(expr), unescaped(&name))
                };
            } else if self.take("[") {
                let maybe = self.take("?");
                let index = self.choice()?;
                if !self.take("]") {
                    return None;
                }
                let node = if maybe { Expr::Maybe } else { Expr::Index };
                expr = node(Box::new(expr), Box::new(index));
            } else {
                return Some(expr);
            }
        }
    }

    fn primary(&mut self) -> Option<Expr> {
        self.space();
        match self.peek()? {
            '(' => {
                self.at += 1;
                let expr = self.choice()?;
                self.take(")").then_some(expr)
            }
            '[' => {
                self.at += 1;
                Some(Expr::List(self.list("]")?))
            }
            '{' => {
                self.at += 1;
                self.map()
            }
            '\'' | '"' => self.text(false).map(|text| Expr::Value(text.into())),
            c if c.is_ascii_digit() => self.number(),
            'r' if matches!(self.chars.get(self.at + 1), Some('\'' | '"')) => {
                self.at += 1;
                self.text(true).map(|text| Expr::Value(text.into()))
            }
            _ => {
                let name = self.name()?;
                Some(match name.as_str() {
                    "true" => Expr::Value(true.into()),
                    "false" => Expr::Value(false.into()),
                    "null" => Expr::Value(Value::Null),
                    _ if self.take("(") => Expr::Call(None, name, self.list(")")?),
                    _ => Expr::Name(name),
                })
            }
        }
    }

    fn map(&mut self) -> Option<Expr> {
        let mut pairs = Vec::new();
        while !self.take("}") {
            let key = self.choice()?;
            if !self.take(":") {
                return None;
            }
            pairs.push((key, self.choice()?));
            if !self.take(",") {
                return self.take("}").then_some(Expr::Map(pairs));
            }
        }
        Some(Expr::Map(pairs))
    }

    fn list(&mut self, end: &str) -> Option<Vec<Expr>> {
        let mut list = Vec::new();
        while !self.take(end) {
            list.push(self.choice()?);
            if !self.take(",") {
                return self.take(end).then_some(list);
            }
        }
        Some(list)
    }

    fn name(&mut self) -> Option<String> {
        self.space();
        let rest = self.chars.iter().skip(self.at);
        let name: String = rest.take_while(|c| c.is_ascii_alphanumeric() || **c == '_').collect();
        self.at += name.len();
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_').then_some(name)
    }

    fn number(&mut self) -> Option<Expr> {
        let mut text = String::new();
        while let Some(c) = self.peek() {
            let signed = matches!(c, '+' | '-') && text.ends_with(['e', 'E']);
            if !(c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E') || signed) {
                break;
            }
            text.push(c);
            self.at += 1;
        }
        if self.peek() == Some('u') {
            self.at += 1;
        }
        match text.parse::<i64>() {
            Ok(number) => Some(Expr::Value(number.into())),
            Err(_) => text.parse::<f64>().ok().map(|number| Expr::Value(number.into())),
        }
    }

    fn text(&mut self, raw: bool) -> Option<String> {
        let quote = self.peek()?;
        self.at += 1;
        let mut text = String::new();
        loop {
            let c = self.peek()?;
            self.at += 1;
            match c {
                c if c == quote => return Some(text),
                '\\' if !raw => {
                    let escaped = self.peek()?;
                    self.at += 1;
                    text.push(match escaped {
                        'n' => '\n',
                        't' => '\t',
                        'r' => '\r',
                        '\\' | '\'' | '"' | '`' | '?' => escaped,
                        _ => return None,
                    });
                }
                c => text.push(c),
            }
        }
    }
}

/// The name of a member as it stands in the object: rules write some of its characters in words.
fn unescaped(name: &str) -> String {
    if !name.contains("__") {
        return name.to_string();
    }
    let words = [("__underscores__", "__"), ("__dot__", "."), ("__dash__", "-"), ("__slash__", "/")];
    words.iter().fold(name.to_string(), |name, (from, to)| name.replace(from, to))
}
