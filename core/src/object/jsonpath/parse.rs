//! The text of a JSONPath template as nodes. Models the parser of k8s.io/client-go/util/jsonpath, error texts
//! included.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::text::quote;

/// Templates longer than this many characters are refused.
const MAX_CHARS: usize = 64 * 1024;
/// Filters and unions inside each other.
const MAX_DEPTH: usize = 20;

/// One of the three numbers of `[from:to:step]`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Param {
    pub value: i64,
    pub known: bool,
    /// Not written: the end of a single index.
    pub derived: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    List(Vec<Node>),
    Text(String),
    Field(String),
    Array([Param; 3]),
    Filter { left: Vec<Node>, right: Vec<Node>, operator: String },
    Int(i64),
    Float(f64),
    Bool(bool),
    Wildcard,
    Recursive,
    Union(Vec<Vec<Node>>),
    Identifier(String),
}

struct Parser {
    chars: Vec<char>,
    at: usize,
    depth: usize,
}

/// Parses a whole template.
pub(super) fn parse(text: &str) -> Result<Vec<Node>, String> {
    parse_at(text, 0)
}

fn parse_at(text: &str, depth: usize) -> Result<Vec<Node>, String> {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() > MAX_CHARS || depth > MAX_DEPTH {
        return Err("template is too large".to_string());
    }
    let mut parser = Parser { chars, at: 0, depth };
    let mut root = Vec::new();
    while let Some(c) = parser.peek() {
        if c == '{' {
            parser.at += 1;
            root.push(Node::List(parser.action()?));
        } else {
            let start = parser.at;
            while parser.peek().is_some_and(|c| c != '{') {
                parser.at += 1;
            }
            root.push(Node::Text(parser.since(start)));
        }
    }
    Ok(root)
}

/// Parses `text` as what stands inside one pair of braces.
fn parse_action(text: &str, depth: usize) -> Result<Vec<Node>, String> {
    match parse_at(&format!("{{{text}}}"), depth + 1)?.into_iter().next() {
        Some(Node::List(nodes)) => Ok(nodes),
        _ => Ok(Vec::new()),
    }
}

fn is_end_of_line(c: char) -> bool {
    matches!(c, '\r' | '\n')
}

fn is_terminator(c: Option<char>) -> bool {
    match c {
        None => true,
        Some(c) => matches!(c, ' ' | '\t' | '\r' | '\n' | '.' | ',' | '[' | ']' | '$' | '@' | '{' | '}'),
    }
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek();
        self.at += usize::from(c.is_some());
        c
    }

    fn since(&self, start: usize) -> String {
        self.chars.get(start..self.at).unwrap_or_default().iter().collect()
    }

    fn starts_with(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(i, c)| self.chars.get(self.at + i) == Some(&c))
    }

    /// Everything up to and with the closing brace.
    fn action(&mut self) -> Result<Vec<Node>, String> {
        let mut nodes = Vec::new();
        loop {
            if self.starts_with("[?(") {
                self.filter(&mut nodes)?;
                continue;
            }
            if self.starts_with("..") {
                if nodes.last() == Some(&Node::Recursive) {
                    return Err("invalid multiple recursive descent".to_string());
                }
                self.at += 2;
                nodes.push(Node::Recursive);
                if self.peek().is_some_and(is_word) {
                    self.field(&mut nodes);
                }
                continue;
            }
            match self.peek() {
                Some('}') => {
                    self.at += 1;
                    return Ok(nodes);
                }
                None => return Err("unclosed action".to_string()),
                Some(c) if is_end_of_line(c) => return Err("unclosed action".to_string()),
                Some(' ' | '@' | '$') => self.at += 1,
                Some('[') => self.array(&mut nodes)?,
                Some(mark @ ('"' | '\'')) => self.quoted(mark, &mut nodes)?,
                Some('.') => {
                    self.at += 1;
                    self.field(&mut nodes);
                }
                Some(c) if c == '+' || c == '-' || c.is_numeric() => self.number(&mut nodes)?,
                Some(c) if is_word(c) => {
                    let start = self.at;
                    while !is_terminator(self.peek()) {
                        self.at += 1;
                    }
                    nodes.push(match self.since(start).as_str() {
                        "true" => Node::Bool(true),
                        "false" => Node::Bool(false),
                        other => Node::Identifier(other.to_string()),
                    });
                }
                Some(c) => return Err(format!("unrecognized character in action: U+{:04X} {}", c as u32, quote::quote_char(c))),
            }
        }
    }

    fn field(&mut self, nodes: &mut Vec<Node>) {
        let start = self.at;
        while !is_terminator(self.peek()) {
            if self.next() == Some('\\') {
                self.next();
            }
        }
        let name = self.since(start);
        nodes.push(if name == "*" { Node::Wildcard } else { Node::Field(name.replace('\\', "")) });
    }

    fn number(&mut self, nodes: &mut Vec<Node>) -> Result<(), String> {
        let start = self.at;
        if matches!(self.peek(), Some('+' | '-')) {
            self.at += 1;
        }
        while self.peek().is_some_and(|c| c == '.' || c.is_numeric()) {
            self.at += 1;
        }
        let text = self.since(start);
        nodes.push(match (text.parse::<i64>(), text.parse::<f64>()) {
            (Ok(value), _) => Node::Int(value),
            (_, Ok(value)) => Node::Float(value),
            _ => return Err(format!("cannot parse number {text}")),
        });
        Ok(())
    }

    fn quoted(&mut self, mark: char, nodes: &mut Vec<Node>) -> Result<(), String> {
        let start = self.at;
        self.at += 1;
        loop {
            match self.next() {
                None => return Err("unterminated quoted string".to_string()),
                Some('\n') => return Err("unterminated quoted string".to_string()),
                Some(c) if c == mark && self.chars.get(self.at.wrapping_sub(2)) != Some(&'\\') => break,
                Some(_) => {}
            }
        }
        let text = self.since(start);
        let inside = text.get(1..text.len().saturating_sub(1)).unwrap_or("");
        match quote::unescape(inside, mark) {
            Some(text) => nodes.push(Node::Text(text)),
            None => return Err(format!("unquote string {text} error invalid syntax")),
        }
        Ok(())
    }

    fn array(&mut self, nodes: &mut Vec<Node>) -> Result<(), String> {
        let start = self.at;
        loop {
            match self.next() {
                None | Some('\n') => return Err("unterminated array".to_string()),
                Some(']') => break,
                Some(_) => {}
            }
        }
        let text = self.since(start);
        let inside = text.get(1..text.len().saturating_sub(1)).unwrap_or("");
        let inside = if inside == "*" { ":" } else { inside };
        if inside.contains(',') {
            let mut union = Vec::new();
            for part in inside.split(',') {
                union.push(parse_action(&format!("[{}]", part.trim_matches(' ')), self.depth)?);
            }
            nodes.push(Node::Union(union));
            return Ok(());
        }
        let key = inside.strip_prefix('\'').and_then(|t| t.strip_suffix('\'')).filter(|t| !t.contains('\''));
        if let Some(key) = key {
            nodes.extend(parse_action(&format!(".{key}"), self.depth)?);
            return Ok(());
        }
        nodes.push(Node::Array(slice_params(inside)?));
        Ok(())
    }

    fn filter(&mut self, nodes: &mut Vec<Node>) -> Result<(), String> {
        self.at += 3;
        let start = self.at;
        let mut pair = None;
        let mut closed = false;
        loop {
            match self.next() {
                None | Some('\n') => return Err("unterminated filter".to_string()),
                Some(c @ ('"' | '\'')) => match pair {
                    None => pair = Some(c),
                    Some(mark) => closed |= c == mark && self.chars.get(self.at.wrapping_sub(2)) != Some(&'\\'),
                },
                Some(')') if pair.is_some() == closed => break,
                Some(_) => {}
            }
        }
        let text: String = self.chars.get(start..self.at.saturating_sub(1)).unwrap_or_default().iter().collect();
        if self.next() != Some(']') {
            return Err("unclosed array expect ]".to_string());
        }
        let is_sign = |c: char| matches!(c, '!' | '<' | '>' | '=');
        let (left, right, operator) = match split_comparison(&text, &is_sign) {
            None => (parse_action(&text, self.depth)?, Vec::new(), "exists"),
            Some((left, operator, right)) => (parse_action(left, self.depth)?, parse_action(right, self.depth)?, operator),
        };
        nodes.push(Node::Filter { left, right, operator: operator.to_string() });
        Ok(())
    }
}

/// `left operator right`, each at least one character.
fn split_comparison<'t>(text: &'t str, is_sign: &dyn Fn(char) -> bool) -> Option<(&'t str, &'t str, &'t str)> {
    let (left, rest) = text.split_at_checked(text.find(is_sign)?)?;
    let len = rest.find(|c| !is_sign(c)).unwrap_or(rest.len().saturating_sub(1));
    let (operator, right) = rest.split_at_checked(len)?;
    (!left.is_empty() && !operator.is_empty() && !right.is_empty() && !right.contains('\n')).then_some((left, operator, right))
}

fn slice_params(text: &str) -> Result<[Param; 3], String> {
    let invalid = || format!("invalid array index {text}");
    let parts: Vec<&str> = text.split(':').collect();
    let shape_is_right = |part: &&str| part.strip_prefix('-').unwrap_or(part).bytes().all(|b| b.is_ascii_digit());
    if parts.len() > 3 || !parts.iter().all(shape_is_right) {
        return Err(invalid());
    }
    let mut params = [Param::default(); 3];
    let mut first = 0;
    for (i, param) in params.iter_mut().enumerate() {
        match parts.get(i) {
            Some(&"") => {}
            Some(number) => {
                param.known = true;
                param.value = number.parse().map_err(|_| format!("array index {number} is not a number"))?;
            }
            None if i == 1 => *param = Param { value: first + 1, known: true, derived: true },
            None => {}
        }
        if i == 0 {
            first = param.value.clamp(i64::MIN / 2, i64::MAX / 2);
        }
    }
    Ok(params)
}

/// Makes `{.a.b}` of `a.b`, `.a.b` and `{a.b}`, as custom columns and `--sort-by` allow.
/// Models RelaxedJSONPathExpression of kubectl.
pub fn relaxed(text: &str) -> Result<String, String> {
    if text.is_empty() {
        return Ok(String::new());
    }
    let inside = text.strip_prefix('{').and_then(|t| t.strip_suffix('}')).unwrap_or(text);
    let path = inside.strip_prefix('.').filter(|p| !p.is_empty()).unwrap_or(inside);
    if path.is_empty() || path.contains(['{', '}']) {
        return Err("unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'".to_string());
    }
    Ok(format!("{{.{path}}}"))
}

/// Keeps the size of nodes down.
pub(super) type Nodes = Box<[Node]>;
