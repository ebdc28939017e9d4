//! `diff`: normal, unified (`-u`), brief (`-q`), folders (`-r`, `-N`). Shortest edit script, so that hunks fall where
//! those of GNU diff fall.

mod edits;
mod formats;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::args::{Accepts, Opts, parse};
use crate::arrange::Arrange;
use crate::shell::calendar::Moment;
use crate::shell::process::{Io, Poll, Process, Started, Wake};

use formats::normal;

pub use edits::{Edit, edits};
pub use formats::unified;

const ACCEPTS: Accepts = Accepts {
    tool: "diff",
    short: "uU:NqrabBwiL:sC",
    long: &[
        ("unified", 'u'),
        ("new-file", 'N'),
        ("brief", 'q'),
        ("recursive", 'r'),
        ("label", 'L'),
        ("ignore-all-space", 'w'),
        ("ignore-case", 'i'),
        ("report-identical-files", 's'),
        ("color", 'C'),
        ("text", 'a'),
    ],
    first_operand_ends: false,
    status: 2,
};

/// `diff - file`: waits for standard input first.
#[derive(Clone)]
struct Waiting {
    args: Vec<String>,
}

impl Process for Waiting {
    fn poll(&mut self, io: &mut Io<'_>) -> Poll {
        if !io.stdin.is_closed() {
            return Poll::Wait(Wake::Input);
        }
        match start(&self.args, io) {
            Started::Done(status) => Poll::Done(status),
            Started::Run(_) => Poll::Done(2),
        }
    }

    fn boxed_clone(&self) -> Box<dyn Process> {
        Box::new(self.clone())
    }
}

pub(super) fn start(args: &[String], io: &mut Io<'_>) -> Started {
    let given = args;
    let args: Vec<String> = args.iter().filter(|arg| !arg.starts_with("--color")).cloned().collect();
    let opts = match parse(&ACCEPTS, &args, io) {
        Ok(opts) => opts,
        Err(status) => return Started::Done(status),
    };
    let (from, to) = match opts.rest.as_slice() {
        [from, to] => (from, to),
        [] => {
            io.err("diff: missing operand after 'diff'\ndiff: Try 'diff --help' for more information.\n");
            return Started::Done(2);
        }
        [one] => {
            io.err(&alloc::format!("diff: missing operand after '{one}'\ndiff: Try 'diff --help' for more information.\n"));
            return Started::Done(2);
        }
        [_, _, extra, ..] => {
            io.err(&alloc::format!("diff: extra operand '{extra}'\ndiff: Try 'diff --help' for more information.\n"));
            return Started::Done(2);
        }
    };
    if (from == "-" || to == "-") && !io.stdin.is_closed() {
        return Started::Run(Box::new(Waiting { args: given.to_vec() }));
    }
    let mut out = String::new();
    let mut err = String::new();
    let stdin = io.stdin.take();
    let (a, b) = (io.path(from), io.path(to));
    let status = match (io.fs.is_dir(&a), io.fs.is_dir(&b)) {
        (true, true) => folders(&opts, from, to, io, &mut out, &mut err, 0),
        (true, false) if to != "-" => files(&opts, &inside(from, to), to, false, &stdin, io, &mut out, &mut err),
        (false, true) if from != "-" => files(&opts, from, &inside(to, from), false, &stdin, io, &mut out, &mut err),
        _ => files(&opts, from, to, false, &stdin, io, &mut out, &mut err),
    };
    io.out(&out);
    io.err(&err);
    Started::Done(status)
}

/// The file of the same name in a folder.
fn inside(dir: &str, file: &str) -> String {
    let base = file.rsplit('/').next().unwrap_or(file);
    alloc::format!("{}/{base}", dir.trim_end_matches('/'))
}

fn folders(opts: &Opts, from: &str, to: &str, io: &Io<'_>, out: &mut String, err: &mut String, depth: u32) -> i32 {
    let list = |dir: &str| io.fs.list(&io.path(dir)).unwrap_or_default();
    let (old, new) = (list(from), list(to));
    let mut names: Vec<_> = old.iter().chain(&new).map(|(name, _)| name.clone()).collect();
    names.arrange();
    names.dedup();
    let mut status = 0;
    for name in names {
        let has = |list: &[(alloc::rc::Rc<str>, crate::text::fs::Stat)]| list.iter().any(|(one, _)| *one == name);
        let (a, b) = (inside(from, &name), inside(to, &name));
        let (in_old, in_new) = (has(&old), has(&new));
        let dirs = (io.fs.is_dir(&io.path(&a)), io.fs.is_dir(&io.path(&b)));
        if !(opts.has('N') || in_old && in_new) {
            let dir = if in_old { from } else { to };
            out.push_str(&alloc::format!("Only in {}: {name}\n", dir.trim_end_matches('/')));
            status = status.max(1);
        } else if dirs.0 || dirs.1 {
            if opts.has('r') && depth < 64 {
                status = status.max(folders(opts, &a, &b, io, out, err, depth + 1));
            } else if dirs.0 && dirs.1 {
                out.push_str(&alloc::format!("Common subdirectories: {a} and {b}\n"));
            }
        } else {
            status = status.max(files(opts, &a, &b, true, "", io, out, err));
        }
    }
    status
}

#[allow(clippy::too_many_arguments)]
fn files(opts: &Opts, from: &str, to: &str, titled: bool, stdin: &str, io: &Io<'_>, out: &mut String, err: &mut String) -> i32 {
    let mut failed = false;
    let mut read = |name: &str| -> String {
        if name == "-" {
            return String::from(stdin);
        }
        if name == "/dev/null" {
            return String::new();
        }
        match io.fs.read(&io.path(name)) {
            Ok(text) => String::from(text.as_str()),
            Err(_) if opts.has('N') => String::new(),
            Err(error) => {
                err.push_str(&alloc::format!("diff: {name}: {}\n", error.text()));
                failed = true;
                String::new()
            }
        }
    };
    let (old, new) = (read(from), read(to));
    if failed {
        return 2;
    }
    let fold = |text: &str| -> String {
        let mut text = String::from(text);
        if opts.has('i') {
            text = text.to_lowercase();
        }
        if opts.has('w') {
            text = text.chars().filter(|c| *c == '\n' || !c.is_whitespace()).collect();
        }
        text
    };
    if old == new || fold(&old) == fold(&new) {
        if opts.has('s') {
            out.push_str(&alloc::format!("Files {from} and {to} are identical\n"));
        }
        return 0;
    }
    if opts.has('q') {
        out.push_str(&alloc::format!("Files {from} and {to} differ\n"));
        return 1;
    }
    if titled {
        out.push_str("diff");
        for (flag, value) in opts.all().filter(|(flag, _)| matches!(flag, 'u' | 'N' | 'r' | 'U')) {
            out.push_str(&alloc::format!(" -{flag}{value}"));
        }
        out.push_str(&alloc::format!(" {from} {to}\n"));
    }
    if !opts.has('u') && !opts.has('U') {
        out.push_str(&normal(&old, &new));
        return 1;
    }
    let context = opts.value('U').and_then(|text| text.parse().ok()).unwrap_or(3);
    let mut labels = opts.values('L');
    for (sign, name) in [("---", from), ("+++", to)] {
        match labels.next() {
            Some(label) => out.push_str(&alloc::format!("{sign} {label}\n")),
            None => out.push_str(&alloc::format!("{sign} {name}\t{}\n", stamp(name, io))),
        }
    }
    out.push_str(&unified(&old, &new, context));
    1
}

/// When a file was changed, as the titles of a unified diff say it; the beginning of time if it is not there.
fn stamp(name: &str, io: &Io<'_>) -> String {
    let (seconds, nanos) = match io.fs.stat(&io.path(name)) {
        Ok(stat) => (
            io.host.epoch_s().saturating_add(stat.mtime_ms.div_euclid(1000)),
            u32::try_from(stat.mtime_ms.rem_euclid(1000)).unwrap_or(0) * 1_000_000,
        ),
        Err(_) => (0, 0),
    };
    Moment::from_unix(seconds).format_with("%F %T.%N %z", nanos)
}
