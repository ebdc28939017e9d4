//! Room for critical Pods: those of a node that matter less are put off until one is admitted that must run.
//! Models `pkg/kubelet/preemption`.

use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::Kubelet;
use super::admit::asks_for;
use super::pressure::is_critical;
use super::qos;
use super::worker::{Desk, Stage, Worker, step};
use crate::api::{Cx, EventNote};
use crate::object::Object;
use crate::time::TimerClass;

/// Reason of the Event and of the Pod's status.
pub const REASON: &str = "Preempting";
/// Text of both.
const MESSAGE: &str = "Preempted in order to admit critical pod";
/// What the condition of the Pod says.
pub const CONDITION: &str = "Pod was preempted by Kubelet to accommodate a critical pod.";

/// How much of a resource is to be made free: its name, and thousandths for CPU, else its own unit.
pub type Need = (&'static str, i64);

/// What is still needed once Pods are gone.
fn without<'a>(needs: &[Need], pods: impl Iterator<Item = &'a Rc<Object>> + Clone) -> Vec<Need> {
    let left = |(name, amount): &Need| (*name, pods.clone().fold(*amount, |left, pod| left.saturating_sub(asks_for(pod, name))));
    needs.iter().map(left).filter(|(_, left)| *left > 0).collect()
}

fn told(needs: &[Need]) -> String {
    let each: String = needs.iter().map(|(name, amount)| format!("(res: {name}, q: {amount}), ")).collect();
    ["no set of running pods found to reclaim resources: [", &each, "]"].concat()
}

/// How much of the needs a Pod leaves open: the sum of the squared parts.
fn distance(needs: &[Need], pod: &Object) -> f64 {
    let part = |(name, amount): &Need| {
        let left = (amount - asks_for(pod, name)).max(0) as f64 / (*amount).max(1) as f64;
        left * left
    };
    needs.iter().map(part).sum()
}

fn asks_less(pod: &Object, than: &Object) -> bool {
    let of = |pod: &Object| (asks_for(pod, "memory"), asks_for(pod, "cpu"));
    of(pod) <= of(than)
}

/// The fewest Pods of a class that meet the needs, as near as can be.
fn nearest(mut pods: Vec<Rc<Object>>, mut needs: Vec<Need>) -> Result<Vec<Rc<Object>>, String> {
    let mut chosen: Vec<Rc<Object>> = Vec::new();
    while !needs.is_empty() {
        let mut best: Option<(usize, f64)> = None;
        for (i, pod) in pods.iter().enumerate() {
            let far = distance(&needs, pod);
            let better = best.is_none_or(|(b, least)| far < least || far == least && pods.get(b).is_some_and(|b| asks_less(pod, b)));
            if better {
                best = Some((i, far));
            }
        }
        let Some((i, _)) = best else { return Err(told(&needs)) };
        let pod = pods.swap_remove(i);
        needs = without(&needs, core::iter::once(&pod));
        chosen.push(pod);
    }
    Ok(chosen)
}

/// The Pods to put off: best-effort ones before burstable before guaranteed ones, and as few as can be.
///
/// # Errors
/// That there are not enough, as the status of the critical Pod tells it.
pub fn choose(preemptor: &Object, pods: &[Rc<Object>], needs: &[Need]) -> Result<Vec<Rc<Object>>, String> {
    let priority = |pod: &Object| pod.i64_at("/spec/priority").unwrap_or(0);
    let may_go = |pod: &&Rc<Object>| is_critical(preemptor) && !is_critical(pod) || priority(preemptor) > priority(pod);
    let of = |class: &str| pods.iter().filter(may_go).filter(|pod| qos::class(pod) == class).cloned().collect::<Vec<_>>();
    let (effort, burstable, guaranteed) = (of("BestEffort"), of("Burstable"), of("Guaranteed"));
    let lack = without(needs, effort.iter().chain(&burstable).chain(&guaranteed));
    if !lack.is_empty() {
        return Err(told(&lack));
    }
    let from_guaranteed = nearest(guaranteed, without(needs, effort.iter().chain(&burstable)))?;
    let from_burstable = nearest(burstable, without(needs, effort.iter().chain(&from_guaranteed)))?;
    let from_effort = nearest(effort, without(needs, from_burstable.iter().chain(&from_guaranteed)))?;
    Ok(from_effort.into_iter().chain(from_burstable).chain(from_guaranteed).collect())
}

impl Worker {
    /// Finds whom a critical Pod is to be admitted in place of; the Pod waits until those are gone.
    pub(super) fn preempt(&mut self, pods: &[Rc<Object>], needs: &[Need], d: &mut Desk<'_, '_>) {
        match choose(&self.pod, pods, needs) {
            Ok(victims) => {
                self.victims = victims.iter().map(|pod| pod.meta.uid.clone()).collect();
                d.later(self, step::ADMIT, 1, TimerClass::Work);
            }
            Err(why) => {
                let why = ["Unexpected error while attempting to recover from admission failure: preemption: error finding a set of pods to preempt: ", &why].concat();
                self.refuse("UnexpectedAdmissionError", &why, d);
            }
        }
    }

    /// Makes room for a critical Pod.
    fn give_way(&mut self, d: &mut Desk<'_, '_>) {
        if self.stage == Stage::Active && self.put_off.is_none() {
            d.note(self, &EventNote::warning(REASON, MESSAGE));
            self.put_off = Some((REASON, MESSAGE.to_string()));
            self.begin_stop(d);
        }
    }
}

impl Kubelet {
    /// Puts one Pod after another off that a critical one waits for, and lets that begin when all are gone.
    pub(super) fn make_way(&mut self, uid: &str, cx: &mut Cx<'_>) {
        let victims = self.worker(uid).map(|w| w.victims.clone()).unwrap_or_default();
        let next = victims.iter().find(|v| self.workers.get(&**v).is_some_and(|w| w.stage != Stage::Over)).cloned();
        if let Some(victim) = &next {
            self.with_worker(victim, cx, |w, d| w.give_way(d));
        }
        self.with_worker(uid, cx, |w, d| {
            let (what, ms) = if next.is_some() { (step::ADMIT, d.until_look()) } else { (step::SYNC, 8) };
            if w.stage == Stage::Active {
                d.later(w, what, ms, TimerClass::Work);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Api;
    use crate::object::resources::PODS;
    use serde_json::json;

    fn pod(name: &str, requests: serde_json::Value, priority: i64) -> Rc<Object> {
        let mut pod = Api::new(1, 0).new_object(PODS, "default", name).unwrap_or_else(|| panic!("Pods are known"));
        pod.set("/spec/containers", json!([{"name": "c", "resources": {"requests": requests}}]));
        pod.set("/spec/priority", priority);
        Rc::new(pod)
    }

    #[test]
    fn the_fewest_that_matter_least_give_way() {
        let critical = pod("critical", json!({"cpu": "1"}), 2_000_000_000);
        let all = [
            pod("small", json!({"cpu": "200m"}), 0),
            pod("fits", json!({"cpu": "600m"}), 0),
            pod("big", json!({"cpu": "2"}), 0),
            pod("idle", json!({}), 0),
            pod("also-critical", json!({"cpu": "2"}), 2_000_000_000),
        ];
        let names = |needs: &[Need]| choose(&critical, &all, needs).map(|v| v.iter().map(|p| p.name().to_string()).collect::<Vec<_>>());
        assert_eq!(names(&[("cpu", 500)]), Ok(Vec::from(["fits".to_string()])));
        assert_eq!(names(&[("cpu", 2100)]), Ok(Vec::from(["big".to_string(), "small".to_string()])));
        let lack = "no set of running pods found to reclaim resources: [(res: cpu, q: 200), ]";
        assert_eq!(names(&[("cpu", 3000)]), Err(lack.to_string()));
    }
}
