//! Tools that tell who one is: `whoami` and `id`, by numbers and the names that `/etc/passwd` and `/etc/group` have.

use alloc::string::String;
use alloc::vec::Vec;

use crate::api::kubelet::Identity;
use crate::arrange::Arrange;
use crate::shell::process::{Io, Started};

/// The name of a number in a file like `/etc/passwd`.
fn name_in(file: &str, number: i64, io: &Io<'_>) -> Option<String> {
    let text = io.fs.read(file).ok()?;
    let number = alloc::format!("{number}");
    let line = text.lines().find(|line| line.split(':').nth(2) == Some(number.as_str()))?;
    line.split(':').next().map(String::from)
}

/// The name of a user, where there is one.
pub(super) fn user(uid: i64, io: &Io<'_>) -> Option<String> {
    if uid == 0 { Some(String::from("root")) } else { name_in("/etc/passwd", uid, io) }
}

fn group(gid: i64, io: &Io<'_>) -> Option<String> {
    if gid == 0 { Some(String::from("root")) } else { name_in("/etc/group", gid, io) }
}

/// Who runs things here: root at the terminal.
fn who(io: &Io<'_>) -> Identity {
    io.host.identity().cloned().unwrap_or_default()
}

/// `whoami`
pub(super) fn whoami(_args: &[String], io: &mut Io<'_>) -> Started {
    let uid = who(io).uid;
    let at_terminal = io.host.identity().is_none();
    match io.env.get("USER").filter(|_| at_terminal).map(String::from).or_else(|| user(uid, io)) {
        Some(name) => super::about::say(io, &name),
        None => {
            let busybox = io.host.is_busybox();
            io.err(&match busybox {
                true => alloc::format!("whoami: unknown uid {uid}\n"),
                false => alloc::format!("whoami: cannot find name for user ID {uid}\n"),
            });
            Started::Done(1)
        }
    }
}

/// `id [-ugGn] [USER]`
pub(super) fn id(args: &[String], io: &mut Io<'_>) -> Started {
    let busybox = io.host.is_busybox();
    if let Some(user) = args.iter().find(|arg| !arg.starts_with('-') && *arg != "root") {
        io.err(&if busybox { alloc::format!("id: unknown user {user}\n") } else { alloc::format!("id: '{user}': no such user\n") });
        return Started::Done(1);
    }
    let me = who(io);
    let mut groups = me.groups.clone();
    if groups.is_empty() {
        groups.push(me.gid);
    }
    // BusyBox sorts what the kernel says; the other begins with the group of the process.
    groups.arrange();
    if !busybox {
        groups.arrange_by_key(|group| *group != me.gid);
    }
    let flag = |c: char| args.iter().any(|arg| arg.starts_with('-') && arg.contains(c));
    let named = |number: i64, name: Option<String>| {
        if flag('n') { name.unwrap_or_else(|| alloc::format!("{number}")) } else { alloc::format!("{number}") }
    };
    if flag('u') {
        let text = named(me.uid, user(me.uid, io));
        return super::about::say(io, &text);
    }
    if flag('g') {
        let text = named(me.gid, group(me.gid, io));
        return super::about::say(io, &text);
    }
    if flag('G') {
        let all: Vec<String> = groups.iter().map(|g| named(*g, group(*g, io))).collect();
        return super::about::say(io, &all.join(" "));
    }
    let told = |number: i64, name: Option<String>| match name {
        Some(name) => alloc::format!("{number}({name})"),
        None => alloc::format!("{number}"),
    };
    let mut all: Vec<String> = groups.iter().map(|g| told(*g, group(*g, io))).collect();
    if busybox && me.uid == 0 && groups == [0] {
        all.push(String::from("10(wheel)"));
    }
    let text = alloc::format!("uid={} gid={} groups={}", told(me.uid, user(me.uid, io)), told(me.gid, group(me.gid, io)), all.join(","));
    super::about::say(io, &text)
}
