//! Owners that nobody brought: a ReplicaSet or a Job is made of its Pods; a Pod of another absent owner stands alone.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Value, json};

use crate::api::Api;
use crate::object::selector::Selector;
use crate::object::value::{remove, text_at};
use crate::object::{Object, OwnerReference, template};
use crate::text::timestamp;

/// The label that tells Pods of different templates apart.
const HASH: &str = "pod-template-hash";

/// What became of references to owners that are not there.
#[derive(Clone, Debug, Default)]
pub struct Owners {
    /// Owners made of their Pods.
    pub made: Vec<Object>,
    /// Objects that stand alone now: kind of the owner and their own name.
    pub alone: Vec<(String, String)>,
}

/// Finds the owners that are not there; takes references to those that cannot be made away.
pub fn complete(api: &Api, objects: &mut [Object]) -> Owners {
    let mut there: BTreeSet<(String, String, String)> = objects.iter().map(identity).collect();
    let mut owners = Owners::default();
    let absent = |o: &Object, r: &OwnerReference, there: &BTreeSet<(String, String, String)>| {
        let namespace = if r.kind == "Node" { "" } else { o.namespace() };
        is_known(api, r) && !there.contains(&(r.kind.clone(), namespace.to_string(), r.name.clone()))
    };
    let mut pods: BTreeMap<(String, String, String), Vec<usize>> = BTreeMap::new();
    for (number, object) in objects.iter().enumerate().filter(|(_, o)| o.ty.kind == "Pod") {
        if let Some(owner) = object.controller().filter(|r| absent(object, r, &there)) {
            pods.entry((owner.kind.clone(), object.namespace().to_string(), owner.name.clone())).or_default().push(number);
        }
    }
    for ((kind, _, name), numbers) in pods {
        let group: Vec<&Object> = numbers.iter().filter_map(|n| objects.get(*n)).collect();
        let made = match kind.as_str() {
            "ReplicaSet" => replica_set(api, &name, &group, objects),
            "Job" => job(api, &name, &group),
            _ => None,
        };
        owners.made.extend(made);
    }
    there.extend(owners.made.iter().map(identity));
    for object in objects {
        let gone: Vec<OwnerReference> = object.meta.owners.iter().filter(|r| absent(object, r, &there)).cloned().collect();
        if let Some(owner) = gone.first() {
            owners.alone.push((owner.kind.clone(), object.name().to_string()));
            object.meta.owners = object.meta.owners.iter().filter(|r| !gone.contains(r)).cloned().collect();
        }
    }
    owners
}

fn identity(object: &Object) -> (String, String, String) {
    (object.ty.kind.clone(), object.namespace().to_string(), object.name().to_string())
}

/// Whether the kind of a reference is one that the garbage collector here judges.
fn is_known(api: &Api, reference: &OwnerReference) -> bool {
    let group = reference.api_version.split_once('/').map_or("", |(group, _)| group);
    api.types().any(|t| t.kind == reference.kind && t.group == group)
}

/// The template of which a Pod may have been made, with these labels.
fn template_of(pod: &Object, labels: &Value) -> Value {
    let mut spec = pod.field("spec").cloned().unwrap_or_default();
    template::without_what_is_given(&mut spec);
    json!({"metadata": {"labels": labels}, "spec": spec})
}

fn labels_of(pod: &Object) -> Value {
    pod.meta.labels.iter().map(|(k, v)| (k.clone(), Value::from(v.as_str()))).collect::<serde_json::Map<_, _>>().into()
}

fn begun(pods: &[&Object]) -> Option<i64> {
    pods.iter().filter_map(|pod| pod.meta.creation).min()
}

fn replica_set(api: &Api, name: &str, pods: &[&Object], objects: &[Object]) -> Option<Object> {
    let first = pods.first()?;
    let mut made = Object::new(api.types().find(|ty| ty.kind == "ReplicaSet")?, first.namespace(), name);
    let labels = labels_of(first);
    let over = |pod: &&&Object| matches!(pod.text_at("/status/phase"), "Succeeded" | "Failed") || pod.is_deleting();
    let count = pods.len() - pods.iter().filter(over).count();
    (made.meta.generation, made.meta.creation, made.meta.labels) = (1, begun(pods), first.meta.labels.clone());
    made.set("/spec", json!({"replicas": count, "selector": {"matchLabels": labels}, "template": template_of(first, &labels)}));
    made.set("/status", json!({"replicas": count, "observedGeneration": 1}));
    let hash = first.meta.label(HASH)?;
    let above = name.strip_suffix(hash).and_then(|n| n.strip_suffix('-')).unwrap_or_default();
    let fits = |o: &&Object| {
        o.ty.kind == "Deployment"
            && o.namespace() == first.namespace()
            && o.name() == above
            && Selector::from_label_selector(o.at("/spec/selector")).is_ok_and(|s| s.matches(&first.meta))
    };
    if let Some(deployment) = objects.iter().find(fits) {
        let mut whole = deployment.at("/spec/template").cloned().unwrap_or_default();
        if Some(text_at(&whole, "spec/containers/0/image")) == first.str_at("/spec/containers/0/image") {
            crate::object::value::set(&mut whole, &["metadata/labels/", HASH].concat(), hash);
            made.set("/spec/template", whole);
        }
        made.meta.owners = Rc::new([deployment.as_controller()]);
        made.meta.set_annotation("deployment.kubernetes.io/revision", deployment.meta.annotation("deployment.kubernetes.io/revision"));
    }
    Some(made)
}

fn job(api: &Api, name: &str, pods: &[&Object]) -> Option<Object> {
    let first = pods.first()?;
    let mut made = Object::new(api.types().find(|ty| ty.kind == "Job")?, first.namespace(), name);
    let labels = labels_of(first);
    (made.meta.generation, made.meta.creation) = (1, begun(pods));
    let mut template = template_of(first, &labels);
    remove(&mut template, "/spec/hostname");
    let in_phase = |phase: &str| pods.iter().filter(|pod| pod.text_at("/status/phase") == phase).count();
    let (good, bad) = (in_phase("Succeeded"), in_phase("Failed"));
    let active = pods.len() - good - bad;
    let completions = (good + active).max(1);
    made.set(
        "/spec",
        json!({"parallelism": active.max(1), "completions": completions, "backoffLimit": 6, "completionMode": "NonIndexed",
        "suspend": false, "manualSelector": true, "podReplacementPolicy": "TerminatingOrFailed",
        "selector": {"matchLabels": labels}, "template": template}),
    );
    let start = timestamp::rfc3339(made.meta.creation.unwrap_or(0));
    let mut status = json!({"startTime": start, "ready": active, "terminating": 0, "uncountedTerminatedPods": {}});
    for (field, count) in [("succeeded", good), ("failed", bad), ("active", active)] {
        if count > 0 {
            crate::object::value::set(&mut status, field, count);
        }
    }
    if active == 0 {
        let (kind, reason) = if good > 0 { ("Complete", "CompletionsReached") } else { ("Failed", "BackoffLimitExceeded") };
        let condition =
            |kind: &str| json!({"type": kind, "status": "True", "reason": reason, "lastProbeTime": start, "lastTransitionTime": start});
        let before = if good > 0 { "SuccessCriteriaMet" } else { "FailureTarget" };
        crate::object::value::set(&mut status, "conditions", json!([condition(before), condition(kind)]));
        if good > 0 {
            crate::object::value::set(&mut status, "completionTime", start.as_str());
        }
    }
    made.set("/status", status);
    Some(made)
}
