//! Tools that tell about files: `stat`, `du`, `realpath`, `readlink`, and `mktemp`, which makes one.

use alloc::string::String;

use super::args::{Accepts, missing_operand, parse};
use crate::shell::calendar::Moment;
use crate::shell::process::{Io, Started};
use crate::text::fs::{NodeKind, Stat};

const STAT: Accepts = Accepts { tool: "stat", short: "c:Lft", long: &[("format", 'c')], first_operand_ends: false, status: 1 };

/// `drwxr-xr-x`
pub(super) fn mode(stat: &Stat) -> String {
    let mut text = String::from(match stat.kind {
        NodeKind::Dir => "d",
        NodeKind::Link => "l",
        NodeKind::File => "-",
    });
    for shift in [6, 3, 0] {
        for (bit, letter) in [(4, 'r'), (2, 'w'), (1, 'x')] {
            text.push(if (stat.mode >> shift) & bit != 0 { letter } else { '-' });
        }
        // The bits that stand above the others are told in the place of the right to run.
        let special = match shift {
            6 => (0o4000, 's', 'S'),
            3 => (0o2000, 's', 'S'),
            _ => (0o1000, 't', 'T'),
        };
        if stat.mode & special.0 != 0 {
            let runs = text.pop() == Some('x');
            text.push(if runs { special.1 } else { special.2 });
        }
    }
    text
}

fn size(stat: &Stat) -> usize {
    if stat.kind == NodeKind::Dir { 4096 } else { stat.size }
}

/// `stat [-c FORMAT] FILE...`
pub(super) fn stat(args: &[String], io: &mut Io<'_>) -> Started {
    let opts = match parse(&STAT, args, io) {
        Ok(opts) => opts,
        Err(status) => return Started::Done(status),
    };
    if opts.rest.is_empty() {
        return missing_operand("stat", 1, io);
    }
    let mut status = 0;
    for name in &opts.rest {
        let path = io.path(name);
        let found = if opts.has('L') { io.fs.stat(&path) } else { io.fs.stat_link(&path) };
        match found {
            Ok(stat) => {
                let format = opts.value('c').unwrap_or(
                    "  File: %N\n  Size: %s\t\tBlocks: %b          IO Block: 4096   %F\nDevice: 8,1\tInode: %i    Links: %h\nAccess: (0%a/%A)  Uid: (    0/    %U)   Gid: (    0/    %G)\nAccess: %y\nModify: %y\nChange: %y\n Birth: -",
                );
                let mut text = written(format, name, &stat, io.host.epoch_s());
                text.push('\n');
                io.out(&text);
            }
            Err(error) => {
                io.err(&alloc::format!("stat: cannot statx '{name}': {}\n", error.text()));
                status = 1;
            }
        }
    }
    Started::Done(status)
}

/// The number behind an owner's name.
fn number(owner: &str) -> String {
    match owner {
        "root" => String::from("0"),
        name if name.bytes().all(|b| b.is_ascii_digit()) => String::from(name),
        _ => String::from("1000"),
    }
}

fn written(format: &str, name: &str, stat: &Stat, epoch_s: i64) -> String {
    let mut out = String::new();
    let seconds = epoch_s.saturating_add(stat.mtime_ms.div_euclid(1000));
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let code = chars.next().unwrap_or('%');
        let text = match code {
            'n' => String::from(name),
            'N' => match &stat.target {
                Some(target) => alloc::format!("{name} -> {target}"),
                None => String::from(name),
            },
            's' => alloc::format!("{}", size(stat)),
            'b' => alloc::format!("{}", size(stat).div_ceil(4096) * 8),
            'B' => String::from("512"),
            'a' => alloc::format!("{:o}", stat.mode & 0o7777),
            'A' => mode(stat),
            'U' => String::from(stat.user()),
            'G' => String::from(stat.group()),
            'u' => number(stat.user()),
            'g' => number(stat.group()),
            'h' => alloc::format!("{}", stat.links),
            'i' => alloc::format!("{}", crate::text::hash::fnv1a_64(name.as_bytes()) % 1_000_000),
            'F' => String::from(match stat.kind {
                NodeKind::Dir => "directory",
                NodeKind::Link => "symbolic link",
                NodeKind::File if stat.size == 0 => "regular empty file",
                NodeKind::File => "regular file",
            }),
            'x' | 'y' | 'z' | 'w' => Moment::from_unix(seconds).format("%Y-%m-%d %H:%M:%S.000000000 +0000"),
            'X' | 'Y' | 'Z' | 'W' => alloc::format!("{seconds}"),
            '%' => String::from("%"),
            other => alloc::format!("?{other}"),
        };
        out.push_str(&text);
    }
    out
}

const DU: Accepts = Accepts {
    tool: "du",
    short: "sahkmcd:x",
    long: &[("summarize", 's'), ("all", 'a'), ("human-readable", 'h'), ("max-depth", 'd'), ("total", 'c')],
    first_operand_ends: false,
    status: 1,
};

/// `du [-sah] [FILE]...`
pub(super) fn du(args: &[String], io: &mut Io<'_>) -> Started {
    let opts = match parse(&DU, args, io) {
        Ok(opts) => opts,
        Err(status) => return Started::Done(status),
    };
    let names = if opts.rest.is_empty() { alloc::vec![String::from(".")] } else { opts.rest.clone() };
    let most = if opts.has('s') { 0 } else { opts.value('d').and_then(|n| n.parse().ok()).unwrap_or(usize::MAX) };
    let (mut status, mut total) = (0, 0);
    let show = |kib: usize, name: &str, io: &mut Io<'_>| {
        let size = if opts.has('h') { super::listing::human(kib * 1024) } else { alloc::format!("{kib}") };
        io.out(&alloc::format!("{size}\t{name}\n"));
    };
    for name in &names {
        if let Err(error) = io.fs.stat_link(&io.path(name)) {
            io.err(&alloc::format!("du: cannot access '{name}': {}\n", error.text()));
            status = 1;
            continue;
        }
        total += disk(name, 0, most, opts.has('a'), io, &show);
    }
    if opts.has('c') {
        show(total, "total", io);
    }
    Started::Done(status)
}

/// KiB on disk of a file or a directory with all in it, shown on the way.
fn disk(name: &str, depth: usize, most: usize, all: bool, io: &mut Io<'_>, show: &dyn Fn(usize, &str, &mut Io<'_>)) -> usize {
    let path = io.path(name);
    let Ok(stat) = io.fs.stat_link(&path) else { return 0 };
    let own = match stat.kind {
        NodeKind::Link => 0,
        NodeKind::Dir => 4,
        NodeKind::File => stat.size.div_ceil(4096) * 4,
    };
    let mut sum = own;
    if stat.kind == NodeKind::Dir && depth < 64 {
        for (entry, _) in io.fs.list(&path).unwrap_or_default() {
            sum += disk(&alloc::format!("{}/{entry}", name.trim_end_matches('/')), depth + 1, most, all, io, show);
        }
    }
    if depth <= most && (stat.kind == NodeKind::Dir || all || depth == 0) {
        show(sum, name, io);
    }
    sum
}

/// `realpath FILE...`
pub(super) fn realpath(args: &[String], io: &mut Io<'_>) -> Started {
    let names = args.iter().filter(|arg| !arg.starts_with('-'));
    if names.clone().next().is_none() {
        return missing_operand("realpath", 1, io);
    }
    let mut status = 0;
    for name in names {
        match whole(name, io) {
            Some(path) => io.out(&[&path, "\n"].concat()),
            None => {
                io.err(&alloc::format!("realpath: {name}: No such file or directory\n"));
                status = 1;
            }
        }
    }
    Started::Done(status)
}

/// A path without links; its last part need not exist.
fn whole(name: &str, io: &Io<'_>) -> Option<String> {
    let path = io.path(name);
    if let Ok(path) = io.fs.canonical(&path) {
        return Some(path);
    }
    let (dir, _) = path.rsplit_once('/')?;
    io.fs.is_dir(if dir.is_empty() { "/" } else { dir }).then_some(path)
}

/// `readlink [-f] FILE...`
pub(super) fn readlink(args: &[String], io: &mut Io<'_>) -> Started {
    let follow = args.iter().any(|arg| matches!(arg.as_str(), "-f" | "-e" | "-m"));
    let mut status = 0;
    for name in args.iter().filter(|arg| !arg.starts_with('-')) {
        let found = if follow {
            whole(name, io)
        } else {
            io.fs.stat_link(&io.path(name)).ok().and_then(|stat| stat.target.map(|t| String::from(&*t)))
        };
        match found {
            Some(text) => io.out(&[&text, "\n"].concat()),
            None => status = 1,
        }
    }
    Started::Done(status)
}

const MKTEMP: Accepts = Accepts {
    tool: "mktemp",
    short: "dup:qt",
    long: &[("directory", 'd'), ("dry-run", 'u'), ("tmpdir", 'p')],
    first_operand_ends: false,
    status: 1,
};

/// `mktemp [-d] [-u] [TEMPLATE]`
pub(super) fn mktemp(args: &[String], io: &mut Io<'_>) -> Started {
    let opts = match parse(&MKTEMP, args, io) {
        Ok(opts) => opts,
        Err(status) => return Started::Done(status),
    };
    let given = opts.rest.first();
    let template = match (given, opts.value('p')) {
        (Some(name), None) => name.clone(),
        (name, dir) => alloc::format!("{}/{}", dir.unwrap_or("/tmp"), name.map_or("tmp.XXXXXXXXXX", String::as_str)),
    };
    let crosses = template.chars().rev().take_while(|c| *c == 'X').count();
    if crosses < 3 {
        io.err(&alloc::format!("mktemp: too few X's in template '{template}'\n"));
        return Started::Done(1);
    }
    let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    let mut seed = io.now.0;
    for _ in 0..1000 {
        let mut name = String::from(template.trim_end_matches('X'));
        for _ in 0..crosses {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            name.extend(letters.chars().nth((seed >> 33) as usize % letters.len()));
        }
        let (path, mtime) = (io.path(&name), io.mtime());
        if io.fs.exists(&path) {
            continue;
        }
        let made = match () {
            () if opts.has('u') => Ok(()),
            () if opts.has('d') => io.fs.make_dir(&path, mtime),
            () => io.fs.write(&path, "", mtime),
        };
        return match made {
            Ok(()) => {
                io.out(&[&name, "\n"].concat());
                Started::Done(0)
            }
            Err(error) => {
                let what = if opts.has('d') { "directory" } else { "file" };
                io.err(&alloc::format!("mktemp: failed to create {what} via template '{template}': {}\n", error.text()));
                Started::Done(1)
            }
        };
    }
    Started::Done(1)
}
