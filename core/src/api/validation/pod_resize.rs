//! Other resources for the containers of a Pod that runs. Models kubernetes `pkg/apis/core/validation` ValidatePodResize
//! and the `resize` strategy of Pods.

use serde_json::Value;

use super::field::{Errors, join, nth};
use crate::api::admission::qos_class;
use crate::object::value::{at, get, items_at, map_at, remove, set, text_at};

const LISTS: [&str; 2] = ["initContainers", "containers"];
/// What a container's resize may change.
const PARTS: [&str; 2] = ["resources", "resizePolicy"];

/// Brings what a resize may change into a Pod's spec, and whatever must be refused by name.
pub fn take_resources(spec: &mut Value, wanted: &Value) {
    for list in LISTS {
        let new = items_at(wanted, list);
        let old = items_at(spec, list);
        let same = old.len() == new.len() && old.iter().zip(new).all(|(a, b)| text_at(a, "name") == text_at(b, "name"));
        if !same {
            set(spec, list, new.to_vec());
            continue;
        }
        for (container, new) in spec.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten().zip(new) {
            for part in PARTS {
                match get(new, part) {
                    Some(value) => set(container, part, value.clone()),
                    None => drop(remove(container, part)),
                }
            }
        }
    }
}

/// What is wrong with a resize, beside what is asked of every Pod.
pub fn resize(new: &Value, old: &Value, errors: &mut Errors) {
    let none = Value::Null;
    let (now, before) = (at(new, "spec").unwrap_or(&none), at(old, "spec").unwrap_or(&none));
    if at(old, "metadata/annotations").and_then(|a| get(a, "kubernetes.io/config.mirror")).is_some() {
        errors.0.clear();
        // The path of the whole object, as it prints.
        return errors.forbidden("[]", "static pods cannot be resized");
    }
    let class = text_at(old, "status/qosClass");
    if !class.is_empty() && class != qos_class(now) {
        errors.invalid("spec", class, "Pod QOS Class may not change as a result of resizing");
    }
    let said = errors.0.len();
    LISTS.iter().rev().for_each(|list| same_containers(now, before, list, errors));
    if errors.0.len() > said {
        return;
    }
    let pairs = |list: &str| items_at(now, list).iter().zip(items_at(before, list)).enumerate();
    let is_sidecar = |container: &Value| text_at(container, "restartPolicy") == "Always";
    for list in LISTS {
        for (number, (new, old)) in pairs(list).filter(|(_, (_, old))| list == "containers" || is_sidecar(old)) {
            kept(new, old, &join(&nth(&join("spec", list), number), "resources"), errors);
        }
    }
    for list in LISTS.iter().rev() {
        for (_, (new, old)) in pairs(list) {
            let (resizable, text) = match (*list, is_sidecar(old)) {
                ("containers", _) => (true, "only cpu and memory resources are mutable"),
                (_, true) => (true, "only cpu and memory resources for sidecar containers are mutable"),
                (_, false) => (false, "resources for non-sidecar init containers are immutable"),
            };
            if rest(new, resizable) != rest(old, resizable) {
                errors.forbidden("spec", text);
            }
        }
    }
}

/// No container may be added, removed, renamed or moved.
fn same_containers(new: &Value, old: &Value, list: &str, errors: &mut Errors) {
    let (now, before) = (items_at(new, list), items_at(old, list));
    let path = join("spec", list);
    if now.len() != before.len() {
        return errors.forbidden(&path, [list, " may not be added or removed on resize"].concat());
    }
    for (number, _) in now.iter().zip(before).enumerate().filter(|(_, (new, old))| text_at(new, "name") != text_at(old, "name")) {
        errors.forbidden(&join(&nth(&path, number), "name"), [list, " may not be renamed or reordered on resize"].concat());
    }
}

/// What was asked for, or bounded, stays so.
fn kept(new: &Value, old: &Value, path: &str, errors: &mut Errors) {
    for (kind, text) in [("requests", "resource requests cannot be removed"), ("limits", "resource limits cannot be removed")] {
        let part = ["resources/", kind].concat();
        let mut was = map_at(old, &part).into_iter().flatten();
        if was.any(|(name, _)| map_at(new, &part).is_none_or(|now| !now.contains_key(name))) {
            errors.forbidden(&join(path, kind), text);
        }
    }
}

/// What of a container a resize must leave as it is.
fn rest(container: &Value, resizable: bool) -> Value {
    let mut rest = container.clone();
    for path in ["limits/cpu", "limits/memory", "requests/cpu", "requests/memory"].iter().filter(|_| resizable) {
        remove(&mut rest, &["resources/", path].concat());
    }
    for kind in ["resources/limits", "resources/requests", "resources"] {
        if at(&rest, kind).is_some_and(crate::object::value::is_empty) {
            remove(&mut rest, kind);
        }
    }
    rest
}
