//! How scalars, anchors, tags and directives are read once their first character is known.

use alloc::string::String;

use super::scanner::{Scanner, is_break};
use super::token::{Fault, Kind, Mark, Style};

impl Scanner {
    pub(super) fn scan_directive(&mut self) -> Result<Kind, Fault> {
        let start = self.mark;
        self.skip();
        let mut name = String::new();
        while self.at(0).is_ascii_alphanumeric() || matches!(self.at(0), '_' | '-') {
            self.read(&mut name);
        }
        if name.is_empty() {
            return Err(self.fault_at(start, "could not find expected directive name"));
        }
        if !self.is_blankz(0) {
            return Err(self.fault_at(start, "found unexpected non-alphabetical character"));
        }
        let mut words: [String; 2] = Default::default();
        for word in &mut words {
            while self.is_blank(0) {
                self.skip();
            }
            while !self.is_blankz(0) && self.at(0) != '#' {
                self.read(word);
            }
        }
        while !self.is_breakz(0) {
            self.skip();
        }
        let [handle, prefix] = words;
        match name.as_str() {
            "TAG" => Ok(Kind::TagDirective(handle, prefix)),
            "YAML" if !handle.starts_with("1.") => Err(self.fault_at(start, "found incompatible YAML document")),
            "YAML" => Ok(Kind::Directive),
            _ => Err(self.fault_at(start, "found unknown directive name")),
        }
    }

    pub(super) fn scan_anchor(&mut self) -> Result<Kind, Fault> {
        let start = self.mark;
        let alias = self.at(0) == '*';
        self.skip();
        let mut name = String::new();
        while self.at(0).is_ascii_alphanumeric() || matches!(self.at(0), '_' | '-') {
            self.read(&mut name);
        }
        let ended = self.is_blankz(0) || matches!(self.at(0), '?' | ':' | ',' | ']' | '}' | '%' | '@' | '`');
        if name.is_empty() || !ended {
            return Err(self.fault_at(start, "did not find expected alphabetic or numeric character"));
        }
        Ok(if alias { Kind::Alias(name) } else { Kind::Anchor(name) })
    }

    pub(super) fn scan_tag(&mut self) -> Result<Kind, Fault> {
        let start = self.mark;
        let mut handle = String::new();
        let mut suffix = String::new();
        self.skip();
        if self.at(0) == '<' {
            self.skip();
            while !self.is_blankz(0) && self.at(0) != '>' {
                self.read(&mut suffix);
            }
            if self.at(0) != '>' {
                return Err(self.fault_at(start, "did not find the expected '>'"));
            }
            self.skip();
        } else {
            handle.push('!');
            let mut word = String::new();
            let flow = self.flow_level > 0;
            let ends = |c: char| flow && matches!(c, ',' | '[' | ']' | '{' | '}');
            while !self.is_blankz(0) && !ends(self.at(0)) {
                if self.at(0) == '!' {
                    handle.push_str(&word);
                    handle.push('!');
                    word.clear();
                    self.skip();
                } else {
                    self.read(&mut word);
                }
            }
            suffix = word;
        }
        let in_list = self.flow_level > 0 && self.at(0) == ',';
        if !self.is_blankz(0) && !in_list {
            return Err(self.fault_at(start, "did not find expected whitespace or line break"));
        }
        Ok(Kind::Tag(handle, suffix))
    }

    pub(super) fn scan_block_scalar(&mut self, literal: bool) -> Result<Kind, Fault> {
        let start = self.mark;
        self.skip();
        let (keep, increment) = self.scan_block_header(start)?;
        let mut indent = match increment {
            0 => 0,
            n => usize::try_from(self.indent).unwrap_or(0) + n,
        };
        let mut text = String::new();
        let mut leading_break = String::new();
        let mut breaks = String::new();
        self.scan_block_breaks(&mut indent, &mut breaks, start)?;
        let mut leading_blank = false;
        while self.mark.column == indent && !self.is_end(0) {
            let trailing_blank = self.is_blank(0);
            if !literal && leading_break.starts_with('\n') && !leading_blank && !trailing_blank {
                if breaks.is_empty() {
                    text.push(' ');
                }
            } else {
                text.push_str(&leading_break);
            }
            leading_break.clear();
            text.push_str(&breaks);
            breaks.clear();
            leading_blank = self.is_blank(0);
            while !self.is_breakz(0) {
                self.read(&mut text);
            }
            self.read_line(&mut leading_break);
            self.scan_block_breaks(&mut indent, &mut breaks, start)?;
        }
        if keep != Some(false) {
            text.push_str(&leading_break);
        }
        if keep == Some(true) {
            text.push_str(&breaks);
        }
        Ok(Kind::Scalar(text, Style::Quoted))
    }

    /// What follows `|` or `>`: `+` is `Some(true)`, `-` is `Some(false)`; a digit is the indentation.
    fn scan_block_header(&mut self, start: Mark) -> Result<(Option<bool>, usize), Fault> {
        let mut keep = None;
        let mut increment = 0;
        for _ in 0..2 {
            match self.at(0) {
                '+' | '-' if keep.is_none() => {
                    keep = Some(self.at(0) == '+');
                    self.skip();
                }
                '0' if increment == 0 => {
                    return Err(self.fault_at(start, "found an indentation indicator equal to 0"));
                }
                digit if increment == 0 && digit.is_ascii_digit() => {
                    increment = digit.to_digit(10).unwrap_or(1) as usize;
                    self.skip();
                }
                _ => break,
            }
        }
        while self.is_blank(0) {
            self.skip();
        }
        if self.at(0) == '#' {
            while !self.is_breakz(0) {
                self.skip();
            }
        }
        if !self.is_breakz(0) {
            return Err(self.fault_at(start, "did not find expected comment or line break"));
        }
        self.skip_line();
        Ok((keep, increment))
    }

    fn scan_block_breaks(&mut self, indent: &mut usize, breaks: &mut String, start: Mark) -> Result<(), Fault> {
        let mut widest = 0;
        loop {
            while (*indent == 0 || self.mark.column < *indent) && self.at(0) == ' ' {
                self.skip();
            }
            widest = widest.max(self.mark.column);
            if (*indent == 0 || self.mark.column < *indent) && self.at(0) == '\t' {
                return Err(self.fault_at(start, "found a tab character where an indentation space is expected"));
            }
            if !self.is_break(0) {
                break;
            }
            self.read_line(breaks);
        }
        if *indent == 0 {
            *indent = widest.max(usize::try_from(self.indent + 1).unwrap_or(0)).max(1);
        }
        Ok(())
    }

    pub(super) fn scan_flow_scalar(&mut self) -> Result<Kind, Fault> {
        let start = self.mark;
        let quote = self.at(0);
        self.skip();
        let mut text = String::new();
        loop {
            if self.at_document_indicator() {
                return Err(self.fault_at(start, "found unexpected document indicator"));
            }
            if self.is_end(0) {
                return Err(self.fault_at(start, "found unexpected end of stream"));
            }
            let mut folds = Folds::default();
            while !self.is_blankz(0) {
                let c = self.at(0);
                if quote == '\'' && c == '\'' && self.at(1) == '\'' {
                    text.push('\'');
                    self.skip();
                    self.skip();
                } else if c == quote {
                    break;
                } else if quote == '"' && c == '\\' {
                    self.skip();
                    if self.is_break(0) {
                        self.skip_line();
                        folds.leading_blanks = true;
                        break;
                    }
                    self.scan_escape(start, &mut text)?;
                } else {
                    self.read(&mut text);
                }
            }
            if self.at(0) == quote {
                self.skip();
                return Ok(Kind::Scalar(text, Style::Quoted));
            }
            while self.is_blank(0) || self.is_break(0) {
                self.scan_fold(&mut folds);
            }
            folds.join(&mut text);
        }
    }

    fn scan_escape(&mut self, start: Mark, text: &mut String) -> Result<(), Fault> {
        let c = self.at(0);
        let digits = match c {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        let plain = match c {
            '0' => '\0',
            'a' => '\u{7}',
            'b' => '\u{8}',
            't' | '\t' => '\t',
            'n' => '\n',
            'v' => '\u{b}',
            'f' => '\u{c}',
            'r' => '\r',
            'e' => '\u{1b}',
            ' ' | '"' | '\'' | '\\' | '/' => c,
            'N' => '\u{85}',
            '_' => '\u{a0}',
            'L' => '\u{2028}',
            'P' => '\u{2029}',
            _ if digits > 0 => '\0',
            _ => return Err(self.fault_at(start, "found unknown escape character")),
        };
        if digits == 0 {
            self.skip();
            text.push(plain);
            return Ok(());
        }
        let mut code: u32 = 0;
        self.skip();
        for ahead in 0..digits {
            let Some(digit) = self.at(ahead).to_digit(16) else {
                return Err(self.fault_at(start, "did not find expected hexdecimal number"));
            };
            code = code.wrapping_mul(16).wrapping_add(digit);
        }
        let Some(c) = char::from_u32(code) else {
            return Err(self.fault_at(start, "found invalid Unicode character escape code"));
        };
        text.push(c);
        (0..digits).for_each(|_| self.skip());
        Ok(())
    }

    fn scan_fold(&mut self, folds: &mut Folds) {
        if self.is_break(0) {
            if folds.leading_blanks {
                self.read_line(&mut folds.trailing_breaks);
            } else {
                folds.whitespaces.clear();
                self.read_line(&mut folds.leading_break);
                folds.leading_blanks = true;
            }
        } else if folds.leading_blanks {
            self.skip();
        } else {
            self.read(&mut folds.whitespaces);
        }
    }

    pub(super) fn scan_plain_scalar(&mut self) -> Result<Kind, Fault> {
        let start = self.mark;
        let indent = self.indent + 1;
        let mut text = String::new();
        let mut folds = Folds::default();
        loop {
            if self.at_document_indicator() || self.at(0) == '#' {
                break;
            }
            while !self.is_blankz(0) {
                let c = self.at(0);
                let flow_end = self.flow_level > 0
                    && (matches!(c, ',' | '[' | ']' | '{' | '}')
                        || (c == '?' && self.is_blankz(1))
                        || (c == ':' && matches!(self.at(1), ',' | '[' | ']' | '{' | '}')));
                if (c == ':' && self.is_blankz(1)) || flow_end {
                    break;
                }
                folds.join(&mut text);
                folds = Folds::default();
                self.read(&mut text);
            }
            if !(self.is_blank(0) || self.is_break(0)) {
                break;
            }
            while self.is_blank(0) || self.is_break(0) {
                if folds.leading_blanks && self.at(0) == '\t' && (self.mark.column as isize) < indent {
                    return Err(self.fault_at(start, "found a tab character that violates indentation"));
                }
                self.scan_fold(&mut folds);
            }
            if self.flow_level == 0 && (self.mark.column as isize) < indent {
                break;
            }
        }
        if folds.leading_blanks {
            self.simple_key_allowed = true;
        }
        Ok(Kind::Scalar(text, Style::Plain))
    }
}

/// Blanks and breaks between the words of a scalar that runs over several lines.
#[derive(Default)]
struct Folds {
    leading_blanks: bool,
    leading_break: String,
    trailing_breaks: String,
    whitespaces: String,
}

impl Folds {
    fn join(&self, text: &mut String) {
        if !self.leading_blanks {
            text.push_str(&self.whitespaces);
        } else if self.leading_break.starts_with('\n') && self.trailing_breaks.is_empty() {
            text.push(' ');
        } else {
            if !self.leading_break.starts_with('\n') {
                text.push_str(&self.leading_break);
            }
            text.push_str(&self.trailing_breaks);
        }
    }
}

/// Whether YAML's reader lets `c` through.
pub fn is_allowed(c: char) -> bool {
    is_break(c) || matches!(c, '\t' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}')
}
