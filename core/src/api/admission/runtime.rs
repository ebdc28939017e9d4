//! RuntimeClasses: a Pod that names one gets its overhead and goes where it is.
//! Models kubernetes `plugin/pkg/admission/runtimeclass`.

use alloc::string::ToString;
use serde_json::Value;

use crate::api::server::Api;
use crate::api::status::Status;
use crate::object::Object;
use crate::object::resources::PODS;
use crate::object::value::{map_at, set};

const RUNTIME_CLASSES: &str = "runtimeclasses.node.k8s.io";

/// Takes over what the Pod's class says.
///
/// # Errors
/// `Forbidden` when there is no such class, or when the Pod asks for another overhead or another node.
pub fn admit(api: &Api, pod: &mut Object) -> Result<(), Status> {
    let name = pod.text_at("/spec/runtimeClassName").to_string();
    let refused = |pod: &Object, why: &str| Err(Status::forbidden(PODS, pod.name(), why));
    if name.is_empty() {
        let overhead = pod.at("/spec/overhead").is_some_and(|overhead| overhead.as_object().is_some_and(|map| !map.is_empty()));
        let text = "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead";
        return if overhead { refused(pod, text) } else { Ok(()) };
    }
    let Some(class) = api.find(RUNTIME_CLASSES, "", &name).cloned() else {
        return refused(pod, &alloc::format!("pod rejected: RuntimeClass \"{name}\" not found"));
    };
    if let Some(fixed) = class.at("/overhead/podFixed") {
        if pod.at("/spec/overhead").is_some_and(|given| given != fixed) {
            return refused(pod, "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
        }
        set(pod.field_mut("spec"), "overhead", fixed.clone());
    }
    let labels = class.at("/scheduling/nodeSelector").and_then(Value::as_object);
    for (label, value) in labels.into_iter().flatten() {
        let spec = pod.field_mut("spec");
        if map_at(spec, "nodeSelector").and_then(|own| own.get(label)).is_some_and(|own| own != value) {
            let text = "conflict: runtimeClass.scheduling.nodeSelector[{label}] = {value}; pod.spec.nodeSelector[{label}] = {own}";
            let own = map_at(spec, "nodeSelector").and_then(|own| own.get(label)).and_then(Value::as_str).unwrap_or_default();
            let text = text.replace("{label}", label).replace("{value}", value.as_str().unwrap_or_default()).replace("{own}", own);
            return refused(pod, &text);
        }
        if let Some(spec) = spec.as_object_mut() {
            let selector = spec.entry("nodeSelector").or_insert_with(|| serde_json::json!({}));
            selector.as_object_mut().map(|selector| selector.insert(label.clone(), value.clone()));
        }
    }
    Ok(())
}
