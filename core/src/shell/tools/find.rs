//! `find` as far as `-name`, `-type`, `-maxdepth`, `-mindepth`, `-path`, `-delete`, `-exec`.

use alloc::string::String;
use alloc::vec::Vec;

use super::run::program;
use crate::shell::pattern::Pattern;
use crate::shell::process::{Io, Started};
use crate::text::fs::NodeKind;

const MAX_FOUND: usize = 10_000;

enum Wanted {
    Name(Pattern, bool),
    Path(Pattern),
    Kind(NodeKind),
    Empty,
}

/// What is asked for.
struct Asked {
    /// The tests, each with whether it is turned round.
    wanted: Vec<(Wanted, bool)>,
    least: usize,
    most: usize,
    exec: Option<Vec<String>>,
    delete: bool,
}

/// Reads what stands behind the places to begin at; the error is the status to end with.
fn ask(tests: &[String], io: &mut Io<'_>) -> Result<Asked, i32> {
    let mut asked = Asked { wanted: Vec::new(), least: 0, most: 64, exec: None, delete: false };
    let mut negate = false;
    let mut rest = tests.iter();
    while let Some(test) = rest.next() {
        let mut value = || rest.next().cloned();
        let one = match test.as_str() {
            "!" | "-not" => {
                negate = true;
                continue;
            }
            "-name" => value().map(|text| Wanted::Name(Pattern::new(&text), false)),
            "-iname" => value().map(|text| Wanted::Name(Pattern::new(&text.to_lowercase()), true)),
            "-path" => value().map(|text| Wanted::Path(Pattern::new(&text))),
            "-empty" => Some(Wanted::Empty),
            "-type" => value().map(|text| {
                Wanted::Kind(match text.as_str() {
                    "d" => NodeKind::Dir,
                    "l" => NodeKind::Link,
                    _ => NodeKind::File,
                })
            }),
            "-maxdepth" => {
                asked.most = value().and_then(|text| text.parse().ok()).unwrap_or(asked.most);
                continue;
            }
            "-mindepth" => {
                asked.least = value().and_then(|text| text.parse().ok()).unwrap_or(asked.least);
                continue;
            }
            "-print" => continue,
            "-delete" => {
                asked.delete = true;
                continue;
            }
            "-exec" => {
                let command: Vec<String> = rest.by_ref().take_while(|word| *word != ";" && *word != "+").cloned().collect();
                asked.exec = Some(command);
                continue;
            }
            other => {
                io.err(&alloc::format!("find: unknown predicate `{other}'\n"));
                return Err(1);
            }
        };
        match one {
            Some(one) => asked.wanted.push((one, core::mem::take(&mut negate))),
            None => {
                io.err(&alloc::format!("find: missing argument to `{test}'\n"));
                return Err(1);
            }
        }
    }
    Ok(asked)
}

pub(super) fn find(args: &[String], io: &mut Io<'_>) -> Started {
    let count = args.iter().take_while(|arg| !arg.starts_with('-') && *arg != "!" && *arg != "(").count();
    let (starts, tests) = args.split_at_checked(count).unwrap_or((args, &[]));
    let dot = [String::from(".")];
    let starts = if starts.is_empty() { &dot } else { starts };
    let Asked { wanted, least, most, exec, delete } = match ask(tests, io) {
        Ok(asked) => asked,
        Err(status) => return Started::Done(status),
    };
    let mut status = 0;
    let mut found = Vec::new();
    for start in starts {
        let path = io.path(start);
        if io.fs.stat_link(&path).is_err() {
            io.err(&alloc::format!("find: '{start}': No such file or directory\n"));
            status = 1;
            continue;
        }
        walk(start, 0, (least, most), &wanted, io, &mut found);
    }
    for name in &found {
        if let Some(command) = &exec {
            let command: Vec<String> = command.iter().map(|word| word.replace("{}", name)).collect();
            if let Started::Done(code) = program("find", &command, io) {
                status = status.max(i32::from(code == 127));
            }
        } else if !delete {
            io.out(name);
            io.out("\n");
        }
    }
    if delete {
        let mtime = io.mtime();
        for name in found.iter().rev() {
            let path = io.path(name);
            io.fs.remove_all(&path, mtime).ok();
        }
    }
    Started::Done(status)
}

fn walk(name: &str, depth: usize, (least, most): (usize, usize), wanted: &[(Wanted, bool)], io: &Io<'_>, found: &mut Vec<String>) {
    let path = io.path(name);
    let Ok(stat) = io.fs.stat_link(&path) else { return };
    let base = name.trim_end_matches('/').rsplit('/').next().unwrap_or(name);
    let entries = if stat.kind == NodeKind::Dir { io.fs.list(&path).unwrap_or_default() } else { Vec::new() };
    let fits = |one: &Wanted| match one {
        Wanted::Name(pattern, false) => pattern.matches(base),
        Wanted::Name(pattern, true) => pattern.matches(&base.to_lowercase()),
        Wanted::Path(pattern) => pattern.matches(name),
        Wanted::Kind(kind) => stat.kind == *kind,
        Wanted::Empty => entries.is_empty() && (stat.kind == NodeKind::Dir || stat.size == 0),
    };
    if depth >= least && wanted.iter().all(|(one, negated)| fits(one) != *negated) && found.len() < MAX_FOUND {
        found.push(String::from(name));
    }
    if depth < most {
        for (entry, _) in entries {
            walk(&alloc::format!("{}/{entry}", name.trim_end_matches('/')), depth + 1, (least, most), wanted, io, found);
        }
    }
}
