//! What runs in a shell: processes that are polled and never block, the pipes between them, and the host,
//! which is everything outside the shell. No process knows the session; no value here knows kubectl.
//!
//! The whole of it is cloneable in the middle (a checkpoint is a clone), so nothing is shared by reference:
//! processes are boxed and clone themselves, pipes are owned by the shell, files are structurally shared.
//!
//! How a program that is not the shell's own comes in (`kubectl`, `curl`, `ping`):
//! the shell calls [`Host::start`]; the host either answers at once (writes to `io`, returns
//! [`Started::Done`]) or returns [`Started::Run`] with a process. Such a process reaches the API server again
//! in each poll through [`Host::as_any_mut`], which gives back the host's own type.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::any::Any;

use crate::text::fs::FileSystem;
use crate::time::Instant;

/// Exit code of a process that Ctrl-C ended.
pub const INTERRUPTED: i32 = 130;
/// Exit code of a process that wrote to a pipe nobody reads.
pub const BROKEN_PIPE: i32 = 141;
/// The most bytes a pipe holds before its writer has to wait.
pub const PIPE_BYTES: usize = 64 * 1024;

/// A program that is running. See the module's comment.
pub trait Process {
    /// Does what can be done now and says whether it is over or what it waits for.
    fn poll(&mut self, io: &mut Io<'_>) -> Poll;

    /// This process as it is now, for a checkpoint.
    fn boxed_clone(&self) -> Box<dyn Process>;

    /// Ctrl-C. By default the process dies with code 130; one that lives on (a shell in a container, which
    /// only drops its line) notes it and says so, and is polled again.
    fn interrupt(&mut self) -> OnInterrupt {
        OnInterrupt::Dies
    }

    /// Called when the process is dropped before it was done: interrupted, timed out, or its reader went away.
    /// What it registered with the host goes here.
    fn abandon(&mut self, host: &mut dyn Host) {
        let _ = host;
    }
}

impl Clone for Box<dyn Process> {
    fn clone(&self) -> Self {
        (**self).boxed_clone()
    }
}

/// What Ctrl-C does to a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnInterrupt {
    /// It is over, with code 130.
    Dies,
    /// It has taken notice and goes on.
    Handled,
}

/// The answer of one poll.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Poll {
    /// It has ended with this exit code.
    Done(i32),
    /// Nothing more can be done before this.
    Wait(Wake),
}

/// What a pending process waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// A moment. Not later than now means: poll again as soon as others have had their turn.
    At(Instant),
    /// A change in the cluster, or input.
    Change,
    /// A change or input, but not longer than until this moment.
    AtOrChange(Instant),
    /// Something to read, or its end.
    Input,
}

impl Wake {
    /// The moment at which to poll at the latest, if there is one.
    pub fn at(self) -> Option<Instant> {
        match self {
            Wake::At(at) | Wake::AtOrChange(at) => Some(at),
            Wake::Change | Wake::Input => None,
        }
    }

    /// Whether a change in the cluster is a reason to poll.
    pub fn on_change(self) -> bool {
        matches!(self, Wake::Change | Wake::AtOrChange(_))
    }

    /// The earlier of two reasons to wake, for something that waits for both.
    pub fn or(self, other: Wake) -> Wake {
        let at = match (self.at(), other.at()) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
        match (at, self.on_change() || other.on_change()) {
            (Some(at), true) => Wake::AtOrChange(at),
            (Some(at), false) => Wake::At(at),
            (None, true) => Wake::Change,
            (None, false) => Wake::Input,
        }
    }
}

/// Where text goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

/// A piece of output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Standard output or error.
    pub stream: Stream,
    /// What was written.
    pub text: String,
}

/// What has been written, in order over both streams.
#[derive(Clone, Debug, Default)]
pub struct Output {
    chunks: Vec<Chunk>,
}

impl Output {
    /// Adds text to a stream.
    pub fn write(&mut self, stream: Stream, text: &str) {
        if text.is_empty() {
            return;
        }
        match self.chunks.last_mut() {
            Some(last) if last.stream == stream => last.text.push_str(text),
            _ => self.chunks.push(Chunk { stream, text: String::from(text) }),
        }
    }

    /// Takes all that was written so far.
    pub fn take(&mut self) -> Vec<Chunk> {
        core::mem::take(&mut self.chunks)
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// Everything written to one stream, for tests and for callers that need it whole.
    pub fn text(&self, stream: Stream) -> String {
        self.chunks.iter().filter(|chunk| chunk.stream == stream).map(|chunk| chunk.text.as_str()).collect()
    }
}

/// Text on its way from a writer to a reader. The terminal's input, a file being read and what stands between
/// two commands of a pipeline are all pipes.
#[derive(Clone, Debug, Default)]
pub struct Pipe {
    text: String,
    /// Bytes at the front that have been read.
    read: usize,
    closed: bool,
}

impl Pipe {
    /// A pipe whose writer may still write.
    pub fn open() -> Pipe {
        Pipe::default()
    }

    /// A pipe that holds `text` and then ends.
    pub fn holding(text: String) -> Pipe {
        Pipe { text, read: 0, closed: true }
    }

    /// A pipe that has ended: reading `/dev/null`.
    pub fn empty() -> Pipe {
        Pipe::holding(String::new())
    }

    /// Adds text at the writer's end.
    pub fn write(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Says that nothing more will be written.
    pub fn close(&mut self) {
        self.closed = true;
    }

    /// Undoes `close`: the terminal's input after Ctrl-D.
    pub fn reopen(&mut self) {
        self.closed = false;
    }

    /// What there is to read, without taking it.
    pub fn peek(&self) -> &str {
        self.text.get(self.read..).unwrap_or_default()
    }

    /// Bytes that can be read now.
    pub fn len(&self) -> usize {
        self.text.len().saturating_sub(self.read)
    }

    /// Whether there is nothing to read now.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether everything was read and nothing more will come.
    pub fn is_eof(&self) -> bool {
        self.closed && self.is_empty()
    }

    /// Whether the writer has ended; there may still be text to read.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Takes all there is now.
    pub fn take(&mut self) -> String {
        let text = String::from(self.peek());
        self.text.clear();
        self.read = 0;
        text
    }

    /// Takes everything once the writer has ended; until then nothing.
    pub fn take_all(&mut self) -> Option<String> {
        self.closed.then(|| self.take())
    }

    /// Takes a line, with its newline unless it is the last and has none; `None` if no whole line is there yet.
    pub fn take_line(&mut self) -> Option<String> {
        let rest = self.peek();
        let end = match rest.find('\n') {
            Some(at) => at + 1,
            None if self.closed && !rest.is_empty() => rest.len(),
            None => return None,
        };
        let line = String::from(rest.get(..end)?);
        self.read += end;
        if self.read >= self.text.len() {
            self.text.clear();
            self.read = 0;
        } else if self.read > PIPE_BYTES {
            self.text.drain(..self.read);
            self.read = 0;
        }
        Some(line)
    }
}

/// Exported variables.
#[derive(Clone, Debug, Default)]
pub struct Env(Rc<BTreeMap<Rc<str>, Rc<str>>>);

impl Env {
    /// The value of a variable.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| &**value)
    }

    /// Sets a variable.
    pub fn set(&mut self, name: &str, value: &str) {
        Rc::make_mut(&mut self.0).insert(Rc::from(name), Rc::from(value));
    }

    /// Takes a variable away.
    pub fn remove(&mut self, name: &str) {
        Rc::make_mut(&mut self.0).remove(name);
    }

    /// All variables, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }
}

/// What a process has in its hands while it is polled.
pub struct Io<'a> {
    /// The simulated time.
    pub now: Instant,
    /// What it reads. `kubectl apply -f -` waits until `take_all` answers.
    pub stdin: &'a mut Pipe,
    /// What it writes, in order; see [`Io::out`] and [`Io::err`].
    pub output: &'a mut Output,
    /// Its environment: `KUBECONFIG`, `KUBE_EDITOR`, `HOME`.
    pub env: &'a Env,
    /// Its files.
    pub fs: &'a mut FileSystem,
    /// The directory it runs in, absolute.
    pub cwd: &'a str,
    /// Whether what it reads comes from a terminal.
    pub stdin_is_terminal: bool,
    /// Whether what it writes goes to a terminal.
    pub stdout_is_terminal: bool,
    /// How many programs have started one another to get here; see [`MAX_NESTING`].
    pub nesting: u32,
    /// The world outside the shell.
    pub host: &'a mut dyn Host,
}

/// How deep programs may start programs (`xargs sh -c 'watch …'`).
pub const MAX_NESTING: u32 = 16;

impl Io<'_> {
    /// Writes to standard output.
    pub fn out(&mut self, text: &str) {
        self.output.write(Stream::Out, text);
    }

    /// Writes to standard error.
    pub fn err(&mut self, text: &str) {
        self.output.write(Stream::Err, text);
    }

    /// `path` made absolute from the current directory.
    pub fn path(&self, path: &str) -> String {
        crate::text::fs::resolve(self.cwd, path)
    }

    /// The time to write into files.
    pub fn mtime(&self) -> i64 {
        i64::try_from(self.now.0).unwrap_or(i64::MAX)
    }
}

/// What starting a program gave.
#[derive(Clone)]
pub enum Started {
    /// It is over already, with this exit code; what it wrote is in the `Io`.
    Done(i32),
    /// It runs and is to be polled.
    Run(Box<dyn Process>),
}

/// The world outside the shell. The session implements it for the terminal; inside containers another one does.
pub trait Host {
    /// Starts a program that the shell does not have itself; `None` means `command not found`.
    /// `args` are without the program's name. Reads and writes through `io`, or returns a process that does so
    /// when it is polled.
    fn start(&mut self, program: &str, args: &[String], io: &mut StartIo<'_>) -> Option<Started>;

    /// The host as its own type, for processes that it made (`downcast_mut`).
    fn as_any_mut(&mut self) -> &mut dyn Any;

    /// Names of the programs `start` knows, for completion, `type` and `help`, each with a line of help.
    fn programs(&self) -> Vec<(&'static str, &'static str)> {
        Vec::new()
    }

    /// Whether `start` would know this program.
    fn has_program(&self, program: &str) -> bool {
        self.programs().iter().any(|(name, _)| *name == program)
    }

    /// Whether the shell's own tool of this name is to be found here; a lean image has few.
    fn has_tool(&self, tool: &str) -> bool {
        let _ = tool;
        true
    }

    /// The wall-clock time that instant 0 stands for, in seconds since 1970.
    fn epoch_s(&self) -> i64 {
        0
    }

    /// The network that programs here reach (`curl`, `ping`).
    fn network(&mut self) -> Option<&mut dyn crate::api::network::Network> {
        None
    }

    /// The way into running containers (`kubectl exec`).
    fn inside(&mut self) -> Option<&mut dyn crate::api::runtime::Inside> {
        None
    }

    /// The name of the machine.
    fn hostname(&self) -> &str {
        "m-k8s"
    }

    /// Opens the page's editor on the file at an absolute path and gives it a number; `None` if there is none here.
    fn open_editor(&mut self, title: &str, path: &str) -> Option<u32> {
        let _ = (title, path);
        None
    }

    /// Closes an editor that [`Host::open_editor`] has opened.
    fn close_editor(&mut self, number: u32) {
        let _ = number;
    }

    /// Words that may come next for a program of the host, given all words up to the one being typed
    /// (`kubectl __complete`); what a word is may follow it after a tab.
    fn complete(&mut self, words: &[String], cwd: &str) -> Vec<String> {
        let _ = (words, cwd);
        Vec::new()
    }
}

/// [`Io`] without the host, which is the one being asked.
pub struct StartIo<'a> {
    /// The simulated time.
    pub now: Instant,
    /// What the program reads.
    pub stdin: &'a mut Pipe,
    /// What it writes.
    pub output: &'a mut Output,
    /// Its environment.
    pub env: &'a Env,
    /// Its files.
    pub fs: &'a mut FileSystem,
    /// The directory it runs in, absolute.
    pub cwd: &'a str,
    /// Whether what it reads comes from a terminal.
    pub stdin_is_terminal: bool,
    /// Whether what it writes goes to a terminal.
    pub stdout_is_terminal: bool,
    /// See [`Io::nesting`].
    pub nesting: u32,
}

impl StartIo<'_> {
    /// Writes to standard output.
    pub fn out(&mut self, text: &str) {
        self.output.write(Stream::Out, text);
    }

    /// Writes to standard error.
    pub fn err(&mut self, text: &str) {
        self.output.write(Stream::Err, text);
    }
}

impl<'a> Io<'a> {
    /// Asks the host to start a program with what this process has in its hands.
    pub fn start_on_host(&mut self, program: &str, args: &[String]) -> Option<Started> {
        let mut io = StartIo {
            now: self.now,
            stdin: self.stdin,
            output: self.output,
            env: self.env,
            fs: self.fs,
            cwd: self.cwd,
            stdin_is_terminal: self.stdin_is_terminal,
            stdout_is_terminal: self.stdout_is_terminal,
            nesting: self.nesting,
        };
        self.host.start(program, args, &mut io)
    }
}
