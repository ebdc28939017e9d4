//! The builtin `read`: takes a line from standard input and cuts it into variables.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::context::Context;
use super::fds::Fd;
use super::process::Wake;
use super::task::{Frame, Step, Task};
use crate::time::Instant;

/// What was asked of `read` or `mapfile`.
#[derive(Clone, Debug, Default)]
pub struct Read {
    raw: bool,
    array: bool,
    names: Vec<Rc<str>>,
    until: Option<Instant>,
    so_far: String,
    /// `-d`: what ends a line.
    end: Option<char>,
    /// `-n`: how many characters are enough.
    most: Option<usize>,
    /// `mapfile`: lines so far, and whether their ends are cut off.
    lines: Option<Vec<Rc<str>>>,
    strip: bool,
    /// `-u`: what is read.
    fd: u32,
    /// `mapfile -s`: how many lines are left out.
    skip: usize,
    /// `mapfile -n`: how many lines are enough, those left out too.
    limit: usize,
}

impl Read {
    /// A line into `REPLY`, as it is.
    pub(super) fn raw() -> Read {
        Read { raw: true, ..Read::default() }
    }
}

/// Begins `read`; the status if its options are wrong.
pub(super) fn start(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let mut read = Read::default();
    let mut rest = args.iter().map(String::as_str);
    while let Some(arg) = rest.next() {
        let Some(letters) = arg.strip_prefix('-').filter(|letters| !letters.is_empty() && *letters != "-" && read.names.is_empty()) else {
            if super::parse::is_identifier(arg) {
                read.names.push(Rc::from(arg));
            } else if arg != "--" {
                task.complain(&alloc::format!("read: `{arg}': not a valid identifier"), cx);
                return Some(1);
            }
            continue;
        };
        for (at, letter) in letters.char_indices() {
            match letter {
                'r' => read.raw = true,
                'a' => read.array = true,
                's' | 'e' => {}
                'p' | 'n' | 'N' | 'd' | 't' | 'u' | 'i' => {
                    let attached = letters.get(at + 1..).unwrap_or_default();
                    let value = if attached.is_empty() { rest.next() } else { Some(attached) };
                    let Some(value) = value else {
                        task.complain(&alloc::format!("read: -{letter}: option requires an argument"), cx);
                        return Some(2);
                    };
                    option(task, &mut read, letter, value, cx);
                    break;
                }
                _ => {
                    let message = alloc::format!("read: -{letter}: invalid option");
                    task.complain(&message, cx);
                    let usage = "read: usage: read [-ers] [-a array] [-d delim] [-i text] [-n nchars] [-N nchars] [-p prompt] [-t timeout] [-u fd] [name ...]";
                    cx.complain(&task.fds.clone(), usage);
                    return Some(2);
                }
            }
        }
    }
    task.push(Frame::Read(read));
    None
}

fn option(task: &Task, read: &mut Read, letter: char, value: &str, cx: &mut Context<'_>) {
    match letter {
        'p' if matches!(task.fds.get(0), Some(Fd::Pipe(super::fds::TERMINAL))) && cx.terminal => {
            cx.write(&task.fds.clone(), 2, value).ok();
        }
        'n' | 'N' => read.most = value.parse().ok(),
        'd' => read.end = Some(value.chars().next().unwrap_or('\0')),
        'u' => read.fd = value.parse().unwrap_or(u32::MAX),
        't' => {
            let ms = super::number::duration_ms(value).unwrap_or(0);
            read.until = Some(Instant(cx.now.0.saturating_add(ms)));
        }
        _ => {}
    }
}

/// Begins `mapfile [-t] [ARRAY]`.
pub(super) fn mapfile(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let mut read = Read { lines: Some(Vec::new()), ..Read::default() };
    let mut limit = usize::MAX;
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        match arg.strip_prefix('-') {
            Some("t") => read.strip = true,
            Some(letter @ ("n" | "s" | "d" | "u" | "O")) => {
                let value = rest.next().map_or("", String::as_str);
                match letter {
                    "n" => limit = value.parse().ok().filter(|count| *count > 0).unwrap_or(usize::MAX),
                    "s" => read.skip = value.parse().unwrap_or(0),
                    "u" => read.fd = value.parse().unwrap_or(u32::MAX),
                    "d" => read.end = Some(value.chars().next().unwrap_or('\0')),
                    _ => {}
                }
            }
            Some(_) => {
                task.complain(&alloc::format!("mapfile: {arg}: kubepie does not have this option"), cx);
                return Some(2);
            }
            None => read.names.push(Rc::from(arg.as_str())),
        }
    }
    if read.names.is_empty() {
        read.names.push(Rc::from("MAPFILE"));
    }
    read.limit = limit.saturating_add(read.skip).min(100_000);
    task.push(Frame::Read(read));
    None
}

/// Takes what `read` wants of a pipe; `None`: it is not there yet.
fn take(read: &Read, pipe: &mut super::process::Pipe) -> Option<String> {
    if read.end.is_none() && read.most.is_none() {
        return pipe.take_line();
    }
    let end = read.end.unwrap_or('\n');
    let most = read.most.unwrap_or(usize::MAX).saturating_sub(read.so_far.chars().count());
    let (mut length, mut whole) = (0, false);
    for (at, c) in pipe.peek().chars().enumerate() {
        if at >= most {
            whole = true;
            break;
        }
        length += c.len_utf8();
        if c == end || at + 1 == most {
            whole = true;
            break;
        }
    }
    if !whole && !pipe.is_closed() {
        return None;
    }
    let mut text = pipe.take_front(length);
    // A line that ended otherwise is whole all the same.
    if text.ends_with(end) {
        text.pop();
        text.push('\n');
    } else if whole {
        text.push('\n');
    }
    if text.is_empty() { None } else { Some(text) }
}

/// Goes on with `read`.
pub(super) fn step(task: &mut Task, mut read: Read, cx: &mut Context<'_>) -> Step {
    let source = match task.fds.get(read.fd) {
        Some(Fd::Pipe(id)) => Some(*id),
        _ => None,
    };
    let end = source.and_then(|id| cx.pipes.get(id));
    let line = match end {
        None => None,
        Some(end) => match take(&read, &mut end.pipe) {
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
    if let Some(lines) = &mut read.lines {
        match line.filter(|_| lines.len() < read.limit) {
            Some(line) => {
                let line = match read.end {
                    Some(end) if !read.strip && line.ends_with('\n') => alloc::format!("{}{end}", line.trim_end_matches('\n')),
                    _ => line,
                };
                let text = if read.strip { line.strip_suffix('\n').unwrap_or(&line) } else { &line };
                lines.push(Rc::from(text));
                task.frames.push(Frame::Read(read));
            }
            None => {
                if let Some(name) = read.names.first() {
                    let skip = read.skip.min(lines.len());
                    task.state.vars.set_list(name, lines.split_off(skip));
                }
                task.state.status = 0;
            }
        }
        return Step::Next;
    }
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
