//! StatefulSets: numbered Pods, each with its own claims, one after the other or all at once.
//! Models `pkg/controller/statefulset`.

mod identity;
mod status;

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use super::worker::{Reconcile, Todo, Work};
use super::{history, pods};
use crate::api::{Api, Change, DeleteOptions, EventNote, Recorder, Status, Token};
use crate::object::resources::{PERSISTENT_VOLUME_CLAIMS, PODS, STATEFUL_SETS};
use crate::object::{Key, Object};

/// The label of the revisions' hash.
const HASH_LABEL: &str = "controller.kubernetes.io/hash";

/// The StatefulSet controller.
#[derive(Clone)]
pub struct Stateful {
    events: Recorder,
}

impl Default for Stateful {
    fn default() -> Self {
        Stateful { events: Recorder::new("statefulset-controller", "") }
    }
}

/// A StatefulSet while it is reconciled.
struct Row {
    set: Rc<Object>,
    /// The revision of Pods that are not to be updated yet, and of those that are.
    current: Rc<Object>,
    update: Rc<Object>,
    pods: BTreeMap<i64, Rc<Object>>,
    /// How many of them were just deleted to be replaced.
    replaced: i64,
}

impl Row {
    fn is_ordered(&self) -> bool {
        self.set.text_at("/spec/podManagementPolicy") != "Parallel"
    }

    fn first(&self) -> i64 {
        self.set.i64_at("/spec/ordinals/start").unwrap_or(0)
    }

    fn end(&self) -> i64 {
        self.first() + self.set.i64_at("/spec/replicas").unwrap_or(1)
    }

    fn is_healthy(&self, pod: &Object, now: i64) -> bool {
        let min_ready_s = self.set.i64_at("/spec/minReadySeconds").unwrap_or(0);
        !pod.is_deleting() && pod.text_at("/status/phase") == "Running" && pods::is_available(pod, min_ready_s, now)
    }

    /// The first number whose Pod is to be of the update revision.
    fn partition(&self) -> i64 {
        self.set.i64_at("/spec/updateStrategy/rollingUpdate/partition").unwrap_or(0)
    }

    /// Whether a number lies beyond the size.
    fn is_condemned(&self, number: i64) -> bool {
        !(self.first()..self.end()).contains(&number)
    }

    /// The revision that a new Pod with this number gets.
    fn revision_of(&self, number: i64) -> &Rc<Object> {
        let on_delete = self.set.text_at("/spec/updateStrategy/type") == "OnDelete";
        if !on_delete && number < self.first() + self.partition() { &self.current } else { &self.update }
    }
}

impl Stateful {
    fn tell(&mut self, row: &Row, verb: (&str, &str), pod: &str, result: Result<(), &Status>, work: &mut Work<'_>) {
        let (reason, word) = verb;
        let name = row.set.name();
        let note = match result {
            Ok(()) => (alloc::format!("Successful{reason}"), alloc::format!("{word} Pod {pod} in StatefulSet {name} successful")),
            Err(status) => (
                alloc::format!("Failed{reason}"),
                alloc::format!("{word} Pod {pod} in StatefulSet {name} failed error: {}", status.message),
            ),
        };
        let kind = if result.is_ok() { "Normal" } else { "Warning" };
        self.events.record(work.api, &row.set, &EventNote { kind, reason: &note.0, message: &note.1, field_path: "" });
    }

    fn delete(&mut self, row: &Row, pod: &Object, work: &mut Work<'_>) -> Result<(), Status> {
        let result = work.api.delete(PODS, &pod.key(), &DeleteOptions::default()).map(|_| ());
        self.tell(row, ("Delete", "Delete"), pod.name(), result.as_ref().map(|_| ()), work);
        result
    }

    /// Makes the claims of a Pod that are not there.
    fn make_claims(&mut self, row: &Row, number: i64, pod: &str, work: &mut Work<'_>) -> Result<(), Status> {
        let mut troubles: Vec<(String, Status)> = Vec::new();
        for claim in identity::claims(work.api, &row.set, number) {
            if let Some(there) = work.api.get(PERSISTENT_VOLUME_CLAIMS, &claim.key()) {
                if there.is_deleting() {
                    let text = alloc::format!("pvc {} is being deleted", claim.name());
                    troubles.push((text.clone(), Status::bad_request(text)));
                }
                continue;
            }
            let (name, set) = (claim.name().to_string(), row.set.name());
            let result = pods::create(work.api, claim).map(|_| ());
            let (reason, kind, text) = match &result {
                Ok(()) => ("SuccessfulCreate", "Normal", alloc::format!("Create Claim {name} Pod {pod} in StatefulSet {set} success")),
                Err(why) => {
                    let why = &why.message;
                    let text = alloc::format!("Create Claim {name} for Pod {pod} in StatefulSet {set} failed error: {why}");
                    ("FailedCreate", "Warning", text)
                }
            };
            self.events.record(work.api, &row.set, &EventNote { kind, reason, message: &text, field_path: "" });
            if let Err(status) = result {
                troubles.push((alloc::format!("failed to create PVC {name}: {}", status.message), status));
            }
        }
        let texts: Vec<&str> = troubles.iter().map(|(text, _)| text.as_str()).collect();
        let text = if let [one] = texts.as_slice() { one.to_string() } else { ["[", &texts.join(", "), "]"].concat() };
        troubles.into_iter().next().map_or(Ok(()), |(_, status)| Err(Status { message: text, ..status }))
    }

    fn make(&mut self, row: &Row, number: i64, work: &mut Work<'_>) -> Result<(), Status> {
        let Some(pod) = identity::pod(work.api, &row.set, row.revision_of(number), number) else { return Ok(()) };
        let name = pod.name().to_string();
        if identity::has_stale_claim(work.api, &row.set, number) {
            work.again_later(1000);
            return Ok(());
        }
        if let Err(status) = self.make_claims(row, number, &name, work) {
            self.tell(row, ("Create", "Create"), &name, Err(&status), work);
            return Err(status);
        }
        let result = match pods::create(work.api, pod) {
            Ok(pod) => {
                identity::match_retention(work.api, &row.set, &pod, number, false);
                Ok(())
            }
            Err(status) if status.reason == "AlreadyExists" => return Err(status),
            Err(status) => Err(status),
        };
        self.tell(row, ("Create", "Create"), &name, result.as_ref().map(|_| ()), work);
        result
    }

    /// Makes, waits for and deletes Pods in the order of their numbers, then updates them from the last to the first.
    fn manage(&mut self, row: &mut Row, work: &mut Work<'_>) -> Result<(), Status> {
        let ordered = row.is_ordered();
        let now = work.api.wall_ms();
        let mut refused = None;
        // Without order they are looked after in batches that double, until one of them is refused something.
        let (mut batch, mut left) = (1, 1);
        for number in row.first()..row.end() {
            let result = self.tend(row, number, now, work);
            match result {
                Ok(true) => {}
                Ok(false) if ordered => return Ok(()),
                Ok(false) => {}
                Err(status) if ordered => return Err(status),
                Err(status) => refused = Some(status),
            }
            left -= 1;
            if left == 0 && refused.is_none() {
                batch *= 2;
                left = batch;
            } else if left == 0 {
                break;
            }
        }
        if let Some(status) = refused {
            return Err(status);
        }
        for (number, pod) in row.pods.iter().filter(|(n, _)| row.is_condemned(**n)) {
            identity::match_retention(work.api, &row.set, pod, *number, true);
        }
        if self.condemn(row, work, now)? {
            return Ok(());
        }
        if row.set.text_at("/spec/updateStrategy/type") == "OnDelete" {
            return Ok(());
        }
        row.replaced = i64::from(self.update(row, work, now)?);
        Ok(())
    }

    /// Looks after the Pod with a number. Returns whether those after it may have their turn. Models processReplica.
    fn tend(&mut self, row: &Row, number: i64, now: i64, work: &mut Work<'_>) -> Result<bool, Status> {
        let Some(pod) = row.pods.get(&number) else {
            self.make(row, number, work)?;
            return Ok(false);
        };
        if pods::is_over(pod) {
            return if pod.is_deleting() { Ok(false) } else { self.delete(row, pod, work).map(|()| false) };
        }
        if pod.text_at("/status/phase") == "Pending" {
            self.make_claims(row, number, pod.name(), work)?;
        }
        let healthy = row.is_healthy(pod, now);
        if !healthy {
            self.look_again(row, pod, work);
        }
        if healthy || !row.is_ordered() {
            identity::match_retention(work.api, &row.set, pod, number, false);
        }
        Ok(healthy)
    }

    /// Deletes Pods with numbers beyond the size, the last first. Returns whether there is something to wait for.
    fn condemn(&mut self, row: &Row, work: &mut Work<'_>, now: i64) -> Result<bool, Status> {
        let ordered = row.is_ordered();
        let unhealthy = |n: &&i64| row.pods.get(n).is_some_and(|p| !row.is_healthy(p, now));
        let inside = row.pods.keys().filter(|n| !row.is_condemned(**n)).find(unhealthy);
        let first_unhealthy = inside.or_else(|| row.pods.keys().filter(|n| row.is_condemned(**n)).find(unhealthy)).copied();
        let condemned: Vec<i64> = row.pods.keys().copied().filter(|n| row.is_condemned(*n)).collect();
        for number in condemned.iter().rev() {
            let Some(pod) = row.pods.get(number) else { continue };
            if pod.is_deleting() {
                if ordered {
                    return Ok(true);
                }
                continue;
            }
            if ordered && !row.is_healthy(pod, now) && first_unhealthy != Some(*number) {
                return Ok(true);
            }
            self.delete(row, pod, work)?;
            if ordered {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Replaces the last Pod that is not of the update revision, once those after it are available. Returns whether it
    /// did. The strategy's maxUnavailable is not looked at: its feature is off in 1.36.
    fn update(&mut self, row: &Row, work: &mut Work<'_>, now: i64) -> Result<bool, Status> {
        for number in (row.first() + row.partition()..row.end()).rev() {
            let Some(pod) = row.pods.get(&number) else { return Ok(false) };
            if history::of_pod(pod) != row.update.name() && !pod.is_deleting() {
                return self.delete(row, pod, work).map(|()| true);
            }
            if !row.is_healthy(pod, now) {
                self.look_again(row, pod, work);
                return Ok(false);
            }
        }
        Ok(false)
    }

    /// A Pod that is ready but not for long enough: looks again when it will be.
    fn look_again(&self, row: &Row, pod: &Object, work: &mut Work<'_>) {
        let min_ready_s = row.set.i64_at("/spec/minReadySeconds").unwrap_or(0);
        if let Some(since) = pods::ready_since(pod).filter(|_| min_ready_s > 0) {
            let at = since.saturating_add(min_ready_s.saturating_mul(1000));
            work.again_in(u64::try_from(at.saturating_sub(work.api.wall_ms())).unwrap_or(0).max(1));
        }
    }
}

/// The number at the end of a Pod's name.
fn number(set: &Object, pod: &Object) -> Option<i64> {
    pod.name().strip_prefix(set.name())?.strip_prefix('-')?.parse().ok()
}

fn read(api: &mut Api, set: &Rc<Object>) -> Result<Row, Status> {
    let labels: Option<Value> = set.at("/spec/template/metadata/labels").cloned();
    let update = history::current(api, set, HASH_LABEL, labels.as_ref())?;
    let named = set.text_at("/status/currentRevision");
    let current = history::all(api, set).into_iter().find(|r| r.name() == named).unwrap_or_else(|| update.clone());
    let pods = api.owned(&set.meta.uid, PODS).filter_map(|p| number(set, p).map(|n| (n, p.clone()))).collect();
    Ok(Row { set: set.clone(), current, update, pods, replaced: 0 })
}

impl Reconcile for Stateful {
    fn name(&self) -> &'static str {
        "statefulset-controller"
    }

    fn watches(&self) -> &'static [&'static str] {
        &[STATEFUL_SETS, PODS]
    }

    fn observe(&mut self, change: &Change, api: &Api, todo: &mut Todo) {
        if change.resource() != PODS {
            return todo.add(change.object.key());
        }
        let pod = &change.object;
        match pod.controller() {
            Some(owner) if owner.kind == "StatefulSet" => todo.add(Key::new(pod.namespace(), &owner.name)),
            None if pod.meta.label("statefulset.kubernetes.io/pod-name").is_some() => {
                api.list(STATEFUL_SETS, Some(pod.namespace())).filter(|s| number(s, pod).is_some()).for_each(|s| todo.add(s.key()));
            }
            _ => {}
        }
    }

    fn reconcile(&mut self, token: &Token, work: &mut Work<'_>) -> Result<(), Status> {
        let Some(set) = token.key.as_ref().and_then(|k| work.api.get(STATEFUL_SETS, k)).cloned() else { return Ok(()) };
        identity::adopt(work.api, &set);
        let mut row = read(work.api, &set)?;
        let result = if set.is_deleting() { Ok(()) } else { self.manage(&mut row, work) };
        status::write(&row, work)?;
        let live: BTreeSet<String> = row.pods.values().map(|p| history::of_pod(p)).chain([row.current.name().to_string()]).collect();
        history::truncate(work.api, &set, &row.update, &live)?;
        result
    }

    fn boxed_clone(&self) -> Box<dyn Reconcile> {
        Box::new(self.clone())
    }
}
