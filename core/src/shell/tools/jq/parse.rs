//! Programs of jq, read: paths, pipes, constructions, comparisons, calls. Never: running them.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::value::V;

/// How deep a program may be nested.
const MAX_DEPTH: usize = 60;

/// A program.
#[derive(Clone, Debug)]
pub enum Expr {
    /// `.`
    Same,
    /// `..`
    All,
    /// A value.
    Just(V),
    /// `$name`
    Variable(String),
    /// `x[y]` and `x.y`
    At(Box<Expr>, Box<Expr>),
    /// `x[a:b]`
    Slice(Box<Expr>, Option<Box<Expr>>, Option<Box<Expr>>),
    /// `x[]`
    Each(Box<Expr>),
    /// `x?`
    Try(Box<Expr>),
    /// `a | b`
    Pipe(Box<Expr>, Box<Expr>),
    /// `a, b`
    Both(Box<Expr>, Box<Expr>),
    /// `a op b`: `==`, `and`, `//`, `+` …
    Two(&'static str, Box<Expr>, Box<Expr>),
    /// `[x]`
    List(Option<Box<Expr>>),
    /// `{a: b}`
    Object(Vec<(Expr, Expr)>),
    /// `"a \(b) c"`, and how values in it are written.
    Text(Vec<Expr>, Option<String>),
    /// `if a then b else c end`
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `name(a; b)`, `@name`
    Call(String, Vec<Expr>),
}

/// Operators, the loosest first.
const OPERATORS: [&[&str]; 5] = [&["//"], &["or"], &["and"], &["==", "!=", "<=", ">=", "<", ">"], &["+", "-"]];

/// Those that bind tighter than all of them.
const TIGHT: [&str; 3] = ["*", "/", "%"];

/// Reads a program.
///
/// # Errors
/// What stands where something else was expected; empty at the end.
pub fn parse(text: &str) -> Result<Expr, String> {
    let mut parser = Parser { rest: text, depth: 0 };
    parser.space();
    if parser.rest.is_empty() {
        return Ok(Expr::Same);
    }
    let expr = parser.pipe()?;
    if parser.rest.is_empty() { Ok(expr) } else { parser.wrong() }
}

struct Parser<'a> {
    rest: &'a str,
    depth: usize,
}

fn boxed(expr: Expr) -> Box<Expr> {
    Box::new(expr)
}

impl<'a> Parser<'a> {
    fn wrong<T>(&self) -> Result<T, String> {
        Err(self.rest.split_whitespace().next().unwrap_or_default().chars().take(20).collect())
    }

    fn space(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            let Some(comment) = self.rest.strip_prefix('#') else { return };
            self.rest = comment.find('\n').and_then(|at| comment.get(at..)).unwrap_or_default();
        }
    }

    /// Takes a sign, if it comes next.
    fn sign(&mut self, sign: &str) -> bool {
        let Some(rest) = self.rest.strip_prefix(sign) else { return false };
        let word = sign.ends_with(|c: char| c.is_alphanumeric());
        if word && rest.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
            return false;
        }
        self.rest = rest;
        self.space();
        true
    }

    fn need(&mut self, sign: &str) -> Result<(), String> {
        if self.sign(sign) { Ok(()) } else { self.wrong() }
    }

    fn name(&mut self) -> Option<&'a str> {
        let end = self.rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at_checked(end)?;
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        self.rest = rest;
        Some(name)
    }

    fn pipe(&mut self) -> Result<Expr, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.wrong();
        }
        let mut left = self.comma()?;
        if self.rest.starts_with('|') && !self.rest.starts_with("|=") && self.sign("|") {
            left = Expr::Pipe(boxed(left), boxed(self.pipe()?));
        }
        self.depth -= 1;
        Ok(left)
    }

    fn comma(&mut self) -> Result<Expr, String> {
        let mut left = self.level(0)?;
        while self.sign(",") {
            left = Expr::Both(boxed(left), boxed(self.level(0)?));
        }
        Ok(left)
    }

    fn level(&mut self, level: usize) -> Result<Expr, String> {
        let Some(operators) = OPERATORS.get(level) else { return self.tight() };
        let mut left = self.level(level + 1)?;
        while let Some(operator) = self.operator(operators) {
            // `//` leans to the right, the others to the left.
            let right = if level == 0 { self.level(0)? } else { self.level(level + 1)? };
            left = Expr::Two(operator, boxed(left), boxed(right));
        }
        Ok(left)
    }

    fn tight(&mut self) -> Result<Expr, String> {
        let mut left = self.postfix()?;
        while !self.rest.starts_with("//")
            && let Some(operator) = self.operator(&TIGHT)
        {
            left = Expr::Two(operator, boxed(left), boxed(self.postfix()?));
        }
        Ok(left)
    }

    fn operator(&mut self, all: &[&'static str]) -> Option<&'static str> {
        all.iter().find(|operator| self.sign(operator)).copied()
    }

    fn postfix(&mut self) -> Result<Expr, String> {
        let mut expr = self.term()?;
        loop {
            if self.rest.starts_with("..") {
                return self.wrong();
            } else if let Some(rest) = self
                .rest
                .strip_prefix('.')
                .filter(|rest| rest.starts_with(['"', '[']) || rest.starts_with(char::is_alphabetic) || rest.starts_with('_'))
            {
                self.rest = rest;
                if !self.rest.starts_with('[') {
                    expr = Expr::At(boxed(expr), boxed(self.key()?));
                }
            } else if self.sign("[") {
                expr = self.bracket(expr)?;
            } else if self.sign("?") {
                expr = Expr::Try(boxed(expr));
            } else {
                self.space();
                return Ok(expr);
            }
        }
    }

    /// What follows a dot.
    fn key(&mut self) -> Result<Expr, String> {
        if self.rest.starts_with('"') {
            return self.text(None);
        }
        match self.name() {
            Some(name) => Ok(Expr::Just(V::text(name))),
            None => self.wrong(),
        }
    }

    fn bracket(&mut self, of: Expr) -> Result<Expr, String> {
        if self.sign("]") {
            return Ok(Expr::Each(boxed(of)));
        }
        if self.sign(":") {
            let to = self.pipe()?;
            self.need("]")?;
            return Ok(Expr::Slice(boxed(of), None, Some(boxed(to))));
        }
        let from = self.pipe()?;
        if self.sign(":") {
            let to = if self.rest.starts_with(']') { None } else { Some(boxed(self.pipe()?)) };
            self.need("]")?;
            return Ok(Expr::Slice(boxed(of), Some(boxed(from)), to));
        }
        self.need("]")?;
        Ok(Expr::At(boxed(of), boxed(from)))
    }

    fn term(&mut self) -> Result<Expr, String> {
        let Some(first) = self.rest.chars().next() else { return self.wrong() };
        match first {
            '.' if self.rest.starts_with("..") => {
                self.rest = self.rest.get(2..).unwrap_or_default();
                Ok(Expr::All)
            }
            '.' => {
                self.rest = self.rest.get(1..).unwrap_or_default();
                if self.rest.starts_with('"') || self.rest.starts_with(|c: char| c.is_alphabetic() || c == '_') {
                    return Ok(Expr::At(boxed(Expr::Same), boxed(self.key()?)));
                }
                Ok(Expr::Same)
            }
            '"' => self.text(None),
            '(' => {
                self.sign("(");
                let inner = self.pipe()?;
                self.need(")")?;
                Ok(inner)
            }
            '[' => {
                self.sign("[");
                if self.sign("]") {
                    return Ok(Expr::List(None));
                }
                let inner = self.pipe()?;
                self.need("]")?;
                Ok(Expr::List(Some(boxed(inner))))
            }
            '{' => self.object(),
            '-' => {
                self.sign("-");
                let zero = Expr::Just(V::count(0));
                Ok(Expr::Two("-", boxed(zero), boxed(self.postfix()?)))
            }
            '$' => {
                self.rest = self.rest.get(1..).unwrap_or_default();
                self.name().map(|name| Expr::Variable(name.to_string())).ok_or_else(String::new)
            }
            '@' => {
                self.rest = self.rest.get(1..).unwrap_or_default();
                let Some(name) = self.name() else { return self.wrong() };
                if self.rest.starts_with(' ') && self.rest.trim_start().starts_with('"') {
                    self.space();
                    return self.text(Some(name.to_string()));
                }
                Ok(Expr::Call(["@", name].concat(), Vec::new()))
            }
            c if c.is_ascii_digit() => self.number(),
            _ => self.word(),
        }
    }

    fn number(&mut self) -> Result<Expr, String> {
        let end = self.rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        match digits.parse::<f64>() {
            Ok(number) => {
                self.rest = rest;
                Ok(Expr::Just(V::float(number)))
            }
            Err(_) => self.wrong(),
        }
    }

    fn word(&mut self) -> Result<Expr, String> {
        let Some(name) = self.name() else { return self.wrong() };
        self.space();
        match name {
            "null" => Ok(Expr::Just(V::Null)),
            "true" => Ok(Expr::Just(V::Bool(true))),
            "false" => Ok(Expr::Just(V::Bool(false))),
            "if" => {
                let test = self.pipe()?;
                self.need("then")?;
                let then = self.pipe()?;
                let other = if self.rest.starts_with("elif") {
                    self.sign("elif");
                    self.rest = self.rest.trim_start();
                    return self.chain(test, then);
                } else if self.sign("else") {
                    self.pipe()?
                } else {
                    Expr::Same
                };
                self.need("end")?;
                Ok(Expr::If(boxed(test), boxed(then), boxed(other)))
            }
            _ => {
                let mut args = Vec::new();
                if self.sign("(") {
                    args.push(self.pipe()?);
                    while self.sign(";") {
                        args.push(self.pipe()?);
                    }
                    self.need(")")?;
                }
                Ok(Expr::Call(name.to_string(), args))
            }
        }
    }

    /// `elif`: the rest is an `if` of its own, whose `end` ends both.
    fn chain(&mut self, test: Expr, then: Expr) -> Result<Expr, String> {
        let second = self.pipe()?;
        self.need("then")?;
        let yes = self.pipe()?;
        let other = if self.sign("elif") {
            return Ok(Expr::If(boxed(test), boxed(then), boxed(self.chain(second, yes)?)));
        } else if self.sign("else") {
            self.pipe()?
        } else {
            Expr::Same
        };
        self.need("end")?;
        Ok(Expr::If(boxed(test), boxed(then), boxed(Expr::If(boxed(second), boxed(yes), boxed(other)))))
    }

    fn object(&mut self) -> Result<Expr, String> {
        self.sign("{");
        let mut all = Vec::new();
        while !self.sign("}") {
            let shown = self.rest.starts_with('$');
            let key = match self.rest.chars().next() {
                Some('"') => self.text(None)?,
                Some('(') => self.term()?,
                Some('$') => self.term()?,
                _ => self.key()?,
            };
            self.space();
            let value = if self.sign(":") {
                // A comma parts members, so a value is one level tighter.
                let mut value = self.level(0)?;
                while self.rest.starts_with('|') && self.sign("|") {
                    value = Expr::Pipe(boxed(value), boxed(self.level(0)?));
                }
                value
            } else if shown {
                key.clone()
            } else {
                Expr::At(boxed(Expr::Same), boxed(key.clone()))
            };
            let key = match key {
                Expr::Variable(name) => Expr::Just(V::text(&name)),
                key => key,
            };
            all.push((key, value));
            if !self.sign(",") && !self.rest.starts_with('}') {
                return self.wrong();
            }
        }
        Ok(Expr::Object(all))
    }

    /// A text in quotes, with `\(…)` in it.
    fn text(&mut self, format: Option<String>) -> Result<Expr, String> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        self.rest = self.rest.get(1..).unwrap_or_default();
        loop {
            let mut chars = self.rest.chars();
            let Some(c) = chars.next() else { return self.wrong() };
            self.rest = chars.as_str();
            match c {
                '"' => break,
                '\\' => {
                    let Some(escaped) = chars.next() else { return self.wrong() };
                    self.rest = chars.as_str();
                    match escaped {
                        'n' => plain.push('\n'),
                        't' => plain.push('\t'),
                        'r' => plain.push('\r'),
                        'u' => {
                            let code = self.rest.get(..4).and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32);
                            plain.push(code.unwrap_or('\u{fffd}'));
                            self.rest = self.rest.get(4..).unwrap_or_default();
                        }
                        '(' => {
                            parts.push(Expr::Just(V::text(&core::mem::take(&mut plain))));
                            self.space();
                            parts.push(self.pipe()?);
                            match self.rest.strip_prefix(')') {
                                Some(rest) => self.rest = rest,
                                None => return self.wrong(),
                            }
                        }
                        other => plain.push(other),
                    }
                }
                c => plain.push(c),
            }
        }
        self.space();
        if parts.is_empty() {
            return Ok(Expr::Just(V::text(&plain)));
        }
        parts.push(Expr::Just(V::text(&plain)));
        Ok(Expr::Text(parts, format))
    }
}
