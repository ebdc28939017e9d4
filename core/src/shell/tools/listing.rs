//! `ls`

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::args::{Accepts, Opts, parse};
use crate::arrange::Arrange;
use crate::shell::calendar::Moment;
use crate::shell::process::{Io, Started};
use crate::text::fs::{NodeKind, Stat};

const ACCEPTS: Accepts = Accepts {
    tool: "ls",
    short: "laAR1dhrtSFpinog",
    long: &[
        ("all", 'a'),
        ("almost-all", 'A'),
        ("recursive", 'R'),
        ("directory", 'd'),
        ("human-readable", 'h'),
        ("reverse", 'r'),
        ("classify", 'F'),
        ("color", 'C'),
        ("inode", 'i'),
    ],
    first_operand_ends: false,
    status: 2,
};

const MAX_DEPTH: u32 = 64;
/// The width to fill when output goes to a terminal.
const COLUMNS: usize = 80;

type Entry = (Rc<str>, Stat);

pub(super) fn start(args: &[String], io: &mut Io<'_>) -> Started {
    let opts = match parse(&ACCEPTS, args, io) {
        Ok(opts) => opts,
        Err(status) => return Started::Done(status),
    };
    let names = if opts.rest.is_empty() { alloc::vec![String::from(".")] } else { opts.rest.clone() };
    let mut status = 0;
    let (mut files, mut dirs): (Vec<Entry>, Vec<String>) = (Vec::new(), Vec::new());
    for name in names {
        let path = io.path(&name);
        let stat = if name.is_empty() {
            Err(crate::text::fs::FsError::NotFound)
        } else if opts.has('l') && !name.ends_with('/') {
            io.fs.stat_link(&path)
        } else {
            io.fs.stat(&path)
        };
        match stat {
            Ok(_) if io.fs.is_dir(&path) && !opts.has('d') => dirs.push(name),
            Ok(stat) => files.push((Rc::from(name), stat)),
            Err(error) => {
                let busybox = io.host.is_busybox();
                io.err(&match busybox {
                    true => alloc::format!("ls: {name}: {}\n", error.text()),
                    false => alloc::format!("ls: cannot access '{name}': {}\n", error.text()),
                });
                status = if busybox { 1 } else { 2 };
            }
        }
    }
    arrange(&opts, &mut files);
    dirs.arrange();
    let titled = dirs.len() + files.len() > 1 || opts.has('R') || status != 0 && !dirs.is_empty() && opts.rest.len() > 1;
    let mut out = String::new();
    show(&opts, &files, io, &mut out);
    let mut first = files.is_empty();
    for dir in dirs {
        directory(&opts, &dir, titled, &mut first, io, &mut out, 0);
    }
    io.out(&out);
    Started::Done(status)
}

fn directory(opts: &Opts, name: &str, titled: bool, first: &mut bool, io: &mut Io<'_>, out: &mut String, depth: u32) {
    let path = io.path(name);
    let Ok(list) = io.fs.list(&path) else { return };
    if depth > MAX_DEPTH {
        return;
    }
    if titled {
        if !*first {
            out.push('\n');
        }
        out.push_str(name);
        out.push_str(":\n");
    }
    *first = false;
    let hidden = opts.has('a') || opts.has('A');
    let mut entries: Vec<Entry> = list.into_iter().filter(|(name, _)| hidden || !name.starts_with('.')).collect();
    if opts.has('a') && !opts.has('A') {
        for (name, path) in [(".", path.clone()), ("..", io.path(&alloc::format!("{path}/..")))] {
            if let Ok(stat) = io.fs.stat(&path) {
                entries.push((Rc::from(name), stat));
            }
        }
    }
    arrange(opts, &mut entries);
    if opts.has('l') {
        let blocks: usize = entries.iter().map(|(_, stat)| blocks(stat)).sum();
        out.push_str(&if opts.has('h') { alloc::format!("total {}\n", human(blocks * 1024)) } else { alloc::format!("total {blocks}\n") });
    }
    show(opts, &entries, io, out);
    if opts.has('R') {
        for (entry, stat) in &entries {
            if stat.kind == NodeKind::Dir && &**entry != "." && &**entry != ".." {
                let inner = alloc::format!("{}/{entry}", name.trim_end_matches('/'));
                directory(opts, &inner, true, first, io, out, depth + 1);
            }
        }
    }
}

/// Blocks of 1 KiB, in steps of 4, that a file takes.
fn blocks(stat: &Stat) -> usize {
    match stat.kind {
        NodeKind::Link => 0,
        _ => stat.size.div_ceil(4096) * 4,
    }
}

fn arrange(opts: &Opts, entries: &mut [Entry]) {
    entries.arrange_by(|a, b| a.0.cmp(&b.0));
    if opts.has('t') {
        entries.arrange_by_key(|(_, stat)| core::cmp::Reverse(stat.mtime_ms));
    } else if opts.has('S') {
        entries.arrange_by_key(|(_, stat)| core::cmp::Reverse(stat.size));
    }
    if opts.has('r') {
        entries.reverse();
    }
}

fn show(opts: &Opts, entries: &[Entry], io: &Io<'_>, out: &mut String) {
    if opts.has('l') || opts.has('o') || opts.has('g') || opts.has('n') {
        return long(opts, entries, io, out);
    }
    let names: Vec<String> = entries.iter().map(|(name, stat)| marked(opts, name, stat)).collect();
    if !io.stdout_is_terminal || opts.has('1') {
        for name in &names {
            out.push_str(name);
            out.push('\n');
        }
        return;
    }
    columns(&names, out);
}

fn marked(opts: &Opts, name: &str, stat: &Stat) -> String {
    let mut text = String::from(name);
    match stat.kind {
        NodeKind::Dir if opts.has('F') || opts.has('p') => text.push('/'),
        NodeKind::Link if opts.has('F') && !opts.has('l') => text.push('@'),
        NodeKind::File if opts.has('F') && stat.mode & 0o111 != 0 => text.push('*'),
        _ => {}
    }
    text
}

/// As many columns as fit, filled downwards, two blanks between.
fn columns(names: &[String], out: &mut String) {
    let widths: Vec<usize> = names.iter().map(|name| name.chars().count()).collect();
    let mut layout = (names.len().max(1), alloc::vec![0]);
    for rows in 1..=names.len() {
        let columns: Vec<usize> = widths.chunks(rows).map(|chunk| chunk.iter().copied().max().unwrap_or(0)).collect();
        let total = columns.iter().sum::<usize>() + 2 * columns.len().saturating_sub(1);
        if total < COLUMNS || rows == names.len() {
            layout = (rows, columns);
            break;
        }
    }
    let (rows, widths) = layout;
    if names.is_empty() {
        return;
    }
    for row in 0..rows {
        let mut line = String::new();
        for (column, width) in widths.iter().enumerate() {
            let Some(name) = names.get(column * rows + row) else { break };
            line.push_str(name);
            if names.get((column + 1) * rows + row).is_some() {
                line.extend(core::iter::repeat_n(' ', (width + 2).saturating_sub(name.chars().count())));
            }
        }
        out.push_str(&line);
        out.push('\n');
    }
}

/// Bytes as people read them: `1.5K`.
pub(super) fn human(bytes: usize) -> String {
    if bytes < 1024 {
        return alloc::format!("{bytes}");
    }
    let (mut value, mut unit) = (bytes, 'B');
    let mut tenths = 0;
    for next in ['K', 'M', 'G'] {
        if value < 1024 {
            break;
        }
        tenths = (value * 10).div_ceil(1024);
        value = value.div_ceil(1024);
        unit = next;
    }
    if tenths < 100 { alloc::format!("{}.{}{unit}", tenths / 10, tenths % 10) } else { alloc::format!("{value}{unit}") }
}

fn long(opts: &Opts, entries: &[Entry], io: &Io<'_>, out: &mut String) {
    let epoch = io.host.epoch_s();
    let size = |stat: &Stat| if opts.has('h') { human(stat.size) } else { alloc::format!("{}", stat.size) };
    let widest = |text: &dyn Fn(&Stat) -> usize| entries.iter().map(|(_, stat)| text(stat)).max().unwrap_or(0);
    let links = widest(&|stat| alloc::format!("{}", stat.links).len());
    let sizes = widest(&|stat| size(stat).len());
    let (users, groups) = (widest(&|stat| stat.user().len()), widest(&|stat| stat.group().len()));
    // BusyBox has columns of its own widths.
    let (links, users, groups, sizes) = if io.host.is_busybox() { (4, 8, 8, sizes.max(9)) } else { (links, users, groups, sizes) };
    let now_s = epoch.saturating_add(i64::try_from(io.now.0 / 1000).unwrap_or(0));
    for (name, stat) in entries {
        let changed = epoch.saturating_add(stat.mtime_ms.div_euclid(1000));
        let moment = Moment::from_unix(changed);
        let recent = changed <= now_s && now_s - changed < 15_778_476;
        let date = moment.format(if recent { "%b %e %H:%M" } else { "%b %e  %Y" });
        out.push_str(&alloc::format!(
            "{} {:links$} {:<users$} {:<groups$} {:>sizes$} {date} {}",
            super::stat::mode(stat),
            stat.links,
            stat.user(),
            stat.group(),
            size(stat),
            marked(opts, name, stat),
        ));
        if let Some(target) = &stat.target {
            out.push_str(" -> ");
            out.push_str(target);
        }
        out.push('\n');
    }
}
