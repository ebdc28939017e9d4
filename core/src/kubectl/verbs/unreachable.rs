//! What each command says when nobody answers at the address of the API server: most look for the server's resources
//! first, some several times, some send their request at once. Models client-go `discovery/cached/memory` and the
//! commands' own wrapping.
//!
//! ```text
//! $ kubectl create deployment web --image=nginx --server=https://127.0.0.1:9
//! error: failed to create deployment: Post "https://127.0.0.1:9/apis/apps/v1/namespaces/default/deployments?fieldManager=kubectl-create&fieldValidation=Strict": dial tcp 127.0.0.1:9: connect: connection refused
//! $ kubectl top nodes --server=https://127.0.0.1:9
//! The connection to the server 127.0.0.1:9 was refused - did you specify the right host or port?
//! ```

use alloc::format;
use alloc::string::String;

use super::globals::log_line;
use crate::kubectl::{Cx, Failure, Parsed, change, manifests};
use crate::text::fs;

/// How often a command asks for the server's resources before it gives up; 5 times unless it is named here.
const TRIES: &[(&str, usize)] = &[
    ("api-resources", 1),
    ("api-versions", 1),
    ("attach", 4),
    ("auth can-i", 2),
    ("auth whoami", 0),
    ("certificate", 4),
    ("cluster-info dump", 0),
    ("cordon", 4),
    ("cp", 0),
    ("create clusterrole", 2),
    ("create namespace", 0),
    ("create role", 2),
    ("debug", 4),
    ("drain", 4),
    ("events", 0),
    ("exec", 4),
    ("explain", 2),
    ("logs", 4),
    ("port-forward", 4),
    ("run", 1),
    ("taint", 2),
    ("top", 0),
    ("uncordon", 4),
    ("version", 0),
];

/// What `create` sends at once: the subcommand, how its error begins, and where the request goes.
const POSTS: &[(&str, &str, &str)] = &[
    ("clusterrolebinding", "clusterrolebinding:", "apis/rbac.authorization.k8s.io/v1/clusterrolebindings"),
    ("configmap", "configmap:", "api/v1/namespaces/*/configmaps"),
    ("cronjob", "cronjob:", "apis/batch/v1/namespaces/*/cronjobs"),
    ("deployment", "deployment:", "apis/apps/v1/namespaces/*/deployments"),
    ("ingress", "ingress:", "apis/networking.k8s.io/v1/namespaces/*/ingresses"),
    ("job", "job:", "apis/batch/v1/namespaces/*/jobs"),
    ("poddisruptionbudget", "poddisruptionbudgets:", "apis/policy/v1/namespaces/*/poddisruptionbudgets"),
    ("priorityclass", "priorityclass:", "apis/scheduling.k8s.io/v1/priorityclasses"),
    ("quota", "quota:", "api/v1/namespaces/*/resourcequotas"),
    ("rolebinding", "rolebinding:", "apis/rbac.authorization.k8s.io/v1/namespaces/*/rolebindings"),
    ("secret docker-registry", "secret", "api/v1/namespaces/*/secrets"),
    ("secret generic", "secret", "api/v1/namespaces/*/secrets"),
    ("secret tls", "secret", "api/v1/namespaces/*/secrets"),
    ("service clusterip", "ClusterIP service:", "api/v1/namespaces/*/services"),
    ("service externalname", "ExternalName service:", "api/v1/namespaces/*/services"),
    ("service loadbalancer", "LoadBalancer service:", "api/v1/namespaces/*/services"),
    ("service nodeport", "NodePort service:", "api/v1/namespaces/*/services"),
    ("serviceaccount", "serviceaccount:", "api/v1/namespaces/*/serviceaccounts"),
    ("token", "token:", "api/v1/namespaces/*/serviceaccounts/NAME/token"),
];

/// An address at which nobody answers.
pub(super) struct Nobody<'a> {
    /// The server as the kubeconfig has it, with its scheme and without a slash at its end.
    pub server: &'a str,
    /// Its host and port.
    pub address: &'a str,
    /// Why nobody can be reached: `dial tcp 127.0.0.1:9: connect: connection refused`.
    pub why: &'a str,
    /// How long one answer is waited for: `32s`.
    pub timeout: &'a str,
}

/// What the command says; nothing where it asks no server, or where something else is wrong before it does.
pub(super) fn failure(cx: &mut Cx<'_>, parsed: &Parsed, nobody: &Nobody<'_>) -> Option<Failure> {
    let path = parsed.path.strip_prefix("kubectl ").unwrap_or_default();
    let refused = nobody.why;
    let get = |what: &str| format!("Get \"{}/{what}?timeout={}\": {refused}", nobody.server, nobody.timeout);
    let plain = || {
        Failure::Plain(match refused.ends_with("connection refused") {
            true => format!("The connection to the server {} was refused - did you specify the right host or port?", nobody.address),
            false => ["Unable to connect to the server: ", refused].concat(),
        })
    };
    if let Some(file) = parsed.all("filename").first().filter(|_| manifests::given(parsed)) {
        return of_file(cx, parsed, path, file, &get);
    }
    if let Some((_, what, place)) = POSTS.iter().find(|(name, ..)| path.strip_prefix("create ") == Some(*name)) {
        return posted(cx, parsed, what, place)
            .map(|url| Failure::Client(format!("failed to create {what} Post \"{}/{url}\": {refused}", nobody.server)));
    }
    let tries = if parsed.text("raw").is_empty() { TRIES.iter().find(|row| parsed.is_under(row.0)).map_or(5, |row| row.1) } else { 0 };
    let asked = |cx: &mut Cx<'_>, tries| tried(cx, tries, &get("api"));
    match path {
        "version" if parsed.on("client") => return None,
        "version" => cx.out(super::about::CLIENT),
        "cluster-info" => cx.out("\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n"),
        "api-versions" => {
            asked(cx, tries);
            return Some(Failure::Client(["couldn't get available api versions from server: ", &get("api")].concat()));
        }
        "auth can-i" => {
            asked(cx, tries);
            let what = parsed.args.get(1).map_or("", String::as_str);
            cx.err(&format!("Warning: the server doesn't have a resource type '{what}'\n\n"));
            return Some(plain());
        }
        _ => {}
    }
    asked(cx, tries);
    Some(plain())
}

/// Logs that the server's resources could not be had.
fn tried(cx: &mut Cx<'_>, tries: usize, get: &str) {
    let get = get.replace('"', "\\\"");
    let line = format!("\"Unhandled Error\" err=\"couldn't get current server API group list: {get}\"");
    let line = log_line(cx, 'E', "memcache.go:265", &line);
    cx.err(&line.repeat(tries));
}

/// What is said of a file: it cannot be validated, or its kind is not known.
fn of_file(cx: &mut Cx<'_>, parsed: &Parsed, path: &str, file: &str, get: &dyn Fn(&str) -> String) -> Option<Failure> {
    let there = file == "-" || cx.files.read(&fs::resolve(cx.cwd, file)).is_ok();
    if !there {
        return None;
    }
    let file = if file == "-" { "STDIN" } else { file };
    let validates = matches!(path, "apply" | "create" | "replace") && change::validation(parsed) != Ok("Ignore");
    if validates {
        return Some(Failure::Client(format!(
            "error validating \"{file}\": error validating data: failed to download openapi: {}; if you choose to ignore these errors, turn validation off with --validate=false",
            get("openapi/v2")
        )));
    }
    tried(cx, 1, &get("api"));
    let text = format!("unable to recognize \"{file}\": {}", get("api"));
    let stops = matches!(path, "apply" | "apply set-last-applied" | "create" | "delete" | "diff" | "replace");
    Some(if stops { Failure::Client(text) } else { Failure::Plain(text) })
}

/// The path and query of a request that makes an object; nothing for a dry run of the client.
fn posted(cx: &Cx<'_>, parsed: &Parsed, what: &str, place: &str) -> Option<String> {
    let namespace = if cx.globals.namespace.is_empty() { "default" } else { &cx.globals.namespace };
    let name = parsed.args.first().map_or("", String::as_str);
    let place = place.replace('*', namespace).replace("NAME", name);
    if what == "token:" {
        return Some(place);
    }
    let dry = match parsed.text("dry-run") {
        "client" | "true" | "unchanged" => return None,
        "server" => "dryRun=All&",
        _ => "",
    };
    let manager = if parsed.text("field-manager").is_empty() { "kubectl-create" } else { parsed.text("field-manager") };
    let validation = change::validation(parsed).unwrap_or("Strict");
    Some(format!("{place}?{dry}fieldManager={manager}&fieldValidation={validation}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_names_a_command() {
        let posts = POSTS.iter().map(|(name, ..)| alloc::format!("create {name}"));
        for path in TRIES.iter().map(|(name, _)| String::from(*name)).chain(posts) {
            let words: alloc::vec::Vec<String> = path.split(' ').map(String::from).collect();
            let (_, found, rest) = crate::kubectl::tree::find(&words);
            assert!(rest.is_empty(), "{found} is found for {path}");
        }
    }
}
