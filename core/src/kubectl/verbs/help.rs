//! Help of any command: what it does, examples, subcommands, flags with their defaults, usage line.
//! Models kubectl `pkg/util/templates`.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::kubectl::tree::GLOBAL_FLAGS;
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed};

/// Prints the help of the command that was called.
///
/// # Errors
/// None yet; the shape is that of a verb.
pub fn print(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    cx.out(&text(parsed.command));
    Ok(Flow::Done(0))
}

/// `kubectl help WORDS`: the help of the command that the words name.
pub static HELP: Command = Command {
    name: "help",
    usage: "help [command] [flags]",
    short: "Help about any command",
    run: Some(|cx, parsed| {
        let (command, _, rest) = crate::kubectl::tree::find(&parsed.args);
        if !rest.is_empty() {
            cx.err(&format!("Unknown help topic [`{}`]\n", parsed.args.join("` `")));
        }
        cx.out(&text(command));
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
pub fn usage(command: &Command) -> String {
    let mut line = String::from("kubectl ");
    line.push_str(command.usage.strip_prefix("kubectl ").unwrap_or(command.usage));
    if !line.ends_with("[options]") {
        line.push_str(" [options]");
    }
    line
}

/// The help of a command.
pub fn text(command: &Command) -> String {
    let mut out = String::new();
    out.push_str(if command.long.is_empty() { command.short } else { command.long });
    if command.long.is_empty() && !command.short.ends_with('.') {
        out.push('.');
    }
    out.push('\n');
    if !command.examples.is_empty() {
        out.push_str("\nExamples:\n");
        for line in command.examples.lines() {
            let lead = if line.is_empty() { "\n" } else { "  " };
            out.push_str(lead);
            if !line.is_empty() {
                out.push_str(line);
                out.push('\n');
            }
        }
    }
    let children: Vec<&&Command> = command.children.iter().filter(|child| !child.hidden).collect();
    if !children.is_empty() {
        let width = children.iter().map(|child| child.name.len()).max().unwrap_or(0);
        out.push_str("\nAvailable Commands:\n");
        for child in &children {
            out.push_str(&format!("  {:width$}   {}\n", child.name, child.short));
        }
    }
    let own = || command.all_flags().filter(|flag| flag.deprecated.is_none());
    if own().next().is_some() {
        out.push_str("\nOptions:\n");
        flags(own(), &mut out);
        while out.ends_with("\n\n") {
            out.pop();
        }
    }
    out.push_str("\nUsage:\n  ");
    out.push_str(&usage(command));
    out.push('\n');
    if !children.is_empty() {
        out.push_str("\nUse \"kubectl <command> --help\" for more information about a given command.\n");
    }
    out.push_str("Use \"kubectl options\" for a list of global command-line options (applies to all commands).\n");
    out
}

/// Flags by name, each with its default and its sentence.
fn flags<'f>(all: impl Iterator<Item = &'f Flag>, out: &mut String) {
    let mut all: Vec<&Flag> = all.collect();
    all.sort_by_key(|flag| flag.name);
    all.dedup_by_key(|flag| flag.name);
    for flag in all {
        let default = match flag.kind {
            FlagKind::String => format!("'{}'", flag.default),
            FlagKind::Array | FlagKind::Slice if flag.default.is_empty() => String::from("[]"),
            _ => String::from(flag.default),
        };
        match flag.short {
            Some(short) => out.push_str(&format!("    -{short}, --{}={default}:\n        {}\n\n", flag.name, flag.help)),
            None => out.push_str(&format!("    --{}={default}:\n        {}\n\n", flag.name, flag.help)),
        }
    }
}
