//! `kubectl auth can-i`. Models kubectl `pkg/cmd/auth/cani.go`.
//!
//! ```text
//! $ kubectl auth can-i create pods
//! yes
//! $ kubectl auth can-i delete nodes --as=learner
//! Warning: resource 'nodes' is not namespace scoped
//!
//! no
//! $ kubectl auth can-i get /healthz --as=learner
//! yes
//! ```

use alloc::format;
use alloc::string::{String, ToString};

use super::rules;
use crate::api::authorize::Deed;
use crate::kubectl::{Command, Cx, Failure, Flag, Flow, Parsed};

const FLAGS: &[Flag] = &[
    Flag::switch("all-namespaces", "In all namespaces.").short('A'),
    Flag::switch("list", "List all that is allowed."),
    Flag::switch("no-headers", "Leave the header out."),
    Flag::switch("quiet", "Say nothing; only the exit code tells.").short('q'),
    Flag::text("subresource", "A part of the resource: log, scale."),
];

/// `kubectl auth can-i VERB [TYPE | TYPE/NAME | NONRESOURCEURL]`
pub static CAN_I: Command = Command {
    name: "can-i",
    usage: "auth can-i VERB [TYPE | TYPE/NAME | NONRESOURCEURL]",
    short: "Check whether an action is allowed",
    examples: "# May I make Pods?\nkubectl auth can-i create pods",
    flags: &[FLAGS],
    run: Some(run),
    ..Command::EMPTY
};

const VERBS: &[&str] = &[
    "get",
    "list",
    "watch",
    "create",
    "update",
    "patch",
    "delete",
    "deletecollection",
    "use",
    "bind",
    "impersonate",
    "*",
    "approve",
    "sign",
    "escalate",
    "attest",
];

const PATH_VERBS: &[&str] = &["get", "put", "post", "head", "options", "delete", "patch", "*"];

fn fail<T>(text: &str) -> Result<T, Failure> {
    Err(Failure::Client(text.to_string()))
}

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    if parsed.on("list") {
        return list(cx, parsed);
    }
    let [verb, what] = parsed.args.as_slice() else {
        return fail(
            "you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.",
        );
    };
    let asker = super::asker(cx);
    let namespace = if parsed.on("all-namespaces") { String::new() } else { cx.globals.namespace.clone() };
    let subresource = parsed.text("subresource");
    let mut deed = Deed { verb, namespace: &namespace, ..Deed::default() };
    let (mut resource, mut group) = (String::new(), String::new());
    if what.starts_with('/') {
        if !subresource.is_empty() {
            return fail("--subresource can not be used with NonResourceURL");
        }
        if !PATH_VERBS.contains(&verb.as_str()) {
            warn(cx, &format!("verb '{verb}' is not a known verb"));
        }
        deed.path = what;
    } else {
        let (word, name) = what.split_once('/').unwrap_or((what, ""));
        (resource, group) = aim(cx, word, parsed.on("all-namespaces"));
        deed.name = name;
        if !resource.is_empty() && !parsed.on("all-namespaces") && !VERBS.contains(&verb.as_str()) {
            warn(cx, &format!("verb '{verb}' is not a known verb"));
        }
    }
    if parsed.on("no-headers") {
        return fail("--no-headers cannot be set without --list specified");
    }
    if !subresource.is_empty() {
        resource = [&resource, "/", subresource].concat();
    }
    (deed.resource, deed.group) = (&resource, &group);
    let (text, code) = match cx.api().may(&asker, &deed) {
        Ok(()) => ("yes\n".to_string(), 0),
        Err(why) if why.is_empty() => ("no\n".to_string(), 1),
        Err(why) => (["no - ", &why, "\n"].concat(), 1),
    };
    if !parsed.on("quiet") {
        cx.out(&text);
    }
    Ok(Flow::Done(code))
}

fn warn(cx: &mut Cx<'_>, text: &str) {
    cx.err(&["Warning: ", text, "\n\n"].concat());
}

/// The resource and group that a word means, with a warning where it means none or none in a namespace.
fn aim(cx: &mut Cx<'_>, word: &str, all: bool) -> (String, String) {
    if word == "*" {
        return (word.to_string(), String::new());
    }
    let lower = word.to_lowercase();
    let Some(row) = cx.api().registry.resolve(&lower).cloned() else {
        if !matches!(lower.as_str(), "users" | "groups") {
            let text = match lower.split_once('.') {
                None => format!("the server doesn't have a resource type '{lower}'"),
                Some((resource, group)) => format!("the server doesn't have a resource type '{resource}' in group '{group}'"),
            };
            warn(cx, &text);
        }
        return (word.to_string(), String::new());
    };
    if !row.namespaced && !all {
        let group = if row.group.is_empty() { String::new() } else { format!(" in group '{}'", row.group) };
        warn(cx, &format!("resource '{}' is not namespace scoped{group}", row.plural));
    }
    (row.plural.to_string(), row.group.to_string())
}

fn list(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    if !parsed.args.is_empty() {
        return fail("list option must be specified with no arguments");
    }
    if parsed.on("quiet") || parsed.on("all-namespaces") || !parsed.text("subresource").is_empty() {
        return fail("list option can't be specified with neither quiet, all-namespaces nor subresource options");
    }
    let rules = cx.api().rules_for(&super::asker(cx), &cx.globals.namespace);
    cx.out(&rules::table(&rules, !parsed.on("no-headers")));
    Ok(Flow::Done(0))
}
