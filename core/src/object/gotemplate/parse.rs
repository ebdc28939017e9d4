//! Tokens as a tree of actions. Models the parser of Go's text/template, error texts included.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Number, Value};

use super::funcs;
use super::lex::{Fault, Kind, Token, lex};
use super::tree::{Branch, Command, Named, Node, Operand, Pipe, What};
use crate::text::quote::quote;

/// Actions and parentheses inside each other.
const MAX_DEPTH: usize = 50;

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    variables: Vec<String>,
    loops: usize,
    named: Named,
}

/// How a list of actions ended.
#[derive(PartialEq)]
enum Ending {
    End,
    Else(usize),
    Eof,
}

/// Parses a template and those defined in it; a fault holds the byte near which it is.
pub(super) fn parse(text: &str) -> Result<(Vec<Node>, Named), Fault> {
    let mut parser = Parser { tokens: lex(text)?, at: 0, variables: alloc::vec!["$".to_string()], loops: 0, named: Vec::new() };
    let (nodes, ending) = parser.list(0)?;
    match ending {
        Ending::Eof => Ok((nodes, parser.named)),
        Ending::End => Err((parser.before(), "unexpected {{end}}".to_string())),
        Ending::Else(at) => Err((at, "unexpected {{else}}".to_string())),
    }
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn kind(&self) -> Kind {
        self.peek().map_or(Kind::End, |token| token.kind.clone())
    }

    fn here(&self) -> usize {
        self.peek().map_or(0, |token| token.at)
    }

    fn before(&self) -> usize {
        self.tokens.get(self.at.saturating_sub(1)).map_or(0, |token| token.at)
    }

    fn spaces(&mut self) {
        while self.kind() == Kind::Space {
            self.at += 1;
        }
    }

    fn is_sign(&self, text: &str) -> bool {
        self.peek().is_some_and(|token| token.kind == Kind::Sign && token.text == text)
    }

    fn word(&self) -> &str {
        self.peek().filter(|token| token.kind == Kind::Word).map_or("", |token| &token.text)
    }

    fn unexpected(&self, context: &str) -> Fault {
        let shown = match self.peek() {
            None => "EOF".to_string(),
            Some(token) if token.kind == Kind::End => "EOF".to_string(),
            Some(token) if matches!(token.text.as_str(), "if" | "range" | "with" | "end" | "else" | "define" | "template" | "block") => {
                format!("<{}>", token.text)
            }
            Some(token) => quote(&token.text),
        };
        (self.here(), format!("unexpected {shown} in {context}"))
    }

    fn list(&mut self, depth: usize) -> Result<(Vec<Node>, Ending), Fault> {
        if depth > MAX_DEPTH {
            return Err((self.here(), "template is too deep".to_string()));
        }
        let mut nodes = Vec::new();
        loop {
            match self.kind() {
                Kind::End => return Ok((nodes, Ending::Eof)),
                Kind::Text => {
                    nodes.push(Node::Text(self.peek().map(|t| t.text.clone()).unwrap_or_default()));
                    self.at += 1;
                }
                Kind::Open => {
                    self.at += 1;
                    self.spaces();
                    let at = self.here();
                    let keyword = self.word().to_string();
                    match keyword.as_str() {
                        "end" => {
                            self.at += 1;
                            self.close("end")?;
                            return Ok((nodes, Ending::End));
                        }
                        "else" => {
                            self.at += 1;
                            return Ok((nodes, Ending::Else(at)));
                        }
                        "break" | "continue" => {
                            self.at += 1;
                            if self.loops == 0 {
                                return Err((at, format!("{{{{{keyword}}}}} outside {{{{range}}}}")));
                            }
                            self.close(&keyword)?;
                            nodes.push(if keyword == "break" { Node::Break } else { Node::Continue });
                        }
                        "if" | "with" | "range" => {
                            self.at += 1;
                            let branch = self.branch(&keyword, depth)?;
                            nodes.push(match keyword.as_str() {
                                "if" => Node::If(branch),
                                "with" => Node::With(branch),
                                _ => Node::Range(branch),
                            });
                        }
                        "define" if depth == 0 => {
                            self.at += 1;
                            let name = self.name("define clause")?;
                            self.close("define clause")?;
                            self.body(name, "define clause")?;
                        }
                        "template" | "block" => {
                            self.at += 1;
                            let context = if keyword == "block" { "block clause" } else { "template clause" };
                            self.spaces();
                            let at = self.here();
                            let name = self.name(context)?;
                            self.spaces();
                            let pipe = match self.kind() {
                                Kind::Close => {
                                    self.close(context)?;
                                    None
                                }
                                _ => Some(self.pipe(context, depth)?),
                            };
                            if keyword == "block" {
                                self.body(name.clone(), context)?;
                            }
                            nodes.push(Node::Template(name, pipe, at));
                        }
                        "define" => return Err(self.unexpected("command")),
                        _ => nodes.push(Node::Action(self.pipe("command", depth)?)),
                    }
                }
                _ => return Err(self.unexpected("input")),
            }
        }
    }

    /// The name of a template, in quotes.
    fn name(&mut self, context: &str) -> Result<String, Fault> {
        self.spaces();
        match self.kind() {
            Kind::Quoted(name) => {
                self.at += 1;
                Ok(name)
            }
            _ => Err(self.unexpected(context)),
        }
    }

    /// What a template with a name is made of, up to and with its `end`.
    fn body(&mut self, name: String, context: &str) -> Result<(), Fault> {
        let outer = core::mem::replace(&mut self.variables, alloc::vec!["$".to_string()]);
        let (nodes, ending) = self.list(1)?;
        self.variables = outer;
        match ending {
            Ending::End => {}
            Ending::Else(at) => return Err((at, format!("unexpected {{{{else}}}} in {context}"))),
            Ending::Eof => return Err((self.here(), "unexpected EOF".to_string())),
        }
        self.named.insert(0, (name, nodes));
        Ok(())
    }

    fn close(&mut self, context: &str) -> Result<(), Fault> {
        self.spaces();
        if self.kind() != Kind::Close {
            return Err(self.unexpected(context));
        }
        self.at += 1;
        Ok(())
    }

    /// The rest of `if`, `with` or `range`, up to and with its `end`.
    fn branch(&mut self, keyword: &str, depth: usize) -> Result<Branch, Fault> {
        let scope = self.variables.len();
        let pipe = self.pipe(keyword, depth)?;
        self.loops += usize::from(keyword == "range");
        let (then, ending) = self.list(depth + 1)?;
        self.loops -= usize::from(keyword == "range");
        let otherwise = match ending {
            Ending::End => Vec::new(),
            Ending::Eof => return Err((self.here(), "unexpected EOF".to_string())),
            Ending::Else(_) => self.else_list(keyword, depth)?,
        };
        self.variables.truncate(scope);
        Ok(Branch { pipe, then, otherwise })
    }

    fn else_list(&mut self, keyword: &str, depth: usize) -> Result<Vec<Node>, Fault> {
        self.spaces();
        let nested = self.word().to_string();
        if nested == keyword && keyword != "range" {
            // `else if` holds another branch whose `end` ends this one too.
            self.at += 1;
            if depth > MAX_DEPTH {
                return Err((self.here(), "template is too deep".to_string()));
            }
            let branch = self.branch(keyword, depth + 1)?;
            return Ok(alloc::vec![if keyword == "if" { Node::If(branch) } else { Node::With(branch) }]);
        }
        self.close("else")?;
        match self.list(depth + 1)? {
            (nodes, Ending::End) => Ok(nodes),
            (_, Ending::Eof) => Err((self.here(), "unexpected EOF".to_string())),
            (_, Ending::Else(at)) => Err((at, "expected end; found {{else}}".to_string())),
        }
    }

    /// A pipeline and the closing braces after it.
    fn pipe(&mut self, context: &str, depth: usize) -> Result<Pipe, Fault> {
        let pipe = self.pipeline(context, depth)?;
        self.close(context)?;
        Ok(pipe)
    }

    fn pipeline(&mut self, context: &str, depth: usize) -> Result<Pipe, Fault> {
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
            if self.kind() == Kind::End {
                return Err((self.here(), "unclosed action".to_string()));
            }
            commands.push(self.command(depth)?);
            self.spaces();
            if !self.is_sign("|") {
                continue;
            }
            self.at += 1;
            self.spaces();
            if self.kind() == Kind::Close || self.is_sign(")") || self.is_sign("|") {
                return Err((self.here(), "missing value for command".to_string()));
            }
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
                None => return Err((at, format!("bad number syntax: {}", quote(&token.text)))),
            },
            Kind::Word => match token.text.as_str() {
                "true" | "false" => What::Constant(Value::Bool(token.text == "true"), token.text),
                "nil" => What::Nil,
                name if funcs::is_known(name) => What::Function(token.text),
                "if" | "range" | "with" | "end" | "else" | "define" | "template" | "block" => return Err(self.unexpected("operand")),
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
