//! What faults do to nodes and containers: switched off, cut off, full, crashed, hanging, leaking.

use alloc::rc::Rc;
use alloc::string::ToString;
use alloc::vec::Vec;
use serde_json::Value;

use super::Kubelet;
use super::node::Plight;
use super::worker::{Desk, PodSandbox, Stage, Worker, step};
use crate::api::runtime::Running;
use crate::api::{Cx, EventNote};
use crate::arrange::Arrange;
use crate::object::quantity::Quantity;
use crate::object::resources::{NODES, PODS};
use crate::object::value::{set, text_at};
use crate::object::{Key, Object};
use crate::time::TimerClass;

/// Memory that a leak takes each second, in bytes.
const LEAK_PER_S: u64 = 32 << 20;
/// How many Pods are put off a node whose disk is full.
const PUT_OFF: usize = 2;

impl Kubelet {
    /// Changes what has befallen a node, with all that follows. False when there is no such node.
    pub fn change_plight(&mut self, node: &str, cx: &mut Cx<'_>, change: impl FnOnce(&mut Plight)) -> bool {
        let Some(entry) = self.nodes.get_mut(node) else { return false };
        let before = entry.plight;
        change(&mut Rc::make_mut(entry).plight);
        let after = entry.plight;
        let lives = !after.off && !after.cut_off;
        let lived = !before.off && !before.cut_off;
        if after.off && !before.off {
            self.on_each(node, cx, |w, d| w.power_lost(d));
        }
        if lives && !lived {
            self.renew(node, cx);
            self.report_node(node, cx);
            self.on_each(node, cx, |w, d| w.back(d));
        }
        if after.disk_full != before.disk_full {
            self.report_node(node, cx);
            if after.disk_full {
                self.put_off_some(node, cx);
            }
        }
        true
    }

    /// Stops or starts all registries.
    pub fn set_registry_down(&mut self, down: bool) {
        self.registry_down = down;
    }

    fn on_each(&mut self, node: &str, cx: &mut Cx<'_>, act: fn(&mut Worker, &mut Desk<'_, '_>)) {
        let uids: Vec<Rc<str>> = self.workers.values().filter(|w| &*w.node == node).map(|w| w.uid.clone()).collect();
        for uid in uids {
            self.with_worker(&uid, cx, act);
        }
    }

    /// Writes a node's conditions as its kubelet sees them.
    fn report_node(&mut self, node: &str, cx: &mut Cx<'_>) {
        let Some(entry) = self.nodes.get(node) else { return };
        let (now, full) = (cx.api.timestamp(), entry.plight.disk_full);
        let _ = cx.api.modify(NODES, &Key::new("", node), |object| {
            let mut conditions = object.items_at("/status/conditions").to_vec();
            for condition in &mut conditions {
                report(condition, full, &now);
            }
            object.set("/status/conditions", Value::Array(conditions));
        });
    }

    /// Puts the Pods off that matter least: first those that ask for nothing.
    fn put_off_some(&mut self, node: &str, cx: &mut Cx<'_>) {
        let mut pods: Vec<&Rc<Worker>> = self.workers.values().filter(|w| &*w.node == node && may_be_put_off(&w.pod)).collect();
        pods.arrange_by_key(|w| (super::qos::class(&w.pod) != "BestEffort", core::cmp::Reverse(w.pod.meta.creation)));
        let uids: Vec<Rc<str>> = pods.into_iter().take(PUT_OFF).map(|w| w.uid.clone()).collect();
        for uid in uids {
            self.with_worker(&uid, cx, |w, d| {
                let message = "The node was low on resource: ephemeral-storage. Threshold quantity: 4089580748, available: 1204Ki. ";
                w.put_off = Some(("Evicted", message.to_string()));
                d.note(w, &EventNote::warning("Evicted", message));
                w.begin_stop(d);
            });
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

fn report(condition: &mut Value, full: bool, now: &str) {
    let (status, reason, message) = match (text_at(condition, "type"), full) {
        ("Ready", _) => ("True", "KubeletReady", "kubelet is posting ready status"),
        ("MemoryPressure", _) => ("False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
        ("PIDPressure", _) => ("False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
        ("DiskPressure", false) => ("False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
        ("DiskPressure", true) => ("True", "KubeletHasDiskPressure", "kubelet has disk pressure"),
        _ => return,
    };
    if text_at(condition, "status") != status {
        set(condition, "lastTransitionTime", now);
    }
    for (key, text) in [("status", status), ("reason", reason), ("message", message), ("lastHeartbeatTime", now)] {
        set(condition, key, text);
    }
}

/// Critical and static Pods stay.
fn may_be_put_off(pod: &Object) -> bool {
    pod.i64_at("/spec/priority").unwrap_or(0) < 2_000_000_000 && pod.meta.annotation("kubernetes.io/config.mirror").is_none()
}

impl Worker {
    /// The node goes dark: everything on it ends at once, and nobody is told.
    fn power_lost(&mut self, d: &mut Desk<'_, '_>) {
        let (now, wall_ms) = (d.cx.now, d.cx.api.wall_ms());
        for slot in &mut self.slots {
            if let Some(run) = slot.run.as_mut() {
                if let Some(timer) = run.timer.take() {
                    d.cx.cancel(timer);
                }
                run.exited.get_or_insert((137, wall_ms));
            }
            slot.take_exit(now);
        }
        if self.stage == Stage::Active {
            self.busy = false;
            self.sandbox = PodSandbox::None;
        }
    }

    /// The node is back, or reaches the API server again.
    fn back(&mut self, d: &mut Desk<'_, '_>) {
        if let Some(stored) = d.cx.api.get(PODS, &self.key).filter(|o| o.meta.uid == self.uid) {
            self.pod = stored.clone();
        }
        match self.stage {
            Stage::Active if self.pod.is_deleting() => {
                self.deleting = true;
                d.later(self, step::BEGIN_STOP, 10, TimerClass::Work);
            }
            Stage::Active => {
                self.busy = false;
                d.later(self, step::SYNC, 10, TimerClass::Work);
            }
            Stage::Stopping => self.check_stopped(d),
            Stage::Finishing => {
                d.later(self, step::FINISH, 10, TimerClass::Work);
            }
            Stage::Over => {
                d.later(self, step::REMOVE, 10, TimerClass::Work);
            }
        }
    }

    /// A container begins to take memory: it is killed when it meets its limit, or the node's end.
    pub fn begin_leak(&mut self, slot: usize, per_s: u64, d: &mut Desk<'_, '_>) {
        let Some(s) = self.slots.get(slot) else { return };
        let own = crate::object::value::at(self.spec(s), "resources/limits/memory").and_then(Value::as_str);
        let node = d.cx.api.find(NODES, "", &self.node);
        let limit = own.or(node.and_then(|n| n.str_at("/status/allocatable/memory")));
        let bytes = limit.and_then(|t| Quantity::parse(t).ok()).map_or(0, |q| u64::try_from(q.value()).unwrap_or(0));
        let ms = bytes.saturating_mul(1000) / per_s.max(1);
        d.later(self, step::OUT_OF_MEMORY | (slot as u32) << 8, ms.max(100), TimerClass::Background);
        if let Some(run) = self.slots.get_mut(slot).and_then(|s| s.run.as_mut()) {
            run.leaked = per_s;
        }
    }

    /// A container has met its limit of memory.
    pub fn out_of_memory(&mut self, slot: usize, d: &mut Desk<'_, '_>) {
        let Some(run) = self.slots.get_mut(slot).and_then(|s| s.run.as_mut()).filter(|r| r.leaked > 0 && r.exited.is_none()) else {
            return;
        };
        run.cause = "OOMKilled";
        self.follow(slot, Running::Exited(137), d);
    }
}
