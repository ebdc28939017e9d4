//! `pwd`, `basename`, `dirname`: paths as words.

use alloc::string::String;

use super::args::missing_operand;
use crate::shell::process::{Io, Started};

pub(super) fn pwd(_args: &[String], io: &mut Io<'_>) -> Started {
    let line = alloc::format!("{}\n", io.cwd);
    io.out(&line);
    Started::Done(0)
}

pub(super) fn basename(args: &[String], io: &mut Io<'_>) -> Started {
    let (many, suffix, names) = match args {
        [flag, suffix, names @ ..] if flag == "-s" => (true, suffix.as_str(), names),
        [flag, names @ ..] if flag == "-a" => (true, "", names),
        [name, suffix] => (false, suffix.as_str(), core::slice::from_ref(name)),
        names => (false, "", names),
    };
    if names.is_empty() {
        return missing_operand("basename", 1, io);
    }
    if names.len() > 1 && !many {
        let extra = names.last().cloned().unwrap_or_default();
        io.err(&alloc::format!("basename: extra operand '{extra}'\nTry 'basename --help' for more information.\n"));
        return Started::Done(1);
    }
    for name in names {
        let trimmed = name.trim_end_matches('/');
        let base = trimmed.rsplit('/').next().unwrap_or_default();
        let base = if trimmed.is_empty() && !name.is_empty() { "/" } else { base };
        let base = match base.strip_suffix(suffix) {
            Some(short) if !short.is_empty() => short,
            _ => base,
        };
        io.out(base);
        io.out("\n");
    }
    Started::Done(0)
}

pub(super) fn dirname(args: &[String], io: &mut Io<'_>) -> Started {
    if args.is_empty() {
        return missing_operand("dirname", 1, io);
    }
    for name in args {
        let trimmed = name.trim_end_matches('/');
        let dir = match trimmed.rsplit_once('/') {
            _ if trimmed.is_empty() && !name.is_empty() => "/",
            None => ".",
            Some(("", _)) => "/",
            Some((dir, _)) => dir.trim_end_matches('/'),
        };
        io.out(dir);
        io.out("\n");
    }
    Started::Done(0)
}
