//! HorizontalPodAutoscalers: as many Pods as their use asks for. Models `pkg/controller/podautoscaler`.

mod load;
mod metrics;
mod pace;

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use serde_json::{Value, json};

use super::pods;
use super::worker::{Reconcile, Todo, Work};
use crate::api::{Api, Change, ChangeKind, EventNote, Recorder, Status, Token};
use crate::object::resources::HORIZONTAL_POD_AUTOSCALERS;
use crate::object::selector::Selector;
use crate::object::value::{pairs_at, text_at};
use crate::object::{Key, Object};
use crate::time::TimerClass;
use pace::Past;

/// Between two looks at one autoscaler; the first comes after as long.
const PERIOD_MS: u64 = 15_000;

/// The autoscaler's controller.
#[derive(Clone)]
pub struct Autoscalers {
    events: Recorder,
    past: Rc<BTreeMap<Key, Past>>,
}

impl Default for Autoscalers {
    fn default() -> Self {
        Autoscalers { events: Recorder::new("horizontal-pod-autoscaler", ""), past: Rc::default() }
    }
}

/// An autoscaler while it is reconciled.
struct Look {
    /// It, as it will be stored.
    hpa: Object,
    /// What it scales, where that is there.
    target: Rc<Object>,
    /// The size of the target now.
    size: i64,
    least: i64,
    most: i64,
    now: String,
}

impl Look {
    fn set_condition(&mut self, kind: &str, status: bool, reason: &str, message: &str) {
        set_condition(&mut self.hpa, (kind, status, reason, message), &self.now);
    }

    /// The selector of the Pods.
    fn selector(&self) -> Option<Selector> {
        selector_of(&self.target)
    }
}

/// Which Pods are of an object that can be scaled.
fn selector_of(target: &Object) -> Option<Selector> {
    match target.ty.kind.as_str() {
        "ReplicationController" => target.at("/spec/selector").map(|s| Selector::from_pairs(pairs_at(s, ""))),
        _ => Selector::from_label_selector(Some(target.at("/spec/selector")?)).ok(),
    }
}

/// Puts a condition where the old one of its type is, or at the end; its time changes with its status alone.
fn set_condition(hpa: &mut Object, (kind, status, reason, message): (&str, bool, &str, &str), now: &str) {
    let status = if status { "True" } else { "False" };
    let mut all = hpa.items_at("/status/conditions").to_vec();
    let old = all.iter_mut().find(|c| text_at(c, "type") == kind);
    let since = old.as_ref().filter(|c| text_at(c, "status") == status).map_or(now, |c| text_at(c, "lastTransitionTime"));
    let new = json!({"type": kind, "status": status, "reason": reason, "message": message, "lastTransitionTime": since});
    match old {
        Some(old) => *old = new,
        None => all.push(new),
    }
    hpa.set("/status/conditions", Value::Array(all));
}

/// The object that an autoscaler scales.
fn target(api: &Api, hpa: &Object) -> Result<Rc<Object>, String> {
    let at = |f: &str| hpa.text_at(&["/spec/scaleTargetRef/", f].concat());
    let group = at("apiVersion").split_once('/').map_or("", |(group, _)| group);
    let (kind, name) = (at("kind"), at("name"));
    let Some(ty) = api.types().find(|t| t.kind == kind && t.group == group) else {
        return Err(alloc::format!("no matches for kind {kind:?} in group {group:?}"));
    };
    let scales = api.registry.by_key(&ty.resource).is_some_and(|r| r.subresource("scale").is_some());
    match api.find(&ty.resource, hpa.namespace(), name) {
        Some(object) if scales => Ok(object.clone()),
        Some(_) => Err("the server could not find the requested resource".to_string()),
        None => Err(alloc::format!("{} {name:?} not found", ty.resource)),
    }
}

impl Autoscalers {
    fn past(&mut self, key: &Key) -> &mut Past {
        Rc::make_mut(&mut self.past).entry(key.clone()).or_default()
    }

    fn warn(&mut self, hpa: &Object, reason: &str, text: &str, api: &mut Api) {
        self.events.record(api, hpa, &EventNote::warning(reason, text));
    }

    /// The size that is wanted, with why it is to change. `None` when nothing can be said.
    fn wanted(&mut self, look: &mut Look, work: &mut Work<'_>) -> Option<(i64, String)> {
        // Whoever decides without metrics tells of none.
        let metrics = look.hpa.remove("/status/currentMetrics");
        if look.size == 0 && look.least != 0 {
            look.set_condition(
                "ScalingActive",
                false,
                "ScalingDisabled",
                "scaling is disabled since the replica count of the target is zero",
            );
            return Some((look.size, String::new()));
        }
        if look.size > look.most {
            return Some((look.most, "Current number of replicas above Spec.MaxReplicas".to_string()));
        }
        if look.size < look.least {
            return Some((look.least, "Current number of replicas below Spec.MinReplicas".to_string()));
        }
        if let Some(metrics) = metrics {
            look.hpa.set("/status/currentMetrics", metrics);
        }
        let (wanted, metric) = match self.by_metrics(look, work.api) {
            Ok(found) => found,
            Err(why) => {
                self.store(look, None, None, work).ok()?;
                self.warn(&look.hpa, "FailedComputeMetricsReplicas", &why, work.api);
                return None;
            }
        };
        let reason = match wanted.cmp(&look.size) {
            core::cmp::Ordering::Greater => [&metric, " above target"].concat(),
            core::cmp::Ordering::Less => "All metrics below target".to_string(),
            core::cmp::Ordering::Equal => String::new(),
        };
        let key = look.hpa.key();
        let now_ms = work.api.wall_ms();
        let size = look.size;
        let size = self.past(&key).pace(look, wanted, size, now_ms);
        Some((size, reason))
    }

    fn sync(&mut self, hpa: &Rc<Object>, work: &mut Work<'_>) -> Result<(), Status> {
        let now = work.api.timestamp();
        let target = match target(work.api, hpa) {
            Ok(target) => target,
            Err(why) => {
                self.warn(hpa, "FailedGetScale", &why, work.api);
                let text = ["the HPA controller was unable to get the target's current scale: ", &why].concat();
                return work
                    .api
                    .modify(HORIZONTAL_POD_AUTOSCALERS, &hpa.key(), |h| {
                        set_condition(h, ("AbleToScale", false, "FailedGetScale", &text), &now)
                    })
                    .map(|_| ());
            }
        };
        let size = target.i64_at("/spec/replicas").unwrap_or(1);
        let (least, most) = (hpa.i64_at("/spec/minReplicas").unwrap_or(1), hpa.i64_at("/spec/maxReplicas").unwrap_or(1));
        let mut look = Look { hpa: (**hpa).clone(), target, size, least, most, now };
        look.set_condition("AbleToScale", true, "SucceededGetScale", "the HPA controller was able to get the target's current scale");
        let Some((wanted, reason)) = self.wanted(&mut look, work) else { return Ok(()) };
        if wanted == look.size {
            return self.store(&mut look, Some(wanted), None, work);
        }
        let resource = look.target.ty.resource.clone();
        match work.api.modify(&resource, &look.target.key(), |t| t.set("/spec/replicas", wanted)) {
            Ok(_) => {
                let text = alloc::format!("the HPA controller was able to update the target scale to {wanted}");
                look.set_condition("AbleToScale", true, "SucceededRescale", &text);
                let text = alloc::format!("New size: {wanted}; reason: {reason}");
                self.events.record(work.api, &look.hpa, &EventNote::normal("SuccessfulRescale", &text));
                let (key, change, now_ms) = (look.hpa.key(), wanted - look.size, work.api.wall_ms());
                self.past(&key).scaled(change, now_ms);
                let now = look.now.clone();
                self.store(&mut look, Some(wanted), Some(&now), work)
            }
            Err(status) => {
                let text = alloc::format!("New size: {wanted}; reason: {reason}; error: {}", status.message);
                self.warn(&look.hpa, "FailedRescale", &text, work.api);
                let text = ["the HPA controller was unable to update the target scale: ", &status.message].concat();
                look.set_condition("AbleToScale", false, "FailedUpdateScale", &text);
                let size = look.size;
                self.store(&mut look, Some(size), None, work)
            }
        }
    }

    fn store(&mut self, look: &mut Look, wanted: Option<i64>, scaled: Option<&str>, work: &mut Work<'_>) -> Result<(), Status> {
        if look.size == 0 {
            look.hpa.remove("/status/currentReplicas");
        } else {
            look.hpa.set("/status/currentReplicas", look.size);
        }
        if let Some(wanted) = wanted {
            look.hpa.set("/status/desiredReplicas", wanted);
        }
        if let Some(at) = scaled {
            look.hpa.set("/status/lastScaleTime", at);
        }
        let status = look.hpa.field("status").cloned().unwrap_or_else(|| json!({}));
        work.api.modify(HORIZONTAL_POD_AUTOSCALERS, &look.hpa.key(), |h| h.set("/status", status)).map(|_| ())
    }
}

impl Reconcile for Autoscalers {
    fn name(&self) -> &'static str {
        "horizontal-pod-autoscaler"
    }

    fn watches(&self) -> &'static [&'static str] {
        &[HORIZONTAL_POD_AUTOSCALERS]
    }

    fn observe(&mut self, change: &Change, _api: &Api, todo: &mut Todo) {
        let key = change.object.key();
        match change.kind {
            ChangeKind::Deleted => drop(Rc::make_mut(&mut self.past).remove(&key)),
            _ => todo.add_token_in(Token::about(0, key), PERIOD_MS, TimerClass::Background),
        }
    }

    fn reconcile(&mut self, token: &Token, work: &mut Work<'_>) -> Result<(), Status> {
        let Some(hpa) = token.key.as_ref().and_then(|k| work.api.get(HORIZONTAL_POD_AUTOSCALERS, k)).cloned() else { return Ok(()) };
        if hpa.is_deleting() {
            return Ok(());
        }
        work.again_later(PERIOD_MS);
        // What goes wrong is tried again with the next period.
        let _ = self.sync(&hpa, work);
        Ok(())
    }

    fn boxed_clone(&self) -> Box<dyn Reconcile> {
        Box::new(self.clone())
    }
}

/// Whether a Pod is not over and not to be deleted.
fn counts(pod: &Object) -> bool {
    !pod.is_deleting() && !pods::is_over(pod)
}
