//! Validation of HorizontalPodAutoscalers. Models kubernetes `pkg/apis/autoscaling/validation`.

use alloc::format;
use serde_json::Value;

use super::common::needed;
use super::field::{Errors, join, nth};
use crate::object::names;
use crate::object::quantity::Quantity;
use crate::object::value::{at, i64_at, items_at, text_at};

/// The longest period of a policy and the longest time that is looked back, in seconds.
const MAX_PERIOD_S: i64 = 1800;
const MAX_WINDOW_S: i64 = 3600;

fn there<'v>(holder: &'v Value, field: &str) -> Option<&'v Value> {
    at(holder, field).filter(|value| !value.is_null())
}

/// A HorizontalPodAutoscaler.
pub fn autoscaler(object: &Value, errors: &mut Errors) {
    let empty = Value::Null;
    let spec = at(object, "spec").unwrap_or(&empty);
    let (min, max) = (i64_at(spec, "minReplicas"), i64_at(spec, "maxReplicas").unwrap_or(0));
    if let Some(min) = min.filter(|min| *min < 1) {
        errors.invalid("spec.minReplicas", min, "must be greater than or equal to 1");
    }
    match max {
        0 => errors.required("spec.maxReplicas", "must be set and greater than 0"),
        max if max < 0 => errors.invalid("spec.maxReplicas", max, "must be greater than or equal to 1"),
        _ => {}
    }
    if min.is_some_and(|min| max < min) {
        errors.invalid("spec.maxReplicas", max, "must be greater than or equal to `minReplicas`");
    }
    let target = at(spec, "scaleTargetRef").unwrap_or(&empty);
    reference(target, "spec.scaleTargetRef", errors);
    // No other kind of the core can be scaled.
    version(text_at(target, "apiVersion"), text_at(target, "kind") == "ReplicationController", TARGET_VERSION, errors);
    for (number, metric) in items_at(spec, "metrics").iter().enumerate() {
        self::metric(metric, &nth("spec.metrics", number), errors);
    }
    for direction in ["scaleUp", "scaleDown"] {
        if let Some(rules) = there(spec, &["behavior/", direction].concat()) {
            behavior(rules, &join("spec.behavior", direction), errors);
        }
    }
}

/// The field that names the version of what is scaled.
const TARGET_VERSION: &str = "spec.scaleTargetRef.apiVersion";

/// Takes back what was said of the version of a target that is as it was: it may stay.
pub fn spare_target(object: &Value, old: &Value, errors: &mut Errors) {
    if ["apiVersion", "kind"]
        .map(|field| ["spec/scaleTargetRef/", field].concat())
        .iter()
        .all(|path| text_at(object, path) == text_at(old, path))
    {
        errors.0.retain(|error| error.field != TARGET_VERSION);
    }
}

/// The version that a reference names; only `core` ones need no group.
fn version(text: &str, core: bool, path: &str, errors: &mut Errors) {
    match text.matches('/').count() {
        0 if core => {}
        0 => errors.invalid(path, text, "apiVersion must specify API group"),
        1 if text.starts_with('/') && !core => errors.invalid(path, text, "apiVersion must specify API group"),
        1 => {}
        _ => errors.invalid(path, text, ["unexpected GroupVersion string: ", text].concat()),
    }
}

/// A reference to what is scaled or measured.
fn reference(target: &Value, path: &str, errors: &mut Errors) {
    for field in ["kind", "name"] {
        if needed(target, field, path, errors) {
            let text = text_at(target, field);
            errors.each(&join(path, field), text, super::meta::path_segment(text));
        }
    }
}

fn behavior(rules: &Value, path: &str, errors: &mut Errors) {
    let window = join(path, "stabilizationWindowSeconds");
    match i64_at(rules, "stabilizationWindowSeconds") {
        Some(seconds) if seconds < 0 => errors.invalid(&window, seconds, "must be greater than or equal to zero"),
        Some(seconds) if seconds > MAX_WINDOW_S => {
            errors.invalid(&window, seconds, format!("must be less than or equal to {MAX_WINDOW_S}"));
        }
        _ => {}
    }
    super::common::one_of(rules, "selectPolicy", path, &["Disabled", "Max", "Min"], false, errors);
    let policies = items_at(rules, "policies");
    if policies.is_empty() {
        errors.required(&join(path, "policies"), "must specify at least one Policy");
    }
    for (number, policy) in policies.iter().enumerate() {
        let field = nth(&join(path, "policies"), number);
        let kind = text_at(policy, "type");
        if !matches!(kind, "Pods" | "Percent") {
            errors.unsupported(&join(&field, "type"), kind, &["Percent", "Pods"]);
        }
        for member in ["value", "periodSeconds"] {
            let number = i64_at(policy, member).unwrap_or(0);
            if number <= 0 {
                errors.invalid(&join(&field, member), number, "must be greater than zero");
            }
            if member == "periodSeconds" && number > MAX_PERIOD_S {
                errors.invalid(&join(&field, member), number, format!("must be less than or equal to {MAX_PERIOD_S}"));
            }
        }
    }
    let tolerance = text_at(rules, "tolerance");
    if Quantity::parse(tolerance).is_ok_and(|amount| amount.is_negative()) {
        errors.invalid(&join(path, "tolerance"), tolerance, super::common::NOT_NEGATIVE);
    }
}

/// The members that hold what a metric is, in the API server's order, and the types that they are of.
const SOURCES: &[(&str, &str)] = &[
    ("object", "Object"),
    ("external", "External"),
    ("pods", "Pods"),
    ("resource", "Resource"),
    ("containerResource", "ContainerResource"),
];

fn metric(metric: &Value, path: &str, errors: &mut Errors) {
    const TYPES: &[&str] = &["ContainerResource", "External", "Object", "Pods", "Resource"];
    let kind = text_at(metric, "type");
    let field = join(path, "type");
    if kind.is_empty() {
        errors.required(&field, "must specify a metric source type");
    }
    if !TYPES.contains(&kind) {
        errors.unsupported(&field, kind, TYPES);
    }
    let mut given = SOURCES.iter().filter_map(|(member, _)| Some((*member, there(metric, member)?)));
    if let Some((member, inner)) = given.next() {
        source(member, inner, &join(path, member), errors);
    }
    let expected = SOURCES.iter().find(|(_, ty)| *ty == kind).map(|(member, _)| *member);
    match expected {
        Some(member) if there(metric, member).is_none() => {
            errors.required(&join(path, member), "must populate information for the given metric source");
        }
        Some(_) => {}
        None => errors.unsupported(&field, kind, TYPES),
    }
    let all = || SOURCES.iter().filter(|(member, _)| there(metric, member).is_some());
    if all().count() > 1 {
        for (member, _) in all().filter(|(member, _)| Some(*member) != expected) {
            errors.forbidden(&join(path, member), "must populate the given metric source only");
        }
    }
}

/// What a metric is, and how much of it is wanted.
fn source(member: &str, source: &Value, path: &str, errors: &mut Errors) {
    let empty = Value::Null;
    let of_resource = matches!(member, "resource" | "containerResource");
    if member == "object" {
        let (described, path) = (at(source, "describedObject").unwrap_or(&empty), join(path, "describedObject"));
        reference(described, &path, errors);
        version(text_at(described, "apiVersion"), true, &join(&path, "apiVersion"), errors);
    }
    if of_resource {
        if text_at(source, "name").is_empty() {
            errors.required(&join(path, "name"), "must specify a resource name");
        } else if member == "containerResource" {
            super::resources::name_of(text_at(source, "name"), &join(path, "name"), errors);
        }
    } else {
        let name = text_at(source, "metric/name");
        let field = join(path, "metric.name");
        match name.is_empty() {
            true => errors.required(&field, "must specify a metric name"),
            false => errors.each(&field, name, super::meta::path_segment(name)),
        }
    }
    if member == "containerResource" {
        let name = text_at(source, "container");
        let field = join(path, "container");
        match name.is_empty() {
            true => errors.required(&field, "must specify a container"),
            false => errors.each(&field, name, names::dns_label(name)),
        }
    }
    let target = at(source, "target").unwrap_or(&empty);
    let path = join(path, "target");
    amounts(target, &path, errors);
    let has = |field: &str| there(target, field).is_some();
    let (average, percent, value) = (join(&path, "averageValue"), join(&path, "averageUtilization"), join(&path, "value"));
    match member {
        "object" if !has("value") && !has("averageValue") => errors.required(&average, "must set either a target value or averageValue"),
        "external" if !has("value") && !has("averageValue") => {
            errors.required(&average, "must set either a target value for metric or a per-pod target");
        }
        "external" if has("value") && has("averageValue") => {
            errors.forbidden(&value, "may not set both a target value for metric and a per-pod target");
        }
        "pods" if !has("averageValue") => errors.required(&average, "must specify a positive target averageValue"),
        _ if of_resource && !has("averageUtilization") && !has("averageValue") => {
            errors.required(&percent, "must set either a target raw value or a target utilization");
        }
        _ if of_resource && has("averageUtilization") && has("averageValue") => {
            errors.forbidden(&average, "may not set both a target raw value and a target utilization");
        }
        _ => {}
    }
}

fn amounts(target: &Value, path: &str, errors: &mut Errors) {
    let kind = text_at(target, "type");
    if kind.is_empty() {
        errors.required(&join(path, "type"), "must specify a metric target type");
    }
    if !matches!(kind, "Utilization" | "Value" | "AverageValue") {
        errors.invalid(&join(path, "type"), kind, "must be either Utilization, Value, or AverageValue");
    }
    for field in ["value", "averageValue"] {
        let text = text_at(target, field);
        if Quantity::parse(text).is_ok_and(|amount| amount.is_negative() || amount.is_zero()) {
            errors.invalid(&join(path, field), text, "must be positive");
        }
    }
    if let Some(percent) = i64_at(target, "averageUtilization").filter(|percent| *percent < 1) {
        errors.invalid(&join(path, "averageUtilization"), percent, "must be greater than 0");
    }
}
