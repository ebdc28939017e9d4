//! Characters in, tokens out: indentation, simple keys and flow levels of YAML 1.1.
//!
//! Models the scanner of libyaml as go-yaml v2 ported it, because its error texts and the places at which it
//! notices an error are what kubectl prints. Scalars are read in `scalars`; nothing here knows values.

use alloc::collections::VecDeque;
use alloc::string::String;
use alloc::vec::Vec;

use super::token::{Fault, Kind, Mark, Token};

/// Flow collections and indentations deeper than this are refused.
pub(super) const MAX_DEPTH: usize = 100;

#[derive(Clone, Copy, Default)]
pub(super) struct SimpleKey {
    pub possible: bool,
    pub required: bool,
    pub token_number: usize,
    pub mark: Mark,
}

/// The state of reading one document's tokens.
pub struct Scanner {
    chars: Vec<char>,
    pub(super) mark: Mark,
    pub(super) indent: isize,
    indents: Vec<isize>,
    pub(super) flow_level: usize,
    pub(super) simple_key_allowed: bool,
    pub(super) simple_keys: Vec<SimpleKey>,
    pub(super) tokens: VecDeque<Token>,
    pub(super) tokens_parsed: usize,
    pub(super) stream_ended: bool,
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

    pub(super) fn push(&mut self, kind: Kind, start: Mark) {
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
    pub(super) fn key_is_valid(&mut self, level: usize) -> Result<bool, Fault> {
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

    pub(super) fn save_simple_key(&mut self) -> Result<(), Fault> {
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

    pub(super) fn remove_simple_key(&mut self) -> Result<(), Fault> {
        let Some(last) = self.simple_keys.last_mut() else { return Ok(()) };
        if last.possible && last.required {
            let context = last.mark;
            return Err(self.fault_at(context, "could not find expected ':'"));
        }
        last.possible = false;
        Ok(())
    }

    pub(super) fn roll_indent(&mut self, column: usize, number: Option<usize>, kind: Kind, mark: Mark) -> Result<(), Fault> {
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

    pub(super) fn unroll_indent(&mut self, column: isize) {
        if self.flow_level > 0 {
            return;
        }
        while self.indent > column {
            self.push(Kind::BlockEnd, self.mark);
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }

    pub(super) fn scan_to_next_token(&mut self) {
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
}

/// Whether `c` ends a line in YAML 1.1.
pub fn is_break(c: char) -> bool {
    matches!(c, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}
