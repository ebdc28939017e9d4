//! Terms that make objects and texts.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Expr, Parser, Wrong, boxed};
use crate::shell::tools::jq::value::V;

impl Parser<'_> {
    pub(super) fn object(&mut self) -> Result<Expr, Wrong> {
        self.sign("{");
        let mut all = Vec::new();
        while !self.sign("}") {
            let key = match self.rest.chars().next() {
                Some('"') => self.text(None)?,
                Some('(') => self.term()?,
                Some('$') => self.term()?,
                _ => self.key()?,
            };
            self.space();
            let same = match &key {
                Expr::Variable(name) => Some(Expr::Variable(Rc::clone(name))),
                Expr::Just(value) => Some(Expr::At(boxed(Expr::Same), boxed(Expr::Just(value.clone())))),
                _ => None,
            };
            let value = if self.sign(":") {
                // A comma parts members, so a value is one level tighter.
                let mut value = self.level(0)?;
                while self.rest.starts_with('|') && self.sign("|") {
                    value = Expr::Pipe(boxed(value), boxed(self.level(0)?));
                }
                value
            } else {
                same.ok_or(Wrong)?
            };
            let key = match key {
                Expr::Variable(name) => Expr::Just(V::text(&name)),
                key => key,
            };
            all.push((key, value));
            if !self.sign(",") && !self.rest.starts_with('}') {
                return Err(Wrong);
            }
        }
        Ok(Expr::Object(all))
    }

    /// A text in quotes, with `\(…)` in it.
    pub(super) fn text(&mut self, format: Option<Rc<str>>) -> Result<Expr, Wrong> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        self.rest = self.rest.get(1..).unwrap_or_default();
        loop {
            let mut chars = self.rest.chars();
            let Some(c) = chars.next() else { return Err(Wrong) };
            self.rest = chars.as_str();
            match c {
                '"' => break,
                '\\' => {
                    let Some(escaped) = chars.next() else { return Err(Wrong) };
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
                                None => return Err(Wrong),
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
