//! `kubectl set subject`. Models kubectl `pkg/cmd/set/set_subject.go`.
//!
//! ```text
//! $ kubectl create rolebinding viewers --clusterrole=view --user=ann
//! rolebinding.rbac.authorization.k8s.io/viewers created
//! $ kubectl set subject rolebinding viewers --group=team --serviceaccount=default:robot
//! rolebinding.rbac.authorization.k8s.io/viewers subjects updated
//! $ kubectl set subject rolebinding viewers
//! error: you must specify at least one value of user, group or serviceaccount
//! ```

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Value, json};

use crate::kubectl::groups::{ALL, DRY_RUN, LOCAL, PRINT, SELECTOR};
use crate::kubectl::manifests::FLAGS as FILENAME;
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed};
use crate::object::value;

use super::update::{self, MANAGER, Words, fail};

const FLAGS: &[Flag] = &[
    Flag::text("group", "Groups to bind to the role.").kind(FlagKind::Array, "[]"),
    Flag::text("serviceaccount", "Service accounts to bind to the role, as NAMESPACE:NAME.").kind(FlagKind::Array, "[]"),
    Flag::text("user", "Users to bind to the role.").kind(FlagKind::Array, "[]"),
];

/// `kubectl set subject (-f FILENAME | TYPE NAME) [--user=username] …`
pub static SUBJECT: Command = Command {
    name: "subject",
    usage: "set subject (-f FILENAME | TYPE NAME) [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]",
    short: "Update the user, group, or service account in a role binding or cluster role binding",
    examples: "# One account more\nkubectl set subject clusterrolebinding admin --serviceaccount=namespace:serviceaccount1",
    flags: &[ALL, DRY_RUN, FILENAME, LOCAL, PRINT, SELECTOR, MANAGER, FLAGS],
    run: Some(run),
    ..Command::EMPTY
};

const WORDS: Words = Words { done: "subjects updated", refused: "failed to patch subjects to rolebinding: ", always: false };

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let items = update::items(cx, parsed, &parsed.args)?;
    update::check(cx, parsed)?;
    let accounts = parsed.all("serviceaccount");
    if parsed.all("user").is_empty() && parsed.all("group").is_empty() && accounts.is_empty() {
        return fail("you must specify at least one value of user, group or serviceaccount");
    }
    for account in accounts {
        let parts: Vec<&str> = account.split(':').collect();
        let [namespace, name] = parts.as_slice() else { return fail("serviceaccount must be <namespace>:<name>") };
        if name.is_empty() {
            return fail("serviceaccount must be <namespace>:<name>");
        }
        if namespace.is_empty() && items.iter().any(|item| &*item.row.kind == "ClusterRoleBinding") {
            return fail("serviceaccount must be <namespace>:<name>, namespace must be specified");
        }
    }
    let subjects = subjects(cx, parsed);
    update::each(cx, parsed, items, &WORDS, &mut |_, item, object, _| {
        if !matches!(&*item.row.kind, "RoleBinding" | "ClusterRoleBinding") {
            return Err("setting subjects is only supported for RoleBinding/ClusterRoleBinding".to_string());
        }
        let mut all = value::items_at(object, "subjects").to_vec();
        for subject in &subjects {
            if !all.contains(subject) {
                all.push(subject.clone());
            }
        }
        value::set(object, "subjects", all);
        Ok(())
    })
}

/// What the flags name: users, groups, service accounts, each sorted.
fn subjects(cx: &Cx<'_>, parsed: &Parsed) -> Vec<Value> {
    let sorted = |flag: &str| parsed.all(flag).iter().cloned().collect::<BTreeSet<String>>();
    let mut all = Vec::new();
    for (flag, kind) in [("user", "User"), ("group", "Group")] {
        all.extend(sorted(flag).iter().map(|name| json!({"apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": name})));
    }
    for account in sorted("serviceaccount") {
        let (namespace, name) = account.split_once(':').unwrap_or_default();
        let namespace = if namespace.is_empty() { cx.globals.namespace.as_str() } else { namespace };
        all.push(json!({"kind": "ServiceAccount", "name": name, "namespace": namespace}));
    }
    all
}
