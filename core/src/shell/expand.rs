//! From words to arguments: parameters, substitutions, arithmetic, splitting, file names, quotes.
//!
//! A command substitution needs commands to run, which may take simulated time. So expansion is restartable: it
//! asks for the next output it has not got ([`Stop::Need`]), is thrown away, and is begun again with one more
//! output in its memory. The variables it changed on the way are put back by the caller.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use crate::text::fs::FileSystem;

use super::ast::{List, Part, Word};
use super::pattern::{escape_into, has_pattern, unescape};
use super::vars::Vars;
use super::{arith, brace, glob};

/// The most arguments a command may have, and the most bytes in all of them.
pub const MAX_ARGS: usize = 20_000;
/// See [`MAX_ARGS`].
pub const MAX_ARG_BYTES: usize = 2 * 1024 * 1024;

/// Why an expansion could not go on.
#[derive(Debug)]
pub enum Stop {
    /// The output of these commands is needed first.
    Need(List, Want),
    /// It means nothing: the message, without `bash: `.
    Error(String),
    /// The same, and a shell that runs a script ends (`${x:?}`, `set -u`).
    Fatal(String),
}

/// What a substitution becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// Their output as text.
    Text,
    /// The name of a file with their output.
    File,
    /// The name of a file that they read when its writer is over.
    Sink,
}

/// A result of expanding.
pub type Expanded<T> = Result<T, Stop>;

/// What is known about the shell while words are expanded.
pub struct Expander<'a> {
    /// Variables; `${x:=y}` and `$((x++))` change them.
    pub vars: &'a mut Vars,
    /// `$1` and on.
    pub args: &'a [Rc<str>],
    /// `$0`
    pub name: &'a str,
    /// `$?`
    pub status: i32,
    /// `$LINENO`
    pub line: usize,
    /// `$PIPESTATUS`
    pub pipe_status: &'a [i32],
    /// What `shopt` says about patterns.
    pub globbing: super::task::Globbing,
    /// `$$`
    pub pid: u32,
    /// `$!`
    pub last_job: Option<u32>,
    /// `$-`
    pub flags: &'a str,
    /// `$SECONDS`
    pub seconds: u64,
    /// `set -u`
    pub nounset: bool,
    /// `set -f`
    pub noglob: bool,
    /// Files, for patterns.
    pub fs: &'a FileSystem,
    /// The current directory.
    pub cwd: &'a str,
    /// Outputs of substitutions, in the order in which they are asked for.
    pub memory: &'a [Rc<str>],
    /// How many of them were used.
    pub used: usize,
}

#[derive(Default)]
struct Fields {
    done: Vec<String>,
    current: Option<String>,
    bytes: usize,
}

impl Fields {
    fn current(&mut self) -> &mut String {
        self.current.get_or_insert_with(String::new)
    }

    fn literal(&mut self, text: &str) {
        self.bytes += text.len();
        escape_into(self.current(), text);
    }

    fn pattern(&mut self, text: &str) {
        self.bytes += text.len();
        self.current().push_str(text);
    }

    fn end(&mut self) {
        if let Some(field) = self.current.take() {
            self.done.push(field);
        }
    }
}

impl Expander<'_> {
    /// All words of a command, split and with file names.
    pub fn words(&mut self, words: &[Word]) -> Expanded<Vec<String>> {
        let mut out = Vec::new();
        let mut bytes = 0;
        for word in words {
            // The shells that are only `sh` leave braces as they are.
            let braces = if self.flags.contains('B') { brace::expand(word) } else { Some(alloc::vec![word.clone()]) };
            let words = braces.ok_or_else(|| Stop::Error(String::from("kubepie: braces stand for more words than fit here")))?;
            for word in words {
                let mut fields = Fields::default();
                self.parts(&word, &mut fields, true)?;
                fields.end();
                for field in fields.done {
                    if !self.noglob && has_pattern(&field) {
                        let names = glob::names(self.fs, self.cwd, &field, self.globbing.dot);
                        if !names.is_empty() || self.globbing.null {
                            out.extend(names);
                            continue;
                        }
                        if self.globbing.fail {
                            return Err(Stop::Fatal(["no match: ", &unescape(&field)].concat()));
                        }
                    }
                    out.push(unescape(&field));
                }
                bytes += out.last().map_or(0, String::len);
                if out.len() > MAX_ARGS || bytes > MAX_ARG_BYTES {
                    return Err(Stop::Error(String::from("Argument list too long")));
                }
            }
        }
        Ok(out)
    }

    /// One word as one text, unsplit: assignments, redirections, `case`.
    pub fn text(&mut self, word: &Word) -> Expanded<String> {
        self.pattern(word).map(|pattern| unescape(&pattern))
    }

    /// One word as one pattern: what was quoted is escaped.
    pub fn pattern(&mut self, word: &Word) -> Expanded<String> {
        let mut fields = Fields::default();
        self.parts(word, &mut fields, false)?;
        fields.end();
        Ok(fields.done.join(" "))
    }

    /// The value of an arithmetic expression.
    pub fn arith(&mut self, word: &Word) -> Expanded<i64> {
        let text = self.text(word)?;
        arith::evaluate(&text, self.vars).map_err(Stop::Error)
    }

    fn parts(&mut self, word: &Word, fields: &mut Fields, split: bool) -> Expanded<()> {
        for part in word.0.iter() {
            if fields.bytes > MAX_ARG_BYTES {
                return Err(Stop::Error(String::from("Argument list too long")));
            }
            match part {
                Part::Text(text) => fields.pattern(text),
                Part::Quoted(text) => fields.literal(text),
                Part::Tilde(name) => {
                    let home = self.tilde(name);
                    fields.literal(&home);
                }
                Part::Param(param, quoted) => self.param(param, *quoted, fields, split)?,
                Part::Command(list, quoted) => {
                    let output = self.substitute(list, Want::Text)?;
                    self.value(&output, *quoted, fields, split);
                }
                Part::Process(list, sink) => {
                    let name = self.substitute(list, if *sink { Want::Sink } else { Want::File })?;
                    fields.literal(&name);
                }
                Part::Arith(inner, quoted) => {
                    let value = self.arith(inner).map_err(|stop| match stop {
                        Stop::Error(message) => Stop::Fatal(message),
                        stop => stop,
                    })?;
                    self.value(&alloc::format!("{value}"), *quoted, fields, split);
                }
            }
        }
        Ok(())
    }

    fn substitute(&mut self, list: &List, want: Want) -> Expanded<Rc<str>> {
        match self.memory.get(self.used) {
            Some(output) => {
                self.used += 1;
                Ok(Rc::clone(output))
            }
            None => Err(Stop::Need(Rc::clone(list), want)),
        }
    }

    fn tilde(&self, name: &str) -> String {
        match name {
            "" => self.vars.get("HOME").map_or_else(|| String::from("/root"), |home| String::from(&*home)),
            "+" => String::from(self.cwd),
            "-" => self.vars.get("OLDPWD").map_or_else(|| String::from("~-"), |dir| String::from(&*dir)),
            "root" => String::from("/root"),
            other => alloc::format!("~{other}"),
        }
    }

    /// Adds the value of an expansion: as it is, or split at blanks.
    pub(super) fn add_value(&self, value: &str, quoted: bool, fields: &mut impl Sink, split: bool) {
        if quoted || !split {
            if quoted {
                fields.add_literal(value);
            } else {
                fields.add_unquoted(value);
            }
            return;
        }
        let ifs = self.vars.get("IFS");
        let ifs = ifs.as_deref().unwrap_or(" \t\n");
        let mut rest = value;
        while !rest.is_empty() {
            let word = rest.split(|c| ifs.contains(c)).next().unwrap_or_default();
            if !word.is_empty() {
                fields.add_unquoted(word);
            }
            let Some(after) = rest.get(word.len()..) else { return };
            let mut chars = after.chars();
            let Some(separator) = chars.next() else { return };
            if separator.is_ascii_whitespace() {
                let blanks = after.chars().take_while(|c| c.is_ascii_whitespace() && ifs.contains(*c)).map(char::len_utf8).sum::<usize>();
                fields.break_field(false);
                rest = after.get(blanks..).unwrap_or_default();
            } else {
                fields.break_field(true);
                rest = chars.as_str();
            }
        }
    }

    fn value(&self, value: &str, quoted: bool, fields: &mut Fields, split: bool) {
        self.add_value(value, quoted, fields, split);
    }

    fn param(&mut self, param: &super::ast::Param, quoted: bool, fields: &mut Fields, split: bool) -> Expanded<()> {
        super::param::expand(self, param, quoted, fields, split)
    }

    /// Expands an operand of `${x:-word}` in place.
    pub(super) fn operand(&mut self, word: &Word, quoted: bool, fields: &mut impl Sink, split: bool) -> Expanded<()> {
        let mut inner = Fields::default();
        self.parts(word, &mut inner, split && !quoted)?;
        inner.end();
        let mut first = true;
        for field in inner.done {
            if !first {
                fields.break_field(false);
            }
            first = false;
            fields.add_pattern(&field);
        }
        Ok(())
    }
}

/// Where expanded text goes.
pub(super) trait Sink {
    /// Text that stands for itself.
    fn add_literal(&mut self, text: &str);
    /// Text that is a pattern with its quoting done.
    fn add_pattern(&mut self, text: &str);
    /// Text from a variable outside quotes: its pattern characters count, its backslashes do not.
    fn add_unquoted(&mut self, text: &str);
    /// A field ends here; even an empty one if forced.
    fn break_field(&mut self, force: bool);
}

impl Sink for Fields {
    fn add_literal(&mut self, text: &str) {
        self.literal(text);
    }

    fn add_pattern(&mut self, text: &str) {
        self.pattern(text);
    }

    fn add_unquoted(&mut self, text: &str) {
        self.bytes += text.len();
        if text.contains('\\') {
            let escaped = text.replace('\\', "\\\\");
            self.current().push_str(&escaped);
        } else if !text.is_empty() {
            self.current().push_str(text);
        }
    }

    fn break_field(&mut self, force: bool) {
        if force {
            self.current();
        }
        self.end();
    }
}
