//! Small tools of the shell, one file each behind one table. They know text and files, never the cluster.

pub mod args;
pub mod help;
pub mod lines;

mod cat;
mod copy;
mod dirs;
mod echo;
mod grep;
mod head;
mod listing;
mod printf;
mod remove;
mod run;
mod sed;
mod sed_script;
mod seq;
mod sort;
mod test;
mod touch;
mod uniq;
mod wc;
mod words;

use alloc::string::String;

use super::process::{Host, Io, Started};

/// Begins a tool.
pub type Start = fn(&[String], &mut Io<'_>) -> Started;

/// A tool: its name, a line of help, and how it begins.
pub struct Tool {
    /// The word typed.
    pub name: &'static str,
    /// How it is called.
    pub usage: &'static str,
    /// What it does, in a few words.
    pub summary: &'static str,
    /// Where it is said to lie.
    pub dir: &'static str,
    start: Start,
}

const fn tool(name: &'static str, usage: &'static str, summary: &'static str, start: Start) -> Tool {
    Tool { name, usage, summary, dir: "/usr/bin/", start }
}

/// All tools, by name.
pub const TABLE: &[Tool] = &[
    tool("[", "EXPRESSION ]", "evaluate a condition", test::bracket),
    tool("basename", "NAME [SUFFIX]", "the last part of a path", words::basename),
    tool("bash", "[-c LINE | FILE] [ARG]...", "a shell in the shell", run::bash),
    tool("cat", "[-nbsA] [FILE]...", "show files one after another", cat::start),
    tool("cp", "[-r] SOURCE... DEST", "copy files", copy::cp),
    tool("dirname", "NAME...", "a path without its last part", words::dirname),
    tool("echo", "[-neE] [WORD]...", "show words", echo::start),
    tool("egrep", "PATTERN [FILE]...", "grep -E", grep::egrep),
    tool("env", "[NAME=VALUE]... [COMMAND]", "show or change what programs are given", run::env),
    tool("false", "", "fail", |_, _| Started::Done(1)),
    tool("fgrep", "TEXT [FILE]...", "grep -F", grep::fgrep),
    tool("grep", "[-ivcnowqlLhHrEFx] [-A N] [-B N] [-C N] [-m N] PATTERN [FILE]...", "show lines that match", grep::start),
    tool("head", "[-n N | -c N] [FILE]...", "show the first lines", head::head),
    tool("ls", "[-alAR1dhrtS] [FILE]...", "list files", listing::start),
    tool("mkdir", "[-p] DIRECTORY...", "make directories", dirs::mkdir),
    tool("mv", "SOURCE... DEST", "move or rename files", copy::mv),
    tool("printenv", "[NAME]...", "show what programs are given", run::printenv),
    tool("printf", "FORMAT [ARGUMENT]...", "show formatted text", printf::start),
    tool("pwd", "", "the current directory", words::pwd),
    tool("rm", "[-rf] FILE...", "remove files", remove::start),
    tool("rmdir", "DIRECTORY...", "remove empty directories", dirs::rmdir),
    tool("sed", "[-nEi] SCRIPT [FILE]...", "edit text line by line", sed::start),
    tool("seq", "[FIRST [STEP]] LAST", "count", seq::start),
    tool("sh", "[-c LINE | FILE] [ARG]...", "a shell in the shell", run::sh),
    tool("sleep", "DURATION...", "wait", run::sleep),
    tool("sort", "[-nruhVfbs] [-k KEY] [-t CHAR] [FILE]...", "sort lines", sort::start),
    tool("tail", "[-n N | -c N] [-f] [FILE]...", "show the last lines", head::tail),
    tool("test", "EXPRESSION", "evaluate a condition", test::start),
    tool("timeout", "DURATION COMMAND...", "run a command for a limited time", run::timeout),
    tool("touch", "FILE...", "make files or renew their time", touch::start),
    tool("true", "", "succeed", |_, _| Started::Done(0)),
    tool("uniq", "[-cdui] [FILE]", "drop repeated lines", uniq::start),
    tool("wc", "[-lwcm] [FILE]...", "count lines, words and bytes", wc::start),
];

/// A tool by name.
pub fn find(name: &str) -> Option<&'static Tool> {
    TABLE.binary_search_by(|tool| tool.name.cmp(name)).ok().and_then(|at| TABLE.get(at))
}

/// Starts a tool or a program of the host; `None` if neither knows the name.
pub fn start(name: &str, args: &[String], io: &mut Io<'_>) -> Option<Started> {
    if let Some(tool) = find(name).filter(|tool| io.host.has_tool(tool.name)) {
        if args.first().is_some_and(|arg| arg == "--help") && !matches!(name, "echo" | "[" | "test" | "printf") {
            io.out(&help::of_tool(tool));
            return Some(Started::Done(0));
        }
        return Some((tool.start)(args, io));
    }
    io.start_on_host(name, args)
}

/// Whether [`start`] would find something.
pub fn knows(name: &str, host: &dyn Host) -> bool {
    find(name).is_some_and(|tool| host.has_tool(tool.name)) || host.has_program(name)
}

/// Where a program is said to lie.
pub fn path_of(name: &str, host: &dyn Host) -> Option<String> {
    let dir = match find(name).filter(|tool| host.has_tool(tool.name)) {
        Some(tool) => tool.dir,
        None if name == "kubectl" && host.has_program(name) => "/usr/local/bin/",
        None if host.has_program(name) => "/usr/bin/",
        None => return None,
    };
    Some(alloc::format!("{dir}{name}"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_is_sorted() {
        assert!(super::TABLE.windows(2).all(|pair| pair[0].name < pair[1].name));
    }
}
