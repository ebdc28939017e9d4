//! What whoever writes a lesson may point at: the objects that changed, and the fields of one with their values.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use super::check::{Check, Objects, Op, What, When, Which};
use crate::api::{Api, ChangeKind};
use crate::object::{Object, pod_summary};

/// The most objects and fields that are offered.
const MOST: usize = 80;

/// Resources that follow by themselves and are nobody's aim.
const QUIET: &[&str] =
    &["events", "events.events.k8s.io", "leases.coordination.k8s.io", "endpoints", "serviceaccounts", "controllerrevisions.apps"];

/// An object that changed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Touched {
    /// Its resource with its group.
    pub resource: String,
    /// Its namespace; empty where it has none.
    pub namespace: String,
    /// Its name; for one whose name is made up by a controller the owner's: `Deployment/web`.
    pub name: String,
    /// Whether `name` is an owner's.
    pub owned: bool,
    /// Whether none is left.
    pub gone: bool,
}

/// The objects that changed from a number of the log on, those of the system left out.
pub fn touched(api: &Api, from: u64) -> Vec<Touched> {
    let mut found = BTreeSet::new();
    for change in api.store.log.since(from) {
        let object = &change.object;
        let resource = object.ty.resource.as_str();
        let beat = resource == "nodes" && change.previous.as_ref().is_some_and(|was| is_beat(was, object));
        if QUIET.contains(&resource) || beat || matches!(object.namespace(), "kube-system" | "metallb-system" | "kube-node-lease") {
            continue;
        }
        let owner = owner(api, object);
        let owned = owner.is_some();
        let name = owner.unwrap_or_else(|| object.name().to_string());
        let gone = !owned && change.kind == ChangeKind::Deleted;
        let one = Touched { resource: resource.to_string(), namespace: object.namespace().to_string(), name, owned, gone: false };
        found.remove(&Touched { gone: true, ..one.clone() });
        if gone {
            found.remove(&one);
        }
        found.insert(Touched { gone, ..one });
    }
    found.into_iter().take(MOST).collect()
}

/// Whether nothing of a node has changed but what its kubelet reports all the time.
fn is_beat(was: &Object, is: &Object) -> bool {
    let ready = |node: &Object| pod_summary::is_true(node, "Ready");
    was.same_field(is, "spec")
        && was.meta.labels == is.meta.labels
        && was.meta.annotations == is.meta.annotations
        && ready(was) == ready(is)
}

/// What stands for one object: itself, or its owner where a controller has made up its name.
pub fn of(api: &Api, resource: &str, namespace: &str, name: &str) -> Touched {
    let owner = api.find(resource, namespace, name).and_then(|object| owner(api, object));
    let owned = owner.is_some();
    let name = owner.unwrap_or_else(|| name.to_string());
    Touched { resource: resource.to_string(), namespace: namespace.to_string(), name, owned, gone: false }
}

/// The owner at the top of an object's chain: `Deployment/web`.
fn owner(api: &Api, object: &Object) -> Option<String> {
    let mut top = object.controller()?;
    for _ in 0..4 {
        let above = api.types().find(|ty| ty.kind == top.kind).and_then(|ty| api.find(&ty.resource, object.namespace(), &top.name));
        match above.and_then(|above| above.controller()) {
            Some(next) => top = next,
            None => break,
        }
    }
    Some([top.kind.as_str(), "/", &top.name].concat())
}

/// The fields of what was touched, by JSONPath, with their values: of one object, the first where there are several.
pub fn fields(api: &Api, touched: &Touched) -> Vec<(String, String)> {
    let namespace = Some(touched.namespace.as_str()).filter(|ns| !ns.is_empty());
    let is = |object: &&alloc::rc::Rc<Object>| match touched.owned {
        true => owner(api, object).is_some_and(|owner| owner == touched.name),
        false => object.name() == touched.name,
    };
    let mut out = Vec::new();
    let mut all = api.list(&touched.resource, namespace);
    if let Some(object) = all.find(is) {
        for (key, value) in object.meta.labels.iter() {
            out.push((format!("{{.metadata.labels.{}}}", key.replace('.', "\\.")), value.clone()));
        }
        for (key, part) in object.fields.iter().rev() {
            leaves(part, format!(".{key}"), &mut out);
        }
    }
    out.truncate(MOST);
    out
}

fn leaves(value: &Value, path: String, out: &mut Vec<(String, String)>) {
    if out.len() >= MOST || path.contains("managedFields") || path.ends_with("Time") || path.contains("conditions") {
        return;
    }
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| leaves(value, [&path, ".", &key.replace('.', "\\.")].concat(), out)),
        Value::Array(items) => items.iter().take(3).enumerate().for_each(|(n, value)| leaves(value, format!("{path}[{n}]"), out)),
        Value::Null => {}
        Value::String(text) if text.len() > 120 => {}
        Value::String(text) => out.push((["{", &path, "}"].concat(), text.clone())),
        other => out.push((["{", &path, "}"].concat(), other.to_string())),
    }
}

/// The check that what was touched has a value in a field, or (without a path) that it is there, or gone.
pub fn check(api: &Api, touched: &Touched, path: &str, value: &str) -> Check {
    let which = Which {
        resource: touched.resource.clone(),
        namespace: touched.namespace.clone(),
        name: if touched.owned { String::new() } else { touched.name.clone() },
        owner: if touched.owned { touched.name.clone() } else { String::new() },
        path: path.to_string(),
        ..Which::default()
    };
    let mut objects = Objects {
        which,
        op: if path.is_empty() { Op::Exists } else { Op::Eq },
        value: value.to_string(),
        against: None,
        distinct: false,
        at_least: 1,
        at_most: usize::MAX,
    };
    if touched.gone {
        (objects.at_least, objects.at_most) = (0, 0);
    } else if touched.owned {
        let namespace = Some(touched.namespace.as_str()).filter(|ns| !ns.is_empty());
        let all = api.list(&touched.resource, namespace).filter(|o| owner(api, o).is_some_and(|owner| owner == touched.name)).count();
        (objects.at_least, objects.at_most) = (all, all);
    }
    Check { what: What::Objects(objects), when: When::Now, held_ms: 0 }
}
