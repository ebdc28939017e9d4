//! `kubectl __complete WORDS…`: what the last word could become. Models spf13/cobra completions and kubectl
//! `pkg/util/completion`.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{globals, help};
use crate::arrange::Arrange;
use crate::kubectl::tree::{self, GLOBAL_FLAGS};
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed, kubeconfig};
use crate::object::value::{items_at, text_at};

/// `kubectl __complete`; its words are not flags of its own, so the tree hands them over unread.
pub static COMPLETE: Command =
    Command { name: "__complete", usage: "__complete [command-line]", hidden: true, run: Some(run), ..Command::EMPTY };

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

/// The first arguments that a command takes, where it takes a few types only.
const TYPES: &[(&str, &[&str])] = &[
    ("kubectl scale", &["deployment", "replicaset", "replicationcontroller", "statefulset"]),
    ("kubectl autoscale", &["deployment", "replicaset", "replicationcontroller", "statefulset"]),
    ("kubectl expose", &["pod", "service", "replicationcontroller", "deployment", "replicaset"]),
    ("kubectl rollout pause", &["deployment"]),
    ("kubectl rollout resume", &["deployment"]),
    ("kubectl rollout", &["deployment", "daemonset", "statefulset"]),
    ("kubectl taint", &["node"]),
    ("kubectl cordon", &[]),
    ("kubectl uncordon", &[]),
    ("kubectl drain", &[]),
];

/// Commands that take any type and names of it.
const ANY: &[&str] = &[
    "kubectl get",
    "kubectl describe",
    "kubectl delete",
    "kubectl label",
    "kubectl annotate",
    "kubectl edit",
    "kubectl patch",
    "kubectl explain",
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
            let inner = crate::kubectl::flags::parse(command, &path, shorter, GLOBAL_FLAGS, &mut Vec::new())?;
            let _ = globals::resolve(cx, &inner);
            inner.args
        }
    };
    let (found, directive) = if let Some(flag) = pending {
        value(cx, flag, &path, last, "")
    } else if let Some((name, word)) = last.strip_prefix("--").and_then(|long| long.split_once('=')) {
        let flag = command.all_flags().chain(GLOBAL_FLAGS).find(|flag| flag.name == name);
        flag.map_or((Vec::new(), 4), |flag| value(cx, flag, &path, word, ""))
    } else if last.starts_with('-') {
        (flags(command, &rest, last), 4)
    } else {
        arguments(cx, command, &path, &rest, &args, last)
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
    cx.err(&format!("Completion ended with directive: {name}\n"));
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
fn value(cx: &Cx<'_>, flag: &Flag, path: &str, word: &str, lead: &str) -> (Vec<String>, u8) {
    let starting = |all: Vec<String>| all.into_iter().filter(|one| one.starts_with(word)).map(|one| [lead, &one].concat()).collect();
    match flag.name {
        "namespace" => (starting(names(cx, "namespaces")), 4),
        "output" if path == "kubectl get" => (starting(FORMATS.iter().map(ToString::to_string).collect()), 4),
        "context" | "cluster" | "user" => (starting(configured(cx, &[flag.name, "s"].concat())), 4),
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
        let once = !matches!(flag.kind, FlagKind::Array | FlagKind::Slice);
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
    own.arrange_by_key(|flag| flag.name);
    own.dedup_by_key(|flag| flag.name);
    for flag in GLOBAL_FLAGS.iter().chain(own).filter(|flag| !is_given(flag)) {
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

fn waiting_short(word: &str, flag: &Flag) -> bool {
    flag.short.is_some_and(|short| word.strip_prefix('-').is_some_and(|rest| rest.starts_with(short)))
}

/// The names of all objects of a resource in the namespace.
fn names(cx: &Cx<'_>, resource: &str) -> Vec<String> {
    let namespaced = cx.api().type_of(resource).is_some_and(|ty| ty.namespaced);
    let namespace = Some(cx.globals.namespace.as_str()).filter(|ns| namespaced && !ns.is_empty());
    cx.api().list(resource, namespace).map(|object| object.name().to_string()).collect()
}

fn arguments(cx: &Cx<'_>, command: &Command, path: &str, given: &[String], args: &[String], word: &str) -> (Vec<String>, u8) {
    let starting = |all: Vec<String>| -> Vec<String> {
        all.into_iter().filter(|one| one.starts_with(word) && !args.iter().skip(1).any(|arg| arg == one)).collect()
    };
    if !command.children.is_empty() && args.is_empty() {
        let mut all: Vec<String> = command.children.iter().filter(|c| !c.hidden).map(|c| c.name.to_string()).collect();
        all.arrange();
        return (starting(all), 4);
    }
    let mut found = Vec::new();
    if word.is_empty() {
        found.extend(
            flags(command, given, "--")
                .into_iter()
                .filter(|flag| command.required.iter().any(|name| flag.strip_prefix("--") == Some(name))),
        );
    }
    let by_type = TYPES.iter().find(|(p, _)| path == *p || path.starts_with(&[p, " "].concat()));
    match (by_type, args) {
        (Some((_, [])), _) => {
            let nodes = names(cx, "nodes").into_iter().filter(|name| name.starts_with(word) && !args.contains(name));
            found.extend(nodes);
        }
        (Some((_, types)), []) if !word.contains('/') => found.extend(starting(types.iter().map(ToString::to_string).collect())),
        (Some(_), _) => found.extend(of_type(cx, args, word)),
        (None, []) if ANY.contains(&path) && !word.contains('/') => found.extend(types(cx, word)),
        (None, _) if ANY.contains(&path) => found.extend(of_type(cx, args, word)),
        (None, []) if matches!(path, "kubectl logs" | "kubectl exec" | "kubectl attach" | "kubectl port-forward") => {
            return pods(cx, word);
        }
        (None, [pod, ..]) if path == "kubectl logs" => found.extend(starting(containers(cx, pod))),
        (None, []) if matches!(path, "kubectl config use-context" | "kubectl config delete-context" | "kubectl config rename-context") => {
            found.extend(starting(configured(cx, "contexts")));
        }
        (None, []) if path == "kubectl completion" => {
            found.extend(starting(["bash", "zsh", "fish", "powershell"].iter().map(ToString::to_string).collect()));
        }
        _ => return (found, if path == "kubectl run" { 4 } else { 0 }),
    }
    (found, 4)
}

/// Resource types that start so; after a comma the rest is kept.
fn types(cx: &Cx<'_>, word: &str) -> Vec<String> {
    let (lead, last) = word.rfind(',').and_then(|at| word.split_at_checked(at + 1)).unwrap_or(("", word));
    let mut rows: Vec<_> = cx.api().registry.all().filter(|row| row.can("get") || row.can("list")).collect();
    rows.arrange_by(|a, b| (&a.group, &a.plural).cmp(&(&b.group, &b.plural)));
    let mut all: Vec<String> =
        rows.into_iter().map(|row| row.key()).filter(|key| key.starts_with(last)).map(|key| [lead, &key].concat()).collect();
    all.dedup();
    all
}

/// Names of the type that the first argument, or what stands before the slash, means.
fn of_type(cx: &Cx<'_>, args: &[String], word: &str) -> Vec<String> {
    if let Some((ty, start)) = word.split_once('/') {
        let Some(row) = cx.api().registry.resolve(ty) else { return Vec::new() };
        return names(cx, &row.key()).into_iter().filter(|name| name.starts_with(start)).map(|name| [ty, "/", &name].concat()).collect();
    }
    let Some(row) = args.first().and_then(|ty| cx.api().registry.resolve(ty)) else { return Vec::new() };
    names(cx, &row.key()).into_iter().filter(|name| name.starts_with(word) && !args.iter().skip(1).any(|arg| arg == name)).collect()
}

fn pods(cx: &Cx<'_>, word: &str) -> (Vec<String>, u8) {
    if word.contains('/') {
        return (of_type(cx, &[], word), 4);
    }
    let mut found: Vec<String> = names(cx, "pods").into_iter().filter(|name| name.starts_with(word)).collect();
    let directive = if found.is_empty() { 6 } else { 4 };
    let with_pods = ["daemonsets", "deployments", "pods", "jobs", "replicasets", "replicationcontrollers", "services", "statefulsets"];
    found.extend(with_pods.iter().filter(|ty| ty.starts_with(word)).map(|ty| [ty, "/"].concat()));
    (found, directive)
}

fn containers(cx: &Cx<'_>, pod: &str) -> Vec<String> {
    let pod = cx.api().find("pods", &cx.globals.namespace, pod);
    pod.into_iter().flat_map(|pod| pod.items_at("/spec/containers")).map(|c| text_at(c, "name").to_string()).collect()
}
