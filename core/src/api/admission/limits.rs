//! LimitRanges: defaults for what containers leave open, and bounds. Models kubernetes `plugin/pkg/admission/limitranger`.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Map, Value};

use super::usage::{Amounts, amounts, of_pod};
use crate::api::server::Api;
use crate::api::status::Status;
use crate::object::Object;
use crate::object::quantity::Quantity;
use crate::object::resources::{LIMIT_RANGES, PODS};
use crate::object::value::{at_mut, items_at, pairs_at, text_at};

/// The note left on a Pod that got something.
const NOTE: &str = "kubernetes.io/limit-ranger";

/// Fills in requests and limits that containers leave open.
pub fn fill(api: &Api, pod: &mut Object) {
    let namespace = pod.namespace().to_string();
    let mut notes: Vec<String> = Vec::new();
    for range in api.list(LIMIT_RANGES, Some(&namespace)) {
        let items = range.items_at("/spec/limits").iter().filter(|item| text_at(item, "type") == "Container");
        for item in items {
            let spec = pod.field_mut("spec");
            for (list, word) in [("containers", "container"), ("initContainers", "init container")] {
                for container in spec.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
                    let name = text_at(container, "name").to_string();
                    for (kind, field) in [("request", "defaultRequest"), ("limit", "default")] {
                        let set = fill_one(container, &format!("/resources/{kind}s"), item, field);
                        if !set.is_empty() {
                            notes.push(format!("{} {kind} for {word} {name}", set.join(", ")));
                        }
                    }
                }
            }
        }
    }
    if !notes.is_empty() {
        pod.meta.set_annotation(NOTE, Some(&["LimitRanger plugin set: ", &notes.join("; ")].concat()));
    }
}

/// Returns the names of the resources that were open.
fn fill_one(container: &mut Value, path: &str, item: &Value, field: &str) -> Vec<String> {
    let mut set = Vec::new();
    if pairs_at(item, field).next().is_none() {
        return set;
    }
    let Some(slot) = at_mut(container, path) else { return set };
    if !slot.is_object() {
        *slot = Value::Object(Map::new());
    }
    if let Value::Object(map) = slot {
        for (name, amount) in pairs_at(item, field).filter(|(name, _)| !map.contains_key(*name)).collect::<Vec<_>>() {
            map.insert(name.to_string(), amount.into());
            set.push(name.to_string());
        }
    }
    set
}

/// Refuses what is out of bounds.
pub fn check(api: &Api, object: &Object) -> Result<(), Status> {
    let namespace = object.namespace();
    for range in api.list(LIMIT_RANGES, Some(namespace)) {
        let mut wrong: Vec<String> = Vec::new();
        for item in range.items_at("/spec/limits") {
            let empty = Value::Null;
            let spec = object.field("spec").unwrap_or(&empty);
            let kind = text_at(item, "type");
            match (kind, object.ty.resource == PODS) {
                ("Container", true) => {
                    for container in items_at(spec, "containers").iter().chain(items_at(spec, "initContainers")) {
                        let (requests, limits) = (amounts(container, "resources/requests"), amounts(container, "resources/limits"));
                        bounds(item, kind, &requests, &limits, &mut wrong);
                    }
                }
                ("Pod", true) => bounds(item, kind, &of_pod(spec, "requests"), &of_pod(spec, "limits"), &mut wrong),
                ("PersistentVolumeClaim", false) => {
                    claim_bounds(item, &amounts(spec, "resources/requests"), &mut wrong);
                }
                _ => {}
            }
        }
        if !wrong.is_empty() {
            wrong.dedup();
            let why = match wrong.as_slice() {
                [one] => one.clone(),
                many => format!("[{}]", many.join(", ")),
            };
            return Err(Status::forbidden(&object.ty.resource, object.name(), &why));
        }
    }
    Ok(())
}

fn bounds(item: &Value, kind: &str, requests: &Amounts, limits: &Amounts, wrong: &mut Vec<String>) {
    for (name, least) in amounts(item, "min") {
        let text = format!("minimum {name} usage per {kind} is {}", least.print());
        match (requests.get(&name), limits.get(&name)) {
            (None, _) => wrong.push(format!("{text}.  No request is specified")),
            (Some(request), _) if *request < least => wrong.push(format!("{text}, but request is {}", request.print())),
            (_, Some(limit)) if *limit < least => wrong.push(format!("{text}, but limit is {}", limit.print())),
            _ => {}
        }
    }
    for (name, most) in amounts(item, "max") {
        let text = format!("maximum {name} usage per {kind} is {}", most.print());
        match (requests.get(&name), limits.get(&name)) {
            (_, None) => wrong.push(format!("{text}.  No limit is specified")),
            (_, Some(limit)) if *limit > most => wrong.push(format!("{text}, but limit is {}", limit.print())),
            (Some(request), _) if *request > most => wrong.push(format!("{text}, but request is {}", request.print())),
            _ => {}
        }
    }
    for (name, ratio) in amounts(item, "maxLimitRequestRatio") {
        ratio_bound(&name, &ratio, kind, requests.get(&name), limits.get(&name), wrong);
    }
}

fn ratio_bound(name: &str, ratio: &Quantity, kind: &str, request: Option<&Quantity>, limit: Option<&Quantity>, wrong: &mut Vec<String>) {
    let text = format!("{name} max limit to request ratio per {kind} is {}", ratio.print());
    match (request.filter(|request| !request.is_zero()), limit.filter(|limit| !limit.is_zero())) {
        (None, _) => wrong.push(format!("{text}, but no request is specified or request is 0")),
        (_, None) => wrong.push(format!("{text}, but no limit is specified or limit is 0")),
        (Some(request), Some(limit)) => {
            let provided = limit.as_f64() / request.as_f64();
            if provided > ratio.as_f64() {
                wrong.push(format!("{text}, but provided ratio is {provided:.6}"));
            }
        }
    }
}

/// A claim has only requests.
fn claim_bounds(item: &Value, requests: &Amounts, wrong: &mut Vec<String>) {
    const KIND: &str = "PersistentVolumeClaim";
    for (name, least) in amounts(item, "min") {
        if let Some(request) = requests.get(&name).filter(|request| **request < least) {
            wrong.push(format!("minimum {name} usage per {KIND} is {}, but request is {}", least.print(), request.print()));
        }
    }
    for (name, most) in amounts(item, "max") {
        if let Some(request) = requests.get(&name).filter(|request| **request > most) {
            wrong.push(format!("maximum {name} usage per {KIND} is {}, but request is {}", most.print(), request.print()));
        }
    }
}
