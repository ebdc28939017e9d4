//! DaemonSets: a Pod on every node that it suits. Models `pkg/controller/daemon`.

mod backoff;
pub mod fit;
mod status;
mod update;

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Value, json};

use super::worker::{Reconcile, Todo, Work};
use super::{history, pods};
use crate::api::{Api, Change, ChangeKind, DeleteOptions, EventNote, Recorder, Status, Token};
use crate::arrange::Arrange;
use crate::object::resources::{DAEMON_SETS, NODES, PODS};
use crate::object::value;
use crate::object::{Key, Object};

/// From this many nodes on not every change of a Pod is looked at by itself.
const MANY_NODES: usize = 64;

/// The DaemonSet controller.
#[derive(Clone)]
pub struct Daemons {
    events: Recorder,
    back_off: backoff::BackOff,
}

/// Counts the templates that a DaemonSet has had.
const GENERATION: &str = "deprecated.daemonset.template.generation";

/// Bound Pods first, then the older. Models podByCreationTimestampAndPhase.
fn age(pod: &Object) -> (bool, Option<i64>, Rc<str>) {
    (pod.text_at("/spec/nodeName").is_empty(), pod.meta.creation, pod.meta.name.clone())
}

impl Default for Daemons {
    fn default() -> Self {
        Daemons { events: Recorder::new("daemonset-controller", ""), back_off: backoff::BackOff::default() }
    }
}

/// A node with what the DaemonSet has on it.
struct Place {
    node: Rc<Object>,
    should_run: bool,
    should_stay: bool,
    pods: Vec<Rc<Object>>,
}

/// A DaemonSet while it is reconciled.
struct Daemon {
    set: Rc<Object>,
    template: Value,
    hash: String,
    places: Vec<Place>,
}

/// The node that a Pod is on or pinned to.
fn node_of(pod: &Object) -> String {
    let bound = pod.text_at("/spec/nodeName");
    if !bound.is_empty() {
        return bound.to_string();
    }
    let terms = "/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms";
    let fields = pod.items_at(terms).iter().flat_map(|t| value::items_at(t, "matchFields"));
    fields.flat_map(|f| value::items_at(f, "values")).find_map(Value::as_str).unwrap_or_default().to_string()
}

impl Daemon {
    fn read(api: &Api, set: &Rc<Object>, hash: String) -> Daemon {
        let template = fit::template(set);
        let mut by_node: BTreeMap<String, Vec<Rc<Object>>> = BTreeMap::new();
        for pod in api.owned(&set.meta.uid, PODS).filter(|p| !(p.is_deleting() && pods::is_over(p))) {
            by_node.entry(node_of(pod)).or_default().push(pod.clone());
        }
        let place = |node: &Rc<Object>| {
            let (should_run, should_stay) = fit::suits(&template, node);
            Place { node: node.clone(), should_run, should_stay, pods: by_node.remove(node.name()).unwrap_or_default() }
        };
        let places = api.list(NODES, None).map(place).collect();
        Daemon { set: set.clone(), template, hash, places }
    }

    fn min_ready_s(&self) -> i64 {
        self.set.i64_at("/spec/minReadySeconds").unwrap_or(0)
    }

    /// A Pod for a node, not stored yet.
    fn pod(&self, api: &Api, node: &str) -> Option<Object> {
        let mut pod = pods::from_template(api, &self.template, self.set.namespace(), &self.set)?;
        pod.meta.set_label(history::REVISION_LABEL, Some(&self.hash));
        let generation = self.set.meta.annotation(GENERATION).unwrap_or("1");
        pod.meta.set_label("pod-template-generation", Some(generation));
        let affinity = "/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution";
        let pin = json!([{"key": "metadata.name", "operator": "In", "values": [node]}]);
        let mut terms = pod.items_at(&[affinity, "/nodeSelectorTerms"].concat()).to_vec();
        match terms.is_empty() {
            true => terms.push(json!({"matchFields": pin})),
            false => terms.iter_mut().for_each(|t| value::set(t, "matchFields", pin.clone())),
        }
        pod.set(affinity, json!({"nodeSelectorTerms": terms}));
        Some(pod)
    }
}

/// Whether a Pod is of the present generation of the template, as it was told before there were hashes.
fn has_generation(daemon: &Daemon, pod: &Object) -> bool {
    let generation = daemon.set.meta.annotation(GENERATION);
    generation.is_some() && pod.meta.label("pod-template-generation") == generation
}

impl Daemons {
    fn make(&mut self, daemon: &Daemon, node: &str, work: &mut Work<'_>) -> Result<(), Status> {
        let Some(pod) = daemon.pod(work.api, node) else { return Ok(()) };
        match pods::create(work.api, pod) {
            Ok(made) => {
                let text = alloc::format!("Created pod: {}", made.name());
                self.events.record(work.api, &daemon.set, &EventNote::normal("SuccessfulCreate", &text));
                Ok(())
            }
            Err(status) => {
                let text = alloc::format!("Error creating: {}", status.message);
                self.events.record(work.api, &daemon.set, &EventNote::warning("FailedCreate", &text));
                Err(status)
            }
        }
    }

    fn delete(&mut self, daemon: &Daemon, pod: &Object, work: &mut Work<'_>) -> Result<(), Status> {
        if work.api.delete(PODS, &pod.key(), &DeleteOptions::default()).is_ok() {
            let text = alloc::format!("Deleted pod: {}", pod.name());
            self.events.record(work.api, &daemon.set, &EventNote::normal("SuccessfulDelete", &text));
        }
        Ok(())
    }

    /// Makes Pods where there are none, deletes those that have ended or have no place. Returns whether it did any.
    fn manage(&mut self, daemon: &Daemon, work: &mut Work<'_>) -> Result<bool, Status> {
        let surge = update::limits(daemon).0 > 0;
        let (mut make, mut drop): (Vec<&str>, Vec<&Rc<Object>>) = (Vec::new(), Vec::new());
        for place in &daemon.places {
            if place.should_run && place.pods.is_empty() {
                make.push(place.node.name());
            } else if place.should_stay {
                let mut running: Vec<&Rc<Object>> = Vec::new();
                for pod in place.pods.iter().filter(|p| !p.is_deleting()) {
                    let failed = pod.text_at("/status/phase") == "Failed";
                    let wait = if failed { self.back_off.ask(&daemon.set.meta.uid, &place.node.meta.name, work.now) } else { None };
                    match pods::is_over(pod) {
                        _ if wait.is_some() => work.again_later(wait.unwrap_or_default()),
                        true => {
                            self.tell_over(daemon, pod, work);
                            drop.push(pod);
                        }
                        false => running.push(pod),
                    }
                }
                running.arrange_by_key(|p| age(p));
                match surge {
                    true if running.is_empty() && place.should_run => make.push(place.node.name()),
                    true => drop.extend(update::surplus(daemon, &running, work.api.wall_ms())),
                    false => drop.extend(running.into_iter().skip(1)),
                }
            } else {
                drop.extend(place.pods.iter().filter(|p| !p.is_deleting()));
            }
        }
        let any = !make.is_empty() || !drop.is_empty();
        let made = self.make_in_batches(daemon, &make, work);
        for pod in drop {
            self.delete(daemon, pod, work)?;
        }
        made.map(|()| any)
    }

    /// Makes Pods in batches that double, until one of them is refused. Models syncNodes.
    fn make_in_batches(&mut self, daemon: &Daemon, mut nodes: &[&str], work: &mut Work<'_>) -> Result<(), Status> {
        let (mut size, mut refused) = (1, Ok(()));
        while refused.is_ok() && !nodes.is_empty() {
            let (batch, rest) = nodes.split_at(size.min(nodes.len()));
            for node in batch {
                refused = self.make(daemon, node, work).and(refused);
            }
            (nodes, size) = (rest, size * 2);
        }
        refused
    }

    fn tell_over(&mut self, daemon: &Daemon, pod: &Object, work: &mut Work<'_>) {
        let (word, reason, kind) = match pod.text_at("/status/phase") {
            "Failed" => ("failed", "FailedDaemonPod", "Warning"),
            _ => ("succeeded", "SucceededDaemonPod", "Normal"),
        };
        let end = if word == "failed" { "kill" } else { "delete" };
        let node = pod.text_at("/spec/nodeName");
        let text = alloc::format!("Found {word} daemon pod {}/{} on node {node}, will try to {end} it", pod.namespace(), pod.name());
        self.events.record(work.api, &daemon.set, &EventNote { kind, reason, message: &text, field_path: "" });
    }
}

impl Reconcile for Daemons {
    fn name(&self) -> &'static str {
        "daemonset-controller"
    }

    fn watches(&self) -> &'static [&'static str] {
        &[DAEMON_SETS, PODS, NODES]
    }

    fn observe(&mut self, change: &Change, api: &Api, todo: &mut Todo) {
        match change.resource() {
            PODS => {
                let former = change.previous.as_ref().filter(|p| p.meta.owners != change.object.meta.owners);
                for pod in former.into_iter().chain([&change.object]) {
                    if let Some(owner) = pod.controller().filter(|o| o.kind == "DaemonSet") {
                        let key = Key::new(pod.namespace(), &owner.name);
                        match api.store.count(NODES) {
                            // In large clusters changes are gathered.
                            nodes if nodes > MANY_NODES => {
                                todo.add_token_in(Token::about(0, key), (nodes / 4) as u64, crate::time::TimerClass::Work);
                            }
                            _ => todo.add(key),
                        }
                    }
                }
            }
            NODES => {
                let part = |o: &Object| (o.meta.labels.clone(), o.at("/spec/taints").cloned(), o.bool_at("/spec/unschedulable"));
                if change.kind == ChangeKind::Modified && change.previous.as_ref().is_some_and(|p| part(p) == part(&change.object)) {
                    return;
                }
                api.list(DAEMON_SETS, None).for_each(|set| todo.add(set.key()));
            }
            _ => todo.add(change.object.key()),
        }
    }

    fn reconcile(&mut self, token: &Token, work: &mut Work<'_>) -> Result<(), Status> {
        let Some(set) = token.key.as_ref().and_then(|k| work.api.get(DAEMON_SETS, k)).cloned() else { return Ok(()) };
        if set.is_deleting() {
            return Ok(());
        }
        let labels = set.at("/spec/template/metadata/labels").cloned();
        let revision = history::current(work.api, &set, history::REVISION_LABEL, labels.as_ref())?;
        let hash = revision.meta.label(history::REVISION_LABEL).unwrap_or_default().to_string();
        let daemon = Daemon::read(work.api, &set, hash.clone());
        let mut result = self.manage(&daemon, work);
        if let Ok(false) = result {
            result = self.update(&daemon, work).map(|()| false);
        }
        let live: BTreeSet<String> =
            daemon.places.iter().flat_map(|p| p.pods.iter()).map(|p| history::of_pod(p)).chain([hash.clone()]).collect();
        history::truncate(work.api, &set, &revision, &live)?;
        let now = Daemon::read(work.api, &set, hash);
        status::write(&now, work)?;
        result.map(|_| ())
    }

    fn boxed_clone(&self) -> Box<dyn Reconcile> {
        Box::new(self.clone())
    }
}
