//! `sed`: runs a script over lines. Never: how scripts are read (`sed_script`).

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::args::{Accepts, parse};
use super::lines::{self, Filter, Flow};
use super::sed_script::{self, Address, Command, Do, Subst};
use crate::shell::process::{Io, Output, Started, Stream};
use crate::text::regex::Captures;

const ACCEPTS: Accepts = Accepts {
    tool: "sed",
    short: "nErsuI:e:f:",
    long: &[("quiet", 'n'), ("silent", 'n'), ("regexp-extended", 'E'), ("expression", 'e'), ("file", 'f'), ("separate", 's')],
    first_operand_ends: false,
    status: 1,
};

/// How many commands one line may run: a script with a loop of branches ends here.
const STEPS_PER_LINE: usize = 10_000;
const MAX_SPACE: usize = 1024 * 1024;

pub(super) fn start(args: &[String], io: &mut Io<'_>) -> Started {
    let (args, in_place) = take_in_place(args);
    let opts = match parse(&ACCEPTS, &args, io) {
        Ok(opts) => opts,
        Err(status) => return Started::Done(status),
    };
    let mut files = opts.rest.clone();
    let mut script = String::new();
    for (flag, value) in opts.all() {
        match flag {
            'e' => {
                script.push_str(value);
                script.push('\n');
            }
            'f' => {
                let path = io.path(value);
                match io.fs.read(&path) {
                    Ok(text) => {
                        script.push_str(&text);
                        script.push('\n');
                    }
                    Err(error) => {
                        io.err(&alloc::format!("sed: couldn't open file {value}: {}\n", error.text()));
                        return Started::Done(1);
                    }
                }
            }
            _ => {}
        }
    }
    if !opts.has('e') && !opts.has('f') {
        if files.is_empty() {
            io.err("Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...\n");
            return Started::Done(1);
        }
        script = files.remove(0);
    }
    let commands = match sed_script::parse(&script, opts.has('E') || opts.has('r')) {
        Ok(commands) => commands,
        Err((at, message)) => {
            io.err(&alloc::format!("sed: -e expression #1, char {at}: {message}\n"));
            return Started::Done(1);
        }
    };
    let sed = Sed::new(commands, opts.has('n'));
    match in_place {
        Some(suffix) => edit_files(&sed, &files, &suffix, io),
        None => lines::start("sed", Box::new(sed), &files, 2, io),
    }
}

/// `-i`, `-i.bak`, `--in-place=.bak` and their bundles (`-ni`): what is left, and the suffix if it is there.
fn take_in_place(args: &[String]) -> (Vec<String>, Option<String>) {
    let mut out = Vec::new();
    let mut suffix = None;
    for arg in args {
        if let Some(rest) = arg.strip_prefix("--in-place") {
            suffix = Some(String::from(rest.trim_start_matches('=')));
            continue;
        }
        let bundle = arg.strip_prefix('-').filter(|letters| !letters.starts_with('-'));
        match bundle.and_then(|letters| letters.find('i').map(|at| (letters, at))) {
            Some((letters, at)) if letters.chars().take(at).all(|c| matches!(c, 'n' | 'E' | 'r' | 's')) => {
                let before = letters.get(..at).unwrap_or_default();
                if !before.is_empty() {
                    out.push(alloc::format!("-{before}"));
                }
                suffix = Some(String::from(letters.get(at + 1..).unwrap_or_default()));
            }
            _ => out.push(arg.clone()),
        }
    }
    (out, suffix)
}

fn edit_files(sed: &Sed, files: &[String], suffix: &str, io: &mut Io<'_>) -> Started {
    if files.is_empty() {
        io.err("sed: no input files\n");
        return Started::Done(1);
    }
    let mut status = 0;
    for name in files {
        let path = io.path(name);
        let text = match io.fs.read(&path) {
            Ok(text) => text,
            Err(error) => {
                let message = if io.fs.is_dir(&path) {
                    alloc::format!("sed: couldn't edit {name}: not a regular file\n")
                } else {
                    alloc::format!("sed: can't read {name}: {}\n", error.text())
                };
                io.err(&message);
                status = if io.fs.is_dir(&path) { 4 } else { 2 };
                continue;
            }
        };
        let mut one = sed.clone();
        let (mut output, code) = lines::over(&mut one, name, &text);
        let mtime = io.mtime();
        let mut changed = String::new();
        for chunk in output.take() {
            match chunk.stream {
                Stream::Out => changed.push_str(&chunk.text),
                Stream::Err => io.err(&chunk.text),
            }
        }
        if !suffix.is_empty() {
            io.fs.write(&alloc::format!("{path}{suffix}"), &text, mtime).ok();
        }
        if let Err(error) = io.fs.write(&path, &changed, mtime) {
            io.err(&alloc::format!("sed: couldn't write {name}: {}\n", error.text()));
            status = 4;
        }
        if code != 0 {
            return Started::Done(code);
        }
    }
    Started::Done(status)
}

#[derive(Clone)]
struct Sed {
    commands: Rc<[Command]>,
    quiet: bool,
    needs_last: bool,
    number: usize,
    hold: String,
    /// For each command with a range: the line on which it ends, if it is on.
    ranges: Vec<Option<Range>>,
    /// A line kept by `N` or `n` for which another is awaited: the pattern space and the command to go on at.
    waiting: Option<(String, usize)>,
    code: i32,
}

#[derive(Clone, Copy)]
enum Range {
    Until(usize),
    Match,
}

enum After {
    Next,
    Quit,
    /// Wait for the next line, then go on at this command.
    Wait(usize),
}

impl Sed {
    fn new(commands: Vec<Command>, quiet: bool) -> Sed {
        let needs_last = commands.iter().any(Command::mentions_last);
        let quiet = quiet || commands.iter().any(|command| matches!(command.what, Do::Quiet));
        let ranges = alloc::vec![None; commands.len()];
        Sed { commands: Rc::from(commands), quiet, needs_last, number: 0, hold: String::new(), ranges, waiting: None, code: 0 }
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

    fn run(&mut self, mut space: String, start: usize, newline: bool, last: bool, output: &mut Output) -> Flow {
        let commands = Rc::clone(&self.commands);
        let mut appended: Vec<String> = Vec::new();
        let mut at = start;
        let mut steps = 0;
        let mut replaced = false;
        let mut deleted = false;
        let mut after = After::Next;
        while let Some(command) = commands.get(at) {
            steps += 1;
            if steps > STEPS_PER_LINE || space.len() > MAX_SPACE || self.hold.len() > MAX_SPACE {
                output.write(Stream::Err, "sed: script does not end\n");
                self.code = 4;
                return Flow::Stop;
            }
            let here = at;
            at += 1;
            if !self.selected(here, command, &space, last) {
                if let Do::Block(end) = command.what {
                    at = end;
                }
                continue;
            }
            match &command.what {
                Do::Block(_) | Do::Label | Do::Quiet | Do::End => {}
                Do::Delete => {
                    deleted = true;
                    break;
                }
                Do::DeleteFirst => match space.split_once('\n') {
                    Some((_, rest)) => {
                        space = String::from(rest);
                        at = 0;
                    }
                    None => {
                        deleted = true;
                        break;
                    }
                },
                Do::Print => self.print(&space, newline, output),
                Do::PrintFirst => {
                    let first = space.split('\n').next().unwrap_or_default();
                    output.write(Stream::Out, &alloc::format!("{first}\n"));
                }
                Do::Number => output.write(Stream::Out, &alloc::format!("{}\n", self.number)),
                Do::List => output
                    .write(Stream::Out, &alloc::format!("{}$\n", space.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n"))),
                Do::Append(text) => appended.push(text.clone()),
                Do::Insert(text) => output.write(Stream::Out, text),
                Do::Change(text) => {
                    let ends = self.ranges.get(here).copied().flatten().is_none();
                    if command.to.is_none() || ends || command.negated {
                        output.write(Stream::Out, text);
                    }
                    deleted = true;
                    break;
                }
                Do::Subst(subst) => {
                    if let Some(changed) = substitute(subst, &space) {
                        space = changed;
                        replaced = true;
                        if subst.print {
                            self.print(&space, true, output);
                        }
                    }
                }
                Do::Translate(from, to) => {
                    space = space
                        .chars()
                        .map(|c| from.iter().position(|one| *one == c).and_then(|at| to.get(at)).copied().unwrap_or(c))
                        .collect();
                }
                Do::Next | Do::AppendNext => {
                    if last && self.needs_last {
                        if matches!(command.what, Do::Next) && self.quiet {
                            deleted = true;
                        }
                        after = After::Quit;
                        break;
                    }
                    if matches!(command.what, Do::Next) {
                        if !self.quiet {
                            self.print(&space, newline, output);
                        }
                        space.clear();
                    }
                    after = After::Wait(at);
                    break;
                }
                Do::Quit(code, silent) => {
                    self.code = *code;
                    deleted = *silent;
                    after = After::Quit;
                    break;
                }
                Do::Hold(append) => {
                    if *append {
                        self.hold.push('\n');
                        self.hold.push_str(&space);
                    } else {
                        self.hold = space.clone();
                    }
                }
                Do::Get(append) => {
                    if *append {
                        space.push('\n');
                        space.push_str(&self.hold);
                    } else {
                        space = self.hold.clone();
                    }
                }
                Do::Exchange => core::mem::swap(&mut space, &mut self.hold),
                Do::Branch(to) => at = *to,
                Do::BranchIf(to, wanted) => {
                    if replaced == *wanted {
                        at = *to;
                    }
                    replaced = false;
                }
            }
        }
        if let After::Wait(at) = after {
            let text: String = appended.concat();
            output.write(Stream::Out, &text);
            self.waiting = Some((space, at));
            return Flow::More;
        }
        if !deleted && !self.quiet {
            self.print(&space, newline || !appended.is_empty(), output);
        }
        output.write(Stream::Out, &appended.concat());
        if matches!(after, After::Quit) { Flow::Stop } else { Flow::More }
    }

    fn print(&self, text: &str, newline: bool, output: &mut Output) {
        output.write(Stream::Out, text);
        if newline {
            output.write(Stream::Out, "\n");
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
        Address::More(_) => false,
    }
}

fn substitute(subst: &Subst, text: &str) -> Option<String> {
    let mut out = String::new();
    let mut at = 0;
    let mut count = 0;
    let mut changed = false;
    while at <= text.len() {
        let Some(found) = subst.regex.captures(text, at) else { break };
        let Some((start, end)) = found.first().copied().flatten() else { break };
        out.push_str(text.get(at..start).unwrap_or_default());
        count += 1;
        let wanted = count == subst.nth || (subst.global && count > subst.nth);
        if wanted {
            replacement(&subst.with, text, &found, &mut out);
            changed = true;
        } else {
            out.push_str(text.get(start..end).unwrap_or_default());
        }
        at = end;
        if end == start {
            let Some(c) = text.get(end..).and_then(|rest| rest.chars().next()) else {
                at = text.len() + 1;
                break;
            };
            out.push(c);
            at = end + c.len_utf8();
        }
        if wanted && !subst.global {
            break;
        }
        // An empty match right after a match does not count.
        if end > start && subst.regex.find(text, at).is_some_and(|(from, to)| from == at && to == at) {
            match text.get(at..).and_then(|rest| rest.chars().next()) {
                Some(c) => {
                    out.push(c);
                    at += c.len_utf8();
                }
                None => {
                    at = text.len() + 1;
                }
            }
        }
    }
    out.push_str(text.get(at..).unwrap_or_default());
    changed.then_some(out)
}

/// Writes what a match becomes: `&`, `\1`, and the cases of `\U`, `\L`, `\u`, `\l`, `\E`.
fn replacement(with: &[sed_script::Piece], text: &str, found: &Captures, out: &mut String) {
    use sed_script::Piece;
    let mut case = None;
    let mut once = None;
    for piece in with {
        let part = match piece {
            Piece::Text(text) => text.as_str(),
            Piece::Group(number) => found.get(*number).copied().flatten().and_then(|(from, to)| text.get(from..to)).unwrap_or_default(),
            Piece::Case(c @ ('U' | 'L')) => {
                case = Some(*c);
                continue;
            }
            Piece::Case('E') => {
                case = None;
                continue;
            }
            Piece::Case(c) => {
                once = Some(*c);
                continue;
            }
        };
        for c in part.chars() {
            match once.take().or(case) {
                Some('U' | 'u') => out.extend(c.to_uppercase()),
                Some(_) => out.extend(c.to_lowercase()),
                None => out.push(c),
            }
        }
    }
}

impl Filter for Sed {
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
