//! What there is to offer: names, types, Pods, containers, ports.
//! Never: what is to be completed.

use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::arrange::Arrange;
use crate::kubectl::Cx;
use crate::object::Object;
use crate::object::selector::Selector;
use crate::object::value::{i64_at, items_at, text_at};
use crate::text::fs::NodeKind;

use serde_json::Value;

/// The names of all objects of a resource in the namespace.
pub(super) fn names(cx: &Cx<'_>, resource: &str) -> Vec<String> {
    let namespaced = cx.api().type_of(resource).is_some_and(|ty| ty.namespaced);
    let namespace = Some(cx.globals.namespace.as_str()).filter(|ns| namespaced && !ns.is_empty());
    let answered = cx.api().answers();
    cx.api().list(resource, namespace).filter(|_| answered).map(|object| object.name().to_string()).collect()
}

/// Types and names, in either of the two ways to write them.
pub(super) fn objects(cx: &Cx<'_>, allowed: &[&str], args: &[String], word: &str) -> (Vec<String>, u8) {
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
    let registry = &cx.api().registry;
    let rows = types.split(',').flat_map(|ty| registry.resolve(ty).into_iter().chain(registry.category(ty)));
    let all = rows.flat_map(|row| names(cx, &row.key()));
    all.filter(|name| name.starts_with(word)).map(|name| [lead, &name].concat()).collect()
}

/// Resource types that start so; after a comma the rest is kept.
pub(super) fn types(cx: &Cx<'_>, word: &str) -> Vec<String> {
    let (lead, last) = word.rfind(',').and_then(|at| word.split_at_checked(at + 1)).unwrap_or(("", word));
    let mut rows: Vec<_> = cx.api().registry.all().filter(|row| row.can("get") || row.can("list")).collect();
    rows.arrange_by(|a, b| (&a.group, &a.plural).cmp(&(&b.group, &b.plural)));
    let mut all: Vec<String> =
        rows.into_iter().map(|row| row.key()).filter(|key| key.starts_with(last)).map(|key| [lead, &key].concat()).collect();
    all.dedup();
    all
}

pub(super) fn pods(cx: &Cx<'_>, word: &str) -> (Vec<String>, u8) {
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

pub(super) fn containers(cx: &Cx<'_>, arg: &str) -> Vec<String> {
    let Some(pod) = pod_of(cx, arg) else { return Vec::new() };
    let all = pod.items_at("/spec/initContainers").iter().chain(pod.items_at("/spec/containers"));
    all.map(|c| text_at(c, "name").to_string()).collect()
}

/// The ports of a Pod or a Service, as `port-forward` takes them.
pub(super) fn ports(cx: &Cx<'_>, arg: &str) -> Vec<String> {
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
pub(super) fn copied(cx: &Cx<'_>, word: &str) -> Vec<String> {
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
