//! What a command is: a row with its flags, its children and the function that runs it.

use super::cx::Cx;
use super::failure::Failure;
use super::flags::Parsed;
use super::flow::Flow;

/// What a flag takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlagKind {
    /// Nothing, or `=true` / `=false`.
    Bool,
    /// Text.
    String,
    /// Text whose Go type help shows without quotes.
    Plain,
    /// A whole number.
    Int,
    /// A whole number of 32 bits.
    Int32,
    /// A Go duration: `30s`.
    Duration,
    /// Text, may be given many times; each is one value (`--from-literal`).
    Array,
    /// Text, may be given many times and holds values separated by commas (`--cascade`-like lists, `-l` no).
    Slice,
    /// As `Slice`, of values `key=value` (`debug --env`); help shows `[]` for a Go map of pflag's, nothing for another's.
    Pairs,
}

/// One flag of a command.
#[derive(Clone, Copy, Debug)]
pub struct Flag {
    /// The long name without dashes.
    pub name: &'static str,
    /// The one-letter name, if it has one.
    pub short: Option<char>,
    /// What it takes.
    pub kind: FlagKind,
    /// Its value when not given, as help shows it: `false`, `0`, `[]`, `''` for text without quotes.
    pub default: &'static str,
    /// Its value when given without one (`--dry-run` means `unchanged`, `--cascade` means `background`).
    pub bare: Option<&'static str>,
    /// Our words for what it does.
    pub help: &'static str,
    /// The text after `Flag --x has been deprecated, `, if it is.
    pub deprecated: Option<&'static str>,
    /// Taken, but neither shown in help nor offered by completion.
    pub hidden: bool,
}

impl Flag {
    /// A flag with text; change what differs with struct update syntax.
    pub const fn text(name: &'static str, help: &'static str) -> Flag {
        Flag { name, short: None, kind: FlagKind::String, default: "", bare: None, help, deprecated: None, hidden: false }
    }

    /// A flag that is on or off, off by default.
    pub const fn switch(name: &'static str, help: &'static str) -> Flag {
        Flag { kind: FlagKind::Bool, default: "false", ..Flag::text(name, help) }
    }

    /// The same flag with another kind and default.
    pub const fn kind(self, kind: FlagKind, default: &'static str) -> Flag {
        Flag { kind, default, ..self }
    }

    /// The same flag with a one-letter name.
    pub const fn short(self, short: char) -> Flag {
        Flag { short: Some(short), ..self }
    }

    /// The same flag with another default.
    pub const fn default(self, default: &'static str) -> Flag {
        Flag { default, ..self }
    }

    /// The same flag with a value for when it is given bare.
    pub const fn bare(self, bare: &'static str) -> Flag {
        Flag { bare: Some(bare), ..self }
    }

    /// The same flag, hidden.
    pub const fn hidden(self) -> Flag {
        Flag { hidden: true, ..self }
    }

    /// Whether help and completion show it; what is deprecated they do not.
    pub const fn is_shown(&self) -> bool {
        self.deprecated.is_none() && !self.hidden
    }

    /// The same flag, deprecated.
    pub const fn deprecated(self, text: &'static str) -> Flag {
        Flag { deprecated: Some(text), ..self }
    }
}

/// Runs a verb.
pub type Run = fn(&mut Cx<'_>, &Parsed) -> Result<Flow, Failure>;

/// What the arguments of a command are, as far as completion can tell.
#[derive(Clone, Copy)]
pub enum Takes {
    /// Nothing that kubectl completes.
    Unsaid,
    /// A type and names of it, or `type/name`s; of these types only, if there are any.
    Objects(&'static [&'static str]),
    /// One such.
    Object(&'static [&'static str]),
    /// One type.
    Type,
    /// One name of this resource.
    Name(&'static str),
    /// A Pod, or something that has Pods.
    Pod,
    /// A Pod and one of its containers.
    PodAndContainer,
    /// A Pod and its ports.
    PodAndPorts,
    /// One entry of this list in the kubeconfig.
    Configured(&'static str),
    /// One of these words.
    Words(&'static [&'static str]),
    /// A file, or a Pod with one.
    Copied,
    /// Commands.
    Commands,
}

impl Takes {
    /// Objects that have replicas of a Pod.
    pub const SCALED: Takes = Takes::Objects(&["deployment", "replicaset", "replicationcontroller", "statefulset"]);
    /// Kinds that roll out.
    pub const ROLLED: &[&str] = &["deployment", "daemonset", "statefulset"];
}

/// One command of the tree.
pub struct Command {
    /// Its word.
    pub name: &'static str,
    /// Other words for it.
    pub aliases: &'static [&'static str],
    /// The usage line after `kubectl` and its parents, as help shows it: `run NAME --image=image [--env="key=value"] …`.
    pub usage: &'static str,
    /// One line that says what it does.
    pub short: &'static str,
    /// Some sentences that say it better; empty to use `short`.
    pub long: &'static str,
    /// Examples, a comment line and a command each; they run as tests.
    pub examples: &'static str,
    /// Its flags: groups shared between commands, then its own. The global flags need not be listed.
    pub flags: &'static [&'static [Flag]],
    /// Flags without which it does nothing; told before anything else is looked at.
    pub required: &'static [&'static str],
    /// Mistaken words that mean it: `list` for `get`.
    pub suggest_for: &'static [&'static str],
    /// Its subcommands, in the order in which kubectl adds them.
    pub children: &'static [&'static Command],
    /// What its arguments are, for completion.
    pub takes: Takes,
    /// What it does; `None` for a mere group, which prints its help.
    pub run: Option<Run>,
    /// Not shown in help and completion.
    pub hidden: bool,
}

impl Command {
    /// A command with nothing but a name: the base for struct update syntax in the tables.
    pub const EMPTY: Command = Command {
        name: "",
        aliases: &[],
        usage: "",
        short: "",
        long: "",
        examples: "",
        flags: &[],
        required: &[],
        suggest_for: &[],
        children: &[],
        takes: Takes::Unsaid,
        run: None,
        hidden: false,
    };

    /// Its flags in one row.
    pub fn all_flags(&self) -> impl Iterator<Item = &'static Flag> {
        self.flags.iter().flat_map(|group| group.iter())
    }
}
