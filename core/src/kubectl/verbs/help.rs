//! Help of any command: what it does, examples, subcommands, flags with their defaults, usage line.
//! Models kubectl `pkg/util/templates`. What a command is said to do stands in its row, never here.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::arrange::Arrange;
use crate::kubectl::tree::{self, GLOBAL_FLAGS};
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed, Takes};

/// The groups in which `kubectl` lists its commands; those in none are "Other Commands".
const GROUPS: &[(&str, &[&str])] = &[
    ("Basic Commands (Beginner):", &["create", "expose", "run", "set"]),
    ("Basic Commands (Intermediate):", &["explain", "get", "edit", "delete"]),
    ("Deploy Commands:", &["rollout", "scale", "autoscale"]),
    ("Cluster Management Commands:", &["certificate", "cluster-info", "top", "cordon", "uncordon", "drain", "taint"]),
    (
        "Troubleshooting and Debugging Commands:",
        &["describe", "logs", "attach", "exec", "port-forward", "proxy", "cp", "auth", "debug", "events"],
    ),
    ("Advanced Commands:", &["diff", "apply", "patch", "replace", "wait", "kustomize"]),
    ("Settings Commands:", &["label", "annotate", "completion"]),
    ("Subcommands provided by plugins:", &[]),
];

/// Prints the help of the command that was called.
///
/// # Errors
/// None yet; the shape is that of a verb.
pub fn print(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    cx.out(&text(parsed.command, &parsed.path));
    Ok(Flow::Done(0))
}

/// `kubectl help WORDS`: the help of the command that the words name.
pub static HELP: Command = Command {
    name: "help",
    takes: Takes::Commands,
    usage: "help [command] [flags]",
    short: "Help about any command",
    run: Some(|cx, parsed| {
        let (command, path, rest) = tree::find(&parsed.args);
        if path == "kubectl" && !rest.is_empty() {
            cx.err(&format!("Unknown help topic [`{}`]\n\n", parsed.args.join("` `")));
            cx.err(&usage_text(command, &path));
        } else {
            cx.out(&text(command, &path));
        }
        Ok(Flow::Done(0))
    }),
    ..Command::EMPTY
};

/// `kubectl options`: the flags that every command takes.
pub static OPTIONS: Command = Command {
    name: "options",
    usage: "options [flags]",
    short: "Print the list of flags inherited by all commands",
    examples: "# The flags of every command\nkubectl options",
    run: Some(|cx, _| {
        let mut out = String::from("The following options can be passed to any command:\n\n");
        flags(GLOBAL_FLAGS.iter(), &mut out);
        cx.out(&out);
        Ok(Flow::Done(0))
    }),
    ..Command::EMPTY
};

/// The line that shows how a command is called.
fn usage(command: &Command) -> String {
    let rest = command.usage.strip_prefix("kubectl ").unwrap_or(command.usage);
    ["kubectl ", rest, if rest.contains("[options]") { "" } else { " [options]" }].concat()
}

/// The help of a command; `path` is its full name.
pub fn text(command: &Command, path: &str) -> String {
    let mut out = String::new();
    out.push_str(if command.long.is_empty() { command.short } else { command.long });
    if command.long.is_empty() && !command.short.ends_with('.') {
        out.push('.');
    }
    out + "\n" + &usage_text(command, path)
}

/// All of the help but what the command does; begins with an empty line.
fn usage_text(command: &Command, path: &str) -> String {
    let mut out = String::new();
    if !command.aliases.is_empty() {
        out.push_str(&format!("\nAliases:\n{}, {}\n", command.name, command.aliases.join(", ")));
    }
    if !command.examples.is_empty() {
        out.push_str("\nExamples:\n");
        for line in command.examples.lines() {
            out.push_str(&["  ", line, "\n"].concat());
        }
    }
    let root = path == "kubectl";
    let children = shown(command);
    if root {
        for (title, names) in GROUPS {
            let listed: Vec<&Command> = names.iter().filter_map(|n| children.iter().copied().find(|c| c.name == *n)).collect();
            list(title, &listed, &children, &mut out);
        }
        let grouped = |name: &str| GROUPS.iter().any(|(_, names)| names.contains(&name)) || matches!(name, "help" | "options");
        let other: Vec<&Command> = children.iter().copied().filter(|c| !grouped(c.name)).collect();
        list("Other Commands:", &other, &children, &mut out);
    } else if !children.is_empty() {
        list("Available Commands:", &children, &children, &mut out);
    }
    if command.all_flags().any(Flag::is_shown) {
        out.push_str("\nOptions:\n");
        flags(command.all_flags(), &mut out);
        out.truncate(out.trim_end_matches('\n').len() + 1);
    }
    out.push_str(&["\nUsage:\n  ", &usage(command), "\n\n"].concat());
    if !children.is_empty() {
        out.push_str(&["Use \"", path, " <command> --help\" for more information about a given command.\n"].concat());
    }
    out + "Use \"kubectl options\" for a list of global command-line options (applies to all commands).\n"
}

/// The subcommands that help tells of, by name.
pub fn shown(command: &Command) -> Vec<&'static Command> {
    let mut all: Vec<&'static Command> = command.children.iter().copied().filter(|child| !child.hidden).collect();
    all.arrange_by_key(|child| child.name);
    all
}

/// A titled list of commands, in columns as wide as the longest of `all` needs (at least 11, as cobra has it).
fn list(title: &str, listed: &[&Command], all: &[&'static Command], out: &mut String) {
    let width = all.iter().map(|child| child.name.len()).max().unwrap_or(0).max(11);
    out.push_str(&["\n", title, "\n"].concat());
    for child in listed {
        out.push_str(&format!("  {:width$}   {}\n", child.name, child.short));
    }
}

/// Flags by name, each with its default and its sentence.
fn flags<'f>(all: impl Iterator<Item = &'f Flag>, out: &mut String) {
    let mut all: Vec<&Flag> = all.filter(|flag| flag.is_shown()).collect();
    all.arrange_by_key(|flag| flag.name);
    all.dedup_by_key(|flag| flag.name);
    for flag in all {
        let quote = if flag.kind == FlagKind::String { "'" } else { "" };
        let default = match flag.kind {
            FlagKind::Array | FlagKind::Slice if flag.default.is_empty() => "[]",
            _ => flag.default,
        };
        out.push_str("    ");
        if let Some(short) = flag.short {
            out.push_str(&format!("-{short}, "));
        }
        out.push_str(&["--", flag.name, "=", quote, default, quote, ":\n\t", flag.help, "\n\n"].concat());
    }
}
