//! Here-documents: announced by `<<`, read at the end of their line.
//! Never: where they are put in the grammar (`parse`).

use alloc::rc::Rc;
use alloc::string::String;
use core::cell::OnceCell;

use super::word::Until;
use super::{Lexer, Parsed, SyntaxError};
use crate::shell::ast::{Part, Word};

pub(super) struct PendingHere {
    delimiter: String,
    strip_tabs: bool,
    literal: bool,
    body: Rc<OnceCell<Word>>,
}

impl<'a> Lexer<'a> {
    /// Notes that a here-document was announced; its body is read at the end of the line.
    pub fn announce_here(&mut self, delimiter: &Word, strip_tabs: bool) -> Rc<OnceCell<Word>> {
        let body = Rc::new(OnceCell::new());
        let mut text = String::new();
        let mut literal = false;
        for part in delimiter.0.iter() {
            match part {
                Part::Text(some) | Part::Tilde(some) => text.push_str(some),
                Part::Quoted(some) => {
                    literal = true;
                    text.push_str(some);
                }
                _ => {}
            }
        }
        self.heres.push(PendingHere { delimiter: text, strip_tabs, literal, body: Rc::clone(&body) });
        body
    }

    pub(super) fn read_heres(&mut self) -> Parsed<()> {
        for here in core::mem::take(&mut self.heres) {
            let mut body = String::new();
            loop {
                if self.char().is_none() {
                    self.awaits = Some((here.delimiter.clone(), here.strip_tabs));
                    return Err(SyntaxError::HereDoc);
                }
                let mut line = String::new();
                let mut ended = false;
                while let Some(c) = self.bump() {
                    if c == '\n' {
                        ended = true;
                        break;
                    }
                    line.push(c);
                }
                let shown = if here.strip_tabs { line.trim_start_matches('\t') } else { line.as_str() };
                if shown == here.delimiter {
                    break;
                }
                body.push_str(shown);
                body.push('\n');
                if !ended && self.char().is_none() {
                    return Err(SyntaxError::HereDoc);
                }
            }
            let word = if here.literal {
                Word(Rc::from([Part::Quoted(Rc::from(body))]))
            } else {
                let mut inner = Lexer::new(&body, None);
                inner.depth = self.depth + 1;
                inner.word(Until::End)?
            };
            here.body.set(word).ok();
        }
        Ok(())
    }
}
