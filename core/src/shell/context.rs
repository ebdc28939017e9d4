//! What a poll of the shell works with: time, files, the host, the pipes, and how much may still be done.
//! Sends what commands write to where their descriptors lead.

use alloc::string::String;
use alloc::vec::Vec;

use crate::text::fs::FileSystem;
use crate::time::Instant;

use super::fds::{Fd, Fds, MAX_PIPE_BYTES, Pipes, TERMINAL};
use super::process::{Chunk, Env, Host, Io, Output, Pipe, ProcessContext, Stream};

/// The things a poll may touch.
pub struct Context<'a> {
    /// The simulated time.
    pub now: Instant,
    /// The files.
    pub fs: &'a mut FileSystem,
    /// The world outside.
    pub host: &'a mut dyn Host,
    /// Where the shell's output goes.
    pub output: &'a mut Output,
    /// All pipes.
    pub pipes: &'a mut Pipes,
    /// Whether the shell's own input and output are a terminal.
    pub terminal: bool,
    /// How many steps this poll (or this turn of it) may still take.
    pub steps: usize,
    /// What was spent beyond them.
    pub debt: usize,
    /// Grows with everything that happens; a round without growth is a round of waiting.
    pub progress: u64,
    /// Shells inside this shell that are alive.
    pub live: u32,
    /// See `Io::nesting`.
    pub nesting: u32,
    /// When this shell began, for `$SECONDS`.
    pub started: Instant,
}

/// Nobody reads what was written.
#[derive(Clone, Copy, Debug)]
pub struct Broken;

impl Context<'_> {
    /// Takes what costs more than a step from what may still be done.
    pub fn spend(&mut self, steps: usize) {
        self.debt += steps.saturating_sub(self.steps);
        self.steps = self.steps.saturating_sub(steps);
    }

    /// Lets something run for so many steps at most, that others have their turn after it.
    pub fn turn<R>(&mut self, most: usize, work: impl FnOnce(&mut Self) -> R) -> R {
        let (kept, owed) = (self.steps, core::mem::take(&mut self.debt));
        let share = kept.min(most);
        self.steps = share;
        let result = work(self);
        let used = share - self.steps + core::mem::take(&mut self.debt);
        (self.steps, self.debt) = (kept, owed);
        self.spend(used);
        result
    }

    /// Writes text to where a descriptor leads.
    pub fn write(&mut self, fds: &Fds, number: u32, text: &str) -> Result<(), Broken> {
        if text.is_empty() {
            return Ok(());
        }
        self.progress += 1;
        match fds.get(number) {
            None | Some(Fd::Null) => {}
            Some(Fd::Screen(stream)) => {
                // A flood of output ends this poll soon.
                self.spend(text.len() / 256);
                self.output.write(*stream, text);
            }
            Some(Fd::Pipe(TERMINAL)) => self.output.write(Stream::Out, text),
            Some(Fd::Pipe(id)) => match self.pipes.get(*id) {
                Some(end) if !end.broken && end.pipe.len() < MAX_PIPE_BYTES => {
                    end.pipe.write(text);
                    self.spend(text.len() / 64);
                }
                _ => return Err(Broken),
            },
            Some(Fd::File(path)) => {
                let path = path.clone();
                let mtime = i64::try_from(self.now.0).unwrap_or(i64::MAX);
                if let Err(error) = self.fs.append(&path, text, mtime)
                    && number != 2
                {
                    let message = alloc::format!("bash: write error: {}\n", error.text());
                    self.write(fds, 2, &message).ok();
                    return Err(Broken);
                }
            }
        }
        Ok(())
    }

    /// Lets something run with an `Io` on these descriptors, then sends its output where they lead.
    pub fn with_io<R>(&mut self, env: &Env, cwd: &str, fds: &Fds, work: impl FnOnce(&mut Io<'_>) -> R) -> (R, Result<(), Broken>) {
        let source = match fds.get(0) {
            Some(Fd::Pipe(id)) => Some(*id),
            _ => None,
        };
        let mut stdin = match source {
            Some(id) => self.pipes.get(id).map_or_else(Pipe::empty, |end| core::mem::take(&mut end.pipe)),
            None => Pipe::empty(),
        };
        let before = stdin.len();
        let mut output = Output::default();
        let context = ProcessContext {
            now: self.now,
            stdin: &mut stdin,
            output: &mut output,
            env,
            fs: self.fs,
            cwd,
            stdin_is_terminal: self.terminal && source == Some(TERMINAL),
            stdout_is_terminal: self.terminal && matches!(fds.get(1), Some(Fd::Screen(_))),
            nesting: self.nesting,
        };
        let mut io = Io { context, host: self.host };
        let result = work(&mut io);
        if stdin.len() != before {
            self.progress += 1;
        }
        if let Some(end) = source.and_then(|id| self.pipes.get(id)) {
            end.pipe = stdin;
        }
        let sent = self.send(fds, output.take());
        (result, sent)
    }

    fn send(&mut self, fds: &Fds, chunks: Vec<Chunk>) -> Result<(), Broken> {
        let mut result = Ok(());
        for chunk in chunks {
            let number = match chunk.stream {
                Stream::Out => 1,
                Stream::Err => 2,
            };
            if self.write(fds, number, &chunk.text).is_err() {
                result = Err(Broken);
            }
        }
        result
    }

    /// The time to write into files.
    pub fn mtime(&self) -> i64 {
        i64::try_from(self.now.0).unwrap_or(i64::MAX)
    }

    /// Writes a shell's message, with its newline.
    pub fn complain(&mut self, fds: &Fds, message: &str) {
        let mut line = String::from(message);
        line.push('\n');
        self.write(fds, 2, &line).ok();
    }
}
