//! Searches line after line: what matches, what is shown around it, what is only counted.
//! Never: the command line.

use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::rc::Rc;
use alloc::string::String;

use crate::shell::process::{Output, Stream};
use crate::shell::tools::lines::{Filter, Flow};
use crate::text::regex::Regex;

#[derive(Clone)]
pub(super) struct Grep {
    pub(super) patterns: Rc<[Regex]>,
    pub(super) invert: bool,
    pub(super) word: bool,
    pub(super) whole: bool,
    pub(super) count: bool,
    pub(super) number: bool,
    pub(super) only: bool,
    pub(super) quiet: bool,
    pub(super) list: Option<bool>,
    pub(super) name: bool,
    pub(super) color: bool,
    pub(super) after: usize,
    pub(super) before: usize,
    pub(super) most: usize,
    pub(super) file: String,
    pub(super) line: usize,
    pub(super) found: usize,
    pub(super) any: bool,
    pub(super) listed: bool,
    pub(super) open: bool,
    pub(super) kept: VecDeque<(usize, String)>,
    pub(super) trailing: usize,
    pub(super) last_shown: usize,
}

impl Grep {
    /// The first match at or after a place that the options allow.
    fn find(&self, line: &str, from: usize) -> Option<(usize, usize)> {
        let mut best: Option<(usize, usize)> = None;
        for regex in self.patterns.iter() {
            let mut at = from;
            while let Some((start, end)) = regex.find(line, at) {
                let boundary = |c: Option<char>| !c.is_some_and(|c| c == '_' || c.is_alphanumeric());
                let before = line.get(..start).and_then(|text| text.chars().next_back());
                let after = line.get(end..).and_then(|text| text.chars().next());
                let fits = (!self.word || (boundary(before) && boundary(after))) && (!self.whole || (start == 0 && end == line.len()));
                if fits {
                    if best.is_none_or(|(old_start, old_end)| start < old_start || (start == old_start && end > old_end)) {
                        best = Some((start, end));
                    }
                    break;
                }
                let step = line.get(start..).and_then(|text| text.chars().next()).map_or(1, char::len_utf8);
                at = start + step;
                if at > line.len() {
                    break;
                }
            }
        }
        best
    }

    fn prefix(&self, number: usize, separator: char) -> String {
        let mut text = String::new();
        if self.name {
            text.push_str(&self.file);
            text.push(separator);
        }
        if self.number {
            text.push_str(&alloc::format!("{number}{separator}"));
        }
        text
    }

    fn show(&mut self, number: usize, line: &str, separator: char, output: &mut Output) {
        let mut text = String::new();
        if (self.after > 0 || self.before > 0) && self.last_shown != 0 && number > self.last_shown + 1 {
            text.push_str("--\n");
        }
        self.last_shown = number;
        text.push_str(&self.prefix(number, separator));
        if self.color && separator == ':' && !self.invert {
            let mut at = 0;
            while let Some((start, end)) = self.find(line, at).filter(|(start, end)| end > start) {
                text.push_str(line.get(at..start).unwrap_or_default());
                text.push_str("\x1b[01;31m\x1b[K");
                text.push_str(line.get(start..end).unwrap_or_default());
                text.push_str("\x1b[m\x1b[K");
                at = end;
            }
            text.push_str(line.get(at..).unwrap_or_default());
        } else {
            text.push_str(line);
        }
        text.push('\n');
        output.write(Stream::Out, &text);
    }

    fn close(&mut self, output: &mut Output) {
        if !core::mem::take(&mut self.open) {
            return;
        }
        let matched = self.found > 0;
        match self.list {
            Some(wanted) if matched == wanted && !self.quiet => {
                output.write(Stream::Out, &alloc::format!("{}\n", self.file));
                self.listed |= !wanted;
            }
            Some(_) => {}
            None if self.count && !self.quiet => {
                let name = if self.name { alloc::format!("{}:", self.file) } else { String::new() };
                output.write(Stream::Out, &alloc::format!("{name}{}\n", self.found));
            }
            None => {}
        }
    }
}

impl Filter for Grep {
    fn begin(&mut self, name: &str, output: &mut Output) {
        self.close(output);
        self.file = String::from(if name == "-" { "(standard input)" } else { name });
        self.open = true;
        self.line = 0;
        self.found = 0;
        self.trailing = 0;
        self.kept.clear();
        if self.last_shown != 0 {
            // Groups of different files are set apart too.
            self.last_shown = usize::MAX - 1;
        }
    }

    fn line(&mut self, line: &str, _newline: bool, _last: bool, output: &mut Output) -> Flow {
        if self.found >= self.most {
            if self.trailing == 0 {
                return Flow::NextFile;
            }
            self.line += 1;
            self.trailing -= 1;
            self.show(self.line, line, '-', output);
            return Flow::More;
        }
        self.line += 1;
        if self.last_shown == usize::MAX - 1 {
            self.last_shown = 0;
        }
        let first = self.find(line, 0);
        let matched = first.is_some() != self.invert;
        let silent = self.quiet || self.count || self.list.is_some();
        if !matched {
            if self.trailing > 0 && !silent {
                self.trailing -= 1;
                self.show(self.line, line, '-', output);
            } else if self.before > 0 && !silent {
                self.kept.push_back((self.line, String::from(line)));
                if self.kept.len() > self.before {
                    self.kept.pop_front();
                }
            }
            return Flow::More;
        }
        self.found += 1;
        self.any = true;
        if self.quiet {
            return Flow::Stop;
        }
        if self.list.is_some() {
            return Flow::NextFile;
        }
        if self.count {
            return if self.found >= self.most { Flow::NextFile } else { Flow::More };
        }
        if self.only {
            let mut at = 0;
            while let Some((start, end)) = if self.invert { None } else { self.find(line, at) } {
                if end > start {
                    let text = alloc::format!("{}{}\n", self.prefix(self.line, ':'), line.get(start..end).unwrap_or_default());
                    output.write(Stream::Out, &text);
                    at = end;
                } else {
                    at = end + line.get(end..).and_then(|text| text.chars().next()).map_or(1, char::len_utf8);
                }
                if at > line.len() {
                    break;
                }
            }
        } else {
            while let Some((number, text)) = self.kept.pop_front() {
                self.show(number, &text, '-', output);
            }
            self.show(self.line, line, ':', output);
            self.trailing = self.after;
        }
        if self.found >= self.most && self.trailing == 0 { Flow::NextFile } else { Flow::More }
    }

    fn end(&mut self, output: &mut Output) -> i32 {
        self.close(output);
        let success = if self.list == Some(false) { self.listed } else { self.any };
        i32::from(!success)
    }

    fn boxed_clone(&self) -> Box<dyn Filter> {
        Box::new(self.clone())
    }
}
