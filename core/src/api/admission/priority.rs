//! A Pod's priority, and how long it stays on a node that is lost. Models kubernetes `plugin/pkg/admission/priority`
//! and `defaulttolerationseconds`.

use alloc::string::ToString;
use serde_json::{Value, json};

use crate::api::server::Api;
use crate::api::status::Status;
use crate::object::Object;
use crate::object::resources::{PODS, PRIORITY_CLASSES};
use crate::object::value::{at, items_at, set, set_default, text_at};

/// Seconds for which a Pod stays on a node that is not ready or unreachable.
const LOST_S: i64 = 300;

/// Turns the class's name into a number.
pub fn admit(api: &Api, pod: &mut Object) -> Result<(), Status> {
    let name = pod.text_at("/spec/priorityClassName").to_string();
    let class = if name.is_empty() {
        api.list(PRIORITY_CLASSES, None).find(|class| class.bool_at("/globalDefault")).cloned()
    } else {
        let Some(class) = api.find(PRIORITY_CLASSES, "", &name) else {
            return Err(Status::forbidden(PODS, pod.name(), &alloc::format!("no PriorityClass with name {name} was found")));
        };
        Some(class.clone())
    };
    let value = class.as_ref().and_then(|class| class.i64_at("/value")).unwrap_or(0);
    let given = pod.i64_at("/spec/priority");
    if given.is_some_and(|given| given != value) {
        let why = alloc::format!(
            "the integer value of priority ({}) must not be provided in pod spec; priority admission controller computed {value} from the given PriorityClass name",
            given.unwrap_or(0)
        );
        return Err(Status::forbidden(PODS, pod.name(), &why));
    }
    let policy = class.as_ref().map(|class| class.text_at("/preemptionPolicy").to_string()).filter(|policy| !policy.is_empty());
    let spec = pod.field_mut("spec");
    if let Some(class) = class.filter(|_| name.is_empty()) {
        set(spec, "priorityClassName", class.name());
    }
    set(spec, "priority", value);
    set_default(spec, "preemptionPolicy", policy.as_deref().unwrap_or("PreemptLowerPriority"));
    Ok(())
}

/// Only one class may be the default.
pub fn one_default(api: &Api, class: &Object) -> Result<(), Status> {
    let other = |known: &&alloc::rc::Rc<Object>| known.bool_at("/globalDefault") && known.name() != class.name();
    match api.list(PRIORITY_CLASSES, None).find(other) {
        Some(known) if class.bool_at("/globalDefault") => {
            let why = alloc::format!("PriorityClass {} is already marked as default. Only one default can exist", known.name());
            Err(Status::forbidden(PRIORITY_CLASSES, class.name(), &why))
        }
        _ => Ok(()),
    }
}

/// Adds the two tolerations that every Pod has for a while.
pub fn tolerate_lost_nodes(pod: &mut Object) {
    let spec = pod.field_mut("spec");
    for key in ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"] {
        let tolerated = items_at(spec, "tolerations").iter().any(|toleration| {
            matches!(text_at(toleration, "effect"), "" | "NoExecute")
                && (text_at(toleration, "key") == key || text_at(toleration, "key").is_empty())
        });
        if tolerated {
            continue;
        }
        if at(spec, "tolerations").is_none_or(|list| !list.is_array()) {
            set(spec, "tolerations", json!([]));
        }
        if let Some(list) = spec.get_mut("tolerations").and_then(Value::as_array_mut) {
            list.push(json!({"key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": LOST_S}));
        }
    }
}
