//! Programs of jq, read: paths, pipes, constructions, comparisons, calls. Never: running them.

mod make;
mod term;

use alloc::boxed::Box;
use alloc::string::String;
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
}
