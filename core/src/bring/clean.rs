//! An object as a log keeps it: without what the API server keeps for itself, and without what takes much room and says
//! little. Never: what it refers to.

use alloc::rc::Rc;
use alloc::string::String;

use serde_json::Value;

use crate::object::Object;
use crate::object::value::{items_at, text_at};
use crate::text::timestamp;

/// An annotation that is longer, in bytes, is left out.
const MAX_ANNOTATION: usize = 32 << 10;

/// Finalizers that somebody in the page's cluster takes away; others would keep objects for ever.
const FINALIZERS: [&str; 5] =
    ["kubernetes.io/pvc-protection", "kubernetes.io/pv-protection", "batch.kubernetes.io/job-tracking", "foregroundDeletion", "orphan"];

/// What is left out of a kind's body.
const WITHOUT: &[(&str, &[&str])] = &[
    ("Node", &["/status/images", "/status/volumesInUse", "/status/volumesAttached", "/status/config", "/spec/configSource"]),
    ("Service", &["/spec/healthCheckNodePort"]),
];

/// What is left out of each status of a container.
const OF_CONTAINERS: [&str; 5] = ["allocatedResources", "allocatedResourcesStatus", "resources", "user", "volumeMounts"];

/// Cleans an object.
pub fn clean(object: &mut Object) {
    let meta = &mut object.meta;
    (meta.uid, meta.resource_version) = ("".into(), 0);
    meta.owners = meta.owners.iter().cloned().map(|owner| crate::object::OwnerReference { uid: String::new(), ..owner }).collect();
    meta.finalizers = meta.finalizers.iter().filter(|f| FINALIZERS.contains(&f.as_str())).cloned().collect();
    if meta.annotations.values().any(|text| text.len() > MAX_ANNOTATION) {
        Rc::make_mut(&mut meta.annotations).retain(|_, text| text.len() <= MAX_ANNOTATION);
    }
    let extra = Rc::make_mut(&mut meta.extra);
    extra.retain(|key, _| key == "generateName");
    let kind = object.ty.kind.clone();
    for (_, paths) in WITHOUT.iter().filter(|(of, _)| *of == kind) {
        paths.iter().for_each(|path| drop(object.remove(path)));
    }
    for list in ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"] {
        if let Some(Value::Array(statuses)) = object.fields.get_mut("status").map(Rc::make_mut).and_then(|status| status.get_mut(list)) {
            for status in statuses.iter_mut().filter_map(Value::as_object_mut) {
                OF_CONTAINERS.iter().for_each(|field| drop(status.remove(*field)));
            }
        }
    }
}

/// The latest time that an object tells of, in wall-clock milliseconds.
pub fn latest(object: &Object) -> i64 {
    let time = |value: &Value, path: &str| timestamp::parse_rfc3339_ms(text_at(value, path)).unwrap_or(i64::MIN);
    let mut latest = object.meta.creation.unwrap_or(i64::MIN);
    let Some(status) = object.field("status") else { return latest };
    for condition in items_at(status, "conditions") {
        latest = latest.max(time(condition, "lastTransitionTime")).max(time(condition, "lastHeartbeatTime"));
    }
    for list in ["containerStatuses", "initContainerStatuses"] {
        for container in items_at(status, list) {
            for path in ["state/running/startedAt", "state/terminated/finishedAt", "lastState/terminated/finishedAt"] {
                latest = latest.max(time(container, path));
            }
        }
    }
    latest
}
