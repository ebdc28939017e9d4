//! Recording a trace: what of each changed object is written down, and under which name.
//!
//! Names are made independent of chance: `<h1>`, `<h2>` for the hashes of ReplicaSets in order of
//! creation, `<p1>` for Pods in order of appearance. How traces are compared is in `trace`.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The kinds that are recorded, in the order in which those that already exist are listed.
pub const KINDS: [&str; 9] = ["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "Pod", "PodDisruptionBudget", "Node", "Event"];

/// The letters of Kubernetes' random names.
const RANDOM: &str = "bcdfghjklmnpqrstvwxz2456789";

/// A trace being recorded.
#[derive(Default)]
pub struct Recorder {
    rows: Vec<Map<String, Value>>,
    /// The name of each ReplicaSet of a Deployment, and what it is called here.
    sets: BTreeMap<String, String>,
    /// The name of each owned Pod, and what it is called here.
    pods: BTreeMap<String, String>,
    /// The last row of each object, without its time and type.
    last: BTreeMap<(String, String), Map<String, Value>>,
}

impl Recorder {
    /// Writes down one change: at which time, which type (`EXISTING`, `ADDED`, `MODIFIED`, `DELETED`),
    /// and the object after it. A change that shows nothing new is left out.
    pub fn change(&mut self, at_ms: u64, change: &str, object: &Value) {
        let kind = text(object, "/kind");
        let of_default = matches!(text(object, "/metadata/namespace"), "default" | "");
        if !KINDS.contains(&kind) || !of_default || (kind == "Event" && change == "EXISTING") {
            return;
        }
        let shown = match kind {
            "Event" => self.event(object),
            _ => self.object(kind, object),
        };
        let key = (kind.to_owned(), text(object, "/metadata/uid").to_owned());
        if change == "MODIFIED" && self.last.get(&key) == Some(&shown) {
            return;
        }
        self.last.insert(key, shown.clone());
        let mut row = Map::new();
        row.insert("t".to_owned(), json!(at_ms as f64 / 1000.0));
        row.insert("kind".to_owned(), json!(kind));
        row.insert("type".to_owned(), json!(change));
        row.extend(shown);
        self.rows.push(row);
    }

    /// The rows; those of nodes only where a node changed.
    #[must_use]
    pub fn rows(self) -> Vec<Map<String, Value>> {
        let node = |row: &Map<String, Value>| row.get("kind") == Some(&json!("Node"));
        let existing = |row: &Map<String, Value>| row.get("type") == Some(&json!("EXISTING"));
        let changed = self.rows.iter().any(|row| node(row) && !existing(row));
        let mut rows = self.rows;
        rows.retain(|row| changed || !node(row));
        rows
    }

    fn object(&mut self, kind: &str, object: &Value) -> Map<String, Value> {
        let mut shown = Map::new();
        let name = match kind {
            "Pod" => self.pod_name(object),
            "ReplicaSet" => self.set_name(object),
            _ => text(object, "/metadata/name").to_owned(),
        };
        shown.insert("name".to_owned(), json!(name));
        if object.pointer("/metadata/deletionTimestamp").is_some() {
            shown.insert("deleting".to_owned(), json!(true));
        }
        for (field, path) in counts(kind) {
            let count = object.pointer(path).and_then(Value::as_i64).unwrap_or(0);
            shown.insert((*field).to_owned(), json!(count));
        }
        match kind {
            "Pod" => pod(object, &mut shown),
            "Node" => node(object, &mut shown),
            "Deployment" => {
                shown.insert("conditions".to_owned(), conditions(object));
                shown.insert("image".to_owned(), json!(text(object, "/spec/template/spec/containers/0/image")));
            }
            "ReplicaSet" => {
                let revision = object.pointer("/metadata/annotations/deployment.kubernetes.io~1revision");
                shown.insert("revision".to_owned(), revision.cloned().unwrap_or(Value::Null));
            }
            "Job" => {
                shown.insert("conditions".to_owned(), conditions(object));
            }
            _ => {}
        }
        shown
    }

    fn event(&mut self, event: &Value) -> Map<String, Value> {
        let about = ["/involvedObject", "/regarding"].into_iter().find_map(|path| event.pointer(path)).unwrap_or(&Value::Null);
        let name = self.renamed(text(about, "/name"));
        let message = [text(event, "/message"), text(event, "/note")].concat();
        let count = event.pointer("/count").filter(|count| count.as_i64() != Some(0));
        let mut shown = Map::new();
        shown.insert("of".to_owned(), json!(format!("{}/{name}", text(about, "/kind"))));
        shown.insert("reason".to_owned(), json!(text(event, "/reason")));
        shown.insert("message".to_owned(), json!(self.renamed(&message)));
        shown.insert("count".to_owned(), count.cloned().unwrap_or(Value::Null));
        shown
    }

    /// A ReplicaSet of a Deployment is called by the number of its hash.
    fn set_name(&mut self, set: &Value) -> String {
        let name = text(set, "/metadata/name");
        let hash = text(set, "/metadata/labels/pod-template-hash");
        let Some(base) = name.strip_suffix(hash).filter(|_| !hash.is_empty()) else {
            return name.to_owned();
        };
        let next = self.sets.len() + 1;
        self.sets.entry(name.to_owned()).or_insert_with(|| format!("{base}<h{next}>")).clone()
    }

    /// A Pod that something other than a StatefulSet owns is called by its number.
    fn pod_name(&mut self, pod: &Value) -> String {
        let name = text(pod, "/metadata/name");
        match text(pod, "/metadata/ownerReferences/0/kind") {
            "" | "StatefulSet" | "Node" => return name.to_owned(),
            _ => {}
        }
        if let Some(known) = self.pods.get(name) {
            return known.clone();
        }
        let random = |end: &str| end.len() == 5 && end.chars().all(|c| RANDOM.contains(c));
        let base = match name.rsplit_once('-') {
            Some((base, end)) if random(end) => base,
            _ => name,
        };
        let base = self.sets.get(base).map_or(base, String::as_str);
        let called = format!("{base}-<p{}>", self.pods.len() + 1);
        self.pods.insert(name.to_owned(), called.clone());
        called
    }

    /// A text with the names of owned Pods and of ReplicaSets replaced by what they are called here.
    fn renamed(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (name, called) in self.pods.iter().filter(|(name, _)| name.contains('-')).chain(&self.sets) {
            if text.contains(name.as_str()) {
                text = text.replace(name.as_str(), called);
            }
        }
        text
    }
}

fn text<'a>(value: &'a Value, path: &str) -> &'a str {
    value.pointer(path).and_then(Value::as_str).unwrap_or_default()
}

/// The numbers that are written down of a kind, and where they stand.
fn counts(kind: &str) -> &'static [(&'static str, &'static str)] {
    match kind {
        "Deployment" => &[
            ("desired", "/spec/replicas"),
            ("replicas", "/status/replicas"),
            ("updated", "/status/updatedReplicas"),
            ("ready", "/status/readyReplicas"),
            ("available", "/status/availableReplicas"),
            ("unavailable", "/status/unavailableReplicas"),
            ("observed", "/status/observedGeneration"),
            ("generation", "/metadata/generation"),
        ],
        "ReplicaSet" => &[
            ("desired", "/spec/replicas"),
            ("current", "/status/replicas"),
            ("ready", "/status/readyReplicas"),
            ("available", "/status/availableReplicas"),
            ("terminating", "/status/terminatingReplicas"),
            ("observed", "/status/observedGeneration"),
            ("generation", "/metadata/generation"),
        ],
        "StatefulSet" => &[
            ("desired", "/spec/replicas"),
            ("replicas", "/status/replicas"),
            ("ready", "/status/readyReplicas"),
            ("current", "/status/currentReplicas"),
            ("updated", "/status/updatedReplicas"),
            ("available", "/status/availableReplicas"),
        ],
        "DaemonSet" => &[
            ("desired", "/status/desiredNumberScheduled"),
            ("current", "/status/currentNumberScheduled"),
            ("ready", "/status/numberReady"),
            ("updated", "/status/updatedNumberScheduled"),
            ("available", "/status/numberAvailable"),
            ("unavailable", "/status/numberUnavailable"),
        ],
        "Job" => &[
            ("active", "/status/active"),
            ("ready", "/status/ready"),
            ("succeeded", "/status/succeeded"),
            ("failed", "/status/failed"),
            ("completions", "/spec/completions"),
            ("parallelism", "/spec/parallelism"),
        ],
        "PodDisruptionBudget" => &[
            ("allowed", "/status/disruptionsAllowed"),
            ("healthy", "/status/currentHealthy"),
            ("desiredHealthy", "/status/desiredHealthy"),
            ("expected", "/status/expectedPods"),
        ],
        _ => &[],
    }
}

fn list<'a>(value: &'a Value, path: &str) -> impl Iterator<Item = &'a Value> {
    value.pointer(path).and_then(Value::as_array).into_iter().flatten()
}

/// `Type=Status/Reason` of each condition.
fn conditions(object: &Value) -> Value {
    let said = |c: &Value| format!("{}={}/{}", text(c, "/type"), text(c, "/status"), text(c, "/reason"));
    list(object, "/status/conditions").map(said).map(Value::from).collect()
}

fn pod(pod: &Value, shown: &mut Map<String, Value>) {
    let ready = list(pod, "/status/conditions").any(|c| text(c, "/type") == "Ready" && text(c, "/status") == "True");
    let node = Some(text(pod, "/spec/nodeName")).filter(|node| !node.is_empty());
    let containers: Vec<String> = list(pod, "/status/containerStatuses").map(container).collect();
    shown.insert("phase".to_owned(), json!(text(pod, "/status/phase")));
    shown.insert("ready".to_owned(), json!(ready));
    shown.insert("node".to_owned(), json!(node));
    shown.insert("containers".to_owned(), json!(containers));
    shown.insert("image".to_owned(), json!(text(pod, "/spec/containers/0/image")));
}

/// `running`, `waiting:ContainerCreating`, `terminated:Completed`.
fn container(status: &Value) -> String {
    for state in ["waiting", "terminated"] {
        if let Some(of) = status.pointer(&format!("/state/{state}")) {
            return format!("{state}:{}", text(of, "/reason"));
        }
    }
    "running".to_owned()
}

fn node(node: &Value, shown: &mut Map<String, Value>) {
    let unschedulable = node.pointer("/spec/unschedulable").and_then(Value::as_bool).unwrap_or(false);
    let taint = |t: &Value| format!("{}:{}", text(t, "/key"), text(t, "/effect"));
    let taints: Vec<String> = list(node, "/spec/taints").map(taint).collect();
    shown.insert("unschedulable".to_owned(), json!(unschedulable));
    shown.insert("taints".to_owned(), json!(taints));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pod(name: &str, owner: Option<&str>, phase: &str) -> Value {
        let owners: Vec<Value> = owner.iter().map(|kind| json!({"kind": kind})).collect();
        json!({"kind": "Pod", "metadata": {"name": name, "uid": name, "ownerReferences": owners}, "status": {"phase": phase}})
    }

    #[test]
    fn names_are_numbered_in_order_of_appearance() {
        let mut recorder = Recorder::default();
        let labels = json!({"pod-template-hash": "5d4f8b7c9d"});
        let set = json!({"kind": "ReplicaSet", "metadata": {"name": "web-5d4f8b7c9d", "uid": "s", "labels": labels}});
        recorder.change(0, "ADDED", &set);
        recorder.change(5, "ADDED", &pod("web-5d4f8b7c9d-x2x4v", Some("ReplicaSet"), "Pending"));
        recorder.change(6, "ADDED", &pod("db-0", Some("StatefulSet"), "Pending"));
        recorder.change(7, "ADDED", &pod("bare", Some("ReplicaSet"), "Pending"));
        recorder.change(8, "MODIFIED", &pod("bare", None, "Pending"));
        recorder.change(9, "MODIFIED", &pod("db-0", Some("StatefulSet"), "Pending"));
        let about = json!({"kind": "ReplicaSet", "name": "web-5d4f8b7c9d"});
        let event = json!({"kind": "Event", "metadata": {"uid": "e"}, "involvedObject": about, "reason": "SuccessfulCreate",
            "message": "Created pod: web-5d4f8b7c9d-x2x4v", "count": 1});
        recorder.change(10, "ADDED", &event);
        let rows = recorder.rows();
        let names: Vec<&str> = rows.iter().filter_map(|row| row.get("name")?.as_str()).collect();
        assert_eq!(names, ["web-<h1>", "web-<h1>-<p1>", "db-0", "bare-<p2>", "bare"]);
        let last = rows.last().unwrap();
        assert_eq!(last["of"], "ReplicaSet/web-<h1>");
        assert_eq!(last["message"], "Created pod: web-<h1>-<p1>");
    }
}
