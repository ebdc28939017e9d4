//! Who may do what, by the roles and bindings that are stored. Only impersonated users meet it: whoever uses the
//! cluster is its administrator. Models kubernetes `plugin/pkg/auth/authorizer/rbac`.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use super::request::{Request, Verb};
use super::server::Api;
use super::status::Status;
use crate::object::Object;
use crate::object::resources::{CLUSTER_ROLE_BINDINGS, CLUSTER_ROLES, ROLE_BINDINGS, ROLES};
use crate::object::value::{items_at, text_at};

/// The group that may do everything.
const MASTERS: &str = "system:masters";

/// Somebody who asks for something.
#[derive(Clone, Debug, Default)]
pub struct Asker {
    /// The name; empty for the administrator.
    pub user: String,
    /// The groups that were named with it.
    pub groups: Vec<String>,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Deed<'a> {
    /// `get`, `list`, `create` …
    pub verb: &'a str,
    /// The API group, empty for the core group.
    pub group: &'a str,
    /// The resource with its subresource: `pods`, `pods/log`.
    pub resource: &'a str,
    /// The namespace; empty for the whole cluster.
    pub namespace: &'a str,
    /// The name; empty for all.
    pub name: &'a str,
    /// A path that is no resource: `/healthz`; empty where a resource is asked for.
    pub path: &'a str,
}

impl Asker {
    /// All groups, with those that everybody of this kind is in.
    pub fn all_groups(&self) -> Vec<String> {
        let mut groups = self.groups.clone();
        if let Some((namespace, _)) = self.user.strip_prefix("system:serviceaccount:").and_then(|rest| rest.split_once(':'))
            && groups.is_empty()
        {
            groups.push("system:serviceaccounts".to_string());
            groups.push(["system:serviceaccounts:", namespace].concat());
        }
        let everybody = if self.user == "system:anonymous" { "system:unauthenticated" } else { "system:authenticated" };
        if !groups.iter().any(|group| group == everybody) {
            groups.push(everybody.to_string());
        }
        groups
    }

    fn is_subject(&self, groups: &[String], subject: &Value, namespace: &str) -> bool {
        let name = text_at(subject, "name");
        match text_at(subject, "kind") {
            "User" => self.user == name,
            "Group" => groups.iter().any(|group| group == name),
            "ServiceAccount" => {
                let own = text_at(subject, "namespace");
                let namespace = if own.is_empty() { namespace } else { own };
                self.user == format!("system:serviceaccount:{namespace}:{name}")
            }
            _ => false,
        }
    }
}

fn has(rule: &Value, field: &str, wanted: &str) -> bool {
    items_at(rule, field).iter().filter_map(Value::as_str).any(|word| word == "*" || word == wanted)
}

/// Whether a rule lets the deed be done.
fn allows(rule: &Value, deed: &Deed<'_>) -> bool {
    if !deed.path.is_empty() {
        let fits = |url: &str| url.strip_suffix('*').map_or(url == deed.path, |head| deed.path.starts_with(head));
        return has(rule, "verbs", deed.verb) && items_at(rule, "nonResourceURLs").iter().filter_map(Value::as_str).any(fits);
    }
    let names = items_at(rule, "resourceNames");
    let any_of = deed.resource.split_once('/').map(|(_, sub)| ["*/", sub].concat());
    has(rule, "verbs", deed.verb)
        && has(rule, "apiGroups", deed.group)
        && (has(rule, "resources", deed.resource) || any_of.is_some_and(|any| has(rule, "resources", &any)))
        && (names.is_empty() || names.iter().any(|name| !deed.name.is_empty() && name.as_str() == Some(deed.name)))
}

impl Api {
    /// Whether somebody may do something, and if not, what went wrong on the way (a role that is not there).
    ///
    /// # Errors
    /// Why not; usually empty.
    pub fn may(&self, asker: &Asker, deed: &Deed<'_>) -> Result<(), String> {
        if asker.user.is_empty() || asker.groups.iter().any(|group| group == MASTERS) {
            return Ok(());
        }
        let mut wrong: Vec<String> = Vec::new();
        for binding in self.bindings_of(asker, deed.namespace) {
            match self.role_of(binding) {
                Ok(role) if role.items_at("/rules").iter().any(|rule| allows(rule, deed)) => return Ok(()),
                Ok(_) => {}
                Err(text) => wrong.push(text),
            }
        }
        Err(match wrong.as_slice() {
            [] => String::new(),
            [one] => format!("RBAC: {one}"),
            many => format!("RBAC: [{}]", many.join(", ")),
        })
    }

    /// The rules that hold for somebody in a namespace (or, where it is empty, in the whole cluster).
    pub fn rules_for(&self, asker: &Asker, namespace: &str) -> Vec<Value> {
        let roles = self.bindings_of(asker, namespace).filter_map(|binding| self.role_of(binding).ok());
        roles.flat_map(|role| role.items_at("/rules")).cloned().collect()
    }

    /// The bindings that name somebody: those of the cluster, and those of a namespace.
    fn bindings_of<'a>(&'a self, asker: &'a Asker, namespace: &'a str) -> impl Iterator<Item = &'a Object> {
        let groups = asker.all_groups();
        let everywhere = self.list(CLUSTER_ROLE_BINDINGS, None);
        let here = self.list(ROLE_BINDINGS, Some(namespace)).filter(move |_| !namespace.is_empty());
        everywhere.chain(here).map(|binding| &**binding).filter(move |binding| {
            binding.items_at("/subjects").iter().any(|subject| asker.is_subject(&groups, subject, binding.namespace()))
        })
    }

    /// The role that a binding gives.
    fn role_of(&self, binding: &Object) -> Result<&Object, String> {
        let (kind, name) = (binding.text_at("/roleRef/kind"), binding.text_at("/roleRef/name"));
        let (resource, namespace) = if kind == "Role" { (ROLES, binding.namespace()) } else { (CLUSTER_ROLES, "") };
        let missing = || format!("{}.rbac.authorization.k8s.io \"{name}\" not found", kind.to_lowercase());
        self.find(resource, namespace, name).map(|role| &**role).ok_or_else(missing)
    }

    /// Refuses a request of somebody who may not make it.
    ///
    /// # Errors
    /// `pods "x" is forbidden: User "y" cannot …`.
    pub fn authorize(&self, request: &Request) -> Result<(), Status> {
        if request.params.user.is_empty() {
            return Ok(());
        }
        let asker = Asker { user: request.params.user.clone(), groups: request.params.groups.clone() };
        let (plural, group) = request.resource.split_once('.').unwrap_or((&request.resource, ""));
        let sub = if request.subresource.is_empty() { String::new() } else { ["/", &request.subresource].concat() };
        let resource = [plural, &sub].concat();
        let verb = match request.verb {
            Verb::Get => "get",
            Verb::List => "list",
            Verb::Create => "create",
            Verb::Update => "update",
            Verb::Patch(_) => "patch",
            Verb::Delete => "delete",
            Verb::DeleteCollection => "deletecollection",
        };
        // The name of what is to be made stands in the body, where no authorizer looks.
        let name = if request.verb == Verb::Create && sub.is_empty() { "" } else { request.name.as_str() };
        let own = request.resource == crate::object::resources::NAMESPACES && !name.is_empty();
        let namespace = if own { name } else { request.namespace.as_str() };
        let deed = Deed { verb, group, resource: &resource, namespace, name, path: "" };
        self.may(&asker, &deed).map_err(|reason| {
            let scope = match namespace {
                "" => "at the cluster scope".to_string(),
                namespace => format!("in the namespace \"{namespace}\""),
            };
            let reason = if reason.is_empty() { reason } else { [": ", &reason].concat() };
            let why = format!("User \"{}\" cannot {verb} resource \"{resource}\" in API group \"{group}\" {scope}{reason}", asker.user);
            Status::forbidden(&request.resource, name, &why)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::resources::NAMESPACES;
    use serde_json::json;

    fn put(api: &mut Api, resource: &str, namespace: &str, name: &str, body: Value) {
        let mut object = api.new_object(resource, namespace, name).unwrap();
        body.as_object().unwrap().iter().for_each(|(key, value)| object.set(key, value.clone()));
        api.create(object).unwrap();
    }

    #[test]
    fn roles_allow_what_they_list() {
        let mut api = Api::new(1, 0);
        put(&mut api, NAMESPACES, "", "default", json!({}));
        let rules = json!([{"apiGroups": [""], "resources": ["pods", "pods/log"], "verbs": ["get", "list"]}]);
        put(&mut api, ROLES, "default", "reader", json!({"rules": rules}));
        let subjects = json!([{"kind": "ServiceAccount", "name": "robot", "namespace": "default"}]);
        let binding = json!({"roleRef": {"kind": "Role", "name": "reader"}, "subjects": subjects});
        put(&mut api, ROLE_BINDINGS, "default", "b", binding);
        let robot = Asker { user: "system:serviceaccount:default:robot".to_string(), groups: Vec::new() };
        let mut deed = Deed { verb: "list", resource: "pods", namespace: "default", ..Deed::default() };
        assert_eq!(api.may(&robot, &deed), Ok(()));
        deed.resource = "pods/log";
        assert_eq!(api.may(&robot, &Deed { verb: "get", ..deed }), Ok(()));
        assert_eq!(api.may(&robot, &Deed { verb: "delete", ..deed }), Err(String::new()));
        assert_eq!(api.may(&robot, &Deed { namespace: "other", ..deed }), Err(String::new()));
        let mut request = Request::new(Verb::List, "pods", "default", "");
        request.params.user = "bob".to_string();
        let text = api.authorize(&request).unwrap_err().message;
        assert_eq!(text, "pods is forbidden: User \"bob\" cannot list resource \"pods\" in API group \"\" in the namespace \"default\"");
        request.params.groups = alloc::vec![MASTERS.to_string()];
        assert!(api.authorize(&request).is_ok());
    }
}
