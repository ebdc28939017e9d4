//! `kubectl __complete WORDS…`: what the last word could become. Models spf13/cobra completions and kubectl
//! `pkg/util/completion`.
//!
//! ```text
//! $ kubectl __complete rollout re
//! restart
//! resume
//! :4
//! Completion ended with directive: ShellCompDirectiveNoFileComp
//! $ kubectl __complete create --dry-run=client ''
//! :0
//! Completion ended with directive: ShellCompDirectiveDefault
//! $ kubectl __complete get pods --foo ''
//! [Debug] [Error] Error while parsing flags from args [pods --foo]: unknown flag: --foo
//! :0
//! Completion ended with directive: ShellCompDirectiveDefault
//! ```

mod offers;

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{globals, help};
use crate::arrange::Arrange;
use crate::kubectl::tree::{self, GLOBAL_FLAGS};
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed, Takes, kubeconfig};
use crate::object::resources::CLUSTER_ROLES;
use crate::object::value::{items_at, text_at};

use offers::{containers, copied, names, objects, pods, ports, types};

/// `kubectl __complete`; its words are not flags of its own, so the tree hands them over unread.
pub static COMPLETE: Command = Command {
    name: "__complete",
    aliases: &["__completeNoDesc"],
    usage: "__complete [command-line]",
    hidden: true,
    run: Some(run),
    ..Command::EMPTY
};

const FORMATS: &[&str] = &[
    "json",
    "yaml",
    "kyaml",
    "name",
    "go-template",
    "go-template-file",
    "template",
    "templatefile",
    "jsonpath",
    "jsonpath-as-json",
    "jsonpath-file",
    "custom-columns",
    "custom-columns-file",
    "wide",
];

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let Some((last, before)) = parsed.args.split_last() else {
        return Err(Failure::Client("requires at least 1 arg(s), only received 0".to_string()));
    };
    let (command, path, rest) = tree::find(before);
    let inner = crate::kubectl::flags::parse(command, &path, &rest, GLOBAL_FLAGS, &mut Vec::new());
    let pending = rest.last().and_then(|word| waiting_flag(command, word));
    let args = match &inner {
        Ok(inner) => {
            let _ = globals::resolve(cx, inner);
            inner.args.clone()
        }
        Err(_) => {
            let shorter = rest.get(..rest.len().saturating_sub(1)).unwrap_or_default();
            let inner = crate::kubectl::flags::parse(command, &path, shorter, GLOBAL_FLAGS, &mut Vec::new());
            let inner = inner.unwrap_or_else(|_| Parsed::empty(command, &path));
            let _ = globals::resolve(cx, &inner);
            inner.args
        }
    };
    let (found, directive) = if path == "kubectl" && !args.is_empty() {
        cx.err("[Debug] Cleared global flags for plugin completion\n");
        cx.err(&format!("[Debug] [Error] unable to find a command for arguments: [{}]\n", before.join(" ")));
        (Vec::new(), 0)
    } else if let (Err(failure), None) = (&inner, pending) {
        cx.err(&format!("[Debug] [Error] Error while parsing flags from args [{}]: {}\n", rest.join(" "), failure.message()));
        (Vec::new(), 0)
    } else if inner.as_ref().is_ok_and(|inner| inner.given("help")) {
        (Vec::new(), 4)
    } else if let Some(flag) = pending {
        value(cx, flag, &path, last, &args)
    } else if let Some((name, word)) = last.split_once('=').filter(|_| last.starts_with('-')) {
        // Of letters in a row the last one has the value.
        let (long, short) = (name.strip_prefix("--"), name.chars().last());
        let flag = command.all_flags().chain(GLOBAL_FLAGS).find(|flag| match long {
            Some(long) => flag.name == long,
            None => flag.short.is_some() && flag.short == short,
        });
        flag.map_or((Vec::new(), 4), |flag| value(cx, flag, &path, word, &args))
    } else if last.starts_with('-') {
        (flags(command, &rest, last), 4)
    } else {
        arguments(cx, command, &rest, &args, last)
    };
    let mut text = found.iter().fold(String::new(), |text, word| text + word + "\n");
    text.push_str(&format!(":{directive}\n"));
    cx.out(&text);
    let name = match directive {
        0 => "ShellCompDirectiveDefault",
        2 => "ShellCompDirectiveNoSpace",
        6 => "ShellCompDirectiveNoSpace, ShellCompDirectiveNoFileComp",
        8 => "ShellCompDirectiveFilterFileExt",
        _ => "ShellCompDirectiveNoFileComp",
    };
    // The command that lists options writes everything to standard output.
    (cx.sink)(path != "kubectl options", &format!("Completion ended with directive: {name}\n"));
    Ok(Flow::Done(0))
}

/// The flag that still wants its value after `word`.
fn waiting_flag(command: &Command, word: &str) -> Option<&'static Flag> {
    let flag = command.all_flags().chain(GLOBAL_FLAGS).find(|flag| match word.strip_prefix("--") {
        Some(long) => flag.name == long,
        None => word.strip_prefix('-').is_some_and(|short| short.chars().next() == flag.short && short.len() == 1),
    })?;
    (flag.kind != FlagKind::Bool && flag.bare.is_none()).then_some(flag)
}

/// What a flag's value could be.
fn value(cx: &Cx<'_>, flag: &Flag, path: &str, word: &str, args: &[String]) -> (Vec<String>, u8) {
    let starting = |all: Vec<String>| all.into_iter().filter(|one| one.starts_with(word)).collect();
    match flag.name {
        "namespace" => (starting(names(cx, "namespaces")), 4),
        "output" if path == "kubectl get" => (starting(FORMATS.iter().map(ToString::to_string).collect()), 4),
        "subresource" => (["status", "scale", "resize"].iter().map(ToString::to_string).collect(), 4),
        "clusterrole" if path == "kubectl create clusterrolebinding" => (starting(names(cx, CLUSTER_ROLES)), 4),
        "cluster" | "user" if path == "kubectl config set-context" => (Vec::new(), 0),
        "context" | "cluster" | "user" => (starting(configured(cx, &[flag.name, "s"].concat())), 4),
        "container" if path == "kubectl exec" => (starting(args.first().map(|pod| containers(cx, pod)).unwrap_or_default()), 4),
        "filename" => (alloc::vec!["json".to_string(), "yaml".to_string(), "yml".to_string()], 8),
        _ => (Vec::new(), 0),
    }
}

/// Names in the kubeconfig file: `contexts`, `clusters`, `users`.
fn configured(cx: &Cx<'_>, list: &str) -> Vec<String> {
    let parsed = Parsed::empty(&help::OPTIONS, "kubectl options");
    let config = kubeconfig::load(cx, &parsed).unwrap_or_default();
    let mut all: Vec<String> = items_at(&config, list).iter().map(|entry| text_at(entry, "name").to_string()).collect();
    all.arrange();
    all
}

/// Flags that start so: those that must be given alone if any do, else the global ones and then the command's.
fn flags(command: &Command, given: &[String], word: &str) -> Vec<String> {
    let is_given = |flag: &Flag| {
        let long = ["--", flag.name].concat();
        let once = !matches!(flag.kind, FlagKind::Array | FlagKind::Slice | FlagKind::Pairs);
        once && given.iter().any(|w| *w == long || w.starts_with(&[&long, "="].concat()) || waiting_short(w, flag))
    };
    let mut found = Vec::new();
    for name in command.required {
        let long = ["--", name].concat();
        if long.starts_with(word) && !given.iter().any(|w| w.starts_with(&long)) {
            found.push(long);
        }
    }
    if !found.is_empty() {
        return found;
    }
    let help = Flag::switch("help", "Show help.").short('h');
    let mut own: Vec<&Flag> = command.all_flags().filter(|flag| flag.is_shown()).collect();
    own.push(&help);
    let root = command.name == "kubectl";
    let shadowed = |flag: &Flag| own.iter().any(|mine| mine.name == flag.name);
    let mut all: Vec<&Flag> = GLOBAL_FLAGS.iter().filter(|flag| !shadowed(flag)).collect();
    own.arrange_by_key(|flag| flag.name);
    own.dedup_by_key(|flag| flag.name);
    all.extend(own);
    if root {
        all.arrange_by_key(|flag| flag.name);
    }
    for flag in all.into_iter().filter(|flag| !is_given(flag)) {
        let long = ["--", flag.name].concat();
        if long.starts_with(word) {
            found.push(long);
        }
        if let Some(short) = flag.short.map(|short| format!("-{short}")).filter(|short| short.starts_with(word)) {
            found.push(short);
        }
    }
    found
}

/// Whether a word gives this flag.
fn is_flag(word: &str, flag: &Flag) -> bool {
    word.strip_prefix("--").map_or_else(|| waiting_short(word, flag), |long| long.split('=').next() == Some(flag.name))
}

fn waiting_short(word: &str, flag: &Flag) -> bool {
    flag.short.is_some_and(|short| word.strip_prefix('-').is_some_and(|rest| rest.starts_with(short)))
}

/// The words that an argument could become, and cobra's number for what the shell is to do with them.
fn arguments(cx: &Cx<'_>, command: &Command, given: &[String], args: &[String], word: &str) -> (Vec<String>, u8) {
    // After a flag of the command's own no other command can follow.
    let own = given.iter().any(|word| command.all_flags().any(|flag| is_flag(word, flag)));
    if !command.children.is_empty() && args.is_empty() && !own {
        return (children(command, word), 4);
    }
    let mut found = Vec::new();
    if word.is_empty() {
        found.extend(
            flags(command, given, "--")
                .into_iter()
                .filter(|flag| command.required.iter().any(|name| flag.strip_prefix("--") == Some(name))),
        );
    }
    if matches!(command.takes, Takes::Unsaid) {
        return (found, 0);
    }
    let (words, directive) = taken(cx, command.takes, args, word);
    found.extend(words);
    (found, directive)
}

/// What may be the next argument of a command that takes these.
fn taken(cx: &Cx<'_>, takes: Takes, args: &[String], word: &str) -> (Vec<String>, u8) {
    let starting = |all: Vec<String>| -> Vec<String> { all.into_iter().filter(|one| one.starts_with(word)).collect() };
    let words = |all: &[&str]| starting(all.iter().map(ToString::to_string).collect());
    match (takes, args) {
        (Takes::Objects(allowed), _) => objects(cx, allowed, args, word),
        (Takes::Object(allowed), []) => objects(cx, allowed, args, word),
        (Takes::Object(allowed), [ty]) if !ty.contains('/') => objects(cx, allowed, args, word),
        (Takes::Type, []) => (types(cx, word), 4),
        (Takes::Name(resource), []) => (starting(names(cx, resource)), 4),
        (Takes::Pod | Takes::PodAndContainer | Takes::PodAndPorts, []) => pods(cx, word),
        (Takes::PodAndContainer, [pod]) => (starting(containers(cx, pod)), 4),
        (Takes::PodAndPorts, [pod]) => (starting(ports(cx, pod)), 4),
        (Takes::Configured(list), []) => (starting(configured(cx, list)), 4),
        (Takes::Words(all), []) => (words(all), 4),
        (Takes::Copied, []) => (copied(cx, word), 2),
        (Takes::Copied, _) => (Vec::new(), 2),
        (Takes::Commands, _) => {
            let (command, _, rest) = tree::find(args);
            (if rest.is_empty() { children(command, word) } else { Vec::new() }, 4)
        }
        _ => (Vec::new(), 4),
    }
}

/// The commands under another.
fn children(command: &Command, word: &str) -> Vec<String> {
    let shown = command.children.iter().filter(|c| !c.hidden && c.name.starts_with(word));
    let mut all: Vec<String> = shown.map(|c| c.name.to_string()).collect();
    all.arrange();
    all
}
