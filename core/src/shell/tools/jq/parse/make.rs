//! Terms that make objects and texts.

use alloc::string::String;
use alloc::vec::Vec;

use super::{Expr, Parser, boxed};
use crate::shell::tools::jq::value::V;

impl<'a> Parser<'a> {
    pub(super) fn object(&mut self) -> Result<Expr, String> {
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
    pub(super) fn text(&mut self, format: Option<String>) -> Result<Expr, String> {
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
