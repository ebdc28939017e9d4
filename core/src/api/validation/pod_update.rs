//! What may change in a Pod: images, deadlines, tolerations added, and little else. Models kubernetes
//! `pkg/apis/core/validation` ValidatePodUpdate.

use alloc::vec::Vec;
use serde_json::Value;

use super::field::{Errors, join, nth};
use super::{difference, internal};
use crate::object::value::{at, i64_at, is_empty, items_at, pairs_at, remove, set, text_at};
use crate::text::quote::quote;

const FORBIDDEN: &str = "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n";

/// A changed Pod, beside what is asked of every Pod.
pub fn update(new: &Value, old: &Value, errors: &mut Errors) {
    let empty = Value::Null;
    let (new_spec, old_spec) = (at(new, "spec").unwrap_or(&empty), at(old, "spec").unwrap_or(&empty));
    for list in ["containers", "initContainers"] {
        if items_at(new_spec, list).len() != items_at(old_spec, list).len() {
            return errors.forbidden(&["spec.", list].concat(), "pod updates may not add or remove containers");
        }
    }
    if !deadline(new_spec, old_spec, errors) {
        return;
    }
    only_adds_tolerations(new_spec, old_spec, errors);
    only_opens_gates(new_spec, old_spec, errors);
    // What may change is made equal; the rest must be.
    let mut munged = new_spec.clone();
    for list in ["containers", "initContainers"] {
        for (number, container) in items_at(old_spec, list).iter().enumerate() {
            set(&mut munged, &alloc::format!("/{list}/{number}/image"), text_at(container, "image"));
        }
    }
    if let Value::Object(munged) = &mut munged {
        let mut copy = |field: &str| match at(old_spec, field) {
            Some(value) => {
                munged.insert(field.into(), value.clone());
            }
            None => {
                munged.remove(field);
            }
        };
        ["activeDeadlineSeconds", "schedulingGates", "tolerations"].into_iter().for_each(&mut copy);
        if i64_at(old_spec, "terminationGracePeriodSeconds").is_some_and(|grace| grace < 0)
            && i64_at(new_spec, "terminationGracePeriodSeconds") == Some(1)
        {
            copy("terminationGracePeriodSeconds");
        }
        if !items_at(old_spec, "schedulingGates").is_empty() {
            only_adds_labels(new_spec, old_spec, errors);
            copy("nodeSelector");
        }
    }
    if !items_at(old_spec, "schedulingGates").is_empty() {
        only_adds_terms(&mut munged, old_spec, errors);
    }
    if munged != *old_spec {
        let (before, now) = (internal::struct_lines("PodSpec", old_spec), internal::struct_lines("PodSpec", &munged));
        errors.forbidden("spec", [FORBIDDEN, &difference::unified(&before, &now)].concat());
    }
}

/// A Pod that waits at gates may be bound to more labels of nodes, never to fewer.
fn only_adds_labels(new: &Value, old: &Value, errors: &mut Errors) {
    let now = at(new, "nodeSelector").unwrap_or(&Value::Null);
    if pairs_at(old, "nodeSelector").any(|(key, value)| now.get(key).and_then(Value::as_str) != Some(value)) {
        let text = "only additions to spec.nodeSelector are allowed (no mutations or deletions)";
        errors.invalid("spec.nodeSelector", now.clone(), text);
    }
}

/// A Pod that waits at gates may ask more of its node, never less; what may change is made equal.
fn only_adds_terms(munged: &mut Value, old: &Value, errors: &mut Errors) {
    const LIST: &str = "requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms";
    let none = Value::Null;
    let own = |spec: &Value| at(spec, "affinity/nodeAffinity").filter(|affinity| !affinity.is_null()).cloned();
    let (now, before) = (own(munged), own(old));
    if now == before {
        return;
    }
    let path = ["spec.affinity.nodeAffinity.", &LIST.replace('/', ".")].concat();
    let (new, was) = (items_at(now.as_ref().unwrap_or(&none), LIST), items_at(before.as_ref().unwrap_or(&none), LIST));
    let shown = |term: &Value| internal::internal("NodeSelectorTerm", term);
    if !was.is_empty() && new.len() != was.len() {
        let all: Vec<_> = new.iter().map(shown).collect();
        let all = if all.is_empty() { "null".into() } else { ["[", &all.join(","), "]"].concat() };
        errors.invalid_raw(&path, all, "no additions/deletions to non-empty NodeSelectorTerms list are allowed");
    }
    let adds = |new: &Value, was: &Value, list: &str| items_at(new, list).starts_with(items_at(was, list));
    for (number, (new, was)) in new.iter().zip(was).enumerate().filter(|_| new.len() == was.len()) {
        if !adds(new, was, "matchExpressions") || !adds(new, was, "matchFields") {
            errors.invalid_raw(&nth(&path, number), shown(new), "only additions are allowed (no mutations or deletions)");
        }
    }
    match before {
        Some(before) => set(munged, "/affinity/nodeAffinity", before),
        None => {
            remove(munged, "/affinity/nodeAffinity");
            if at(old, "affinity").is_none() && at(munged, "affinity").is_some_and(is_empty) {
                remove(munged, "/affinity");
            }
        }
    }
}

/// No gate may be put up once a Pod is there.
fn only_opens_gates(new: &Value, old: &Value, errors: &mut Errors) {
    for (number, gate) in items_at(new, "schedulingGates").iter().enumerate() {
        let name = text_at(gate, "name");
        if !items_at(old, "schedulingGates").iter().any(|before| text_at(before, "name") == name) {
            let text = alloc::format!("only deletion is allowed, but found new scheduling gate '{name}'");
            errors.forbidden(&join(&nth("spec.schedulingGates", number), "name"), text);
        }
    }
}

/// Containers added to a Pod that runs: none may change or go. Models ValidatePodEphemeralContainersUpdate.
pub fn ephemeral(new: &Value, old: &Value, errors: &mut Errors) {
    const PATH: &str = "spec.ephemeralContainers";
    for container in items_at(old, "spec/ephemeralContainers") {
        let name = text_at(container, "name");
        let of_name = |one: &&Value| text_at(one, "name") == name;
        let text = match items_at(new, "spec/ephemeralContainers").iter().find(of_name) {
            None => " may not be removed\n".into(),
            Some(now) if now != container => {
                let lines = |one: &Value| internal::struct_lines("EphemeralContainer", one);
                [" may not be changed\n", &difference::unified(&lines(container), &lines(now))].concat()
            }
            Some(_) => continue,
        };
        errors.forbidden(PATH, ["existing ephemeral containers ", &quote(name), &text].concat());
    }
}

/// A deadline may come nearer and not go; false where nothing more is said then.
fn deadline(new: &Value, old: &Value, errors: &mut Errors) -> bool {
    const FIELD: &str = "spec.activeDeadlineSeconds";
    match (i64_at(new, "activeDeadlineSeconds"), i64_at(old, "activeDeadlineSeconds")) {
        (Some(now), _) if !(0..=i64::from(i32::MAX)).contains(&now) => {
            errors.invalid(FIELD, now, "must be between 0 and 2147483647, inclusive");
        }
        (Some(now), Some(before)) if now > before => errors.invalid(FIELD, now, "must be less than or equal to previous value"),
        (None, Some(_)) => {
            errors.invalid(FIELD, Value::Null, "must not update from a positive integer to nil value");
            return true;
        }
        _ => return true,
    }
    false
}

/// Every old toleration must still be there.
fn only_adds_tolerations(new: &Value, old: &Value, errors: &mut Errors) {
    let now = items_at(new, "tolerations");
    let same = |a: &Value, b: &Value| ["key", "operator", "value", "effect"].iter().all(|field| text_at(a, field) == text_at(b, field));
    if !items_at(old, "tolerations").iter().all(|before| now.iter().any(|toleration| same(toleration, before))) {
        errors.forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds");
    }
}
