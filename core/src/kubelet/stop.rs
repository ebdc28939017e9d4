//! How a Pod ends: deleted, put off its node, or at the end of its work.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use super::worker::{Desk, Ended, Part, PodSandbox, Slot, Stage, Worker, step};
use crate::api::DeleteOptions;
use crate::api::kubelet::Sandbox;
use crate::api::runtime::{ProcessCx, Running, SIGTERM};
use crate::object::resources::PODS;
use crate::object::value::at;
use crate::time::{Instant, TimerClass};

/// Exit code of a process that SIGKILL ended.
const KILLED: i32 = 137;
/// From seeing a deletion until it is worked on.
const BEGIN_MS: u64 = 8;
/// From the end of the last container to the Pod's last status.
const LAST_STATUS_MS: u64 = 5;
/// However little grace there is, a container has so long from SIGTERM to SIGKILL.
const LEAST_GRACE_MS: u64 = 2_000;
/// As long, for a Pod of which nothing ever ran.
const NOTHING_RAN_MS: u64 = 60;

impl Worker {
    /// Takes notice of a deletion.
    pub fn delete(&mut self, d: &mut Desk<'_, '_>) {
        if self.deleting {
            return;
        }
        self.deleting = true;
        match self.stage {
            Stage::Active => {
                d.later(self, step::BEGIN_STOP, BEGIN_MS, TimerClass::Work);
            }
            Stage::Over => self.remove_soon(d),
            Stage::Finishing | Stage::Stopping => {}
        }
    }

    /// Begins to stop all containers.
    pub fn begin_stop(&mut self, d: &mut Desk<'_, '_>) {
        if self.stage != Stage::Active || !d.node.lives() {
            return;
        }
        self.stage = Stage::Stopping;
        self.busy = false;
        for slot in &mut self.slots {
            slot.waiting = None;
        }
        for slot in 0..self.slots.len() {
            if let Some(s) = self.slots.get(slot)
                && s.run.as_ref().is_some_and(|r| !r.stopping)
            {
                let text = ["Stopping container ", &s.name].concat();
                d.note_slot(self, slot, "Normal", "Killing", &text);
                self.stop_slot(slot, d);
            }
        }
        self.write_status(d);
        if self.slots.iter().all(|s| s.run.is_none()) {
            d.later(self, step::FINISH, NOTHING_RAN_MS, TimerClass::Work);
        } else {
            self.check_stopped(d);
        }
    }

    /// Does not let a Pod begin at all: its status says why and nothing else. Models rejectPod.
    pub fn reject(&mut self, reason: &'static str, message: String, d: &mut Desk<'_, '_>) {
        self.stage = Stage::Over;
        self.sandbox = PodSandbox::Down;
        let now = d.cx.api.timestamp();
        if let Ok(stored) = d.cx.api.modify(PODS, &self.key, |pod| {
            // Every status that the kubelet sends says when it first saw the Pod.
            if pod.text_at("/status/startTime").is_empty() {
                pod.set("/status/startTime", now.as_str());
            }
            for (path, text) in [("/status/phase", "Failed"), ("/status/reason", reason), ("/status/message", message.as_str())] {
                pod.set(path, text);
            }
            pod.set("/status/qosClass", super::qos::class(pod));
        }) {
            self.pod = stored;
        }
    }

    /// The seconds of grace that the Pod's containers have.
    pub(super) fn grace_s(&self) -> u64 {
        if matches!(self.put_off, Some(("Evicted", _))) {
            return 1;
        }
        let asked = self.pod.meta.deletion_grace.or_else(|| self.pod.i64_at("/spec/terminationGracePeriodSeconds"));
        u64::try_from(asked.unwrap_or(30)).unwrap_or(30)
    }

    /// Asks one container to end; it is killed when its grace is over.
    pub fn stop_slot(&mut self, slot: usize, d: &mut Desk<'_, '_>) {
        self.stop_within(slot, self.grace_s(), d);
    }

    /// The same within so many seconds.
    pub(super) fn stop_within(&mut self, slot: usize, grace_s: u64, d: &mut Desk<'_, '_>) {
        let grace_ms = grace_s.saturating_mul(1000);
        let hook = self.slots.get(slot).and_then(|s| at(self.spec(s), "lifecycle/preStop")).cloned();
        let Some(run) = self.slots.get_mut(slot).and_then(|s| s.run.as_mut()) else { return };
        run.stopping = true;
        if let Some(timer) = run.timer.take() {
            d.cx.cancel(timer);
        }
        d.later(self, step::GRACE_OVER | (slot as u32) << 8, grace_ms.max(LEAST_GRACE_MS), TimerClass::Work);
        match hook {
            Some(hook) => self.run_pre_stop(slot, &hook, d),
            None => self.terminate(slot, d),
        }
    }

    /// Sends SIGTERM, now or when it is the container's turn.
    pub fn terminate(&mut self, slot: usize, d: &mut Desk<'_, '_>) {
        let waits = self.must_wait(slot);
        if let Some(run) = self.slots.get_mut(slot).and_then(|s| s.run.as_mut()) {
            run.waits = waits;
        }
        if !waits {
            self.tell(slot, d);
        }
    }

    /// Whether a container's turn to end has not come: sidecars end after the containers they are for, the last first.
    /// Models terminationOrdering.
    fn must_wait(&self, slot: usize) -> bool {
        let before = |(i, other): (usize, &Slot)| {
            (other.part == Part::Main || other.part == Part::Sidecar && i > slot) && other.run.as_ref().is_some_and(|r| r.exited.is_none())
        };
        self.stage == Stage::Stopping
            && self.slots.get(slot).is_some_and(|s| s.part == Part::Sidecar)
            && self.slots.iter().enumerate().any(before)
    }

    /// A container has ended: those whose turn it is now are told.
    pub fn tell_waiting(&mut self, d: &mut Desk<'_, '_>) {
        for slot in (0..self.slots.len()).rev() {
            let waits = self.slots.get(slot).and_then(|s| s.run.as_ref()).is_some_and(|r| r.waits && r.exited.is_none());
            if waits && !self.must_wait(slot) {
                self.tell(slot, d);
            }
        }
    }

    fn tell(&mut self, slot: usize, d: &mut Desk<'_, '_>) {
        if let Some(run) = self.slots.get_mut(slot).and_then(|s| s.run.as_mut()) {
            (run.told, run.waits) = (true, false);
        }
        let next = self.signal(slot, SIGTERM, d);
        self.follow(slot, next, d);
    }

    /// Sends a container's process a signal and says what it does.
    pub fn signal(&mut self, slot: usize, signal: i32, d: &mut Desk<'_, '_>) -> Running {
        let (uid, node, pod, ip) = (self.uid.clone(), self.node.clone(), self.pod.clone(), self.ip.clone());
        let mut sent = Vec::new();
        let (now, wall_ms) = (d.cx.now, d.cx.api.wall_ms());
        let Some(s) = self.slots.get_mut(slot) else { return Running::Forever };
        let Some(run) = s.run.as_mut().filter(|r| r.exited.is_none()) else { return Running::Forever };
        if signal == crate::api::runtime::SIGKILL {
            return Running::Exited(KILLED);
        }
        if run.hangs {
            return Running::Forever;
        }
        let mut unused = Sandbox::default();
        let mut lines: Vec<String> = Vec::new();
        let mut net = super::web::Seen { traffic: d.net, api: d.cx.api, from_pod: &uid, from_node: &node, pod: &pod, ip: &ip };
        let sandbox = run.sandbox.as_deref_mut().unwrap_or(&mut unused);
        let mut cx = ProcessCx { sandbox, now, wall_ms, log: &mut lines, net: &mut net, pod_uid: &uid, node: &node, signals: &mut sent };
        let next = run.process.signal(signal, &mut cx);
        super::turn::write_log(&mut s.log, lines, wall_ms);
        next
    }

    /// A signal to a process of a container, from inside it. The first process cannot be killed from inside.
    pub fn signal_process(&mut self, slot: usize, pid: u32, signal: i32, d: &mut Desk<'_, '_>) {
        if pid == 1 && signal != crate::api::runtime::SIGKILL {
            let next = self.signal(slot, signal, d);
            self.follow(slot, next, d);
        }
    }

    /// The grace of a container is over: it is killed; if it has not been told yet, a moment after that.
    pub fn grace_over(&mut self, slot: usize, d: &mut Desk<'_, '_>) {
        let run = self.slots.get(slot).and_then(|s| s.run.as_ref()).filter(|r| r.stopping && r.exited.is_none());
        match run.map(|r| r.told) {
            Some(true) => self.follow(slot, Running::Exited(KILLED), d),
            Some(false) => {
                d.later(self, step::GRACE_OVER | (slot as u32) << 8, LEAST_GRACE_MS, TimerClass::Work);
                self.tell(slot, d);
            }
            None => {}
        }
    }

    /// When nothing runs any more, the Pod's last status is due.
    pub fn check_stopped(&mut self, d: &mut Desk<'_, '_>) {
        if self.stage != Stage::Stopping || self.slots.iter().any(|s| s.run.as_ref().is_some_and(|r| r.exited.is_none())) {
            return;
        }
        let ran = self.slots.iter().any(|s| s.run.is_some());
        self.take_exits(d.cx.now);
        if ran {
            d.later(self, step::FINISH, LAST_STATUS_MS, TimerClass::Work);
        }
    }

    /// The Pod has run its course: its last status comes when the kubelet next looks, sidecars being stopped.
    pub fn finish(&mut self, d: &mut Desk<'_, '_>) {
        if self.slots.iter().any(|s| s.run.is_some()) {
            self.begin_stop(d);
            return;
        }
        self.stage = Stage::Finishing;
        let ms = d.until_look();
        d.later(self, step::FINISH, ms, TimerClass::Work);
    }

    /// Writes the Pod's last status: containers of which nothing is known count as lost.
    pub fn finished(&mut self, d: &mut Desk<'_, '_>) {
        if !matches!(self.stage, Stage::Finishing | Stage::Stopping) || !d.node.lives() {
            return;
        }
        self.stage = Stage::Over;
        self.sandbox = PodSandbox::Down;
        self.give_up_lost(d.cx.now);
        self.write_status(d);
        if !self.ip.is_empty() && !self.pod.bool_at("/spec/hostNetwork") {
            let ip = self.ip.clone();
            d.node.give_back(&ip);
        }
        if self.deleting || self.pod.is_deleting() {
            self.deleting = true;
            self.remove_soon(d);
        }
    }

    /// Containers of which nothing is known count as lost: the ordinary ones if their turn had come, and of the init
    /// containers those up to the last that began. Models `pkg/kubelet/status` TerminatePod.
    fn give_up_lost(&mut self, now: Instant) {
        let is_init = |slot: &&Slot| matches!(slot.part, Part::Init | Part::Sidecar);
        let begun = |slot: &Slot| slot.ended.is_some();
        // What ends because the Pod is deleted has not come to its end.
        let deleted_ms = self.pod.meta.deletion.map_or(i64::MAX, |at| at - self.pod.meta.deletion_grace.unwrap_or(0) * 1000);
        let done = |e: &Ended| e.code == 0 && e.finished_ms.is_some_and(|at| at < deleted_ms);
        let last = self.slots.iter().filter(is_init).max_by_key(|slot| slot.index);
        let initialized = self.slots.iter().any(|slot| slot.part == Part::Main && begun(slot))
            || last.is_none_or(|slot| slot.ended.as_ref().is_some_and(|e| slot.part == Part::Sidecar || done(e)));
        let last_begun = self.slots.iter().filter(is_init).filter(|slot| begun(slot)).map(|slot| slot.index).max().unwrap_or(0);
        for slot in self.slots.iter_mut().filter(|slot| slot.ended.is_none() && slot.run.is_none()) {
            let lost = match slot.part {
                Part::Main => initialized,
                Part::Init | Part::Sidecar => slot.index <= last_begun,
                Part::Ephemeral => false,
            };
            if lost {
                let ended = Ended {
                    code: KILLED,
                    reason: "ContainerStatusUnknown",
                    message: "The container could not be located when the pod was terminated".to_string(),
                    started_ms: None,
                    finished_ms: None,
                    id: String::new(),
                };
                slot.set_ended(ended, now);
            }
        }
    }

    fn remove_soon(&mut self, d: &mut Desk<'_, '_>) {
        let never_ran = self.slots.iter().all(|s| s.ended.as_ref().is_none_or(|e| e.id.is_empty()));
        let ms = if never_ran { 30 } else { d.until_look() };
        d.later(self, step::REMOVE, ms, TimerClass::Work);
    }

    /// Removes the Pod's object.
    pub fn remove(&mut self, d: &mut Desk<'_, '_>) {
        if self.stage != Stage::Over || !self.deleting || !d.node.lives() {
            return;
        }
        let options = DeleteOptions { grace_period_s: Some(0), uid: self.uid.to_string(), propagation: None };
        let _ = d.cx.api.delete(PODS, &self.key, &options);
    }

    /// Runs a hook before the stop; SIGTERM comes when it is over.
    fn run_pre_stop(&mut self, slot: usize, hook: &Value, d: &mut Desk<'_, '_>) {
        let ms = match at(hook, "sleep/seconds").and_then(Value::as_u64) {
            Some(seconds) => seconds.saturating_mul(1000),
            None => {
                let (fault, ms) = self.run_hook(slot, hook, d);
                if fault.is_some() {
                    d.note_slot(self, slot, "Warning", "FailedPreStopHook", "PreStopHook failed");
                }
                ms
            }
        };
        d.later(self, step::HOOK_OVER | (slot as u32) << 8, ms.max(1), TimerClass::Work);
    }

    /// A hook before the stop is over.
    pub fn hook_over(&mut self, slot: usize, d: &mut Desk<'_, '_>) {
        if self.slots.get(slot).and_then(|s| s.run.as_ref()).is_some_and(|r| r.stopping && !r.told && r.exited.is_none()) {
            self.terminate(slot, d);
        }
    }
}
