//! Characters in, tokens out: indentation, simple keys and flow levels of YAML 1.1.
//!
//! Models the scanner of libyaml as go-yaml v2 ported it, because its error texts and the places at which it
//! notices an error are what kubectl prints. Scalars are read in `scalars`; nothing here knows values.

use alloc::collections::VecDeque;
use alloc::string::String;
use alloc::vec::Vec;

use super::token::{Fault, Kind, Mark, Token};

/// Flow collections and indentations deeper than this are refused.
const MAX_DEPTH: usize = 100;

#[derive(Clone, Copy, Default)]
struct SimpleKey {
    possible: bool,
    required: bool,
    token_number: usize,
    mark: Mark,
}

/// The state of reading one document's tokens.
pub struct Scanner {
    chars: Vec<char>,
    pub(super) mark: Mark,
    pub(super) indent: isize,
    indents: Vec<isize>,
    pub(super) flow_level: usize,
    pub(super) simple_key_allowed: bool,
    simple_keys: Vec<SimpleKey>,
    tokens: VecDeque<Token>,
    tokens_parsed: usize,
    stream_ended: bool,
}

impl Scanner {
    /// Begins at the first character of `text`.
    pub fn new(text: &str) -> Self {
        Scanner {
            chars: text.chars().collect(),
            mark: Mark::default(),
            indent: -1,
            indents: Vec::new(),
            flow_level: 0,
            simple_key_allowed: true,
            simple_keys: alloc::vec![SimpleKey::default()],
            tokens: VecDeque::new(),
            tokens_parsed: 0,
            stream_ended: false,
        }
    }

    /// The next token without taking it.
    pub fn peek(&mut self) -> Result<&Token, Fault> {
        self.fetch_more()?;
        match self.tokens.front() {
            Some(token) => Ok(token),
            None => Err(self.fault_at(Mark::default(), "did not find expected <stream-start>")),
        }
    }

    /// Takes the token that `peek` showed.
    pub fn skip_token(&mut self) {
        if self.tokens.pop_front().is_some() {
            self.tokens_parsed += 1;
        }
    }

    /// Takes and returns the next token.
    pub fn next_token(&mut self) -> Result<Token, Fault> {
        let token = self.peek()?.clone();
        self.skip_token();
        Ok(token)
    }

    pub(super) fn fault_at(&self, context_mark: Mark, problem: &'static str) -> Fault {
        Fault { problem, problem_mark: self.mark, context_mark, in_scanner: true }
    }

    /// The character `ahead` of the current one; `\0` past the end.
    pub(super) fn at(&self, ahead: usize) -> char {
        self.chars.get(self.mark.index + ahead).copied().unwrap_or('\0')
    }

    pub(super) fn is_end(&self, ahead: usize) -> bool {
        self.mark.index + ahead >= self.chars.len()
    }

    pub(super) fn is_blank(&self, ahead: usize) -> bool {
        matches!(self.at(ahead), ' ' | '\t')
    }

    pub(super) fn is_break(&self, ahead: usize) -> bool {
        is_break(self.at(ahead))
    }

    pub(super) fn is_breakz(&self, ahead: usize) -> bool {
        self.is_end(ahead) || self.is_break(ahead)
    }

    pub(super) fn is_blankz(&self, ahead: usize) -> bool {
        self.is_breakz(ahead) || self.is_blank(ahead)
    }

    pub(super) fn skip(&mut self) {
        if !self.is_end(0) {
            self.mark.index += 1;
            self.mark.column += 1;
        }
    }

    /// Passes a line break.
    pub(super) fn skip_line(&mut self) {
        let step = if self.at(0) == '\r' && self.at(1) == '\n' { 2 } else { usize::from(self.is_break(0)) };
        if step > 0 {
            self.mark.index += step;
            self.mark.column = 0;
            self.mark.line += 1;
        }
    }

    pub(super) fn read(&mut self, into: &mut String) {
        if !self.is_end(0) {
            into.push(self.at(0));
            self.skip();
        }
    }

    /// Reads a line break, normalised to `\n` except for the Unicode line and paragraph separators.
    pub(super) fn read_line(&mut self, into: &mut String) {
        match self.at(0) {
            '\r' | '\n' | '\u{85}' => into.push('\n'),
            other if is_break(other) => into.push(other),
            _ => return,
        }
        self.skip_line();
    }

    /// Whether a `---` or `...` stands here at the beginning of a line.
    pub(super) fn at_document_indicator(&self) -> bool {
        self.mark.column == 0 && matches!((self.at(0), self.at(1), self.at(2)), ('-', '-', '-') | ('.', '.', '.')) && self.is_blankz(3)
    }

    fn push(&mut self, kind: Kind, start: Mark) {
        self.tokens.push_back(Token { kind, start });
    }

    fn fetch_more(&mut self) -> Result<(), Fault> {
        loop {
            let mut needed = self.tokens.is_empty();
            if !needed {
                for level in (0..self.simple_keys.len()).rev() {
                    let Some(key) = self.simple_keys.get(level).copied() else { break };
                    if key.possible && key.token_number < self.tokens_parsed {
                        break;
                    }
                    if self.key_is_valid(level)? && key.token_number == self.tokens_parsed {
                        needed = true;
                        break;
                    }
                }
            }
            if !needed || self.stream_ended {
                return Ok(());
            }
            self.fetch_next()?;
        }
    }

    /// A key must be on one line and within 1024 characters of its colon.
    fn key_is_valid(&mut self, level: usize) -> Result<bool, Fault> {
        let mark = self.mark;
        let Some(key) = self.simple_keys.get_mut(level) else { return Ok(false) };
        if !key.possible {
            return Ok(false);
        }
        if key.mark.line < mark.line || key.mark.index + 1024 < mark.index {
            if key.required {
                let context = key.mark;
                return Err(self.fault_at(context, "could not find expected ':'"));
            }
            key.possible = false;
            return Ok(false);
        }
        Ok(true)
    }

    fn save_simple_key(&mut self) -> Result<(), Fault> {
        let required = self.flow_level == 0 && self.indent == self.mark.column as isize;
        if self.simple_key_allowed {
            let key = SimpleKey { possible: true, required, token_number: self.tokens_parsed + self.tokens.len(), mark: self.mark };
            self.remove_simple_key()?;
            if let Some(last) = self.simple_keys.last_mut() {
                *last = key;
            }
        }
        Ok(())
    }

    fn remove_simple_key(&mut self) -> Result<(), Fault> {
        let Some(last) = self.simple_keys.last_mut() else { return Ok(()) };
        if last.possible && last.required {
            let context = last.mark;
            return Err(self.fault_at(context, "could not find expected ':'"));
        }
        last.possible = false;
        Ok(())
    }

    fn roll_indent(&mut self, column: usize, number: Option<usize>, kind: Kind, mark: Mark) -> Result<(), Fault> {
        if self.flow_level > 0 || self.indent >= column as isize {
            return Ok(());
        }
        self.indents.push(self.indent);
        self.indent = column as isize;
        if self.indents.len() > MAX_DEPTH {
            return Err(self.fault_at(self.mark, "exceeded max depth of 100"));
        }
        let token = Token { kind, start: mark };
        match number {
            Some(number) => {
                let place = number.saturating_sub(self.tokens_parsed).min(self.tokens.len());
                self.tokens.insert(place, token);
            }
            None => self.tokens.push_back(token),
        }
        Ok(())
    }

    fn unroll_indent(&mut self, column: isize) {
        if self.flow_level > 0 {
            return;
        }
        while self.indent > column {
            self.push(Kind::BlockEnd, self.mark);
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }

    fn scan_to_next_token(&mut self) {
        loop {
            if self.mark.index == 0 && self.at(0) == '\u{feff}' {
                self.skip();
            }
            while self.at(0) == ' ' || ((self.flow_level > 0 || !self.simple_key_allowed) && self.at(0) == '\t') {
                self.skip();
            }
            if self.at(0) == '#' {
                while !self.is_breakz(0) {
                    self.skip();
                }
            }
            if !self.is_break(0) {
                return;
            }
            self.skip_line();
            if self.flow_level == 0 {
                self.simple_key_allowed = true;
            }
        }
    }

    fn fetch_next(&mut self) -> Result<(), Fault> {
        self.scan_to_next_token();
        self.unroll_indent(self.mark.column as isize);
        if self.is_end(0) {
            return self.fetch_stream_end();
        }
        let start = self.mark;
        let c = self.at(0);
        if start.column == 0 && c == '%' {
            self.leave_block()?;
            let kind = self.scan_directive()?;
            self.push(kind, start);
            return Ok(());
        }
        if self.at_document_indicator() {
            self.leave_block()?;
            (0..3).for_each(|_| self.skip());
            self.push(if c == '-' { Kind::DocumentStart } else { Kind::DocumentEnd }, start);
            return Ok(());
        }
        let in_flow = self.flow_level > 0;
        match c {
            '[' => self.fetch_flow_start(Kind::FlowSequenceStart),
            '{' => self.fetch_flow_start(Kind::FlowMappingStart),
            ']' => self.fetch_flow_end(Kind::FlowSequenceEnd),
            '}' => self.fetch_flow_end(Kind::FlowMappingEnd),
            ',' => {
                self.remove_simple_key()?;
                self.simple_key_allowed = true;
                self.skip();
                self.push(Kind::FlowEntry, start);
                Ok(())
            }
            '-' if self.is_blankz(1) => self.fetch_block_entry(),
            '?' if in_flow || self.is_blankz(1) => self.fetch_key(),
            ':' if in_flow || self.is_blankz(1) => self.fetch_value(),
            '*' | '&' => self.fetch_inline(Self::scan_anchor),
            '!' => self.fetch_inline(Self::scan_tag),
            '|' | '>' if !in_flow => {
                self.remove_simple_key()?;
                self.simple_key_allowed = true;
                let kind = self.scan_block_scalar(c == '|')?;
                self.push(kind, start);
                Ok(())
            }
            '\'' | '"' => self.fetch_inline(Self::scan_flow_scalar),
            _ if self.starts_plain(c) => self.fetch_inline(Self::scan_plain_scalar),
            _ => Err(self.fault_at(start, "found character that cannot start any token")),
        }
    }

    fn starts_plain(&self, c: char) -> bool {
        let indicator =
            matches!(c, '-' | '?' | ':' | ',' | '[' | ']' | '{' | '}' | '#' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`');
        (!self.is_blankz(0) && !indicator)
            || (c == '-' && !self.is_blank(1))
            || (self.flow_level == 0 && matches!(c, '?' | ':') && !self.is_blankz(1))
    }

    fn leave_block(&mut self) -> Result<(), Fault> {
        self.unroll_indent(-1);
        self.remove_simple_key()?;
        self.simple_key_allowed = false;
        Ok(())
    }

    fn fetch_stream_end(&mut self) -> Result<(), Fault> {
        if self.mark.column != 0 {
            self.mark.column = 0;
            self.mark.line += 1;
        }
        self.leave_block()?;
        self.stream_ended = true;
        self.push(Kind::StreamEnd, self.mark);
        Ok(())
    }

    /// An anchor, a tag or a scalar that may turn out to be a key.
    fn fetch_inline(&mut self, scan: fn(&mut Self) -> Result<Kind, Fault>) -> Result<(), Fault> {
        self.save_simple_key()?;
        self.simple_key_allowed = false;
        let start = self.mark;
        let kind = scan(self)?;
        self.push(kind, start);
        Ok(())
    }

    fn fetch_flow_start(&mut self, kind: Kind) -> Result<(), Fault> {
        self.save_simple_key()?;
        self.simple_keys.push(SimpleKey::default());
        self.flow_level += 1;
        if self.flow_level > MAX_DEPTH {
            return Err(self.fault_at(self.mark, "exceeded max depth of 100"));
        }
        self.simple_key_allowed = true;
        let start = self.mark;
        self.skip();
        self.push(kind, start);
        Ok(())
    }

    fn fetch_flow_end(&mut self, kind: Kind) -> Result<(), Fault> {
        self.remove_simple_key()?;
        if self.flow_level > 0 {
            self.flow_level -= 1;
            self.simple_keys.pop();
        }
        self.simple_key_allowed = false;
        let start = self.mark;
        self.skip();
        self.push(kind, start);
        Ok(())
    }

    fn fetch_block_entry(&mut self) -> Result<(), Fault> {
        let start = self.mark;
        if self.flow_level == 0 {
            if !self.simple_key_allowed {
                return Err(self.fault_at(start, "block sequence entries are not allowed in this context"));
            }
            self.roll_indent(start.column, None, Kind::BlockSequenceStart, start)?;
        }
        self.remove_simple_key()?;
        self.simple_key_allowed = true;
        self.skip();
        self.push(Kind::BlockEntry, start);
        Ok(())
    }

    fn fetch_key(&mut self) -> Result<(), Fault> {
        let start = self.mark;
        if self.flow_level == 0 {
            if !self.simple_key_allowed {
                return Err(self.fault_at(start, "mapping keys are not allowed in this context"));
            }
            self.roll_indent(start.column, None, Kind::BlockMappingStart, start)?;
        }
        self.remove_simple_key()?;
        self.simple_key_allowed = self.flow_level == 0;
        self.skip();
        self.push(Kind::Key, start);
        Ok(())
    }

    fn fetch_value(&mut self) -> Result<(), Fault> {
        let start = self.mark;
        let level = self.simple_keys.len().saturating_sub(1);
        let key = self.simple_keys.get(level).copied().unwrap_or_default();
        if self.key_is_valid(level)? {
            let place = key.token_number.saturating_sub(self.tokens_parsed).min(self.tokens.len());
            self.tokens.insert(place, Token { kind: Kind::Key, start: key.mark });
            self.roll_indent(key.mark.column, Some(key.token_number), Kind::BlockMappingStart, key.mark)?;
            if let Some(last) = self.simple_keys.last_mut() {
                last.possible = false;
            }
            self.simple_key_allowed = false;
        } else {
            if self.flow_level == 0 {
                if !self.simple_key_allowed {
                    return Err(self.fault_at(start, "mapping values are not allowed in this context"));
                }
                self.roll_indent(start.column, None, Kind::BlockMappingStart, start)?;
            }
            self.simple_key_allowed = self.flow_level == 0;
        }
        self.skip();
        self.push(Kind::Value, start);
        Ok(())
    }
}

/// Whether `c` ends a line in YAML 1.1.
pub fn is_break(c: char) -> bool {
    matches!(c, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}
