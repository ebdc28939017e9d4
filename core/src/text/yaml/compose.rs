//! Tokens in, one JSON value out: the grammar of a YAML document, anchors, aliases, merge keys and key names.
//!
//! Models the parser of libyaml and the decoder of sigs.k8s.io/yaml over go-yaml v2. A duplicate key is no error:
//! the last one wins, as in kubectl.

use alloc::borrow::ToOwned;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::{Map, Value};

use super::scanner::Scanner;
use super::token::{Fault, Kind, Mark, Style};
use super::values::{Node, Stop, insert, newer_text, plain_node, scalar};

/// Maps and lists deeper than this are refused.
const MAX_DEPTH: usize = 100;
/// Values in one document, those repeated through aliases included.
const MAX_VALUES: usize = 200_000;

/// Composes the first document of a stream.
pub struct Composer {
    scanner: Scanner,
    anchors: BTreeMap<String, (Value, usize)>,
    open_anchors: BTreeSet<String>,
    tag_handles: BTreeMap<String, String>,
    values: usize,
    newer: bool,
}

impl Composer {
    /// Reads from `text`.
    /// With `newer`, plain scalars mean what go-yaml v3 takes them for.
    pub fn new(text: &str, newer: bool) -> Self {
        Composer {
            scanner: Scanner::new(text),
            anchors: BTreeMap::new(),
            open_anchors: BTreeSet::new(),
            tag_handles: BTreeMap::new(),
            values: 0,
            newer,
        }
    }

    /// The first document; null when there is none. What follows it is not looked at.
    pub fn document(&mut self) -> Result<Value, Stop> {
        while self.peek()? == Kind::DocumentEnd {
            self.scanner.skip_token();
        }
        match self.peek()? {
            Kind::StreamEnd => return Ok(Value::Null),
            Kind::Directive | Kind::TagDirective(..) | Kind::DocumentStart => {
                loop {
                    match self.peek()? {
                        Kind::Directive => {}
                        Kind::TagDirective(handle, prefix) => {
                            self.tag_handles.insert(handle, prefix);
                        }
                        _ => break,
                    }
                    self.scanner.skip_token();
                }
                if self.peek()? != Kind::DocumentStart {
                    return Err(self.unexpected(Mark::default(), "did not find expected <document start>"));
                }
                self.scanner.skip_token();
                if matches!(
                    self.peek()?,
                    Kind::Directive | Kind::TagDirective(..) | Kind::DocumentStart | Kind::DocumentEnd | Kind::StreamEnd
                ) {
                    return Ok(Value::Null);
                }
            }
            _ => {}
        }
        let node = self.node(true, false, 0)?;
        self.peek()?;
        Ok(node.value)
    }

    fn peek(&mut self) -> Result<Kind, Fault> {
        self.scanner.peek().map(|token| token.kind.clone())
    }

    fn is_next(&mut self, kinds: &[Kind]) -> Result<bool, Fault> {
        let token = self.scanner.peek()?;
        Ok(kinds.contains(&token.kind))
    }

    fn unexpected(&mut self, context_mark: Mark, problem: &'static str) -> Stop {
        let problem_mark = match self.scanner.peek() {
            Ok(token) => token.start,
            Err(fault) => return fault.into(),
        };
        Stop::Fault(Fault { problem, problem_mark, context_mark, in_scanner: false })
    }

    fn node(&mut self, block: bool, indentless: bool, depth: usize) -> Result<Node, Stop> {
        let start = self.scanner.peek()?.start;
        if depth > MAX_DEPTH {
            return Err(Stop::Said(format!("exceeded max depth of {MAX_DEPTH}")));
        }
        let mut anchor = None;
        let mut tag = None;
        loop {
            match self.peek()? {
                Kind::Alias(name) if anchor.is_none() && tag.is_none() => {
                    self.scanner.skip_token();
                    return self.alias(&name);
                }
                Kind::Anchor(name) if anchor.is_none() => anchor = Some(name),
                Kind::Tag(handle, suffix) if tag.is_none() => tag = Some(self.tag(start, &handle, &suffix)?),
                _ => break,
            }
            self.scanner.skip_token();
        }
        if let Some(name) = &anchor {
            self.open_anchors.insert(name.clone());
        }
        let before = self.values;
        let mut node = self.content(block, indentless, depth, start, tag.as_deref(), anchor.is_some())?;
        node.count = self.values - before;
        if let Some(name) = anchor {
            self.open_anchors.remove(&name);
            self.anchors.insert(name, (node.value.clone(), node.count));
        }
        Ok(node)
    }

    fn content(
        &mut self,
        block: bool,
        indentless: bool,
        depth: usize,
        start: Mark,
        tag: Option<&str>,
        anchored: bool,
    ) -> Result<Node, Stop> {
        self.grow(1)?;
        match self.peek()? {
            Kind::BlockEntry if indentless => self.indentless_sequence(depth).map(plain_node),
            Kind::Scalar(text, style) => {
                self.scanner.skip_token();
                match newer_text(&text).filter(|_| self.newer && style == Style::Plain && tag.is_none()) {
                    Some(text) => Ok(plain_node(Value::String(text))),
                    None => scalar(&text, style, tag),
                }
            }
            Kind::FlowSequenceStart => self.flow_sequence(depth).map(plain_node),
            Kind::FlowMappingStart => self.flow_mapping(depth).map(plain_node),
            Kind::BlockSequenceStart if block => self.block_sequence(depth).map(plain_node),
            Kind::BlockMappingStart if block => self.block_mapping(depth).map(plain_node),
            _ if tag.is_some() || anchored => scalar("", Style::Plain, tag),
            _ => Err(self.unexpected(start, "did not find expected node content")),
        }
    }

    fn grow(&mut self, by: usize) -> Result<(), Stop> {
        self.values = self.values.saturating_add(by);
        if self.values > MAX_VALUES {
            return Err(Stop::Said("document contains excessive aliasing".to_owned()));
        }
        Ok(())
    }

    fn alias(&mut self, name: &str) -> Result<Node, Stop> {
        if self.open_anchors.contains(name) {
            return Err(Stop::Said(format!("anchor '{name}' value contains itself")));
        }
        let Some((value, count)) = self.anchors.get(name).cloned() else {
            return Err(Stop::Said(format!("unknown anchor '{name}' referenced")));
        };
        self.grow(count.max(1))?;
        Ok(plain_node(value))
    }

    fn tag(&mut self, start: Mark, handle: &str, suffix: &str) -> Result<String, Stop> {
        let prefix = match (handle, self.tag_handles.get(handle)) {
            (_, Some(prefix)) => prefix.clone(),
            ("" | "!", None) => handle.to_owned(),
            ("!!", None) => "tag:yaml.org,2002:".to_owned(),
            _ => return Err(self.unexpected(start, "found undefined tag handle")),
        };
        let long = format!("{prefix}{suffix}");
        Ok(match long.strip_prefix("tag:yaml.org,2002:") {
            Some(short) => format!("!!{short}"),
            None => long,
        })
    }

    fn block_sequence(&mut self, depth: usize) -> Result<Value, Stop> {
        let start = self.scanner.next_token()?.start;
        let mut items = Vec::new();
        loop {
            match self.peek()? {
                Kind::BlockEntry => {
                    self.scanner.skip_token();
                    items.push(self.node_unless(&[Kind::BlockEntry, Kind::BlockEnd], true, false, depth)?.value);
                }
                Kind::BlockEnd => {
                    self.scanner.skip_token();
                    return Ok(Value::Array(items));
                }
                _ => return Err(self.unexpected(start, "did not find expected '-' indicator")),
            }
        }
    }

    fn indentless_sequence(&mut self, depth: usize) -> Result<Value, Stop> {
        let mut items = Vec::new();
        while self.peek()? == Kind::BlockEntry {
            self.scanner.skip_token();
            let ends = [Kind::BlockEntry, Kind::Key, Kind::Value, Kind::BlockEnd];
            items.push(self.node_unless(&ends, true, false, depth)?.value);
        }
        Ok(Value::Array(items))
    }

    /// The node that stands here, or an empty one before any of `ends`.
    fn node_unless(&mut self, ends: &[Kind], block: bool, indentless: bool, depth: usize) -> Result<Node, Stop> {
        if self.is_next(ends)? {
            self.grow(1)?;
            return scalar("", Style::Plain, None);
        }
        self.node(block, indentless, depth + 1)
    }

    fn block_mapping(&mut self, depth: usize) -> Result<Value, Stop> {
        let start = self.scanner.next_token()?.start;
        let ends = [Kind::Key, Kind::Value, Kind::BlockEnd];
        let mut map = Map::new();
        loop {
            match self.peek()? {
                Kind::Key => {
                    self.scanner.skip_token();
                    let key = self.node_unless(&ends, true, true, depth)?;
                    let value = if self.peek()? == Kind::Value {
                        self.scanner.skip_token();
                        self.node_unless(&ends, true, true, depth)?.value
                    } else {
                        Value::Null
                    };
                    insert(&mut map, key, value)?;
                }
                Kind::BlockEnd => {
                    self.scanner.skip_token();
                    return Ok(Value::Object(map));
                }
                _ => return Err(self.unexpected(start, "did not find expected key")),
            }
        }
    }

    fn flow_sequence(&mut self, depth: usize) -> Result<Value, Stop> {
        let start = self.scanner.next_token()?.start;
        let mut items = Vec::new();
        while self.peek()? != Kind::FlowSequenceEnd {
            if !items.is_empty() {
                if self.peek()? != Kind::FlowEntry {
                    return Err(self.unexpected(start, "did not find expected ',' or ']'"));
                }
                self.scanner.skip_token();
            }
            match self.peek()? {
                Kind::Key => {
                    self.scanner.skip_token();
                    let mut map = Map::new();
                    let ends = [Kind::Value, Kind::FlowEntry, Kind::FlowSequenceEnd];
                    let key = self.node_unless(&ends, false, false, depth)?;
                    let value = self.flow_value(Kind::FlowSequenceEnd, depth)?;
                    insert(&mut map, key, value)?;
                    items.push(Value::Object(map));
                }
                Kind::FlowSequenceEnd => break,
                _ => items.push(self.node(false, false, depth + 1)?.value),
            }
        }
        self.scanner.skip_token();
        Ok(Value::Array(items))
    }

    fn flow_value(&mut self, end: Kind, depth: usize) -> Result<Value, Stop> {
        if self.peek()? != Kind::Value {
            return Ok(Value::Null);
        }
        self.scanner.skip_token();
        Ok(self.node_unless(&[Kind::FlowEntry, end], false, false, depth)?.value)
    }

    fn flow_mapping(&mut self, depth: usize) -> Result<Value, Stop> {
        let start = self.scanner.next_token()?.start;
        let mut map = Map::new();
        let mut first = true;
        while self.peek()? != Kind::FlowMappingEnd {
            if !first {
                if self.peek()? != Kind::FlowEntry {
                    return Err(self.unexpected(start, "did not find expected ',' or '}'"));
                }
                self.scanner.skip_token();
            }
            first = false;
            match self.peek()? {
                Kind::Key => {
                    self.scanner.skip_token();
                    let ends = [Kind::Value, Kind::FlowEntry, Kind::FlowMappingEnd];
                    let key = self.node_unless(&ends, false, false, depth)?;
                    let value = self.flow_value(Kind::FlowMappingEnd, depth)?;
                    insert(&mut map, key, value)?;
                }
                Kind::FlowMappingEnd => break,
                _ => {
                    let key = self.node(false, false, depth + 1)?;
                    insert(&mut map, key, Value::Null)?;
                }
            }
        }
        self.scanner.skip_token();
        Ok(Value::Object(map))
    }
}
