//! `sed`: runs a script over lines. Never: how scripts are read (`script`).

mod apply;
mod machine;
mod null;
mod script;
mod subst;

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::args::{Accepts, parse};
use super::lines::{self};
use crate::shell::process::{Io, Started, Stream};

use lines::Filter;
use machine::Sed;
use script::Do;

const ACCEPTS: Accepts = Accepts {
    tool: "sed",
    short: "nErsuze:f:l:",
    long: &[
        ("quiet", 'n'),
        ("silent", 'n'),
        ("regexp-extended", 'E'),
        ("expression", 'e'),
        ("file", 'f'),
        ("separate", 's'),
        ("null-data", 'z'),
        ("unbuffered", 'u'),
        ("posix", 'p'),
        ("line-length", 'l'),
    ],
    first_operand_ends: false,
    status: 1,
};

pub(super) fn start(args: &[String], io: &mut Io<'_>) -> Started {
    let (args, in_place) = take_in_place(args);
    let opts = match parse(&ACCEPTS, &args, io) {
        Ok(opts) => opts,
        Err(status) => return Started::Done(status),
    };
    let mut files = opts.rest.clone();
    let mut script = String::new();
    for (flag, value) in opts.all() {
        match flag {
            'e' => {
                script.push_str(value);
                script.push('\n');
            }
            'f' => {
                let path = io.path(value);
                match io.fs.read(&path) {
                    Ok(text) => {
                        script.push_str(&text);
                        script.push('\n');
                    }
                    Err(error) => {
                        io.err(&alloc::format!("sed: couldn't open file {value}: {}\n", error.text()));
                        return Started::Done(4);
                    }
                }
            }
            _ => {}
        }
    }
    if !opts.has('e') && !opts.has('f') {
        if files.is_empty() {
            io.err("Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...\n");
            return Started::Done(1);
        }
        script = files.remove(0);
    }
    let (mut commands, written) = match script::parse(&script, opts.has('E') || opts.has('r')) {
        Ok(commands) => commands,
        Err((0, message)) if message.starts_with("can't find label") => {
            io.err(&alloc::format!("sed: {message}\n"));
            return Started::Done(4);
        }
        Err((at, message)) => {
            io.err(&alloc::format!("sed: -e expression #1, char {at}: {message}\n"));
            return Started::Done(1);
        }
    };
    if let Err(status) = open(&mut commands, &written, io) {
        return Started::Done(status);
    }
    let mut sed = Sed::new(commands, opts.has('n'));
    (sed.files, sed.separate) = (Rc::from(written), opts.has('s'));
    if opts.has('z') {
        sed.end = '\0';
        return null::start(sed, files, io);
    }
    match in_place {
        Some(suffix) => edit_files(&sed, &files, &suffix, io),
        None => lines::start("sed", Box::new(sed), &files, 2, io),
    }
}

/// Reads the files of `r` and `R`, and makes those of `w` anew; the status if one cannot be made.
fn open(commands: &mut [script::Command], written: &[String], io: &mut Io<'_>) -> Result<(), i32> {
    for command in commands {
        if let Do::Read(text) | Do::ReadLine(text) = &mut command.what {
            *text = match text.as_str() {
                "/dev/stdin" => io.stdin.take(),
                name => io.fs.read(&io.path(name)).map(|text| String::clone(&text)).unwrap_or_default(),
            };
        }
    }
    for name in written.iter().filter(|name| !name.starts_with("/dev/")) {
        let (path, mtime) = (io.path(name), io.mtime());
        if let Err(error) = io.fs.write(&path, "", mtime) {
            io.err(&alloc::format!("sed: couldn't open file {name}: {}\n", error.text()));
            return Err(4);
        }
    }
    Ok(())
}

/// `-i`, `-i.bak`, `--in-place=.bak` and their bundles (`-ni`): what is left, and the suffix if it is there.
fn take_in_place(args: &[String]) -> (Vec<String>, Option<String>) {
    let mut out = Vec::new();
    let mut suffix = None;
    for arg in args {
        if let Some(rest) = arg.strip_prefix("--in-place") {
            suffix = Some(String::from(rest.trim_start_matches('=')));
            continue;
        }
        let bundle = arg.strip_prefix('-').filter(|letters| !letters.starts_with('-'));
        match bundle.and_then(|letters| letters.find('i').map(|at| (letters, at))) {
            Some((letters, at)) if letters.chars().take(at).all(|c| matches!(c, 'n' | 'E' | 'r' | 's')) => {
                let before = letters.get(..at).unwrap_or_default();
                if !before.is_empty() {
                    out.push(alloc::format!("-{before}"));
                }
                suffix = Some(String::from(letters.get(at + 1..).unwrap_or_default()));
            }
            _ => out.push(arg.clone()),
        }
    }
    (out, suffix)
}

fn edit_files(sed: &Sed, files: &[String], suffix: &str, io: &mut Io<'_>) -> Started {
    if files.is_empty() {
        io.err("sed: no input files\n");
        return Started::Done(1);
    }
    let mut status = 0;
    for name in files {
        let path = io.path(name);
        let text = match io.fs.read(&path) {
            Ok(text) => text,
            Err(error) => {
                let message = if io.fs.is_dir(&path) {
                    alloc::format!("sed: couldn't edit {name}: not a regular file\n")
                } else {
                    alloc::format!("sed: can't read {name}: {}\n", error.text())
                };
                io.err(&message);
                status = if io.fs.is_dir(&path) { 4 } else { 2 };
                continue;
            }
        };
        let mut one = sed.clone();
        let (mut output, code) = lines::over(&mut one, name, &text);
        one.settle(io);
        let mtime = io.mtime();
        let mut changed = String::new();
        for chunk in output.take() {
            match chunk.stream {
                Stream::Out => changed.push_str(&chunk.text),
                Stream::Err => io.err(&chunk.text),
            }
        }
        if !suffix.is_empty() {
            io.fs.write(&alloc::format!("{path}{suffix}"), &text, mtime).ok();
        }
        if let Err(error) = io.fs.write(&path, &changed, mtime) {
            io.err(&alloc::format!("sed: couldn't write {name}: {}\n", error.text()));
            status = 4;
        }
        if code != 0 {
            return Started::Done(code);
        }
    }
    Started::Done(status)
}
