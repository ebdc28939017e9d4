//! `rm`

use alloc::string::String;

use super::args::{Accepts, missing_operand, parse};
use crate::shell::process::{Io, Started};
use crate::text::fs::{FsError, NodeKind};

const ACCEPTS: Accepts = Accepts {
    tool: "rm",
    short: "rRfivd",
    long: &[("recursive", 'r'), ("force", 'f'), ("interactive", 'i'), ("verbose", 'v'), ("dir", 'd')],
    first_operand_ends: false,
    status: 1,
};

pub(super) fn start(args: &[String], io: &mut Io<'_>) -> Started {
    let opts = match parse(&ACCEPTS, args, io) {
        Ok(opts) => opts,
        Err(status) => return Started::Done(status),
    };
    let force = opts.has('f');
    let recursive = opts.has('r') || opts.has('R');
    if opts.rest.is_empty() {
        if force {
            return Started::Done(0);
        }
        return missing_operand("rm", 1, io);
    }
    let mut status = 0;
    let mtime = io.mtime();
    for name in &opts.rest {
        if recursive && matches!(name.trim_end_matches('/').rsplit('/').next(), Some("." | "..")) {
            io.err(&alloc::format!("rm: refusing to remove '.' or '..' directory: skipping '{name}'\n"));
            status = 1;
            continue;
        }
        let path = io.path(if name.chars().all(|c| c == '/') { name } else { name.trim_end_matches('/') });
        if path == "/" && !name.is_empty() {
            io.err("rm: it is dangerous to operate recursively on '/'\nrm: use --no-preserve-root to override this failsafe\n");
            status = 1;
            continue;
        }
        let kind = io.fs.stat_link(&path).map(|stat| stat.kind);
        let removed = match kind {
            Ok(NodeKind::Dir) if recursive => io.fs.remove_all(&path, mtime),
            Ok(NodeKind::Dir) if opts.has('d') => io.fs.remove_dir(&path, mtime),
            Ok(NodeKind::Dir) => Err(FsError::IsADirectory),
            Ok(_) => io.fs.remove(&path, mtime),
            Err(error) => Err(error),
        };
        match removed {
            Ok(()) if opts.has('v') => io.out(&alloc::format!("removed '{name}'\n")),
            Ok(()) => {}
            Err(FsError::NotFound) if force => {}
            Err(error) => {
                io.err(&alloc::format!("rm: cannot remove '{name}': {}\n", error.text()));
                status = 1;
            }
        }
    }
    Started::Done(status)
}
