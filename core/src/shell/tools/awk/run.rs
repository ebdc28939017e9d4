//! Runs the statements of `awk`.
//! Never: what an expression comes to (`eval`).

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use super::Awk;
use super::parse::{Expr, Stmt};
use super::value::Value;
use crate::arrange::Arrange;
use crate::shell::decimal;
use crate::shell::process::{Output, Stream};

/// How a statement ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    On,
    Break,
    Continue,
    Next,
    Exit,
}

impl Awk {
    pub(super) fn block(&mut self, block: &[Stmt], output: &mut Output) -> Way {
        for statement in block {
            if !self.spend() {
                return Way::Exit;
            }
            match self.run(statement, output) {
                Way::On => {}
                way => return way,
            }
        }
        Way::On
    }

    fn run(&mut self, statement: &Stmt, output: &mut Output) -> Way {
        match statement {
            Stmt::Print(args, to_error) => self.print(args, *to_error, output),
            Stmt::Printf(args, to_error) => {
                let text = self.format(args);
                output.write(if *to_error { Stream::Err } else { Stream::Out }, &text);
            }
            Stmt::Expr(expr) => {
                self.eval(expr);
            }
            Stmt::If(test, yes, no) => {
                let branch = if self.eval(test).truth() { yes } else { no };
                return self.block(branch, output);
            }
            Stmt::While(test, body, body_first) => {
                let mut first = *body_first;
                while first || self.eval(test).truth() {
                    first = false;
                    match self.block(body, output) {
                        Way::Break => break,
                        Way::On | Way::Continue => {}
                        way => return way,
                    }
                    if !self.spend() {
                        return Way::Exit;
                    }
                }
            }
            Stmt::For(first, test, step, body) => {
                if let Some(first) = first {
                    self.run(first, output);
                }
                while test.as_ref().is_none_or(|test| self.eval(test).truth()) {
                    match self.block(body, output) {
                        Way::Break => break,
                        Way::On | Way::Continue => {}
                        way => return way,
                    }
                    if let Some(step) = step {
                        self.run(step, output);
                    }
                    if !self.spend() {
                        return Way::Exit;
                    }
                }
            }
            Stmt::Each(key, array, body) => return self.each(key, array, body, output),
            Stmt::Delete(array, keys) => match keys {
                None => {
                    self.arrays.remove(array);
                }
                Some(keys) => {
                    let key = self.key(keys);
                    if let Some(array) = self.arrays.get_mut(array) {
                        array.remove(&key);
                    }
                }
            },
            Stmt::Next => return Way::Next,
            Stmt::Break => return Way::Break,
            Stmt::Continue => return Way::Continue,
            Stmt::Exit(code) => {
                if let Some(code) = code {
                    self.code = (self.eval(code).num() as i32) & 0xff;
                }
                return Way::Exit;
            }
        }
        Way::On
    }

    fn print(&mut self, args: &[Expr], to_error: bool, output: &mut Output) {
        let mut text = String::new();
        let separator = self.var("OFS").text();
        if args.is_empty() {
            text.push_str(&self.line);
        }
        for (at, arg) in args.iter().enumerate() {
            if at > 0 {
                text.push_str(&separator);
            }
            text.push_str(&self.eval(arg).text());
        }
        text.push_str(&self.var("ORS").text());
        output.write(if to_error { Stream::Err } else { Stream::Out }, &text);
    }

    /// `for (key in array)`: numbers in their order, other keys as texts.
    fn each(&mut self, key: &str, array: &str, body: &[Stmt], output: &mut Output) -> Way {
        let mut keys: Vec<Rc<str>> = self.arrays.get(array).map(|array| array.keys().cloned().collect()).unwrap_or_default();
        if keys.iter().all(|key| decimal::is_number(key)) {
            keys.arrange_by(|a, b| decimal::leading(a).partial_cmp(&decimal::leading(b)).unwrap_or(Ordering::Equal));
        }
        for one in keys {
            self.vars.insert(String::from(key), Value::Input(one));
            match self.block(body, output) {
                Way::Break => break,
                Way::On | Way::Continue => {}
                way => return way,
            }
        }
        Way::On
    }
}
