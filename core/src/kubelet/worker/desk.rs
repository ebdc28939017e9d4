//! What a worker has at hand while it works: the API server, the timers, the node.

use alloc::string::String;

use super::Worker;
use crate::api::runtime::Runtime;
use crate::api::{Cx, EventNote, Timing, Token};
use crate::kubelet::node::Node;
use crate::object::Key;
use crate::time::{Instant, Rng, TimerClass};

/// What a worker works with.
pub struct Desk<'a, 'b> {
    /// The cluster.
    pub cx: &'a mut Cx<'b>,
    /// The node.
    pub node: &'a mut Node,
    /// The pace.
    pub timing: Timing,
    /// Draws for jitter.
    pub jitter: &'a mut Rng,
    /// Draws for IDs of containers.
    pub ids: &'a mut Rng,
    /// The interpreter of commands, if there is one.
    pub runtime: Option<&'a dyn Runtime>,
    /// Environment from Services, by namespace.
    pub services: &'a mut crate::kubelet::env::ServiceEnv,
    /// Directories that are shared or outlive containers.
    pub stores: &'a mut crate::kubelet::stores::Stores,
    /// What requests there were.
    pub net: &'a mut crate::kubelet::web::Traffic,
    /// Images that some node of the cluster has pulled.
    pub pulled_before: &'a mut alloc::collections::BTreeSet<String>,
    /// Whether no registry answers.
    pub registry_down: bool,
}

impl Desk<'_, '_> {
    /// Sets a timer for a worker's step.
    pub fn later(&mut self, worker: &Worker, what: u32, ms: u64, class: TimerClass) -> (Instant, u64) {
        let token = Token { what, key: Some(Key { namespace: "".into(), name: worker.uid.clone() }), detail: String::new() };
        let at = self.cx.now + ms;
        match class {
            TimerClass::Work => self.cx.wake_at(at, token),
            TimerClass::Background => self.cx.wake_later(at, token),
        }
    }

    /// Milliseconds until the kubelet next looks at the runtime.
    pub fn until_look(&self) -> u64 {
        let period = self.timing.kubelet_ms.max(1);
        let rest = period - self.cx.now.as_ms() % period;
        if rest < 60 { rest + period } else { rest }
    }

    /// Records an Event about a worker's Pod.
    pub fn note(&mut self, worker: &Worker, note: &EventNote<'_>) {
        if !self.node.lives() {
            return;
        }
        if worker.own_uid() == &*worker.uid {
            return self.node.recorder.record(self.cx.api, &worker.pod, note);
        }
        let mut own = (*worker.pod).clone();
        own.meta.uid = worker.own_uid().into();
        own.meta.resource_version = 0;
        self.node.recorder.record(self.cx.api, &own, note);
    }

    /// Records an Event about one container.
    pub fn note_slot(&mut self, worker: &Worker, slot: usize, kind: &'static str, reason: &str, message: &str) {
        let path = worker.field_path(slot);
        self.note(worker, &EventNote { kind, reason, message, field_path: &path });
    }
}
