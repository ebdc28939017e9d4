//! `kubectl create rolebinding` and `clusterrolebinding`. Models kubectl `pkg/cmd/create/create_rolebinding.go`.
//!
//! ```text
//! $ kubectl create rolebinding rb --clusterrole=view --serviceaccount=default:default
//! rolebinding.rbac.authorization.k8s.io/rb created
//! $ kubectl create rolebinding rb --clusterrole=view --serviceaccount=default
//! error: serviceaccount must be <namespace>:<name>
//! ```

use alloc::string::ToString;
use alloc::vec::Vec;
use serde_json::{Value, json};

use super::generate::{self, Generated};
use crate::kubectl::groups::{DRY_RUN, PRINT, SAVE_CONFIG, VALIDATE};
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed};
use crate::object::resources::{CLUSTER_ROLE_BINDINGS, ROLE_BINDINGS};
use crate::object::value;

const SUBJECTS: &[Flag] = &[
    Flag::text("clusterrole", "The cluster role to give."),
    Flag::text("group", "A group that gets it.").kind(FlagKind::Array, "[]"),
    Flag::text("serviceaccount", "A service account that gets it: namespace:name.").kind(FlagKind::Array, "[]"),
    Flag::text("user", "A user that gets it.").kind(FlagKind::Array, "[]"),
];

/// `kubectl create rolebinding NAME --clusterrole=NAME|--role=NAME …`
pub static ROLE_BINDING: Command = Command {
    name: "rolebinding",
    usage: "create rolebinding NAME --clusterrole=NAME|--role=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]",
    short: "Create a role binding for a particular role or cluster role",
    examples: "# Give the cluster role admin to two users and a group\nkubectl create rolebinding admin --clusterrole=admin --user=user1 --user=user2 --group=group1",
    flags: &[PRINT, SAVE_CONFIG, VALIDATE, DRY_RUN, super::COMMON, SUBJECTS, &[Flag::text("role", "The role to give.")]],
    run: Some(|cx, parsed| generate::run(cx, parsed, make)),
    ..Command::EMPTY
};

/// `kubectl create clusterrolebinding NAME --clusterrole=NAME …`
pub static CLUSTER_ROLE_BINDING: Command = Command {
    name: "clusterrolebinding",
    usage: "create clusterrolebinding NAME --clusterrole=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]",
    short: "Create a cluster role binding for a particular cluster role",
    examples: "# Give the cluster role cluster-admin to two users\nkubectl create clusterrolebinding cluster-admin --clusterrole=cluster-admin --user=user1 --user=user2",
    flags: &[PRINT, SAVE_CONFIG, VALIDATE, DRY_RUN, super::COMMON, SUBJECTS],
    required: &["clusterrole"],
    run: Some(run_cluster),
    ..Command::EMPTY
};

const GROUP: &str = "rbac.authorization.k8s.io";

fn run_cluster(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    generate::run(cx, parsed, make)
}

fn make(_: &mut Cx<'_>, parsed: &Parsed) -> Result<Generated, Failure> {
    let cluster = parsed.command.name == "clusterrolebinding";
    let name = generate::name(parsed)?;
    let (cluster_role, role) = (parsed.text("clusterrole"), parsed.text("role"));
    if cluster && cluster_role.is_empty() {
        return Err(Failure::Client("exactly one of clusterrole must be specified".to_string()));
    }
    if !cluster && cluster_role.is_empty() == role.is_empty() {
        return Err(Failure::Client("exactly one of clusterrole or role must be specified".to_string()));
    }
    let (kind, of) = if role.is_empty() { ("ClusterRole", cluster_role) } else { ("Role", role) };
    let mut subjects: Vec<Value> = Vec::new();
    for (flag, kind) in [("user", "User"), ("group", "Group")] {
        subjects.extend(parsed.all(flag).iter().map(|who| json!({"apiGroup": GROUP, "kind": kind, "name": who})));
    }
    for account in parsed.all("serviceaccount") {
        match account.split_once(':') {
            Some((namespace, name)) if !namespace.is_empty() && !name.is_empty() && !name.contains(':') => {
                subjects.push(json!({"kind": "ServiceAccount", "name": name, "namespace": namespace}));
            }
            _ => return Err(Failure::Client("serviceaccount must be <namespace>:<name>".to_string())),
        }
    }
    let kind_of_binding = if cluster { "ClusterRoleBinding" } else { "RoleBinding" };
    let mut body = json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": kind_of_binding, "metadata": {"name": name},
        "roleRef": {"apiGroup": GROUP, "kind": kind, "name": of}});
    if !subjects.is_empty() {
        value::set(&mut body, "subjects", subjects);
    }
    Ok(match cluster {
        true => Generated { resource: CLUSTER_ROLE_BINDINGS, body, failed: "failed to create clusterrolebinding: " },
        false => Generated { resource: ROLE_BINDINGS, body, failed: "failed to create rolebinding: " },
    })
}
