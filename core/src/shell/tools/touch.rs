//! `touch`

use alloc::string::String;

use super::args::{Accepts, parse};
use crate::shell::process::{Io, Started};

const ACCEPTS: Accepts = Accepts { tool: "touch", short: "acmt:d:r:", long: &[("no-create", 'c')], first_operand_ends: false, status: 1 };

pub(super) fn start(args: &[String], io: &mut Io<'_>) -> Started {
    let opts = match parse(&ACCEPTS, args, io) {
        Ok(opts) => opts,
        Err(status) => return Started::Done(status),
    };
    if opts.rest.is_empty() {
        io.err("touch: missing file operand\nTry 'touch --help' for more information.\n");
        return Started::Done(1);
    }
    let mut status = 0;
    let mtime = io.mtime();
    for name in &opts.rest {
        let path = io.path(name);
        let done = if io.fs.exists(&path) {
            io.fs.set_mtime(&path, mtime)
        } else if opts.has('c') {
            Ok(())
        } else {
            io.fs.write(&path, "", mtime)
        };
        if let Err(error) = done {
            io.err(&alloc::format!("touch: cannot touch '{name}': {}\n", error.text()));
            status = 1;
        }
    }
    Started::Done(status)
}
