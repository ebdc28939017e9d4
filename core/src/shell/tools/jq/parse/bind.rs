//! What gives names to values and functions: `as`, `reduce`, `foreach`, `def`, `label`.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Expr, Function, Parser, Pattern, Wrong, boxed};
use crate::shell::tools::jq::value::V;

impl Parser<'_> {
    /// `def name(a; $b): body;`
    pub(super) fn definition(&mut self) -> Result<Function, Wrong> {
        self.need("def")?;
        let name: Rc<str> = Rc::from(self.name().ok_or(Wrong)?);
        self.space();
        let mut params: Vec<Rc<str>> = Vec::new();
        if self.sign("(") {
            loop {
                let value = self.sign("$");
                let param = self.name().ok_or(Wrong)?;
                params.push(Rc::from([if value { "$" } else { "" }, param].concat()));
                self.space();
                if !self.sign(";") {
                    break;
                }
            }
            self.need(")")?;
        }
        self.need(":")?;
        self.functions.push((Rc::clone(&name), params.len()));
        let (functions, variables) = (self.functions.len(), self.variables.len());
        for param in &params {
            let plain = param.trim_start_matches('$');
            self.functions.push((Rc::from(plain), 0));
            if param.starts_with('$') {
                self.variables.push(Rc::from(plain));
            }
        }
        let body = boxed(self.pipe()?);
        self.functions.truncate(functions);
        self.variables.truncate(variables);
        self.need(";")?;
        Ok(Function { name, params, body })
    }

    /// After a term: `as PATTERN | body`.
    pub(super) fn bound(&mut self, source: Expr) -> Result<Expr, Wrong> {
        let variables = self.variables.len();
        let pattern = self.pattern()?;
        self.need("|")?;
        let body = self.pipe()?;
        self.variables.truncate(variables);
        Ok(Expr::Bind(boxed(source), pattern, boxed(body)))
    }

    fn variable(&mut self) -> Result<Rc<str>, Wrong> {
        let name: Rc<str> = Rc::from(self.name().ok_or(Wrong)?);
        self.space();
        self.variables.push(Rc::clone(&name));
        Ok(name)
    }

    fn pattern(&mut self) -> Result<Pattern, Wrong> {
        self.depth += 1;
        if self.depth > super::MAX_DEPTH {
            return Err(Wrong);
        }
        let pattern = if self.sign("$") {
            Pattern::Name(self.variable()?)
        } else if self.sign("[") {
            let mut all = Vec::from([self.pattern()?]);
            while self.sign(",") {
                all.push(self.pattern()?);
            }
            self.need("]")?;
            Pattern::List(all)
        } else {
            self.need("{")?;
            let mut all = Vec::new();
            loop {
                let (key, name) = if self.sign("$") {
                    let name = self.variable()?;
                    (boxed(Expr::Just(V::text(&name))), Some(name))
                } else if self.rest.starts_with('(') {
                    (boxed(self.term()?), None)
                } else {
                    (boxed(self.key()?), None)
                };
                self.space();
                let inner = if self.sign(":") { Some(self.pattern()?) } else { None };
                all.push((key, name, inner));
                if !self.sign(",") {
                    break;
                }
            }
            self.need("}")?;
            Pattern::Object(all)
        };
        self.depth -= 1;
        Ok(pattern)
    }

    /// `reduce` and `foreach`, after the word.
    pub(super) fn folded(&mut self, each: bool) -> Result<Expr, Wrong> {
        let variables = self.variables.len();
        let source = boxed(self.access()?);
        self.need("as")?;
        let pattern = self.pattern()?;
        self.need("(")?;
        let init = boxed(self.pipe()?);
        self.need(";")?;
        let update = boxed(self.pipe()?);
        let extract = if each && self.sign(";") { Some(self.pipe()?) } else { None };
        self.need(")")?;
        self.variables.truncate(variables);
        Ok(match each {
            true => Expr::Foreach(source, pattern, [init, update, boxed(extract.unwrap_or(Expr::Same))]),
            false => Expr::Reduce(source, pattern, init, update),
        })
    }

    /// `label $name | x`, after the word.
    pub(super) fn labelled(&mut self) -> Result<Expr, Wrong> {
        self.need("$")?;
        let name: Rc<str> = Rc::from(self.name().ok_or(Wrong)?);
        self.space();
        self.need("|")?;
        Ok(Expr::Label(name, boxed(self.pipe()?)))
    }

    /// Notes a name that is not known here.
    pub(super) fn missing(&mut self, name: String) {
        self.unknown.get_or_insert(name);
    }
}
