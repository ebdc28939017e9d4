//! PodDisruptionBudgets: how many of their Pods may go now. Models `pkg/controller/disruption`.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Value, json};

use super::pods;
use super::worker::{Reconcile, Todo, Work};
use crate::api::{Api, Change, ChangeKind, EventNote, Recorder, Status, Token};
use crate::object::go;
use crate::object::resources::{DEPLOYMENTS, POD_DISRUPTION_BUDGETS, PODS, REPLICA_SETS};
use crate::object::selector::Selector;
use crate::object::value::{self, text_at};
use crate::object::{Key, Object};
use crate::text::timestamp;

/// How long an eviction that the API server noted is believed before it is seen.
const BELIEVED_MS: i64 = 120_000;

/// The disruption controller.
#[derive(Clone)]
pub struct Disruption {
    events: Recorder,
    selectors: Rc<BTreeMap<Key, Selector>>,
}

impl Default for Disruption {
    fn default() -> Self {
        Disruption { events: Recorder::new("controllermanager", ""), selectors: Rc::new(BTreeMap::new()) }
    }
}

/// The size that the owners of these Pods want together, and whether some have none. Models getExpectedScale.
///
/// # Errors
/// That an owner has no size.
fn expected(api: &Api, all: &[Rc<Object>]) -> Result<(i64, bool), String> {
    let mut sizes: BTreeMap<String, i64> = BTreeMap::new();
    let mut unmanaged = false;
    for pod in all {
        let Some(owner) = pod.controller() else {
            unmanaged = true;
            continue;
        };
        let group = owner.api_version.split_once('/').map_or("", |(group, _)| group);
        let found = api.types().find(|t| t.kind == owner.kind && t.group == group);
        let found = found.filter(|t| api.registry.by_key(&t.resource).is_some_and(|row| row.subresource("scale").is_some()));
        let Some(ty) = found else {
            let resource = api.types().find(|t| t.kind == owner.kind && t.group == group).map_or("", |t| t.resource.as_str());
            return Err([resource, " does not implement the scale subresource"].concat());
        };
        let Some(owner) = api.find(&ty.resource, pod.namespace(), &owner.name).filter(|o| *o.meta.uid == *owner.uid) else {
            return Err(alloc::format!("found no controllers for pod {:?}", pod.name()));
        };
        let top = owner.controller().filter(|_| owner.ty.resource == REPLICA_SETS);
        let top = top.and_then(|o| api.find(DEPLOYMENTS, pod.namespace(), &o.name)).unwrap_or(owner);
        sizes.insert(top.meta.uid.to_string(), top.i64_at("/spec/replicas").unwrap_or(0));
    }
    Ok((sizes.values().sum(), unmanaged))
}

/// How many Pods there should be, how many of them healthy, and whether some that nobody manages make that uncertain.
fn wanted(api: &Api, budget: &Object, all: &[Rc<Object>]) -> Result<(i64, i64, bool), String> {
    let count = i64::try_from(all.len()).unwrap_or(0);
    if let Some(most) = budget.at("/spec/maxUnavailable") {
        let (size, unmanaged) = expected(api, all)?;
        return Ok((size, (size - pods::int_or_percent(Some(most), size, true).unwrap_or(0)).max(0), unmanaged));
    }
    match budget.at("/spec/minAvailable") {
        Some(Value::Number(n)) => Ok((count, n.as_i64().unwrap_or(0), false)),
        percent => {
            let (size, unmanaged) = expected(api, all)?;
            Ok((size, pods::int_or_percent(percent, size, true).unwrap_or(0), unmanaged))
        }
    }
}

impl Reconcile for Disruption {
    fn name(&self) -> &'static str {
        "disruption-controller"
    }

    fn watches(&self) -> &'static [&'static str] {
        &[POD_DISRUPTION_BUDGETS, PODS, DEPLOYMENTS]
    }

    fn observe(&mut self, change: &Change, _api: &Api, todo: &mut Todo) {
        let object = &change.object;
        match change.resource() {
            POD_DISRUPTION_BUDGETS => {
                let selectors = Rc::make_mut(&mut self.selectors);
                if change.kind == ChangeKind::Deleted {
                    selectors.remove(&object.key());
                    return;
                }
                let selector = Selector::from_label_selector(object.at("/spec/selector")).unwrap_or_else(|_| Selector::nothing());
                selectors.insert(object.key(), selector);
                todo.add(object.key());
            }
            PODS if self.selectors.is_empty() => {}
            PODS => {
                let same = |p: &Object| {
                    pods::is_ready(p) == pods::is_ready(object)
                        && p.is_deleting() == object.is_deleting()
                        && pods::is_over(p) == pods::is_over(object)
                        && p.meta.labels == object.meta.labels
                };
                if change.kind == ChangeKind::Modified && change.previous.as_ref().is_some_and(|p| same(p)) {
                    return;
                }
                for (key, selector) in self.selectors.iter().filter(|(k, _)| k.namespace == object.meta.namespace) {
                    if selector.matches(&object.meta) || change.previous.as_ref().is_some_and(|p| selector.matches(&p.meta)) {
                        todo.add(key.clone());
                    }
                }
            }
            _ => {
                let size = |o: &Object| o.i64_at("/spec/replicas");
                if change.previous.as_ref().is_some_and(|p| size(p) != size(object)) {
                    self.selectors.keys().filter(|k| k.namespace == object.meta.namespace).for_each(|k| todo.add(k.clone()));
                }
            }
        }
    }

    fn reconcile(&mut self, token: &Token, work: &mut Work<'_>) -> Result<(), Status> {
        let Some(key) = &token.key else { return Ok(()) };
        let Some(budget) = work.api.get(POD_DISRUPTION_BUDGETS, key).filter(|b| !b.is_deleting()).cloned() else { return Ok(()) };
        let Some(selector) = self.selectors.get(key) else { return Ok(()) };
        let labels: Vec<(String, String)> = budget
            .at("/spec/selector")
            .map(|s| value::pairs_at(s, "/matchLabels").map(|(k, v)| (k.to_string(), v.to_string())).collect())
            .unwrap_or_default();
        let all: Vec<Rc<Object>> =
            work.api.pods_with_labels(&key.namespace, &labels).into_iter().filter(|p| selector.matches(&p.meta)).cloned().collect();
        if all.is_empty() {
            self.events.record(work.api, &budget, &EventNote::normal("NoPods", "No matching pods found"));
        }
        let (size, healthy_wanted, unmanaged) = match wanted(work.api, &budget, &all) {
            Ok(wanted) => wanted,
            Err(why) => {
                let text = ["Failed to calculate the number of expected pods: ", &why].concat();
                self.events.record(work.api, &budget, &EventNote::warning("CalculateExpectedPodCountFailed", &text));
                return fail_safe(work, &budget, &why);
            }
        };
        if unmanaged {
            let text = alloc::format!(
                "Pods selected by this PodDisruptionBudget (selector: {}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set \".spec.minAvailable\" field of the PDB to an integer value.",
                go::label_selector(budget.at("/spec/selector"))
            );
            self.events.record(work.api, &budget, &EventNote::warning("UnmanagedPods", &text));
        }
        let now = work.api.wall_ms();
        let mut believed = value::map_at(budget.field("status").unwrap_or(&Value::Null), "/disruptedPods").cloned().unwrap_or_default();
        believed.retain(|name, at| {
            let fresh = at.as_str().and_then(timestamp::parse_rfc3339_ms).is_some_and(|at| at + BELIEVED_MS > now);
            fresh && all.iter().any(|p| p.name() == name && !p.is_deleting())
        });
        let counts = |p: &&Rc<Object>| !p.is_deleting() && !believed.contains_key(p.name()) && pods::is_ready(p);
        let healthy = i64::try_from(all.iter().filter(counts).count()).unwrap_or(0);
        let allowed = if size <= 0 { 0 } else { (healthy - healthy_wanted).max(0) };
        write(work, &budget, [healthy, healthy_wanted, allowed, size], believed.into())
    }

    fn boxed_clone(&self) -> Box<dyn Reconcile> {
        Box::new(self.clone())
    }
}

/// The condition of a budget with a status, since when it has that.
fn condition(budget: &Object, (status, reason, message): (&str, &str, &str), generation: i64, now: &str) -> Value {
    let old = pods::condition(budget, "DisruptionAllowed").filter(|c| text_at(c, "status") == status);
    let since = old.map_or(now, |c| text_at(c, "lastTransitionTime"));
    json!([{"type": "DisruptionAllowed", "status": status, "reason": reason, "message": message,
        "lastTransitionTime": since, "observedGeneration": generation}])
}

/// Where nothing can be counted, nothing may go. Models failSafe.
fn fail_safe(work: &mut Work<'_>, budget: &Object, why: &str) -> Result<(), Status> {
    let now = work.api.timestamp();
    let seen = budget.i64_at("/status/observedGeneration").unwrap_or(0);
    work.api.modify(POD_DISRUPTION_BUDGETS, &budget.key(), |b| {
        for count in ["disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"] {
            let path = ["/status/", count].concat();
            if count == "disruptionsAllowed" || b.at(&path).is_none() {
                b.set(&path, 0);
            }
        }
        b.set("/status/conditions", condition(budget, ("False", "SyncFailed", why), seen, &now));
    })?;
    Ok(())
}

fn write(work: &mut Work<'_>, budget: &Object, counts: [i64; 4], believed: Value) -> Result<(), Status> {
    let now = work.api.timestamp();
    let [healthy, wanted, allowed, size] = counts;
    let (status, reason) = if allowed > 0 { ("True", "SufficientPods") } else { ("False", "InsufficientPods") };
    let told = condition(budget, (status, reason, ""), budget.meta.generation, &now);
    work.api.modify(POD_DISRUPTION_BUDGETS, &budget.key(), |b| {
        b.set("/status/currentHealthy", healthy);
        b.set("/status/desiredHealthy", wanted);
        b.set("/status/disruptionsAllowed", allowed);
        b.set("/status/expectedPods", size);
        b.set("/status/observedGeneration", budget.meta.generation);
        match value::is_empty(&believed) {
            true => drop(b.remove("/status/disruptedPods")),
            false => b.set("/status/disruptedPods", believed),
        }
        b.set("/status/conditions", told);
    })?;
    Ok(())
}
