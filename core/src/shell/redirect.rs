//! Redirections: `>`, `>>`, `<`, `<<EOF`, `<<<`, `2>&1`, `&>`. Never: what is done with the descriptors (`context`).

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use crate::text::fs::resolve;

use super::ast::{Redirect, RedirectKind};
use super::context::Context;
use super::expand::{Expanded, Expander, Stop};
use super::fds::{Fd, Fds, PipeId};
use super::process::{Pipe, Stream};

/// A redirection whose word is expanded.
#[derive(Clone, Debug)]
pub struct Ready {
    fd: Option<u32>,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    Read(String),
    Write(String, bool),
    ReadWrite(String),
    Both(String, bool),
    Duplicate(String),
    Text(String),
}

/// Expands the words of redirections.
pub fn ready(ex: &mut Expander<'_>, redirects: &[Redirect]) -> Expanded<Vec<Ready>> {
    let mut out = Vec::new();
    for redirect in redirects {
        let mut file = |word| -> Expanded<String> {
            let words = ex.words(core::slice::from_ref(word))?;
            match <[String; 1]>::try_from(words) {
                Ok([one]) => Ok(one),
                Err(_) => Err(Stop::Error(alloc::format!("{}: ambiguous redirect", ex.text(word)?))),
            }
        };
        let kind = match &redirect.kind {
            RedirectKind::Read(word) => Kind::Read(file(word)?),
            RedirectKind::Write(word) => Kind::Write(file(word)?, false),
            RedirectKind::Append(word) => Kind::Write(file(word)?, true),
            RedirectKind::ReadWrite(word) => Kind::ReadWrite(file(word)?),
            RedirectKind::Both(word, append) => Kind::Both(file(word)?, *append),
            RedirectKind::Duplicate(word) => Kind::Duplicate(file(word)?),
            RedirectKind::Here(body) => Kind::Text(match body.get() {
                Some(word) => ex.text(word)?,
                None => String::new(),
            }),
            RedirectKind::HereString(word) => {
                let mut text = ex.text(word)?;
                text.push('\n');
                Kind::Text(text)
            }
        };
        out.push(Ready { fd: redirect.fd, kind });
    }
    Ok(out)
}

/// The text a lone `< file` stands for in `$(< file)`.
pub fn only_file(list: &[Ready]) -> Option<&str> {
    match list {
        [Ready { kind: Kind::Read(path), .. }] => Some(path),
        _ => None,
    }
}

/// Opens what the redirections name. Answers the new descriptors and the pipes to throw away afterwards, or the
/// message of the first that failed.
/// `sh`: whose words a failure is told in (see `Task::sh`).
pub fn apply(cx: &mut Context<'_>, cwd: &str, old: &Fds, list: &[Ready], sh: Option<bool>) -> Result<(Fds, Vec<PipeId>), String> {
    let mut fds = old.clone();
    let mut opened = Vec::new();
    for Ready { fd, kind } in list {
        match kind {
            Kind::Read(path) | Kind::ReadWrite(path) => {
                let number = fd.unwrap_or(0);
                let writes = matches!(kind, Kind::ReadWrite(_));
                let source = open_read(cx, cwd, &fds, path, writes).map_err(|why| failed(path, why, writes, sh))?;
                if let Fd::Pipe(id) = source
                    && id != super::fds::TERMINAL
                {
                    opened.push(id);
                }
                fds.set(number, source);
            }
            Kind::Write(path, append) => {
                let target = open_write(cx, cwd, &fds, path, *append).map_err(|why| failed(path, why, true, sh))?;
                fds.set(fd.unwrap_or(1), target);
            }
            Kind::Both(path, append) => {
                let target = open_write(cx, cwd, &fds, path, *append).map_err(|why| failed(path, why, true, sh))?;
                fds.set(1, target.clone());
                fds.set(2, target);
            }
            Kind::Duplicate(word) => {
                let number = fd.unwrap_or(1);
                if word == "-" {
                    fds.close(number);
                } else if let Ok(from) = word.parse::<u32>() {
                    match fds.get(from).cloned() {
                        Some(target) => fds.set(number, target),
                        None => return Err(alloc::format!("{from}: Bad file descriptor")),
                    }
                } else if number == 1 {
                    let target = open_write(cx, cwd, &fds, word, false).map_err(|why| failed(word, why, true, sh))?;
                    fds.set(1, target.clone());
                    fds.set(2, target);
                } else {
                    return Err(alloc::format!("{word}: ambiguous redirect"));
                }
            }
            Kind::Text(text) => {
                let id = cx.pipes.add(Pipe::holding(text.clone()));
                opened.push(id);
                fds.set(fd.unwrap_or(0), Fd::Pipe(id));
            }
        }
    }
    Ok((fds, opened))
}

fn open_read(cx: &mut Context<'_>, cwd: &str, fds: &Fds, path: &str, writes: bool) -> Result<Fd, &'static str> {
    match path {
        "/dev/null" => return Ok(Fd::Null),
        "/dev/stdin" | "/dev/tty" => return Ok(fds.get(0).cloned().unwrap_or(Fd::Null)),
        _ => {}
    }
    let full = resolve(cwd, path);
    if writes && !cx.fs.exists(&full) {
        let mtime = cx.mtime();
        cx.fs.write(&full, "", mtime).map_err(crate::text::fs::FsError::text)?;
    }
    if cx.fs.is_dir(&full) {
        return Ok(Fd::Pipe(cx.pipes.add(Pipe::empty())));
    }
    match cx.fs.read(&full) {
        Ok(text) => Ok(Fd::Pipe(cx.pipes.add(Pipe::holding(String::from(text.as_str()))))),
        Err(error) => Err(error.text()),
    }
}

/// The message of a file that cannot be opened.
fn failed(path: &str, why: &str, writes: bool, sh: Option<bool>) -> String {
    match sh {
        Some(busybox) => super::posix::redirect(path, why, writes, busybox),
        None => [path, ": ", why].concat(),
    }
}

fn open_write(cx: &mut Context<'_>, cwd: &str, fds: &Fds, path: &str, append: bool) -> Result<Fd, &'static str> {
    match path {
        "/dev/null" => return Ok(Fd::Null),
        "/dev/stdout" => return Ok(fds.get(1).cloned().unwrap_or(Fd::Null)),
        "/dev/stderr" => return Ok(fds.get(2).cloned().unwrap_or(Fd::Null)),
        "/dev/tty" => return Ok(Fd::Screen(Stream::Out)),
        "" => return Err("No such file or directory"),
        _ => {}
    }
    let full = resolve(cwd, path);
    let mtime = cx.mtime();
    let result = if cx.fs.is_dir(&full) {
        return Err("Is a directory");
    } else if append {
        cx.fs.append(&full, "", mtime)
    } else {
        cx.fs.write(&full, "", mtime)
    };
    match result {
        Ok(()) => Ok(Fd::File(Rc::from(full))),
        Err(error) => Err(error.text()),
    }
}
