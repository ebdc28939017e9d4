//! Nobody may give rights that they do not hold themselves: what is refused of roles and bindings that somebody else than
//! the administrator writes. Models kubernetes `pkg/registry/rbac` policybased storages and `pkg/registry/rbac/validation`.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use super::authorize::{Asker, Deed};
use super::request::Request;
use super::server::Api;
use super::status::Status;
use crate::arrange::Arrange;
use crate::object::resources::{CLUSTER_ROLE_BINDINGS, CLUSTER_ROLES, ROLE_BINDINGS, ROLES};
use crate::object::value::{items_at, text_at};
use crate::text::quote::quote;

const GROUP: &str = "rbac.authorization.k8s.io";

/// One right: a verb on one resource of one group, perhaps of one name, or on one path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Right {
    verb: String,
    group: String,
    resource: String,
    name: String,
    path: String,
}

/// The rights that a rule gives, one by one.
fn rights(rule: &Value) -> Vec<Right> {
    let words = |field: &str| items_at(rule, field).iter().filter_map(Value::as_str).map(ToString::to_string).collect::<Vec<_>>();
    let (verbs, names) = (words("verbs"), words("resourceNames"));
    let names = if names.is_empty() { Vec::from([String::new()]) } else { names };
    let mut all = Vec::new();
    let mut add = |verb: &String, group: &str, resource: &str, name: &str, path: &str| {
        let [group, resource, name, path] = [group, resource, name, path].map(ToString::to_string);
        all.push(Right { verb: verb.clone(), group, resource, name, path });
    };
    for verb in &verbs {
        for group in words("apiGroups") {
            for resource in words("resources") {
                names.iter().for_each(|name| add(verb, &group, &resource, name, ""));
            }
        }
        words("nonResourceURLs").iter().for_each(|path| add(verb, "", "", "", path));
    }
    all
}

/// Whether a rule that somebody holds covers a right.
fn covers(rule: &Value, right: &Right) -> bool {
    let has = |field: &str, wanted: &str| items_at(rule, field).iter().filter_map(Value::as_str).any(|word| word == "*" || word == wanted);
    if !has("verbs", &right.verb) {
        return false;
    }
    if !right.path.is_empty() {
        let fits = |url: &str| url == right.path || url.strip_suffix('*').is_some_and(|head| right.path.starts_with(head));
        return items_at(rule, "nonResourceURLs").iter().filter_map(Value::as_str).any(fits);
    }
    let any_of = right.resource.split_once('/').map(|(_, sub)| ["*/", sub].concat());
    let names = items_at(rule, "resourceNames");
    let named = names.is_empty() || names.iter().any(|name| !right.name.is_empty() && *name == *right.name);
    named && has("apiGroups", &right.group) && (has("resources", &right.resource) || any_of.is_some_and(|any| has("resources", &any)))
}

/// The rights as texts: those on the same thing together. Models CompactRules and CompactString.
fn told(missing: &[Right]) -> Vec<String> {
    let list = |words: &[String]| format!("[{}]", words.iter().map(|word| quote(word)).collect::<Vec<_>>().join(" "));
    let mut verbs: BTreeMap<Right, Vec<String>> = BTreeMap::new();
    for right in missing {
        let thing = Right { verb: String::new(), ..right.clone() };
        let said = verbs.entry(thing).or_default();
        if !said.contains(&right.verb) {
            said.push(right.verb.clone());
        }
    }
    let mut texts: Vec<String> = verbs
        .iter()
        .map(|(thing, verbs)| {
            let one = |word: &str| list(&[word.to_string()]);
            let names = if thing.name.is_empty() { String::new() } else { format!("ResourceNames:{}, ", one(&thing.name)) };
            let what = match thing.path.as_str() {
                "" => format!("APIGroups:{}, Resources:{}, {names}", one(&thing.group), one(&thing.resource)),
                path => format!("NonResourceURLs:{}, ", one(path)),
            };
            format!("{{{what}Verbs:{}}}", list(verbs))
        })
        .collect();
    texts.arrange();
    texts
}

impl Api {
    /// Refuses a role or binding by which somebody would give rights that they do not hold.
    ///
    /// # Errors
    /// `roles.rbac.authorization.k8s.io "x" is forbidden: user "y" … is attempting to grant RBAC permissions not currently
    /// held`; `NotFound` when the role of a binding is not there.
    pub(super) fn refuse_escalation(&self, request: &Request, object: &Value) -> Result<(), Status> {
        let resource = request.resource.as_str();
        let asker = Asker { user: request.params.user.clone(), groups: request.params.groups.clone() };
        let free = asker.user.is_empty() || asker.groups.iter().any(|group| group == "system:masters");
        if free || ![ROLES, CLUSTER_ROLES, ROLE_BINDINGS, CLUSTER_ROLE_BINDINGS].contains(&resource) {
            return Ok(());
        }
        let (verb, of, name) = match resource {
            ROLES | CLUSTER_ROLES => ("escalate", resource, text_at(object, "metadata/name")),
            _ if text_at(object, "roleRef/kind") == "Role" => ("bind", ROLES, text_at(object, "roleRef/name")),
            _ => ("bind", CLUSTER_ROLES, text_at(object, "roleRef/name")),
        };
        let namespace = request.namespace.as_str();
        let plural = of.split('.').next().unwrap_or(of);
        if self.may(&asker, &Deed { verb, group: GROUP, resource: plural, namespace, name, path: "" }).is_ok() {
            return Ok(());
        }
        let given: Vec<Value> = if verb == "escalate" {
            items_at(object, "rules").to_vec()
        } else {
            let role = self.find(of, if of == ROLES { namespace } else { "" }, name);
            role.ok_or_else(|| Status::not_found(of, name))?.items_at("/rules").to_vec()
        };
        let held = self.rules_for(&asker, namespace);
        let lacks = |right: &Right| !held.iter().any(|rule| covers(rule, right));
        let missing: Vec<Right> = given.iter().flat_map(rights).filter(lacks).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let groups: Vec<String> = asker.all_groups().iter().map(|group| quote(group)).collect();
        let why = format!(
            "user {} (groups=[{}]) is attempting to grant RBAC permissions not currently held:\n{}",
            quote(&asker.user),
            groups.join(" "),
            told(&missing).join("\n")
        );
        Err(Status::forbidden(resource, text_at(object, "metadata/name"), &why))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn rights_are_told_by_what_they_are_on() {
        let rule = json!({"apiGroups": [""], "resources": ["nodes", "pods"], "verbs": ["get", "list"]});
        let held = json!({"apiGroups": [""], "resources": ["pods"], "verbs": ["*"]});
        let missing: Vec<Right> = rights(&rule).into_iter().filter(|right| !covers(&held, right)).collect();
        assert_eq!(told(&missing), ["{APIGroups:[\"\"], Resources:[\"nodes\"], Verbs:[\"get\" \"list\"]}"]);
        let all = [json!({"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}), json!({"nonResourceURLs": ["*"], "verbs": ["*"]})];
        let texts = told(&all.iter().flat_map(rights).collect::<Vec<_>>());
        let wanted = ["{APIGroups:[\"*\"], Resources:[\"*\"], Verbs:[\"*\"]}", "{NonResourceURLs:[\"*\"], Verbs:[\"*\"]}"];
        assert_eq!(texts, wanted);
    }
}
