//! `kubectl __complete WORDS…`: what the last word could become. Models spf13/cobra completions and kubectl
//! `pkg/util/completion`.

use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use super::{globals, help};
use crate::arrange::Arrange;
use crate::kubectl::tree::{self, GLOBAL_FLAGS};
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed, kubeconfig};
use crate::object::Object;
use crate::object::selector::Selector;
use crate::object::value::{i64_at, items_at, text_at};
use crate::text::fs::NodeKind;

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

/// What the arguments of a command are.
#[derive(Clone, Copy)]
enum Takes {
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

const SCALED: Takes = Takes::Objects(&["deployment", "replicaset", "replicationcontroller", "statefulset"]);
const ROLLED: &[&str] = &["deployment", "daemonset", "statefulset"];

/// The commands whose arguments kubectl completes.
const TAKES: &[(&str, Takes)] = &[
    ("get", Takes::Objects(&[])),
    ("describe", Takes::Objects(&[])),
    ("delete", Takes::Objects(&[])),
    ("label", Takes::Objects(&[])),
    ("annotate", Takes::Objects(&[])),
    ("edit", Takes::Objects(&[])),
    ("patch", Takes::Objects(&[])),
    ("wait", Takes::Objects(&[])),
    ("apply edit-last-applied", Takes::Objects(&[])),
    ("apply view-last-applied", Takes::Objects(&[])),
    ("explain", Takes::Type),
    ("scale", SCALED),
    ("autoscale", SCALED),
    ("expose", Takes::Objects(&["pod", "service", "replicationcontroller", "deployment", "replicaset"])),
    ("rollout history", Takes::Objects(ROLLED)),
    ("rollout pause", Takes::Objects(&["deployment"])),
    ("rollout restart", Takes::Objects(ROLLED)),
    ("rollout resume", Takes::Objects(&["deployment"])),
    ("rollout status", Takes::Object(ROLLED)),
    ("rollout undo", Takes::Objects(ROLLED)),
    ("taint", Takes::Objects(&["node"])),
    ("cordon", Takes::Name("nodes")),
    ("uncordon", Takes::Name("nodes")),
    ("drain", Takes::Name("nodes")),
    ("top node", Takes::Name("nodes")),
    ("top pod", Takes::Name("pods")),
    ("certificate approve", Takes::Name("certificatesigningrequests.certificates.k8s.io")),
    ("certificate deny", Takes::Name("certificatesigningrequests.certificates.k8s.io")),
    ("create token", Takes::Name("serviceaccounts")),
    ("exec", Takes::Pod),
    ("attach", Takes::Pod),
    ("logs", Takes::PodAndContainer),
    ("port-forward", Takes::PodAndPorts),
    ("cp", Takes::Copied),
    ("config delete-cluster", Takes::Configured("clusters")),
    ("config delete-user", Takes::Configured("users")),
    ("config delete-context", Takes::Configured("contexts")),
    ("config get-contexts", Takes::Configured("contexts")),
    ("config rename-context", Takes::Configured("contexts")),
    ("config set-context", Takes::Configured("contexts")),
    ("config use-context", Takes::Configured("contexts")),
    ("completion", Takes::Words(&["bash", "fish", "powershell", "zsh"])),
    ("help", Takes::Commands),
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
    let (found, directive) = if path == "kubectl" && !args.is_empty() {
        cx.err(&format!("[Error] unable to find a command for arguments: [{}]\n", before.join(" ")));
        (Vec::new(), 0)
    } else if let Some(flag) = pending {
        value(cx, flag, &path, last, &args)
    } else if let Some((name, word)) = last.strip_prefix("--").and_then(|long| long.split_once('=')) {
        let flag = command.all_flags().chain(GLOBAL_FLAGS).find(|flag| flag.name == name);
        flag.map_or((Vec::new(), 4), |flag| value(cx, flag, &path, word, &args))
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
fn value(cx: &Cx<'_>, flag: &Flag, path: &str, word: &str, args: &[String]) -> (Vec<String>, u8) {
    let starting = |all: Vec<String>| all.into_iter().filter(|one| one.starts_with(word)).collect();
    match flag.name {
        "namespace" => (starting(names(cx, "namespaces")), 4),
        "output" if path == "kubectl get" => (starting(FORMATS.iter().map(ToString::to_string).collect()), 4),
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

/// The words that an argument could become, and cobra's number for what the shell is to do with them.
fn arguments(cx: &Cx<'_>, command: &Command, path: &str, given: &[String], args: &[String], word: &str) -> (Vec<String>, u8) {
    if !command.children.is_empty() && args.is_empty() {
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
    let path = path.strip_prefix("kubectl ").unwrap_or(path);
    let Some((_, takes)) = TAKES.iter().find(|(p, _)| *p == path) else { return (found, 0) };
    let (words, directive) = taken(cx, *takes, args, word);
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

/// Types and names, in either of the two ways to write them.
fn objects(cx: &Cx<'_>, allowed: &[&str], args: &[String], word: &str) -> (Vec<String>, u8) {
    let kinds = || match allowed {
        [] => types(cx, word),
        all => all.iter().filter(|ty| ty.starts_with(word)).map(ToString::to_string).collect(),
    };
    match (args.first(), word.contains('/')) {
        (Some(ty), _) if !ty.contains('/') => {
            let more = args.get(1..).unwrap_or_default();
            (of_type(cx, ty, word, "").into_iter().filter(|name| !more.contains(name)).collect(), 4)
        }
        (None, false) => (kinds(), 4),
        (Some(_), false) => (kinds().iter().map(|ty| [ty, "/"].concat()).collect(), 6),
        (_, true) => {
            let (ty, start) = word.split_once('/').unwrap_or_default();
            let all = of_type(cx, ty, start, &[ty, "/"].concat());
            (all.into_iter().filter(|name| !args.contains(name)).collect(), 4)
        }
    }
}

/// Names of these types (one, or several with commas between them) that start so.
fn of_type(cx: &Cx<'_>, types: &str, word: &str, lead: &str) -> Vec<String> {
    let rows = types.split(',').filter_map(|ty| cx.api().registry.resolve(ty));
    let all = rows.flat_map(|row| names(cx, &row.key()));
    all.filter(|name| name.starts_with(word)).map(|name| [lead, &name].concat()).collect()
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

fn pods(cx: &Cx<'_>, word: &str) -> (Vec<String>, u8) {
    if let Some((ty, start)) = word.split_once('/') {
        return (of_type(cx, ty, start, &[ty, "/"].concat()), 4);
    }
    let mut found: Vec<String> = names(cx, "pods").into_iter().filter(|name| name.starts_with(word)).collect();
    let directive = if found.is_empty() { 6 } else { 4 };
    let with_pods = ["daemonsets", "deployments", "pods", "jobs", "replicasets", "replicationcontrollers", "services", "statefulsets"];
    found.extend(with_pods.iter().filter(|ty| ty.starts_with(word)).map(|ty| [ty, "/"].concat()));
    (found, directive)
}

/// The Pod that an argument names, itself or as the first of another object.
fn pod_of(cx: &Cx<'_>, arg: &str) -> Option<Rc<Object>> {
    let namespace = &cx.globals.namespace;
    let Some((ty, name)) = arg.split_once('/') else { return cx.api().find("pods", namespace, arg).cloned() };
    let row = cx.api().registry.resolve(ty)?;
    let object = cx.api().find(&row.key(), namespace, name)?;
    if row.plural == "pods" {
        return Some(object.clone());
    }
    let selector = match row.plural.as_ref() {
        "services" | "replicationcontrollers" => {
            let all = object.at("/spec/selector").and_then(Value::as_object);
            Selector::from_pairs(all.into_iter().flatten().filter_map(|(key, value)| Some((key.as_str(), value.as_str()?))))
        }
        _ => Selector::from_label_selector(object.at("/spec/selector")).ok()?,
    };
    cx.api().list("pods", Some(namespace)).find(|pod| selector.matches(&*pod.meta.labels)).cloned()
}

fn containers(cx: &Cx<'_>, arg: &str) -> Vec<String> {
    let Some(pod) = pod_of(cx, arg) else { return Vec::new() };
    let all = pod.items_at("/spec/initContainers").iter().chain(pod.items_at("/spec/containers"));
    all.map(|c| text_at(c, "name").to_string()).collect()
}

/// The ports of a Pod or a Service, as `port-forward` takes them.
fn ports(cx: &Cx<'_>, arg: &str) -> Vec<String> {
    let both = |port: Option<i64>| port.map(|port| format!("{port}:{port}"));
    if let Some((ty, name)) = arg.split_once('/')
        && cx.api().registry.resolve(ty).is_some_and(|row| row.key() == "services")
    {
        let service = cx.api().find("services", &cx.globals.namespace, name);
        return service.into_iter().flat_map(|s| s.items_at("/spec/ports")).filter_map(|p| both(i64_at(p, "port"))).collect();
    }
    let Some(pod) = pod_of(cx, arg) else { return Vec::new() };
    let all = pod.items_at("/spec/containers").iter().flat_map(|c| items_at(c, "ports"));
    all.filter_map(|p| both(i64_at(p, "containerPort"))).collect()
}

/// What `cp` may copy: namespaces, Pods, and files when there are any of those.
fn copied(cx: &Cx<'_>, word: &str) -> Vec<String> {
    if word.starts_with(['/', '.', '~']) || word.contains(':') {
        return Vec::new();
    }
    if let Some((namespace, _)) = word.split_once('/') {
        let all = cx.api().list("pods", Some(namespace)).map(|pod| format!("{namespace}/{}:", pod.name()));
        return all.filter(|one| one.starts_with(word)).collect();
    }
    let with = |resource: &str, end: &'static str| {
        names(cx, resource).into_iter().filter(|name| name.starts_with(word)).map(move |name| [name.as_str(), end].concat()).collect()
    };
    let mut found: Vec<String> = with("namespaces", "/");
    let pods: Vec<String> = with("pods", ":");
    found.extend(pods);
    if word.is_empty() {
        found.extend(["./".to_string(), "/".to_string()]);
    } else if !found.is_empty() {
        let files = cx.files.list(cx.cwd).unwrap_or_default();
        let files = files.iter().filter(|(name, _)| name.starts_with(word));
        found.extend(files.map(|(name, stat)| [&**name, if stat.kind == NodeKind::Dir { "/" } else { "" }].concat()));
    }
    found
}
