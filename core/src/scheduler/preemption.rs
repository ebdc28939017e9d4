//! Preemption: which Pods of lower priority would have to go so that a Pod fits. Models `framework/preemption`.

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Reverse;

use serde_json::Value;

use super::cache::NodeInfo;
use super::cycle::{Refused, counted_reasons};
use super::plugins::{self, Turn};
use super::pod::PodInfo;
use crate::api::Api;
use crate::arrange::Arrange;
use crate::object::Object;
use crate::object::resources::POD_DISRUPTION_BUDGETS;
use crate::object::selector::Selector;
use crate::object::value::text_at;

/// A node and who would have to go.
pub struct Candidate {
    /// The node.
    pub node: Rc<str>,
    /// The Pods to be put off.
    pub victims: Vec<Rc<PodInfo>>,
    violations: usize,
}

/// Finds the best node to make room on.
///
/// # Errors
/// The text why there is none, as FailedScheduling ends.
pub fn find(turn: &mut Turn<'_>, refused: &[Refused], nodes: usize) -> Result<Candidate, String> {
    if !turn.pod.may_preempt {
        return Err("not eligible due to preemptionPolicy=Never.".into());
    }
    let nominated = turn.pod.object.text_at("/status/nominatedNodeName");
    let going = |p: &Rc<PodInfo>| p.deleting && p.priority < turn.pod.priority && is_victim(&p.object);
    if refused.iter().any(|(info, _, _)| &*info.name == nominated && info.pods.values().any(going)) {
        return Err("not eligible due to a terminating pod on the nominated node.".into());
    }
    let mut reasons: Vec<Cow<'static, str>> = Vec::new();
    let mut candidates = Vec::new();
    for (info, _, refusal) in refused {
        if refusal.hopeless {
            reasons.push(Cow::Borrowed("Preemption is not helpful for scheduling"));
            continue;
        }
        match victims_on(turn, info) {
            Ok(candidate) => candidates.push(candidate),
            Err(why) => reasons.extend(why),
        }
    }
    let best = candidates.into_iter().min_by_key(|c| {
        let priorities = || c.victims.iter().map(|v| v.priority);
        let latest_start = c.victims.iter().filter(|v| Some(v.priority) == priorities().max()).map(|v| v.created_ms).min();
        // As in the real one, each victim weighs more than any difference of priorities.
        let sum: i64 = priorities().map(|p| p.saturating_add(1 << 31)).fold(0, i64::saturating_add);
        (c.violations, priorities().max(), sum, c.victims.len(), Reverse(latest_start))
    });
    best.ok_or_else(|| {
        let list = counted_reasons(reasons.iter().map(|r| &**r));
        alloc::format!("0/{nodes} nodes are available: {list}.")
    })
}

/// Whether a Pod is on its way out to make room.
fn is_victim(pod: &Object) -> bool {
    let made = |c: &Value| text_at(c, "type") == "DisruptionTarget" && text_at(c, "reason") == "PreemptionByScheduler";
    pod.items_at("/status/conditions").iter().any(made)
}

/// Takes everyone of lower priority off a node and brings back whom there is room for, the important ones first.
fn victims_on(turn: &mut Turn<'_>, info: &Rc<NodeInfo>) -> Result<Candidate, Vec<Cow<'static, str>>> {
    let mut lower: Vec<Rc<PodInfo>> = info.pods.values().filter(|p| p.priority < turn.pod.priority).cloned().collect();
    if lower.is_empty() {
        return Err([Cow::Borrowed("No preemption victims found for incoming pod")].into());
    }
    let saved = (turn.spread.clone(), turn.affinity.clone());
    let mut trial = (**info).clone();
    for pod in &lower {
        trial.remove(&pod.uid);
        shift(turn, pod, info, -1);
    }
    if let Some((_, refusal)) = plugins::refusal(turn, &trial) {
        (turn.spread, turn.affinity) = saved;
        return Err(refusal.reasons);
    }
    lower.arrange_by_key(|p| (Reverse(p.priority), p.created_ms));
    let (violating, harmless): (Vec<_>, Vec<_>) = by_budget(turn.api, &lower);
    let mut victims = Vec::new();
    let mut violations = 0;
    for (pod, violates) in violating.into_iter().map(|p| (p, true)).chain(harmless.into_iter().map(|p| (p, false))) {
        trial.add(&pod);
        shift(turn, &pod, info, 1);
        if plugins::refusal(turn, &trial).is_some() {
            trial.remove(&pod.uid);
            shift(turn, &pod, info, -1);
            violations += usize::from(violates);
            victims.push(pod);
        }
    }
    (turn.spread, turn.affinity) = saved;
    Ok(Candidate { node: info.name.clone(), victims, violations })
}

fn shift(turn: &mut Turn<'_>, other: &PodInfo, info: &NodeInfo, sign: i64) {
    let pod = turn.pod;
    turn.spread.change(other, info, &pod.key.namespace, sign);
    turn.affinity.change(pod, other, info, sign);
}

type Pods = Vec<Rc<PodInfo>>;

/// Parts Pods into those whose going would break a PodDisruptionBudget and the others.
fn by_budget(api: &Api, pods: &[Rc<PodInfo>]) -> (Pods, Pods) {
    let mut left: BTreeMap<Rc<str>, i64> = BTreeMap::new();
    let (mut violating, mut harmless) = (Vec::new(), Vec::new());
    for pod in pods {
        let mut violates = false;
        for budget in api.list(POD_DISRUPTION_BUDGETS, Some(&pod.key.namespace)) {
            let Ok(selector) = Selector::from_label_selector(budget.at("/spec/selector")) else { continue };
            if !pod.labels.is_empty() && selector.matches(&*pod.labels) {
                let allowed =
                    left.entry(budget.meta.uid.clone()).or_insert_with(|| budget.i64_at("/status/disruptionsAllowed").unwrap_or(0));
                *allowed -= 1;
                violates |= *allowed < 0;
            }
        }
        if violates { violating.push(pod.clone()) } else { harmless.push(pod.clone()) }
    }
    (violating, harmless)
}
