//! What is told of the kinds that the map does not show: claims, volumes, settings, policies, and those that a CRD added.
//! Each is a row of a table. Never: elements, or changing anything.

use kubepie_core::session::view::View;
use kubepie_core::session::{Object, Session, Value};

use crate::i18n::{Lang, Said, fill, rare};
use crate::map::{Ref, resource_of};

/// The most letters of a value that are shown.
const SHOWN: usize = 120;
/// The most values that are shown of a ConfigMap.
const VALUES: usize = 12;
/// Where definitions of kinds are.
const DEFINITIONS: &str = "customresourcedefinitions.apiextensions.k8s.io";

/// A sentence of the language, with what goes into it.
#[derive(Clone, Debug, Default)]
pub struct Told {
    said: Option<Said>,
    with: Vec<String>,
}

impl Told {
    fn new(said: Said, with: &[&str]) -> Told {
        Told { said: Some(said), with: with.iter().map(|part| part.to_string()).collect() }
    }

    /// It in a language; empty where there is nothing to say.
    pub fn sentence(&self, lang: Lang) -> String {
        let with: Vec<&str> = self.with.iter().map(String::as_str).collect();
        self.said.map_or(String::new(), |said| fill(said.of(lang), &with))
    }
}

/// Fields that are shown as they are: kind, name, place.
const ROWS: &[(&str, &str, &str)] = &[
    ("PersistentVolumeClaim", "status", "/status/phase"),
    ("PersistentVolumeClaim", "class", "/spec/storageClassName"),
    ("PersistentVolumeClaim", "access", "/spec/accessModes/0"),
    ("PersistentVolume", "status", "/status/phase"),
    ("PersistentVolume", "capacity", "/spec/capacity/storage"),
    ("PersistentVolume", "access", "/spec/accessModes/0"),
    ("PersistentVolume", "reclaim", "/spec/persistentVolumeReclaimPolicy"),
    ("PersistentVolume", "class", "/spec/storageClassName"),
    ("PersistentVolume", "path", "/spec/hostPath/path"),
    ("Secret", "type", "/type"),
    ("Namespace", "status", "/status/phase"),
    ("StorageClass", "binding", "/volumeBindingMode"),
    ("StorageClass", "reclaim", "/reclaimPolicy"),
    ("Event", "reason", "/reason"),
    ("Event", "message", "/message"),
    ("Event", "count", "/count"),
];

/// What is shown of an object beside its labels.
pub fn rows(object: &Object) -> Vec<(&'static str, String)> {
    let scalar = |path: &str| object.i64_at(path).map_or_else(|| object.text_at(path).to_string(), |n| n.to_string());
    let mut rows: Vec<_> = ROWS.iter().filter(|row| row.0 == object.ty.kind).map(|row| (row.1, scalar(row.2))).collect();
    // A Secret's values are not for all who look over somebody's shoulder: only their keys.
    let secret = object.ty.kind == "Secret";
    if secret || object.ty.kind == "ConfigMap" {
        let held = object.field("data").and_then(Value::as_object);
        let line = |(key, value): (&String, &Value)| match value.as_str().filter(|_| !secret) {
            Some(value) => [key.as_str(), ": ", &brief(value)].concat(),
            None => key.clone(),
        };
        rows.push(("data", held.into_iter().flatten().take(VALUES).map(line).collect::<Vec<_>>().join("\n")));
    }
    rows
}

/// The first line of a value, cut where it is long.
fn brief(value: &str) -> String {
    let first = value.lines().next().unwrap_or_default();
    let cut: String = first.chars().take(SHOWN).collect();
    let more = if cut.len() < value.trim_end().len() { "…" } else { "" };
    [&cut, more].concat()
}

/// What an object leads to: the volume of a claim, the Pods that use a ConfigMap.
pub fn leads(session: &Session, object: &Object) -> Vec<Ref> {
    let text = |path: &str| object.text_at(path);
    let one = |resource: &str, namespace: &str, name: &str| (!name.is_empty()).then(|| Ref::new(resource, namespace, name));
    let first = match object.ty.kind.as_str() {
        "PersistentVolumeClaim" => one("persistentvolumes", "", text("/spec/volumeName")),
        "PersistentVolume" => one("persistentvolumeclaims", text("/spec/claimRef/namespace"), text("/spec/claimRef/name")),
        "HorizontalPodAutoscaler" => {
            resource_of(text("/spec/scaleTargetRef/kind")).and_then(|r| one(r, object.namespace(), text("/spec/scaleTargetRef/name")))
        }
        _ => None,
    };
    let keys: &[&str] = match object.ty.kind.as_str() {
        "PersistentVolumeClaim" => &["persistentVolumeClaim"],
        "ConfigMap" => &["configMap", "configMapRef", "configMapKeyRef"],
        "Secret" => &["secret", "secretRef", "secretKeyRef", "imagePullSecrets"],
        _ => &[],
    };
    let all = (!keys.is_empty()).then(|| session.api().list("pods", Some(object.namespace())));
    let using = all.into_iter().flatten().filter(|pod| pod.field("spec").is_some_and(|spec| names(spec, keys, object.name(), 0)));
    first.into_iter().chain(using.map(|pod| Ref::new("pods", pod.namespace(), pod.name()))).collect()
}

/// Whether a value, under one of these keys, names an object so.
fn names(value: &Value, keys: &[&str], name: &str, depth: usize) -> bool {
    let named = |v: &Value| {
        let by = |key: &str| v.get(key).and_then(Value::as_str) == Some(name);
        by("name") || by("claimName") || by("secretName")
    };
    match value {
        _ if depth > 8 => false,
        Value::Array(all) => all.iter().any(|v| names(v, keys, name, depth + 1)),
        Value::Object(map) => map.iter().any(|(key, v)| {
            let here = keys.contains(&key.as_str()) && (named(v) || v.as_array().is_some_and(|all| all.iter().any(named)));
            here || names(v, keys, name, depth + 1)
        }),
        _ => false,
    }
}

/// The sentence about an object.
pub fn told(session: &Session, view: &View, object: &Object, leads: &[Ref]) -> Told {
    let text = |path: &str| object.text_at(path);
    let number = |path: &str| object.i64_at(path).unwrap_or_default().to_string();
    let pods = leads.iter().filter(|r| &*r.resource == "pods").count().to_string();
    let held = object.field("data").and_then(Value::as_object).map_or(0, |data| data.len()).to_string();
    let api = session.api();
    match (object.ty.kind.as_str(), text("/status/phase")) {
        ("PersistentVolumeClaim", "Bound") => Told::new(rare::CLAIM_BOUND, &[text("/spec/volumeName"), &pods]),
        ("PersistentVolumeClaim", _) => Told::new(rare::CLAIM_WAITS, &[]),
        ("PersistentVolume", "Bound") => Told::new(rare::VOLUME_BOUND, &[text("/spec/claimRef/name")]),
        ("PersistentVolume", "Released") => Told::new(rare::VOLUME_RELEASED, &[]),
        ("PersistentVolume", _) => Told::new(rare::VOLUME_FREE, &[]),
        ("ConfigMap", _) => Told::new(rare::CONFIG, &[&held, &pods]),
        ("Secret", _) => Told::new(rare::SECRET, &[&held, &pods]),
        ("NetworkPolicy", _) => {
            let types: Vec<_> = object.items_at("/spec/policyTypes").iter().filter_map(Value::as_str).collect();
            Told::new(rare::POLICY, &[&types.join(", ")])
        }
        ("HorizontalPodAutoscaler", _) => {
            Told::new(rare::SCALER, &[text("/spec/scaleTargetRef/name"), &number("/spec/minReplicas"), &number("/spec/maxReplicas")])
        }
        ("PodDisruptionBudget", _) => Told::new(rare::BUDGET, &[&number("/status/disruptionsAllowed")]),
        ("Namespace", _) => {
            let inside = view.pods.iter().filter(|pod| *pod.namespace == *object.name()).count();
            Told::new(rare::ROOM, &[&inside.to_string()])
        }
        ("CustomResourceDefinition", _) => {
            let count = api.list(object.name(), None).count().to_string();
            Told::new(rare::DEFINITION, &[text("/spec/names/kind"), &count])
        }
        _ if api.find(DEFINITIONS, "", &object.ty.resource).is_some() => Told::new(rare::CUSTOM, &[]),
        _ => Told::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::card::card;
    use super::*;
    use crate::map::fixture;

    #[test]
    fn settings_claims_and_autoscalers_are_told() {
        let mut session = fixture::session(&[
            "kubectl create configmap recipe --from-literal=FLAVOUR=choco",
            "kubectl create secret generic sauce --from-literal=SAUCE=sweet",
            "kubectl create deployment web --image=nginx --replicas=2",
            "kubectl set env deployment web --from=configmap/recipe",
            "kubectl autoscale deployment web --min=1 --max=4",
        ]);
        let view = session.view().clone();
        let of = |resource, name| card(&session, &view, &Ref::new(resource, "default", name)).unwrap();
        let config = of("configmaps", "recipe");
        assert_eq!(config.told.sentence(Lang::En), "Settings in it: 1. Pods that use it: 2.");
        assert!(config.rows.contains(&("data", "FLAVOUR: choco".into())) && config.owned.len() == 2);
        let secret = of("secrets", "sauce");
        assert!(secret.rows.contains(&("data", "SAUCE".into())) && secret.owned.is_empty());
        let scaler = of("horizontalpodautoscalers.autoscaling", "web");
        assert_eq!(scaler.told.sentence(Lang::En), "It keeps web between 1 and 4 Pods.");
        assert!(scaler.facts.is_empty() && &*scaler.owned[0].resource == "deployments.apps");
    }
}
