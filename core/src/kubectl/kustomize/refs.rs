//! References by name: when an object got another name, everything that names it follows. Models kustomize
//! `api/internal/konfig/builtinpluginconsts` namereference.go and `api/filters/nameref`.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::resource::Res;
use crate::object::value::{at, set, text_at};

/// In Pod specs: the kind that is named, and where.
const IN_PODS: &[(&str, &str)] = &[
    ("ConfigMap", "volumes/configMap/name"),
    ("ConfigMap", "volumes/projected/sources/configMap/name"),
    ("ConfigMap", "containers/env/valueFrom/configMapKeyRef/name"),
    ("ConfigMap", "initContainers/env/valueFrom/configMapKeyRef/name"),
    ("ConfigMap", "containers/envFrom/configMapRef/name"),
    ("ConfigMap", "initContainers/envFrom/configMapRef/name"),
    ("Secret", "volumes/secret/secretName"),
    ("Secret", "volumes/projected/sources/secret/name"),
    ("Secret", "containers/env/valueFrom/secretKeyRef/name"),
    ("Secret", "initContainers/env/valueFrom/secretKeyRef/name"),
    ("Secret", "containers/envFrom/secretRef/name"),
    ("Secret", "initContainers/envFrom/secretRef/name"),
    ("Secret", "imagePullSecrets/name"),
    ("ServiceAccount", "serviceAccountName"),
    ("ServiceAccount", "serviceAccount"),
    ("PersistentVolumeClaim", "volumes/persistentVolumeClaim/claimName"),
    ("PriorityClass", "priorityClassName"),
];

/// In other objects: whose field it is, the kind that is named, and where.
const ELSEWHERE: &[(&str, &str, &str)] = &[
    ("ServiceAccount", "Secret", "secrets/name"),
    ("ServiceAccount", "Secret", "imagePullSecrets/name"),
    ("StatefulSet", "Service", "spec/serviceName"),
    ("StatefulSet", "StorageClass", "spec/volumeClaimTemplates/spec/storageClassName"),
    ("Ingress", "Service", "spec/rules/http/paths/backend/service/name"),
    ("Ingress", "Service", "spec/defaultBackend/service/name"),
    ("Ingress", "Secret", "spec/tls/secretName"),
    ("Ingress", "IngressClass", "spec/ingressClassName"),
    ("PersistentVolumeClaim", "PersistentVolume", "spec/volumeName"),
    ("PersistentVolumeClaim", "StorageClass", "spec/storageClassName"),
    ("PersistentVolume", "StorageClass", "spec/storageClassName"),
];

/// Objects that say the kind beside the name: whose field it is and where.
const WITH_KIND: &[(&str, &str)] = &[
    ("HorizontalPodAutoscaler", "spec/scaleTargetRef"),
    ("RoleBinding", "roleRef"),
    ("ClusterRoleBinding", "roleRef"),
    ("RoleBinding", "subjects"),
    ("ClusterRoleBinding", "subjects"),
];

/// Lets every reference follow the names.
pub(super) fn fix(all: &mut [Res]) {
    let known: Vec<Res> = all.iter().filter(|one| !one.names.is_empty() || one.namespace() != one.first_namespace).cloned().collect();
    if known.is_empty() {
        return;
    }
    for one in all {
        let who = Who { kind: one.kind().to_string(), namespace: one.namespace().to_string(), prefixes: one.prefixes.clone() };
        if let Some(spec) = pod_spec(&who.kind) {
            for (kind, path) in IN_PODS {
                let path: Vec<&str> = spec.split('/').chain(path.split('/')).collect();
                walk(&mut one.body, &path, &mut |slot| rename(slot, kind, &who, &known));
            }
        }
        for (_, kind, path) in ELSEWHERE.iter().filter(|(of, ..)| *of == who.kind) {
            let path: Vec<&str> = path.split('/').collect();
            walk(&mut one.body, &path, &mut |slot| rename(slot, kind, &who, &known));
        }
        for (_, path) in WITH_KIND.iter().filter(|(of, _)| *of == who.kind) {
            let path: Vec<&str> = path.split('/').collect();
            walk(&mut one.body, &path, &mut |slot| follow(slot, &who, &known));
        }
    }
}

/// Who refers.
struct Who {
    kind: String,
    namespace: String,
    prefixes: Vec<String>,
}

/// Where a kind has its Pod spec.
fn pod_spec(kind: &str) -> Option<&'static str> {
    match kind {
        "Pod" => Some("spec"),
        "Deployment" | "ReplicaSet" | "DaemonSet" | "StatefulSet" | "Job" | "ReplicationController" => Some("spec/template/spec"),
        "CronJob" => Some("spec/jobTemplate/spec/template/spec"),
        _ => None,
    }
}

/// Calls `act` on what stands at a path, in every element of lists on the way.
fn walk(value: &mut Value, path: &[&str], act: &mut dyn FnMut(&mut Value)) {
    if let Value::Array(items) = value {
        items.iter_mut().for_each(|item| walk(item, path, act));
        return;
    }
    match path.split_first() {
        None => act(value),
        Some((first, rest)) => {
            if let Some(inner) = value.get_mut(*first) {
                walk(inner, rest, act);
            }
        }
    }
}

fn rename(slot: &mut Value, kind: &str, who: &Who, known: &[Res]) {
    if let Some(found) = slot.as_str().and_then(|name| meant(kind, name, &who.namespace, who, known)) {
        *slot = found.name().into();
    }
}

/// A reference with a kind of its own, and perhaps a namespace.
fn follow(slot: &mut Value, who: &Who, known: &[Res]) {
    let (kind, name) = (text_at(slot, "kind").to_string(), text_at(slot, "name").to_string());
    let namespace = at(slot, "namespace").and_then(Value::as_str).map(ToString::to_string);
    let Some(found) = meant(&kind, &name, namespace.as_deref().unwrap_or(&who.namespace), who, known) else { return };
    set(slot, "name", found.name());
    if namespace.is_some() && !found.namespace().is_empty() {
        set(slot, "namespace", found.namespace());
    }
}

/// The object that a name meant before names changed.
fn meant<'k>(kind: &str, name: &str, namespace: &str, who: &Who, known: &'k [Res]) -> Option<&'k Res> {
    let near = |one: &&Res| one.namespace().is_empty() || one.namespace() == namespace || one.first_namespace == namespace;
    let all: Vec<&Res> = known.iter().filter(|one| one.kind() == kind && one.is_named(name)).filter(near).collect();
    if let [one] = all.as_slice() {
        return Some(one);
    }
    let related = |one: &&&Res| one.prefixes.ends_with(&who.prefixes) || who.prefixes.ends_with(&one.prefixes);
    let mut related = all.iter().filter(related);
    match (related.next(), related.next()) {
        (Some(one), None) => Some(one),
        (Some(one), Some(_)) => all.iter().find(|other| other.prefixes == who.prefixes).or(Some(one)).copied(),
        _ => None,
    }
}
