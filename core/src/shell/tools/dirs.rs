//! `mkdir` and `rmdir`

use alloc::string::String;

use super::args::{Accepts, missing_operand, parse};
use crate::shell::process::{Io, Started};

const MKDIR: Accepts = Accepts {
    tool: "mkdir",
    short: "pvm:",
    long: &[("parents", 'p'), ("verbose", 'v'), ("mode", 'm')],
    first_operand_ends: false,
    status: 1,
};
const RMDIR: Accepts =
    Accepts { tool: "rmdir", short: "pv", long: &[("parents", 'p'), ("verbose", 'v')], first_operand_ends: false, status: 1 };

pub(super) fn mkdir(args: &[String], io: &mut Io<'_>) -> Started {
    let opts = match parse(&MKDIR, args, io) {
        Ok(opts) => opts,
        Err(status) => return Started::Done(status),
    };
    if opts.rest.is_empty() {
        return missing_operand("mkdir", 1, io);
    }
    let mut status = 0;
    let mtime = io.mtime();
    for name in &opts.rest {
        let path = io.path(name.trim_end_matches('/'));
        let made = if opts.has('p') { io.fs.make_dirs(&path, mtime) } else { io.fs.make_dir(&path, mtime) };
        match made {
            Ok(()) if opts.has('v') => io.out(&alloc::format!("mkdir: created directory '{name}'\n")),
            Ok(()) => {}
            Err(error) => {
                io.err(&alloc::format!("mkdir: cannot create directory '{name}': {}\n", error.text()));
                status = 1;
            }
        }
    }
    Started::Done(status)
}

pub(super) fn rmdir(args: &[String], io: &mut Io<'_>) -> Started {
    let opts = match parse(&RMDIR, args, io) {
        Ok(opts) => opts,
        Err(status) => return Started::Done(status),
    };
    if opts.rest.is_empty() {
        return missing_operand("rmdir", 1, io);
    }
    let mut status = 0;
    let mtime = io.mtime();
    for name in &opts.rest {
        let path = io.path(name.trim_end_matches('/'));
        if let Err(error) = io.fs.remove_dir(&path, mtime) {
            io.err(&alloc::format!("rmdir: failed to remove '{name}': {}\n", error.text()));
            status = 1;
        }
    }
    Started::Done(status)
}
