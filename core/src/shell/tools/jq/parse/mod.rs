//! Programs of jq, read: paths, pipes, constructions, definitions, calls. Never: running them.

mod bind;
mod make;
mod term;

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::value::V;

/// How deep a program may be nested.
const MAX_DEPTH: usize = 60;

/// A program.
#[derive(Debug)]
pub enum Expr {
    /// `.`
    Same,
    /// A value.
    Just(V),
    /// `$name`
    Variable(Rc<str>),
    /// `x[y]` and `x.y`
    At(Rc<Expr>, Rc<Expr>),
    /// `x[a:b]`
    Slice(Rc<Expr>, Option<Rc<Expr>>, Option<Rc<Expr>>),
    /// `x[]`
    Each(Rc<Expr>),
    /// `try x catch y`, `x?`
    Try(Rc<Expr>, Option<Rc<Expr>>),
    /// `a | b`
    Pipe(Rc<Expr>, Rc<Expr>),
    /// `a, b`
    Both(Rc<Expr>, Rc<Expr>),
    /// `a op b`: `==`, `and`, `//`, `+` …
    Two(&'static str, Rc<Expr>, Rc<Expr>),
    /// `p = v`, `p |= f`, `p += v` …
    Assign(&'static str, Rc<Expr>, Rc<Expr>),
    /// `[x]`
    List(Option<Rc<Expr>>),
    /// `{a: b}`
    Object(Vec<(Expr, Expr)>),
    /// `"a \(b) c"`, and how values in it are written.
    Text(Vec<Expr>, Option<Rc<str>>),
    /// `if a then b else c end`
    If(Rc<Expr>, Rc<Expr>, Rc<Expr>),
    /// `name(a; b)`, `@name`
    Call(Rc<str>, Vec<Rc<Expr>>),
    /// `def f(a; $b): x; rest`
    Define(Rc<Function>, Rc<Expr>),
    /// `x as [$a, {b: $c}] | y`
    Bind(Rc<Expr>, Pattern, Rc<Expr>),
    /// `reduce x as $y (init; update)`
    Reduce(Rc<Expr>, Pattern, Rc<Expr>, Rc<Expr>),
    /// `foreach x as $y (init; update; extract)`
    Foreach(Rc<Expr>, Pattern, [Rc<Expr>; 3]),
    /// `label $name | x`
    Label(Rc<str>, Rc<Expr>),
    /// `break $name`
    Break(Rc<str>),
}

/// A function of the program's own.
#[derive(Debug)]
pub struct Function {
    /// Its name.
    pub name: Rc<str>,
    /// Its parameters; one that begins with `$` is taken as a value.
    pub params: Vec<Rc<str>>,
    /// What it does.
    pub body: Rc<Expr>,
}

/// What values are bound to.
#[derive(Clone, Debug)]
pub enum Pattern {
    /// `$x`
    Name(Rc<str>),
    /// `[a, b]`
    List(Vec<Pattern>),
    /// `{$a, b: c}`
    Object(Vec<(Rc<Expr>, Option<Rc<str>>, Option<Pattern>)>),
}

/// Operators, the loosest first; those that assign stand between `//` and `or`.
const OPERATORS: [&[&str]; 7] = [
    &["//"],
    &["=", "|=", "+=", "-=", "*=", "/=", "%=", "//="],
    &["or"],
    &["and"],
    &["==", "!=", "<=", ">=", "<", ">"],
    &["+", "-"],
    &["*", "/", "%"],
];

/// Reads a program. `known`: names of variables from outside.
///
/// # Errors
/// jq's sentence about what is wrong.
pub fn parse(text: &str, known: &[&str]) -> Result<Rc<Expr>, String> {
    let mut parser = Parser::new(text);
    parser.variables = known.iter().map(|name| Rc::from(*name)).collect();
    parser.functions = super::prelude().iter().map(|one| (Rc::clone(&one.name), one.params.len())).collect();
    parser.space();
    let expr = if parser.rest.is_empty() { Ok(Expr::Same) } else { parser.pipe() };
    match expr {
        Ok(expr) if parser.rest.is_empty() => parser.unknown.map_or(Ok(Rc::new(expr)), |name| Err([&name, " is not defined"].concat())),
        _ => {
            let found = parser.rest.chars().next();
            let found = match found {
                None => String::from("end of file"),
                Some(c) if c.is_alphabetic() => String::from("IDENT"),
                Some('\'') => String::from("INVALID_CHARACTER"),
                Some(c) => alloc::format!("'{c}'"),
            };
            Err(alloc::format!("syntax error, unexpected {found} (Unix shell quoting issues?)"))
        }
    }
}

/// Reads definitions alone.
pub fn definitions(text: &str) -> Vec<Rc<Function>> {
    let mut parser = Parser::new(text);
    let mut all = Vec::new();
    parser.space();
    while let Ok(function) = parser.definition() {
        all.push(Rc::new(function));
    }
    all
}

/// Something that does not fit; where the rest of the parser stands tells what.
pub(super) struct Wrong;

struct Parser<'a> {
    rest: &'a str,
    depth: usize,
    functions: Vec<(Rc<str>, usize)>,
    variables: Vec<Rc<str>>,
    /// The first name that nothing has.
    unknown: Option<String>,
}

fn boxed(expr: Expr) -> Rc<Expr> {
    Rc::new(expr)
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Parser<'a> {
        Parser { rest: text, depth: 0, functions: Vec::new(), variables: Vec::new(), unknown: None }
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

    fn need(&mut self, sign: &str) -> Result<(), Wrong> {
        if self.sign(sign) { Ok(()) } else { Err(Wrong) }
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

    fn pipe(&mut self) -> Result<Expr, Wrong> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Wrong);
        }
        let expr = self.piped()?;
        self.depth -= 1;
        Ok(expr)
    }

    fn piped(&mut self) -> Result<Expr, Wrong> {
        if self.rest.starts_with("def ") {
            let functions = self.functions.len();
            let function = Rc::new(self.definition()?);
            let rest = self.pipe()?;
            self.functions.truncate(functions);
            return Ok(Expr::Define(function, boxed(rest)));
        }
        let left = self.comma()?;
        if self.rest.starts_with('|') && !self.rest.starts_with("|=") && self.sign("|") {
            return Ok(Expr::Pipe(boxed(left), boxed(self.pipe()?)));
        }
        Ok(left)
    }

    fn comma(&mut self) -> Result<Expr, Wrong> {
        let mut left = self.level(0)?;
        while self.sign(",") {
            left = Expr::Both(boxed(left), boxed(self.level(0)?));
        }
        Ok(left)
    }

    fn level(&mut self, level: usize) -> Result<Expr, Wrong> {
        let Some(operators) = OPERATORS.get(level) else { return self.postfix() };
        let mut left = self.level(level + 1)?;
        while let Some(operator) = self.operator(operators) {
            // `//` leans to the right, the others to the left.
            let right = if level == 0 { self.level(0)? } else { self.level(level + 1)? };
            let (left_side, right) = (boxed(left), boxed(right));
            left = if level == 1 { Expr::Assign(operator, left_side, right) } else { Expr::Two(operator, left_side, right) };
        }
        Ok(left)
    }

    /// The operator that comes next, if it is one of these and not the beginning of a longer one.
    fn operator(&mut self, all: &[&'static str]) -> Option<&'static str> {
        let found =
            OPERATORS.iter().flat_map(|level| level.iter()).filter(|sign| self.rest.starts_with(**sign)).max_by_key(|sign| sign.len())?;
        let found = all.iter().find(|sign| **sign == *found)?;
        self.sign(found).then_some(*found)
    }
}
