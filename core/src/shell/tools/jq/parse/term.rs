//! Terms: what stands between operators.

use alloc::rc::Rc;
use alloc::vec::Vec;

use super::{Expr, Parser, Wrong, boxed};
use crate::shell::tools::jq::value::V;

impl Parser<'_> {
    /// A term with what is taken from it, and what it is bound to.
    pub(super) fn postfix(&mut self) -> Result<Expr, Wrong> {
        let expr = self.access()?;
        if self.sign("as") { self.bound(expr) } else { Ok(expr) }
    }

    /// A term with what is taken from it.
    pub(super) fn access(&mut self) -> Result<Expr, Wrong> {
        let mut expr = self.term()?;
        loop {
            if self.rest.starts_with("..") {
                return Err(Wrong);
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
                // Of `.a.b?` only the last step may fail.
                expr = match expr {
                    Expr::At(of, key) if matches!(*key, Expr::Just(_)) => {
                        Expr::Pipe(of, boxed(Expr::Try(boxed(Expr::At(boxed(Expr::Same), key)), None)))
                    }
                    Expr::Each(of) => Expr::Pipe(of, boxed(Expr::Try(boxed(Expr::Each(boxed(Expr::Same))), None))),
                    whole => Expr::Try(boxed(whole), None),
                };
            } else {
                self.space();
                return Ok(expr);
            }
        }
    }

    /// What follows a dot.
    pub(super) fn key(&mut self) -> Result<Expr, Wrong> {
        if self.rest.starts_with('"') {
            return self.text(None);
        }
        match self.name() {
            Some(name) => Ok(Expr::Just(V::text(name))),
            None => Err(Wrong),
        }
    }

    fn bracket(&mut self, of: Expr) -> Result<Expr, Wrong> {
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

    pub(super) fn term(&mut self) -> Result<Expr, Wrong> {
        let Some(first) = self.rest.chars().next() else { return Err(Wrong) };
        match first {
            '.' if self.rest.starts_with("..") => {
                self.rest = self.rest.get(2..).unwrap_or_default();
                Ok(Expr::Call(Rc::from("recurse"), Vec::new()))
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
                let name = self.name().ok_or(Wrong)?;
                if !matches!(name, "ENV" | "__prog_args") && !self.variables.iter().any(|one| **one == *name) {
                    self.missing(["$", name].concat());
                }
                Ok(Expr::Variable(Rc::from(name)))
            }
            '@' => {
                self.rest = self.rest.get(1..).unwrap_or_default();
                let Some(name) = self.name() else { return Err(Wrong) };
                if self.rest.starts_with(' ') && self.rest.trim_start().starts_with('"') {
                    self.space();
                    return self.text(Some(Rc::from(name)));
                }
                Ok(Expr::Call(Rc::from(["@", name].concat()), Vec::new()))
            }
            c if c.is_ascii_digit() => self.number(),
            _ => self.word(),
        }
    }

    fn number(&mut self) -> Result<Expr, Wrong> {
        let mut before = ' ';
        let part = |c: char| {
            let fits = c.is_ascii_digit() || c == '.' || matches!(c, 'e' | 'E') || matches!(before, 'e' | 'E') && matches!(c, '+' | '-');
            before = c;
            !fits
        };
        let end = self.rest.find(part).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        let value = digits.parse::<serde_json::Number>().ok().map(V::Number);
        let value = value.or_else(|| digits.parse::<f64>().ok().map(V::float));
        self.rest = rest;
        value.map(Expr::Just).ok_or(Wrong)
    }

    pub(super) fn word(&mut self) -> Result<Expr, Wrong> {
        let Some(name) = self.name() else { return Err(Wrong) };
        self.space();
        match name {
            "null" => Ok(Expr::Just(V::Null)),
            "true" => Ok(Expr::Just(V::Bool(true))),
            "false" => Ok(Expr::Just(V::Bool(false))),
            "reduce" => self.folded(false),
            "foreach" => self.folded(true),
            "label" => self.labelled(),
            "break" => {
                self.need("$")?;
                let name = self.name().ok_or(Wrong)?;
                Ok(Expr::Break(Rc::from(name)))
            }
            "try" => {
                let body = boxed(self.access()?);
                let handler = if self.sign("catch") { Some(boxed(self.access()?)) } else { None };
                Ok(Expr::Try(body, handler))
            }
            "def" | "then" | "else" | "elif" | "end" | "as" | "and" | "or" | "catch" | "import" | "include" => Err(Wrong),
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
                    args.push(boxed(self.pipe()?));
                    while self.sign(";") {
                        args.push(boxed(self.pipe()?));
                    }
                    self.need(")")?;
                }
                let own = self.functions.iter().any(|(one, count)| **one == *name && *count == args.len());
                if !own && !crate::shell::tools::jq::call::knows(name, args.len()) {
                    self.missing(alloc::format!("{name}/{}", args.len()));
                }
                Ok(Expr::Call(Rc::from(name), args))
            }
        }
    }

    /// `elif`: the rest is an `if` of its own, whose `end` ends both.
    fn chain(&mut self, test: Expr, then: Expr) -> Result<Expr, Wrong> {
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
