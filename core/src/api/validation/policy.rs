//! Validation of what governs others: PodDisruptionBudget, PriorityClass, and the roles and bindings of RBAC.
//! Models kubernetes `pkg/apis/{policy,rbac,scheduling}/validation`.

use alloc::format;
use serde_json::Value;

use super::common::{at_most_all, int_or_percent, label_selector, needed};
use super::field::{Errors, join, nth};
use crate::object::value::{at, bool_at, i64_at, items_at, text_at};

/// A PodDisruptionBudget.
pub fn disruption_budget(object: &Value, errors: &mut Errors) {
    let empty = Value::Null;
    let spec = at(object, "spec").unwrap_or(&empty);
    let given = |field: &str| at(spec, field).is_some_and(|value| !value.is_null());
    if given("minAvailable") && given("maxUnavailable") {
        let shown = super::internal::internal("PodDisruptionBudgetSpec", spec);
        errors.invalid_raw("spec", shown, "minAvailable and maxUnavailable cannot be both set");
    }
    for field in ["minAvailable", "maxUnavailable"] {
        int_or_percent(spec, field, "spec", errors);
        at_most_all(spec, field, "spec", errors);
    }
    if let Some(selector) = at(spec, "selector").filter(|selector| !selector.is_null()) {
        label_selector(selector, "spec.selector", errors);
    }
    super::common::one_of(spec, "unhealthyPodEvictionPolicy", "spec", &["AlwaysAllow", "IfHealthyBudget"], false, errors);
}

/// A PriorityClass.
pub fn priority_class(object: &Value, errors: &mut Errors) {
    let name = text_at(object, "metadata/name");
    let value = i64_at(object, "value").unwrap_or(0);
    if name.starts_with("system-") {
        let known = [("system-cluster-critical", 2_000_000_000), ("system-node-critical", 2_000_001_000)];
        let known = known.iter().find(|known| known.0 == name).map(|known| known.1);
        let why = match known {
            None => Some(format!("{name} is not a known system priority class")),
            Some(right) if right != value => Some(format!("value of {name} PriorityClass must be {right}")),
            Some(_) if bool_at(object, "globalDefault") => Some(format!("globalDefault of {name} PriorityClass must be false")),
            Some(_) => None,
        };
        if let Some(why) = why {
            const TEXT: &str = "priority class names with 'system-' prefix are reserved for system use only. error: ";
            errors.forbidden("metadata.name", [TEXT, &why].concat());
        }
    } else if value > 1_000_000_000 {
        errors.forbidden("value", "maximum allowed value of a user defined priority is 1000000000");
    }
    super::common::one_of(object, "preemptionPolicy", "", &["PreemptLowerPriority", "Never"], false, errors);
}

/// What may not change in a PriorityClass.
pub fn priority_class_update(new: &Value, old: &Value, errors: &mut Errors) {
    if i64_at(new, "value").unwrap_or(0) != i64_at(old, "value").unwrap_or(0) {
        errors.forbidden("value", "may not be changed in an update.");
    }
    super::common::immutable(new, old, "preemptionPolicy", "", errors);
}

/// A ClusterRole.
pub fn cluster_role(object: &Value, errors: &mut Errors) {
    const PATH: &str = "aggregationRule.clusterRoleSelectors";
    role(object, errors);
    let Some(rule) = at(object, "aggregationRule").filter(|rule| rule.is_object()) else { return };
    let selectors = items_at(rule, "clusterRoleSelectors");
    if selectors.is_empty() {
        errors.required(PATH, "at least one clusterRoleSelector required if aggregationRule is non-nil");
    }
    for (number, selector) in selectors.iter().enumerate() {
        label_selector(selector, &nth(PATH, number), errors);
    }
}

/// A Role, or the rules of a ClusterRole.
pub fn role(object: &Value, errors: &mut Errors) {
    let namespaced = text_at(object, "kind") == "Role";
    for (number, rule) in items_at(object, "rules").iter().enumerate() {
        let path = nth("rules", number);
        if items_at(rule, "verbs").is_empty() {
            errors.required(&join(&path, "verbs"), "verbs must contain at least one value");
        }
        let urls = items_at(rule, "nonResourceURLs");
        if !urls.is_empty() {
            let shown = at(rule, "nonResourceURLs").cloned().unwrap_or(Value::Null);
            if namespaced {
                errors.invalid(&join(&path, "nonResourceURLs"), shown.clone(), "namespaced rules cannot apply to non-resource URLs");
            }
            if ["apiGroups", "resources", "resourceNames"].iter().any(|field| !items_at(rule, field).is_empty()) {
                errors.invalid(
                    &join(&path, "nonResourceURLs"),
                    shown,
                    "rules cannot apply to both regular resources and non-resource URLs",
                );
            }
            continue;
        }
        for (field, text) in [
            ("apiGroups", "resource rules must supply at least one api group"),
            ("resources", "resource rules must supply at least one resource"),
        ] {
            if items_at(rule, field).is_empty() {
                errors.required(&join(&path, field), text);
            }
        }
    }
}

/// A RoleBinding or ClusterRoleBinding.
pub fn role_binding(object: &Value, errors: &mut Errors) {
    const GROUP: &str = "rbac.authorization.k8s.io";
    let empty = Value::Null;
    let cluster = text_at(object, "kind") == "ClusterRoleBinding";
    let role = at(object, "roleRef").unwrap_or(&empty);
    if text_at(role, "apiGroup") != GROUP {
        errors.unsupported("roleRef.apiGroup", text_at(role, "apiGroup"), &[GROUP]);
    }
    let kinds: &[&str] = if cluster { &["ClusterRole"] } else { &["Role", "ClusterRole"] };
    if !kinds.contains(&text_at(role, "kind")) {
        errors.unsupported("roleRef.kind", text_at(role, "kind"), kinds);
    }
    if needed(role, "name", "roleRef", errors) {
        let name = text_at(role, "name");
        errors.each("roleRef.name", name, super::meta::path_segment(name));
    }
    for (number, subject) in items_at(object, "subjects").iter().enumerate() {
        let path = nth("subjects", number);
        needed(subject, "name", &path, errors);
        match text_at(subject, "kind") {
            "ServiceAccount" => {
                let name = text_at(subject, "name");
                if !name.is_empty() {
                    errors.each(&join(&path, "name"), name, crate::object::names::dns_subdomain(name));
                }
                if !text_at(subject, "apiGroup").is_empty() {
                    errors.unsupported(&join(&path, "apiGroup"), text_at(subject, "apiGroup"), &[""]);
                }
                if cluster {
                    needed(subject, "namespace", &path, errors);
                }
            }
            kind @ ("User" | "Group") => {
                if text_at(subject, "name").is_empty() {
                    errors.invalid(&join(&path, "name"), "", [&kind.to_lowercase(), " name cannot be empty"].concat());
                }
                if text_at(subject, "apiGroup") != GROUP {
                    errors.unsupported(&join(&path, "apiGroup"), text_at(subject, "apiGroup"), &[GROUP]);
                }
            }
            other => errors.unsupported(&join(&path, "kind"), other, &["ServiceAccount", "User", "Group"]),
        }
    }
}

/// What may not change in a binding: the role.
pub fn role_binding_update(new: &Value, old: &Value, errors: &mut Errors) {
    let empty = Value::Null;
    if at(new, "roleRef") != at(old, "roleRef") {
        let shown = super::internal::internal("RoleRef", at(new, "roleRef").unwrap_or(&empty));
        errors.invalid_raw("roleRef", shown, "cannot change roleRef");
    }
}
