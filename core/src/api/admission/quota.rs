//! ResourceQuotas: what an object would use, and whether there is that much left. Models kubernetes
//! `plugin/pkg/admission/resourcequota` and `pkg/quota/v1/evaluator/core`.

use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Map, Value, json};

use super::usage::{Amounts, add, amounts, of_pod, qos_class};
use crate::api::server::Api;
use crate::api::status::Status;
use crate::arrange::Arrange;
use crate::object::Object;
use crate::object::quantity::{Format, Quantity};
use crate::object::resources::{PERSISTENT_VOLUME_CLAIMS, PODS, RESOURCE_QUOTAS, SERVICES};
use crate::object::value::{at, items_at, pairs_at, text_at};

/// Checks an object against every quota of its namespace, and writes down what they will have been used for. Of a changed
/// object only what it takes more than `before` counts.
pub fn admit(api: &mut Api, object: &Object, before: Option<&Object>) -> Result<(), Status> {
    if object.namespace().is_empty() {
        return Ok(());
    }
    let quotas: Vec<Rc<Object>> =
        api.list(RESOURCE_QUOTAS, Some(object.namespace())).filter(|quota| covers(quota, object)).cloned().collect();
    if quotas.is_empty() {
        return Ok(());
    }
    let needed = match before.map(needs) {
        Some(had) => more_than(needs(object), &had),
        None => needs(object),
    };
    let mut written: Vec<(Rc<Object>, Amounts)> = Vec::new();
    for quota in quotas {
        let hard = amounts(quota.field("spec").unwrap_or(&Value::Null), "hard");
        if object.ty.resource == PODS {
            must_specify(&quota, object, &hard)?;
        }
        let delta: Amounts =
            needed.iter().filter(|(name, _)| hard.contains_key(*name)).map(|(name, amount)| (name.clone(), *amount)).collect();
        if delta.is_empty() {
            continue;
        }
        let used = used(api, &quota, &hard);
        let mut sum = used.clone();
        add(&mut sum, &delta);
        let over: Vec<&String> = delta.keys().filter(|name| sum.get(*name) > hard.get(*name)).collect();
        if !over.is_empty() {
            let list = |from: &Amounts| {
                let parts: Vec<String> = over
                    .iter()
                    .map(|name| format!("{name}={}", from.get(*name).map_or_else(|| "0".to_string(), Quantity::print)))
                    .collect();
                parts.join(",")
            };
            let why =
                format!("exceeded quota: {}, requested: {}, used: {}, limited: {}", quota.name(), list(&delta), list(&used), list(&hard));
            return Err(Status::forbidden(&object.ty.resource, object.name(), &why));
        }
        written.push((quota, sum));
    }
    for (quota, sum) in written {
        // A quota that has gone meanwhile needs no status.
        let _ = api.modify(RESOURCE_QUOTAS, &quota.key(), |quota| quota.set("/status", told(quota, &sum)));
    }
    Ok(())
}

/// What is needed beyond what was had.
fn more_than(needed: Amounts, had: &Amounts) -> Amounts {
    let more = |(name, amount): (String, Quantity)| {
        let left = had.get(&name).map_or(amount, |had| amount.minus(*had));
        (left > Quantity::ZERO).then_some((name, left))
    };
    needed.into_iter().filter_map(more).collect()
}

/// The status of a quota by what is used.
fn told(quota: &Object, used: &Amounts) -> Value {
    let used: Map<String, Value> = used.iter().map(|(name, amount)| (name.clone(), amount.print().into())).collect();
    let hard = quota.at("/spec/hard").cloned().unwrap_or_else(|| Value::Object(Map::new()));
    json!({"hard": hard, "used": used})
}

/// The status that a quota should have: its limits, and what is used of them, counted anew.
pub fn status(api: &Api, quota: &Object) -> Value {
    let hard = amounts(quota.field("spec").unwrap_or(&Value::Null), "hard");
    told(quota, &used(api, quota, &hard))
}

/// Whether a quota's scopes cover an object.
fn covers(quota: &Object, object: &Object) -> bool {
    quota.items_at("/spec/scopes").iter().filter_map(Value::as_str).all(|scope| {
        if object.ty.resource != PODS {
            return false;
        }
        let best_effort = object.field("spec").is_some_and(|spec| qos_class(spec) == "BestEffort");
        let ends = object.i64_at("/spec/activeDeadlineSeconds").is_some();
        match scope {
            "BestEffort" => best_effort,
            "NotBestEffort" => !best_effort,
            "Terminating" => ends,
            "NotTerminating" => !ends,
            "PriorityClass" => !object.text_at("/spec/priorityClassName").is_empty(),
            _ => true,
        }
    })
}

/// What is used now of what the quota limits, as its status says, or counted anew where it says nothing yet.
fn used(api: &Api, quota: &Object, hard: &Amounts) -> Amounts {
    let mut used: Amounts = hard.keys().map(|name| (name.clone(), Quantity::ZERO)).collect();
    let resources: Vec<String> = api.types().filter(|ty| ty.namespaced).map(|ty| ty.resource.clone()).collect();
    for resource in resources.iter().filter(|resource| hard.keys().any(|name| counts(name, resource))) {
        for object in api.list(resource, Some(quota.namespace())) {
            let over = object.ty.resource == PODS && matches!(object.text_at("/status/phase"), "Succeeded" | "Failed");
            if over || !covers(quota, object) {
                continue;
            }
            let needed = needs(object);
            let limited = needed.into_iter().filter(|(name, _)| hard.contains_key(name)).collect();
            add(&mut used, &limited);
        }
    }
    used
}

/// Whether objects of a resource can use any of what a quota calls `name`.
fn counts(name: &str, resource: &str) -> bool {
    let own = name == resource || name.strip_prefix("count/") == Some(resource);
    own || match resource {
        PODS => {
            matches!(name, "cpu" | "memory" | "ephemeral-storage")
                || name.starts_with("limits.")
                || name.starts_with("requests.") && name != "requests.storage"
        }
        SERVICES => name.starts_with("services."),
        PERSISTENT_VOLUME_CLAIMS => name == "requests.storage" || name.contains(".storageclass.storage.k8s.io/"),
        _ => false,
    }
}

/// What an object uses, by all names that quotas may give it.
fn needs(object: &Object) -> Amounts {
    let one = Quantity::from_units(1, Format::DecimalSi);
    let resource = object.ty.resource.as_str();
    let mut needs = Amounts::new();
    needs.insert(["count/", resource].concat(), one);
    let empty = Value::Null;
    let spec = object.field("spec").unwrap_or(&empty);
    match resource {
        PODS => {
            needs.insert(PODS.to_string(), one);
            for (name, amount) in of_pod(spec, "requests") {
                needs.insert(["requests.", &name].concat(), amount);
                if matches!(name.as_str(), "cpu" | "memory" | "ephemeral-storage") {
                    needs.insert(name, amount);
                }
            }
            for (name, amount) in of_pod(spec, "limits") {
                needs.insert(["limits.", &name].concat(), amount);
            }
        }
        SERVICES => {
            needs.insert(SERVICES.to_string(), one);
            let ports = i64::try_from(items_at(spec, "ports").len()).unwrap_or(0);
            let kind = text_at(spec, "type");
            let nodes = matches!(kind, "NodePort" | "LoadBalancer");
            needs.insert("services.nodeports".to_string(), Quantity::from_units(if nodes { ports } else { 0 }, Format::DecimalSi));
            needs.insert("services.loadbalancers".to_string(), Quantity::from_units(i64::from(kind == "LoadBalancer"), Format::DecimalSi));
        }
        PERSISTENT_VOLUME_CLAIMS => {
            needs.insert(PERSISTENT_VOLUME_CLAIMS.to_string(), one);
            for (name, amount) in amounts(spec, "resources/requests") {
                needs.insert(["requests.", &name].concat(), amount);
                let class = text_at(spec, "storageClassName");
                if !class.is_empty() {
                    needs.insert(format!("{class}.storageclass.storage.k8s.io/requests.{name}"), amount);
                    needs.insert(format!("{class}.storageclass.storage.k8s.io/persistentvolumeclaims"), one);
                }
            }
        }
        other => {
            needs.insert(other.to_string(), one);
        }
    }
    needs
}

/// Every container must say what the quota limits.
fn must_specify(quota: &Object, pod: &Object, hard: &Amounts) -> Result<(), Status> {
    const ASKED: &[&str] = &["cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory"];
    let empty = Value::Null;
    let spec = pod.field("spec").unwrap_or(&empty);
    let mut missing: Vec<String> = Vec::new();
    for name in hard.keys().filter(|name| ASKED.contains(&name.as_str())) {
        let (kind, resource) = match name.split_once('.') {
            Some((kind, resource)) => (kind, resource),
            None => ("requests", name.as_str()),
        };
        let lacks = |container: &&Value| {
            let given = at(container, "resources").is_some_and(|resources| pairs_at(resources, kind).any(|(given, _)| given == resource));
            !given
        };
        let mut names: Vec<&str> = items_at(spec, "containers")
            .iter()
            .chain(items_at(spec, "initContainers"))
            .filter(lacks)
            .map(|container| text_at(container, "name"))
            .collect();
        names.arrange();
        if !names.is_empty() {
            missing.push(format!("{name} for: {}", names.join(",")));
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    let why = format!("failed quota: {}: must specify {}", quota.name(), missing.join("; "));
    Err(Status::forbidden(PODS, pod.name(), &why))
}
