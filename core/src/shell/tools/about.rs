//! Tools that tell about the machine and the shell: `hostname`, `uname`, `which`, `clear`, `man`.

use alloc::string::String;

use super::help;
use crate::shell::process::{Io, Started};

pub(super) fn hostname(args: &[String], io: &mut Io<'_>) -> Started {
    let name = String::from(io.host.hostname());
    if args.iter().any(|arg| matches!(arg.as_str(), "-i" | "-I")) {
        let found = io.host.network().map(|network| network.resolve("", &name));
        let address = found.and_then(|found| found.addresses.first().cloned()).unwrap_or_else(|| String::from("127.0.0.1"));
        return say(io, &address);
    }
    let has = |short: &str, long: &str| args.iter().any(|arg| arg == short || arg == long);
    let shown = match () {
        () if has("-s", "--short") => name.split('.').next().unwrap_or_default().into(),
        () if has("-f", "--fqdn") => full_name(&name, io),
        () if has("-d", "--domain") => full_name(&name, io).split_once('.').map_or_else(String::new, |(_, domain)| domain.into()),
        () => name,
    };
    say(io, &shown)
}

/// The host's full name, which its own file of hosts says first.
fn full_name(own: &str, io: &Io<'_>) -> String {
    let hosts = io.fs.read("/etc/hosts").map(|text| String::from(text.as_str())).unwrap_or_default();
    let line = hosts.lines().find(|line| line.split_whitespace().skip(1).any(|name| name == own));
    line.and_then(|line| line.split_whitespace().nth(1)).unwrap_or(own).into()
}

pub(super) fn uname(args: &[String], io: &mut Io<'_>) -> Started {
    let mut flags: String = args.iter().filter_map(|arg| arg.strip_prefix('-')).collect();
    if flags.is_empty() {
        flags.push('s');
    }
    let host = String::from(io.host.hostname());
    let parts = [
        ('s', "Linux"),
        ('n', host.as_str()),
        ('r', "5.15.0-164-generic"),
        ('v', "#174-Ubuntu SMP Fri Nov 14 20:25:16 UTC 2025"),
        ('m', "x86_64"),
        // Ubuntu names the machine three times.
        (if io.host.image().is_empty() { 'a' } else { 'p' }, "x86_64 x86_64"),
        ('o', "GNU/Linux"),
    ];
    let all = |flag: char| flags.contains('a') && flag != 'p';
    let chosen: alloc::vec::Vec<&str> =
        parts.iter().filter(|(flag, _)| all(*flag) || *flag != 'a' && flags.contains(*flag)).map(|(_, text)| *text).collect();
    io.out(&chosen.join(" "));
    io.out("\n");
    Started::Done(0)
}

pub(super) fn which(args: &[String], io: &mut Io<'_>) -> Started {
    let mut status = i32::from(args.is_empty());
    for name in args.iter().filter(|arg| !arg.starts_with('-')) {
        match super::path_of(name, io.host) {
            Some(path) => {
                io.out(&path);
                io.out("\n");
            }
            None => status = 1,
        }
    }
    Started::Done(status)
}

pub(super) fn clear(_args: &[String], io: &mut Io<'_>) -> Started {
    io.out("\x1b[H\x1b[2J\x1b[3J");
    Started::Done(0)
}

pub(super) fn man(args: &[String], io: &mut Io<'_>) -> Started {
    let Some(name) = args.last() else {
        io.err("What manual page do you want?\nFor example, try 'man ls'.\n");
        return Started::Done(1);
    };
    match help::text(Some(name), io.host) {
        Some(text) => {
            io.out(&text);
            Started::Done(0)
        }
        None => {
            io.err(&alloc::format!("No manual entry for {name}\n"));
            Started::Done(16)
        }
    }
}

/// A line that is always the same.
pub(super) fn say(io: &mut Io<'_>, text: &str) -> Started {
    io.out(text);
    io.out("\n");
    Started::Done(0)
}

pub(super) fn tty(_args: &[String], io: &mut Io<'_>) -> Started {
    if io.stdin_is_terminal {
        return say(io, "/dev/pts/0");
    }
    say(io, "not a tty");
    Started::Done(1)
}
