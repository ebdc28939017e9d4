//! Programs of `awk`, read into rules. Never: what they do to lines (`awk`).

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use crate::shell::escape::{Style, unescape};
use crate::text::regex::{Regex, Syntax};

/// When a rule applies.
#[derive(Clone, Debug)]
pub enum When {
    /// `BEGIN`
    Begin,
    /// `END`
    End,
    /// Every line.
    Always,
    /// Lines for which it is true.
    Test(Expr),
    /// From a line to a line.
    Range(Expr, Expr),
}

/// A rule; without a block it prints the line.
#[derive(Clone, Debug)]
pub struct Rule {
    /// When it applies.
    pub when: When,
    /// What it does.
    pub block: Option<Vec<Stmt>>,
}

/// A statement.
#[derive(Clone, Debug)]
pub enum Stmt {
    /// `print a, b`; whether to standard error
    Print(Vec<Expr>, bool),
    /// `printf format, a`; whether to standard error
    Printf(Vec<Expr>, bool),
    /// An expression for its effect.
    Expr(Expr),
    /// `if … else …`
    If(Expr, Vec<Stmt>, Vec<Stmt>),
    /// `while`; whether the body comes first (`do`)
    While(Expr, Vec<Stmt>, bool),
    /// `for (a; b; c)`
    For(Option<Box<Stmt>>, Option<Expr>, Option<Box<Stmt>>, Vec<Stmt>),
    /// `for (k in array)`
    Each(String, String, Vec<Stmt>),
    /// `delete a[i]`, or all of it
    Delete(String, Option<Vec<Expr>>),
    /// `next`
    Next,
    /// `exit`
    Exit(Option<Expr>),
    /// `break`
    Break,
    /// `continue`
    Continue,
}

/// An expression.
#[derive(Clone, Debug)]
pub enum Expr {
    /// A number.
    Num(f64),
    /// A string.
    Str(String),
    /// A pattern; alone it is matched against the line.
    Regex(Regex),
    /// `$n`
    Field(Box<Expr>),
    /// A variable.
    Var(String),
    /// `a[i]`
    Index(String, Vec<Expr>),
    /// `x = y`, `x += y`
    Assign(Box<Expr>, Option<char>, Box<Expr>),
    /// `c ? a : b`
    Cond(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `||`
    Or(Box<Expr>, Box<Expr>),
    /// `&&`
    And(Box<Expr>, Box<Expr>),
    /// `k in a`
    In(Vec<Expr>, String),
    /// `~` and `!~`
    Match(bool, Box<Expr>, Box<Expr>),
    /// A comparison.
    Compare(&'static str, Box<Expr>, Box<Expr>),
    /// Two texts side by side.
    Concat(Box<Expr>, Box<Expr>),
    /// `+ - * / % ^`
    Arith(char, Box<Expr>, Box<Expr>),
    /// `!x`
    Not(Box<Expr>),
    /// `-x`
    Minus(Box<Expr>),
    /// `+x`
    Plus(Box<Expr>),
    /// `++x`, `x--`: whether before, and by how much
    Step(Box<Expr>, bool, f64),
    /// A builtin function.
    Call(String, Vec<Expr>),
    /// In parentheses.
    Group(Box<Expr>),
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Num(f64),
    Str(String),
    Regex(String),
    Name(String),
    /// A name right before `(`.
    Func(String),
    Op(&'static str),
    Newline,
    End,
}

const OPS: [&str; 44] = [
    "**=", "&&", "||", "++", "--", "+=", "-=", "*=", "/=", "%=", "^=", "==", "<=", ">=", "!=", "!~", ">>", "**", "{", "}", "(", ")", "[",
    "]", ";", ",", "+", "-", "*", "/", "%", "^", "!", ">", "<", "|", "?", ":", "~", "$", "=", "\u{0}", "\u{0}", "\u{0}",
];

const MAX_DEPTH: u32 = 40;

type Result<T> = core::result::Result<T, String>;

/// Reads a program; the error says near what it is wrong.
pub fn parse(text: &str) -> Result<Vec<Rule>> {
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens, at: 0, depth: 0, no_in: false, no_greater: false };
    let mut rules = Vec::new();
    loop {
        parser.ends();
        if parser.peek() == &Token::End {
            return Ok(rules);
        }
        let when = match parser.peek().clone() {
            Token::Name(name) if name == "BEGIN" => {
                parser.at += 1;
                When::Begin
            }
            Token::Name(name) if name == "END" => {
                parser.at += 1;
                When::End
            }
            Token::Op("{") => When::Always,
            _ => {
                let first = parser.expr()?;
                if parser.eat(",") {
                    parser.newlines();
                    When::Range(first, parser.expr()?)
                } else {
                    When::Test(first)
                }
            }
        };
        let block = if parser.peek() == &Token::Op("{") { Some(parser.block()?) } else { None };
        rules.push(Rule { when, block });
    }
}

fn tokens(text: &str) -> Result<Vec<Token>> {
    let mut out: Vec<Token> = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skip = |count: usize| rest.get(count..).unwrap_or_default();
        match c {
            ' ' | '\t' | '\r' => rest = skip(1),
            '\\' if rest.starts_with("\\\n") => rest = skip(2),
            '\n' => {
                out.push(Token::Newline);
                rest = skip(1);
            }
            '#' => rest = skip(rest.find('\n').unwrap_or(rest.len())),
            '"' => {
                let (body, length) = quoted(rest, '"').ok_or_else(|| String::from("non-terminated string"))?;
                out.push(Token::Str(unescape(&body, Style::Format).0.replace("\\/", "/")));
                rest = skip(length);
            }
            '/' if !matches!(
                out.last(),
                Some(Token::Num(_) | Token::Str(_) | Token::Name(_) | Token::Op(")" | "]" | "$" | "++" | "--"))
            ) =>
            {
                let (body, length) = quoted(rest, '/').ok_or_else(|| String::from("non-terminated regular expression"))?;
                out.push(Token::Regex(body.replace("\\/", "/")));
                rest = skip(length);
            }
            c if c.is_ascii_digit() || (c == '.' && skip(1).starts_with(|c: char| c.is_ascii_digit())) => {
                let mut length = rest.chars().take_while(|c| c.is_ascii_digit() || *c == '.').count();
                let tail = rest.get(length..).unwrap_or_default();
                if let Some(after) = tail.strip_prefix(['e', 'E']) {
                    let sign = usize::from(after.starts_with(['+', '-']));
                    let digits = after.chars().skip(sign).take_while(char::is_ascii_digit).count();
                    if digits > 0 {
                        length += 1 + sign + digits;
                    }
                }
                out.push(Token::Num(rest.get(..length).and_then(|number| number.parse().ok()).unwrap_or(0.0)));
                rest = skip(length);
            }
            c if c == '_' || c.is_ascii_alphabetic() => {
                let length = rest.chars().take_while(|c| *c == '_' || c.is_ascii_alphanumeric()).count();
                let name = String::from(rest.get(..length).unwrap_or_default());
                rest = skip(length);
                out.push(if rest.starts_with('(') { Token::Func(name) } else { Token::Name(name) });
            }
            _ => {
                let op = OPS.iter().find(|op| rest.starts_with(**op)).ok_or_else(|| alloc::format!("unexpected character '{c}'"))?;
                out.push(Token::Op(op));
                rest = skip(op.len());
            }
        }
    }
    Ok(out)
}

/// The inside of quotes (or slashes) as written, and the length with both ends.
fn quoted(text: &str, end: char) -> Option<(String, usize)> {
    let mut body = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => {
                body.push(c);
                body.push(chars.next()?.1);
            }
            '\n' => return None,
            c if c == end => return Some((body, at + 1)),
            c => body.push(c),
        }
    }
    None
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: u32,
    /// `in` belongs to a `for`.
    no_in: bool,
    /// `>` belongs to a `print`.
    no_greater: bool,
}

fn boxed(expr: Expr) -> Box<Expr> {
    Box::new(expr)
}

impl Parser {
    fn peek(&self) -> &Token {
        self.tokens.get(self.at).unwrap_or(&Token::End)
    }

    fn op(&self) -> &'static str {
        match self.peek() {
            Token::Op(op) => op,
            _ => "",
        }
    }

    fn eat(&mut self, op: &str) -> bool {
        let found = self.op() == op;
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, op: &str) -> Result<()> {
        if self.eat(op) { Ok(()) } else { self.wrong() }
    }

    fn wrong<T>(&self) -> Result<T> {
        let near = match self.peek() {
            Token::Num(number) => alloc::format!("{number}"),
            Token::Str(text) | Token::Name(text) | Token::Func(text) | Token::Regex(text) => text.clone(),
            Token::Op(op) => String::from(*op),
            Token::Newline => String::from("end of line"),
            Token::End => String::from("end of file"),
        };
        Err(alloc::format!("syntax error at or near {near}"))
    }

    fn newlines(&mut self) {
        while self.peek() == &Token::Newline {
            self.at += 1;
        }
    }

    fn ends(&mut self) {
        while matches!(self.peek(), Token::Newline | Token::Op(";")) {
            self.at += 1;
        }
    }

    fn block(&mut self) -> Result<Vec<Stmt>> {
        self.expect("{")?;
        let mut out = Vec::new();
        loop {
            self.ends();
            if self.eat("}") {
                return Ok(out);
            }
            out.push(self.statement()?);
        }
    }

    /// A block or a single statement.
    fn body(&mut self) -> Result<Vec<Stmt>> {
        self.newlines();
        if self.op() == "{" {
            return self.block();
        }
        if self.eat(";") {
            return Ok(Vec::new());
        }
        Ok(alloc::vec![self.statement()?])
    }

    fn keyword(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Token::Name(name) | Token::Func(name) if name == word);
        self.at += usize::from(found);
        found
    }

    fn statement(&mut self) -> Result<Stmt> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(String::from("program is nested too deeply"));
        }
        let statement = self.statement_inner();
        self.depth -= 1;
        statement
    }

    fn statement_inner(&mut self) -> Result<Stmt> {
        if self.op() == "{" {
            return Ok(Stmt::If(Expr::Num(1.0), self.block()?, Vec::new()));
        }
        if self.keyword("if") {
            self.expect("(")?;
            let test = self.expr()?;
            self.expect(")")?;
            let yes = self.body()?;
            let mark = self.at;
            self.ends();
            if self.keyword("else") {
                return Ok(Stmt::If(test, yes, self.body()?));
            }
            self.at = mark;
            return Ok(Stmt::If(test, yes, Vec::new()));
        }
        if self.keyword("while") {
            self.expect("(")?;
            let test = self.expr()?;
            self.expect(")")?;
            return Ok(Stmt::While(test, self.body()?, false));
        }
        if self.keyword("do") {
            let body = self.body()?;
            self.ends();
            if !self.keyword("while") {
                return self.wrong();
            }
            self.expect("(")?;
            let test = self.expr()?;
            self.expect(")")?;
            return Ok(Stmt::While(test, body, true));
        }
        if self.keyword("for") {
            return self.for_statement();
        }
        self.simple()
    }

    fn for_statement(&mut self) -> Result<Stmt> {
        self.expect("(")?;
        if let (Token::Name(key), Some(Token::Name(word)), Some(Token::Name(array))) =
            (self.peek().clone(), self.tokens.get(self.at + 1), self.tokens.get(self.at + 2))
            && word == "in"
            && self.tokens.get(self.at + 3) == Some(&Token::Op(")"))
        {
            let array = array.clone();
            self.at += 4;
            return Ok(Stmt::Each(key, array, self.body()?));
        }
        let first = if self.op() == ";" { None } else { Some(Box::new(self.simple()?)) };
        self.expect(";")?;
        let test = if self.op() == ";" { None } else { Some(self.expr()?) };
        self.expect(";")?;
        let step = if self.op() == ")" { None } else { Some(Box::new(self.simple()?)) };
        self.expect(")")?;
        Ok(Stmt::For(first, test, step, self.body()?))
    }

    fn simple(&mut self) -> Result<Stmt> {
        let ends = |parser: &Self| matches!(parser.peek(), Token::Newline | Token::End | Token::Op(";" | "}"));
        if self.keyword("print") || self.keyword("printf") {
            let printf =
                matches!(self.tokens.get(self.at.wrapping_sub(1)), Some(Token::Name(name) | Token::Func(name)) if name == "printf");
            let mut args = Vec::new();
            self.no_greater = true;
            if !ends(self) && self.op() != ">" {
                args.push(self.expr()?);
                while self.eat(",") {
                    self.newlines();
                    args.push(self.expr()?);
                }
            }
            self.no_greater = false;
            // `print (a, b)` reads as one group: a list.
            if let [Expr::Call(name, list)] = args.as_slice()
                && name.is_empty()
            {
                args = list.clone();
            }
            let mut to_error = false;
            if self.eat(">") || self.eat(">>") {
                match self.peek() {
                    Token::Str(name) if name == "/dev/stderr" => to_error = true,
                    Token::Str(name) if name == "/dev/stdout" => {}
                    _ => return Err(String::from("this awk prints to standard output only")),
                }
                self.at += 1;
            }
            if self.op() == "|" {
                return Err(String::from("this awk prints to standard output only"));
            }
            return Ok(if printf { Stmt::Printf(args, to_error) } else { Stmt::Print(args, to_error) });
        }
        for (word, statement) in [("next", Stmt::Next), ("break", Stmt::Break), ("continue", Stmt::Continue)] {
            if self.keyword(word) {
                return Ok(statement);
            }
        }
        if self.keyword("exit") {
            let code = if ends(self) { None } else { Some(self.expr()?) };
            return Ok(Stmt::Exit(code));
        }
        if self.keyword("delete") {
            let Token::Name(name) = self.peek().clone() else { return self.wrong() };
            self.at += 1;
            if self.eat("[") {
                let keys = self.list("]")?;
                return Ok(Stmt::Delete(name, Some(keys)));
            }
            return Ok(Stmt::Delete(name, None));
        }
        self.expr().map(Stmt::Expr)
    }

    fn list(&mut self, close: &str) -> Result<Vec<Expr>> {
        let mut out = Vec::new();
        if self.eat(close) {
            return Ok(out);
        }
        let no_greater = core::mem::take(&mut self.no_greater);
        loop {
            self.newlines();
            out.push(self.expr()?);
            self.newlines();
            if self.eat(close) {
                self.no_greater = no_greater;
                return Ok(out);
            }
            self.expect(",")?;
        }
    }

    fn expr(&mut self) -> Result<Expr> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(String::from("program is nested too deeply"));
        }
        let expr = self.assign();
        self.depth -= 1;
        expr
    }

    fn assign(&mut self) -> Result<Expr> {
        let left = self.cond()?;
        if !matches!(left, Expr::Var(_) | Expr::Index(..) | Expr::Field(_)) {
            return Ok(left);
        }
        let op = match self.op() {
            "=" => None,
            "+=" => Some('+'),
            "-=" => Some('-'),
            "*=" => Some('*'),
            "/=" => Some('/'),
            "%=" => Some('%'),
            "^=" | "**=" => Some('^'),
            _ => return Ok(left),
        };
        self.at += 1;
        self.newlines();
        Ok(Expr::Assign(boxed(left), op, boxed(self.expr()?)))
    }

    fn cond(&mut self) -> Result<Expr> {
        let test = self.or()?;
        if !self.eat("?") {
            return Ok(test);
        }
        let yes = self.expr()?;
        self.expect(":")?;
        Ok(Expr::Cond(boxed(test), boxed(yes), boxed(self.expr()?)))
    }

    fn or(&mut self) -> Result<Expr> {
        let mut left = self.and()?;
        while self.eat("||") {
            self.newlines();
            left = Expr::Or(boxed(left), boxed(self.and()?));
        }
        Ok(left)
    }

    fn and(&mut self) -> Result<Expr> {
        let mut left = self.member()?;
        while self.eat("&&") {
            self.newlines();
            left = Expr::And(boxed(left), boxed(self.member()?));
        }
        Ok(left)
    }

    fn member(&mut self) -> Result<Expr> {
        let mut left = self.matching()?;
        while !self.no_in && matches!(self.peek(), Token::Name(name) if name == "in") {
            self.at += 1;
            let Token::Name(array) = self.peek().clone() else { return self.wrong() };
            self.at += 1;
            let keys = match left {
                Expr::Call(name, list) if name.is_empty() => list,
                one => alloc::vec![one],
            };
            left = Expr::In(keys, array);
        }
        Ok(left)
    }

    fn matching(&mut self) -> Result<Expr> {
        let mut left = self.compare()?;
        while matches!(self.op(), "~" | "!~") {
            let negated = self.op() == "!~";
            self.at += 1;
            left = Expr::Match(negated, boxed(left), boxed(self.compare()?));
        }
        Ok(left)
    }

    fn compare(&mut self) -> Result<Expr> {
        let left = self.concat()?;
        let op = self.op();
        if !matches!(op, "<" | "<=" | "==" | "!=" | ">" | ">=") || (op == ">" && self.no_greater) {
            return Ok(left);
        }
        self.at += 1;
        Ok(Expr::Compare(op, boxed(left), boxed(self.concat()?)))
    }

    fn concat(&mut self) -> Result<Expr> {
        let mut left = self.sum()?;
        loop {
            let begins = match self.peek() {
                Token::Num(_) | Token::Str(_) | Token::Func(_) => true,
                Token::Name(name) => name != "in",
                Token::Op(op) => matches!(*op, "$" | "!" | "(" | "-" | "+" | "++" | "--"),
                _ => false,
            };
            if !begins {
                return Ok(left);
            }
            left = Expr::Concat(boxed(left), boxed(self.sum()?));
        }
    }

    fn sum(&mut self) -> Result<Expr> {
        let mut left = self.product()?;
        while let op @ ("+" | "-") = self.op() {
            self.at += 1;
            left = Expr::Arith(if op == "+" { '+' } else { '-' }, boxed(left), boxed(self.product()?));
        }
        Ok(left)
    }

    fn product(&mut self) -> Result<Expr> {
        let mut left = self.unary()?;
        while let op @ ("*" | "/" | "%") = self.op() {
            self.at += 1;
            left = Expr::Arith(op.chars().next().unwrap_or('*'), boxed(left), boxed(self.unary()?));
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Expr> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(String::from("program is nested too deeply"));
        }
        let expr = if self.eat("!") {
            Expr::Not(boxed(self.unary()?))
        } else if self.eat("-") {
            Expr::Minus(boxed(self.unary()?))
        } else if self.eat("+") {
            Expr::Plus(boxed(self.unary()?))
        } else {
            let base = self.postfix()?;
            if self.eat("^") || self.eat("**") { Expr::Arith('^', boxed(base), boxed(self.unary()?)) } else { base }
        };
        self.depth -= 1;
        Ok(expr)
    }

    fn postfix(&mut self) -> Result<Expr> {
        for (op, by) in [("++", 1.0), ("--", -1.0)] {
            if self.eat(op) {
                return Ok(Expr::Step(boxed(self.primary()?), true, by));
            }
        }
        let base = self.primary()?;
        if matches!(base, Expr::Var(_) | Expr::Index(..) | Expr::Field(_)) {
            for (op, by) in [("++", 1.0), ("--", -1.0)] {
                if self.eat(op) {
                    return Ok(Expr::Step(boxed(base), false, by));
                }
            }
        }
        Ok(base)
    }

    fn primary(&mut self) -> Result<Expr> {
        let token = self.peek().clone();
        self.at += 1;
        match token {
            Token::Num(number) => Ok(Expr::Num(number)),
            Token::Str(text) => Ok(Expr::Str(text)),
            Token::Regex(text) => Regex::new(&text, Syntax::Extended, false).map(Expr::Regex).map_err(String::from),
            Token::Op("$") => {
                self.depth += 1;
                if self.depth > MAX_DEPTH {
                    return Err(String::from("program is nested too deeply"));
                }
                let inner = if matches!(self.op(), "++" | "--" | "-") { self.unary()? } else { self.primary()? };
                self.depth -= 1;
                Ok(Expr::Field(boxed(inner)))
            }
            Token::Op("(") => {
                let mut list = self.list(")")?;
                if list.len() == 1 {
                    return Ok(Expr::Group(boxed(list.remove(0))));
                }
                Ok(Expr::Call(String::new(), list))
            }
            Token::Func(name) => {
                self.at += 1;
                if !FUNCTIONS.contains(&name.as_str()) {
                    return Err(alloc::format!("function {name} not defined"));
                }
                Ok(Expr::Call(name, self.list(")")?))
            }
            Token::Name(name) if name == "length" => Ok(Expr::Call(name, Vec::new())),
            Token::Name(name) => {
                if self.eat("[") {
                    return Ok(Expr::Index(name, self.list("]")?));
                }
                Ok(Expr::Var(name))
            }
            _ => {
                self.at -= 1;
                self.wrong()
            }
        }
    }
}

const FUNCTIONS: [&str; 14] =
    ["length", "substr", "index", "split", "sub", "gsub", "match", "sprintf", "tolower", "toupper", "int", "sqrt", "rand", "srand"];
