//! Other resources for the containers of a Pod that runs. Models kubernetes `pkg/apis/core/validation` ValidatePodResize
//! and the `resize` strategy of Pods.

use serde_json::Value;

use super::field::{Errors, join, nth};
use crate::api::admission::qos_class;
use crate::object::value::{at, at_mut, get, items_at, map_at, remove, set, text_at};

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
        for (container, new) in at_mut(spec, list).and_then(Value::as_array_mut).into_iter().flatten().zip(new) {
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
        return errors.forbidden("", "static pods cannot be resized");
    }
    let class = text_at(old, "status/qosClass");
    if !class.is_empty() && class != qos_class(now) {
        errors.invalid("spec", class, "Pod QOS Class may not change as a result of resizing");
    }
    for list in LISTS {
        let (new, old) = (items_at(now, list), items_at(before, list));
        if new.len() != old.len() {
            return errors.forbidden("spec", [list, " may not be added or removed on resize"].concat());
        }
        if new.iter().zip(old).any(|(a, b)| text_at(a, "name") != text_at(b, "name")) {
            return errors.forbidden("spec", [list, " may not be renamed or reordered on resize"].concat());
        }
    }
    let mut fixed = true;
    for list in LISTS {
        for (number, (new, old)) in items_at(now, list).iter().zip(items_at(before, list)).enumerate() {
            let path = join(&nth(&["spec.", list].concat(), number), "resources");
            for kind in ["limits", "requests"] {
                let part = ["resources/", kind].concat();
                let was = map_at(old, &part);
                if was.into_iter().flatten().any(|(name, _)| map_at(new, &part).is_none_or(|m| !m.contains_key(name))) {
                    errors.forbidden(&join(&path, kind), ["resource ", kind, " cannot be removed"].concat());
                }
            }
            let resizable = list == "containers" || text_at(old, "restartPolicy") == "Always";
            fixed &= rest(new, resizable) == rest(old, resizable);
        }
    }
    if !fixed {
        errors.forbidden("spec", "only cpu and memory resources are mutable");
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
