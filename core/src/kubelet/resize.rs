//! Other resources for a Pod that runs: whether the node has room for them, and how they come to the containers.
//! Models `pkg/kubelet/allocation` and `pkg/kubelet/events` resize.

use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Value, json};

use super::Kubelet;
use super::admit::room;
use super::worker::{Desk, Part, Slot, Stage, Worker, step};
use crate::api::{Cx, EventNote};
use crate::object::Object;
use crate::object::resources::NODES;
use crate::object::value::{at, items_at, set, text_at};
use crate::time::TimerClass;

/// Between two tries of a resize that there is no room for.
const RETRY_MS: u64 = 180_000;

/// A resize that is not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resize {
    /// Why it is not begun: `Deferred` or `Infeasible`, and the text. `None` once it is under way.
    pending: Option<(&'static str, String)>,
    /// The generation of the Pod that asks for it.
    generation: i64,
}

impl Resize {
    /// The condition that tells of it.
    pub fn condition(&self, old: &[Value], now: &str) -> Value {
        let kind = if self.pending.is_some() { "PodResizePending" } else { "PodResizeInProgress" };
        let before = old.iter().find(|c| text_at(c, "type") == kind);
        let since = before.map_or(now, |c| text_at(c, "lastTransitionTime"));
        let probed = before.map_or(now, |c| text_at(c, "lastProbeTime"));
        let mut condition = json!({"type": kind, "status": "True", "lastProbeTime": probed, "lastTransitionTime": since,
            "observedGeneration": self.generation});
        if let Some((reason, message)) = &self.pending {
            set(&mut condition, "reason", *reason);
            set(&mut condition, "message", message.as_str());
        }
        condition
    }
}

/// The resources that a Pod's spec gives a container.
fn resources<'a>(pod: &'a Object, slot: &Slot) -> &'a Value {
    let none = &Value::Null;
    pod.items_at(slot.part.specs()).get(slot.index).and_then(|c| at(c, "resources")).unwrap_or(none)
}

impl Worker {
    /// Whether a change of the Pod is one of its containers' resources.
    pub fn is_resized(&self, before: &Object) -> bool {
        let mut slots = self.slots.iter().filter(|s| s.part != Part::Ephemeral);
        slots.any(|s| resources(before, s) != resources(&self.pod, s))
    }

    /// Takes notice of other resources in the spec.
    pub fn begin_resize(&mut self, before: &Object, d: &mut Desk<'_, '_>) {
        let pod = self.pod.clone();
        for slot in self.slots.iter_mut().filter(|s| s.part != Part::Ephemeral) {
            let (old, new) = (resources(before, slot), resources(&pod, slot));
            if old != new && slot.granted.is_none() {
                slot.granted = Some(old.clone());
            }
            if slot.granted.as_ref() == Some(new) {
                slot.granted = None;
            }
        }
        d.later(self, step::RESIZE, 8, TimerClass::Work);
    }

    /// Grants what the spec asks for if there is room, or says why not.
    pub fn decide_resize(&mut self, d: &mut Desk<'_, '_>) {
        d.node.deferred.remove(&self.uid);
        if self.stage != Stage::Active {
            return;
        }
        let generation = self.pod.meta.generation;
        if self.slots.iter().all(|s| s.granted.is_none()) {
            if self.resize.as_ref().is_some_and(|r| r.pending.is_some()) {
                self.resize = None;
            }
            return self.write_status(d);
        }
        match self.no_room(d) {
            None => {
                for slot in &mut self.slots {
                    let had = slot.granted.take();
                    if slot.run.is_some() && slot.applied.is_none() {
                        slot.applied = had;
                    }
                }
                self.resize = Some(Resize { pending: None, generation });
                let text = ["Pod resize started: ", &self.summary(None)].concat();
                d.note(self, &EventNote::normal("ResizeStarted", &text));
                self.write_status(d);
                self.look_soon(d);
            }
            Some((reason, message)) => {
                let resize = Some(Resize { pending: Some((reason, message.clone())), generation });
                if self.resize != resize {
                    self.resize = resize;
                    let text = ["Pod resize ", reason, ": ", &self.summary(Some(&message))].concat();
                    d.note(self, &EventNote::warning(["Resize", reason].concat().as_str(), &text));
                    self.write_status(d);
                }
                if reason == "Deferred" {
                    d.node.deferred.insert(self.uid.clone());
                    d.later(self, step::RESIZE, RETRY_MS, TimerClass::Background);
                }
            }
        }
    }

    /// Why the node has no room for what the spec asks for.
    fn no_room(&self, d: &Desk<'_, '_>) -> Option<(&'static str, String)> {
        let node = d.cx.api.find(NODES, "", &self.node)?;
        let [cpu, memory, _] = room(d.cx.api, &self.pod, node);
        if let Some(too_much) = [&memory, &cpu].into_iter().find(|r| r.asked > r.capacity) {
            let (name, asked, capacity) = (too_much.name, too_much.asked, too_much.capacity);
            let text = alloc::format!("Node didn't have enough capacity: {name}, requested: {asked}, capacity: {capacity}");
            return Some(("Infeasible", text));
        }
        [cpu, memory].iter().find(|r| r.lacks()).map(|r| ("Deferred", r.told()))
    }

    /// Brings what is granted to the containers: at once, or by starting them again where they want that.
    pub fn apply_resize(&mut self, d: &mut Desk<'_, '_>) {
        if self.resize.as_ref().is_none_or(|r| r.pending.is_some()) {
            return;
        }
        for slot in 0..self.slots.len() {
            let Some(s) = self.slots.get(slot) else { continue };
            let Some(had) = s.applied.as_ref() else { continue };
            if s.run.as_ref().is_some_and(|run| run.stopping) {
                continue;
            }
            if s.run.is_some() && self.restarts_for(s, had) {
                let text = alloc::format!("Container {} resize requires restart", s.name);
                d.note_slot(self, slot, "Normal", "Killing", &text);
                self.stop_slot(slot, d);
            } else if let Some(s) = self.slots.get_mut(slot).filter(|s| s.run.is_some()) {
                s.applied = None;
            }
        }
        if self.slots.iter().all(|s| s.applied.is_none()) {
            let text = ["Pod resize completed: ", &self.summary(None)].concat();
            d.note(self, &EventNote::normal("ResizeCompleted", &text));
            self.resize = None;
        }
    }

    /// Whether a resource has changed that a container must be started again for.
    fn restarts_for(&self, slot: &Slot, had: &Value) -> bool {
        let spec = self.spec(slot);
        let changed = |name: &str| {
            ["requests", "limits"].iter().any(|kind| {
                let of = |r: &Value| at(r, kind).and_then(|list| at(list, name)).cloned();
                of(had) != at(spec, "resources").and_then(of)
            })
        };
        let policies = items_at(spec, "resizePolicy").iter();
        let mut wanted = policies.filter(|p| text_at(p, "restartPolicy") == "RestartContainer");
        wanted.any(|p| changed(text_at(p, "resourceName")))
    }

    /// The resources of all containers as Events tell them.
    fn summary(&self, error: Option<&str>) -> String {
        let mut parts: Vec<String> = Vec::new();
        for list in ["initContainers", "containers"] {
            let one = |c: &Value| {
                let resources = at(c, "resources");
                let part = |kind: &str| {
                    let amounts = resources.and_then(|r| at(r, kind)).filter(|v| !crate::object::value::is_empty(v));
                    amounts.map(|v| ["\"", kind, "\":", &v.to_string()].concat())
                };
                let all: Vec<String> = ["limits", "requests"].iter().filter_map(|kind| part(kind)).collect();
                ["{\"name\":", &Value::from(text_at(c, "name")).to_string(), ",\"resources\":{", &all.join(","), "}}"].concat()
            };
            let all: Vec<String> = self.pod.items_at(&["/spec/", list].concat()).iter().map(one).collect();
            if !all.is_empty() {
                parts.push(["\"", list, "\":[", &all.join(","), "]"].concat());
            }
        }
        parts.push(["\"generation\":", &self.pod.meta.generation.to_string()].concat());
        parts.extend(error.map(|text| ["\"error\":", &Value::from(text).to_string()].concat()));
        ["{", &parts.join(","), "}"].concat()
    }
}

impl Kubelet {
    /// A Pod has left a node: those that wait for room there are looked at again.
    pub(super) fn retry_resizes(&mut self, node: Option<&str>, cx: &mut Cx<'_>) {
        let Some(node) = node.and_then(|name| self.nodes.get(name)).filter(|n| !n.deferred.is_empty()) else { return };
        let waiting: Vec<Rc<str>> = node.deferred.iter().cloned().collect();
        for uid in waiting {
            self.with_worker(&uid, cx, |w, d| d.later(w, step::RESIZE, 8, TimerClass::Work));
        }
    }
}
