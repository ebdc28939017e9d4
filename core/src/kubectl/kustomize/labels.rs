//! `labels`, `commonLabels` and `commonAnnotations`: which fields of which kinds they go to, as a table. Models kustomize
//! `api/internal/konfig/builtinpluginconsts` commonlabels.go and commonannotations.go.

use alloc::string::ToString;
use alloc::vec::Vec;

use serde_json::{Map, Value};

use super::resource::Res;
use crate::object::value::{bool_at, items_at, map_at};

/// A field that labels go to: the kind (empty for all), its path, and whether it is made where it is not.
type Spec = (&'static str, &'static str, bool);

/// Selectors and what they select.
const SELECTORS: &[Spec] = &[
    ("Service", "spec/selector", true),
    ("ReplicationController", "spec/selector", true),
    ("Deployment", "spec/selector/matchLabels", true),
    ("ReplicaSet", "spec/selector/matchLabels", true),
    ("DaemonSet", "spec/selector/matchLabels", true),
    ("StatefulSet", "spec/selector/matchLabels", true),
    ("Job", "spec/selector/matchLabels", false),
    ("CronJob", "spec/jobTemplate/spec/selector/matchLabels", false),
    ("PodDisruptionBudget", "spec/selector/matchLabels", false),
    ("NetworkPolicy", "spec/podSelector/matchLabels", false),
    ("NetworkPolicy", "spec/ingress/from/podSelector/matchLabels", false),
    ("NetworkPolicy", "spec/egress/to/podSelector/matchLabels", false),
];

/// Terms of affinity and spreading, below the Pod's spec of workloads.
const TERMS: &[&str] = &[
    "affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
    "affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
    "affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
    "affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
    "topologySpreadConstraints/labelSelector/matchLabels",
];

/// Metadata of what is made from templates.
const TEMPLATES: &[Spec] = &[
    ("ReplicationController", "spec/template/metadata/", true),
    ("Deployment", "spec/template/metadata/", true),
    ("ReplicaSet", "spec/template/metadata/", true),
    ("DaemonSet", "spec/template/metadata/", true),
    ("StatefulSet", "spec/template/metadata/", true),
    ("Job", "spec/template/metadata/", true),
    ("CronJob", "spec/jobTemplate/metadata/", true),
    ("CronJob", "spec/jobTemplate/spec/template/metadata/", true),
];

/// Puts what the kustomization asks for on all objects.
pub(super) fn run(file: &Value, all: &mut [Res]) {
    let empty = Map::new();
    for entry in items_at(file, "labels") {
        let selectors = bool_at(entry, "includeSelectors");
        let pairs = map_at(entry, "pairs").unwrap_or(&empty);
        all.iter_mut().for_each(|one| label(one, pairs, selectors, selectors || bool_at(entry, "includeTemplates")));
    }
    let common = map_at(file, "commonLabels").unwrap_or(&empty);
    let annotations = map_at(file, "commonAnnotations").unwrap_or(&empty);
    for one in all {
        label(one, common, true, true);
        for (name, value) in annotations {
            put(&mut one.body, &["metadata", "annotations"], true, name, value);
            in_templates(one, "annotations", name, value);
        }
    }
}

fn label(one: &mut Res, pairs: &Map<alloc::string::String, Value>, selectors: bool, templates: bool) {
    for (name, value) in pairs {
        put(&mut one.body, &["metadata", "labels"], true, name, value);
        if selectors {
            let kind = one.kind().to_string();
            for (_, path, create) in SELECTORS.iter().filter(|(of, ..)| *of == kind) {
                put(&mut one.body, &split(path), *create, name, value);
            }
            if matches!(kind.as_str(), "Deployment" | "StatefulSet") {
                for term in TERMS {
                    let mut path = alloc::vec!["spec", "template", "spec"];
                    path.extend(split(term));
                    put(&mut one.body, &path, false, name, value);
                }
            }
            if kind == "StatefulSet" && one.body.pointer("/spec/volumeClaimTemplates").is_some() {
                put(&mut one.body, &["spec", "volumeClaimTemplates", "metadata", "labels"], true, name, value);
            }
        }
        if templates {
            in_templates(one, "labels", name, value);
        }
    }
}

fn in_templates(one: &mut Res, part: &str, name: &str, value: &Value) {
    let kind = one.kind().to_string();
    for (_, path, create) in TEMPLATES.iter().filter(|(of, ..)| *of == kind) {
        let mut path = split(path);
        path.push(part);
        put(&mut one.body, &path, *create, name, value);
    }
}

fn split(path: &str) -> Vec<&str> {
    path.split('/').filter(|step| !step.is_empty()).collect()
}

/// Puts a pair into the map at a path, in every element of lists on the way.
pub(super) fn put(body: &mut Value, path: &[&str], create: bool, name: &str, value: &Value) {
    if let Value::Array(items) = body {
        items.iter_mut().for_each(|item| put(item, path, create, name, value));
        return;
    }
    if body.is_null() && create {
        *body = Value::Object(Map::new());
    }
    let Value::Object(map) = body else { return };
    let Some((first, rest)) = path.split_first() else {
        map.insert(name.to_string(), value.clone());
        return;
    };
    if !create && !map.contains_key(*first) {
        return;
    }
    put(map.entry(first.to_string()).or_insert(Value::Null), rest, create, name, value);
}
