//! A shell: takes lines, runs them, and can be cloned at any moment. One per terminal tab; also the inside of
//! `sh` in a container (`nested`).

use alloc::collections::{BTreeMap, VecDeque};
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::context::Context;
use super::fds::{Pipes, TERMINAL};
use super::lex::Aliases;
use super::process::{Env, Host, INTERRUPTED, Output, Pipe, Stream, Wake};
use super::setup::Setup;
use super::task::{Frame, Globbing, Options, Run, State, Task};
use super::vars::Vars;
use crate::text::fs::FileSystem;
use crate::time::Instant;

/// How many steps of the machine one poll may take: a loop that never waits gives way to the page after these.
const STEPS_PER_POLL: usize = 5_000;
/// The longest text that may wait to be run.
pub(super) const MAX_PENDING_BYTES: usize = 4 * 1024 * 1024;

/// Variables that bash sets itself.
const OWN: &[(&str, &str)] = &[
    ("BASH", "/bin/bash"),
    ("BASH_VERSION", "5.2.21(1)-release"),
    ("EUID", "0"),
    ("HOSTNAME", "m-k8s"),
    ("HOSTTYPE", "x86_64"),
    ("OPTIND", "1"),
    ("OSTYPE", "linux-gnu"),
    ("PPID", "999"),
    ("SHLVL", "1"),
    ("UID", "0"),
];

/// What a shell is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShellState {
    /// It waits for a line.
    Ready,
    /// It waits for the rest of a line: an open quote, a loop without `done`, a here-document.
    More,
    /// Something runs in the foreground.
    Running,
    /// `exit`, or the end of its input, with this code.
    Exited(i32),
}

/// The answer of a poll.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShellStatus {
    /// What it is doing.
    pub state: ShellState,
    /// When to poll again; background jobs count too. `None`: only after a new line.
    pub wake: Option<Wake>,
}

/// A shell. See the module's comment.
#[derive(Clone)]
pub struct Shell {
    pub(super) root: Task,
    pub(super) pipes: Pipes,
    pub(super) queue: VecDeque<String>,
    pub(super) pending: String,
    pub(super) line: usize,
    pub(super) wants_more: bool,
    /// The line that a here-document ends with, while more is wanted for it, and whether tabs before it do not count.
    pub(super) awaits: Option<(String, bool)>,
    pub(super) reads_input: bool,
    started: Option<Instant>,
    state: ShellState,
    nesting: u32,
    /// The end of input was meant for the command that runs; the terminal goes on after it.
    pub(super) lent_end: bool,
    /// A line was read since jobs were last reported.
    pub(super) prompt_due: bool,
}

impl Shell {
    /// A shell that has not begun.
    pub fn new(setup: Setup) -> Shell {
        let mut vars = Vars::default();
        for (name, value) in setup.env.iter() {
            vars.set(name, value);
            vars.export(name);
        }
        vars.set("PWD", &setup.cwd);
        vars.export("PWD");
        vars.seed_random(setup.seed);
        for (name, value) in OWN.iter().filter(|_| !setup.posix) {
            if !vars.is_set(name) {
                vars.set(name, value);
            }
        }
        let mut aliases = Aliases::new();
        if setup.interactive && !setup.posix {
            aliases.insert(Rc::from("ll"), Rc::from("ls -alF"));
            aliases.insert(Rc::from("la"), Rc::from("ls -A"));
        }
        let state = State {
            vars,
            args: setup.args.iter().map(|arg| Rc::from(arg.as_str())).collect(),
            name: Rc::from(setup.name.as_str()),
            cwd: Rc::from(setup.cwd.as_str()),
            aliases: Rc::new(aliases),
            completes: Rc::default(),
            functions: Rc::new(BTreeMap::new()),
            status: 0,
            options: Options {
                interactive: setup.interactive,
                person: setup.interactive,
                posix: setup.posix,
                busybox: setup.busybox,
                ..Options::default()
            },
            pid: setup.pid,
            last_job: None,
            next_pid: setup.pid.saturating_add(1),
            history: Rc::default(),
            traps: Rc::default(),
            pipe_status: Vec::new(),
            piped: false,
            line: 1,
            letter: 0,
            dirs: Vec::new(),
            globbing: Globbing::default(),
        };
        let mut pipes = Pipes::new();
        if !setup.reads_input {
            pipes.close(TERMINAL);
        }
        Shell {
            root: Task::new(state),
            pipes,
            queue: VecDeque::new(),
            pending: String::new(),
            line: 1,
            wants_more: false,
            awaits: None,
            reads_input: setup.reads_input,
            started: None,
            state: ShellState::Ready,
            nesting: 0,
            lent_end: false,
            prompt_due: false,
        }
    }

    /// Gives the shell a line (or several). At a terminal it is input: a running command that reads gets it.
    pub fn run_line(&mut self, line: &str) {
        let mut text = String::from(line);
        if !text.ends_with('\n') {
            text.push('\n');
        }
        if self.reads_input {
            self.input(&text);
        } else {
            self.queue.push_back(text);
        }
    }

    /// Adds to the terminal's input as it is.
    pub fn input(&mut self, text: &str) {
        if let Some(end) = self.pipes.get(TERMINAL)
            && end.pipe.len().saturating_add(text.len()) <= MAX_PENDING_BYTES
        {
            end.pipe.write(text);
        }
    }

    /// Ctrl-D on an empty line: the end of input, for a command that reads or for the shell itself.
    pub fn end_of_input(&mut self) {
        self.lent_end = self.state == ShellState::Running;
        self.pipes.close(TERMINAL);
    }

    /// Ctrl-C.
    pub fn interrupt(&mut self, now: Instant, fs: &mut FileSystem, host: &mut dyn Host, output: &mut Output) {
        self.pending.clear();
        self.queue.clear();
        self.wants_more = false;
        let was_idle = self.root.is_idle();
        self.with_context(now, fs, host, output, |root, cx| {
            if !was_idle {
                root.interrupt(cx);
            } else {
                root.state.status = INTERRUPTED;
            }
        });
        if let Some(end) = self.pipes.get(TERMINAL).filter(|_| self.root.is_idle()) {
            end.pipe.take();
        }
    }

    /// `$?`
    pub fn last_status(&self) -> i32 {
        self.root.exit_status()
    }

    /// The current directory.
    pub fn cwd(&self) -> &str {
        &self.root.state.cwd
    }

    /// Exported variables.
    pub fn env(&self) -> &Env {
        self.root.state.vars.env()
    }

    /// A variable's value, exported or not.
    pub fn variable(&self, name: &str) -> Option<Rc<str>> {
        self.root.state.vars.get(name)
    }

    /// Sets a variable, as an assignment does.
    pub fn set_variable(&mut self, name: &str, value: &str, export: bool) {
        self.root.state.vars.set(name, value);
        if export {
            self.root.state.vars.export(name);
        }
    }

    /// Sets an alias, as `alias` does.
    pub fn set_alias(&mut self, name: &str, value: &str) {
        Rc::make_mut(&mut self.root.state.aliases).insert(Rc::from(name), Rc::from(value));
    }

    /// Names of aliases, functions and variables, for completion.
    pub fn known(&self) -> &State {
        &self.root.state
    }

    /// Lines typed so far, oldest first.
    pub fn history(&self) -> &[Rc<str>] {
        &self.root.state.history
    }

    /// Whether background jobs are still going.
    pub fn has_background_jobs(&self) -> bool {
        self.root.has_live_jobs()
    }

    /// What the shell was doing at the last poll.
    pub fn state(&self) -> ShellState {
        self.state
    }

    /// What stands before the cursor: `root@m-k8s:~# `, or `> ` for the rest of a line.
    pub fn prompt(&self, host: &dyn Host) -> String {
        if self.wants_more {
            return String::from("> ");
        }
        let cwd = self.cwd();
        let home = self.root.state.vars.get("HOME");
        let home = home.as_deref().unwrap_or("/root");
        let shown = match cwd.strip_prefix(home) {
            Some("") => String::from("~"),
            Some(rest) if rest.starts_with('/') && home.len() > 1 => alloc::format!("~{rest}"),
            _ => String::from(cwd),
        };
        if self.root.state.options.posix {
            return alloc::format!("{cwd} # ");
        }
        alloc::format!("root@{}:{shown}# ", host.hostname())
    }

    /// Runs until it waits for something, has nothing to do, or has done enough for one poll.
    pub fn poll(&mut self, now: Instant, fs: &mut FileSystem, host: &mut dyn Host, output: &mut Output) -> ShellStatus {
        self.read_rc(fs);
        let mut steps = STEPS_PER_POLL;
        let status = loop {
            if let Some(code) = self.root.exited.filter(|_| self.root.is_idle()) {
                self.with_context(now, fs, host, output, |root, cx| root.end(cx));
                break ShellStatus { state: ShellState::Exited(code), wake: None };
            }
            let (run, left) = self.with_context(now, fs, host, output, |root, cx| {
                cx.steps = steps;
                (root.run(cx), cx.steps)
            });
            steps = left;
            if let Run::Wait(wake) = run {
                let wake = match wake {
                    Wake::At(at) if at <= now => Wake::At(Instant(now.0.saturating_add(1))),
                    Wake::AtOrChange(at) if at <= now => Wake::AtOrChange(Instant(now.0.saturating_add(1))),
                    other => other,
                };
                break ShellStatus { state: ShellState::Running, wake: Some(wake) };
            }
            if self.root.exited.is_some() {
                continue;
            }
            if steps == 0 {
                break ShellStatus { state: ShellState::Running, wake: Some(Wake::At(Instant(now.0.saturating_add(1)))) };
            }
            steps -= 1;
            if let Some(state) = self.next_command(output) {
                let wake = self.with_context(now, fs, host, output, |root, cx| root.poll_jobs(cx));
                break ShellStatus { state, wake };
            }
        };
        self.state = status.state;
        status
    }

    /// What an interactive bash does before anything else: the commands of `~/.bashrc`.
    fn read_rc(&mut self, fs: &FileSystem) {
        let state = &self.root.state;
        if self.started.is_some() || !state.options.interactive || state.options.posix {
            return;
        }
        let home = state.vars.get("HOME").unwrap_or_default();
        if let Ok(text) = fs.read(&[&home, "/.bashrc"].concat()) {
            self.root.push(Frame::Source { text: String::clone(&text), line: 1 });
        }
    }

    pub(super) fn report_jobs(&mut self, output: &mut Output) {
        if !self.root.state.options.interactive || !core::mem::take(&mut self.prompt_due) {
            return;
        }
        for line in super::jobs::finished(&mut self.root) {
            output.write(Stream::Err, &line);
        }
    }

    pub(super) fn set_nesting(&mut self, nesting: u32) {
        self.nesting = nesting;
    }

    /// Puts another pipe in the place of the terminal's input, and answers the one that was there.
    pub(super) fn swap_input(&mut self, pipe: Pipe) -> Pipe {
        match self.pipes.get(TERMINAL) {
            Some(end) => core::mem::replace(&mut end.pipe, pipe),
            None => pipe,
        }
    }

    /// Ends everything that runs.
    pub fn end(&mut self, now: Instant, fs: &mut FileSystem, host: &mut dyn Host) {
        let mut output = Output::default();
        self.with_context(now, fs, host, &mut output, |root, cx| root.end(cx));
    }

    fn with_context<R>(
        &mut self,
        now: Instant,
        fs: &mut FileSystem,
        host: &mut dyn Host,
        output: &mut Output,
        work: impl FnOnce(&mut Task, &mut Context<'_>) -> R,
    ) -> R {
        let started = *self.started.get_or_insert(now);
        let live = self.root.count();
        let mut cx = Context {
            now,
            fs,
            host,
            output,
            pipes: &mut self.pipes,
            terminal: self.root.state.options.interactive,
            steps: STEPS_PER_POLL,
            debt: 0,
            progress: 0,
            live,
            nesting: self.nesting,
            started,
        };
        work(&mut self.root, &mut cx)
    }
}
