//! What faults do to nodes and containers: switched off, cut off, full, crashed, hanging, leaking.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use serde_json::{Value, json};

use super::Kubelet;
use super::node::Plight;
use super::worker::{Desk, Part, PodSandbox, Stage, Worker, step};
use crate::api::runtime::Running;
use crate::api::{Cx, EventNote};
use crate::object::resources::{LEASES, NODES, PODS};
use crate::object::value::{set, text_at};
use crate::object::{Key, OwnerReference};
use crate::time::TimerClass;

/// Memory that a leak takes each second, in bytes.
const LEAK_PER_S: u64 = 32 << 20;
/// Exit code and reason of a container of which nothing is left after its node was switched off.
pub const LOST: (i32, &str) = (255, "Unknown");

impl Kubelet {
    /// Changes what has befallen a node, with all that follows. False when there is no such node.
    pub fn change_plight(&mut self, node: &str, cx: &mut Cx<'_>, change: impl FnOnce(&mut Plight)) -> bool {
        let Some(entry) = self.nodes.get_mut(node) else { return false };
        let (before, lived) = (entry.plight, entry.lives());
        change(&mut Rc::make_mut(entry).plight);
        let (after, lives) = (entry.plight, entry.lives());
        if after.off && !before.off {
            self.on_each(node, cx, |w, d| w.power_lost(d));
        }
        if before.off && !after.off {
            self.boot(node, cx);
        }
        if lives && !lived {
            self.renew(node, cx);
            self.report_node(node, cx, before.off);
            self.on_each(node, cx, |w, d| w.back(d));
            self.raise(node, cx);
        }
        if after.disk_full && (!before.disk_full || lives && !lived) {
            self.watch_pressure(node, cx);
        }
        true
    }

    /// Starts the kubelet of a node whose object was deleted: it registers its node anew. Models `pkg/kubelet`
    /// registerWithAPIServer. False when there never was such a node.
    pub fn register(&mut self, name: &str, cx: &mut Cx<'_>) -> bool {
        let Some(former) = self.former.get(name).cloned() else { return false };
        let Some(mut node) = cx.api.new_object(NODES, "", name) else { return false };
        let own = |key: &str| key.starts_with("kubernetes.io/") || key.starts_with("beta.kubernetes.io/");
        for (key, value) in former.meta.labels.iter().filter(|(key, _)| own(key)) {
            node.meta.set_label(key, Some(value));
        }
        node.meta.annotations = former.meta.annotations.clone();
        for part in ["spec", "status"] {
            node.set(part, former.field(part).cloned().unwrap_or_default());
        }
        node.remove("/spec/taints");
        node.remove("/spec/unschedulable");
        let Ok(node) = cx.api.create(node) else { return false };
        if let Some(mut lease) = cx.api.new_object(LEASES, &self.lease_namespace, name) {
            let owner = OwnerReference { controller: None, block_owner_deletion: None, ..node.as_controller() };
            lease.meta.owners = [owner].into();
            let renewed = crate::text::timestamp::rfc3339_micro(cx.api.wall_ms());
            lease.set("/spec", json!({"holderIdentity": name, "leaseDurationSeconds": 40, "renewTime": renewed}));
            let _ = cx.api.create(lease);
        }
        self.former.remove(name);
        self.nodes.insert(node.meta.name.clone(), Rc::new(super::node::Node::new(&node)));
        self.note_node(name, cx, &EventNote::normal("Starting", "Starting kubelet."));
        self.report_node(name, cx, true);
        true
    }

    /// The node with this name, as its kubelet knows it.
    pub fn node(&self, name: &str) -> Option<&super::node::Node> {
        self.nodes.get(name).map(Rc::as_ref)
    }

    /// The nodes, as their kubelets know them.
    pub fn nodes(&self) -> impl Iterator<Item = &super::node::Node> {
        self.nodes.values().map(Rc::as_ref)
    }

    /// Whether no registry answers.
    pub fn registry_is_down(&self) -> bool {
        self.registry_down
    }

    /// Stops or starts all registries.
    pub fn set_registry_down(&mut self, down: bool) {
        self.registry_down = down;
    }

    /// The workers of a node, by UID of their Pods.
    pub(super) fn workers_on(&self, node: &str) -> Vec<Rc<str>> {
        self.workers.values().filter(|w| &*w.node == node).map(|w| w.uid.clone()).collect()
    }

    fn on_each(&mut self, node: &str, cx: &mut Cx<'_>, act: fn(&mut Worker, &mut Desk<'_, '_>)) {
        for uid in self.workers_on(node) {
            self.with_worker(&uid, cx, act);
        }
    }

    /// Records an Event about a node.
    pub(super) fn note_node(&mut self, node: &str, cx: &mut Cx<'_>, note: &EventNote<'_>) {
        let (Some(entry), Some(object)) = (self.nodes.get_mut(node), cx.api.find(NODES, "", node).cloned()) else { return };
        if entry.lives() {
            Rc::make_mut(entry).recorder.record(cx.api, &object, note);
        }
    }

    /// A node has started: it has a new boot, and says so.
    fn boot(&mut self, node: &str, cx: &mut Cx<'_>) {
        let boot = self.ids.uuid();
        let _ = cx.api.modify(NODES, &Key::new("", node), |n| n.set("/status/nodeInfo/bootID", boot.as_str()));
        self.note_node(node, cx, &EventNote::normal("Starting", "Starting kubelet."));
        self.note_node(node, cx, &EventNote::normal("NodeAllocatableEnforced", "Updated Node Allocatable limit across pods"));
        let text = alloc::format!("Node {node} has been rebooted, boot id: {boot}");
        self.note_node(node, cx, &EventNote::warning("Rebooted", &text));
    }

    /// Writes a node's conditions as its kubelet sees them, and says what has changed. Models `pkg/kubelet/nodestatus`.
    pub(super) fn report_node(&mut self, node: &str, cx: &mut Cx<'_>, say_all: bool) {
        let Some(entry) = self.nodes.get(node) else { return };
        let (now, plight) = (cx.api.timestamp(), entry.plight);
        let mut said: Vec<&'static str> = Vec::new();
        let _ = cx.api.modify(NODES, &Key::new("", node), |object| {
            let mut conditions = object.items_at("/status/conditions").to_vec();
            for condition in &mut conditions {
                let (changed, event) = report(condition, plight, &now);
                if changed || say_all && event != "NodeReady" {
                    said.push(event);
                }
            }
            object.set("/status/conditions", Value::Array(conditions));
        });
        for event in said.into_iter().filter(|e| !e.is_empty()) {
            let text: String = ["Node ", node, " status is now: ", event].concat();
            self.note_node(node, cx, &EventNote::normal(event, &text));
        }
    }

    /// Ends a container's process badly. An empty name means the first container.
    pub fn crash(&mut self, uid: &str, container: &str, cx: &mut Cx<'_>) -> bool {
        self.on_container(uid, container, cx, |w, slot, d| w.follow(slot, Running::Exited(1), d))
    }

    /// Makes a container answer nothing any more.
    pub fn hang(&mut self, uid: &str, container: &str, cx: &mut Cx<'_>) -> bool {
        self.on_container(uid, container, cx, |w, slot, _| {
            if let Some(run) = w.slots.get_mut(slot).and_then(|s| s.run.as_mut()) {
                run.hangs = true;
            }
        })
    }

    /// Makes a container take more and more memory.
    pub fn leak(&mut self, uid: &str, container: &str, cx: &mut Cx<'_>) -> bool {
        self.on_container(uid, container, cx, |w, slot, d| w.begin_leak(slot, LEAK_PER_S, d))
    }

    fn on_container(&mut self, uid: &str, name: &str, cx: &mut Cx<'_>, act: fn(&mut Worker, usize, &mut Desk<'_, '_>)) -> bool {
        let done = self.with_worker(uid, cx, |w, d| {
            let slot =
                w.slots.iter().position(|s| s.run.as_ref().is_some_and(|r| r.exited.is_none()) && (name.is_empty() || &*s.name == name));
            slot.map(|slot| act(w, slot, d)).is_some()
        });
        done.unwrap_or(false)
    }
}

/// Brings one condition up to date. Returns whether its status has changed, and the reason of the Event for that.
fn report(condition: &mut Value, plight: Plight, now: &str) -> (bool, &'static str) {
    let (status, reason, message, event) = match (text_at(condition, "type"), plight.disk_pressure, plight.memory_pressure) {
        ("Ready", _, _) => ("True", "KubeletReady", "kubelet is posting ready status", "NodeReady"),
        ("MemoryPressure", _, false) => {
            ("False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available", "NodeHasSufficientMemory")
        }
        ("MemoryPressure", _, true) => {
            ("True", "KubeletHasInsufficientMemory", "kubelet has insufficient memory available", "NodeHasInsufficientMemory")
        }
        ("PIDPressure", _, _) => ("False", "KubeletHasSufficientPID", "kubelet has sufficient PID available", "NodeHasSufficientPID"),
        ("DiskPressure", false, _) => ("False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure", "NodeHasNoDiskPressure"),
        ("DiskPressure", true, _) => ("True", "KubeletHasDiskPressure", "kubelet has disk pressure", "NodeHasDiskPressure"),
        _ => return (false, ""),
    };
    let changed = text_at(condition, "status") != status;
    if changed {
        set(condition, "lastTransitionTime", now);
    }
    for (key, text) in [("status", status), ("reason", reason), ("message", message), ("lastHeartbeatTime", now)] {
        set(condition, key, text);
    }
    (changed, event)
}

impl Worker {
    /// The node goes dark: everything on it ends at once, and nobody is told.
    pub(super) fn power_lost(&mut self, d: &mut Desk<'_, '_>) {
        let (now, wall_ms) = (d.cx.now, d.cx.api.wall_ms());
        if self.stage == Stage::Active {
            self.busy = false;
            self.sandbox = PodSandbox::None;
            let ip = core::mem::replace(&mut self.ip, "".into());
            d.node.give_back(&ip);
        }
        for slot in &mut self.slots {
            if let Some(run) = slot.run.as_mut() {
                if let Some(timer) = run.timer.take() {
                    d.cx.cancel(timer);
                }
                if run.exited.is_none() {
                    run.exited = Some((LOST.0, wall_ms));
                    run.cause = LOST.1;
                }
            }
            slot.take_exit(String::new(), now);
            // What begins a Pod has to be done again in its new sandbox.
            if slot.part == Part::Init && self.stage == Stage::Active && slot.ended.as_ref().is_some_and(|e| e.code == 0) {
                slot.last = slot.ended.take();
                slot.restarts += 1;
            }
        }
    }

    /// The node is back, or reaches the API server again.
    fn back(&mut self, d: &mut Desk<'_, '_>) {
        if let Some(stored) = d.cx.api.get(PODS, &self.key).filter(|o| o.meta.uid == self.uid) {
            self.take_pod(stored.clone());
        }
        match self.stage {
            Stage::Active if self.deleting || self.pod.is_deleting() => {
                self.deleting = true;
                d.later(self, step::BEGIN_STOP, 10, TimerClass::Work);
            }
            Stage::Active => {
                self.busy = false;
                d.later(self, step::SYNC, 10, TimerClass::Work);
            }
            Stage::Stopping if self.slots.iter().any(|s| s.run.is_some()) => self.check_stopped(d),
            Stage::Stopping | Stage::Finishing => {
                d.later(self, step::FINISH, 10, TimerClass::Work);
            }
            Stage::Over => {
                d.later(self, step::REMOVE, 10, TimerClass::Work);
            }
        }
    }
}
