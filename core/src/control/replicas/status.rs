//! The status of a set: counts, the observed generation and ReplicaFailure.
//! Models `pkg/controller/replicaset` calculateStatus.

use alloc::rc::Rc;
use serde_json::{Value, json};

use crate::api::Status;
use crate::control::counts::Counts;
use crate::control::pods;
use crate::control::worker::Work;
use crate::object::Object;
use crate::object::resources::PODS;
use crate::object::selector::Selector;
use crate::object::value::{pairs_at, text_at};

/// Writes the status if it differs from the stored one.
pub fn update(work: &mut Work<'_>, set: &Rc<Object>, counts: Counts, failure: Option<&Status>) -> Result<(), Status> {
    let Some(now_set) = work.api.get(&set.ty.resource, &set.key()).filter(|s| s.meta.uid == set.meta.uid).cloned() else {
        return Ok(());
    };
    let mut new = (*now_set).clone();
    let available = available(work, set, counts);
    for (field, count) in [
        ("/status/availableReplicas", available),
        ("/status/readyReplicas", counts.ready),
        ("/status/fullyLabeledReplicas", fully_labelled(work, set, counts)),
    ] {
        match count {
            0 => drop(new.remove(field)),
            n => new.set(field, n),
        }
    }
    new.set("/status/replicas", counts.active);
    if set.ty.kind == "ReplicaSet" {
        new.set("/status/terminatingReplicas", counts.terminating);
    }
    new.set("/status/observedGeneration", set.meta.generation);
    set_failure(&mut new, set, counts, failure, &work.api.timestamp());
    work.api.update(new).map(|_| ())
}

fn set_failure(new: &mut Object, set: &Object, counts: Counts, failure: Option<&Status>, now: &str) {
    let old = pods::condition(new, "ReplicaFailure").is_some();
    match failure {
        Some(failure) if !old => {
            let lacks = counts.active < set.i64_at("/spec/replicas").unwrap_or(1);
            let mut all = new.items_at("/status/conditions").to_vec();
            all.push(json!({
                "type": "ReplicaFailure", "status": "True", "reason": if lacks { "FailedCreate" } else { "FailedDelete" },
                "message": failure.message, "lastTransitionTime": now,
            }));
            new.set("/status/conditions", Value::Array(all));
        }
        None if old => {
            let rest: alloc::vec::Vec<Value> =
                new.items_at("/status/conditions").iter().filter(|c| text_at(c, "type") != "ReplicaFailure").cloned().collect();
            match rest.is_empty() {
                true => drop(new.remove("/status/conditions")),
                false => new.set("/status/conditions", Value::Array(rest)),
            }
        }
        _ => {}
    }
}

/// How many Pods have been ready for `minReadySeconds`; looks again when the next one will have been.
fn available(work: &mut Work<'_>, set: &Object, counts: Counts) -> i64 {
    let min_ready_s = set.i64_at("/spec/minReadySeconds").unwrap_or(0);
    if min_ready_s <= 0 || counts.ready == 0 {
        return counts.ready;
    }
    let now = work.api.wall_ms();
    let (mut available, mut next) = (0, None::<i64>);
    for pod in work.api.owned(&set.meta.uid, PODS).filter(|p| pods::is_active(p)) {
        if pods::is_available(pod, min_ready_s, now) {
            available += 1;
        } else if let Some(since) = pods::ready_since(pod) {
            let at = since.saturating_add(min_ready_s.saturating_mul(1000));
            next = Some(next.map_or(at, |n| n.min(at)));
        }
    }
    if let Some(at) = next {
        work.again_in(u64::try_from(at.saturating_sub(now)).unwrap_or(0).max(1));
    }
    available
}

/// How many Pods carry all labels of the template: all of them, unless the selector asks for less than the template
/// gives, when each must be looked at.
fn fully_labelled(work: &Work<'_>, set: &Object, counts: Counts) -> i64 {
    let Some(template) = set.at("/spec/template") else { return counts.active };
    let selector = set.at("/spec/selector").and_then(|s| s.get("matchLabels"));
    let same = selector.is_some() && selector == template.get("metadata").and_then(|m| m.get("labels"));
    if same {
        return counts.active;
    }
    let labels = Selector::from_pairs(pairs_at(template, "/metadata/labels"));
    let all = work.api.owned(&set.meta.uid, PODS).filter(|p| pods::is_active(p) && labels.matches(&p.meta));
    i64::try_from(all.count()).unwrap_or(i64::MAX)
}
