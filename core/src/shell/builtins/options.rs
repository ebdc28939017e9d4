//! What takes a command line apart or switches how patterns work: `getopts`, `shopt`, `umask`, `ulimit`.

use alloc::string::String;

use super::{fail, out};
use crate::shell::context::Context;
use crate::shell::task::{Globbing, Task};

/// `getopts OPTIONS NAME [ARG]...`
pub(super) fn getopts(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let [letters, name, given @ ..] = args else {
        return fail(task, cx, "getopts: usage: getopts optstring name [arg ...]", 2);
    };
    let words: alloc::vec::Vec<String> = match given {
        [] => task.state.args.iter().map(|arg| String::from(&**arg)).collect(),
        given => given.to_vec(),
    };
    let index = task.state.vars.get("OPTIND").and_then(|at| at.parse::<usize>().ok()).unwrap_or(1).max(1);
    let quiet = letters.starts_with(':');
    let word = words.get(index - 1).map(String::as_str).unwrap_or_default();
    let done = |task: &mut Task, index: usize| {
        task.state.letter = 0;
        task.state.vars.set("OPTIND", &alloc::format!("{index}"));
    };
    if task.state.letter == 0 && (word.len() < 2 || !word.starts_with('-') || word == "--") {
        done(task, index + usize::from(word == "--"));
        task.state.vars.set(name, "?");
        task.state.vars.unset("OPTARG");
        return Some(1);
    }
    let at = task.state.letter.max(1);
    let letter = word.chars().nth(at).unwrap_or('?');
    let rest: String = word.chars().skip(at + 1).collect();
    let known = letter != ':' && letters.contains(letter);
    let wants = known && letters.split_once(letter).is_some_and(|(_, after)| after.starts_with(':'));
    let mut found = String::from(letter);
    let shell = String::from(&*task.state.name);
    let mut argument = None;
    if rest.is_empty() || wants {
        done(task, index + 1);
    } else {
        task.state.letter = at + 1;
    }
    if !known {
        found = String::from("?");
        argument = quiet.then(|| String::from(letter));
        if !quiet {
            cx.complain(&task.fds.clone(), &alloc::format!("{shell}: illegal option -- {letter}"));
        }
    } else if wants && !rest.is_empty() {
        argument = Some(rest);
    } else if wants {
        match words.get(index) {
            Some(value) => {
                argument = Some(value.clone());
                done(task, index + 2);
            }
            None if quiet => {
                found = String::from(":");
                argument = Some(String::from(letter));
            }
            None => {
                found = String::from("?");
                cx.complain(&task.fds.clone(), &alloc::format!("{shell}: option requires an argument -- {letter}"));
            }
        }
    }
    task.state.vars.set(name, &found);
    match argument {
        Some(value) => task.state.vars.set("OPTARG", &value),
        None => task.state.vars.unset("OPTARG"),
    }
    Some(0)
}

/// Options of bash that make no difference here, on or off.
const IDLE: &[&str] = &[
    "autocd",
    "cdspell",
    "checkhash",
    "checkjobs",
    "checkwinsize",
    "cmdhist",
    "direxpand",
    "dirspell",
    "expand_aliases",
    "histappend",
    "histverify",
    "huponexit",
    "inherit_errexit",
    "interactive_comments",
    "lastpipe",
    "lithist",
    "login_shell",
    "progcomp",
    "promptvars",
    "sourcepath",
    "xpg_echo",
];

fn option<'a>(globbing: &'a mut Globbing, name: &str) -> Option<&'a mut bool> {
    Some(match name {
        "nullglob" => &mut globbing.null,
        "failglob" => &mut globbing.fail,
        "dotglob" => &mut globbing.dot,
        "nocasematch" => &mut globbing.no_case,
        _ => return None,
    })
}

/// `shopt [-suqp] [NAME]...`
pub(super) fn shopt(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    let flags: String = args.iter().filter_map(|arg| arg.strip_prefix('-')).collect();
    let mut names: alloc::vec::Vec<&str> = args.iter().filter(|arg| !arg.starts_with('-')).map(String::as_str).collect();
    if names.is_empty() {
        names = alloc::vec!["dotglob", "failglob", "nocasematch", "nullglob"];
    }
    let mut status = 0;
    for name in names {
        let mut globbing = task.state.globbing;
        match option(&mut globbing, name) {
            Some(on) if flags.contains('s') || flags.contains('u') => {
                *on = flags.contains('s');
                task.state.globbing = globbing;
            }
            Some(on) => {
                let text = alloc::format!("{name:<15}\t{}\n", if *on { "on" } else { "off" });
                status |= i32::from(!*on);
                if !flags.contains('q') {
                    out(task, cx, &text);
                }
            }
            None if IDLE.contains(&name) => {}
            None if name == "extglob" => {}
            None if matches!(name, "globstar" | "nocaseglob") => {
                if flags.contains('s') {
                    status = fail(task, cx, &alloc::format!("shopt: {name}: kubepie does not have this option"), 1)?;
                }
            }
            None => status = fail(task, cx, &alloc::format!("shopt: {name}: invalid shell option name"), 1)?,
        }
    }
    Some(status)
}

/// `umask`: files here are always made with the usual one.
pub(super) fn umask(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    match args.iter().find(|arg| !arg.starts_with('-')).map(String::as_str) {
        None if args.iter().any(|arg| arg == "-S") => out(task, cx, "u=rwx,g=rx,o=rx\n"),
        None => out(task, cx, "0022\n"),
        Some("022" | "0022") => Some(0),
        Some(mask) => fail(task, cx, &alloc::format!("umask: {mask}: kubepie makes all files with 0022"), 1),
    }
}

/// `ulimit`: nothing is limited but open files.
pub(super) fn ulimit(task: &mut Task, args: &[String], cx: &mut Context<'_>) -> Option<i32> {
    match args {
        [] => out(task, cx, "unlimited\n"),
        [flag] if flag.starts_with('-') => out(task, cx, if flag.contains('n') { "1024\n" } else { "unlimited\n" }),
        _ => Some(0),
    }
}
