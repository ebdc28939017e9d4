//! What `awk` reads and writes beside its line: files, commands, and the inputs named on its command line.

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::rc::Rc;
use alloc::string::String;

use super::code::{ARGC, ARGV, FILENAME, FNR, Place, Source, Target};
use super::machine::{After, Machine, Ran};
use super::record::Taken;
use super::value::Value;
use crate::shell::escape::{Style, unescape};
use crate::shell::nested;
use crate::shell::process::{Host, Io, Output, Pipe, Poll, Process, Stream, Wake};

/// How many files and commands may be open.
const MAX_OPEN: usize = 200;

/// A file or a command that is read, or a command that is written to.
#[derive(Clone)]
struct End {
    pipe: Pipe,
    process: Option<Box<dyn Process>>,
    status: i32,
}

/// All that is open, by name; a command's name is its line.
#[derive(Clone, Default)]
pub(super) struct Streams {
    readers: BTreeMap<(bool, Rc<str>), End>,
    commands: BTreeMap<Rc<str>, End>,
    files: BTreeSet<Rc<str>>,
}

/// The inputs of the rules: which of the arguments is next, and the one that is read.
#[derive(Clone, Default)]
pub(super) struct Input {
    next: usize,
    current: Option<Option<Pipe>>,
    /// Some argument was a file.
    named: bool,
    over: bool,
}

/// The shell that runs a line for `awk`.
fn shell(line: &str, io: &mut Io<'_>) -> Option<Box<dyn Process>> {
    nested::start("sh", &[String::from("-c"), String::from(line)], io).ok()
}

impl End {
    /// Lets a command that is written to go on.
    fn feed(&mut self, io: &mut Io<'_>) -> Poll {
        let Some(process) = &mut self.process else { return Poll::Done(self.status) };
        let mut inner = io.reading(&mut self.pipe);
        inner.nesting += 1;
        let poll = process.poll(&mut inner);
        if let Poll::Done(status) = poll {
            (self.process, self.status) = (None, status);
        }
        poll
    }

    /// Lets a command that is read go on.
    fn draw(&mut self, io: &mut Io<'_>) -> Poll {
        let Some(process) = &mut self.process else { return Poll::Done(self.status) };
        let (mut nothing, mut output) = (Pipe::empty(), Output::default());
        let poll = process.poll(&mut io.within(&mut nothing, &mut output));
        for chunk in output.take() {
            match chunk.stream {
                Stream::Out => self.pipe.write(&chunk.text),
                Stream::Err => io.err(&chunk.text),
            }
        }
        if let Poll::Done(status) = poll {
            (self.process, self.status) = (None, status);
            self.pipe.close();
        }
        poll
    }
}

impl Machine {
    /// Writes text where it is meant to go.
    pub(super) fn write(&mut self, target: Target, name: &Rc<str>, text: &str, io: &mut Io<'_>) -> Result<(), String> {
        match (target, &**name) {
            (Target::Out, _) | (Target::File | Target::Append, "/dev/stdout" | "-") => io.out(text),
            (Target::File | Target::Append, "/dev/stderr") => io.err(text),
            (Target::File | Target::Append, "/dev/null") => {}
            (Target::Command, line) => {
                if !self.streams.commands.contains_key(name) {
                    let process = shell(line, io);
                    self.room()?;
                    self.streams.commands.insert(Rc::clone(name), End { pipe: Pipe::open(), process, status: 0 });
                }
                if let Some(end) = self.streams.commands.get_mut(name) {
                    end.pipe.write(text);
                    if end.pipe.len() > crate::shell::process::PIPE_BYTES {
                        end.feed(io);
                    }
                }
            }
            _ => {
                let (path, mtime) = (io.path(name), io.mtime());
                let fresh = !self.streams.files.contains(name);
                if fresh {
                    self.room()?;
                    self.streams.files.insert(Rc::clone(name));
                }
                let done = if fresh && target == Target::File { io.fs.write(&path, text, mtime) } else { io.fs.append(&path, text, mtime) };
                done.map_err(|error| alloc::format!("cannot open \"{name}\" for output ({})", error.text()))?;
            }
        }
        Ok(())
    }

    fn room(&self) -> Result<(), String> {
        let open = self.streams.files.len() + self.streams.commands.len() + self.streams.readers.len();
        if open < MAX_OPEN { Ok(()) } else { Err(String::from("too many open files")) }
    }

    /// `close(name)`: waits for the command.
    pub(super) fn close(&mut self, io: &mut Io<'_>) -> Result<After, String> {
        let value = self.peek(0);
        let name = self.text(&value);
        let mut status = if self.streams.files.remove(&name) { 0 } else { -1 };
        if let Some(end) = self.streams.commands.get_mut(&name) {
            end.pipe.close();
            match end.feed(io) {
                Poll::Wait(wake) => return Ok(After::Leave(Ran::Wait(wake))),
                Poll::Done(code) => status = code,
            }
            self.streams.commands.remove(&name);
        }
        for command in [false, true] {
            if let Some(mut end) = self.streams.readers.remove(&(command, Rc::clone(&name))) {
                status = end.status;
                if let Some(process) = &mut end.process {
                    process.abandon(io.host);
                }
            }
        }
        self.pop();
        self.push(Value::Num(f64::from(status)));
        Ok(After::On)
    }

    /// `system(line)`
    pub(super) fn system(&mut self, io: &mut Io<'_>) -> Result<After, String> {
        let value = self.peek(0);
        let line = self.text(&value);
        if self.child.is_none() {
            self.child = shell(&line, io);
        }
        let mut status = 127;
        if let Some(child) = &mut self.child {
            io.nesting += 1;
            let poll = child.poll(io);
            io.nesting -= 1;
            match poll {
                Poll::Wait(wake) => return Ok(After::Leave(Ran::Wait(wake))),
                Poll::Done(code) => status = code,
            }
        }
        self.child = None;
        self.pop();
        self.push(Value::Num(f64::from(status)));
        Ok(After::On)
    }

    /// At the end: commands that are written to read the rest and end.
    pub(super) fn close_all(&mut self, io: &mut Io<'_>) -> Option<Wake> {
        while let Some(mut end) = self.streams.commands.first_entry() {
            let end = end.get_mut();
            end.pipe.close();
            if let Poll::Wait(wake) = end.feed(io) {
                return Some(wake);
            }
            self.streams.commands.pop_first();
        }
        None
    }

    pub(super) fn abandon(&mut self, host: &mut dyn Host) {
        let streams = core::mem::take(&mut self.streams);
        let ends = streams.readers.into_values().chain(streams.commands.into_values()).filter_map(|end| end.process);
        for mut process in ends.chain(self.child.take()) {
            process.abandon(host);
        }
    }

    /// `getline` in its forms: 1, 0 at the end, -1 if there is nothing of that name.
    pub(super) fn getline(&mut self, source: Source, place: Option<Place>, io: &mut Io<'_>) -> Result<After, String> {
        let taken = match source {
            Source::Main => self.next_record(io)?,
            source => {
                let value = self.peek(usize::from(place.is_some_and(Place::has_key)));
                let name = self.text(&value);
                match self.read_from(source == Source::Command, &name, io)? {
                    Ok(taken) => taken,
                    Err(wake) => return Ok(After::Leave(Ran::Wait(wake))),
                }
            }
        };
        let (result, record) = match taken {
            Some(Taken::Record(record)) => (1.0, Some(record)),
            Some(Taken::Wait) => return Ok(After::Leave(Ran::Wait(Wake::Input))),
            Some(Taken::End) => (0.0, None),
            None => (-1.0, None),
        };
        let key = place.map_or(Value::Unset, |place| self.key_of(place));
        if source != Source::Main {
            self.pop();
        }
        if let Some(record) = record {
            if source != Source::File {
                self.count_record(source == Source::Main);
            }
            match place {
                Some(place) => self.store(place, &key, Value::Input(Rc::from(record)))?,
                None => self.set_line(&record),
            }
        }
        self.push(Value::Num(result));
        Ok(After::On)
    }

    /// A record of a file or a command; `None` if there is no such file, an error if it must be waited for.
    fn read_from(&mut self, command: bool, name: &Rc<str>, io: &mut Io<'_>) -> Result<Result<Option<Taken>, Wake>, String> {
        if !command && matches!(&**name, "-" | "/dev/stdin") {
            return Ok(Ok(Some(self.record(io.stdin))));
        }
        let key = (command, Rc::clone(name));
        let mut end = match self.streams.readers.remove(&key) {
            Some(end) => end,
            None => {
                self.room()?;
                let path = io.path(name);
                match io.fs.read(&path) {
                    _ if command => End { pipe: Pipe::open(), process: shell(name, io), status: 127 },
                    Ok(text) => End { pipe: Pipe::holding(String::from(text.as_str())), process: None, status: 0 },
                    Err(_) => return Ok(Ok(None)),
                }
            }
        };
        let poll = end.draw(io);
        if let (Poll::Done(_), true) = (poll, command) {
            end.pipe.close();
        }
        let taken = self.record(&mut end.pipe);
        self.streams.readers.insert(key, end);
        Ok(match (taken, poll) {
            (Taken::Wait, Poll::Wait(wake)) => Err(wake),
            (taken, _) => Ok(Some(taken)),
        })
    }

    /// The next record of the inputs on the command line, or of standard input; settings between them are made.
    pub(super) fn next_record(&mut self, io: &mut Io<'_>) -> Result<Option<Taken>, String> {
        loop {
            if self.input.over {
                return Ok(Some(Taken::End));
            }
            match self.input.current.take() {
                None => self.open_next(io)?,
                Some(None) => match self.record(io.stdin) {
                    Taken::End => {}
                    taken => {
                        self.input.current = Some(None);
                        return Ok(Some(taken));
                    }
                },
                Some(Some(mut pipe)) => {
                    if let Taken::Record(record) = self.record(&mut pipe) {
                        self.input.current = Some(Some(pipe));
                        return Ok(Some(Taken::Record(record)));
                    }
                }
            }
        }
    }

    /// `nextfile`
    pub(super) fn skip_file(&mut self) {
        self.input.current = None;
    }

    fn open_next(&mut self, io: &mut Io<'_>) -> Result<(), String> {
        loop {
            self.input.next += 1;
            let next = self.input.next;
            if next as f64 >= self.globals.get(ARGC).map_or(0.0, Value::num) {
                self.input.over = self.input.named;
                if !self.input.named {
                    self.input.named = true;
                    self.set_global(FNR, Value::Num(0.0));
                    self.input.current = Some(None);
                }
                return Ok(());
            }
            let key: Rc<str> = Rc::from(alloc::format!("{next}"));
            let arg = self.arrays.get(&ARGV).and_then(|table| table.get(&key)).map(|value| self.text(value)).unwrap_or_default();
            if arg.is_empty() {
                continue;
            }
            if let Some((name, text)) = arg.split_once('=').filter(|(name, _)| crate::shell::parse::is_identifier(name)) {
                self.assign(name, text);
                continue;
            }
            self.input.named = true;
            self.set_global(FNR, Value::Num(0.0));
            let stdin = matches!(&*arg, "-" | "/dev/stdin");
            self.set_global(FILENAME, Value::Text(if stdin { Rc::default() } else { Rc::clone(&arg) }));
            if stdin {
                self.input.current = Some(None);
                return Ok(());
            }
            let path = io.path(&arg);
            let text = match io.fs.read(&path) {
                Ok(text) => String::from(text.as_str()),
                Err(_) if &*arg == "/dev/null" => String::new(),
                Err(error) => return Err(alloc::format!("\u{0}cannot open {arg} ({})", error.text())),
            };
            self.input.current = Some(Some(Pipe::holding(text)));
            return Ok(());
        }
    }

    /// `NAME=VALUE` on the command line.
    pub(super) fn assign(&mut self, name: &str, text: &str) {
        let at = self.code.globals.iter().position(|one| one == name);
        if let Some(at) = at {
            let value = Value::Input(Rc::from(unescape(text, Style::Format).0));
            self.store(Place::Global(at), &Value::Unset, value).ok();
        }
    }
}
