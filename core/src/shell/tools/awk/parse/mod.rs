//! Programs of `awk`, read into rules. Never: what they do to lines.

mod ast;
mod expressions;
mod tokens;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use tokens::{Token, tokens};

use ast::Rule;
pub use ast::{Dest, Expr, From, Function, Program, Stmt, When};

const MAX_DEPTH: u32 = 40;

type Result<T> = core::result::Result<T, String>;

/// Reads a program; the error says in which line and near what it is wrong.
pub fn program(text: &str) -> Result<Program> {
    let tokens = tokens(text).map_err(|message| ["line 1: ", &message].concat())?;
    let mut parser = Parser { tokens, at: 0, depth: 0, no_in: false, no_greater: false };
    parser.program().map_err(|message| {
        let lines = parser.tokens.iter().take(parser.at).filter(|token| **token == Token::Newline).count();
        alloc::format!("line {}: {message}", lines + 1 + usize::from(parser.peek() == &Token::End))
    })
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

impl Parser {
    fn program(&mut self) -> Result<Program> {
        let parser = self;
        let mut out = Program::default();
        loop {
            parser.ends();
            if parser.peek() == &Token::End {
                return Ok(out);
            }
            if parser.keyword("function") || parser.keyword("func") {
                let function = parser.function()?;
                out.functions.push(function);
            } else {
                let rule = parser.rule()?;
                out.rules.push(rule);
            }
        }
    }

    fn function(&mut self) -> Result<Function> {
        let (Token::Name(name) | Token::Func(name)) = self.peek().clone() else { return self.wrong() };
        self.at += 1;
        self.expect("(")?;
        let mut params = Vec::new();
        while !self.eat(")") {
            if !params.is_empty() {
                self.expect(",")?;
            }
            self.newlines();
            let Token::Name(param) = self.peek().clone() else { return self.wrong() };
            params.push(param);
            self.at += 1;
        }
        self.newlines();
        Ok(Function { name, params, body: self.block()? })
    }

    fn rule(&mut self) -> Result<Rule> {
        let parser = self;
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
        Ok(Rule { when, block })
    }

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
            Token::End => return Err(String::from("missing } near end of file")),
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
            return Ok(Stmt::Block(self.block()?));
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
        if self.keyword("print") || self.keyword("printf") {
            return self.print();
        }
        for (word, statement) in
            [("next", Stmt::Next(false)), ("nextfile", Stmt::Next(true)), ("break", Stmt::Break), ("continue", Stmt::Continue)]
        {
            if self.keyword(word) {
                return Ok(statement);
            }
        }
        for (word, exits) in [("exit", true), ("return", false)] {
            if self.keyword(word) {
                let value = if self.at_end() { None } else { Some(self.expr()?) };
                return Ok(if exits { Stmt::Exit(value) } else { Stmt::Return(value) });
            }
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

    fn at_end(&self) -> bool {
        matches!(self.peek(), Token::Newline | Token::End | Token::Op(";" | "}"))
    }

    /// `print` and `printf`, after the word.
    fn print(&mut self) -> Result<Stmt> {
        let printf = matches!(self.tokens.get(self.at.wrapping_sub(1)), Some(Token::Name(name) | Token::Func(name)) if name == "printf");
        let mut args = Vec::new();
        self.no_greater = true;
        if !self.at_end() && !matches!(self.op(), ">" | ">>" | "|") {
            args.push(self.expr()?);
            while self.eat(",") {
                self.newlines();
                args.push(self.expr()?);
            }
        }
        // `print (a, b)` reads as one group: a list.
        if let [Expr::Call(name, list)] = args.as_slice()
            && name.is_empty()
        {
            args = list.clone();
        }
        let dest = match self.op() {
            ">" | ">>" => {
                let append = self.op() == ">>";
                self.at += 1;
                Dest::File(self.concat()?, append)
            }
            "|" => {
                self.at += 1;
                Dest::Command(self.concat()?)
            }
            _ => Dest::Out,
        };
        self.no_greater = false;
        Ok(Stmt::Print(args, printf, dest))
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
}
