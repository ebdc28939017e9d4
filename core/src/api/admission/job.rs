//! A Job's selector and labels, made from its UID. Models kubernetes `pkg/registry/batch/job` PrepareForCreate.

use alloc::string::ToString;
use serde_json::{Value, json};

use crate::object::Object;
use crate::object::value::{at, at_mut, bool_at, set};

/// Labels the template and selects by the label, unless the selector is the owner's own affair.
pub fn select_own(job: &mut Object) {
    let (name, uid) = (job.name().to_string(), job.meta.uid.to_string());
    let spec = job.field_mut("spec");
    if bool_at(spec, "manualSelector") {
        return;
    }
    let labels = [
        ("batch.kubernetes.io/controller-uid", uid.as_str()),
        ("batch.kubernetes.io/job-name", name.as_str()),
        ("controller-uid", uid.as_str()),
        ("job-name", name.as_str()),
    ];
    if let Some(slot) = at_mut(spec, "/template/metadata/labels") {
        if !slot.is_object() {
            *slot = json!({});
        }
        if let Value::Object(map) = slot {
            for (key, value) in labels {
                map.insert(key.to_string(), value.into());
            }
        }
    }
    set(spec, "selector", json!({"matchLabels": {"batch.kubernetes.io/controller-uid": uid}}));
    let template = at(spec, "template/metadata/labels").cloned().unwrap_or(Value::Null);
    if job.meta.labels.is_empty() {
        for (key, value) in template.as_object().into_iter().flatten() {
            job.meta.set_label(key, value.as_str());
        }
    }
}
