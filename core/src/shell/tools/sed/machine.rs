//! Runs a script over lines: ranges, the pattern space and the hold space.
//! Never: how scripts are read (`script`).

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::script::{Address, Command, Do};
use crate::shell::process::{Io, Output, Stream};
use crate::shell::tools::lines::{Filter, Flow};

/// How many commands one line may run: a script with a loop of branches ends here.
const STEPS_PER_LINE: usize = 10_000;

const MAX_SPACE: usize = 1024 * 1024;

#[derive(Clone)]
pub(super) struct Sed {
    pub(super) commands: Rc<[Command]>,
    pub(super) quiet: bool,
    pub(super) needs_last: bool,
    pub(super) number: usize,
    pub(super) hold: String,
    /// For each command with a range: the line on which it ends, if it is on.
    pub(super) ranges: Vec<Option<Range>>,
    /// A line kept by `N` or `n` for which another is awaited: the pattern space and the command to go on at.
    pub(super) waiting: Option<(String, usize)>,
    pub(super) code: i32,
    /// What ends a line.
    pub(super) end: char,
    /// Lines are counted anew in each file.
    pub(super) separate: bool,
    pub(super) name: String,
    /// The files that are written, and what is to be written to which.
    pub(super) files: Rc<[String]>,
    pub(super) writes: Vec<(usize, String)>,
    /// How many lines each `R` has read.
    pub(super) read: Vec<usize>,
    /// The last line written had no end; whatever follows gives it one.
    pub(super) owed: core::cell::Cell<bool>,
}

#[derive(Clone, Copy)]
pub(super) enum Range {
    Until(usize),
    Match,
}

/// One line on its way through the script.
pub(super) struct Pass {
    pub(super) space: String,
    /// The command to run next.
    pub(super) at: usize,
    pub(super) newline: bool,
    pub(super) last: bool,
    /// What `a` puts behind the line.
    pub(super) appended: Vec<String>,
    /// `s` replaced something since the last `t`.
    pub(super) replaced: bool,
    pub(super) deleted: bool,
    pub(super) after: After,
}

impl Pass {
    /// The line is not printed; false, as it is over.
    pub(super) fn delete(&mut self) -> bool {
        self.deleted = true;
        false
    }
}

/// `h`, `H`, `g`, `G`: one space into the other.
pub(super) fn put(to: &mut String, from: &str, append: bool) {
    if append {
        to.push('\n');
    } else {
        to.clear();
    }
    to.push_str(from);
}

pub(super) enum After {
    Next,
    Quit,
    /// Wait for the next line, then go on at this command.
    Wait(usize),
}

impl Sed {
    pub(super) fn new(commands: Vec<Command>, quiet: bool) -> Sed {
        let needs_last = commands.iter().any(Command::mentions_last);
        let quiet = quiet || commands.iter().any(|command| matches!(command.what, Do::Quiet));
        let ranges = alloc::vec![None; commands.len()];
        Sed {
            read: alloc::vec![0; commands.len()],
            commands: Rc::from(commands),
            quiet,
            needs_last,
            number: 0,
            hold: String::new(),
            ranges,
            waiting: None,
            code: 0,
            end: '\n',
            separate: false,
            name: String::from("-"),
            files: Rc::default(),
            writes: Vec::new(),
            owed: core::cell::Cell::new(false),
        }
    }

    fn selected(&mut self, at: usize, command: &Command, space: &str, last: bool) -> bool {
        let chosen = match (&command.from, &command.to) {
            (None, _) => true,
            (Some(address), None) => matches_address(address, space, self.number, last),
            (Some(from), Some(to)) => self.in_range(at, from, to, space, last),
        };
        chosen != command.negated
    }

    fn in_range(&mut self, at: usize, from: &Address, to: &Address, space: &str, last: bool) -> bool {
        let number = self.number;
        let state = self.ranges.get(at).copied().flatten();
        let next = match state {
            Some(Range::Until(end)) => {
                if number >= end {
                    None
                } else {
                    state
                }
            }
            Some(Range::Match) => {
                if matches_address(to, space, number, last) {
                    None
                } else {
                    state
                }
            }
            None => {
                let begins = match from {
                    Address::Line(0) => number == 1,
                    from => matches_address(from, space, number, last),
                };
                if !begins {
                    return false;
                }
                match to {
                    Address::Line(end) => (*end > number).then_some(Range::Until(*end)),
                    Address::More(count) => (*count > 0).then_some(Range::Until(number + count)),
                    Address::Multiple(count) => {
                        let end = number.next_multiple_of((*count).max(1));
                        (end > number).then_some(Range::Until(end))
                    }
                    Address::Last => (!last).then_some(Range::Match),
                    _ if matches!(from, Address::Line(0)) && matches_address(to, space, number, last) => None,
                    _ => Some(Range::Match),
                }
            }
        };
        // A range that ended by number before this line does not hold for it.
        let holds = !matches!(state, Some(Range::Until(end)) if number > end);
        if let Some(slot) = self.ranges.get_mut(at) {
            *slot = next;
        }
        holds
    }

    fn run(&mut self, space: String, start: usize, newline: bool, last: bool, output: &mut Output) -> Flow {
        let commands = Rc::clone(&self.commands);
        let mut pass = Pass { space, at: start, newline, last, appended: Vec::new(), replaced: false, deleted: false, after: After::Next };
        let mut steps = 0;
        while let Some(command) = commands.get(pass.at) {
            steps += 1;
            if steps > STEPS_PER_LINE || pass.space.len() > MAX_SPACE || self.hold.len() > MAX_SPACE {
                output.write(Stream::Err, "sed: script does not end\n");
                self.code = 4;
                return Flow::Stop;
            }
            let here = pass.at;
            pass.at += 1;
            if self.selected(here, command, &pass.space, last) {
                if !self.apply(here, command, &mut pass, output) {
                    break;
                }
            } else if let Do::Block(end) = command.what {
                pass.at = end;
            }
        }
        if let After::Wait(at) = pass.after {
            self.text(&pass.appended.concat(), output);
            self.waiting = Some((pass.space, at));
            return Flow::More;
        }
        if !pass.deleted && !self.quiet {
            self.print(&pass.space, pass.newline, output);
        }
        self.text(&pass.appended.concat(), output);
        if matches!(pass.after, After::Quit) { Flow::Stop } else { Flow::More }
    }

    /// `n` and `N`: the line waits for the next one.
    pub(super) fn next(&mut self, replaces: bool, pass: &mut Pass, output: &mut Output) {
        if pass.last && self.needs_last {
            pass.deleted |= replaces && self.quiet;
            pass.after = After::Quit;
            return;
        }
        if replaces {
            if !self.quiet {
                self.print(&pass.space, pass.newline, output);
            }
            pass.space.clear();
        }
        pass.after = After::Wait(pass.at);
    }

    pub(super) fn print(&self, text: &str, newline: bool, output: &mut Output) {
        self.text(text, output);
        if newline {
            output.write(Stream::Out, if self.end == '\0' { "\0" } else { "\n" });
        }
        self.owed.set(!newline);
    }

    /// Writes text behind a line that has an end.
    pub(super) fn text(&self, text: &str, output: &mut Output) {
        if self.owed.get() && !text.is_empty() {
            output.write(Stream::Out, "\n");
            self.owed.set(false);
        }
        output.write(Stream::Out, text);
    }

    /// Keeps text for a file, to be written in time.
    pub(super) fn save(&mut self, file: usize, text: &str, output: &mut Output) {
        match self.files.get(file).map(String::as_str) {
            Some("/dev/stdout") => self.text(text, output),
            Some("/dev/stderr") => output.write(Stream::Err, text),
            _ => self.writes.push((file, String::from(text))),
        }
    }
}

fn matches_address(address: &Address, space: &str, number: usize, last: bool) -> bool {
    match address {
        Address::Line(line) => *line == number,
        Address::Step(first, step) => {
            if *step == 0 {
                number == *first
            } else {
                number >= *first && (number - first).is_multiple_of(*step)
            }
        }
        Address::Last => last,
        Address::Match(regex) => regex.is_match(space),
        Address::More(_) | Address::Multiple(_) => false,
    }
}

impl Filter for Sed {
    fn begin(&mut self, name: &str, _output: &mut Output) {
        self.name = String::from(name);
        if self.separate {
            self.number = 0;
        }
    }

    fn settle(&mut self, io: &mut Io<'_>) {
        for (file, text) in core::mem::take(&mut self.writes) {
            let Some(name) = self.files.get(file) else { continue };
            let (path, mtime) = (io.path(name), io.mtime());
            io.fs.append(&path, &text, mtime).ok();
        }
    }

    fn line(&mut self, line: &str, newline: bool, last: bool, output: &mut Output) -> Flow {
        self.number += 1;
        match self.waiting.take() {
            Some((mut space, at)) => {
                if !space.is_empty() || matches!(self.commands.get(at.saturating_sub(1)).map(|command| &command.what), Some(Do::AppendNext))
                {
                    space.push('\n');
                }
                space.push_str(line);
                self.run(space, at, newline, last, output)
            }
            None => self.run(String::from(line), 0, newline, last, output),
        }
    }

    fn end(&mut self, output: &mut Output) -> i32 {
        if let Some((space, at)) = self.waiting.take() {
            let appends = matches!(self.commands.get(at.saturating_sub(1)).map(|command| &command.what), Some(Do::AppendNext));
            if appends && !self.quiet {
                self.print(&space, true, output);
            }
        }
        self.code
    }

    fn needs_last(&self) -> bool {
        self.needs_last
    }

    fn boxed_clone(&self) -> Box<dyn Filter> {
        Box::new(self.clone())
    }
}
