//! Terms: what stands between operators.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{Expr, Parser, boxed};
use crate::shell::tools::jq::value::V;

impl<'a> Parser<'a> {
    pub(super) fn postfix(&mut self) -> Result<Expr, String> {
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
    pub(super) fn key(&mut self) -> Result<Expr, String> {
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

    pub(super) fn term(&mut self) -> Result<Expr, String> {
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

    pub(super) fn word(&mut self) -> Result<Expr, String> {
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
}
