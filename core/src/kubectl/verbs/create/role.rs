//! `kubectl create role` and `clusterrole`. Models kubectl `pkg/cmd/create/create_role.go` and `create_clusterrole.go`.
//!
//! ```text
//! $ kubectl create role reader --verb=get,list --resource=pods
//! role.rbac.authorization.k8s.io/reader created
//! $ kubectl create role r --verb=get --resource=nope
//! the server doesn't have a resource type "nope"
//! $ kubectl create clusterrole r --verb=list --non-resource-url=/logs
//! error: invalid verb: 'list' for nonResourceURL
//! ```

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Value, json};

use super::generate::{self, Generated};
use crate::kubectl::groups::{DRY_RUN, PRINT, SAVE_CONFIG, VALIDATE};
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Parsed};
use crate::object::resources::{CLUSTER_ROLES, ROLES};
use crate::object::value;
use crate::text::quote::quote;

const FLAGS: &[Flag] = &[
    Flag::text("resource", "What the rule is about: resource.group/subresource.").kind(FlagKind::Slice, "[]"),
    Flag::text("resource-name", "Only objects with this name.").kind(FlagKind::Array, "[]"),
    Flag::text("verb", "What may be done.").kind(FlagKind::Slice, "[]"),
];

const CLUSTER_FLAGS: &[Flag] = &[
    Flag::text("aggregation-rule", "Labels of the roles to combine.").kind(FlagKind::Pairs, ""),
    Flag::text("non-resource-url", "An address that is no resource.").kind(FlagKind::Slice, "[]"),
];

/// `kubectl create role NAME --verb=verb --resource=resource`
pub static ROLE: Command = Command {
    name: "role",
    usage: "create role NAME --verb=verb --resource=resource.group/subresource [--resource-name=resourcename] [--dry-run=server|client|none]",
    short: "Create a role with single rule",
    examples: "# A role that may read Pods\nkubectl create role pod-reader --verb=get --verb=list --verb=watch --resource=pods",
    flags: &[PRINT, SAVE_CONFIG, VALIDATE, DRY_RUN, super::COMMON, FLAGS],
    run: Some(|cx, parsed| generate::run(cx, parsed, role)),
    ..Command::EMPTY
};

/// `kubectl create clusterrole NAME --verb=verb --resource=resource`
pub static CLUSTER_ROLE: Command = Command {
    name: "clusterrole",
    usage: "create clusterrole NAME --verb=verb --resource=resource.group [--resource-name=resourcename] [--dry-run=server|client|none]",
    short: "Create a cluster role",
    examples: "# A cluster role that may read Pods\nkubectl create clusterrole pod-reader --verb=get,list,watch --resource=pods",
    flags: &[PRINT, SAVE_CONFIG, VALIDATE, DRY_RUN, super::COMMON, FLAGS, CLUSTER_FLAGS],
    run: Some(|cx, parsed| generate::run(cx, parsed, cluster_role)),
    ..Command::EMPTY
};

const VERBS: &[&str] = &[
    "*",
    "get",
    "delete",
    "list",
    "create",
    "update",
    "patch",
    "watch",
    "proxy",
    "deletecollection",
    "use",
    "bind",
    "escalate",
    "impersonate",
];
const URL_VERBS: &[&str] = &["*", "get", "post", "put", "delete", "patch", "head", "options"];

/// What may be done beside the standard verbs, and to what: (verb, group, resource).
const SPECIAL: &[(&str, &str, &str)] = &[
    ("use", "policy", "podsecuritypolicies"),
    ("use", "extensions", "podsecuritypolicies"),
    ("bind", "rbac.authorization.k8s.io", "roles"),
    ("bind", "rbac.authorization.k8s.io", "clusterroles"),
    ("escalate", "rbac.authorization.k8s.io", "roles"),
    ("escalate", "rbac.authorization.k8s.io", "clusterroles"),
    ("impersonate", "", "users"),
    ("impersonate", "", "serviceaccounts"),
    ("impersonate", "", "groups"),
    ("impersonate", "authentication.k8s.io", "userextras"),
];

struct Target {
    group: String,
    resource: String,
    subresource: String,
    known: bool,
}

struct Wanted {
    verbs: Vec<String>,
    targets: Vec<Target>,
    names: Vec<String>,
    urls: Vec<String>,
}

fn fail<T>(text: impl Into<String>) -> Result<T, Failure> {
    Err(Failure::Client(text.into()))
}

fn unique(values: &[String]) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    values.iter().for_each(|v| {
        if !kept.contains(v) {
            kept.push(v.clone())
        }
    });
    kept
}

fn wanted(cx: &Cx<'_>, parsed: &Parsed) -> Wanted {
    let mut verbs = unique(parsed.all("verb"));
    if verbs.iter().any(|v| v == "*") {
        verbs = alloc::vec!["*".to_string()];
    }
    let mut targets = Vec::new();
    for text in parsed.all("resource") {
        let (what, subresource) = text.split_once('/').unwrap_or((text, ""));
        let (resource, group) = what.split_once('.').unwrap_or((what, ""));
        let row = cx.api().registry.resolve(what);
        let (resource, group) =
            row.map_or((resource.to_string(), group.to_string()), |row| (row.plural.to_string(), row.group.to_string()));
        let star = text == "*";
        let target = Target { group, resource, subresource: subresource.to_string(), known: row.is_some() };
        if star {
            targets = alloc::vec![target];
            break;
        }
        targets.push(target);
    }
    Wanted { verbs, targets, names: unique(parsed.all("resource-name")), urls: unique(parsed.all("non-resource-url")) }
}

impl Wanted {
    fn check_resources(&self) -> Result<(), Failure> {
        for target in &self.targets {
            if target.resource.is_empty() {
                return fail("resource must be specified if apiGroup/subresource specified");
            }
            if target.resource == "*" {
                return Ok(());
            }
            let mut known = target.known;
            for verb in self.verbs.iter().filter(|v| SPECIAL.iter().any(|(special, ..)| special == v)) {
                if !SPECIAL.contains(&(verb.as_str(), target.group.as_str(), target.resource.as_str())) {
                    return fail(format!("can not perform '{verb}' on '{}' in group '{}'", target.resource, target.group));
                }
                known = true;
            }
            if !known {
                let group = if target.group.is_empty() { String::new() } else { format!(" in group {}", quote(&target.group)) };
                return Err(Failure::Plain(format!("the server doesn't have a resource type {}{group}", quote(&target.resource))));
            }
        }
        Ok(())
    }

    fn warn_of_verbs(&self, cx: &mut Cx<'_>) {
        for verb in self.verbs.iter().filter(|v| !VERBS.contains(&v.as_str())) {
            cx.err(&format!("Warning: '{verb}' is not a standard resource verb\n"));
        }
    }

    fn check_urls(&self) -> Result<(), Failure> {
        if self.urls.is_empty() {
            return Ok(());
        }
        if let Some(verb) = self.verbs.iter().find(|v| !URL_VERBS.contains(&v.as_str())) {
            return fail(format!("invalid verb: '{verb}' for nonResourceURL"));
        }
        for url in self.urls.iter().filter(|u| *u != "*") {
            if !url.starts_with('/') {
                return fail("nonResourceURL should start with /");
            }
            if url.strip_suffix(|_: char| true).is_some_and(|head| head.contains('*')) {
                return fail("nonResourceURL only supports wildcard matches when '*' is at the end");
            }
        }
        Ok(())
    }

    /// One rule per API group, in order of the group's name, and one for addresses.
    fn rules(&self) -> Vec<Value> {
        let mut groups: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for target in &self.targets {
            let name = match target.subresource.is_empty() {
                true => target.resource.clone(),
                false => format!("{}/{}", target.resource, target.subresource),
            };
            let names = groups.entry(target.group.as_str()).or_default();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let mut rules: Vec<Value> = Vec::new();
        for (group, resources) in groups {
            let mut rule = json!({"apiGroups": [group], "resources": resources, "verbs": self.verbs});
            if !self.names.is_empty() {
                value::set(&mut rule, "resourceNames", self.names.clone());
            }
            rules.push(rule);
        }
        if !self.urls.is_empty() {
            rules.push(json!({"nonResourceURLs": self.urls, "verbs": self.verbs}));
        }
        rules
    }
}

fn role(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Generated, Failure> {
    let name = generate::name(parsed)?;
    let wanted = wanted(cx, parsed);
    if wanted.verbs.is_empty() {
        return fail("at least one verb must be specified");
    }
    wanted.warn_of_verbs(cx);
    if wanted.targets.is_empty() {
        return fail("at least one resource must be specified");
    }
    wanted.check_resources()?;
    let body = json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": name}, "rules": wanted.rules()});
    Ok(Generated { resource: ROLES, body, failed: "" })
}

fn cluster_role(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Generated, Failure> {
    let name = generate::name(parsed)?;
    let wanted = wanted(cx, parsed);
    let mut body = json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": name}, "rules": null});
    if !parsed.all("aggregation-rule").is_empty() {
        if !(wanted.urls.is_empty() && wanted.verbs.is_empty() && wanted.targets.is_empty() && wanted.names.is_empty()) {
            return fail("aggregation rule must be specified without nonResourceURLs, verbs, resources or resourceNames");
        }
        let pairs = parsed.all("aggregation-rule").iter().filter_map(|p| p.split_once('='));
        let labels: serde_json::Map<String, Value> = pairs.map(|(k, v)| (k.to_string(), v.into())).collect();
        value::set(&mut body, "aggregationRule", json!({"clusterRoleSelectors": [{"matchLabels": labels}]}));
        return Ok(Generated { resource: CLUSTER_ROLES, body, failed: "" });
    }
    if wanted.verbs.is_empty() {
        return fail("at least one verb must be specified");
    }
    if wanted.targets.is_empty() && wanted.urls.is_empty() {
        return fail("one of resource or nonResourceURL must be specified");
    }
    if !wanted.targets.is_empty() {
        wanted.warn_of_verbs(cx);
        wanted.check_resources()?;
    }
    wanted.check_urls()?;
    value::set(&mut body, "rules", wanted.rules());
    Ok(Generated { resource: CLUSTER_ROLES, body, failed: "" })
}
