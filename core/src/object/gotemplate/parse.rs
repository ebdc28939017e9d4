//! Tokens as a tree of actions. Models the parser of Go's text/template, error texts included.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::lex::{Fault, Kind, Token, lex};
use super::tree::{Branch, Named, Node, Pipe};
use crate::text::quote::quote;

/// Actions and parentheses inside each other.
pub(super) const MAX_DEPTH: usize = 50;

pub(super) struct Parser {
    tokens: Vec<Token>,
    pub(super) at: usize,
    pub(super) variables: Vec<String>,
    loops: usize,
    named: Named,
}

/// The words that are no functions.
const KEYWORDS: &[&str] = &["block", "break", "continue", "define", "else", "end", "if", "range", "template", "with"];

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
    pub(super) fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    pub(super) fn kind(&self) -> Kind {
        self.peek().map_or(Kind::End, |token| token.kind.clone())
    }

    pub(super) fn here(&self) -> usize {
        self.peek().map_or(0, |token| token.at)
    }

    fn before(&self) -> usize {
        self.tokens.get(self.at.saturating_sub(1)).map_or(0, |token| token.at)
    }

    pub(super) fn spaces(&mut self) {
        while self.kind() == Kind::Space {
            self.at += 1;
        }
    }

    pub(super) fn is_sign(&self, text: &str) -> bool {
        self.peek().is_some_and(|token| token.kind == Kind::Sign && token.text == text)
    }

    fn word(&self) -> &str {
        self.peek().filter(|token| token.kind == Kind::Word).map_or("", |token| &token.text)
    }

    /// Whether what comes next is a word of the language.
    pub(super) fn is_keyword(&self) -> bool {
        KEYWORDS.contains(&self.word())
    }

    pub(super) fn unexpected(&self, context: &str) -> Fault {
        let shown = match self.peek() {
            None => "EOF".to_string(),
            Some(Token { kind: Kind::Bad(why), at, .. }) => return (*at, why.clone()),
            Some(token) if token.kind == Kind::End => "EOF".to_string(),
            Some(token) if token.kind == Kind::Dot => "<.>".to_string(),
            Some(token) if self.is_keyword() => format!("<{}>", token.text),
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
                    if let Some(ending) = self.action(&mut nodes, depth)? {
                        return Ok((nodes, ending));
                    }
                }
                _ => return Err(self.unexpected("input")),
            }
        }
    }

    /// One action, from behind its opening braces on; what ends the list that it stands in is given back.
    fn action(&mut self, nodes: &mut Vec<Node>, depth: usize) -> Result<Option<Ending>, Fault> {
        self.at += 1;
        self.spaces();
        let at = self.here();
        let keyword = self.word().to_string();
        match keyword.as_str() {
            "end" => {
                self.at += 1;
                self.close("end")?;
                return Ok(Some(Ending::End));
            }
            "else" => {
                self.at += 1;
                return Ok(Some(Ending::Else(at)));
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
                nodes.push(self.template(keyword == "block", depth)?);
            }
            "define" => return Err(self.unexpected("command")),
            _ => nodes.push(Node::Action(self.pipe("command", depth)?)),
        }
        Ok(None)
    }

    /// The rest of `template`, or of a `block`, which is defined where it is used.
    fn template(&mut self, block: bool, depth: usize) -> Result<Node, Fault> {
        let context = if block { "block clause" } else { "template clause" };
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
        if block {
            self.body(name.clone(), context)?;
        }
        Ok(Node::Template(name, pipe, at))
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
}
