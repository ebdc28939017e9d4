//! Expressions of `awk` as steps: what is on the stack after them is their value.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::super::code::{Op, Place, Source};
use super::super::parse::{Expr, From};
use super::super::value::Value;
use super::{Compiler, Result};
use crate::text::regex::Regex;

/// Functions that take so many operands at least and at most.
const FUNCTIONS: [(&str, usize, usize); 22] = [
    ("atan2", 2, 2),
    ("cos", 1, 1),
    ("exp", 1, 1),
    ("fflush", 0, 1),
    ("index", 2, 2),
    ("int", 1, 1),
    ("length", 0, 1),
    ("log", 1, 1),
    ("mktime", 1, 1),
    ("rand", 0, 0),
    ("sin", 1, 1),
    ("sprintf", 1, 1000),
    ("sqrt", 1, 1),
    ("srand", 0, 1),
    ("strftime", 0, 3),
    ("substr", 2, 3),
    ("systime", 0, 0),
    ("tolower", 1, 1),
    ("toupper", 1, 1),
    ("close", 1, 2),
    ("system", 1, 1),
    ("", 1, 1000),
];

impl Compiler<'_> {
    pub(super) fn expr(&mut self, expr: &Expr) -> Result<()> {
        match expr {
            Expr::Num(number) => self.push(Value::Num(*number)),
            Expr::Str(text) => self.push(Value::Text(Rc::from(text.as_str()))),
            Expr::Regex(regex) => {
                self.emit(Op::Line(regex.clone()));
            }
            Expr::Field(_) | Expr::Var(_) | Expr::Index(..) => {
                let place = self.place(expr)?;
                self.emit(Op::Load(place));
            }
            Expr::Group(inner) => self.expr(inner)?,
            Expr::Assign(to, op, value) => {
                let place = self.place(to)?;
                if let Some(op) = op {
                    if place.has_key() {
                        self.emit(Op::Copy);
                    }
                    self.emit(Op::Load(place));
                    self.expr(value)?;
                    self.emit(Op::Arith(*op));
                } else {
                    self.expr(value)?;
                }
                self.emit(Op::Store(place));
            }
            Expr::Step(to, before, by) => {
                let place = self.place(to)?;
                self.emit(Op::Step(place, *before, *by));
            }
            Expr::Cond(test, yes, no) => {
                self.expr(test)?;
                let otherwise = self.emit(Op::JumpIf(false, 0));
                self.expr(yes)?;
                let out = self.emit(Op::Jump(0));
                self.land([otherwise]);
                self.expr(no)?;
                self.land([out]);
            }
            Expr::Or(left, right) => self.either(left, right, true)?,
            Expr::And(left, right) => self.either(left, right, false)?,
            Expr::In(keys, array) => {
                let array = self.array(array)?;
                self.key(keys)?;
                self.emit(Op::In(array));
            }
            Expr::Match(negated, left, right) => {
                self.expr(left)?;
                let regex = self.pattern(right)?;
                self.emit(Op::Match(*negated, regex));
            }
            Expr::Compare(op, left, right) => self.two(left, right, Op::Compare(op))?,
            Expr::Concat(left, right) => self.two(left, right, Op::Concat)?,
            Expr::Arith(op, left, right) => self.two(left, right, Op::Arith(*op))?,
            Expr::Not(inner) => self.one(inner, Op::Not)?,
            Expr::Minus(inner) => self.one(inner, Op::Minus)?,
            Expr::Plus(inner) => self.one(inner, Op::Plus)?,
            Expr::Call(name, args) => self.call(name, args)?,
            Expr::Getline(from, to) => self.getline(from, to.as_deref())?,
        }
        Ok(())
    }

    fn one(&mut self, inner: &Expr, op: Op) -> Result<()> {
        self.expr(inner)?;
        self.emit(op);
        Ok(())
    }

    fn two(&mut self, left: &Expr, right: &Expr, op: Op) -> Result<()> {
        self.expr(left)?;
        self.one(right, op)
    }

    /// `||` (true) and `&&`: the right side only where it matters.
    fn either(&mut self, left: &Expr, right: &Expr, or: bool) -> Result<()> {
        self.expr(left)?;
        let decided = self.emit(Op::JumpIf(or, 0));
        self.one(right, Op::Truth)?;
        let out = self.emit(Op::Jump(0));
        self.land([decided]);
        self.push(Value::Num(f64::from(u8::from(or))));
        self.land([out]);
        Ok(())
    }

    /// The place an expression names; its key is on the stack then.
    fn place(&mut self, expr: &Expr) -> Result<Place> {
        Ok(match expr {
            Expr::Var(name) => self.variable(name)?,
            Expr::Field(number) => {
                self.expr(number)?;
                Place::Field
            }
            Expr::Index(name, keys) => {
                let array = self.array(name)?;
                self.key(keys)?;
                Place::Element(array)
            }
            Expr::Group(inner) => self.place(inner)?,
            _ => return Err(String::from("syntax error at or near =")),
        })
    }

    pub(super) fn key(&mut self, keys: &[Expr]) -> Result<()> {
        for key in keys {
            self.expr(key)?;
        }
        if keys.len() != 1 {
            self.emit(Op::Join(keys.len()));
        }
        Ok(())
    }

    /// A pattern that is written out; another is put on the stack.
    fn pattern(&mut self, expr: &Expr) -> Result<Option<Regex>> {
        if let Expr::Regex(regex) = expr {
            return Ok(Some(regex.clone()));
        }
        self.expr(expr)?;
        Ok(None)
    }

    fn getline(&mut self, from: &From, to: Option<&Expr>) -> Result<()> {
        let source = match from {
            From::Main => Source::Main,
            From::File(name) => {
                self.expr(name)?;
                Source::File
            }
            From::Command(line) => {
                self.expr(line)?;
                Source::Command
            }
        };
        let place = match to {
            Some(to) => Some(self.place(to)?),
            None => None,
        };
        self.emit(Op::Getline(source, place));
        Ok(())
    }

    fn call(&mut self, name: &str, args: &[Expr]) -> Result<()> {
        let program = self.program;
        if let Some(at) = program.functions.iter().position(|function| function.name == name) {
            return self.own(at, args);
        }
        match (name, args) {
            ("sub" | "gsub", [pattern, with, rest @ ..]) => {
                let regex = self.pattern(pattern)?;
                self.expr(with)?;
                let whole = Expr::Field(alloc::boxed::Box::new(Expr::Num(0.0)));
                let place = self.place(rest.first().unwrap_or(&whole))?;
                self.emit(Op::Substitute(name == "gsub", regex, place));
            }
            ("match", [text, pattern]) => {
                self.expr(text)?;
                let regex = self.pattern(pattern)?;
                self.emit(Op::Find(regex));
            }
            ("split", [text, Expr::Var(array), rest @ ..]) => {
                let array = self.array(array)?;
                self.expr(text)?;
                let regex = match rest.first() {
                    Some(separator) => self.pattern(separator)?,
                    None => None,
                };
                self.emit(Op::Split(array, !rest.is_empty(), regex));
            }
            ("length", [Expr::Var(one)]) if self.is_array(one) => {
                let array = self.array(one)?;
                self.emit(Op::Length(array));
            }
            ("close" | "system", [one, ..]) => self.one(one, if name == "close" { Op::Close } else { Op::System })?,
            _ => {
                let Some((name, least, most)) = FUNCTIONS.iter().find(|(one, ..)| *one == name) else {
                    return Err(if matches!(name, "sub" | "gsub" | "match" | "split") {
                        alloc::format!("wrong number of arguments in call to {name}")
                    } else {
                        alloc::format!("function {name} never defined")
                    });
                };
                if !(*least..=*most).contains(&args.len()) {
                    return Err(alloc::format!("wrong number of arguments in call to {name}"));
                }
                for arg in args {
                    self.expr(arg)?;
                }
                self.emit(Op::Builtin(name, args.len()));
            }
        }
        Ok(())
    }

    /// A function of the program: arrays are handed over as such, all else by value.
    fn own(&mut self, at: usize, args: &[Expr]) -> Result<()> {
        let Some(function) = self.program.functions.get(at) else { return Ok(()) };
        if args.len() > function.params.len() {
            return Err(alloc::format!("too many arguments in call to {}", function.name));
        }
        let mut arrays = Vec::new();
        for param in 0..function.params.len() {
            let arg = args.get(param);
            if let Some(Expr::Var(name)) = arg
                && self.is_array(name)
            {
                self.known.params.insert((at, param));
            }
            match (self.known.params.contains(&(at, param)), arg) {
                (true, Some(Expr::Var(name))) => arrays.push(self.array(name)?),
                (true, Some(_)) => return Err(alloc::format!("type error in arg({}) in call to {}", param + 1, function.name)),
                (true, None) => {}
                (false, Some(arg)) => self.expr(arg)?,
                (false, None) => self.push(Value::Unset),
            }
        }
        self.emit(Op::Call(at, arrays));
        Ok(())
    }
}
