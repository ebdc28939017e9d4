//! `chmod`, `chown`, `ln`: what files are besides their text.

use alloc::string::String;
use alloc::vec::Vec;

use super::args::missing_operand;
use crate::shell::process::{Io, Started};

fn operands(args: &[String]) -> Vec<&String> {
    args.iter()
        .filter(|arg| !arg.starts_with('-') || arg.len() == 1 || arg.starts_with("-x") || arg.starts_with("-w") || arg.starts_with("-r"))
        .collect()
}

pub(super) fn chmod(args: &[String], io: &mut Io<'_>) -> Started {
    let all = operands(args);
    let Some((mode, names)) = all.split_first().filter(|(_, names)| !names.is_empty()) else {
        return missing_operand("chmod", 1, io);
    };
    let mut status = 0;
    for name in names {
        let path = io.path(name);
        let old = io.fs.stat(&path).map(|stat| stat.mode);
        let changed = match old {
            Ok(old) => match new_mode(mode, old) {
                Some(mode) => io.fs.set_mode(&path, mode),
                None => {
                    io.err(&alloc::format!("chmod: invalid mode: '{mode}'\nTry 'chmod --help' for more information.\n"));
                    return Started::Done(1);
                }
            },
            Err(error) => Err(error),
        };
        if let Err(error) = changed {
            io.err(&alloc::format!("chmod: cannot access '{name}': {}\n", error.text()));
            status = 1;
        }
    }
    Started::Done(status)
}

/// `644`, `+x`, `u+rw,go-w`
fn new_mode(text: &str, old: u16) -> Option<u16> {
    if text.chars().all(|c| c.is_digit(8)) {
        return u16::from_str_radix(text, 8).ok().filter(|mode| *mode <= 0o7777);
    }
    let mut mode = old;
    for clause in text.split(',') {
        let at = clause.find(['+', '-', '='])?;
        let (who, change) = clause.split_at_checked(at)?;
        let mut mask = 0;
        for c in who.chars() {
            mask |= match c {
                'u' => 0o700,
                'g' => 0o070,
                'o' => 0o007,
                'a' => 0o777,
                _ => return None,
            };
        }
        if who.is_empty() {
            mask = if change.contains('w') { 0o755 } else { 0o777 };
        }
        let mut bits = 0;
        for c in change.chars().skip(1) {
            bits |= match c {
                'r' => 0o444,
                'w' => 0o222,
                'x' | 'X' => 0o111,
                _ => return None,
            };
        }
        match change.chars().next() {
            Some('+') => mode |= bits & mask,
            Some('-') => mode &= !(bits & mask),
            _ => mode = (mode & !mask) | (bits & mask),
        }
    }
    Some(mode)
}

pub(super) fn chown(args: &[String], io: &mut Io<'_>) -> Started {
    let all = operands(args);
    let Some((owner, names)) = all.split_first().filter(|(_, names)| !names.is_empty()) else {
        return missing_operand("chown", 1, io);
    };
    let mut status = 0;
    for name in names {
        let path = io.path(name);
        if let Err(error) = io.fs.set_owner(&path, owner.split(':').next().unwrap_or(owner)) {
            io.err(&alloc::format!("chown: cannot access '{name}': {}\n", error.text()));
            status = 1;
        }
    }
    Started::Done(status)
}

pub(super) fn ln(args: &[String], io: &mut Io<'_>) -> Started {
    let symbolic = args.iter().any(|arg| arg.starts_with('-') && arg.contains('s'));
    let force = args.iter().any(|arg| arg.starts_with('-') && arg.contains('f'));
    let names: Vec<&String> = args.iter().filter(|arg| !arg.starts_with('-')).collect();
    let (target, name) = match names.as_slice() {
        [target, name] => (target.as_str(), name.as_str()),
        [target] => (target.as_str(), target.rsplit('/').next().unwrap_or_default()),
        _ => {
            io.err("ln: missing file operand\nTry 'ln --help' for more information.\n");
            return Started::Done(1);
        }
    };
    let mut path = io.path(name);
    if io.fs.is_dir(&path) {
        path = alloc::format!("{}/{}", path.trim_end_matches('/'), target.rsplit('/').next().unwrap_or_default());
    }
    let mtime = io.mtime();
    if force {
        io.fs.remove(&path, mtime).ok();
    }
    let made = if symbolic {
        io.fs.link(&path, target, mtime)
    } else {
        let from = io.path(target);
        match io.fs.read(&from) {
            Ok(_) if io.fs.exists(&path) => Err(crate::text::fs::FsError::Exists),
            Ok(text) => io.fs.write(&path, &text, mtime),
            Err(error) => {
                io.err(&alloc::format!("ln: failed to access '{target}': {}\n", error.text()));
                return Started::Done(1);
            }
        }
    };
    match made {
        Ok(()) => Started::Done(0),
        Err(error) => {
            let kind = if symbolic { "symbolic link" } else { "hard link" };
            io.err(&alloc::format!("ln: failed to create {kind} '{name}': {}\n", error.text()));
            Started::Done(1)
        }
    }
}
