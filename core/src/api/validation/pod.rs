//! Validation of PodSpecs, of Pods and of Pod templates. Models kubernetes `pkg/apis/core/validation` ValidatePodSpec.

use alloc::collections::BTreeSet;
use alloc::format;
use serde_json::{Value, json};

use super::common::{annotations, label_selector, labels, one_of};
use super::field::{Errors, join, keyed, nth};
use super::{claims, container, dns, resources, security, system, volume, windows};
use crate::object::names;
use crate::object::value::{at, bool_at, i64_at, items_at, pairs_at, text_at};
use crate::text::quote::quote;

/// A Pod.
pub fn pod(object: &Value, errors: &mut Errors) {
    let inner = at(object, "spec").unwrap_or(&Value::Null);
    own_annotations(object, "metadata", errors);
    spec(inner, "spec", errors);
    for (number, volume) in items_at(inner, "volumes").iter().enumerate() {
        if at(volume, "image").is_some_and(|image| text_at(image, "reference").is_empty()) {
            errors.required(&join(&nth("spec.volumes", number), "image.reference"), "");
        }
    }
    container::images(inner, "spec", errors);
    if !text_at(inner, "nodeName").is_empty() && !items_at(inner, "schedulingGates").is_empty() {
        errors.forbidden("spec.nodeName", "cannot be set until all schedulingGates have been cleared");
    }
}

/// A new Pod.
pub fn create(object: &Value, errors: &mut Errors) {
    pod(object, errors);
    if !items_at(object, "spec/ephemeralContainers").is_empty() {
        errors.forbidden("spec.ephemeralContainers", "cannot be set on create");
    }
}

/// A Pod template at `path`.
pub fn template(template: &Value, path: &str, errors: &mut Errors) {
    template_meta(template, path, errors);
    spec(at(template, "spec").unwrap_or(&Value::Null), &join(path, "spec"), errors);
    if !items_at(template, "spec/ephemeralContainers").is_empty() {
        errors.forbidden(&join(path, "spec.ephemeralContainers"), "ephemeral containers not allowed in pod template");
    }
}

/// The labels and annotations of a Pod template at `path`.
fn template_meta(template: &Value, path: &str, errors: &mut Errors) {
    let meta = at(template, "metadata").unwrap_or(&Value::Null);
    labels(meta, "labels", path, errors);
    annotations(meta, path, errors);
    own_annotations(template, path, errors);
}

/// Annotations that mean something for Pods: `holder` has metadata and spec, the annotations are told at `path`.
/// Models ValidatePodSpecificAnnotations.
fn own_annotations(holder: &Value, path: &str, errors: &mut Errors) {
    const COST: &str = "controller.kubernetes.io/pod-deletion-cost";
    let path = join(path, "annotations");
    let notes = at(holder, "metadata").map(|meta| pairs_at(meta, "annotations")).into_iter().flatten();
    for (key, value) in notes {
        let field = keyed(&path, key);
        let digits = value.strip_prefix('-').unwrap_or(value);
        let first = digits.starts_with(|c: char| ('1'..='9').contains(&c)) || value == "0";
        if key == COST && !(first && value.parse::<i32>().is_ok()) {
            errors.invalid(&field, value, "must be a 32bit integer");
        }
        let Some(name) = key.strip_prefix("container.apparmor.security.beta.kubernetes.io/") else { continue };
        let lists = ["spec/containers", "spec/initContainers", "spec/ephemeralContainers"];
        if !lists.iter().flat_map(|list| items_at(holder, list)).any(|container| text_at(container, "name") == name) {
            errors.invalid(&field, name, "container not found");
        }
        if !matches!(value, "" | "runtime/default" | "unconfined") && !value.starts_with("localhost/") {
            errors.invalid(&field, value, ["invalid AppArmor profile name: ", &quote(value)].concat());
        }
    }
}

/// A PodSpec at `path`.
pub fn spec(spec: &Value, path: &str, errors: &mut Errors) {
    let volumes = volume::volumes(spec, path, errors);
    claims::of_pod(spec, path, errors);
    container::containers(spec, path, &volumes, errors);
    system::resources(spec, &join(path, "resources"), errors);
    if bool_at(spec, "hostNetwork") {
        host_network_ports(spec, path, errors);
    }
    one_of(spec, "restartPolicy", path, &["Always", "OnFailure", "Never"], true, errors);
    one_of(spec, "dnsPolicy", path, &["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"], true, errors);
    labels(spec, "nodeSelector", path, errors);
    security::pod(spec, &join(path, "securityContext"), errors);
    affinity(at(spec, "affinity").unwrap_or(&Value::Null), &join(path, "affinity"), errors);
    dns::config(spec, path, errors);
    for (number, gate) in items_at(spec, "readinessGates").iter().enumerate() {
        let name = text_at(gate, "conditionType");
        let field = join(&nth(&join(path, "readinessGates"), number), "conditionType");
        errors.each(&field, name, names::qualified_name(name));
    }
    gates(spec, path, errors);
    for (number, constraint) in items_at(spec, "topologySpreadConstraints").iter().enumerate() {
        let rest = items_at(spec, "topologySpreadConstraints").iter().skip(number + 1);
        spread(constraint, rest, &nth(&join(path, "topologySpreadConstraints"), number), errors);
    }
    windows::host_process(spec, path, errors);
    system::host_users(spec, path, errors);
    system::host_name(spec, path, errors);
    let named = |field: &str, errors: &mut Errors| {
        let name = text_at(spec, field);
        if !name.is_empty() {
            errors.each(&join(path, field), name, names::dns_subdomain(name));
        }
    };
    named("serviceAccountName", errors);
    named("nodeName", errors);
    let deadline = i64_at(spec, "activeDeadlineSeconds");
    if let Some(deadline) = deadline.filter(|deadline| !(1..=i64::from(i32::MAX)).contains(deadline)) {
        errors.invalid(&join(path, "activeDeadlineSeconds"), deadline, "must be between 1 and 2147483647, inclusive");
    }
    for field in ["hostname", "subdomain"] {
        let name = text_at(spec, field);
        if !name.is_empty() {
            errors.each(&join(path, field), name, names::dns_label(name));
        }
    }
    for (number, toleration) in items_at(spec, "tolerations").iter().enumerate() {
        self::toleration(toleration, &nth(&join(path, "tolerations"), number), errors);
    }
    dns::aliases(spec, path, errors);
    named("priorityClassName", errors);
    named("runtimeClassName", errors);
    one_of(spec, "preemptionPolicy", path, &["PreemptLowerPriority", "Never"], false, errors);
    if let Some(overhead) = at(spec, "overhead").filter(|overhead| overhead.is_object()) {
        resources::requirements(&json!({ "limits": overhead }), &join(path, "overhead"), errors);
    }
    if let Some(os) = at(spec, "os").filter(|os| !os.is_null()) {
        system::machine(spec, text_at(os, "name"), path, errors);
    }
    system::file_keys(spec, path, errors);
}

fn host_network_ports(spec: &Value, path: &str, errors: &mut Errors) {
    for (number, container) in items_at(spec, "containers").iter().enumerate() {
        for (index, port) in items_at(container, "ports").iter().enumerate() {
            let (inside, outside) = (i64_at(port, "containerPort"), i64_at(port, "hostPort").unwrap_or(0));
            if outside != 0 && Some(outside) != inside {
                let field = format!("{path}.containers[{number}].ports[{index}].hostPort");
                errors.invalid(&field, outside, "must match `containerPort` when `hostNetwork` is true");
            }
        }
    }
}

fn gates(spec: &Value, path: &str, errors: &mut Errors) {
    let mut seen = BTreeSet::new();
    for (number, gate) in items_at(spec, "schedulingGates").iter().enumerate() {
        let field = nth(&join(path, "schedulingGates"), number);
        let name = text_at(gate, "name");
        errors.each(&field, name, names::qualified_name(name));
        if !seen.insert(name) {
            errors.duplicate(&field, name);
        }
    }
}

fn spread<'a>(constraint: &Value, mut rest: impl Iterator<Item = &'a Value>, path: &str, errors: &mut Errors) {
    let skew = i64_at(constraint, "maxSkew").unwrap_or(0);
    if skew <= 0 {
        errors.invalid(&join(path, "maxSkew"), skew, "must be greater than zero");
    }
    let key = text_at(constraint, "topologyKey");
    if key.is_empty() {
        errors.required(&join(path, "topologyKey"), "can not be empty");
    }
    let action = text_at(constraint, "whenUnsatisfiable");
    if !matches!(action, "DoNotSchedule" | "ScheduleAnyway") {
        errors.unsupported(&join(path, "whenUnsatisfiable"), action, &["DoNotSchedule", "ScheduleAnyway"]);
    }
    if rest.any(|other| text_at(other, "topologyKey") == key && text_at(other, "whenUnsatisfiable") == action) {
        errors.duplicate(&join(path, "{topologyKey, whenUnsatisfiable}"), format!("{{{key}, {action}}}"));
    }
    if let Some(domains) = i64_at(constraint, "minDomains") {
        if domains <= 0 {
            errors.invalid(&join(path, "minDomains"), domains, "must be greater than zero");
        }
        if action != "DoNotSchedule" {
            let text = format!("can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {action}");
            errors.invalid(&join(path, "minDomains"), domains, text);
        }
    }
    for field in ["nodeAffinityPolicy", "nodeTaintsPolicy"] {
        one_of(constraint, field, path, &["Honor", "Ignore"], false, errors);
    }
    label_keys(constraint, path, errors);
    if let Some(selector) = at(constraint, "labelSelector") {
        label_selector(selector, &join(path, "labelSelector"), errors);
    }
}

/// The labels whose values a Pod must share, or not share, with others.
fn label_keys(term: &Value, path: &str, errors: &mut Errors) {
    let selector = at(term, "labelSelector").filter(|selector| !selector.is_null());
    let keys = |list: &str| items_at(term, list).iter().filter_map(Value::as_str).enumerate();
    for list in ["matchLabelKeys", "mismatchLabelKeys"] {
        if selector.is_none() && keys(list).next().is_some() {
            errors.forbidden(&join(path, list), "must not be specified when labelSelector is not set");
            continue;
        }
        for (number, key) in keys(list) {
            errors.each(&nth(&join(path, list), number), key, names::qualified_name(key));
        }
    }
    for (number, key) in keys("matchLabelKeys") {
        if keys("mismatchLabelKeys").any(|(_, other)| other == key) {
            let field = nth(&join(path, "matchLabelKeys"), number);
            errors.invalid(&field, key, "exists in both matchLabelKeys and mismatchLabelKeys");
        }
    }
}

/// A toleration at `path`.
pub fn toleration(toleration: &Value, path: &str, errors: &mut Errors) {
    let (key, operator, effect) = (text_at(toleration, "key"), text_at(toleration, "operator"), text_at(toleration, "effect"));
    if !key.is_empty() {
        errors.each(&join(path, "key"), key, names::qualified_name(key));
    }
    if key.is_empty() && operator != "Exists" {
        let text = "operator must be Exists when `key` is empty, which means \"match all values and all keys\"";
        errors.invalid(&join(path, "operator"), operator, text);
    }
    if at(toleration, "tolerationSeconds").is_some_and(|seconds| !seconds.is_null()) && effect != "NoExecute" {
        errors.invalid(&join(path, "effect"), effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
    }
    let value = text_at(toleration, "value");
    match operator {
        "" | "Equal" => {
            let wrong = names::label_value(value);
            if !wrong.is_empty() {
                errors.invalid(&join(path, "operator"), value, wrong.join(";"));
            }
        }
        "Exists" if !value.is_empty() => {
            errors.invalid(&join(path, "operator"), value, "value must be empty when `operator` is 'Exists'");
        }
        "Exists" => {}
        "Lt" | "Gt" => errors.unsupported(&join(path, "operator"), operator, &["Equal", "Exists", "Lt", "Gt"]),
        other => errors.unsupported(&join(path, "operator"), other, &["Equal", "Exists"]),
    }
    if !effect.is_empty() && !matches!(effect, "NoSchedule" | "PreferNoSchedule" | "NoExecute") {
        errors.unsupported(&join(path, "effect"), effect, &["NoSchedule", "PreferNoSchedule", "NoExecute"]);
    }
}

/// The two halves of an affinity's field names.
const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

fn affinity(affinity: &Value, path: &str, errors: &mut Errors) {
    let node = join(path, "nodeAffinity");
    if let Some(required) = at(affinity, &["nodeAffinity/", REQUIRED].concat()).filter(|required| !required.is_null()) {
        node_selector(required, &join(&node, REQUIRED), errors);
    }
    for (number, term) in items_at(affinity, &["nodeAffinity/", PREFERRED].concat()).iter().enumerate() {
        let field = nth(&join(&node, PREFERRED), number);
        weight(term, &field, errors);
        node_term(at(term, "preference").unwrap_or(&Value::Null), false, &join(&field, "preference"), errors);
    }
    for kind in ["podAffinity", "podAntiAffinity"] {
        let base = join(path, kind);
        for (number, term) in items_at(affinity, &[kind, "/", REQUIRED].concat()).iter().enumerate() {
            pod_term(term, &nth(&join(&base, REQUIRED), number), errors);
        }
        for (number, term) in items_at(affinity, &[kind, "/", PREFERRED].concat()).iter().enumerate() {
            let field = nth(&join(&base, PREFERRED), number);
            weight(term, &field, errors);
            pod_term(at(term, "podAffinityTerm").unwrap_or(&Value::Null), &join(&field, "podAffinityTerm"), errors);
        }
    }
}

fn weight(term: &Value, path: &str, errors: &mut Errors) {
    let weight = i64_at(term, "weight").unwrap_or(0);
    if !(1..=100).contains(&weight) {
        errors.invalid(&join(path, "weight"), weight, "must be in the range 1-100");
    }
}

/// A NodeSelector (also of a PersistentVolume).
pub fn node_selector(selector: &Value, path: &str, errors: &mut Errors) {
    let terms = items_at(selector, "nodeSelectorTerms");
    let path = join(path, "nodeSelectorTerms");
    if terms.is_empty() {
        errors.required(&path, "must have at least one node selector term");
    }
    for (number, term) in terms.iter().enumerate() {
        node_term(term, true, &nth(&path, number), errors);
    }
}

/// A term of a NodeSelector; the values of one that is `needed` must be fit for labels.
fn node_term(term: &Value, needed: bool, path: &str, errors: &mut Errors) {
    for (number, expression) in items_at(term, "matchExpressions").iter().enumerate() {
        let field = nth(&join(path, "matchExpressions"), number);
        let values = items_at(expression, "values");
        match text_at(expression, "operator") {
            "In" | "NotIn" if values.is_empty() => {
                errors.required(&join(&field, "values"), "must be specified when `operator` is 'In' or 'NotIn'");
            }
            "Exists" | "DoesNotExist" if !values.is_empty() => {
                errors.forbidden(&join(&field, "values"), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
            }
            "Gt" | "Lt" if values.len() != 1 => {
                errors.required(&join(&field, "values"), "must be specified single value when `operator` is 'Lt' or 'Gt'");
            }
            "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt" => {}
            other => errors.invalid(&join(&field, "operator"), other, "not a valid selector operator"),
        }
        let key = text_at(expression, "key");
        errors.each(&join(&field, "key"), key, names::qualified_name(key));
        for (index, value) in values.iter().filter_map(Value::as_str).enumerate().filter(|_| needed) {
            errors.each(&nth(&join(&field, "values"), index), value, names::label_value(value));
        }
    }
    for (number, expression) in items_at(term, "matchFields").iter().enumerate() {
        node_field(expression, &nth(&join(path, "matchFields"), number), errors);
    }
}

/// An expression about a field of a Node, of which only the name can be chosen.
fn node_field(expression: &Value, path: &str, errors: &mut Errors) {
    let values = items_at(expression, "values");
    match text_at(expression, "operator") {
        "In" | "NotIn" if values.len() != 1 => {
            let text = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
            errors.required(&join(path, "values"), text);
        }
        "In" | "NotIn" => {}
        other => errors.invalid(&join(path, "operator"), other, "not a valid selector operator"),
    }
    let key = text_at(expression, "key");
    if key != "metadata.name" {
        return errors.invalid(&join(path, "key"), key, "not a valid field selector key");
    }
    for (index, value) in values.iter().filter_map(Value::as_str).enumerate() {
        errors.each(&nth(&join(path, "values"), index), value, names::dns_subdomain(value));
    }
}

fn pod_term(term: &Value, path: &str, errors: &mut Errors) {
    for field in ["labelSelector", "namespaceSelector"] {
        if let Some(selector) = at(term, field) {
            label_selector(selector, &join(path, field), errors);
        }
    }
    for name in items_at(term, "namespaces").iter().filter_map(Value::as_str) {
        errors.each(&join(path, "namespace"), name, names::dns_label(name));
    }
    label_keys(term, path, errors);
    let key = text_at(term, "topologyKey");
    if key.is_empty() {
        errors.required(&join(path, "topologyKey"), "can not be empty");
    }
    errors.each(&join(path, "topologyKey"), key, names::qualified_name(key));
}
