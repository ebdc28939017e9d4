//! What controllers ask of Pods and do with them: ready, available, active; making one from a template.

use alloc::rc::Rc;
use alloc::string::{String, ToString};
use serde_json::{Value, json};

use crate::api::{Api, Status};
use crate::object::resources::PODS;
use crate::object::value::{self, at, text_at};
use crate::object::{Object, OwnerReference};
use crate::text::timestamp;

/// Whether a Pod is neither over nor on its way out. Models `pkg/controller` IsPodActive.
pub fn is_active(pod: &Object) -> bool {
    !is_over(pod) && !pod.is_deleting()
}

/// Whether a Pod has ended: Succeeded or Failed.
pub fn is_over(pod: &Object) -> bool {
    matches!(pod.text_at("/status/phase"), "Succeeded" | "Failed")
}

/// Whether a Pod is being deleted but has not ended. Models `pkg/controller` IsPodTerminating.
pub fn is_terminating(pod: &Object) -> bool {
    !is_over(pod) && pod.is_deleting()
}

/// A condition of a Pod (or any object with conditions).
pub fn condition<'a>(object: &'a Object, kind: &str) -> Option<&'a Value> {
    object.items_at("/status/conditions").iter().find(|c| text_at(c, "type") == kind)
}

/// Whether a Pod's condition Ready is True.
pub fn is_ready(pod: &Object) -> bool {
    condition(pod, "Ready").is_some_and(|c| text_at(c, "status") == "True")
}

/// When a Pod last became ready, in wall-clock milliseconds. `None` while it is not ready.
pub fn ready_since(pod: &Object) -> Option<i64> {
    condition(pod, "Ready")
        .filter(|c| text_at(c, "status") == "True")
        .map(|c| timestamp::parse_rfc3339_ms(text_at(c, "lastTransitionTime")).unwrap_or_default())
}

/// Whether a Pod has been ready for `min_ready_s` seconds at the wall-clock time `now_ms`.
pub fn is_available(pod: &Object, min_ready_s: i64, now_ms: i64) -> bool {
    match ready_since(pod) {
        None => false,
        Some(since) => min_ready_s <= 0 || (since > 0 && since.saturating_add(min_ready_s.saturating_mul(1000)) <= now_ms),
    }
}

/// The largest restart count of a Pod's containers.
pub fn most_restarts(pod: &Object) -> i64 {
    pod.items_at("/status/containerStatuses").iter().filter_map(|s| value::i64_at(s, "restartCount")).max().unwrap_or(0)
}

/// A Pod from a controller's template, not stored yet: labels, annotations, finalizers and spec are the template's.
/// Models `pkg/controller` GetPodFromTemplate.
pub fn from_template(api: &Api, template: &Value, namespace: &str, owner: &Object) -> Option<Object> {
    let mut pod = api.new_object(PODS, namespace, "")?;
    pod.meta.set_extra("generateName", Value::from([owner.name(), "-"].concat()));
    for (k, v) in value::pairs_at(template, "/metadata/labels") {
        pod.meta.set_label(k, Some(v));
    }
    for (k, v) in value::pairs_at(template, "/metadata/annotations") {
        pod.meta.set_annotation(k, Some(v));
    }
    pod.meta.finalizers =
        value::items_at(template, "/metadata/finalizers").iter().filter_map(|f| f.as_str().map(ToString::to_string)).collect();
    pod.meta.owners = [owner.as_controller()].into();
    pod.set("/spec", at(template, "/spec").cloned().unwrap_or_else(|| json!({})));
    Some(pod)
}

/// Sends a Pod through admission into the store. The name is given here so that refusals name it.
///
/// # Errors
/// Whatever the API server refuses: quota, a namespace that is going, a name that is taken.
pub fn create(api: &mut Api, pod: Object) -> Result<Rc<Object>, Status> {
    api.create_made(pod)
}

/// Whether an owner reference means this object.
pub fn is_same_owner(reference: &OwnerReference, owner: &Object) -> bool {
    reference.uid == *owner.meta.uid
}

/// A number from an IntOrString: `percent_of` is what a percentage is of. Models `util/intstr`.
pub fn int_or_percent(value: Option<&Value>, percent_of: i64, round_up: bool) -> Option<i64> {
    match value? {
        Value::Number(n) => n.as_i64(),
        Value::String(s) => {
            let percent: i64 = s.strip_suffix('%')?.parse().ok()?;
            let product = percent.saturating_mul(percent_of);
            Some(if round_up { product.saturating_add(99).div_euclid(100) } else { product.div_euclid(100) })
        }
        _ => None,
    }
}

/// The text of a name made of an owner's name and a hash.
pub fn joined(owner: &str, suffix: &str) -> String {
    [owner, "-", suffix].concat()
}
