//! Validation of Deployment, ReplicaSet, ReplicationController, DaemonSet and StatefulSet.
//! Models kubernetes `pkg/apis/apps/validation`.

use alloc::vec::Vec;
use serde_json::{Value, json};

use super::common::{
    IMMUTABLE, at_most_all, in_go_order, int_or_percent, is_zero, label_selector, needed, not_negative, one_of, selects, selects_everything,
};
use super::field::{Errors, Shown, join, nth};
use super::{internal, pod};
use crate::object::names;
use crate::object::selector::Selector;
use crate::object::value::{at, i64_at, items_at, map_at, pairs_at, set, text_at};

/// The labels of a template as the text of an error shows them.
fn template_labels(template: &Value) -> Value {
    at(template, "metadata/labels").cloned().unwrap_or(Value::Null)
}

/// The selector and the template it must match.
fn selector_and_template(spec: &Value, empty_text: &str, claims: bool, errors: &mut Errors) {
    let selector = at(spec, "selector").filter(|selector| !selector.is_null());
    // A DaemonSet without a selector only does not match its template.
    match selector {
        None if empty_text.ends_with("daemonset") => {}
        None => errors.required("spec.selector", ""),
        Some(selector) => {
            label_selector(selector, "spec.selector", errors);
            if selects_everything(selector) {
                errors.invalid_raw("spec.selector", in_go_order("LabelSelector", selector), empty_text);
            }
        }
    }
    let empty = Value::Null;
    let template = at(spec, "template").unwrap_or(&empty);
    if let Some(selector) = selector.filter(|selector| Selector::from_label_selector(Some(selector)).is_err()) {
        let text = if claims { "" } else { "invalid label selector" };
        errors.invalid_raw("spec.selector", in_go_order("LabelSelector", selector), text);
        return;
    }
    if !selector.is_some_and(selects_everything) && !selects(selector, map_at(template, "metadata/labels")) {
        errors.invalid("spec.template.metadata.labels", template_labels(template), "`selector` does not match template `labels`");
    }
    let path = "spec.template";
    match claims {
        true => pod::template(&with_claims(spec, template), path, errors),
        false => pod::template(template, path, errors),
    }
    let kind = match empty_text.rsplit(' ').next() {
        Some("daemonset") => "DaemonSet",
        Some("statefulset") => "StatefulSet",
        _ => "ReplicaSet",
    };
    always(template, path, kind, errors);
}

/// A template with the volumes that its Pods get for their claims, which stand before all others and take their names.
/// Models volumesToAddForTemplates.
fn with_claims(spec: &Value, template: &Value) -> Value {
    let claims = items_at(spec, "volumeClaimTemplates").iter().map(|claim| text_at(claim, "metadata/name"));
    let mut volumes: Vec<Value> = Vec::new();
    for name in claims {
        if !volumes.iter().any(|volume| text_at(volume, "name") == name) {
            volumes.push(json!({"name": name, "persistentVolumeClaim": {"claimName": name}}));
        }
    }
    let count = volumes.len();
    for volume in items_at(template, "spec/volumes") {
        if !volumes.iter().take(count).any(|claim| text_at(claim, "name") == text_at(volume, "name")) {
            volumes.push(volume.clone());
        }
    }
    let mut template = template.clone();
    if !volumes.is_empty() {
        set(&mut template, "/spec/volumes", Value::Array(volumes));
    }
    template
}

/// A template whose Pods are kept running by a kind of object.
fn always(template: &Value, path: &str, kind: &str, errors: &mut Errors) {
    let policy = text_at(template, "spec/restartPolicy");
    if policy != "Always" && !policy.is_empty() {
        errors.unsupported(&join(path, "spec.restartPolicy"), policy, &["Always"]);
    }
    if at(template, "spec/activeDeadlineSeconds").is_some_and(|value| !value.is_null()) {
        let text = ["activeDeadlineSeconds in ", kind, " is not Supported"].concat();
        errors.forbidden(&join(path, "spec.activeDeadlineSeconds"), text);
    }
}

/// A Deployment.
pub fn deployment(object: &Value, errors: &mut Errors) {
    let empty = Value::Null;
    let spec = at(object, "spec").unwrap_or(&empty);
    not_negative(spec, "replicas", "spec", errors);
    selector_and_template(spec, "empty selector is invalid for deployment", false, errors);
    let strategy = at(spec, "strategy").unwrap_or(&empty);
    let rolling = at(strategy, "rollingUpdate").filter(|rolling| !rolling.is_null());
    match (text_at(strategy, "type"), rolling) {
        ("Recreate", Some(_)) => {
            errors.forbidden("spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'");
        }
        ("Recreate", None) => {}
        ("RollingUpdate", None) => errors.required("spec.strategy.rollingUpdate", "this should be defaulted and never be nil"),
        ("RollingUpdate", Some(rolling)) => rolling_update(rolling, "spec.strategy.rollingUpdate", errors),
        _ => unknown_strategy("DeploymentStrategy", strategy, "spec.strategy", &["Recreate", "RollingUpdate"], errors),
    }
    for field in ["minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds"] {
        not_negative(spec, field, "spec", errors);
    }
    let deadline = i64_at(spec, "progressDeadlineSeconds");
    if let Some(deadline) = deadline.filter(|deadline| *deadline <= i64_at(spec, "minReadySeconds").unwrap_or(0)) {
        errors.invalid("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds");
    }
}

/// A strategy of no known type, which is shown as a whole.
fn unknown_strategy(def: &str, strategy: &Value, path: &str, allowed: &[&str], errors: &mut Errors) {
    errors.unsupported(path, "", allowed);
    if let Some(error) = errors.0.last_mut() {
        error.value = Shown::Raw(internal::internal(def, strategy));
    }
}

fn rolling_update(rolling: &Value, path: &str, errors: &mut Errors) {
    int_or_percent(rolling, "maxUnavailable", path, errors);
    int_or_percent(rolling, "maxSurge", path, errors);
    if is_zero(at(rolling, "maxUnavailable")) && is_zero(at(rolling, "maxSurge")) {
        let value = at(rolling, "maxUnavailable").cloned().unwrap_or(Value::Null);
        errors.invalid(&join(path, "maxUnavailable"), value, "may not be 0 when `maxSurge` is 0");
    }
    at_most_all(rolling, "maxUnavailable", path, errors);
}

/// What may not change in a Deployment, ReplicaSet or DaemonSet: its selector.
pub fn selector_update(new: &Value, old: &Value, errors: &mut Errors) {
    let selector = |object: &Value| at(object, "spec/selector").cloned().unwrap_or(Value::Null);
    let (now, before) = (selector(new), selector(old));
    if now != before {
        errors.invalid_raw("spec.selector", in_go_order("LabelSelector", &now), IMMUTABLE);
    }
}

/// A ReplicaSet.
pub fn replica_set(object: &Value, errors: &mut Errors) {
    let empty = Value::Null;
    let spec = at(object, "spec").unwrap_or(&empty);
    not_negative(spec, "replicas", "spec", errors);
    not_negative(spec, "minReadySeconds", "spec", errors);
    selector_and_template(spec, "empty selector is invalid for deployment", false, errors);
}

/// A ReplicationController.
pub fn replication_controller(object: &Value, errors: &mut Errors) {
    let empty = Value::Null;
    let spec = at(object, "spec").unwrap_or(&empty);
    not_negative(spec, "minReadySeconds", "spec", errors);
    if map_at(spec, "selector").is_none_or(|selector| selector.is_empty()) {
        errors.required("spec.selector", "");
    }
    not_negative(spec, "replicas", "spec", errors);
    let template = at(spec, "template").unwrap_or(&empty);
    if template.is_null() {
        errors.required("spec.template", "");
        return;
    }
    let labels = map_at(template, "metadata/labels");
    let matches = |(key, value): (&str, &str)| labels.and_then(|labels| labels.get(key)).and_then(Value::as_str) == Some(value);
    if !pairs_at(spec, "selector").all(matches) {
        errors.invalid("spec.template.metadata.labels", template_labels(template), "`selector` does not match template `labels`");
    }
    pod::template(template, "spec.template", errors);
    always(template, "spec.template", "ReplicationController", errors);
}

/// A DaemonSet.
pub fn daemon_set(object: &Value, errors: &mut Errors) {
    let empty = Value::Null;
    let spec = at(object, "spec").unwrap_or(&empty);
    selector_and_template(spec, "empty selector is invalid for daemonset", false, errors);
    not_negative(spec, "minReadySeconds", "spec", errors);
    let strategy = at(spec, "updateStrategy").unwrap_or(&empty);
    let rolling = at(strategy, "rollingUpdate").filter(|rolling| !rolling.is_null());
    match (text_at(strategy, "type"), rolling) {
        ("OnDelete", _) => {}
        ("RollingUpdate", None) => errors.required("spec.updateStrategy.rollingUpdate", ""),
        ("RollingUpdate", Some(rolling)) => daemon_rolling(rolling, errors),
        _ => unknown_strategy("DaemonSetUpdateStrategy", strategy, "spec.updateStrategy", &["RollingUpdate", "OnDelete"], errors),
    }
    not_negative(spec, "revisionHistoryLimit", "spec", errors);
}

fn daemon_rolling(rolling: &Value, errors: &mut Errors) {
    let path = "spec.updateStrategy.rollingUpdate";
    for check in [int_or_percent, at_most_all] {
        ["maxUnavailable", "maxSurge"].iter().for_each(|field| check(rolling, field, path, errors));
    }
    let zero = |field: &str| at(rolling, field).is_none_or(|value| is_zero(Some(value)));
    match (zero("maxUnavailable"), zero("maxSurge")) {
        (false, false) => {
            let value = at(rolling, "maxSurge").cloned().unwrap_or(Value::Null);
            errors.invalid(&join(path, "maxSurge"), value, "may not be set when maxUnavailable is non-zero");
        }
        (true, true) => errors.required(&join(path, "maxUnavailable"), "cannot be 0 when maxSurge is 0"),
        _ => {}
    }
}

/// A StatefulSet.
pub fn stateful_set(object: &Value, errors: &mut Errors) {
    let empty = Value::Null;
    let spec = at(object, "spec").unwrap_or(&empty);
    if needed(spec, "podManagementPolicy", "spec", errors) && !matches!(text_at(spec, "podManagementPolicy"), "OrderedReady" | "Parallel") {
        let policy = text_at(spec, "podManagementPolicy");
        errors.invalid("spec.podManagementPolicy", policy, "must be 'OrderedReady' or 'Parallel'");
    }
    match text_at(spec, "updateStrategy/type") {
        "" => errors.required("spec.updateStrategy", ""),
        "OnDelete" if at(spec, "updateStrategy/rollingUpdate").is_some_and(|rolling| !rolling.is_null()) => {
            let text = "only allowed for updateStrategy 'RollingUpdate'";
            let shown = internal::internal("RollingUpdateStatefulSetStrategy", at(spec, "updateStrategy/rollingUpdate").unwrap_or(&empty));
            errors.invalid_raw("spec.updateStrategy.rollingUpdate", shown, text);
        }
        "OnDelete" => {}
        "RollingUpdate" => {
            let path = "spec.updateStrategy.rollingUpdate";
            let rolling = at(spec, "updateStrategy/rollingUpdate").unwrap_or(&empty);
            not_negative(rolling, "partition", path, errors);
            int_or_percent(rolling, "maxUnavailable", path, errors);
            if is_zero(at(rolling, "maxUnavailable")) {
                let value = at(rolling, "maxUnavailable").cloned().unwrap_or(Value::Null);
                errors.invalid(&join(path, "maxUnavailable"), value, "cannot be 0");
            }
            at_most_all(rolling, "maxUnavailable", path, errors);
        }
        _ => {
            let shown = internal::internal("StatefulSetUpdateStrategy", at(spec, "updateStrategy").unwrap_or(&empty));
            errors.invalid_raw("spec.updateStrategy", shown, "must be 'RollingUpdate' or 'OnDelete'");
        }
    }
    let retention = at(spec, "persistentVolumeClaimRetentionPolicy").unwrap_or(&empty);
    for field in ["whenDeleted", "whenScaled"] {
        one_of(retention, field, "spec.persistentVolumeClaimRetentionPolicy", &["Retain", "Delete"], false, errors);
    }
    not_negative(spec, "replicas", "spec", errors);
    not_negative(spec, "minReadySeconds", "spec", errors);
    not_negative(at(spec, "ordinals").unwrap_or(&empty), "start", "spec.ordinals", errors);
    let service = text_at(spec, "serviceName");
    if !service.is_empty() {
        errors.each("spec.serviceName", service, names::dns_label(service));
    }
    selector_and_template(spec, "empty selector is invalid for statefulset", true, errors);
    for (number, claim) in items_at(spec, "volumeClaimTemplates").iter().enumerate() {
        let path = join(&nth("spec.volumeClaimTemplates", number), "spec");
        super::storage::claim_spec(at(claim, "spec").unwrap_or(&empty), &path, errors);
    }
}

/// Takes back what a changed StatefulSet may keep: the name of its service, its claims, and a template that was made
/// before it was looked at as strictly.
pub fn spare_stateful_set(old: &Value, errors: &mut Errors) {
    let kept = |field: &str| {
        let own = ["spec.template.spec.restartPolicy", "spec.template.spec.activeDeadlineSeconds"];
        field.starts_with("spec.template.") && !own.contains(&field)
    };
    errors.0.retain(|error| error.field != "spec.serviceName" && !error.field.starts_with("spec.volumeClaimTemplates"));
    if errors.0.iter().any(|error| kept(&error.field)) {
        let mut before = Errors::default();
        stateful_set(old, &mut before);
        before.0.retain(|error| error.field != "spec.serviceName" && !error.field.starts_with("spec.volumeClaimTemplates"));
        if !before.is_empty() {
            errors.0.retain(|error| !kept(&error.field));
        }
    }
}

/// What may change in a StatefulSet.
pub fn stateful_set_update(new: &Value, old: &Value, errors: &mut Errors) {
    const FREE: &[&str] = &[
        "replicas",
        "ordinals",
        "template",
        "updateStrategy",
        "revisionHistoryLimit",
        "persistentVolumeClaimRetentionPolicy",
        "minReadySeconds",
    ];
    const TEXT: &str = "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
    let rest = |object: &Value| {
        let mut spec = at(object, "spec").cloned().unwrap_or(Value::Null);
        if let Value::Object(spec) = &mut spec {
            spec.retain(|key, _| !FREE.contains(&key.as_str()));
        }
        spec
    };
    if rest(new) != rest(old) {
        errors.forbidden("spec", TEXT);
    }
}
