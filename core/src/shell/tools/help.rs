//! `help`, `man` and `--help`: what the shell knows, from its tables.

use alloc::string::String;

use super::{TABLE, Tool, find};
use crate::shell::builtins;
use crate::shell::process::Host;

/// The help of one tool.
pub fn of_tool(tool: &Tool) -> String {
    alloc::format!("Usage: {} {}\n{}.\n", tool.name, tool.usage, capital(tool.summary))
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let mut out: String = chars.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    out.push_str(chars.as_str());
    out
}

/// Help for a name, or for everything; `None` if nothing has that name.
pub fn text(name: Option<&str>, host: &dyn Host) -> Option<String> {
    match name {
        Some(name) => topic(name, host),
        None => Some(everything(host)),
    }
}

fn topic(name: &str, host: &dyn Host) -> Option<String> {
    if let Some(tool) = find(name) {
        return Some(of_tool(tool));
    }
    if let Some((name, summary, _)) = builtins::TABLE.iter().find(|(one, ..)| *one == name) {
        return Some(alloc::format!("{name}: {}.\n", summary));
    }
    host.programs().into_iter().find(|(one, _)| *one == name).map(|(name, summary)| alloc::format!("{name}: {summary}.\n"))
}

fn everything(host: &dyn Host) -> String {
    let mut out = String::from("This shell understands the part of bash that kubectl lines are made of:\n");
    for line in [
        "  words, quotes, $variables, $(commands), $((arithmetic)), globs, {a,b} and {1..3}",
        "  a | b   a && b   a || b   a ; b   a &   ! a   ( a )   { a; }",
        "  > >> < 2> 2>&1 &>   <<EOF   <<<",
        "  for, while, until, if, case, functions, [ ], [[ ]], (( ))",
    ] {
        out.push_str(line);
        out.push('\n');
    }
    section(&mut out, "Programs", host.programs().into_iter().map(|(name, _)| name));
    section(&mut out, "Tools", TABLE.iter().map(|tool| tool.name).filter(|name| host.has_tool(name)));
    section(&mut out, "Builtins", builtins::TABLE.iter().map(|(name, ..)| *name));
    out.push_str("\nNAME --help or help NAME says more about one of them; kubectl --help about kubectl.\n");
    out
}

fn section<'a>(out: &mut String, title: &str, names: impl Iterator<Item = &'a str>) {
    out.push('\n');
    out.push_str(title);
    out.push_str(":\n ");
    let mut width = 1;
    for name in names {
        if width + name.len() + 1 > 78 {
            out.push_str("\n ");
            width = 1;
        }
        out.push(' ');
        out.push_str(name);
        width += name.len() + 1;
    }
    out.push('\n');
}
