//! What stands between the braces of an action: a pipeline of commands and their operands. Models the parser of Go's
//! text/template, error texts included.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Number, Value};

use super::funcs;
use super::lex::{Fault, Kind};
use super::parse::{MAX_DEPTH, Parser};
use super::tree::{Command, Operand, Pipe, What};
use crate::text::quote::quote;

impl Parser {
    pub(super) fn pipeline(&mut self, context: &str, depth: usize) -> Result<Pipe, Fault> {
        if depth > MAX_DEPTH {
            return Err((self.here(), "template is too deep".to_string()));
        }
        self.spaces();
        let at = self.here();
        let (declares, assigns) = self.declarations(context)?;
        let mut commands = Vec::new();
        loop {
            self.spaces();
            if self.kind() == Kind::Close || self.is_sign(")") {
                break;
            }
            if !self.begins_operand() {
                return Err(self.unexpected(context));
            }
            commands.push(self.command(depth)?);
            self.spaces();
            if !self.is_sign("|") {
                continue;
            }
            self.at += 1;
        }
        if commands.is_empty() {
            return Err((self.here(), format!("missing value for {context}")));
        }
        for (i, command) in commands.iter().enumerate().skip(1) {
            if let Some(Operand { what: What::Dot | What::Nil | What::Constant(..), .. }) = command.operands.first() {
                return Err((command.at, format!("non executable command in pipeline stage {}", i + 1)));
            }
        }
        if !assigns {
            self.variables.extend(declares.iter().cloned());
        }
        Ok(Pipe { declares, assigns, commands, at })
    }

    /// Whether what comes next may begin a command.
    fn begins_operand(&self) -> bool {
        match self.kind() {
            Kind::Dot | Kind::Field | Kind::Variable | Kind::Quoted(_) | Kind::Char(_) | Kind::Number => true,
            Kind::Word => !self.is_keyword(),
            _ => self.is_sign("("),
        }
    }

    /// `$x :=`, `$i, $x :=`, `$x =`.
    fn declarations(&mut self, context: &str) -> Result<(Vec<String>, bool), Fault> {
        let start = self.at;
        let mut names = Vec::new();
        while self.kind() == Kind::Variable {
            names.push(self.peek().map(|t| t.text.clone()).unwrap_or_default());
            self.at += 1;
            self.spaces();
            if self.is_sign(":=") || self.is_sign("=") {
                let assigns = self.is_sign("=");
                self.at += 1;
                if names.len() > 1 && (context != "range" || names.len() > 2) {
                    return Err((self.here(), format!("too many declarations in {context}")));
                }
                if assigns && let Some(name) = names.iter().find(|name| !self.variables.contains(name)) {
                    return Err((self.here(), format!("undefined variable {}", quote(name))));
                }
                return Ok((names, assigns));
            }
            if !(self.is_sign(",") && context == "range") {
                break;
            }
            self.at += 1;
            self.spaces();
        }
        self.at = start;
        Ok((Vec::new(), false))
    }

    fn command(&mut self, depth: usize) -> Result<Command, Fault> {
        let at = self.here();
        let mut operands = Vec::new();
        loop {
            self.spaces();
            if self.kind() == Kind::Close || self.is_sign(")") || self.is_sign("|") {
                break;
            }
            operands.push(self.operand(depth)?);
            if self.kind() != Kind::Space && self.kind() != Kind::Close && !self.is_sign(")") && !self.is_sign("|") {
                return Err(self.unexpected("operand"));
            }
        }
        if operands.is_empty() {
            return Err((at, "empty command".to_string()));
        }
        Ok(Command { operands, at })
    }

    fn operand(&mut self, depth: usize) -> Result<Operand, Fault> {
        let Some(token) = self.peek().cloned() else { return Err((0, "unexpected EOF".to_string())) };
        let mut at = token.at;
        let source = token.text.clone();
        let mut what = match token.kind {
            Kind::Dot => What::Dot,
            Kind::Field => What::Field(alloc::vec![token.text.trim_start_matches('.').to_string()]),
            Kind::Variable if self.variables.contains(&token.text) => What::Variable(token.text, Vec::new()),
            Kind::Variable => return Err((at, format!("undefined variable {}", quote(&token.text)))),
            Kind::Quoted(text) => What::Constant(Value::String(text), token.text),
            Kind::Char(c) => What::Constant(Value::from(c as u32), token.text),
            Kind::Number => match number(&token.text) {
                Some(number) => What::Constant(Value::Number(number), token.text),
                None => return Err((at, format!("illegal number syntax: {}", quote(&token.text)))),
            },
            Kind::Word => match token.text.as_str() {
                "true" | "false" => What::Constant(Value::Bool(token.text == "true"), token.text),
                "nil" => What::Nil,
                name if funcs::is_known(name) => What::Function(token.text),
                _ if self.is_keyword() => return Err(self.unexpected("operand")),
                name => return Err((at, format!("function {} not defined", quote(name)))),
            },
            Kind::Sign if token.text == "(" => {
                self.at += 1;
                let pipe = self.pipeline("parenthesized pipeline", depth + 1)?;
                if !self.is_sign(")") {
                    return Err(self.unexpected("parenthesized pipeline"));
                }
                What::Pipe(Box::new(pipe))
            }
            _ => return Err(self.unexpected("operand")),
        };
        self.at += 1;
        let mut names = Vec::new();
        while self.kind() == Kind::Field {
            if names.is_empty() {
                at = self.here();
            }
            names.push(self.peek().map(|t| t.text.trim_start_matches('.').to_string()).unwrap_or_default());
            self.at += 1;
        }
        match &mut what {
            _ if names.is_empty() => {}
            What::Field(all) | What::Variable(_, all) => all.append(&mut names),
            What::Dot | What::Nil | What::Constant(..) => {
                return Err((at, format!("unexpected . after term {}", quote(&source))));
            }
            _ => {
                let inner = Operand { what: what.clone(), at: token.at };
                what = What::Chain(Box::new(inner), names);
            }
        }
        Ok(Operand { what, at })
    }
}

fn number(text: &str) -> Option<Number> {
    if text.ends_with('_') {
        return None;
    }
    let plain = text.replace('_', "");
    let (sign, digits) = match plain.strip_prefix(['+', '-']) {
        Some(rest) => (if plain.starts_with('-') { -1 } else { 1 }, rest),
        None => (1, plain.as_str()),
    };
    for (prefix, radix) in [("0x", 16), ("0b", 2), ("0o", 8)] {
        if let Some(body) = digits.strip_prefix(prefix) {
            return i64::from_str_radix(body, radix).ok().map(|value| (value.wrapping_mul(sign)).into());
        }
    }
    if let Ok(value) = plain.trim_start_matches('+').parse::<i64>() {
        return Some(value.into());
    }
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    plain.parse::<f64>().ok().and_then(Number::from_f64)
}
