//! The current record, its fields, and how records and fields are told apart.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::code::{FS, OFS, RS};
use super::machine::Machine;
use super::value::Value;
use crate::shell::process::Pipe;

/// How many fields a record may have.
const MAX_FIELDS: usize = 100_000;

/// A record: its fields once somebody asked for them.
#[derive(Clone, Default)]
pub(super) struct Line {
    text: Rc<str>,
    fields: Option<Vec<Rc<str>>>,
}

impl Line {
    pub(super) fn text(&self) -> Rc<str> {
        Rc::clone(&self.text)
    }
}

/// What a source of records gave.
pub(super) enum Taken {
    Record(String),
    /// Nothing yet.
    Wait,
    End,
}

impl Machine {
    pub(super) fn set_line(&mut self, line: &str) {
        self.line = Line { text: Rc::from(line), fields: None };
    }

    pub(super) fn fields(&mut self) -> &mut Vec<Rc<str>> {
        if self.line.fields.is_none() {
            let text = self.line.text();
            let separator = self.global(FS);
            let fields = self.parts(&text, &separator, self.global(RS).is_empty());
            self.line.fields = Some(fields.into_iter().map(Rc::from).collect());
        }
        self.line.fields.get_or_insert_default()
    }

    pub(super) fn field(&mut self, number: f64) -> Result<Value, String> {
        if number < 0.0 {
            return Err(alloc::format!("negative field index ${}", number as i64));
        }
        let at = number as usize;
        Ok(match at {
            0 => Value::Input(self.line.text()),
            at => self.fields().get(at - 1).map_or(Value::Unset, |text| Value::Input(Rc::clone(text))),
        })
    }

    pub(super) fn set_field(&mut self, number: f64, text: &str) -> Result<(), String> {
        let at = number.max(0.0) as usize;
        if number < 0.0 || at > MAX_FIELDS {
            return Err(alloc::format!("negative field index ${}", number as i64));
        }
        if at == 0 {
            self.set_line(text);
            return Ok(());
        }
        let fields = self.fields();
        if fields.len() < at {
            fields.resize(at, Rc::from(""));
        }
        if let Some(field) = fields.get_mut(at - 1) {
            *field = Rc::from(text);
        }
        self.join();
        Ok(())
    }

    /// `NF = count`
    pub(super) fn set_count(&mut self, count: f64) {
        self.fields().resize((count.max(0.0) as usize).min(MAX_FIELDS), Rc::from(""));
        self.join();
    }

    fn join(&mut self) {
        let separator = self.global(OFS);
        let line = self.fields().join(&*separator);
        self.line.text = Rc::from(line);
    }

    /// The parts of a text; newlines part as well if `lines`.
    pub(super) fn parts(&mut self, text: &str, separator: &str, lines: bool) -> Vec<String> {
        if separator == " " {
            return text.split([' ', '\t', '\n']).filter(|part| !part.is_empty()).map(String::from).collect();
        }
        if text.is_empty() {
            return Vec::new();
        }
        if lines && separator != "\n" {
            return text.split('\n').flat_map(|line| self.parts(line, separator, false)).collect();
        }
        if separator.is_empty() {
            return text.chars().map(String::from).collect();
        }
        if separator.chars().count() == 1 && separator != "\\" {
            return text.split(separator).map(String::from).collect();
        }
        match self.regex(separator) {
            Ok(regex) => cut(text, &|text, at| regex.find(text, at)),
            Err(_) => alloc::vec![String::from(text)],
        }
    }

    /// The next record of a source, as `RS` parts them.
    pub(super) fn record(&mut self, pipe: &mut Pipe) -> Taken {
        let separator = self.global(RS);
        if &*separator == "\n" {
            return match pipe.take_line() {
                Some(line) => Taken::Record(String::from(line.strip_suffix('\n').unwrap_or(&line))),
                None if pipe.is_closed() => Taken::End,
                None => Taken::Wait,
            };
        }
        let paragraph = separator.is_empty();
        if paragraph {
            let blank = pipe.peek().bytes().take_while(|byte| *byte == b'\n').count();
            pipe.take_front(blank);
        }
        let text = pipe.peek();
        let found = if paragraph {
            text.find("\n\n").map(|at| (at, at + text.get(at..).unwrap_or_default().bytes().take_while(|byte| *byte == b'\n').count()))
        } else if separator.chars().count() == 1 {
            text.find(&*separator).map(|at| (at, at + separator.len()))
        } else {
            // What ends at the end of what there is may go on, if more comes.
            let open = !pipe.is_closed();
            let text = String::from(text);
            let found = self.regex(&separator).ok().and_then(|regex| regex.find(&text, 0));
            found.filter(|(from, to)| to > from && !(open && *to == text.len()))
        };
        match found {
            Some((from, to)) => {
                let record = pipe.take_front(from);
                pipe.take_front(to.saturating_sub(from));
                Taken::Record(record)
            }
            None if !pipe.is_closed() => Taken::Wait,
            None if pipe.is_empty() => Taken::End,
            None => {
                let mut rest = pipe.take();
                if rest.ends_with('\n') {
                    rest.pop();
                }
                if rest.is_empty() { Taken::End } else { Taken::Record(rest) }
            }
        }
    }
}

/// What lies between matches that are not empty.
pub(super) fn cut(text: &str, find: &dyn Fn(&str, usize) -> Option<(usize, usize)>) -> Vec<String> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some((from, to)) = find(text, at).filter(|(from, to)| to > from) {
        out.push(String::from(text.get(at..from).unwrap_or_default()));
        at = to;
    }
    out.push(String::from(text.get(at..).unwrap_or_default()));
    out
}
