//! Small tools of the shell, one file each behind one table. They know text and files, never the cluster.

pub mod args;
pub mod help;
pub mod lines;

mod about;
mod awk;
mod bc;
mod busybox;
mod cat;
mod change;
mod copy;
mod date;
mod dd;
pub mod diff;
mod digest;
mod dirs;
mod dump;
mod echo;
mod editor;
mod encode;
mod expr;
mod fields;
mod find;
mod grep;
mod gzip;
mod head;
mod jq;
mod listing;
pub mod printf;
mod remove;
mod rows;
mod run;
mod sed;
mod seq;
mod sort;
mod stat;
mod tar;
mod tee;
pub mod test;
mod touch;
mod truncate;
mod uniq;
mod watch;
mod wc;
mod when;
mod who;
mod whole;
mod words;
mod xargs;

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
    tool("awk", "[-F SEP] [-v NAME=VALUE] PROGRAM [FILE]...", "work on fields of lines", awk::start),
    tool("base64", "[-d] [-w N] [FILE]", "encode or decode base64", encode::base64),
    tool("basename", "NAME [SUFFIX]", "the last part of a path", words::basename),
    tool("bash", "[-c LINE | FILE] [ARG]...", "a shell in the shell", run::bash),
    tool("bc", "[-l] [FILE]...", "compute with as many places as asked for", bc::bc),
    tool("cat", "[-nbsA] [FILE]...", "show files one after another", cat::start),
    tool("chmod", "MODE FILE...", "change permissions", change::chmod),
    tool("chown", "OWNER FILE...", "change owners", change::chown),
    tool("clear", "", "clear the screen", about::clear),
    tool("cmp", "[-s] FILE [FILE]", "whether files are the same", dd::cmp),
    tool("code", "FILE", "open the editor", |args, io| editor::start("code", args, io)),
    tool("column", "[-t] [-s CHARS] [-o TEXT] [-N NAMES] [FILE]...", "make columns", whole::column),
    tool("comm", "[-123] FILE1 FILE2", "compare sorted files line by line", whole::comm),
    tool("cp", "[-r] SOURCE... DEST", "copy files", copy::cp),
    tool("cut", "-f LIST [-d CHAR] | -c LIST [FILE]...", "show parts of lines", fields::cut),
    tool("dash", "[-c LINE | FILE] [ARG]...", "a shell in the shell", run::sh),
    tool("date", "[-u] [-d WHEN] [+FORMAT]", "show the time of the cluster", date::date),
    tool("dd", "[if=FILE] [of=FILE] [bs=N] [count=N]", "copy blocks", dd::dd),
    tool("diff", "[-uNqr] OLD NEW", "show how files differ", diff::start),
    tool("dirname", "NAME...", "a path without its last part", words::dirname),
    tool("du", "[-sah] [-d N] [FILE]...", "space that files take", stat::du),
    tool("echo", "[-neE] [WORD]...", "show words", echo::start),
    tool("egrep", "PATTERN [FILE]...", "grep -E", grep::egrep),
    tool("env", "[NAME=VALUE]... [COMMAND]", "show or change what programs are given", run::env),
    tool("expr", "EXPRESSION", "compute with words", expr::expr),
    tool("false", "", "fail", |_, _| Started::Done(1)),
    tool("fgrep", "TEXT [FILE]...", "grep -F", grep::fgrep),
    tool("find", "[PATH]... [-name PATTERN] [-type f|d] [-maxdepth N] [-exec COMMAND ;]", "find files", find::find),
    tool("fold", "[-w N] [FILE]...", "break long lines", rows::fold),
    tool("grep", "[-ivcnowqlLhHrEFx] [-A N] [-B N] [-C N] [-m N] PATTERN [FILE]...", "show lines that match", grep::start),
    tool("gunzip", "[-ck] FILE...", "unpack files", gzip::gunzip),
    tool("gzip", "[-cdk] FILE...", "pack files", gzip::gzip),
    tool("hd", "[FILE]...", "hexdump -C", dump::hd),
    tool("head", "[-n N | -c N] [FILE]...", "show the first lines", head::head),
    tool("hexdump", "[-Cbcdxv] [-n N] [-s N] [FILE]...", "show bytes", dump::hexdump),
    tool("hostname", "", "the name of this machine", about::hostname),
    tool("id", "[-u]", "who you are", who::id),
    tool("jq", "[-rcjsne] [--arg NAME VALUE] FILTER [FILE]...", "take JSON apart", jq::start),
    tool("less", "[FILE]...", "show files", cat::start),
    tool("ln", "[-sf] TARGET NAME", "make links", change::ln),
    tool("ls", "[-alAR1dhrtS] [FILE]...", "list files", listing::start),
    tool("man", "NAME", "help for a command", about::man),
    tool("md5sum", "[FILE]...", "checksums", encode::md5sum),
    tool("mkdir", "[-p] DIRECTORY...", "make directories", dirs::mkdir),
    tool("mktemp", "[-d] [-u] [TEMPLATE]", "make a file with a new name", stat::mktemp),
    tool("more", "[FILE]...", "show files", cat::start),
    tool("mv", "SOURCE... DEST", "move or rename files", copy::mv),
    tool("nano", "FILE", "open the editor", |args, io| editor::start("nano", args, io)),
    tool("nl", "[FILE]...", "number lines", rows::nl),
    tool("nohup", "COMMAND...", "run a command that outlives the terminal", run::nohup),
    tool("nproc", "", "how many processors", |_, io| about::say(io, "2")),
    tool("od", "[-cbx] [-A RADIX] [-t FORMAT] [-N N] [-j N] [FILE]...", "show bytes", dump::od),
    tool("paste", "[-s] [-d CHARS] [FILE]...", "join lines", rows::paste),
    tool("printenv", "[NAME]...", "show what programs are given", run::printenv),
    tool("printf", "FORMAT [ARGUMENT]...", "show formatted text", printf::start),
    tool("pwd", "", "the current directory", words::pwd),
    tool("readlink", "[-f] FILE...", "where links lead", stat::readlink),
    tool("realpath", "FILE...", "paths without links", stat::realpath),
    tool("rev", "[FILE]...", "reverse lines", rows::rev),
    tool("rm", "[-rf] FILE...", "remove files", remove::start),
    tool("rmdir", "DIRECTORY...", "remove empty directories", dirs::rmdir),
    tool("sed", "[-nEi] SCRIPT [FILE]...", "edit text line by line", sed::start),
    tool("seq", "[FIRST [STEP]] LAST", "count", seq::start),
    tool("sh", "[-c LINE | FILE] [ARG]...", "a shell in the shell", run::sh),
    tool("sha1sum", "[FILE]...", "checksums", encode::sha1sum),
    tool("sha256sum", "[FILE]...", "checksums", encode::sha256sum),
    tool("shuf", "[-n N] [-i A-B | -e WORD... | FILE]", "lines in another order", whole::shuf),
    tool("sleep", "DURATION...", "wait", run::sleep),
    tool("sort", "[-nruhVfbs] [-k KEY] [-t CHAR] [FILE]...", "sort lines", sort::start),
    tool("stat", "[-c FORMAT] FILE...", "what is known of files", stat::stat),
    tool("sudo", "COMMAND...", "run a command as root, who you are", run::sudo),
    tool("tac", "[FILE]...", "show lines from last to first", rows::tac),
    tool("tail", "[-n N | -c N] [-f] [FILE]...", "show the last lines", head::tail),
    tool("tar", "c|x|t[zvf] [ARCHIVE] [-C DIR] [FILE]...", "archives of files", tar::start),
    tool("tee", "[-a] FILE...", "show input and write it to files", tee::tee),
    tool("test", "EXPRESSION", "evaluate a condition", test::start),
    tool("timeout", "DURATION COMMAND...", "run a command for a limited time", run::timeout),
    tool("touch", "FILE...", "make files or renew their time", touch::start),
    tool("tr", "[-cds] SET1 [SET2]", "replace or delete characters", fields::tr),
    tool("true", "", "succeed", |_, _| Started::Done(0)),
    tool("truncate", "-s [+-]SIZE[K|M|G] FILE...", "make files as long as is said", truncate::start),
    tool("tty", "", "the terminal", about::tty),
    tool("uname", "[-a]", "about this machine", about::uname),
    tool("uniq", "[-cdui] [FILE]", "drop repeated lines", uniq::start),
    tool("vi", "FILE", "open the editor", |args, io| editor::start("vi", args, io)),
    tool("vim", "FILE", "open the editor", |args, io| editor::start("vim", args, io)),
    tool("watch", "[-n SECONDS] [-t] COMMAND", "run a command again and again", watch::watch),
    tool("wc", "[-lwcm] [FILE]...", "count lines, words and bytes", wc::start),
    tool("which", "NAME...", "where programs are", about::which),
    tool("whoami", "", "who you are", who::whoami),
    tool("xargs", "[-n N] [-I WORD] [-r] COMMAND...", "run a command with words from input", xargs::xargs),
    tool("xxd", "[-prbiu] [-l N] [-s N] [-c N] [FILE]", "show bytes", dump::xxd),
    tool("yes", "[WORD]...", "say yes for ever", tee::yes),
    tool("zcat", "FILE...", "show packed files", gzip::zcat),
];

/// A tool by name.
pub fn find(name: &str) -> Option<&'static Tool> {
    TABLE.binary_search_by(|tool| tool.name.cmp(name)).ok().and_then(|at| TABLE.get(at))
}

/// Starts a tool or a program of the host; `None` if neither knows the name.
pub fn start(name: &str, args: &[String], io: &mut Io<'_>) -> Option<Started> {
    if let Some(tool) = find(name).filter(|tool| io.host.has_tool(tool.name)) {
        if io.host.is_busybox() {
            return Some(applet(tool, args, io));
        }
        if args.first().is_some_and(|arg| arg == "--help") && !matches!(name, "echo" | "[" | "test" | "printf") {
            io.out(&help::of_tool(tool));
            return Some(Started::Done(0));
        }
        return Some((tool.start)(args, io));
    }
    io.start_on_host(name, args)
}

/// How a program is called, where it is one of BusyBox's.
pub fn usage_of(name: &str, host: &dyn Host) -> Option<String> {
    if host.is_busybox() { busybox::usage(name) } else { None }
}

/// A tool as BusyBox has it.
fn applet(tool: &Tool, args: &[String], io: &mut Io<'_>) -> Started {
    if args.iter().any(|arg| arg == "--help")
        && let Some(usage) = busybox::usage(tool.name)
    {
        io.err(&usage);
        return Started::Done(0);
    }
    let started = (tool.start)(args, io);
    busybox::reword(tool.name, started, io)
}

/// Whether [`start`] would find something.
pub fn knows(name: &str, host: &dyn Host) -> bool {
    find(name).is_some_and(|tool| host.has_tool(tool.name)) || host.has_program(name)
}

/// The applets that BusyBox has in `/bin`.
const BIN: &str = "ash base64 cat chgrp chmod chown cp date dd df dmesg echo egrep false fgrep grep gunzip gzip hostname kill ln ls mkdir mktemp more mount mv netstat nice pidof ping ps pwd rm rmdir sed sh sleep stat sync tar touch true umount uname usleep vi watch zcat";

/// Where a program is said to lie.
pub fn path_of(name: &str, host: &dyn Host) -> Option<String> {
    if host.is_busybox() {
        return knows(name, host).then(|| [if BIN.split(' ').any(|one| one == name) { "/bin/" } else { "/usr/bin/" }, name].concat());
    }
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
