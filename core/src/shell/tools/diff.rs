//! `diff`: normal, unified (`-u`), brief (`-q`), folders (`-r`, `-N`). Shortest edit script, so that hunks fall where
//! those of GNU diff fall.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::args::{Accepts, Opts, parse};
use crate::arrange::Arrange;
use crate::shell::calendar::Moment;
use crate::shell::process::{Io, Poll, Process, Started, Wake};

const ACCEPTS: Accepts = Accepts {
    tool: "diff",
    short: "uU:NqrabBwiL:sC",
    long: &[
        ("unified", 'u'),
        ("new-file", 'N'),
        ("brief", 'q'),
        ("recursive", 'r'),
        ("label", 'L'),
        ("ignore-all-space", 'w'),
        ("ignore-case", 'i'),
        ("report-identical-files", 's'),
        ("color", 'C'),
        ("text", 'a'),
    ],
    first_operand_ends: false,
    status: 2,
};

/// How far the search for the shortest script goes before what is left counts as changed.
const MAX_EDITS: usize = 2_000;

/// Lines that stayed, went or came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// In both: the places in the old and the new text.
    Keep(usize, usize),
    /// Only in the old text.
    Delete(usize),
    /// Only in the new text.
    Insert(usize),
}

/// The shortest way from one list of lines to another (Myers), deletions before insertions.
pub fn edits(old: &[&str], new: &[&str]) -> Vec<Edit> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let old_mid = old.get(head..).unwrap_or_default();
    let new_mid = new.get(head..).unwrap_or_default();
    let tail = old_mid.iter().rev().zip(new_mid.iter().rev()).take_while(|(a, b)| a == b).count();
    let old_mid = old_mid.get(..old_mid.len() - tail).unwrap_or_default();
    let new_mid = new_mid.get(..new_mid.len() - tail).unwrap_or_default();
    let mut out: Vec<Edit> = (0..head).map(|at| Edit::Keep(at, at)).collect();
    for edit in middle(old_mid, new_mid) {
        out.push(match edit {
            Edit::Keep(a, b) => Edit::Keep(a + head, b + head),
            Edit::Delete(a) => Edit::Delete(a + head),
            Edit::Insert(b) => Edit::Insert(b + head),
        });
    }
    let (a, b) = (old.len() - tail, new.len() - tail);
    out.extend((0..tail).map(|at| Edit::Keep(a + at, b + at)));
    out
}

fn middle(old: &[&str], new: &[&str]) -> Vec<Edit> {
    let replace = || (0..old.len()).map(Edit::Delete).chain((0..new.len()).map(Edit::Insert)).collect();
    let most = (old.len() + new.len()).min(MAX_EDITS);
    let offset = most + 1;
    let mut reach = alloc::vec![0usize; 2 * most + 3];
    let mut trail: Vec<Vec<usize>> = Vec::new();
    let at = |reach: &[usize], k: isize| reach.get(offset.wrapping_add_signed(k)).copied().unwrap_or(0);
    for edits in 0..=most {
        trail.push(reach.clone());
        let steps = isize::try_from(edits).unwrap_or(0);
        let mut k = -steps;
        while k <= steps {
            let down = k == -steps || (k != steps && at(&reach, k - 1) < at(&reach, k + 1));
            let mut x = if down { at(&reach, k + 1) } else { at(&reach, k - 1) + 1 };
            let mut y = x.wrapping_add_signed(-k);
            while x < old.len() && y < new.len() && old.get(x) == new.get(y) {
                x += 1;
                y += 1;
            }
            if let Some(slot) = reach.get_mut(offset.wrapping_add_signed(k)) {
                *slot = x;
            }
            if x >= old.len() && y >= new.len() {
                return walk_back(&trail, old.len(), new.len(), offset);
            }
            k += 2;
        }
    }
    replace()
}

fn walk_back(trail: &[Vec<usize>], old: usize, new: usize, offset: usize) -> Vec<Edit> {
    let mut out = Vec::new();
    let (mut x, mut y) = (old, new);
    for (edits, reach) in trail.iter().enumerate().rev() {
        let at = |k: isize| reach.get(offset.wrapping_add_signed(k)).copied().unwrap_or(0);
        let steps = isize::try_from(edits).unwrap_or(0);
        let k = isize::try_from(x).unwrap_or(0) - isize::try_from(y).unwrap_or(0);
        let down = k == -steps || (k != steps && at(k - 1) < at(k + 1));
        let before = if down { k + 1 } else { k - 1 };
        let from_x = at(before);
        let from_y = from_x.wrapping_add_signed(-before);
        while edits > 0 && x > from_x && y > from_y || edits == 0 && x > 0 && y > 0 {
            x -= 1;
            y -= 1;
            out.push(Edit::Keep(x, y));
        }
        if edits > 0 {
            if down {
                y = from_y;
                out.push(Edit::Insert(y));
            } else {
                x = from_x;
                out.push(Edit::Delete(x));
            }
        }
    }
    out.reverse();
    arrange(out)
}

/// Within a run of changes, what goes stands before what comes.
fn arrange(edits: Vec<Edit>) -> Vec<Edit> {
    let mut out = Vec::new();
    let mut inserts = Vec::new();
    for edit in edits {
        match edit {
            Edit::Keep(..) => {
                out.append(&mut inserts);
                out.push(edit);
            }
            Edit::Delete(_) => out.push(edit),
            Edit::Insert(_) => inserts.push(edit),
        }
    }
    out.append(&mut inserts);
    out
}

/// Runs of changes: where each begins in both texts and what goes and comes, with `context` lines around it
/// where runs closer than twice that are one.
fn hunks(edits: &[Edit], context: usize) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    for (at, edit) in edits.iter().enumerate() {
        if matches!(edit, Edit::Keep(..)) {
            continue;
        }
        let (from, to) = (at.saturating_sub(context), (at + 1 + context).min(edits.len()));
        match out.last_mut() {
            Some(last) if from <= last.1 => last.1 = to,
            _ => out.push((from, to)),
        }
    }
    out
}

/// The lines of a text; the last may lack its newline.
fn split(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// A unified diff without its two title lines; empty if nothing differs.
pub fn unified(old: &str, new: &str, context: usize) -> String {
    let (old_lines, new_lines) = (split(old), split(new));
    let edits = edits(&old_lines, &new_lines);
    let mut out = String::new();
    for (from, to) in hunks(&edits, context) {
        let hunk = edits.get(from..to).unwrap_or_default();
        let before = edits.get(..from).unwrap_or_default();
        let count = |list: &[Edit], old: bool| {
            list.iter().filter(|edit| !matches!((edit, old), (Edit::Insert(_), true) | (Edit::Delete(_), false))).count()
        };
        let range = |old: bool| {
            let (start, length) = (count(before, old), count(hunk, old));
            match length {
                0 => alloc::format!("{start},0"),
                1 => alloc::format!("{}", start + 1),
                _ => alloc::format!("{},{length}", start + 1),
            }
        };
        out.push_str(&alloc::format!("@@ -{} +{} @@\n", range(true), range(false)));
        for edit in hunk {
            let (sign, line) = match edit {
                Edit::Keep(at, _) => (' ', old_lines.get(*at)),
                Edit::Delete(at) => ('-', old_lines.get(*at)),
                Edit::Insert(at) => ('+', new_lines.get(*at)),
            };
            push(&mut out, &String::from(sign), line.copied().unwrap_or_default());
        }
    }
    out
}

fn push(out: &mut String, sign: &str, line: &str) {
    out.push_str(sign);
    out.push_str(line);
    if !line.ends_with('\n') {
        out.push_str("\n\\ No newline at end of file\n");
    }
}

fn normal(old: &str, new: &str) -> String {
    let (old_lines, new_lines) = (split(old), split(new));
    let edits = edits(&old_lines, &new_lines);
    let mut out = String::new();
    for (from, to) in hunks(&edits, 0) {
        let (mut gone, mut come): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
        for edit in edits.get(from..to).unwrap_or_default() {
            match edit {
                Edit::Delete(at) => gone.push(*at),
                Edit::Insert(at) => come.push(*at),
                Edit::Keep(..) => {}
            }
        }
        let before = edits.get(..from).unwrap_or_default();
        let passed = |insert: bool| {
            before.iter().filter(|edit| !matches!((edit, insert), (Edit::Insert(_), false) | (Edit::Delete(_), true))).count()
        };
        let range = |list: &[usize], insert: bool| match (list.first(), list.last()) {
            (Some(first), Some(last)) if first != last => alloc::format!("{},{}", first + 1, last + 1),
            (Some(first), _) => alloc::format!("{}", first + 1),
            _ => alloc::format!("{}", passed(insert)),
        };
        let letter = match (gone.is_empty(), come.is_empty()) {
            (true, _) => 'a',
            (_, true) => 'd',
            _ => 'c',
        };
        out.push_str(&alloc::format!("{}{letter}{}\n", range(&gone, false), range(&come, true)));
        for at in &gone {
            push(&mut out, "< ", old_lines.get(*at).copied().unwrap_or_default());
        }
        if letter == 'c' {
            out.push_str("---\n");
        }
        for at in &come {
            push(&mut out, "> ", new_lines.get(*at).copied().unwrap_or_default());
        }
    }
    out
}

/// `diff - file`: waits for standard input first.
#[derive(Clone)]
struct Waiting {
    args: Vec<String>,
}

impl Process for Waiting {
    fn poll(&mut self, io: &mut Io<'_>) -> Poll {
        if !io.stdin.is_closed() {
            return Poll::Wait(Wake::Input);
        }
        match start(&self.args, io) {
            Started::Done(status) => Poll::Done(status),
            Started::Run(_) => Poll::Done(2),
        }
    }

    fn boxed_clone(&self) -> Box<dyn Process> {
        Box::new(self.clone())
    }
}

pub(super) fn start(args: &[String], io: &mut Io<'_>) -> Started {
    let given = args;
    let args: Vec<String> = args.iter().filter(|arg| !arg.starts_with("--color")).cloned().collect();
    let opts = match parse(&ACCEPTS, &args, io) {
        Ok(opts) => opts,
        Err(status) => return Started::Done(status),
    };
    let (from, to) = match opts.rest.as_slice() {
        [from, to] => (from, to),
        [] => {
            io.err("diff: missing operand after 'diff'\ndiff: Try 'diff --help' for more information.\n");
            return Started::Done(2);
        }
        [one] => {
            io.err(&alloc::format!("diff: missing operand after '{one}'\ndiff: Try 'diff --help' for more information.\n"));
            return Started::Done(2);
        }
        [_, _, extra, ..] => {
            io.err(&alloc::format!("diff: extra operand '{extra}'\ndiff: Try 'diff --help' for more information.\n"));
            return Started::Done(2);
        }
    };
    if (from == "-" || to == "-") && !io.stdin.is_closed() {
        return Started::Run(Box::new(Waiting { args: given.to_vec() }));
    }
    let mut out = String::new();
    let mut err = String::new();
    let stdin = io.stdin.take();
    let (a, b) = (io.path(from), io.path(to));
    let status = match (io.fs.is_dir(&a), io.fs.is_dir(&b)) {
        (true, true) => folders(&opts, from, to, io, &mut out, &mut err, 0),
        (true, false) if to != "-" => files(&opts, &inside(from, to), to, false, &stdin, io, &mut out, &mut err),
        (false, true) if from != "-" => files(&opts, from, &inside(to, from), false, &stdin, io, &mut out, &mut err),
        _ => files(&opts, from, to, false, &stdin, io, &mut out, &mut err),
    };
    io.out(&out);
    io.err(&err);
    Started::Done(status)
}

/// The file of the same name in a folder.
fn inside(dir: &str, file: &str) -> String {
    let base = file.rsplit('/').next().unwrap_or(file);
    alloc::format!("{}/{base}", dir.trim_end_matches('/'))
}

fn folders(opts: &Opts, from: &str, to: &str, io: &Io<'_>, out: &mut String, err: &mut String, depth: u32) -> i32 {
    let list = |dir: &str| io.fs.list(&io.path(dir)).unwrap_or_default();
    let (old, new) = (list(from), list(to));
    let mut names: Vec<_> = old.iter().chain(&new).map(|(name, _)| name.clone()).collect();
    names.arrange();
    names.dedup();
    let mut status = 0;
    for name in names {
        let has = |list: &[(alloc::rc::Rc<str>, crate::text::fs::Stat)]| list.iter().any(|(one, _)| *one == name);
        let (a, b) = (inside(from, &name), inside(to, &name));
        let (in_old, in_new) = (has(&old), has(&new));
        let dirs = (io.fs.is_dir(&io.path(&a)), io.fs.is_dir(&io.path(&b)));
        if !(opts.has('N') || in_old && in_new) {
            let dir = if in_old { from } else { to };
            out.push_str(&alloc::format!("Only in {}: {name}\n", dir.trim_end_matches('/')));
            status = status.max(1);
        } else if dirs.0 || dirs.1 {
            if opts.has('r') && depth < 64 {
                status = status.max(folders(opts, &a, &b, io, out, err, depth + 1));
            } else if dirs.0 && dirs.1 {
                out.push_str(&alloc::format!("Common subdirectories: {a} and {b}\n"));
            }
        } else {
            status = status.max(files(opts, &a, &b, true, "", io, out, err));
        }
    }
    status
}

#[allow(clippy::too_many_arguments)]
fn files(opts: &Opts, from: &str, to: &str, titled: bool, stdin: &str, io: &Io<'_>, out: &mut String, err: &mut String) -> i32 {
    let mut failed = false;
    let mut read = |name: &str| -> String {
        if name == "-" {
            return String::from(stdin);
        }
        if name == "/dev/null" {
            return String::new();
        }
        match io.fs.read(&io.path(name)) {
            Ok(text) => String::from(text.as_str()),
            Err(_) if opts.has('N') => String::new(),
            Err(error) => {
                err.push_str(&alloc::format!("diff: {name}: {}\n", error.text()));
                failed = true;
                String::new()
            }
        }
    };
    let (old, new) = (read(from), read(to));
    if failed {
        return 2;
    }
    let fold = |text: &str| -> String {
        let mut text = String::from(text);
        if opts.has('i') {
            text = text.to_lowercase();
        }
        if opts.has('w') {
            text = text.chars().filter(|c| *c == '\n' || !c.is_whitespace()).collect();
        }
        text
    };
    if old == new || fold(&old) == fold(&new) {
        if opts.has('s') {
            out.push_str(&alloc::format!("Files {from} and {to} are identical\n"));
        }
        return 0;
    }
    if opts.has('q') {
        out.push_str(&alloc::format!("Files {from} and {to} differ\n"));
        return 1;
    }
    if titled {
        out.push_str("diff");
        for (flag, value) in opts.all().filter(|(flag, _)| matches!(flag, 'u' | 'N' | 'r' | 'U')) {
            out.push_str(&alloc::format!(" -{flag}{value}"));
        }
        out.push_str(&alloc::format!(" {from} {to}\n"));
    }
    if !opts.has('u') && !opts.has('U') {
        out.push_str(&normal(&old, &new));
        return 1;
    }
    let context = opts.value('U').and_then(|text| text.parse().ok()).unwrap_or(3);
    let mut labels = opts.values('L');
    for (sign, name) in [("---", from), ("+++", to)] {
        match labels.next() {
            Some(label) => out.push_str(&alloc::format!("{sign} {label}\n")),
            None => out.push_str(&alloc::format!("{sign} {name}\t{}\n", stamp(name, io))),
        }
    }
    out.push_str(&unified(&old, &new, context));
    1
}

/// When a file was changed, as the titles of a unified diff say it; the beginning of time if it is not there.
fn stamp(name: &str, io: &Io<'_>) -> String {
    let (seconds, nanos) = match io.fs.stat(&io.path(name)) {
        Ok(stat) => (
            io.host.epoch_s().saturating_add(stat.mtime_ms.div_euclid(1000)),
            u32::try_from(stat.mtime_ms.rem_euclid(1000)).unwrap_or(0) * 1_000_000,
        ),
        Err(_) => (0, 0),
    };
    Moment::from_unix(seconds).format_with("%F %T.%N %z", nanos)
}
