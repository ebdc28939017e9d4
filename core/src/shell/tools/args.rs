//! Options as GNU tools read them: bundled letters, values, long names, operands in any order.

use alloc::string::String;
use alloc::vec::Vec;

use crate::shell::process::{Io, Started};

/// The options and operands of a command line.
pub struct Opts {
    flags: Vec<(char, String)>,
    /// What is no option.
    pub rest: Vec<String>,
}

impl Opts {
    /// Whether an option was given.
    pub fn has(&self, flag: char) -> bool {
        self.flags.iter().any(|(one, _)| *one == flag)
    }

    /// The last value of an option.
    pub fn value(&self, flag: char) -> Option<&str> {
        self.flags.iter().rev().find(|(one, _)| *one == flag).map(|(_, value)| value.as_str())
    }

    /// All values of an option, in order.
    pub fn values(&self, flag: char) -> impl Iterator<Item = &str> {
        self.flags.iter().filter(move |(one, _)| *one == flag).map(|(_, value)| value.as_str())
    }

    /// All options in the order in which they were given.
    pub fn all(&self) -> impl Iterator<Item = (char, &str)> {
        self.flags.iter().map(|(flag, value)| (*flag, value.as_str()))
    }
}

/// What a tool accepts.
pub struct Accepts {
    /// The tool's name, for messages.
    pub tool: &'static str,
    /// Letters; a colon after one says that it takes a value.
    pub short: &'static str,
    /// Long names for letters.
    pub long: &'static [(&'static str, char)],
    /// Options end at the first operand (`timeout`, `env`, `xargs`).
    pub first_operand_ends: bool,
    /// The status of a wrong command line.
    pub status: i32,
}

/// Reads a command line; the status to end with if it is wrong (the message is written).
pub fn parse(accepts: &Accepts, args: &[String], io: &mut Io<'_>) -> Result<Opts, i32> {
    let mut opts = Opts { flags: Vec::new(), rest: Vec::new() };
    let takes_value = |flag: char| accepts.short.split_once(flag).is_some_and(|(_, after)| after.starts_with(':'));
    let fail = |io: &mut Io<'_>, message: String| {
        let tool = accepts.tool;
        let (usage, who) = match tool {
            "grep" => ("Usage: grep [OPTION]... PATTERNS [FILE]...\n", ""),
            "diff" => ("", "diff: "),
            _ => ("", ""),
        };
        // grep shows its usage except for a letter that it does not know.
        let usage = if message.starts_with("invalid option") && tool != "grep" { "" } else { usage };
        io.err(&alloc::format!("{tool}: {message}\n{usage}{who}Try '{tool} --help' for more information.\n"));
        Err(accepts.status)
    };
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        if arg == "--" {
            opts.rest.extend(rest.cloned());
            break;
        }
        if let Some(name) = arg.strip_prefix("--") {
            let (name, value) = name.split_once('=').map_or((name, None), |(name, value)| (name, Some(value)));
            let mut matching = accepts.long.iter().filter(|(long, _)| long.starts_with(name));
            let exact = accepts.long.iter().find(|(long, _)| *long == name);
            let Some((long, flag)) = exact.or(matching.next()) else {
                return fail(io, alloc::format!("unrecognized option '--{name}'"));
            };
            let value = if !takes_value(*flag) {
                if value.is_some() && !accepts.short.contains(*flag) {
                    String::from(value.unwrap_or_default())
                } else if value.is_some() {
                    return fail(io, alloc::format!("option '--{long}' doesn't allow an argument"));
                } else {
                    String::new()
                }
            } else {
                match value.map(String::from).or_else(|| rest.next().cloned()) {
                    Some(value) => value,
                    None => return fail(io, alloc::format!("option '--{long}' requires an argument")),
                }
            };
            opts.flags.push((*flag, value));
        } else if arg.len() > 1 && arg.starts_with('-') {
            for (at, flag) in arg.char_indices().skip(1) {
                if flag == ':' || !accepts.short.contains(flag) {
                    return fail(io, alloc::format!("invalid option -- '{flag}'"));
                }
                if !takes_value(flag) {
                    opts.flags.push((flag, String::new()));
                    continue;
                }
                let attached = arg.get(at + flag.len_utf8()..).unwrap_or_default();
                let value = if attached.is_empty() { rest.next().cloned() } else { Some(String::from(attached)) };
                match value {
                    Some(value) => opts.flags.push((flag, value)),
                    None => return fail(io, alloc::format!("option requires an argument -- '{flag}'")),
                }
                break;
            }
        } else {
            opts.rest.push(arg.clone());
            if accepts.first_operand_ends {
                opts.rest.extend(rest.cloned());
                break;
            }
        }
    }
    Ok(opts)
}

/// Says that a tool was given nothing to work on, and ends it with that status.
pub fn missing_operand(tool: &str, status: i32, io: &mut Io<'_>) -> Started {
    io.err(&alloc::format!("{tool}: missing operand\nTry '{tool} --help' for more information.\n"));
    Started::Done(status)
}

/// `head -3` and `tail -5` as `-n 3`.
pub fn old_style_count(args: &[String]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for arg in args {
        let is_value = out.last().is_some_and(|last| matches!(last.as_str(), "-n" | "-c" | "--lines" | "--bytes"));
        match arg.strip_prefix('-') {
            Some(digits) if !is_value && !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit()) => {
                out.push(String::from("-n"));
                out.push(String::from(digits));
            }
            _ => out.push(arg.clone()),
        }
    }
    out
}
