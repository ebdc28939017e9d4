//! The builtin `read`: takes a line from standard input and cuts it into variables.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::context::Context;
use super::fds::Fd;
use super::process::Wake;
use super::task::{Frame, Step, Task};
use crate::time::Instant;

/// What was asked of `read`.
#[derive(Clone, Debug)]
pub struct Read {
    raw: bool,
    array: bool,
    names: Vec<Rc<str>>,
    until: Option<Instant>,
    so_far: String,
}

/// Begins `read`; the status if its options are wrong.
pub(super) fn start(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let mut read = Read { raw: false, array: false, names: Vec::new(), until: None, so_far: String::new() };
    let mut args = args.iter().map(String::as_str);
    while let Some(arg) = args.next() {
        match arg {
            "-r" | "-s" | "-e" => read.raw |= arg == "-r",
            "-a" => read.array = true,
            "-p" | "-n" | "-d" => {
                let value = args.next().unwrap_or_default();
                if arg == "-p" && matches!(task.fds.get(0), Some(Fd::Pipe(super::fds::TERMINAL))) && cx.terminal {
                    cx.write(&task.fds.clone(), 2, value).ok();
                }
            }
            "-t" => {
                let seconds = args.next().and_then(super::number::duration_ms).unwrap_or(0);
                read.until = Some(Instant(cx.now.0.saturating_add(seconds)));
            }
            "--" => {}
            "-rp" | "-sp" => {
                read.raw = true;
                args.next();
            }
            "-ra" => {
                read.raw = true;
                read.array = true;
            }
            name if super::parse::is_identifier(name) => read.names.push(Rc::from(name)),
            other if other.starts_with('-') => {
                let option = other.get(0..2).unwrap_or(other);
                task.complain(&alloc::format!("read: {option}: invalid option"), cx);
                return Some(2);
            }
            other => {
                task.complain(&alloc::format!("read: `{other}': not a valid identifier"), cx);
                return Some(1);
            }
        }
    }
    task.push(Frame::Read(read));
    None
}

/// Goes on with `read`.
pub(super) fn step(task: &mut Task, mut read: Read, cx: &mut Context<'_>) -> Step {
    let source = match task.fds.get(0) {
        Some(Fd::Pipe(id)) => Some(*id),
        _ => None,
    };
    let end = source.and_then(|id| cx.pipes.get(id));
    let line = match end {
        None => None,
        Some(end) => match end.pipe.take_line() {
            Some(line) => Some(line),
            None if end.pipe.is_closed() => None,
            None => {
                if read.until.is_some_and(|until| until <= cx.now) {
                    task.state.status = 142;
                    return Step::Next;
                }
                let wake = read.until.map_or(Wake::Input, Wake::At);
                task.frames.push(Frame::Read(read));
                return Step::Wait(wake);
            }
        },
    };
    cx.progress += 1;
    let ended = line.as_deref().is_none_or(|line| !line.ends_with('\n'));
    let line = line.unwrap_or_default();
    let line = line.strip_suffix('\n').unwrap_or(&line);
    read.so_far.push_str(line);
    if !read.raw && read.so_far.ends_with('\\') && !ended {
        read.so_far.pop();
        task.frames.push(Frame::Read(read));
        return Step::Next;
    }
    assign(task, &read);
    task.state.status = i32::from(ended);
    Step::Next
}

fn assign(task: &mut Task, read: &Read) {
    let ifs = task.state.vars.get("IFS");
    let ifs: &str = ifs.as_deref().unwrap_or(" \t\n");
    let blank = |c: char| c.is_ascii_whitespace() && ifs.contains(c);
    let text = if read.raw { read.so_far.clone() } else { read.so_far.replace("\\\\", "\u{0}").replace('\\', "").replace('\u{0}', "\\") };
    if read.names.is_empty() {
        task.state.vars.set("REPLY", &text);
        return;
    }
    let mut rest = text.trim_matches(blank);
    let mut words: Vec<Rc<str>> = Vec::new();
    let most = if read.array { usize::MAX } else { read.names.len() };
    while !rest.is_empty() && words.len() + 1 < most {
        let length = rest.find(|c| ifs.contains(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        words.push(Rc::from(word));
        let after = after.trim_start_matches(blank);
        let mut chars = after.chars();
        rest = match chars.next() {
            Some(c) if ifs.contains(c) && !blank(c) => chars.as_str().trim_start_matches(blank),
            _ => after,
        };
    }
    if !rest.is_empty() {
        words.push(Rc::from(rest));
    }
    if read.array {
        if let Some(name) = read.names.first() {
            task.state.vars.set_list(name, words);
        }
        return;
    }
    for (at, name) in read.names.iter().enumerate() {
        task.state.vars.set(name, words.get(at).map_or("", |word| word));
    }
}
