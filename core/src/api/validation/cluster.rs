//! Validation of Nodes, Leases and the like. Models kubernetes `pkg/apis/core/validation` ValidateNode and
//! `pkg/apis/node/validation`.

use alloc::collections::BTreeSet;
use alloc::string::String;
use serde_json::{Value, json};

use super::field::{ErrorKind, Errors, FieldError, Shown, join, nth};
use crate::object::names;
use crate::object::value::{at, i64_at, items_at, pairs_at, text_at};

const EFFECTS: &[&str] = &["NoSchedule", "PreferNoSchedule", "NoExecute"];

/// A Node: its taints.
pub fn node(object: &Value, errors: &mut Errors) {
    let mut seen = BTreeSet::new();
    for (number, taint) in items_at(object, "spec/taints").iter().enumerate() {
        // The API server says so, though they are part of the spec.
        let path = nth("metadata.taints", number);
        let (key, value, effect) = (text_at(taint, "key"), text_at(taint, "value"), text_at(taint, "effect"));
        errors.each(&join(&path, "key"), key, names::qualified_name(key));
        let wrong = names::label_value(value);
        if !wrong.is_empty() {
            errors.invalid(&join(&path, "value"), value, wrong.join(";"));
        }
        if effect.is_empty() {
            errors.required(&join(&path, "effect"), "");
        } else if !EFFECTS.contains(&effect) {
            errors.unsupported(&join(&path, "effect"), effect, EFFECTS);
        }
        if !seen.insert((key, effect)) {
            let shown = super::internal::internal("Taint", taint);
            errors.0.push(FieldError {
                kind: ErrorKind::Duplicate,
                field: path,
                value: Shown::Raw(shown),
                detail: String::from("taints must be unique by key and effect pair"),
            });
        }
    }
}

/// What may not change in a Node once it is there: its addresses for Pods, and what the provider calls it.
pub fn node_update(new: &Value, old: &Value, errors: &mut Errors) {
    for field in ["capacity", "allocatable"] {
        for (name, text) in pairs_at(new, &["status/", field].concat()) {
            super::limits::amount(name, text, &["status.", field, ".", name].concat(), errors);
        }
    }
    let addresses = items_at(new, "status/addresses");
    for (number, address) in addresses.iter().enumerate() {
        if addresses.iter().take(number).any(|before| before == address) {
            errors.0.push(FieldError {
                kind: ErrorKind::Duplicate,
                field: nth("status.addresses", number),
                value: Shown::Raw(super::internal::internal("NodeAddress", address)),
                detail: String::new(),
            });
        }
    }
    let (now, before) = (items_at(new, "spec/podCIDRs"), items_at(old, "spec/podCIDRs"));
    let changed = if now.len() == before.len() { now.iter().zip(before).filter(|(a, b)| a != b).count() } else { 1 };
    for _ in 0..if before.is_empty() { 0 } else { changed } {
        errors.forbidden("spec.podCIDRs", "node updates may not change podCIDR except from \"\" to valid");
    }
    let provider = text_at(old, "spec/providerID");
    if !provider.is_empty() && provider != text_at(new, "spec/providerID") {
        errors.forbidden("spec.providerID", "node updates may not change providerID except from \"\" to valid");
    }
}

/// A Lease.
pub fn lease(object: &Value, errors: &mut Errors) {
    if let Some(seconds) = i64_at(object, "spec/leaseDurationSeconds").filter(|seconds| *seconds <= 0) {
        errors.invalid("spec.leaseDurationSeconds", seconds, "must be greater than 0");
    }
    if let Some(count) = i64_at(object, "spec/leaseTransitions").filter(|count| *count < 0) {
        errors.invalid("spec.leaseTransitions", count, "must be greater than or equal to 0");
    }
    if !text_at(object, "spec/preferredHolder").is_empty() && text_at(object, "spec/strategy").is_empty() {
        errors.forbidden("spec.preferredHolder", "may only be specified if `strategy` is defined");
    }
}

/// A ControllerRevision.
pub fn revision(object: &Value, errors: &mut Errors) {
    if let Some(number) = i64_at(object, "revision").filter(|number| *number < 0) {
        errors.invalid("revision", number, "must be greater than or equal to 0");
    }
    match at(object, "data").filter(|data| !data.is_null()) {
        None => errors.required("data", "data is mandatory"),
        Some(Value::Object(_)) => {}
        Some(_) => errors.required("data", "data must be a valid JSON object"),
    }
}

/// What may not change in a ControllerRevision: what it keeps.
pub fn revision_update(new: &Value, old: &Value, errors: &mut Errors) {
    super::common::immutable(new, old, "data", "", errors);
}

/// An Event: it is where what it is about is.
pub fn event(object: &Value, errors: &mut Errors) {
    let (own, other) = (text_at(object, "metadata/namespace"), text_at(object, "involvedObject/namespace"));
    if own != other && !(other.is_empty() && own == "default") {
        errors.invalid("involvedObject.namespace", other, "does not match event.namespace");
    }
}

/// A RuntimeClass.
pub fn runtime_class(object: &Value, errors: &mut Errors) {
    let handler = text_at(object, "handler");
    errors.each("handler", handler, names::dns_label(handler));
    if let Some(fixed) = at(object, "overhead/podFixed").filter(|fixed| !fixed.is_null()) {
        super::resources::requirements(&json!({"limits": fixed}), "overhead", errors);
    }
    if let Some(scheduling) = at(object, "scheduling") {
        super::common::labels(scheduling, "nodeSelector", "scheduling", errors);
        for (number, toleration) in items_at(scheduling, "tolerations").iter().enumerate() {
            super::pod::toleration(toleration, &nth("scheduling.tolerations", number), errors);
        }
    }
}

/// What may not change in a RuntimeClass.
pub fn runtime_class_update(new: &Value, old: &Value, errors: &mut Errors) {
    super::common::immutable(new, old, "handler", "", errors);
}
