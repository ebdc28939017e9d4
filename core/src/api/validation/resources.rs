//! Validation of what containers ask for and may use. Models kubernetes `pkg/apis/core/validation`
//! validateContainerResourceRequirements.

use alloc::format;
use serde_json::{Map, Value};

use super::common::NOT_NEGATIVE;
use super::field::{Errors, join, keyed};
use crate::object::names;
use crate::object::quantity::Quantity;
use crate::object::value::{map_at, pairs_at};

/// Resources of a container that need no domain in their name.
fn is_standard(name: &str) -> bool {
    matches!(name, "cpu" | "memory" | "ephemeral-storage") || name.starts_with("hugepages-")
}

/// Whether more of a resource may be allowed than was asked for.
fn may_overcommit(name: &str) -> bool {
    !name.contains('/') && !name.starts_with("hugepages-")
}

/// The member `resources` of a container.
pub fn requirements(resources: &Value, path: &str, errors: &mut Errors) {
    amounts(resources, name_of, path, errors);
}

/// The member `resources` of a PodSpec.
pub fn of_pod(resources: &Value, path: &str, errors: &mut Errors) {
    let name = |name: &str, field: &str, errors: &mut Errors| {
        if !matches!(name, "cpu" | "memory") && !name.starts_with("hugepages-") {
            let wrong = names::qualified_name(name);
            if !wrong.is_empty() {
                errors.each(field, name, wrong);
            } else if !name.contains('/') && !is_standard(name) && !OTHERS.contains(&name) {
                errors.invalid(field, name, "must be a standard resource type or fully qualified");
            } else {
                errors.unsupported(field, name, &["cpu", "memory"]);
            }
        }
    };
    amounts(resources, name, path, errors);
}

/// Limits and requests, whose names `name_of` looks at.
fn amounts(resources: &Value, name_of: impl Fn(&str, &str, &mut Errors), path: &str, errors: &mut Errors) {
    let empty = Map::new();
    let limits = map_at(resources, "limits").unwrap_or(&empty);
    let requests = map_at(resources, "requests").unwrap_or(&empty);
    let (limit_path, request_path) = (join(path, "limits"), join(path, "requests"));
    for (name, text) in pairs_at(resources, "limits") {
        name_of(name, &keyed(&limit_path, name), errors);
        amount(name, text, &keyed(&limit_path, name), errors);
    }
    for (name, text) in pairs_at(resources, "requests") {
        let field = keyed(&request_path, name);
        name_of(name, &field, errors);
        amount(name, text, &field, errors);
        let parsed =
            |map: &Map<alloc::string::String, Value>| map.get(name).and_then(Value::as_str).and_then(|text| Quantity::parse(text).ok());
        match (parsed(requests), parsed(limits)) {
            (Some(request), Some(limit)) => {
                if request != limit && !may_overcommit(name) {
                    errors.invalid(&request_path, request.print(), format!("must be equal to {name} limit of {}", limit.print()));
                } else if request > limit {
                    let text = format!("must be less than or equal to {name} limit of {}", limit.print());
                    errors.invalid(&request_path, request.print(), text);
                }
            }
            (Some(_), None) if !may_overcommit(name) => {
                errors.required(&limit_path, "Limit must be set for non overcommitable resources");
            }
            _ => {}
        }
    }
    let has = |wanted: &dyn Fn(&str) -> bool| limits.keys().chain(requests.keys()).any(|name| wanted(name));
    if has(&|name| name.starts_with("hugepages-")) && !has(&|name| matches!(name, "cpu" | "memory")) {
        errors.forbidden(path, "HugePages require cpu or memory");
    }
}

/// Names that something can have without a domain, though no container.
const OTHERS: &[&str] = &[
    "storage",
    "pods",
    "services",
    "services.nodeports",
    "services.loadbalancers",
    "replicationcontrollers",
    "resourcequotas",
    "secrets",
    "configmaps",
    "persistentvolumeclaims",
    "requests.cpu",
    "requests.memory",
    "requests.storage",
    "requests.ephemeral-storage",
    "limits.cpu",
    "limits.memory",
    "limits.ephemeral-storage",
];

/// The name of a resource that a container can have.
pub fn name_of(name: &str, field: &str, errors: &mut Errors) {
    let wrong = names::qualified_name(name);
    let qualified = wrong.is_empty();
    errors.each(field, name, wrong);
    if name.contains('/') && !name.contains("kubernetes.io/") && name.starts_with("requests.") {
        errors.invalid(field, name, "doesn't follow extended resource name standard");
    }
    if name.contains('/') || is_standard(name) {
        return;
    }
    if qualified && !OTHERS.contains(&name) {
        errors.invalid(field, name, "must be a standard resource type or fully qualified");
    }
    errors.invalid(field, name, "must be a standard resource for containers");
}

fn amount(name: &str, text: &str, field: &str, errors: &mut Errors) {
    let Ok(amount) = Quantity::parse(text) else { return };
    if amount.is_negative() {
        errors.invalid(field, text, NOT_NEGATIVE);
    }
    if let Some(size) = name.strip_prefix("hugepages-").and_then(|size| Quantity::parse(size).ok()) {
        let whole = size.value() > 0 && amount.value() % size.value() == 0;
        if !whole {
            errors.invalid(field, text, format!("{text} is not positive integer multiple of {name}"));
        }
    }
    let counted = name.contains('/') && !name.split('/').next().is_some_and(|domain| domain.ends_with("kubernetes.io"));
    if counted && amount.milli_value() % 1000 != 0 {
        errors.invalid(field, text, "must be an integer");
    }
}
