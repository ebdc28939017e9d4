//! What may change in a Pod: images, deadlines, tolerations added, and little else. Models kubernetes
//! `pkg/apis/core/validation` ValidatePodUpdate.

use serde_json::Value;

use super::field::{Errors, nth};
use super::{difference, internal};
use crate::object::value::{at, i64_at, items_at, set, text_at};

const FORBIDDEN: &str = "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n";

/// A changed Pod.
pub fn update(new: &Value, old: &Value, errors: &mut Errors) {
    let empty = Value::Null;
    let (new_spec, old_spec) = (at(new, "spec").unwrap_or(&empty), at(old, "spec").unwrap_or(&empty));
    for list in ["containers", "initContainers"] {
        let (now, before) = (items_at(new_spec, list), items_at(old_spec, list));
        let path = ["spec.", list].concat();
        if now.len() != before.len() {
            errors.forbidden(&path, "pod updates may not add or remove containers");
            return;
        }
        for (number, container) in now.iter().enumerate() {
            let image = text_at(container, "image");
            if image.trim() != image {
                errors.invalid(&super::field::join(&nth(&path, number), "image"), image, "must not have leading or trailing whitespace");
            }
        }
    }
    deadline(new_spec, old_spec, errors);
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
        copy("activeDeadlineSeconds");
        copy("schedulingGates");
        if i64_at(old_spec, "terminationGracePeriodSeconds").is_some_and(|grace| grace < 0)
            && i64_at(new_spec, "terminationGracePeriodSeconds") == Some(1)
        {
            copy("terminationGracePeriodSeconds");
        }
        if only_adds_tolerations(new_spec, old_spec, errors) {
            copy("tolerations");
        }
    }
    if munged != *old_spec {
        let (before, now) = (internal::struct_lines("PodSpec", old_spec), internal::struct_lines("PodSpec", &munged));
        errors.forbidden("spec", [FORBIDDEN, &difference::unified(&before, &now)].concat());
    }
}

fn deadline(new: &Value, old: &Value, errors: &mut Errors) {
    let field = "activeDeadlineSeconds";
    match (i64_at(new, field), i64_at(old, field)) {
        (Some(now), Some(before)) if now > before => {
            errors.invalid("spec.activeDeadlineSeconds", now, "must be less than or equal to previous value");
        }
        (None, Some(before)) => {
            errors.invalid(
                "spec.activeDeadlineSeconds",
                Value::Null,
                alloc::format!("must not update from a positive integer to nil value ({before})"),
            );
        }
        _ => {}
    }
}

/// Every old toleration must still be there.
fn only_adds_tolerations(new: &Value, old: &Value, errors: &mut Errors) -> bool {
    let now = items_at(new, "tolerations");
    let same = |a: &Value, b: &Value| ["key", "operator", "value", "effect"].iter().all(|field| text_at(a, field) == text_at(b, field));
    let kept = items_at(old, "tolerations").iter().all(|before| now.iter().any(|toleration| same(toleration, before)));
    if !kept {
        errors.forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds");
    }
    kept
}
