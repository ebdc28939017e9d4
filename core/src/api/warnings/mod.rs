//! What the API server warns of and does all the same. Models kubernetes `pkg/api/*/warnings.go` and what the strategies
//! of `pkg/registry` say on create and update.

mod paths;
mod pod;

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use super::registry::Resource;
use crate::object::names;
use crate::object::quantity::Quantity;
use crate::object::resources::ENDPOINTS;
use crate::object::value::{at, items_at, map_at, text_at};

/// What is said whenever a resource is asked for.
pub fn of_resource(resource: &str) -> Option<&'static str> {
    match resource {
        ENDPOINTS => Some("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"),
        "componentstatuses" => Some("v1 ComponentStatus is deprecated in v1.19+"),
        _ => None,
    }
}

/// Warnings about an object that is being written; `before` is what it was, if it was.
pub fn about(resource: &Resource, object: &Value, before: Option<&Value>, notes: &mut Vec<String>) {
    if resource.custom.is_some() {
        return finalizers(object, notes);
    }
    let template = match (&*resource.group, &*resource.kind) {
        ("", "Pod") if before.is_some() => return,
        ("", "Pod") => "",
        ("apps" | "batch", "Deployment" | "ReplicaSet" | "DaemonSet" | "StatefulSet" | "Job") | ("", "ReplicationController") => {
            "spec.template."
        }
        ("batch", "CronJob") => "spec.jobTemplate.spec.template.",
        ("apiextensions.k8s.io", "CustomResourceDefinition") => return formats(object, before, notes),
        ("", "Service") => return service(object, notes),
        ("", "PersistentVolume") => return volume(object, notes),
        ("", "PersistentVolumeClaim") => return claim(object, notes),
        ("networking.k8s.io", "Ingress") if before.is_none() => return ingress(object, notes),
        _ => return,
    };
    if before.is_some_and(|before| at(before, "spec") == at(object, "spec")) {
        return;
    }
    if before.is_none() && !matches!(&*resource.kind, "DaemonSet" | "StatefulSet") {
        name(&resource.kind, text_at(object, "metadata/name"), notes);
    }
    pod::about(object, template, notes);
}

/// Finalizers of custom kinds that could be anybody's.
fn finalizers(object: &Value, notes: &mut Vec<String>) {
    for finalizer in items_at(object, "metadata/finalizers").iter().filter_map(Value::as_str).filter(|one| !one.contains('/')) {
        if !["orphan", "foregroundDeletion", "kubernetes"].contains(&finalizer) {
            let path = if finalizer.contains('.') { " including a path (/)" } else { "" };
            notes.push(format!(
                "metadata.finalizers: \"{finalizer}\": prefer a domain-qualified finalizer name{path} to avoid accidental conflicts with other finalizer writers"
            ));
        }
    }
}

/// Formats of schemas that nothing will check, where they were not there before.
fn formats(object: &Value, before: Option<&Value>, notes: &mut Vec<String>) {
    let all = |object: &Value| {
        let mut found = Vec::new();
        for version in items_at(object, "spec/versions") {
            if let Some(schema) = at(version, "schema/openAPIV3Schema") {
                unknown_formats(schema, 0, &mut found);
            }
        }
        found.sort();
        found.dedup();
        found
    };
    let known = before.map(all).unwrap_or_default();
    notes
        .extend(all(object).into_iter().filter(|format| !known.contains(format)).map(|format| format!("unrecognized format \"{format}\"")));
}

fn unknown_formats(schema: &Value, depth: usize, found: &mut Vec<String>) {
    const MAX_DEPTH: usize = 64;
    let format = text_at(schema, "format");
    let known = match text_at(schema, "type") {
        "" | "string" => crate::api::custom::formats::known(format),
        "integer" => matches!(format, "int32" | "int64"),
        "number" => matches!(format, "float" | "double"),
        _ => false,
    };
    if !format.is_empty() && !known {
        found.push(format.to_string());
    }
    if depth > MAX_DEPTH {
        return;
    }
    let named = map_at(schema, "properties").into_iter().flatten().map(|(_, inner)| inner);
    let single = ["items", "additionalProperties", "not"].into_iter().filter_map(|field| schema.get(field));
    let lists = ["allOf", "anyOf", "oneOf"].into_iter().flat_map(|field| items_at(schema, field));
    for inner in named.chain(single.filter(|inner| inner.is_object())).chain(lists) {
        unknown_formats(inner, depth + 1, found);
    }
}

/// Names that stand in names of hosts should be labels of DNS.
fn name(kind: &str, name: &str, notes: &mut Vec<String>) {
    let wrong = names::dns_label(name);
    if !wrong.is_empty() {
        let used = if kind == "Pod" { "the Pod's hostname" } else { "Pod names and hostnames" };
        notes.push(format!(
            "metadata.name: this is used in {used}, which can result in surprising behavior; a DNS label is recommended: [{}]",
            wrong.join(" ")
        ));
    }
}

fn service(object: &Value, notes: &mut Vec<String>) {
    const HINTS: &str = "service.kubernetes.io/topology-aware-hints";
    if map_at(object, "metadata/annotations").is_some_and(|notes| notes.contains_key(HINTS)) {
        notes.push(format!("annotation {HINTS} is deprecated, please use service.kubernetes.io/topology-mode instead"));
    }
    let said = |field: &str| !text_at(object, field).is_empty();
    let kind = text_at(object, "spec/type");
    let headless = kind == "ClusterIP" && text_at(object, "spec/clusterIP") == "None";
    let external = !items_at(object, "spec/externalIPs").is_empty();
    let mut say = |text: &str| notes.push(text.into());
    if headless {
        if said("spec/loadBalancerIP") {
            say("spec.loadBalancerIP is ignored for headless services");
        }
        if external {
            say("spec.externalIPs is ignored for headless services");
        }
        if text_at(object, "spec/sessionAffinity") != "None" {
            say("spec.SessionAffinity is ignored for headless services");
        }
    }
    if external && !headless && kind != "ExternalName" {
        say("spec.externalIPs is deprecated and may no longer be implemented in some clusters");
    }
    if external && kind == "ExternalName" {
        say("spec.externalIPs is ignored when spec.type is \"ExternalName\"");
    }
    if said("spec/externalName") && kind != "ExternalName" {
        say("spec.externalName is ignored when spec.type is not \"ExternalName\"");
    }
    if text_at(object, "spec/trafficDistribution") == "PreferClose" {
        say("spec.trafficDistribution: \"PreferClose\" is deprecated; use \"PreferSameZone\"");
    }
}

const OLD_CLASS: &str = "volume.beta.kubernetes.io/storage-class";

/// An annotation that a field has taken the place of.
fn annotation(object: &Value, key: &str, text: &str, notes: &mut Vec<String>) {
    if map_at(object, "metadata/annotations").is_some_and(|annotations| annotations.contains_key(key)) {
        notes.push(format!("metadata.annotations[{key}]: {text}"));
    }
}

fn volume(object: &Value, notes: &mut Vec<String>) {
    annotation(object, OLD_CLASS, "deprecated since v1.8; use \"storageClassName\" attribute instead", notes);
    let text = "deprecated since v1.31; use \"mountOptions\" attribute instead";
    annotation(object, "volume.beta.kubernetes.io/mount-options", text, notes);
    if text_at(object, "spec/persistentVolumeReclaimPolicy") == "Recycle" {
        notes.push(
            "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning."
                .into(),
        );
    }
    let terms = items_at(object, "spec/nodeAffinity/required/nodeSelectorTerms");
    pod::terms(terms, "spec.nodeAffinity.required.nodeSelectorTerms", "", notes);
    fractional(object, "spec/capacity", "storage", "spec.capacity", notes);
}

fn claim(object: &Value, notes: &mut Vec<String>) {
    annotation(object, OLD_CLASS, "deprecated since v1.8; use \"storageClassName\" attribute instead", notes);
    for list in ["requests", "limits"] {
        fractional(object, &["spec/resources/", list].concat(), "storage", &["spec.resources.", list].concat(), notes);
    }
}

fn ingress(object: &Value, notes: &mut Vec<String>) {
    const CLASS: &str = "kubernetes.io/ingress.class";
    let annotated = map_at(object, "metadata/annotations").is_some_and(|annotations| annotations.contains_key(CLASS));
    if annotated && text_at(object, "spec/ingressClassName").is_empty() {
        notes.push(format!("annotation \"{CLASS}\" is deprecated, please use 'spec.ingressClassName' instead"));
    }
}

/// Bytes that are not whole.
fn fractional(holder: &Value, list: &str, name: &str, path: &str, notes: &mut Vec<String>) {
    let Some(text) = map_at(holder, list).and_then(|list| list.get(name)).and_then(Value::as_str) else { return };
    if let Ok(quantity) = Quantity::parse(text)
        && quantity.milli_value() % 1000 != 0
    {
        notes.push(format!("{path}[{name}]: fractional byte value \"{}\" is invalid, must be an integer", quantity.print()));
    }
}
