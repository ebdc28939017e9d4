//! Which token begins at the current character, and what it does to indentation and simple keys.

use super::scanner::{MAX_DEPTH, Scanner, SimpleKey};
use super::token::{Fault, Kind, Token};

impl Scanner {
    pub(super) fn fetch_next(&mut self) -> Result<(), Fault> {
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
