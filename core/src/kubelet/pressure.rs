//! Memory and disk: what containers take, what happens at a limit, and whom a node in need puts off.
//! Models `pkg/kubelet/eviction` and the kernel's OOM killer.

use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use super::Kubelet;
use super::worker::{Desk, Slot, Stage, Worker, step};
use crate::api::runtime::Running;
use crate::api::{Cx, EventNote, Token};
use crate::arrange::Arrange;
use crate::object::Object;
use crate::object::quantity::Quantity;
use crate::object::resources::NODES;
use crate::object::value::{at, text_at};
use crate::time::TimerClass;

/// A token: the eviction manager of a node (in its detail) looks.
pub const LOOK: u32 = 2;
/// A token: a node's (in its detail) pressure may be over.
pub const EASE: u32 = 3;
/// Between two looks of the eviction manager.
const LOOK_MS: u64 = 10_000;
/// How long a node says that it was under pressure.
const EASE_MS: u64 = 300_000;
/// Memory that must be available on a node, in bytes.
const MEMORY_THRESHOLD: u64 = 100 << 20;
/// Whoever takes more than this each second is caught by the kernel, not by the kubelet: bytes.
const TOO_FAST: u64 = 64 << 20;
/// What containers take that nothing is known of, in bytes.
const ORDINARY: u64 = 12 << 20;

/// What a node runs out of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Want {
    Disk,
    Memory,
}

impl Want {
    fn word(self) -> &'static str {
        match self {
            Want::Disk => "ephemeral-storage",
            Want::Memory => "memory",
        }
    }
}

/// Critical and static Pods stay. Models `pkg/kubelet/types` IsCriticalPod.
pub fn is_critical(pod: &Object) -> bool {
    pod.i64_at("/spec/priority").unwrap_or(0) >= 2_000_000_000 || super::adopt::is_mirror(pod)
}

impl Kubelet {
    /// Has a node's eviction manager look soon.
    pub(super) fn watch_pressure(&mut self, node: &str, cx: &mut Cx<'_>) {
        let Some(entry) = self.nodes.get_mut(node) else { return };
        if !core::mem::replace(&mut Rc::make_mut(entry).looking, true) {
            cx.wake_at(cx.now + 1000, Token { what: LOOK, key: None, detail: node.to_string() });
        }
    }

    /// The eviction manager looks: it says what it sees and puts one Pod off.
    pub(super) fn look_for_pressure(&mut self, node: &str, cx: &mut Cx<'_>) {
        let Some(entry) = self.nodes.get_mut(node).map(Rc::make_mut) else { return };
        entry.looking = false;
        if !entry.lives() {
            return;
        }
        let plight = &mut entry.plight;
        let want = match (plight.disk_full, plight.memory_low) {
            (true, _) => Want::Disk,
            (_, true) => Want::Memory,
            _ => {
                cx.wake_later(cx.now + EASE_MS, Token { what: EASE, key: None, detail: node.to_string() });
                return;
            }
        };
        entry.looking = true;
        let new = match want {
            Want::Disk => !core::mem::replace(&mut plight.disk_pressure, true),
            Want::Memory => !core::mem::replace(&mut plight.memory_pressure, true),
        };
        if new {
            self.report_node(node, cx, false);
        }
        let text = ["Attempting to reclaim ", want.word()].concat();
        self.note_node(node, cx, &EventNote::warning("EvictionThresholdMet", &text));
        let done = self.put_one_off(node, want, cx);
        if want == Want::Memory
            && let Some(entry) = self.nodes.get_mut(node)
        {
            Rc::make_mut(entry).plight.memory_low = false;
        }
        let at = cx.now + LOOK_MS;
        let token = Token { what: LOOK, key: None, detail: node.to_string() };
        match done {
            true => cx.wake_at(at, token),
            false => cx.wake_later(at, token),
        };
    }

    /// Nothing was amiss for a while: the node says so.
    pub(super) fn ease(&mut self, node: &str, cx: &mut Cx<'_>) {
        let Some(entry) = self.nodes.get_mut(node) else { return };
        let plight = &mut Rc::make_mut(entry).plight;
        if plight.disk_full || plight.memory_low {
            return;
        }
        (plight.disk_pressure, plight.memory_pressure) = (false, false);
        if self.nodes.get(node).is_some_and(|n| n.lives()) {
            self.report_node(node, cx, false);
        }
    }

    /// Puts the Pod off that matters least. False when there is none left.
    fn put_one_off(&mut self, node: &str, want: Want, cx: &mut Cx<'_>) -> bool {
        let now = cx.now;
        let free = |w: &&Rc<Worker>| &*w.node == node && w.stage == Stage::Active && !is_critical(&w.pod);
        let mut pods: Vec<&Rc<Worker>> = self.workers.values().filter(free).collect();
        // Those over their requests first, then the lesser priority, then whoever takes most beyond what was asked for.
        pods.arrange_by_key(|w| {
            let (used, asked) = w.slots.iter().fold((0, 0), |(u, a), s| {
                let (used, asked) = w.usage(s, want, now);
                (u + used, a + asked)
            });
            (used <= asked, w.pod.i64_at("/spec/priority").unwrap_or(0), core::cmp::Reverse(used.saturating_sub(asked)), w.key.clone())
        });
        let Some(uid) = pods.first().map(|w| w.uid.clone()) else { return false };
        self.with_worker(&uid, cx, |w, d| w.put_off_for(want, d));
        true
    }
}

impl Worker {
    /// What a container takes and what it asked for, in bytes.
    fn usage(&self, slot: &Slot, want: Want, now: crate::time::Instant) -> (u64, u64) {
        let asked = at(self.spec(slot), "resources/requests").map_or("", |r| text_at(r, want.word()));
        let asked = Quantity::parse(asked).map_or(0, |q| u64::try_from(q.value()).unwrap_or(0));
        let Some(run) = &slot.run else { return (0, asked) };
        let used = match want {
            Want::Memory => run.held.max(ORDINARY) + run.leaked.saturating_mul(now.since(run.leaks_since)) / 1000,
            Want::Disk => (24 << 10) + slot.log.iter().map(|l| l.text.len() as u64 + 32).sum::<u64>() / 4096 * 4096,
        };
        (used, asked)
    }

    fn put_off_for(&mut self, want: Want, d: &mut Desk<'_, '_>) {
        let mut message = ["The node was low on resource: ", want.word(), ". "].concat();
        message.push_str(match want {
            Want::Disk => "Threshold quantity: 4089580748, available: 1204Ki. ",
            Want::Memory => "Threshold quantity: 100Mi, available: 53748Ki. ",
        });
        for slot in &self.slots {
            let (used, asked) = self.usage(slot, want, d.cx.now);
            if used > asked {
                let asked = match at(self.spec(slot), "resources/requests").map_or("", |r| text_at(r, want.word())) {
                    "" => "0",
                    text => text,
                };
                message.push_str(&alloc::format!(
                    "Container {} was using {}Ki, request is {asked}, has larger consumption of {}. ",
                    slot.name,
                    used >> 10,
                    want.word()
                ));
            }
        }
        d.note(self, &EventNote::warning("Evicted", &message));
        self.put_off = Some(("Evicted", message));
        self.begin_stop(d);
    }

    /// Refuses a Pod that has come to a node under pressure. Models the eviction manager's Admit.
    pub(super) fn refuse_under_pressure(&mut self, d: &mut Desk<'_, '_>) -> bool {
        let plight = d.node.plight;
        if !(plight.disk_pressure || plight.memory_pressure) || is_critical(&self.pod) {
            return false;
        }
        if !plight.disk_pressure {
            let tolerates =
                |t: &Value| text_at(t, "operator") == "Exists" && matches!(text_at(t, "key"), "" | "node.kubernetes.io/memory-pressure");
            if super::qos::class(&self.pod) != "BestEffort" || self.pod.items_at("/spec/tolerations").iter().any(tolerates) {
                return false;
            }
        }
        let words: Vec<&str> = [(plight.memory_pressure, "MemoryPressure"), (plight.disk_pressure, "DiskPressure")]
            .into_iter()
            .filter(|(is, _)| *is)
            .map(|(_, word)| word)
            .collect();
        let why = alloc::format!("The node had condition: [{}]. ", words.join(" "));
        d.note(self, &EventNote::warning("Evicted", &why));
        self.reject("Evicted", ["Pod was rejected: ", &why].concat(), d);
        true
    }

    /// A container takes all the memory that it is made to take: it may be more than its limit.
    pub fn take_memory(&mut self, slot: usize, bytes: u64, per_s: u64, d: &mut Desk<'_, '_>) {
        let Some(s) = self.slots.get(slot) else { return };
        let limit = self.memory_limit(s);
        let room = limit.unwrap_or_else(|| self.node_memory(d));
        if bytes > room {
            return self.begin_leak(slot, per_s, d);
        }
        if let Some(run) = self.slots.get_mut(slot).and_then(|s| s.run.as_mut()) {
            run.held = bytes;
        }
    }

    fn memory_limit(&self, slot: &Slot) -> Option<u64> {
        let text = at(self.spec(slot), "resources/limits/memory").and_then(Value::as_str)?;
        Quantity::parse(text).ok().and_then(|q| u64::try_from(q.value()).ok())
    }

    /// The memory that can be taken on the node before it is in need, in bytes.
    fn node_memory(&self, d: &Desk<'_, '_>) -> u64 {
        let node = d.cx.api.find(NODES, "", &self.node);
        let text: String = node.map_or("0", |n| n.text_at("/status/allocatable/memory")).to_string();
        let all = Quantity::parse(&text).map_or(0, |q| u64::try_from(q.value()).unwrap_or(0));
        (all / 4 * 3).saturating_sub(MEMORY_THRESHOLD)
    }

    /// A container begins to take memory: it is killed when it meets its limit, or put off when its node is in need.
    pub fn begin_leak(&mut self, slot: usize, per_s: u64, d: &mut Desk<'_, '_>) {
        let Some(s) = self.slots.get(slot) else { return };
        let room = self.memory_limit(s).unwrap_or_else(|| self.node_memory(d));
        let ms = room.saturating_mul(1000) / per_s.max(1);
        let now = d.cx.now;
        d.later(self, step::OUT_OF_MEMORY | (slot as u32) << 8, ms.max(100), TimerClass::Background);
        if let Some(run) = self.slots.get_mut(slot).and_then(|s| s.run.as_mut()) {
            (run.leaked, run.leaks_since) = (per_s, now);
        }
    }

    /// A container has met its limit of memory, or its node's.
    pub fn out_of_memory(&mut self, slot: usize, d: &mut Desk<'_, '_>) {
        let Some(s) = self.slots.get(slot) else { return };
        let limited = self.memory_limit(s).is_some();
        let due = |r: &&super::worker::Run| r.leaked > 0 && r.exited.is_none() && d.cx.now.since(r.leaks_since) >= 100;
        let Some(run) = s.run.as_ref().filter(due) else { return };
        if !limited && run.leaked <= TOO_FAST {
            d.node.plight.memory_low = true;
            if !core::mem::replace(&mut d.node.looking, true) {
                d.cx.wake_in(1, Token { what: LOOK, key: None, detail: self.node.to_string() });
            }
            return;
        }
        if !limited && let Some(node) = d.cx.api.find(NODES, "", &self.node).cloned() {
            let program = run.argv.first().map_or("", |a| a.rsplit('/').next().unwrap_or_default());
            let pid = 2000 + d.ids.below(30_000);
            let text = alloc::format!("System OOM encountered, victim process: {program}, pid: {pid}");
            if d.node.lives() {
                d.node.recorder.record(d.cx.api, &node, &EventNote::warning("SystemOOM", &text));
            }
        }
        if let Some(run) = self.slots.get_mut(slot).and_then(|s| s.run.as_mut()) {
            run.cause = "OOMKilled";
        }
        self.follow(slot, Running::Exited(137), d);
    }
}
