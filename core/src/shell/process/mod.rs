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

mod host;
mod output;
mod pipe;
mod wake;

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::String;
use core::ops::{Deref, DerefMut};

use crate::text::fs::FileSystem;
use crate::time::Instant;

pub use host::{Host, Started};
pub use output::{Chunk, Output, Stream};
pub use pipe::{PIPE_BYTES, Pipe};
pub use wake::Wake;

/// Exit code of a process that Ctrl-C ended.
pub const INTERRUPTED: i32 = 130;
/// Exit code of a process that wrote to a pipe nobody reads.
pub const BROKEN_PIPE: i32 = 141;
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

/// What a process has in its hands: its streams, its environment and its files.
pub struct ProcessContext<'a> {
    /// The simulated time.
    pub now: Instant,
    /// What it reads. `kubectl apply -f -` waits until `take_all` answers.
    pub stdin: &'a mut Pipe,
    /// What it writes, in order; see [`ProcessContext::out`] and [`ProcessContext::err`].
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
}

/// How deep programs may start programs (`xargs sh -c 'watch …'`).
pub const MAX_NESTING: u32 = 16;

impl ProcessContext<'_> {
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

/// A process's context and the world outside the shell, while it is polled.
pub struct Io<'a> {
    /// What it has in its hands. Its fields are those of [`Io`] too.
    pub context: ProcessContext<'a>,
    /// The world outside the shell.
    pub host: &'a mut dyn Host,
}

impl<'a> Deref for Io<'a> {
    type Target = ProcessContext<'a>;

    fn deref(&self) -> &ProcessContext<'a> {
        &self.context
    }
}

impl<'a> DerefMut for Io<'a> {
    fn deref_mut(&mut self) -> &mut ProcessContext<'a> {
        &mut self.context
    }
}

impl Io<'_> {
    /// The same with another environment.
    pub fn with_env<'b>(&'b mut self, env: &'b Env) -> Io<'b> {
        let mut io = self.again();
        io.context.env = env;
        io
    }

    /// The same for a process within this one, which reads and writes elsewhere and sees no terminal.
    pub fn within<'b>(&'b mut self, stdin: &'b mut Pipe, output: &'b mut Output) -> Io<'b> {
        let nesting = self.nesting + 1;
        let Io { context, host } = self.again();
        Io { context: ProcessContext { stdin, output, stdin_is_terminal: false, stdout_is_terminal: false, nesting, ..context }, host }
    }

    /// The same with something else to read than a terminal.
    pub fn reading<'b>(&'b mut self, stdin: &'b mut Pipe) -> Io<'b> {
        let mut io = self.again();
        (io.context.stdin, io.context.stdin_is_terminal) = (stdin, false);
        io
    }

    /// Asks the host to start a program with what this one has in its hands.
    pub fn start_on_host(&mut self, program: &str, args: &[String]) -> Option<Started> {
        self.host.start(program, args, &mut self.context)
    }

    /// The same for a shorter time.
    fn again(&mut self) -> Io<'_> {
        let context = &mut self.context;
        Io { context: ProcessContext { stdin: context.stdin, output: context.output, fs: context.fs, ..*context }, host: self.host }
    }
}
