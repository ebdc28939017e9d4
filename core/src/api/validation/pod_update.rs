//! What may change in a Pod: images, deadlines, tolerations added, and little else. Models kubernetes
//! `pkg/apis/core/validation` ValidatePodUpdate.

use alloc::vec::Vec;
use serde_json::Value;

use super::field::{Errors, join, nth};
use super::{difference, internal};
use crate::object::value::{at, i64_at, items_at, pairs_at, set, text_at};

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

/// Containers added to a Pod that runs. Models ValidatePodEphemeralContainersUpdate.
pub fn ephemeral(new: &Value, old: &Value, errors: &mut Errors) {
    let (now, before) = (items_at(new, "spec/ephemeralContainers"), items_at(old, "spec/ephemeralContainers"));
    let all = |list: &str| items_at(new, list).iter().map(|c| text_at(c, "name")).collect::<Vec<_>>();
    let mut taken = [all("spec/containers"), all("spec/initContainers")].concat();
    let mains = all("spec/containers");
    for (number, container) in now.iter().enumerate() {
        let path = nth("spec.ephemeralContainers", number);
        let (name, target) = (text_at(container, "name"), text_at(container, "targetContainerName"));
        if taken.contains(&name) {
            errors.duplicate(&join(&path, "name"), name);
        }
        taken.push(name);
        if text_at(container, "image").is_empty() {
            errors.required(&join(&path, "image"), "");
        }
        if !target.is_empty() && !mains.contains(&target) {
            errors.not_found(&join(&path, "targetContainerName"), target);
        }
        for field in ["ports", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle"] {
            if at(container, field).is_some_and(|v| v.as_array().is_none_or(|a| !a.is_empty())) {
                errors.forbidden(&join(&path, field), "cannot be set for an Ephemeral Container");
            }
        }
    }
    for container in before {
        let name = text_at(container, "name");
        match now.iter().find(|c| text_at(c, "name") == name) {
            None => {
                errors.forbidden("spec.ephemeralContainers", alloc::format!("existing ephemeral containers {name:?} may not be removed\n"))
            }
            Some(c) if c != container => {
                errors.forbidden("spec.ephemeralContainers", alloc::format!("existing ephemeral containers {name:?} may not be changed\n"));
            }
            Some(_) => {}
        }
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
        (None, Some(_)) => errors.invalid(FIELD, Value::Null, "must not update from a positive integer to nil value"),
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
