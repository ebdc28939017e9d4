//! The grammar of expressions, from what binds least to what binds most.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::ast::{Expr, From};
use super::tokens::Token;
use super::{MAX_DEPTH, Parser, Result};
use crate::text::regex::{Regex, Syntax};

pub(super) fn boxed(expr: Expr) -> Box<Expr> {
    Box::new(expr)
}

impl Parser {
    pub(super) fn expr(&mut self) -> Result<Expr> {
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

    pub(super) fn or(&mut self) -> Result<Expr> {
        let mut left = self.and()?;
        while self.eat("||") {
            self.newlines();
            left = Expr::Or(boxed(left), boxed(self.and()?));
        }
        Ok(left)
    }

    pub(super) fn and(&mut self) -> Result<Expr> {
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
        let mut left = self.concat()?;
        while self.op() == "|" && matches!(self.tokens.get(self.at + 1), Some(Token::Name(name)) if name == "getline") {
            self.at += 2;
            let place = self.place()?;
            left = Expr::Getline(From::Command(boxed(left)), place);
        }
        let op = self.op();
        if !matches!(op, "<" | "<=" | "==" | "!=" | ">" | ">=") || (op == ">" && self.no_greater) {
            return Ok(left);
        }
        self.at += 1;
        Ok(Expr::Compare(op, boxed(left), boxed(self.concat()?)))
    }

    /// What `getline` may put a record into.
    fn place(&mut self) -> Result<Option<Box<Expr>>> {
        let begins = match self.peek() {
            Token::Name(name) => name != "in",
            Token::Op(op) => *op == "$",
            _ => false,
        };
        Ok(if begins { Some(boxed(self.primary()?)) } else { None })
    }

    pub(super) fn concat(&mut self) -> Result<Expr> {
        let mut left = self.sum()?;
        loop {
            let begins = match self.peek() {
                Token::Num(_) | Token::Str(_) | Token::Func(_) => true,
                Token::Name(name) => name != "in",
                Token::Regex(_) => true,
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
                Ok(Expr::Call(name, self.list(")")?))
            }
            Token::Name(name) if name == "length" => Ok(Expr::Call(name, Vec::new())),
            Token::Name(name) if name == "getline" => {
                let place = self.place()?;
                let from = if self.eat("<") { From::File(boxed(self.postfix()?)) } else { From::Main };
                Ok(Expr::Getline(from, place))
            }
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
