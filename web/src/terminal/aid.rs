//! A word of help below the line: what an error means in plain words, and a line that may do what was meant. The output
//! itself stays kubectl's. Never: the sentences (`i18n::aid`).

use kubepie_core::session::{History, Shown, ShownKind};
use yew::prelude::*;

use super::component::{Msg, Terminal};
use super::deeds::CONTINUED;
use super::hangul::one_slip;
use super::long::draft;
use crate::i18n::{Lang, Said, aid, fill};

/// How far back the last line is looked for, in pieces of output.
const LOOK: u64 = 40;
/// The most of an output that is looked at, in bytes.
const BYTES: usize = 4_000;

/// Words that follow kubectl.
const VERBS: &[&str] = &[
    "get",
    "describe",
    "create",
    "run",
    "apply",
    "delete",
    "scale",
    "expose",
    "rollout",
    "logs",
    "edit",
    "explain",
    "cordon",
    "uncordon",
    "drain",
    "label",
    "annotate",
    "taint",
    "patch",
    "api-resources",
];
/// Kinds as they are typed.
const KINDS: &[&str] = &[
    "pods",
    "nodes",
    "deployments",
    "services",
    "replicasets",
    "namespaces",
    "events",
    "configmaps",
    "secrets",
    "jobs",
    "cronjobs",
    "daemonsets",
    "statefulsets",
    "ingresses",
    "pod",
    "node",
    "deployment",
    "service",
    "replicaset",
    "namespace",
    "po",
    "no",
    "svc",
    "deploy",
    "rs",
    "ns",
    "pvc",
    "pv",
];
/// Programs that make clusters.
const MAKERS: &[&str] = &["minikube", "kubeadm", "kind", "k3s", "helm", "kubectx", "kubens", "k9s"];

/// What helps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aid {
    said: Said,
    with: String,
    /// A line to type.
    line: String,
}

impl Aid {
    fn new(said: Said, with: &str, line: impl Into<String>) -> Option<Aid> {
        Some(Aid { said, with: with.to_string(), line: line.into() })
    }
}

/// The text between two others.
fn between<'a>(text: &'a str, from: &str, to: &str) -> Option<&'a str> {
    Some(text.split_once(from)?.1.split_once(to)?.0)
}

/// What the line was meant to be, where its word is nearly one of a list.
fn nearly(line: &str, word: &str, list: &[&str]) -> Option<Aid> {
    let lower = word.to_lowercase();
    let right = list.iter().find(|right| lower == **right || word.len() > 2 && one_slip(&lower, right))?;
    Aid::new(aid::MEANT, "", line.replacen(word, right, 1))
}

/// What helps somebody whose line printed this.
pub fn help(line: &str, printed: &str) -> Option<Aid> {
    let quoted = |after: &str| between(printed, &[after, "\""].concat(), "\"");
    if let Some(word) = between(printed, "bash: ", ": command not found") {
        return no_command(line, word);
    }
    if let Some(word) = quoted("error: unknown command ") {
        let hint = printed.split_once("Did you mean this?").and_then(|(_, rest)| rest.split_whitespace().next());
        return match hint {
            Some(right) => Aid::new(aid::MEANT, "", line.replacen(word, right, 1)),
            None if KINDS.contains(&word) => Aid::new(aid::MEANT, "", line.replacen(word, &["get ", word].concat(), 1)),
            None => nearly(line, word, VERBS).or_else(|| Aid::new(aid::NO_VERB, word, "kubectl --help")),
        };
    }
    if let Some(kind) = quoted("the server doesn't have a resource type ") {
        return nearly(line, kind, KINDS).or_else(|| Aid::new(aid::NO_KIND, kind, "kubectl api-resources"));
    }
    let named = printed.find("(NotFound): ").and_then(|at| printed.get(at + "(NotFound): ".len()..));
    if let Some((kind, name)) = named.and_then(|rest| Some((rest.split_once(" \"")?.0, between(rest, " \"", "\" not found")?))) {
        let plural = kind.split('.').next().unwrap_or(kind);
        let all = if matches!(plural, "nodes" | "namespaces" | "persistentvolumes") { "" } else { " -A" };
        return Aid::new(aid::NOT_FOUND, name, ["kubectl get ", plural, all].concat());
    }
    if let Some(name) = between(printed, "(AlreadyExists): ", " already exists").and_then(|rest| between(rest, "\"", "\"")) {
        return Aid::new(aid::EXISTS, name, "");
    }
    if let Some(flag) =
        between(printed, "error: unknown flag: ", "\n").or_else(|| between(printed, "error: unknown shorthand flag: '", "'"))
    {
        return Aid::new(aid::FLAG, flag, between(printed, "See '", "'").unwrap_or_default());
    }
    if let Some(flag) = quoted("required flag(s) ") {
        return Aid::new(aid::REQUIRED, flag, "");
    }
    in_a_file(printed).or_else(|| in_words(line, printed))
}

/// No program is called so.
fn no_command(line: &str, word: &str) -> Option<Aid> {
    if word.len() > 3
        && let Some(meant) = nearly(line, word, &["kubectl"]).or_else(|| twice(line, word))
    {
        return Some(meant);
    }
    let lower = word.to_lowercase();
    match lower.as_str() {
        verb if VERBS.contains(&verb) => Aid::new(aid::VERB, word, ["kubectl ", line.trim_start()].concat()),
        "docker" | "podman" | "crictl" | "nerdctl" => Aid::new(aid::DOCKER, word, "kubectl get pods"),
        "sudo" => Aid::new(aid::SUDO, "", line.replacen("sudo ", "", 1)),
        maker if MAKERS.contains(&maker) => Aid::new(aid::CLUSTER, word, "kubectl get nodes"),
        _ => Aid::new(aid::UNKNOWN, word, "help"),
    }
}

/// kubectl with two slips: `kubetcl` is one, `kubclt` two.
fn twice(line: &str, word: &str) -> Option<Aid> {
    let lower = word.to_lowercase();
    let same = lower.len() >= 5 && lower.starts_with("kub") && lower.chars().all(|c| "kubectl".contains(c));
    if same { Aid::new(aid::MEANT, "", line.replacen(word, "kubectl", 1)) } else { None }
}

/// A file is missing, or what is in it is wrong.
fn in_a_file(printed: &str) -> Option<Aid> {
    if let Some(file) = between(printed, "error: the path \"", "\" does not exist") {
        return Aid::new(aid::NO_FILE, file, "ls");
    }
    if let Some((before, _)) = printed.split_once(": No such file or directory") {
        let file = before.lines().last().and_then(|said| said.rsplit(": ").next()).unwrap_or_default();
        return Aid::new(aid::NO_FILE, file.trim_matches(['\'', '"']), "ls");
    }
    if let Some(line) = between(printed, "yaml: line ", ":").filter(|_| printed.starts_with("error: ")) {
        return Aid::new(aid::YAML, line, "");
    }
    let field = between(printed, "unknown field \"", "\"");
    field.and_then(|field| Aid::new(aid::FIELD, field, ""))
}

/// Whatever is told by a few words.
fn in_words(line: &str, printed: &str) -> Option<Aid> {
    let has = |text: &str| printed.contains(text);
    if has("was refused - did you specify the right host") {
        return Aid::new(aid::SILENT, "", "");
    }
    if let Some(namespace) = between(printed, "No resources found in ", " namespace.") {
        let all = if line.trim_start().starts_with("kubectl get ") && !line.contains(['|', ';', '&']) { line.trim_end() } else { "" };
        let all = all.split_once(" -n ").map_or(all, |(before, _)| before);
        return Aid::new(aid::EMPTY, namespace, if all.is_empty() { String::new() } else { [all, " -A"].concat() });
    }
    if has("You must specify the type of resource to get") {
        return Aid::new(aid::WHAT, "", "kubectl get pods");
    }
    if has("bash: syntax error") || has("unexpected EOF while looking for matching") {
        return Aid::new(aid::SYNTAX, "", "");
    }
    if has("is waiting to start") || has("container not found (") || has("does not have a host assigned") {
        return Aid::new(aid::NOT_YET, "", "kubectl get pods");
    }
    if printed.starts_with("The ") && has("\" is invalid: ") { Aid::new(aid::INVALID, "", "") } else { None }
}

/// The last line of a shell, and what it printed.
fn last(shown: &History<Shown>, shell: u32) -> Option<(String, String)> {
    let from = shown.end().saturating_sub(LOOK).max(shown.start());
    let mut parts = Vec::new();
    for piece in (from..shown.end()).rev().filter_map(|n| shown.get(n)).filter(|piece| piece.shell == shell) {
        if piece.what == ShownKind::Typed {
            parts.reverse();
            let line = piece.text.trim_end();
            return Some((line.split_once("# ").map_or(line, |(_, line)| line).to_string(), parts.concat()));
        }
        let cut = (0..=piece.text.len().min(BYTES)).rev().find(|n| piece.text.is_char_boundary(*n)).unwrap_or(0);
        parts.push(piece.text.get(..cut).unwrap_or_default());
    }
    None
}

impl Terminal {
    /// What helps somebody who is at a prompt, if anything does.
    #[inline(never)]
    pub(super) fn aid(&self, ctx: &Context<Self>, prompt: &str) -> Html {
        let props = ctx.props();
        let shown = &props.scene.shown;
        match prompt {
            CONTINUED => drawn(&Aid { said: aid::OPEN, with: String::new(), line: String::new() }, props.lang),
            _ => {
                last(shown, self.shell).and_then(|(line, printed)| help(&line, &printed)).map_or(Html::default(), |a| drawn(&a, props.lang))
            }
        }
    }

    /// Escape: away with what helps, and with what is offered.
    pub(super) fn hush(&mut self, ctx: &Context<Self>) -> bool {
        self.hushed = ctx.props().scene.shown.end();
        self.escape();
        true
    }

    /// Something runs: after a while it is shown how it is stopped.
    #[inline(never)]
    pub(super) fn waiting(&self, ctx: &Context<Self>) -> Html {
        let lang = ctx.props().lang;
        html! {
            <p class="slow">{ aid::RUNS.of(lang) }{ " " }
                <button class="try" onclick={ctx.link().callback(|_| Msg::Stop)}>{ aid::STOP.of(lang) }</button>
            </p>
        }
    }
}

fn drawn(found: &Aid, lang: Lang) -> Html {
    let text = fill(found.said.of(lang), &[&found.with]);
    // What stands in backquotes is as it is typed.
    let parts = text.split('`').enumerate().map(|(n, part)| {
        if n % 2 == 1 {
            html! { <code>{ part }</code> }
        } else {
            html! { { part } }
        }
    });
    let line = found.line.clone();
    html! {
        <p>{ for parts }
            if !line.is_empty() {
                { " " }
                <button class="try" onclick={Callback::from({ let line = line.clone(); move |_| draft(&line) })}><code>{ line }</code></button>
            }
        </p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(line: &str, printed: &str) -> String {
        help(line, printed).map_or("-".into(), |found| found.line)
    }

    #[test]
    fn slips_are_known() {
        let none = |word: &str| format!("bash: {word}: command not found\n");
        assert_eq!(line("kubctl get pods", &none("kubctl")), "kubectl get pods");
        assert_eq!(line("Kubectl get pods", &none("Kubectl")), "kubectl get pods");
        assert_eq!(line("kubeclt get po", &none("kubeclt")), "kubectl get po");
        assert_eq!(line("kubclt get po", &none("kubclt")), "kubectl get po");
        assert_eq!(line("get pods", &none("get")), "kubectl get pods");
        assert_eq!(line("sudo kubectl get no", &none("sudo")), "kubectl get no");
        assert_eq!(line("hello", &none("hello")), "help");
        let verb = "error: unknown command \"gte\" for \"kubectl\"\n\nDid you mean this?\n\tget\n";
        assert_eq!(line("kubectl gte pods", verb), "kubectl get pods");
        assert_eq!(line("kubectl pods", "error: unknown command \"pods\" for \"kubectl\"\n"), "kubectl get pods");
        let kind = "error: the server doesn't have a resource type \"podz\"\n";
        assert_eq!(line("kubectl get podz", kind), "kubectl get pods");
    }

    #[test]
    fn errors_are_told_in_both_languages() {
        let found = help("kubectl get deploy web", "Error from server (NotFound): deployments.apps \"web\" not found\n").unwrap();
        assert_eq!((found.said, found.with.as_str(), found.line.as_str()), (aid::NOT_FOUND, "web", "kubectl get deployments -A"));
        let flag = "error: unknown flag: --imag\nSee 'kubectl run --help' for usage.\n";
        assert_eq!(line("kubectl run a --imag=b", flag), "kubectl run --help");
        assert_eq!(line("kubectl get po -n x", "No resources found in x namespace.\n"), "kubectl get po -A");
        assert_eq!(help("cat nope", "cat: nope: No such file or directory\n").unwrap().with, "nope");
        let yaml = "error: error parsing a.yaml: error converting YAML to JSON: yaml: line 5: did not find expected key\n";
        assert_eq!(help("kubectl apply -f a.yaml", yaml).unwrap().with, "5");
        let exists = "Error from server (AlreadyExists): error when creating \"a.yaml\": deployments.apps \"web\" already exists\n";
        assert_eq!(help("kubectl create -f a.yaml", exists).map(|a| a.said), Some(aid::EXISTS));
        assert_eq!(help("kubectl get pods", "NAME READY\nweb 1/1\n"), None);
        assert_eq!(
            help("kubectl scale pod a --replicas=3", "Error from server (NotFound): the server could not find the requested resource\n"),
            None
        );
        assert_ne!(aid::RUNS.of(Lang::Ko), aid::RUNS.of(Lang::En));
    }
}
