//! Validation of ResourceQuotas and LimitRanges. Models kubernetes `pkg/apis/core/validation` ValidateResourceQuota and
//! ValidateLimitRange.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use serde_json::{Map, Value};

use super::common::{IMMUTABLE, NOT_NEGATIVE};
use super::field::{Errors, join, keyed, nth};
use super::{internal, resources};
use crate::object::names::qualified_name;
use crate::object::quantity::Quantity;
use crate::object::value::{at, items_at, map_at, pairs_at, text_at};

/// Resources that are counted one by one.
const WHOLE: &[&str] = &[
    "pods",
    "resourcequotas",
    "services",
    "replicationcontrollers",
    "secrets",
    "persistentvolumeclaims",
    "configmaps",
    "services.nodeports",
    "services.loadbalancers",
];

/// Other resources that a quota may count without a domain in their name.
const AMOUNTS: &[&str] = &[
    "cpu",
    "memory",
    "ephemeral-storage",
    "requests.cpu",
    "requests.memory",
    "requests.storage",
    "requests.ephemeral-storage",
    "limits.cpu",
    "limits.memory",
    "limits.ephemeral-storage",
];

fn is_huge(name: &str) -> bool {
    name.starts_with("requests.hugepages-") || name.starts_with("hugepages-")
}

/// A ResourceQuota.
pub fn resource_quota(object: &Value, errors: &mut Errors) {
    let empty = Value::Null;
    let spec = at(object, "spec").unwrap_or(&empty);
    quota_amounts(spec, "hard", "spec", errors);
    scopes(spec, errors);
}

/// What a quota counts, by name.
pub fn quota_amounts(holder: &Value, field: &str, path: &str, errors: &mut Errors) {
    for (name, text) in pairs_at(holder, field) {
        let field = keyed(&join(path, field), name);
        let wrong = qualified_name(name);
        let qualified = wrong.is_empty();
        errors.each(&field, name, wrong);
        if qualified && !name.contains('/') && !WHOLE.contains(&name) && !AMOUNTS.contains(&name) && !is_huge(name) {
            if name != "storage" {
                errors.invalid(&field, name, "must be a standard resource type or fully qualified");
            }
            errors.invalid(&field, name, "must be a standard resource for quota");
        }
        amount(name, text, &field, errors);
    }
}

/// An amount of a resource: not below zero, and whole where it is counted. Models ValidateResourceQuantityValue.
pub fn amount(name: &str, text: &str, field: &str, errors: &mut Errors) {
    let Ok(amount) = Quantity::parse(text) else { return };
    if amount.is_negative() {
        errors.invalid(field, text, NOT_NEGATIVE);
    }
    let extended = name.split_once('/').is_some_and(|(domain, _)| !domain.ends_with("kubernetes.io") && !name.starts_with("requests."));
    if (WHOLE.contains(&name) || extended) && amount.milli_value() % 1000 != 0 {
        errors.invalid(field, text, "must be an integer");
    }
}

/// What may not change in a ResourceQuota: its scopes.
pub fn resource_quota_update(new: &Value, old: &Value, errors: &mut Errors) {
    let scopes = |object: &Value| at(object, "spec/scopes").cloned().unwrap_or(Value::Null);
    if scopes(new) != scopes(old) {
        errors.invalid("spec.scopes", scopes(new), IMMUTABLE);
    }
}

/// The scopes that a quota may have.
const SCOPES: &[&str] = &[
    "BestEffort",
    "CrossNamespacePodAffinity",
    "NotBestEffort",
    "NotTerminating",
    "PriorityClass",
    "Terminating",
    "VolumeAttributesClass",
];

/// How often a scope does not go with what a quota counts.
fn misfits(spec: &Value, scope: &str) -> usize {
    let standard = |name: &str| WHOLE.contains(&name) || AMOUNTS.contains(&name);
    let fits = |name: &str| match scope {
        "BestEffort" => name == "pods",
        "VolumeAttributesClass" => matches!(name, "persistentvolumeclaims" | "requests.storage"),
        _ => name == "pods" || AMOUNTS.contains(&name) && !name.contains("storage"),
    };
    pairs_at(spec, "hard").filter(|(name, _)| standard(name) && SCOPES.contains(&scope) && !fits(name)).count()
}

/// How many pairs of scopes contradict each other.
fn conflicts(all: &BTreeSet<&str>) -> usize {
    let pairs = [("BestEffort", "NotBestEffort"), ("Terminating", "NotTerminating")];
    pairs.iter().filter(|(one, other)| all.contains(one) && all.contains(other)).count()
}

fn scopes(spec: &Value, errors: &mut Errors) {
    let given = || items_at(spec, "scopes").iter().filter_map(Value::as_str);
    let mut say = |text: &str| errors.invalid("spec.scopes", at(spec, "scopes").cloned().unwrap_or(Value::Null), text);
    for scope in given() {
        if !SCOPES.contains(&scope) {
            say("unsupported scope");
        }
        (0..misfits(spec, scope)).for_each(|_| say("unsupported scope applied to resource"));
    }
    (0..conflicts(&given().collect())).for_each(|_| say("conflicting scopes"));
    if let Some(selector) = at(spec, "scopeSelector").filter(|selector| !selector.is_null()) {
        scope_selector(spec, selector, errors);
    }
}

/// The scopes that a quota chooses by their values. These paths have no numbers, as they have none in the API server.
fn scope_selector(spec: &Value, selector: &Value, errors: &mut Errors) {
    const EXISTS: &str = "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
    let path = "spec.scopeSelector.matchExpressions";
    let expressions = items_at(selector, "matchExpressions");
    for expression in expressions {
        let (scope, operator) = (text_at(expression, "scopeName"), text_at(expression, "operator"));
        if !SCOPES.contains(&scope) {
            errors.invalid(&join(path, "scopeName"), scope, "unsupported scope");
        }
        for _ in 0..misfits(spec, scope) {
            errors.invalid_raw(path, internal::internal("ScopeSelector", selector), "unsupported scope applied to resource");
        }
        if operator != "Exists" && SCOPES.contains(&scope) && !matches!(scope, "PriorityClass" | "VolumeAttributesClass") {
            errors.invalid(&join(path, "operator"), operator, EXISTS);
        }
        let values = items_at(expression, "values");
        let field = join(path, "values");
        match operator {
            "In" | "NotIn" if values.is_empty() => {
                errors.required(&field, "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector");
            }
            "Exists" | "DoesNotExist" if !values.is_empty() => {
                let text = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
                errors.invalid(&field, Value::Array(values.to_vec()), text);
            }
            "In" | "NotIn" | "Exists" | "DoesNotExist" => {}
            _ => errors.invalid(&join(path, "operator"), operator, "not a valid selector operator"),
        }
    }
    let all = expressions.iter().map(|expression| text_at(expression, "scopeName")).collect();
    for _ in 0..conflicts(&all) {
        errors.invalid("spec.scopes", at(spec, "scopes").cloned().unwrap_or(Value::Null), "conflicting scopes");
    }
}

/// The members of a limit that hold amounts, in the API server's order.
const MEMBERS: &[&str] = &["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"];

/// A LimitRange.
pub fn limit_range(object: &Value, errors: &mut Errors) {
    let mut types = BTreeSet::new();
    for (number, item) in items_at(object, "spec/limits").iter().enumerate() {
        let path = nth("spec.limits", number);
        let kind = text_at(item, "type");
        let field = join(&path, "type");
        let wrong = qualified_name(kind);
        let qualified = wrong.is_empty();
        errors.each(&field, kind, wrong);
        if qualified && !matches!(kind, "Container" | "Pod" | "PersistentVolumeClaim") && !kind.contains('/') {
            errors.invalid(&field, kind, "must be a standard limit type or fully qualified");
        }
        if !types.insert(kind) {
            errors.duplicate(&field, kind);
        }
        for member in MEMBERS {
            let whole = matches!(*member, "default" | "defaultRequest") && kind == "Pod";
            if whole && map_at(item, member).is_some_and(|amounts| !amounts.is_empty()) {
                errors.forbidden(&join(&path, member), "may not be specified when `type` is 'Pod'");
            } else {
                let check = if matches!(kind, "Container" | "Pod") { resources::name_of } else { resource_name };
                pairs_at(item, member).for_each(|(name, _)| check(name, &keyed(&join(&path, member), name), errors));
            }
            let storage = |member: &str| map_at(item, member).is_some_and(|all| all.contains_key("storage"));
            if *member == "defaultRequest" && kind == "PersistentVolumeClaim" && !storage("min") && !storage("max") {
                let text = "either minimum or maximum storage value is required, but neither was provided";
                errors.required(&join(&path, "limits"), text);
            }
        }
        ordered(item, &path, errors);
    }
}

fn resource_name(name: &str, field: &str, errors: &mut Errors) {
    let wrong = qualified_name(name);
    let qualified = wrong.is_empty();
    errors.each(field, name, wrong);
    if qualified && !name.contains('/') && !matches!(name, "cpu" | "memory" | "ephemeral-storage" | "storage") && !is_huge(name) {
        errors.invalid(field, name, "must be a standard resource type or fully qualified");
    }
}

/// The pairs that must be in order: the smaller and the larger with their words, and where the text goes with whose value.
type Pair = ((&'static str, &'static str), (&'static str, &'static str), (&'static str, &'static str));

const PAIRS: &[Pair] = &[
    (("min", "min"), ("max", "max"), ("min", "min")),
    (("min", "min"), ("defaultRequest", "default request"), ("defaultRequest", "defaultRequest")),
    (("defaultRequest", "default request"), ("max", "max"), ("defaultRequest", "defaultRequest")),
    (("defaultRequest", "default request"), ("default", "default limit"), ("defaultRequest", "defaultRequest")),
    (("min", "min"), ("default", "default"), ("default", "min")),
    (("default", "default"), ("max", "max"), ("default", "max")),
];

/// The least, the default request, the default limit and the most must stand in that order.
fn ordered(item: &Value, path: &str, errors: &mut Errors) {
    let empty = Map::new();
    let get = |field: &str, name: &str| {
        let text = map_at(item, field).unwrap_or(&empty).get(name).and_then(Value::as_str)?;
        Quantity::parse(text).ok()
    };
    let resources: BTreeSet<&str> = MEMBERS.iter().flat_map(|member| pairs_at(item, member).map(|(name, _)| name)).collect();
    for name in resources {
        for ((low, low_word), (high, high_word), (field, shown)) in PAIRS {
            let (Some(least), Some(most)) = (get(low, name), get(high, name)) else { continue };
            if least > most {
                let text = format!("{low_word} value {} is greater than {high_word} value {}", least.print(), most.print());
                let value: String = get(shown, name).map(|amount| amount.print()).unwrap_or_default();
                errors.invalid(&keyed(&join(path, field), name), value, text);
            }
        }
        if let Some(ratio) = get("maxLimitRequestRatio", name).filter(|ratio| ratio.milli_value() < 1000) {
            let field = keyed(&join(path, "maxLimitRequestRatio"), name);
            errors.invalid(&field, ratio.print(), format!("ratio {} is less than 1", ratio.print()));
        }
        if let (Some(ratio), Some(least), Some(most)) = (get("maxLimitRequestRatio", name), get("min", name), get("max", name)) {
            let (ratio_m, least_m, most_m) =
                (i128::from(ratio.milli_value()), i128::from(least.milli_value()).max(1), i128::from(most.milli_value()));
            if ratio_m * least_m > most_m * 1000 {
                // Six places after the point, rounded.
                let bound = (most_m * 1_000_000 + least_m / 2) / least_m;
                let text = format!("ratio {} is greater than max/min = {}.{:06}", ratio.print(), bound / 1_000_000, bound % 1_000_000);
                errors.invalid(&keyed(&join(path, "maxLimitRequestRatio"), name), ratio.print(), text);
            }
        }
        let whole = name.contains('/') && !name.contains("kubernetes.io/") || is_huge(name);
        if let (true, Some(limit), Some(request)) = (whole, get("default", name), get("defaultRequest", name))
            && limit != request
        {
            let (limit, shown) = (limit.print(), request.print());
            let text = format!("default value {limit} must equal to defaultRequest value {shown} in {name}");
            errors.invalid(&keyed(&join(path, "defaultRequest"), name), shown, text);
        }
    }
}
