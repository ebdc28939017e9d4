//! Validation of Nodes. Models kubernetes `pkg/apis/core/validation` ValidateNode.

use alloc::collections::BTreeSet;
use alloc::string::String;
use serde_json::Value;

use super::field::{Errors, join, nth};
use crate::object::names;
use crate::object::value::{items_at, text_at};

const EFFECTS: &[&str] = &["NoSchedule", "PreferNoSchedule", "NoExecute"];

/// A Node: its taints.
pub fn node(object: &Value, errors: &mut Errors) {
    let mut seen = BTreeSet::new();
    for (number, taint) in items_at(object, "spec/taints").iter().enumerate() {
        let path = nth("spec.taints", number);
        let (key, value, effect) = (text_at(taint, "key"), text_at(taint, "value"), text_at(taint, "effect"));
        errors.each(&join(&path, "key"), key, names::qualified_name(key));
        errors.each(&join(&path, "value"), value, names::label_value(value));
        if effect.is_empty() {
            errors.required(&join(&path, "effect"), "");
        } else if !EFFECTS.contains(&effect) {
            errors.unsupported(&join(&path, "effect"), effect, EFFECTS);
        }
        if !seen.insert((key, effect)) {
            let shown = super::internal::internal("Taint", taint);
            errors.0.push(super::field::FieldError {
                kind: super::field::ErrorKind::Duplicate,
                field: path,
                value: super::field::Shown::Raw(shown),
                detail: String::from("taints must be unique by key and effect pair"),
            });
        }
    }
}
