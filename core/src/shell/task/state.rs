//! What a shell remembers between commands, and what `set` switches: the part of it that a subshell gets a copy of.
//! Never: what is running (`Task`).

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::vec::Vec;

use crate::shell::ast::Command;
use crate::shell::lex::Aliases;
use crate::shell::vars::Vars;

/// The part of a shell that a subshell gets a copy of.
#[derive(Clone)]
pub struct State {
    /// Variables.
    pub vars: Vars,
    /// `$1` and on.
    pub args: Rc<[Rc<str>]>,
    /// `$0`, and what messages begin with.
    pub name: Rc<str>,
    /// The current directory, absolute.
    pub cwd: Rc<str>,
    /// Names for command lines.
    pub aliases: Rc<Aliases>,
    /// How the words of commands are completed: what `complete` was told of each.
    pub completes: Rc<Aliases>,
    /// Functions.
    pub functions: Rc<BTreeMap<Rc<str>, Rc<Command>>>,
    /// `$?`
    pub status: i32,
    /// `set -e` and its kind.
    pub options: Options,
    /// `$$`
    pub pid: u32,
    /// `$!`
    pub last_job: Option<u32>,
    /// Numbers given to jobs as process ids.
    pub next_pid: u32,
    /// Lines that were typed.
    pub history: Rc<Vec<Rc<str>>>,
    /// What to run on a signal or at the end, by its name without `SIG`.
    pub traps: Rc<BTreeMap<Rc<str>, Rc<str>>>,
    /// `$PIPESTATUS`
    pub pipe_status: Vec<i32>,
    /// It is that of the pipeline that is ending.
    pub piped: bool,
    /// `$LINENO`, and the line that messages name.
    pub line: usize,
    /// How far `getopts` has come within a word of letters.
    pub letter: usize,
    /// The directories that `pushd` has left.
    pub dirs: Vec<Rc<str>>,
    /// What `shopt` switches.
    pub globbing: Globbing,
}

/// What `shopt` switches for patterns.
#[derive(Clone, Copy, Debug, Default)]
pub struct Globbing {
    /// A pattern that matches nothing stands for nothing.
    pub null: bool,
    /// A pattern that matches nothing is an error.
    pub fail: bool,
    /// Patterns match names that begin with a dot.
    pub dot: bool,
    /// Upper and lower case are the same in `case` and `[[ ]]`.
    pub no_case: bool,
}

/// What `set` switches.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// `-e`
    pub errexit: bool,
    /// `-x`
    pub xtrace: bool,
    /// `-u`
    pub nounset: bool,
    /// `-f`
    pub noglob: bool,
    /// `-o pipefail`
    pub pipefail: bool,
    /// `-a`: what is set is exported.
    pub allexport: bool,
    /// It reads what a person types: job notices, aliases, and errors do not end it.
    pub interactive: bool,
    /// Messages are for a person at a terminal, also those of its subshells.
    pub person: bool,
    /// A container's `sh` instead of bash: other messages.
    pub posix: bool,
    /// With `posix`: it is the `sh` of BusyBox, else dash.
    pub busybox: bool,
}
