//! What is known of an object, gathered from the API server and the picture. Never: words of a language or elements.

use kubepie_core::session::view::{PodView, View};
use kubepie_core::session::{Decision, Session};

use super::kinds::{self, Told};
use crate::map::{Ref, resource_of};

/// The most events that are shown.
const EVENTS: usize = 40;
/// The most objects listed as owned.
const OWNED: usize = 30;

/// What is wanted beside what is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The field of the spec.
    pub field: &'static str,
    /// What the spec says.
    pub wanted: String,
    /// What the status says.
    pub is: String,
}

/// A condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Its type: `Available`.
    pub kind: String,
    /// Whether it is true; `None` if that is unknown.
    pub holds: Option<bool>,
    /// Whether that is as one wishes.
    pub well: bool,
    /// Why, in a word.
    pub reason: String,
    /// Why, in a sentence.
    pub message: String,
}

/// An event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Whether it is a warning.
    pub warning: bool,
    /// Its reason: `FailedScheduling`.
    pub reason: String,
    /// What happened.
    pub message: String,
    /// How often.
    pub count: u64,
    /// When it happened last, as the API server writes it.
    pub last: String,
}

/// What is known of an object.
#[derive(Clone, Debug)]
pub struct Card {
    /// Which object.
    pub of: Ref,
    /// Its kind.
    pub kind: String,
    /// Whether it is on its way out.
    pub deleting: bool,
    /// Labels.
    pub labels: Vec<String>,
    /// Spec beside status.
    pub facts: Vec<Fact>,
    /// What its kind has to tell beside that: field and value.
    pub rows: Vec<(&'static str, String)>,
    /// The sentence about it, where the picture does not hold it.
    pub told: Told,
    /// Conditions.
    pub conditions: Vec<Condition>,
    /// Events, the latest first.
    pub events: Vec<Event>,
    /// Those that own it, the nearest first.
    pub owners: Vec<Ref>,
    /// Those that it owns.
    pub owned: Vec<Ref>,
    /// What the scheduler decided, of a Pod.
    pub decision: Option<Decision>,
    /// A number that its sentence tells: replicas wanted.
    pub replicas: Option<i64>,
    /// Whether it is paused or suspended.
    pub paused: bool,
    /// The text of why it cannot go on, where a condition says so.
    pub stuck: Option<String>,
}

/// Fields of the spec with the field of the status that answers, by kind.
const FACTS: &[(&str, &str, &str, &str)] = &[
    ("Deployment", "replicas", "/spec/replicas", "/status/readyReplicas"),
    ("Deployment", "replicas (updated)", "/spec/replicas", "/status/updatedReplicas"),
    ("ReplicaSet", "replicas", "/spec/replicas", "/status/readyReplicas"),
    ("ReplicationController", "replicas", "/spec/replicas", "/status/readyReplicas"),
    ("StatefulSet", "replicas", "/spec/replicas", "/status/readyReplicas"),
    ("StatefulSet", "revision", "/status/updateRevision", "/status/currentRevision"),
    ("DaemonSet", "nodes", "/status/desiredNumberScheduled", "/status/numberReady"),
    ("DaemonSet", "nodes (updated)", "/status/desiredNumberScheduled", "/status/updatedNumberScheduled"),
    ("Job", "completions", "/spec/completions", "/status/succeeded"),
    ("PersistentVolumeClaim", "storage", "/spec/resources/requests/storage", "/status/capacity/storage"),
    ("HorizontalPodAutoscaler", "replicas", "/status/desiredReplicas", "/status/currentReplicas"),
    ("PodDisruptionBudget", "healthy Pods", "/status/desiredHealthy", "/status/currentHealthy"),
];

/// Conditions that had better be false.
const UNWELCOME: &[&str] = &[
    "MemoryPressure",
    "DiskPressure",
    "PIDPressure",
    "NetworkUnavailable",
    "ReplicaFailure",
    "DisruptionTarget",
    "Failed",
    "FailureTarget",
    "Suspended",
];

/// What is known of an object; `None` if there is none.
#[inline(never)]
pub fn card(session: &Session, view: &View, of: &Ref) -> Option<Card> {
    let api = session.api();
    let object = api.find(&of.resource, &of.namespace, &of.name)?;
    let scalar = |path: &str| {
        let text = object.text_at(path);
        if text.is_empty() { object.i64_at(path).map(|n| n.to_string()) } else { Some(text.to_string()) }
    };
    let kind = object.ty.kind.clone();
    let rows = FACTS.iter().filter(|(k, ..)| *k == kind);
    let mut facts: Vec<Fact> = rows
        .filter_map(|(_, field, spec, status)| {
            Some(Fact { field, wanted: scalar(spec)?, is: scalar(status).unwrap_or_else(|| "0".into()) })
        })
        // An autoscaler that has measured nothing wants nothing.
        .filter(|fact: &Fact| kind != "HorizontalPodAutoscaler" || fact.wanted != "0")
        .collect();
    if let Some(pod) = (kind == "Pod").then(|| pod_of(view, of)).flatten() {
        facts.extend(pod_facts(pod));
    }
    let conditions: Vec<Condition> = object
        .items_at("/status/conditions")
        .iter()
        .map(|c| {
            let text = |name: &str| c.get(name).and_then(|v| v.as_str()).unwrap_or_default().to_string();
            let holds = match text("status").as_str() {
                "True" => Some(true),
                "False" => Some(false),
                _ => None,
            };
            let well = holds == Some(!UNWELCOME.contains(&text("type").as_str()));
            Condition { kind: text("type"), holds, well, reason: text("reason"), message: text("message") }
        })
        .collect();
    let stuck = conditions.iter().find(|c| c.kind == "Progressing" && c.holds == Some(false)).map(|c| c.message.clone());
    let owned = view.workloads.iter().filter(|w| w.owner == object.meta.uid);
    let owned = owned.filter_map(|w| Some(Ref::new(resource_of(&w.kind)?, &w.namespace, &w.name)));
    let pods = view.pods.iter().filter(|p| p.owner.as_ref().is_some_and(|(_, _, uid)| *uid == object.meta.uid) || on_node(of, p));
    let behind = view.services.iter().find(|s| s.uid == object.meta.uid).map(|s| s.endpoints.iter().chain(s.waiting.iter()));
    let behind = behind.into_iter().flatten().filter_map(|uid| view.pods.iter().find(|p| p.uid == *uid));
    let leads = kinds::leads(session, object);
    let owned = owned.chain(pods.chain(behind).map(|p| Ref::new("pods", &p.namespace, &p.name))).chain(leads.iter().cloned());
    let owned = owned.take(OWNED).collect();
    Some(Card {
        of: of.clone(),
        deleting: object.is_deleting(),
        labels: object.meta.labels.iter().map(|(k, v)| [k.as_str(), "=", v].concat()).collect(),
        facts,
        rows: kinds::rows(object),
        told: kinds::told(session, view, object, &leads),
        conditions,
        events: events(session, of, &object.meta.uid),
        owners: owners(session, of),
        owned,
        decision: (kind == "Pod").then(|| session.decision(&object.meta.uid).cloned()).flatten(),
        replicas: object.i64_at("/spec/replicas"),
        paused: object.bool_at("/spec/paused") || object.bool_at("/spec/suspend"),
        stuck,
        kind,
    })
}

fn pod_of<'a>(view: &'a View, of: &Ref) -> Option<&'a PodView> {
    view.pods.iter().find(|p| p.namespace == of.namespace && p.name == of.name).map(|p| &**p)
}

fn on_node(of: &Ref, pod: &PodView) -> bool {
    &*of.resource == "nodes" && pod.node.as_ref() == Some(&of.name)
}

fn pod_facts(pod: &PodView) -> Vec<Fact> {
    let own: Vec<_> = pod.containers.iter().filter(|c| !c.init).collect();
    let ready = own.iter().filter(|c| c.ready).count();
    vec![Fact { field: "containers", wanted: own.len().to_string(), is: ready.to_string() }]
}

/// The events about an object, the latest first. They are about a name and not only about a UID: those of nodes have none.
fn events(session: &Session, of: &Ref, uid: &str) -> Vec<Event> {
    let namespace = if of.namespace.is_empty() { "default" } else { &of.namespace };
    let mut all: Vec<Event> = session
        .api()
        .list("events", Some(namespace))
        .filter(|e| e.text_at("/involvedObject/name") == &*of.name && [uid, &of.name].contains(&e.text_at("/involvedObject/uid")))
        .map(|e| Event {
            warning: e.text_at("/type") == "Warning",
            reason: e.text_at("/reason").into(),
            message: e.text_at("/message").into(),
            count: e.i64_at("/count").or_else(|| e.i64_at("/series/count")).unwrap_or(1).unsigned_abs(),
            last: [e.text_at("/lastTimestamp"), e.text_at("/eventTime")].into_iter().find(|t| !t.is_empty()).unwrap_or_default().into(),
        })
        .collect();
    all.sort_by(|a, b| b.last.cmp(&a.last));
    all.truncate(EVENTS);
    all
}

/// Who owns an object, and who owns that.
fn owners(session: &Session, of: &Ref) -> Vec<Ref> {
    let mut chain = Vec::new();
    let mut at = of.clone();
    while chain.len() < 4 {
        let object = session.api().find(&at.resource, &at.namespace, &at.name);
        let Some(owner) = object.and_then(|o| o.controller()) else { break };
        let Some(resource) = resource_of(&owner.kind) else { break };
        let namespace: &str = if owner.kind == "Node" { "" } else { &at.namespace };
        at = Ref::new(resource, namespace, &owner.name);
        chain.push(at.clone());
    }
    chain
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map::fixture;

    #[test]
    fn a_card_tells_wanted_and_is_owners_and_events() {
        let mut session = fixture::session(&["kubectl create deployment web --image=nginx --replicas=2"]);
        let view = session.view().clone();
        let web = card(&session, &view, &Ref::new("deployments.apps", "default", "web")).unwrap();
        assert_eq!(web.facts[0], Fact { field: "replicas", wanted: "2".into(), is: "2".into() });
        assert!(web.conditions.iter().any(|c| c.kind == "Available" && c.holds == Some(true)));
        assert!(web.events.iter().any(|e| e.reason == "ScalingReplicaSet"));
        let set = web.owned[0].clone();
        let pod = card(&session, &view, &set).unwrap().owned[0].clone();
        let pod = card(&session, &view, &pod).unwrap();
        assert_eq!(pod.owners, [set, web.of]);
        assert!(pod.decision.is_some());
        let node = card(&session, &view, &Ref::new("nodes", "", "w1-k8s")).unwrap();
        assert!(node.owned.iter().all(|r| &*r.resource == "pods") && !node.owned.is_empty());
        assert!(card(&session, &view, &Ref::new("pods", "default", "nobody")).is_none());
    }
}
