//! `cp` and `mv`

use alloc::string::String;

use super::args::{Accepts, Opts, parse};
use crate::shell::process::{Io, Started};
use crate::text::fs::{FileSystem, FsError, NodeKind};

const CP: Accepts = Accepts {
    tool: "cp",
    short: "rRafnvpiuT",
    long: &[("recursive", 'r'), ("archive", 'a'), ("force", 'f'), ("no-clobber", 'n'), ("verbose", 'v')],
    first_operand_ends: false,
    status: 1,
};
const MV: Accepts = Accepts {
    tool: "mv",
    short: "fnviuT",
    long: &[("force", 'f'), ("no-clobber", 'n'), ("verbose", 'v')],
    first_operand_ends: false,
    status: 1,
};

const MAX_DEPTH: u32 = 64;

pub(super) fn cp(args: &[String], io: &mut Io<'_>) -> Started {
    match parse(&CP, args, io) {
        Ok(opts) => each(&opts, "cp", io),
        Err(status) => Started::Done(status),
    }
}

pub(super) fn mv(args: &[String], io: &mut Io<'_>) -> Started {
    match parse(&MV, args, io) {
        Ok(opts) => each(&opts, "mv", io),
        Err(status) => Started::Done(status),
    }
}

fn each(opts: &Opts, tool: &'static str, io: &mut Io<'_>) -> Started {
    let usage = |message: String| alloc::format!("{tool}: {message}\nTry '{tool} --help' for more information.\n");
    let (target, sources) = match opts.rest.split_last() {
        None => {
            io.err(&usage(String::from("missing file operand")));
            return Started::Done(1);
        }
        Some((only, [])) => {
            io.err(&usage(alloc::format!("missing destination file operand after '{only}'")));
            return Started::Done(1);
        }
        Some(pair) => pair,
    };
    let into = io.path(target);
    let into_dir = io.fs.is_dir(&into);
    if sources.len() > 1 && !into_dir {
        let what = if io.fs.exists(&into) { "Not a directory" } else { "No such file or directory" };
        io.err(&alloc::format!("{tool}: target '{target}': {what}\n"));
        return Started::Done(1);
    }
    let mut status = 0;
    for name in sources {
        let from = io.path(name.trim_end_matches('/'));
        let (to, shown) = if into_dir {
            let base = from.rsplit('/').next().unwrap_or_default();
            (alloc::format!("{}/{base}", into.trim_end_matches('/')), alloc::format!("{}/{base}", target.trim_end_matches('/')))
        } else {
            (into.clone(), target.clone())
        };
        let result = if tool == "cp" { copy(opts, name, &from, &to, &shown, io) } else { rename(opts, name, &from, &to, &shown, io) };
        if let Err(message) = result {
            io.err(&alloc::format!("{tool}: {message}\n"));
            status = 1;
        } else if opts.has('v') {
            let arrow = if tool == "mv" { "renamed " } else { "" };
            io.out(&alloc::format!("{arrow}'{name}' -> '{shown}'\n"));
        }
    }
    Started::Done(status)
}

fn copy(opts: &Opts, name: &str, from: &str, to: &str, shown: &str, io: &mut Io<'_>) -> Result<(), String> {
    let stat = io.fs.stat(from).map_err(|error| alloc::format!("cannot stat '{name}': {}", error.text()))?;
    let recursive = opts.has('r') || opts.has('R') || opts.has('a');
    if stat.kind == NodeKind::Dir && !recursive {
        return Err(alloc::format!("-r not specified; omitting directory '{name}'"));
    }
    if from == to {
        return Err(alloc::format!("'{name}' and '{shown}' are the same file"));
    }
    if stat.kind == NodeKind::Dir && to.strip_prefix(from).is_some_and(|rest| rest.starts_with('/')) {
        return Err(alloc::format!("cannot copy a directory, '{name}', into itself, '{shown}'"));
    }
    if opts.has('n') && io.fs.exists(to) {
        return Ok(());
    }
    let mtime = io.mtime();
    tree(io.fs, from, to, mtime, 0).map_err(|error| match error {
        FsError::NotFound | FsError::NotADirectory => alloc::format!("cannot create regular file '{shown}': {}", error.text()),
        error => alloc::format!("error writing '{shown}': {}", error.text()),
    })
}

fn tree(fs: &mut FileSystem, from: &str, to: &str, mtime: i64, depth: u32) -> Result<(), FsError> {
    if depth > MAX_DEPTH {
        return Err(FsError::NameTooLong);
    }
    let stat = fs.stat(from)?;
    if stat.kind != NodeKind::Dir {
        let text = fs.read(from)?;
        fs.write(to, &text, mtime)?;
        return fs.set_mode(to, stat.mode);
    }
    match fs.make_dir(to, mtime) {
        Ok(()) | Err(FsError::Exists) => {}
        Err(error) => return Err(error),
    }
    for (name, _) in fs.list(from)? {
        tree(fs, &alloc::format!("{from}/{name}"), &alloc::format!("{to}/{name}"), mtime, depth + 1)?;
    }
    Ok(())
}

fn rename(opts: &Opts, name: &str, from: &str, to: &str, shown: &str, io: &mut Io<'_>) -> Result<(), String> {
    if io.fs.stat_link(from).is_err() {
        return Err(alloc::format!("cannot stat '{name}': No such file or directory"));
    }
    if from == to {
        return Err(alloc::format!("'{name}' and '{shown}' are the same file"));
    }
    if opts.has('n') && io.fs.exists(to) {
        return Ok(());
    }
    let mtime = io.mtime();
    io.fs.rename(from, to.trim_end_matches('/'), mtime).map_err(|error| match error {
        FsError::Invalid => alloc::format!("cannot move '{name}' to a subdirectory of itself, '{shown}'"),
        error => alloc::format!("cannot move '{name}' to '{shown}': {}", error.text()),
    })
}
