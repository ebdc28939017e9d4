//! Builtins: commands that change the shell itself. Never: commands that could be programs (`tools`).

mod cd;
mod complete;
mod flow;
mod history;
mod jobs;
mod names;
mod options;
mod set;
mod tools;
mod trap;
mod variables;

use alloc::string::String;

use super::context::Context;
use super::task::Task;

use cd::cd;
use complete::complete;
use flow::{eval, exec, exit, leave, return_, source};
use history::history;
use jobs::{jobs, kill, wait};
use names::{alias, command, type_, unalias};
use options::{getopts, shopt, ulimit, umask};
use set::{set, shift};
use tools::{help, printf, test};
use trap::trap;
use variables::{declare, export, let_, local, readonly, unset};

/// A builtin: `None` if it put work on the stack whose status will be its status.
pub type Builtin = fn(&mut Task, &[String], &mut Context<'_>) -> Option<i32>;

/// All builtins, with a line of help.
pub const TABLE: &[(&str, &str, Builtin)] = &[
    (".", "run the commands of a file here", source),
    (":", "do nothing", |_, _, _| Some(0)),
    ("[", "evaluate a condition", |task, args, cx| test(task, "[", args, cx)),
    ("alias", "give a name to a command line", alias),
    ("bg", "go on in the background", |_, _, _| Some(0)),
    ("break", "leave a loop", |task, args, cx| leave(task, args, false, cx)),
    ("builtin", "run a builtin", command),
    ("cd", "change the directory", cd),
    ("command", "run a command, not a function; -v tells what it is", command),
    ("complete", "say how words are completed", complete),
    ("compopt", "say how words are completed", |_, _, _| Some(0)),
    ("continue", "begin the next round of a loop", |task, args, cx| leave(task, args, true, cx)),
    ("declare", "set variables", declare),
    ("dirs", "directories that were left", |task, _, cx| cd::dirs(task, cx)),
    ("disown", "forget a job", |_, _, _| Some(0)),
    ("eval", "run words as a line", eval),
    ("exec", "run a command in place of the shell", exec),
    ("exit", "leave the shell", exit),
    ("export", "give variables to programs", export),
    ("fg", "wait for a job", wait),
    ("getopts", "take options out of parameters", getopts),
    (
        "hash",
        "forget where programs lie",
        |task, args, cx| if args.is_empty() { out(task, cx, "hash: hash table empty\n") } else { Some(0) },
    ),
    ("help", "what this shell knows", help),
    ("history", "lines typed so far", history),
    ("jobs", "background jobs", jobs),
    ("kill", "end a background job", kill),
    ("let", "arithmetic", let_),
    ("local", "set variables in a function", local),
    ("logout", "leave the shell", |task, args, cx| {
        if task.state.options.interactive { exit(task, args, cx) } else { fail(task, cx, "logout: not login shell: use `exit'", 1) }
    }),
    ("mapfile", "take lines of input into an array", super::read::mapfile),
    ("popd", "go back to a directory that was left", cd::popd),
    ("printf", "show formatted text; -v puts it into a variable", printf),
    ("pushd", "go to a directory and remember this one", cd::pushd),
    ("read", "take a line of input into variables", super::read::start),
    ("readarray", "take lines of input into an array", super::read::mapfile),
    ("readonly", "set variables for good", readonly),
    ("return", "leave a function", return_),
    ("set", "options and parameters", set),
    ("shift", "drop parameters", shift),
    ("shopt", "options for patterns", shopt),
    ("source", "run the commands of a file here", source),
    ("test", "evaluate a condition", |task, args, cx| test(task, "test", args, cx)),
    ("trap", "what to do on a signal, an error, or at the end", trap),
    ("type", "what a command is", type_),
    ("typeset", "set variables", declare),
    ("ulimit", "limits", ulimit),
    ("umask", "permissions of new files", umask),
    ("unalias", "forget aliases", unalias),
    ("unset", "forget variables", unset),
    ("wait", "wait for background jobs", wait),
];

/// A builtin by name.
pub fn find(name: &str) -> Option<Builtin> {
    TABLE.binary_search_by(|(one, ..)| (*one).cmp(name)).ok().and_then(|at| TABLE.get(at)).map(|(_, _, run)| *run)
}

/// Whether the words after this one may be assignments.
pub fn declares(name: &str) -> bool {
    matches!(name, "export" | "local" | "declare" | "readonly" | "typeset" | "alias")
}

fn out(task: &Task, cx: &mut Context<'_>, text: &str) -> Option<i32> {
    match cx.write(&task.fds.clone(), 1, text) {
        Ok(()) => Some(0),
        Err(_) => Some(1),
    }
}

fn fail(task: &mut Task, cx: &mut Context<'_>, message: &str, status: i32) -> Option<i32> {
    task.complain(message, cx);
    Some(status)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_is_sorted() {
        assert!(super::TABLE.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
