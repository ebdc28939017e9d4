//! What a Pod asks for and may use in all, and the class that follows. Models kubernetes `pkg/api/v1/resource` and
//! `pkg/apis/core/helper/qos`.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use serde_json::{Value, json};

use crate::api::binding::{Condition, set_condition};
use crate::object::Object;
use crate::object::quantity::Quantity;
use crate::object::value::{items_at, pairs_at, set_default, text_at};

/// Amounts by name of resource.
pub type Amounts = BTreeMap<String, Quantity>;

/// The amounts of a map of quantities.
pub fn amounts(holder: &Value, path: &str) -> Amounts {
    pairs_at(holder, path).filter_map(|(name, text)| Some((name.to_string(), Quantity::parse(text).ok()?))).collect()
}

/// Adds amounts.
pub fn add(into: &mut Amounts, more: &Amounts) {
    for (name, amount) in more {
        let sum = into.get(name).map_or(*amount, |had| had.plus(*amount));
        into.insert(name.clone(), sum);
    }
}

/// What a Pod's containers need together of `requests` or `limits`: those that run together summed, and at least what
/// the greediest init container needs.
pub fn of_pod(spec: &Value, kind: &str) -> Amounts {
    let path = ["resources/", kind].concat();
    let mut sum = Amounts::new();
    for container in items_at(spec, "containers") {
        add(&mut sum, &amounts(container, &path));
    }
    let mut sidecars = Amounts::new();
    let mut peak = Amounts::new();
    for container in items_at(spec, "initContainers") {
        let own = amounts(container, &path);
        if text_at(container, "restartPolicy") == "Always" {
            add(&mut sidecars, &own);
            raise(&mut peak, &sidecars);
        } else {
            let mut now = sidecars.clone();
            add(&mut now, &own);
            raise(&mut peak, &now);
        }
    }
    add(&mut sum, &sidecars);
    raise(&mut sum, &peak);
    add(&mut sum, &amounts(spec, "overhead"));
    sum
}

fn raise(into: &mut Amounts, to: &Amounts) {
    for (name, amount) in to {
        if into.get(name).is_none_or(|had| had < amount) {
            into.insert(name.clone(), *amount);
        }
    }
}

/// `Guaranteed`, `Burstable` or `BestEffort`.
pub fn qos_class(spec: &Value) -> &'static str {
    let (mut any, mut guaranteed) = (false, true);
    for list in ["containers", "initContainers"] {
        for container in items_at(spec, list) {
            let (requests, limits) = (amounts(container, "resources/requests"), amounts(container, "resources/limits"));
            for name in ["cpu", "memory"] {
                let asked = requests.get(name).filter(|amount| !amount.is_zero());
                let allowed = limits.get(name).filter(|amount| !amount.is_zero());
                any |= asked.is_some() || allowed.is_some();
                guaranteed &= allowed.is_some() && asked.is_none_or(|asked| Some(asked) == allowed);
            }
        }
    }
    match (any, guaranteed) {
        (false, _) => "BestEffort",
        (true, true) => "Guaranteed",
        (true, false) => "Burstable",
    }
}

/// The status that a Pod begins with.
pub fn begin(pod: &mut Object, now: &str) {
    let class = pod.field("spec").map_or("BestEffort", qos_class);
    let status = pod.field_mut("status");
    if !status.is_object() {
        *status = json!({});
    }
    set_default(status, "phase", "Pending");
    set_default(status, "qosClass", class);
    if !pod.items_at("/spec/schedulingGates").is_empty() && pod.items_at("/status/conditions").is_empty() {
        let message = "Scheduling is blocked due to non-empty scheduling gates";
        set_condition(pod, &Condition { kind: "PodScheduled", status: "False", reason: "SchedulingGated", message }, now);
    }
}
